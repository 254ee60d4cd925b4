#include "scenario/outcome.hpp"

namespace qh {

int exit_code(run_outcome outcome) {
    switch (outcome) {
        case run_outcome::passed:
            return 0;
        case run_outcome::interrupted:
            return 2;
        case run_outcome::infra_error:
            return 6;
        default:
            return 1;
    }
}

}  // namespace qh
