"""Types and casts, empty and zero-dimensional inputs, strides, in-place and broadcasting rules. Needs torch/ops.py."""
EVERY = INTEGERS + FLOATS + (torch.bool,)


def casts():
    values = [0, 1, 2, 3, 100, 127]
    for source in EVERY + COMPLEX:
        for target in EVERY + COMPLEX:
            got = torch.tensor(values).to(source).to(target)
            assert got.dtype == target, f"{short(source)} to {short(target)} gives {short(got.dtype)}"
            want = [bool(v) for v in values] if torch.bool in (source, target) else values
            require_same(f"{short(source)} to {short(target)}", got, np.array(want))


def integers_wrap():
    for dtype in INTEGERS:
        info = torch.iinfo(dtype)
        low, high = torch.tensor([info.min] * 9, dtype=dtype), torch.tensor([info.max] * 9, dtype=dtype)
        assert (
            (high + 1 == low).all() and (low - 1 == high).all() and (-low == low).all()
        ), f"{short(dtype)} does not wrap"
        # Twice 2^b - 1 is -2 modulo 2^(b+1), which is high - 1 for unsigned types.
        assert (high * 2 == (-2 if info.min else info.max - 1)).all(), f"2 * {info.max} of {short(dtype)}"


def promotion():
    for left in EVERY:
        for right in EVERY:
            if torch.bfloat16 in (left, right) or {left, right} <= set(INTEGERS) and torch.uint8 in (left, right):
                continue
            got = (torch.ones(2, dtype=left) * torch.ones(2, dtype=right)).dtype
            # Unlike NumPy's, an integer with a float takes the float's type.
            floats = [d for d in (left, right) if d.is_floating_point]
            want = max(floats, key=lambda d: d.itemsize) if floats else None
            want = short(want) if want else np.result_type(short(left), short(right)).name
            assert short(got) == want, f"{short(left)} with {short(right)} is {short(got)}, expected {want}"
    assert (
        torch.ones(2, dtype=torch.bfloat16) * torch.ones(2, dtype=torch.float16)
    ).dtype == torch.float32, "bfloat16 with float16"
    assert (torch.ones(2, dtype=torch.int32) * 1.5).dtype == torch.float32 and (
        torch.ones(2, dtype=torch.float16) * 2
    ).dtype == torch.float16, "with a number"


def arithmetic_of(dtype):
    def check():
        limit = 1 if dtype == torch.bool else 10
        a, b = (torch.from_numpy(whole(seed, 97, 0, limit)).to(dtype) for seed in (171, 172))
        x, y = plain(a), plain(b)
        require_same("*", a * b, x * y)
        require_same("==", a == b, x == y)
        require_same("max", a.max(), x.max())
        require_same("flip", a.flip(0), x[::-1])
        if dtype == torch.bool:
            require_same("or", a | b, x | y)
            require_same("sum", a.sum(), x.sum())
            return
        require_same("+", a + b, x + y)
        require_same("sum", a.sum(), x.sum())
        require_same("sort", a.sort().values, np.sort(x))
        require_same("where", torch.where(a > b, a, b), np.where(x > y, x, y))
        require_same("cumsum", a[:20].cumsum(0), x[:20].cumsum())
        if dtype.is_floating_point or dtype.is_signed:
            require_same("-", a - b, x - y)
            require_same("abs", (a - b).abs(), np.abs(x - y))

    return f"arithmetic of {short(dtype)}", check


def complex_parts():
    z = draw(173, 53, kind=complex)
    for dtype in COMPLEX:
        t = tensor(z, dtype)
        x = plain(t)
        u = unit(dtype)
        require_same("real", t.real, x.real)
        require_same("imag", t.imag, x.imag)
        require_same("conj", t.conj(), x.conj())
        require_same("view_as_real", torch.view_as_real(t), np.stack([x.real, x.imag], 1))
        require_same("view_as_complex", torch.view_as_complex(torch.view_as_real(t) * 2), 2 * x)
        require_within("abs", t.abs(), np.abs(x), 4 * u * np.abs(x))
        require_within("angle", t.angle(), np.angle(x), 8 * u * np.pi)
        require_within("polar", torch.polar(t.abs(), t.angle()), x, 32 * u * np.abs(x))
        require_within("sum", t.sum(), x.sum(), 128 * u * np.abs(x).sum())
        require_within("sgn", torch.sgn(t), x / np.abs(x), 8 * u)


