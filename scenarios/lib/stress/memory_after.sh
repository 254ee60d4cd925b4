# What is missing of the memory that was available before, once caches are dropped.
before={{available_before}}
{ echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null || echo "caches cannot be dropped here"
tries=0
# What was freed a moment ago may still wait for its turn.
while :; do
    while read -r name kib _; do
        [ "$name" != MemAvailable: ] || after=$kib
    done </proc/meminfo
    lost=$((before - after))
    tries=$((tries + 1))
    [ $lost -gt 1024 ] && [ $tries -lt 10 ] || break
    sleep 1
done
[ $lost -ge 0 ] || lost=0
echo "available $before KiB before, $after KiB after, lost ${lost}K"
zombies=$(grep -c '^[0-9]* (.*) Z' /proc/[0-9]*/stat 2>/dev/null | grep -c ':1$')
echo "zombies $zombies"
