# By /etc/fstab. /dev is new at each boot, so that the place must be made anew, which util-linux can.
options=pagesize=$((size_kb / 1024))M
case $(mount --version 2>/dev/null) in *util-linux*) options=$options,X-mount.mkdir ;; esac
mkdir -p "$place"
touch /etc/fstab
grep -q " $place hugetlbfs " /etc/fstab || echo "hugetlbfs $place hugetlbfs $options 0 0" >>/etc/fstab
grep -q " $place hugetlbfs " /proc/mounts || mount "$place" || fail "mount $place failed"
