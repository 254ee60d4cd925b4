# proc, sysfs and /dev are mounted where programs look for them, and answer.
wrong=0
complain() { echo "wrong: $*"; wrong=1; }

# The last one mounted on a place hides those before it.
type_at() {
    found=nothing
    while read -r _ place type _; do
        [ "$place" != "$1" ] || found=$type
    done </proc/mounts
    echo "$found"
}

expect_mount() {
    got=$(type_at "$1")
    echo "$1 is $got"
    case " $2 " in
    *" $got "*) ;;
    *) complain "$1 is $got, expected one of: $2" ;;
    esac
}

[ -r /proc/mounts ] || { echo "wrong: there is no /proc/mounts"; exit 1; }
expect_mount /proc proc
expect_mount /sys sysfs
expect_mount /dev "devtmpfs tmpfs"
[ "$(type_at /)" != nothing ] || complain "/proc/mounts does not know /"

sh -c 'read -r pid _ </proc/self/stat; [ "$pid" = "$$" ]' || complain "/proc/self is not who reads it"
[ -r /sys/devices/system/cpu/online ] || complain "/sys/devices/system/cpu/online cannot be read"
exit $wrong
