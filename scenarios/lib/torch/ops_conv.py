"""Convolution, pooling and interpolation in one, two and three dimensions, by their definitions. Needs torch/ops.py."""
import itertools


def windows(offset, stride, dilation, counts):
    """Where a kernel element at `offset` looks, one slice for each dimension."""
    return tuple(slice(o * d, o * d + s * (c - 1) + 1, s) for o, s, d, c in zip(offset, stride, dilation, counts))


def convolve(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    size, dims = weight.shape[2:], weight.ndim - 2
    stride, padding, dilation = ((v,) * dims if isinstance(v, int) else v for v in (stride, padding, dilation))
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, p) for p in padding])
    counts = [(n - d * (k - 1) - 1) // s + 1 for n, d, k, s in zip(x.shape[2:], dilation, size, stride)]
    out = np.zeros((len(x), len(weight), *counts), np.result_type(x, weight))
    for g in range(groups):
        f = slice(g * len(weight) // groups, (g + 1) * len(weight) // groups)
        c = slice(g * x.shape[1] // groups, (g + 1) * x.shape[1] // groups)
        for offset in itertools.product(*map(range, size)):
            seen = x[(slice(None), c, *windows(offset, stride, dilation, counts))]
            out[:, f] += np.einsum("nc...,fc->nf...", seen, weight[(f, slice(None), *offset)])
    return out if bias is None else out + bias.reshape(-1, *[1] * dims)


def convolve_transposed(x, weight, bias=None, stride=1, padding=0, output_padding=0, dilation=1):
    size, dims = weight.shape[2:], weight.ndim - 2
    counts = x.shape[2:]
    full = [(n - 1) * stride + dilation * (k - 1) + 1 + output_padding for n, k in zip(counts, size)]
    out = np.zeros((len(x), weight.shape[1], *full), np.result_type(x, weight))
    for offset in itertools.product(*map(range, size)):
        place = windows(offset, (stride,) * dims, (dilation,) * dims, counts)
        out[(slice(None), slice(None), *place)] += np.einsum("nc...,cf->nf...", x, weight[(slice(None), slice(None), *offset)])
    out = out[(slice(None), slice(None), *(slice(padding, n - padding) for n in full))]
    return out if bias is None else out + bias.reshape(-1, *[1] * dims)


def convolution(dims, size, kernel, channels=4, filters=6, dtypes=WIDE, transposed=False, **options):
    name = f"conv{'_transpose' if transposed else ''}{dims}d"
    groups = options.get("groups", 1)
    shape = (channels, filters) if transposed else (filters, channels // groups)
    text = " ".join(f"{k} {v}" for k, v in options.items()) + (" 16 bits" if dtypes[0] == torch.bfloat16 else "")
    terms = channels // groups * int(np.prod(kernel)) + 1
    function, reference = getattr(F, name), convolve_transposed if transposed else convolve
    return multilinear(f"{name} {text}".strip(), lambda *t: function(*t, **options), lambda *a: reference(*a, **options),
                       draw(111, (2, channels, *size)), draw(112, (*shape, *kernel)), draw(113, filters), terms=terms, dtypes=dtypes)


def gradients_of_conv2d():
    x, weight = (tensor(draw(seed, shape), torch.float64).requires_grad_() for seed, shape in ((114, (2, 3, 9, 8)), (115, (4, 3, 3, 2))))
    out = F.conv2d(x, weight, stride=2, padding=1)
    back = tensor(draw(116, tuple(out.shape)), torch.float64)
    out.backward(back)
    # The gradient by x is the transposed convolution, up to what the last stride does not reach.
    want = convolve_transposed(plain(back), plain(weight), stride=2, padding=1)
    bound = 2 * 30 * 2.0**-53 * convolve_transposed(np.abs(plain(back)), np.abs(plain(weight)), stride=2, padding=1)
    require_within("by the input", x.grad[:, :, :want.shape[2], :want.shape[3]], want, bound)
    padded = np.pad(plain(x), [(0, 0), (0, 0), (1, 1), (1, 1)])
    h, w = out.shape[2:]
    want = np.array([[np.einsum("nfhw,nchw->fc", plain(back), padded[:, :, i:i + 2 * h - 1:2, j:j + 2 * w - 1:2]) for j in range(2)] for i in range(3)])
    bound = np.array([[np.einsum("nfhw,nchw->fc", np.abs(plain(back)), np.abs(padded[:, :, i:i + 2 * h - 1:2, j:j + 2 * w - 1:2])) for j in range(2)] for i in range(3)])
    require_within("by the kernel", weight.grad.permute(2, 3, 0, 1), want, 4 * 45 * 2.0**-53 * bound)


line, plane, cube = draw(121, (2, 3, 23)), draw(122, (2, 3, 12, 10)), draw(123, (1, 2, 6, 7, 8))
channels_last = lambda *t, **options: F.conv2d(t[0].to(memory_format=torch.channels_last), t[1].to(memory_format=torch.channels_last), t[2], **options)

convolutions = [
    convolution(1, (31,), (5,)), convolution(1, (31,), (3,), stride=2, padding=2, dilation=3), convolution(1, (31,), (3,), groups=2),
    convolution(2, (13, 11), (3, 3)), convolution(2, (13, 11), (3, 2), stride=(2, 1), padding=(1, 0)), convolution(2, (13, 11), (3, 3), padding=2, dilation=2),
    convolution(2, (13, 11), (3, 3), filters=8, groups=4), convolution(2, (9, 8), (1, 1)), convolution(2, (13, 11), (3, 3), dtypes=(torch.bfloat16, torch.float16), padding=1),
    multilinear("conv2d channels last", lambda *t: channels_last(*t, padding=1), lambda *a: convolve(*a, padding=1), draw(117, (2, 4, 9, 8)), draw(118, (6, 4, 3, 3)), draw(119, 6), terms=37),
    same("conv2d padding same", lambda x, w: F.conv2d(x, w, padding="same"), lambda x, w: convolve(x, w, padding=1), whole(117, (2, 4, 9, 8)), whole(118, (6, 4, 3, 3)), dtypes=WIDE),
    convolution(3, (7, 6, 8), (3, 2, 3)), convolution(3, (7, 6, 8), (2, 2, 2), stride=2, padding=1),
    convolution(1, (11,), (4,), transposed=True, stride=2, padding=1), convolution(2, (6, 5), (3, 3), transposed=True, stride=2, padding=1, output_padding=1),
    convolution(2, (6, 5), (2, 3), transposed=True, dilation=2), convolution(3, (4, 3, 5), (2, 2, 2), transposed=True, stride=2), ("gradients of conv2d", gradients_of_conv2d),
    multilinear("unfold", lambda x: F.unfold(x, (3, 2), padding=1), lambda x: np.array([np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])[:, c, i:i + 12, j:j + 11].reshape(2, -1) for c in range(3) for i in range(3) for j in range(2)]).swapaxes(0, 1), plane, terms=1),
    same("fold", lambda x: F.fold(F.unfold(x, 2, stride=2), (12, 10), 2, stride=2), lambda x: x, plane, dtypes=WIDE),
]


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
    same("max_pool1d", lambda x: F.max_pool1d(x, 3, 2), pooled(np.max, (3,), 2), line, dtypes=FLOATS), same("max_pool2d", lambda x: F.max_pool2d(x, (3, 2), 2, 1), pooled(np.max, (3, 2), 2, 1, -np.inf), plane, dtypes=FLOATS),
    same("max_pool3d", lambda x: F.max_pool3d(x, 2), pooled(np.max, (2, 2, 2), 2), cube, dtypes=WIDE),
    same("max_pool2d dilated", lambda x: F.max_pool2d(x, 2, 1, dilation=3), lambda x: np.max([x[:, :, i:i + 9, j:j + 7] for i in (0, 3) for j in (0, 3)], 0), plane, dtypes=WIDE),
    same("max_unpool2d", lambda x: F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2), lambda x: np.where(x == np.kron(pooled(np.max, (2, 2), 2)(x), np.ones((2, 2))), x, 0), plane, dtypes=WIDE),
    multilinear("avg_pool1d", lambda x: F.avg_pool1d(x, 4, 3), pooled(np.mean, (4,), 3), line, terms=5), multilinear("avg_pool2d", lambda x: F.avg_pool2d(x, 3, 2, 1), pooled(np.mean, (3, 3), 2, 1), plane, terms=10),
    multilinear("avg_pool3d", lambda x: F.avg_pool3d(x, 2), pooled(np.mean, (2, 2, 2), 2), cube, terms=9), multilinear("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, (5, 3)), adaptive(np.mean, 5, 3), plane, terms=16),
    same("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, (5, 3)), adaptive(np.max, 5, 3), plane, dtypes=WIDE), multilinear("adaptive_avg_pool1d", lambda x: F.adaptive_avg_pool1d(x, 7), adaptive(np.mean, 7), line, terms=6),
    # A power, a sum of six and a root.
    relative("lp_pool2d", lambda x: F.lp_pool2d(x.abs(), 2, (3, 2), 2), lambda x: np.sqrt(pooled(np.sum, (3, 2), 2)(x**2)), plane, steps=16),
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
    same("nearest", lambda x: [F.interpolate(x, size=(24, 5)), F.interpolate(x, scale_factor=3)], lambda x: [np.repeat(x, 2, 2)[:, :, :, ::2], np.repeat(np.repeat(x, 3, 2), 3, 3)], plane, dtypes=FLOATS),
    relative("linear", lambda x: F.interpolate(x, size=37, mode="linear"), resampled((37,), linear), line, steps=100), relative("bilinear", lambda x: F.interpolate(x, size=(17, 7), mode="bilinear"), resampled((17, 7), linear), plane, steps=100),
    relative("bilinear aligned", lambda x: F.interpolate(x, size=(17, 7), mode="bilinear", align_corners=True), resampled((17, 7), linear, True), plane, steps=100),
    relative("bicubic", lambda x: F.interpolate(x, size=(17, 15), mode="bicubic"), resampled((17, 15), cubic), plane, steps=200), relative("trilinear", lambda x: F.interpolate(x, size=(9, 5, 11), mode="trilinear"), resampled((9, 5, 11), linear), cube, steps=100),
    multilinear("area", lambda x: F.interpolate(x, size=(5, 3), mode="area"), adaptive(np.mean, 5, 3), plane, terms=16), relative("grid_sample", lambda x, g: F.grid_sample(x, g, align_corners=False), grid_sampled, plane, draw(124, (2, 5, 6, 2), (-1.1, 1.1)), steps=100),
    relative("affine_grid", lambda m: F.affine_grid(m, (2, 3, 4, 5), align_corners=False),
             lambda m: np.einsum("yxk,nik->nyxi", np.stack(np.broadcast_arrays(((2 * np.arange(5) + 1) / 5 - 1)[None, :], ((2 * np.arange(4) + 1) / 4 - 1)[:, None], np.ones((4, 5))), -1), m), draw(125, (2, 2, 3)), steps=16),
]

run_checks("convolution", convolutions)
run_checks("pooling", pools)
run_checks("sampling", sampling)
