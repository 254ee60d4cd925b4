"""Times BLAS operations and prints one JSON benchmark record a line; judges every result and the limits.

All inputs are integers small enough that every result, and every sum on the way, is exact in its type, so the
results must be exact. Products, and dot, go through NumPy, axpy straight to cblas. Needs numpy/blas.py.
"""
import ctypes
import json
import math
import time

import numpy as np

SEED = {{seed}}
REPEATS = {{repeats}}
WARMUP = {{warmup}}
# A sample spans as many calls as this takes, so that short calls are not lost in the clock.
SAMPLE_SECONDS = 0.02


def numbers(text):
    return [int(word) for word in text.split(",")]


def integers(shape, terms, mantissa_bits, rng):
    """Integers whose products' sums of so many terms fit in the mantissa."""
    largest = math.isqrt(2**mantissa_bits // terms)
    return rng.integers(-largest, largest + 1, shape)


def verdict(got, want):
    if not np.isfinite(got).all():
        return {"max_rel_err": None, "ok": False}
    error = np.abs(np.asarray(got, np.float64) - want).max() / max(np.abs(want).max(), 1)
    return {"max_rel_err": float(error), "ok": bool(error == 0)}


class Gemm:
    """C = A B of two n by n matrices."""

    def __init__(self, n, dtype, mantissa_bits, rng):
        self.rng = rng
        self.left, self.right = integers((2, n, n), n, mantissa_bits, rng)
        a, b, self.out = self.left.astype(dtype), self.right.astype(dtype), np.empty((n, n), dtype)
        self.call = lambda: np.matmul(a, b, out=self.out)
        self.flops = 2 * n**3

    def judge(self, calls):
        """Freivalds' test of the whole product, and max_rel_err over random rows and those it suspects."""
        if not np.isfinite(self.out).all():
            return {"max_rel_err": None, "ok": False}
        # A wrong row survives one probe with a chance of 1/256. Overflow wraps alike on both sides.
        probes = self.rng.integers(0, 256, (len(self.right), 3))
        differs = self.out.astype(np.int64) @ probes != self.left @ (self.right @ probes)
        suspects = np.flatnonzero(differs.any(axis=1))
        rows = np.append(self.rng.choice(len(self.left), min(len(self.left), 32), replace=False), suspects[:32])
        found = verdict(self.out[rows], self.left[rows] @ self.right)
        return found | {"ok": found["ok"] and suspects.size == 0}


class Gemv:
    """y = A x, A n by n."""

    def __init__(self, n, dtype, mantissa_bits, rng):
        self.matrix, self.vector = integers((n, n), n, mantissa_bits, rng), integers(n, n, mantissa_bits, rng)
        a, x, self.out = self.matrix.astype(dtype), self.vector.astype(dtype), np.empty(n, dtype)
        self.call = lambda: np.dot(a, x, out=self.out)
        self.flops = 2 * n**2

    def judge(self, calls):
        return verdict(self.out, self.matrix @ self.vector)


class Dot:
    """The sum of x y over n elements."""

    def __init__(self, n, dtype, mantissa_bits, rng):
        self.x, self.y = integers((2, n), n, mantissa_bits, rng)
        x, y, self.out = self.x.astype(dtype), self.y.astype(dtype), np.empty((), dtype)
        self.call = lambda: np.dot(x, y, out=self.out)
        self.flops = 2 * n

    def judge(self, calls):
        return verdict(self.out, self.x @ self.y)


class Axpy:
    """y += a x over n elements; every call counts."""

    def __init__(self, n, dtype, mantissa_bits, rng):
        # y grows with every call, by 3 at most, and must stay exact.
        self.most_calls = 2 ** (mantissa_bits - 2) - 200
        self.x, self.start = rng.integers(-1, 2, n), rng.integers(-99, 100, n)
        x, self.out = self.x.astype(dtype), self.start.astype(dtype)
        real = {"float64": ctypes.c_double, "float32": ctypes.c_float}[dtype]
        axpy = getattr(ctypes.CDLL(numpy_blas), {"float64": "cblas_daxpy", "float32": "cblas_saxpy"}[dtype])
        axpy.argtypes, axpy.restype = [
            ctypes.c_int,
            real,
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_int,
        ], None
        arguments = n, 3.0, x.ctypes.data, 1, self.out.ctypes.data, 1
        self.kept = x
        self.call = lambda: axpy(*arguments)
        self.flops = 2 * n

    def judge(self, calls):
        return verdict(self.out, self.start + 3 * calls * self.x)


OPERATIONS = {
    "gemm": (Gemm, numbers("{{sizes}}")),
    "gemv": (Gemv, numbers("{{sizes}}")),
    "dot": (Dot, numbers("{{vector_sizes}}")),
    "axpy": (Axpy, numbers("{{vector_sizes}}")),
}
TYPES = {"d": ("float64", 53), "s": ("float32", 24)}


def seconds_per_call(call, calls):
    started = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - started) / calls


