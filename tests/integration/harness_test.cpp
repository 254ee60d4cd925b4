#include "harness_test.hpp"

#include "base/text.hpp"
#include "test_paths.hpp"

namespace qh::integration {

namespace fs = std::filesystem;

namespace {

constexpr const char* fault_words = "here is the fault";

std::vector<fs::path> run_folders(const fs::path& parent) {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(parent)) folders.push_back(entry.path());
    return folders;
}

}  // namespace

json recorded_run::step(const std::string& name) const {
    for (const auto& step : result.at("steps"))
        if (step.at("name") == name) return step;
    return {};
}

json recorded_run::event(const std::string& type) const {
    for (const auto& event : journal)
        if (event.at("type") == type) return event;
    return {};
}

fs::path harness_test::write(const std::string& name, std::string_view content) const {
    write_file_atomically(folder() / name, content);
    return folder() / name;
}

std::string harness_test::scenario(const std::vector<json>& steps, const json& machine) const {
    json text = {{"name", "test"}, {"timeout", "4m"}, {"steps", steps}};
    if (!machine.is_null()) text["machine"] = machine;
    return write("test.json", dump(text, 2)).string();
}

child_program harness_test::start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), QHARNESS_PROGRAM);
    return {arguments, folder(), variables, time_limit};
}

program_end harness_test::call(const std::vector<std::string>& arguments) const {
    return start(arguments).finish();
}

recorded_run harness_test::run(const std::string& scenario_file,
                               const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {"run", scenario_file, "--out", "runs"};
    all.insert(all.end(), machine_arguments.begin(), machine_arguments.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto end = call(all);
    if (!fs::exists(folder() / "runs"))
        throw infrastructure_error("qharness recorded no run; it said:\n{}", end.errors);
    auto found = recorded();
    found.end = end;
    return found;
}

void harness_test::expect_the_same_when_replayed(const recorded_run& run) const {
    const auto end = call({"replay", run.folder.string(), "--json"});
    const auto told = parse_json_or_discard(end.output);
    if (told.is_discarded()) {
        ADD_FAILURE() << "the replay said no JSON: " << end.output << end.errors;
        return;
    }
    EXPECT_EQ(told["result"], run.result);
    if (run.event("run_started")["replay"]["interactive"] == true) return;
    EXPECT_EQ(told["replay"]["same"], true) << told["replay"];
    EXPECT_GT(told["replay"]["events"], 0);
}

recorded_run harness_test::recorded() const {
    const auto folders = run_folders(folder() / "runs");
    if (folders.size() != 1)
        throw infrastructure_error("{} runs were recorded, not one", folders.size());
    recorded_run found;
    found.folder = folders.front();
    const bool finished = fs::exists(found.folder / "result.json");
    if (finished) found.result = json_document::load(found.folder / "result.json").root();
    found.journal = read_journal(found.folder / "journal.jsonl", !finished);
    if (finished) expect_the_same_when_replayed(found);
    return found;
}

fake_qemu_test::fake_qemu_test() {
    machine_arguments = {"--qemu", FAKE_QEMU, "--kernel", write("kernel", "no kernel").string()};
    variables["FAKE_QEMU_SCRIPT"] = (folder() / "fake_qemu.json").string();
    fs::create_directory(folder() / "bin");
    for (const auto* name : {"poweroff", "reboot", "halt"}) {
        const auto program = write(std::string("bin/") + name,
                                   fmt::format("#!/bin/sh\necho {}\nsleep 1000\n", fault_words));
        fs::permissions(program, fs::perms::owner_all);
    }
}

void fake_qemu_test::play(const json& script) const {
    write("fake_qemu.json", dump(script));
}

void fake_qemu_test::play_shell_then(const std::vector<json>& then) const {
    std::vector<json> actions = {shell_action()};
    actions.insert(actions.end(), then.begin(), then.end());
    play_guest(actions);
}

void fake_qemu_test::play_guest(const std::vector<json>& actions) const {
    play({{"guest", actions}});
}

void fake_qemu_test::play_start(const std::vector<json>& actions) const {
    play({{"before", actions}});
}

json fake_qemu_test::shell_action() const {
    return {{"shell", {{"PATH", (folder() / "bin").string() + ":/usr/bin:/bin"}}},
            {"until", fault_words}};
}

json fake_qemu_test::shutdown_event(const std::string& reason) {
    return {{"event", "SHUTDOWN"}, {"data", {{"guest", true}, {"reason", reason}}}};
}

json fake_qemu_test::fault_step() {
    return {{"name", "fault"}, {"run", fmt::format("echo {}; sleep 1000", fault_words)}};
}

void guest_test::SetUp() {
    const auto built = call({"image", "path", "tiny"});
    if (built.status.clean()) return;
    const auto building = run_program({QHARNESS_PROGRAM, "image", "build", "tiny"}, folder(), {},
                                      std::chrono::minutes(20));
    if (!building.status.clean())
        GTEST_SKIP() << "the tiny image cannot be built here: " << building.errors;
}

std::vector<json> read_journal(const fs::path& file, bool may_be_cut) {
    const auto text = read_file(file);
    auto lines = split_lines(text);
    if (may_be_cut && !text.ends_with('\n') && !lines.empty()) lines.pop_back();
    std::vector<json> journal;
    for (const auto line : lines) journal.push_back(parse_json(line));
    return journal;
}

bool is_harmless(std::string_view text) {
    for (const auto line : split_lines(text))
        if (printable(line) != line) return false;
    return true;
}

}  // namespace qh::integration
