# Memory that is available once caches are dropped.
sync
{ echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null || echo "caches cannot be dropped here"
while read -r name kib _; do
    [ "$name" != MemAvailable: ] || echo "available $kib KiB"
done </proc/meminfo
