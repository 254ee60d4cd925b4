# Loads every hart with workers that verify what they do, for {{duration}} seconds, and prints a JSON line for
# each worker. Each result is compared with one known beforehand, so a wrong one is a failure, not a guess.
duration={{duration}}
memory_percent={{memory_percent}}
work=$(mktemp -d "{{folder}}/stress.XXXXXX") || exit 1
# Pages of memory go to a tmpfs where there is one.
shm=$(mktemp -d /dev/shm/stress.XXXXXX 2>/dev/null) || shm=$work
trap 'rm -rf "$work" "$shm"' EXIT

# Whole seconds since boot.
uptime_s() { read -r up _ </proc/uptime; echo "${up%.*}"; }
# Hundredths; the leading 1 keeps a shell from reading octal.
uptime_cs() { read -r up _ </proc/uptime; fraction=1${up#*.}; echo $((${up%.*} * 100 + fraction - 100)); }
digest() { md5sum | cut -d ' ' -f 1; }
same() { [ "$2" = "$3" ] || { echo "$1: got '$2', expected '$3'" >reason; return 1; }; }

# A linear congruential generator, 64 bits with overflow, and the digest of a text of 108,894 bytes.
cpu() {
    x=1
    i=0
    while [ $i -lt 2000 ]; do
        x=$((x * 6364136223846793005 + 1442695040888963407))
        i=$((i + 1))
    done
    same "2000 steps of a generator" $x 5352057029478983249 &&
        same "digest of 20000 numbers" "$(seq 1 20000 | digest)" e071f707df7bbeee2a6a1eb48011ddd0
}

# Sums, products and divisions are correctly rounded by IEEE 754, so every digit is known; x follows sqrt(k) by
# Newton's steps, for BusyBox may have no sqrt.
fpu() {
    same "sums in awk" "$(awk 'BEGIN {
        x = 1
        for (k = 1; k <= 20000; ++k) { s += 1 / (k * k); x = (x + k / x) / 2; r += x; p = p * 0.999 + k / 7 }
        printf "%.15g %.15g %.15g", s, r, p }')" "1.64488406809821 1885688.82709198 2714428.5717198"
}

# Pages written, read back and compared; those of a file in memory, and the heap of one process.
memory() {
    yes "pattern 0123456789abcdef $1" | head -c 1048576 >block
    wanted=$(digest <block)
    pages=$shm/$1
    : >"$pages"
    mib=0
    while [ $mib -lt "$share_mib" ]; do
        cat block >>"$pages" || { echo "writing failed at $mib MiB" >reason; return 1; }
        mib=$((mib + 1))
    done
    mib=0
    while [ $mib -lt "$share_mib" ]; do
        same "MiB $mib of pages in memory" "$(dd if="$pages" bs=1048576 skip=$mib count=1 2>/dev/null | digest)" "$wanted" || return 1
        mib=$((mib + 1))
    done
    rm "$pages"
    same "sorting 20000 lines" "$(seq 20000 -1 1 | sort -n | digest)" e071f707df7bbeee2a6a1eb48011ddd0
}

# Files made, renamed, linked, appended, cut and removed; what must be there is counted.
files() {
    mkdir tree && cd tree || return 1
    i=0
    while [ $i -lt 60 ]; do
        echo "file $i" >"f$i"
        i=$((i + 1))
    done
    mkdir -p a/b/c && mv f0 a/b/c/moved && ln f1 hard && ln -s f2 soft
    echo more >>f1
    : >f3
    cat hard soft a/b/c/moved f3 >joined
    got=$(digest <joined)/$(find . -type f | wc -l)/$(find . -type l | wc -l)
    rm f?
    left=$(ls | wc -l)
    cd .. && rm -r tree
    same "files" "$(echo $got/$left)" "78531e01211050447121b0ce158284c5/62/1/54" && [ ! -e tree ]
}

# Processes made and waited for, each with an exit status of its own.
processes() {
    i=0
    while [ $i -lt 20 ]; do
        sh -c "exit $((i + 3))"
        same "exit status of process $i" $? $((i + 3)) || return 1
        i=$((i + 1))
    done
    same "ten shells in each other" "$(sh -c 'sh -c "sh -c \"echo \$((6 * 7))\""')" 42 || return 1
    a=$(for k in 1 2 3 4 5; do (echo $((k * k))) & done; wait)
    same "five at once" "$(echo "$a" | sort -n | tr '\n' ' ')" "1 4 9 16 25 "
}

# Pipes of several stages, and a question and its answer over two FIFOs.
pipes() {
    same "a pipe of six" "$(seq 1 20000 | cat | sed 's/$/ /' | tr -d ' ' | cat | digest)" e071f707df7bbeee2a6a1eb48011ddd0 || return 1
    rm -f ask answer
    mkfifo ask answer || return 1
    (while read -r n; do echo $((n * 3)); done <ask >answer) &
    exec 3>ask 4<answer
    i=0
    while [ $i -lt 100 ]; do
        echo $i >&3
        read -r got <&4
        same "answer $i over a FIFO" "$got" $((i * 3)) || return 1
        i=$((i + 1))
    done
    exec 3>&- 4<&-
    wait
}

# Signals sent one at a time, each acknowledged; a process stopped, continued and ended.
signals() {
    rm -f heard
    mkfifo heard || return 1
    (
        n=0
        trap 'n=$((n + 1)); echo $n >&5' USR1
        trap 'exit 9' TERM
        exec 5<>heard
        echo ready >&5
        while :; do sleep 1 & wait $!; done
    ) &
    child=$!
    exec 5<>heard
    read -r got <&5
    i=1
    while [ $i -le 10 ]; do
        kill -USR1 $child
        read -r got <&5
        same "signal $i" "$got" $i || return 1
        i=$((i + 1))
    done
    kill -TERM $child
    wait $child
    same "status after SIGTERM" $? 9 || return 1
    exec 5<&-
    sleep 100 &
    child=$!
    kill -STOP $child
    state $child T || return 1
    kill -CONT $child
    state $child S || return 1
    kill -KILL $child
    wait $child 2>/dev/null
    same "status after SIGKILL" $? 137
}

# Waits, for twenty seconds at most, until a process is in this state.
state() {
    tries=0
    until read -r line </proc/$1/stat && line=${line##*) } && [ "${line%% *}" = "$2" ]; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { echo "process is in state ${line%% *}, expected $2" >reason; return 1; }
        sleep 0.1 2>/dev/null || sleep 1
    done
}

# A timer may be late on a loaded machine, but never early.
timers() {
    for asked in 5 20 100; do
        began=$(uptime_cs)
        sleep $((asked / 100)).$(printf %02d $((asked % 100))) 2>/dev/null || { asked=100; sleep 1; }
        took=$(($(uptime_cs) - began))
        # The clock is read in hundredths, cut off.
        [ $took -ge $((asked - 1)) ] || { echo "a sleep of $asked hundredths of a second took $took" >reason; return 1; }
        late=$((took - asked))
        read -r most 2>/dev/null <latest || most=0
        [ $late -le "$most" ] || echo $late >latest
    done
}

# One worker: rounds until the time is over, in a folder of its own.
worker() {
    mkdir "$work/$1.$2" && cd "$work/$1.$2" || exit 1
    rounds=0
    while :; do
        "$1" "$2" 2>error || {
            [ -s reason ] || { echo "failed: $(tail -n 1 error)" >reason; }
            echo "round $((rounds + 1)): $(tr -d '"\\' <reason)" >failed
            break
        }
        rounds=$((rounds + 1))
        [ "$(uptime_s)" -lt "$end" ] || break
    done
    echo $rounds >rounds
}

harts={{machine.smp}}
while read -r name kib _; do
    case $name in MemAvailable:) available=$kib ;; esac
done </proc/meminfo
share_mib=$((available * memory_percent / 100 / 1024 / harts))
[ $share_mib -ge 1 ] || share_mib=1
kinds="{{kinds}}"
for kind in $kinds; do
    case " cpu fpu memory files processes pipes signals timers " in
    *" $kind "*) ;;
    *) echo "there is no kind $kind"; exit 1 ;;
    esac
