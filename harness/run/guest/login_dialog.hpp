// A getty's and login's questions, answered.
#pragma once

#include <string>
#include <vector>

#include "console/expectation.hpp"

namespace qh {

/// Told which of `patterns()` the console matched, says what to type. Without I/O.
class login_dialog {
  public:
    login_dialog() = default;
    login_dialog(std::string user, std::string password)
        : user_(std::move(user)), password_(std::move(password)) {}

    /// What the console may say: a question, or that the answers were wrong.
    static std::vector<expected_pattern> patterns();

    /// The bytes to type after that match; nothing where `problem()` tells why not, or nobody asks.
    std::string answer(const expectation::match& match);

    /// Why the login will not succeed; empty as long as it may.
    const std::string& problem() const { return problem_; }

    /// Whether all is answered, so that what looks like a shell's prompt is one.
    bool may_be_in() const { return users_typed_ > 0; }

  private:
    std::string user_, password_;
    unsigned users_typed_ = 0;
    bool password_typed_ = false;
    std::string problem_;
};

}  // namespace qh
