"""Figures of trained nets, on the digits: sanity checks, rates, search, batch norm."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlib._validate import Array
from nnlib.building import build_network
from nnlib.datasets import load_digits
from nnlib.lectures.tables import Row, Table, near
from nnlib.losses import hinge_loss
from nnlib.minibatches import random_minibatches
from nnlib.network import Network
from nnlib.optimizers import SGD, ClassicMomentum
from nnlib.preprocessing import standardize_apply, standardize_fit, train_dev_test_split
from nnlib.regularizers import l2_penalty
from nnlib.search import Config, at_edge, narrow, random_search
from nnlib.training import fit

TINY = 1e-4  # deviation of the lecture's starting weights
HIDDEN, CLASSES = 50, 10


@dataclass(frozen=True)
class Digits:
    """Standardised digits, dealt out 60/20/20."""

    X: Array
    y: Array
    X_dev: Array
    y_dev: Array


def digits(rng: np.random.Generator) -> Digits:
    """Split and scale the digits with the training set's mean and deviation."""
    X, y = load_digits(dtype=np.float32)
    (X, y), (X_dev, y_dev), _ = train_dev_test_split(X, y, (0.6, 0.2, 0.2), rng)
    mean, std = standardize_fit(X)
    return Digits(standardize_apply(X, mean, std), y, standardize_apply(X_dev, mean, std), y_dev)


def initial_losses(rng: np.random.Generator) -> Table:
    """Loss of an untrained net: ln C, C − 1 for the hinge loss, and more with a strong penalty."""
    # The lecture's own net; with weights this small the images do not matter.
    X = rng.standard_normal((1000, 3072))
    y = rng.integers(0, CLASSES, size=1000)
    net = build_network([3072, HIDDEN, CLASSES], rng, init=TINY, dtype=np.float64)
    loss, _ = net.evaluate(X, y)
    hinge, _ = hinge_loss(net.forward(X), y)
    penalised = loss + l2_penalty(net.weights, 1e3, 1)
    return Table(
        "Loss before training, 3072-50-10, weights of deviation 0.0001",
        [
            Row("softmax: ln 10", "2.302612", f"{loss:.6f}", near(loss, 2.302612, rel=1e-3)),
            Row("hinge: C − 1", "9", f"{hinge:.4f}", near(hinge, 9, rel=1e-3)),
            Row("softmax with λ/m = 1e3", "went up", f"{penalised:.4f}", bool(penalised > loss + 0.1)),
        ],
        source="lecture 003",
    )


def twenty_examples(rng: np.random.Generator) -> Table:
    """A net that cannot learn twenty examples by heart has a bug."""
    data = digits(rng)
    net = build_network([64, HIDDEN, CLASSES], rng, init=0.01)
    few = slice(0, 20)
    fit(net, data.X[few], data.y[few], rng=rng, epochs=200, batch_size=20, optimizer=SGD(0.5))
    loss, accuracy = net.evaluate(data.X[few], data.y[few])
    return Table(
        "Twenty examples, 200 epochs of plain gradient descent, no regularisation",
        [
            Row("training accuracy", "1.00", f"{accuracy:.2f}", accuracy == 1.0),
            Row("cost", "0.002597", f"{loss:.6f}", loss < 0.01),
        ],
        "Lecture: CIFAR-10; here: digits. What counts is 1.00 and a tiny cost.",
        source="lecture 003",
    )


def learning_rates(rng: np.random.Generator) -> Table:
    """Ten epochs at rates too low, too high, and right."""
    data = digits(rng)

    def run(rate: float) -> tuple[float, float]:
        net = build_network([64, HIDDEN, CLASSES], np.random.default_rng(1), init=0.01)
        history = fit(
            net,
            data.X,
            data.y,
            rng=np.random.default_rng(2),
            epochs=10,
            batch_size=32,
            optimizer=SGD(rate),
            lam=1e-6,
            on_explosion="stop",
        )
        return (math.nan, math.nan) if history.stopped == "exploded" else net.evaluate(data.X, data.y)

    lowest, _ = run(1e-6)
    low, low_accuracy = run(3e-3)
    high, _ = run(1e6)
    right, right_accuracy = run(0.1)
    return Table(
        "Cost after ten epochs of plain gradient descent",
        [
            Row("rate 1e-6: cost", "2.302420", f"{lowest:.6f}", near(lowest, math.log(CLASSES), rel=0.005)),
            Row("a rate too low (here 3e-3): cost", "2.302420", f"{low:.6f}", near(low, math.log(CLASSES), rel=0.02)),
            Row("a rate too low: accuracy above chance", "0.19", f"{low_accuracy:.2f}", low_accuracy > 0.15),
            Row("rate 1e6: cost", "nan", "explodes" if math.isnan(high) else f"{high:.4f}", math.isnan(high)),
            Row("a rate that learns (here 0.1): cost", "", f"{right:.4f}", right < 0.2),
            Row("a rate that learns: training accuracy", "", f"{right_accuracy:.2f}", right_accuracy > 0.95),
        ],
        "Accuracy moves before the cost does: it only asks which score is largest.",
        source="lecture 003",
    )


