"""Convolution in one, two and three dimensions, by its definition. Needs torch/ops.py."""
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
        out[(slice(None), slice(None), *place)] += np.einsum(
            "nc...,cf->nf...", x, weight[(slice(None), slice(None), *offset)]
        )
    out = out[(slice(None), slice(None), *(slice(padding, n - padding) for n in full))]
    return out if bias is None else out + bias.reshape(-1, *[1] * dims)


def convolution(dims, size, kernel, channels=4, filters=6, dtypes=WIDE, transposed=False, **options):
    name = f"conv{'_transpose' if transposed else ''}{dims}d"
    groups = options.get("groups", 1)
    shape = (channels, filters) if transposed else (filters, channels // groups)
    text = " ".join(f"{k} {v}" for k, v in options.items()) + (" 16 bits" if dtypes[0] == torch.bfloat16 else "")
    terms = channels // groups * int(np.prod(kernel)) + 1
    function, reference = getattr(F, name), convolve_transposed if transposed else convolve
    return multilinear(
        f"{name} {text}".strip(),
        lambda *t: function(*t, **options),
        lambda *a: reference(*a, **options),
        draw(111, (2, channels, *size)),
        draw(112, (*shape, *kernel)),
        draw(113, filters),
        terms=terms,
        dtypes=dtypes,
    )


def gradients_of_conv2d():
    x, weight = (
        tensor(draw(seed, shape), torch.float64).requires_grad_()
        for seed, shape in ((114, (2, 3, 9, 8)), (115, (4, 3, 3, 2)))
    )
    out = F.conv2d(x, weight, stride=2, padding=1)
    back = tensor(draw(116, tuple(out.shape)), torch.float64)
    out.backward(back)
    # The gradient by x is the transposed convolution, up to what the last stride does not reach.
    want = convolve_transposed(plain(back), plain(weight), stride=2, padding=1)
    bound = 2 * 30 * 2.0**-53 * convolve_transposed(np.abs(plain(back)), np.abs(plain(weight)), stride=2, padding=1)
    require_within("by the input", x.grad[:, :, : want.shape[2], : want.shape[3]], want, bound)
    padded = np.pad(plain(x), [(0, 0), (0, 0), (1, 1), (1, 1)])
    h, w = out.shape[2:]
    want = np.array(
        [
            [
                np.einsum("nfhw,nchw->fc", plain(back), padded[:, :, i : i + 2 * h - 1 : 2, j : j + 2 * w - 1 : 2])
                for j in range(2)
            ]
            for i in range(3)
        ]
    )
    bound = np.array(
        [
            [
                np.einsum(
                    "nfhw,nchw->fc",
                    np.abs(plain(back)),
                    np.abs(padded[:, :, i : i + 2 * h - 1 : 2, j : j + 2 * w - 1 : 2]),
                )
                for j in range(2)
            ]
            for i in range(3)
        ]
    )
    require_within("by the kernel", weight.grad.permute(2, 3, 0, 1), want, 4 * 45 * 2.0**-53 * bound)


plane = draw(122, (2, 3, 12, 10))
channels_last = lambda *t, **options: F.conv2d(
    t[0].to(memory_format=torch.channels_last), t[1].to(memory_format=torch.channels_last), t[2], **options
)

convolutions = [
    convolution(1, (31,), (5,)),
    convolution(1, (31,), (3,), stride=2, padding=2, dilation=3),
    convolution(1, (31,), (3,), groups=2),
    convolution(2, (13, 11), (3, 3)),
    convolution(2, (13, 11), (3, 2), stride=(2, 1), padding=(1, 0)),
    convolution(2, (13, 11), (3, 3), padding=2, dilation=2),
    convolution(2, (13, 11), (3, 3), filters=8, groups=4),
    convolution(2, (9, 8), (1, 1)),
    convolution(2, (13, 11), (3, 3), dtypes=(torch.bfloat16, torch.float16), padding=1),
    multilinear(
        "conv2d channels last",
        lambda *t: channels_last(*t, padding=1),
        lambda *a: convolve(*a, padding=1),
        draw(117, (2, 4, 9, 8)),
        draw(118, (6, 4, 3, 3)),
        draw(119, 6),
        terms=37,
    ),
    same(
        "conv2d padding same",
        lambda x, w: F.conv2d(x, w, padding="same"),
        lambda x, w: convolve(x, w, padding=1),
        whole(117, (2, 4, 9, 8)),
        whole(118, (6, 4, 3, 3)),
        dtypes=WIDE,
    ),
    convolution(3, (7, 6, 8), (3, 2, 3)),
    convolution(3, (7, 6, 8), (2, 2, 2), stride=2, padding=1),
    convolution(1, (11,), (4,), transposed=True, stride=2, padding=1),
    convolution(2, (6, 5), (3, 3), transposed=True, stride=2, padding=1, output_padding=1),
    convolution(2, (6, 5), (2, 3), transposed=True, dilation=2),
    convolution(3, (4, 3, 5), (2, 2, 2), transposed=True, stride=2),
    ("gradients of conv2d", gradients_of_conv2d),
    multilinear(
        "unfold",
        lambda x: F.unfold(x, (3, 2), padding=1),
        lambda x: np.array(
            [
                np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])[:, c, i : i + 12, j : j + 11].reshape(2, -1)
                for c in range(3)
                for i in range(3)
                for j in range(2)
            ]
        ).swapaxes(0, 1),
        plane,
        terms=1,
    ),
    same("fold", lambda x: F.fold(F.unfold(x, 2, stride=2), (12, 10), 2, stride=2), lambda x: x, plane, dtypes=WIDE),
]


run_checks("convolution", convolutions)
