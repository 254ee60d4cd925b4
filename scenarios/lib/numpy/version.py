"""Imports NumPy and says how long that took in the guest."""
import time

started = time.perf_counter()
import numpy as np

print("numpy", np.__version__)
print(f"import seconds {time.perf_counter() - started:.2f}")
