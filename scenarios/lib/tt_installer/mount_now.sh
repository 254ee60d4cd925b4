mkdir -p "$place"
grep -q " $place hugetlbfs " /proc/mounts ||
    mount -t hugetlbfs -o pagesize=$((size_kb / 1024))M hugetlbfs "$place" || fail "mount failed"
