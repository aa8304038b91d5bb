"""l2_gradient: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _copied, _gradients, _leaves_alone, _slopes, _weights


def test_l2_gradient_is_the_slope_of_the_penalty(student, rng):
    """The gradients meet central differences of the penalty."""
    weights = _weights(rng)
    slopes = _slopes(lambda v: 0.9 / (2 * 7) * sum(float(np.sum(w * w)) for w in v), weights)
    assert_close(student.l2_gradient(_copied(weights), 0.9, 7), slopes, rtol=1e-4, atol=1e-7, what="the gradients")


def test_l2_gradient_of_each_array(student, rng):
    """One gradient for each array, in its order and shape."""
    _gradients(student.l2_gradient, reference.l2_gradient, _weights(rng), 2.5, 6)
    _gradients(student.l2_gradient, reference.l2_gradient, _weights(rng, [(3, 3)] * 3), 0.4, 13)
    _gradients(student.l2_gradient, reference.l2_gradient, _weights(rng, [(5,)]), 1.9, 2)


def test_l2_gradient_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero for lam = 0."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _gradients(student.l2_gradient, reference.l2_gradient, weights, lam, m)


def test_l2_gradient_of_zero_tiny_and_large_weights(student, rng):
    """The pull is proportional to the weight, down to zero and up to a thousand."""
    w = rng.normal(size=(3, 4))
    for scale in (1e-4, 1e3):
        _gradients(student.l2_gradient, reference.l2_gradient, [scale * w, rng.normal(size=(4, 2))], 3.0, 4)
    _gradients(student.l2_gradient, reference.l2_gradient, [np.zeros((2, 2)), w], 3.0, 4)


def test_l2_gradient_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l2_gradient, reference.l2_gradient, rng, 0.9, 11)


@variant
def l2_gradients_in_a_loop(weights, lam, m):
    grads = []
    for w in weights:
        grads.append(w * lam / m)
    return grads


@variant
def l2_gradients_as_a_tuple(weights, lam, m):
    return tuple(2 * lam / (2 * m) * w for w in weights)


@variant
def l2_gradients_on_copies(weights, lam, m):
    grads = [w.copy() for w in weights]
    for g in grads:
        g *= lam / m
    return grads


@variant
def l2_gradients_in_float32(weights, lam, m):
    return [(np.float64(lam) / m * w).astype(np.float32) for w in weights]


def l2_gradient_in_place(weights, lam, m):
    for w in weights:
        w *= lam / m
    return weights


def l2_gradient_drops_vectors(weights, lam, m):
    return [lam / m * w for w in weights if w.ndim > 1]


MISTAKES = [
    mistake("The factor is lam/(2m), as in the penalty: the 2 of the derivative is missing.",
            "What is the derivative of w squared?",
            {"/ m": "/ (2 * m)"}),
    mistake("The factor is 2 lam/m: the half of the penalty was forgotten.",
            "Differentiate the penalty as it is written: which two numbers cancel?",
            {"[": "[2 *"}),
    mistake("lam is left out.",
            "What must the gradient be for lam = 0?",
            {"lam / m * w": "w / m"}),
    mistake("The division by m is left out.",
            "The penalty is divided by m. Can its gradient be without it?",
            {"/ m": ""}),
    mistake("lam * m stands where lam / m should.",
            "What happens to the pull when there is more data?",
            {"/": "*"}),
    mistake("This is the gradient of L1: the sign of the weights, not the weights.",
            "How hard does L2 pull on a weight of 10 compared with one of 1?",
            {"* w": "* np.sign(w)"}),
    mistake("The sizes of the weights stand in for the weights: negative ones are pushed further away.",
            "Which sign has the slope of w squared at w = -2?",
            {"* w": "* np.abs(w)"}),
    mistake("The squares were kept: this is the penalty entry by entry, not its slope.",
            "What is the derivative of w squared?",
            {"for": "**2 for"}),
    mistake("The sign is turned round: this points downhill.",
            "A gradient points to where the penalty grows. The step brings the minus.",
            {"[": "[-"}),
    mistake("This shrinks the weights instead of differentiating: it is what a step makes of them.",
            "The gradient is what is subtracted in a step, not what is left after it.",
            {"lam / m": "(1 - lam / m)"}),
    mistake("Each gradient is summed up to a number.",
            "A gradient has the shape of what it differentiates.",
            {"* w": "* float(np.sum(w))"}),
    mistake("The gradients are joined into one long vector.",
            "One array for each array in the list, in its shape: how will W1 find its own gradient?",
            {"[": "", "* w": "* np.concatenate([w.ravel()", "]": "])"}),
    mistake("The list is turned into one array, which fails where the matrices differ in shape.",
            "Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
            {"[": "list(", "w for w in weights]": "np.array(weights))"}),
    mistake("The gradient of the first array alone is returned.",
            "How many arrays came in, and how many go out?",
            {"w for w in weights]": "weights[0]]"}),
    mistake("A bare array is returned, the gradient of the last one.",
            "What happens to the gradient of the first array in your loop?",
            {"grads = []": "", ".append(w * lam / m)": "= lam / m * w"}, of=l2_gradients_in_a_loop),
    mistake("The weights themselves are multiplied: the caller's arrays are changed.",
            "Which operation writes into its operand, and which makes a new array?",
            by=l2_gradient_in_place),
    mistake("The gradient is averaged: it is divided by the number of weights as well.",
            "Is there a mean over the weights in the penalty?",
            {"for": "/ w.size for"}),
    mistake("The gradients are returned transposed.",
            "A gradient has the shape of what it differentiates.",
            {"for": ".T for"}),
    mistake("Arrays of one axis get no gradient.",
            "Whoever calls the function decides what is a weight. Does every array in the list get its gradient?",
            {"for": "if w.ndim > 1 else np.zeros_like(w) for"}),
    mistake("Every weight has the same slope, whatever its size.",
            "Differentiate w**2 for a single weight.",
            {"lam / m * w": "np.full_like(w, lam / m)"}),
    mistake("Each gradient is divided by the length of its array, as if the penalty were that length.",
            "Differentiate w**2 for a single weight. Do other weights come in?",
            {"for": "/ np.sqrt((w**2).sum()) for"}),
    mistake("lam / 2 * m multiplies by m, and the 2 has cancelled already.",
            "In which order does Python go through lam / 2 * m? And what is left of the 2 after differentiating?",
            {"/": "/ 2 *"}),
    mistake("Each array is divided by the number of its rows; the argument m is not used.",
            "What does m count? Does it have to do with the shape of a weight matrix?",
            {"/ m": "/ len(w)"}),
    mistake("Arrays of one axis are missing from the list.",
            "How many gradients does a list of three arrays have?",
            by=l2_gradient_drops_vectors),
    mistake("Each gradient is flattened to one axis.",
            "Compare the shapes of your gradients with those of the weights.",
            {"for": ".ravel() for"}),
    mistake("The gradients come in the reverse order of the weights.",
            "Which gradient belongs to the first array of the list?",
            {"]": "[::-1]]"}),
    mistake("All gradients are summed up to one number.",
            "A gradient has an entry for each weight. What shape must each of yours have?",
            {"[": "", "* w": "* sum(float(w.sum())", "]": ")"}),
]
