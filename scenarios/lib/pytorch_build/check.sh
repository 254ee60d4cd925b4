# Asks this guest for every requirement of the table, and uses what it finds rather than look it up.
# Any POSIX shell will do. Needs: rm, mkdir, cat; all else is what is asked for.
# A line of JSON for each requirement, then a table; ends 1 where a required one is missing.
umask 022
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP CFLAGS CXXFLAGS FFLAGS LDFLAGS MAKEFLAGS
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1 PIP_ROOT_USER_ACTION=ignore
min_disk='{{min_disk}}' min_memory='{{min_memory}}' build_dir='{{build_dir}}'

# ---- A folder in which programs may run

try_work() {
    work=$1/pytorch-build-ready.$$
    mkdir "$work" 2>/dev/null || return 1
    printf '#!/bin/sh\nexit 0\n' >"$work/runs" && chmod 755 "$work/runs" && "$work/runs" 2>/dev/null && return
    rm -rf "$work"
    return 1
}

work=
for place in "${TMPDIR:-/tmp}" /tmp /var/tmp "$build_dir" "$HOME" /root; do
    try_work "$place" && break
    work=
done
[ -n "$work" ] || { echo "no folder that programs may run in" >&2; exit 1; }
trap 'cd /; rm -rf "$work"' EXIT
export HOME="$work" TMPDIR="$work"

# ---- Words

has() { command -v "$1" >/dev/null 2>&1; }
fail() { echo "$*"; exit 1; }

# first COMMAND…: the first of these that is there; a command may have arguments.
first() {
    for one; do
        if [ -n "$one" ] && has "${one%% *}"; then echo "$one"; return; fi
    done
    return 1
}

# version COMMAND: the last word that looks like one in the first lines of what it says of itself.
# BusyBox has no --version, but names its own where it says so.
version() {
    "$@" --version 2>&1 </dev/null | (
        set -f
        found="version unknown"
        for line_number in 1 2; do
            IFS= read -r line || [ -n "$line" ] || break
            for word in $line; do
                case ${word#v} in [0-9]*.[0-9]*) found=${word#v};; esac
            done
            [ "$found" = "version unknown" ] || break
        done
        cat >/dev/null
        echo "$found"
    )
}

# at_least VERSION MINIMUM: dotted numbers; what is behind a number (3.13.0rc1) is passed over.
at_least() {
    have=$1. want=$2.
    while [ -n "$want" ]; do
        h=${have%%.*} w=${want%%.*}
        have=${have#*.} want=${want#*.}
        h=${h%%[!0-9]*}
        [ "${h:-0}" -gt "$w" ] && return 0
        [ "${h:-0}" -lt "$w" ] && return 1
    done
    return 0
}

# bytes SIZE: "15G", "512M" or plain bytes.
bytes() {
    number=${1%%[!0-9]*} unit=${1##*[0-9]}
    case $unit in
        '') scale=1;; K*|k*) scale=1024;; M*|m*) scale=1048576;; G*|g*) scale=1073741824;; T*|t*) scale=1099511627776;;
        *) echo "cannot read the size $1" >&2; return 1;;
    esac
    [ -n "$number" ] || { echo "cannot read the size $1" >&2; return 1; }
    echo $((number * scale))
}

# py CODE: in a Python of its own, without the packages of others; site_py with them.
py() { has python3 || fail "no python3"; python3 -S -c "$1"; }
site_py() { has python3 || fail "no python3"; python3 -c "$1"; }

# ---- Compilers

write_c() {
    cat >answer.c <<'SOURCE'
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }
int main(int argc, char** argv) {
    int figures[] = {31, 4, 15, 92, 65, 35};
    char text[32];
    qsort(figures, 6, sizeof figures[0], compare);
    snprintf(text, sizeof text, "%d %.6f", figures[3], sqrt(2.0 * argc));
    puts(text);
    return strcmp(text, "35 1.414214") != 0 || argv == 0;
}
SOURCE
}

