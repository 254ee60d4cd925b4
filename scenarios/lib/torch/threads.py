"""One thread and several give the same answer, and several really run.

PyTorch's own kernels take torch.set_num_threads; an OpenBLAS built on pthreads keeps a count of its own,
so both are set. Needs numpy/errors.py and numpy/blas.py.
"""
import os
import time

import torch
import torch.nn.functional as F


def set_threads(count):
    torch.set_num_threads(count)
    openblas.openblas_set_num_threads(count)
    told = torch.get_num_threads(), openblas.openblas_get_num_threads()
    assert told == (count, count), f"asked for {count} threads, torch and OpenBLAS say {told}"


def cpu_seconds_by_thread():
    """CPU time of each thread of this process, from field 1 (nanoseconds) of schedstat."""
    seconds = {}
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/schedstat") as file:
            seconds[task] = int(file.read().split()[0]) * 1e-9
    return seconds


def busy_threads(work, seconds, at_least=0.02):
    """How many threads used more than at_least seconds of CPU while the work was repeated."""
    before = cpu_seconds_by_thread()
    started = time.perf_counter()
    work()
    while time.perf_counter() - started < seconds:
        work()
    return sum(used - before.get(task, 0.0) > at_least for task, used in cpu_seconds_by_thread().items())


def busy_threads_from_rest(work):
    """The same, once the threads of earlier work have stopped spinning in wait of more."""
    for _ in range(100):
        if busy_threads(lambda: time.sleep(0.2), 0.2, at_least=0.01) == 0:
            return busy_threads(work, 0.5)
    raise AssertionError("threads of earlier work still burn CPU after 20 s of rest")


torch.manual_seed(6)
a, b = torch.randn(160, 160), torch.randn(160, 160)
image, kernel = torch.randn(4, 3, 24, 24), torch.randn(8, 3, 3, 3)
long = torch.randn(200_000, dtype=torch.float64)
works = {
    "matmul": (lambda: a @ b, 1e-6),
    "conv2d": (lambda: F.conv2d(image, kernel), 1e-6),
    "elementwise": (lambda: torch.sin(long) * long, 0.0),
    "sum": (lambda: long.square().sum(), 1e-14),
}
threads = max(2, len(os.sched_getaffinity(0)))
was = torch.get_num_threads(), openblas.openblas_get_num_threads()
set_threads(1)
alone = {name: work() for name, (work, _) in works.items()}
single = {name: busy_threads_from_rest(works[name][0]) for name in ("matmul", "elementwise")}
set_threads(threads)
errors = {name: require_close(f"{name} with {threads} threads against 1", work().numpy(), alone[name].numpy(), tolerance)
          for name, (work, tolerance) in works.items()}
several = {name: busy_threads_from_rest(works[name][0]) for name in ("matmul", "elementwise")}
torch.set_num_threads(was[0])
openblas.openblas_set_num_threads(was[1])

print(f"{threads} threads against 1:", *(f"{name} {error:.1e}" for name, error in errors.items()))
for name in single:
    print(f"{name}: {single[name]} thread busy when asked for 1, {several[name]} when asked for {threads}")
    assert single[name] == 1, f"{name} used {single[name]} threads when asked for 1"
    assert several[name] >= 2, f"{name} used {several[name]} thread when asked for {threads}"
