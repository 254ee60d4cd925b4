"""Indexing, gathering and scattering: every element moved must arrive. Needs torch/ops.py."""
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
    return [
        x[2],
        x[-1, 1:4],
        x[..., ::2],
        x[:, None, 3],
        x[index(np.array([3, 0, 3]))],
        x[:, index(np.array([4, 1])), 2:5],
        x[index(np.array([0, 1])), index(np.array([2, 3])), index(np.array([5, 0]))],
        x[index(mask)],
        x[x > 0],
        x[index(np.array([[0], [2]])), index(np.array([1, 4]))],
    ]


def assigned(x):
    index = t if isinstance(x, torch.Tensor) else np.asarray
    x[1] = 7
    x[:, 2, ::3] = -5
    x[index(mask)] = 3
    x[index(np.array([0, 3])), index(np.array([4, 0]))] = 11
    x[..., 0] += 2


indexing = [
    same("indices of every kind", every_index, every_index, a, dtypes=INTEGERS + FLOATS + (torch.bool,)),
    same("assignment through indices", in_place(assigned), in_place(assigned), a),
    same("select narrow", lambda x: [x.select(1, 3), x.narrow(2, 1, 4)], lambda x: [x[:, 3], x[:, :, 1:5]], a),
    same(
        "gather",
        lambda x: x.gather(1, t(places)),
        lambda x: np.take_along_axis(x, places, 1),
        small,
        dtypes=INTEGERS + FLOATS,
    ),
    same("take_along_dim", lambda x: torch.take_along_dim(x, x.argsort(1), 1), lambda x: np.sort(x, 1), small),
    # Where several values meet in one place, any of them may stay: so here each place gets one.
    same(
        "scatter",
        lambda x, v: x.scatter(1, t(np.argsort(small, 1)), v),
        lambda x, v: np.array([[dict(zip(o, r))[k] for k in range(5)] for o, r in zip(np.argsort(small, 1), v)]),
        small,
        whole(47, (4, 5)),
    ),
    same(
        "scatter of a number",
        lambda x: x.scatter(1, t(places), 42),
        in_place(lambda x: scattered(x, np.full(places.shape, 42))),
        small,
    ),
    same(
        "scatter_add",
        lambda x, v: x.scatter_add(1, t(places), v),
        scatter_reduced(lambda p, q: p + q),
        small,
        whole(48, (4, 7)),
    ),
    same(
        "scatter_reduce amax",
        lambda x, v: x.scatter_reduce(1, t(places), v, "amax"),
        scatter_reduced(max),
        small,
        whole(48, (4, 7)),
    ),
    same(
        "scatter_reduce prod",
        lambda x, v: x.scatter_reduce(1, t(places), v, "prod"),
        scatter_reduced(lambda p, q: p * q),
        small,
        whole(48, (4, 7), -3, 3),
    ),
    same(
        "index_select",
        lambda x: [x.index_select(2, t(columns)), x.index_select(0, torch.tensor([1, 1, 3]))],
        lambda x: [x[:, :, columns], x[[1, 1, 3]]],
        a,
        dtypes=INTEGERS + FLOATS,
    ),
    same(
        "index_add",
        lambda x, v: x.index_add(0, torch.tensor([3, 0, 3]), v),
        in_place(lambda x, v: np.add.at(x, [3, 0, 3], v)),
        small,
        whole(49, (3, 5)),
    ),
    same(
        "index_copy",
        lambda x, v: x.index_copy(1, torch.tensor([4, 0]), v),
        in_place(lambda x, v: x.__setitem__((slice(None), [4, 0]), v)),
        small,
        whole(50, (4, 2)),
    ),
    same(
        "index_fill",
        lambda x: x.index_fill(1, torch.tensor([0, 3]), 9),
        in_place(lambda x: x.__setitem__((slice(None), [0, 3]), 9)),
        small,
    ),
    same(
        "index_put",
        lambda x, v: [
            x.index_put((torch.tensor([3, 0, 3, 19]),), v, accumulate=True),
            x.index_put((torch.tensor([3, 0, 5, 19]),), v),
        ],
        lambda x, v: [in_place(put_at)(x, v, True), in_place(lambda x, v: x.__setitem__([3, 0, 5, 19], v))(x, v)],
        row,
        whole(51, 4),
    ),
    same(
        "masked_select fill scatter",
        lambda x, v: [x.masked_select(t(mask)), x.masked_fill(t(mask), 8), x.masked_scatter(t(mask), v)],
        lambda x, v: [x[mask], np.where(mask, 8, x), in_place(lambda x: x.__setitem__(mask, v[: mask.sum()]))(x)],
        small,
        whole(52, 20),
    ),
    same(
        "take put",
        lambda x: [
            x.take(torch.tensor([[0, 19], [7, 7]])),
            x.put(torch.tensor([1, 5]), torch.tensor([99, 98]).to(x.dtype)),
        ],
        lambda x: [x.ravel()[[[0, 19], [7, 7]]], in_place(lambda x: x.ravel().__setitem__([1, 5], [99, 98]))(x)],
        small,
    ),
    same(
        "nonzero argwhere",
        lambda x: [x.nonzero(), torch.argwhere(x > 0), *torch.where(x > 3)],
        lambda x: [np.argwhere(x), np.argwhere(x > 0), *np.where(x > 3)],
        small,
    ),
    same(
        "select_scatter slice_scatter",
        lambda x: [x.select_scatter(x[0] * 2, 0, 3), x.slice_scatter(x[:, :2] * 3, 1, 1, 3)],
        lambda x: [
            in_place(lambda x: x.__setitem__(3, x[0] * 2))(x),
            np.concatenate([x[:, :1], x[:, :2] * 3, x[:, 3:]], 1),
        ],
        small,
    ),
    same(
        "diagonal_scatter",
        lambda x: x.diagonal_scatter(torch.zeros(4, dtype=x.dtype)),
        in_place(lambda x: x.__setitem__((range(4), range(4)), 0)),
        small,
    ),
]

run_checks("indexing", indexing)
