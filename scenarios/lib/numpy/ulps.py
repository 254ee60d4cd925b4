"""ulp_error(got, want): numerical error in units in the last place of the type of `got`.

`want` is wider than `got` and near exact, so that the figure is the error of `got` alone. On RISC-V
np.longdouble is IEEE binary128, far wider than every type that is judged here.
"""
import numpy as np


def ulp_error(got, want, precision_bits=None, smallest_exponent=None):
    """The largest error over all elements; infinity where shapes, NaNs or infinities differ.

    precision_bits and smallest_exponent stand for a type that NumPy lacks (bfloat16: 8, -133).
    """
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        return float("inf")
    if np.iscomplexobj(got):
        # Of the larger part: a small one beside it is lost in the formulas of products.
        scale = np.maximum(np.abs(want.real), np.abs(want.imag))
        return max(
            ulp_error_of(part(got), part(want), scale, *format_of(got.real.dtype)) for part in (np.real, np.imag)
        )
    bits, exponent = (precision_bits, smallest_exponent) if precision_bits else format_of(got.dtype)
    return ulp_error_of(got, want, np.abs(want), bits, exponent)


def format_of(dtype):
    """Bits of the significand, and the exponent of the smallest subnormal."""
    info = np.finfo(dtype)
    return info.nmant + 1, info.minexp - info.nmant


def ulp_error_of(got, want, scale, bits, smallest_exponent):
    got, want = got.astype(np.longdouble), want.astype(np.longdouble)
    finite = np.isfinite(want)
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    if not (same | (finite & np.isfinite(got))).all():
        return float("inf")
    if not finite.any():
        return 0.0
    _, exponent = np.frexp(scale[finite].astype(np.longdouble))
    ulp = np.ldexp(np.longdouble(1), np.maximum(exponent - bits, smallest_exponent))
    return float((np.abs(got[finite] - want[finite]) / ulp).max())


def require_ulps(what, got, want, limit, **type_format):
    error = ulp_error(got, want, **type_format)
    assert error <= limit, f"{what}: off by {error:.3g} ulp, allowed {limit:.3g}"
    return error


# A measure that cannot see an error would let everything pass.
assert ulp_error(np.float64([1.0]), np.longdouble([1.0])) == 0
assert ulp_error(np.float64([1 + 2.0**-52]), np.longdouble([1.0])) == 1, "ulp_error misses one ulp of float64"
assert ulp_error(np.float32([8.0]), np.longdouble([8 + 2.0**-20])) == 1, "ulp_error misses one ulp of float32"
assert ulp_error(np.float64([np.inf]), np.longdouble([1.0])) == float("inf"), "ulp_error accepts infinity"
assert ulp_error(np.float64([np.nan]), np.longdouble([1.0])) == float("inf"), "ulp_error accepts NaN"
print("ulp_error sees one ulp, infinity and NaN")