write_cxx() {
    cat >answer.cc <<'SOURCE'
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
static std::optional<int> find(const std::map<std::string, int>& numbers, const std::string& name) {
    if (auto found = numbers.find(name); found != numbers.end()) return found->second;
    return std::nullopt;
}
int main() {
    auto numbers = std::make_unique<std::map<std::string, int>>();
    std::thread([&] { (*numbers)["answer"] = 42; }).join();
    try {
        if (!find(*numbers, "question")) throw std::runtime_error("no question");
    } catch (const std::exception& e) {
        std::printf("%s, %d\n", e.what(), find(*numbers, "answer").value_or(0));
    }
}
SOURCE
}

# compiles COMMAND LANGUAGE: builds and runs the program of that language; what is the same program
# by another name (cc is gcc) is asked once.
compiles() {
    answered=$work/$2-by-$(readlink -f "$(command -v ${1%% *})" 2>/dev/null | tr / -)
    if [ -s "$answered" ] && [ "${1%% *}" = "$1" ]; then
        echo "$1 $(cat "$answered")"
        return
    fi
    case $2 in
        c) write_c; source=answer.c; libraries=-lm; expected="35 1.414214";;
        c++) write_cxx; source=answer.cc; libraries="-std=c++17 -pthread"; expected="no question, 42";;
        fortran)
            cat >answer.f90 <<'SOURCE'
program answer
  implicit none
  double precision :: a(3, 3), b(3, 3)
  integer :: i, j
  a = reshape([((1.0d0 / (i + j), i = 1, 3), j = 1, 3)], [3, 3])
  b = matmul(a, transpose(a))
  write (*, '(f9.6)') sum(b)
end program answer
SOURCE
            source=answer.f90 libraries= expected=" 2.167500";;
    esac
    rm -f answer
    $1 -O1 $source -o answer $libraries || fail "$1 does not compile and link $source"
    result=$(./answer) || fail "what $1 made of $source does not run: status $?"
    [ "$result" = "$expected" ] || fail "what $1 made of $source prints '$result', not '$expected'"
    found=$(version $1)
    echo "$found" >"$answered"
    echo "$1 $found"
}

c_compiler() { first "$CC" cc gcc clang; }

# ---- BLAS and LAPACK

write_solver() {
    cat >solve.c <<'SOURCE'
#include <stdio.h>
extern void dgesv_(int*, int*, double*, int*, int*, double*, int*, int*);
int main(void) {
    int n = 2, one = 1, pivots[2], info = -1;
    double a[] = {2, 1, 1, 3}, b[] = {5, 10};
    dgesv_(&n, &one, a, &n, pivots, b, &n, &info);
    printf("%d %.3f %.3f\n", info, b[0], b[1]);
    return 0;
}
SOURCE
}

links_with_lapack() {
    compiler=$(c_compiler) || fail "nothing to link it with: no C compiler"
    write_solver
    for libraries in "-lopenblas" "-llapack -lblas" "-llapack -lblas -lgfortran -lm" "-lflexiblas" "-latlas"; do
        $compiler solve.c -o solve $libraries 2>solve.err || continue
        result=$(./solve) || fail "linked with $libraries, but does not run"
        [ "$result" = "0 1.000 3.000" ] || fail "dgesv of $libraries answers '$result'"
        echo "$libraries, dgesv is right"
        return
    done
    if has python3 && python3 -S -c 'import ctypes
for name in ("libopenblas.so.0", "liblapack.so.3", "libopenblas.so", "liblapack.so"):
    try: ctypes.CDLL(name).dgesv_; break
    except (OSError, AttributeError): pass
else: raise SystemExit(1)
print(name, end="")' >runtime 2>/dev/null; then
        fail "$(cat runtime) is there, but nothing to link with: its development files are missing"
    fi
    fail "no BLAS with LAPACK to link with"
}

# ---- The requirements

# probe NAME: uses it, prints what it found on one line; else the last line says what is wrong.
probe() {
    case $1 in
    python) site_py 'import sys
