"""Figures that do not depend on data: signals in deep nets, averages, schedules."""

import numpy as np

from nnlib.activations import relu, tanh
from nnlib.initializers import Init, activation_stats, he_normal, init_normal, lecun_normal
from nnlib.lectures.tables import Row, Table, near
from nnlib.schedules import exponential_decay, inverse_time_decay
from nnlib.steps import ewa, ewa_corrected

LAYERS, UNITS = 10, 500

# Lecture 003, standard deviations of ten layers of 500 tanh units.
STD_SMALL = (0.213081, 0.047551, 0.010630, 0.002378, 0.000532, 0.000119, 0.000026, 0.000006, 0.000001, 0.000000)
STD_LARGE = (0.981879, 0.981649, 0.981601, 0.981755, 0.981614, 0.981560, 0.981520, 0.981913, 0.981728, 0.981736)
STD_XAVIER = (0.627953, 0.486051, 0.407723, 0.357108, 0.357108, 0.292116, 0.273387, 0.254935, 0.239266, 0.228008)

MISPRINTED = ("1/√n", 5)  # the fourth figure printed again, in a column that falls at every other layer


def activation_statistics(rng: np.random.Generator) -> Table:
    """Ten layers of 500 tanh units under three initialisations."""

    def with_std(std: float) -> Init:
        return lambda fan_in, fan_out, rng: init_normal(fan_in, fan_out, std, rng)

    rows = []
    for name, init, lecture in (
        ("0.01", with_std(0.01), STD_SMALL),
        ("1", with_std(1.0), STD_LARGE),
        ("1/√n", lecun_normal, STD_XAVIER),
    ):
        _, stds = activation_stats([UNITS] * (LAYERS + 1), init, tanh, rng)
        for layer, (theirs, ours) in enumerate(zip(lecture, stds, strict=True), start=1):
            # Ten layers multiply the chance of each draw: small weights scatter by some 10% at the end.
            agrees: bool | None = near(ours, theirs, rel=0.15 if name == "0.01" else 0.03)
            printed = f"{theirs:.6f}"
            if (name, layer) == MISPRINTED:
                agrees, printed = None, f"{theirs:.6f}*"
            rows.append(Row(f"weights of deviation {name}: layer {layer}", printed, f"{ours:.6f}", agrees))
    return Table(
        "Standard deviation of activations, ten layers of 500 tanh units",
        rows,
        "0.01 lets signals die out, 1 saturates every unit, 1/√n keeps them alive. * printed twice in the lecture.",
        source="lecture 003",
    )


def relu_statistics(rng: np.random.Generator) -> Table:
    """Mean square of ReLU activations from layer to layer, Xavier against He."""
    rows = []
    for name, init, expected in (("Var(W) = 1/n", lecun_normal, 0.5), ("Var(W) = 2/n (He)", he_normal, 1.0)):
        means, stds = activation_stats([UNITS] * (LAYERS + 1), init, relu, rng)
        squares = means**2 + stds**2
        ratio = float((squares[-1] / squares[0]) ** (1 / (LAYERS - 1)))
        rows.append(Row(name, f"{expected:g}", f"{ratio:.3f}", near(ratio, expected, rel=0.1)))
    return Table(
        "ReLU: mean square of a layer's output over that of the layer before",
        rows,
        "ReLU cuts half of the signal's power away; He's factor 2 puts it back.",
        columns=("", "expected", "here"),
        source="He et al. (2015)",
    )


def bias_correction(rng: np.random.Generator) -> Table:
    """Weights and windows of exponentially weighted averages."""
    beta = 0.98
    first = float(ewa(np.array([1.0, 0.0]), beta)[1])  # what θ1 contributes to v2
    second = float(ewa(np.array([0.0, 1.0]), beta)[1])
    constant = ewa_corrected(np.full(5, 10.0), beta)
    rows = [
        Row("v₂, β = 0.98: weight of θ₁", "0.0196", f"{first:.4f}", near(first, 0.0196)),
        Row("v₂, β = 0.98: weight of θ₂", "0.02", f"{second:.4f}", near(second, 0.02)),
        Row("corrected by 1 − β² =", "0.0396", f"{first + second:.4f}", near(first + second, 0.0396)),
        Row("corrected average of 10, 10, 10, …", "10", f"{constant[1]:.4f}", near(float(constant[1]), 10.0)),
    ]
    for beta, window in ((0.9, 10), (0.98, 50), (0.5, 2)):
        ours = 1 / (1 - beta)
        rows.append(Row(f"β = {beta:g} averages over", f"{window} values", f"{ours:.0f} values", near(ours, window)))
    weight = float(ewa(np.eye(11)[0], 0.9)[10] / ewa(np.eye(11)[0], 0.9)[0])
    rows.append(Row("0.9¹⁰, about 1/e: weight after 10 steps", "0.35", f"{weight:.4f}", near(weight, 0.35)))
    return Table("Exponentially weighted averages and their bias correction", rows, source="lecture 002")


def decay_schedules(rng: np.random.Generator) -> Table:
    """Learning rates by epoch."""
    rows = []
    for epoch, theirs in enumerate((0.1, 0.067, 0.05, 0.04), start=1):
        ours = inverse_time_decay(0.2, epoch, 1.0)
        rows.append(Row(f"α₀/(1 + epoch): epoch {epoch}", f"{theirs:g}", f"{ours:.3f}", near(ours, theirs)))
    for epoch in (1, 10):
        ours, theirs = exponential_decay(0.2, epoch, 0.95), 0.2 * 0.95**epoch
        rows.append(Row(f"0.95^epoch · α₀: epoch {epoch}", f"{theirs:.3f}", f"{ours:.3f}", near(ours, theirs)))
    return Table("Learning-rate decay from α₀ = 0.2, decay rate 1", rows, source="lecture 002")
