#include "replay/yaml_mapping.hpp"

#include <yaml.h>

#include <new>
#include <utility>

namespace qh {
namespace {

constexpr int deepest_nesting = 16;

/// The events of a text, one at a time: how libyaml tells what it reads.
class yaml_events {
  public:
    explicit yaml_events(std::string_view text) {
        if (!yaml_parser_initialize(&parser_)) throw std::bad_alloc();
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    yaml_events(const yaml_events&) = delete;
    yaml_events& operator=(const yaml_events&) = delete;
    ~yaml_events() {
        yaml_event_delete(&event_);
        yaml_parser_delete(&parser_);
    }

    /// YAML_NO_EVENT where the text is no YAML.
    yaml_event_type_t next() {
        yaml_event_delete(&event_);
        if (!yaml_parser_parse(&parser_, &event_)) event_ = {};
        return event_.type;
    }

    /// Of the event, which is a scalar.
    std::string scalar() const {
        return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
    }

    /// Goes to the end of the value that the event begins; whether there is one. Nesting is bounded
    /// because libyaml's scanner takes time in proportion to it for each token.
    bool skip_value() {
        for (int depth = 0;; next()) {
            switch (event_.type) {
                case YAML_SEQUENCE_START_EVENT:
                case YAML_MAPPING_START_EVENT:
                    if (++depth > deepest_nesting) return false;
                    break;
                case YAML_SEQUENCE_END_EVENT:
                case YAML_MAPPING_END_EVENT:
                    --depth;
                    break;
                case YAML_SCALAR_EVENT:
                case YAML_ALIAS_EVENT:
                    break;
                default:
                    return false;
            }
            if (depth == 0) return true;
        }
    }

  private:
    yaml_parser_t parser_{};
    yaml_event_t event_{};
};

}  // namespace

std::optional<std::map<std::string, std::string>> yaml_mapping(std::string_view text) {
    yaml_events events(text);
    auto kind = events.next();
    while (kind == YAML_STREAM_START_EVENT || kind == YAML_DOCUMENT_START_EVENT)
        kind = events.next();
    if (kind == YAML_SEQUENCE_START_EVENT) kind = events.next();
    if (kind != YAML_MAPPING_START_EVENT) return std::nullopt;
    std::map<std::string, std::string> found;
    std::string outer;
    for (kind = events.next(); kind != YAML_MAPPING_END_EVENT || !outer.empty();
         kind = events.next()) {
        if (kind == YAML_MAPPING_END_EVENT) {
            outer.clear();
            continue;
        }
        if (kind != YAML_SCALAR_EVENT) return std::nullopt;
        auto key = outer + events.scalar();
        kind = events.next();
        if (kind == YAML_SCALAR_EVENT)
            found.insert_or_assign(std::move(key), events.scalar());
        else if (kind == YAML_MAPPING_START_EVENT && outer.empty())
            outer = key + ".";
        else if (!events.skip_value())
            return std::nullopt;
    }
    kind = events.next();
    if (kind == YAML_SEQUENCE_END_EVENT) kind = events.next();
    const bool is_all = kind == YAML_DOCUMENT_END_EVENT && events.next() == YAML_STREAM_END_EVENT;
    return is_all ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace qh
