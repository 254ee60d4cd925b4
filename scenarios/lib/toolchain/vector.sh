# Code for the vector extension is made, and where the CPU has it the code computes what plain code does.
say() { echo "{\"test\": \"$1\", \"outcome\": \"$2\", \"reason\": \"$(printf %s "$3" | tr -d '"\\' | tr '\n\t' '  ' | cut -c 1-300)\"}"; }
command -v {{cc}} >/dev/null || { say vector skipped "no {{cc}} in this guest"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cat >loops.c <<'SOURCE'
{{loops_c}}
SOURCE

build() { # MARCH OUTPUT
    {{cc}} -O3 -Wall -Wextra -Werror -march=$1 -mabi=lp64d -o $2 loops.c 2>errors ||
        { say "compile for $1" failed "$(head -n 3 errors)"; return 1; }
    say "compile for $1" passed
}

build rv64gc plain && {
    if got=$(./plain 2>&1); then say "run without vectors" passed "$got"; else say "run without vectors" failed "$got"; fi
}
build rv64gcv vectors || exit 0
{{cc}} -O3 -march=rv64gcv -mabi=lp64d -S -o loops.s loops.c
count=$(grep -c -w -E 'vset[i]?vli?' loops.s)
if [ "$count" -ge 4 ]; then
    say "loops are vectorised" passed "$count times vsetvli"
else
    say "loops are vectorised" failed "only $count times vsetvli in the four loops"
fi
if [ "{{vector}}" = yes ]; then
    got=$(./vectors 2>&1)
    status=$?
    if [ $status -eq 0 ]; then say "run with vectors" passed "$got"; else say "run with vectors" failed "status $status: $got"; fi
else
    say "run with vectors" skipped "this CPU has no v"
fi
