#include "launch/night/matrix_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "launch/machine_plan.hpp"
#include "launch/night/night_misfits.hpp"
#include "matrix/machine_check.hpp"
#include "matrix/matrix_reader.hpp"
#include "matrix/night_json.hpp"
#include "scenario/load.hpp"
#include "scenario/machine_fields.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// What QEMU and the harness themselves take, besides the guest's memory.
constexpr std::uint64_t memory_around_a_guest = 200u << 20;
/// A session gives the host up after ten times its timeout; behind that it hangs.
constexpr double most_delay = 11;
constexpr auto time_to_end = std::chrono::minutes(5);

using settings = std::map<std::string, std::string>;

/// What of a scenario a cell's place in the night depends on.
struct scenario_needs {
    machine_request machine;
    Duration timeout{};
};

/// Scenarios' needs with some settings, each read once.
class scenario_shelf {
  public:
    const scenario_needs& get(const json& planned) {
        const auto& file = planned.at("file").get_ref<const std::string&>();
        const auto key = dump({file, planned.at("settings")});
        auto found = read_.find(key);
        if (found == read_.end()) {
            auto read = load_scenario(file, planned.at("settings").get<settings>());
            found = read_.emplace(key, scenario_needs{std::move(read.machine), read.timeout}).first;
        }
        return found->second;
    }

  private:
    std::map<std::string, scenario_needs> read_;
};

/// A program in a matrix file is a name in PATH, or a path relative to the file.
std::string program_at(const fs::path& folder, const std::string& name) {
    return name.find('/') == std::string::npos ? name : (folder / name).string();
}

settings settings_of(const cell& what) {
    auto all = what.settings.params;
    for (const auto& [axis, value] : what.point)
        if (std::ranges::find(standard_axes, axis) == standard_axes.end()) all[axis] = value;
    return all;
}

json machine_of(const cell_point& point, const fs::path& folder) {
    json machine = json::object();
    for (const auto& axis : machine_axes())
        if (const auto found = point.find(axis); found != point.end() && !found->second.empty())
            machine[axis] = axis == "qemu" ? program_at(folder, found->second) : found->second;
    return machine;
}

machine_request request_of(const json& planned, scenario_shelf& shelf) {
    auto request = shelf.get(planned).machine;
    machine_overrides said;
    for (const auto& [option, value] : planned.at("machine").items())
        said[option] = {value.get<std::string>()};
    apply_overrides(said, request);
    return request;
}

/// Each image's error, empty where it is there.
std::map<std::string, std::string> build_images(const std::set<std::string>& names,
                                                image_provider& images) {
    std::map<std::string, std::string> errors;
    for (const auto& name : names) {
        auto& message = errors[name];
        try {
            images.find_or_build(name);
        } catch (const error& e) {
            if (e.kind() == fault::interrupted) throw;
            message = fmt::format("the image {} cannot be had: {}", name, e.what());
        }
    }
    return errors;
}

/// Cells whose machines are one to QEMU.
struct machine_group {
    machine_spec spec;
    std::vector<std::pair<night_cell*, machine_spec>> cells;
};

}  // namespace

std::vector<json> plan_cells(const std::vector<cell>& cells, const matrix& from) {
    scenario_shelf shelf;
    const auto folder = from.file.parent_path();
    std::vector<json> planned;
    for (const auto& what : cells) {
        json plan = to_json(what);
        plan["file"] = fs::absolute(scenario_file(from, what.point.at("scenario"))).string();
        plan["settings"] = settings_of(what);
        plan["machine"] = machine_of(what.point, folder);
        const auto request = request_of(plan, shelf);
        plan["smp"] = request.harts;
        plan["memory_bytes"] = request.memory_bytes;
        plan["timeout_s"] = to_seconds(shelf.get(plan).timeout);
        planned.push_back(std::move(plan));
    }
    return planned;
}

night_cell ready_cell(const json& planned, double expected_seconds) {
    night_cell ready;
    ready.what = cell_from_json(planned);
    ready.load = {planned.at("smp").get<unsigned>(),
                  planned.at("memory_bytes").get<std::uint64_t>() + memory_around_a_guest,
                  expected_seconds, ready.what.settings.retries.value_or(0), 0};
    ready.arguments = {planned.at("file").get<std::string>()};
    for (const auto& [option, value] : planned.at("machine").items())
        ready.arguments.push_back(fmt::format("--{}={}", option, value.get<std::string>()));
    for (const auto& [name, value] : planned.at("settings").items())
        ready.arguments.push_back(fmt::format("--set={}={}", name, value.get<std::string>()));
    const double factor = ready.what.settings.timeout_multiplier.value_or(1);
    if (factor != 1) ready.arguments.push_back(fmt::format("--timeout-multiplier={}", factor));
    const std::chrono::duration<double> timeout(planned.at("timeout_s").get<double>());
    ready.longest =
        std::chrono::duration_cast<Duration>(timeout * factor * most_delay) + time_to_end;
    return ready;
}

void check_before_the_night(std::vector<night_cell>& cells, const std::vector<json>& planned,
                            std::size_t jobs, image_provider& images,
                            const std::function<void(const std::string&)>& say) {
    scenario_shelf shelf;
    std::vector<machine_request> requests;
    std::set<std::string> names;
    for (const auto& plan : planned) {
        requests.push_back(request_of(plan, shelf));
        if (!requests.back().image.empty()) names.insert(requests.back().image);
    }
    const auto image_errors = build_images(names, images);
    cached_images built(images);
    std::map<std::string, machine_group> groups;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto image = image_errors.find(requests[i].image);
        if (image != image_errors.end()) cells[i].impossible = image->second;
        if (!cells[i].impossible.empty()) continue;
        try {
            const auto spec = plan_machine(requests[i], built).spec;
            auto& group = groups[machine_check_key(spec)];
            group.spec = spec;
            group.cells.emplace_back(&cells[i], spec);
        } catch (const error& e) {
            cells[i].impossible = e.what();
        }
    }
    std::vector<machine_spec> specs;
    for (const auto& [key, group] : groups) specs.push_back(group.spec);
    const auto answers = check_machines(specs, jobs);
    night_misfits misfits;
    std::size_t at = 0;
    std::set<std::string> told;
    for (const auto& [key, group] : groups) {
        const auto& answer = answers[at++];
        for (auto& [cell, spec] : group.cells) {
            cell->impossible = answer.refusal;
            if (answer.refusal.empty()) misfits.add(spec);
        }
        const auto words =
            fmt::format("{}: {}", group.spec.cpu,
                        trim(answer.refusal.empty() ? answer.warnings : answer.refusal));
        if (!(answer.refusal + answer.warnings).empty() && told.insert(words).second) say(words);
    }
    misfits.tell(say);
}

}  // namespace qh
