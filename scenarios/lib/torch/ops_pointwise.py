"""Functions of one, two and three elements. Needs torch/ops.py."""
each = lambda function: np.vectorize(lambda v: np.longdouble(function(float(v))), otypes=[np.longdouble])


def lgamma(x):
    # Twenty steps up, then Stirling's series, whose first term left out is below 1e-20 there.
    steps = np.log(np.prod([x + k for k in range(20)], axis=0))
    x = x + 20
    series = sum(1 / (c * x ** (2 * k + 1)) for k, c in enumerate((12, -360, 1260, -1680, 1188)))
    return (x - 0.5) * np.log(x) - x + np.log(2 * PI) / 2 + series - steps


def digamma(x):
    # The same way.
    total = -sum(1 / (x + k) for k in range(20))
    x = x + 20
    series = sum(
        c / x ** (2 * k + 2)
        for k, c in enumerate(
            (
                -1 / np.longdouble(12),
                1 / np.longdouble(120),
                -1 / np.longdouble(252),
                1 / np.longdouble(240),
                -1 / np.longdouble(132),
                691 / np.longdouble(32760),
            )
        )
    )
    return total + np.log(x) - 1 / (2 * x) + series


def bessel_i0(x):
    term, total = np.ones_like(x), np.ones_like(x)
    for k in range(1, 60):
        term = term * (x / 2) ** 2 / k**2
        total = total + term
    return total


def sinc(x):
    return np.sin(PI * x) / (PI * x)


PI = np.arccos(np.longdouble(-1))
ANY, POSITIVE, UNIT, SMALL = (-20, 20), (0.01, 50), (-0.99, 0.99), (-3, 3)

# name, torch's, NumPy's, domain; sleef and glibc promise 1 ulp for most, compositions of two or three get 4.
# Where torch rounds to 16 bits after each of two operations, 1.51 ulps are right.
unary = [
    pointwise("abs", torch.abs, np.abs, ANY, ulps=0, half=0),
    pointwise("neg", torch.neg, np.negative, ANY, ulps=0, half=0),
    pointwise("sign", torch.sign, np.sign, ANY, ulps=0, half=0),
    pointwise("square", torch.square, np.square, ANY, ulps=0.501),
    pointwise("sqrt", torch.sqrt, np.sqrt, POSITIVE, ulps=0.501),
    pointwise("rsqrt", torch.rsqrt, lambda x: 1 / np.sqrt(x), POSITIVE, ulps=2, half=1.51),
    pointwise("reciprocal", torch.reciprocal, np.reciprocal, POSITIVE, ulps=0.501),
    pointwise("exp", torch.exp, np.exp, ANY, ulps=2),
    pointwise("exp2", torch.exp2, np.exp2, ANY, ulps=2),
    pointwise("expm1", torch.expm1, np.expm1, SMALL, ulps=2),
    pointwise("log", torch.log, np.log, POSITIVE, ulps=2),
    pointwise("log2", torch.log2, np.log2, POSITIVE, ulps=2),
    pointwise("log10", torch.log10, np.log10, POSITIVE, ulps=2),
    pointwise("log1p", torch.log1p, np.log1p, POSITIVE, ulps=2),
    pointwise("sin", torch.sin, np.sin, ANY, ulps=2),
    pointwise("cos", torch.cos, np.cos, ANY, ulps=2),
    pointwise("tan", torch.tan, np.tan, ANY, ulps=2),
    pointwise("asin", torch.asin, np.arcsin, UNIT, ulps=2),
    pointwise("acos", torch.acos, np.arccos, UNIT, ulps=2),
    pointwise("atan", torch.atan, np.arctan, ANY, ulps=2),
    pointwise("sinh", torch.sinh, np.sinh, SMALL, ulps=3),
    pointwise("cosh", torch.cosh, np.cosh, SMALL, ulps=3),
    pointwise("tanh", torch.tanh, np.tanh, SMALL, ulps=3),
    pointwise("asinh", torch.asinh, np.arcsinh, ANY),
    pointwise("acosh", torch.acosh, np.arccosh, (1.1, 50)),
    pointwise("atanh", torch.atanh, np.arctanh, UNIT),
    pointwise("sigmoid", torch.sigmoid, lambda x: 1 / (1 + np.exp(-x)), ANY),
    # Near 1 the error of p is magnified by 1 / (1 - p).
    pointwise("logit", torch.logit, lambda p: np.log(p / (1 - p)), (0.6, 0.95), ulps=32, half=3),
    pointwise("erf", torch.erf, each(math.erf), SMALL),
    pointwise("erfc", torch.erfc, each(math.erfc), SMALL),
    pointwise("lgamma", torch.lgamma, lgamma, (2.5, 30)),
    pointwise("digamma", torch.digamma, digamma, (2, 30), ulps=8),
    pointwise("i0", torch.special.i0, bessel_i0, (-5, 5), ulps=8),
    pointwise("sinc", torch.sinc, sinc, (-2.9, -2.1), ulps=40),
    pointwise("floor", torch.floor, np.floor, ANY, ulps=0, half=0),
    pointwise("ceil", torch.ceil, np.ceil, ANY, ulps=0, half=0),
    pointwise("trunc", torch.trunc, np.trunc, ANY, ulps=0, half=0),
    pointwise("frac", torch.frac, lambda x: x - np.trunc(x), ANY, ulps=0, half=0),
    pointwise("deg2rad", torch.deg2rad, lambda x: x * PI / 180, (-360, 360), ulps=2),
    pointwise("rad2deg", torch.rad2deg, lambda x: x * 180 / PI, ANY, ulps=2),
    same("round half to even", torch.round, np.round, [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.4999], dtypes=WIDE),
    same(
        "isnan isinf isfinite signbit",
        lambda x: [torch.isnan(x), torch.isinf(x), torch.isfinite(x), torch.signbit(x)],
        lambda x: [np.isnan(x), np.isinf(x), np.isfinite(x), np.signbit(x)],
        [0.0, -0.0, 1, -1, np.inf, -np.inf, np.nan] * 5,
        dtypes=FLOATS,
    ),
    same(
        "nan_to_num",
        lambda x: torch.nan_to_num(x, nan=7, posinf=8, neginf=-9),
        lambda x: np.nan_to_num(x, nan=7, posinf=8, neginf=-9),
        [1, np.nan, np.inf, -np.inf] * 9,
        dtypes=FLOATS,
    ),
    same("bitwise_not", torch.bitwise_not, np.invert, whole(1, 77, 0, 100), dtypes=INTEGERS),
    same("logical_not", torch.logical_not, np.logical_not, whole(2, 77, -1, 1)),
]

