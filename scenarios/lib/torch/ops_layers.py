"""Activations, softmax and losses, normalisation, embedding, dropout. Needs torch/ops.py."""
sigmoid = lambda x: 1 / (1 + np.exp(-x))
softplus = lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)
erf = np.vectorize(lambda v: np.longdouble(math.erf(float(v))), otypes=[np.longdouble])
RANGE, ABOVE = (-6, 6), (0.1, 6)
root = np.sqrt(np.longdouble(2))
values = draw(130, 131, RANGE)

# Results near 0 on the negative side lose digits in some formulas (x Phi(x)), so those domains end where they do not.
activations = [
    pointwise("relu", F.relu, lambda x: np.maximum(x, 0), RANGE, ulps=0, half=0), pointwise("relu6", F.relu6, lambda x: np.clip(x, 0, 6), (-3, 9), ulps=0, half=0),
    pointwise("leaky_relu", lambda x: F.leaky_relu(x, 0.125), lambda x: np.where(x > 0, x, x / 8), RANGE, ulps=0, half=0.51), 
    # exp(x) - 1 errs by u beside 1, much less than the largest result.
    relative("elu", F.elu, lambda x: np.where(x > 0, x, np.expm1(x)), values, steps=2, dtypes=FLOATS), relative("celu", lambda x: F.celu(x, 2.0), lambda x: np.where(x > 0, x, 2 * np.expm1(x / 2)), values, steps=2, dtypes=FLOATS),
    relative("selu", F.selu, lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)), values, steps=4, dtypes=FLOATS),
    pointwise("gelu", F.gelu, lambda x: x * (1 + erf(x / root)) / 2, (-0.5, 6), ulps=6),
    pointwise("gelu tanh", lambda x: F.gelu(x, approximate="tanh"), lambda x: x * (1 + np.tanh(np.sqrt(2 / np.longdouble(np.pi)) * (x + np.longdouble(0.044715) * x**3))) / 2, (-0.5, 6), ulps=6),
    pointwise("silu", F.silu, lambda x: x * sigmoid(x), RANGE, ulps=6), pointwise("mish", F.mish, lambda x: x * np.tanh(softplus(x)), RANGE, ulps=6), pointwise("softplus", F.softplus, softplus, RANGE, ulps=6),
    pointwise("softsign", F.softsign, lambda x: x / (1 + np.abs(x)), RANGE, half=1.51), pointwise("hardtanh", F.hardtanh, lambda x: np.clip(x, -1, 1), RANGE, ulps=0, half=0),
    pointwise("hardsigmoid", F.hardsigmoid, lambda x: np.clip(x + 3, 0, 6) / 6, (-2, 6), ulps=4), pointwise("hardswish", F.hardswish, lambda x: x * np.clip(x + 3, 0, 6) / 6, (-2, 6), ulps=4),
    pointwise("logsigmoid", F.logsigmoid, lambda x: -softplus(-x), RANGE, ulps=6), pointwise("tanhshrink", F.tanhshrink, lambda x: x - np.tanh(x), (1, 6), ulps=6, half=6),
    pointwise("softshrink", F.softshrink, lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0), RANGE, ulps=0.501), pointwise("hardshrink", F.hardshrink, lambda x: np.where(np.abs(x) > 0.5, x, 0), RANGE, ulps=0, half=0),
    pointwise("threshold", lambda x: F.threshold(x, 1.0, -2.0), lambda x: np.where(x > 1, x, -2), RANGE, ulps=0, half=0), pointwise("prelu", lambda x: F.prelu(x, torch.tensor([0.125]).to(x.dtype)), lambda x: np.where(x > 0, x, x / 8), RANGE, ulps=0, half=0.51),
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
    relative("softmax", lambda x: [F.softmax(x, 1), F.softmax(x, 0)], lambda x: [softmax(x), softmax(x, 0)], scores, steps=64), relative("softmax of 16 bits", lambda x: F.softmax(x, 1), softmax, scores, steps=1.1, dtypes=(torch.bfloat16, torch.float16)),
    relative("log_softmax", lambda x: F.log_softmax(x, 1), log_softmax, scores, steps=64), relative("softmin", lambda x: F.softmin(x, 1), lambda x: softmax(-x), scores, steps=64),
    relative("softmax of large scores", lambda x: F.softmax(x + 10_000, 1), lambda x: softmax(x), np.round(scores), steps=64),
    relative("cross_entropy", lambda x: F.cross_entropy(x, labels), lambda x: -log_softmax(x)[np.arange(11), classes].mean(), scores, steps=64), relative("cross_entropy weighted", lambda x, w: F.cross_entropy(x, labels, w), weighted_cross_entropy, scores, weights, steps=64),
    relative("cross_entropy smoothed", lambda x: F.cross_entropy(x, labels, label_smoothing=0.1), smoothed_cross_entropy, scores, steps=64), relative("cross_entropy ignoring", lambda x: F.cross_entropy(x, labels, ignore_index=3), ignoring_cross_entropy, scores, steps=64),
    relative("nll_loss", lambda x: F.nll_loss(x, labels, reduction="none"), lambda x: -x[np.arange(11), classes], scores, steps=1), relative("mse_loss", F.mse_loss, lambda a, b: ((a - b)**2).mean(), first, second, steps=160),
    relative("l1_loss", F.l1_loss, lambda a, b: np.abs(a - b).mean(), first, second, steps=160), relative("smooth_l1 huber", lambda a, b: [F.smooth_l1_loss(a, b), F.huber_loss(a, b, delta=0.5)],
                                                                                              lambda a, b: [huber(a - b, 1), huber(a - b, 0.5)], first, second, steps=160),
    relative("binary_cross_entropy", F.binary_cross_entropy, lambda p, y: -(y * np.log(p) + (1 - y) * np.log1p(-p)).mean(), draw(140, (9, 4), (0.05, 0.95)), targets, steps=160),
    relative("bce_with_logits", F.binary_cross_entropy_with_logits, lambda x, y: (softplus(x) - x * y).mean(), logits, targets, steps=160), relative("kl_div", lambda x, y: F.kl_div(x, y, reduction="batchmean"), lambda x, y: (y * (np.log(y) - x)).sum() / 9, logits, targets, steps=160),
    relative("cosine_similarity", F.cosine_similarity, cosine, first, second, steps=64), relative("triplet_margin_loss", F.triplet_margin_loss, lambda a, p, n: np.maximum(norm_of(a - p + 1e-6) - norm_of(a - n + 1e-6) + 1, 0).mean(), first, second, third, steps=160),
    relative("margin_ranking hinge", lambda a, b: [F.margin_ranking_loss(a, b, torch.ones_like(a), margin=0.5), F.hinge_embedding_loss(a, -torch.ones_like(a))], lambda a, b: [np.maximum(0, 0.5 - (a - b)).mean(), np.maximum(0, 1 - a).mean()], first, second, steps=160),
]


