#include "launch/script_guest.hpp"

#include "base/error.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"
#include "image/package/package_scripts.hpp"
#include "launch/recorded_run.hpp"
#include "process/tool_path.hpp"
#include "report/run_details.hpp"
#include "scenario/load.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

planned_run load_plan() {
    planned_run run;
    run.file = data_directory() / "scenarios" / "lib" / "configure_packages.json";
    run.what = load_scenario(run.file, {});
    return run;
}

/// One failed record is kept for each image.
fs::path record_folder(const std::string& image) {
    return cache_directory() / "scripts" / image;
}

error not_configured(const finished_run& run) {
    if (run.how.outcome == run_outcome::interrupted) return {fault::interrupted, run.how.reason};
    const auto* const advice =
        run.how.of_failed_step
            ? "; leave out what fails (\"without\"), or \"scripts\" altogether and run dpkg "
              "--configure -a in the image's own guest"
            : "";
    return infrastructure_error("the package scripts did not run through in a guest{}\n  {}",
                                advice, trim(details(run.result, run.directory, {})));
}

std::string_view printed_by_guest(const event_data& what) {
    if (const auto* console = std::get_if<events::console_out>(&what)) return console->bytes;
    if (const auto* channel = std::get_if<events::channel_out>(&what)) return channel->bytes;
    return {};
}

void configure(const std::string& image, image_provider& images, const fs::path& raw_disk,
               const std::function<void()>& on_configured) {
    const auto records = record_folder(image);
    std::error_code ignored;
    fs::remove_all(records, ignored);
    auto run = load_plan();
    cached_images only_cached(images);
    run.machine = plan_machine(run.what.machine, only_cached);
    run.machine.spec.drives.push_back(fs::absolute(raw_disk));
    run.machine.spec.writes_drives = true;
    setting_up heard;
    const run_watch watch = {.say = [](const auto&) {},
                             .on_event =
                                 [&](const event& event) {
                                     for (auto more = heard.feed(printed_by_guest(event.what));
                                          more > 0; --more)
                                         on_configured();
                                 },
                             .on_console = [](auto) {}};
    const auto end = run_recorded(run, {.out = records, .cold = true}, watch);
    if (end.how.outcome != run_outcome::passed) throw not_configured(end);
    fs::remove_all(records, ignored);
}

}  // namespace

void choose_script_place(const recipe& wanted, script_place place, image_provider& images,
                         build_options& options) {
    if (!wanted.disk || !wanted.disk->scripts || place == script_place::host) return;
    check_scripts_architecture(wanted);
    if (place == script_place::host_if_it_can) {
        const auto why_not = why_no_scripts_here(wanted, options);
        if (!why_not) return;
        images.say(
            fmt::format("image {}: package scripts will run in a guest, not by qemu-user: {}",
                        printable(wanted.name), *why_not));
    }
    const auto machine = load_plan().what.machine;
    require_tool(machine.qemu, "qemu-system-riscv");
    images.find_or_build(machine.image);
    options.configure_in_guest = [image = wanted.name, &images](const auto& disk,
                                                                const auto& on_configured) {
        configure(image, images, disk, on_configured);
    };
}

std::size_t setting_up::feed(std::string_view bytes) {
    constexpr std::string_view beginning = "Setting up ";
    std::size_t begun = 0;
    for (const char byte : bytes)
        if (byte == '\n') {
            begun += line_ == beginning ? 1 : 0;
            line_.clear();
        } else if (line_.size() < beginning.size()) {
            line_ += byte;
        }
    return begun;
}

}  // namespace qh
