#include "record/scenario_record.hpp"

#include "base/digest.hpp"
#include "scenario/load.hpp"
#include "scenario/machine_fields.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// Escapes the mask in all texts of `value`, which are regexes.
void take_masks_literally(json& value) {
    if (value.is_structured())
        for (auto& item : value) take_masks_literally(item);
    if (!value.is_string()) return;
    auto& text = value.get_ref<std::string&>();
    constexpr std::string_view escaped = R"(\*\*\*)";
    for (auto at = text.find(secret_mask::shown_instead); at != std::string::npos;
         at = text.find(secret_mask::shown_instead, at + escaped.size()))
        text.replace(at, secret_mask::shown_instead.size(), escaped);
}

/// What the step does without the file it was made of, and whatever a mask made of its text.
void leave_file_out(json& step) {
    auto& upload = step["upload"];
    if (!upload.is_object()) return;
    upload.erase("sha256");
    if (upload.erase("from") > 0) upload["text"] = "";
}

void restore_upload(scenario& what, const json& recorded, const fs::path& folder) {
    const auto index = recorded.at("step").get<std::size_t>();
    auto* upload =
        index < what.steps.size() ? std::get_if<upload_step>(&what.steps[index].action) : nullptr;
    if (!upload) return;
    upload->size_bytes = recorded.at("size_bytes");
    upload->sha256 = recorded.at("sha256");
    upload->serial = recorded.at("serial");
    upload->unusable = recorded.at("unusable");
    const auto kept = folder / "uploads" / fs::path(upload->sha256).filename();
    std::error_code ignored;
    if (!upload->sha256.empty() && fs::is_regular_file(kept, ignored))
        upload->content = read_file(kept);
    // What was typed is told by its size from what was too much for that, masked or not.
    if (!upload->content.empty()) upload->content.resize(upload->size_bytes);
}

}  // namespace

void record_scenario(const scenario& what, const secret_mask& mask,
                     const run_directory& directory) {
    directory.write("scenario.json", dump(mask.masked(what.resolved), 2) + "\n");
    for (const auto& step : what.steps) {
        const auto* upload = std::get_if<upload_step>(&step.action);
        if (!upload || upload->source.empty() || upload->content.empty()) continue;
        std::error_code exists;
        fs::create_directory(directory.path() / "uploads", exists);
        directory.write("uploads/" + upload->sha256, mask.text(upload->content));
    }
}

json describe_for_replay(const scenario& what, double timeout_multiplier, const secret_mask& mask) {
    json left_out = json::array(), uploads = json::array();
    for (std::size_t i = 0; i < what.steps.size(); ++i) {
        if (what.steps[i].left_out) left_out.push_back(i);
        const auto* upload = std::get_if<upload_step>(&what.steps[i].action);
        if (upload)
            uploads.push_back({{"step", i},
                               {"size_bytes", upload->size_bytes},
                               {"sha256", upload->sha256},
                               {"serial", upload->serial},
                               {"unusable", upload->unusable}});
    }
    return {{"timeout_multiplier", timeout_multiplier},
            {"channel", name_of(what.machine.channel)},
            {"masked", !mask.empty()},
            {"left_out", std::move(left_out)},
            {"uploads", std::move(uploads)}};
}

bool has_masked_regex(const scenario& restored) {
    return dump(restored.resolved).find(R"(\\*\\*\\*)") != std::string::npos;
}

scenario restore_scenario(const fs::path& folder, const events::run_started& run) {
    const auto file = folder / "scenario.json";
    auto text = json_document::load(file).root();
    const auto digest = run.scenario.value("digest", "");
    if (!digest.empty() && sha256_hex(dump(text)) != digest)
        throw usage_error(
            "{} is not the scenario that was run; to try another one, give it with --scenario",
            file.string());
    for (auto& step : text.at("steps")) {
        for (const auto* key : {"match", "not_match", "match_stderr", "skip", "capture", "expect"})
            if (step.contains(key)) take_masks_literally(step[key]);
        if (step.contains("upload")) leave_file_out(step);
    }
    if (text.contains("failures")) take_masks_literally(text["failures"]);
    auto what = load_scenario(json_document::parse(dump(text), file.string()), {});
    const auto& recorded = run.replay;
    for (const auto& index : recorded.at("left_out"))
        if (const auto i = index.get<std::size_t>(); i < what.steps.size())
            what.steps[i].left_out = true;
    for (const auto& upload : recorded.at("uploads")) restore_upload(what, upload, folder);
    restore_machine(what, run);
    return what;
}

void restore_machine(scenario& what, const events::run_started& run) {
    restore_machine(what.machine, run.machine, machine_record::event_replay);
    const auto channel = channel_named(run.replay.at("channel").get_ref<const std::string&>());
    if (channel) what.machine.channel = *channel;
}

}  // namespace qh
