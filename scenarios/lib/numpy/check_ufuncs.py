"""Functions against correctly rounded values, special values, and loops of every length and alignment.

KNOWN was computed with 300 bits and rounded once. glibc claims at most 1 ulp for most of these functions and
2 for tan, sinh, cosh, tanh, cbrt and their like; NumPy's own code claims below 4 for float64.
Needs numpy/checks.py and numpy/ulps.py.
"""
import math

import numpy as np

KNOWN = {
    "sin": (
        (0.5, "0x1.eaee8744b05f0p-2"),
        (3, "0x1.210386db6d55bp-3"),
        (-1e5, "-0x1.24daa9c527e96p-5"),
        (1e22, "-0x1.b453ab76bf397p-1"),
    ),
    "cos": (
        (0.5, "0x1.c1528065b7d50p-1"),
        (3, "-0x1.fae04be85e5d2p-1"),
        (-1e5, "-0x1.ffac3841b3da7p-1"),
        (1e22, "0x1.0be2cef01c8f4p-1"),
    ),
    "tan": ((0.5, "0x1.17b4f5bf3474ap-1"), (1.5, "0x1.c33ed50b88777p+3"), (-1e5, "0x1.250a9d503313dp-5")),
    "arcsin": ((0.5, "0x1.0c152382d7366p-1"), (-0.99, "-0x1.6de3c6f33d51dp+0"), (1e-9, "0x1.12e0be826d695p-30")),
    "arccos": ((0.5, "0x1.0c152382d7366p+0"), (-0.99, "0x1.8001be1bc011bp+1")),
    "arctan": ((0.5, "0x1.dac670561bb4fp-2"), (-3, "-0x1.3fc176b7a8560p+0"), (1e9, "0x1.921fb53ff74e9p+0")),
    "sinh": ((0.5, "0x1.0acd00fe63b97p-1"), (-20, "-0x1.ceb088b68e804p+27"), (1e-9, "0x1.12e0be826d695p-30")),
    "cosh": ((0.5, "0x1.20ac1862ae8d0p+0"), (-20, "0x1.ceb088b68e804p+27")),
    "tanh": ((0.5, "0x1.d9353d7568af3p-2"), (-3, "-0x1.fd77d111a0b00p-1"), (1e-9, "0x1.12e0be826d695p-30")),
    "arcsinh": ((0.5, "0x1.ecc2caec5160ap-2"), (-20, "-0x1.d841a9abe2ebbp+1"), (1e9, "0x1.56a9a0b23d188p+4")),
    "arccosh": ((1.5, "0x1.ecc2caec5160ap-1"), (20, "0x1.d818b3e5d4c5fp+1")),
    "arctanh": ((0.5, "0x1.193ea7aad030bp-1"), (-0.99, "-0x1.52c581997cd85p+1")),
    "exp": (
        (0.5, "0x1.a61298e1e069cp+0"),
        (-700, "0x1.14f2b0fb9307fp-1010"),
        (1, "0x1.5bf0a8b145769p+1"),
        (700, "0x1.d945df4f8ec8ep+1009"),
    ),
    "exp2": ((0.5, "0x1.6a09e667f3bcdp+0"), (-1000.5, "0x1.6a09e667f3bcdp-1001")),
    "expm1": ((1e-9, "0x1.12e0be84bbb51p-30"), (-0.5, "-0x1.92e9a0720d3ecp-2"), (3, "0x1.315e5bf6fb106p+4")),
    "log": (
        (0.5, "-0x1.62e42fefa39efp-1"),
        (1e-300, "-0x1.5963447f87fb5p+9"),
        (3, "0x1.193ea7aad030bp+0"),
        (1.0001, "0x1.a368d0657fcd4p-14"),
    ),
    "log2": ((3, "0x1.95c01a39fbd68p+0"), (0.7, "-0x1.0776228967d13p-1")),
    "log10": ((3, "0x1.e8927964fd5fdp-2"), (0.7, "-0x1.3d3d3d21ccf04p-3")),
    "log1p": ((1e-9, "0x1.12e0be801f1d9p-30"), (-0.5, "-0x1.62e42fefa39efp-1"), (3, "0x1.62e42fefa39efp+0")),
    "cbrt": ((2, "0x1.428a2f98d728bp+0"), (1e-100, "0x1.347c8aaebcb7ap-111")),
    "sqrt": ((2, "0x1.6a09e667f3bcdp+0"), (1e-310, "0x1.1297872d9cbaep-515"), (3e200, "0x1.face6bc50001bp+332")),
    "power": (
        ((1.1, 100.5), "0x1.c3a9d34309b70p+13"),
        ((0.3, -20.25), "0x1.20b9a77f6d1dcp+35"),
        ((2, 0.5), "0x1.6a09e667f3bcdp+0"),
    ),
    "arctan2": (((1, -3), "0x1.68f095fdf593cp+1"), ((-1e-9, 2), "-0x1.12e0be826d695p-31")),
    "hypot": (((1, 2), "0x1.1e3779b97f4a8p+1"), ((3e200, 5e200), "0x1.e787f5311d1cfp+666")),
    "logaddexp": (((1, 2), "0x1.2818f57f7d825p+1"), ((1000, 1001), "0x1.f4a818f57f7d8p+9")),
}
EXACT = {"sqrt"}
FOUR_ULPS = {"sin", "cos", "tan", "power"}


