// A failure's title, by which equal crashes are known to be equal.
#pragma once

#include <string>
#include <string_view>

namespace qh {

/// A message without what differs from one occurrence to the next: addresses, harts, processes'
/// numbers, workers, amounts and times. An exit code that the end of the line cuts is left out,
/// for its beginning would tell another one.
std::string normalised_title(std::string_view message);

}  // namespace qh
