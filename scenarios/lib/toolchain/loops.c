// Loops that a compiler turns into vector code, over every length to 70, against plain ones.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { most = 70 };

void axpy(int n, float a, const float* restrict x, float* restrict y) {
    for (int i = 0; i < n; ++i) y[i] += a * x[i];
}

int32_t dot(int n, const int16_t* restrict x, const int16_t* restrict y) {
    int32_t sum = 0;
    for (int i = 0; i < n; ++i) sum += x[i] * y[i];
    return sum;
}

void clamp(int n, const int8_t* restrict x, int8_t* restrict y) {
    for (int i = 0; i < n; ++i) y[i] = x[i] > 20 ? 20 : x[i] < -20 ? -20 : x[i];
}

double largest(int n, const double* x) {
    double m = x[0];
    for (int i = 1; i < n; ++i) m = x[i] > m ? x[i] : m;
    return m;
}

int main(void) {
    float x[most], y[most];
    int16_t p[most], q[most];
    int8_t c[most], d[most];
    double v[most];
    int wrong = 0;
    for (int n = 1; n <= most; ++n) {
        // Through volatile variables, so that the expected values are computed one by one.
        for (int i = 0; i < most; ++i) {
            x[i] = (float)(i * 7 % 31 - 15);
            y[i] = (float)(i % 5);
            p[i] = (int16_t)(i * 37 % 201 - 100);
            q[i] = (int16_t)(i * 53 % 151 - 75);
            c[i] = (int8_t)(i * 91 % 256 - 128);
            d[i] = 99;
            v[i] = i * 29 % 71 - 35;
        }
        axpy(n, 3, x, y);
        const int32_t sum = dot(n, p, q);
        clamp(n, c, d);
        const double top = largest(n, v);
        volatile int32_t plain_sum = 0;
        volatile double plain_top = v[0];
        for (int i = 0; i < most; ++i) {
            volatile float plain_y = (float)(i % 5);
            if (i < n) {
                plain_y = plain_y + 3 * x[i];
                plain_sum = plain_sum + p[i] * q[i];
                if (v[i] > plain_top) plain_top = v[i];
            }
            volatile int8_t plain_d = 99;
            if (i < n) plain_d = c[i] > 20 ? 20 : c[i] < -20 ? -20 : c[i];
            wrong += y[i] != plain_y;
            wrong += d[i] != plain_d;
        }
        wrong += sum != plain_sum;
        wrong += top != plain_top;
    }
    printf("%d lengths, %d wrong\n", most, wrong);
    return wrong != 0;
}