def known(name):
    def check():
        limit = 0 if name in EXACT else 4 if name in FOUR_ULPS else 2
        worst = 0.0
        for arguments, value in KNOWN[name]:
            arguments = arguments if isinstance(arguments, tuple) else (arguments,)
            # Nine of a kind, so that vector code runs and its remainder too.
            columns = [np.full(9, x, np.float64) for x in arguments]
            want = np.full(9, np.longdouble(float.fromhex(value)))
            worst = max(worst, require_ulps(f"{name}{arguments}", getattr(np, name)(*columns), want, limit))
        return f"{worst:.0f} ulp"

    return name, check


def single_precision():
    # float32 functions against the same in float64, whose own error is 2^-29 of an ulp here.
    rng = np.random.default_rng(104)
    limits = {
        "sin": 2,
        "cos": 2,
        "tan": 4,
        "exp": 3,
        "log": 4,
        "arctan": 4,
        "tanh": 4,
        "cbrt": 2,
        "log1p": 3,
        "sqrt": 0.501,
    }
    worst = {}
    for name, limit in limits.items():
        x = rng.uniform(0.01, 30, 2003).astype(np.float32)
        function = getattr(np, name)
        worst[name] = require_ulps(f"float32 {name}", function(x), function(x.astype(np.float64)), limit)
    return " ".join(f"{name} {error:.2f}" for name, error in worst.items()) + " ulp"


def special_values():
    inf, nan = np.inf, np.nan
    with np.errstate(all="ignore"):
        table = [
            ("exp(-inf)", np.exp(-inf), 0.0),
            ("exp(inf)", np.exp(inf), inf),
            ("log(0)", np.log(0.0), -inf),
            ("log(-1)", np.log(-1.0), nan),
            ("sqrt(-0)", np.sqrt(-0.0), -0.0),
            ("sqrt(-1)", np.sqrt(-1.0), nan),
            ("1/-0", np.divide(1.0, -0.0), -inf),
            ("inf-inf", np.subtract(inf, inf), nan),
            ("0*inf", np.multiply(0.0, inf), nan),
            ("nan**0", np.power(nan, 0.0), 1.0),
            ("1**nan", np.power(1.0, nan), 1.0),
            ("hypot(inf, nan)", np.hypot(inf, nan), inf),
            ("maximum with nan", np.maximum(1.0, nan), nan),
            ("fmax with nan", np.fmax(1.0, nan), 1.0),
            ("minimum with nan", np.minimum(nan, 1.0), nan),
            ("fmin with nan", np.fmin(nan, -1.0), -1.0),
            ("fmod(-5, 3)", np.fmod(-5.0, 3.0), -2.0),
            ("remainder(-5, 3)", np.remainder(-5.0, 3.0), 1.0),
            ("arctan2(-0, -1)", np.arctan2(-0.0, -1.0), -np.pi),
            ("tanh(inf)", np.tanh(inf), 1.0),
            ("expm1(-inf)", np.expm1(-inf), -1.0),
            ("copysign(3, -0)", np.copysign(3.0, -0.0), -3.0),
            ("nextafter(0, 1)", np.nextafter(0.0, 1.0), 5e-324),
            ("spacing(1)", np.spacing(1.0), 2.0**-52),
            ("ldexp(1, -1074)", np.ldexp(1.0, -1074), 5e-324),
            ("heaviside(0, 0.5)", np.heaviside(0.0, 0.5), 0.5),
            ("sign(-0.5)", np.sign(-0.5), -1.0),
            ("reciprocal(-inf)", np.reciprocal(-inf), -0.0),
        ]
    for what, got, want in table:
        same = np.isnan(got) if np.isnan(want) else got == want and np.signbit(got) == np.signbit(want)
        assert same, f"{what} is {got!r}, expected {want!r}"
    assert [float(part) for part in np.frexp(-0.15625)] == [-0.625, -2.0] and [float(p) for p in np.modf(-2.5)] == [
        -0.5,
        -2.0,
    ]
    return f"{len(table)} values"


