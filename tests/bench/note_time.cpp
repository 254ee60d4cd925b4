// Stands in for QEMU: tells when it was executed and ends. The time is CLOCK_MONOTONIC, in
// nanoseconds, in the file that NOTE_TIME_FILE names.
#include <cstdio>
#include <cstdlib>
#include <ctime>

int main() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const char* const path = std::getenv("NOTE_TIME_FILE");
    std::FILE* const file = path ? std::fopen(path, "w") : nullptr;
    if (!file) return 1;
    const long long nanoseconds = now.tv_sec * 1'000'000'000LL + now.tv_nsec;
    std::fprintf(file, "%lld\n", nanoseconds);
    return std::fclose(file) == 0 ? 0 : 1;
}
