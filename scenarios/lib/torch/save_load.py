"""torch.save and torch.load: every bit comes back, and training resumes as if never interrupted."""
import os
import tempfile

import torch


def raw(tensor):
    return bytes(tensor.contiguous().view(-1).view(torch.uint8).numpy())


torch.manual_seed(9)
special = torch.tensor([0.0, -0.0, float("inf"), float("-inf"), float("nan"), 2.0**-149])
saved = {str(dtype): torch.randn(33).to(dtype)
         for dtype in (torch.float64, torch.float32, torch.bfloat16, torch.float16, torch.complex64)}
saved |= {"int64": torch.randint(-2**62, 2**62, (7,)), "bool": torch.rand(9) < 0.5, "special": special,
          "transposed": torch.randn(4, 6).T, "empty": torch.empty(0, 3)}


def train(model, optimizer, steps):
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.linspace(-1, 1, 12).view(4, 3)).square().sum().backward()
        optimizer.step()


def fresh(seed):
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5), torch.nn.Linear(5, 2))
    return model, torch.optim.Adam(model.parameters(), lr=0.01)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "tensors.pt")
    torch.save(saved, path)
    loaded = torch.load(path, weights_only=True)
    assert loaded.keys() == saved.keys(), f"keys came back as {sorted(loaded)}"
    for name, tensor in saved.items():
        back = loaded[name]
        assert (back.dtype, back.shape) == (tensor.dtype, tensor.shape), f"{name}: came back as {back.dtype} {tuple(back.shape)}"
        assert raw(back) == raw(tensor), f"{name}: bits differ after save and load"
    size = os.path.getsize(path)
    print(f"{len(saved)} tensors, {size} bytes in the file, all bits equal")

    model, optimizer = fresh(1)
    train(model, optimizer, 3)
    path = os.path.join(folder, "checkpoint.pt")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)
    train(model, optimizer, 2)

    resumed, resumed_optimizer = fresh(2)
    checkpoint = torch.load(path, weights_only=True)
    resumed.load_state_dict(checkpoint["model"])
    before = {name: raw(value) for name, value in resumed.state_dict().items()}
    resumed_optimizer.load_state_dict(checkpoint["optimizer"])
    train(resumed, resumed_optimizer, 2)

for name, value in model.state_dict().items():
    assert raw(value) == raw(resumed.state_dict()[name]), f"{name}: resumed training gives other bits"
assert any(raw(value) != before[name] for name, value in model.state_dict().items()), "training changed nothing"
print(f"resumed from a checkpoint: {len(before)} parameters and buffers equal bit by bit after 2 more steps")