def reinterpreted():
    assert torch.tensor([1.0]).view(torch.int32).tolist() == [0x3F800000], "float32 as int32"
    assert torch.tensor([-2.0], dtype=torch.float64).view(torch.int64).tolist() == [
        -0x4000000000000000
    ], "float64 as int64"
    assert torch.tensor([1.0], dtype=torch.bfloat16).view(torch.int16).tolist() == [0x3F80], "bfloat16 as int16"
    assert torch.tensor([0x3C00, 1], dtype=torch.int16).view(torch.float16).tolist() == [
        1.0,
        2.0**-24,
    ], "int16 as float16"
    shared = np.zeros(4, np.float32)
    torch.from_numpy(shared)[2] = 5
    assert shared[2] == 5, "from_numpy does not share memory"


def quantised():
    t = torch.quantize_per_tensor(torch.tensor([-1.0, 0.26, 0.9, 50.0]), 0.5, 2, torch.quint8)
    assert t.int_repr().tolist() == [0, 3, 4, 102] and t.dequantize().tolist() == [
        -1.0,
        0.5,
        1.0,
        50.0,
    ], f"{t.int_repr().tolist()}"


def refused(what, call, kind=RuntimeError):
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{what} is accepted")


types = (
    [("casts", casts), ("integers wrap", integers_wrap), ("promotion", promotion)]
    + [arithmetic_of(d) for d in EVERY]
    + [("complex parts", complex_parts), ("reinterpreted", reinterpreted), ("quantised", quantised)]
)


def zero_dimensions():
    x = torch.tensor(3.0)
    assert x.shape == () and x.item() == 3 and (x * x + 1).item() == 10 and torch.stack([x, x]).shape == (2,)
    assert (
        x.sum() == 3
        and x.max() == 3
        and x.sort().values == 3
        and torch.sin(x).shape == ()
        and x.reshape(1, 1).shape == (1, 1)
    )
    assert torch.tensor([5, 7])[torch.tensor(1)].item() == 7 and (torch.ones(2, 3) * x).sum() == 18


def empty():
    e = torch.empty(0, 3)
    assert e.sum() == 0 and e.prod() == 1 and e.sum(0).tolist() == [0, 0, 0] and e.exp().shape == (0, 3)
    assert torch.cat([e, torch.ones(2, 3)]).shape == (2, 3) and (e @ torch.ones(3, 4)).shape == (0, 4)
    assert (torch.ones(4, 0) @ torch.ones(0, 2) == 0).all() and torch.ones(3)[
        torch.zeros(3, dtype=torch.bool)
    ].shape == (0,)
    assert F.conv2d(torch.empty(0, 3, 8, 8), torch.ones(4, 3, 3, 3)).shape == (0, 4, 6, 6) and F.softmax(
        e, 1
    ).shape == (0, 3)
    assert (
        e.mean().isnan()
        and torch.linalg.svd(torch.empty(0, 4, 4)).S.shape == (0, 4)
        and e.sort(0).values.shape == (0, 3)
    )
    refused("the maximum of nothing", lambda: torch.empty(0).max())
    refused("argmax of nothing", lambda: e.argmax(0), (RuntimeError, IndexError))


STRIDED = {
    "sin": torch.sin,
    "add": lambda x: x + x,
    "sum": lambda x: x.sum(0),
    "sum of all": torch.sum,
    "sort": lambda x: x.sort(1).values,
    "mm": lambda x: x @ x.T,
    "cumsum": lambda x: x.cumsum(1),
    "softmax": lambda x: x.softmax(1),
    "argmax": lambda x: x.argmax(1),
    "cat": lambda x: torch.cat([x, x]),
    "layer_norm": lambda x: F.layer_norm(x, x.shape[1:]),
    "gather": lambda x: x.gather(1, torch.zeros(x.shape, dtype=torch.int64)),
    "conv1d": lambda x: F.conv1d(x[None], torch.ones(2, len(x), 3, dtype=x.dtype)),
    "svdvals": torch.linalg.svdvals,
    "max_pool1d": lambda x: F.max_pool1d(x[None], 2),
}


def strided(name):
    """A view with odd strides must give what its contiguous copy gives: the same, or where sums are taken in
    another order, the same but for their rounding."""

    def check():
        base = tensor(draw(174, (14, 18, 2)), torch.float64)
        views = {
            "transposed": base[:, :, 0].T,
            "every other": base[::2, 1::3, 1],
            "a slice": base[2:9, 3:12, 0],
            "expanded": base[:7, :1, 0].expand(7, 9),
            "flipped": base[:, :9, 1].flip(1).T,
        }
        for what, view in views.items():
            got, want = STRIDED[name](view), STRIDED[name](view.contiguous())
            require_within(what, got, plain(want), 600 * 2.0**-53 * (1 + np.abs(plain(want)).max()))

    return f"strided {name}", check