assert sum(i * i for i in range(100)) == 328350
print("%d.%d.%d" % sys.version_info[:3])';;
    python-headers)
        has python3 || fail "no python3"
        py 'import os, sys, sysconfig
folder = sysconfig.get_path("include")
if not os.path.exists(os.path.join(folder, "Python.h")): sys.exit("no Python.h in " + folder)
print(folder)' >include || { cat include; exit 1; }
        compiler=$(c_compiler) || fail "Python.h is in $(cat include), but no C compiler to use it"
        cat >probe.c <<'SOURCE'
#include <Python.h>
static PyObject* answer(PyObject* self, PyObject* none) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "probe", "", -1, methods};
PyMODINIT_FUNC PyInit_probe(void) { return PyModule_Create(&module); }
SOURCE
        $compiler -shared -fPIC -I"$(cat include)" probe.c -o probe.so || fail "an extension does not compile"
        py 'import sys; sys.path.insert(0, "."); import probe; assert probe.answer() == 42' || fail "the extension does not load"
        cat include;;
    pip)
        site_py 'import zipfile
info = "ready_probe-1.5.dist-info/"
with zipfile.ZipFile("ready_probe-1.5-py3-none-any.whl", "w") as wheel:
    wheel.writestr("ready_probe.py", "answer = 42\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: ready-probe\nVersion: 1.5\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: qharness\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(info + "RECORD", "".join(n + ",,\n" for n in ("ready_probe.py", info + "METADATA", info + "WHEEL", info + "RECORD")))' || exit 1
        python3 -m pip --quiet --disable-pip-version-check --no-cache-dir install --no-index --no-deps \
            --target site ready_probe-1.5-py3-none-any.whl || fail "pip does not install a wheel"
        cd site && site_py 'import pip, ready_probe; assert ready_probe.answer == 42; print(pip.__version__)';;
    setuptools)
        echo 'answer = 42' >ready_module.py
        site_py 'import setuptools
setuptools.setup(name="ready-module", version="1.5", py_modules=["ready_module"], script_args=["--quiet", "build"])
print(setuptools.__version__)' || exit 1
        [ -f build/lib/ready_module.py ] || fail "it built nothing";;
    numpy) site_py 'import numpy as n