def huber(d, delta):
    d = np.abs(d)
    return np.where(d < delta, d * d / 2, delta * (d - delta / 2)).mean() / (delta if delta == 1 else 1)


images, scale, shift = draw(141, (4, 6, 5, 7)), draw(142, 6, (0.5, 2)), draw(143, 6)
per_channel = lambda v: v.reshape(1, -1, 1, 1)


def normalised(x, axes, eps=1e-5):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def batch_norm_in_training(x, w, b):
    mean, var = torch.zeros(6, dtype=x.dtype), torch.ones(6, dtype=x.dtype)
    return [F.batch_norm(x, mean, var, w, b, training=True, momentum=0.25), mean, var]


def batch_norm_expected(x, w, b):
    return [normalised(x, (0, 2, 3)) * per_channel(w) + per_channel(b), x.mean((0, 2, 3)) / 4, 0.75 + x.var((0, 2, 3), ddof=1) / 4]


def group_norm(x, w, b):
    return normalised(x.reshape(4, 3, -1), 2).reshape(x.shape) * per_channel(w) + per_channel(b)


def local_response(x):
    squares = np.pad(x * x, [(0, 0), (1, 1), (0, 0), (0, 0)])
    return x / (2 + 1e-2 * sum(squares[:, k:k + 6] for k in range(3)) / 3)**0.75


