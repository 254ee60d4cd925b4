"""Linear algebra: exact products of every small size, known spectra, and backward errors within their bounds.

A backward-stable algorithm leaves a residual of at most p(n) u times the norms, u = 2^-53; Higham's p(n) is a
few n for LU with pivoting, Cholesky, QR and the iterations built on them. 10 n u is allowed.
Needs numpy/checks.py.
"""
import numpy as np

rng = np.random.default_rng(105)
norm = np.linalg.norm
SIZES = (1, 2, 3, 7, 16, 33, 64)


def is_complex(dtype):
    return np.dtype(dtype).kind == "c"


def matrix(rows, columns=None, dtype=float):
    shape = (rows, columns or rows)
    a = rng.standard_normal(shape)
    return a + 1j * rng.standard_normal(shape) if is_complex(dtype) else a


def integers(shape, dtype):
    a = rng.integers(-9, 10, shape)
    return (a + 1j * rng.integers(-9, 10, shape) if is_complex(dtype) else a).astype(dtype)


def exact_product(x, y):
    """In 64-bit integers, without BLAS."""
    (a, b), (c, d) = ((v.real.astype(np.int64), v.imag.astype(np.int64)) for v in (x, y))
    return (a @ c - b @ d) + 1j * (a @ d + b @ c)


def exact_products(dtype):
    """Integers this small have exact products in every type, so the edges of each kernel must be exact."""

    def check():
        a, b = integers((33, 33), dtype), integers((33, 33), dtype)
        shapes = [
            (m, k, n)
            for m in (1, 2, 3, 5, 8, 9, 16, 17, 33)
            for n in (1, 2, 3, 5, 8, 9, 16, 17, 33)
            for k in (1, 2, 7, 16, 33)
        ]
        for m, k, n in shapes:
            x, y = a[:m, :k], b[:k, :n]
            want = exact_product(x, y)
            for form, got in (
                ("", x @ y),
                (" of transposed ones", np.ascontiguousarray(x.T).T @ np.asfortranarray(y)),
            ):
                assert got.dtype == dtype and np.array_equal(got, want), f"product{form}, {m}x{k} by {k}x{n}, is wrong"
        return f"{len(shapes)} shapes"

    return f"products of {dtype}", check


def exact_vectors(dtype):
    """dot, vdot, matrix by vector, outer product and A A^T at every length to 40, and with steps."""

    def check():
        a, x, y = integers((40, 40), dtype), integers(120, dtype), integers(120, dtype)
        for n in range(1, 41):
            assert x[:n] @ y[:n] == exact_product(x[:n], y[:n]), f"dot of length {n}"
            assert np.vdot(x[:n], y[:n]) == exact_product(x[:n].conj(), y[:n]), f"vdot of length {n}"
            assert x[: 3 * n : 3] @ y[3 * n - 1 :: -3] == exact_product(
                x[: 3 * n : 3], y[3 * n - 1 :: -3]
            ), f"dot of length {n} with steps"
            assert np.array_equal(a[:n] @ x[:40], exact_product(a[:n], x[:40])), f"{n}x40 by vector"
            assert np.array_equal(x[:40] @ a[:, :n], exact_product(x[:40], a[:, :n])), f"vector by 40x{n}"
            assert np.array_equal(a[:n] @ a[:n].T, exact_product(a[:n], a[:n].T)), f"A A^T of {n}x40"

    return f"vectors of {dtype}", check


def float_product():
    # Rounding errors of a sum of products: |error| <= k u |A| |B|, u = 2^-53 and 2^-24.
    shares = []
    for dtype, u in ((np.float64, 2.0**-53), (np.float32, 2.0**-24)):
        a, b = matrix(70, 130).astype(dtype), matrix(130, 50).astype(dtype)
        exact = a.astype(np.longdouble) @ b.astype(np.longdouble)
        bound = 130 * u * (np.abs(a).astype(float) @ np.abs(b).astype(float))
        shares.append(float((np.abs(a @ b - exact) / bound).max()))
        assert shares[-1] <= 1, f"{np.dtype(dtype).name}: error is {shares[-1]:.3g} times k u |A||B|"
    return f"at most {max(shares):.2g} of k u |A||B|"


def each_size(name, residual_of):
    """residual_of(a) gives (residual, scale) pairs for a square matrix."""

    def check():
        shares = []
        for n in SIZES:
            for dtype in (float, complex):
                for residual, scale in residual_of(matrix(n, dtype=dtype)):
                    shares.append(float(residual) / (10 * n * 2.0**-53 * float(scale)))
                    assert shares[-1] <= 1, f"{n}x{n} {dtype.__name__}: residual is {shares[-1]:.3g} times 10 n u"
        return f"at most {max(shares):.2g} of 10 n u"

    return name, check


def solve(a):
    right = matrix(len(a), 3)
    x = np.linalg.solve(a, right)
    yield norm(a @ x - right), norm(a) * norm(x)


def inverse(a):
    x = np.linalg.inv(a)
    # Of an inverse only the residual over the condition number is small.
    yield norm(a @ x - np.eye(len(a))), norm(a) * norm(x)


def cholesky(a):
    a = a @ a.conj().T + np.eye(len(a))
    factor = np.linalg.cholesky(a)
    assert not np.triu(factor, 1).any(), "the factor is not lower triangular"
    yield norm(factor @ factor.conj().T - a), norm(a)


def qr(a):
    q, r = np.linalg.qr(a)
    assert not np.tril(r, -1).any(), "R is not upper triangular"
    yield norm(q @ r - a), norm(a)
    yield norm(q.conj().T @ q - np.eye(len(a))), len(a) ** 0.5