a = n.array([[2.0, 1.0], [1.0, 3.0]]); x = n.linalg.solve(a, n.array([5.0, 10.0]))
assert n.allclose(x, [1.0, 3.0]) and n.allclose(a @ x, [5.0, 10.0])
print(n.__version__)';;
    c-compiler) compiler=$(c_compiler) || fail "none of cc, gcc and clang"; compiles "$compiler" c;;
    c++-compiler) compiler=$(first "$CXX" c++ g++ clang++) || fail "none of c++, g++ and clang++"; compiles "$compiler" c++;;
    fortran) compiler=$(first "$FC" gfortran f95 flang flang-new) || fail "none of gfortran, f95 and flang"; compiles "$compiler" fortran;;
    gcc) has gcc || fail "no gcc"; compiles gcc c;;
    g++) has g++ || fail "no g++"; compiles g++ c++;;
    clang) has clang || fail "no clang"; compiles clang c;;
    binutils)
        for tool in as ld ar nm; do has $tool || fail "no $tool"; done
        printf '.globl the_answer\n.data\nthe_answer: .long 42\n' >answer.s
        as answer.s -o answer.o && ld -r answer.o -o linked.o && ar rc libanswer.a linked.o && nm libanswer.a >symbols || fail "as, ld, ar and nm do not work together"
        case $(cat symbols) in *the_answer*) version ld;; *) fail "nm finds no symbol";; esac;;
    make)
        has make || fail "no make"
        printf 'copy: origin\n\tcat origin >copy\n\techo done >>log\n' >Makefile
        echo 42 >origin
        make >/dev/null && make >/dev/null || fail "make does not follow a rule"
        [ "$(cat copy) $(cat log)" = "42 done" ] || fail "make did not follow a rule once"
        version make;;
    ninja)
        ninja=$(first ninja ninja-build samu) || fail "no ninja"
        printf 'rule copy\n  command = cat $in >$out && echo done >>log\nbuild copy: copy origin\n' >build.ninja
        echo 42 >origin
        $ninja >/dev/null && $ninja >/dev/null || fail "$ninja does not follow a rule"
        [ "$(cat copy) $(cat log)" = "42 done" ] || fail "$ninja did not follow a rule once"
        $ninja --version;;
    cmake)
        has cmake || fail "no cmake"
        mkdir tiny && cd tiny || exit 1
        generator="Unix Makefiles"
        first ninja ninja-build >/dev/null && generator=Ninja
        if c_compiler >/dev/null; then
            write_c
            printf 'cmake_minimum_required(VERSION 3.5)\nproject(tiny C)\nadd_executable(answer answer.c)\ntarget_link_libraries(answer m)\n' >CMakeLists.txt
        else
            printf 'cmake_minimum_required(VERSION 3.5)\nproject(tiny NONE)\nadd_custom_target(answer ALL COMMAND ${CMAKE_COMMAND} -E touch answer)\n' >CMakeLists.txt
        fi
        mkdir build && cd build || exit 1
        cmake -G "$generator" .. >log 2>&1 || { cat log; fail "cmake does not configure a project"; }
        cmake --build . >log 2>&1 || { cat log; fail "cmake does not build a project"; }
        if [ -f ../answer.c ]; then ./answer >/dev/null || fail "what cmake built does not run"; fi
        echo "$(version cmake), with $generator";;
    git)
        has git || fail "no git"
        export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=q GIT_AUTHOR_EMAIL=q@localhost GIT_COMMITTER_NAME=q GIT_COMMITTER_EMAIL=q@localhost
        git init -q origin && cd origin && echo 42 >answer && git add answer && git commit -q -m first || fail "git does not commit"
        cd .. && git clone -q origin clone || fail "git does not clone"
        [ "$(cat clone/answer)" = 42 ] || fail "the clone differs"
        version git;;
    patchelf)
        has patchelf || fail "no patchelf"
        patchelf=$(command -v patchelf)
        cat "$patchelf" >copy && chmod 755 copy || exit 1
        patchelf --set-rpath '$ORIGIN/lib' copy && [ "$(patchelf --print-rpath copy)" = '$ORIGIN/lib' ] || fail "the run path does not change"
        ./copy --version >/dev/null || fail "a program with a new run path does not run"
        version patchelf;;
    blas-lapack) links_with_lapack;;
    ccache)
        has ccache || fail "no ccache"
        compiler=$(c_compiler) || fail "nothing to cache: no C compiler"
        export CCACHE_DIR="$PWD/cache"
        unset CCACHE_DISABLE CCACHE_NODIRECT CCACHE_RECACHE CCACHE_READONLY
        write_c
        ccache $compiler -O1 -c answer.c -o answer.o && ccache $compiler -O1 -c answer.c -o answer.o ||
            fail "ccache does not run $compiler"
        { ccache --print-stats 2>/dev/null || ccache -s; } >stats
        hits=0
        while read -r name value rest; do
            case $name:$value in
                direct_cache_hit:[1-9]*|preprocessed_cache_hit:[1-9]*) hits=1;;
                cache:hit) case $rest in *[1-9]) hits=1;; esac;;
            esac
        done <stats
        [ $hits = 1 ] || fail "the second compilation did not come from the cache"
        version ccache;;
    typing-extensions) site_py 'import typing_extensions as t
from importlib.metadata import version
class Point(t.TypedDict):
    x: int
    y: t.NotRequired[int]
assert t.get_type_hints(Point)["x"] is int and Point.__required_keys__ == {"x"}
print(version("typing_extensions"))';;
    pyyaml) site_py 'import yaml
