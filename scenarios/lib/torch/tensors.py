"""Tensor arithmetic against NumPy on the same inputs: dtypes, broadcasting, reductions, indexing.

Integers must agree exactly, floats to a few units of rounding error. Needs numpy/errors.py.
"""
import numpy as np
import torch

rng = np.random.default_rng(7)
tolerance = {"float32": 2e-6, "float64": 4e-15, "complex64": 2e-6}
worst = dict.fromkeys(tolerance, 0.0)


def sample(dtype, shape):
    if dtype.startswith(("int", "uint")):
        return rng.integers(1, 100, shape).astype(dtype)
    values = rng.standard_normal(shape)
    return (values + 1j * rng.standard_normal(shape) if dtype == "complex64" else values).astype(dtype)


def agree(what, dtype, got, want):
    got = got.numpy()
    assert got.dtype == want.dtype, f"{what}: torch gives {got.dtype}, NumPy {want.dtype}"
    if got.dtype.kind in "biu":
        assert np.array_equal(got, want), f"{what} of {dtype}: integers differ"
    else:
        error = require_close(f"{what} of {dtype}", got, want, tolerance[dtype])
        worst[dtype] = max(worst[dtype], error)


count = 0
for dtype in ("int32", "int64", "uint8", "float32", "float64", "complex64"):
    a, b, row = sample(dtype, (17, 23)), sample(dtype, (17, 23)), sample(dtype, (23,))
    ta, tb, trow = map(torch.from_numpy, (a, b, row))
    cases = {
        "add": (ta + tb, a + b),
        "broadcast multiply": (ta * trow, a * row),
        "matmul": (ta @ tb.T, a @ b.T),
        "transpose and slice": (ta.T[::2, 1:5].contiguous(), a.T[::2, 1:5]),
        "fancy index": (ta[torch.tensor([3, 0, 3, 16])][:, torch.tensor([1, 22])], a[[3, 0, 3, 16]][:, [1, 22]]),
        "mask": (ta[ta.abs() > 1], a[np.abs(a) > 1]),
        "cumulative sum": (ta.cumsum(1, dtype=ta.dtype), a.cumsum(1, dtype=a.dtype)),
    }
    if dtype.startswith("float"):
        cases |= {
            "exp": (ta.exp(), np.exp(a)),
            "tanh": (ta.tanh(), np.tanh(a)),
            "mean over columns": (ta.mean(1), a.mean(1)),
            "variance": (ta.var(0, unbiased=True), a.var(0, ddof=1)),
            "sort": (ta.sort(1).values, np.sort(a, 1)),
            "softmax": (ta.softmax(1), np.exp(a) / np.exp(a).sum(1, keepdims=True)),
            "einsum": (torch.einsum("ij,kj,j->ik", ta, tb, trow), np.einsum("ij,kj,j->ik", a, b, row)),
            "where": (torch.where(ta > tb, ta, -tb), np.where(a > b, a, -b)),
        }
    elif dtype.startswith("int"):
        cases |= {
            "floor divide of negatives": (torch.div(-ta, tb, rounding_mode="floor"), -a // b),
            "bit operations": ((ta ^ tb) << 2 & ~trow, (a ^ b) << 2 & ~row),
            "argmax": (ta.argmax(), np.asarray(a.argmax())),
        }
    for what, (got, want) in cases.items():
        agree(what, dtype, got, want)
    count += len(cases)

figures = " ".join(f"{dtype} {error:.1e} (<= {tolerance[dtype]:.0e})" for dtype, error in worst.items())
print(f"{count} operations agree with NumPy; integers exact; {figures}")

# Both generators are the Mersenne Twister, so the same seed must give the same integers.
torch.manual_seed(2024)
drawn = torch.randint(0, 2**31 - 1, (5,)).tolist()
twister = [int(word) % (2**31 - 1) for word in np.random.RandomState(2024).randint(0, 2**32, 5, dtype=np.uint32)]
assert drawn == twister, f"seed 2024: torch draws {drawn}, the Mersenne Twister {twister}"
print("seed 2024 draws", *drawn)
