"""softmax_cross_entropy: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _pair, direction, eighths, gradient_of, loss_of, require_numbers


def test_softmax_cross_entropy_loss_averages_over_a_batch(student, rng):
    """The loss is the mean cross-entropy of the softmax of the scores."""
    scores, y = 2 * rng.normal(size=(5, 3)), np.array([2, 0, 1, 1, 0])
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(loss, reference.softmax_cross_entropy(scores, y)[0], what="the loss", sizes={"N": 5, "C": 3})


def test_softmax_cross_entropy_loss_works_with_as_many_examples_as_classes(student, rng):
    """The loss of a square batch is right."""
    scores, y = 2 * rng.normal(size=(4, 4)), np.array([3, 0, 3, 1])
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(loss, reference.softmax_cross_entropy(scores, y)[0], what="the loss of a square batch")


def test_softmax_cross_entropy_loss_of_one_example(student, rng):
    """The loss of a batch of one is log-sum-exp minus the true score."""
    scores, y = rng.normal(size=(1, 6)), np.array([4])
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(loss, np.log(np.exp(scores).sum()) - scores[0, 4], what="the loss of one example")


def test_softmax_cross_entropy_loss_starts_at_log_of_the_classes(student, rng):
    """With tiny scores the loss on ten classes is log 10."""
    scores, y = 1e-7 * rng.normal(size=(12, 10)), rng.integers(0, 10, size=12)
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(loss, np.log(10), what="the loss of tiny scores")


def test_softmax_cross_entropy_loss_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    scores, y = rng.normal(size=(3, 4)), np.array([1, 3, 1])
    loss = loss_of(student.softmax_cross_entropy(np.tile(scores, (2, 1)), np.tile(y, 2)), "softmax_cross_entropy")
    assert_close(loss, reference.softmax_cross_entropy(scores, y)[0], what="the loss of a batch repeated twice")


def test_softmax_cross_entropy_loss_of_a_certain_and_right_example(student):
    """An example whose true score leads by a thousand costs nothing, and the loss stays finite."""
    scores, y = np.array([[1000.0, -1000.0, 0.0], [0.5, 0.25, -1.0]]), np.array([0, 1])
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    expected = reference.softmax_cross_entropy(scores, y)[0]
    assert_close(loss, expected, what="the loss with a certain and right example")


def test_softmax_cross_entropy_loss_ignores_a_shift_of_a_row(student, rng):
    """Adding a constant to all scores of an example does not change the loss."""
    scores, y = eighths(rng, (4, 4)), np.array([1, 1, 2, 0])
    shift = np.array([[1000.0], [-1000.0], [100.0], [0.0]])
    loss = loss_of(student.softmax_cross_entropy(scores + shift, y.copy()), "softmax_cross_entropy")
    assert_close(loss, reference.softmax_cross_entropy(scores, y)[0], what="the loss of shifted rows")


def test_softmax_cross_entropy_loss_is_exact_for_a_hopeless_example(student):
    """A true score that is 1,000 below the best costs 1,000, neither infinity nor a ceiling."""
    scores, y = np.array([[0.0, 1000.0, -3.0], [1.0, 1.0, 0.0]]), np.array([0, 2])
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(loss, reference.softmax_cross_entropy(scores, y)[0], what="the loss of a hopeless example")


def test_softmax_cross_entropy_loss_stays_finite_at_ten_thousand(student):
    """Scores of ±10,000 give a finite loss."""
    scores, y = np.array([[1e4, -1e4, 0.0], [-1e4, 0.0, 1e4]]), np.array([1, 2])
    loss = loss_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(loss, 1e4, what="the loss of scores of ±10,000")


def test_softmax_cross_entropy_gradient_of_a_batch(student, rng):
    """The gradient is prediction minus truth, divided by the number of examples."""
    scores, y = 2 * rng.normal(size=(6, 3)), np.array([2, 0, 1, 1, 0, 2])
    dscores = gradient_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    expected = reference.softmax_cross_entropy(scores, y)[1]
    assert_close(dscores, expected, what="the gradient", sizes={"N": 6, "C": 3})


def test_softmax_cross_entropy_gradient_works_with_as_many_examples_as_classes(student, rng):
    """Only the true class of each example is corrected, also when the batch is square."""
    scores, y = rng.normal(size=(4, 4)), np.array([3, 0, 3, 1])
    dscores = gradient_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(dscores, reference.softmax_cross_entropy(scores, y)[1], what="the gradient of a square batch")


def test_softmax_cross_entropy_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    scores, y = rng.normal(size=(3, 5)), np.array([4, 1, 1])
    dscores = gradient_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    slope = reference.numerical_gradient(lambda s: reference.softmax_cross_entropy(s, y)[0], scores)
    assert_close(dscores, slope, rtol=1e-4, atol=1e-6, what="the gradient against a numerical one")


def test_softmax_cross_entropy_gradient_of_one_example(student, rng):
    """The gradient of a batch of one is prediction minus truth."""
    scores, y = rng.normal(size=(1, 4)), np.array([2])
    dscores = gradient_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(dscores, reference.softmax_cross_entropy(scores, y)[1], what="the gradient of one example")


def test_softmax_cross_entropy_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    scores, y = rng.normal(size=(5, 4)), np.array([0, 3, 3, 1, 0])
    dscores = gradient_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    expected = direction(reference.softmax_cross_entropy(scores, y)[1])
    require(np.shape(dscores) == (5, 4), "The gradient must have the shape of the scores.")
    assert_close(direction(dscores), expected, what="the gradient scaled to length 1")


def test_softmax_cross_entropy_gradient_stays_finite_at_ten_thousand(student):
    """Scores of ±10,000 give a finite gradient."""
    scores, y = np.array([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4]]), np.array([1, 0])
    dscores = gradient_of(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    assert_close(dscores, reference.softmax_cross_entropy(scores, y)[1], what="the gradient at scores of ±10,000")


def test_softmax_cross_entropy_of_two_classes_is_that_of_a_sigmoid(student, rng):
    """With two classes, loss and gradient are those of a sigmoid of the difference of the scores."""
    scores, y = eighths(rng, (4, 2)), np.array([0, 1, 1, 0])
    loss, dscores = _pair(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    expected, dlogits = reference.binary_cross_entropy(scores[:, 1] - scores[:, 0], y)
    assert_close(loss, expected, what="the loss of two classes")
    assert_close(dscores, np.stack([-dlogits, dlogits], axis=1), what="the gradient of two classes")


def test_softmax_cross_entropy_of_hundreds_of_examples(student, rng):
    """Every example of a large batch counts in the loss and has its row of the gradient."""
    scores, y = eighths(rng, (250, 3)) + 40.0, np.tile([0, 2, 2, 1, 0], 50)
    loss, dscores = _pair(student.softmax_cross_entropy(scores.copy(), y.copy()), "softmax_cross_entropy")
    expected = reference.softmax_cross_entropy(scores, y)
    assert_close(loss, expected[0], what="the loss of a large batch", sizes={"N": 250})
    assert_close(dscores, expected[1], what="the gradient of a large batch", sizes={"N": 250})


@easy
def test_softmax_cross_entropy_leaves_its_inputs_alone(student):
    """Scores and labels are the same after the call as before."""
    # Huge scores, although only the inputs are checked: so the outputs tell other mistakes from a write in place.
    scores, y = np.array([[1000.0, 0.0, 999.0], [1.0, 2.0, 0.5], [0.0, 1.0, 0.0]]), np.array([1, 0, 0])
    before, labels = scores.copy(), y.copy()
    result = student.softmax_cross_entropy(scores, y)
    assert_unchanged(scores, before, what="the array of scores")
    assert_unchanged(y, labels, what="the array of labels")
    require_numbers(gradient_of(result, "softmax_cross_entropy"), (3, 3), "softmax_cross_entropy")


@variant
def softmax_cross_entropy_with_loops(scores, y):
    """Plain Python, one example at a time."""
    n, c = scores.shape
    loss, dscores = 0.0, np.zeros((n, c))
    for i in range(n):
        row = [float(s) for s in scores[i]]
        largest = max(row)
        total = sum(math.exp(s - largest) for s in row)
        loss += math.log(total) + largest - row[y[i]]
        for j in range(c):
            dscores[i, j] = (math.exp(row[j] - largest) / total - (1.0 if j == y[i] else 0.0)) / n
    return loss / n, dscores


@variant
def softmax_cross_entropy_by_logaddexp(scores, y):
    """log-sum-exp from NumPy."""
    scores = np.asarray(scores, dtype=float)
    total = np.logaddexp.reduce(scores, axis=1)
    truth = np.eye(scores.shape[1])[y]
    return (total - (scores * truth).sum(axis=1)).mean(), (np.exp(scores - total[:, None]) - truth) / len(y)


@variant
def softmax_cross_entropy_relative_to_the_true_score(scores, y):
    """Differences to the true score first; the loss is log of a sum with a one in it."""
    n, rows = len(y), np.arange(len(y))
    relative = scores - scores[rows, y][:, None]
    largest = relative.max(axis=1)
    total = largest + np.log(np.exp(relative - largest[:, None]).sum(axis=1))
    dscores = np.exp(relative - total[:, None])
    dscores[rows, y] -= 1
    return [float(np.sum(total) / n), dscores / n]


@variant
def softmax_cross_entropy_in_single_precision(scores, y):
    """float32 throughout."""
    n, rows = len(y), np.arange(len(y))
    shifted = (scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= np.float32(1)
    return -log_probs[rows, y].mean(), dscores / np.float32(n)


@variant
def softmax_cross_entropy_with_the_jacobian(scores, y):
    """Gradient of the probabilities through the full Jacobian of softmax, kept safe by working with p_y alone."""
    n, c = scores.shape
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    probs = powers / powers.sum(axis=1, keepdims=True)
    losses = np.log(powers.sum(axis=1)) - shifted[np.arange(n), y]
    # d(-log p_y)/ds_c = -(1/p_y) p_y (delta_yc - p_c): p_y cancels before it can be zero
    dscores = np.stack([-(np.eye(c)[y[i]] - probs[i]) for i in range(n)]) / n
    return np.asarray(losses.mean()), dscores


def softmax_cross_entropy_gradient_undivided(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores


def softmax_cross_entropy_summed(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].sum(), dscores


def softmax_cross_entropy_loss_summed(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].sum(), dscores / n


def softmax_cross_entropy_truth_minus_prediction(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = -np.exp(log_probs)
    dscores[rows, y] += 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_subtracting_in_all_rows(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[:, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_without_the_truth(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[rows, y].mean(), np.exp(log_probs) / n


def softmax_cross_entropy_subtracting_the_label(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[rows, y].mean(), (np.exp(log_probs) - y[:, np.newaxis]) / n


def softmax_cross_entropy_gradient_of_the_probabilities(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    dscores = np.zeros(probs.shape)
    dscores[rows, y] = -1 / np.maximum(probs[rows, y], 1e-300)
    return np.log(powers.sum(axis=1)).mean() - (scores - scores.max(axis=1, keepdims=True))[rows, y].mean(), dscores / n


def softmax_cross_entropy_gradient_of_the_true_class_only(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.zeros(log_probs.shape)
    dscores[rows, y] = np.exp(log_probs[rows, y]) - 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_in_two_steps(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(probs[rows, y]).mean()
    dscores = probs.copy()
    dscores[rows, y] -= 1
    return loss, dscores / n


def softmax_cross_entropy_in_two_steps_without_a_shift(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores)
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(probs[rows, y]).mean()
    probs[rows, y] -= 1
    return loss, probs / n


def softmax_cross_entropy_with_a_safety_constant(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(probs[rows, y] + 1e-8).mean()
    dscores = probs.copy()
    dscores[rows, y] -= 1
    return loss, dscores / n


def softmax_cross_entropy_without_a_shift(scores, y):
    n, rows = len(y), np.arange(len(y))
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_shifted_by_the_batch_maximum(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max()
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_averaged_over_classes(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].sum() / scores.size, dscores / scores.size


def softmax_cross_entropy_over_columns(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=0, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_in_place(scores, y):
    n, rows = len(y), np.arange(len(y))
    scores -= scores.max(axis=1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_gradient_divided_twice(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n / n


def softmax_cross_entropy_without_keepdims(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


def softmax_cross_entropy_returning_only_the_loss(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y].mean()


def softmax_cross_entropy_mixing_shifted_and_unshifted(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - scores[rows, y]).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_a_batch_maximum_in_the_loss(scores, y):
    rows, n = np.arange(len(y)), len(y)
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    largest = scores.max()
    loss = (np.log(np.exp(scores - largest).sum(axis=1)) + largest - scores[rows, y]).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_an_unshifted_loss(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(np.exp(scores).sum(axis=1)) - scores[rows, y]).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_a_loss_shifted_by_the_minimum(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    low = scores - scores.min(axis=1, keepdims=True)
    loss = (np.log(np.exp(low).sum(axis=1)) - low[rows, y]).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_a_loss_divided_by_classes(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).sum() / scores.shape[1]
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_a_gradient_divided_by_everything(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) / scores.size


def softmax_cross_entropy_with_a_gradient_averaged_over_examples(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth).mean(axis=0)


def softmax_cross_entropy_in_swapped_order(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return (probs - truth) / n, loss


def softmax_cross_entropy_for_each_example(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = np.log(totals[:, 0]) - shifted[rows, y]
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_an_extra_slope(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) * probs * (1 - probs) / n


def softmax_cross_entropy_in_bits(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log2(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_of_probabilities(scores, y):
    n, rows = len(y), np.arange(len(y))
    high = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = high / high.sum(axis=1, keepdims=True)
    shifted = probs - probs.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_dividing_the_prediction_only(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, probs / n - truth


def softmax_cross_entropy_subtracting_in_the_first_row(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    probs[0, y[0]] -= 1
    return loss, probs / n


def softmax_cross_entropy_returning_the_probabilities(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, probs


def softmax_cross_entropy_with_infinity_replaced(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    with np.errstate(divide="ignore"):
        costs = -np.log(probs[rows, y])
    loss = np.where(np.isinf(costs), 1000.0, costs).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_the_smallest_number_as_a_floor(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = -np.log(np.maximum(probs[rows, y], 1e-300)).mean()
    return loss, (probs - truth) / n


def softmax_cross_entropy_with_a_half(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean() / 2
    return loss, (probs - truth) / n


MISTAKES = [
    mistake("The gradient is not divided by the number of examples, although the loss is.",
            "The loss is a mean over N examples. How much does that mean change if one example's loss changes by 1?",
            by=softmax_cross_entropy_gradient_undivided),
    mistake("Loss and gradient are sums over the batch instead of means.",
            "Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
            by=softmax_cross_entropy_summed),
    mistake("The loss is summed over the batch, although the gradient is that of the mean.",
            "Your gradient is right; now make the loss the mean that it belongs to.",
            by=softmax_cross_entropy_loss_summed),
    mistake("The sign of the gradient is flipped: truth minus prediction.",
            "A step against the gradient must raise the true score. Which sign has the true class's entry then?",
            by=softmax_cross_entropy_truth_minus_prediction),
    mistake("The 1 is subtracted in the columns of all labels for every example.",
            "dscores[:, y] means all rows. You want one entry in each row: index rows and labels in pairs.",
            by=softmax_cross_entropy_subtracting_in_all_rows),
    mistake("The gradient is the prediction alone: the truth was never subtracted.",
            "Check whether each row of your gradient adds up to zero, as the text says it must.",
            by=softmax_cross_entropy_without_the_truth),
    mistake("The label is subtracted as a number: p - y instead of p minus its one-hot row.",
            "Label 3 is a name, not a quantity. In which column should how much be subtracted?",
            by=softmax_cross_entropy_subtracting_the_label),
    mistake("The gradient is with respect to the probabilities, -1/p at the true class, not to the scores.",
            "One more application of the chain rule is missing: every score moves every probability of its row.",
            by=softmax_cross_entropy_gradient_of_the_probabilities),
    mistake("Only the true class gets a gradient; the wrong classes are left at zero.",
            "Raising a wrong score takes probability away from the true class. Is the loss really flat in it?",
            by=softmax_cross_entropy_gradient_of_the_true_class_only),
    mistake("The logarithm is taken of a probability that may have underflowed to zero.",
            "exp and log cancel on paper. Section 4 writes the loss without any probability in it.",
            by=softmax_cross_entropy_in_two_steps),
    mistake("Large scores overflow in the softmax, and the logarithm then meets nan or zero.",
            "Two cures are needed: the shift of section 1, and the formula of section 4 that has no probability in it.",
            by=softmax_cross_entropy_in_two_steps_without_a_shift),
    mistake("A small constant inside the logarithm caps the loss of a hopeless example.",
            "A true score that is 1,000 too low should cost 1,000. Can you reach the logarithm without a probability?",
            by=softmax_cross_entropy_with_a_safety_constant),
    # TODO softmax_cross_entropy_with_a_floor_of_1e_05: Probabilities are kept above 1e-05, by clipping or by adding a constant, which caps the loss.
    # TODO softmax_cross_entropy_with_a_floor_of_1e_06: Probabilities are kept above 1e-06, by clipping or by adding a constant, which caps the loss.
    # TODO softmax_cross_entropy_with_a_floor_of_1e_07: Probabilities are kept above 1e-07, by clipping or by adding a constant, which caps the loss.
    # TODO softmax_cross_entropy_with_a_floor_of_1e_09: Probabilities are kept above 1e-09, by clipping or by adding a constant, which caps the loss.
    # TODO softmax_cross_entropy_with_a_floor_of_1e_10: Probabilities are kept above 1e-10, by clipping or by adding a constant, which caps the loss.
    # TODO softmax_cross_entropy_with_a_floor_of_1e_12: Probabilities are kept above 1e-12, by clipping or by adding a constant, which caps the loss.
    # TODO softmax_cross_entropy_with_a_floor_of_1e_15: Probabilities are kept above 1e-15, by clipping or by adding a constant, which caps the loss.
    mistake("Large scores overflow: nothing is subtracted before the exponential.",
            "The same freedom as in softmax helps here: what may you subtract from all scores of a row?",
            by=softmax_cross_entropy_without_a_shift),
    mistake("One number, the maximum of the whole batch, is subtracted from every row.",
            "What happens to a row whose scores are all far below the largest score of the batch?",
            by=softmax_cross_entropy_shifted_by_the_batch_maximum),
    mistake("Loss and gradient are divided by the number of classes as well.",
            "With tiny scores on ten classes the loss must be 2.303. By what do you divide in all?",
            by=softmax_cross_entropy_averaged_over_classes),
    mistake("Softmax runs over the columns, so examples compete instead of classes.",
            "Examples are rows. Along which axis do the classes of one example lie?",
            by=softmax_cross_entropy_over_columns),
    mistake("The scores themselves are changed: -= writes into the caller's array.",
            "The caller still needs the scores. Which operation makes a new array instead of changing the old one?",
            by=softmax_cross_entropy_in_place),
    mistake("The gradient is divided by the number of examples twice.",
            "One division by N belongs to the mean. Find the two places where you divide.",
            by=softmax_cross_entropy_gradient_divided_twice),
    mistake("Each row is divided by another row's total: the sum lost its axis and lined up with the columns.",
            "Print the shape of your sum of exponentials. Which option keeps the axis that was summed?",
            by=softmax_cross_entropy_without_keepdims),
    mistake("Only the loss is returned; the gradient is missing.",
            "The docstring asks for two things: return the loss, a comma, and the gradient.",
            by=softmax_cross_entropy_returning_only_the_loss),
    mistake("The maximum is subtracted in log-sum-exp but not from the true score.",
            "The shift cancels only if both terms know of it. Compare the losses of (1, 2) and (11, 12).",
            by=softmax_cross_entropy_mixing_shifted_and_unshifted),
    mistake("In the loss one number, the maximum of the whole batch, is subtracted from every row.",
            "What happens to a row of small scores when another row has huge ones?",
            by=softmax_cross_entropy_with_a_batch_maximum_in_the_loss),
    mistake("The gradient is safe, but in the loss the exponentials overflow: nothing is subtracted there.",
            "The same freedom as in softmax helps in log-sum-exp: what may you subtract from all scores of a row?",
            by=softmax_cross_entropy_with_an_unshifted_loss),
    mistake("In the loss the smallest score is subtracted, so that the largest still overflows.",
            "Which number must be subtracted so that no exponent is positive?",
            by=softmax_cross_entropy_with_a_loss_shifted_by_the_minimum),
    mistake("The loss is divided by the number of classes instead of the number of examples.",
            "Losses are means over the batch. Which of the two axes of scores is the batch?",
            by=softmax_cross_entropy_with_a_loss_divided_by_classes),
    mistake("The gradient is divided by the number of classes as well, although the loss is not.",
            "Compare with a numerical gradient of your loss. By which factor do they differ?",
            by=softmax_cross_entropy_with_a_gradient_divided_by_everything),
    mistake("The gradient is averaged over the examples, so that it has shape (C,).",
            "A gradient has the shape of what it differentiates. Each example has scores of its own.",
            by=softmax_cross_entropy_with_a_gradient_averaged_over_examples),
    mistake("Gradient and loss are returned the wrong way round.",
            "In which order does the text ask for them?",
            by=softmax_cross_entropy_in_swapped_order),
    mistake("The cost of each example is returned instead of their mean.",
            "The loss is one number. What turns N costs into one?",
            by=softmax_cross_entropy_for_each_example),
    mistake("The gradient carries an extra p(1 - p), the slope of the softmax, which the logarithm cancels.",
            "Prediction minus truth is the whole gradient with respect to the scores.",
            by=softmax_cross_entropy_with_an_extra_slope),
    mistake("The logarithm has base 2.",
            "Which of NumPy's logarithms undoes np.exp?",
            by=softmax_cross_entropy_in_bits),
    mistake("Softmax is applied twice: the probabilities are treated as scores.",
            "Which variable goes into log-sum-exp: scores or probabilities?",
            by=softmax_cross_entropy_of_probabilities),
    mistake("Only the prediction is divided by N, not the truth: brackets are missing.",
            "Division binds more tightly than subtraction. What must be subtracted first?",
            by=softmax_cross_entropy_dividing_the_prediction_only),
    mistake("The 1 is subtracted for the first example only.",
            "Every example has a true class. Which rows does your index name?",
            by=softmax_cross_entropy_subtracting_in_the_first_row),
    mistake("The probabilities are returned as the gradient: neither is the truth subtracted nor is there a 1/N.",
            "Prediction minus truth, over N. Which two steps are missing?",
            by=softmax_cross_entropy_returning_the_probabilities),
    mistake("An infinite cost is replaced by a number instead of being avoided.",
            "A true score that is 10,000 too low should cost 10,000. Can you reach the logarithm without a probability?",
            by=softmax_cross_entropy_with_infinity_replaced),
    mistake("Probabilities are kept above 1e-300, which caps the loss at 691.",
            "A true score that is 1,000 too low should cost 1,000. Can you reach the logarithm without a probability?",
            by=softmax_cross_entropy_with_the_smallest_number_as_a_floor),
    mistake("There is a one half too many in the loss.",
            "Equal scores of C classes should cost log C.",
            by=softmax_cross_entropy_with_a_half),
]