def rounding():
    x = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999999999999994, 2.0**52 + 1, -1e300])
    want = {
        "rint": [-2, -2, -0.0, 0, 2, 2, 0, 2.0**52 + 1, -1e300],
        "floor": [-3, -2, -1, 0, 1, 2, 0, 2.0**52 + 1, -1e300],
        "ceil": [-2, -1, -0.0, 1, 2, 3, 1, 2.0**52 + 1, -1e300],
        "trunc": [-2, -1, -0.0, 0, 1, 2, 0, 2.0**52 + 1, -1e300],
    }
    for dtype in (np.float64, np.float32):
        values = x[:6].astype(dtype) if dtype == np.float32 else x
        for name, row in want.items():
            got = getattr(np, name)(values)
            assert (
                got.tolist() == row[: len(values)]
                and np.signbit(got).tolist() == np.signbit(row[: len(values)]).tolist()
            ), f"{name} of {np.dtype(dtype).name}: {got.tolist()}"


LOOPS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "maximum": max,
    "minimum": min,
    "less": lambda a, b: a < b,
    "equal": lambda a, b: a == b,
}


def every_length(dtype):
    """Vector code has a remainder to treat: lengths 0 to 67, at three alignments, with steps 1, 2 and -1."""

    def check():
        rng = np.random.default_rng(103)
        # Small enough that int8 does not overflow, and every float is exact.
        a, b = (rng.integers(-8, 9, 200).astype(dtype) for _ in range(2))
        for name, operation in LOOPS.items():
            function = getattr(np, name)
            want = [operation(x, y) for x, y in zip(a.tolist(), b.tolist())]
            for length in range(68):
                for offset in (0, 1, 3):
                    got = function(a[offset : offset + length], b[offset : offset + length])
                    assert got.tolist() == want[offset : offset + length], f"{name}: length {length}, offset {offset}"
            for step in (2, -1, 3):
                assert function(a[::step], b[::step]).tolist() == want[::step], f"{name}: step {step}"
        for length in range(68):
            part = a[1 : 1 + length]
            assert part.sum() == sum(part.tolist()), f"sum: length {length}"
            if length:
                assert (part.max(), part.min(), part.argmax()) == (
                    max(part.tolist()),
                    min(part.tolist()),
                    part.tolist().index(max(part.tolist())),
                ), f"max: length {length}"

    return f"every length of {dtype}", check


def pairwise_sum():
    # Pairwise summation errs by at most about log2(n) u; adding one by one errs by 1e-3 here.
    n = 10**6
    x = np.full(n, 0.1, np.float32)
    exact = n * float(np.float32(0.1))
    error = abs(float(x.sum()) - exact) / exact
    # 128 are added one by one in 8 sums: 16 + 3 + log2(n / 128) roundings of 2^-24 each.
    limit = (19 + math.log2(n / 128)) * 2.0**-24
    assert error <= limit, f"the sum of {n} float32 errs by {error:.2e}, pairwise by at most {limit:.2e}"
    return f"{error:.1e} of {limit:.1e}"


def ufunc_methods():
    a = np.arange(12, dtype=np.int64)
    assert np.add.reduceat(a, [0, 4, 1, 8]).tolist() == [6, 4, 28, 38], "reduceat"
    counts = np.zeros(3, np.int64)
    np.add.at(counts, [0, 2, 2, 0, 2], 1)
    assert counts.tolist() == [2, 0, 3], "add.at"
    assert np.multiply.outer(a[:3], a[:2]).tolist() == [[0, 0], [0, 1], [0, 2]], "outer"
    assert np.maximum.accumulate([3, 1, 4, 1, 5]).tolist() == [3, 3, 4, 4, 5], "accumulate"
    out = np.full(4, -1.0)
    np.divide([1, 2, 3, 4], [1, 0, 2, 0], out=out, where=[True, False, True, False])
    assert out.tolist() == [1.0, -1.0, 1.5, -1.0], "where leaves the others alone"
    x = np.arange(8)
    np.add(x[:-1], x[1:], out=x[1:])
    assert x.tolist() == [0, 1, 3, 5, 7, 9, 11, 13], "input and output overlap"
    assert np.broadcast_to(np.arange(3), (2, 3)).sum() == 6 and (np.ones((4, 1)) + np.ones(5)).shape == (4, 5)


run_checks(
    "ufuncs",
    [known(name) for name in KNOWN]
    + [("single precision", single_precision), ("special values", special_values), ("rounding", rounding)]
    + [every_length(dtype) for dtype in ("int8", "int16", "int32", "int64", "float16", "float32", "float64")]
    + [("pairwise sum", pairwise_sum), ("methods", ufunc_methods)],
)
