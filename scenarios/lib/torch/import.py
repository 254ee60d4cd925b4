"""Imports PyTorch once for all later steps and says how long that took in the guest."""
import time

started = time.perf_counter()
import torch

print("torch", torch.__version__)
print(f"import seconds {time.perf_counter() - started:.2f}")
