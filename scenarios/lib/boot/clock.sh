# The clock goes on, never back, on no hart; a sleep lasts at least as long as asked for.
wrong=0
complain() { echo "wrong: $*"; wrong=1; }

# Hundredths of a second since boot; the leading 1 keeps a shell from reading octal.
now() {
    read -r up _ </proc/uptime
    hundredths=1${up#*.}
    echo $((${up%.*} * 100 + hundredths - 100))
}

source=/sys/devices/system/clocksource/clocksource0/current_clocksource
if [ -r $source ]; then
    read -r name <$source
    echo "clock source $name"
    [ "$name" = riscv_clocksource ] || complain "the clock source is $name, expected riscv_clocksource"
fi

before=$(now)
began=$(date +%s)
reads=0
last=$before
while [ $reads -lt 50 ]; do
    at=$(now)
    [ "$at" -ge "$last" ] || complain "the clock went back from $last to $at hundredths"
    last=$at
    reads=$((reads + 1))
done
sleep 1
after=$(now)
ended=$(date +%s)

# How much later it is depends on the host; that the two clocks agree does not.
slept=$((after - last))
passed=$((after - before))
wall=$((100 * (ended - began)))
echo "slept $slept hundredths for 100, $passed passed on one clock and $wall on the other"
[ $slept -ge 99 ] || complain "sleep 1 lasted $slept hundredths of a second"
difference=$((passed - wall))
[ ${difference#-} -le 200 ] || complain "the clocks differ by $difference hundredths of a second"

if [ -e /sys/class/rtc/rtc0 ]; then
    year=$(date +%Y)
    echo "year $year"
    [ "$year" -ge 2020 ] || complain "there is a real-time clock, yet it is $year"
fi
exit $wrong
