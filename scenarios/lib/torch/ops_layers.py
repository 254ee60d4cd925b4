"""Normalisation, embedding and dropout. Needs torch/ops.py."""
classes = np.random.default_rng(133).integers(0, 7, 11)
first = draw(137, (9, 8))

images, scale, shift = draw(141, (4, 6, 5, 7)), draw(142, 6, (0.5, 2)), draw(143, 6)
per_channel = lambda v: v.reshape(1, -1, 1, 1)


def normalised(x, axes, eps=1e-5):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def batch_norm_in_training(x, w, b):
    mean, var = torch.zeros(6, dtype=x.dtype), torch.ones(6, dtype=x.dtype)
    return [F.batch_norm(x, mean, var, w, b, training=True, momentum=0.25), mean, var]


def batch_norm_expected(x, w, b):
    return [
        normalised(x, (0, 2, 3)) * per_channel(w) + per_channel(b),
        x.mean((0, 2, 3)) / 4,
        0.75 + x.var((0, 2, 3), ddof=1) / 4,
    ]


def group_norm(x, w, b):
    return normalised(x.reshape(4, 3, -1), 2).reshape(x.shape) * per_channel(w) + per_channel(b)


def local_response(x):
    squares = np.pad(x * x, [(0, 0), (1, 1), (0, 0), (0, 0)])
    return x / (2 + 1e-2 * sum(squares[:, k : k + 6] for k in range(3)) / 3) ** 0.75


# Means and variances of up to 140 terms, a root and two products: 2 * 140 + 20 u.
layers = [
    relative("batch_norm training", batch_norm_in_training, batch_norm_expected, images, scale, shift, steps=300),
    relative(
        "batch_norm",
        lambda x, w, b: F.batch_norm(x, b, w, w, b),
        lambda x, w, b: (x - per_channel(b)) / np.sqrt(per_channel(w) + 1e-5) * per_channel(w) + per_channel(b),
        images,
        scale,
        shift,
        steps=32,
    ),
    relative("layer_norm", lambda x: F.layer_norm(x, (5, 7)), lambda x: normalised(x, (2, 3)), images, steps=100),
    relative(
        "layer_norm of 16 bits",
        lambda x: F.layer_norm(x, (5, 7)),
        lambda x: normalised(x, (2, 3)),
        images,
        steps=2,
        dtypes=(torch.bfloat16,),
    ),
    relative("group_norm", lambda x, w, b: F.group_norm(x, 3, w, b), group_norm, images, scale, shift, steps=160),
    relative("instance_norm", F.instance_norm, lambda x: normalised(x, (2, 3)), images, steps=100),
    relative(
        "local_response_norm",
        lambda x: F.local_response_norm(x, 3, alpha=1e-2, beta=0.75, k=2.0),
        local_response,
        images,
        steps=32,
    ),
    relative(
        "rms_norm",
        lambda x: F.rms_norm(x, (7,), eps=1e-5),
        lambda x: x / np.sqrt((x * x).mean(3, keepdims=True) + 1e-5),
        images,
        steps=32,
    ),
    relative(
        "normalize",
        lambda x: F.normalize(x, dim=1),
        lambda x: x / np.sqrt((x * x).sum(1, keepdims=True)),
        images,
        steps=32,
    ),
    relative(
        "weight_norm",
        lambda v, g: torch._weight_norm(v, g, 0),
        lambda v, g: v * g / np.sqrt((v * v).sum(1, keepdims=True)),
        first,
        draw(144, (9, 1), (1, 2)),
        steps=32,
    ),
    same(
        "embedding",
        lambda w: F.embedding(torch.from_numpy(classes.reshape(1, 11)), w),
        lambda w: w[classes.reshape(1, 11)],
        whole(145, (7, 5)),
        dtypes=FLOATS,
    ),
    same(
        "embedding_bag",
        lambda w: [
            F.embedding_bag(torch.from_numpy(classes), w, torch.tensor([0, 4, 4]), mode=m) for m in ("sum", "max")
        ],
        lambda w: [
            np.array([w[classes[:4]].sum(0), 0 * w[0], w[classes[4:]].sum(0)]),
            np.array([w[classes[:4]].max(0), 0 * w[0], w[classes[4:]].max(0)]),
        ],
        whole(146, (7, 5)),
        dtypes=WIDE,
    ),
    same(
        "one_hot",
        lambda x: F.one_hot(x % 7, 7),
        lambda x: np.eye(7)[x % 7],
        whole(147, (3, 4), 0, 99),
        dtypes=(torch.int64,),
    ),
]


def dropout():
    torch.manual_seed(1)
    x = torch.ones(20_000)
    kept = F.dropout(x, 0.25)
    assert set(kept.unique().tolist()) == {0.0, float(np.float32(1 / 0.75))}, f"values {kept.unique().tolist()}"
    # Six standard deviations of a binomial of 20000 with p = 0.75.
    count = int((kept > 0).sum())
    assert abs(count - 15_000) <= 6 * (20_000 * 0.75 * 0.25) ** 0.5, f"{count} of 20000 kept, expected 15000"
    assert (
        torch.equal(F.dropout(x, 0.25, training=False), x) and not F.dropout(x, 1.0).any()
    ), "without training, and with p 1"


def gradient_of_padding():
    table = torch.ones(4, 3, requires_grad=True)
    F.embedding(torch.tensor([0, 1, 1, 2]), table, padding_idx=1).sum().backward()
    assert table.grad[:, 0].tolist() == [1, 0, 1, 0], f"gradient rows {table.grad[:, 0].tolist()}"


run_checks("layers", layers + [("dropout", dropout), ("embedding padding", gradient_of_padding)])
