#include "base/error.hpp"

namespace qh {

int exit_code(fault kind) {
    switch (kind) {
        case fault::usage:
            return 4;
        case fault::infrastructure:
            return 6;
        case fault::interrupted:
            return 2;
        case fault::internal:
            return 3;
    }
    return 3;
}

}  // namespace qh
