# One kind of huge pages: allocates them, mounts them, uses one, and looks at all three places that
# tell of them.
size_kb='{{size_kb}}'
pages='{{pages}}'
place='{{place}}'
sizes=/sys/kernel/mm/hugepages/hugepages-${size_kb}kB

fail() { echo "$1"; exit 1; }
[ -d /sys/kernel/mm/hugepages ] || { echo "skip: this kernel has no huge pages"; exit 0; }
[ -d "$sizes" ] || { echo "skip: this kernel has no pages of $size_kb kB"; exit 0; }
[ "$pages" -gt 0 ] || { echo "skip: no pages of $size_kb kB were asked for"; exit 0; }
default_kb=$(sed -n 's/^Hugepagesize: *\([0-9]*\) kB/\1/p' /proc/meminfo)

if [ "$size_kb" = "$default_kb" ]; then
    mkdir -p /etc/sysctl.d
    printf 'vm.nr_hugepages = %s\nvm.hugetlb_shm_group = 0\n' "$pages" \
        >/etc/sysctl.d/99-tenstorrent-hugepages.conf
    sysctl -p /etc/sysctl.d/99-tenstorrent-hugepages.conf || fail "sysctl failed"
elif [ "$(cat "$sizes/nr_hugepages")" -lt "$pages" ]; then
    sync
    echo 3 >/proc/sys/vm/drop_caches
    echo 1 >/proc/sys/vm/compact_memory
    echo "$pages" >"$sizes/nr_hugepages"
fi
got=$(cat "$sizes/nr_hugepages")
[ "$got" -ge "$pages" ] || fail "the kernel has $got of $pages pages of $size_kb kB: too little memory in one piece"
if [ "$size_kb" = "$default_kb" ]; then
    total=$(sed -n 's/^HugePages_Total: *//p' /proc/meminfo)
    [ "$total" = "$got" ] || fail "/proc/meminfo has HugePages_Total $total, /sys has $got"
fi

{{mount}}
grep " $place hugetlbfs " /proc/mounts || fail "/proc/mounts has no hugetlbfs on $place"
size_m=$((size_kb / 1024))
grep " $place hugetlbfs .*pagesize=${size_m}M" /proc/mounts >/dev/null || fail "$place has pages of another size"

free_before=$(cat "$sizes/free_hugepages")
fallocate -l $((size_kb * 1024)) "$place/qharness" || fail "no file of one page can be made on $place"
free_with=$(cat "$sizes/free_hugepages")
rm "$place/qharness"
free_after=$(cat "$sizes/free_hugepages")
[ $((free_before - free_with)) = 1 ] && [ "$free_after" = "$free_before" ] ||
    fail "a file of one page changed the free pages from $free_before to $free_with, and $free_after after it"
echo "pages of $size_kb kB: $got, free: $free_after"
grep -i huge /proc/meminfo
