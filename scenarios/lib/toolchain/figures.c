// Prints figures that are known; every level of optimisation must print the same.
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile double half = 0.5, three = 3, hundred = 100, above = 1 + 0x1p-30, below = 1 - 0x1p-30;
static volatile long double two = 2;

static uint32_t crc32(const char* text) {
    uint32_t crc = UINT32_MAX;
    for (; *text; ++text) {
        crc ^= (unsigned char)*text;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1u));
    }
    return ~crc;
}

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

static void integers(void) {
    printf("crc32 %08x\n", crc32("123456789"));
    printf("primes %lu\n", prime_sum(10000));
    uint64_t x = 1;
    for (int i = 0; i < 2000; ++i) x = x * 6364136223846793005u + 1442695040888963407u;
    printf("generator %llu\n", (unsigned long long)x);
    unsigned __int128 large = ((unsigned __int128)1 << 127) - 1;
    printf("int128 %llu %llu\n", (unsigned long long)(large % 77158673929u),
           (unsigned long long)(large / 77158673929u >> 64));
    printf("bits %d %d %d %x\n", __builtin_popcountll(x), __builtin_clzll(255), __builtin_ctz(4096),
           __builtin_bswap32(0x12345678));
    volatile int negative = -7;
    printf("division %d %d %d\n", negative / 2, negative % 2, negative >> 1);
}

static void floating(void) {
    printf("sin %.14g exp %.14g log %.14g pow %.14g\n", sin(half), exp(half), log(three), pow(1.1, hundred));
    printf("tan %.14g atan2 %.14g cbrt %.14g tgamma %.14g\n", tan(half), atan2(half, -three), cbrt(three),
           tgamma(half));
    printf("sqrt %a fma %a hypot %.14g erf %.14g\n", sqrt(three), fma(above, below, -1), hypot(3e200, 4e200),
           erf(half));
    printf("float %.7g %.7g\n", (double)sinf((float)half), (double)sqrtf((float)three));
    printf("special %d %d %d %g\n", isnan(half - half + NAN), isinf(half / (three - three)), signbit(-0.0) != 0,
           fmin(NAN, three));
    printf("rounding %g %g %g %ld\n", rint(2.5), round(2.5), trunc(-2.5), lrint(half + 1));
    fesetround(FE_UPWARD);
    volatile double up = 1 / three;
    fesetround(FE_TONEAREST);
    volatile double nearest = 1 / three;
    printf("upward %a nearest %a\n", up, nearest);
}

static void quadruple(void) {
    printf("long double %zu bytes, %d bits\n", sizeof(long double), LDBL_MANT_DIG);
    printf("sqrtl %.33Lf\n", sqrtl(two));
    printf("pi %.33Lf\n", 4 * atanl(two / 2));
    printf("last bit %d %d\n", 1 + ldexpl(1, -112) > 1, (int)(1 + ldexpl(1, -113) > 1));
    printf("strtold %.30Lg\n", strtold("0.1", NULL));
}

static atomic_long counter;
static atomic_uchar small_counter;
static atomic_llong highest;
static _Thread_local int mine;

static void* count(void* argument) {
    const int self = *(int*)argument;
    for (int i = 0; i < 20000; ++i) {
        atomic_fetch_add(&counter, 1);
        atomic_fetch_add(&small_counter, 1);
        long long value = (long long)i * 4 + self, seen = atomic_load(&highest);
        while (seen < value && !atomic_compare_exchange_weak(&highest, &seen, value)) {}
        mine += 1;
    }
    *(int*)argument = mine;
    return NULL;
}

static void threads(void) {
    pthread_t thread[4];
    int number[4] = {0, 1, 2, 3};
    for (int i = 0; i < 4; ++i)
        if (pthread_create(&thread[i], NULL, count, &number[i])) exit(3);
    for (int i = 0; i < 4; ++i) pthread_join(thread[i], NULL);
    printf("atomics %ld %d %lld %d\n", atomic_load(&counter), atomic_load(&small_counter), atomic_load(&highest),
           number[3]);
}

struct mixed {
    double d;
    float f;
    long l;
};

static double sum_of(int count, ...) {
    va_list list;
    va_start(list, count);
    double sum = 0;
    for (int i = 0; i < count; ++i) {
        struct mixed m = va_arg(list, struct mixed);
        sum += m.d + m.f + (double)m.l + va_arg(list, int) + va_arg(list, double);
    }
    va_end(list);
    return sum;
}

static jmp_buf back;

static void jump(int depth) {
    static void (*volatile again)(int) = jump;
    if (depth == 0) longjmp(back, 42);
    again(depth - 1);
}

static int descending(const void* a, const void* b) {
    return *(const int*)b - *(const int*)a;
}

static void calls(void) {
    struct mixed m = {0.5, 0.25f, 7};
    printf("varargs %g\n", sum_of(2, m, 1, 2.5, m, 3, 4.5));
    volatile int value = setjmp(back);
    if (value == 0) jump(10);
    printf("longjmp %d\n", value);
    int list[] = {3, 9, 1, 7};
    qsort(list, 4, sizeof list[0], descending);
    printf("qsort %d %d %d %d\n", list[0], list[1], list[2], list[3]);
}

int main(void) {
    integers();
    floating();
    quadruple();
    threads();
    calls();
    return 0;
}
