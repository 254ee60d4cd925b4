"""Reductions, scans, sorting and searching. Needs torch/ops.py."""
x, wide_rows = draw(31, (5, 7, 33)), draw(32, (3, 2000))
n, rows = whole(33, (5, 7, 33)), whole(34, (6, 41), 0, 9)
distinct = np.random.default_rng(35).permutation(7 * 33).reshape(7, 33) - 100


def std(a, axis=None, ddof=1):
    return a.std(axis=axis, ddof=ddof)


def variance_check():
    # The spread of numbers far from 0: a one-pass formula would lose all digits.
    far = tensor(draw(36, 1000) + 1e6, torch.float64)
    want = plain(far).astype(np.longdouble).var(ddof=1)
    # Two passes err by (n + 3) u relative, and the mean's rounding by n^2 u^2 kappa^2 (Chan, Golub, LeVeque).
    return f"{require_within('float64', torch.var(far), float(want), 2e3 * 2.0**-53 * float(want)):.2g} of the bound"


def cascade_check():
    # Adding a million numbers one by one in float32 would err by 1e-3; torch adds in a cascade.
    ones = torch.full((1_000_000,), 0.1)
    exact = 1_000_000 * float(np.float32(0.1))
    return f"{require_within('float32', ones.sum(), exact, 64 * 2.0**-24 * exact):.2g} of 64 u"


def log_sum(a, axis):
    top = a.max(axis, keepdims=True)
    return np.log(np.exp(a - top).sum(axis)) + top.squeeze(axis)


reductions = [
    multilinear("sum of all", torch.sum, lambda a: a.sum(), x, terms=x.size),
    multilinear("sum of rows", lambda t: t.sum(1), lambda a: a.sum(1), wide_rows, terms=2000),
    multilinear("sum of columns", lambda t: t.sum(0), lambda a: a.sum(0), x, terms=5),
    multilinear("sum over two", lambda t: t.sum((0, 2)), lambda a: a.sum((0, 2)), x, terms=165),
    multilinear("mean", lambda t: t.mean(2), lambda a: a.mean(2), x, terms=34),
    multilinear(
        "sum of bfloat16 and float16",
        lambda t: t.sum(1, dtype=torch.float32).to(t.dtype),
        lambda a: a.sum(1),
        x,
        terms=7,
        dtypes=(torch.bfloat16, torch.float16),
    ),
    ("cascade sum", cascade_check),
    same(
        "sum of integers",
        lambda t: [t.sum(), t.sum(0)],
        lambda a: [a.sum(dtype=np.int64), a.sum(0, dtype=np.int64)],
        n,
        dtypes=INTEGERS[2:],
    ),
    # Each factor adds one rounding to what came before.
    relative("prod", lambda t: t.prod(), lambda a: a.prod(), draw(37, 40, (0.8, 1.2)), steps=80),
    same("prod of integers", torch.prod, np.prod, [2, 3, -7, 11, 13], dtypes=(torch.int64, torch.int32)),
    same(
        "amax amin",
        lambda t: [t.amax(1), t.amin((0, 2)), t.max(), t.min()],
        lambda a: [a.max(1), a.min((0, 2)), a.max(), a.min()],
        n,
        dtypes=INTEGERS + FLOATS,
    ),
    same(
        "max min with places",
        lambda t: [*t.max(1), *t.min(0)],
        lambda a: [a.max(1), a.argmax(1), a.min(0), a.argmin(0)],
        distinct,
    ),
    same(
        "argmax argmin", lambda t: [t.argmax(), t.argmin(1)], lambda a: [np.asarray(a.argmax()), a.argmin(1)], distinct
    ),
    same("aminmax", lambda t: list(torch.aminmax(t, dim=1)), lambda a: [a.min(1), a.max(1)], n[0]),
    same(
        "max keeps NaN",
        lambda t: [t.amax(1), t.max()],
        lambda a: [a.max(1), a.max()],
        [[1, np.nan, 3], [4, 5, 6]],
        dtypes=FLOATS,
    ),
    # Sums of squares of differences: n additions and a few roundings of each term.
    relative("var", lambda t: t.var(2), lambda a: a.var(2, ddof=1), x, steps=100),
    relative("std", lambda t: t.std(dim=(0, 1), correction=0), lambda a: a.std((0, 1)), x, steps=100),
    relative(
        "var_mean", lambda t: list(torch.var_mean(t, dim=2)), lambda a: [a.var(2, ddof=1), a.mean(2)], x, steps=100
    ),
    ("var far from zero", variance_check),
    relative(
        "norms",
        lambda t: [
            torch.linalg.vector_norm(t),
            torch.linalg.vector_norm(t, 1, dim=1),
            torch.linalg.vector_norm(t, math.inf),
            torch.linalg.vector_norm(t, 3),
        ],
        lambda a: [np.sqrt((a**2).sum()), np.abs(a).sum(1), np.abs(a).max(), np.cbrt((np.abs(a) ** 3).sum())],
        x,
        steps=2 * x.size,
    ),
    relative("logsumexp", lambda t: t.logsumexp(1), lambda a: log_sum(a, 1), x, steps=60),
    same(
        "any all",
        lambda t: [t.any(1), t.all(1), t.any(), t.all()],
        lambda a: [(a != 0).any(1), (a != 0).all(1), (a != 0).any(), (a != 0).all()],
        rows,
    ),
    same("count_nonzero", lambda t: torch.count_nonzero(t, 1), lambda a: np.count_nonzero(a, 1), rows),
    same(
        "nansum nanmean",
        lambda t: [t.nansum(1), t.nanmean(1)],
        lambda a: [np.nansum(a, 1), np.nanmean(a, 1)],
        [[1, np.nan, 3], [4, 5, 6]],
        dtypes=FLOATS,
    ),
    same("cumsum", lambda t: [t.cumsum(0), t.cumsum(1)], lambda a: [a.cumsum(0), a.cumsum(1)], rows),
    same("cumprod", lambda t: t.cumprod(0), lambda a: a.cumprod(0), rows[:5]),
    same(
        "cummax cummin",
        lambda t: [t.cummax(1).values, t.cummin(1).values],
        lambda a: [np.maximum.accumulate(a, 1), np.minimum.accumulate(a, 1)],
        rows,
    ),
    relative("logcumsumexp", lambda t: t.logcumsumexp(1), lambda a: np.logaddexp.accumulate(a, 1), x[0], steps=80),
    same("diff", lambda t: [t.diff(), t.diff(n=2, dim=0)], lambda a: [np.diff(a), np.diff(a, 2, 0)], rows),
    same(
        "trapezoid",
        lambda t: torch.trapezoid(t, dim=1),
        lambda a: (a[:, 1:] + a[:, :-1]).sum(1) / 2,
        rows,
        dtypes=WIDE,
    ),
    # Interpolated between two neighbours, in three roundings.
    relative("quantile", lambda t: torch.quantile(t, 0.3, dim=2), lambda a: np.quantile(a, 0.3, axis=2), x, steps=8),
    same("bincount", torch.bincount, np.bincount, rows.ravel(), dtypes=(torch.int64, torch.int32)),
    same("histc", lambda t: torch.histc(t, 5, 0, 10), lambda a: np.histogram(a, 5, (0, 10))[0], rows, dtypes=WIDE),
]

