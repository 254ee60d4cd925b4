#include <fmt/format.h>

#include "base/text.hpp"
#include "run/steps/running_steps.hpp"

namespace qh {
namespace {

class running_expect final : public running_step {
  public:
    explicit running_expect(const expect_step& wanted) : wanted_(wanted) {}

    void begin(guest& on) override { on.expect(wanted_.patterns); }

    std::optional<step_end> advance(guest&) override { return std::nullopt; }

    std::optional<step_end> on_match(const expectation::match& match, guest& on) override {
        on.values.take(match.groups);
        json details = json::object();
        if (!match.groups.empty()) details["captures"] = match.groups;
        const auto seen = fmt::format("/{}/ came: {}", wanted_.patterns[match.pattern].regex,
                                      printable(match.line));
        switch (wanted_.outcomes[match.pattern]) {
            case expect_outcome::pass:
                return step_end::passed(std::move(details));
            case expect_outcome::fail:
                return step_end::failed(run_outcome::failed, seen, std::move(details));
            case expect_outcome::skip:
                return step_end::skipped(seen, std::move(details));
        }
        return std::nullopt;
    }

    step_end out_of_time(run_outcome run, std::string reason, guest&) override {
        return step_end::failed(run, fmt::format("{} did not come: {}", wanted_.text(), reason));
    }

  private:
    const expect_step& wanted_;
};

}  // namespace

running_step_ptr make_running(const step&, const expect_step& action) {
    return std::make_unique<running_expect>(action);
}

}  // namespace qh
