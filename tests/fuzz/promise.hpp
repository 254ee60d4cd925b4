// A promise that a fuzzer found broken ends the process, as libFuzzer wants it.
#pragma once

#include <cstdio>
#include <cstdlib>

inline void promise(bool kept, const char* what) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}
