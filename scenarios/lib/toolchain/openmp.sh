# OpenMP, where the compiler has its header and library.
command -v {{cc}} >/dev/null || { echo "skip: no {{cc}} in this guest"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
echo '#include <omp.h>
int main(void) { return omp_get_max_threads() < 1; }' >probe.c
{{cc}} -fopenmp -o probe probe.c 2>errors || { echo "skip: {{cc}} has no OpenMP here: $(head -n 1 errors)"; exit 0; }
cat >parallel.c <<'SOURCE'
{{parallel_c}}
SOURCE
{{cc}} -O2 -Wall -Werror -fopenmp -o parallel parallel.c && ./parallel