value = {"func": "add", "variants": ["function", "method"], "n": 42}
assert yaml.safe_load(yaml.safe_dump(value)) == value
print(yaml.__version__)';;
    cffi) site_py 'import cffi
ffi = cffi.FFI(); ffi.cdef("size_t strlen(const char*);")
assert ffi.dlopen(None).strlen(b"forty-two") == 9
print(cffi.__version__)';;
    ssl) py 'import ssl
context = ssl.create_default_context()
assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
print(ssl.OPENSSL_VERSION)';;
    zlib) py 'import zlib
text = bytes(range(256)) * 40; packed = zlib.compress(text)
assert len(packed) < len(text) and zlib.decompress(packed) == text and zlib.crc32(b"123456789") == 0xcbf43926
print(zlib.ZLIB_RUNTIME_VERSION)';;
    ctypes) py 'import ctypes
numbers = (ctypes.c_int * 4)(31, 4, 15, 9)
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
ctypes.CDLL(None).qsort(numbers, ctypes.c_size_t(4), ctypes.c_size_t(4), compare(lambda a, b: a[0] - b[0]))
assert list(numbers) == [4, 9, 15, 31]
print("qsort is called and calls back")';;
    bz2) py 'import bz2
text = b"pytorch " * 500
assert len(bz2.compress(text)) < 200 and bz2.decompress(bz2.compress(text)) == text
print("compresses and restores")';;
    sqlite3) py 'import sqlite3
base = sqlite3.connect(":memory:")
base.execute("create table t (n integer)"); base.executemany("insert into t values (?)", [(i,) for i in range(10)])
assert base.execute("select sum(n) from t").fetchone() == (45,)
print(sqlite3.sqlite_version)';;
    readline) py 'import readline
readline.add_history("first"); readline.add_history("second")
assert readline.get_history_item(2) == "second"
print("keeps a history")';;
    curses) py 'import curses, sys
for name in ("linux", "vt100", "xterm", "dumb"):
    try: curses.setupterm(name, sys.stdout.fileno()); break
    except curses.error: pass
else: sys.exit("the module is there, but no terminfo")
print("knows the terminal", name)';;
    pyexpat) py 'import pyexpat, xml.etree.ElementTree as tree
assert tree.fromstring("<a><b n=\"42\"/></a>").find("b").get("n") == "42"
print(pyexpat.EXPAT_VERSION)';;
    ca-certificates)
        set -- "$SSL_CERT_FILE" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem
        for bundle; do [ -n "$bundle" ] && [ -r "$bundle" ] && break; bundle=; done
        if has python3 && python3 -S -c 'import ssl' 2>/dev/null; then
            bundle=$bundle py 'import os, ssl, sys
context = ssl.create_default_context(); bundle = os.environ["bundle"]; where = "where OpenSSL looks"
if context.cert_store_stats()["x509_ca"] == 0 and bundle:
    context.load_verify_locations(bundle); where = bundle
