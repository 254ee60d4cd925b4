#include "replay/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <simdjson.h>
#include <cerrno>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "run/events/event_json.hpp"

namespace qh {

namespace {

constexpr std::size_t block_size = 256u << 10;
/// A chunk of console is 64 KiB at most; a step's record is the longest.
constexpr std::size_t longest_line = 16u << 20;
constexpr int deepest = 64;
constexpr std::size_t most_damage = 20;
/// Beyond this a time is none of a run.
constexpr double longest_run_s = 1e8;

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

/// Throws a usage error where the value is no event.
event event_from(json value) {
    const auto seconds = value.is_object() ? value.find("t") : value.end();
    if (!value.is_object() || seconds == value.end() || !seconds->is_number() ||
        !(std::abs(seconds->get<double>()) < longest_run_s))
        throw usage_error("it has no time");
    // The journal's seconds are exact to the nanosecond when rounded.
    const auto when =
        journal_epoch + std::chrono::nanoseconds(std::llround(seconds->get<double>() * 1e9));
    return {when, event_from_json(std::move(value))};
}

}  // namespace

/// nlohmann_json reads strings by the character; a journal is gigabytes of them.
struct journal_reader::parser {
    parser() {
        if (const auto error = lines.allocate(block_size, deepest); error) throw std::bad_alloc();
    }

    event read(const std::string& line) {
        simdjson::dom::element element;
        if (lines.parse(line).get(element) != simdjson::SUCCESS) throw usage_error("it is no JSON");
        return event_from(value_of(element));
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
        try {
            return journal_entry{line_, parser_->read(line)};
        } catch (const error& e) {
            note(whole_ ? fmt::format("no event: {}", printable(e.what())) : "torn off", !whole_);
        }
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
