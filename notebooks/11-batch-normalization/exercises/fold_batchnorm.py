"""fold_batchnorm: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, slips, variant
from nnlib.checks import require

from .common import ROOT_MISTAKES, expected_out, near

HINTS = (
    "At test time mean and variance are fixed numbers. Write out = ... in terms of x, and collect all that multiplies x.",
    "Is the factor one number per unit or one per input? Which axis of w (D, K) belongs to the units? What happens to "
    "the old bias: is it scaled too?",
    "W = 4, b = 2, mean = 1, var = 9, eps = 0, gamma = 6, beta = 5: the scale is 6 / 3 = 2, so out = 2 * (4x + 2 - 1) "
    "+ 5 = 8x + 7.",
)


def _folding(rng, d, k):
    """w, b, gamma, beta, mean, var with nothing at 0 or 1."""
    w, b = rng.normal(size=(d, k)), rng.normal(loc=0.5, size=k)
    gamma, beta = rng.uniform(1.3, 3.0, size=k), rng.normal(size=k)
    return w, b, gamma, beta, rng.normal(loc=-1.0, size=k), rng.uniform(2, 5, size=k)


def _folded(student, *args):
    result = student.fold_batchnorm(*args)
    pair = isinstance(result, list | tuple) and len(result) == 2
    require(pair, "fold_batchnorm must return two things, w and b.")
    return result


def _require_folded(student, *args):
    expected = reference.fold_batchnorm(*args)
    for name, right, mine in zip(("w", "b"), expected, _folded(student, *args), strict=True):
        near(mine, right, f"the new {name}")


def test_fold_batchnorm_with_more_inputs_than_units_and_fewer(student, rng):
    """The new weights and biases are right, one scale per unit."""
    for d, k in [(5, 3), (2, 6), (1, 1), (150, 2)]:
        _require_folded(student, *_folding(rng, d, k), 1e-2)


def test_fold_batchnorm_of_a_square_layer(student, rng):
    """Where D equals K the scale still belongs to the units, the columns of w."""
    for d in (3, 4):
        _require_folded(student, *_folding(rng, d, d), 1e-2)


def test_fold_batchnorm_gives_what_both_layers_give(student, rng):
    """x @ w + b is what the affine layer and batch norm give at test time."""
    for d, k in [(4, 3), (3, 3)]:
        w, b, gamma, beta, mean, var = _folding(rng, d, k)
        x = rng.normal(size=(6, d))
        new_w, new_b = _folded(student, w, b, gamma, beta, mean, var, 1e-1)
        require(np.shape(new_w) == (d, k) and np.shape(new_b) == (k,), "w must stay (D, K) and b (K,).")
        running = {"mean": mean, "var": var}
        expected = expected_out(x @ w + b, gamma, beta, running, train=False, eps=1e-1)
        near(x @ np.asarray(new_w) + np.asarray(new_b), expected, "the output of the folded layer")


def test_fold_batchnorm_weights(student, rng):
    """The new weights are those of the definition, column by column."""
    for gamma in (np.array([0.5, 4.0, -2.0]), np.array([1.0, 1.0, 1.0])):
        w, b, _, beta, mean, var = _folding(rng, 4, 3)
        got, _ = _folded(student, w, b, gamma, beta, mean, var, 1e-3)
        near(got, reference.fold_batchnorm(w, b, gamma, beta, mean, var, 1e-3)[0], "the new w")


def test_fold_batchnorm_biases(student, rng):
    """The new biases hold the old ones, the mean and beta, each with its right sign and scale."""
    for unit in range(3):
        w, _, gamma, _, _, var = _folding(rng, 4, 3)
        b, beta, mean = (np.full(3, 5.0) if which == unit else np.zeros(3) for which in range(3))
        _, got = _folded(student, w, b, gamma, beta, mean, var, 1e-3)
        expected = reference.fold_batchnorm(w, b, gamma, beta, mean, var, 1e-3)[1]
        near(got, expected, f"the new b where only {('b', 'beta', 'mean')[unit]} is not zero")


def test_fold_batchnorm_adds_eps_to_the_variance(student, rng):
    """eps counts, inside the root, and all the more where the variance is small."""
    for eps in (1e-5, 1e-2, 0.3):
        w, b, gamma, beta, mean, _ = _folding(rng, 3, 4)
        _require_folded(student, w, b, gamma, beta, mean, np.array([0.0, 1e-4, 1e-2, 1.0]), eps)


def test_fold_batchnorm_of_the_identity_changes_nothing(student, rng):
    """With gamma = sqrt(var + eps) and beta = mean the layer stays as it is."""
    w, b, _, _, mean, var = _folding(rng, 4, 3)
    new_w, new_b = _folded(student, w, b, np.sqrt(var + 1e-2), mean.copy(), mean, var, 1e-2)
    near(new_w, w, "the new w")
    near(new_b, b, "the new b")


def test_fold_batchnorm_of_a_unit_that_is_switched_off(student, rng):
    """A unit with gamma = 0 puts out its beta whatever comes in."""
    w, b, gamma, beta, mean, var = _folding(rng, 4, 3)
    gamma[1] = 0.0
    _require_folded(student, w, b, gamma, beta, mean, var, 1e-2)


def test_fold_batchnorm_in_float32(student, rng):
    """float32 works, to its own precision."""
    _require_folded(student, *(value.astype(np.float32) for value in _folding(rng, 4, 3)), 1e-2)


@variant
def by_the_definition(w, b, gamma, beta, mean, var, eps):
    std = np.sqrt(var + eps)
    return gamma * w / std, gamma * (b - mean) / std + beta


@variant
def by_a_diagonal_matrix(w, b, gamma, beta, mean, var, eps):
    scale = np.diag(gamma * (var + eps) ** -0.5)
    return [w @ scale, (b - mean) @ scale + beta]


@variant
def by_trying_inputs(w, b, gamma, beta, mean, var, eps):
    def both(x):
        return gamma * (x @ w + b - mean) / np.sqrt(var + eps) + beta

    new_b = both(np.zeros(len(w)))
    return both(np.eye(len(w))) - new_b, new_b


@variant
def unit_by_unit(w, b, gamma, beta, mean, var, eps):
    new_w, new_b = np.array(w, dtype=float), np.array(b, dtype=float)
    for k in range(w.shape[1]):
        scale = gamma[k] / math.sqrt(var[k] + eps)
        new_w[:, k] *= scale
        new_b[k] = (new_b[k] - mean[k]) * scale + beta[k]
    return new_w, new_b


SCALE = "gamma / np.sqrt(var + eps)"
NEW_W = "w * scale"
NEW_B = "(b - mean) * scale + beta"
MISTAKES = [
    *ROOT_MISTAKES,
    mistake("gamma is left out, as on one of the lecture slides.",
            "Where does gamma stand at test time? Try a unit with gamma = 0.", {"= gamma /": "= 1 /"}),
    mistake("eps is added to the scale: it belongs to the variance, under the root.",
            "Where does the root end in your line?", {SCALE: "gamma / np.sqrt(var) + eps"}),
    mistake("gamma scales the weights but not the biases.",
            "Collect again what gamma multiplies at test time: all of (xW + b − mean).",
            {"= gamma /": "= 1 /", NEW_W: "w * gamma * scale"}),
    mistake("gamma scales the biases but not the weights.",
            "Collect again what multiplies x at test time.", {NEW_W: "w / np.sqrt(var + eps)"}),
    mistake("gamma scales the bias but not the mean.",
            "Multiply the test-time formula out: gamma stands in front of all of (xW + b − mean).",
            {NEW_B: "b * scale - mean / np.sqrt(var + eps) + beta"}),
    mistake("gamma and beta have changed places.",
            "One of the two multiplies, the other is added. Which is which?",
            {"= gamma": "= beta", "+ beta": "+ gamma"}),
    mistake("The mean is added instead of subtracted.",
            "Write the test-time formula down and multiply out. What is the sign of the mean?",
            {"b - mean": "b + mean"}),
    mistake("The difference between bias and mean is turned round.",
            "Write the test-time formula down and multiply out. What are the signs of b and the mean?",
            {"b - mean": "mean - b"}),
    mistake("The variance is squared before eps is added.",
            "What does var hold: standard deviations or variances?", {"(var +": "(var**2 +"}),
    mistake("The weights are multiplied by the standard deviation where they must be divided by it.",
            "Batch norm divides by the deviation. What must the folded weights do?", {"= gamma /": "= gamma *"}),
    mistake("One scale, of the mean gamma and the mean variance, is used for all units.",
            "Each unit has a gamma and a variance of its own.", {SCALE: "gamma.mean() / np.sqrt(var.mean() + eps)"}),
    mistake("The scale is applied to the rows of w, which belong to the inputs, not to the columns, the units.",
            "w is (D, K) and gamma is (K,). Along which axis does a unit's scale go?",
            {NEW_W: "w * scale[:, np.newaxis]"}),
    mistake("The weights stay as they were; they must be scaled, too.",
            "What multiplies x in the whole formula?", {NEW_W: "w.copy()"}),
    mistake("The mean is subtracted from the weights as well.",
            "Multiply the formula out: is the mean multiplied by x anywhere?", {NEW_W: "(w - mean) * scale"}),
    mistake("The new weights come out transposed.",
            "w is (D, K) here, one column per unit, and must stay so: x @ w.", {NEW_W: "(w * scale).T"}),
    mistake("The old bias is not scaled.",
            "The bias is added before batch norm, so batch norm scales it too.", {NEW_B: "b - mean * scale + beta"}),
    mistake("The mean is subtracted without its scale.",
            "Multiply the test-time formula out: what stands in front of the mean?",
            {NEW_B: "b * scale - mean + beta"}),
    mistake("Neither the bias nor the mean is scaled.",
            "Multiply the test-time formula out: what stands in front of (b − mean)?", {NEW_B: "b - mean + beta"}),
    mistake("The old bias is dropped.",
            "Test with weights of zero: the output is batch norm of the bias.", {NEW_B: "beta - mean * scale"}),
    mistake("The mean is dropped.",
            "Which of the four numbers of a batch norm does not occur in your bias?", {NEW_B: "b * scale + beta"}),
    mistake("beta is dropped.",
            "What does a unit with gamma = 0 put out?", {NEW_B: "(b - mean) * scale"}),
    mistake("beta is subtracted.",
            "What does a unit with gamma = 0 put out?", {NEW_B: "(b - mean) * scale - beta"}),
    mistake("beta is scaled together with bias and mean.",
            "beta comes last: nothing multiplies it any more.", {NEW_B: "(b - mean + beta) * scale"}),
    mistake("beta is multiplied by gamma.",
            "beta comes last: nothing multiplies it any more.", {NEW_B: "(b - mean) * scale + gamma * beta"}),
    mistake("The new biases have an axis of length 1 too many.",
            "b is (K,) when it comes in and must be (K,) when it goes out.", {NEW_B: f"({NEW_B})[np.newaxis]"}),
    mistake("The caller's w or b is changed.",
            "`*=` and `-=` write into the caller's arrays. The net may be trained on afterwards.",
            {f"return {NEW_W}": "w *= scale\n    return w"},
            {"return": "b -= mean\n    b *= scale\n    b += beta\n    return", NEW_B: "b"},
            {"return": "w *= scale\n    b -= mean\n    b *= scale\n    b += beta\n    return",
             f"{NEW_W}, {NEW_B}": "w, b"}),
    slip("only_the_first", what="w"),
    *slips("results_swapped", "nothing_returned"),
]
