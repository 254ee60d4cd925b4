"""Activations, softmax and losses. Needs torch/ops.py."""
sigmoid = lambda x: 1 / (1 + np.exp(-x))
softplus = lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)
erf = np.vectorize(lambda v: np.longdouble(math.erf(float(v))), otypes=[np.longdouble])
RANGE, ABOVE = (-6, 6), (0.1, 6)
root = np.sqrt(np.longdouble(2))
values = draw(130, 131, RANGE)

# Results near 0 on the negative side lose digits in some formulas (x Phi(x)), so those domains end where they do not.
activations = [
    pointwise("relu", F.relu, lambda x: np.maximum(x, 0), RANGE, ulps=0, half=0),
    pointwise("relu6", F.relu6, lambda x: np.clip(x, 0, 6), (-3, 9), ulps=0, half=0),
    pointwise(
        "leaky_relu", lambda x: F.leaky_relu(x, 0.125), lambda x: np.where(x > 0, x, x / 8), RANGE, ulps=0, half=0.51
    ),
    # exp(x) - 1 errs by u beside 1, much less than the largest result.
    relative("elu", F.elu, lambda x: np.where(x > 0, x, np.expm1(x)), values, steps=2, dtypes=FLOATS),
    relative(
        "celu",
        lambda x: F.celu(x, 2.0),
        lambda x: np.where(x > 0, x, 2 * np.expm1(x / 2)),
        values,
        steps=2,
        dtypes=FLOATS,
    ),
    relative(
        "selu",
        F.selu,
        lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
        values,
        steps=4,
        dtypes=FLOATS,
    ),
    pointwise("gelu", F.gelu, lambda x: x * (1 + erf(x / root)) / 2, (-0.5, 6), ulps=6),
    pointwise(
        "gelu tanh",
        lambda x: F.gelu(x, approximate="tanh"),
        lambda x: x * (1 + np.tanh(np.sqrt(2 / np.longdouble(np.pi)) * (x + np.longdouble(0.044715) * x**3))) / 2,
        (-0.5, 6),
        ulps=6,
    ),
    pointwise("silu", F.silu, lambda x: x * sigmoid(x), RANGE, ulps=6),
    pointwise("mish", F.mish, lambda x: x * np.tanh(softplus(x)), RANGE, ulps=6),
    pointwise("softplus", F.softplus, softplus, RANGE, ulps=6),
    pointwise("softsign", F.softsign, lambda x: x / (1 + np.abs(x)), RANGE, half=1.51),
    pointwise("hardtanh", F.hardtanh, lambda x: np.clip(x, -1, 1), RANGE, ulps=0, half=0),
    pointwise("hardsigmoid", F.hardsigmoid, lambda x: np.clip(x + 3, 0, 6) / 6, (-2, 6), ulps=4),
    pointwise("hardswish", F.hardswish, lambda x: x * np.clip(x + 3, 0, 6) / 6, (-2, 6), ulps=4),
    pointwise("logsigmoid", F.logsigmoid, lambda x: -softplus(-x), RANGE, ulps=6),
    pointwise("tanhshrink", F.tanhshrink, lambda x: x - np.tanh(x), (1, 6), ulps=6, half=6),
    pointwise("softshrink", F.softshrink, lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0), RANGE, ulps=0.501),
    pointwise("hardshrink", F.hardshrink, lambda x: np.where(np.abs(x) > 0.5, x, 0), RANGE, ulps=0, half=0),
    pointwise(
        "threshold", lambda x: F.threshold(x, 1.0, -2.0), lambda x: np.where(x > 1, x, -2), RANGE, ulps=0, half=0
    ),
    pointwise(
        "prelu",
        lambda x: F.prelu(x, torch.tensor([0.125]).to(x.dtype)),
        lambda x: np.where(x > 0, x, x / 8),
        RANGE,
        ulps=0,
        half=0.51,
    ),
    relative("glu", lambda x: F.glu(x, 1), lambda x: x[:, :6] * sigmoid(x[:, 6:]), draw(131, (5, 12)), steps=16),
]

scores, classes = draw(132, (11, 7), (-5, 5)), np.random.default_rng(133).integers(0, 7, 11)
weights = draw(134, 7, (0.5, 2))
logits, targets = draw(135, (9, 4), (-5, 5)), draw(136, (9, 4), (0.05, 0.95))
first, second, third = (draw(seed, (9, 8)) for seed in (137, 138, 139))
labels = torch.from_numpy(classes)


