#include "run/guest/login_dialog.hpp"
#include "run/steps/running_steps.hpp"
#include "run/steps/shell_arrival.hpp"
#include "run/steps/shell_command.hpp"

namespace qh {
namespace {

class running_login final : public running_step {
  public:
    explicit running_login(const login_step& wanted) : wanted_(wanted) {}

    void begin(guest& on) override {
        dialog_ = {on.filled(wanted_.user), on.filled(wanted_.password)};
        on.expect(login_dialog::patterns());
    }

    std::optional<step_end> advance(guest& on) override {
        if (on.shell.ready()) return step_end::passed();
        if (auto end = shell_problem(on)) return end;
        const auto prompt = on.boot.prompt_deadline();
        if (!dialog_.may_be_in())
            nudge(on, true);
        else if (prompt && on.now >= *prompt)
            on.shell.open(on.now);
        return std::nullopt;
    }

    std::optional<step_end> on_match(const expectation::match& match, guest& on) override {
        const auto typing = dialog_.answer(match);
        if (!dialog_.problem().empty())
            return step_end::failed(run_outcome::failed, dialog_.problem());
        if (!typing.empty()) on.type(typing);
        on.console.expect(login_dialog::patterns());
        return std::nullopt;
    }

    std::optional<time_point> deadline(const guest& on) const override {
        if (!on.shell.at_prompt()) return std::nullopt;
        return dialog_.may_be_in() ? on.boot.prompt_deadline() : on.boot.nudge_deadline();
    }

  private:
    const login_step& wanted_;
    login_dialog dialog_;
};

}  // namespace

running_step_ptr make_running(const step&, const login_step& action) {
    return std::make_unique<running_login>(action);
}

}  // namespace qh