def svd(a):
    u, s, vh = np.linalg.svd(a)
    assert (np.diff(s) <= 0).all() and (s >= 0).all(), "singular values are not in order"
    yield norm((u * s) @ vh - a), norm(a)
    yield norm(u.conj().T @ u - np.eye(len(a))), len(a) ** 0.5
    yield norm(vh @ vh.conj().T - np.eye(len(a))), len(a) ** 0.5


def eigh(a):
    a = a + a.conj().T
    values, vectors = np.linalg.eigh(a)
    assert (np.diff(values) >= 0).all(), "eigenvalues are not in order"
    yield norm(a @ vectors - vectors * values), norm(a)
    yield norm(vectors.conj().T @ vectors - np.eye(len(a))), len(a) ** 0.5


def eig(a):
    values, vectors = np.linalg.eig(a)
    yield norm(a @ vectors - vectors * values), norm(a) * len(a) ** 0.5


def lstsq_and_pinv():
    a, right = matrix(40, 9), matrix(40, 2)
    x, _, rank, s = np.linalg.lstsq(a, right, rcond=None)
    assert rank == 9, f"rank {rank}, expected 9"
    # The residual of least squares stands at right angles to the columns.
    angle = norm(a.T @ (a @ x - right)) / (norm(a) ** 2 * norm(x))
    assert angle <= 400 * 2.0**-53, f"lstsq: {angle:.2g} off a right angle"
    pinv = np.linalg.pinv(a)
    assert norm(pinv @ a - np.eye(9)) <= 400 * 2.0**-53 * s[0] / s[-1] * 3, "pinv is no left inverse"
    assert np.linalg.matrix_rank(np.outer(np.arange(1.0, 9), np.ones(5))) == 1, "rank of an outer product"


def known_spectra():
    # Eigenvalues of tridiag(-1, 2, -1); its determinant is n + 1. The roots 1 to 6 of a companion matrix.
    n = 30
    t = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    want = 2 - 2 * np.cos(np.arange(1, n + 1) * np.pi / (n + 1))
    for name, got in (
        ("eigvalsh", np.linalg.eigvalsh(t)),
        ("svd", np.linalg.svd(t, compute_uv=False)[::-1]),
        ("eigvals", np.sort(np.linalg.eigvals(t).real)),
    ):
        error = np.abs(got - want).max()
        assert error <= 10 * n * 2.0**-53 * 4, f"{name}: off by {error:.2g}"
    sign, logarithm = np.linalg.slogdet(t)
    assert sign == 1 and abs(logarithm - np.log(n + 1)) <= 1e-13, f"slogdet {sign}, {logarithm}"
    assert abs(np.linalg.det(t) - (n + 1)) <= 1e-12 * (n + 1), "det"
    # These roots move up to 1e4 times as much as the coefficients.
    roots = np.sort(np.roots(np.poly(np.arange(1, 7))).real)
    assert np.abs(roots - np.arange(1, 7)).max() <= 1e-10, f"roots {roots}"


def norms():
    a = np.array([[3.0, -4.0], [0.0, 12.0]])
    got = [norm(a), norm(a, 1), norm(a, np.inf), norm(a[0]), norm(a[:, 1], 1)]
    assert got == [13, 16, 12, 5, 16], f"norms {got}"
    assert np.linalg.cond(np.diag([1.0, 4.0, 0.5])) == 8, "condition of a diagonal matrix"


def contractions():
    a, b = (rng.integers(-9, 10, shape).astype(float) for shape in ((3, 4, 5), (5, 4, 6)))
    want = sum(a[:, j, k, None] * b[k, j] for j in range(4) for k in range(5))
    assert np.array_equal(np.einsum("ijk,kjl->il", a, b), want), "einsum"
    assert np.array_equal(np.einsum("ijk,kjl->il", a, b, optimize=True), want), "einsum through BLAS"
    assert np.array_equal(np.tensordot(a, b, ([1, 2], [1, 0])), want), "tensordot"
    assert np.array_equal(np.kron([[1, 2]], [[1], [3]]), [[1, 2], [3, 6]]), "kron"
    stack = rng.integers(-9, 10, (6, 3, 4)).astype(np.float32)
    assert np.array_equal((stack @ stack.transpose(0, 2, 1))[4], stack[4] @ stack[4].T), "stacked matmul"
    assert (np.ones((3, 0)) @ np.ones((0, 2)) == 0).all() and (np.ones((0, 3)) @ np.ones((3, 2))).shape == (
        0,
        2,
    ), "empty"


def singular_is_refused():
    for what, call in (
        ("solve", lambda: np.linalg.solve(np.ones((3, 3)), np.ones(3))),
        ("inv", lambda: np.linalg.inv(np.zeros((2, 2)))),
        ("cholesky", lambda: np.linalg.cholesky(np.array([[1.0, 2.0], [2.0, 1.0]]))),
    ):
        try:
            call()
        except np.linalg.LinAlgError:
            continue
        raise AssertionError(f"{what} of a singular or indefinite matrix gives a result")


TYPES = ("float32", "float64", "complex64", "complex128")
run_checks(
    "linalg",
    [exact_products(dtype) for dtype in TYPES]
    + [exact_vectors(dtype) for dtype in TYPES]
    + [
        ("rounding of products", float_product),
        each_size("solve", solve),
        each_size("inverse", inverse),
        each_size("cholesky", cholesky),
        each_size("qr", qr),
        each_size("svd", svd),
        each_size("eigh", eigh),
        each_size("eig", eig),
        ("lstsq and pinv", lstsq_and_pinv),
        ("known spectra", known_spectra),
        ("norms", norms),
        ("contractions", contractions),
        ("singular matrices", singular_is_refused),
    ],
)
