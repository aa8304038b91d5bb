"""maxout_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import MISSING_CACHE, all_pieces, check_cache, output_and_cache

HINTS = (
    'Each piece is an affine layer of its own. How many are there, and which result counts?',
    'w is (k, D, K): with x (N, D) you get k arrays (N, K). Along which axis is the maximum taken? What will '
    'backward need to know about it?',
    'One input x = 2, two pieces with w = 3 and −1, b = 0 and 9: the pieces give 6 and 7, so the output is 7.',
)


def _check(student, x, w, b):
    expected = all_pieces(x, w, b).max(axis=0)
    assert_close(output_and_cache(student, "maxout_forward", x, w, b)[0], expected, what="out")


def _check_sizes(student, rng, n, d, pieces, units):
    _check(student, rng.normal(size=(n, d)), rng.normal(size=(pieces, d, units)), rng.normal(size=(pieces, units)))


def test_maxout_forward_keeps_the_largest_piece(student, rng):
    """For every example and unit the largest of the pieces comes out."""
    _check_sizes(student, rng, 170, 3, 4, 2)


def test_maxout_forward_where_all_sizes_are_equal(student, rng):
    """With as many pieces as examples, inputs and units, the maximum is still taken over the pieces."""
    _check_sizes(student, rng, 3, 3, 3, 3)


def test_maxout_forward_with_one_piece(student, rng):
    """A single piece is an affine layer, negative numbers included."""
    _check_sizes(student, rng, 4, 2, 1, 3)


def test_maxout_forward_of_one_example(student, rng):
    """A batch of one gives one row."""
    _check_sizes(student, rng, 1, 3, 2, 2)


def test_maxout_forward_with_biases_that_decide(student):
    """Each piece has its own bias, and the bias takes part in the comparison."""
    x, w = np.array([[1.0], [-1.0]]), np.array([[[1.0, 0.0]], [[-1.0, 0.0]]])
    _check(student, x, w, np.array([[0.0, -5.0], [3.0, 2.0]]))


def test_maxout_forward_is_a_relu_with_a_piece_of_zeros(student, rng):
    """With one piece zero, maxout is a ReLU."""
    x, w = rng.normal(size=(6, 3)), np.zeros((2, 3, 2))
    w[1] = rng.normal(size=(3, 2))
    _check(student, x, w, np.zeros((2, 2)))


def test_maxout_forward_keeps_all_pieces_in_the_cache(student, rng):
    """The cache is the tuple (x, w, pieces) with pieces (k, N, K), as the text says: this is what backward gets."""
    x, w, b = rng.normal(size=(2, 4)), rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 5))
    out, cache = output_and_cache(student, "maxout_forward", x.copy(), w.copy(), b.copy())
    pieces = all_pieces(x, w, b)
    assert_close(out, pieces.max(axis=0), what="out")
    check_cache(cache, (x, w, pieces), "maxout_forward", "x, w and the pieces (k, N, K)")


@variant
def with_einsum(x, w, b):
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


PIECES, OUT = "x @ w + b[:, np.newaxis, :]", "pieces.max(axis=0)"
WHICH_AXIS = "out must be (N, K). Which axis of (k, N, K) should disappear?"
SIZES = "Which is larger, -8 or 6?"
MISTAKES = [
    mistake("The pieces are averaged or added up, which is linear again.",
            "Which of the pieces should come out?",
            {OUT: "pieces.mean(axis=0)"}, {OUT: "pieces.sum(axis=0)"}),
    mistake("The smallest piece comes out instead of the largest.",
            "What does the max in maxout stand for?",
            {OUT: "pieces.min(axis=0)"}),
    mistake("The number of the winning piece comes out instead of its value.",
            "What is the difference between max and argmax?",
            {OUT: "pieces.argmax(axis=0)"}),
    mistake("The biases are not added.",
            "What is the output for an input of zeros?",
            {PIECES: "x @ w"}),
    mistake("The largest product and the largest bias are added, though they may belong to different pieces.",
            "Which is compared: the products, or the products with their biases?",
            {OUT: "(x @ w).max(axis=0) + b.max(axis=0)"},
            {"x @ w + b[:, np.newaxis, :]": "x @ w", OUT: "pieces.max(axis=0) + b.max(axis=0)"}),
    mistake("The winner is chosen by the products, before the biases are added.",
            "Piece 1 gives 6 with a bias of 0, piece 2 gives 5 with a bias of 3. Which of them should win?",
            {OUT: "np.take_along_axis(pieces, (x @ w).argmax(axis=0)[np.newaxis], axis=0)[0]"}),
    mistake("The largest weights and biases are picked, not the largest outputs.",
            "max(x·w₁, x·w₂) is not x·max(w₁, w₂). Try a negative x.",
            {OUT: "x @ w.max(axis=0) + b.max(axis=0)"}),
    mistake("The maximum is taken over the units, the last axis, instead of the pieces.", WHICH_AXIS,
            {OUT: "pieces.max(axis=2)"}, {OUT: "pieces.max(axis=2).T"}),
    mistake("The maximum is taken over the examples instead of the pieces.", WHICH_AXIS,
            {OUT: "pieces.max(axis=1)"}),
    mistake("The maximum is taken over everything, so that one number comes out.",
            "out must be (N, K). What does max() do without an axis?",
            {OUT: "pieces.max()"}),
    mistake("The axis of the pieces is kept: out is (1, N, K) instead of (N, K).",
            "Is keepdims meant here?",
            {OUT: "pieces.max(axis=0, keepdims=True)"}),
    mistake("The biases are lined up with the examples instead of with the pieces.",
            "b is (k, K) and the pieces are (k, N, K). Where must a new axis go?",
            {PIECES: "x @ w + b"}),
    mistake("All pieces get the same biases: the first piece's, or the sum of all.",
            "b is (k, K): one row for each piece. Where must a new axis go so that the rows meet the pieces?",
            {PIECES: "x @ w + b[0]"}, {PIECES: "x @ w + b.sum(axis=0)"}),
    mistake("The piece that is largest in absolute value is compared.", SIZES,
            {OUT: "np.abs(pieces).max(axis=0)"}),
    mistake("The piece farthest from zero comes out, negative or not.", SIZES,
            {OUT: "np.take_along_axis(pieces, np.abs(pieces).argmax(axis=0)[np.newaxis], axis=0)[0]"}),
    mistake("Negative outputs are cut off: a ReLU has slipped in.",
            "If all pieces are negative, what should come out?",
            {OUT: "np.maximum(pieces.max(axis=0), 0)"}),
    mistake("A piece is left out of the comparison: the last, or all after the second.",
            "There are k pieces. Where does your loop stop, and what happens with three?",
            {OUT: "pieces[:2].max(axis=0)"}, {OUT: "pieces[: max(len(w) - 1, 1)].max(axis=0)"}),
    mistake("One piece wins for a whole example or for the whole batch, the same for all units.",
            "Another piece may win for another example and unit. Over which axes should the comparison run?",
            {OUT: "pieces[pieces.sum(axis=2).argmax(axis=0), np.arange(len(x))]"},
            {OUT: "pieces[pieces.sum(axis=(1, 2)).argmax()]"}),
    mistake("The cache is not the tuple (x, w, pieces) with all pieces (k, N, K) that the text asks for.",
            "Backward must find out for every example and unit which piece won. What does it need?",
            {f"{OUT}, (x, w, pieces)": f"{OUT}, (x, w, b)"},
            *({f"{OUT}, (x, w, pieces)": f"{OUT}, (x, w, pieces.transpose{axes})"} for axes in ((1, 0, 2), (1, 2, 0))),
            *({f"{OUT}, (x, w, pieces)": f"{OUT}, (x, w, {kept})"} for kept in (OUT, "pieces.argmax(axis=0)"))),
    mistake(*MISSING_CACHE,
            {f"{OUT}, (x, w, pieces)": OUT}),
]
