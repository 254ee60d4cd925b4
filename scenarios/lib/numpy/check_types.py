"""Sizes, casts and the odd types: float16 by its definition, binary128, complex, dates, byte order.

Needs numpy/checks.py.
"""
import fractions
import platform

import numpy as np

rng = np.random.default_rng(101)


def sizes():
    want = {
        "bool": 1,
        "int8": 1,
        "int16": 2,
        "int32": 4,
        "int64": 8,
        "uint8": 1,
        "uint16": 2,
        "uint32": 4,
        "uint64": 8,
        "float16": 2,
        "float32": 4,
        "float64": 8,
        "complex64": 8,
        "complex128": 16,
        "intp": 8,
        "longlong": 8,
    }
    got = {name: np.dtype(name).itemsize for name in want}
    assert got == want, f"item sizes are {got}"
    assert np.dtype("i8").byteorder == "=" and np.dtype("<i8").isnative, "this is no little-endian machine"


def promotion():
    table = {
        ("int8", "uint8"): "int16",
        ("int32", "float32"): "float64",
        ("int64", "uint64"): "float64",
        ("float16", "int8"): "float16",
        ("float32", "complex64"): "complex64",
        ("float64", "complex64"): "complex128",
        ("bool", "int8"): "int8",
        ("uint32", "int32"): "int64",
    }
    for (left, right), want in table.items():
        got = np.result_type(left, right).name
        assert got == want, f"{left} with {right} is {got}, expected {want}"


def integer_casts_wrap():
    values = rng.integers(-(2**63), 2**63, 500)
    for bits in (8, 16, 32, 64):
        for kind, low in (("int", -(2 ** (bits - 1))), ("uint", 0)):
            want = [(int(v) - low) % 2**bits + low for v in values]
            assert values.astype(f"{kind}{bits}").tolist() == want, f"int64 to {kind}{bits} is wrong"


def float_to_integer_truncates():
    values = rng.uniform(-1e6, 1e6, 500)
    for source in ("float32", "float64"):
        for target in ("int32", "int64"):
            assert values.astype(source).astype(target).tolist() == [
                int(v) for v in values.astype(source)
            ], f"{source} to {target} is wrong"
    assert np.float64([-1.5, 1.5, 2.0**40, -(2.0**62)]).astype(np.int64).tolist() == [-1, 1, 2**40, -(2**62)]


def large_integers_to_float_round_to_even():
    cases = [
        2**53 + 1,
        2**53 + 3,
        2**63 - 1,
        2**62 + 2**9,
        2**62 + 2**9 + 1,
        -(2**53 + 1),
        2**24 + 1,
        2**24 + 3,
    ]
    for dtype, bits in (("float64", 53), ("float32", 24)):
        for value in cases:
            drop = max(0, abs(value).bit_length() - bits)
            kept, rest, half = abs(value) >> drop, abs(value) & ((1 << drop) - 1), (1 << drop) >> 1
            kept += rest > half or (drop > 0 and rest == half and kept & 1)
            want = (kept << drop) * (1 if value > 0 else -1)
            got = int(np.int64(value).astype(dtype))
            assert got == want, f"{value} as {dtype} is {got}, expected {want}"


def float64_to_float32_rounds_to_even():
    # Of the 52 bits of the fraction 29 go; the exponents are those of normal float32 numbers.
    fraction = rng.integers(0, 2**52, 4000, dtype=np.uint64)
    fraction[::4] = fraction[::4] >> np.uint64(29) << np.uint64(29) | np.uint64(2**28)  # half-way
    exponent = rng.integers(1023 - 126, 1023 + 127, 4000, dtype=np.uint64)
    pattern = exponent << np.uint64(52) | fraction
    odd = pattern >> np.uint64(29) & np.uint64(1)
    want = (pattern + np.uint64(2**28 - 1) + odd) >> np.uint64(29) << np.uint64(29)
    got = pattern.view(np.float64).astype(np.float32).astype(np.float64).view(np.uint64)
    wrong = np.count_nonzero(got != want)
    assert wrong == 0, f"{wrong} of 4000 values are rounded wrongly"


