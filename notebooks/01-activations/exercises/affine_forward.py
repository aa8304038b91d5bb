"""affine_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import MISSING_CACHE, check_cache, output_and_cache

HINTS = (
    'Write down the shapes: x is (N, D), w is (D, K). Which product of the two has the shape (N, K)?',
    'The bias has one number for each output and none for each example. What does NumPy do when (K,) meets '
    '(N, K)? And what must backward remember?',
    'x = (2, 1), w with the rows (1, 0, 3) and (4, 1, 1), b = (0, 5, 0): the first output is 2·1 + 1·4 + 0 = '
    '6, the second 2·0 + 1·1 + 5 = 6, the third 7.',
)


def _check(student, x, w, b):
    expected = x @ w + b
    assert_close(output_and_cache(student, "affine_forward", x, w, b)[0], expected, what="out")


def _check_sizes(student, rng, n, d, k):
    _check(student, rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=k))


def test_affine_forward_adds_the_bias_to_weighted_sums(student, rng):
    """Each output is the weighted sum of the inputs plus the unit's bias."""
    _check_sizes(student, rng, 170, 3, 4)


def test_affine_forward_with_square_weights(student, rng):
    """With as many inputs as units the weights are still used the right way round."""
    _check_sizes(student, rng, 5, 3, 3)


def test_affine_forward_with_as_many_examples_as_units(student, rng):
    """With as many examples as units each bias still belongs to a unit."""
    _check_sizes(student, rng, 4, 2, 4)


def test_affine_forward_of_one_example(student, rng):
    """A batch of one gives one row."""
    _check_sizes(student, rng, 1, 3, 2)


def test_affine_forward_with_negative_scores(student):
    """Nothing is cut off: the layer itself is linear."""
    _check(student, np.array([[1.0], [-2.0]]), np.array([[-3.0]]), np.array([0.5]))


def test_affine_forward_keeps_its_arguments_in_the_cache(student, rng):
    """The cache is the tuple (x, w, b), as the text says: this is what backward gets."""
    x, w, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    out, cache = output_and_cache(student, "affine_forward", x.copy(), w.copy(), b.copy())
    assert_close(out, x @ w + b, what="out")
    check_cache(cache, (x, w, b), "affine_forward", "x, w and b")


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


RESULT = "x @ w + b, (x, w, b)"
MISTAKES = [
    mistake("The bias is not added.",
            "What is the output for an input of zeros? It should be b.",
            {RESULT: "x @ w, (x, w, b)"}),
    mistake("The weights are transposed.",
            "w is (D, K): which side of the product must x, (N, D), stand on?",
            {RESULT: "x @ w.T + b, (x, w, b)"}),
    mistake("The sum over the inputs is missing: * multiplies entry by entry.",
            "Which operator is the matrix product?",
            {RESULT: "x * w + b, (x, w, b)"}),
    mistake("The bias is added as a column, so that each example gets one instead of each unit.",
            "b has one entry for each unit. Along which axis of (N, K) do the units run?",
            {RESULT: "x @ w + np.reshape(b, (-1, 1)), (x, w, b)"}),
    mistake("The bias is subtracted, as if it were a threshold.",
            "What is the sign of b in the formula?",
            {RESULT: "x @ w - b, (x, w, b)"}),
    mistake("The bias is added more than once: in a loop over the inputs or the examples, each time again.",
            "How often does b stand in the formula? What is the output for an input of zeros?",
            *({RESULT: f"x @ w + {times} * b, (x, w, b)"} for times in ("x.shape[1]", "len(x)"))),
    mistake("Every unit gets the same bias: the sum of all, their mean, or the first.",
            "Each unit has one bias of its own. Does b need to be reduced, or an index, at all?",
            *({RESULT: f"x @ w + {bias}, (x, w, b)"} for bias in ("b.sum()", "b.mean()", "b[0]"))),
    mistake("Negative scores are cut off: an activation has slipped into the layer.",
            "The affine layer is linear. What should a negative score be?",
            {RESULT: "np.maximum(0, x @ w + b), (x, w, b)"}),
    mistake("out is transposed: the units run down the rows.",
            "Examples are rows in this course. What is the shape of out?",
            {RESULT: "(x @ w + b).T, (x, w, b)"}),
    mistake("Only the first 64 examples are computed: the rows after them stay zero.",
            "What comes out for a batch of 100? Take the number of examples from x, not from a constant.",
            {"return x": "out = np.zeros((x.shape[0], w.shape[1]))\n    out[:64] = x[:64]",
             "b, (x": "b\n    return out, (x"}),
    mistake("The cache is not the tuple (x, w, b) that the text asks for.",
            "What does backward unpack, and in which order? Is the x in it still the one that came?",
            {RESULT: "x @ w + b, (w, x, b)"},
            {RESULT: 'x @ w + b, {"x": x, "w": w, "b": b}'},
            {RESULT: "x @ w + b, (b, w, x)"},
            *({RESULT: f"x @ w + b, ({x}, w, b)"} for x in ("x @ w + b", "x @ w")),
            {RESULT: "x @ w + b, (x, w)"}),
    mistake(*MISSING_CACHE,
            {RESULT: "x @ w + b"}),
    mistake("The cache comes first; the text asks for the pair (out, cache).",
            "A forward function returns what goes on to the next layer first. Which of the two is that?",
            {RESULT: "(x, w, b), x @ w + b"}),
    mistake("out, x, w and b are returned as four things; the cache must be one tuple.",
            "Brackets make one thing of three. Where do they belong?",
            {RESULT: "x @ w + b, x, w, b"}),
]
