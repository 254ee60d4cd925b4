"""Recurrent layers, attention and Fourier transforms. Needs torch/ops.py."""
sigma = lambda v: 1 / (1 + np.exp(-v))
STEPS, BATCH, INPUT, HIDDEN = 6, 3, 5, 4


def rnn_step(activation):
    def step(x, h, w, u, b, c):
        return activation(x @ w.T + b + h @ u.T + c)

    return step


def gru_step(x, h, w, u, b, c):
    (ir, iz, i_n), (hr, hz, hn) = np.split(x @ w.T + b, 3, 1), np.split(h @ u.T + c, 3, 1)
    r, z = sigma(ir + hr), sigma(iz + hz)
    return (1 - z) * np.tanh(i_n + r * hn) + z * h


def lstm_step(x, state, w, u, b, c):
    h, cell = state
    i, f, g, o = np.split(x @ w.T + b + h @ u.T + c, 4, 1)
    cell = sigma(f) * cell + sigma(i) * np.tanh(g)
    return sigma(o) * np.tanh(cell), cell


def unrolled(step, xs, h, weights, reverse=False):
    out = []
    for x in xs[::-1] if reverse else xs:
        h = step(x, h, *weights)
        out.append(h[0] if isinstance(h, tuple) else h)
    return np.array(out[::-1] if reverse else out), h


def recurrent(name, make, step, cell_state=False, layers=1, both_ways=False, dtype=torch.float64):
    """All outputs are sums of at most 9 products through functions whose slope is at most 1, T times over;
    weights below 1/2 keep errors from growing: T * layers * 4 * (9 + 6) u."""

    def check():
        torch.manual_seed(5)
        module = make(INPUT, HIDDEN, num_layers=layers, bidirectional=both_ways).to(dtype)
        x = tensor(draw(151, (STEPS, BATCH, INPUT)), dtype)
        with torch.no_grad():
            got, last = module(x)
        xs, finals = plain(x), []
        for layer in range(layers):
            ways = []
            for way in ("", "_reverse")[: 1 + both_ways]:
                weights = [
                    plain(getattr(module, f"{kind}_l{layer}{way}"))
                    for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                ]
                zero = np.zeros((BATCH, HIDDEN))
                out, final = unrolled(step, xs, (zero, zero) if cell_state else zero, weights, bool(way))
                ways.append(out)
                finals.append(final)
            xs = np.concatenate(ways, 2)
        bound = STEPS * layers * 60 * unit(dtype)
        require_within("output", got, xs, bound)
        for k, g in enumerate(last if cell_state else [last]):
            require_within("last state", g, np.array([f[k] if cell_state else f for f in finals]), bound)

    return name, check


def cells():
    torch.manual_seed(6)
    x, h = (tensor(draw(seed, (BATCH, n)), torch.float64) for seed, n in ((152, INPUT), (153, HIDDEN)))
    for make, step in (
        (torch.nn.RNNCell, rnn_step(np.tanh)),
        (torch.nn.GRUCell, gru_step),
        (torch.nn.LSTMCell, lstm_step),
    ):
        cell = make(INPUT, HIDDEN).double()
        weights = [plain(w) for w in (cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh)]
        if make is torch.nn.LSTMCell:
            got, want = cell(x, (h, h)), step(plain(x), (plain(h), plain(h)), *weights)
        else:
            got, want = [cell(x, h)], [step(plain(x), plain(h), *weights)]
        for g, w in zip(got, want):
            require_within(make.__name__, g, w, 100 * 2.0**-53)


def packed_sequence():
    torch.manual_seed(7)
    module, x = torch.nn.GRU(INPUT, HIDDEN).double(), tensor(draw(154, (STEPS, BATCH, INPUT)), torch.float64)
    lengths = [6, 4, 2]
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths)
    with torch.no_grad():
        out, last = torch.nn.utils.rnn.pad_packed_sequence(module(packed)[0])[0], module(packed)[1]
    for k, length in enumerate(lengths):
        alone = module(x[:length, k : k + 1])[0][:, 0]
        require_within(f"sequence of {length}", out[:length, k], plain(alone), 400 * 2.0**-53)
        require_within(f"last state of {length}", last[0, k], plain(alone[-1]), 400 * 2.0**-53)
        assert not plain(out[length:, k]).any(), "padding is not 0"


