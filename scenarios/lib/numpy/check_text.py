"""Strings, and numbers to and from text: every float64 must come back to the last bit.

Needs numpy/checks.py.
"""
import io

import numpy as np

rng = np.random.default_rng(108)


def any_float64(count):
    """Random bit patterns, so that every exponent and the subnormals occur."""
    values = rng.integers(0, 2**64, count, dtype=np.uint64).view(np.float64)
    return np.append(
        values[np.isfinite(values)],
        [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0],
    )


def floats_to_text_and_back():
    values = any_float64(1500)
    text = [np.format_float_scientific(v) for v in values]
    assert [float(t) for t in text] == values.tolist(), "the shortest text of a float64 is another number"
    assert [np.format_float_scientific(v).rstrip("0") for v in (0.1, 1e23, 5e-324)] == [
        "1.e-01",
        "1.e+23",
        "5.e-324",
    ], "the shortest text is not shortest"
    back = values.astype("U32").astype(np.float64)
    assert np.array_equal(back.view(np.uint64), values.view(np.uint64)), "float64 through an array of text"
    single = values[np.abs(values) < 1e38].astype(np.float32)
    assert np.array_equal(np.float32([np.format_float_scientific(v) for v in single]), single), "float32"


def integers_to_text_and_back():
    for dtype in ("int64", "uint64", "int8"):
        info = np.iinfo(dtype)
        values = np.append(
            rng.integers(info.min, info.max, 300, dtype=dtype, endpoint=True), np.array([info.min, info.max], dtype)
        )
        text = values.astype("U24")
        assert text.tolist() == [str(v) for v in values.tolist()] and np.array_equal(text.astype(dtype), values), dtype


def text_files():
    values = any_float64(200)[-100:].reshape(-1, 2)
    file = io.StringIO()
    np.savetxt(file, values, fmt="%.17g", header="two columns")
    file.seek(0)
    assert np.array_equal(np.loadtxt(file).view(np.uint64), values.view(np.uint64)), "savetxt and loadtxt"
    table = np.genfromtxt(io.StringIO("a,b\n1,2.5\n,x\n7,-1e3\n"), delimiter=",", names=True)
    assert np.isnan(table["a"][1]) and table["b"][2] == -1000, "genfromtxt with missing values"


def string_functions():
    words = np.array(["Hart", "vlen", "", "Ünïcode"])
    assert np.char.upper(words).tolist() == ["HART", "VLEN", "", "ÜNÏCODE"], "upper"
    assert np.char.add(words, "!").tolist() == [w + "!" for w in words.tolist()] and np.char.str_len(
        words
    ).tolist() == [4, 4, 0, 7]
    assert np.char.find(words, "n").tolist() == [w.find("n") for w in words.tolist()], "find"
    assert np.char.replace(words, "e", "33").tolist() == [w.replace("e", "33") for w in words.tolist()], "replace"
    assert np.char.zfill(np.array(["7", "-7"]), 3).tolist() == ["007", "-07"], "zfill"
    assert np.sort(words).tolist() == sorted(words.tolist()) and (words == "vlen").tolist() == [
        False,
        True,
        False,
        False,
    ]
    assert np.char.encode(words, "utf-8").dtype == "S9" and np.array([b"ab\x00", b"c"]).tolist() == [
        b"ab",
        b"c",
    ], "bytes"


def variable_width_strings():
    if not hasattr(np.dtypes if hasattr(np, "dtypes") else np, "StringDType"):
        raise Skip("this NumPy has no StringDType")
    text = np.array(["x", "a text of some length " * 5, ""], dtype=np.dtypes.StringDType())
    assert np.strings.add(text, text).tolist() == [t * 2 for t in text.tolist()] and np.strings.str_len(
        text
    ).tolist() == [1, 110, 0]
    assert np.sort(text).tolist() == sorted(text.tolist()), "sorting"


def printing():
    assert repr(np.array([1.5, -2.0])) == "array([ 1.5, -2. ])" and str(np.float32(0.1)) == "0.1", "repr"
    assert np.array2string(np.array([1e-9, 123456.789]), precision=3) == "[1.000e-09 1.235e+05]", "array2string"


run_checks(
    "text",
    [
        ("floats", floats_to_text_and_back),
        ("integers", integers_to_text_and_back),
        ("text files", text_files),
        ("string functions", string_functions),
        ("variable width", variable_width_strings),
        ("printing", printing),
    ],
)