def softmax(x, axis=1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def log_softmax(x, axis=1):
    x = x - x.max(axis, keepdims=True)
    return x - np.log(np.exp(x).sum(axis, keepdims=True))


def weighted_cross_entropy(x, w):
    chosen = -log_softmax(x)[np.arange(11), classes] * w[classes]
    return chosen.sum() / w[classes].sum()


def smoothed_cross_entropy(x):
    target = np.eye(7)[classes] * 0.9 + 0.1 / 7
    return -(target * log_softmax(x)).sum(1).mean()


def ignoring_cross_entropy(x):
    kept = classes != 3
    return -log_softmax(x)[np.arange(11), classes][kept].mean()


def cosine(a, b):
    return (a * b).sum(1) / (norm_of(a) * norm_of(b))


def norm_of(a):
    return np.sqrt((a * a).sum(1))


# exp of a difference up to 10 magnifies its rounding tenfold; sums of some ten terms follow: 64 u covers it.
losses = [
    relative(
        "softmax",
        lambda x: [F.softmax(x, 1), F.softmax(x, 0)],
        lambda x: [softmax(x), softmax(x, 0)],
        scores,
        steps=64,
    ),
    relative(
        "softmax of 16 bits",
        lambda x: F.softmax(x, 1),
        softmax,
        scores,
        steps=1.1,
        dtypes=(torch.bfloat16, torch.float16),
    ),
    relative("log_softmax", lambda x: F.log_softmax(x, 1), log_softmax, scores, steps=64),
    relative("softmin", lambda x: F.softmin(x, 1), lambda x: softmax(-x), scores, steps=64),
    relative(
        "softmax of large scores", lambda x: F.softmax(x + 10_000, 1), lambda x: softmax(x), np.round(scores), steps=64
    ),
    relative(
        "cross_entropy",
        lambda x: F.cross_entropy(x, labels),
        lambda x: -log_softmax(x)[np.arange(11), classes].mean(),
        scores,
        steps=64,
    ),
    relative(
        "cross_entropy weighted",
        lambda x, w: F.cross_entropy(x, labels, w),
        weighted_cross_entropy,
        scores,
        weights,
        steps=64,
    ),
    relative(
        "cross_entropy smoothed",
        lambda x: F.cross_entropy(x, labels, label_smoothing=0.1),
        smoothed_cross_entropy,
        scores,
        steps=64,
    ),
    relative(
        "cross_entropy ignoring",
        lambda x: F.cross_entropy(x, labels, ignore_index=3),
        ignoring_cross_entropy,
        scores,
        steps=64,
    ),
    relative(
        "nll_loss",
        lambda x: F.nll_loss(x, labels, reduction="none"),
        lambda x: -x[np.arange(11), classes],
        scores,
        steps=1,
    ),
    relative("mse_loss", F.mse_loss, lambda a, b: ((a - b) ** 2).mean(), first, second, steps=160),
    relative("l1_loss", F.l1_loss, lambda a, b: np.abs(a - b).mean(), first, second, steps=160),
    relative(
        "smooth_l1 huber",
        lambda a, b: [F.smooth_l1_loss(a, b), F.huber_loss(a, b, delta=0.5)],
        lambda a, b: [huber(a - b, 1), huber(a - b, 0.5)],
        first,
        second,
        steps=160,
    ),
    relative(
        "binary_cross_entropy",
        F.binary_cross_entropy,
        lambda p, y: -(y * np.log(p) + (1 - y) * np.log1p(-p)).mean(),
        draw(140, (9, 4), (0.05, 0.95)),
        targets,
        steps=160,
    ),
    relative(
        "bce_with_logits",
        F.binary_cross_entropy_with_logits,
        lambda x, y: (softplus(x) - x * y).mean(),
        logits,
        targets,
        steps=160,
    ),
    relative(
        "kl_div",
        lambda x, y: F.kl_div(x, y, reduction="batchmean"),
        lambda x, y: (y * (np.log(y) - x)).sum() / 9,
        logits,
        targets,
        steps=160,
    ),
    relative("cosine_similarity", F.cosine_similarity, cosine, first, second, steps=64),
    relative(
        "triplet_margin_loss",
        F.triplet_margin_loss,
        lambda a, p, n: np.maximum(norm_of(a - p + 1e-6) - norm_of(a - n + 1e-6) + 1, 0).mean(),
        first,
        second,
        third,
        steps=160,
    ),
    relative(
        "margin_ranking hinge",
        lambda a, b: [
            F.margin_ranking_loss(a, b, torch.ones_like(a), margin=0.5),
            F.hinge_embedding_loss(a, -torch.ones_like(a)),
        ],
        lambda a, b: [np.maximum(0, 0.5 - (a - b)).mean(), np.maximum(0, 1 - a).mean()],
        first,
        second,
        steps=160,
    ),
]


def huber(d, delta):
    d = np.abs(d)
    return np.where(d < delta, d * d / 2, delta * (d - delta / 2)).mean() / (delta if delta == 1 else 1)


run_checks("activations", activations)
run_checks("losses", losses)
