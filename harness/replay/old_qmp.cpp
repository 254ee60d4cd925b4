#include "replay/old_qmp.hpp"

#include <algorithm>
#include <utility>

namespace qh {
namespace {

/// Of a member that QEMU always gives; empty where the journal has something else.
std::string text_at(const json& data, const char* name) {
    const auto found = data.is_object() ? data.find(name) : data.end();
    return data.is_object() && found != data.end() && found->is_string() ? found->get<std::string>()
                                                                         : "";
}

}  // namespace

void old_qmp::on_command(const events::qmp_in& sent) {
    if (sent.command == "qom-get") questions_[sent.id] = text_at(sent.arguments, "property");
}

void old_qmp::tell(const events::qmp& message, engine& engine, time_point when) {
    if (message.error || message.event.empty()) {
        const auto question = questions_.extract(message.id);
        if (question.empty()) return;
        return on_answer(question.mapped(), message.error ? json() : message.data, engine, when);
    }
    if (message.event == "SHUTDOWN") engine.on_shutdown(text_at(message.data, "reason"), when);
    if (message.event == "RESET" && message.data.is_object() &&
        message.data.value("guest", json()) == true)
        engine.on_reset(when);
    if (message.event == "STOP" || message.event == "RESUME")
        engine.on_paused(message.event == "STOP", when);
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
