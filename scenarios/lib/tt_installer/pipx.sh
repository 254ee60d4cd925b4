# Installs a program with pipx from a wheel made on the spot, with no network, runs it and removes it.
command -v pipx >/dev/null || { echo "skip: this guest has no pipx"; exit 0; }
set -e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 - <<'WHEEL'
import zipfile

info = "qharness_probe-1.5.dist-info/"
files = {
    "qharness_probe.py": "def main():\n    print('answer', sum(range(29)) + 6 * 6)\n",
    info + "METADATA": "Metadata-Version: 2.1\nName: qharness-probe\nVersion: 1.5\n",
    info + "WHEEL": "Wheel-Version: 1.0\nGenerator: qharness\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    info + "entry_points.txt": "[console_scripts]\nqharness-probe = qharness_probe:main\n",
}
files[info + "RECORD"] = "".join(f"{name},,\n" for name in [*files, info + "RECORD"])
with zipfile.ZipFile("qharness_probe-1.5-py3-none-any.whl", "w") as wheel:
    for name, text in files.items():
        wheel.writestr(name, text)
WHEEL
export PIPX_HOME="$work/home" PIPX_BIN_DIR="$work/bin" PIPX_MAN_DIR="$work/man"
# pipx fetches a pip of its own, which comes from what the distribution has for new environments.
PIP_FIND_LINKS=$(ls -d /usr/share/python-wheels /usr/lib/python3*/ensurepip/_bundled 2>/dev/null | tr '\n' ' ')
export PIP_FIND_LINKS PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1
echo "pipx $(pipx --version)"
pipx install "$work/qharness_probe-1.5-py3-none-any.whl"
"$work/bin/qharness-probe"
pipx uninstall qharness-probe
! [ -e "$work/bin/qharness-probe" ]
