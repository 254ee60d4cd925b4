"""Sorting, searching and sets against Python's own.

Needs numpy/checks.py.
"""
import bisect
import collections

import numpy as np

rng = np.random.default_rng(107)
LENGTHS = (0, 1, 2, 3, 15, 16, 17, 64, 255, 1000)
TYPES = ("int8", "uint8", "int16", "int32", "int64", "uint64", "float16", "float32", "float64")


def sample(dtype, length):
    if dtype.startswith("float"):
        return rng.standard_normal(length).round(2).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, length, dtype=dtype, endpoint=True)


def sort(kind):
    def check():
        for dtype in TYPES:
            for length in LENGTHS:
                for a in (
                    sample(dtype, length),
                    np.sort(sample(dtype, length)),
                    np.sort(sample(dtype, length))[::-1],
                    np.ones(length, dtype),
                ):
                    want = sorted(a.tolist())
                    assert np.sort(a, kind=kind).tolist() == want, f"sort of {length} {dtype}"
                    order = np.argsort(a, kind=kind)
                    assert (
                        a[order].tolist() == want and len(set(order.tolist())) == length
                    ), f"argsort of {length} {dtype}"

    return f"{kind} sort", check


def stability():
    keys = rng.integers(0, 10, 2000)
    want = sorted(range(2000), key=keys.tolist().__getitem__)
    for dtype in TYPES:
        assert np.argsort(keys.astype(dtype), kind="stable").tolist() == want, f"argsort of {dtype} is not stable"
    second = rng.integers(0, 5, 2000)
    assert np.lexsort((second, keys)).tolist() == sorted(range(2000), key=lambda k: (keys[k], second[k])), "lexsort"


def nan_goes_last():
    for dtype in ("float16", "float32", "float64", "longdouble"):
        a = np.array([np.nan, 1, -np.inf, np.nan, np.inf, -0.0, 0.0, -5], dtype)
        got = np.sort(a)
        assert (
            got[:6].tolist() == [-np.inf, -5, 0, 0, 1, np.inf] and np.isnan(got[6:]).all()
        ), f"{dtype}: {got.tolist()}"
        assert (
            a.argmax() == 0 and np.nanargmax(a) == 4 and np.isnan(a.max()) and np.nanmin(a) == -np.inf
        ), f"{dtype}: argmax, nanargmax"


def partition():
    for dtype in TYPES:
        a = sample(dtype, 500)
        want = sorted(a.tolist())
        for k in (0, 1, 77, 250, 499):
            got = np.partition(a, k)
            assert (
                got[k] == want[k] and (got[:k] <= got[k]).all() and (got[k:] >= got[k]).all()
            ), f"partition of {dtype} at {k}"
            assert a[np.argpartition(a, k)[k]] == want[k], f"argpartition of {dtype} at {k}"
    assert np.median(np.arange(10)) == 4.5 and np.percentile(np.arange(11), 30) == 3, "median and percentile"


def search():
    for dtype in TYPES:
        a, wanted = np.sort(sample(dtype, 300)), sample(dtype, 200)
        for side, function in (("left", bisect.bisect_left), ("right", bisect.bisect_right)):
            got = np.searchsorted(a, wanted, side)
            assert got.tolist() == [
                function(a.tolist(), w) for w in wanted.tolist()
            ], f"searchsorted of {dtype}, {side}"
    assert np.digitize([0.5, 1, 9], [1, 2, 3]).tolist() == [0, 1, 3], "digitize"


def sets():
    a, b = rng.integers(0, 60, 200), rng.integers(30, 90, 200)
    values, index, back, counts = np.unique(a, return_index=True, return_inverse=True, return_counts=True)
    tally = collections.Counter(a.tolist())
    assert values.tolist() == sorted(tally) and counts.tolist() == [tally[v] for v in sorted(tally)], "unique"
    assert np.array_equal(values[back], a) and index.tolist() == [
        a.tolist().index(v) for v in values.tolist()
    ], "unique's indices"
    for name, operation in (
        ("intersect1d", set.__and__),
        ("union1d", set.__or__),
        ("setdiff1d", set.__sub__),
        ("setxor1d", set.__xor__),
    ):
        assert getattr(np, name)(a, b).tolist() == sorted(operation(set(a.tolist()), set(b.tolist()))), name
    assert np.isin(a, b).tolist() == [v in set(b.tolist()) for v in a.tolist()], "isin"


def counting():
    a = rng.integers(0, 20, 5000)
    tally = collections.Counter(a.tolist())
    assert np.bincount(a, minlength=25).tolist() == [tally[v] for v in range(25)], "bincount"
    assert np.histogram(a, 5, (0, 20))[0].tolist() == [
        sum(tally[v] for v in range(k, k + 4)) for k in (0, 4, 8, 12, 16)
    ], "histogram"
    assert np.flatnonzero(a == 3).tolist() == [k for k, v in enumerate(a.tolist()) if v == 3], "nonzero"
    assert np.where(a > 10, a, -a).tolist() == [v if v > 10 else -v for v in a.tolist()], "where"
    assert np.extract(a % 2 == 0, a).tolist() == [v for v in a.tolist() if v % 2 == 0], "extract"


def indexing():
    a = np.arange(60).reshape(3, 4, 5)
    assert a[1, ::-2, [4, 0]].tolist() == [[39, 29], [35, 25]] and a[..., -1].sum() == 378, "mixed indices"
    assert np.take_along_axis(a, a.argsort(1)[:, ::-1], 1)[0, 0].tolist() == [15, 16, 17, 18, 19], "take_along_axis"
    assert (
        np.take(a, [1, 7, 70], mode="wrap").tolist() == [1, 7, 10]
        and np.put(b := np.zeros(4, int), [1, 3], [7, 8]) is None
    )
    assert b.tolist() == [0, 7, 0, 8], "put"
    window = np.lib.stride_tricks.sliding_window_view(np.arange(6), 3)
    assert window.sum(1).tolist() == [3, 6, 9, 12], "sliding windows"
    assert np.roll(a, 1, 2)[0, 0].tolist() == [4, 0, 1, 2, 3] and np.rot90(a[0])[0].tolist() == [4, 9, 14, 19]
    try:
        a[3]
    except IndexError:
        return
    raise AssertionError("an index beyond the end is accepted")


run_checks(
    "sorting",
    [
        sort("quicksort"),
        sort("stable"),
        sort("heapsort"),
        ("stability", stability),
        ("NaN goes last", nan_goes_last),
        ("partition", partition),
        ("search", search),
        ("sets", sets),
        ("counting", counting),
        ("indexing", indexing),
    ],
)
