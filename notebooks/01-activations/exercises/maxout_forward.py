"""maxout_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close, require

from .common import _maxout, _pieces


def _check_maxout_forward(student, rng, n, d, pieces, units):
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(pieces, d, units)), rng.normal(size=(pieces, units))
    expected = _pieces(x, w, b).max(axis=0)
    assert_close(_maxout(student, x, w, b)[0], expected, what="out")


def test_maxout_forward_keeps_the_largest_piece(student, rng):
    """For every example and unit the largest of the pieces comes out."""
    _check_maxout_forward(student, rng, 170, 3, 4, 2)


def test_maxout_forward_where_all_sizes_are_equal(student, rng):
    """With as many pieces as examples, inputs and units, the maximum is still taken over the pieces."""
    _check_maxout_forward(student, rng, 3, 3, 3, 3)


def test_maxout_forward_with_one_piece(student, rng):
    """A single piece is an affine layer, negative numbers included."""
    _check_maxout_forward(student, rng, 4, 2, 1, 3)


def test_maxout_forward_of_one_example(student, rng):
    """A batch of one gives one row."""
    _check_maxout_forward(student, rng, 1, 3, 2, 2)


def test_maxout_forward_with_biases_that_decide(student):
    """Each piece has its own bias, and the bias takes part in the comparison."""
    x, w = np.array([[1.0], [-1.0]]), np.array([[[1.0, 0.0]], [[-1.0, 0.0]]])
    b = np.array([[0.0, -5.0], [3.0, 2.0]])
    assert_close(_maxout(student, x, w, b)[0], np.array([[2.0, 2.0], [4.0, 2.0]]), what="out")


def test_maxout_forward_is_a_relu_with_a_piece_of_zeros(student, rng):
    """With one piece zero, maxout is a ReLU."""
    x, w = rng.normal(size=(6, 3)), np.zeros((2, 3, 2))
    w[1] = rng.normal(size=(3, 2))
    expected = np.maximum(x @ w[1], 0)
    assert_close(_maxout(student, x, w, np.zeros((2, 2)))[0], expected, what="out")


def test_maxout_forward_leaves_its_inputs_alone(student, rng):
    """None of the inputs is changed."""
    x, w, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 2))
    expected = _pieces(x, w, b).max(axis=0)
    result = leaves_alone(lambda *given: _maxout(student, *given), "xwb", x, w, b)
    assert_close(result[0], expected, what="out")


def test_maxout_forward_keeps_all_pieces_in_the_cache(student, rng):
    """The cache is the tuple (x, w, pieces) with pieces (k, N, K), as the text says: this is what backward gets."""
    x, w, b = rng.normal(size=(2, 4)), rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 5))
    out, cache = _maxout(student, x.copy(), w.copy(), b.copy())
    given = x, w, _pieces(x, w, b)
    assert_close(out, given[2].max(axis=0), what="out")
    what = "maxout_forward must return a cache of three things, x, w and the pieces (k, N, K), in this order."
    require(isinstance(cache, list | tuple) and len(cache) == 3, what)
    require(all(np.shape(kept) == array.shape for kept, array in zip(cache, given, strict=True)), what)
    for name, kept, array in zip(("x", "w", "pieces"), cache, given, strict=True):
        assert_close(np.asarray(kept), array, what=f"{name} in the cache")


@variant
def maxout_einsum(x, w, b):
    pieces = np.einsum("nd,idk->ink", x, w) + b[:, None, :]
    return np.max(pieces, axis=0), (x, w, pieces)


@variant
def piece_by_piece(x, w, b):
    pieces = np.stack([x @ w[i] + b[i] for i in range(len(w))])
    out = pieces[0]
    for piece in pieces[1:]:
        out = np.maximum(out, piece)
    return out, (x, w, pieces)


@variant
def takes_along_the_winner(x, w, b):
    pieces = np.matmul(x[np.newaxis], w) + np.expand_dims(b, 1)
    winner = np.argmax(pieces, axis=0)
    return np.take_along_axis(pieces, winner[np.newaxis], axis=0)[0], (x, w, pieces)


@variant
def one_affine_layer_for_each_piece(x, w, b):
    pieces = [np.dot(x, weights) + biases for weights, biases in zip(w, b, strict=True)]
    return np.maximum.reduce(pieces), (x, w, pieces)


def no_maxout_cache(x, w, b):
    return (x @ w + b[:, np.newaxis, :]).max(axis=0)


MISTAKES = [
    mistake("The pieces are averaged, which is linear again.",
            "Which of the pieces should come out?",
            {".max": ".mean"}),
    mistake("The pieces are added up, which is linear again.",
            "Which of the pieces should come out?",
            {".max": ".sum"}),
    mistake("The smallest piece comes out instead of the largest.",
            "What does the max in maxout stand for?",
            {".max": ".min"}),
    mistake("The biases are not added.",
            "What is the output for an input of zeros?",
            {"+ b[:, np.newaxis, :]": ""}),
    mistake("The largest product and the largest bias are added, though they may belong to different pieces.",
            "Which is compared: the products, or the products with their biases?",
            {"pieces.": "(x @ w).max(axis=0) + b."}),
    mistake("The maximum is taken over the units instead of the pieces.",
            "out must be (N, K). Which axis of (k, N, K) should disappear?",
            {"0)": "2).T"}),
    mistake("The number of the winning piece comes out instead of its value.",
            "What is the difference between max and argmax?",
            {".max": ".argmax"}),
    mistake("The biases are lined up with the examples instead of with the pieces.",
            "b is (k, K) and the pieces are (k, N, K). Where must a new axis go?",
            {"[:, np.newaxis, :]": ""}),
    mistake("The piece that is largest in absolute value is compared.",
            "Which is larger, -8 or 6?",
            {"pieces.": "np.abs(pieces)."}),
    mistake("Negative outputs are cut off: a ReLU has slipped in.",
            "If all pieces are negative, what should come out?",
            {"return": "return np.maximum(", "0": "0), 0"}),
    mistake("The cache is not the tuple (x, w, pieces) with all pieces (k, N, K) that the text asks for.",
            "Backward must find out for every example and unit which piece won. What does it need?",
            {", (x, w, pieces": ", (x, w, b"}),
    mistake("The maximum is taken over the units, the last axis, instead of the pieces.",
            "out must be (N, K). Which axis of (k, N, K) should disappear?",
            {"0": "-1"}),
    mistake("The maximum is taken over the examples instead of the pieces.",
            "out must be (N, K). Which axis of (k, N, K) should disappear?",
            {"0": "1"}),
    mistake("The maximum is taken over everything, so that one number comes out.",
            "out must be (N, K). What does max() do without an axis?",
            {"axis=0": ""}),
    mistake("The axis of the pieces is kept: out is (1, N, K) instead of (N, K).",
            "Is keepdims meant here?",
            {"0": "0, keepdims=True"}),
    mistake("Only the first two pieces are compared.",
            "There are k pieces. What happens with three?",
            {".max": "[:2].max"}),
    mistake("The piece farthest from zero comes out, negative or not.",
            "Which is larger, -8 or 6?",
            {"return pieces.max": "winner = np.abs(pieces).argmax",
             "0)": "0)[np.newaxis]\n    return np.take_along_axis(pieces, winner, axis=0)[0]"}),
    mistake("All pieces get the first piece's biases.",
            "b is (k, K): one row for each piece. Where must a new axis go so that the rows meet the pieces?",
            {":, np.newaxis, :": "0"}),
    mistake("All pieces get the sum of all biases.",
            "b is (k, K): one row for each piece. Does it need to be reduced at all?",
            {"[:, np.newaxis, :]": ".sum(axis=0)"}),
    mistake("One piece wins for a whole example, the same for all units.",
            "Another piece may win for another unit. Over which axes should the comparison run?",
            {".max": "[pieces.sum(axis=2).argmax", "0)": "0), np.arange(len(x))]"}),
    mistake("One piece wins for the whole batch.",
            "Another piece may win for another example and unit. Over which axes should the comparison run?",
            {".max(axis=0)": "[pieces.sum(axis=(1, 2)).argmax()]"}),
    mistake("The largest weights and biases are picked, not the largest outputs.",
            "max(x·w₁, x·w₂) is not x·max(w₁, w₂). Try a negative x.",
            {"pieces.": "x @ w.max(axis=0) + b."}),
    mistake("The last piece is left out of the comparison.",
            "Where does your loop stop? Range leaves out its end.",
            {".max": "[: max(len(w) - 1, 1)].max"}),
    mistake("Only the output is returned; the cache is missing.",
            "f_forward returns a pair: what must backward remember?",
            by=no_maxout_cache),
]