every_half = np.arange(0x7C00, dtype=np.uint16)  # all that are finite and not negative
# By definition: 5 bits of exponent, 10 of fraction, subnormals below 2**-14.
half_value = np.where(
    every_half < 1024, every_half * 2.0**-24, (1024 + every_half % 1024) * 2.0 ** (every_half // 1024 - 25.0)
)


def nearest_half(values):
    """The patterns of the float16 numbers nearest to float64 values that are not negative, ties to even."""
    border = np.append((half_value[1:] + half_value[:-1]) / 2, 65520.0)  # exact in float64
    above = np.searchsorted(border, values, side="left")
    tie = border[np.minimum(above, border.size - 1)] == values
    return np.where(tie, above + (above & 1), above).astype(np.uint16)


def float16_every_pattern():
    got = every_half.view(np.float16).astype(np.float64)
    assert np.array_equal(got, half_value), f"{np.count_nonzero(got != half_value)} patterns widen wrongly"
    assert np.array_equal(half_value.astype(np.float16).view(np.uint16), every_half), "narrowing does not undo it"
    special = np.array([0x7C00, 0xFC00, 0x8000], np.uint16).view(np.float16)
    assert special[0] == np.inf and special[1] == -np.inf and np.signbit(special[2]) and special[2] == 0
    assert np.isnan(np.array([0x7C01, 0x7E00, 0xFFFF], np.uint16).view(np.float16)).all(), "NaN patterns"


def float16_rounding():
    between = (half_value[1:] + half_value[:-1]) / 2
    values = np.concatenate(
        [
            between,
            np.nextafter(between, 0),
            np.nextafter(between, 1e9),
            rng.uniform(0, 65519, 4000),
            [65504, 65519.99, 65520, 1e6, 2.0**-25, 2.0**-26],
        ]
    )
    with np.errstate(over="ignore", under="ignore"):
        got = values.astype(np.float16).view(np.uint16)
        single = values.astype(np.float32)
        got_single = single.astype(np.float16).view(np.uint16)
    for what, result, want in (
        ("float64", got, nearest_half(values)),
        ("float32", got_single, nearest_half(single.astype(np.float64))),
    ):
        wrong = np.flatnonzero(result != want)
        assert (
            wrong.size == 0
        ), f"{what} {values[wrong[0]]!r} becomes {result[wrong[0]]:#x}, expected {want[wrong[0]]:#x}"


def float16_arithmetic():
    # Both exact results fit float64, so rounding them once is the definition.
    a, b = (rng.choice(half_value[1024:0x5000], 3000) for _ in range(2))
    with np.errstate(over="ignore", under="ignore"):
        for name, operation in (("add", np.add), ("multiply", np.multiply)):
            got = operation(a.astype(np.float16), b.astype(np.float16)).view(np.uint16)
            want = nearest_half(operation(a, b))
            assert np.array_equal(got, want), f"{name}: {np.count_nonzero(got != want)} of 3000 are wrong"


def longdouble_is_binary128():
    if platform.machine() != "riscv64":
        raise Skip(f"long double of {platform.machine()} is another type")
    info = np.finfo(np.longdouble)
    assert (info.nmant, np.dtype(np.longdouble).itemsize) == (112, 16), f"{info.nmant} bits of fraction"
    one = np.longdouble(1)
    assert one + np.ldexp(one, -112) > one, "2^-112 is lost beside 1"
    assert one + np.ldexp(one, -113) == one, "a tie beside 1 is not rounded to even"
    third = fractions.Fraction(*(one / 3).as_integer_ratio())
    assert abs(third - fractions.Fraction(1, 3)) <= fractions.Fraction(1, 3 * 2**113), "1/3 is not nearest"
    root = fractions.Fraction(*np.sqrt(np.longdouble(2)).as_integer_ratio())
    step = fractions.Fraction(1, 2**113)
    assert (root - step) ** 2 < 2 < (root + step) ** 2, "sqrt(2) is not nearest"
    digits = np.format_float_positional(4 * np.arctan(one), precision=33, unique=False, trim="k")
    assert digits == "3.141592653589793238462643383279503", f"4 arctan(1) is {digits}"
    return "112 bits of fraction, pi to 33 decimals"


def complex_arithmetic():
    a, b = (rng.integers(-999, 1000, 300) + 1j * rng.integers(-999, 1000, 300) for _ in range(2))
    for dtype in (np.complex64, np.complex128):
        x, y = a.astype(dtype), b.astype(dtype)
        assert np.array_equal((x * y).real, a.real * b.real - a.imag * b.imag), f"{dtype.__name__} product"
        assert np.array_equal((x * y).imag, a.real * b.imag + a.imag * b.real), f"{dtype.__name__} product"
        assert np.array_equal((x * x.conj()).real, a.real**2 + a.imag**2) and not (x * x.conj()).imag.any()
    assert abs(np.complex128(3 + 4j)) == 5 and np.abs(np.complex128(3e300 + 4e300j)) == 5e300, "abs"
    assert np.sqrt(np.complex128(-4)) == 2j and np.sqrt(np.complex128(complex(-4, -0.0))) == -2j, "branch cut of sqrt"


def byte_order():
    values = np.array([1, -2, 0x0102030405060708], np.int64)
    swapped = values.astype(">i8")
    assert swapped.tobytes()[16:] == bytes([1, 2, 3, 4, 5, 6, 7, 8]), "big-endian bytes"
    assert np.array_equal(swapped, values) and np.array_equal(values.byteswap().view(">i8"), values)
    assert np.array_equal(swapped * 3, values * 3), "arithmetic on big-endian integers"
    assert np.array([1.5], ">f8").tobytes() == bytes([0x3F, 0xF8, 0, 0, 0, 0, 0, 0]), "big-endian float64"


def structured():
    record = np.dtype([("id", "u1"), ("weight", "<f8"), ("name", "S3")])
    rows = np.array([(7, 0.5, b"abc"), (3, -1.0, b"z"), (5, 2.5, b"")], record)
    assert record.itemsize == 12 and rows["weight"].sum() == 2.0, "packed record"
    assert np.sort(rows, order="id")["name"].tolist() == [b"z", b"", b"abc"], "sorting by a field"
    assert rows.tobytes()[:12] == b"\x07" + bytes([0, 0, 0, 0, 0, 0, 0xE0, 0x3F]) + b"abc", "bytes of a record"
    aligned = np.dtype([("id", "u1"), ("weight", "f8")], align=True)
    assert aligned.itemsize == 16 and aligned.fields["weight"][1] == 8, "alignment of float64"


def dates():
    day = np.arange("2000-02-27", "2000-03-02", dtype="datetime64[D]").astype(str).tolist()
    assert day == ["2000-02-27", "2000-02-28", "2000-02-29", "2000-03-01"], f"leap day: {day}"
    assert np.datetime64("1970-01-01T00:00:00", "s").astype(np.int64) == 0
    assert np.datetime64("2038-01-19T03:14:08", "s").astype(np.int64) == 2**31, "seconds past 2038"
    assert np.datetime64("2100-03-01") - np.datetime64("2100-02-28") == np.timedelta64(1, "D"), "2100 is no leap year"
    assert np.isnat(np.datetime64("NaT")) and np.busday_count("2024-01-01", "2024-02-01") == 23


run_checks(
    "types",
    [
        ("sizes", sizes),
        ("promotion", promotion),
        ("integer casts wrap", integer_casts_wrap),
        ("float to integer truncates", float_to_integer_truncates),
        ("integer to float rounds to even", large_integers_to_float_round_to_even),
        ("float64 to float32 rounds to even", float64_to_float32_rounds_to_even),
        ("float16 patterns", float16_every_pattern),
        ("float16 rounding", float16_rounding),
        ("float16 arithmetic", float16_arithmetic),
        ("longdouble", longdouble_is_binary128),
        ("complex", complex_arithmetic),
        ("byte order", byte_order),
        ("records", structured),
        ("dates", dates),
    ],
)
