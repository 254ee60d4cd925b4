#!/bin/sh
# An installer as tt_installer runs it: takes its options, asks nothing, and sets up huge pages.
set -e
reboot=ask
python=
for option in "$@"; do
    case $option in
        --mode-non-interactive) ;;
        --python-choice=*) python=${option#*=} ;;
        --reboot-option=*) reboot=${option#*=} ;;
        *) echo "unknown option $option" >&2; exit 2 ;;
    esac
done
echo "python: $python, reboot: $reboot, user: $(id -un)"
mkdir -p /etc/sysctl.d
echo 'vm.nr_hugepages = 24' >/etc/sysctl.d/50-installer.conf
sysctl -p /etc/sysctl.d/50-installer.conf
mkdir -p /mnt/hugepages
mount -t hugetlbfs hugetlbfs /mnt/hugepages
grep HugePages_Total /proc/meminfo
grep /mnt/hugepages /proc/mounts
echo "installed"
