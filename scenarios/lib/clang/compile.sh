# Compiles a C program with clang, with and without optimisation; both must print the same figures.
set -e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > figures.c <<'SOURCE'
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned long prime_sum(unsigned limit) {
    unsigned char composite[10000];
    memset(composite, 0, sizeof composite);
    unsigned long sum = 0;
    for (unsigned i = 2; i < limit; ++i) {
        if (composite[i]) continue;
        sum += i;
        for (unsigned j = i * i; j < limit; j += i) composite[j] = 1;
    }
    return sum;
}

static uint32_t crc32(const char* text) {
    uint32_t crc = UINT32_MAX;
    for (; *text; ++text) {
        crc ^= (unsigned char)*text;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1u));
    }
    return ~crc;
}

int main(void) {
    double basel = 0;
    for (int k = 1000; k >= 1; --k) basel += 1.0 / ((double)k * k);
    printf("clang version %s\n", __clang_version__);
    printf("pointer bits %zu\n", 8 * sizeof(void*));
    printf("sum of primes below 10000 = %lu\n", prime_sum(10000));
    printf("crc32 of 123456789 = %08x\n", crc32("123456789"));
    printf("sqrt(6 * sum 1/k^2, k<=1000) = %.12f\n", sqrt(6 * basel));
    return 0;
}
SOURCE
for level in -O0 -O2; do
    clang $level -Wall -Werror -ffp-contract=off -o figures figures.c -lm
    ./figures > "figures$level.txt"
done
cmp figures-O0.txt figures-O2.txt
cat figures-O2.txt
