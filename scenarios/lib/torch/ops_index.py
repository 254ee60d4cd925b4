"""Indexing, gathering, scattering, joining and reshaping: every element moved must arrive. Needs torch/ops.py."""
a, small, row = whole(41, (4, 5, 6)), whole(42, (4, 5)), whole(43, (20,))
places = np.random.default_rng(44).integers(0, 5, (4, 7))
columns = np.random.default_rng(45).permutation(6)[:3]
mask = whole(46, (4, 5), 0, 1).astype(bool)
t = torch.from_numpy  # of an index; it computes nothing


def in_place(change):
    """What a change in place leaves, as a function of the tensor or array."""
    def apply(x, *rest):
        x = x.clone() if isinstance(x, torch.Tensor) else x.copy()
        change(x, *rest)
        return x
    return apply


def scattered(x, values):
    for i, j in np.ndindex(places.shape):
        x[i, places[i, j]] = values[i, j]


def scatter_reduced(operation):
    def apply(x, values):
        for i, j in np.ndindex(places.shape):
            x[i, places[i, j]] = operation(x[i, places[i, j]], values[i, j])
    return in_place(apply)


def put_at(x, values, accumulate):
    for place, value in zip(np.array([3, 0, 3, 19]), values):
        x[place] = x[place] + value if accumulate else value


def every_index(x):
    """The same expression for both libraries."""
    index = t if isinstance(x, torch.Tensor) else np.asarray
    return [x[2], x[-1, 1:4], x[..., ::2], x[:, None, 3], x[index(np.array([3, 0, 3]))], x[:, index(np.array([4, 1])), 2:5],
            x[index(np.array([0, 1])), index(np.array([2, 3])), index(np.array([5, 0]))], x[index(mask)], x[x > 0], x[index(np.array([[0], [2]])), index(np.array([1, 4]))]]


def assigned(x):
    index = t if isinstance(x, torch.Tensor) else np.asarray
    x[1] = 7
    x[:, 2, ::3] = -5
    x[index(mask)] = 3
    x[index(np.array([0, 3])), index(np.array([4, 0]))] = 11
    x[..., 0] += 2


