"""Products and linear algebra. Needs torch/ops.py.

Decompositions are judged by what they must multiply to, with a backward error of at most 10 n u.
"""
A, B, v, w = draw(61, (23, 37)), draw(62, (37, 19)), draw(63, 37), draw(64, 23)
stack, other = draw(65, (3, 7, 11)), draw(66, (3, 11, 5))
C, D, z = draw(67, (9, 12), kind=complex), draw(68, (12, 7), kind=complex), draw(69, 12, kind=complex)
HALF = (torch.bfloat16, torch.float16)
norm = np.linalg.norm

products = [
    multilinear("mm", torch.mm, np.matmul, A, B, terms=37), multilinear("mm of 16 bits", torch.mm, np.matmul, A, B, terms=37, dtypes=HALF),
    multilinear("mm of transposed", lambda a, b: a.T.contiguous().T @ b.T.contiguous().T, np.matmul, A, B, terms=37), multilinear("mm of every other", lambda a, b: a[::2] @ b[:, ::3], lambda a, b: a[::2] @ b[:, ::3], A, B, terms=37),
    same("mm of integers", torch.mm, np.matmul, whole(70, (13, 17)), whole(71, (17, 9)), dtypes=(torch.int32, torch.int64, torch.int16)), same("mm of whole numbers", torch.mm, np.matmul, whole(70, (33, 65)), whole(71, (65, 31)), dtypes=WIDE),
    multilinear("mm complex", torch.mm, np.matmul, C, D, terms=24, dtypes=COMPLEX), multilinear("mm with conjugate", lambda a, b: a.mH @ b, lambda a, b: a.conj().T @ b, C, draw(72, (9, 4), kind=complex), terms=18, dtypes=COMPLEX),
    multilinear("mv", torch.mv, np.matmul, A, v, terms=37), multilinear("mv of 16 bits", torch.mv, np.matmul, A, v, terms=37, dtypes=(torch.bfloat16,)), multilinear("dot", torch.dot, np.dot, v, v + 1, terms=37), multilinear("vdot complex", torch.vdot, np.vdot, z, z + 1, terms=24, dtypes=COMPLEX),
    multilinear("outer", torch.outer, np.outer, v, w, terms=1), multilinear("addr", lambda m, a, b: torch.addr(m, a, b, beta=0.5, alpha=2), lambda m, a, b: m / 2 + 2 * np.outer(a, b), draw(73, (23, 37)), w, v, terms=3),
    multilinear("addmm", lambda m, a, b: torch.addmm(m, a, b, beta=0.5, alpha=2), lambda m, a, b: m / 2 + 2 * (a @ b), draw(74, (23, 19)), A, B, terms=39), multilinear("addmv", torch.addmv, lambda m, a, b: m + a @ b, w, A, v, terms=38),
    multilinear("bmm", torch.bmm, np.matmul, stack, other, terms=11), multilinear("bmm of 16 bits", torch.bmm, np.matmul, stack, other, terms=11, dtypes=(torch.bfloat16,)), multilinear("baddbmm", torch.baddbmm, lambda m, a, b: m + a @ b, draw(75, (3, 7, 5)), stack, other, terms=12),
    multilinear("matmul broadcast", torch.matmul, np.matmul, draw(76, (2, 1, 7, 11)), other, terms=11), multilinear("linear", F.linear, lambda x, m, b: x @ m.T + b, draw(77, (4, 6, 37)), A, w, terms=38), multilinear("linear of 16 bits", F.linear, lambda x, m, b: x @ m.T + b, draw(77, (6, 37)), A, w, terms=38, dtypes=(torch.bfloat16,)),
    multilinear("bilinear", F.bilinear, lambda x, y, m, b: np.einsum("ni,oij,nj->no", x, m, y) + b, draw(78, (5, 4)), draw(79, (5, 6)), draw(80, (3, 4, 6)), draw(81, 3), terms=30),
    multilinear("einsum", lambda a, b, c: torch.einsum("bij,bjk,k->ib", a, b, c), lambda a, b, c: np.einsum("bij,bjk,k->ib", a, b, c), stack, other, draw(82, 5), terms=62), multilinear("einsum of diagonals", lambda a: torch.einsum("ijj->i", a), lambda a: np.einsum("ijj->i", a), draw(83, (4, 6, 6)), terms=6),
    multilinear("tensordot", lambda a, b: torch.tensordot(a, b, dims=([1, 2], [0, 1])), lambda a, b: np.tensordot(a, b, ([1, 2], [0, 1])), stack, draw(84, (7, 11, 4)), terms=77), multilinear("kron", torch.kron, np.kron, stack[0], other[0], terms=1),
    multilinear("multi_dot", lambda a, b, c: torch.linalg.multi_dot([a, b, c]), lambda a, b, c: a @ b @ c, A, B, draw(85, (19, 3)), terms=60), same("matrix_power", lambda a: torch.linalg.matrix_power(a, 5), lambda a: np.linalg.matrix_power(a, 5), whole(86, (4, 4), -3, 3), dtypes=WIDE),
    relative("cross", lambda a, b: torch.linalg.cross(a, b), np.cross, draw(87, (6, 3)), draw(88, (6, 3)), steps=16),
    # Through |a|^2 - 2 ab + |b|^2 for more than 25 rows, so the error is of the squares; below that directly.
    relative("cdist", torch.cdist, lambda a, b: np.sqrt(((a[:, None] - b)**2).sum(2)), draw(89, (9, 5)), draw(90, (8, 5)), steps=16), relative("cov corrcoef", lambda a: [torch.cov(a), torch.corrcoef(a)], lambda a: [np.cov(a), np.corrcoef(a)], draw(91, (4, 60)), steps=260),
]


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
    yield conj_t(tall) @ (plain(tall) @ plain(x) - plain(b)), norm(plain(tall)) * (norm(plain(tall)) * norm(plain(x)) + norm(plain(b)))


