# A shared library linked and loaded, by each linker there is, and what the ELF files say of themselves.
say() { echo "{\"test\": \"$1\", \"outcome\": \"$2\", \"reason\": \"$(printf %s "$3" | tr -d '"\\' | tr '\n\t' '  ' | cut -c 1-300)\"}"; }
command -v {{cc}} >/dev/null || { say libraries skipped "no {{cc}} in this guest"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cat >plugin.c <<'SOURCE'
{{plugin_c}}
SOURCE
cat >program.c <<'SOURCE'
{{program_c}}
SOURCE

# expect NAME WANTED COMMAND…
expect() {
    name=$1
    wanted=$2
    shift 2
    got=$("$@" 2>&1)
    if [ "$got" = "$wanted" ]; then say "$name" passed; else say "$name" failed "got $got, expected $wanted"; fi
}

for linker in lld bfd; do
    # lld is ld.lld and bfd is ld.bfd by name.
    if ! command -v ld.$linker >/dev/null; then
        say "link with $linker" skipped "no ld.$linker in this guest"
        continue
    fi
    if ! errors=$({{cc}} -O2 -fPIC -shared -fuse-ld=$linker -o libplugin.so plugin.c 2>&1 &&
        {{cc}} -O2 -fuse-ld=$linker -o program program.c -L. -lplugin -ldl -Wl,-rpath,"$work" 2>&1); then
        say "link with $linker" failed "$errors"
        continue
    fi
    expect "link with $linker" "linked 97" ./program
    expect "dlopen with $linker" "loaded 247 21" ./program ./libplugin.so
    expect "dlopen of nothing with $linker" "dlopen: ./none.so: cannot open shared object file: No such file or directory" ./program ./none.so
done
if {{cc}} -O2 -static -o static program.c plugin.c 2>/dev/null; then
    expect "static" "linked 97" ./static
else
    say "static" skipped "this guest has no static C library"
fi

{{cc}} -O2 -c -o plugin.o plugin.c || exit 1
# Bytes 18 and 19 of an ELF file are the machine, 243; of the flags bit 0 is C and bits 1 and 2 the float ABI.
expect "ELF machine" "243 0" sh -c "od -An -tu1 -j18 -N2 plugin.o | tr -s ' ' | sed 's/^ //'"
expect "double-float ABI, compressed" "5" sh -c "od -An -tu1 -j48 -N1 plugin.o | tr -d ' '"
for reader in readelf llvm-readelf; do
    command -v $reader >/dev/null || continue
    arch=$($reader -A plugin.o | sed -n 's/.*rv64/rv64/p' | tr -d '"' | head -n 1)
    break
done
[ -n "$arch" ] || { reader=grep; arch=$(grep -a -o 'rv64i[0-9a-z_]*' plugin.o | head -n 1); }
case $arch in
rv64i2p*_m*_a*_f*_d*_c*) say "architecture" passed "$reader: $arch" ;;
*) say "architecture" failed "$reader finds '$arch', expected rv64i… with m, a, f, d, c" ;;
esac
