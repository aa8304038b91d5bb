"""l1_penalty: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _leaves_alone, _penalty, _weights


def test_l1_penalty_of_one_matrix(student, rng):
    """One matrix: lam/(2m) times the sum of the sizes of its entries."""
    for shape, lam, m in [((4, 3), 0.3, 7), ((5, 5), 2.0, 1), ((1, 6), 10.0, 1000)]:
        _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng, [shape]), lam, m)


def test_l1_penalty_adds_up_all_layers(student, rng):
    """Every array counts, also where their shapes differ, where they are all the same, and where they have one axis."""
    _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng), 0.9, 11)
    _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng, [(3, 3)] * 4), 1.7, 3)
    _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng, [(6,), (2, 2)]), 1.3, 5)


def test_l1_penalty_does_not_depend_on_how_weights_are_grouped(student, rng):
    """The same weights in one matrix or in several cost the same: a sum, no mean and no largest column."""
    w = rng.normal(size=(4, 3))
    together, apart = student.l1_penalty([w.copy()], 0.8, 9), student.l1_penalty([w[:1].copy(), w[1:].copy()], 0.8, 9)
    assert_close(together, reference.l1_penalty([w], 0.8, 9), what="the penalty of a matrix")
    assert_close(apart, reference.l1_penalty([w], 0.8, 9), what="the penalty of the same matrix cut in two")


def test_l1_penalty_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero without either weights or lam."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _penalty(student.l1_penalty, reference.l1_penalty, weights, lam, m)
    _penalty(student.l1_penalty, reference.l1_penalty, [np.zeros((2, 3)), rng.normal(size=4)], 2.0, 3)


def test_l1_penalty_of_large_and_negative_weights(student, rng):
    """A weight costs its size, whatever its sign: opposite weights do not cancel."""
    _penalty(student.l1_penalty, reference.l1_penalty, [-np.abs(w) for w in _weights(rng, scale=1e3)], 0.6, 8)
    w = rng.normal(size=(3, 3))
    _penalty(student.l1_penalty, reference.l1_penalty, [w, -w], 0.6, 8)


def test_l1_penalty_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l1_penalty, reference.l1_penalty, rng, 0.9, 11)


@variant
def l1_in_loops(weights, lam, m):
    total = 0.0
    for w in weights:
        for entry in w.ravel().tolist():
            total += abs(entry)
    return total * lam / (2 * m)


@variant
def l1_by_root_of_the_square(weights, lam, m):
    return lam / m / 2 * math.fsum(float(np.sqrt(w * w).sum()) for w in weights)


@variant
def l1_of_one_long_vector(weights, lam, m):
    return np.linalg.norm(np.concatenate([w.ravel() for w in weights]), 1) * lam / (2 * m)


@variant
def l1_by_weights_and_signs(weights, lam, m):
    return lam / (2 * m) * sum(np.vdot(np.sign(w), w) for w in weights)


def l1_of_the_last_layer(weights, lam, m):
    for w in weights:
        total = float(np.sum(np.abs(w)))
    return lam / (2 * m) * total


def l1_in_place(weights, lam, m):
    total = 0.0
    for w in weights:
        np.abs(w, out=w)
        total += float(w.sum())
    return lam / (2 * m) * total


def l1_for_each_layer(weights, lam, m):
    return [lam / (2 * m) * float(np.abs(w).sum()) for w in weights]


MISTAKES = [
    mistake("The factor is lam/m: this course keeps the 2 below in L1 as well.",
            "Work the example through by hand. By which factor are you off?",
            {"(2 * m) * sum": "m * sum(float", "for": ") for"}),
    mistake("The sum is not divided by m.",
            "Where has m gone? The penalty must count less, the more data there is.",
            {"(2 * m) * sum": "2 * sum(float", "for": ") for"}),
    mistake("lam / 2 * m multiplies by m: Python reads from left to right.",
            "What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
            {"(2 * m) * sum": "2 * m * sum(float", "for": ") for"}),
    mistake("lam is left out.",
            "What must the penalty be for lam = 0?",
            {"lam /": "1 /", "* sum": "* sum(float", "for": ") for"}),
    mistake("The weights are summed with their signs, so that they cancel.",
            "What does your penalty say about the weights 1 and -1?",
            {"np.sum(np.abs": "float(np.sum"}),
    mistake("The size is taken of the sum, not of each weight.",
            "What does your penalty say about the weights 1 and -1?",
            {"* sum(": "* sum(abs(float(", "np.abs(w": "w)"}),
    mistake("These are squares, which is L2.",
            "What does a weight of 3 contribute to L1?",
            {"* sum(": "* sum(float(", "np.abs(w": "w**2"}),
    mistake("np.linalg.norm(w, 1) of a matrix is its largest column sum.",
            "Look up what the argument 1 means for a matrix. Summing sizes needs no norm.",
            {"np.sum(np.abs(w": "float(np.linalg.norm(w, 1", "weights)": "weights if w.ndim < 3)"}),
    mistake("The penalty is averaged over the weights instead of summed.",
            "Should a network with twice as many weights of the same size pay the same?",
            {"np.sum": "float(np.mean", "for": ") for"}),
    mistake("The penalty is averaged over the layers.",
            "The formula sums over the layers. Is there a count of layers in it?",
            {"* sum": "* sum(float", "for": ") for", "weights)": "weights) / len(weights)"}),
    mistake("Only the last array counts: the total is overwritten in the loop.",
            "What becomes of the first layer's sum when the second one's is computed?",
            by=l1_of_the_last_layer),
    mistake("Only the first array counts.",
            "How many arrays are in the list, and how many does your function look at?",
            {"* sum": "* float", "w)) for w in weights": "weights[0]))"}),
    mistake("The list is turned into one array, which fails where the matrices differ in shape.",
            "Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
            {"* sum": "* float", "w)) for w in weights": "weights))"}),
    mistake("Arrays of one axis are left out.",
            "Whoever calls the function decides what is a weight. Does every array in the list count?",
            {"* sum": "* sum(float", "for": ") for", "weights)": "weights if w.ndim > 1)"}),
    mistake("The signs are taken off the caller's weights: the arrays are changed.",
            "np.abs with out=w, or w[w < 0] *= -1, writes into the array that came in.",
            by=l1_in_place),
    mistake("Only positive weights count.",
            "Is a large negative weight cheaper than a large positive one?",
            {"* sum(": "* sum(float(", "abs(w": "maximum(w, 0)"}),
    mistake("The non-zero weights are counted, not their sizes added.",
            "What does a weight of 3 cost compared with one of 1?",
            {"np.sum(np.abs": "int(np.count_nonzero"}),
    mistake("This is the length of the weights, the root of their summed squares.",
            "np.linalg.norm computes another norm unless told otherwise. What is asked for is a sum of sizes.",
            {"np.sum(np.abs": "float(np.linalg.norm"}),
    mistake("The last array is left out.",
            "Up to which index does your loop run? Try a list with a single array.",
            {"np.sum": "float", "))": ").sum())", "weights)": "weights[:-1])"}),
    mistake("The first array is left out.",
            "At which index does a list begin?",
            {"np.sum": "float", "))": ").sum())", "weights)": "weights[1:])"}),
    mistake("Only arrays of two axes count.",
            "Whatever is in the list is a weight, of whatever shape.",
            {"np.sum": "float", "))": ").sum())", "weights)": "weights if w.ndim == 2)"}),
    mistake("There is a penalty for each array, in a list; their sum is asked for.",
            "One number is asked for. What should become of the numbers in your list?",
            by=l1_for_each_layer),
]
