"""Figures that a reader could check with a pencil, computed by the library."""

import math

import numpy as np

from nnlib.dropout import dropout_forward
from nnlib.gradcheck import central_difference, forward_difference
from nnlib.lectures.tables import Row, Table, agree, in_kind, misprint, near, to_the_last_digit
from nnlib.losses import cross_entropy, softmax
from nnlib.minibatches import steps_per_epoch
from nnlib.schedules import inverse_time_decay
from nnlib.search import sample_configs
from nnlib.steps import ewa
from nnlib.verdicts import diagnose


def masks(rng: np.random.Generator) -> Table:
    """How many masks there are, and what they do to a layer."""
    digits = 4096 * math.log10(2)
    units, draws, keep = 50, 20_000, 0.8
    scaled, mask = dropout_forward(np.ones((draws, units)), keep, rng)
    assert mask is not None
    dropped = float((mask == 0).sum(axis=1).mean())
    unscaled, inverted = float((mask > 0).mean()) - 1, float(scaled.mean()) - 1
    return Table(
        "Dropout",
        [
            Row("masks of 4096 units", "2^4096 ~ 10^1233", f"10^{digits:.0f}", agree(len(str(2**4096)) == 1 + 1233)),
            Row("50 units, keep_prob 0.8: dropped", "10", f"{dropped:.2f}", agree(near(dropped, 10, 0.01))),
            Row("the next z without scaling", "−20%", _percent(unscaled), agree(near(unscaled, -0.2, 0.01))),
            Row("the next z divided by keep_prob", "unchanged", _percent(inverted), agree(abs(inverted) < 0.003)),
        ],
        "Means of 20,000 masks. Lecture 002 crosses out 'drop' and writes that 10 units are kept: they are dropped.",
        source="lectures 001 and 002",
    )


def bias_and_variance(rng: np.random.Generator) -> Table:
    """The cases of lecture 002, read by ``diagnose``."""
    cases = (
        (0.01, 0.11, 0.0, "high variance"),
        (0.15, 0.18, 0.0, "high bias"),
        (0.00, 0.30, 0.0, "high variance"),
        (0.00, 0.01, 0.0, "low variance"),
        (0.15, 0.16, 0.15, "low variance"),
    )
    rows = []
    for train, dev, best, said in cases:
        ours = diagnose(train, dev, best)
        people = f", people {best:.0%}" if best else ""
        same = ours == "neither" if said == "low variance" else ours == said
        rows.append(Row(f"training {train:.0%}, dev {dev:.0%}{people}", said, ours, agree(same)))
    return Table(
        "Bias or variance, by two error rates",
        rows,
        "'neither' is low bias and low variance. The lecture's lists for 0% / 30% and 0% / 1% are the same two lines,\n"
        "'high variance, low variance': of each, the line that its errors bear out stands here.",
        source="lecture 002",
    )


def gradient_check(rng: np.random.Generator) -> Table:
    """The slope of θ³ at 1 from both sides and from one."""

    def cube(theta: float) -> float:
        return theta**3

    both, one = central_difference(cube, 1.0, 0.01), forward_difference(cube, 1.0, 0.01)
    return Table(
        "The slope of θ³ at θ = 1, which is 3, with ε = 0.01",
        [
            Row("two-sided", "3.001", f"{both:.4f}", misprint(to_the_last_digit(both, "3.0001"))),
            Row("its error", "0.0001", f"{both - 3:.4f}", agree(to_the_last_digit(both - 3, "0.0001"))),
            Row("one-sided", "3·0.301", f"{one:.4f}", misprint(to_the_last_digit(one, "3.0301"))),
            Row("its error", "0.03", f"{one - 3:.4f}", agree(to_the_last_digit(one - 3, "0.03"))),
        ],
        "The errors that the lecture gives are those of 3.0001 and 3.0301.",
        source="lecture 002",
    )


def batches(rng: np.random.Generator) -> Table:
    """Iterations in an epoch."""
    cases = (("003", 10_000, 200, 50), ("002", 5_000_000, 1000, 5000), ("002", 5_000_000, 5_000_000, 1))
    rows = []
    for number, n, size, theirs in cases:
        ours = steps_per_epoch(n, size)
        rows.append(
            Row(f"{number}: {n:,} examples, batches of {size:,}", f"{theirs:,}", f"{ours:,}", agree(ours == theirs))
        )
    return Table("Iterations in an epoch", rows, source="lectures 002 and 003")


