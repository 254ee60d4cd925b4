#include "cli/terminal/option_checks.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>

namespace qh {

CLI::Validator not_empty() {
    return {[](const std::string& text) { return text.empty() ? "must not be empty" : ""; }, ""};
}

CLI::Validator not_nan() {
    return {[](const std::string& text) {
                return std::isnan(std::strtod(text.c_str(), nullptr)) ? "is no number" : "";
            },
            ""};
}

}  // namespace qh
