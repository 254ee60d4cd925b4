# The sizes of the libraries, each of which must be an ELF file for RISC-V.
found=0
for file in {{libraries}}; do
    [ -f "$file" ] || continue
    found=1
    # shellcheck disable=SC2046
    set -- $(ls -lnL "$file")
    echo "{\"name\": \"size of $file\", \"value\": $5, \"unit\": \"B\"}"
    if command -v od >/dev/null; then
        # shellcheck disable=SC2046
        set -- $(od -A n -v -t x1 -N 20 "$file")
        case "$1$2$3$4 ${19}${20}" in
        '7f454c46 f300') ;;
        *)
            echo "$file is no ELF file for RISC-V"
            exit 1
            ;;
        esac
    fi
done
[ $found = 1 ] && exit 0
if [ '{{require_libtorch}}' = true ]; then
    echo 'none of these is there: {{libraries}}'
    exit 1
fi
echo 'skip: none of these is there: {{libraries}}'
