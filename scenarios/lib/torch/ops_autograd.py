"""Derivatives: gradcheck compares each analytic Jacobian with central differences. Needs torch/ops.py.

In float64 a step of 1e-6 leaves an error of 1e-12 from the third derivative and 1e-10 from rounding; gradcheck's
1e-5 plus a thousandth of the value is far above both and far below any wrong derivative.
"""


def gradients(name, function, *shapes):
    def check():
        inputs = [tensor(draw(181 + i, shape), torch.float64).requires_grad_() for i, shape in enumerate(shapes)]
        assert torch.autograd.gradcheck(function, inputs, eps=1e-6, atol=1e-5, rtol=1e-3), "gradcheck says no"
    return name, check


labels = torch.tensor([2, 0, 1])


def symmetric(a):
    return a @ a.mT + torch.eye(len(a), dtype=a.dtype)


def wrong_gradient_is_seen():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            return x * x

        @staticmethod
        def backward(context, gradient):
            return gradient * 2.022

    # The derivative of x^2 at 1.001 is 2.002; the one given is wrong by 2e-2.
    x = torch.full((3,), 1.001, dtype=torch.float64, requires_grad=True)
    right = torch.autograd.gradcheck(Wrong.apply, (x,), rtol=1e-3, atol=1e-5, raise_exception=False)
    assert not right, "gradcheck accepts a wrong derivative"


def hooks_and_accumulation():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    seen = []
    y = x * 3
    y.register_hook(lambda g: seen.append(g.tolist()))
    (y * y).sum().backward()
    (x * 2).sum().backward()
    assert seen == [[6.0, 12.0]] and x.grad.tolist() == [20.0, 38.0], f"hook saw {seen}, gradient {x.grad.tolist()}"
    with torch.no_grad():
        assert not (x * 2).requires_grad, "no_grad records"
    z = x * x
    z.sum().backward()
    try:
        z.sum().backward()
    except RuntimeError:
        return
    raise AssertionError("a freed graph is used again")


def change_in_place_is_noticed():
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    y.mul_(2)
    try:
        y.sum().backward()
    except RuntimeError:
        return
    raise AssertionError("a value that the gradient needs was changed, and nobody noticed")


gradient_rows = [
    gradients("exp sin mul", lambda x, y: x.exp() * y.sin(), (2, 3), (3,)),
    gradients("mm", torch.mm, (2, 3), (3, 2)),
    gradients("einsum", lambda x, y: torch.einsum("bij,bjk->ik", x, y), (2, 2, 3), (2, 3, 2)),
    gradients("var norm logsumexp", lambda x: (x.var(1), x.norm(), x.logsumexp(0)), (3, 4)),
    gradients("prod cumprod", lambda x: (x.prod(), x.cumprod(0)), (5,)),
    gradients("sort topk amax", lambda x: (x.sort(1).values, x.topk(2).values, x.amax(0)), (3, 4)),
    gradients(
        "index gather scatter_add",
        lambda x: (
            x[[0, 2, 0]],
            x.gather(1, labels[:, None]),
            torch.zeros(3, 4, dtype=x.dtype).scatter_add(0, labels[:, None].expand(3, 4), x),
        ),
        (3, 4),
    ),
    gradients("conv2d", lambda x, w, b: F.conv2d(x, w, b, 2, 1), (1, 2, 5, 4), (3, 2, 3, 2), (3,)),
    gradients("conv_transpose2d", lambda x, w: F.conv_transpose2d(x, w, stride=2), (1, 2, 3, 2), (2, 3, 2, 2)),
    gradients("pooling", lambda x: (F.max_pool2d(x, 2), F.avg_pool2d(x, 2, 1)), (1, 2, 4, 4)),
    gradients(
        "bicubic bilinear",
        lambda x: (F.interpolate(x, size=(5, 3), mode="bicubic"), F.interpolate(x, size=(2, 5), mode="bilinear")),
        (1, 1, 4, 3),
    ),
    gradients(
        "layer_norm batch_norm", lambda x: (F.layer_norm(x, (4,)), F.batch_norm(x, None, None, training=True)), (5, 4)
    ),
    gradients("softmax cross_entropy", lambda x: (x.softmax(1), F.cross_entropy(x, labels)), (3, 4)),
    gradients("gelu silu softplus", lambda x: (F.gelu(x), F.silu(x), F.softplus(x)), (3, 4)),
    gradients("attention", F.scaled_dot_product_attention, (1, 3, 2), (1, 3, 2), (1, 3, 2)),
    gradients(
        "solve inv det",
        lambda a: (
            torch.linalg.solve(symmetric(a), a),
            torch.linalg.inv(symmetric(a)),
            torch.linalg.det(symmetric(a)),
        ),
        (3, 3),
    ),
    gradients(
        "cholesky eigvalsh svdvals",
        lambda a: (torch.linalg.cholesky(symmetric(a)), torch.linalg.eigvalsh(symmetric(a)), torch.linalg.svdvals(a)),
        (3, 3),
    ),
    gradients("rfft", lambda x: torch.view_as_real(torch.fft.rfft(x)), (7,)),
    ("gradcheck sees a wrong one", wrong_gradient_is_seen),
    ("hooks and accumulation", hooks_and_accumulation),
    ("change in place", change_in_place_is_noticed),
]

run_checks("autograd", gradient_rows)
