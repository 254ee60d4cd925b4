"""bfloat16 and float16: every bit pattern, rounding to nearest even, overflow, and matmul error bounds."""
import numpy as np
import torch


def require_same_bits(what, got, want):
    wrong = np.count_nonzero(got != want)
    assert wrong == 0, f"{what}: {wrong} of {want.size} bit patterns are wrong"


def bits(tensor):
    width = {2: torch.int16, 4: torch.int32}[tensor.element_size()]
    return tensor.contiguous().view(width).numpy().view({2: np.uint16, 4: np.uint32}[tensor.element_size()])


# Widening is exact; NaNs are compared as NaNs since their payload is free.
every = np.arange(65536, dtype=np.uint32).astype(np.uint16)
for dtype, want in ((torch.float16, every.view(np.float16).astype(np.float32)),
                    (torch.bfloat16, (every.astype(np.uint32) << 16).view(np.float32))):
    wide = torch.from_numpy(every.view(np.int16)).view(dtype).to(torch.float32).numpy()
    assert np.array_equal(np.isnan(wide), np.isnan(want)), f"{dtype}: NaN patterns differ"
    numbers = ~np.isnan(want)
    require_same_bits(f"{dtype} to float32", wide[numbers].view(np.uint32), want[numbers].view(np.uint32))
print("all 65536 patterns of bfloat16 and float16 widen exactly")

# Narrowing: random float32 patterns against integer rounding, and the cases where rounding is decided.
pattern = np.random.default_rng(5).integers(0, 2**32, 20000, dtype=np.uint32)
pattern = pattern[~np.isnan(pattern.view(np.float32))]
nearest_even = ((pattern.astype(np.uint64) + 0x7FFF + ((pattern >> 16) & 1)) >> 16).astype(np.uint16)
source = torch.from_numpy(pattern.view(np.float32).copy())
require_same_bits("float32 to bfloat16", bits(source.to(torch.bfloat16)), nearest_even)
with np.errstate(over="ignore"):
    narrowed = pattern.view(np.float32).astype(np.float16)
require_same_bits("float32 to float16", bits(source.to(torch.float16)), narrowed.view(np.uint16))

known = {
    torch.bfloat16: {1 + 2**-8: 0x3F80, 1 + 3 * 2**-8: 0x3F82, 1 + 2**-7: 0x3F81, -3.5: 0xC060, 3.4e38: 0x7F80},
    torch.float16: {2049.0: 0x6800, 2051.0: 0x6802, 65504.0: 0x7BFF, 65519.0: 0x7BFF, 65520.0: 0x7C00,
                    2.0**-24: 0x0001, 2.0**-25: 0x0000, 1.5 * 2.0**-25: 0x0001, -0.0: 0x8000},
}
for dtype, table in known.items():
    for number, want in table.items():
        got = int(bits(torch.tensor([number], dtype=torch.float32).to(dtype))[0])
        assert got == want, f"{number!r} to {dtype}: bits {got:#06x}, expected {want:#06x}"
print(f"{pattern.size} random and {sum(map(len, known.values()))} known values round to nearest even")

# One rounding of the result and float32 sums: |error| <= u |C| + n 2^-23 |A||B|, u = 2^-8 and 2^-11.
n = 48
for dtype, unit in ((torch.bfloat16, 2.0**-8), (torch.float16, 2.0**-11)):
    torch.manual_seed(1)
    a, b = torch.randn(n, n).to(dtype), torch.randn(n, n).to(dtype)
    exact = a.double() @ b.double()
    allowed = unit * exact.abs() + n * 2.0**-23 * (a.double().abs() @ b.double().abs())
    share = ((a @ b).double() - exact).abs().div(allowed).max().item()
    assert share <= 1, f"{dtype} matmul: error is {share:.2f} times the bound"
    ones = torch.ones(4, n, dtype=dtype) @ torch.ones(n, 4, dtype=dtype)
    assert (ones == n).all(), f"{dtype} matmul of ones gives {ones[0, 0].item()}, expected {n}"
    print(f"{str(dtype)[6:]} matmul {n}x{n}: worst error {share:.2f} of the bound")
