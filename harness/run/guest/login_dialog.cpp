#include "run/guest/login_dialog.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace qh {
namespace {

enum pattern : std::size_t { refusal, ask_password, ask_user };

}  // namespace

std::vector<expected_pattern> login_dialog::patterns() {
    // The words of login(1), BusyBox, sulogin and PAM; "Last login: …" is none of the questions.
    return {{R"((?i)^(?:login incorrect|login timed out|authentication failure|permission denied|)"
             R"(this account is|root login refused|system is going down))"},
            {R"((?i)\bpassword(?: for [^:]*)?: ?$)"},
            {R"(\blogin: ?$)"}};
}

std::string login_dialog::answer(const expectation::match& match) {
    const auto said = printable(trim(match.line));
    if (match.pattern == refusal || (match.pattern == ask_user && user_typed_)) {
        problem_ = fmt::format("the guest refused the login of {}: {}", user_, said);
        return {};
    }
    if (match.pattern == ask_user) {
        user_typed_ = true;
        return user_ + "\r";
    }
    if (password_.empty())
        problem_ = fmt::format("the guest wants a password of {} and the step has none", user_);
    else if (password_typed_)
        problem_ = fmt::format("the guest refused the password of {}", user_);
    if (!problem_.empty()) return {};
    user_typed_ = password_typed_ = true;
    return password_ + "\r";
}

}  // namespace qh
