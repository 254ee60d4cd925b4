"""Which interpreter this is, and that it computes: big integers and exact fractions."""
import fractions
import platform
import sys

print("python", platform.python_version(), platform.python_implementation(), platform.machine())

# 2^521 - 1 is prime and must pass Fermat's test, 2^523 - 1 is composite and must not.
for exponent, is_prime in ((521, True), (523, False)):
    number = 2**exponent - 1
    passes = pow(3, number - 1, number) == 1
    assert passes == is_prime, f"Fermat's test of 2^{exponent}-1 says prime={passes}, it is {is_prime}"

harmonic = sum(fractions.Fraction(1, k) for k in range(1, 21))
assert harmonic == fractions.Fraction(55835135, 15519504), f"H(20) = {harmonic}"
print("big integers and fractions are exact, recursion limit", sys.getrecursionlimit())
