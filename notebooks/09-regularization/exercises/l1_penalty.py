"""l1_penalty: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import family, mistake, variant

from .common import PENALTY, WEIGHTS_CHANGED, agrees, of_a_penalty, some_weights

HINTS = (
    "How much does a weight of -3 cost here, and how much one of 3?",
    "Only what is summed differs from your L2 penalty. NumPy has a function for the size of a number.",
    "Weights [[1, -2]] and [4], lam = 6, m = 3: the sizes add up to 7 and the factor is 6 / (2 * 3) = 1, so 7.",
)


def test_l1_penalty_of_one_matrix(student, rng):
    """One matrix: lam/(2m) times the sum of the sizes of its entries."""
    for shape, lam, m in [((4, 3), 0.3, 7), ((5, 5), 2.0, 1), ((1, 6), 10.0, 1000)]:
        agrees(student, "l1_penalty", some_weights(rng, [shape]), lam, m)


def test_l1_penalty_of_large_and_negative_weights(student, rng):
    """A weight costs its size, whatever its sign: opposite weights do not cancel."""
    agrees(student, "l1_penalty", [-np.abs(w) for w in some_weights(rng, scale=1e3)], 0.6, 8)
    w = rng.normal(size=(3, 3))
    agrees(student, "l1_penalty", [w, -w], 0.6, 8)


TESTS = family("l1_penalty", PENALTY, "l1_penalty")


@variant
def in_loops(weights, lam, m):
    total = 0.0
    for w in weights:
        for entry in w.ravel().tolist():
            total += abs(entry)
    return total * lam / (2 * m)


@variant
def by_root_of_the_square(weights, lam, m):
    return lam / m / 2 * math.fsum(float(np.sqrt(w * w).sum()) for w in weights)


@variant
def of_one_long_vector(weights, lam, m):
    return np.linalg.norm(np.concatenate([w.ravel() for w in weights]), 1) * lam / (2 * m)


@variant
def by_weights_and_signs(weights, lam, m):
    return lam / (2 * m) * sum(np.vdot(np.sign(w), w) for w in weights)


SIZES = "np.sum(np.abs(w))"
MISTAKES = [
    mistake("The factor is lam/m: this course keeps the 2 below in L1 as well.",
            "Work the example through by hand. By which factor are you off?",
            {"(2 * m)": "m"}),
    *of_a_penalty("np.abs(w)"),
    mistake("The weights are summed with their signs, so that they cancel.",
            "What does your penalty say about the weights 1 and -1?",
            {SIZES: "np.sum(w)"}),
    mistake("The size is taken of the sum, not of each weight.",
            "What does your penalty say about the weights 1 and -1?",
            {SIZES: "abs(np.sum(w))"}),
    mistake("These are squares, which is L2.",
            "What does a weight of 3 contribute to L1?",
            {SIZES: "np.sum(w**2)"}),
    mistake("np.linalg.norm(w, 1) of a matrix is its largest column sum.",
            "Look up what the argument 1 means for a matrix. Summing sizes needs no norm.",
            {SIZES: "np.linalg.norm(w, 1)", "in weights": "in weights if w.ndim < 3"}),
    mistake(*WEIGHTS_CHANGED, {SIZES: "np.sum(np.abs(w, out=w))"}),
    mistake("Only positive weights count.",
            "Is a large negative weight cheaper than a large positive one?",
            {SIZES: "np.sum(np.maximum(w, 0))"}),
    mistake("The non-zero weights are counted, not their sizes added.",
            "What does a weight of 3 cost compared with one of 1?",
            {SIZES: "np.count_nonzero(w)"}),
    mistake("This is the length of the weights, the root of their summed squares.",
            "np.linalg.norm computes another norm unless told otherwise. What is asked for is a sum of sizes.",
            {SIZES: "np.linalg.norm(w)"}),
    mistake("Only arrays of two axes count.",
            "Whatever is in the list is a weight, of whatever shape.",
            {"in weights": "in weights if w.ndim == 2"}),
]