# Means and variances of up to 140 terms, a root and two products: 2 * 140 + 20 u.
layers = [
    relative("batch_norm training", batch_norm_in_training, batch_norm_expected, images, scale, shift, steps=300), relative("batch_norm", lambda x, w, b: F.batch_norm(x, b, w, w, b), lambda x, w, b: (x - per_channel(b)) / np.sqrt(per_channel(w) + 1e-5) * per_channel(w) + per_channel(b), images, scale, shift, steps=32),
    relative("layer_norm", lambda x: F.layer_norm(x, (5, 7)), lambda x: normalised(x, (2, 3)), images, steps=100), relative("layer_norm of 16 bits", lambda x: F.layer_norm(x, (5, 7)), lambda x: normalised(x, (2, 3)), images, steps=2, dtypes=(torch.bfloat16,)),
    relative("group_norm", lambda x, w, b: F.group_norm(x, 3, w, b), group_norm, images, scale, shift, steps=160), relative("instance_norm", F.instance_norm, lambda x: normalised(x, (2, 3)), images, steps=100), relative("local_response_norm", lambda x: F.local_response_norm(x, 3, alpha=1e-2, beta=0.75, k=2.0), local_response, images, steps=32),
    relative("rms_norm", lambda x: F.rms_norm(x, (7,), eps=1e-5), lambda x: x / np.sqrt((x * x).mean(3, keepdims=True) + 1e-5), images, steps=32), relative("normalize", lambda x: F.normalize(x, dim=1), lambda x: x / np.sqrt((x * x).sum(1, keepdims=True)), images, steps=32),
    relative("weight_norm", lambda v, g: torch._weight_norm(v, g, 0), lambda v, g: v * g / np.sqrt((v * v).sum(1, keepdims=True)), first, draw(144, (9, 1), (1, 2)), steps=32),
    same("embedding", lambda w: F.embedding(torch.from_numpy(classes.reshape(1, 11)), w), lambda w: w[classes.reshape(1, 11)], whole(145, (7, 5)), dtypes=FLOATS),
    same("embedding_bag", lambda w: [F.embedding_bag(torch.from_numpy(classes), w, torch.tensor([0, 4, 4]), mode=m) for m in ("sum", "max")], lambda w: [np.array([w[classes[:4]].sum(0), 0 * w[0], w[classes[4:]].sum(0)]), np.array([w[classes[:4]].max(0), 0 * w[0], w[classes[4:]].max(0)])], whole(146, (7, 5)), dtypes=WIDE),
    same("one_hot", lambda x: F.one_hot(x % 7, 7), lambda x: np.eye(7)[x % 7], whole(147, (3, 4), 0, 99), dtypes=(torch.int64,)),
]


def dropout():
    torch.manual_seed(1)
    x = torch.ones(20_000)
    kept = F.dropout(x, 0.25)
    assert set(kept.unique().tolist()) == {0.0, float(np.float32(1 / 0.75))}, f"values {kept.unique().tolist()}"
    # Six standard deviations of a binomial of 20000 with p = 0.75.
    count = int((kept > 0).sum())
    assert abs(count - 15_000) <= 6 * (20_000 * 0.75 * 0.25)**0.5, f"{count} of 20000 kept, expected 15000"
    assert torch.equal(F.dropout(x, 0.25, training=False), x) and not F.dropout(x, 1.0).any(), "without training, and with p 1"


def gradient_of_padding():
    table = torch.ones(4, 3, requires_grad=True)
    F.embedding(torch.tensor([0, 1, 1, 2]), table, padding_idx=1).sum().backward()
    assert table.grad[:, 0].tolist() == [1, 0, 1, 0], f"gradient rows {table.grad[:, 0].tolist()}"


run_checks("activations", activations)
run_checks("losses", losses)
run_checks("layers", layers + [("dropout", dropout), ("embedding padding", gradient_of_padding)])