def coarse_then_fine(rng: np.random.Generator) -> Table:
    """Random search over rate and penalty, first wide and short, then narrow and longer."""
    data = digits(rng)

    def objective(epochs: int) -> Callable[[Config], float]:
        def dev_accuracy(config: Config) -> float:
            net = build_network([64, HIDDEN, CLASSES], np.random.default_rng(1), init=0.01)
            history = fit(
                net,
                data.X,
                data.y,
                rng=np.random.default_rng(2),
                epochs=epochs,
                batch_size=100,
                optimizer=ClassicMomentum(config["lr"]),
                lam=config["reg"],
                on_explosion="stop",
            )
            return math.nan if history.stopped == "exploded" else net.evaluate(data.X_dev, data.y_dev)[1]

        return dev_accuracy

    space = {"lr": ("log", 1e-6, 1.0), "reg": ("log", 1e-5, 1e5)}
    coarse = random_search(objective(5), space, 30, rng)
    finer = narrow(space, coarse, keep=5)
    fine = random_search(objective(20), finer, 20, rng)
    best = fine[0][0]
    theirs = at_edge({"lr": ("log", 1e-4, 1e-3)}, {"lr": 9.471549e-04})  # its best run of the fine search
    ours = at_edge(space, best)
    return Table(
        "Random search: coarse over 30 runs of 5 epochs, fine over 20 runs of 20",
        [
            Row("coarse: best dev accuracy", "0.482", f"{coarse[0][1]:.3f}", coarse[0][1] > 0.8),
            Row("fine: best dev accuracy", "0.531", f"{fine[0][1]:.3f}", fine[0][1] >= coarse[0][1]),
            Row("fine: rate of the best run", "9.5e-04", f"{best['lr']:.1e}"),
            Row("fine range of the rate", "1e-4 to 1e-3", f"{finer['lr'][1]:.0e} to {finer['lr'][2]:.0e}"),
            Row("at_edge of the lecture's best run", "worrying", ", ".join(theirs) or "nothing", theirs == ["lr"]),
            Row("at_edge of ours, in the coarse space", "", ", ".join(ours) or "nothing"),
        ],
        "Lecture: CIFAR-10, 50 hidden units, momentum; here: digits, the same net.",
        source="lecture 003",
    )


def steps_with_batch_norm(rng: np.random.Generator) -> Table:
    """Steps to a dev accuracy of 93%: a sigmoid net with and without batch norm."""
    data = digits(rng)
    sizes, rate, target, limit = [64, 50, 50, CLASSES], 0.05, 0.93, 6000

    def steps(batchnorm: bool, rate: float) -> float:
        net = build_network(sizes, np.random.default_rng(1), activation="sigmoid", batchnorm=batchnorm)
        return steps_to(net, data, SGD(rate), target, limit)

    plain, same, fast, fastest = steps(False, rate), steps(True, rate), steps(True, 5 * rate), steps(True, 30 * rate)
    rows = [
        Row("plain", "31.0·10⁶", _count(plain)),
        Row("batch norm, same rate", "13.3·10⁶", _count(same), same < plain),
        Row("batch norm, 5 times the rate", "2.1·10⁶", _count(fast), fast < same),
        Row("batch norm, 30 times the rate", "2.7·10⁶", _count(fastest), fastest < plain),
        Row("plain / batch norm at 5 times the rate", "14.8", f"{plain / fast:.1f}", plain > 3 * fast),
    ]
    return Table(
        "Training steps to a given accuracy, with and without batch norm",
        rows,
        "Lecture: Inception on ImageNet to 72.2%; here: a sigmoid net 64-50-50-10 on digits to 93%.",
        source="lecture 004, after Ioffe & Szegedy (2015)",
    )


def steps_to(net: Network, data: Digits, optimizer: SGD, target: float, limit: int, every: int = 5) -> float:
    """Count training steps until the dev accuracy reaches ``target``; infinite if ``limit`` steps do not."""
    rng = np.random.default_rng(2)
    step = 0
    while step < limit:
        for X, y in random_minibatches(data.X, data.y, 32, rng):
            net.loss_and_grad(X, y, rng)
            optimizer.step(net.theta, net.grad)
            step += 1
            if step % every == 0 and net.evaluate(data.X_dev, data.y_dev)[1] >= target:
                return step
    return math.inf


def _count(steps: float) -> str:
    return "never" if math.isinf(steps) else f"{steps:.0f}"
