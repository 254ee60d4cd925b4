#include "record/secret_mask.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "run/events/event_json.hpp"
#include "run/guest/assignment_lines.hpp"
#include "run/guest/channel_script.hpp"
#include "run/guest/file_transfer.hpp"

namespace qh {
namespace {

/// A shorter line of a secret of several is as likely a part of something else.
constexpr std::size_t shortest_line = 8;

bool is_structural(std::string_view name) {
    static const std::set<std::string_view> structural = {
        "better", "boot",   "channel", "digest",  "event", "how",      "idle_timeout", "kind",
        "memory", "mode",   "on_fail", "outcome", "parse", "programs", "qemu_version", "qharness",
        "reboot", "serial", "sha256",  "started", "state", "timeout",  "type"};
    return structural.contains(name);
}

/// Whether the names of the members in it are the scenario's or the guest's.
bool has_names_of_others(std::string_view name) {
    return name == "captures" || name == "params" || name == "facts";
}

json masked_in(const secret_mask& mask, json value, bool names_are_ours) {
    if (value.is_string()) return mask.text(value.get<std::string>());
    if (!value.is_structured()) return value;
    for (auto& [name, item] : value.items())
        if (!value.is_object() || !names_are_ours || !is_structural(name))
            item = masked_in(mask, std::move(item), names_are_ours && !has_names_of_others(name));
    return value;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

/// As it stands within a quoted word; the space makes it one.
std::string within_quotes(const std::string& text) {
    const auto quoted = shell_quote(" " + text);
    return quoted.substr(2, quoted.size() - 3);
}

void add_spellings(std::set<std::string>& all, const std::string& secret) {
    all.insert({secret, replaced(secret, "\n", "\r\n"), printable(secret)});
    for (const auto& text : {secret, printf_escaped(secret)})
        for (const auto& told : {text, within_quotes(text)})
            all.insert({told, within_assignment(told)});
}

/// Bytes that are read from their beginning.
struct cursor {
    std::string_view rest;
    bool cut_short = false;  ///< whether they ended within what was asked for

    bool skip(std::string_view wanted) {
        if (rest.starts_with(wanted)) {
            rest.remove_prefix(wanted.size());
            return true;
        }
        cut_short = cut_short || wanted.starts_with(rest);
        return false;
    }

    bool skip_line() {
        constexpr std::size_t longest = 64;
        const auto end = rest.substr(0, longest).find('\n');
        cut_short = cut_short || (end == rest.npos && rest.size() < longest);
        if (end == rest.npos) return false;
        rest.remove_prefix(end + 1);
        return true;
    }

    /// What stands in a typed text where the next line of assignments begins, also as its echo.
    bool skip_line_break() {
        const bool quoted = skip("'");
        skip("\r");
        if (!skip("\n")) return false;
        if (skip(prints_marker) && !skip_line()) return false;
        return skip(next_assignment) && (!quoted || skip("'"));
    }

    bool skip_spelling(std::string_view spelling) {
        for (std::size_t i = 0; i < spelling.size(); ++i) {
            const auto byte = spelling.substr(i, 1);
            if (skip(byte)) continue;
            if (i == 0 || rest.empty() || !skip_line_break() || !skip(byte)) return false;
        }
        return true;
    }
};

}  // namespace

secret_mask::secret_mask(const std::vector<std::string>& secrets) {
    std::set<std::string> all;
    for (const auto& secret : secrets) {
        add_spellings(all, secret);
        // Wherever lines are told one by one.
        for (const auto& line : split_lines(secret))
            if (line.size() >= shortest_line) add_spellings(all, std::string(line));
    }
    all.erase("");
    spellings_.assign(all.begin(), all.end());
    std::ranges::stable_sort(spellings_, std::ranges::greater(), &std::string::size);
    std::set<char> first;
    for (const auto& spelling : spellings_) first.insert(spelling.front());
    first_bytes_.assign(first.begin(), first.end());
}

std::string secret_mask::text(std::string text) const {
    return release(text, true);
}

json secret_mask::masked(json value) const {
    return masked_in(*this, std::move(value), true);
}

template <typename Stream>
Stream secret_mask::mask_stream(const Stream& original) {
    auto& held = held_[Stream::type];
    held += original.bytes;
    Stream masked;
    masked.bytes = release(held, false);
    masked.held = held.size();
    return masked;
}

event secret_mask::mask(const event& original) {
    return {original.when, std::visit(
                               [this]<typename Event>(const Event& what) -> event_data {
                                   // QEMU's words and the ones for it hold nothing of a scenario's.
                                   if constexpr (std::is_same_v<Event, events::qmp> ||
                                                 std::is_same_v<Event, events::qmp_in>)
                                       return what;
                                   else if constexpr (std::is_base_of_v<events::stream, Event>)
                                       return mask_stream(what);
                                   else
                                       return event_from_json(masked(to_json(what)));
                               },
                               original.what)};
}

std::vector<event> secret_mask::finish(time_point now) {
    std::vector<event> rest;
    for (auto& [type, held] : held_)
        if (const auto released = release(held, true); !released.empty()) {
            auto line = bytes_to_json(released);
            line["type"] = type;
            rest.push_back({now, event_from_json(std::move(line))});
        }
    return rest;
}

secret_mask::beginning secret_mask::beginning_of(std::string_view rest) const {
    beginning found;
    for (const auto& spelling : spellings_) {
        cursor at{rest};
        if (at.skip_spelling(spelling)) {
            found.secret = rest.size() - at.rest.size();
            break;
        }
        found.may_be_more = found.may_be_more || at.cut_short;
    }
    return found;
}

/// Takes from `held` what can be told, with the secrets in it masked.
std::string secret_mask::release(std::string& held, bool all) const {
    std::string released;
    std::string_view rest = held;
    while (!rest.empty()) {
        const auto plain = rest.substr(0, rest.find_first_of(first_bytes_));
        released += plain;
        rest.remove_prefix(plain.size());
        const auto found = beginning_of(rest);
        if (rest.empty() || (found.may_be_more && !all)) break;
        if (found.secret > 0)
            released += shown_instead;
        else
            released += rest.front();
        rest.remove_prefix(std::max<std::size_t>(found.secret, 1));
    }
    held = std::string(rest);
    return released;
}

}  // namespace qh
