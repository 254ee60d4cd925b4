"""What the tables of torch operators share: inputs, comparisons, and the kinds of rows.

Every row becomes one sub-result over several types. References are computed by NumPy from the very values
that torch was given: element by element in long double (binary128 on RISC-V), the rest in float64.
u is the unit roundoff of a type, 2^-53 for float64 to 2^-8 for bfloat16. Needs numpy/checks.py, numpy/ulps.py.
Nothing is computed here, so that no thread of OpenMP lives when the checks' child is forked.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

# Bits of the significand and the exponent of the smallest subnormal; the largest number is below 2^(last).
FORMATS = {
    torch.float64: (53, -1074, 1024),
    torch.float32: (24, -149, 128),
    torch.float16: (11, -24, 16),
    torch.bfloat16: (8, -133, 128),
    torch.complex128: (53, -1074, 1024),
    torch.complex64: (24, -149, 128),
}
FLOATS = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
WIDE, SINGLE = (torch.float64, torch.float32), (torch.float32,)
COMPLEX = (torch.complex128, torch.complex64)
INTEGERS = (torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64)


def short(dtype):
    return str(dtype).removeprefix("torch.")


def unit(dtype):
    return 2.0 ** -FORMATS[dtype][0]


def tensor(array, dtype):
    return torch.from_numpy(np.array(array)).to(dtype)


def plain(value):
    """A tensor's exact values as float64, complex128, integers or booleans; NumPy arrays as they are."""
    if not isinstance(value, torch.Tensor):
        return np.asarray(value)
    value = value.detach().resolve_conj().resolve_neg()
    if value.is_complex():
        return value.to(torch.complex128).numpy()
    return value.to(torch.float64).numpy() if value.is_floating_point() else value.numpy()


def parts(result):
    return list(result) if isinstance(result, (tuple, list)) else [result]


def require_same(what, got, want):
    got, want = plain(got), np.asarray(want)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, expected {want.shape}"
    wrong = ~((got == want) | ((got != got) & (want != want)))
    assert (
        not wrong.any()
    ), f"{what}: {np.count_nonzero(wrong)} of {wrong.size} differ, first {got[wrong][0]!r}, expected {want[wrong][0]!r}"


def require_within(what, got, want, bound):
    """Each element's error is at most `bound`, a number or an array; returns the largest share of it."""
    got, want = plain(got), np.asarray(want)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, expected {want.shape}"
    error = np.abs(got - want)
    assert np.isfinite(error).all(), f"{what}: {np.count_nonzero(~np.isfinite(error))} of {error.size} are not finite"
    share = float((error / (bound + np.finfo(float).tiny)).max(initial=0.0))
    assert share <= 1, f"{what}: error {error.max():.3g} is {share:.3g} times the bound"
    return share


def as_type_would(want, dtype):
    """Values beyond the largest number of the type become infinite, as rounding makes them."""
    bits, _, last = FORMATS[dtype]
    too_large = np.abs(want) >= np.ldexp(np.longdouble(2 - 2.0**-bits), last - 1)
    return np.where(too_large, np.sign(want) * np.inf, want)


def draw(seed, shape, domain=None, kind=float):
    """Reproducible inputs: normal ones, or uniform in a domain."""
    rng = np.random.default_rng(seed)
    one = (lambda: rng.uniform(*domain, shape)) if domain else (lambda: rng.standard_normal(shape))
    return one() + 1j * one() if kind is complex else one()


def whole(seed, shape, low=-9, high=9):
    return np.random.default_rng(seed).integers(low, high, shape, endpoint=True)


def pointwise(name, function, reference, *domains, ulps=4, half=0.51, dtypes=FLOATS):
    """A function of each element. torch computes 16-bit types in float32 and rounds once: half an ulp."""

    def check():
        figures = []
        for dtype in dtypes:
            # 131 is no multiple of a vector's length, so the remainder is computed too.
            inputs = [
                tensor(draw(seed, 131, domain, complex if dtype.is_complex else float), dtype)
                for seed, domain in enumerate(domains)
            ]
            with np.errstate(all="ignore"):
                exact = [plain(x).astype(np.clongdouble if dtype.is_complex else np.longdouble) for x in inputs]
                want = np.asarray(reference(*exact))
            got = function(*inputs)
            assert got.dtype == dtype, f"{short(dtype)} gives {short(got.dtype)}"
            limit = half if FORMATS[dtype][0] < 24 else ulps
            if dtype.is_complex:
                require_within(short(dtype), got, want, ulps * 2 * unit(dtype) * np.abs(want).astype(float))
                continue
            bits, smallest, _ = FORMATS[dtype]
            error = ulp_error(plain(got), as_type_would(want, dtype), bits, smallest)
            assert error <= limit, f"{short(dtype)}: off by {error:.4g} ulp, allowed {limit}"
            figures.append(f"{error:.2f}")
        return " ".join(figures) + " ulp" if figures else None

    return name, check


def same(name, function, reference, *arrays, dtypes=(torch.float32, torch.int64)):
    """Data moved or compared, or arithmetic on whole numbers: every element exactly."""

    def check():
        for dtype in dtypes:
            inputs = [tensor(a, dtype) for a in arrays]
            got, want = parts(function(*inputs)), parts(reference(*map(plain, inputs)))
            assert len(got) == len(want), f"{len(got)} results, expected {len(want)}"
            for k, (g, w) in enumerate(zip(got, want)):
                require_same(short(dtype) + (f", result {k}" if len(got) > 1 else ""), g, w)

    return name, check


def multilinear(name, function, reference, *arrays, terms, dtypes=WIDE):
    """Sums of `terms` products. Any order of summation errs by at most (terms + 2) u times the same sum of
    absolute values; twice that is allowed, for the reference is a sum in float64. Types of 16 bits are
    summed in float32 and rounded once, or at each of a few steps: (3 + terms 2^-13) u."""

    def check():
        figures = []
        for dtype in dtypes:
            inputs = [tensor(a, dtype) for a in arrays]
            exact = [plain(x) for x in inputs]
            steps = 2 * (terms + 2) if FORMATS[dtype][0] >= 24 else 3 + terms * 2.0**-13
            bound = steps * unit(dtype) * (2 if dtype.is_complex else 1) * reference(*map(np.abs, exact))
            figures.append(require_within(short(dtype), function(*inputs), reference(*exact), bound))
        return f"at most {max(figures):.2g} of the bound"

    return name, check


def relative(name, function, reference, *arrays, steps, dtypes=WIDE):
    """Every result within `steps` u of the largest of them, the steps argued where the row stands."""

    def check():
        figures = []
        for dtype in dtypes:
            inputs = [tensor(a, dtype) for a in arrays]
            got, want = parts(function(*inputs)), parts(reference(*map(plain, inputs)))
            assert len(got) == len(want), f"{len(got)} results, expected {len(want)}"
            for g, w in zip(got, want):
                w = np.asarray(w)
                figures.append(require_within(short(dtype), g, w, steps * unit(dtype) * np.abs(w).max(initial=0.0)))
        return f"at most {max(figures):.2g} of the bound"

    return name, check


# Comparisons that cannot see an error would let everything pass.
for broken, caught in (((1.0, 2.0), True), ((1.0, 4.0), False)):
    for comparison in (
        lambda got: require_same("", got, np.array([1.0, 2.0])),
        lambda got: require_within("", got, np.array([1.0, 2.0]), 0.5),
    ):
        try:
            comparison(np.array(broken))
            seen = True
        except AssertionError:
            seen = False
        assert seen == caught, f"a comparison of {broken} with (1, 2) says {seen}"
print("comparisons see what is different")
