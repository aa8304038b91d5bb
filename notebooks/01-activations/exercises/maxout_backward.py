"""maxout_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant

from .common import CACHE_CHANGED, CHAIN_RULE, MEAN, MISSING_DB, ORDER, all_pieces, check_gradients, gradients

HINTS = (
    'Through which piece did the output depend on the input, for this example and this unit?',
    'The gradient flows to the winner alone; where two pieces are equal the first wins. Then each piece is an '
    'affine layer, whose backward you know. What is added up for dx?',
    'x = 2, pieces w = 3 and −1, b = 0 and 9, dout = 10: the second piece (7) won, so dx = −10, dw = (0, 20) '
    'and db = (0, 10).',
)


def _expected(dout, x, w, b):
    winner = all_pieces(x, w, b).argmax(axis=0)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n, k in np.ndindex(winner.shape):
        i = winner[n, k]
        dx[n] += dout[n, k] * w[i, :, k]
        dw[i, :, k] += dout[n, k] * x[n]
        db[i, k] += dout[n, k]
    return dx, dw, db


def _check(student, *given):
    expected = _expected(*given)
    check_gradients(gradients(student, "maxout", *given), expected)


def _random(rng, n, d, pieces, units):
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(pieces, d, units)), rng.normal(size=(pieces, units))
    return rng.normal(size=(n, units)), x, w, b


def test_maxout_backward_goes_to_the_winner(student, rng):
    """Only the piece that won receives the gradient of its example and unit."""
    _check(student, *_random(rng, 170, 3, 4, 2))


def test_maxout_backward_where_all_sizes_are_equal(student, rng):
    """With as many pieces as examples, inputs and units, nothing is mixed up."""
    _check(student, *_random(rng, 3, 3, 3, 3))


def test_maxout_backward_with_one_piece(student, rng):
    """A single piece gets everything, as an affine layer does."""
    _check(student, *_random(rng, 4, 2, 1, 3))


def test_maxout_backward_of_one_example(student, rng):
    """A batch of one gives gradients of the same shapes."""
    _check(student, *_random(rng, 1, 3, 2, 2))


def test_maxout_backward_gives_a_tie_to_the_first(student, rng):
    """Where pieces tie, the first of them gets the gradient, and it is not counted twice."""
    dout, x, w, b = _random(rng, 5, 2, 3, 2)
    w[2], b[2] = w[1], b[1]
    _check(student, dout, x, w, b)


def test_maxout_backward_leaves_losers_without_gradient(student, rng):
    """A piece that never wins gets zeros."""
    dout, x, w, b = _random(rng, 5, 2, 3, 2)
    b[0] -= 100
    _check(student, dout, x, w, b)


def test_maxout_backward_agrees_with_central_differences(student, rng):
    """The gradients are those of the loss sum(out * dout), in inputs, weights and biases."""
    dout, x, w, b = _random(rng, 4, 3, 3, 2)
    losses = (
        lambda v: np.sum(dout * all_pieces(v, w, b).max(axis=0)),
        lambda v: np.sum(dout * all_pieces(x, v, b).max(axis=0)),
        lambda v: np.sum(dout * all_pieces(x, w, v).max(axis=0)),
    )
    expected = [reference.numerical_gradient(loss, at) for loss, at in zip(losses, (x, w, b), strict=True)]
    check_gradients(gradients(student, "maxout", dout, x, w, b), expected, atol=1e-6)


@variant
def with_loops(dout, cache):
    x, w, pieces = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros((w.shape[0], w.shape[2]))
    for n in range(dout.shape[0]):
        for j in range(dout.shape[1]):
            i = int(np.argmax(pieces[:, n, j]))
            dx[n] += dout[n, j] * w[i, :, j]
            dw[i, :, j] += dout[n, j] * x[n]
            db[i, j] += dout[n, j]
    return dx, dw, db


@variant
def with_einsum(dout, cache):
    x, w, pieces = cache
    mask = np.zeros(pieces.shape)
    np.put_along_axis(mask, pieces.argmax(axis=0)[np.newaxis], 1.0, axis=0)
    d = mask * dout
    return np.einsum("ink,idk->nd", d, w), np.einsum("nd,ink->idk", x, d), d.sum(axis=1)


@variant
def piece_by_piece(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    dx, dw, db = 0, [], []
    for i in range(len(w)):
        mine = np.where(winner == i, dout, 0.0)
        dx = dx + mine @ w[i].T
        dw.append(x.T @ mine)
        db.append(mine.sum(axis=0))
    return dx, np.array(dw), np.array(db)


WON = "(pieces.argmax(axis=0) == number)"
DX, DW, DB = "(dpieces @ w.transpose(0, 2, 1)).sum(axis=0)", "x.T @ dpieces", "dpieces.sum(axis=1)"
RESULT = f"dx, {DW}, {DB}"
ONLY_THAT_ONE = "Which piece changed the output when it changed a little? Only that one."
THE_FIRST = "== finds all that are equal to the maximum. What finds the first only?"
COLLECTS = "Which of = and += collects?"
MISTAKES = [
    mistake("Every piece receives the whole gradient.", ONLY_THAT_ONE,
            {WON: "np.ones_like(pieces)"}),
    mistake("The gradient is divided among the pieces.", ONLY_THAT_ONE,
            {WON: "np.full_like(pieces, 1 / len(w))"}),
    mistake("In a tie every one of the equal pieces receives the gradient, so it is counted twice.", THE_FIRST,
            {WON: "(pieces == pieces.max(axis=0))"}),
    mistake("In a tie the equal pieces share the gradient; the text gives it to the first.", THE_FIRST,
            {WON: "(pieces == pieces.max(axis=0)) / (pieces == pieces.max(axis=0)).sum(axis=0)"}),
    mistake("In a tie the last of the equal pieces receives the gradient; the text gives it to the first.",
            "Does your comparison use > or >=? argmax finds the first.",
            {WON: "(len(w) - 1 - pieces[::-1].argmax(axis=0) == number)"}),
    mistake("The gradient goes to the smallest piece.",
            "Which piece came out in the forward pass?",
            {WON: "(pieces.argmin(axis=0) == number)"}),
    mistake("Every piece that is positive receives the gradient, as in a ReLU.",
            "What decides in maxout: the sign of a piece, or its rank among the pieces?",
            {WON: "(pieces > 0)"}),
    mistake("Only the first two pieces are looked at.",
            "There are k pieces. What happens when the third wins?",
            {WON: "(np.where(pieces[0] >= pieces[1], 0, 1) == number)"}),
    mistake("One winner is chosen for all examples, for all units, or for both, not for each.",
            "Another piece may win for another example and unit. Over which axes should the comparison run?",
            *({WON: f"(pieces.sum(axis={axis}, keepdims=True).argmax(axis=0) == number)"} for axis in (1, 2, (1, 2)))),
    mistake("The largest number is sought among all pieces, examples and units at once, so one entry gets the gradient.",
            "How many winners are there for N examples and K units? Which axis does your maximum run over?",
            {WON: "(pieces == pieces.max())"}),
    mistake("The largest number is sought among the examples, or among the units, instead of among the pieces.",
            "The pieces of one example and one unit compete. Which axis of (k, N, K) counts them?",
            *({WON: f"(pieces == pieces.max(axis={axis}, keepdims=True))"} for axis in (1, 2))),
    mistake("The incoming gradient dout is not used: only the mask of the winners goes back.", CHAIN_RULE,
            {f"dout * {WON}": f"1.0 * {WON}"}),
    mistake("The gradient is multiplied by the winning piece's value.",
            "The slope of max with respect to its winner is 1, whatever the winner's size.",
            {WON: f"pieces * {WON}"}),
    mistake("dx goes through all pieces, also through those that lost.",
            "Through which piece did x act on this output?",
            {DX: "(dout @ w.transpose(0, 2, 1)).sum(axis=0)"}),
    mistake("dx takes only one piece's share: the first, or the last, which overwrites the others.",
            f"x acts on the output through whichever piece won. {COLLECTS}",
            *({DX: f"dpieces[{i}] @ w[{i}].T"} for i in (0, -1))),
    mistake("dx is not summed over the pieces: it has an axis too many.",
            "dx has the shape of x. Which axis should disappear?",
            {DX: "dpieces @ w.transpose(0, 2, 1)"}),
    mistake("dx is a mean over the pieces instead of a sum.",
            "Do the shares of the pieces add up or average?",
            {DX: "(dpieces @ w.transpose(0, 2, 1)).mean(axis=0)"}),
    mistake("Units overwrite each other's dx, where they should add up.",
            f"One input acts on all units. {COLLECTS}",
            {DX: "dout[:, -1:] * w[pieces.argmax(axis=0)[:, -1], :, -1]"}),
    mistake("dw is transposed within each piece.",
            "w is (k, D, K), and dw must be too. Which factor comes first?",
            {DW: "dpieces.transpose(0, 2, 1) @ x"}),
    mistake("dw and db are divided by the number of examples.", MEAN,
            {DW: f"{DW} / len(x)", DB: "dpieces.mean(axis=1)"}),
    mistake("db is a mean over the examples instead of a sum.", MEAN,
            {DB: "dpieces.mean(axis=1)"}),
    mistake("db is the same for all pieces: it sums dout instead of each piece's share.",
            "b is (k, K): which piece's bias acted on which example?",
            {DB: "np.tile(dout.sum(axis=0), (len(w), 1))"}),
    mistake("db is summed over the pieces or the units, not just over the examples.",
            "db has the shape of b, (k, K). Which axis of (k, N, K) should disappear?",
            *({DB: f"dpieces.sum(axis={axis})"} for axis in (0, 2, (0, 1)))),
    mistake("db[winner, ...] += dout keeps only one of several examples with the same winner.",
            "What does NumPy do with += when an index occurs twice? Look up np.add.at, or use a mask and a sum.",
            {f"return {RESULT}": "db = np.zeros((len(w), w.shape[2]))\n"
             f"    db[pieces.argmax(axis=0), np.arange(w.shape[2])] += dout\n    return dx, {DW}, db"}),
    mistake("Examples overwrite each other's dw and db, where they should add up.",
            f"One weight serves all examples. {COLLECTS}",
            {"dw[i, :, j] +=": "dw[i, :, j] =", "db[i, j] +=": "db[i, j] ="}, of=with_loops),
    mistake("Only the first 64 examples send their gradients back.",
            "What is dx for the last example of a batch of 100? Take the number of examples from x, not from a constant.",
            {"range(dout.shape[0])": "range(min(len(x), 64))"}, of=with_loops),
    mistake(ORDER,
            "The forward call is maxout_forward(x, w, b). In which order must the gradients come?",
            after=lambda result: (result[1], result[2], result[0])),
    mistake(*MISSING_DB,
            after=lambda result: result[:2]),
    mistake(*CACHE_CHANGED,
            {"dpieces = dout": "pieces[...] = dout", "  # argmax": "\n    dpieces = pieces  #"}),
]