indexing = [
    same("indices of every kind", every_index, every_index, a, dtypes=INTEGERS + FLOATS + (torch.bool,)),
    same("assignment through indices", in_place(assigned), in_place(assigned), a), same("select narrow", lambda x: [x.select(1, 3), x.narrow(2, 1, 4)], lambda x: [x[:, 3], x[:, :, 1:5]], a),
    same("gather", lambda x: x.gather(1, t(places)), lambda x: np.take_along_axis(x, places, 1), small, dtypes=INTEGERS + FLOATS), same("take_along_dim", lambda x: torch.take_along_dim(x, x.argsort(1), 1), lambda x: np.sort(x, 1), small),
    # Where several values meet in one place, any of them may stay: so here each place gets one.
    same("scatter", lambda x, v: x.scatter(1, t(np.argsort(small, 1)), v), lambda x, v: np.array([[dict(zip(o, r))[k] for k in range(5)] for o, r in zip(np.argsort(small, 1), v)]), small, whole(47, (4, 5))),
    same("scatter of a number", lambda x: x.scatter(1, t(places), 42), in_place(lambda x: scattered(x, np.full(places.shape, 42))), small),
    same("scatter_add", lambda x, v: x.scatter_add(1, t(places), v), scatter_reduced(lambda p, q: p + q), small, whole(48, (4, 7))),
    same("scatter_reduce amax", lambda x, v: x.scatter_reduce(1, t(places), v, "amax"), scatter_reduced(max), small, whole(48, (4, 7))),
    same("scatter_reduce prod", lambda x, v: x.scatter_reduce(1, t(places), v, "prod"), scatter_reduced(lambda p, q: p * q), small, whole(48, (4, 7), -3, 3)),
    same("index_select", lambda x: [x.index_select(2, t(columns)), x.index_select(0, torch.tensor([1, 1, 3]))], lambda x: [x[:, :, columns], x[[1, 1, 3]]], a, dtypes=INTEGERS + FLOATS),
    same("index_add", lambda x, v: x.index_add(0, torch.tensor([3, 0, 3]), v), in_place(lambda x, v: np.add.at(x, [3, 0, 3], v)), small, whole(49, (3, 5))),
    same("index_copy", lambda x, v: x.index_copy(1, torch.tensor([4, 0]), v), in_place(lambda x, v: x.__setitem__((slice(None), [4, 0]), v)), small, whole(50, (4, 2))),
    same("index_fill", lambda x: x.index_fill(1, torch.tensor([0, 3]), 9), in_place(lambda x: x.__setitem__((slice(None), [0, 3]), 9)), small),
    same("index_put", lambda x, v: [x.index_put((torch.tensor([3, 0, 3, 19]),), v, accumulate=True), x.index_put((torch.tensor([3, 0, 5, 19]),), v)],
         lambda x, v: [in_place(put_at)(x, v, True), in_place(lambda x, v: x.__setitem__([3, 0, 5, 19], v))(x, v)], row, whole(51, 4)),
    same("masked_select fill scatter", lambda x, v: [x.masked_select(t(mask)), x.masked_fill(t(mask), 8), x.masked_scatter(t(mask), v)],
         lambda x, v: [x[mask], np.where(mask, 8, x), in_place(lambda x: x.__setitem__(mask, v[:mask.sum()]))(x)], small, whole(52, 20)),
    same("take put", lambda x: [x.take(torch.tensor([[0, 19], [7, 7]])), x.put(torch.tensor([1, 5]), torch.tensor([99, 98]).to(x.dtype))],
         lambda x: [x.ravel()[[[0, 19], [7, 7]]], in_place(lambda x: x.ravel().__setitem__([1, 5], [99, 98]))(x)], small),
    same("nonzero argwhere", lambda x: [x.nonzero(), torch.argwhere(x > 0), *torch.where(x > 3)], lambda x: [np.argwhere(x), np.argwhere(x > 0), *np.where(x > 3)], small),
    same("select_scatter slice_scatter", lambda x: [x.select_scatter(x[0] * 2, 0, 3), x.slice_scatter(x[:, :2] * 3, 1, 1, 3)],
         lambda x: [in_place(lambda x: x.__setitem__(3, x[0] * 2))(x), np.concatenate([x[:, :1], x[:, :2] * 3, x[:, 3:]], 1)], small),
    same("diagonal_scatter", lambda x: x.diagonal_scatter(torch.zeros(4, dtype=x.dtype)), in_place(lambda x: x.__setitem__((range(4), range(4)), 0)), small),
]

