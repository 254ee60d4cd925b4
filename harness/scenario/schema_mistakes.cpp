#include "scenario/schema_mistakes.hpp"

#include <optional>

#include "base/text.hpp"

namespace qh {
namespace {

/// The parts of the schema that say something about one value, the nearest first.
class schema_nodes {
  public:
    schema_nodes(const json& root, const json& document, const json_path& path) : root_(root) {
        add(root, nodes_);
        std::vector<std::string> tokens;
        for (auto at = path; !at.empty(); at.pop_back()) tokens.push_back(at.back());
        const json* value = &document;
        for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
            std::vector<const json*> inner;
            for (const auto* node : nodes_)
                if (const auto* next = step_into(*node, *value, *token)) add(*next, inner);
            nodes_ = std::move(inner);
            value = value->is_array() ? &value->at(std::stoul(*token)) : &value->at(*token);
        }
    }

    /// What editors are to show where nothing more exact is known is passed over.
    std::string description() const {
        for (const auto* node : nodes_)
            if (const auto found = node->find("description");
                found != node->end() && node->size() > 1)
                return found->get<std::string>();
        return {};
    }

    std::vector<std::string_view> names_of_members() const {
        std::vector<std::string_view> names;
        for (const auto* node : nodes_)
            if (const auto found = node->find("properties"); found != node->end())
                for (const auto& member : found->items()) names.push_back(member.key());
        return names;
    }

  private:
    void add(const json& node, std::vector<const json*>& nodes) const {
        if (!node.is_object()) return;
        if (const auto target = node.find("$ref"); target != node.end())
            return add(root_.at(json_path(target->get<std::string>().substr(1))), nodes);
        nodes.push_back(&node);
        if (const auto then = node.find("then"); then != node.end()) add(*then, nodes);
        for (const auto* key : {"allOf", "anyOf"})
            if (const auto list = node.find(key); list != node.end())
                for (const auto& one : *list) add(one, nodes);
    }

    static const json* step_into(const json& node, const json& value, const std::string& token) {
        const auto member = [](const json& object, const std::string& key) -> const json* {
            const auto found = object.find(key);
            return found == object.end() ? nullptr : &*found;
        };
        if (value.is_array()) return member(node, "items");
        if (const auto* properties = member(node, "properties"))
            if (const auto* property = member(*properties, token)) return property;
        return member(node, "additionalProperties");
    }

    const json& root_;
    std::vector<const json*> nodes_;
};

/// The member that a mistake's words name. Where a version of the library has others, the place
/// is the object around it.
std::optional<std::string> named_member(const std::string& words) {
    if (!words.ends_with("'.")) return std::nullopt;
    for (const std::string_view before :
         {"constraints: '", "property name '", "required property '"})
        if (const auto at = words.find(before); at != words.npos) {
            const auto start = at + before.size();
            return words.substr(start, words.size() - 2 - start);
        }
    return std::nullopt;
}

}  // namespace

void schema_mistakes::add(const valijson::ValidationResults::Error& error) {
    const json* value = &document_;
    json_path path;
    // The first of the context is the root, the others are "[name]" or "[index]".
    for (std::size_t i = 1; i < error.context.size(); ++i) {
        const auto token = error.context[i].substr(1, error.context[i].size() - 2);
        if (value->is_array()) {
            path /= std::stoul(token);
            value = &value->at(std::stoul(token));
        } else {
            path /= token;
            value = &value->at(token);
        }
    }
    const auto member = named_member(error.description);
    if (member && value->is_object() && value->contains(*member)) {
        places_[(path / *member).to_string()];
        return;
    }
    auto& place = places_[path.to_string()];
    place.is_value = true;
    if (member) place.missing.insert(*member);
}

std::vector<schema_finding> schema_mistakes::innermost() const {
    std::vector<schema_finding> findings;
    for (const auto& [path, place] : places_) {
        const auto prefix = path + "/";
        const auto within = places_.lower_bound(prefix);
        if (within == places_.end() || !within->first.starts_with(prefix))
            findings.push_back(describe(path, place));
    }
    return findings;
}

schema_finding schema_mistakes::describe(const std::string& path, const place& place) const {
    schema_finding finding{json_path(path), !place.is_value, {}};
    if (finding.is_unknown_key) {
        const auto name = finding.path.back();
        const auto near = closest(
            name,
            schema_nodes(schema_, document_, finding.path.parent_pointer()).names_of_members());
        finding.message = fmt::format(
            "nothing that belongs here is called \"{}\"{}", printable(name),
            near.empty() || near == name ? "" : fmt::format("; did you mean \"{}\"?", near));
    } else if (place.missing.size() == 1) {
        finding.message = fmt::format("\"{}\" is missing here", *place.missing.begin());
    } else {
        const auto what = schema_nodes(schema_, document_, finding.path).description();
        finding.message =
            fmt::format("this is not what belongs here{}{}", what.empty() ? "" : ": ", what);
    }
    return finding;
}

}  // namespace qh
