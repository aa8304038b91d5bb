"""l2_gradient: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import GRADIENTS, WEIGHTS_CHANGED, agrees, copied, of_gradients, slopes, some_weights

HINTS = (
    "How does w**2 grow if w grows a little? What does that leave of the 2 in the factor?",
    "Each array has a gradient of its own, of its own shape. What would you do to one array? Then do it to each "
    "in the list.",
    "lam = 6, m = 3, weights [[1, -2]] and [4]: every entry is multiplied by 6 / 3 = 2, so the gradients are [[2, "
    "-4]] and [8].",
)


def test_l2_gradient_is_the_slope_of_the_penalty(student, rng):
    """The gradients meet central differences of the penalty."""
    weights = some_weights(rng)
    expected = slopes(lambda v: 0.9 / (2 * 7) * sum(float(np.sum(w * w)) for w in v), weights)
    assert_close(student.l2_gradient(copied(weights), 0.9, 7), expected, rtol=1e-4, atol=1e-7, what="the gradients")


def test_l2_gradient_of_zero_tiny_and_large_weights(student, rng):
    """The pull is proportional to the weight, down to zero and up to a thousand."""
    w = rng.normal(size=(3, 4))
    for scale in (1e-4, 1e3):
        agrees(student, "l2_gradient", [scale * w, rng.normal(size=(4, 2))], 3.0, 4)
    agrees(student, "l2_gradient", [np.zeros((2, 2)), w], 3.0, 4)


TESTS = family("l2_gradient", GRADIENTS, "l2_gradient")


@variant
def in_a_loop(weights, lam, m):
    grads = []
    for w in weights:
        grads.append(w * lam / m)
    return grads


@variant
def as_a_tuple(weights, lam, m):
    return tuple(2 * lam / (2 * m) * w for w in weights)


@variant
def on_copies(weights, lam, m):
    grads = [w.copy() for w in weights]
    for g in grads:
        g *= lam / m
    return grads


@variant
def in_float32(weights, lam, m):
    return [(np.float64(lam) / m * w).astype(np.float32) for w in weights]


FACTOR, SLOPE = "lam / m", "* w for"
GRADS = "[lam / m * w for w in weights]"
MISTAKES = [
    mistake("The factor is lam/(2m), as in the penalty: the 2 of the derivative is missing.",
            "What is the derivative of w squared?",
            {FACTOR: "lam / (2 * m)"}),
    mistake("The factor is 2 lam/m: the half of the penalty was forgotten.",
            "Differentiate the penalty as it is written: which two numbers cancel?",
            {FACTOR: "2 * lam / m"}),
    *of_gradients(FACTOR, "w", without_m="lam"),
    mistake("lam * m stands where lam / m should.",
            "What happens to the pull when there is more data?",
            {FACTOR: "lam * m"}),
    mistake("This is the gradient of L1: the sign of the weights, not the weights.",
            "How hard does L2 pull on a weight of 10 compared with one of 1?",
            {SLOPE: "* np.sign(w) for"}),
    mistake("The sizes of the weights stand in for the weights: negative ones are pushed further away.",
            "What is the sign of the slope of w squared at w = -2?",
            {SLOPE: "* np.abs(w) for"}),
    mistake("The squares were kept: this is the penalty entry by entry, not its slope.",
            "What is the derivative of w squared?",
            {SLOPE: "* w**2 for"}),
    mistake("This shrinks the weights instead of differentiating: it is what a step makes of them.",
            "The gradient is what is subtracted in a step, not what is left after it.",
            {FACTOR: "(1 - lam / m)"}),
    mistake(*WEIGHTS_CHANGED, {f"return {GRADS}": "for w in weights:\n        w *= lam / m\n    return weights"}),
    mistake("The gradient is averaged: it is divided by the number of weights as well.",
            "Is there a mean over the weights in the penalty?",
            {SLOPE: "* w / w.size for"}),
    mistake("The gradients are returned transposed.",
            "A gradient has the shape of what it differentiates.",
            {SLOPE: "* w.T for"}),
    mistake("Every weight has the same slope, whatever its size.",
            "Differentiate w**2 for a single weight.",
            {SLOPE: "* np.ones_like(w) for"}),
    mistake("Each gradient is divided by the length of its array, as if the penalty were that length.",
            "Differentiate w**2 for a single weight. Do other weights come in?",
            {SLOPE: "* w / np.linalg.norm(w) for"}),
    mistake("lam / 2 * m multiplies by m, and the 2 has cancelled already.",
            "In which order does Python go through lam / 2 * m? And what is left of the 2 after differentiating?",
            {FACTOR: "lam / 2 * m"}),
    mistake("Each array is divided by the number of its rows; the argument m is not used.",
            "What does m count? Does it have to do with the shape of a weight matrix?",
            {FACTOR: "lam / len(w)"}),
    mistake("Each gradient is flattened to one axis.",
            "Compare the shapes of your gradients with those of the weights.",
            {SLOPE: "* w.ravel() for"}),
    mistake("The gradients come in the reverse order of the weights.",
            "Which gradient belongs to the first array of the list?",
            {"in weights]": "in weights[::-1]]"}),
    mistake("All gradients are summed up to one number.",
            "A gradient has an entry for each weight. What shape must each of yours have?",
            {GRADS: "lam / m * sum(np.sum(w) for w in weights)"}),
]
