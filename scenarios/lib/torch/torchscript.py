"""TorchScript: a scripted function with a loop and branches, a traced module, both saved and loaded.

torch.jit.script reads source files, so the function is written to one and imported.
"""
import importlib.util
import os
import tempfile

import torch

SOURCE = '''
import torch

def collatz_sum(values: torch.Tensor, limit: int) -> torch.Tensor:
    """For each value, its Collatz steps to 1, or -1 if they exceed the limit."""
    out = torch.zeros_like(values)
    for i in range(values.numel()):
        n, steps = int(values[i]), 0
        while n != 1 and steps <= limit:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            steps += 1
        out[i] = steps if n == 1 else -1
    return out
'''

with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, "qharness_collatz.py")
    with open(source, "w") as file:
        file.write(SOURCE)
    spec = importlib.util.spec_from_file_location("qharness_collatz", source)
    collatz = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(collatz)

    scripted = torch.jit.script(collatz.collatz_sum)
    scripted.save(os.path.join(folder, "scripted.pt"))

    torch.manual_seed(4)
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 5)).eval()
    traced = torch.jit.trace(model, torch.randn(1, 1, 8, 8))
    traced.save(os.path.join(folder, "traced.pt"))

    loaded_script = torch.jit.load(os.path.join(folder, "scripted.pt"))
    loaded_trace = torch.jit.load(os.path.join(folder, "traced.pt"))

assert "prim::Loop" in str(scripted.graph) and "prim::If" in str(scripted.graph), "the loop or the branch was not compiled"
numbers = torch.tensor([1, 6, 7, 19, 27])
known = [0, 8, 16, 20, -1]
for name, function in (("scripted", scripted), ("loaded", loaded_script)):
    got = function(numbers, 30).tolist()
    assert got == known, f"{name} function gives {got}, expected {known}"
assert loaded_script(numbers, 200).tolist()[-1] == 111, "27 takes 111 Collatz steps"
print("scripted and loaded function: Collatz steps", *known, "and 111")

# Another batch size than the one traced, so a trace that recorded constants is found out.
image = torch.randn(3, 1, 8, 8)
with torch.no_grad():
    want = model(image)
    for name, module in (("traced", traced), ("loaded", loaded_trace)):
        for run in range(3):
            error = (module(image) - want).abs().max().item()
            assert error <= 1e-6, f"{name} module, call {run + 1}: off by {error:.1e}, allowed 1e-06"
print("traced and loaded module equal the eager one over 3 calls within 1e-06")
