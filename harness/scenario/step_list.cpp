#include "scenario/step_list.hpp"

#include <algorithm>

#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "scenario/steps/step_reader.hpp"
#include "scenario/text/comparison.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_steps = 10000;
constexpr std::size_t deepest_include = 16, most_includes = 1000;

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

}  // namespace

step_list::step_list(std::optional<Duration> idle_timeout, problem_list& problems)
    : idle_timeout_(idle_timeout), problems_(problems) {}

void step_list::read(json_document& document, const json_path& path, const fs::path& folder,
                     parameter_scope& parameters) {
    chain_ = {fs::weakly_canonical(document.name())};
    read_list(document, path, folder, parameters, {});
}

void step_list::read_list(json_document& document, const json_path& path, const fs::path& folder,
                          parameter_scope& parameters, const surroundings& around) {
    const json& list = document.root().at(path);
    if (!list.is_array() || list.empty())
        throw document.problem(path, "\"steps\" must be a list of one step or more");
    for (std::size_t i = 0; i < list.size(); ++i)
        problems_.attempt([&] {
            const json& one = list[i];
            if (one.is_object() && one.contains("include"))
                read_include(document, path / i, folder, around);
            else if (one.is_object() && one.contains("group"))
                read_group(document, path / i, folder, parameters, around);
            else
                read_one(document, path / i, folder, parameters, around);
        });
}

void step_list::read_group(json_document& document, const json_path& path, const fs::path& folder,
                           parameter_scope& parameters, const surroundings& around) {
    object_reader reader(document, path, "a group");
    surroundings inner;
    problems_.attempt([&] { inner.prefix = around.prefix + reader.name("group") + " / "; });
    problems_.attempt([&] { inner.when = joined(around.when, read_conditions(reader, "when")); });
    problems_.attempt([&] { inner.tags = joined(around.tags, read_tags(reader)); });
    reader.has("steps");
    reader.finish(problems_);
    reader.value("steps");
    read_list(document, path / "steps", folder, parameters, inner);
}

void step_list::read_include(const json_document& document, const json_path& path,
                             const fs::path& folder, const surroundings& around) {
    object_reader reader(document, path, "an include");
    surroundings inner = around;
    problems_.attempt([&] {
        if (reader.has("group")) inner.prefix += reader.name("group") + " / ";
    });
    problems_.attempt([&] { inner.when = joined(around.when, read_conditions(reader, "when")); });
    problems_.attempt([&] { inner.tags = joined(around.tags, read_tags(reader)); });
    const bool has_params = reader.has("params");
    reader.has("include");
    reader.finish(problems_);

    const fs::path file = folder / reader.text("include");
    std::error_code failure;
    const auto canonical = fs::weakly_canonical(file, failure);
    if (failure) throw reader.problem("include", failure.message());
    if (const auto before = std::ranges::find(chain_, canonical); before != chain_.end()) {
        std::string circle;
        for (auto at = before; at != chain_.end(); ++at)
            circle += at->filename().string() + " includes ";
        throw reader.problem("include", "files include each other in a circle: " + circle +
                                            canonical.filename().string());
    }
    if (chain_.size() > deepest_include)
        throw reader.problem("include",
                             fmt::format("included deeper than {} files", deepest_include));
    if (included_.size() == most_includes)
        throw reader.problem("include", fmt::format("more than {} includes", most_includes));
    try {
        included_.push_back(json_document::load(file));
    } catch (const document_error&) {
        throw;
    } catch (const error& e) {
        throw reader.problem("include", e.what());
    }
    auto& inside = included_.back();
    parameter_scope parameters(inside, file.parent_path(), problems_);
    if (has_params) {
        const json& given = reader.value("params");
        if (!given.is_object()) throw reader.problem("params", "\"params\" must be an object");
        for (const auto& [name, value] : given.items()) {
            const auto where = path / "params" / name;
            if (value.is_structured() || value.is_null())
                problems_.add(
                    document.problem(where, "a parameter is a text, a number, true or false"));
            else if (!parameters.contains(name))
                problems_.add(document.problem(
                    where, unknown_name(fmt::format("{} has no parameter",
                                                    printable(file.filename().string())),
                                        name, parameters.names())));
            else
                parameters.set(name, value);
        }
    }
    chain_.push_back(canonical);
    problems_.attempt([&] { read_file(inside, parameters, inner); });
    chain_.pop_back();
}

void step_list::read_included(json_document& document) {
    const fs::path file = document.name();
    chain_ = {fs::weakly_canonical(file)};
    parameter_scope parameters(document, file.parent_path(), problems_);
    read_file(document, parameters, {});
}

/// All of an included file, whose parameters have their values.
void step_list::read_file(json_document& document, parameter_scope& parameters,
                          const surroundings& around) {
    object_reader whole(document, json_path(), "an included file");
    parameters.fill_in_all(document.mutable_root(), true);
    for (const auto* key : {"$schema", "name", "description"})
        problems_.attempt([&] { whole.text(key, ""); });
    whole.has("params");
    problems_.attempt([&] {
        whole.value("steps");
        read_list(document, json_path("/steps"), fs::path(document.name()).parent_path(),
                  parameters, around);
    });
    whole.finish(problems_);
    for (auto& secret : parameters.secrets()) secrets.push_back(std::move(secret));
    for (auto& sentence : parameters.unmet()) unmet.push_back(std::move(sentence));
    parameters.warn_of_unused(document, problems_);
}

void step_list::read_one(json_document& document, const json_path& path, const fs::path& folder,
                         parameter_scope& parameters, const surroundings& around) {
    if (steps.size() == most_steps)
        throw document.problem(path, fmt::format("a scenario of more than {} steps", most_steps));
    auto read = read_step(document, path, folder, parameters.lookup(), idle_timeout_, problems_);
    read.name = around.prefix + read.name;
    read.when = joined(around.when, read.when);
    read.tags = joined(around.tags, read.tags);
    // A step that depends on something may never want its file.
    const auto* upload = std::get_if<upload_step>(&read.action);
    if (upload && !upload->unusable.empty() && read.when.empty())
        problems_.add(document.problem(path / "upload" / "from", upload->unusable));
    // A password that is the user's name is none, and stands in host names and greetings.
    if (const auto* login = std::get_if<login_step>(&read.action);
        login && login->password != login->user)
        secrets.push_back(login->password);
    json plain = document.root().at(path);
    plain["name"] = read.name;
    if (!read.when.empty()) plain["when"] = read.when;
    if (!read.tags.empty()) plain["tags"] = read.tags;
    resolved.push_back(std::move(plain));
    steps.push_back(std::move(read));
    sources.push_back({&document, path});
}

}  // namespace qh
