"""Random streams: known values, the generators' own definitions in Python's integers, published test vectors.

Needs numpy/checks.py and numpy/ulps.py.
"""
import pickle

import numpy as np

MASK = 2**64 - 1


def pcg64_by_definition():
    # PCG XSL-RR 128/64: a linear congruential step, then the halves xored and rotated by the top six bits.
    generator = np.random.PCG64(2024)
    start = generator.state["state"]
    state, increment, drawn = start["state"], start["inc"], []
    for _ in range(2000):
        state = (state * 0x2360ED051FC65DA44385DF649FCCF645 + increment) % 2**128
        mixed, turn = (state >> 64 ^ state) & MASK, state >> 122
        drawn.append((mixed >> turn | mixed << (64 - turn)) & MASK)
    assert generator.random_raw(2000).tolist() == drawn, "the stream is not PCG XSL-RR 128/64"


def known_streams():
    known = {
        "PCG64": [0xC621FBCD16D92688, 0x705A5661A791FFC1],
        "PCG64DXSM": [0xAB1C50338E63481D, 0x01BDF91D548D1872],
        "Philox": [0x16092F00ECDAB98A, 0x243D19CC24021070],
        "SFC64": [0x87A9E37F3ED2C19D, 0x60D4EDB76D651052],
    }
    for name, want in known.items():
        got = getattr(np.random, name)(42).random_raw(2).tolist()
        assert got == want, f"{name}(42) gives {[hex(v) for v in got]}"
    assert np.random.SeedSequence(42).generate_state(4).tolist() == [
        3444837047,
        2669555309,
        2046530742,
        3581440988,
    ], "SeedSequence(42)"
    second = np.random.SeedSequence(42).spawn(2)[1]
    assert second.generate_state(2).tolist() == [4091952314, 31242083], "a child of SeedSequence(42)"


def philox_test_vector():
    # Random123's known answers for philox4x64-10; NumPy counts up before it draws.
    got = np.random.Philox(key=0, counter=2**256 - 1).random_raw(4).tolist()
    want = [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]
    assert got == want, f"counter 0, key 0 gives {[hex(v) for v in got]}"


def mersenne_twister():
    # The C++ standard: the 10000th number from the default seed 5489.
    got = int(np.random.RandomState(5489).randint(0, 2**32, 10000, dtype=np.uint32)[-1])
    assert got == 4123659995, f"the 10000th number is {got}, the C++ standard says 4123659995"


def uniform_doubles():
    # The upper 53 bits of each word, so exactly known.
    words = np.random.PCG64(7).random_raw(1000)
    assert np.array_equal(np.random.default_rng(7).random(1000), (words >> np.uint64(11)) * 2.0**-53), "float64"
    assert np.random.default_rng(12345).random(3).tolist() == [
        0.22733602246716966,
        0.31675833970975287,
        0.7973654573327341,
    ]
    lower_then_upper = np.stack([words & np.uint64(2**32 - 1), words >> np.uint64(32)], 1).ravel()
    singles = np.random.default_rng(7).random(1000, dtype=np.float32)
    assert np.array_equal(singles, (lower_then_upper[:1000] >> np.uint64(8)) * 2.0**-24), "float32"


def bounded_integers():
    assert (
        np.random.default_rng(12345).integers(0, 2**64, 4, dtype=np.uint64).tolist()
        == np.random.PCG64(12345).random_raw(4).tolist()
    ), "the full range is the raw stream"
    drawn = np.random.default_rng(1).integers(-5, 6, 11000)
    counts = np.bincount(drawn + 5, minlength=11)
    # Chi squared with 10 degrees of freedom is above 50 once in 4 million; the seed is fixed besides.
    chi = ((counts - 1000.0) ** 2 / 1000).sum()
    assert drawn.min() == -5 and drawn.max() == 5 and chi < 50, f"11000 draws of -5 to 5: chi squared {chi:.1f}"


def frozen_distributions():
    # RandomState's streams are frozen for ever; what goes through log and sqrt may differ by rounding.
    state = np.random.RandomState(1234)
    assert state.rand(3).tolist() == [0.1915194503788923, 0.6221087710398319, 0.4377277390071145], "rand"
    normal = require_ulps(
        "randn", state.randn(3), np.longdouble([0.6625090374532122, 0.6752463432304818, -0.9402982668745976]), 4
    )
    assert state.randint(0, 100, 5).tolist() == [43, 30, 26, 58, 92], "randint"
    require_ulps("exponential", state.exponential(size=2), np.longdouble([1.150314935793702, 1.24723536830511]), 4)
    require_ulps("gamma", state.gamma(2.5, size=2), np.longdouble([1.0416058666675252, 2.3884566151554325]), 16)
    assert state.poisson(4, 5).tolist() == [4, 6, 6, 4, 3], "poisson"
    assert state.permutation(6).tolist() == [3, 0, 4, 5, 2, 1], "permutation"
    assert state.choice(50, 4, replace=False).tolist() == [42, 6, 11, 30], "choice"
    return f"randn {normal:.0f} ulp"


def moments():
    generator, n = np.random.default_rng(99), 20000
    # Six standard deviations of each mean and variance.
    for name, draw, mean, variance, fourth in (
        ("normal", generator.standard_normal, 0, 1, 3),
        ("exponential", generator.standard_exponential, 1, 1, 9),
        ("uniform", generator.random, 0.5, 1 / 12, 1 / 80),
    ):
        x = draw(n)
        assert abs(x.mean() - mean) <= 6 * (variance / n) ** 0.5, f"mean of {name} is {x.mean():.4f}"
        assert (
            abs(x.var() - variance) <= 6 * ((fourth - variance**2) / n) ** 0.5
        ), f"variance of {name} is {x.var():.4f}"


def state_and_jumps():
    generator = np.random.default_rng(3)
    generator.standard_normal(17)
    copy = pickle.loads(pickle.dumps(generator))
    assert np.array_equal(generator.random(50), copy.random(50)), "a pickled generator goes on differently"
    ahead = np.random.PCG64(5)
    ahead.advance(1000)
    walked = np.random.PCG64(5)
    walked.random_raw(1000)
    assert ahead.random_raw() == walked.random_raw(), "advance(1000) is not 1000 draws"
    shuffled = np.random.default_rng(8).permutation(1000)
    assert np.array_equal(np.sort(shuffled), np.arange(1000)) and (shuffled[:20] != np.arange(20)).any(), "permutation"


run_checks(
    "random",
    [
        ("PCG64 by definition", pcg64_by_definition),
        ("known streams", known_streams),
        ("Philox test vector", philox_test_vector),
        ("Mersenne Twister", mersenne_twister),
        ("uniform doubles", uniform_doubles),
        ("bounded integers", bounded_integers),
        ("frozen distributions", frozen_distributions),
        ("moments", moments),
        ("state and jumps", state_and_jumps),
    ],
)
