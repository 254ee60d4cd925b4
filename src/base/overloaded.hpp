// Several lambdas as one visitor of a variant.
#pragma once

namespace qh {

template <typename... Cases>
struct overloaded : Cases... {
    using Cases::operator()...;
};

}  // namespace qh
