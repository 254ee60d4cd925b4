# No message of level err or above that is not allowed. Of <N>, the lower three bits are the level.
command -v dmesg >/dev/null || { echo "skip: no dmesg in this guest"; exit 0; }
log=$(dmesg -r 2>&1) || { echo "skip: dmesg says: $log"; exit 0; }
messages=$(echo "$log" | grep -c '^<[0-9]*>')
echo "$messages messages"
# A log without a single message proves nothing.
[ "$messages" -gt 0 ] || { echo "wrong: the kernel's log is empty"; exit 1; }

errors=$(echo "$log" | while IFS= read -r line; do
    level=${line#<}
    level=${level%%>*}
    case $level in
    '' | *[!0-9]*) ;;
    *) [ $((level & 7)) -gt 3 ] || printf '%s\n' "$line" ;;
    esac
done)
allowed='{{allowed_errors}}'
if [ "$allowed" != none ]; then
    echo "allowed: $(echo "$errors" | grep -c -E -e "$allowed")"
    errors=$(echo "$errors" | grep -v -E -e "$allowed")
fi
[ -z "$errors" ] || { echo "wrong: the kernel logged errors:"; echo "$errors"; exit 1; }
echo "no errors"