count = context.cert_store_stats()["x509_ca"]
if count == 0: sys.exit("no certificates to trust")
print(count, "certificates,", where)'
        else
            [ -n "$bundle" ] || fail "no bundle of certificates"
            count=0
            while read -r line; do case $line in *"BEGIN CERTIFICATE"*) count=$((count + 1));; esac; done <"$bundle"
            [ $count -gt 0 ] || fail "no certificate in $bundle"
            echo "$count certificates in $bundle"
        fi;;
    patch)
        has patch || fail "no patch"
        printf 'one\ntwo\nthree\n' >text
        printf -- '--- text\n+++ text\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n' >change
        patch -p0 <change >/dev/null || fail "patch does not apply a change"
        [ "$(cat text)" = "one
2
three" ] || fail "patch made something else of it"
        version patch;;
    diffutils)
        has diff && has cmp || fail "no diff or no cmp"
        echo same >a; echo same >b; echo other >c
        diff a b >/dev/null && cmp -s a b || fail "equal files differ"
        diff -u a c >difference; [ $? = 1 ] || fail "diff does not tell files apart"
        cmp -s a c && fail "cmp does not tell files apart"
        case $(cat difference) in *"-same"*"+other"*) version diff;; *) fail "diff -u shows no change";; esac;;
    tar)
        has tar || fail "no tar"
        mkdir from to && echo 42 >from/answer || exit 1
        tar -cf all.tar from && (cd to && tar -xf ../all.tar) || fail "tar does not pack and unpack"
        [ "$(cat to/from/answer)" = 42 ] || fail "tar unpacks something else"
        version tar;;
    gzip)
        has gzip || fail "no gzip"
        echo "forty-two" >text
        [ "$(gzip -c text | gzip -dc)" = "forty-two" ] || fail "gzip does not restore"
        version gzip;;
    bzip2)
        tool=$(first bzip2 bunzip2) || fail "no bzip2"
        printf '\102\132\150\071\061\101\131\046\123\131\003\373\274\216\000\000\001\121\200\000\020\000\002\001\000\224\240\040\000\061\014\010\040\151\247\242\064\174\374\250\056\344\212\160\241\040\007\367\171\034' >text.bz2
        [ "$($tool -dc <text.bz2)" = "forty-two" ] || fail "$tool does not restore"
        echo "restores";;
    xz)
        tool=$(first xz unxz) || fail "no xz"
        printf '\375\067\172\130\132\000\000\004\346\326\264\106\002\000\041\001\026\000\000\000\164\057\345\243\001\000\011\146\157\162\164\171\055\164\167\157\012\000\000\000\276\265\300\100\251\055\214\322\000\001\042\012\025\032\341\147\037\266\363\175\001\000\000\000\000\004\131\132' >text.xz
        [ "$($tool -dc <text.xz)" = "forty-two" ] || fail "$tool does not restore"
        echo "restores";;
    download)
        tool=$(first wget curl) || fail "neither wget nor curl"
        case $tool in wget) options="-q -O -";; curl) options="-sS --noproxy *";; esac
        if has python3; then
            tool=$tool options=$options site_py 'import http.server, os, subprocess, sys, threading
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "9"); self.end_headers(); self.wfile.write(b"forty-two")
    def log_message(self, *words): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
command = [os.environ["tool"]] + os.environ["options"].split() + ["http://127.0.0.1:%d/" % server.server_port]
page = subprocess.run(command, stdout=subprocess.PIPE, env=environment, timeout=60).stdout
sys.exit(0 if page == b"forty-two" else "%s fetches %r" % (command[0], page))' || exit 1
            echo "$tool $(version $tool)"
        else
            echo "$tool, untried for want of a server"
        fi;;
    dhcp)
        for client in udhcpc dhcpcd dhclient networkctl NetworkManager connmand; do
            has $client && { echo "$client, untried for want of a network"; exit; }
        done
        has busybox && busybox udhcpc --help >/dev/null 2>&1 && { echo "busybox udhcpc, untried for want of a network"; exit; }
        fail "no DHCP client";;
    ssh-server) server=$(first dropbear sshd /usr/sbin/sshd /usr/sbin/dropbear) || fail "neither dropbear nor sshd"; echo "$server, not started";;
    disk)
        needed=$(bytes "$min_disk") || exit 1
        df -Pk "$build_dir" >space 2>/dev/null || fail "df tells nothing of $build_dir: an initramfs lives in memory"
        free=
        while read -r name blocks used available rest; do
            case $available in *[!0-9]*|'') ;; *) free=$((available * 1024));; esac
        done <space
        [ -n "$free" ] || fail "df tells nothing of $build_dir: an initramfs lives in memory"
        told="$((free / 1048576)) MiB free in $build_dir"
        [ "$free" -ge "$needed" ] || fail "$told, $min_disk needed"
        echo "$told";;
    memory)
        needed=$(bytes "$min_memory") || exit 1
        while read -r name value unit; do
            case $name in MemTotal:) total=$((value * 1024));; esac
        done </proc/meminfo
        # The kernel keeps its own pages out of the count: a sixteenth at most.
        told="$((total / 1048576)) MiB for programs"
        [ $((total + needed / 16)) -ge "$needed" ] || fail "$told, a machine of $min_memory needed"
        echo "$told";;
    *) fail "check.sh knows no proof of it";;
    esac
}