def attended(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) @ v


q, k, v = draw(155, (2, 3, 9, 8)), draw(156, (2, 3, 11, 8)), draw(157, (2, 3, 11, 8))
allowed = np.random.default_rng(158).random((9, 11)) < 0.6
allowed[:, 0] = True
causal = np.tril(np.ones((9, 9), bool))
sdpa = F.scaled_dot_product_attention
# A score of 8 products has |score| below 6 here and errs by 10 u * 6; exp makes that relative: about 2 * 60 + 30 u.
BUDGET = 200


def grouped(x, heads):
    return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(0, 2, 1, 3)


def multi_head():
    torch.manual_seed(8)
    module, x = torch.nn.MultiheadAttention(12, 3, batch_first=True).double().eval(), tensor(
        draw(159, (2, 7, 12)), torch.float64
    )
    with torch.no_grad():
        got, got_weights = module(x, x, x)
    a = plain(x)
    parts = [
        grouped(a @ w.T + b, 3)
        for w, b in zip(np.split(plain(module.in_proj_weight), 3), np.split(plain(module.in_proj_bias), 3))
    ]
    mixed = attended(*parts).transpose(0, 2, 1, 3).reshape(a.shape)
    want = mixed @ plain(module.out_proj.weight).T + plain(module.out_proj.bias)
    require_within("output", got, want, 2 * BUDGET * 2.0**-53 * np.abs(want).max())
    require_within("weights add up", got_weights.sum(2), np.ones((2, 7)), 16 * 2.0**-53)


def transformer_layer():
    # The fast path for inference and the plain one are different code.
    torch.manual_seed(9)
    layer, x = torch.nn.TransformerEncoderLayer(12, 3, 20, dropout=0.0, batch_first=True).double(), tensor(
        draw(160, (2, 7, 12)), torch.float64
    )
    want = layer.train()(x)
    with torch.no_grad():
        got = layer.eval()(x)
    require_within("inference against training", got, plain(want), 1000 * 2.0**-53 * 4)


recurrence = [
    recurrent("RNN tanh", lambda *a, **o: torch.nn.RNN(*a, **o), rnn_step(np.tanh)),
    recurrent(
        "RNN relu", lambda *a, **o: torch.nn.RNN(*a, nonlinearity="relu", **o), rnn_step(lambda x: np.maximum(x, 0))
    ),
    recurrent("LSTM", torch.nn.LSTM, lstm_step, True),
    recurrent("LSTM two layers both ways", torch.nn.LSTM, lstm_step, True, 2, True),
    recurrent("GRU", torch.nn.GRU, gru_step),
    recurrent("GRU both ways", torch.nn.GRU, gru_step, both_ways=True),
    recurrent("LSTM float32", torch.nn.LSTM, lstm_step, True, dtype=torch.float32),
    recurrent("GRU float32", torch.nn.GRU, gru_step, dtype=torch.float32),
    ("cells", cells),
    ("packed sequence", packed_sequence),
]
attention = [
    relative("scaled_dot_product", sdpa, attended, q, k, v, steps=BUDGET),
    relative(
        "scaled_dot_product masked",
        lambda *t: sdpa(*t, attn_mask=torch.from_numpy(allowed)),
        lambda *a: attended(*a, allowed),
        q,
        k,
        v,
        steps=BUDGET,
    ),
    relative(
        "scaled_dot_product causal",
        lambda *t: sdpa(*t, is_causal=True),
        lambda *a: attended(*a, causal),
        q,
        k[:, :, :9],
        v[:, :, :9],
        steps=BUDGET,
    ),
    relative("scaled_dot_product of 16 bits", sdpa, attended, q, k, v, steps=16, dtypes=(torch.bfloat16,)),
    ("MultiheadAttention", multi_head),
    ("TransformerEncoderLayer", transformer_layer),
]

