# Builds an image from nothing but one static program and runs it: rootful, without a network.
skip() { echo "skip: $1"; exit 0; }
command -v podman >/dev/null || skip "this guest has no podman"
program=$(command -v busybox) || skip "this guest has no busybox to make an image of"
case $(ldd "$program" 2>&1) in *'=>'*) skip "this guest's busybox is not static" ;; esac
grep -q cgroup2 /proc/mounts || skip "this guest has no cgroup2"
set -e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$program" "$work/busybox"
printf 'FROM scratch\nCOPY busybox /bin/busybox\n' >"$work/Containerfile"
pod() { podman --storage-driver vfs --cgroup-manager cgroupfs "$@"; }
pod build --network none --tag qharness-probe "$work"
pod run --rm --network none qharness-probe /bin/busybox echo "in a container: $((6 * 7))"
pod rmi --force qharness-probe
