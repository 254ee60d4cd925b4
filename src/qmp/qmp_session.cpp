#include "qmp/qmp_session.hpp"

#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_message = 4u << 20;

qmp_message interpret(const json& object) {
    using kind = enum qmp_message::kind;
    if (object.contains("QMP"))
        return {kind::greeting, {}, 0, object["QMP"].value("version", json())};
    if (object.contains("event"))
        return {kind::event, object["event"].get<std::string>(), 0,
                object.value("data", json::object())};
    const auto id = object.value("id", std::uint64_t{0});
    if (object.contains("return")) return {kind::reply, {}, id, object["return"]};
    return {
        kind::failure, object.at("error").value("desc", "an error without description"), id, {}};
}

}  // namespace

std::string qemu_version::text() const {
    return fmt::format("{}.{}.{}", major, minor, micro);
}

void qmp_session::feed(std::string_view bytes, std::vector<qmp_message>& messages) {
    partial_ += bytes;
    std::size_t start = 0;
    for (;;) {
        const auto end = partial_.find('\n', start);
        if (end == std::string::npos) break;
        const auto line = trim(std::string_view(partial_).substr(start, end - start));
        start = end + 1;
        if (line.empty()) continue;
        try {
            messages.push_back(interpret(parse_json(line)));
        } catch (const json::exception&) {
            throw infrastructure_error("QEMU sent what is not QMP: {}",
                                       printable(line.substr(0, 200)));
        }
    }
    partial_.erase(0, start);
    if (partial_.size() > longest_message)
        throw infrastructure_error("QEMU sent a QMP message of more than {} bytes",
                                   longest_message);
}

std::string qmp_session::command(const std::string& name, const json& arguments,
                                 std::uint64_t& id) {
    id = ++last_id_;
    json request = {{"execute", name}, {"id", id}};
    if (!arguments.empty()) request["arguments"] = arguments;
    return dump(request) + "\n";
}

qemu_version version_of(const qmp_message& greeting) {
    try {
        const auto& numbers = greeting.data.at("qemu");
        return {numbers.at("major").get<int>(), numbers.at("minor").get<int>(),
                numbers.at("micro").get<int>()};
    } catch (const json::exception&) {
        throw infrastructure_error("QEMU's QMP greeting tells no version");
    }
}

}  // namespace qh
