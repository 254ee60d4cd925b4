// Wrong calls explained.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace qh {

/// What is wrong with the call that `app` could not read, with the command or option that was
/// probably meant, and how to get help. Ends with a newline.
std::string explain(const CLI::App& app, const CLI::ParseError& mistake);

}  // namespace qh
