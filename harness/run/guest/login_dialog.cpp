#include "run/guest/login_dialog.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace qh {
namespace {

enum pattern : std::size_t { refusal, expired, ask_password, ask_user };

/// A question that others have written over is asked again, and the answer to it is lost.
constexpr unsigned most_users_typed = 3;

bool asks_nobody(std::string_view line) {
    return line.starts_with("Last login: ") ||
           line.find("(automatic login)") != std::string_view::npos;
}

}  // namespace

std::vector<expected_pattern> login_dialog::patterns() {
    // The words of login(1), BusyBox, sulogin and PAM. Others may write behind a question.
    return {{R"((?i)^(?:login incorrect|login timed out|authentication failure|permission denied|)"
             R"(this account is|root login refused|system is going down))"},
            {R"((?i)^(?:you are required to change your password|.*password (?:has |is )?expired|)"
             R"(changing password for |current password:|\(current\) unix password:|)"
             R"(new password:))"},
            {R"((?i)\bpassword(?: for [^:]*)?: ?(?:$|\[ *\d))"},
            {R"(\blogin: )"}};
}

std::string login_dialog::answer(const expectation::match& match) {
    const auto said = printable(trim(match.line));
    if (match.pattern == ask_user && asks_nobody(said)) return {};
    if (match.pattern == expired) {
        problem_ = fmt::format(
            "the guest took the password of {} and wants a new one before it lets anybody in: {}",
            user_, said);
        return {};
    }
    if (match.pattern == refusal ||
        (match.pattern == ask_user && (password_typed_ || users_typed_ == most_users_typed))) {
        problem_ = fmt::format("the guest refused the login of {}: {}", user_, said);
        return {};
    }
    if (match.pattern == ask_user) {
        ++users_typed_;
        return user_ + "\r";
    }
    if (password_.empty())
        problem_ = fmt::format("the guest wants a password of {} and the step has none", user_);
    else if (password_typed_)
        problem_ = fmt::format("the guest refused the password of {}", user_);
    if (!problem_.empty()) return {};
    users_typed_ = std::max(users_typed_, 1u);
    password_typed_ = true;
    return password_ + "\r";
}

}  // namespace qh
