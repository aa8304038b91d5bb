"""l2_penalty: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _leaves_alone, _penalty, _weights


def test_l2_penalty_of_one_matrix(student, rng):
    """One matrix: lam/(2m) times the sum of the squares of its entries."""
    for shape, lam, m in [((4, 3), 0.3, 7), ((5, 5), 2.0, 1), ((1, 6), 10.0, 1000)]:
        _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [shape]), lam, m)


def test_l2_penalty_adds_up_all_layers(student, rng):
    """Every array counts, also where their shapes differ, and where they are all the same."""
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng), 0.9, 11)
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [(3, 3)] * 4), 1.7, 3)


def test_l2_penalty_counts_every_array_in_the_list(student, rng):
    """An array of one axis is a weight like any other: whoever calls leaves the biases out."""
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [(6,), (2, 2)]), 1.3, 5)
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [(5,)]), 1.3, 4)


def test_l2_penalty_does_not_depend_on_how_weights_are_grouped(student, rng):
    """The same weights in one matrix or in several cost the same: a sum, no mean and no root."""
    w = rng.normal(size=(4, 3))
    together, apart = student.l2_penalty([w.copy()], 0.8, 9), student.l2_penalty([w[:1].copy(), w[1:].copy()], 0.8, 9)
    assert_close(together, reference.l2_penalty([w], 0.8, 9), what="the penalty of a matrix")
    assert_close(apart, reference.l2_penalty([w], 0.8, 9), what="the penalty of the same matrix cut in two")


def test_l2_penalty_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero without either weights or lam."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _penalty(student.l2_penalty, reference.l2_penalty, weights, lam, m)
    _penalty(student.l2_penalty, reference.l2_penalty, [np.zeros((2, 3)), rng.normal(size=4)], 2.0, 3)


def test_l2_penalty_of_large_and_negative_weights(student, rng):
    """A weight costs its square, whatever its sign and size."""
    weights = [-np.abs(w) for w in _weights(rng, scale=1e3)]
    _penalty(student.l2_penalty, reference.l2_penalty, weights, 0.6, 8)


def test_l2_penalty_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l2_penalty, reference.l2_penalty, rng, 0.9, 11)


@variant
def l2_in_loops(weights, lam, m):
    total = 0.0
    for w in weights:
        for entry in w.flat:
            total += entry * entry
    return lam * total / (2 * m)


@variant
def l2_by_frobenius_norm(weights, lam, m):
    return 0.5 * lam / m * np.sum([np.linalg.norm(w.ravel()) ** 2 for w in weights])


@variant
def l2_of_one_long_vector(weights, lam, m):
    theta = np.concatenate([np.ravel(w) for w in weights])
    return float(theta @ theta) * lam / 2 / m


@variant
def l2_by_einsum(weights, lam, m):
    return np.array(lam / (2 * m) * sum(np.einsum("i,i->", w.reshape(-1), w.reshape(-1)) for w in weights))


def l2_of_the_last_layer(weights, lam, m):
    for w in weights:
        total = float(np.sum(w**2))
    return lam / (2 * m) * total


def l2_squares_in_place(weights, lam, m):
    total = 0.0
    for w in weights:
        w *= w
        total += float(w.sum())
    return lam / (2 * m) * total


def l2_for_each_layer(weights, lam, m):
    return [lam / (2 * m) * float(np.sum(w**2)) for w in weights]


def l2_squares_lam_as_well(weights, lam, m):
    return sum(float(np.sum((lam * w) ** 2)) for w in weights) / (2 * m)


def l2_scales_the_total_again(weights, lam, m):
    total = 0.0
    for w in weights:
        total = (total + float((w**2).sum())) * lam / (2 * m)
    return total


MISTAKES = [
    mistake("The factor is lam/m: the 2 below is missing.",
            "Work the example through by hand. By which factor are you off?",
            {"(2 * m) * sum": "m * sum(float", "for": ") for"}),
    mistake("The sum is not divided by m.",
            "The loss is a mean over m examples. What must happen to the penalty so that more data counts for more?",
            {"(2 * m) * sum": "2 * sum(float", "for": ") for"}),
    mistake("lam / 2 * m multiplies by m: Python reads from left to right.",
            "What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
            {"(2 * m) * sum": "2 * m * sum(float", "for": ") for"}),
    mistake("lam is left out.",
            "What must the penalty be for lam = 0?",
            {"lam /": "1 /", "np": "float(np", "for": ") for"}),
    mistake("The penalty is averaged over the weights instead of summed.",
            "Should a network with twice as many weights of the same size pay the same?",
            {"np.sum": "float(np.mean", "2)": "2))"}),
    mistake("The penalty is averaged over the layers.",
            "The formula sums over the layers. Is there a count of layers in it?",
            {"np": "float(np", "for": ") for", "weights)": "weights) / len(weights)"}),
    mistake("This is the length of the weights, not its square: a root too many.",
            "np.linalg.norm takes a root. Does the formula?",
            {"np": "float(np.sqrt(np", "for": ")) for"}),
    mistake("A root is taken of the sum of all squares.",
            "Is there a root in the formula?",
            {"* sum": "* np.sqrt(sum(float", "for": ") for", "weights)": "weights))"}),
    mistake("np.linalg.norm(w, 2) of a matrix is its largest singular value, not the root of the summed squares.",
            "Look up what the argument 2 means for a matrix, and what is computed without it.",
            {"np.sum(w**2)": "float(np.linalg.norm(w, 2)) ** 2"}),
    mistake("The weights are summed first and squared afterwards.",
            "What does your penalty say about the weights 1 and -1?",
            {"np": "float(np", "**2)": ")) ** 2"}),
    mistake("These are the sizes of the weights, which is L1; L2 has their squares.",
            "What does a weight of 3 contribute to L2?",
            {"np": "float(np", "w**2": "np.abs(w))"}),
    mistake("Only the last array counts: the total is overwritten in the loop.",
            "What becomes of the first layer's sum when the second one's is computed?",
            by=l2_of_the_last_layer),
    mistake("Only the first array counts.",
            "How many arrays are in the list, and how many does your function look at?",
            {"* sum": "* float", "w**2) for w in weights": "weights[0] ** 2)"}),
    mistake("The list is turned into one array, which fails where the matrices differ in shape.",
            "Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
            {"* sum": "* float", "w**2) for w in weights)": "np.square(weights)))"}),
    mistake("w.T @ w summed over everything multiplies different weights with each other.",
            "Which entries of w.T @ w are squares of single weights times nothing else? w**2 needs no matrix product.",
            {"np": "float(np", "**2": ".T @ w)"}),
    mistake("Arrays of one axis are left out.",
            "Whoever calls the function decides what is a weight. Does every array in the list count?",
            {"np": "float(np", "for": ") for", "weights)": "weights if w.ndim > 1)"}),
    mistake("The weights themselves are squared: the caller's arrays are changed.",
            "Which operation writes into its operand, and which makes a new array?",
            by=l2_squares_in_place),
    mistake("There is a penalty for each array, in a list; their sum is asked for.",
            "How many numbers are added to the loss?",
            by=l2_for_each_layer),
    mistake("lam is squared along with the weights: brackets are misplaced.",
            "What does a penalty with twice the lam cost?",
            by=l2_squares_lam_as_well),
    mistake("m is divided out once for each array: the factor is applied within the sum and once more outside.",
            "How often does m occur in the formula?",
            {"np": "float(np", "for": ") for", "weights)": "weights) / m"}),
    mistake("Arrays of one row or one column are left out, as if they were biases.",
            "Whoever calls the function decides what is a weight. Does every array in the list count?",
            {"np": "float(np", "for": ") for", "weights)": "weights if 1 not in w.shape)"}),
    mistake("The sum runs over one axis only, so an array is returned instead of a number.",
            "What does sum do without an axis?",
            {"np.sum": "", "2)": "2).sum(axis=0)"}),
    mistake("The factor is applied inside the loop to the whole total, so the first arrays are scaled again with each one that follows.",
            "Write the total down after each of two arrays.",
            by=l2_scales_the_total_again),
    mistake("The matrix product w @ w.T summed over everything multiplies different weights with each other.",
            "Which entries of w @ w.T are sums of squares?",
            {"np.sum(w**2": "float((w @ w.T).sum()"}),
    mistake("// divides and rounds down.",
            "Try 19 // 20 and 19 / 20.",
            {"/ (2 * m) * sum(np.sum": "* sum(float(", "2)": "2).sum())", "weights)": "weights) // (2 * m)"}),
    mistake("Exactly two arrays are expected; the list may hold any number.",
            "How would you add up over a list whose length you do not know?",
            {"sum(np.sum(w**2) for w in weights)": "(float((weights[0] ** 2).sum()) + float((weights[1] ** 2).sum()))"}),
    mistake("The last array is left out.",
            "Up to which index does your loop run? Try a list with a single array.",
            {"np.sum": "float(", "for": ".sum()) for", "weights)": "weights[:-1])"}),
    mistake("The first array is left out.",
            "At which index does a list begin?",
            {"np.sum": "float(", "for": ".sum()) for", "weights)": "weights[1:])"}),
    mistake("m is the number of weights here; the argument m, the number of examples, is not used.",
            "What does m count in the formula, and where does it come from?",
            {"* m": "* sum(w.size for w in weights)", "np.sum": "float(", "2)": "2).sum())"}),
]
