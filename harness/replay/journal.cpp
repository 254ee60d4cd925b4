#include "replay/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <simdjson.h>
#include <cerrno>
#include <cmath>

#include "base/base64.hpp"

namespace qh {

namespace {

constexpr std::size_t block_size = 256u << 10;
/// A chunk of console is 64 KiB at most; a step's record is the longest.
constexpr std::size_t longest_line = 16u << 20;
constexpr int deepest = 64;
constexpr std::size_t most_damage = 20;
/// Beyond this a time is none of a run.
constexpr double longest_run_s = 1e8;

std::optional<std::string> bytes_of(const json& data) {
    if (const auto text = data.find("text"); text != data.end() && text->is_string())
        return text->get<std::string>();
    if (const auto coded = data.find("base64"); coded != data.end() && coded->is_string())
        return base64_decoded(coded->get_ref<const std::string&>());
    return std::nullopt;
}

bool carries_bytes(const std::string& type) {
    return type == "console_out" || type == "console_in" || type == "channel_out" ||
           type == "channel_in" || type == "stderr";
}

/// As json::parse would have it: a number without a sign is an unsigned one.
json value_of(const simdjson::dom::element& element) {
    using kind = simdjson::dom::element_type;
    switch (element.type()) {
        case kind::OBJECT: {
            auto object = json::object();
            for (const auto [key, value] : simdjson::dom::object(element))
                object[std::string(key)] = value_of(value);
            return object;
        }
        case kind::ARRAY: {
            auto array = json::array();
            for (const auto value : simdjson::dom::array(element)) array.push_back(value_of(value));
            return array;
        }
        case kind::STRING:
            return std::string_view(element);
        case kind::BOOL:
            return bool(element);
        case kind::DOUBLE:
            return double(element);
        case kind::UINT64:
            return std::uint64_t(element);
        case kind::INT64: {
            const auto number = std::int64_t(element);
            return number < 0 ? json(number) : json(static_cast<std::uint64_t>(number));
        }
        default:  // null; BIGINT, which only newer versions know, has to be asked for
            return nullptr;
    }
}

/// Nothing where the value is no event.
std::optional<journal_entry> entry_from(json value) {
    if (!value.is_object()) return std::nullopt;
    const auto type = value.find("type"), seconds = value.find("t");
    if (type == value.end() || !type->is_string() || seconds == value.end() ||
        !seconds->is_number() || !(std::abs(seconds->get<double>()) < longest_run_s))
        return std::nullopt;
    journal_entry entry;
    entry.what.type = type->get<std::string>();
    // The journal's seconds are exact to the nanosecond when rounded.
    entry.what.when =
        journal_epoch + std::chrono::nanoseconds(std::llround(seconds->get<double>() * 1e9));
    value.erase("t");
    value.erase("type");
    entry.what.data = std::move(value);
    if (!carries_bytes(entry.what.type)) return entry;
    auto bytes = bytes_of(entry.what.data);
    if (!bytes) return std::nullopt;
    entry.bytes = std::move(*bytes);
    return entry;
}

}  // namespace

/// nlohmann_json reads strings by the character; a journal is gigabytes of them.
struct journal_reader::parser {
    parser() {
        if (const auto error = lines.allocate(block_size, deepest); error) throw std::bad_alloc();
    }

    std::optional<journal_entry> entry(const std::string& line) {
        simdjson::dom::element element;
        if (lines.parse(line).get(element) != simdjson::SUCCESS) return std::nullopt;
        return entry_from(value_of(element));
    }

    simdjson::dom::parser lines;
};

double journal_seconds(time_point when) {
    return std::chrono::duration<double>(when - journal_epoch).count();
}

journal_reader::journal_reader(const std::filesystem::path& file)
    : file_(file),
      fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)),
      parser_(std::make_unique<parser>()) {
    if (!fd_) throw usage_error("cannot read {}: {}", file.string(), system_message(errno));
}

journal_reader::~journal_reader() = default;

std::optional<journal_entry> journal_reader::next() {
    for (std::string line; read_line(line); line.clear()) {
        if (line.size() > longest_line) {
            note("longer than any event");
            continue;
        }
        if (auto entry = parser_->entry(line)) {
            entry->line = line_;
            return entry;
        }
        note(whole_ ? "no event" : "torn off", !whole_);
    }
    return std::nullopt;
}

/// Of a line that is too long only the beginning.
bool journal_reader::read_line(std::string& line) {
    whole_ = false;
    bool any = false;
    for (;;) {
        if (at_ == block_.size() && !ended_) {
            block_.resize(block_size);
            const auto got = ::read(fd_.get(), block_.data(), block_.size());
            if (got < 0)
                throw usage_error("cannot read {}: {}", file_.string(), system_message(errno));
            block_.resize(static_cast<std::size_t>(got));
            at_ = 0;
            ended_ = got == 0;
        }
        if (at_ == block_.size()) break;
        any = true;
        const auto end = block_.find('\n', at_);
        const auto part =
            std::string_view(block_).substr(at_, end == std::string::npos ? end : end - at_);
        if (line.size() <= longest_line) line += part;
        at_ += part.size();
        if (end == std::string::npos) continue;
        ++at_;
        whole_ = true;
        break;
    }
    if (any) ++line_;
    return any;
}

void journal_reader::note(std::string what, bool at_end) {
    if (damage_.size() < most_damage) damage_.push_back({line_, std::move(what), at_end});
}

}  // namespace qh