wave, tall, real, odd = (
    draw(161, 64, kind=complex),
    draw(162, (6, 20), kind=complex),
    draw(163, (3, 60)),
    draw(164, 35),
)


def framed(x):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(16) / 16)
    return np.array(
        [np.fft.rfft(x[:, 8 * i : 8 * i + 16] * window) for i in range((x.shape[1] - 16) // 8 + 1)]
    ).transpose(1, 2, 0)


# 4 (1 + log2 n) u of the norm; of the largest element that is at most a few times more: 8 (1 + log2 n).
fourier = [
    relative("fft", torch.fft.fft, np.fft.fft, wave, steps=56, dtypes=COMPLEX),
    relative("ifft", torch.fft.ifft, np.fft.ifft, wave, steps=56, dtypes=COMPLEX),
    relative(
        "fft of columns",
        lambda x: torch.fft.fft(x, dim=0),
        lambda x: np.fft.fft(x, axis=0),
        tall,
        steps=40,
        dtypes=COMPLEX,
    ),
    relative(
        "fft padded and cut",
        lambda x: [torch.fft.fft(x, 100), torch.fft.fft(x, 30)],
        lambda x: [np.fft.fft(x, 100), np.fft.fft(x, 30)],
        wave,
        steps=64,
        dtypes=COMPLEX,
    ),
    relative(
        "fft orthogonal",
        lambda x: torch.fft.fft(x, norm="ortho"),
        lambda x: np.fft.fft(x, norm="ortho"),
        wave,
        steps=56,
        dtypes=COMPLEX,
    ),
    relative(
        "fft of a prime length", torch.fft.fft, np.fft.fft, draw(165, 97, kind=complex), steps=256, dtypes=COMPLEX
    ),
    relative("rfft", torch.fft.rfft, np.fft.rfft, real, steps=56),
    relative("irfft", lambda x: torch.fft.irfft(torch.fft.rfft(x), 35), lambda x: x, odd, steps=112),
    relative("hfft", lambda x: torch.fft.hfft(x, 126), lambda x: np.fft.hfft(x, 126), wave, steps=64, dtypes=COMPLEX),
    relative(
        "fft2 ifft2",
        lambda x: [torch.fft.fft2(x), torch.fft.ifft2(x)],
        lambda x: [np.fft.fft2(x), np.fft.ifft2(x)],
        tall,
        steps=64,
        dtypes=COMPLEX,
    ),
    relative("rfft2", torch.fft.rfft2, np.fft.rfft2, real, steps=64),
    relative("fftn", torch.fft.fftn, np.fft.fftn, draw(166, (3, 4, 10), kind=complex), steps=64, dtypes=COMPLEX),
    same(
        "fftshift fftfreq",
        lambda x: [torch.fft.fftshift(x), torch.fft.ifftshift(x), torch.fft.fftfreq(4)],
        lambda x: [np.fft.fftshift(x), np.fft.ifftshift(x), np.fft.fftfreq(4)],
        whole(167, (3, 5)),
        dtypes=WIDE,
    ),
    relative(
        "stft",
        lambda x: torch.stft(x, 16, 8, window=torch.hann_window(16, dtype=x.dtype), center=False, return_complex=True),
        framed,
        real,
        steps=80,
    ),
    relative(
        "istft",
        lambda x: torch.istft(
            torch.stft(x, 16, 4, window=torch.hann_window(16, dtype=x.dtype), return_complex=True),
            16,
            4,
            window=torch.hann_window(16, dtype=x.dtype),
            length=60,
        ),
        lambda x: x,
        real,
        steps=160,
    ),
]

run_checks("recurrent", recurrence)
run_checks("attention", attention)
run_checks("fft", fourier)
