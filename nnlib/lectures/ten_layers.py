"""What ten layers do to a signal, weight by weight."""

import math
from collections.abc import Callable

import numpy as np

from nnlib._validate import Array
from nnlib.activations import affine_backward, affine_forward, relu, tanh
from nnlib.initializers import Init, activation_stats, init_normal, lecun_normal
from nnlib.lectures.tables import Row, Table, agree, in_kind, misprint, near

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
            if (name, layer) == MISPRINTED:
                verdict = misprint(lecture[layer] < ours < lecture[layer - 2])  # between its neighbours
            else:
                # Ten layers multiply the chance of each draw: small weights scatter by some 10% at the end.
                verdict = agree(near(ours, theirs, rel=0.15 if name == "0.01" else 0.03))
            rows.append(Row(f"weights of deviation {name}: layer {layer}", f"{theirs:.6f}", f"{ours:.6f}", verdict))
    return Table(
        "Standard deviation of activations, ten layers of 500 tanh units",
        rows,
        "0.01 lets signals die out, 1 saturates every unit, 1/√n keeps them alive.\n"
        "Agrees: within 3%, and within 15% for 0.01, where the luck of ten draws multiplies.\n"
        "Misprint: the figure of layer 4 printed again; it must lie between those of layers 4 and 6.",
        source="lecture 003",
    )


def variances(rng: np.random.Generator) -> Table:
    """The variance of weights, times n, at which a layer hands on the power of the signal that it received."""

    def power_kept(activation: Callable[[Array], Array]) -> float:
        """Mean square of a layer's output over that of the layer before, for weights of variance 1/n."""
        means, stds = activation_stats([UNITS] * (LAYERS + 1), lecun_normal, activation, rng)
        squares = means**2 + stds**2
        return float((squares[-1] / squares[0]) ** (1 / (LAYERS - 1)))

    rows = []
    for name, activation, said, n in (("linear units", np.positive, "1/n", 1), ("ReLU", relu, "2/n", 2)):
        ours = 1 / power_kept(activation)
        rows.append(Row(f"{name}: Var(w)", said, f"{ours:.2f}/n", agree(near(ours, n, rel=0.1))))
    return Table(
        "The variance of weights that keeps a signal, measured over ten layers of 500 units",
        rows,
        "ReLU cuts half of the signal's power away, and the 2 puts it back: He et al. (2015). Agrees: within 10%.",
        source="lecture 002",
    )


def depth(rng: np.random.Generator) -> Table:
    """A linear net of equal weights: what comes out, and what comes back, as a power of the weight."""
    layers = 50

    def powers(weight: float, last: float) -> tuple[float, float]:
        x = start = rng.uniform(1, 2, size=(1, 2))
        caches = []
        for w in [weight] * (layers - 1) + [last]:
            x, cache = affine_forward(x, w * np.eye(2), np.zeros(2))
            caches.append(cache)
        gradient = np.ones((1, 2))
        for cache in reversed(caches):
            gradient = affine_backward(gradient, cache)[0]
        growth, back = float(x[0, 0] / start[0, 0]), float(gradient[0, 0])
        return math.log(growth) / math.log(weight), math.log(back) / math.log(weight)

    rows = []
    for weight, last, said, power in ((1.5, 1.0, "1.5^(L−1)", 49), (0.5, 0.5, "0.5^L", 50)):
        ahead, back = powers(weight, last)
        rows += [
            Row(f"W = {weight}·I: ŷ", said, f"{weight}^{ahead:.1f}", agree(near(ahead, power, 1e-6))),
            Row(
                f"W = {weight}·I: derivative by x", "likewise", f"{weight}^{back:.1f}", in_kind(near(back, power, 1e-6))
            ),
        ]
    return Table(
        "Signals and derivatives in a linear net of L = 50 layers",
        rows,
        "1.5^49 is 4e8, 0.5^50 is 9e-16. The last layer has W = I in the first case, 0.5·I in the second.",
        source="lecture 002",
    )
