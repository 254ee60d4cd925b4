"""Which BLAS PyTorch calls, and that it is the one NumPy calls.

torch.__config__.show() repeats build-time words (on Debian "BLAS_INFO=generic" and a mention of MKL),
so the linker is asked instead. Needs numpy/blas.py.
"""
import torch

product = torch.full((64, 64), 2.0) @ torch.full((64, 64), 0.5)
assert (product == 64).all(), "the product of two constant matrices is wrong"

torch_cpu = [f for f in mapped_libraries() if os.path.basename(f).startswith("libtorch_cpu.so")]
assert len(torch_cpu) == 1, f"expected one libtorch_cpu in this process, found {torch_cpu or 'none'}"
torch_blas = blas_of(torch_cpu[0], "sgemm_")
print("torch calls", torch_blas)
print("numpy calls", numpy_blas)
assert torch_blas == numpy_blas, "torch and NumPy call different BLAS libraries"

# Importing torch must not have brought a second OpenBLAS beside the one NumPy uses.
openblas_files = sorted(f for f in mapped_libraries() if os.path.basename(f).startswith("libopenblas"))
assert len(openblas_files) == 1, f"expected one OpenBLAS in this process, found {openblas_files or 'none'}"
assert blas_of(torch_blas, "openblas_get_corename") == openblas_files[0], \
    f"{torch_blas} is not served by {openblas_files[0]}"
print("both served by", openblas_files[0], text_of(openblas.openblas_get_corename))
