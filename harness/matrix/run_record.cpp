#include "matrix/run_record.hpp"

#include <algorithm>
#include <initializer_list>

#include "matrix/written_json.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_output = 4096;

void copy_members(json& target, const json& source, std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (source.contains(name)) target[name] = source.at(name);
}

/// The text there; empty where it is missing or has another type.
std::string text_in(const json& object, const char* path) {
    const json_path at(path);
    if (!object.contains(at) || !object.at(at).is_string()) return {};
    return object.at(at).get<std::string>();
}

std::optional<double> number_in(const json& object, const char* path) {
    const json_path at(path);
    if (!object.contains(at) || !object.at(at).is_number()) return std::nullopt;
    return object.at(at).get<double>();
}

/// The entries of a list, which may be missing.
template <typename Entry>
std::vector<Entry> entries_of(const json& object, const char* list, Entry (*read)(const json&)) {
    std::vector<Entry> entries;
    if (const auto found = object.find(list); found != object.end())
        for (const auto& entry : found->get_ref<const json::array_t&>())
            entries.push_back(read(entry));
    return entries;
}

sub_result read_sub_result(const json& one) {
    return {text_in(one, "/name"), enum_in<step_outcome>(one, "outcome"), text_in(one, "/reason")};
}

step_record read_step(const json& one) {
    step_record step;
    step.name = text_in(one, "/name");
    step.kind = text_in(one, "/kind");
    step.reason = text_in(one, "/reason");
    step.outcome = enum_in<step_outcome>(one, "outcome");
    step.seconds = number_in(one, "/seconds").value_or(0);
    step.output = text_in(one, "/output");
    step.error_output = text_in(one, "/stderr");
    step.results = entries_of(one, "results", read_sub_result);
    return step;
}

measurement_record read_measurement(const json& one) {
    measurement_record measurement;
    measurement.name = text_in(one, "/name");
    measurement.unit = text_in(one, "/unit");
    measurement.better = text_in(one, "/better");
    measurement.value = number_in(one, "/value");
    measurement.q25 = number_in(one, "/q25");
    measurement.q75 = number_in(one, "/q75");
    const auto samples = one.find("samples");
    measurement.samples =
        samples != one.end() && samples->is_array() ? *samples : json(json::value_t::array);
    return measurement;
}

failure_record read_failure(const json& one) {
    return {text_in(one, "/title"), text_in(one, "/kind"), text_in(one, "/step")};
}

/// Only a failed step's output is worth its place, and of that the end.
json brief(const json& step) {
    json result = json::object();
    copy_members(result, step,
                 {"name", "kind", "outcome", "reason", "seconds", "exit", "captures", "results"});
    switch (enum_in<step_outcome>(step, "outcome")) {
        case step_outcome::passed:
        case step_outcome::skipped:
        case step_outcome::not_run:
            break;
        case step_outcome::failed:
        case step_outcome::timed_out:
            for (const auto* stream : {"output", "stderr"}) {
                if (!step.contains(stream) || !step.at(stream).is_string()) continue;
                const auto& text = step.at(stream).get_ref<const std::string&>();
                result[stream] = text.substr(text.size() - std::min(text.size(), longest_output));
            }
            break;
    }
    return result;
}

}  // namespace

run_record::run_record(const json& result) {
    copy_members(document_, result,
                 {"scenario", "measurements", "failures", "fingerprint", "excerpt", "captures",
                  "started", "machine", "image"});
    if (result.contains("steps")) document_["steps"] = entries_of(result, "steps", brief);
    steps_ = entries_of(document_, "steps", read_step);
    measurements_ = entries_of(document_, "measurements", read_measurement);
    failures_ = entries_of(document_, "failures", read_failure);
}

std::string run_record::excerpt() const {
    return text_in(document_, "/excerpt");
}

std::string run_record::started() const {
    return text_in(document_, "/started");
}

std::string run_record::image_name() const {
    return text_in(document_, "/image/name");
}

std::string run_record::scenario_digest() const {
    return text_in(document_, "/scenario/digest");
}

json run_record::fingerprint() const {
    const auto found = document_.find("fingerprint");
    return found != document_.end() && found->is_object() ? *found : json::object();
}

}  // namespace qh
