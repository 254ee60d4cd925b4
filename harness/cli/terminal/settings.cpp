#include "cli/terminal/settings.hpp"

#include "base/error.hpp"

namespace qh {

std::map<std::string, std::string> parse_settings(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> settings;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw usage_error("--set wants NAME=VALUE, not '{}'", text);
        settings[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return settings;
}

}  // namespace qh
