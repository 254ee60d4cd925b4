#include "scenario/steps/step_action.hpp"

#include <utility>

namespace qh {
namespace {

template <typename... Steps>
std::vector<const step_kind*> rows_of(const std::variant<Steps...>*) {
    return {&Steps::kind...};
}

template <typename Step>
bool read_if(step_reading& from, const step_kind& kind, step_action& action) {
    if (&kind != &Step::kind) return false;
    read(from, action.emplace<Step>());
    return true;
}

template <typename... Steps>
void read_one_of(step_reading& from, const step_kind& kind, std::variant<Steps...>& action) {
    (read_if<Steps>(from, kind, action) || ...);
}

}  // namespace

const std::vector<const step_kind*>& step_kinds() {
    static const auto rows = rows_of(static_cast<const step_action*>(nullptr));
    return rows;
}

const step_kind& kind_of(const step_action& action) {
    return std::visit([]<typename Step>(const Step&) -> const step_kind& { return Step::kind; },
                      action);
}

std::vector<std::string_view> texts_of(const step_action& action) {
    return std::visit([](const auto& step) { return step.texts(); }, action);
}

step_place place_of(const step_action& action) {
    return std::visit([](const auto& step) { return step.place(); }, action);
}

void read_action(step_reading& from, const step_kind& kind, step_action& action) {
    read_one_of(from, kind, action);
}

}  // namespace qh