def measure(name, n, threads):
    make, (dtype, mantissa_bits) = OPERATIONS[name[1:]][0], TYPES[name[0]]
    operation = make(n, dtype, mantissa_bits, np.random.default_rng(SEED))
    # At least one call before timing: it loads pages and says how many calls fill a sample.
    once = [seconds_per_call(operation.call, 1) for _ in range(max(1, WARMUP))]
    calls = max(1, math.ceil(SAMPLE_SECONDS / min(once)))
    calls = min(calls, getattr(operation, "most_calls", calls * REPEATS) // REPEATS)
    samples = [1e-9 * operation.flops / seconds_per_call(operation.call, calls) for _ in range(REPEATS)]
    q25, median, q75 = (float(q) for q in np.quantile(samples, (0.25, 0.5, 0.75)))
    return {
        "name": f"{name}_n{n}_t{threads}",
        "value": median,
        "unit": "GFLOP/s",
        "better": "higher",
        "params": {"n": n, "dtype": dtype, "threads": threads, "seed": SEED},
        "warmup": len(once),
        "repeats": REPEATS,
        "calls_per_sample": calls,
        "samples": samples,
        "median": median,
        "q25": q25,
        "q75": q75,
        "check": operation.judge(len(once) + calls * REPEATS),
        "clock": "perf_counter in guest",
        "emulated": True,
        "fingerprint": {
            "blas_lib": openblas_files[0],
            "blas_core": text_of(openblas.openblas_get_corename),
            "numpy": np.__version__,
        },
    }


def below_limits(records, limits):
    """limits: "dgemm=0.05,ddot_n10000_t1=0.1", each a record's name or how it begins, and its least GFLOP/s."""
    found = []
    for limit in filter(None, limits.replace(" ", "").split(",")):
        name, _, least = limit.partition("=")
        meant = [r for r in records if r["name"] == name or r["name"].startswith(name + "_")]
        assert meant, f"the limit {limit} is of no measurement; there are: {' '.join(r['name'] for r in records)}"
        found += [f"{r['name']} {r['median']:.4g} GFLOP/s, limit {least}" for r in meant if r["median"] < float(least)]
    return found


operations = [word.strip() for word in "{{operations}}".split(",")]
unknown = [name for name in operations if name[:1] not in TYPES or name[1:] not in OPERATIONS]
assert not unknown, f"unknown operations {unknown}; known are d and s before each of {', '.join(OPERATIONS)}"
records = []
for threads in numbers("{{threads}}"):
    openblas.openblas_set_num_threads(threads)
    assert (
        openblas.openblas_get_num_threads() == threads
    ), f"OpenBLAS runs {openblas.openblas_get_num_threads()} threads, asked for {threads}"
    for name in operations:
        for n in OPERATIONS[name[1:]][1]:
            records.append(measure(name, n, threads))
            print(json.dumps(records[-1]), flush=True)
wrong = [f"{r['name']} (max_rel_err {r['check']['max_rel_err']})" for r in records if not r["check"]["ok"]]
assert not wrong, "wrong results: " + ", ".join(wrong)
slow = below_limits(records, "{{limits}}")
assert not slow, "below their limits: " + "; ".join(slow)
