# The virtio random source gives bytes that look random.
# Of 4096 random bytes each value comes 16 times on average, with a deviation of 4. That one of the 256
# does not come at all has a chance of 3e-5, that two do not of 4e-10.
source=/sys/class/misc/hw_random
[ -r "$source/rng_available" ] || { echo "skip: this kernel has no hardware random source"; exit 0; }
read -r available <"$source/rng_available"
case $available in
*virtio_rng*) ;;
*) echo "skip: no virtio-rng driver is loaded; the kernel offers: ${available:-nothing}"; exit 0 ;;
esac
[ -c /dev/hwrng ] || { echo "wrong: the driver is there and /dev/hwrng is not"; exit 1; }
read -r current <"$source/rng_current"
echo "source $current"

bytes() { dd if=/dev/hwrng bs=256 count=16 2>/dev/null | od -An -v -tu1; }
count() { tr -s ' ' '\n' | grep -c '[0-9]'; }
first=$(bytes)
second=$(bytes)
got=$(echo "$first" | count)
values=$(echo "$first" | tr -s ' ' '\n' | grep '[0-9]' | sort -u | grep -c .)
echo "$got bytes, $values of 256 values"
[ "$got" -eq 4096 ] || { echo "wrong: 4096 bytes were asked for"; exit 1; }
[ "$values" -ge 254 ] || { echo "wrong: fewer than 254 values in 4096 bytes are not random"; exit 1; }
[ "$first" != "$second" ] || { echo "wrong: the same 4096 bytes came twice"; exit 1; }
