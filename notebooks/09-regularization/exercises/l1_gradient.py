"""l1_gradient: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _copied, _gradients, _leaves_alone, _slopes, _weights


def test_l1_gradient_is_the_slope_of_the_penalty(student, rng):
    """Away from zero the gradients meet central differences of the penalty."""
    weights = [w + np.copysign(0.1, w) for w in _weights(rng)]
    slopes = _slopes(lambda v: 0.9 / (2 * 7) * sum(float(np.abs(w).sum()) for w in v), weights)
    assert_close(student.l1_gradient(_copied(weights), 0.9, 7), slopes, rtol=1e-4, atol=1e-7, what="the gradients")


def test_l1_gradient_of_each_array(student, rng):
    """One gradient for each array, in its order and shape."""
    _gradients(student.l1_gradient, reference.l1_gradient, _weights(rng), 2.5, 6)
    _gradients(student.l1_gradient, reference.l1_gradient, _weights(rng, [(3, 3)] * 3), 0.4, 13)
    _gradients(student.l1_gradient, reference.l1_gradient, _weights(rng, [(5,)]), 1.9, 2)


def test_l1_gradient_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero for lam = 0."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _gradients(student.l1_gradient, reference.l1_gradient, weights, lam, m)


def test_l1_gradient_is_zero_at_zero(student, rng):
    """A weight of exactly zero is not pushed, while its neighbours are."""
    w = rng.normal(size=(4, 4))
    w[1], w[:, 2] = 0.0, 0.0
    _gradients(student.l1_gradient, reference.l1_gradient, [w, np.zeros(3), rng.normal(size=(2, 2))], 1.2, 5)


def test_l1_gradient_pulls_tiny_and_large_weights_alike(student, rng):
    """A weight of 1e-10 is pulled as hard as one of a thousand."""
    signs = np.sign(rng.normal(size=(3, 4)))
    _gradients(student.l1_gradient, reference.l1_gradient, [1e-10 * signs, 1e3 * signs.T, 0.5 * signs], 3.0, 4)


def test_l1_gradient_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l1_gradient, reference.l1_gradient, rng, 0.9, 11)


@variant
def l1_gradients_by_comparison(weights, lam, m):
    return [lam / (2 * m) * ((w > 0).astype(float) - (w < 0).astype(float)) for w in weights]


@variant
def l1_gradients_by_where(weights, lam, m):
    s = 0.5 * lam / m
    return [np.where(w > 0, s, np.where(w < 0, -s, 0.0)) for w in weights]


@variant
def l1_gradients_by_masks(weights, lam, m):
    grads = []
    for w in weights:
        g = np.zeros_like(w)
        g[w > 0] = lam / 2 / m
        g[w < 0] = -lam / 2 / m
        grads.append(g)
    return tuple(grads)


MISTAKES = [
    mistake("The factor is lam/m: nothing cancels the 2 here.",
            "The slope of |w| is 1. What then happens to the 2 of the penalty?",
            {"(2 * m)": "m"}),
    mistake("lam is left out.",
            "What must the gradient be for lam = 0?",
            {"[lam": "[np.sign(w)", "* np.sign(w)": ""}),
    mistake("The division by m is left out.",
            "The penalty is divided by m. Can its gradient be without it?",
            {"(2 * m)": "2"}),
    mistake("lam / 2 * m multiplies by m: Python reads from left to right.",
            "What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
            {"(2 * m)": "2 * m"}),
    mistake("Only the signs are returned, without the strength.",
            "Where do lam and m occur in your gradient?",
            {"lam / (2 * m) *": ""}),
    mistake("A weight of exactly 0 gets the slope +1.",
            "Which case of the formula is w = 0? What does >= do with it?",
            {"sign(w": "where(w >= 0, 1.0, -1.0"}),
    mistake("A weight of exactly 0 gets the slope -1.",
            "Which of your two cases does w = 0 fall into? The formula has three.",
            {"sign(w": "where(w > 0, 1.0, -1.0"}),
    mistake("Negative weights get no gradient: that is ReLU's, not that of the size.",
            "Which slope has |w| to the left of 0?",
            {"sign(w": "where(w > 0, 1.0, 0.0"}),
    mistake("The sign is computed as w / |w|, which is nan at 0.",
            "What is 0 / 0? NumPy has a function that knows all three cases.",
            {"np.sign": "w / np.abs"}),
    mistake("The sign is smoothed with a small number below, so that tiny weights are hardly pulled.",
            "How hard should a weight of 1e-9 be pulled? Work out 1e-9 / (1e-9 + 1e-8).",
            {"np.sign(w": "w / (np.abs(w) + 1e-8"}),
    mistake("The sizes of the weights are returned, not the slope of the size.",
            "Does the slope of |w| depend on how large w is?",
            {"sign": "abs"}),
    mistake("This is the gradient of L2: it is proportional to the weight.",
            "How hard does L1 pull on a weight of 10 compared with one of 1?",
            {"(2 * m) * np.sign(w)": "m * w"}),
    mistake("The weights take the place of their signs.",
            "Does the slope of |w| depend on how large w is?",
            {"np.sign(w)": "w"}),
    mistake("All weights get the slope +1.",
            "Which slope has |w| to the left of 0?",
            {"sign": "ones_like"}),
    mistake("The sign is turned round: this points downhill.",
            "A gradient points to where the penalty grows. The step brings the minus.",
            {"[": "[-"}),
    mistake("Each gradient is summed up to a number.",
            "A gradient has the shape of what it differentiates.",
            {"np": "float(np.sum(np", "for": ")) for"}),
    mistake("The gradients are joined into one long vector.",
            "One array for each array in the list, in its shape: how will W1 find its own gradient?",
            {"[": "", "sign(w": "concatenate([np.sign(w).ravel(", "]": "])"}),
    mistake("The list is turned into one array, which fails where the matrices differ in shape.",
            "Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
            {"[": "list(", "w) for w in weights]": "np.array(weights)))"}),
    mistake("A bare array is returned, the gradient of the last one.",
            "What happens to the gradient of the first array in your loop?",
            {"return [": "for w in weights:\n        grad =", "for w in weights]": "\n    return grad"}),
    mistake("The signs are written into the caller's weights.",
            "Assigning to w[w > 0] changes the array that came in. Where could the result go instead?",
            {"return [": "for w in weights:\n        w[:] =", "for w in weights]": "\n    return weights"}),
    mistake("Weights below a small size are taken for zero and not pulled.",
            "How hard should a weight of 1e-9 be pulled?",
            {"sign(w": "where(np.abs(w) < 1e-6, 0.0, np.sign(w)"}),
    mistake("The sign is approximated by a steep tanh, so that tiny weights are hardly pulled.",
            "Try a weight of 1e-9. NumPy has a function for signs.",
            {"sign(": "tanh(1000 *"}),
    mistake("A bare array is returned, the gradient of the first one.",
            "How many gradients does a list of three arrays have?",
            {"[": "", "w) for w in weights]": "weights[0])"}),
    mistake("Arrays of one axis get no gradient.",
            "Whatever is in the list is a weight, of whatever shape.",
            {"for": "if w.ndim > 1 else np.zeros_like(w) for"}),
    mistake("The weights are clipped to the range from -1 to 1, so that small ones are pulled less than large ones.",
            "What is the slope of |w| at w = 0.1?",
            {"sign(w": "clip(w, -1, 1"}),
]
