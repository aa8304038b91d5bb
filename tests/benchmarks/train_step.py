"""Time a full training step of nnlib beside PyTorch, JAX and the bare matrix products.

Run ``make bench`` or ``python tests/benchmarks/train_step.py``; contenders that are not installed are left out
(``pip install 'nnlib[bench]'``). Each thread count runs in a process of its own, because BLAS reads it once.
Steps of the contenders take turns, so that a busy machine slows all of them alike.
"""

import argparse
import functools
import importlib.util
import itertools
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import nnlib

ROWS = [
    ([64, 32, 10], 32),
    ([784, 100, 10], 64),
    ([784, 256, 128, 10], 64),
    ([784, 256, 128, 10], 256),
    ([3072, 50, 10], 100),
    ([784, 512, 512, 512, 10], 128),
]
LR, KEEP_PROB, CLASSES = 1e-3, 0.8, 10
TURN = 5  # steps in a row, the first not counted: it pays for the caches that others filled
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

Step = Callable[[], object]


def ours(sizes: list[int], X: np.ndarray, y: np.ndarray, extras: bool) -> Step:
    """Step of nnlib with Adam."""
    rng = np.random.default_rng(0)
    network = nnlib.build_network(sizes, rng, batchnorm=extras, keep_prob=KEEP_PROB if extras else 1.0)
    optimizer = nnlib.Adam(LR)

    def step() -> None:
        network.loss_and_grad(X, y, rng)
        optimizer.step(network.theta, network.grad)

    return step


def products(sizes: list[int], X: np.ndarray, y: np.ndarray, extras: bool) -> Step:
    """The floor: the matrix products of a step and nothing else."""
    n, layers = len(X), list(itertools.pairwise(sizes))
    a = [np.ones((n, size), np.float32) for size in sizes]
    w = [np.ones(shape, np.float32) for shape in layers]
    dw = [np.empty(shape, np.float32) for shape in layers]
    out = [np.empty((n, size), np.float32) for size in sizes]

    def step() -> None:
        for i in range(len(w)):
            np.matmul(a[i], w[i], out=out[i + 1])
        for i in range(len(w) - 1, -1, -1):
            np.matmul(a[i].T, a[i + 1], out=dw[i])
            if i:
                np.matmul(a[i + 1], w[i].T, out=out[i])

    return step


def pytorch(sizes: list[int], X: np.ndarray, y: np.ndarray, extras: bool, fused: bool) -> Step:
    """Eager PyTorch with Adam, fused or not."""
    import torch

    torch.set_num_threads(int(os.environ[THREAD_VARIABLES[0]]))
    modules: list[torch.nn.Module] = []
    for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
        modules.append(torch.nn.Linear(fan_in, fan_out))
        if i < len(sizes) - 2:
            modules += [torch.nn.BatchNorm1d(fan_out)] * extras
            modules.append(torch.nn.ReLU())
            modules += [torch.nn.Dropout(1 - KEEP_PROB)] * extras
    model = torch.nn.Sequential(*modules)
    optimizer = torch.optim.Adam(model.parameters(), LR, fused=fused)
    examples, labels = torch.tensor(X), torch.tensor(y)

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(examples), labels).backward()
        optimizer.step()

    return step


def jax_jit(sizes: list[int], X: np.ndarray, y: np.ndarray, extras: bool) -> Step:
    """One jitted function for forward, backward and Adam, its buffers donated."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(0)
    params = [
        {"w": jnp.asarray(nnlib.he_normal(*shape, rng), jnp.float32), "b": jnp.zeros(shape[1]), "g": jnp.ones(shape[1])}
        for shape in itertools.pairwise(sizes)
    ]
    zeros = jax.tree.map(jnp.zeros_like, params)
    running = [(jnp.zeros(size), jnp.ones(size)) for size in sizes[1:-1]]

    def loss(params, running, key):  # type: ignore[no-untyped-def]
        a, new = jnp.asarray(X), []
        for i, p in enumerate(params[:-1]):
            z = a @ p["w"] + p["b"]
            if extras:
                mean, var = z.mean(axis=0), z.var(axis=0)
                new.append((0.9 * running[i][0] + 0.1 * mean, 0.9 * running[i][1] + 0.1 * var))
                z = p["g"] * (z - mean) / jnp.sqrt(var + 1e-5) + p["b"]
            a = jnp.maximum(z, 0)
            if extras:
                key, own = jax.random.split(key)
                a = a * jax.random.bernoulli(own, KEEP_PROB, a.shape) / KEEP_PROB
        scores = a @ params[-1]["w"] + params[-1]["b"]
        return -jax.nn.log_softmax(scores)[jnp.arange(len(y)), jnp.asarray(y)].mean(), new or running

    @functools.partial(jax.jit, donate_argnums=(0,))
    def step(state):  # type: ignore[no-untyped-def]
        params, m, v, running, key, t = state
        key, own = jax.random.split(key)
        grads, running = jax.grad(loss, has_aux=True)(params, running, own)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
        scale = LR * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        params = jax.tree.map(lambda p, m, v: p - scale * m / (jnp.sqrt(v) + 1e-8), params, m, v)
        return params, m, v, running, key, t + 1

    state = [(params, zeros, jax.tree.map(jnp.zeros_like, params), running, jax.random.key(0), jnp.float32(1))]

    def run() -> None:
        state[0] = jax.block_until_ready(step(state[0]))

    return run


def medians(steps: dict[str, Step], seconds: float) -> dict[str, float]:
    """Median microseconds of a step of each contender over ``seconds`` of taking turns."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        step()  # builds lazy state, compiles
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or min(map(len, times.values())) < 3 * TURN:
        for name, step in steps.items():
            for i in range(TURN):
                start = time.perf_counter()
                step()
                if i:
                    times[name].append(time.perf_counter() - start)
    return {name: 1e6 * statistics.median(values) for name, values in times.items()}


