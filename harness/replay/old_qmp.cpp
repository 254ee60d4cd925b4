#include "replay/old_qmp.hpp"

#include <algorithm>
#include <utility>

#include "run/live/qmp_json.hpp"

namespace qh {

void old_qmp::on_command(const json& data) {
    if (data.value("command", "") != "qom-get") return;
    questions_[data.value("id", std::uint64_t{0})] =
        data.value("arguments", json::object()).value("property", "");
}

void old_qmp::tell(const json& data, engine& engine, time_point when) {
    using kind = enum qmp_message::kind;
    const auto message = qmp_from_json(data);
    if (message.kind != kind::event) {
        const auto question = questions_.extract(message.id);
        if (question.empty()) return;
        return on_answer(question.mapped(), message.kind == kind::reply ? message.data : json(),
                         engine, when);
    }
    if (message.text == "SHUTDOWN") engine.on_shutdown(message.data.value("reason", ""), when);
    if (message.text == "RESET" && message.data.value("guest", false)) engine.on_reset(when);
    if (message.text == "STOP" || message.text == "RESUME")
        engine.on_paused(message.text == "STOP", when);
}

/// Programs were held against the CPU with the last answer that decides on them.
void old_qmp::on_answer(const std::string& property, const json& value, engine& engine,
                        time_point when) {
    answered_.insert(property);
    if (value.is_boolean()) cpu_.extensions[property] = value.get<bool>();
    if (property == "vlen" && value.is_number_unsigned()) cpu_.vector_bits = value.get<unsigned>();
    complete_ = complete_ || std::ranges::includes(answered_, engine.cpu_questions());
    if (complete_) engine.on_cpu(std::exchange(cpu_, {}), when);
}

}  // namespace qh
