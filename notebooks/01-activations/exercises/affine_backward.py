"""affine_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _affine, _leaves_dout_and_cache_alone, _parts


def _check_affine_backward(student, rng, n, d, k, call=None):
    call = call or student.affine_backward
    x, w, b, dout = (
        rng.normal(size=(n, d)),
        rng.normal(size=(d, k)),
        rng.normal(size=k),
        rng.normal(size=(n, k)),
    )
    cache = _affine(student, x.copy(), w.copy(), b.copy())[1]
    result = call(dout.copy(), cache)
    dx, dw, db = _parts(result, 3, "affine_backward", "three things, dx, dw and db")
    return (dx, dout @ w.T), (dw, x.T @ dout), (db, dout.sum(axis=0))


def test_affine_backward_to_the_inputs(student, rng):
    """dx collects, for every input, what all units say."""
    got, expected = _check_affine_backward(student, rng, 170, 3, 4)[0]
    assert_close(got, expected, what="dx")


def test_affine_backward_to_the_weights(student, rng):
    """dw adds up over the examples, without averaging."""
    got, expected = _check_affine_backward(student, rng, 170, 3, 4)[1]
    assert_close(got, expected, what="dw", sizes={"N": 170})


def test_affine_backward_to_the_biases(student, rng):
    """db has the shape of b and adds up over the examples, without averaging."""
    got, expected = _check_affine_backward(student, rng, 170, 3, 4)[2]
    assert_close(got, expected, what="db", sizes={"N": 170})


def test_affine_backward_where_all_sizes_are_equal(student, rng):
    """With as many examples as inputs and units, nothing is transposed or summed along the wrong axis."""
    for name, (got, expected) in zip(("dx", "dw", "db"), _check_affine_backward(student, rng, 3, 3, 3), strict=True):
        assert_close(got, expected, what=name)


def test_affine_backward_of_one_example(student, rng):
    """A batch of one gives gradients of the same shapes."""
    for name, (got, expected) in zip(("dx", "dw", "db"), _check_affine_backward(student, rng, 1, 4, 2), strict=True):
        assert_close(got, expected, what=name)


def test_affine_backward_of_one_unit(student, rng):
    """A layer with one unit keeps its axis: db is (1,) and dw is (D, 1)."""
    for name, (got, expected) in zip(("dx", "dw", "db"), _check_affine_backward(student, rng, 4, 3, 1), strict=True):
        assert_close(got, expected, what=name)


def test_affine_backward_leaves_its_inputs_alone(student, rng):
    """Neither dout nor an array in the cache is changed."""

    def call(dout, cache):
        return _leaves_dout_and_cache_alone(student.affine_backward, dout, cache)

    for name, (got, expected) in zip(
        ("dx", "dw", "db"), _check_affine_backward(student, rng, 4, 3, 2, call), strict=True
    ):
        assert_close(got, expected, what=name)


@variant
def backward_with_einsum(dout, cache):
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


MISTAKES = [
    mistake("dw is transposed.",
            "w is (D, K), and dw must be too. Which factor comes first?",
            {"x.T @ dout": "dout.T @ x"}),
    mistake("dx uses w as it is, which only fits when the weights are square.",
            "dx must be (N, D). What shape must the factor behind dout, (N, K), have?",
            {".T,": ","}),
    mistake("db is not summed over the examples.",
            "db has b's shape, (K,). How do all examples contribute to one bias?",
            {".sum(axis=0)": ""}),
    mistake("db is summed along the wrong axis.",
            "db has one entry for each unit. Which axis must disappear?",
            {"0": "1"}),
    mistake("dw and db are divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            {", dout.sum": "/ len(x), dout.mean"}),
    mistake("db is a mean over the examples instead of a sum.",
            "A bias acts on the loss through every example. Do these effects add up or average?",
            {"sum": "mean"}),
    mistake("db has shape (1, K) instead of (K,).",
            "A gradient has the shape of what it differentiates. Is keepdims meant here?",
            {"0": "0, keepdims=True"}),
    mistake("db is one number for all units.",
            "Each unit has its own bias. Which axis should be summed, and which stay?",
            {"axis=0": ""}),
    mistake("The gradients come in another order than the forward arguments.",
            "The forward call is affine_forward(x, w, b). In which order must the gradients come?",
            {"dout @ w.T,": "", "0)": "0), dout @ w.T"}),
    mistake("All three gradients are divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already? And did dx ever add up over examples?",
            {"T,": "T / len(x),", ", dout.sum": "/ len(x), dout.mean"}),
    mistake("dw is divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            {", dout": "/ len(x), dout"}),
    mistake("dx and dw are returned the wrong way round.",
            "The forward call is affine_forward(x, w, b). In which order must the gradients come?",
            {"return": "return x.T @ dout,", ", x.T @ dout": ""}),
    mistake("Each example overwrites the gradients of the one before, so that only the last one counts.",
            "Inside a loop over examples, which of = and += collects?",
            {"x.T @ dout, dout.sum(axis=0": "np.outer(x[-1], dout[-1]), dout[-1].copy("}),
    mistake("db is missing.",
            "Which three things did the forward function take?",
            {", dout.sum(axis=0)": ""}),
    mistake("The sign of all gradients is flipped: the step downhill belongs to the update, not to the gradient.",
            "If x grows a little and w is positive, does out grow or shrink?",
            {"return": "return -", "T,": "T, -", "dout.": "-dout."}),
    mistake("The bias takes part in dx.",
            "Differentiate x·w + b with respect to x: is b still there?",
            {"dout @": "(dout + _) @"}),
    mistake("db is multiplied by b.",
            "Differentiate x·w + b with respect to b: is b still there?",
            {"dout.": "(dout * _)."}),
    mistake("db is one for every unit: dout is left out.",
            "The derivative of out with respect to b is 1. What does the chain rule multiply it with?",
            {"dout.sum(axis=0": "np.ones_like(_"}),
    mistake("dw does not use dout: it is the sum of the inputs.",
            "The chain rule multiplies x by something before it adds up over the examples. By what?",
            {"x.T @ dout": "np.repeat(x.sum(axis=0)[:, np.newaxis], w.shape[1], axis=1)"}),
    mistake("A gradient is written into an array of the cache.",
            "Functions leave their inputs as they were, and the cache is one. Build a new array.",
            {"return": "dw = x.T @ dout\n    x[...] =", ", x.T @ dout": "\n    return x, dw"}),
]
