"""Which BLAS NumPy calls, asked of the loaded libraries and not of build-time configuration.

The dynamic linker says which file the gemm of an extension module resolves to; OpenBLAS itself says
which kernels it picked for this CPU. Leaves blas_of(), numpy_blas and openblas for later steps.
"""
import ctypes
import os

import numpy as np
import numpy._core._multiarray_umath as numpy_extension


class SymbolOrigin(ctypes.Structure):
    """Dl_info of dladdr(3)."""

    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p),
                ("symbol", ctypes.c_char_p), ("address", ctypes.c_void_p)]


def blas_of(extension_path, symbol):
    """The real path of the library in which the extension's BLAS symbol lives."""
    address = ctypes.cast(getattr(ctypes.CDLL(extension_path), symbol), ctypes.c_void_p)
    origin = SymbolOrigin()
    assert ctypes.CDLL(None).dladdr(address, ctypes.byref(origin)), f"dladdr knows nothing of {symbol}"
    return os.path.realpath(os.fsdecode(origin.file))


def mapped_libraries():
    """Files mapped into this process, as /proc/self/maps has them now."""
    with open("/proc/self/maps") as maps:
        return {os.path.realpath(line.split()[5]) for line in maps if len(line.split()) == 6 and "/" in line}


def text_of(function):
    function.restype = ctypes.c_char_p
    return function().decode()


# A first product, so that whatever is loaded on demand is loaded.
product = np.full((64, 64), 2.0) @ np.full((64, 64), 0.5)
assert (product == 64).all(), "the product of two constant matrices is wrong"

numpy_blas = blas_of(numpy_extension.__file__, "cblas_dgemm")
assert numpy_blas in mapped_libraries(), f"{numpy_blas} is not in /proc/self/maps"
print("numpy calls", numpy_blas)

openblas_files = sorted(f for f in mapped_libraries() if os.path.basename(f).startswith("libopenblas"))
assert len(openblas_files) == 1, f"expected one OpenBLAS in this process, found {openblas_files or 'none'}"
# The interface library numpy_blas is linked with OpenBLAS: its handle must lead to the mapped one.
assert blas_of(numpy_blas, "openblas_get_corename") == openblas_files[0], \
    f"{numpy_blas} is not served by {openblas_files[0]}"
openblas = ctypes.CDLL(openblas_files[0])
print("blas_lib", openblas_files[0])
print("blas_core", text_of(openblas.openblas_get_corename))
print("blas_config", text_of(openblas.openblas_get_config))
print("blas_threads", openblas.openblas_get_num_threads())
