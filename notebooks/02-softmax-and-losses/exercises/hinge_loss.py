"""hinge_loss: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _pair, direction, gradient_of, loss_of, require_numbers


def scores_off_the_kink(rng, shape, y, margin):
    """Draw scores whose hinge terms are all at least 0.05 from zero, where every slope is unambiguous."""
    rows = np.arange(len(y))
    scores = 2 * rng.normal(size=shape)
    while True:
        terms = scores - scores[rows, y][:, np.newaxis] + margin
        terms[rows, y] = 1.0
        near = np.abs(terms).min(axis=1) <= 0.05
        if not near.any():
            return scores
        scores[near] = 2 * rng.normal(size=(near.sum(), shape[1]))


def test_hinge_loss_averages_over_a_batch(student, rng):
    """The loss is the mean over examples of what the wrong classes are charged."""
    y = np.array([2, 0, 1, 1, 0])
    scores = scores_off_the_kink(rng, (5, 3), y, 1.0)
    loss = loss_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(loss, reference.hinge_loss(scores, y)[0], what="the loss", sizes={"N": 5, "C": 3})


def test_hinge_loss_works_with_as_many_examples_as_classes(student, rng):
    """Each row is compared with its own true score, also when the batch is square."""
    y = np.array([3, 0, 3, 1])
    scores = scores_off_the_kink(rng, (4, 4), y, 1.0)
    loss = loss_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(loss, reference.hinge_loss(scores, y)[0], what="the loss of a square batch")


def test_hinge_loss_of_one_example(student):
    """For a single example the loss is the sum over the wrong classes."""
    scores, y = np.array([[0.5, 2.0, 1.75, -4.0]]), np.array([0])
    assert_close(loss_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss"), 4.75, what="the loss of one example")


def test_hinge_loss_respects_the_margin(student, rng):
    """The wanted margin is the one that was passed."""
    y = np.array([1, 2, 2, 0])
    for margin in (2.5, 0.25):
        scores = scores_off_the_kink(rng, (4, 3), y, margin)
        loss = loss_of(student.hinge_loss(scores.copy(), y.copy(), margin=margin), "hinge_loss")
        expected = reference.hinge_loss(scores, y, margin)[0]
        assert_close(loss, expected, what=f"the loss with a margin of {margin}")


def test_hinge_loss_is_zero_once_the_margin_is_kept(student):
    """An example whose true score leads by more than the margin costs nothing and gets no gradient."""
    scores, y = np.array([[5.0, 1.0, 2.0], [-3.0, 4.0, 0.0], [3.0, 1.0, 0.0]]), np.array([0, 1, 2])
    kept = loss_of(student.hinge_loss(scores[:2].copy(), y[:2].copy()), "hinge_loss")
    assert_close(kept, 0.0, what="the loss of examples that keep the margin")
    dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    require(np.shape(dscores) == (3, 3), "The gradient must have the shape of the scores.")
    assert_close(np.asarray(dscores)[:2], np.zeros((2, 3)), what="the gradient of examples that keep the margin")
    require(np.any(np.asarray(dscores)[2]), "The gradient is zero for an example that violates the margin.")


def test_hinge_loss_starts_at_the_number_of_wrong_classes(student, rng):
    """With tiny scores the loss on C classes is C - 1."""
    scores, y = 1e-7 * rng.normal(size=(12, 10)), rng.integers(0, 10, size=12)
    loss = loss_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(loss, 9.0, what="the loss of tiny scores on 10 classes")


def test_hinge_loss_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    y = np.array([1, 3, 1])
    scores = scores_off_the_kink(rng, (3, 4), y, 1.0)
    loss = loss_of(student.hinge_loss(np.tile(scores, (2, 1)), np.tile(y, 2)), "hinge_loss")
    assert_close(loss, reference.hinge_loss(scores, y)[0], what="the loss of a batch repeated twice")


def test_hinge_loss_grows_in_proportion_to_the_violation(student):
    """A violation of 10,000 costs 10,000: the loss is linear."""
    scores, y = np.array([[-1e4, 1e4, 0.0], [0.5, -9.0, -8.0]]), np.array([0, 0])
    loss = loss_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(loss, 15001.0, what="the loss of huge violations")


def test_hinge_loss_gradient_of_a_batch(student, rng):
    """Charged classes get slope 1, the true class minus their number, all divided by N."""
    y = np.array([2, 0, 1, 1, 0, 2])
    scores = scores_off_the_kink(rng, (6, 4), y, 1.0)
    dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(dscores, reference.hinge_loss(scores, y)[1], what="the gradient", sizes={"N": 6, "C": 4})


def test_hinge_loss_gradient_works_with_as_many_examples_as_classes(student, rng):
    """The gradient of a square batch is right."""
    y = np.array([1, 1, 3, 0])
    scores = scores_off_the_kink(rng, (4, 4), y, 1.0)
    dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(dscores, reference.hinge_loss(scores, y)[1], what="the gradient of a square batch")


def test_hinge_loss_gradient_of_one_example(student):
    """Three charged classes pull the true score up with slope 3."""
    scores, y = np.array([[0.5, 2.0, 1.75, 0.25]]), np.array([3])
    dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    assert_close(dscores, np.array([[1.0, 1.0, 1.0, -3.0]]), what="the gradient of one example")


def test_hinge_loss_gradient_respects_the_margin(student, rng):
    """Which classes are charged depends on the margin that was passed."""
    y = np.array([1, 2, 2, 0])
    for margin in (3.0, 0.25):
        scores = scores_off_the_kink(rng, (4, 3), y, margin)
        dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy(), margin=margin), "hinge_loss")
        expected = reference.hinge_loss(scores, y, margin)[1]
        assert_close(dscores, expected, what=f"the gradient with a margin of {margin}")


def test_hinge_loss_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    y = np.array([4, 1, 1])
    scores = scores_off_the_kink(rng, (3, 5), y, 1.0)
    dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    slope = reference.numerical_gradient(lambda s: reference.hinge_loss(s, y)[0], scores)
    assert_close(dscores, slope, rtol=1e-4, atol=1e-6, what="the gradient against a numerical one")


def test_hinge_loss_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    y = np.array([0, 3, 3, 1, 0])
    scores = scores_off_the_kink(rng, (5, 4), y, 1.0)
    dscores = gradient_of(student.hinge_loss(scores.copy(), y.copy()), "hinge_loss")
    require(np.shape(dscores) == (5, 4), "The gradient must have the shape of the scores.")
    expected = direction(reference.hinge_loss(scores, y)[1])
    assert_close(direction(dscores), expected, what="the gradient scaled to length 1")


def test_hinge_loss_of_hundreds_of_examples(student, rng):
    """Every example of a large batch counts in the loss and has its row of the gradient."""
    y = np.tile([2, 0, 0, 1], 50)
    scores = scores_off_the_kink(rng, (200, 3), y, 1.5)
    loss, dscores = _pair(student.hinge_loss(scores.copy(), y.copy(), margin=1.5), "hinge_loss")
    expected = reference.hinge_loss(scores, y, 1.5)
    assert_close(loss, expected[0], what="the loss of a large batch", sizes={"N": 200})
    assert_close(dscores, expected[1], what="the gradient of a large batch", sizes={"N": 200})


@easy
def test_hinge_loss_leaves_its_inputs_alone(student, rng):
    """Scores and labels are the same after the call as before."""
    y = np.array([3, 0, 0, 2])
    scores = scores_off_the_kink(rng, (4, 4), y, 1.0)
    before, labels = scores.copy(), y.copy()
    result = student.hinge_loss(scores, y)
    assert_unchanged(scores, before, what="the array of scores")
    assert_unchanged(y, labels, what="the array of labels")
    require_numbers(gradient_of(result, "hinge_loss"), (4, 4), "hinge_loss")


@variant
def hinge_loss_with_loops(scores, y, margin=1.0):
    """Plain Python, one class at a time."""
    n, c = scores.shape
    loss, dscores = 0.0, np.zeros((n, c))
    for i in range(n):
        for j in range(c):
            charge = scores[i, j] - scores[i, y[i]] + margin
            if j != y[i] and charge > 0:
                loss += charge / n
                dscores[i, j] += 1 / n
                dscores[i, y[i]] -= 1 / n
    return loss, dscores


@variant
def hinge_loss_counting_the_margin_off(scores, y, margin=1.0):
    """Charge the true class too, and take its margin off again."""
    n, truth = len(y), np.eye(scores.shape[1])[y]
    true = np.einsum("nc,nc->n", scores, truth)
    charged = np.clip(scores - true[:, None] + margin, 0, None)
    wrong = (charged > 0) * (1 - truth)
    return np.mean(charged.sum(axis=1) - margin), (wrong - wrong.sum(axis=1, keepdims=True) * truth) / n


@variant
def hinge_loss_with_the_other_slope_at_the_kink(scores, y, margin=1.0):
    """At a difference of exactly zero the slope 1 is as good as 0."""
    n, rows = len(y), np.arange(len(y))
    terms = scores - scores[rows, y].reshape(-1, 1) + margin
    active = terms >= 0
    active[rows, y] = False
    dscores = active / n
    np.add.at(dscores, (rows, y), -active.sum(axis=1) / n)
    return np.sum(terms[active]) / n, dscores


@variant
def hinge_loss_in_single_precision(scores, y, margin=1.0):
    """float32 throughout."""
    n, rows = np.float32(len(y)), np.arange(len(y))
    scores = scores.astype(np.float32)
    charged = np.maximum(scores - scores[rows, y][:, None] + np.float32(margin), 0)
    charged[rows, y] = 0
    dscores = np.where(charged > 0, np.float32(1), np.float32(0))
    dscores[rows, y] = -np.count_nonzero(charged, axis=1)
    return np.sum(charged) / n, dscores / n


@variant
def hinge_loss_with_a_mask(scores, y, margin=1.0):
    """The wrong classes of each row as a table of their own."""
    n, c = scores.shape
    wrong = np.arange(c) != y[:, None]
    gaps = scores[wrong].reshape(n, c - 1) - scores[~wrong].reshape(n, 1)
    hits = gaps + margin > 0
    dscores = np.zeros((n, c))
    dscores[wrong] = hits.ravel()
    dscores[~wrong] = -hits.sum(axis=1)
    return ((gaps + margin) * hits).sum() / n, dscores / n


def hinge_loss_charging_the_true_class(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = 0.0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_counting_the_true_class_in_the_gradient(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    charged[rows, y] = 0.0
    return charged.sum() / n, dscores / n


def hinge_loss_clearing_all_label_columns(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[:, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_squared(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = 2 * charged
    dscores[rows, y] = -dscores.sum(axis=1)
    return (charged**2).sum() / n, dscores / n


def hinge_loss_with_the_margin_subtracted(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] - margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_with_the_margin_outside(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    above = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis])
    charged = above + margin
    charged[rows, y] = 0.0
    dscores = (above > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_of_the_worst_class(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    worst = charged.argmax(axis=1)
    dscores = np.zeros(charged.shape)
    dscores[rows, worst] = charged[rows, worst] > 0
    dscores[rows, y] -= charged[rows, worst] > 0
    return charged[rows, worst].sum() / n, dscores / n


def hinge_loss_gradient_undivided(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores


def hinge_loss_pulling_the_true_score_once(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -(charged.sum(axis=1) > 0).astype(float)
    return charged.sum() / n, dscores / n


def hinge_loss_without_a_pull_on_the_true_score(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    return charged.sum() / n, (charged > 0).astype(float) / n


def hinge_loss_with_a_fixed_margin(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + 1.0)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_with_the_difference_reversed(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores[rows, y][:, np.newaxis] - scores + margin)
    charged[rows, y] = 0.0
    dscores = -(charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_gradient_of_the_charges(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = charged.copy()
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_gradient_flipped(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = -(charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_without_a_new_axis(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_of_the_true_score_alone(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, margin - scores[rows, y])
    dscores = np.zeros(scores.shape)
    dscores[rows, y] = -(charged > 0).astype(float)
    return charged.sum() / n, dscores / n


def hinge_loss_with_both_sides_reversed(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores[rows, y][:, np.newaxis] - scores + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_without_the_maximum(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = scores - scores[rows, y][:, np.newaxis] + margin
    charged[rows, y] = 0.0
    dscores = np.ones(scores.shape)
    dscores[rows, y] = 0.0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_loss_summed(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum(), dscores / n


def hinge_loss_averaged_over_wrong_classes(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n / (scores.shape[1] - 1), dscores / n / (scores.shape[1] - 1)


def hinge_loss_for_each_class_alone(scores, y, margin=1.0):
    n = len(y)
    signs = 2 * np.eye(scores.shape[1])[y] - 1
    charged = np.maximum(0.0, margin - signs * scores)
    dscores = np.where(charged > 0, -signs, 0.0)
    return charged.sum() / n, dscores / n


def hinge_loss_taking_off_one(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = 0.0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n - 1, dscores / n


def hinge_loss_with_a_gradient_of_truth_values(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = charged > 0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_with_whole_slopes(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(int)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores // n


def hinge_loss_with_a_gradient_without_margin(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (scores > scores[rows, y][:, np.newaxis]).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_pushing_the_true_score_down(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_stopping_at_the_true_class(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[np.arange(scores.shape[1]) > y[:, np.newaxis]] = 0.0
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_counting_along_the_examples(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=0)[y]
    return charged.sum() / n, dscores / n


def hinge_loss_in_place(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    scores -= scores[rows, y][:, np.newaxis] - margin
    charged = np.maximum(0.0, scores)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_with_a_mean_true_score(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[:, y].mean(axis=1, keepdims=True) + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_with_no_margin_by_default(scores, y, margin=0.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


def hinge_loss_for_each_example(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum(axis=1), dscores / n


def hinge_loss_returning_only_the_loss(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    return charged.sum() / n


def hinge_loss_in_swapped_order(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return dscores / n, charged.sum() / n


MISTAKES = [
    mistake("The true class is charged the margin against itself.",
            "The sum leaves the true class out. With tiny scores on ten classes, does your loss start at 9 or at 10?",
            by=hinge_loss_charging_the_true_class),
    mistake("In the gradient the true class is counted among those that violate the margin.",
            "How many wrong classes are charged? That many times, and no more, the true score is pulled up.",
            by=hinge_loss_counting_the_true_class_in_the_gradient),
    mistake("charged[:, y] clears the columns of all labels for every example, not one entry in each row.",
            "The true class is a different column in each row. How do you index rows and labels in pairs?",
            by=hinge_loss_clearing_all_label_columns),
    mistake("Each class's charge is squared.",
            "The formula charges max(0, ...) itself; a violation twice as large costs twice as much.",
            by=hinge_loss_squared),
    mistake("The margin has the wrong sign: wrong classes are charged only once they win by more than the margin.",
            "An example whose true score leads by less than the margin must still cost something.",
            by=hinge_loss_with_the_margin_subtracted),
    mistake("The margin is added outside the maximum, so even perfect examples are charged.",
            "An example that keeps the margin costs nothing at all. What must stand inside max(0, ...)?",
            by=hinge_loss_with_the_margin_outside),
    mistake("Only the worst wrong class is charged instead of all that violate the margin.",
            "The formula has a sum over the wrong classes, not a maximum over them.",
            by=hinge_loss_of_the_worst_class),
    mistake("Loss and gradient are sums over the batch instead of means.",
            "Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
            {"n = len(y)": "", "(n": "(len(y)", "/ n, dscores / n": ", dscores"}),
    mistake("The gradient is not divided by the number of examples, although the loss is.",
            "The loss is a mean over N examples; its slope carries the same 1/N.",
            by=hinge_loss_gradient_undivided),
    mistake("The true score is pulled up with slope 1, however many classes violate the margin.",
            "The true score occurs in the charge of every wrong class. How often does its slope count, then?",
            by=hinge_loss_pulling_the_true_score_once),
    mistake("The true class gets no gradient: only the wrong scores are pushed down.",
            "Raising the true score lowers every charge. Which entry of the gradient says so?",
            by=hinge_loss_without_a_pull_on_the_true_score),
    mistake("The margin is always 1: the argument is never used.",
            "Call your function with margin=5. Does anything change?",
            by=hinge_loss_with_a_fixed_margin),
    mistake("The difference is the wrong way round: true score minus the others.",
            "A wrong class that scores far above the true one should be charged much. Put such numbers into your formula.",
            by=hinge_loss_with_the_difference_reversed),
    mistake("The gradient holds the charges themselves instead of their slopes.",
            "max(0, x) has slope 1 wherever it is positive, no matter how large x is.",
            by=hinge_loss_gradient_of_the_charges),
    mistake("The sign of the gradient is flipped.",
            "The loss grows when the score of a charged class grows: its slope is positive.",
            by=hinge_loss_gradient_flipped),
    mistake("Loss and gradient are divided by the number of classes as well.",
            "With tiny scores on ten classes the loss must be 9. By what do you divide in all?",
            {"n = len(y)": "", "(n": "(len(y)", "n, dscores / n": "scores.size, dscores / scores.size"}),
    mistake("Rows are compared with another row's true score: the true scores lined up with the columns.",
            "scores[rows, y] has shape (N,). What shape does it need so that it is subtracted row by row?",
            by=hinge_loss_without_a_new_axis),
    mistake("This is the hinge loss for yes-or-no answers: only the true score is looked at.",
            "With several classes the true score has to beat each of the others. Where do they enter your formula?",
            by=hinge_loss_of_the_true_score_alone),
    mistake("The difference is the wrong way round: true score minus the others, in loss and gradient alike.",
            "Who is charged: a wrong class that scores high, or one that scores low?",
            by=hinge_loss_with_both_sides_reversed),
    mistake("The maximum with 0 is missing: classes far below the true one earn a reward.",
            "An example that keeps the margin costs nothing, however large its lead.",
            by=hinge_loss_without_the_maximum),
    mistake("The loss is summed over the batch, although the gradient is that of the mean.",
            "The same examples twice should cost the same.",
            by=hinge_loss_loss_summed),
    mistake("Loss and gradient are divided by the number of wrong classes as well.",
            "The formula adds up over the classes and averages over the examples. With tiny scores the loss should be C - 1.",
            by=hinge_loss_averaged_over_wrong_classes),
    mistake("Every class is asked a yes-or-no question of its own; scores are not compared with the true score.",
            "The loss looks at differences of scores. What should adding 100 to all scores change?",
            by=hinge_loss_for_each_class_alone),
    mistake("The true class is charged and then 1 is taken off, which is right only for a margin of 1.",
            "What does the true class contribute to your sum when the margin is 2.5?",
            by=hinge_loss_taking_off_one),
    mistake("The gradient is stored in an array of truth values, so that the pull on the true score becomes True.",
            "charged > 0 holds True and False. What happens when you write -2 into it?",
            by=hinge_loss_with_a_gradient_of_truth_values),
    mistake("The slopes are divided as whole numbers: //, or an integer array, cuts off the fractions.",
            "Two of three examples contribute a third each. Which dtype must the gradient have?",
            by=hinge_loss_with_whole_slopes),
    mistake("The gradient counts only classes that beat the true one; those within the margin are charged, too.",
            "Which classes have a positive charge? Use the same condition for the slope.",
            by=hinge_loss_with_a_gradient_without_margin),
    mistake("The true score gets a positive slope.",
            "If the true score rises, do the charges rise or fall?",
            by=hinge_loss_pushing_the_true_score_down),
    mistake("The loop ends at the true class, so that the classes behind it are never charged.",
            "Which statement skips one turn of a loop, and which ends it?",
            by=hinge_loss_stopping_at_the_true_class),
    mistake("The charged classes are counted along the wrong axis.",
            "How many classes of this row are charged? Which axis runs over the classes?",
            by=hinge_loss_counting_along_the_examples),
    mistake("The scores themselves are changed.",
            "Print scores before and after the call. Which operator writes into the array it was given?",
            by=hinge_loss_in_place),
    mistake("scores[:, y] takes the columns of all labels, so that a row is not compared with its own true score.",
            "Which index picks one entry from each row?",
            by=hinge_loss_with_a_mean_true_score),
    mistake("The default margin is 0 instead of 1.",
            "Look at the signature in the notebook.",
            by=hinge_loss_with_no_margin_by_default),
    mistake("The cost of each example is returned instead of their mean.",
            "The loss is one number. What turns N costs into one?",
            by=hinge_loss_for_each_example),
    mistake("Only the loss is returned; the gradient is missing.",
            "Training needs both. What does the text ask for?",
            by=hinge_loss_returning_only_the_loss),
    mistake("Gradient and loss are returned the wrong way round.",
            "In which order does the text ask for them?",
            by=hinge_loss_in_swapped_order),
]