shapes = [
    same("cat stack", lambda x, y: [torch.cat([x, y, x], 0), torch.cat([x, y], 1), torch.stack([x, y], 1), torch.hstack([x, y]), torch.vstack([x, y]), torch.dstack([x, y])],
         lambda x, y: [np.concatenate([x, y, x], 0), np.concatenate([x, y], 1), np.stack([x, y], 1), np.hstack([x, y]), np.vstack([x, y]), np.dstack([x, y])], small, whole(53, (4, 5)), dtypes=INTEGERS + FLOATS),
    same("cat of different types", lambda x: torch.cat([x, x.to(torch.float64) / 2]), lambda x: np.concatenate([x, x / 2]), small),
    same("split chunk unbind", lambda x: [*x.split(2, 2), *x.split([1, 4], 1), *x.chunk(3, 2), *x.unbind(1)], lambda x: [*np.split(x, 3, 2), *np.split(x, [1], 1), *np.split(x, 3, 2), *x.swapaxes(0, 1)], a),
    same("roll flip rot90", lambda x: [x.roll(2, 1), x.roll((1, -2), (0, 2)), x.flip(0, 2), x[0].rot90(), x[0].fliplr()], lambda x: [np.roll(x, 2, 1), np.roll(x, (1, -2), (0, 2)), np.flip(x, (0, 2)), np.rot90(x[0]), np.fliplr(x[0])], a),
    same("repeat tile", lambda x: [x.repeat(2, 3), x.repeat_interleave(2, 1), torch.tile(x, (2, 1, 2)), x.repeat_interleave(torch.tensor([0, 2, 1, 3]), 0)],
         lambda x: [np.tile(x, (2, 3)), np.repeat(x, 2, 1), np.tile(x, (2, 1, 2)), np.repeat(x, [0, 2, 1, 3], 0)], small),
    same("transpose permute movedim", lambda x: [x.transpose(0, 2), x.permute(2, 0, 1).contiguous(), x.movedim(0, 2), x.mT, x[0].T], lambda x: [x.swapaxes(0, 2), x.transpose(2, 0, 1), np.moveaxis(x, 0, 2), x.swapaxes(1, 2), x[0].T], a),
    same("view reshape flatten squeeze", lambda x: [x.view(2, -1), x.transpose(0, 1).reshape(6, 20), x.flatten(1), x[:, :1].squeeze(1), x.unsqueeze(2), x.unflatten(2, (2, 3))],
         lambda x: [x.reshape(2, -1), x.swapaxes(0, 1).reshape(6, 20), x.reshape(4, 30), x[:, 0], x[:, :, None], x.reshape(4, 5, 2, 3)], a),
    same("expand broadcast_to", lambda x: [x[:, None].expand(-1, 3, -1), torch.broadcast_to(x[0], (2, 5)), *torch.broadcast_tensors(x[:1], x[:, :1])],
         lambda x: [np.repeat(x[:, None], 3, 1), np.broadcast_to(x[0], (2, 5)), *np.broadcast_arrays(x[:1], x[:, :1])], small),
    same("as_strided unfold", lambda x: [x.as_strided((3, 3), (2, 1), 4), x.unfold(0, 5, 3)], lambda x: [np.array([x[4 + 2 * i:7 + 2 * i] for i in range(3)]), np.lib.stride_tricks.sliding_window_view(x, 5)[::3]], row),
    same("tril triu", lambda x: [x.tril(), x.triu(1), x.tril(-1)], lambda x: [np.tril(x), np.triu(x, 1), np.tril(x, -1)], a), same("diag diagonal trace", lambda x: [x[0].diag(1), x.diagonal(dim1=1, dim2=2), torch.diag(x[0, 0]), torch.diag_embed(x[0, :2]), x[0].trace()],
         lambda x: [np.diag(x[0], 1), x.diagonal(axis1=1, axis2=2), np.diag(x[0, 0]), np.array([np.diag(r) for r in x[0, :2]]), np.trace(x[0])], a),
    same("meshgrid cartesian_prod", lambda x, y: [*torch.meshgrid(x, y, indexing="ij"), torch.cartesian_prod(x, y)], lambda x, y: [*np.meshgrid(x, y, indexing="ij"), np.array([[p, q] for p in x for q in y])], whole(54, 3), whole(55, 4)),
    same("pad", lambda x: [F.pad(x, (1, 2)), F.pad(x, (0, 1, 2, 0), value=5), F.pad(x, (-1, 1))], lambda x: [np.pad(x, ((0, 0), (0, 0), (1, 2))), np.pad(x, ((0, 0), (2, 0), (0, 1)), constant_values=5), np.pad(x, ((0, 0), (0, 0), (0, 1)))[:, :, 1:]], a),
    same("pad reflect replicate circular", lambda x: [F.pad(x, (2, 3), mode=m) for m in ("reflect", "replicate", "circular")], lambda x: [np.pad(x, ((0, 0), (0, 0), (2, 3)), mode=m) for m in ("reflect", "edge", "wrap")], a, dtypes=WIDE),
    same("pixel_shuffle channel_shuffle", lambda x: [F.pixel_shuffle(x, 2), F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2), F.channel_shuffle(x, 2)],
         lambda x: [x.reshape(2, 2, 2, 2, 3, 4).transpose(0, 1, 4, 2, 5, 3).reshape(2, 2, 6, 8), x, x.reshape(2, 2, 4, 3, 4).swapaxes(1, 2).reshape(2, 8, 3, 4)], whole(56, (2, 8, 3, 4)), dtypes=WIDE),
    same("arange linspace eye full", lambda x: [torch.arange(3, 20, 4), torch.arange(0, 1, 0.25), torch.linspace(-1, 1, 9), torch.eye(3, 4), torch.full((2, 2), 7), torch.zeros(0, 3), torch.tril_indices(3, 3)],
         lambda x: [np.arange(3, 20, 4), np.arange(0, 1, 0.25), np.linspace(-1, 1, 9), np.eye(3, 4), np.full((2, 2), 7), np.zeros((0, 3)), np.array(np.tril_indices(3))], row, dtypes=SINGLE),
]

run_checks("indexing", indexing)
run_checks("shapes", shapes)
