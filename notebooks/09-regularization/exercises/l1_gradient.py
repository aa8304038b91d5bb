"""l1_gradient: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import GRADIENTS, LEFT_TO_RIGHT, WEIGHTS_CHANGED, agrees, copied, of_gradients, slopes, some_weights

HINTS = (
    "Draw |w|. How steep is it at 5, at 0.01 and at -5?",
    "NumPy has a function that gives +1, 0 or -1. And does anything cancel the 2 this time?",
    "lam = 6, m = 3, the array [[0.01, -2, 0]]: the factor is 6 / (2 * 3) = 1, so the gradient is [[1, -1, 0]], "
    "however small the first weight is.",
)


def test_l1_gradient_is_the_slope_of_the_penalty(student, rng):
    """Away from zero the gradients meet central differences of the penalty."""
    weights = [w + np.copysign(0.1, w) for w in some_weights(rng)]
    expected = slopes(lambda v: 0.9 / (2 * 7) * sum(float(np.abs(w).sum()) for w in v), weights)
    assert_close(student.l1_gradient(copied(weights), 0.9, 7), expected, rtol=1e-4, atol=1e-7, what="the gradients")


def test_l1_gradient_is_zero_at_zero(student, rng):
    """A weight of exactly zero is not pushed, while its neighbours are."""
    w = rng.normal(size=(4, 4))
    w[1], w[:, 2] = 0.0, 0.0
    agrees(student, "l1_gradient", [w, np.zeros(3), rng.normal(size=(2, 2))], 1.2, 5)


def test_l1_gradient_pulls_tiny_and_large_weights_alike(student, rng):
    """A weight of 1e-10 is pulled as hard as one of a thousand."""
    signs = np.sign(rng.normal(size=(3, 4)))
    agrees(student, "l1_gradient", [1e-10 * signs, 1e3 * signs.T, 0.5 * signs], 3.0, 4)


TESTS = family("l1_gradient", GRADIENTS, "l1_gradient")


@variant
def by_comparison(weights, lam, m):
    return [lam / (2 * m) * ((w > 0).astype(float) - (w < 0).astype(float)) for w in weights]


@variant
def by_where(weights, lam, m):
    s = 0.5 * lam / m
    return [np.where(w > 0, s, np.where(w < 0, -s, 0.0)) for w in weights]


@variant
def by_masks(weights, lam, m):
    grads = []
    for w in weights:
        g = np.zeros_like(w)
        g[w > 0] = lam / 2 / m
        g[w < 0] = -lam / 2 / m
        grads.append(g)
    return tuple(grads)


FACTOR, SIGN = "lam / (2 * m)", "np.sign(w)"
GRADS = f"[{FACTOR} * {SIGN} for w in weights]"
MISTAKES = [
    mistake("The factor is lam/m: nothing cancels the 2 here.",
            "The slope of |w| is 1. What then happens to the 2 of the penalty?",
            {FACTOR: "lam / m"}),
    *of_gradients(FACTOR, SIGN, without_m="lam / 2"),
    mistake(*LEFT_TO_RIGHT, {FACTOR: "lam / 2 * m"}),
    mistake("Only the signs are returned, without the strength.",
            "Where do lam and m occur in your gradient?",
            {f"{FACTOR} * ": ""}),
    mistake("A weight of exactly 0 gets the slope +1.",
            "Which case of the formula is w = 0? What does >= do with it?",
            {SIGN: "np.where(w >= 0, 1.0, -1.0)"}),
    mistake("A weight of exactly 0 gets the slope -1.",
            "Which of your two cases does w = 0 fall into? The formula has three.",
            {SIGN: "np.where(w > 0, 1.0, -1.0)"}),
    mistake("Negative weights get no gradient: that is ReLU's, not that of the size.",
            "What is the slope of |w| to the left of 0?",
            {SIGN: "np.where(w > 0, 1.0, 0.0)"}),
    mistake("The sign is computed as w / |w|, which is nan at 0.",
            "What is 0 / 0? NumPy has a function that knows all three cases.",
            {SIGN: "w / np.abs(w)"}),
    mistake("The sign is smoothed with a small number below, so that tiny weights are hardly pulled.",
            "How hard should a weight of 1e-9 be pulled? Work out 1e-9 / (1e-9 + 1e-8).",
            {SIGN: "w / (np.abs(w) + 1e-8)"}),
    mistake("The sizes of the weights are returned, not the slope of the size.",
            "Does the slope of |w| depend on how large w is?",
            {SIGN: "np.abs(w)"}),
    mistake("This is the gradient of L2: it is proportional to the weight.",
            "How hard does L1 pull on a weight of 10 compared with one of 1?",
            {f"{FACTOR} * {SIGN}": "lam / m * w"}),
    mistake("The weights take the place of their signs.",
            "Does the slope of |w| depend on how large w is?",
            {SIGN: "w"}),
    mistake("All weights get the slope +1.",
            "What is the slope of |w| to the left of 0?",
            {SIGN: "np.ones_like(w)"}),
    mistake(*WEIGHTS_CHANGED,
            {f"return {GRADS}": f"for w in weights:\n        w[:] = {FACTOR} * {SIGN}\n    return weights"}),
    mistake("Weights below a small size are taken for zero and not pulled.",
            "How hard should a weight of 1e-9 be pulled?",
            {SIGN: "np.where(np.abs(w) < 1e-6, 0.0, np.sign(w))"}),
    mistake("The sign is approximated by a steep tanh, so that tiny weights are hardly pulled.",
            "Try a weight of 1e-9. NumPy has a function for signs.",
            {SIGN: "np.tanh(1000 * w)"}),
    mistake("The weights are clipped to the range from -1 to 1, so that small ones are pulled less than large ones.",
            "What is the slope of |w| at w = 0.1?",
            {SIGN: "np.clip(w, -1, 1)"}),
]
