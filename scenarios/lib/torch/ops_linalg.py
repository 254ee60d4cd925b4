"""Linear algebra: decompositions are judged by what they must multiply to. Needs torch/ops.py.

A backward-stable algorithm leaves a residual of at most a few n u times the norms; 10 n u is allowed.
"""
norm = np.linalg.norm


def decomposition(name, residuals, sizes=(1, 2, 5, 16, 33), kinds=(torch.float64, torch.float32, torch.complex128)):
    """residuals(a) yields (residual, scale) pairs of a square matrix's decomposition, as NumPy arrays in float64."""

    def check():
        shares = []
        for dtype in kinds:
            for n in sizes:
                a = tensor(draw(92 + n, (n, n), kind=complex if dtype.is_complex else float), dtype)
                for residual, scale in residuals(a):
                    shares.append(float(norm(residual) / (10 * n * unit(dtype) * norm(scale))))
                    assert shares[-1] <= 1, f"{short(dtype)} {n}x{n}: residual is {shares[-1]:.3g} times 10 n u"
        return f"at most {max(shares):.2g} of 10 n u"

    return name, check


def unitary(q):
    q = plain(q)
    return q.conj().T @ q - np.eye(q.shape[1]), np.eye(q.shape[1])


def conj_t(a):
    return plain(a).conj().T


def definite(a):
    return a @ a.mH + torch.eye(len(a), dtype=a.dtype)


def solve(a):
    b = a[:, :1] + 1
    x = torch.linalg.solve(a, b)
    yield plain(a) @ plain(x) - plain(b), norm(plain(a)) * plain(x)


def inverse(a):
    x = torch.linalg.inv(a)
    yield plain(a) @ plain(x) - np.eye(len(a)), norm(plain(a)) * plain(x)


def cholesky(a):
    a = definite(a)
    factor = torch.linalg.cholesky(a)
    assert not plain(factor.triu(1)).any(), "the factor is not lower triangular"
    yield plain(factor) @ conj_t(factor) - plain(a), plain(a)
    b = a[:, :1] + 1
    x = torch.cholesky_solve(b, factor)
    yield plain(a) @ plain(x) - plain(b), norm(plain(a)) * plain(x)


def qr(a):
    q, r = torch.linalg.qr(a)
    assert not plain(r.tril(-1)).any(), "R is not upper triangular"
    yield plain(q) @ plain(r) - plain(a), plain(a)
    yield unitary(q)


def svd(a):
    u, s, vh = torch.linalg.svd(a)
    assert (np.diff(plain(s)) <= 0).all(), "singular values are not in order"
    yield (plain(u) * plain(s)) @ plain(vh) - plain(a), plain(a)
    yield unitary(u)
    yield unitary(vh)


def eigh(a):
    a = a + a.mH
    values, vectors = torch.linalg.eigh(a)
    yield plain(a) @ plain(vectors) - plain(vectors) * plain(values), plain(a)
    yield unitary(vectors)


def eig(a):
    values, vectors = torch.linalg.eig(a)
    yield plain(a) @ plain(vectors) - plain(vectors) * plain(values), norm(plain(a)) * plain(vectors)


def lu(a):
    p, l, u = torch.linalg.lu(a)
    yield plain(p) @ plain(l) @ plain(u) - plain(a), plain(a)
    factors, pivots = torch.linalg.lu_factor(a)
    x = torch.linalg.lu_solve(factors, pivots, a[:, :1] + 1)
    yield plain(a) @ plain(x) - plain(a[:, :1] + 1), norm(plain(a)) * plain(x)


def triangular(a):
    a = a.triu() + 3 * torch.eye(len(a), dtype=a.dtype)
    x = torch.linalg.solve_triangular(a, a.mT[:, :1] + 1, upper=True)
    yield plain(a) @ plain(x) - plain(a.mT[:, :1] + 1), norm(plain(a)) * plain(x)


def pinv(a):
    tall = torch.cat([a, a + 1])
    left = torch.linalg.pinv(tall)
    # Through the SVD; the residual is magnified by the condition number.
    yield plain(left) @ plain(tall) - np.eye(len(a)), norm(plain(left)) * plain(tall)


def lstsq(a):
    tall, b = torch.cat([a, a * 2 + 1]), torch.cat([a[:, :1], a[:, :1] - 1])
    x = torch.linalg.lstsq(tall, b).solution
    yield conj_t(tall) @ (plain(tall) @ plain(x) - plain(b)), norm(plain(tall)) * (
        norm(plain(tall)) * norm(plain(x)) + norm(plain(b))
    )


