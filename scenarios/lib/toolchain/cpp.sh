# The same answers at every level of optimisation.
set -e
command -v {{cxx}} >/dev/null || { echo "skip: no {{cxx}} in this guest"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >figures.cpp <<'SOURCE'
{{figures_cpp}}
SOURCE
for level in O0 O2 O3; do
    {{cxx}} -std=c++17 -$level -Wall -Wextra -Werror -o figures figures.cpp -pthread
    ./figures >figures-$level
done
for level in O2 O3; do
    cmp figures-O0 figures-$level || { diff figures-O0 figures-$level || true; echo "wrong: -O0 and -$level differ"; exit 1; }
done
cat figures-O3