def matrix_exp(a):
    # Of a skew-symmetric matrix the exponential is unitary. A polynomial and squarings make some twenty products
    # whatever the size, so 16 times as much is allowed.
    a = (a - a.mH) / (2 * len(a)**0.5)
    e = torch.linalg.matrix_exp(a)
    yield plain(e) @ conj_t(e) - np.eye(len(a)), 16 * np.eye(len(a))
    yield plain(e) - plain(torch.linalg.matrix_exp(a / 2)) @ plain(torch.linalg.matrix_exp(a / 2)), 16 * plain(e)


def determinants():
    for n in (1, 2, 7, 20):
        t = torch.eye(n, dtype=torch.float64) * 2 - torch.diag(torch.ones(n - 1, dtype=torch.float64), 1) - torch.diag(torch.ones(n - 1, dtype=torch.float64), -1)
        # tridiag(-1, 2, -1) has the determinant n + 1.
        require_within(f"det {n}x{n}", torch.linalg.det(t), n + 1.0, 10 * n * 2.0**-53 * (n + 1))
        sign, logarithm = torch.linalg.slogdet(t)
        assert sign == 1, f"slogdet {n}x{n} has sign {sign}"
        require_within(f"slogdet {n}x{n}", logarithm, math.log(n + 1), 10 * n * 2.0**-53 * math.log(n + 2))


def spectra():
    n = 24
    t = torch.eye(n, dtype=torch.float64) * 2 - torch.diag(torch.ones(n - 1, dtype=torch.float64), 1) - torch.diag(torch.ones(n - 1, dtype=torch.float64), -1)
    want = 2 - 2 * np.cos(np.arange(1, n + 1) * np.pi / (n + 1))
    for name, got in (("eigvalsh", torch.linalg.eigvalsh(t)), ("svdvals", torch.linalg.svdvals(t).flip(0)), ("eigvals", torch.linalg.eigvals(t).real.sort().values)):
        require_within(name, got, want, 10 * n * 2.0**-53 * 4)
    assert torch.linalg.matrix_rank(torch.outer(torch.arange(1.0, 9), torch.ones(5))) == 1, "rank of an outer product"
    require_within("cond", torch.linalg.cond(torch.diag(torch.tensor([1.0, 4.0, 0.5]))), 8.0, 1e-5)
    require_within("nuclear norm", torch.linalg.matrix_norm(t, "nuc"), want.sum(), 10 * n * 2.0**-53 * 48)


def batches():
    a = tensor(draw(99, (2, 3, 6, 6)), torch.float64)
    b = tensor(draw(98, (2, 3, 6, 2)), torch.float64)
    require_within("solve", a @ torch.linalg.solve(a, b), plain(b), 60 * 2.0**-53 * 50 * np.linalg.cond(plain(a)).max())
    got = torch.linalg.det(a)
    require_within("det", got, np.linalg.det(plain(a)), 120 * 2.0**-53 * np.prod(np.linalg.norm(plain(a), axis=2), 2))
    assert torch.linalg.inv(a.mT).shape == a.shape and torch.linalg.solve(a[:, :1], b).shape == b.shape, "broadcast over batches"


def singular_is_refused():
    for name, call in (("solve", lambda: torch.linalg.solve(torch.ones(3, 3), torch.ones(3))), ("inv", lambda: torch.linalg.inv(torch.zeros(2, 2))),
                       ("cholesky", lambda: torch.linalg.cholesky(torch.tensor([[1.0, 2.0], [2.0, 1.0]])))):
        try:
            call()
        except torch.linalg.LinAlgError:
            continue
        raise AssertionError(f"{name} of a singular or indefinite matrix gives a result")


linalg = [decomposition(f.__name__, f) for f in (solve, inverse, cholesky, qr, svd, eigh, eig, lu, triangular, pinv, lstsq, matrix_exp)] + [
    ("determinants", determinants), ("known spectra", spectra), ("batches", batches), ("singular matrices", singular_is_refused),
    same("vander", lambda x: torch.linalg.vander(x), lambda x: np.vander(x, increasing=True), whole(96, 5), dtypes=WIDE)]

run_checks("matmul", products)
run_checks("linalg", linalg)