def matrix_exp(a):
    # Of a skew-symmetric matrix the exponential is unitary. A polynomial and squarings make some twenty products
    # whatever the size, so 16 times as much is allowed.
    a = (a - a.mH) / (2 * len(a) ** 0.5)
    e = torch.linalg.matrix_exp(a)
    yield plain(e) @ conj_t(e) - np.eye(len(a)), 16 * np.eye(len(a))
    yield plain(e) - plain(torch.linalg.matrix_exp(a / 2)) @ plain(torch.linalg.matrix_exp(a / 2)), 16 * plain(e)


def determinants():
    for n in (1, 2, 7, 20):
        t = (
            torch.eye(n, dtype=torch.float64) * 2
            - torch.diag(torch.ones(n - 1, dtype=torch.float64), 1)
            - torch.diag(torch.ones(n - 1, dtype=torch.float64), -1)
        )
        # tridiag(-1, 2, -1) has the determinant n + 1.
        require_within(f"det {n}x{n}", torch.linalg.det(t), n + 1.0, 10 * n * 2.0**-53 * (n + 1))
        sign, logarithm = torch.linalg.slogdet(t)
        assert sign == 1, f"slogdet {n}x{n} has sign {sign}"
        require_within(f"slogdet {n}x{n}", logarithm, math.log(n + 1), 10 * n * 2.0**-53 * math.log(n + 2))


def spectra():
    n = 24
    t = (
        torch.eye(n, dtype=torch.float64) * 2
        - torch.diag(torch.ones(n - 1, dtype=torch.float64), 1)
        - torch.diag(torch.ones(n - 1, dtype=torch.float64), -1)
    )
    want = 2 - 2 * np.cos(np.arange(1, n + 1) * np.pi / (n + 1))
    for name, got in (
        ("eigvalsh", torch.linalg.eigvalsh(t)),
        ("svdvals", torch.linalg.svdvals(t).flip(0)),
        ("eigvals", torch.linalg.eigvals(t).real.sort().values),
    ):
        require_within(name, got, want, 10 * n * 2.0**-53 * 4)
    assert torch.linalg.matrix_rank(torch.outer(torch.arange(1.0, 9), torch.ones(5))) == 1, "rank of an outer product"
    require_within("cond", torch.linalg.cond(torch.diag(torch.tensor([1.0, 4.0, 0.5]))), 8.0, 1e-5)
    require_within("nuclear norm", torch.linalg.matrix_norm(t, "nuc"), want.sum(), 10 * n * 2.0**-53 * 48)


def batches():
    a = tensor(draw(99, (2, 3, 6, 6)), torch.float64)
    b = tensor(draw(98, (2, 3, 6, 2)), torch.float64)
    require_within(
        "solve", a @ torch.linalg.solve(a, b), plain(b), 60 * 2.0**-53 * 50 * np.linalg.cond(plain(a)).max()
    )
    got = torch.linalg.det(a)
    require_within(
        "det", got, np.linalg.det(plain(a)), 120 * 2.0**-53 * np.prod(np.linalg.norm(plain(a), axis=2), 2)
    )
    assert (
        torch.linalg.inv(a.mT).shape == a.shape and torch.linalg.solve(a[:, :1], b).shape == b.shape
    ), "broadcast over batches"


def singular_is_refused():
    for name, call in (
        ("solve", lambda: torch.linalg.solve(torch.ones(3, 3), torch.ones(3))),
        ("inv", lambda: torch.linalg.inv(torch.zeros(2, 2))),
        ("cholesky", lambda: torch.linalg.cholesky(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))),
    ):
        try:
            call()
        except torch.linalg.LinAlgError:
            continue
        raise AssertionError(f"{name} of a singular or indefinite matrix gives a result")


linalg = [
    decomposition(f.__name__, f)
    for f in (solve, inverse, cholesky, qr, svd, eigh, eig, lu, triangular, pinv, lstsq, matrix_exp)
] + [
    ("determinants", determinants),
    ("known spectra", spectra),
    ("batches", batches),
    ("singular matrices", singular_is_refused),
    same(
        "vander", lambda x: torch.linalg.vander(x), lambda x: np.vander(x, increasing=True), whole(96, 5), dtypes=WIDE
    ),
]

run_checks("linalg", linalg)
