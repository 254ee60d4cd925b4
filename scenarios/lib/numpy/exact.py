"""NumPy against values known in closed form: integers exactly, the rest near rounding error.

The second-difference matrix T = tridiag(-1, 2, -1) of order n has determinant n + 1, eigenvalues
2 - 2 cos(k pi / (n + 1)) and the inverse min(i, j) (n + 1 - max(i, j)) / (n + 1).
Needs numpy/errors.py.
"""
import numpy as np

n = 40
T = 2 * np.eye(n, dtype=np.int64) - np.eye(n, k=1, dtype=np.int64) - np.eye(n, k=-1, dtype=np.int64)
i, j = np.indices((n, n)) + 1
adjugate = np.minimum(i, j) * (n + 1 - np.maximum(i, j))
identity = (n + 1) * np.eye(n, dtype=np.int64)

# Integers this small are exact in both float types, so BLAS must hit them exactly too.
for dtype in (np.int32, np.int64, np.float32, np.float64):
    product = T.astype(dtype) @ adjugate.astype(dtype)
    wrong = np.count_nonzero(product != identity)
    assert wrong == 0, f"matmul of {np.dtype(dtype).name}: {wrong} of {n * n} entries are wrong"
print(f"matmul {n}x{n}: int32 int64 float32 float64 exact")

A = T.astype(np.float64)
solved = require_close("solve", np.linalg.solve(A, identity.astype(np.float64)), adjugate, 1e-12)
determinant = require_close("det", np.linalg.det(A), n + 1, 1e-12)
spectrum = 2 - 2 * np.cos(np.arange(1, n + 1) * np.pi / (n + 1))
eigenvalues = require_close("eigvalsh", np.linalg.eigvalsh(A), spectrum, 1e-13)
singular = require_close("svd", np.linalg.svd(A, compute_uv=False), spectrum[::-1], 1e-13)
print(f"solve {solved:.1e} det {determinant:.1e} eigvalsh {eigenvalues:.1e} svd {singular:.1e} (<= 1e-12)")

turns = np.exp(2j * np.pi * 5 * np.arange(64) / 64)
spike = np.zeros(64)
spike[5] = 64
print(f"fft of one frequency {require_close('fft', np.fft.fft(turns), spike, 1e-14):.1e} (<= 1e-14)")

# The bit stream of PCG64 is the same on every architecture.
stream = [hex(word) for word in np.random.PCG64(42).random_raw(2).tolist()]
assert stream == ["0xc621fbcd16d92688", "0x705a5661a791ffc1"], f"PCG64(42) gave {stream}"
print("PCG64(42)", *stream)
