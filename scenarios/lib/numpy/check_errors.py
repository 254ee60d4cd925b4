"""Floating-point errors: what warns, raises or is ignored, the flags behind it, and the rounding modes.

Needs numpy/checks.py.
"""
import ctypes
import platform
import warnings

import numpy as np

CAUSES = {
    "divide": lambda dtype: np.ones(9, dtype) / np.zeros(9, dtype),
    "invalid": lambda dtype: np.zeros(9, dtype) / np.zeros(9, dtype),
    "over": lambda dtype: np.full(9, np.finfo(dtype).max) * np.array(2, dtype),
    "under": lambda dtype: np.full(9, np.finfo(dtype).tiny) * np.full(9, np.finfo(dtype).tiny),
}
RESULTS = {"divide": np.inf, "invalid": np.nan, "over": np.inf, "under": 0.0}


def each_error(kind):
    def check():
        for dtype in (np.float32, np.float64):
            with np.errstate(all="ignore", **{kind: "raise"}):
                try:
                    CAUSES[kind](dtype)
                except FloatingPointError:
                    pass
                else:
                    raise AssertionError(f"no FloatingPointError for {np.dtype(dtype).name}")
            with np.errstate(all="raise", **{kind: "ignore"}):
                got = CAUSES[kind](dtype)
            assert np.array_equal(
                got, np.full(9, RESULTS[kind]), equal_nan=True
            ), f"the result is {got[0]}, expected {RESULTS[kind]}"
            with np.errstate(all="ignore", **{kind: "warn"}), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                CAUSES[kind](dtype)
            assert len(caught) == 1 and caught[0].category is RuntimeWarning, f"{len(caught)} warnings, expected one"

    return f"{kind}", check


def integer_division_by_zero():
    with np.errstate(divide="raise"):
        try:
            np.arange(1, 9) // np.zeros(8, np.int64)
        except FloatingPointError:
            return
    raise AssertionError("no FloatingPointError")


def no_flag_is_left_over():
    # What one operation was allowed to do must not be held against the next.
    for kind, cause in CAUSES.items():
        with np.errstate(all="ignore"):
            cause(np.float64)
        with np.errstate(all="raise"):
            assert (np.full(9, 3.0) * np.full(9, 0.5) == 1.5).all(), kind


def no_flag_without_cause():
    # Elements beyond the end, or masked out, must raise no flag, whatever is in those lanes.
    rng = np.random.default_rng(111)
    with np.errstate(all="raise", under="ignore"):
        for dtype in (np.float32, np.float64):
            x = rng.uniform(0.5, 2, 80).astype(dtype)
            for length in range(1, 70):
                part = x[:length]
                for function in (np.sqrt, np.log, np.exp, np.sin, np.reciprocal, np.floor, np.tanh):
                    function(part)
                np.divide(x[:length], x[1 : length + 1]), np.maximum(part, part), np.rint(part).astype(np.int32)
                part.std() if length > 1 else part.sum()
            mixed = np.tile(np.array([0, 1], dtype), 20)
            out = np.zeros(40, dtype)
            np.divide(1, mixed, out=out, where=mixed > 0)
            assert (out == mixed).all(), "division where the divisor is not 0"
            quiet = np.full(33, np.nan, dtype)
            quiet + 1, np.maximum(quiet, 1), quiet == quiet, np.isfinite(quiet)


def error_callback():
    seen = []
    with np.errstate(divide="call", call=lambda kind, flag: seen.append((kind, flag))):
        np.ones(3) / np.zeros(3)
    assert seen == [("divide by zero", 1)], f"the callback saw {seen}"


# Bits of fcsr on RISC-V, of the SSE control word on x86.
FLAGS = {
    "riscv64": {"inexact": 1, "underflow": 2, "overflow": 4, "divide": 8, "invalid": 16},
    "x86_64": {"inexact": 32, "underflow": 16, "overflow": 8, "divide": 4, "invalid": 1},
}
MODES = {
    "riscv64": {"nearest": 0, "zero": 1, "down": 2, "up": 3},
    "x86_64": {"nearest": 0, "zero": 0xC00, "down": 0x400, "up": 0x800},
}


def of_this_machine(table):
    if platform.machine() not in table:
        raise Skip(f"the constants of {platform.machine()} are not known here")
    return table[platform.machine()], ctypes.CDLL("libm.so.6")


def hardware_flags():
    flags, libm = of_this_machine(FLAGS)
    every = sum(flags.values())
    # libm's functions are compiled code that leaves flags as the instructions set them.
    for function in (libm.fma, libm.sqrt):
        function.restype = ctypes.c_double
    number = ctypes.c_double
    cases = {
        "inexact": lambda: libm.sqrt(number(2.0)),
        "invalid": lambda: libm.sqrt(number(-1.0)),
        "overflow": lambda: libm.fma(number(1e308), number(10.0), number(0.0)),
        "underflow": lambda: libm.fma(number(1e-308), number(1e-10), number(0.0)),
    }
    exact = lambda: libm.fma(number(3.0), number(4.0), number(5.0))
    for name, cause in cases.items():
        libm.feclearexcept(every)
        exact()
        assert libm.fetestexcept(every) == 0, "an exact operation raises a flag"
        cause()
        got = libm.fetestexcept(every)
        want = flags[name] | (flags["inexact"] if name in ("overflow", "underflow") else 0)
        libm.feclearexcept(every)
        assert got == want, f"{name}: flags {got:#x}, expected {want:#x}"


def rounding_modes():
    modes, libm = of_this_machine(MODES)
    one, three = np.full(5, 1.0), np.full(5, 3.0)
    below, above = float.fromhex("0x1.5555555555555p-2"), float.fromhex("0x1.5555555555556p-2")
    want = {"nearest": (below, -below), "zero": (below, -below), "down": (below, -above), "up": (above, -below)}
    got = {}
    for name, mode in modes.items():
        assert libm.fesetround(mode) == 0, f"fesetround({mode}) is refused"
        try:
            got[name] = (one / three)[4], (-one / three)[4]
        finally:
            libm.fesetround(modes["nearest"])
    for name, quotients in want.items():
        assert tuple(got[name]) == quotients, f"1/3 and -1/3 rounded {name}: {got[name]}"


run_checks(
    "errors",
    [each_error(kind) for kind in CAUSES]
    + [
        ("integer division by zero", integer_division_by_zero),
        ("no flag is left over", no_flag_is_left_over),
        ("no flag without cause", no_flag_without_cause),
        ("callback", error_callback),
        ("hardware flags", hardware_flags),
        ("rounding modes", rounding_modes),
    ],
)
