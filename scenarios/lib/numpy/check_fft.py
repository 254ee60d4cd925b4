"""Fourier transforms against their definition, for lengths that take every path: small factors, primes, Bluestein.

An FFT of length n errs by at most a few log2(n) u in the norm; 4 (1 + log2 n) u is allowed, and 8 times that
where Bluestein's algorithm takes a large prime through three transforms of about four times the length.
Needs numpy/checks.py.
"""
import math

import numpy as np

rng = np.random.default_rng(106)
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 25, 30, 31, 49, 64, 97, 100, 121, 127, 128, 210, 251)
LARGE_PRIMES = {97, 127, 251}


def allowed(n, u=2.0**-53):
    return 4 * (1 + math.log2(n)) * u * (8 if n in LARGE_PRIMES else 1)


def dft(x):
    """The definition, in long double; angles are reduced exactly."""
    n = len(x)
    angle = -2 * np.arccos(np.longdouble(-1)) * np.arange(n) / n
    roots = np.cos(angle) + 1j * np.sin(angle)
    return roots[np.outer(np.arange(n), np.arange(n)) % n] @ x.astype(np.clongdouble)


def share_of(got, want, n, **kind):
    error = np.abs(got - want)
    return float(np.sqrt((error**2).sum() / (np.abs(want) ** 2).sum())) / allowed(n, **kind)


def signal(n):
    return rng.standard_normal(n) + 1j * rng.standard_normal(n)


def definition():
    shares = {}
    for n in LENGTHS:
        x = signal(n)
        shares[n] = share_of(np.fft.fft(x), dft(x), n)
        assert shares[n] <= 1, f"length {n}: error is {shares[n]:.3g} times what is allowed"
    return f"at most {max(shares.values()):.2g} of what is allowed"


def inverse():
    for n in LENGTHS:
        x = signal(n)
        share = share_of(np.fft.ifft(np.fft.fft(x)), x, n) / 2
        assert share <= 1, f"length {n}: error is {share:.3g} times what is allowed"


def of_real_input():
    for n in LENGTHS:
        x = rng.standard_normal(n)
        half = dft(x)[: n // 2 + 1]
        share = share_of(np.fft.rfft(x), half, n) / 2
        assert share <= 1, f"rfft of length {n}: error is {share:.3g} times what is allowed"
        back = share_of(np.fft.irfft(np.fft.rfft(x), n), x, n) / 2
        assert back <= 1, f"irfft of length {n}: error is {back:.3g} times what is allowed"


def two_dimensions():
    x = signal(12 * 15).reshape(12, 15)
    rows = np.array([dft(row) for row in x])
    want = np.array([dft(column) for column in rows.T]).T
    share = share_of(np.fft.fft2(x), want, 180)
    assert share <= 1, f"error is {share:.3g} times what is allowed"
    assert np.array_equal(np.fft.ifftshift(np.fft.fftshift(x)), x), "fftshift and back"


def single_precision():
    x = signal(128).astype(np.complex64)
    got = np.fft.fft(x)
    if got.dtype != np.complex64:
        raise Skip(f"this NumPy transforms complex64 as {got.dtype}")
    share = share_of(got, dft(x), 128, u=2.0**-24)
    assert share <= 1, f"error is {share:.3g} times what is allowed"


def impulse_and_constant():
    assert (np.fft.fft([1.0] + [0] * 15) == 1).all(), "the transform of an impulse is 1 everywhere"
    assert np.array_equal(np.fft.fft(np.ones(16)), [16] + [0] * 15), "the transform of a constant is an impulse"
    assert np.fft.fftfreq(5, 0.1).tolist() == [0, 2, 4, -4, -2] and np.fft.rfftfreq(4).tolist() == [0, 0.25, 0.5]


def energy():
    x = signal(1000)
    ratio = (np.abs(np.fft.fft(x, norm="ortho")) ** 2).sum() / (np.abs(x) ** 2).sum()
    assert abs(ratio - 1) <= 2 * allowed(1000), f"Parseval: the energy changes by {ratio - 1:.2g}"


def convolution():
    a, b = rng.integers(-50, 51, 100), rng.integers(-50, 51, 60)
    got = np.fft.irfft(np.fft.rfft(a, 256) * np.fft.rfft(b, 256), 256)[:159]
    assert np.array_equal(np.rint(got), np.convolve(a, b)), "convolution of integers through rfft"


run_checks(
    "fft",
    [
        ("definition", definition),
        ("inverse", inverse),
        ("real input", of_real_input),
        ("two dimensions", two_dimensions),
        ("single precision", single_precision),
        ("impulse and constant", impulse_and_constant),
        ("energy", energy),
        ("convolution", convolution),
    ],
)
