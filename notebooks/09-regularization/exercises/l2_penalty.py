"""l2_penalty: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant

from .common import PENALTY, WEIGHTS_CHANGED, agrees, of_a_penalty, some_weights

HINTS = (
    "What does one weight of 3 contribute, and what one of -3?",
    "A list of arrays: get one number from each array first, then one number from these.",
    "Weights [[1, 2]] and [4], lam = 6, m = 3: the squares add up to 1 + 4 and 16, in all 21; the factor is 6 / "
    "(2 * 3) = 1, so 21. What does Python make of 6 / 2 * 3?",
)


def test_l2_penalty_of_one_matrix(student, rng):
    """One matrix: lam/(2m) times the sum of the squares of its entries."""
    for shape, lam, m in [((4, 3), 0.3, 7), ((5, 5), 2.0, 1), ((1, 6), 10.0, 1000)]:
        agrees(student, "l2_penalty", some_weights(rng, [shape]), lam, m)


def test_l2_penalty_counts_every_array_in_the_list(student, rng):
    """An array of one axis is a weight like any other: whoever calls leaves the biases out."""
    agrees(student, "l2_penalty", some_weights(rng, [(6,), (2, 2)]), 1.3, 5)
    agrees(student, "l2_penalty", some_weights(rng, [(5,)]), 1.3, 4)


def test_l2_penalty_of_large_and_negative_weights(student, rng):
    """A weight costs its square, whatever its sign and size."""
    agrees(student, "l2_penalty", [-np.abs(w) for w in some_weights(rng, scale=1e3)], 0.6, 8)


TESTS = family("l2_penalty", PENALTY, "l2_penalty")


@variant
def in_loops(weights, lam, m):
    total = 0.0
    for w in weights:
        for entry in w.flat:
            total += entry * entry
    return lam * total / (2 * m)


@variant
def by_frobenius_norm(weights, lam, m):
    return 0.5 * lam / m * np.sum([np.linalg.norm(w.ravel()) ** 2 for w in weights])


@variant
def of_one_long_vector(weights, lam, m):
    theta = np.concatenate([np.ravel(w) for w in weights])
    return float(theta @ theta) * lam / 2 / m


@variant
def by_einsum(weights, lam, m):
    return np.array(lam / (2 * m) * sum(np.einsum("i,i->", w.reshape(-1), w.reshape(-1)) for w in weights))


def scales_the_total_again(weights, lam, m):
    total = 0.0
    for w in weights:
        total = (total + np.sum(w**2)) * lam / (2 * m)
    return total


SQUARES = "np.sum(w**2)"
TOTAL = f"sum({SQUARES} for w in weights)"
MISTAKES = [
    *of_a_penalty("w**2"),
    mistake("The factor is lam/m: the 2 below is missing.",
            "Differentiate the penalty: what cancels the 2 of the square?",
            {"(2 * m)": "m"}),
    mistake("This is the length of the weights, not its square: a root too many.",
            "np.linalg.norm takes a root. Does the formula?",
            {SQUARES: "np.linalg.norm(w)"}),
    mistake("A root is taken of the sum of all squares.",
            "Is there a root in the formula?",
            {TOTAL: f"np.sqrt({TOTAL})"}),
    mistake("np.linalg.norm(w, 2) of a matrix is its largest singular value, not the root of the summed squares.",
            "Look up what the argument 2 means for a matrix, and what is computed without it.",
            {SQUARES: "np.linalg.norm(w, 2) ** 2"}),
    mistake("The weights are summed first and squared afterwards.",
            "What does your penalty say about the weights 1 and -1?",
            {SQUARES: "np.sum(w) ** 2"}),
    mistake("These are the sizes of the weights, which is L1; L2 has their squares.",
            "What does a weight of 3 contribute to L2?",
            {SQUARES: "np.sum(np.abs(w))"}),
    mistake("A matrix product like w.T @ w, summed over everything, multiplies different weights with each other.",
            "Which entries of w.T @ w are sums of squares? w**2 needs no matrix product.",
            {SQUARES: "np.sum(w.T @ w)"},
            {SQUARES: "np.sum(w @ w.T)"}),
    mistake(*WEIGHTS_CHANGED, {SQUARES: "np.sum(np.square(w, out=w))"}),
    mistake("lam is squared along with the weights: brackets are misplaced.",
            "What does a penalty with twice the lam cost?",
            {"lam / (2 * m)": "1 / (2 * m)", SQUARES: "np.sum((lam * w) ** 2)"}),
    mistake("m is divided out twice: within the sum, for each array, and once more outside.",
            "How often does m occur in the formula?",
            {SQUARES: "np.sum(w**2 / m)"}),
    mistake("Arrays of one row or one column are left out, as if they were biases.",
            "Whoever calls the function decides what is a weight. Does every array in the list count?",
            {"in weights": "in weights if 1 not in w.shape"}),
    mistake("The sum runs over one axis only, so an array is returned instead of a number.",
            "What does sum do without an axis?",
            {SQUARES: "np.sum(w**2, axis=0)"}),
    mistake("The factor is applied inside the loop to the whole total, "
            "so the first arrays are scaled again with each one that follows.",
            "Write the total down after each of two arrays.",
            by=scales_the_total_again),
    mistake("// divides and rounds down.",
            "Try 19 // 20 and 19 / 20.",
            {f"lam / (2 * m) * {TOTAL}": f"lam * {TOTAL} // (2 * m)"}),
    mistake("Exactly two arrays are expected; the list may hold any number.",
            "How would you add up over a list whose length you do not know?",
            {TOTAL: "(np.sum(weights[0] ** 2) + np.sum(weights[1] ** 2))"}),
    mistake("m is the number of weights here; the argument m, the number of examples, is not used.",
            "What does m count in the formula, and where does it come from?",
            {"(2 * m)": "(2 * sum(w.size for w in weights))"}),
]
