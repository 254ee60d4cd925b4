// OpenMP: several threads, a reduction, ordered updates, a critical section and tasks.
#include <omp.h>
#include <stdio.h>

static long fibonacci(int n) {
    if (n < 2) return n;
    long a, b;
#pragma omp task shared(a) if (n > 12)
    a = fibonacci(n - 1);
#pragma omp task shared(b) if (n > 12)
    b = fibonacci(n - 2);
#pragma omp taskwait
    return a + b;
}

int main(void) {
    long sum = 0, critical = 0, atomic = 0, answer = 0;
    int threads = 0;
#pragma omp parallel num_threads(3)
    {
#pragma omp single
        threads = omp_get_num_threads();
#pragma omp for reduction(+ : sum) schedule(dynamic, 7)
        for (int i = 1; i <= 100000; ++i) sum += i;
        for (int i = 0; i < 1000; ++i) {
#pragma omp critical
            critical += 1;
#pragma omp atomic
            atomic += 2;
        }
#pragma omp single
        answer = fibonacci(18);
    }
    printf("threads %d sum %ld critical %ld atomic %ld tasks %ld\n", threads, sum, critical, atomic, answer);
    return 0;
}
