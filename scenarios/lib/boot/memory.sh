# How much memory programs can have right after boot.
while read -r name kib _; do
    case $name in
    MemTotal:) total=$kib ;;
    MemAvailable:) available=$kib ;;
    esac
done </proc/meminfo
echo "total $((total / 1024)) MiB"
echo "available $((available / 1024)) MiB, $((100 * available / total)) percent"