# ---- Asking them all

# clean TEXT: sets cleaned to it as JSON can hold it and a terminal can bear, 240 characters at most.
clean() {
    cleaned= rest=$1 count=0
    while [ -n "$rest" ] && [ $count -lt 240 ]; do
        letter=${rest%"${rest#?}"} rest=${rest#?} count=$((count + 1))
        case $letter in \"|\\) letter=\\$letter;; [!\ -~]) letter=\?;; esac
        cleaned=$cleaned$letter
    done
}

last_line() {
    told=
    while read -r line || [ -n "$line" ]; do [ -n "$line" ] && told=$line; done <"$1"
}

# ask: proves the requirement that the table's last lines told of, and takes note.
ask() {
    [ -n "$requirement" ] || return
    mkdir "$work/$requirement" 2>/dev/null
    (cd "$work/$requirement" && probe "$requirement") >"$work/out" 2>"$work/err" </dev/null
    status=$?
    last_line "$work/out"
    found=$told
    if [ $status != 0 ] || [ -z "$found" ]; then
        last_line "$work/err"
        told=${found}${found:+${told:+: }}$told
    fi
    if [ $status = 0 ] && [ "$level-$minimum" != "$level-" ] && [ "${minimum#min_}" = "$minimum" ]; then
        at_least "${told%%[, ]*}" "$minimum" || { status=1 told="$told is older than $minimum"; }
    fi
    if [ $status -gt 128 ] && [ -z "$told" ]; then told="ended by signal $((status - 128))"; fi
    help=${mend:+Buildroot: $mend}
    help=$help${without:+${help:+; }$without}
    help=${help:-$unknown}
    rm -rf "${work:?}/$requirement"
    if [ $status = 0 ]; then state=present outcome=passed reason=$told help=
    elif [ "$level" = required ]; then state=MISSING outcome=failed reason="missing: $told${help:+; $help}" missing="$missing, $requirement"
    else state=advised outcome=skipped reason="advised: $told${help:+; $help}" advised="$advised, $requirement"
    fi
    clean "$told"
    table="$table$state|$requirement|$cleaned
"
    [ -z "$help" ] || mends="$mends$requirement|$help
"
    clean "$reason"
    printf '{"test": "%s", "outcome": "%s", "reason": "%s"}\n' "$requirement" "$outcome" "$cleaned"
}

new_requirement() { requirement= level= minimum= mend= without= unknown=; }

missing= advised= table= mends=
new_requirement
while IFS= read -r line; do
    case $line in
        '') ask; new_requirement;;
        'requirement: '*) requirement=${line#*: };;
        'level: '*) level=${line#*: };;
        'minimum: '*) minimum=${line#*: };;
        'mend: '*) mend=${line#*: };;
        'without: '*) without=${line#*: };;
        'unknown: '*) unknown=${line#*: };;
    esac
done <<'TABLE'
{{requirements}}

TABLE

echo
printf '%-8s %-18s %s\n' state requirement found
echo "$table" | while IFS='|' read -r state requirement found; do
    [ -z "$state" ] || printf '%-8s %-18s %s\n' "$state" "$requirement" "$found"
done
if [ -n "$mends" ]; then
    echo
    echo "what mends it:"
    echo "$mends" | while IFS='|' read -r requirement help; do
        [ -z "$requirement" ] || printf '  %-18s %s\n' "$requirement" "$help"
    done
fi
echo
[ -z "$advised" ] || echo "advised: ${advised#, }"
if [ -n "$missing" ]; then
    echo "not ready to build PyTorch, missing: ${missing#, }"
    exit 1
fi
echo "ready to build PyTorch"
