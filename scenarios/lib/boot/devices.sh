# The devices that every program counts on do what they are for.
wrong=0
complain() { echo "wrong: $*"; wrong=1; }

for name in null zero full random urandom tty console {{console}}; do
    [ -c "/dev/$name" ] || complain "/dev/$name is no character device"
done

{ echo text >/dev/null; } || complain "/dev/null cannot be written"
[ "$(wc -c </dev/null)" -eq 0 ] || complain "/dev/null has something to read"

nonzero=$(dd if=/dev/zero bs=512 count=8 2>/dev/null | tr -d '\000' | wc -c)
size=$(dd if=/dev/zero bs=512 count=8 2>/dev/null | wc -c)
[ "$nonzero" -eq 0 ] && [ "$size" -eq 4096 ] ||
    complain "/dev/zero gave $size bytes of 4096 asked for, $nonzero of them not zero"

if (dd if=/dev/zero of=/dev/full bs=512 count=1) >/dev/null 2>&1; then
    complain "/dev/full takes data"
fi

some() { dd if=/dev/urandom bs=16 count=1 2>/dev/null | od -An -v -tx1; }
first=$(some)
second=$(some)
[ -n "$first" ] && [ "$first" != "$second" ] || complain "/dev/urandom gave twice:$first"

[ $wrong -eq 1 ] || echo "null zero full random urandom tty console {{console}} are sound"
exit $wrong
