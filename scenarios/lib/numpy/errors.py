"""relative_error(got, want): the one measure of numerical error of these scenarios.

The largest absolute difference over the largest absolute value wanted, in double precision.
Shapes that differ and values that are not finite are an error of infinity, never a match.
"""
import numpy as np


def relative_error(got, want):
    got = np.asarray(got)
    want = np.asarray(want)
    if got.shape != want.shape:
        return float("inf")
    wide = np.complex128 if np.iscomplexobj(want) or np.iscomplexobj(got) else np.float64
    got, want = got.astype(wide), want.astype(wide)
    if not (np.isfinite(got).all() and np.isfinite(want).all()):
        return float("inf")
    scale = max(np.abs(want).max(initial=0.0), np.finfo(np.float64).tiny)
    return float(np.abs(got - want).max(initial=0.0) / scale)


def require_close(what, got, want, tolerance):
    """Fails with the figure when the error is above the tolerance; returns the error."""
    error = relative_error(got, want)
    assert error <= tolerance, f"{what}: relative error {error:.3g}, allowed {tolerance:.3g}"
    return error


# A measure that cannot see an error would let everything pass.
assert relative_error([1.0, 2.0], [1.0, 4.0]) == 0.5, "relative_error misses a difference"
assert relative_error([1.0, float("nan")], [1.0, 2.0]) == float("inf"), "relative_error accepts NaN"
assert relative_error([1.0], [1.0, 1.0]) == float("inf"), "relative_error accepts another shape"
print("relative_error sees a difference, a NaN and another shape")
