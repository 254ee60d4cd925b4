// What options refuse that CLI11's own checks let through.
#pragma once

namespace CLI {
class Validator;
}

namespace qh {

/// For paths: an empty one is mostly a variable that a script forgot to set.
CLI::Validator not_empty();

/// Beside a range: nan is within each, as it compares with nothing.
CLI::Validator not_nan();

}  // namespace qh
