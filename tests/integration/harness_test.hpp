// What tests of the whole program share: a folder, scenarios, qharness, and what it recorded.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"
#include "child_program.hpp"

namespace qh::integration {

/// One finished `qharness run` of one scenario.
struct recorded_run {
    program_end end;
    std::filesystem::path folder;
    json result;
    std::vector<json> journal;

    /// The step's record in result.json, or null.
    json step(const std::string& name) const;

    /// The first event of this type, or null.
    json event(const std::string& type) const;
};

class harness_test : public testing::Test {
  protected:
    /// Writes a file into the test's folder and returns its path.
    std::filesystem::path write(const std::string& name, std::string_view content) const;

    /// Writes a scenario of these steps, to be run on what `machine` and `machine_arguments` say.
    std::string scenario(const std::vector<json>& steps, const json& machine = {}) const;

    /// `qharness ARGUMENTS…` in the test's folder, with the environment of `variables`.
    child_program start(std::vector<std::string> arguments) const;
    program_end call(const std::vector<std::string>& arguments) const;

    /// `qharness run SCENARIO --out …` to its end, and what it recorded.
    recorded_run run(const std::string& scenario_file,
                     const std::vector<std::string>& arguments = {}) const;

    /// `qharness replay` must tell every event of the run again, and the same result.
    void expect_the_same_when_replayed(const recorded_run& run) const;

    /// What the only run below the folder `runs` has recorded so far. A finished one is replayed
    /// too.
    recorded_run recorded() const;

    const std::filesystem::path& folder() const { return folder_.path(); }

    /// Always given to `qharness run`.
    std::vector<std::string> machine_arguments;
    std::map<std::string, std::string> variables;
    std::chrono::minutes time_limit = longest_test;

  private:
    temporary_directory folder_{std::filesystem::temp_directory_path(), "qharness-test"};
};

/// Guests whose console and QEMU are played by tests/fakes/fake_qemu.
class fake_qemu_test : public harness_test {
  protected:
    fake_qemu_test();

    /// What the fake does; see its own description.
    void play(const json& script) const;

    /// What it does once it runs.
    void play_guest(const std::vector<json>& actions) const;

    /// What it does before it answers on QMP.
    void play_start(const std::vector<json>& actions) const;

    /// A guest that serves a shell until `fault_step`, or a poweroff, and does `then` at that
    /// moment. The shell's PATH begins with the test's folder `bin`, where the programs are that
    /// would end this very host.
    void play_shell_then(const std::vector<json>& then) const;

    /// The action that serves the shell.
    json shell_action() const;

    static json print(const std::string& text) { return {{"print", text}}; }
    static json shutdown_event(const std::string& reason);

    /// A step during which `play_shell_then`'s fault happens; it would never end by itself.
    static json fault_step();
};

/// A scenario's usual beginning.
inline json boot_step() {
    return {{"boot", "shell"}};
}

/// Guests of the `tiny` image in the real QEMU. Skips, with the reason, where there is none.
class guest_test : public harness_test {
  protected:
    void SetUp() override;
};

/// The lines of a journal; the last one may be cut where its writer was killed.
std::vector<json> read_journal(const std::filesystem::path& file, bool may_be_cut = false);

/// Whether a terminal would do more with the text than show it: control characters besides tab and
/// newline, C1 ones too, and what is not UTF-8.
bool is_harmless(std::string_view text);

}  // namespace qh::integration
