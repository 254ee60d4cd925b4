# One stage of a module's life under DKMS, and what must be seen after it.
stage='{{stage}}'
module='{{module}}'
source='{{module_source}}'
[ "$source" != none ] || source=/root/qharness_probe
kernel=$(uname -r)

skip() { echo "skip: $1"; exit 0; }
fail() { echo "$1"; exit 1; }

for program in dkms make modprobe; do
    command -v $program >/dev/null || skip "this guest has no $program"
done
command -v gcc >/dev/null || command -v clang >/dev/null || skip "this guest has no compiler"
[ -e "/lib/modules/$kernel/build/Makefile" ] || skip "this guest has no headers of its kernel $kernel"

[ -r "$source/dkms.conf" ] || fail "there is no $source/dkms.conf"
name=$(sed -n 's/^PACKAGE_NAME="*\([^"]*\)"*$/\1/p' "$source/dkms.conf")
version=$(sed -n 's/^PACKAGE_VERSION="*\([^"]*\)"*$/\1/p' "$source/dkms.conf")
[ -n "$name" ] && [ -n "$version" ] || fail "$source/dkms.conf has no PACKAGE_NAME or PACKAGE_VERSION"

state_is() { dkms status "$name/$version" | grep -q "$1" || fail "dkms status: $(dkms status "$name/$version")"; }

case $stage in
    add)
        dkms remove "$name/$version" --all >/dev/null 2>&1
        dkms add "$source" || exit 1
        state_is added
        ;;
    build)
        dkms build "$name/$version" -k "$kernel" || {
            cat "/var/lib/dkms/$name/$version/build/make.log"
            exit 1
        }
        state_is built
        ;;
    install)
        dkms install "$name/$version" -k "$kernel" || exit 1
        state_is installed
        ;;
    modinfo)
        modinfo "$module" || exit 1
        modinfo -F vermagic "$module" | grep -q "^$kernel " || fail "built for another kernel"
        modinfo -F filename "$module" | grep -q dkms || fail "not the module that DKMS installed"
        ;;
    modprobe)
        modprobe "$module" || exit 1
        lsmod | grep "^$module " || fail "lsmod does not list $module"
        [ -d "/sys/module/$module" ] || fail "there is no /sys/module/$module"
        ;;
    rmmod)
        lsmod | grep -q "^$module " || fail "$module was not loaded"
        rmmod "$module" || exit 1
        ! lsmod | grep "^$module " || fail "lsmod still lists $module"
        dkms remove "$name/$version" --all || exit 1
        ! modinfo "$module" >/dev/null 2>&1 || fail "DKMS left the module in /lib/modules"
        ;;
esac