def in_place():
    x = torch.arange(12.0).reshape(3, 4)
    y, address = x.clone(), x.data_ptr()
    x.add_(1).mul_(2).sub_(3).div_(4)
    require_same("add_ mul_ sub_ div_", x, (2 * (plain(y) + 1) - 3) / 4)
    x[:, 1:3].zero_()
    x.T[0].fill_(9)
    x.clamp_(min=0).sqrt_()
    assert x.data_ptr() == address and x[:, 0].tolist() == [3, 3, 3] and x[:, 1:3].sum() == 0, "through a view"
    x.copy_(torch.arange(4.0))
    x.index_add_(0, torch.tensor([0, 0]), torch.ones(2, 4))
    assert x[0].tolist() == [2, 3, 4, 5] and x[2].tolist() == [0, 1, 2, 3], "copy_ and index_add_"
    before = x._version
    x += 1
    assert x._version == before + 1, "the version counter stands still"
    refused("add_ of a larger shape", lambda: torch.ones(3).add_(torch.ones(2, 3)))
    refused("in place on an expanded tensor", lambda: torch.ones(1).expand(5).add_(1))
    refused("in place of an integer by a float", lambda: torch.ones(3, dtype=torch.int64).mul_(1.5))


def out_argument():
    out = torch.empty(4, 6).T
    torch.mul(torch.arange(6.0)[:, None], torch.arange(4.0), out=out)
    require_same("mul", out, np.outer(np.arange(6), np.arange(4)))
    product = torch.empty(3, 3)
    torch.mm(torch.eye(3) * 2, torch.ones(3, 3), out=product)
    require_same("mm", product, np.full((3, 3), 2))
    refused("an integer result for floats", lambda: torch.sin(torch.ones(3), out=torch.empty(3, dtype=torch.int64)))


def broadcasting():
    rng = np.random.default_rng(175)
    for _ in range(60):
        shape = rng.integers(1, 5, rng.integers(0, 5))
        left, right = (
            np.where(rng.random(len(shape)) < 0.4, 1, shape)[rng.integers(0, len(shape) + 1) if k else 0 :]
            for k in range(2)
        )
        a, b = (rng.integers(-9, 10, tuple(s)) for s in (left, right))
        require_same(
            f"{tuple(left)} with {tuple(right)}",
            torch.from_numpy(np.asarray(a)) * torch.from_numpy(np.asarray(b)),
            a * b,
        )
    refused("(3) with (4)", lambda: torch.ones(3) + torch.ones(4))


def channels_last():
    x = tensor(draw(176, (2, 3, 5, 7)), torch.float64)
    y = x.contiguous(memory_format=torch.channels_last)
    assert y.stride() == (105, 1, 21, 3), f"strides {y.stride()}"
    for name, f in (
        ("relu", F.relu),
        ("sum", lambda t: t.sum(1)),
        ("avg_pool2d", lambda t: F.avg_pool2d(t, 2)),
        ("max_pool2d", lambda t: F.max_pool2d(t, 2)),
        ("batch_norm", lambda t: F.batch_norm(t, t[0, :, 0, 0], torch.ones(3, dtype=t.dtype))),
        ("upsample", lambda t: F.interpolate(t, scale_factor=2, mode="bilinear")),
        ("group_norm", lambda t: F.group_norm(t, 3)),
    ):
        require_within(name, f(y), plain(f(x)), 200 * 2.0**-53 * 4)


def large():
    # Beyond the grain size that is divided among threads.
    n = 1_000_003
    x = torch.arange(n, dtype=torch.float64)
    assert x.sum() == n * (n - 1) / 2 and (x * 2 - x).max() == n - 1 and x.flip(0)[17] == n - 18
    assert torch.equal(x.view(torch.int64).sort().values, x.view(torch.int64)) and (x.int() % 7 == 3).sum() == len(
        range(3, n, 7)
    )
    assert x.cumsum(0)[-1] == n * (n - 1) / 2 and torch.equal(torch.cat([x[:5], x[5:]]), x)


layout = (
    [("zero dimensions", zero_dimensions), ("empty", empty)]
    + [strided(name) for name in STRIDED]
    + [
        ("in place", in_place),
        ("out", out_argument),
        ("broadcasting", broadcasting),
        ("channels last", channels_last),
        ("large", large),
    ]
)

run_checks("types", types)
run_checks("layout", layout)
