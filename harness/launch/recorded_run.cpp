#include "launch/recorded_run.hpp"

#include "base/digest.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"
#include "base/wall_clock.hpp"
#include "build_config.hpp"
#include "record/host.hpp"
#include "record/recorded_spec.hpp"
#include "record/result_builder.hpp"
#include "record/run_directory.hpp"
#include "record/scenario_record.hpp"
#include "record/secret_mask.hpp"
#include "warm/warm_choice.hpp"

namespace qh {
namespace {

json describe(const planned_run& run, const machine_spec& spec, const record_options& options) {
    auto replay = describe_for_replay(run.what, options.timeout_multiplier);
    replay["programs"] = to_json(run.programs.programs);
    replay["interactive"] = options.attach == attach_when::at_once;
    json described = {
        {"qharness", QHARNESS_VERSION},
        {"journal", journal_version},
        {"replay", std::move(replay)},
        {"started", utc_now("%Y-%m-%dT%H:%M:%SZ")},
        {"host", describe_host()},
        {"image", run.machine.image},
        {"scenario",
         {{"name", run.what.name},
          {"file", run.file.string()},
          {"digest", sha256_hex(dump(secret_mask(run.what.secrets).masked(run.what.resolved)))},
          {"params", run.what.parameters}}},
        {"again",
         {{"command", options.again}, {"directory", std::filesystem::current_path().string()}}},
        {"machine",
         {{"qemu", spec.qemu},
          {"cpu", spec.cpu},
          {"smp", spec.harts},
          {"memory_bytes", spec.memory_bytes},
          {"kernel", spec.kernel.string()},
          {"append", spec.append}}}};
    if (options.record_machine) described["recorded"] = describe_recorded(spec);
    return described;
}

std::unique_ptr<warm_choice> choose_warm(const planned_run& run, const machine_spec& spec,
                                         const record_options& options,
                                         const run_directory& directory) {
    if (options.record_machine) return std::make_unique<warm_choice>(spec, "--record");
    if (options.cold || options.attach == attach_when::at_once)
        return std::make_unique<warm_choice>(spec, options.cold ? "not wanted (--cold)" : "");
    return std::make_unique<warm_choice>(
        warm_store(cache_directory() / "warm"), run.what, spec,
        engine_options{options.timeout_multiplier, {}, run.programs.programs},
        directory.path() / "journal.jsonl");
}

/// Sockets by which a person who is attached reaches QEMU itself; they go with what is returned.
std::unique_ptr<temporary_directory> open_doors(warm_plan& plan, const record_options& options) {
    constexpr std::size_t longest_address = 100;  // sun_path, unix(7)
    if (options.attach == attach_when::never) return nullptr;
    auto folder = std::make_unique<temporary_directory>(std::filesystem::temp_directory_path(),
                                                        "qharness-attach");
    if (folder->path().string().size() > longest_address - 4) return nullptr;
    for (auto* machine : {&plan.machine, &plan.cold}) {
        machine->qmp_socket = folder->path() / "qmp";
        // Timers are mended through the only gdb stub that there is.
        if (machine->incoming.empty()) machine->gdb_socket = folder->path() / "gdb";
    }
    return folder;
}

}  // namespace

finished_run run_recorded(const planned_run& run, const record_options& options,
                          const run_watch& watch) {
    run_directory directory(options.out, run.what.name);
    auto spec = run.machine.spec;
    if (options.record_machine) {
        spec.instruction_log = std::filesystem::absolute(directory.path()) / instruction_log_name;
        spec.rtc_base = utc_now("%Y-%m-%dT%H:%M:%S");
    }
    secret_mask mask(run.what.secrets);
    record_scenario(run.what, mask, directory);
    directory.write("qemu.sh", mask.text(qemu_script(spec)), true);
    result_builder result;
    watch.say(fmt::format("{} on {}, {} hart{}, {} MiB: {}", run.what.name, spec.cpu, spec.harts,
                          spec.harts == 1 ? "" : "s", spec.memory_bytes >> 20,
                          directory.path().string()));
    for (const auto& problem : run.programs.problems)
        watch.say("        not looked at before the boot: " + printable(problem));
    const auto note = [&](const event& event, std::string_view raw) {
        directory.record(event, raw);
        result.on_event(event);
        watch.on_event(event, raw);
    };
    const auto record = [&](const event& event, std::string_view raw) {
        if (mask.empty()) return note(event, raw);
        const auto masked = mask.mask(event, raw);
        note(masked.what, masked.raw);
    };
    const auto warm = choose_warm(run, spec, options, directory);
    auto plan = warm->plan();
    const auto doors = open_doors(plan, options);
    const session_options session = {options.timeout_multiplier,
                                     mask.masked(describe(run, spec, options)),
                                     options.attach,
                                     [&](const auto& name, auto content) {
                                         return directory.keep_file(
                                             name, mask.text(std::string(content)));
                                     },
                                     run.programs.programs,
                                     &plan};
    const auto how = run_session(
        run.what, plan.machine, session, record,
        [&](std::string_view last_line) { watch.on_console(mask.text(std::string(last_line))); });
    warm->on_judged(how.outcome);
    for (const auto& rest : mask.finish(std::chrono::steady_clock::now()))
        note(rest.what, rest.raw);
    if (options.judged)
        if (const auto last = options.judged(how, directory.path())) record(*last, {});
    directory.write("result.json", dump(result.result(), 2) + "\n");
    return {how, result.result(), directory.path()};
}

finished_run run_recorded(const planned_run& run, const record_options& options,
                          progress& display) {
    return run_recorded(run, options,
                        {[&](const auto& line) { display.say(line); },
                         [&](const auto& event, auto raw) { display.on_event(event, raw); },
                         [&](auto last_line) { display.on_console(last_line); }});
}

}  // namespace qh
