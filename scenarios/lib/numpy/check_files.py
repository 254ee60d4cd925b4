"""Arrays to files and back, byte by byte.

Needs numpy/checks.py.
"""
import hashlib
import os
import pickle
import tempfile

import numpy as np

rng = np.random.default_rng(109)
arrays = {
    "float64": rng.standard_normal((5, 7)),
    "columns first": np.asfortranarray(rng.standard_normal((4, 6))),
    "float16": rng.standard_normal(9).astype(np.float16),
    "complex64": (rng.standard_normal(4) + 1j).astype(np.complex64),
    "big-endian": np.arange(10, dtype=">i4"),
    "bool": rng.random(13) < 0.5,
    "text": np.array(["abc", "ü"]),
    "no elements": np.empty((0, 3)),
    "one number": np.array(7.5),
    "longdouble": np.array([1, 3], np.longdouble) / 3,
    "special": np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324]),
    "records": np.array([(1, 2.5), (3, -4.5)], [("a", "i2"), ("b", "f8")]),
    "days": np.array(["2024-02-29", "NaT"], "M8[D]"),
}


def same(got, want):
    return (got.dtype, got.shape, got.flags.f_contiguous, got.tobytes()) == (
        want.dtype,
        want.shape,
        want.flags.f_contiguous,
        want.tobytes(),
    )


def in_folder(check):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            return check(folder)

    return run


def save_and_load(folder):
    for name, array in arrays.items():
        np.save(f"{folder}/{name}.npy", array)
        assert same(np.load(f"{folder}/{name}.npy"), array), f"{name} comes back changed"


def several_in_one_file(folder):
    for function in (np.savez, np.savez_compressed):
        function(f"{folder}/all.npz", **arrays)
        with np.load(f"{folder}/all.npz") as loaded:
            assert set(loaded) == set(arrays), f"{function.__name__}: names {sorted(loaded)}"
            for name, array in arrays.items():
                assert same(loaded[name], array), f"{function.__name__}: {name} comes back changed"


def format_of_the_file(folder):
    np.save(f"{folder}/x.npy", np.arange(3, dtype="<i2"))
    with open(f"{folder}/x.npy", "rb") as file:
        content = file.read()
    header = b"{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }"
    want = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header.ljust(117) + b"\n" + bytes([0, 0, 1, 0, 2, 0])
    assert content == want, f"the file is {content!r}"


def mapped(folder):
    large = np.lib.format.open_memmap(f"{folder}/large.npy", mode="w+", dtype=np.int32, shape=(1000, 500))
    large[:] = np.arange(500_000, dtype=np.int32).reshape(1000, 500)
    large.flush()
    del large
    view = np.load(f"{folder}/large.npy", mmap_mode="r")
    assert (
        isinstance(view, np.memmap)
        and view[731, 44] == 731 * 500 + 44
        and int(view.sum(dtype=np.int64)) == 499_999 * 250_000
    )
    digest = hashlib.sha256(view.tobytes()).hexdigest()
    assert (
        digest == hashlib.sha256(np.fromfile(f"{folder}/large.npy", np.int32, offset=128).tobytes()).hexdigest()
    ), "fromfile differs"


def raw_bytes(folder):
    array = arrays["float64"]
    array.tofile(f"{folder}/raw")
    assert os.path.getsize(f"{folder}/raw") == 280 and np.array_equal(
        np.fromfile(f"{folder}/raw").reshape(5, 7), array
    )
    assert np.array_equal(np.frombuffer(array.tobytes()).reshape(5, 7), array), "frombuffer"


def pickles(folder):
    for protocol in (2, 5):
        for name, array in arrays.items():
            # Old protocols give the machine's own byte order back.
            back = pickle.loads(pickle.dumps(array, protocol)).astype(array.dtype)
            assert same(back, array), f"{name} comes back changed from protocol {protocol}"


run_checks(
    "files",
    [
        (name, in_folder(check))
        for name, check in (
            ("save and load", save_and_load),
            ("several in one file", several_in_one_file),
            ("format", format_of_the_file),
            ("mapped", mapped),
            ("raw bytes", raw_bytes),
            ("pickle", pickles),
        )
    ],
)
