# Which files ask in .riscv.attributes (RISC-V ELF psABI, "Attributes") for extensions that
# /proc/cpuinfo lacks. The compiler writes there what it was told with -march.
for tool in od dd tr grep find; do
    command -v $tool >/dev/null || { echo "skip: there is no $tool here"; exit 0; }
done

while IFS=: read -r key value; do
    case $key in isa*) isa=${value# } && break ;; esac
done </proc/cpuinfo
letters=${isa%%_*}
letters=${letters#rv64}
has=_${isa#*_}_
while [ -n "$letters" ]; do
    rest=${letters#?}
    has=$has${letters%"$rest"}_
    letters=$rest
done

is_there() {
    case $has in *_"$1"_*) return 0 ;; *) return 1 ;; esac
}

# Whether the CPU has the extension, under this name or as part of another. What only says how
# memory or caches behave is no matter of instructions.
is_met() {
    is_there "$1" && return 0
    case $1 in
    *[a-z]0p[0-9]*) return 1 ;;
    i | e | zicsr | zifencei | zic64b | zicc* | za64rs | za128rs | zama16b | zkt | zvkt | zihint* | zicbop) ;;
    zmmul) is_there m ;;
    zaamo | zalrsc) is_there a ;;
    zca) is_there c ;;
    zcd) is_there c && is_there d ;;
    b) is_there zba && is_there zbb && is_there zbs ;;
    zve* | zvl*) is_there v ;;
    zvfhmin) is_there zvfh ;;
    zfhmin) is_there zfh ;;
    *) return 1 ;;
    esac
}

# Sets lacking to those of "rv64i2p1_m2p0_v1p0_…" that are not met.
compare() {
    lacking=
    old_ifs=$IFS
    IFS=_
    for name in ${1#rv64}; do
        IFS=$old_ifs
        # A draft, version 0.something, is another instruction set.
        case $name in *[a-z]0p[0-9]*) ;; *) name=${name%[0-9]p[0-9]*} ;; esac
        # Parts of v need no mention beside it.
        case $name-$1 in zve*_v[0-9]* | zvl*_v[0-9]*) continue ;; esac
        is_met "$name" || lacking="$lacking $name"
    done
    IFS=$old_ifs
}

# Sets arch to what the ELF file's PT_RISCV_ATTRIBUTES segment names, or to nothing; fails where
# the file is none for RISC-V.
read_arch() {
    arch=
    file=$1
    # shellcheck disable=SC2046
    set -- $(od -A n -v -t u4 -N 1024 "$file")
    [ $# -ge 16 ] && [ "$1" = 1179403647 ] && [ $(($5 >> 16)) = 243 ] || return 1
    [ "$9" = 64 ] || return 0
    shift 14
    segments=$(($1 & 65535))
    shift 2
    while [ $segments -gt 0 ] && [ $# -ge 14 ]; do
        if [ "$1" = 1879048195 ]; then
            arch=$(dd if="$file" bs=1 skip="$3" count="$9" 2>/dev/null | tr -c 'a-z0-9_' '\n' | grep '^rv64')
            return 0
        fi
        shift 14
        segments=$((segments - 1))
    done
}

elf=0 with=0 bad=0 last=none
for folder in {{folders}}; do
    [ -d "$folder" ] && [ ! -L "$folder" ] && find "$folder" -xdev -type f \( -perm -100 -o -name '*.so*' \)
done >/tmp/qharness-files.$$
while read -r file && [ $elf -lt {{max_files}} ]; do
    read_arch "$file" || continue
    elf=$((elf + 1))
    [ -n "$arch" ] || continue
    with=$((with + 1))
    [ "$arch" = "$last" ] || compare "$arch"
    last=$arch
    [ -n "$lacking" ] || continue
    bad=$((bad + 1))
    outcome=skipped
    [ '{{strict_attributes}}' = true ] && outcome=failed
    echo "{\"test\": \"$file\", \"outcome\": \"$outcome\", \"reason\": \"asks for$lacking, which the isa line of /proc/cpuinfo lacks\"}"
done </tmp/qharness-files.$$
rm -f /tmp/qharness-files.$$
[ $elf -gt 0 ] || { echo 'skip: no ELF file for RISC-V found'; exit 0; }
[ $with -gt 0 ] || { echo "skip: none of $elf ELF files says for which extensions it was built"; exit 0; }
echo "{\"test\": \"$((with - bad)) of $with files with attributes, of $elf ELF files\", \"outcome\": \"passed\"}"
