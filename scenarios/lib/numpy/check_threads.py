"""Threads: OPENBLAS_NUM_THREADS is obeyed and changes no result; Python threads compute side by side.

Needs numpy/checks.py and numpy/blas.py.
"""
import concurrent.futures
import hashlib
import os
import subprocess
import sys

import numpy as np

rng = np.random.default_rng(110)
harts = len(os.sched_getaffinity(0))
PROGRAM = """
import ctypes, hashlib, sys
import numpy as np
a = np.arange(300 * 300).reshape(300, 300) % 17.0
product = a @ a
openblas = ctypes.CDLL(sys.argv[1])
print(openblas.openblas_get_num_threads(), hashlib.sha256(product.tobytes()).hexdigest())
"""


def environment_is_obeyed():
    a = np.arange(300 * 300).reshape(300, 300) % 17
    digest = hashlib.sha256((a @ a).astype(np.float64).tobytes()).hexdigest()
    asked = sorted({1, min(2, harts)})
    for threads in asked:
        environment = os.environ | {"OPENBLAS_NUM_THREADS": str(threads)}
        end = subprocess.run(
            [sys.executable, "-c", PROGRAM, openblas_files[0]], env=environment, capture_output=True, text=True
        )
        want = f"{threads} {digest}"
        assert (
            end.stdout.strip() == want
        ), f"OPENBLAS_NUM_THREADS={threads}: threads and digest are '{end.stdout.strip()}', expected '{want}' {end.stderr[-200:]}"
    return f"{' and '.join(map(str, asked))} of {harts} harts"


def thread_counts_change_nothing():
    # Products of these integers are exact, however they are divided among threads.
    shapes = [(200, 200, 200), (1, 3000, 1), (500, 3, 500), (257, 129, 65)]
    for m, k, n in shapes:
        a, b = rng.integers(-99, 100, (m, k)), rng.integers(-99, 100, (k, n))
        for dtype in (np.float64, np.float32):
            for threads in range(1, harts + 1):
                openblas.openblas_set_num_threads(threads)
                wrong = np.count_nonzero(a.astype(dtype) @ b.astype(dtype) != a @ b)
                assert (
                    wrong == 0
                ), f"{m}x{k} by {k}x{n} of {np.dtype(dtype).name} with {threads} threads: {wrong} entries are wrong"


def side_by_side():
    def work(seed):
        x = np.random.default_rng(seed).integers(0, 2**63, 40_000)
        for _ in range(5):
            x = (x * 6364136223846793005 + seed) ^ (x >> 29)
            x = np.sort(x)[::-1].copy()
        return hashlib.sha256(x.tobytes()).hexdigest()

    alone = [work(seed) for seed in range(8)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        together = list(pool.map(work, range(8)))
    assert (
        together == alone
    ), f"{sum(a != b for a, b in zip(alone, together))} of 8 threads compute something else than alone"


def blas_side_by_side():
    a = rng.integers(-99, 100, (4, 120, 120))
    want = a @ a
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            got = list(pool.map(lambda part: part @ part, a.astype(np.float64)))
            assert np.array_equal(got, want), "products of four threads at once are wrong"


run_checks(
    "threads",
    [
        ("environment", environment_is_obeyed),
        ("thread counts", thread_counts_change_nothing),
        ("side by side", side_by_side),
        ("BLAS side by side", blas_side_by_side),
    ],
)
