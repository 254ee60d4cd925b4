"""Times dgemm and sgemm through NumPy and prints one JSON benchmark record a line.

The matrices hold integers as large as their product can represent exactly, so the product must be exact:
Freivalds' test in 64-bit integers judges all of it, and some rows are computed in full. Needs numpy/blas.py.
"""
import json
import math
import time

import numpy as np

SEED = {{seed}}
REPEATS = {{repeats}}
WARMUP = {{warmup}}
# A sample spans as many calls as this takes, so that short calls are not lost in the clock.
SAMPLE_SECONDS = 0.02


def integer_matrices(n, mantissa_bits, rng):
    """Two matrices whose product's partial sums all fit in the mantissa."""
    largest = math.isqrt(2**mantissa_bits // n)
    return rng.integers(-largest, largest + 1, (2, n, n))


def judge(product, left, right, rng):
    """Freivalds' test of the whole product, and max_rel_err over random rows and those it suspects."""
    if not np.isfinite(product).all():
        return {"max_rel_err": None, "ok": False}
    # A wrong row survives one probe with a chance of 1/256. Overflow wraps alike on both sides.
    probes = rng.integers(0, 256, (len(right), 3))
    suspects = np.flatnonzero((product.astype(np.int64) @ probes != left @ (right @ probes)).any(axis=1))
    rows = np.append(rng.choice(len(left), min(len(left), 32), replace=False), suspects[:32])
    exact = left[rows] @ right
    error = np.abs(product[rows].astype(np.float64) - exact).max() / np.abs(exact).max()
    return {"max_rel_err": float(error), "ok": bool(suspects.size == 0 and error == 0)}


def seconds_per_call(multiply, calls):
    started = time.perf_counter()
    for _ in range(calls):
        multiply()
    return (time.perf_counter() - started) / calls


def measure(name, n, dtype, threads, mantissa_bits):
    rng = np.random.default_rng(SEED)
    left, right = integer_matrices(n, mantissa_bits, rng)
    a, b, out = left.astype(dtype), right.astype(dtype), np.empty((n, n), dtype)
    multiply = lambda: np.matmul(a, b, out=out)
    # At least one call before timing: it loads pages and says how many calls fill a sample.
    once = [seconds_per_call(multiply, 1) for _ in range(max(1, WARMUP))]
    calls = max(1, math.ceil(SAMPLE_SECONDS / min(once)))
    samples = [2e-9 * n**3 / seconds_per_call(multiply, calls) for _ in range(REPEATS)]
    q25, median, q75 = (float(q) for q in np.quantile(samples, (0.25, 0.5, 0.75)))
    return {
        "name": f"{name}_n{n}_t{threads}", "value": median, "unit": "GFLOP/s", "better": "higher",
        "params": {"n": n, "dtype": dtype, "threads": threads, "seed": SEED},
        "warmup": len(once), "repeats": REPEATS, "calls_per_sample": calls,
        "samples": samples, "median": median, "q25": q25, "q75": q75,
        "check": judge(out, left, right, rng), "clock": "perf_counter in guest", "emulated": True,
        "fingerprint": {"blas_lib": openblas_files[0], "blas_core": text_of(openblas.openblas_get_corename),
                        "numpy": np.__version__},
    }


wrong = []
for threads in (int(word) for word in "{{threads}}".split(",")):
    openblas.openblas_set_num_threads(threads)
    assert openblas.openblas_get_num_threads() == threads, \
        f"OpenBLAS runs {openblas.openblas_get_num_threads()} threads, asked for {threads}"
    for n in (int(word) for word in "{{sizes}}".split(",")):
        for name, dtype, mantissa_bits in (("dgemm", "float64", 53), ("sgemm", "float32", 24)):
            record = measure(name, n, dtype, threads, mantissa_bits)
            print(json.dumps(record), flush=True)
            if not record["check"]["ok"]:
                wrong.append(f"{record['name']} (max_rel_err {record['check']['max_rel_err']})")
assert not wrong, "wrong products: " + ", ".join(wrong)
