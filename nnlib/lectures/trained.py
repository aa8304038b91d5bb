"""Figures of trained nets, on the digits: sanity checks, rates, search, ensembles."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib._validate import Array
from nnlib.building import build_network
from nnlib.datasets import load_digits
from nnlib.ensembles import ensemble_average
from nnlib.lectures.tables import Row, Table, agree, in_kind, near
from nnlib.losses import softmax
from nnlib.network import Network
from nnlib.optimizers import SGD, ClassicMomentum, Optimizer
from nnlib.preprocessing import standardize_apply, standardize_fit, train_dev_test_split
from nnlib.regularizers import l2_penalty
from nnlib.search import Config, at_edge, narrow, random_search
from nnlib.training import History, fit

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
    """Loss of an untrained net: ln C, and more with a strong penalty."""
    # The lecture's own net; with weights this small the images do not matter.
    X = rng.standard_normal((1000, 3072))
    y = rng.integers(0, CLASSES, size=1000)
    net = build_network([3072, HIDDEN, CLASSES], rng, init=TINY, dtype=np.float64)
    loss, _ = net.evaluate(X, y)
    penalised = loss + l2_penalty(net.weights, 1e3, 1)
    return Table(
        "Loss before training, 3072-50-10, weights of deviation 0.0001",
        [
            Row("softmax: ln 10", "2.302612", f"{loss:.6f}", agree(near(loss, 2.302612, rel=1e-3))),
            Row("with a strong penalty, λ/m = 1e3", "goes up", f"{penalised:.4f}", in_kind(penalised > loss + 0.1)),
        ],
        "Agrees: within 0.1%. ln 10 is 2.302585.",
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
            Row("training accuracy", "1.00", f"{accuracy:.2f}", agree(accuracy == 1.0)),
            Row("cost", "0.002597", f"{loss:.6f}", in_kind(loss < 0.01)),
        ],
        "Lecture: CIFAR-10; here: digits. What counts is 1.00 and a tiny cost.",
        source="lecture 003",
    )


def learning_rates(rng: np.random.Generator) -> Table:
    """Ten epochs at rates too low, too high, nearly right, and right."""
    data = digits(rng)
    start = rng.integers(2**32)

    def run(optimizer: Optimizer, batch_size: int = 32) -> tuple[Network, History]:
        net = build_network([64, HIDDEN, CLASSES], np.random.default_rng(start), init=0.01)
        order = np.random.default_rng(start + 1)
        options: Any = {"epochs": 10, "batch_size": batch_size, "lam": 1e-6, "on_explosion": "stop"}
        return net, fit(net, data.X, data.y, rng=order, optimizer=optimizer, **options)

    before, _ = build_network([64, HIDDEN, CLASSES], np.random.default_rng(start), init=0.01).evaluate(data.X, data.y)
    (lowest, _), (low, low_accuracy), (right, right_accuracy) = (
        run(SGD(rate))[0].evaluate(data.X, data.y) for rate in (1e-6, 3e-3, 0.1)
    )
    _, high = run(SGD(1e6))
    _, nearly = run(ClassicMomentum(0.8), batch_size=100)
    best, good = min(nearly.train_loss, default=math.inf), len(nearly.train_loss)
    leaves = nearly.stopped == "exploded"
    unmoved = in_kind(abs(lowest - before) < 1e-4 * before)
    return Table(
        "Ten epochs of gradient descent: rates too low, too high, and between",
        [
            Row("1e-6: cost, from ln 10 = 2.3026", "2.302420", f"{lowest:.6f}", unmoved),
            Row("too low (here 3e-3): cost", "2.302420", f"{low:.6f}", in_kind(near(low, math.log(CLASSES), 0.02))),
            Row("too low: and yet the accuracy", "0.19", f"{low_accuracy:.2f}", in_kind(low_accuracy > 0.15)),
            Row("1e6: cost", "nan", "explodes" if high.stopped else "", in_kind(high.stopped == "exploded")),
            Row("3e-3 (here 0.8, momentum): lowest cost", "1.827868", f"{best:.6f}", in_kind(best < 0.9 * before)),
            Row(
                "the same: epochs before it explodes", "4", str(good) if leaves else "10", in_kind(leaves and good > 1)
            ),
            Row("a rate that learns (here 0.1): cost", "", f"{right:.4f}"),
            Row("a rate that learns: training accuracy", "", f"{right_accuracy:.2f}"),
        ],
        "Accuracy moves before the cost does: it only asks which score is largest.\n"
        "The rate that is almost right is the treacherous one: it learns, and then it leaves.\n"
        "Lecture: CIFAR-10, where 3e-3 is too high; here: digits, where it is too low.",
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
            Row("coarse: best dev accuracy", "0.482", f"{coarse[0][1]:.3f}", in_kind(coarse[0][1] > 0.8)),
            Row("fine: best dev accuracy", "0.531", f"{fine[0][1]:.3f}", in_kind(fine[0][1] >= coarse[0][1])),
            Row("fine: rate of the best run", "9.5e-04", f"{best['lr']:.1e}"),
            Row("fine range of the rate", "1e-4 to 1e-3", f"{finer['lr'][1]:.0e} to {finer['lr'][2]:.0e}"),
            Row(
                "at_edge of the lecture's best run", "worrying", ", ".join(theirs) or "nothing", agree(theirs == ["lr"])
            ),
            Row("at_edge of ours, in the coarse space", "", ", ".join(ours) or "nothing"),
        ],
        "Lecture: CIFAR-10, 50 hidden units, momentum; here: digits, the same net.",
        source="lecture 003",
    )


def ensembles(rng: np.random.Generator) -> Table:
    """Five nets on few examples: the accuracy of each, and of their averaged probabilities."""
    data = digits(rng)
    few = slice(0, 300)
    members = []
    for _ in range(5):
        net = build_network([64, HIDDEN, CLASSES], rng)
        fit(net, data.X[few], data.y[few], rng=rng, epochs=40, batch_size=20, optimizer=SGD(0.1))
        members.append(softmax(net.forward(data.X_dev)))
    alone = float(np.mean([np.mean(probs.argmax(axis=1) == data.y_dev) for probs in members]))
    gain = float(np.mean(ensemble_average(members).argmax(axis=1) == data.y_dev)) - alone
    return Table(
        "Five nets trained on 300 digits, averaged",
        [
            Row("dev accuracy of one, on average", "", f"{alone:.1%}"),
            Row("gain of the ensemble", "2%", f"{gain:.1%}", in_kind(gain > 0)),
        ],
        source="lecture 003",
    )
