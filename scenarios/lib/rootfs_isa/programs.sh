# Runs each program so that it does nothing, and tells which die of a signal.
result() {
    echo "{\"test\": \"$1\", \"outcome\": \"$2\", \"reason\": \"$3\"}"
}

# What the kernel said last of an illegal instruction, without what JSON would trip over.
kernels_word() {
    dmesg 2>/dev/null | grep 'unhandled signal 4' | tail -n 1 | tr -d '"\\\t\r' | sed 's/^\[[^]]*\] *//'
}

failed=0
for program in {{programs}}; do
    if ! path=$(command -v "$program"); then
        result "$program" skipped 'not there'
        continue
    fi
    case $program in
    python3) argument=-V ;;
    *) argument=--help ;;
    esac
    # A shell of its own, for this one would tell of the signal.
    (exec "$path" "$argument" </dev/null >/dev/null 2>&1)
    status=$?
    case $status in
    132)
        result "$program" failed "SIGILL: $(kernels_word)"
        failed=132
        ;;
    13[4-9])
        result "$program" failed "died of signal $((status - 128))"
        failed=1
        ;;
    *) result "$program" passed '' ;;
    esac
done 2>/dev/null
exit $failed
