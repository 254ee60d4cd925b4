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
#include "scenario/machine_fields.hpp"
#include "warm/warm_choice.hpp"

namespace qh {
namespace {

events::run_started describe(const planned_run& run, const machine_spec& spec,
                             const run_settings& settings, const secret_mask& mask) {
    events::run_started told;
    told.qharness = QHARNESS_VERSION;
    told.journal = journal_version;
    told.started = utc_now("%Y-%m-%dT%H:%M:%SZ");
    told.replay = describe_for_replay(run.what, settings.timeout_multiplier, mask);
    told.replay["programs"] = to_json(run.known.programs);
    told.replay["interactive"] = settings.attach == attach_when::at_once;
    told.scenario = {{"name", run.what.name},
                     {"file", run.file.string()},
                     {"digest", sha256_hex(dump(mask.masked(run.what.resolved)))},
                     {"params", run.what.parameters}};
    told.machine = describe_machine(spec, machine_record::result);
    told.image = run.machine.image;
    told.host = describe_host();
    told.again = {{"command", settings.again},
                  {"directory", std::filesystem::current_path().string()}};
    if (settings.record_machine) told.recorded = describe_recorded(spec);
    return told;
}

std::unique_ptr<warm_choice> choose_warm(const planned_run& run, const machine_spec& spec,
                                         const run_settings& settings, const engine_options& engine,
                                         const run_directory& directory) {
    if (settings.record_machine) return std::make_unique<warm_choice>(spec, "--record");
    if (settings.cold || settings.attach == attach_when::at_once)
        return std::make_unique<warm_choice>(spec, settings.cold ? "not wanted (--cold)" : "");
    return std::make_unique<warm_choice>(warm_store(cache_directory() / "warm"), run.what, spec,
                                         engine, directory.path() / "journal.jsonl");
}

/// Sockets by which a person who is attached reaches QEMU itself; they go with what is returned.
std::unique_ptr<temporary_directory> open_doors(warm_plan& plan, attach_when attach) {
    constexpr std::size_t longest_address = 100;  // sun_path, unix(7)
    if (attach == attach_when::never) return nullptr;
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

finished_run run_recorded(const planned_run& run, const run_settings& settings,
                          const run_watch& watch, const judged_hook& judged) {
    run_directory directory(settings.out, run.what.name);
    auto spec = run.machine.spec;
    if (settings.record_machine) {
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
    for (const auto& problem : run.known.problems)
        watch.say("        not looked at before the boot: " + printable(problem));
    const auto note = [&](const event& event) {
        directory.record(event);
        result.on_event(event);
        watch.on_event(event);
    };
    const auto record = [&](const event& event) { note(mask.empty() ? event : mask.mask(event)); };
    const engine_options engine = {.timeout_multiplier = settings.timeout_multiplier,
                                   .random_word = {},
                                   .programs = run.known.programs};
    const auto warm = choose_warm(run, spec, settings, engine, directory);
    auto plan = warm->plan();
    const auto doors = open_doors(plan, settings.attach);
    const auto keep_file = [&](const std::string& name, std::string_view content) {
        return directory.keep_file(name, mask.text(std::string(content)));
    };
    const session_options session = {.engine = engine,
                                     .description = describe(run, spec, settings, mask),
                                     .attach = settings.attach,
                                     .keep_file = keep_file,
                                     .warm = &plan};
    const auto how = run_session(
        run.what, plan.machine, session, record,
        [&](std::string_view last_line) { watch.on_console(mask.text(std::string(last_line))); });
    warm->on_judged(how.outcome);
    for (const auto& rest : mask.finish(std::chrono::steady_clock::now())) note(rest);
    if (judged)
        if (const auto last = judged(how, directory.path())) record(*last);
    directory.write("result.json", dump(result.result(), 2) + "\n");
    return {.how = how,
            .result = result.result(),
            .directory = directory.path(),
            .again = mask.text(settings.again)};
}

}  // namespace qh
