"""regularised_logistic: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

HINTS = (
    "Four lines: the scores, their loss with its gradient, the gradient's way back to w and b, and then the "
    "penalty. Which of these know lam?",
    "One row of X is one example, so the scores are X @ w + b. What does each entry of dlogits say about w, and "
    "what about b? And which of your functions want a list?",
    "X = [[1], [2]], w = [3], b = 1: scores 4 and 7. If dlogits were [0.5, -0.1], dw without penalty would be 1 * "
    "0.5 + 2 * (-0.1) = 0.3 and db = 0.5 - 0.1 = 0.4. With lam = 2 and m = 2 the penalty adds 2 / 4 * 9 = 4.5 to "
    "J, 2 / 2 * 3 = 3 to dw, and nothing to db.",
)


def _problem(rng, n=12, d=5):
    return rng.normal(size=d), float(rng.normal()), rng.normal(size=(n, d)), rng.integers(0, 2, size=n)


def _expected(w, b, X, y, lam):
    """The cost in logaddexp, which no solution needs, and its gradients by hand."""
    z, m = X @ w + b, len(X)
    J = np.mean(np.logaddexp(0, z) - y * z) + lam / (2 * m) * np.sum(w**2)
    off = (1 / (1 + np.exp(-z)) - y) / m
    return J, X.T @ off + lam / m * w, off.sum()


def _parts(result):
    fits = isinstance(result, list | tuple) and len(result) == 3
    require(fits, "Three things must come back: the cost J and the gradients dw and db.")
    J, dw, db = result
    require(np.ndim(J) == 0, "The cost must be one number.")
    require(np.ndim(db) == 0, "The gradient of the bias must be one number.")
    return J, dw, db


def _compare(student, w, b, X, y, lam, *, which=("J", "dw", "db")):
    got = dict(zip(("J", "dw", "db"), _parts(student.regularised_logistic(w.copy(), b, X, y, lam)), strict=True))
    right = dict(zip(("J", "dw", "db"), _expected(w, b, X, y, lam), strict=True))
    for name in which:
        assert_close(got[name], right[name], what=name)


def test_regularised_logistic_adds_the_penalty_to_the_mean_loss(student, rng):
    """The cost is the mean logistic loss plus lam/(2m) times the squared weights."""
    for lam, n in ((0.7, 9), (5.0, 30), (0.01, 3)):
        _compare(student, *_problem(rng, n=n), lam, which=("J",))


def test_regularised_logistic_adds_the_gradient_of_the_penalty(student, rng):
    """The gradient of the weights holds the loss's share and the penalty's."""
    for lam, n in ((0.7, 9), (5.0, 30), (0.01, 3)):
        _compare(student, *_problem(rng, n=n), lam, which=("dw",))


def test_regularised_logistic_leaves_the_bias_free(student, rng):
    """Neither the cost nor db knows how far the bias is from 0, but for the loss."""
    w, _, X, y = _problem(rng)
    for b in (-3.0, 0.5, 4.0):
        _compare(student, w, b, X, y, 8.0, which=("J", "db"))


def test_regularised_logistic_without_lam_is_logistic_regression(student, rng):
    """With lam = 0 only the loss counts."""
    _compare(student, *_problem(rng), 0.0)


def test_regularised_logistic_meets_central_differences(student, rng):
    """The gradients are the slopes of the cost that is returned."""
    w, b, X, y = _problem(rng, n=7, d=4)
    cost = lambda v: _parts(student.regularised_logistic(v, b, X, y, 3.0))[0]  # noqa: E731
    J, dw, db = _parts(student.regularised_logistic(w.copy(), b, X, y, 3.0))
    require(abs(float(J) - float(cost(w + 0.5))) > 0, "The cost does not depend on the weights.")
    assert_close(dw, reference.numerical_gradient(cost, w), rtol=1e-5, atol=1e-8, what="dw")
    up, down = (_parts(student.regularised_logistic(w.copy(), b + h, X, y, 3.0))[0] for h in (1e-5, -1e-5))
    assert_close(db, (up - down) / 2e-5, rtol=1e-5, atol=1e-8, what="db")


def test_regularised_logistic_of_one_example_and_one_feature(student, rng):
    """A single example and a single feature are no special case."""
    _compare(student, *_problem(rng, n=1, d=4), 2.0)
    _compare(student, *_problem(rng, n=6, d=1), 2.0)
    _compare(student, *_problem(rng, n=4, d=4), 2.0)


def test_regularised_logistic_is_the_same_when_all_examples_come_twice(student, rng):
    """Twice the data and twice lam cost the same: both parts are divided by the number of examples."""
    w, b, X, y = _problem(rng, n=8)
    once = _parts(student.regularised_logistic(w.copy(), b, X, y, 1.5))
    twice = _parts(student.regularised_logistic(w.copy(), b, np.tile(X, (2, 1)), np.tile(y, 2), 3.0))
    for name, got, right in zip(("J", "dw", "db"), twice, _expected(w, b, X, y, 1.5), strict=True):
        assert_close(got, right, what=f"{name} of the doubled data")
    assert_close(once[0], twice[0], what="J of the data and of the doubled data")


# Variants and mistakes use the notebook's own functions and what it imports.


@variant
def by_hand(w, b, X, y, lam):
    m = X.shape[0]
    z = X @ w + b
    p = 0.5 * (1 + np.tanh(z / 2))
    J = np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))) + 0.5 * lam / m * w @ w
    return J, X.T @ (p - y) / m + lam / m * w, np.mean(p - y)


@variant
def as_a_list(w, b, X, y, lam):
    loss, dlogits = reference.binary_cross_entropy(X.dot(w) + b, y)
    m = len(y)
    return [loss + lam * (w**2).sum() / (2 * m), np.einsum("nd,n->d", X, dlogits) + lam * w / m, dlogits.sum()]


@variant
def in_loops(w, b, X, y, lam):
    m, J, dw, db = len(X), 0.0, np.zeros(len(w)), 0.0
    for row, label in zip(X, y, strict=True):
        z = float(row @ w + b)
        J += (np.logaddexp(0.0, z) - label * z) / m
        off = (1 / (1 + np.exp(-z)) - label) / m
        dw = dw + off * row
        db += off
    return J + lam / (2 * m) * sum(entry * entry for entry in w), dw + (lam / m) * w, db


LOSS = "binary_cross_entropy(X @ w + b, y)"
PENALTY = "l2_penalty([w], lam, m)"
GRADIENT = "l2_gradient([w], lam, m)[0]"
DW = f"X.T @ dlogits + {GRADIENT}"
DB = "dlogits.sum()"
MISTAKES = [
    mistake("The penalty is missing from the cost.",
            "J is what the gradient belongs to: the loss and what else?",
            {f"loss + {PENALTY}": "loss"}),
    mistake("The penalty's gradient is missing from dw.",
            "What is added to J must be differentiated, too.",
            {f" + {GRADIENT}": ""}),
    mistake("lam is not used: this is logistic regression without a penalty.",
            "Does your cost change with lam?",
            {f"loss + {PENALTY}": "loss", f" + {GRADIENT}": ""}),
    mistake("The bias is penalised as well.",
            "Which list do you hand to the penalty? Only weights belong into it.",
            {"[w], lam, m), ": "[w, np.array([b])], lam, m), ", DB: f"{DB} + lam / m * b"},
            {"[w], lam, m), ": "[w, np.array([b])], lam, m), "},
            {DB: f"{DB} + lam / m * b"}),
    mistake("The loss is summed over the examples; a mean is asked for.",
            "Double the data: should the cost double?",
            {f"loss + {PENALTY}": f"m * loss + {PENALTY}", "X.T @ dlogits": "m * X.T @ dlogits", DB: f"m * {DB}"},
            {f"loss + {PENALTY}": f"m * loss + {PENALTY}"}),
    mistake("The gradient of the loss is divided by m once more: binary_cross_entropy has done it.",
            "Is dlogits the gradient of a sum or of a mean?",
            {"X.T @ dlogits": "X.T @ dlogits / m", DB: f"{DB} / m"},
            {DB: "dlogits.mean()"},
            {"X.T @ dlogits": "X.T @ dlogits / m"}),
    mistake("The penalty is not divided by the number of examples.",
            "What is m here, and which argument tells it?",
            {"m = len(X)": "m = 1"}),
    mistake("m is the number of features, not of examples.",
            "Examples are rows. How many rows has X?",
            {"m = len(X)": "m = X.shape[1]"}),
    mistake("The penalty itself, one number, is added to the gradient instead of the penalty's gradient.",
            "What shape has the gradient of the penalty?",
            {GRADIENT: PENALTY}),
    mistake("The penalty is subtracted from the cost.",
            "Should large weights make the cost higher or lower?",
            {f"loss + {PENALTY}": f"loss - {PENALTY}"}),
    mistake("The penalty is L1, the sizes of the weights; L2 is asked for.",
            "Which of the two penalties has squares?",
            {PENALTY: "lam / (2 * m) * np.abs(w).sum()"},
            {PENALTY: "lam / (2 * m) * np.abs(w).sum()", GRADIENT: "lam / (2 * m) * np.sign(w)"}),
    mistake("The bias is left out of the scores.",
            "What are the scores of an example of zeros?",
            {"X @ w + b": "X @ w"}),
    mistake("The gradient of the weights comes in a list.",
            "l2_gradient takes and returns a list. What is inside?",
            {DW: f"[{DW}]"}),
    mistake("l2_gradient gives a list, and the list itself is added: dw has an axis too many.",
            "Print what l2_gradient returns. What comes of an array and a list that are added?",
            {f"+ {GRADIENT}": "+ l2_gradient([w], lam, m)"}),
    mistake("The gradient of the bias has one entry per example; they are to be added up.",
            "One bias serves all examples. How much does J change with it?",
            {DB: "dlogits"}),
    mistake("The sigmoid is applied to the scores first; binary_cross_entropy takes the scores themselves.",
            "What does binary_cross_entropy expect: scores, which may be any number, or probabilities?",
            {LOSS: "binary_cross_entropy(1 / (1 + np.exp(-(X @ w + b))), y)"}),
    mistake("dw holds the loss's gradient for the negative scores: the sign is turned round.",
            "Do the scores grow or fall with w?",
            {"X.T @ dlogits": "-X.T @ dlogits"}),
    slip("only_the_first", after=lambda result: result[0], what="the cost"),
    mistake("The two gradients are returned in each other's place.",
            "In which order does the exercise list the three results?",
            after=lambda result: (result[0], result[2], result[1])),
]