done

echo "$harts of each of $kinds, $duration s, $share_mib MiB each"
grep '^cpu[0-9]' /proc/stat >"$work/before"
end=$(($(uptime_s) + duration))
for kind in $kinds; do
    hart=0
    while [ $hart -lt "$harts" ]; do
        (worker "$kind" $hart) &
        hart=$((hart + 1))
    done
done
wait
read -r load _ </proc/loadavg
grep '^cpu[0-9]' /proc/stat >"$work/after"

for kind in $kinds; do
    hart=0
    total=0
    while [ $hart -lt "$harts" ]; do
        place=$work/$kind.$hart
        rounds=0
        [ ! -r "$place/rounds" ] || read -r rounds <"$place/rounds"
        total=$((total + rounds))
        if [ -s "$place/failed" ]; then
            echo "{\"test\": \"$kind $hart\", \"outcome\": \"failed\", \"reason\": \"$(cat "$place/failed")\"}"
        elif [ "$rounds" -eq 0 ]; then
            echo "{\"test\": \"$kind $hart\", \"outcome\": \"failed\", \"reason\": \"the worker was killed\"}"
        else
            echo "{\"test\": \"$kind $hart\", \"outcome\": \"passed\", \"reason\": \"$rounds rounds\"}"
        fi
        hart=$((hart + 1))
    done
    echo "{\"name\": \"$kind\", \"value\": $total, \"unit\": \"rounds\", \"better\": \"higher\", \"emulated\": true}"
done

# Of user, nice, system, idle, iowait, irq, softirq and steal all but idle and iowait are work.
while read -r name a b c d e f g h _ && read -r _ A B C D E F G H _ <&3; do
    busy=$((A + B + C + F + G + H - a - b - c - f - g - h))
    all=$((busy + D + E - d - e))
    percent=$((100 * busy / (all > 0 ? all : 1)))
    outcome=passed
    [ $percent -ge {{min_busy_percent}} ] || outcome=failed
    echo "{\"test\": \"load of hart ${name#cpu}\", \"outcome\": \"$outcome\", \"reason\": \"busy for $percent percent of the time, expected {{min_busy_percent}}\"}"
    echo "{\"name\": \"busy_hart${name#cpu}\", \"value\": $percent, \"unit\": \"%\"}"
done <"$work/before" 3<"$work/after"
echo "{\"name\": \"load\", \"value\": $load, \"unit\": \"\"}"
late=0
for file in "$work"/timers.*/latest; do
    [ ! -r "$file" ] || { read -r most <"$file"; [ "$most" -le "$late" ] || late=$most; }
done
echo "{\"name\": \"latest_timer\", \"value\": $((late * 10)), \"unit\": \"ms\", \"better\": \"lower\"}"
