"""affine_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import CACHE_CHANGED, MEAN, MISSING_DB, ORDER, check_gradients, gradients

HINTS = (
    'Each gradient has the shape of what it belongs to. Which products of dout (N, K) with w (D, K) and x (N, '
    'D) have the shapes (N, D) and (D, K)?',
    'A bias acts on all examples. What becomes of its effects on the loss: are they averaged or added up?',
    'One input, one output, two examples: x = (2, 5), w = 3, dout = (1, 10). Then dx = (3, 30), dw = 2·1 + '
    '5·10 = 52 and db = 11.',
)


def _gradients(student, rng, n, d, k):
    x, w, b, dout = rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(n, k))
    expected = dout @ w.T, x.T @ dout, dout.sum(axis=0)
    return gradients(student, "affine", dout, x, w, b), expected


def test_affine_backward_to_the_inputs(student, rng):
    """dx collects, for every input, what all units say."""
    got, expected = _gradients(student, rng, 170, 3, 4)
    assert_close(got[0], expected[0], what="dx")


def test_affine_backward_to_the_weights(student, rng):
    """dw adds up over the examples, without averaging."""
    got, expected = _gradients(student, rng, 170, 3, 4)
    assert_close(got[1], expected[1], what="dw", sizes={"N": 170})


def test_affine_backward_to_the_biases(student, rng):
    """db has the shape of b and adds up over the examples, without averaging."""
    got, expected = _gradients(student, rng, 170, 3, 4)
    assert_close(got[2], expected[2], what="db", sizes={"N": 170})


def test_affine_backward_where_all_sizes_are_equal(student, rng):
    """With as many examples as inputs and units, nothing is transposed or summed along the wrong axis."""
    check_gradients(*_gradients(student, rng, 3, 3, 3))


def test_affine_backward_of_one_example(student, rng):
    """A batch of one gives gradients of the same shapes."""
    check_gradients(*_gradients(student, rng, 1, 4, 2))


def test_affine_backward_of_one_unit(student, rng):
    """A layer with one unit keeps its axis: db is (1,) and dw is (D, 1)."""
    check_gradients(*_gradients(student, rng, 4, 3, 1))


@variant
def with_einsum(dout, cache):
    x, w, _ = cache
    return np.einsum("nk,dk->nd", dout, w), np.einsum("nd,nk->dk", x, dout), np.einsum("nk->k", dout)


@variant
def one_example_at_a_time(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(x)):
        dx[n] = w @ dout[n]
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


@variant
def transposed_products(dout, cache):
    x, w, _ = cache
    return [(w @ dout.T).T, (dout.T @ x).T, np.ones(len(dout)) @ dout]


DX, DW, DB = "dout @ w.T", "x.T @ dout", "dout.sum(axis=0)"
RESULT = f"{DX}, {DW}, {DB}"
ADD_UP = "A bias acts on the loss through every example. Do these effects add up or average?"
IN_WHICH_ORDER = "The forward call is affine_forward(x, w, b). In which order must the gradients come?"
MISTAKES = [
    mistake("dw is transposed.",
            "w is (D, K), and dw must be too. Which factor comes first?",
            {DW: "dout.T @ x"}),
    mistake("dx uses w as it is, which only fits when the weights are square.",
            "dx must be (N, D). What shape must the factor behind dout, (N, K), have?",
            {DX: "dout @ w"}),
    mistake("w is reshaped, which only fills its numbers into another shape, instead of transposed.",
            "Write down a (2, 3) matrix and its transpose. In which order do the numbers stand, read row by row?",
            {DX: "dout @ w.reshape(w.shape[::-1])"}),
    mistake("x is reshaped, which only fills its numbers into another shape, instead of transposed.",
            "Write down a (2, 3) matrix and its transpose. In which order do the numbers stand, read row by row?",
            {DW: "x.reshape(x.shape[::-1]) @ dout"}),
    mistake("db is not summed over the examples.",
            "db has b's shape, (K,). How do all examples contribute to one bias?",
            {DB: "dout"}),
    mistake("db is summed along the wrong axis.",
            "db has one entry for each unit. Which axis must disappear?",
            {DB: "dout.sum(axis=1)"}),
    mistake("db is a mean over the examples instead of a sum.", ADD_UP,
            {DB: "dout.mean(axis=0)"}),
    mistake("db has shape (1, K) instead of (K,).",
            "A gradient has the shape of what it differentiates. Is keepdims meant here?",
            {DB: "dout.sum(axis=0, keepdims=True)"}),
    mistake("db is one number for all units.",
            "Each unit has its own bias. Which axis should be summed, and which stay?",
            {DB: "dout.sum()"}),
    mistake("dw is divided by the number of examples.", MEAN,
            {DW: f"{DW} / len(x)"}),
    mistake("dw and db are divided by the number of examples.", MEAN,
            {DW: f"{DW} / len(x)", DB: "dout.mean(axis=0)"}),
    mistake("All three gradients are divided by the number of examples.",
            f"{MEAN} And did dx ever add up over examples?",
            {RESULT: f"{DX} / len(x), {DW} / len(x), dout.mean(axis=0)"}),
    mistake(ORDER, IN_WHICH_ORDER,
            {RESULT: f"{DW}, {DB}, {DX}"}, {RESULT: f"{DW}, {DX}, {DB}"}),
    mistake(*MISSING_DB,
            {RESULT: f"{DX}, {DW}"}),
    mistake("Each example overwrites the gradients of the one before, so that only the last one counts.",
            "Inside a loop over examples, which of = and += collects?",
            {DW: "np.outer(x[-1], dout[-1])", DB: "dout[-1].copy()"},
            {DW: "np.outer(x[-1], dout[-1])"},
            {DB: "dout[-1].copy()"}),
    mistake("The sign of all gradients is flipped: the step downhill belongs to the update, not to the gradient.",
            "If x grows a little and w is positive, does out grow or shrink?",
            {RESULT: f"-{DX}, -{DW}, -{DB}"}),
    mistake("The bias takes part in dx.",
            "Differentiate x·w + b with respect to x: is b still there?",
            {DX: "(dout + _) @ w.T"}),
    mistake("db is multiplied by b.",
            "Differentiate x·w + b with respect to b: is b still there?",
            {DB: "(dout * _).sum(axis=0)"}),
    mistake("db is one for every unit: dout is left out.",
            "The derivative of out with respect to b is 1. What does the chain rule multiply it with?",
            {DB: "np.ones_like(_)"}),
    mistake("dw does not use dout: it is the sum of the inputs.",
            "The chain rule multiplies x by something before it adds up over the examples. By what?",
            {DW: "x.T @ np.ones_like(dout)"}),
    mistake(*CACHE_CHANGED,
            {f"return {RESULT}": f"db = {DB}\n    dw = {DW}\n    x[...] = {DX}\n    return x, dw, db"}),
]
