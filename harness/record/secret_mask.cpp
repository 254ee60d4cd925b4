#include "record/secret_mask.hpp"

#include <algorithm>

namespace qh {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

bool is_stream(const event& event, std::string_view raw) {
    return !raw.empty() && (event.data.contains("text") || event.data.contains("base64"));
}

}  // namespace

secret_mask::secret_mask(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
    std::erase(secrets_, "");
    const auto plain = secrets_.size();
    for (std::size_t i = 0; i < plain; ++i) {
        auto quoted = secrets_[i];
        replace_all(quoted, "'", "'\\''");
        if (quoted != secrets_[i]) secrets_.push_back(quoted);
    }
    std::ranges::sort(secrets_, [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string secret_mask::text(std::string text) const {
    for (const auto& secret : secrets_) replace_all(text, secret, shown_instead);
    return text;
}

json secret_mask::masked(json value) const {
    if (value.is_string()) return text(value.get<std::string>());
    if (value.is_array())
        for (auto& item : value) item = masked(std::move(item));
    if (!value.is_object()) return value;
    json object = json::object();
    for (auto& [key, item] : value.items()) object[text(key)] = masked(std::move(item));
    return object;
}

secret_mask::masked_event secret_mask::mask(const event& original, std::string_view raw) {
    if (!is_stream(original, raw))
        return {{original.when, original.type, masked(original.data)}, text(std::string(raw))};
    auto& held = held_[original.type];
    held.append(raw);
    auto released = release(held, false);
    auto data = bytes_to_json(released);
    if (!held.empty()) data["held"] = held.size();
    return {{original.when, original.type, std::move(data)}, std::move(released)};
}

std::vector<secret_mask::masked_event> secret_mask::finish(time_point now) {
    std::vector<masked_event> rest;
    for (auto& [type, held] : held_) {
        auto released = release(held, true);
        if (!released.empty())
            rest.push_back({{now, type, bytes_to_json(released)}, std::move(released)});
    }
    return rest;
}

/// Takes from `held` what can be told, with the secrets in it masked.
std::string secret_mask::release(std::string& held, bool all) const {
    held = text(std::move(held));
    std::size_t kept = 0;
    for (const auto& secret : secrets_)
        for (auto size = std::min(secret.size() - 1, held.size()); size > kept && !all; --size)
            if (std::string_view(held).ends_with(std::string_view(secret).substr(0, size)))
                kept = size;
    auto released = held.substr(0, held.size() - kept);
    held.erase(0, released.size());
    return released;
}

}  // namespace qh
