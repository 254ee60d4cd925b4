"""Pooling and interpolation in one, two and three dimensions, by their definitions. Needs torch/ops.py."""
import itertools

line, plane, cube = draw(121, (2, 3, 23)), draw(122, (2, 3, 12, 10)), draw(123, (1, 2, 6, 7, 8))


def pooled(reduce, kernel, stride, padding=0, fill=0.0):
    """Windows of the trailing dimensions, reduced."""

    def apply(x):
        dims = len(kernel)
        x = np.pad(x, [(0, 0), (0, 0)] + [(padding, padding)] * dims, constant_values=fill)
        view = np.lib.stride_tricks.sliding_window_view(x, kernel, tuple(range(2, 2 + dims)))
        return reduce(view[(slice(None), slice(None), *(slice(None, None, stride),) * dims)], tuple(range(-dims, 0)))

    return apply


def adaptive(reduce, *sizes):
    """Bin i of m over n elements goes from floor(i n / m) to ceil((i + 1) n / m)."""

    def apply(x):
        for axis, m in zip(range(-len(sizes), 0), sizes):
            n = x.shape[axis]
            bins = [reduce(np.take(x, range(i * n // m, -(-(i + 1) * n // m)), axis), axis) for i in range(m)]
            x = np.stack(bins, axis)
        return x

    return apply


pools = [
    same("max_pool1d", lambda x: F.max_pool1d(x, 3, 2), pooled(np.max, (3,), 2), line, dtypes=FLOATS),
    same(
        "max_pool2d",
        lambda x: F.max_pool2d(x, (3, 2), 2, 1),
        pooled(np.max, (3, 2), 2, 1, -np.inf),
        plane,
        dtypes=FLOATS,
    ),
    same("max_pool3d", lambda x: F.max_pool3d(x, 2), pooled(np.max, (2, 2, 2), 2), cube, dtypes=WIDE),
    same(
        "max_pool2d dilated",
        lambda x: F.max_pool2d(x, 2, 1, dilation=3),
        lambda x: np.max([x[:, :, i : i + 9, j : j + 7] for i in (0, 3) for j in (0, 3)], 0),
        plane,
        dtypes=WIDE,
    ),
    same(
        "max_unpool2d",
        lambda x: F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2),
        lambda x: np.where(x == np.kron(pooled(np.max, (2, 2), 2)(x), np.ones((2, 2))), x, 0),
        plane,
        dtypes=WIDE,
    ),
    multilinear("avg_pool1d", lambda x: F.avg_pool1d(x, 4, 3), pooled(np.mean, (4,), 3), line, terms=5),
    multilinear("avg_pool2d", lambda x: F.avg_pool2d(x, 3, 2, 1), pooled(np.mean, (3, 3), 2, 1), plane, terms=10),
    multilinear("avg_pool3d", lambda x: F.avg_pool3d(x, 2), pooled(np.mean, (2, 2, 2), 2), cube, terms=9),
    multilinear(
        "adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, (5, 3)), adaptive(np.mean, 5, 3), plane, terms=16
    ),
    same(
        "adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, (5, 3)), adaptive(np.max, 5, 3), plane, dtypes=WIDE
    ),
    multilinear("adaptive_avg_pool1d", lambda x: F.adaptive_avg_pool1d(x, 7), adaptive(np.mean, 7), line, terms=6),
    # A power, a sum of six and a root.
    relative(
        "lp_pool2d",
        lambda x: F.lp_pool2d(x.abs(), 2, (3, 2), 2),
        lambda x: np.sqrt(pooled(np.sum, (3, 2), 2)(x**2)),
        plane,
        steps=16,
    ),
]


def resampled(sizes, kernel, align=False):
    """Separable interpolation: rows of weights for each axis, indices clamped at the edges."""

    def apply(x):
        for axis, m in zip(range(-len(sizes), 0), sizes):
            n = x.shape[axis]
            matrix = np.zeros((m, n))
            for i in range(m):
                place = i * (n - 1) / (m - 1) if align else (i + 0.5) * n / m - 0.5
                for k, weight in kernel(place, n):
                    matrix[i, min(max(k, 0), n - 1)] += weight
            x = np.moveaxis(np.moveaxis(x, axis, -1) @ matrix.T, -1, axis)
        return x

    return apply


def linear(place, n):
    place = max(place, 0.0)
    low = int(place)
    return (low, 1 - (place - low)), (low + 1, place - low)


def cubic(place, n, a=-0.75):
    low = math.floor(place)
    near = lambda d: ((a + 2) * d - (a + 3)) * d * d + 1
    far = lambda d: ((d - 5) * d + 8) * d * a - 4 * a
    f = place - low
    return (low - 1, far(1 + f)), (low, near(f)), (low + 1, near(1 - f)), (low + 2, far(2 - f))


def grid_sampled(x, grid):
    """Bilinear, zeros outside, corners not aligned."""
    n, c, height, width = x.shape
    px, py = ((grid[..., 0] + 1) * width - 1) / 2, ((grid[..., 1] + 1) * height - 1) / 2
    out = np.zeros((n, c, *grid.shape[1:3]))
    for dx, dy in itertools.product((0, 1), (0, 1)):
        ix, iy = np.floor(px).astype(int) + dx, np.floor(py).astype(int) + dy
        weight = (1 - np.abs(px - ix)) * (1 - np.abs(py - iy))
        inside = (ix >= 0) & (ix < width) & (iy >= 0) & (iy < height)
        for b in range(n):
            out[b] += x[b][:, iy[b].clip(0, height - 1), ix[b].clip(0, width - 1)] * (weight * inside)[b]
    return out


# Weights come from places as large as the axis, so they err by a few n u: with n = 12 that is 48 u at most.
sampling = [
    same(
        "nearest",
        lambda x: [F.interpolate(x, size=(24, 5)), F.interpolate(x, scale_factor=3)],
        lambda x: [np.repeat(x, 2, 2)[:, :, :, ::2], np.repeat(np.repeat(x, 3, 2), 3, 3)],
        plane,
        dtypes=FLOATS,
    ),
    relative("linear", lambda x: F.interpolate(x, size=37, mode="linear"), resampled((37,), linear), line, steps=100),
    relative(
        "bilinear",
        lambda x: F.interpolate(x, size=(17, 7), mode="bilinear"),
        resampled((17, 7), linear),
        plane,
        steps=100,
    ),
    relative(
        "bilinear aligned",
        lambda x: F.interpolate(x, size=(17, 7), mode="bilinear", align_corners=True),
        resampled((17, 7), linear, True),
        plane,
        steps=100,
    ),
    relative(
        "bicubic",
        lambda x: F.interpolate(x, size=(17, 15), mode="bicubic"),
        resampled((17, 15), cubic),
        plane,
        steps=200,
    ),
    relative(
        "trilinear",
        lambda x: F.interpolate(x, size=(9, 5, 11), mode="trilinear"),
        resampled((9, 5, 11), linear),
        cube,
        steps=100,
    ),
    multilinear(
        "area", lambda x: F.interpolate(x, size=(5, 3), mode="area"), adaptive(np.mean, 5, 3), plane, terms=16
    ),
    relative(
        "grid_sample",
        lambda x, g: F.grid_sample(x, g, align_corners=False),
        grid_sampled,
        plane,
        draw(124, (2, 5, 6, 2), (-1.1, 1.1)),
        steps=100,
    ),
    relative(
        "affine_grid",
        lambda m: F.affine_grid(m, (2, 3, 4, 5), align_corners=False),
        lambda m: np.einsum(
            "yxk,nik->nyxi",
            np.stack(
                np.broadcast_arrays(
                    ((2 * np.arange(5) + 1) / 5 - 1)[None, :],
                    ((2 * np.arange(4) + 1) / 4 - 1)[:, None],
                    np.ones((4, 5)),
                ),
                -1,
            ),
            m,
        ),
        draw(125, (2, 2, 3)),
        steps=16,
    ),
]

run_checks("pooling", pools)
run_checks("sampling", sampling)
