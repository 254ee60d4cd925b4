"""Integer arithmetic against Python's own integers, to the last bit and through every overflow.

Needs numpy/checks.py.
"""
import itertools
import math
import operator

import numpy as np

rng = np.random.default_rng(102)
INTEGERS = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]


def wrap(value, dtype):
    """What a Python integer becomes in this type."""
    info = np.iinfo(dtype)
    return (int(value) - info.min) % 2**info.bits + info.min


def edges_and_random(dtype, count=200):
    info = np.iinfo(dtype)
    edges = [info.min, info.min + 1, info.max, info.max - 1, 0, 1, 2, 3]
    return np.array(
        edges + [int(v) for v in rng.integers(info.min, info.max, count, dtype=dtype, endpoint=True)], dtype
    )


def against_python(name, numpy_operation, python_operation, divisor=False):
    def check():
        for dtype in INTEGERS:
            a, b = edges_and_random(dtype), rng.permutation(edges_and_random(dtype))
            if divisor:
                b[b == 0] = 7
            with np.errstate(over="ignore"):
                got = numpy_operation(a, b)
            want = [wrap(python_operation(int(x), int(y)), dtype) for x, y in zip(a, b)]
            wrong = [k for k in range(len(want)) if got[k] != want[k]]
            assert (
                got.dtype == dtype and not wrong
            ), f"{name} of {dtype}: {a[wrong[0]]} and {b[wrong[0]]} give {got[wrong[0]]}, expected {want[wrong[0]]}"

    return name, check


def shift_left(x, y):
    return x << y % 8


def shift_right(x, y):
    return x >> y % 8


def division_by_zero():
    # C leaves it undefined; NumPy promises 0 and a warning, and so for the one quotient that overflows.
    for dtype in INTEGERS:
        a = edges_and_random(dtype)
        with np.errstate(divide="ignore"):
            assert not (a // np.zeros_like(a)).any() and not (a % np.zeros_like(a)).any(), f"{dtype} by zero is not 0"
    for dtype in INTEGERS[:4]:
        lowest = np.full(9, np.iinfo(dtype).min, dtype)
        with np.errstate(over="ignore"):
            assert (lowest // np.array(-1, dtype) == lowest).all(), f"lowest {dtype} by -1"
            assert not (lowest % np.array(-1, dtype)).any(), f"lowest {dtype} modulo -1"


def divisors_of_all_sizes():
    # Division by one number for all goes through multiplication by its reciprocal.
    for dtype in INTEGERS:
        info, a = np.iinfo(dtype), edges_and_random(dtype)
        for divisor in (1, 2, 3, 5, 7, 10, 64, 100, 127, info.max, info.max - 1, info.max // 2 + 1):
            got = a // np.array(divisor, dtype)
            assert got.tolist() == [int(x) // divisor for x in a], f"{dtype} by {divisor}"


def sums_and_products():
    for dtype in ("int8", "int32", "int64", "uint64"):
        a = rng.permutation(edges_and_random(dtype))
        wide = "uint64" if dtype[0] == "u" else "int64"
        values = [int(x) for x in a]
        assert int(a.sum()) == wrap(sum(values), wide), f"sum of {dtype}"
        assert int(a.sum(dtype=dtype)) == wrap(sum(values), dtype), f"sum of {dtype} in itself"
        odd = a | 1
        assert int(odd.prod()) == wrap(math.prod(int(x) for x in odd), wide), f"product of {dtype}"
        assert a.cumsum().tolist() == [wrap(x, wide) for x in itertools.accumulate(values)], f"cumsum of {dtype}"
        assert np.bitwise_xor.reduce(a) == wrap(_xor(values), dtype), f"xor of {dtype}"
    n = np.arange(10**5, dtype=np.int64)
    assert int((n**3).sum()) == (10**5 * (10**5 - 1) // 2) ** 2 % 2**64, "the sum of the first cubes"


def _xor(values):
    result = 0
    for value in values:
        result ^= value
    return result


def common_divisors():
    for dtype in ("int16", "int64", "uint32"):
        a, b = (rng.integers(1, 2**14, 200).astype(dtype) for _ in range(2))
        assert np.gcd(a, b).tolist() == [math.gcd(int(x), int(y)) for x, y in zip(a, b)], f"gcd of {dtype}"
        assert np.lcm(a.astype("int64"), b.astype("int64")).tolist() == [
            math.lcm(int(x), int(y)) for x, y in zip(a, b)
        ]
    assert np.gcd.reduce(np.int64([2**40 * 3, 2**35 * 9, 2**50])) == 2**35


def matrix_power():
    # Fibonacci numbers, past every overflow.
    previous, current = 0, 1
    for _ in range(299):
        previous, current = current, previous + current
    step = np.array([[1, 1], [1, 0]], np.uint64)
    got = int(np.linalg.matrix_power(step, 300)[0, 1])
    assert got == current % 2**64, f"Fibonacci(300) modulo 2^64 is {got}, expected {current % 2**64}"


def matmul():
    for dtype in INTEGERS:
        info = np.iinfo(dtype)
        a, b = (rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True) for shape in ((7, 13), (13, 5)))
        want = [[wrap(sum(int(a[i, k]) * int(b[k, j]) for k in range(13)), dtype) for j in range(5)] for i in range(7)]
        assert (a @ b).tolist() == want, f"matmul of {dtype}"


def bits():
    a = edges_and_random("uint8")
    assert np.unpackbits(a).reshape(-1, 8).tolist() == [[int(d) for d in f"{int(x):08b}"] for x in a], "unpackbits"
    assert np.array_equal(np.packbits(np.unpackbits(a)), a), "packbits"
    if hasattr(np, "bitwise_count"):
        for dtype in INTEGERS:
            a = edges_and_random(dtype)
            assert np.bitwise_count(a).tolist() == [abs(int(x)).bit_count() for x in a], f"bitwise_count of {dtype}"


def beyond_64_bits():
    factorials = np.multiply.accumulate(np.arange(1, 31).astype(object))
    assert factorials[-1] == math.factorial(30), "factorial(30) with Python's integers as elements"


run_checks(
    "integers",
    [
        against_python("add", np.add, operator.add),
        against_python("subtract", np.subtract, operator.sub),
        against_python("multiply", np.multiply, operator.mul),
        against_python("floor divide", np.floor_divide, operator.floordiv, divisor=True),
        against_python("remainder", np.remainder, operator.mod, divisor=True),
        against_python(
            "fmod", np.fmod, lambda x, y: x - y * (abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)), divisor=True
        ),
        against_python("and", np.bitwise_and, operator.and_),
        against_python("or", np.bitwise_or, operator.or_),
        against_python("xor", np.bitwise_xor, operator.xor),
        against_python("shift left", lambda x, y: x << (y & np.array(7, y.dtype)), shift_left),
        against_python("shift right", lambda x, y: x >> (y & np.array(7, y.dtype)), shift_right),
        against_python("maximum", np.maximum, max),
        against_python("minimum", np.minimum, min),
        against_python("absolute", lambda x, y: np.abs(x), lambda x, y: abs(x)),
        against_python("cube", lambda x, y: x ** np.array(3, x.dtype), lambda x, y: x**3),
        ("division by zero", division_by_zero),
        ("constant divisors", divisors_of_all_sizes),
        ("sums and products", sums_and_products),
        ("gcd and lcm", common_divisors),
        ("matrix power", matrix_power),
        ("matmul", matmul),
        ("bits", bits),
        ("objects", beyond_64_bits),
    ],
)