def averages(rng: np.random.Generator) -> Table:
    """Weights and windows of exponentially weighted averages."""
    beta = 0.98
    first = float(ewa(np.array([1.0, 0.0]), beta)[1])  # what θ1 contributes to v2
    second = float(ewa(np.array([0.0, 1.0]), beta)[1])
    rows = [
        Row("v₂, β = 0.98: weight of θ₁", "0.0196", f"{first:.4f}", agree(to_the_last_digit(first, "0.0196"))),
        Row("v₂, β = 0.98: weight of θ₂", "0.02", f"{second:.4f}", agree(to_the_last_digit(second, "0.02"))),
        Row("their sum, 1 − β²", "0.0396", f"{first + second:.4f}", agree(to_the_last_digit(first + second, "0.0396"))),
    ]
    for beta, theirs in ((0.9, 10), (0.98, 50), (0.5, 2)):
        ours = window(beta)
        rows.append(Row(f"β = {beta:g}: values averaged over", f"{theirs}", f"{ours}", agree(ours == theirs)))
    weight = float(ewa(np.eye(11)[0], 0.9)[10] / ewa(np.eye(11)[0], 0.9)[0])
    rows.append(Row("0.9¹⁰, about 1/e", "0.33", f"{weight:.4f}", misprint(to_the_last_digit(weight, "0.35"))))
    return Table(
        "Exponentially weighted averages",
        rows,
        "Values averaged over: steps until the weight of a value has fallen below 1/e = 0.37 of what it was.",
        source="lecture 002",
    )


def window(beta: float) -> int:
    """Steps until an average with ``beta`` gives a value less than 1/e of the weight that it had when new."""
    impulse = np.zeros(5000)
    impulse[0] = 1.0
    weights = ewa(impulse, beta)
    return int(np.argmax(weights < weights[0] / math.e))


def decay_schedules(rng: np.random.Generator) -> Table:
    """Learning rates by epoch."""
    rows = []
    for epoch, theirs in enumerate(("0.1", "0.067", "0.05", "0.04"), start=1):
        ours = inverse_time_decay(0.2, epoch, 1.0)
        rows.append(Row(f"epoch {epoch}", theirs, f"{ours:.3f}", agree(near(ours, float(theirs), 0.01))))
    return Table("Learning-rate decay α₀/(1 + epoch) from α₀ = 0.2", rows, source="lecture 002")


def sampling(rng: np.random.Generator) -> Table:
    """Where uniform and log-uniform draws fall."""
    n = 20_000
    linear = np.array([c["lr"] for c in sample_configs({"lr": ("linear", 1e-4, 1.0)}, n, rng)])
    log = np.array([c["lr"] for c in sample_configs({"lr": ("log", 1e-4, 1.0)}, n, rng)])
    beta = np.array([c["beta"] for c in sample_configs({"beta": ("momentum", 0.9, 0.999)}, n, rng)])
    top, top_log, close = float((linear > 0.1).mean()), float((log > 0.1).mean()), float((beta > 0.99).mean())
    small, large = (window(0.9), window(0.9005)), (window(0.999), window(0.9995))
    return Table(
        "Drawing a learning rate from 1e-4 to 1, and β from 0.9 to 0.999",
        [
            Row("uniform: share of draws from 0.1 to 1", "90%", f"{top:.1%}", agree(near(top, 0.9, 0.01))),
            Row(
                "log-uniform: the same share", "each decade alike", f"{top_log:.1%}", in_kind(near(top_log, 0.25, 0.06))
            ),
            Row("β by 1 − β = 10^r: share above 0.99", "as below", f"{close:.1%}", in_kind(near(close, 0.5, 0.03))),
            Row(
                "β from 0.9 to 0.9005: values", "no change", f"{small[0]} to {small[1]}", in_kind(small[0] == small[1])
            ),
            Row("β = 0.999: values", "1000", f"{large[0]}", agree(large[0] == 1000)),
            Row(
                "β from 0.999 to 0.9995: values",
                "huge impact",
                f"{large[0]} to {large[1]}",
                in_kind(large[1] > 1.5 * large[0]),
            ),
        ],
        "Values: those that the average spans, as in the table of averages. Shares of 20,000 draws.",
        source="lecture 002",
    )


def softmax_table(rng: np.random.Generator) -> Table:
    """Four scores, their exponentials, their probabilities, and one loss."""
    scores = np.array([[5.0, 2.0, -1.0, 3.0]])
    probs = softmax(scores)[0]
    exponentials = probs / probs[0] * math.exp(5)  # what softmax must have summed
    rows = [
        Row(f"e^{z:.0f}", said, f"{t:.1f}", agree(to_the_last_digit(float(t), said)))
        for z, t, said in zip(scores[0], exponentials, ("148.4", "7.4", "0.4", "20.1"), strict=True)
    ]
    total = float(exponentials.sum())
    rows.append(Row("their sum", "176.3", f"{total:.1f}", agree(to_the_last_digit(total, "176.3"))))
    rows += [
        Row(f"probability of class {k}", said, f"{p:.3f}", agree(to_the_last_digit(float(p), said)))
        for k, (p, said) in enumerate(zip(probs, ("0.842", "0.042", "0.002", "0.114"), strict=True))
    ]
    loss = cross_entropy(np.array([[0.3, 0.2, 0.1, 0.4]]), np.array([1]))
    rows.append(
        Row("loss where the right class has 0.2", "−log 0.2", f"{loss:.3f}", agree(to_the_last_digit(loss, "1.609")))
    )
    return Table("Softmax of the scores 5, 2, −1, 3, and a loss", rows, source="lecture 002")


def _percent(share: float) -> str:
    return f"{round(share, 3) + 0.0:+.1%}".replace("-", "−")
