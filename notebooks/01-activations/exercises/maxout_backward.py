"""maxout_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _leaves_dout_and_cache_alone, _maxout, _parts, _pieces


def _maxout_gradients(dout, x, w, b):
    winner = _pieces(x, w, b).argmax(axis=0)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n, k in np.ndindex(winner.shape):
        i = winner[n, k]
        dx[n] += dout[n, k] * w[i, :, k]
        dw[i, :, k] += dout[n, k] * x[n]
        db[i, k] += dout[n, k]
    return dx, dw, db


def _check_maxout_backward(student, dout, x, w, b, call=None):
    expected = _maxout_gradients(dout, x, w, b)
    cache = _maxout(student, x.copy(), w.copy(), b.copy())[1]
    result = (call or student.maxout_backward)(dout, cache)
    result = _parts(result, 3, "maxout_backward", "three things, dx, dw and db")
    for name, got, value in zip(("dx", "dw", "db"), result, expected, strict=True):
        assert_close(got, value, what=name)


def _random_maxout(rng, n, d, pieces, units):
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(pieces, d, units)), rng.normal(size=(pieces, units))
    return rng.normal(size=(n, units)), x, w, b


def test_maxout_backward_goes_to_the_winner(student, rng):
    """Only the piece that won receives the gradient of its example and unit."""
    _check_maxout_backward(student, *_random_maxout(rng, 170, 3, 4, 2))


def test_maxout_backward_where_all_sizes_are_equal(student, rng):
    """With as many pieces as examples, inputs and units, nothing is mixed up."""
    _check_maxout_backward(student, *_random_maxout(rng, 3, 3, 3, 3))


def test_maxout_backward_with_one_piece(student, rng):
    """A single piece gets everything, as an affine layer does."""
    _check_maxout_backward(student, *_random_maxout(rng, 4, 2, 1, 3))


def test_maxout_backward_of_one_example(student, rng):
    """A batch of one gives gradients of the same shapes."""
    _check_maxout_backward(student, *_random_maxout(rng, 1, 3, 2, 2))


def test_maxout_backward_gives_a_tie_to_the_first(student, rng):
    """Where pieces tie, the first of them gets the gradient, and it is not counted twice."""
    dout, x, w, b = _random_maxout(rng, 5, 2, 3, 2)
    w[2], b[2] = w[1], b[1]
    _check_maxout_backward(student, dout, x, w, b)


def test_maxout_backward_leaves_losers_without_gradient(student, rng):
    """A piece that never wins gets zeros."""
    dout, x, w, b = _random_maxout(rng, 5, 2, 3, 2)
    b[0] -= 100
    _check_maxout_backward(student, dout, x, w, b)


def test_maxout_backward_leaves_its_inputs_alone(student, rng):
    """Neither dout nor an array in the cache is changed."""

    def call(dout, cache):
        return _leaves_dout_and_cache_alone(student.maxout_backward, dout, cache)

    _check_maxout_backward(student, *_random_maxout(rng, 4, 3, 2, 2), call)


def test_maxout_backward_agrees_with_central_differences(student, rng):
    """The gradients are those of the loss sum(out * dout), in inputs, weights and biases."""
    dout, x, w, b = _random_maxout(rng, 4, 3, 3, 2)
    cache = _maxout(student, x.copy(), w.copy(), b.copy())[1]
    result = _parts(student.maxout_backward(dout.copy(), cache), 3, "maxout_backward", "three things, dx, dw and db")
    losses = (
        lambda v: np.sum(dout * _pieces(v, w, b).max(axis=0)),
        lambda v: np.sum(dout * _pieces(x, v, b).max(axis=0)),
        lambda v: np.sum(dout * _pieces(x, w, v).max(axis=0)),
    )
    for name, got, loss, at in zip(("dx", "dw", "db"), result, losses, (x, w, b), strict=True):
        assert_close(got, reference.numerical_gradient(loss, at), atol=1e-6, what=name)


@variant
def maxout_loops(dout, cache):
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
def maxout_backward_einsum(dout, cache):
    x, w, pieces = cache
    mask = np.zeros(pieces.shape)
    np.put_along_axis(mask, pieces.argmax(axis=0)[np.newaxis], 1.0, axis=0)
    d = mask * dout
    return np.einsum("ink,idk->nd", d, w), np.einsum("nd,ink->idk", x, d), d.sum(axis=1)


@variant
def maxout_piece_by_piece(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    dx, dw, db = 0, [], []
    for i in range(len(w)):
        mine = np.where(winner == i, dout, 0.0)
        dx = dx + mine @ w[i].T
        dw.append(x.T @ mine)
        db.append(mine.sum(axis=0))
    return dx, np.array(dw), np.array(db)


def to_all_pieces(dout, cache):
    x, w, pieces = cache
    dpieces = np.broadcast_to(dout, pieces.shape)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def shared_between_pieces(dout, cache):
    x, w, pieces = cache
    dpieces = np.broadcast_to(dout / len(w), pieces.shape)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def to_several_in_a_tie(dout, cache):
    x, w, pieces = cache
    dpieces = dout * (pieces == pieces.max(axis=0))
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def to_the_last_in_a_tie(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    winner = len(w) - 1 - pieces[::-1].argmax(axis=0)
    dpieces = dout * (winner == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def to_the_loser(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmin(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def maxout_averages(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces / len(x), dpieces.mean(axis=1)


def inputs_from_all_pieces(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dout @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def one_winner_for_the_batch(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.sum(axis=1, keepdims=True).argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def biases_not_by_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, np.tile(dout.sum(axis=0), (len(w), 1))


def maxout_order(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return x.T @ dpieces, dpieces.sum(axis=1), (dpieces @ w.transpose(0, 2, 1)).sum(axis=0)


def multiplied_by_the_value(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * pieces * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def divided_in_a_tie(dout, cache):
    x, w, pieces = cache
    won = (pieces == pieces.max(axis=0)).astype(float)
    dpieces = dout * won / won.sum(axis=0)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def inputs_from_the_last_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return dpieces[-1] @ w[-1].T, x.T @ dpieces, dpieces.sum(axis=1)


def inputs_from_the_first_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return dpieces[0] @ w[0].T, x.T @ dpieces, dpieces.sum(axis=1)


def inputs_piece_by_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return dpieces @ w.transpose(0, 2, 1), x.T @ dpieces, dpieces.sum(axis=1)


def inputs_averaged_over_pieces(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).mean(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def biases_of_all_pieces_in_one(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=(0, 1))


def biases_summed_along_the_pieces(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=0)


def biases_summed_along_the_units(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=2)


def maxout_bias_gradient_averaged(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.mean(axis=1)


def maxout_winner_for_each_example(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.sum(axis=2, keepdims=True).argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def maxout_winner_for_everything(dout, cache):
    x, w, pieces = cache
    dpieces = np.zeros(pieces.shape)
    dpieces[pieces.sum(axis=(1, 2)).argmax()] = dout
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def maxout_forgets_dout(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = (pieces.argmax(axis=0) == number).astype(float)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def to_the_positive_pieces(dout, cache):
    x, w, pieces = cache
    dpieces = dout * (pieces > 0)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def no_maxout_bias_gradient(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces


def maxout_weights_transposed(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), dpieces.transpose(0, 2, 1) @ x, dpieces.sum(axis=1)


def first_against_second(dout, cache):
    x, w, pieces = cache
    dpieces = np.zeros(pieces.shape)
    first = pieces[0] >= pieces[1]
    dpieces[0], dpieces[1] = dout * first, dout * ~first
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


def examples_overwrite_each_other(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros((len(w), w.shape[2]))
    for n, k in np.ndindex(winner.shape):
        i = winner[n, k]
        dx[n] += dout[n, k] * w[i, :, k]
        dw[i, :, k] = dout[n, k] * x[n]
        db[i, k] = dout[n, k]
    return dx, dw, db


def repeated_indices_lost(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (winner == number)
    db = np.zeros((len(w), w.shape[2]))
    db[winner, np.arange(w.shape[2])] += dout
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, db


def maxout_backward_of_64_examples_at_most(dout, cache):
    x, w, pieces = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros((w.shape[0], w.shape[2]))
    for n in range(min(len(x), 64)):
        for k in range(w.shape[2]):
            i = pieces[:, n, k].argmax()
            dx[n] += dout[n, k] * w[i, :, k]
            dw[i, :, k] += dout[n, k] * x[n]
            db[i, k] += dout[n, k]
    return dx, dw, db


def units_overwrite_each_other(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (winner == number)
    dx = np.zeros(x.shape)
    for n, k in np.ndindex(winner.shape):
        dx[n] = dout[n, k] * w[winner[n, k], :, k]
    return dx, x.T @ dpieces, dpieces.sum(axis=1)


def writes_into_the_pieces(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)[np.newaxis]
    pieces[...] = 0
    np.put_along_axis(pieces, winner, dout[np.newaxis], axis=0)
    return (pieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ pieces, pieces.sum(axis=1)


MISTAKES = [
    mistake("Every piece receives the whole gradient.",
            "Which piece changed the output when it changed a little? Only that one.",
            by=to_all_pieces),
    mistake("The gradient is divided among the pieces.",
            "Which piece changed the output when it changed a little? Only that one.",
            by=shared_between_pieces),
    mistake("In a tie every one of the equal pieces receives the gradient, so it is counted twice.",
            "== finds all that are equal to the maximum. What finds the first only?",
            by=to_several_in_a_tie),
    mistake("In a tie the last of the equal pieces receives the gradient; the text gives it to the first.",
            "Does your comparison use > or >=? argmax finds the first.",
            by=to_the_last_in_a_tie),
    mistake("The gradient goes to the smallest piece.",
            "Which piece came out in the forward pass?",
            by=to_the_loser),
    mistake("dw and db are divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            by=maxout_averages),
    mistake("dx goes through all pieces, also through those that lost.",
            "Through which piece did x act on this output?",
            by=inputs_from_all_pieces),
    mistake("The winner is chosen once for all examples, not for each.",
            "May another piece win for another example? Over which axes does the comparison run?",
            by=one_winner_for_the_batch),
    mistake("db is the same for all pieces: it sums dout instead of each piece's share.",
            "b is (k, K): which piece's bias acted on which example?",
            by=biases_not_by_piece),
    mistake("The gradients come in another order than the forward arguments.",
            "The forward call is maxout_forward(x, w, b). In which order must the gradients come?",
            by=maxout_order),
    mistake("The gradient is multiplied by the winning piece's value.",
            "The slope of max with respect to its winner is 1, whatever the winner's size.",
            by=multiplied_by_the_value),
    mistake("In a tie the equal pieces share the gradient; the text gives it to the first.",
            "== finds all that are equal to the maximum. What finds the first only?",
            by=divided_in_a_tie),
    mistake("Each piece overwrites dx, so that only the last piece's share is left.",
            "x acts on the output through whichever piece won. Which of = and += collects?",
            by=inputs_from_the_last_piece),
    mistake("dx takes only the first piece's share.",
            "x acts on the output through whichever piece won. Over what must dx add up?",
            by=inputs_from_the_first_piece),
    mistake("dx is not summed over the pieces: it has an axis too many.",
            "dx has the shape of x. Which axis should disappear?",
            by=inputs_piece_by_piece),
    mistake("dx is a mean over the pieces instead of a sum.",
            "Do the shares of the pieces add up or average?",
            by=inputs_averaged_over_pieces),
    mistake("db is summed over the pieces as well and is (K,) instead of (k, K).",
            "db has the shape of b. Which axis of (k, N, K) should disappear?",
            by=biases_of_all_pieces_in_one),
    mistake("db is summed over the pieces instead of the examples.",
            "db has the shape of b, (k, K). Which axis of (k, N, K) should disappear?",
            by=biases_summed_along_the_pieces),
    mistake("db is summed over the units instead of the examples.",
            "db has the shape of b, (k, K). Which axis of (k, N, K) should disappear?",
            by=biases_summed_along_the_units),
    mistake("db is a mean over the examples instead of a sum.",
            "If the loss is a mean, where is its 1/N already?",
            by=maxout_bias_gradient_averaged),
    mistake("One piece wins for a whole example, the same for all units.",
            "Another piece may win for another unit. Over which axes should the comparison run?",
            by=maxout_winner_for_each_example),
    mistake("One piece wins for the whole batch and all its units.",
            "Another piece may win for another example and unit. Over which axes should the comparison run?",
            by=maxout_winner_for_everything),
    mistake("The incoming gradient dout is not used: only the mask of the winners goes back.",
            "The chain rule multiplies. By what?",
            by=maxout_forgets_dout),
    mistake("Every piece that is positive receives the gradient, as in a ReLU.",
            "What decides in maxout: the sign of a piece, or its rank among the pieces?",
            by=to_the_positive_pieces),
    mistake("db is missing.",
            "Which three things did the forward function take?",
            by=no_maxout_bias_gradient),
    mistake("dw is transposed within each piece.",
            "w is (k, D, K), and dw must be too. Which factor comes first?",
            by=maxout_weights_transposed),
    mistake("Only the first two pieces are looked at.",
            "There are k pieces. What happens when the third wins?",
            by=first_against_second),
    mistake("Examples overwrite each other's dw and db, where they should add up.",
            "One weight serves all examples. Which of = and += collects?",
            by=examples_overwrite_each_other),
    mistake("db[winner, ...] += dout keeps only one of several examples with the same winner.",
            "What does NumPy do with += when an index occurs twice? Look up np.add.at, or use a mask and a sum.",
            by=repeated_indices_lost),
    mistake("Only the first 64 examples send their gradients back.",
            "What is dx for the last example of a batch of 100? Take the number of examples from x, not from a constant.",
            by=maxout_backward_of_64_examples_at_most),
    mistake("Units overwrite each other's dx, where they should add up.",
            "One input acts on all units. Which of = and += collects?",
            by=units_overwrite_each_other),
    mistake("The pieces in the cache are overwritten.",
            "Functions leave their inputs as they were, and the cache is one. Build a new array.",
            by=writes_into_the_pieces),
]