sorting = [
    same(
        "sort",
        lambda t: [*t.sort(1), *t.sort(1, descending=True)],
        lambda a: [np.sort(a, 1), a.argsort(1), -np.sort(-a, 1), (-a).argsort(1)],
        distinct,
        dtypes=(torch.float64, torch.float32, torch.int32, torch.int64),
    ),
    same("sort of every type", lambda t: t.sort(1).values, lambda a: np.sort(a, 1), rows, dtypes=INTEGERS + FLOATS),
    same("stable sort", lambda t: t.sort(dim=1, stable=True).indices, lambda a: a.argsort(1, kind="stable"), rows),
    same("sort with NaN", lambda t: t.sort().values, np.sort, [3, np.nan, -np.inf, 1, np.inf, -2] * 5, dtypes=FLOATS),
    same("argsort", lambda t: t.argsort(0), lambda a: a.argsort(0), distinct),
    same(
        "topk",
        lambda t: [*t.topk(4), *t.topk(3, dim=0, largest=False)],
        lambda a: [-np.sort(-a, 1)[:, :4], (-a).argsort(1)[:, :4], np.sort(a, 0)[:3], a.argsort(0)[:3]],
        distinct,
    ),
    same("kthvalue", lambda t: list(t.kthvalue(5)), lambda a: [np.sort(a, 1)[:, 4], a.argsort(1)[:, 4]], distinct),
    same(
        "median",
        lambda t: [t.median(1).values, t.median()],
        lambda a: [np.sort(a, 1)[:, 16], np.sort(a.ravel())[115]],
        distinct,
    ),
    same(
        "unique",
        lambda t: list(torch.unique(t, return_inverse=True, return_counts=True)),
        lambda a: [np.unique(a), np.searchsorted(np.unique(a), a), np.unique(a, return_counts=True)[1]],
        rows,
    ),
    same(
        "unique_consecutive",
        torch.unique_consecutive,
        lambda a: a[np.append(True, a[1:] != a[:-1])],
        np.repeat([3, 1, 1, 4, 3], [2, 1, 3, 1, 2]),
    ),
    same(
        "searchsorted bucketize",
        lambda t: [
            torch.searchsorted(t, torch.tensor([0, 3, 99]).to(t.dtype)),
            torch.bucketize(t, t[::7], right=True),
        ],
        lambda a: [np.searchsorted(a, [0, 3, 99]), np.searchsorted(a[::7], a, "right")],
        np.sort(distinct.ravel()[:50]),
    ),
    same("isin", lambda t: torch.isin(t, torch.tensor([1, 5, 8]).to(t.dtype)), lambda a: np.isin(a, [1, 5, 8]), rows),
]

run_checks("reductions", reductions)
run_checks("sorting", sorting)
