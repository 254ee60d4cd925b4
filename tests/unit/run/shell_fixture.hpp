// guest_shell at work on a real shell.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "run/guest/guest_shell.hpp"
#include "support/pty_shell.hpp"
#include "support/temporary_folder.hpp"

namespace qh::test {

struct shell_choice {
    std::string name;
    std::vector<std::string> argv;
};

inline void PrintTo(const shell_choice& choice, std::ostream* out) {
    *out << choice.name;
}

inline std::vector<shell_choice> shells() {
    return {{"bash", {"bash", "--norc", "--noprofile", "-i"}},
            {"dash", {"dash", "-i"}},
            {"busybox", {"busybox", "sh", "-i"}}};
}

inline std::string next_word(int number) {
    return fmt::format("w{:05}x{:05}", number, number + 1);
}

inline std::function<std::string()> numbered_words() {
    return [n = 0]() mutable { return next_word(n++); };
}

class shell_fixture : public in_temporary_folder {
  protected:
    static constexpr auto patience = std::chrono::seconds(20);

    /// Starts the shell and waits for its prompt; false where it is not installed.
    bool start(const shell_choice& choice, settings variables = {}) {
        auto argv = choice.argv;
        argv[0] = program_in_path(argv[0]).string();
        if (argv[0].empty()) return false;
        for (const std::string variable : {"PS1=guest# ", "TERM=vt100", "LC_ALL=C.UTF-8"})
            variables.push_back(variable);
        variables.push_back("HOME=" + folder().string());
        variables.push_back("TMPDIR=" + folder().string());
        if (!std::ranges::any_of(variables, [](auto& v) { return v.starts_with("PATH="); }))
            variables.push_back(std::string("PATH=") + std::getenv("PATH"));
        pty_.emplace(argv, variables, folder());
        return pump([this] { return pty_->seen().find("guest# ") != std::string::npos; });
    }

    /// Carries bytes until `done`; false where that takes too long.
    template <typename Predicate>
    bool pump(Predicate done) {
        const auto until = std::chrono::steady_clock::now() + patience;
        while (!done()) {
            pty_->type(shell_.take_typing());
            const auto due = std::min(shell_.deadline().value_or(until), until);
            const auto bytes = pty_->exchange(due);
            const auto now = std::chrono::steady_clock::now();
            if (now >= until) return false;
            if (!bytes.empty()) shell_.feed(bytes, now);
            shell_.tick(now);
        }
        return true;
    }

    channel_result execute(enum shell_request::language language, std::string code) {
        return finish({language, std::move(code)});
    }

    channel_result finish(shell_request step) {
        shell_.execute(std::move(step), std::chrono::steady_clock::now());
        std::optional<channel_result> result;
        if (!pump([&] { return (result = shell_.take_result()).has_value(); }))
            ADD_FAILURE() << "no result; the terminal shows:\n" << printable_tail();
        return result.value_or(channel_result{-1, "(no result)", 0, {}, 0, {}});
    }

    channel_result run(std::string code) {
        return execute(shell_request::language::shell, std::move(code));
    }
    channel_result python(std::string code) {
        return execute(shell_request::language::python, std::move(code));
    }

    /// Starts a command that prints `started`, and returns when it has.
    bool begin(enum shell_request::language language, std::string code) {
        shell_.execute({language, std::move(code)}, std::chrono::steady_clock::now());
        return pump([this] { return pty_->seen().find("@started@") != std::string::npos; });
    }

    std::string printable_tail() const {
        const auto& seen = pty_->seen();
        return seen.substr(seen.size() - std::min<std::size_t>(seen.size(), 2000));
    }

    std::optional<pty_shell> pty_;
    guest_shell shell_{numbered_words(), channel_choice::console};
};

/// A test for each of the shells; skipped where one is not installed.
class each_shell : public shell_fixture, public testing::WithParamInterface<shell_choice> {
  protected:
    void SetUp() override {
        if (program_in_path(GetParam().argv[0]).empty())
            GTEST_SKIP() << GetParam().argv[0] << " is not installed";
        ASSERT_TRUE(start(GetParam())) << "no prompt";
    }
};

inline std::string name_of_shell(const testing::TestParamInfo<shell_choice>& info) {
    return info.param.name;
}

}  // namespace qh::test
