# Installs a wheel made on the spot, with no network, and imports what was installed.
set -e
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 - <<'WHEEL'
import zipfile

info = "qharness_probe-1.5.dist-info/"
with zipfile.ZipFile("qharness_probe-1.5-py3-none-any.whl", "w") as wheel:
    wheel.writestr("qharness_probe.py", "def answer():\n    return sum(range(29)) + 6 * 6\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: qharness-probe\nVersion: 1.5\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: qharness\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(info + "RECORD", "".join(
        f"{name},,\n" for name in ("qharness_probe.py", info + "METADATA", info + "WHEEL", info + "RECORD")))
WHEEL
python3 -m pip --quiet --disable-pip-version-check --no-cache-dir \
    install --no-index --no-deps --target "$work/site" qharness_probe-1.5-py3-none-any.whl
cd "$work/site"
python3 -c 'import importlib.metadata as m, pip, qharness_probe as p
print("pip", pip.__version__)
print("installed qharness-probe", m.version("qharness-probe"), "answers", p.answer())'
