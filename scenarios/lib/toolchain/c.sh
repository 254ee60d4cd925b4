# The same figures at every level of optimisation.
set -e
command -v {{cc}} >/dev/null || { echo "skip: no {{cc}} in this guest"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >figures.c <<'SOURCE'
{{figures_c}}
SOURCE
for level in O0 O2 O3; do
    # Contraction would make other roundings at other levels.
    {{cc}} -$level -Wall -Wextra -Werror -ffp-contract=off -frounding-math -o figures figures.c -lm -pthread
    ./figures >figures-$level
done
for level in O2 O3; do
    cmp figures-O0 figures-$level || { diff figures-O0 figures-$level || true; echo "wrong: -O0 and -$level differ"; exit 1; }
done
cat figures-O3
