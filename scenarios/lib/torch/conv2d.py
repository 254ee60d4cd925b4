"""conv2d with stride, padding, dilation and groups, and max_pool2d, against their definitions in NumPy.

Needs numpy/errors.py.
"""
import numpy as np
import torch
import torch.nn.functional as F


def conv2d_by_definition(image, weight, bias, stride, padding, dilation, groups):
    image = np.pad(image, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    batch, channels, height, width = image.shape
    filters, _, rows, columns = weight.shape
    out_h = (height - dilation * (rows - 1) - 1) // stride + 1
    out_w = (width - dilation * (columns - 1) - 1) // stride + 1
    out = np.zeros((batch, filters, out_h, out_w)) + bias[:, None, None]
    for g in range(groups):
        f = slice(g * filters // groups, (g + 1) * filters // groups)
        c = slice(g * channels // groups, (g + 1) * channels // groups)
        for y in range(rows):
            for x in range(columns):
                window = image[:, c, y * dilation:, x * dilation:][:, :, ::stride, ::stride][:, :, :out_h, :out_w]
                out[:, f] += np.einsum("nchw,fc->nfhw", window, weight[f, :, y, x])
    return out


rng = np.random.default_rng(11)
worst = 0.0
for stride, padding, dilation, groups in ((1, 0, 1, 1), (2, 1, 1, 1), (1, 2, 2, 1), (1, 1, 1, 2), (3, 0, 1, 4)):
    image = rng.standard_normal((2, 4, 13, 11))
    weight = rng.standard_normal((8, 4 // groups, 3, 3))
    bias = rng.standard_normal(8)
    want = conv2d_by_definition(image, weight, bias, stride, padding, dilation, groups)
    for dtype, tolerance in ((torch.float64, 1e-14), (torch.float32, 3e-6)):
        got = F.conv2d(*(torch.from_numpy(v).to(dtype) for v in (image, weight, bias)),
                       stride=stride, padding=padding, dilation=dilation, groups=groups)
        what = f"conv2d {dtype} stride={stride} padding={padding} dilation={dilation} groups={groups}"
        error = require_close(what, got.numpy(), want, tolerance)
        worst = max(worst, error / tolerance)
print(f"conv2d: 5 geometries, float32 and float64, worst error {worst:.2f} of its tolerance (3e-6, 1e-14)")

pooled = F.max_pool2d(torch.from_numpy(image[:, :, :12, :10].copy()), 2).numpy()
assert np.array_equal(pooled, image[:, :, :12, :10].reshape(2, 4, 6, 2, 5, 2).max((3, 5))), "max_pool2d is wrong"
print("max_pool2d exact")