def table(extras: bool, seconds: float) -> None:
    """Print a row a network: nnlib's time, and its ratio to every contender's."""
    contenders: dict[str, Callable[..., Step]] = {"nnlib": ours, "products": products}
    if importlib.util.find_spec("torch"):
        contenders["torch eager"] = functools.partial(pytorch, fused=False)
        contenders["torch fused"] = functools.partial(pytorch, fused=True)
    if importlib.util.find_spec("jax"):
        contenders["jax jit"] = jax_jit
    others = [name for name in contenders if name != "nnlib"]
    print(f"{'batch norm and dropout' if extras else 'plain':26s} {'nnlib':>9s}" + "".join(f"{n:>22s}" for n in others))
    for sizes, batch in ROWS:
        rng = np.random.default_rng(1)
        X, y = rng.random((batch, sizes[0]), dtype=np.float32), rng.integers(CLASSES, size=batch)
        times = medians({name: make(sizes, X, y, extras) for name, make in contenders.items()}, seconds)
        label = f"{'-'.join(map(str, sizes))} @ {batch}"
        cells = "".join(f"{times[n]:11.0f} µs (×{times['nnlib'] / times[n]:4.2f})" for n in others)
        print(f"{label:26s} {times['nnlib']:6.0f} µs{cells}", flush=True)


def digits_epoch(seconds: float) -> None:
    """Print an epoch of ``fit`` on the digits beside scikit-learn's MLPClassifier."""
    X, y = nnlib.load_digits(dtype=np.float32)
    rng = np.random.default_rng(0)
    network, optimizer = nnlib.build_network([64, 100, 10], rng), nnlib.Adam(LR)
    steps: dict[str, Step] = {
        "nnlib": lambda: nnlib.fit(network, X, y, rng=rng, epochs=1, batch_size=64, optimizer=optimizer)
    }
    if importlib.util.find_spec("sklearn"):
        from sklearn.neural_network import MLPClassifier

        model = MLPClassifier((100,), batch_size=64, learning_rate_init=LR, alpha=0.0, random_state=0)
        steps["sklearn"] = lambda: model.partial_fit(X, y, classes=np.arange(CLASSES))
    times = medians(steps, seconds)
    print(f"epoch on digits, 64-100-10 @ 64: nnlib {times['nnlib'] / 1e3:.1f} ms", end="")
    if "sklearn" in times:
        print(f", sklearn {times['sklearn'] / 1e3:.1f} ms (×{times['nnlib'] / times['sklearn']:.2f})", end="")
    print()


def memory() -> None:
    """Print the peak memory of ``fit`` on 60,000 x 784 float32 over that of data and network."""
    rng = np.random.default_rng(0)
    X, y = rng.random((60_000, 784), dtype=np.float32), rng.integers(CLASSES, size=60_000)
    network = nnlib.build_network([784, 100, 10], rng)
    nnlib.fit(network, X[:500], y[:500], rng=rng, epochs=1)  # what importing and BLAS take for good
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    nnlib.fit(network, X, y, rng=rng, epochs=1, optimizer=nnlib.Adam(LR))
    extra = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(f"fit on 60,000 × 784: {extra / 2**20:.0f} MiB besides {X.nbytes / 2**20:.0f} MiB of data", end="")
    print(f", {1 + extra / X.nbytes:.2f} times the data")


def main() -> None:
    """Run the tables with one thread and with two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0, help="of measuring a row (3)")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2], help="numbers of threads (1 2)")
    parser.add_argument("--child", choices=("time", "memory"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child == "time":
        for extras in (False, True):
            table(extras, options.seconds)
        digits_epoch(options.seconds)
        return
    if options.child == "memory":
        memory()
        return
    left_out = [name for name in ("torch", "jax", "sklearn") if not importlib.util.find_spec(name)]
    if left_out:
        print(f"not installed and left out: {', '.join(left_out)}; pip install 'nnlib[bench]'")
    cores, load = os.cpu_count() or 1, os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > cores / 2:
        # BLAS threads wait by spinning: on a busy machine two of them can take fifty times as long as one.
        print(f"the machine is busy (load {load:.1f} on {cores} cores): rows of several threads mean little now")
    for threads in options.threads:
        print(
            f"\n{threads} thread{'s' * (threads > 1)}: median of a step, in brackets nnlib's time over the other's",
            flush=True,
        )
        environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads))
        if threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        command = [sys.executable, __file__, "--seconds", str(options.seconds), "--child"]
        subprocess.run([*command, "time"], env=environment, check=True)
    print(flush=True)
    subprocess.run([sys.executable, __file__, "--child", "memory"], check=True)  # its peak must be its own


if __name__ == "__main__":
    main()
