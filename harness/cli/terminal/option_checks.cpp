#include "cli/terminal/option_checks.hpp"

namespace qh {

CLI::Validator not_empty() {
    return {[](const std::string& text) { return text.empty() ? "must not be empty" : ""; }, ""};
}

}  // namespace qh
