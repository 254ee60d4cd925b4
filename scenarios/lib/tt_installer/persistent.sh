# What a reboot must have brought back.
fail() { echo "$1"; exit 1; }
[ -f /etc/sysctl.d/99-tenstorrent-hugepages.conf ] || { echo "skip: this kernel has no huge pages"; exit 0; }
total=$(sed -n 's/^HugePages_Total: *//p' /proc/meminfo)
[ "$total" = '{{pages}}' ] || fail "HugePages_Total is $total after the reboot"
if [ -d /sys/kernel/mm/hugepages/hugepages-1048576kB ]; then
    grep ' {{place}} hugetlbfs .*pagesize=1024M' /proc/mounts || fail "{{place}} is not mounted after the reboot"
fi