both = lambda low, high: ((low, high), (low, high))
binary = [
    pointwise("add", torch.add, np.add, *both(-20, 20), ulps=0.501),
    pointwise("sub", torch.sub, np.subtract, *both(-20, 20), ulps=0.501),
    pointwise("mul", torch.mul, np.multiply, *both(-20, 20), ulps=0.501),
    pointwise("div", torch.div, np.divide, (-20, 20), POSITIVE, ulps=0.501),
    pointwise(
        "add with alpha", lambda x, y: torch.add(x, y, alpha=0.5), lambda x, y: x + y / 2, *both(-20, 20), ulps=0.501
    ),
    pointwise("pow", torch.pow, np.power, (0.1, 8), SMALL, ulps=2),
    pointwise("pow by 3", lambda x: x**3, lambda x: x**3, SMALL, ulps=2, half=1.01),
    pointwise("atan2", torch.atan2, np.arctan2, *both(-9, 9), ulps=2),
    pointwise("hypot", torch.hypot, np.hypot, *both(-9, 9), ulps=2),
    pointwise("fmod", torch.fmod, np.fmod, ANY, (0.5, 4), ulps=0, half=0),
    pointwise("maximum", torch.maximum, np.maximum, *both(-9, 9), ulps=0, half=0),
    pointwise("minimum", torch.minimum, np.minimum, *both(-9, 9), ulps=0, half=0),
    pointwise("copysign", torch.copysign, np.copysign, *both(-9, 9), ulps=0, half=0),
    pointwise("logaddexp", torch.logaddexp, np.logaddexp, *both(1, 9)),
    pointwise("xlogy", torch.xlogy, lambda x, y: x * np.log(y), (1, 9), (2, 9), half=1.51),
    pointwise(
        "lerp", lambda x, y: torch.lerp(x, y, 0.25), lambda x, y: x + (y - x) / 4, (1, 2), (3, 4), ulps=2, half=1.01
    ),
    pointwise(
        "addcmul",
        lambda x, y, z: torch.addcmul(x, y, z, value=0.5),
        lambda x, y, z: x + y * z / 2,
        *[(1, 9)] * 3,
        ulps=2,
        half=1.51,
    ),
    pointwise(
        "addcdiv",
        lambda x, y, z: torch.addcdiv(x, y, z, value=0.5),
        lambda x, y, z: x + y / z / 2,
        *[(1, 9)] * 3,
        ulps=2,
        half=1.51,
    ),
    pointwise(
        "nextafter",
        torch.nextafter,
        lambda x, y: np.nextafter(x.astype(float), y.astype(float)).astype(np.longdouble),
        *both(-9, 9),
        ulps=0,
        dtypes=(torch.float64,),
    ),
    same("ldexp", torch.ldexp, lambda x, y: x * 2.0**y, whole(3, 50), whole(4, 50, -5, 5), dtypes=WIDE),
    same(
        "floor divide",
        lambda x, y: torch.div(x, y, rounding_mode="floor"),
        lambda x, y: x // y,
        whole(5, 99, -100, 100),
        whole(6, 99, 1, 9),
        dtypes=(torch.int8, torch.int32, torch.int64, torch.float32),
    ),
    same(
        "truncating divide",
        lambda x, y: torch.div(x, y, rounding_mode="trunc"),
        lambda x, y: np.trunc(x / y),
        whole(7, 99, -100, 100),
        whole(8, 99, 1, 9),
        dtypes=(torch.int8, torch.int32, torch.int64, torch.float32),
    ),
    same(
        "remainder",
        torch.remainder,
        np.remainder,
        whole(9, 99, -100, 100),
        whole(10, 99, 1, 9),
        dtypes=(torch.int8, torch.int32, torch.int64, torch.float32),
    ),
    same(
        "fmax fmin",
        lambda x, y: [torch.fmax(x, y), torch.fmin(x, y)],
        lambda x, y: [np.fmax(x, y), np.fmin(x, y)],
        [1, np.nan, 3, np.nan] * 9,
        [np.nan, 2, 1, np.nan] * 9,
        dtypes=FLOATS,
    ),
    same(
        "maximum keeps NaN",
        torch.maximum,
        np.maximum,
        [1, np.nan, 3, np.nan] * 9,
        [np.nan, 2, 1, np.nan] * 9,
        dtypes=FLOATS,
    ),
    same(
        "comparisons",
        lambda x, y: [x == y, x != y, x < y, x <= y, x > y, x >= y],
        lambda x, y: [x == y, x != y, x < y, x <= y, x > y, x >= y],
        whole(11, 131, 0, 3),
        whole(12, 131, 0, 3),
        dtypes=INTEGERS + FLOATS,
    ),
    same(
        "comparisons with NaN",
        lambda x, y: [x == y, x != y, x < y, x >= y],
        lambda x, y: [x == y, x != y, x < y, x >= y],
        [1, np.nan, np.nan] * 12,
        [np.nan, 1, np.nan] * 12,
        dtypes=FLOATS,
    ),
    same(
        "logical and or xor",
        lambda x, y: [torch.logical_and(x, y), torch.logical_or(x, y), torch.logical_xor(x, y)],
        lambda x, y: [np.logical_and(x, y), np.logical_or(x, y), np.logical_xor(x, y)],
        whole(13, 77, 0, 1),
        whole(14, 77, 0, 1),
    ),
    same(
        "bitwise and or xor",
        lambda x, y: [x & y, x | y, x ^ y],
        lambda x, y: [x & y, x | y, x ^ y],
        whole(15, 77, 0, 127),
        whole(16, 77, 0, 127),
        dtypes=INTEGERS,
    ),
    same(
        "shifts",
        lambda x, y: [x << y, x >> y],
        lambda x, y: [x << y, x >> y],
        whole(17, 77, -99, 99),
        whole(18, 77, 0, 6),
        dtypes=(torch.int16, torch.int32, torch.int64),
    ),
    same(
        "gcd lcm",
        lambda x, y: [torch.gcd(x, y), torch.lcm(x, y)],
        lambda x, y: [np.gcd(x, y), np.lcm(x, y)],
        whole(19, 77, 1, 99),
        whole(20, 77, 1, 99),
        dtypes=(torch.int32, torch.int64),
    ),
    same(
        "where",
        lambda x, y: torch.where(x > y, x, y * 2),
        lambda x, y: np.where(x > y, x, y * 2),
        whole(21, 131),
        whole(22, 131),
    ),
    same(
        "clamp",
        lambda x: [x.clamp(-3, 5), x.clamp(min=2), x.clamp(max=-1)],
        lambda x: [np.clip(x, -3, 5), np.maximum(x, 2), np.minimum(x, -1)],
        whole(23, 131),
    ),
    same("heaviside", torch.heaviside, np.heaviside, whole(24, 77, -1, 1), whole(25, 77, 0, 5), dtypes=WIDE),
]

plane = (0.3, 2)
of_complex = [
    pointwise(f"complex {name}", function, reference, *[plane] * count, dtypes=COMPLEX)
    for name, function, reference, count in (
        ("mul", torch.mul, np.multiply, 2),
        ("div", torch.div, np.divide, 2),
        ("exp", torch.exp, np.exp, 1),
        ("sqrt", torch.sqrt, np.sqrt, 1),
        ("sin", torch.sin, np.sin, 1),
        ("tanh", torch.tanh, np.tanh, 1),
    )
] + [
    # log(z) of |z| near 1 loses its real part; here |z| is above 1.4.
    pointwise("complex log", torch.log, np.log, (1, 3), dtypes=COMPLEX)
]

run_checks("unary", unary)
run_checks("binary", binary)
run_checks("complex", of_complex)
