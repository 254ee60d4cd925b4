# Every hart is online, takes timer interrupts, and runs what is put on it.
wrong=0
complain() { echo "wrong: $*"; wrong=1; }

read -r online </sys/devices/system/cpu/online
last=$(({{machine.smp}} - 1))
wanted=0
[ $last -eq 0 ] || wanted=0-$last
echo "online $online"
[ "$online" = "$wanted" ] || complain "online harts are $online, expected $wanted"

ticks=$(grep -i 'timer$' /proc/interrupts | head -n 1)
echo "ticks: ${ticks:-no timer in /proc/interrupts}"
hart=0
for count in ${ticks#*:}; do
    case $count in *[!0-9]*) break ;; esac
    [ "$count" -gt 0 ] || complain "hart $hart has taken no timer interrupt"
    hart=$((hart + 1))
done
[ $hart -eq $((last + 1)) ] || complain "/proc/interrupts counts timer interrupts on $hart of $((last + 1)) harts"

if ! command -v taskset >/dev/null; then
    echo "no taskset here: harts are not tried one by one"
    exit $wrong
fi
hart=0
while [ $hart -le $last ]; do
    mask=$(printf '%x' $((1 << hart)))
    # Field 39 is the hart a process last ran on.
    ran=$(taskset $mask sh -c 'read -r line </proc/self/stat; set -- ${line##*) }; shift 36; echo $1 $((2 * 3 * 7))')
    [ "$ran" = "$hart 42" ] || complain "work for hart $hart says '$ran', expected '$hart 42'"
    hart=$((hart + 1))
done
[ $wrong -eq 1 ] || echo "each of the $hart harts has run work of its own"
exit $wrong
