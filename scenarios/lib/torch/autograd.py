"""Autograd against gradients worked out by hand, and against central differences.

Needs numpy/errors.py.
"""
import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(3)

# f(x) = sum log(1 + exp(A x)): gradient A^T s and Hessian A^T diag(s (1 - s)) A, where s = sigmoid(A x).
A, point = rng.standard_normal((9, 5)), rng.standard_normal(5)
x = torch.tensor(point, requires_grad=True)
value = torch.log1p(torch.exp(torch.from_numpy(A) @ x)).sum()
(gradient,) = torch.autograd.grad(value, x, create_graph=True)
hessian = torch.stack([torch.autograd.grad(g, x, retain_graph=True)[0] for g in gradient])
s = 1 / (1 + np.exp(-A @ point))
first = require_close("gradient", gradient.detach().numpy(), A.T @ s, 1e-13)
second = require_close("Hessian", hessian.numpy(), A.T @ np.diag(s * (1 - s)) @ A, 1e-12)
print(f"softplus: gradient {first:.1e} (<= 1e-13), Hessian {second:.1e} (<= 1e-12)")

# The gradient of the mean cross entropy is (softmax - one hot) / N.
logits, labels = rng.standard_normal((12, 7)).astype(np.float32), rng.integers(0, 7, 12)
z = torch.tensor(logits, requires_grad=True)
F.cross_entropy(z, torch.from_numpy(labels)).backward()
softmax = np.exp(logits.astype(np.float64))
softmax /= softmax.sum(1, keepdims=True)
error = require_close("cross entropy", z.grad.numpy(), (softmax - np.eye(7)[labels]) / 12, 2e-6)
print(f"cross entropy, float32: gradient {error:.1e} (<= 2e-06)")


def network(image, kernel, matrix):
    hidden = torch.tanh(F.conv2d(image, kernel, padding=1))
    return (F.avg_pool2d(hidden, 2).flatten(1) @ matrix).square().mean()


inputs = [torch.from_numpy(rng.standard_normal(shape)).requires_grad_() for shape in ((1, 2, 4, 4), (2, 2, 3, 3), (8, 3))]
gradients = torch.autograd.grad(network(*inputs), inputs)
step = 1e-5
worst = 0.0
with torch.no_grad():
    for tensor, gradient in zip(inputs, gradients):
        differences = np.empty(tensor.numel())
        flat = tensor.view(-1)
        for k in range(tensor.numel()):
            kept = flat[k].item()
            flat[k] = kept + step
            above = network(*inputs).item()
            flat[k] = kept - step
            below = network(*inputs).item()
            flat[k] = kept
            differences[k] = (above - below) / (2 * step)
        worst = max(worst, require_close("conv net", gradient.numpy().ravel(), differences, 1e-7))
print(f"conv, tanh, pool, matmul: central differences {worst:.1e} (<= 1e-07)")

# Gradients add up over two uses, and nothing flows through detach().
w = torch.tensor(3.0, requires_grad=True)
(w * w + w.detach() * w).backward()
assert w.grad.item() == 9.0, f"d(w^2 + stop(w) w)/dw at 3 is 9, autograd says {w.grad.item()}"
print("accumulation and detach exact")
