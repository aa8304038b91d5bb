"""affine_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close, require

from .common import _affine


def _check_affine_forward(student, x, w, b):
    expected = x @ w + b
    assert_close(_affine(student, x, w, b)[0], expected, what="out")


def test_affine_forward_adds_the_bias_to_weighted_sums(student, rng):
    """Each output is the weighted sum of the inputs plus the unit's bias."""
    _check_affine_forward(student, rng.normal(size=(170, 3)), rng.normal(size=(3, 4)), rng.normal(size=4))


def test_affine_forward_with_square_weights(student, rng):
    """With as many inputs as units the weights are still used the right way round."""
    _check_affine_forward(student, rng.normal(size=(5, 3)), rng.normal(size=(3, 3)), rng.normal(size=3))


def test_affine_forward_with_as_many_examples_as_units(student, rng):
    """With as many examples as units each bias still belongs to a unit."""
    _check_affine_forward(student, rng.normal(size=(4, 2)), rng.normal(size=(2, 4)), rng.normal(size=4))


def test_affine_forward_of_one_example(student, rng):
    """A batch of one gives one row."""
    _check_affine_forward(student, rng.normal(size=(1, 3)), rng.normal(size=(3, 2)), rng.normal(size=2))


def test_affine_forward_with_negative_scores(student):
    """Nothing is cut off: the layer itself is linear."""
    out = _affine(student, np.array([[1.0], [-2.0]]), np.array([[-3.0]]), np.array([0.5]))[0]
    assert_close(out, np.array([[-2.5], [6.5]]), what="out")


def test_affine_forward_leaves_its_inputs_alone(student, rng):
    """None of the inputs is changed."""
    x, w, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    expected = x @ w + b
    result = leaves_alone(lambda *given: _affine(student, *given), "xwb", x, w, b)
    assert_close(result[0], expected, what="out")


def test_affine_forward_keeps_its_arguments_in_the_cache(student, rng):
    """The cache is the tuple (x, w, b), as the text says: this is what backward gets."""
    given = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    out, cache = _affine(student, *(array.copy() for array in given))
    assert_close(out, given[0] @ given[1] + given[2], what="out")
    what = "affine_forward must return a cache of three things, x, w and b, in this order."
    require(isinstance(cache, list | tuple) and len(cache) == 3, what)
    require(all(np.shape(kept) == array.shape for kept, array in zip(cache, given, strict=True)), what)
    for name, kept, array in zip("xwb", cache, given, strict=True):
        assert_close(kept, array, what=f"{name} in the cache")


@variant
def with_einsum(x, w, b):
    out = np.einsum("nd,dk->nk", x, w) + b[np.newaxis, :]
    return out, (x, w, b)


@variant
def with_loops(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for k in range(w.shape[1]):
            out[n, k] = sum(x[n, d] * w[d, k] for d in range(x.shape[1])) + b[k]
    return [out, (x, w, b)]


@variant
def as_columns_and_back(x, w, b):
    out = (w.T @ x.T + b.reshape(-1, 1)).T
    return out, (x, w, b)


@variant
def with_a_column_of_ones(x, w, b):
    extended = np.hstack([x, np.ones((len(x), 1))])
    return extended.dot(np.vstack([w, b])), (x, w, b)


@variant
def copies_in_the_cache(x, w, b):
    out = x @ w
    out += b
    return out, [x.copy(), w.copy(), b.copy()]


def cache_before_output(x, w, b):
    return (x, w, b), x @ w + b


def cache_without_brackets(x, w, b):
    return x @ w + b, x, w, b


MISTAKES = [
    mistake("The bias is not added.",
            "What is the output for an input of zeros? It should be b.",
            {"+ b": ""}),
    mistake("The weights are transposed.",
            "w is (D, K): which side of the product must x, (N, D), stand on?",
            {"+": ".T +"}),
    mistake("The bias is added as a column, so that each example gets one instead of each unit.",
            "b has one entry for each unit. Along which axis of (N, K) do the units run?",
            {"b,": "np.reshape(b, (-1, 1)),"}),
    mistake("Only the first 64 examples are computed: the rows after them stay zero.",
            "What comes out for a batch of 100? Take the number of examples from x, not from a constant.",
            {"return x": "out = np.zeros((x.shape[0], w.shape[1]))\n    out[:64] = x[:64]",
             "b,": "b\n    return out,"}),
    mistake("The cache is not the tuple (x, w, b) that the text asks for.",
            "What does backward unpack, and in which order?",
            {", (x, w": ", (w, x"}),
    mistake("Only the output is returned; the cache is missing.",
            "f_forward returns a pair: what must backward remember?",
            {", (x, w, b)": ""}),
    mistake("Negative scores are cut off: an activation has slipped into the layer.",
            "The affine layer is linear. What should a negative score be?",
            {"return": "return np.maximum(0,", "b,": "b),"}),
    mistake("All biases are added to every unit.",
            "Each unit has one bias of its own. What does sum() do to b?",
            {"b,": "np.sum(b),"}),
    mistake("The bias is subtracted, as if it were a threshold.",
            "Which sign does b have in the formula?",
            {"+": "-"}),
    mistake("The sum over the inputs is missing: * multiplies entry by entry.",
            "Which operator is the matrix product?",
            {"@": "*"}),
    mistake("The cache comes first; the text asks for the pair (out, cache).",
            "f_forward returns what goes on to the next layer first. Which of the two is that?",
            by=cache_before_output),
    mistake("out, x, w and b are returned as four things; the cache must be one tuple.",
            "Brackets make one thing of three. Where do they belong?",
            by=cache_without_brackets),
    mistake("out is transposed: the units run down the rows.",
            "Examples are rows in this course. Which shape must out have?",
            {"return": "return (", "b,": "b).T,"}),
    mistake("The mean of the biases is added to every unit.",
            "Each unit has one bias of its own. Does b need to be reduced at all?",
            {"b,": "np.mean(b),"}),
    mistake("Every unit gets the first unit's bias.",
            "Each unit has one bias of its own. Does b need an index at all?",
            {"b,": "b[0],"}),
]
