"""Hidden tests of 02-softmax-and-losses.

Every docstring is a claim that the student reads when the test fails.
Fixtures are chosen to expose bugs: as many examples as classes (a missing keepdims broadcasts silently),
unsorted labels, a class missing from the batch, batches of one and of hundreds, huge scores; of softmax, integers and
float32 as well, which its text promises. What should come out is computed before the call.
They keep away from the kinks of hinge and absolute error, where several answers are right.
"""

import numpy as np

import nnlib as reference
from grader.authoring import easy
from nnlib.checks import assert_close, assert_unchanged, require


def loss_of(result, name):
    """Take the loss from what ``name`` returned."""
    return _pair(result, name)[0]


def gradient_of(result, name):
    """Take the gradient from what ``name`` returned."""
    return _pair(result, name)[1]


def _pair(result, name):
    require(
        isinstance(result, list | tuple) and len(result) == 2,
        f"{name} must return two things, the loss and then its gradient: return loss, gradient.",
    )
    return result


def require_numbers(result, shape, name):
    """Require numbers of a shape, not all zero: enough to tell an answer from a placeholder."""
    numbers = np.asarray(result)
    fits = numbers.shape == shape and numbers.dtype.kind in "biuf" and np.any(numbers)
    require(fits, f"{name} returned no usable numbers: missing, of the wrong shape, or all zero.")


def direction(gradient):
    """Scale a gradient to length 1, so that a constant factor does not matter."""
    gradient = np.asarray(gradient, dtype=float)
    return gradient / np.linalg.norm(gradient)


def eighths(rng, shape, largest=3):
    """Draw scores that are multiples of 1/8: adding 1,000 to them is exact, in float32 as well."""
    return rng.integers(-8 * largest, 8 * largest + 1, size=shape) / 8


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


def apart(rng, shape):
    """Draw predictions and targets that differ by at least 0.05 everywhere, both ways."""
    difference = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.05, 3.0, size=shape)
    target = 2 * rng.normal(size=shape)
    return target + difference, target


# softmax


def _check_softmax(student, scores, what):
    expected = reference.softmax(scores)
    assert_close(student.softmax(scores), expected, what=what)


def test_softmax_turns_scores_into_the_right_shares(student, rng):
    """Each entry is its exponential divided by the sum of its row."""
    scores = rng.normal(size=(300, 6))[::2, ::2]  # a view with gaps
    _check_softmax(student, scores, "softmax")


def test_softmax_rows_add_up_to_one(student, rng):
    """Each example's probabilities add up to one."""
    probs = student.softmax(2 * rng.normal(size=(6, 4)))
    require(np.shape(probs) == (6, 4), "softmax must return an array of the shape of the scores.")
    assert_close(np.asarray(probs).sum(axis=1), np.ones(6), what="the sum of each row")


def test_softmax_works_with_as_many_examples_as_classes(student, rng):
    """Rows are normalised by their own sum even when the batch is square."""
    scores = rng.normal(size=(4, 4))
    _check_softmax(student, scores, "softmax of a square batch")


def test_softmax_works_for_a_single_example(student, rng):
    """A batch of one works like any other."""
    scores = rng.normal(size=(1, 5))
    _check_softmax(student, scores, "softmax of one example")


def test_softmax_of_two_classes_is_a_sigmoid(student, rng):
    """With two classes the first probability is the sigmoid of the difference of the scores."""
    scores = rng.normal(size=(7, 2))
    expected = 1 / (1 + np.exp(scores[:, 1] - scores[:, 0]))
    probs = student.softmax(scores)
    assert_close(probs, np.stack([expected, 1 - expected], axis=1), what="softmax of two classes")


def test_softmax_ignores_a_shift_of_a_row(student, rng):
    """Adding a constant to all scores of an example changes nothing, however large the constant."""
    scores = eighths(rng, (4, 4))
    shift = np.array([[1000.0], [-1000.0], [500.0], [0.0]])
    expected = reference.softmax(scores)
    assert_close(student.softmax(scores + shift), expected, what="softmax of shifted rows")


def test_softmax_survives_scores_of_a_thousand(student):
    """Scores of ±1,000 give finite probabilities."""
    scores = np.array([[1000.0, 1001.0, -1000.0], [-1000.0, -1002.0, -1000.5]])
    _check_softmax(student, scores, "softmax of scores of ±1,000")


def test_softmax_survives_scores_of_ten_thousand(student):
    """Scores of ±10,000 give finite probabilities."""
    scores = np.array([[1e4, -1e4], [1e4, 1e4 - 1.0]])
    _check_softmax(student, scores, "softmax of scores of ±10,000")


def test_softmax_keeps_small_rows_beside_a_large_one(student, rng):
    """A row with small scores is right even when another row of the batch has huge ones."""
    scores = eighths(rng, (3, 4))
    expected = reference.softmax(scores)
    scores[1] += 2000.0
    assert_close(student.softmax(scores), expected, what="softmax of a batch with one huge row")


def test_softmax_takes_whole_numbers(student):
    """Scores that are integers work like floats."""
    scores = np.array([[3, 1, 2], [0, -1, 4]])
    _check_softmax(student, scores, "softmax of integer scores")


def test_softmax_takes_single_precision(student, rng):
    """Scores in float32 work."""
    scores = (eighths(rng, (5, 3)) + 40.0).astype(np.float32)
    _check_softmax(student, scores, "softmax of float32 scores")


@easy
def test_softmax_leaves_the_scores_alone(student):
    """The array of scores is the same after the call as before."""
    # Huge scores, although only the input is checked: so the outputs tell other mistakes from a write in place.
    scores = np.array([[1000.0, 1001.0, 999.0], [0.0, 800.0, 799.0], [2.0, 0.5, -1.0]])
    before = scores.copy()
    probs = student.softmax(scores)
    assert_unchanged(scores, before, what="the array of scores")
    require_numbers(probs, (3, 3), "softmax")
    require(not np.array_equal(probs, before), "softmax returned the scores as they were.")


# one_hot


def _check_one_hot(student, y, num_classes, what):
    expected = reference.one_hot(y, num_classes)
    assert_close(student.one_hot(y, num_classes), expected, what=what)


def test_one_hot_puts_a_one_in_each_label_column(student):
    """Row i has its one in column y[i], whatever the order of the labels."""
    y = np.tile([3, 0, 1, 3, 2, 0], 30)
    _check_one_hot(student, y, 4, "one_hot")


def test_one_hot_holds_floats(student):
    """The zeros and ones are floating-point numbers, as the text says."""
    y = np.array([1, 0, 2])
    rows = student.one_hot(y.copy(), 3)
    assert_close(rows, reference.one_hot(y, 3), what="one_hot")
    floats = np.asarray(rows).dtype.kind == "f"
    require(floats, "one_hot must return floats, 0.0 and 1.0; yours are whole numbers or True and False.")


def test_one_hot_keeps_a_column_for_a_missing_last_class(student):
    """There are num_classes columns even when the last classes do not occur in the batch."""
    y = np.array([1, 0, 1, 0, 0])
    _check_one_hot(student, y, 4, "one_hot without the last classes")


def test_one_hot_keeps_a_column_for_missing_first_classes(student):
    """Labels name columns even when the first classes do not occur in the batch."""
    y = np.array([3, 2, 3])
    _check_one_hot(student, y, 5, "one_hot without the first classes")


def test_one_hot_works_with_as_many_examples_as_classes(student):
    """Rows are examples and columns classes, also when there are as many of both."""
    y = np.array([2, 0, 1])
    _check_one_hot(student, y, 3, "one_hot of a square batch")


def test_one_hot_works_for_a_single_example(student):
    """A batch of one gives one row."""
    assert_close(student.one_hot(np.array([2]), 4), np.array([[0.0, 0.0, 1.0, 0.0]]), what="one_hot of one label")


def test_one_hot_repeats_rows_for_repeated_labels(student):
    """Examples of the same class get the same row."""
    y = np.array([1, 1, 1, 1])
    _check_one_hot(student, y, 2, "one_hot of equal labels")


def test_one_hot_has_exactly_one_one_in_a_row(student, rng):
    """Each row adds up to one."""
    y = rng.integers(0, 10, size=25)
    rows = student.one_hot(y, 10)
    require(np.shape(rows) == (25, 10), "one_hot must return an array of shape (N, num_classes).")
    assert_close(np.asarray(rows).sum(axis=1), np.ones(25), what="the sum of each row")


@easy
def test_one_hot_leaves_the_labels_alone(student):
    """The labels are the same after the call as before."""
    y = np.array([2, 1, 2, 0])
    before = y.copy()
    rows = student.one_hot(y, 3)
    assert_unchanged(y, before, what="the array of labels")
    require_numbers(rows, (4, 3), "one_hot")


# cross_entropy


def test_cross_entropy_averages_over_a_batch(student, rng):
    """The loss is the mean of the negative logarithms of the true classes' probabilities."""
    probs, y = reference.softmax(rng.normal(size=(6, 4))), np.array([3, 0, 2, 2, 1, 0])
    expected = reference.cross_entropy(probs, y)
    assert_close(student.cross_entropy(probs, y), expected, what="the loss", sizes={"N": 6, "C": 4})


def test_cross_entropy_works_with_as_many_examples_as_classes(student, rng):
    """Labels pick one entry from each row, also when the batch is square."""
    probs, y = reference.softmax(rng.normal(size=(4, 4))), np.array([2, 0, 3, 0])
    expected = reference.cross_entropy(probs, y)
    assert_close(student.cross_entropy(probs, y), expected, what="the loss of a square batch")


def test_cross_entropy_of_one_example_is_one_logarithm(student, rng):
    """For a single example the loss is minus the logarithm of the true class's probability."""
    probs = reference.softmax(rng.normal(size=(1, 3)))
    expected = -np.log(probs[0, 1])
    assert_close(student.cross_entropy(probs, np.array([1])), expected, what="the loss of one example")


def test_cross_entropy_of_a_guess_is_the_log_of_the_classes(student):
    """Equal probabilities for all of C classes cost log C."""
    probs, y = np.full((3, 5), 0.2), np.array([4, 0, 2])
    assert_close(student.cross_entropy(probs, y), np.log(5), what="the loss of equal probabilities")


def test_cross_entropy_looks_only_at_the_true_class(student):
    """How the rest is spread over the wrong classes does not matter."""
    y = np.array([1, 0])
    even = np.array([[0.375, 0.25, 0.375], [0.5, 0.25, 0.25]])
    odd = np.array([[0.74, 0.25, 0.01], [0.5, 0.01, 0.49]])
    expected = reference.cross_entropy(even, y)
    assert_close(student.cross_entropy(even, y.copy()), expected, what="the loss of an even spread")
    assert_close(student.cross_entropy(odd, y.copy()), expected, what="the loss of an uneven spread")


def test_cross_entropy_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    probs, y = reference.softmax(rng.normal(size=(3, 4))), np.array([3, 0, 3])
    expected = reference.cross_entropy(probs, y)
    twice = student.cross_entropy(np.concatenate([probs, probs]), np.concatenate([y, y]))
    assert_close(twice, expected, what="the loss of a batch repeated twice")


def test_cross_entropy_copes_with_missing_classes(student, rng):
    """Classes that do not occur in the batch make no difference."""
    probs, y = np.asfortranarray(reference.softmax(rng.normal(size=(5, 6)))), np.array([1, 2, 1, 1, 2])
    expected = reference.cross_entropy(probs, y)
    assert_close(student.cross_entropy(probs, y), expected, what="the loss with missing classes")


def test_cross_entropy_charges_tiny_probabilities_in_full(student):
    """A probability of 1e-25 costs 57.6: nothing is added inside the logarithm, and nothing is cut off."""
    probs = np.array([[1e-25, 0.5, 0.5], [0.5, 0.3, 0.2], [0.5, 0.25, 0.25]])
    y = np.array([0, 2, 0])
    expected = reference.cross_entropy(probs, y)
    assert_close(student.cross_entropy(probs, y), expected, what="the loss with a probability of 1e-25")


def test_cross_entropy_averages_over_hundreds(student, rng):
    """Every example of a large batch counts, the last as much as the first."""
    probs, y = reference.softmax(rng.normal(size=(250, 3))), np.tile([2, 2, 0, 1, 0], 50)
    expected = reference.cross_entropy(probs, y)
    assert_close(student.cross_entropy(probs, y), expected, what="the loss of a large batch", sizes={"N": 250})


@easy
def test_cross_entropy_leaves_its_inputs_alone(student, rng):
    """Probabilities and labels are the same after the call as before."""
    probs, y = reference.softmax(rng.normal(size=(3, 3))), np.array([2, 0, 0])
    before, labels = probs.copy(), y.copy()
    loss = student.cross_entropy(probs, y)
    assert_unchanged(probs, before, what="the array of probabilities")
    assert_unchanged(y, labels, what="the array of labels")
    require_numbers(loss, (), "cross_entropy")


# softmax_cross_entropy


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


# hinge_loss


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


# mse


def test_mse_loss_of_a_vector(student, rng):
    """The loss is the mean of the squared differences."""
    pred, target = apart(rng, (7,))
    assert_close(
        loss_of(student.mse(pred.copy(), target.copy()), "mse"),
        reference.mse(pred, target)[0],
        what="the loss",
        sizes={"N": 7},
    )


def test_mse_loss_of_a_table(student, rng):
    """For (N, D) arrays the mean is over all N times D numbers."""
    pred, target = apart(rng, (5, 3))
    loss = loss_of(student.mse(pred.copy(), target.copy()), "mse")
    assert_close(loss, reference.mse(pred, target)[0], what="the loss of a table", sizes={"N": 5, "D": 3})


def test_mse_loss_of_one_number(student):
    """A prediction that is 3 too low costs 9."""
    assert_close(loss_of(student.mse(np.array([-1.0]), np.array([2.0])), "mse"), 9.0, what="the loss of one number")


def test_mse_loss_of_a_perfect_prediction(student, rng):
    """A perfect prediction costs nothing, and entries that are on target have slope zero."""
    target = rng.normal(size=(4, 2))
    pred = target.copy()
    loss = loss_of(student.mse(pred.copy(), target.copy()), "mse")
    assert_close(loss, 0.0, what="the loss of a perfect prediction")
    pred[0, 0] += 1.0
    dpred = gradient_of(student.mse(pred.copy(), target.copy()), "mse")
    require(np.shape(dpred) == (4, 2), "The gradient must have the shape of the predictions.")
    assert_close(np.asarray(dpred)[1:], np.zeros((3, 2)), what="the gradient of entries on target")
    require(np.asarray(dpred)[0, 0] > 0, "The slope must be positive where the prediction is too high.")


def test_mse_gradient_of_a_vector(student, rng):
    """The gradient is twice the difference, divided by the number of examples."""
    pred, target = apart(rng, (7,))
    dpred = gradient_of(student.mse(pred.copy(), target.copy()), "mse")
    assert_close(dpred, reference.mse(pred, target)[1], what="the gradient", sizes={"N": 7})


def test_mse_gradient_of_a_table(student, rng):
    """For (N, D) arrays the gradient is divided by N times D."""
    pred, target = apart(rng, (3, 5))
    dpred = gradient_of(student.mse(pred.copy(), target.copy()), "mse")
    assert_close(dpred, reference.mse(pred, target)[1], what="the gradient of a table", sizes={"N": 3, "D": 5})


def test_mse_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    pred, target = apart(rng, (4, 4))
    dpred = gradient_of(student.mse(pred.copy(), target.copy()), "mse")
    slope = reference.numerical_gradient(lambda p: reference.mse(p, target)[0], pred)
    assert_close(dpred, slope, rtol=1e-4, atol=1e-6, what="the gradient against a numerical one")


def test_mse_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    pred, target = apart(rng, (6,))
    dpred = gradient_of(student.mse(pred.copy(), target.copy()), "mse")
    require(np.shape(dpred) == (6,), "The gradient must have the shape of the predictions.")
    assert_close(direction(dpred), direction(pred - target), what="the gradient scaled to length 1")


def test_mse_of_hundreds_of_numbers(student, rng):
    """Every number counts in the loss and has its entry of the gradient, the last as well as the first."""
    pred, target = apart(rng, (200,))
    loss, dpred = _pair(student.mse(pred.copy(), target.copy()), "mse")
    expected = reference.mse(pred, target)
    assert_close(loss, expected[0], what="the loss of many numbers", sizes={"N": 200})
    assert_close(dpred, expected[1], what="the gradient of many numbers", sizes={"N": 200})


@easy
def test_mse_leaves_its_inputs_alone(student, rng):
    """Predictions and targets are the same after the call as before."""
    pred, target = apart(rng, (3, 3))
    before, wanted = pred.copy(), target.copy()
    result = student.mse(pred, target)
    assert_unchanged(pred, before, what="the array of predictions")
    assert_unchanged(target, wanted, what="the array of targets")
    require_numbers(gradient_of(result, "mse"), (3, 3), "mse")


# mae


def test_mae_loss_of_a_vector(student, rng):
    """The loss is the mean of the absolute differences."""
    pred, target = apart(rng, (7,))
    assert_close(
        loss_of(student.mae(pred.copy(), target.copy()), "mae"),
        reference.mae(pred, target)[0],
        what="the loss",
        sizes={"N": 7},
    )


def test_mae_loss_of_a_table(student, rng):
    """For (N, D) arrays the mean is over all N times D numbers."""
    pred, target = apart(rng, (5, 3))
    loss = loss_of(student.mae(pred.copy(), target.copy()), "mae")
    assert_close(loss, reference.mae(pred, target)[0], what="the loss of a table", sizes={"N": 5, "D": 3})


def test_mae_loss_of_one_number(student):
    """A prediction that is 3 too low costs 3."""
    assert_close(loss_of(student.mae(np.array([-1.0]), np.array([2.0])), "mae"), 3.0, what="the loss of one number")


def test_mae_stays_finite_on_an_exact_hit(student):
    """A prediction exactly on target costs nothing, and its slope lies between -1/n and 1/n."""
    pred, target = np.array([1.0, 2.0, -3.0, 0.5]), np.array([1.0, 4.0, -3.0, 0.0])
    loss, dpred = _pair(student.mae(pred.copy(), target.copy()), "mae")
    assert_close(loss, 0.625, what="the loss with two exact hits")
    require(np.shape(dpred) == (4,), "The gradient must have the shape of the predictions.")
    slopes = np.asarray(dpred, dtype=float)
    require(np.all(np.isfinite(slopes)), "The gradient is not finite where a prediction is exactly on target.")
    require(np.all(np.abs(slopes) <= 0.25 + 1e-6), "No entry of the gradient can be larger than 1/n.")


def test_mae_gradient_of_a_vector(student, rng):
    """Each entry of the gradient is plus or minus one over the number of examples."""
    pred, target = apart(rng, (7,))
    dpred = gradient_of(student.mae(pred.copy(), target.copy()), "mae")
    assert_close(dpred, reference.mae(pred, target)[1], what="the gradient", sizes={"N": 7})


def test_mae_gradient_of_a_table(student, rng):
    """For (N, D) arrays the gradient is divided by N times D."""
    pred, target = apart(rng, (3, 5))
    dpred = gradient_of(student.mae(pred.copy(), target.copy()), "mae")
    assert_close(dpred, reference.mae(pred, target)[1], what="the gradient of a table", sizes={"N": 3, "D": 5})


def test_mae_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    pred, target = apart(rng, (4, 4))
    dpred = gradient_of(student.mae(pred.copy(), target.copy()), "mae")
    slope = reference.numerical_gradient(lambda p: reference.mae(p, target)[0], pred)
    assert_close(dpred, slope, rtol=1e-4, atol=1e-6, what="the gradient against a numerical one")


def test_mae_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    pred, target = apart(rng, (6,))
    dpred = gradient_of(student.mae(pred.copy(), target.copy()), "mae")
    require(np.shape(dpred) == (6,), "The gradient must have the shape of the predictions.")
    assert_close(direction(dpred), direction(np.sign(pred - target)), what="the gradient scaled to length 1")


def test_mae_of_hundreds_of_numbers(student, rng):
    """Every number counts in the loss and has its entry of the gradient, the last as well as the first."""
    pred, target = apart(rng, (200,))
    loss, dpred = _pair(student.mae(pred.copy(), target.copy()), "mae")
    expected = reference.mae(pred, target)
    assert_close(loss, expected[0], what="the loss of many numbers", sizes={"N": 200})
    assert_close(dpred, expected[1], what="the gradient of many numbers", sizes={"N": 200})


@easy
def test_mae_leaves_its_inputs_alone(student, rng):
    """Predictions and targets are the same after the call as before."""
    pred, target = apart(rng, (3, 3))
    before, wanted = pred.copy(), target.copy()
    result = student.mae(pred, target)
    assert_unchanged(pred, before, what="the array of predictions")
    assert_unchanged(target, wanted, what="the array of targets")
    require_numbers(gradient_of(result, "mae"), (3, 3), "mae")


# binary_cross_entropy


def test_binary_cross_entropy_loss_averages_over_a_batch(student, rng):
    """The loss is the mean over the examples, yes and no alike."""
    logits, y = 2 * rng.normal(size=7), np.array([1, 0, 0, 1, 1, 0, 1])
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(loss, reference.binary_cross_entropy(logits, y)[0], what="the loss", sizes={"N": 7})


def test_binary_cross_entropy_loss_of_no_opinion_is_log_two(student):
    """A logit of zero costs log 2, whatever the answer."""
    loss = loss_of(student.binary_cross_entropy(np.zeros(3), np.array([1, 0, 0])), "binary_cross_entropy")
    assert_close(loss, np.log(2), what="the loss of logits of zero")


def test_binary_cross_entropy_loss_of_only_yes(student, rng):
    """The loss is right when all answers are yes."""
    logits, y = rng.normal(size=4), np.ones(4, dtype=int)
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(loss, reference.binary_cross_entropy(logits, y)[0], what="the loss of four times yes")


def test_binary_cross_entropy_loss_of_only_no(student, rng):
    """The loss is right when all answers are no."""
    logits, y = rng.normal(size=4), np.zeros(4, dtype=int)
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(loss, reference.binary_cross_entropy(logits, y)[0], what="the loss of four times no")


def test_binary_cross_entropy_loss_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    logits, y = rng.normal(size=3), np.array([0, 1, 1])
    loss = loss_of(student.binary_cross_entropy(np.tile(logits, 2), np.tile(y, 2)), "binary_cross_entropy")
    assert_close(loss, reference.binary_cross_entropy(logits, y)[0], what="the loss of a batch repeated twice")


def test_binary_cross_entropy_loss_is_exact_for_hopeless_examples(student):
    """Being wrong with a logit of ±50 costs 50, without a ceiling."""
    logits, y = np.array([50.0, -50.0]), np.array([0, 1])
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(loss, 50.0, what="the loss of logits of ±50")


def test_binary_cross_entropy_loss_stays_finite_at_a_thousand(student):
    """Logits of ±1,000 give a finite loss."""
    logits, y = np.array([1000.0, -1000.0, 1000.0, -500.0]), np.array([1, 0, 0, 1])
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(loss, 375.0, what="the loss of logits of ±1,000")


def test_binary_cross_entropy_loss_stays_finite_at_ten_thousand(student):
    """Logits of ±10,000 give a finite loss."""
    logits, y = np.array([-1e4, 1e4]), np.array([1, 1])
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(loss, 5000.0, what="the loss of logits of ±10,000")


def test_binary_cross_entropy_gradient_of_a_batch(student, rng):
    """The gradient is prediction minus truth, divided by the number of examples."""
    logits, y = 2 * rng.normal(size=7), np.array([1, 0, 0, 1, 1, 0, 1])
    dlogits = gradient_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(dlogits, reference.binary_cross_entropy(logits, y)[1], what="the gradient", sizes={"N": 7})


def test_binary_cross_entropy_gradient_of_one_example(student):
    """For a single yes at logit 0 the slope is -1/2."""
    dlogits = gradient_of(student.binary_cross_entropy(np.array([0.0]), np.array([1])), "binary_cross_entropy")
    assert_close(dlogits, np.array([-0.5]), what="the gradient of one example")


def test_binary_cross_entropy_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    logits, y = rng.normal(size=5), np.array([0, 1, 1, 0, 1])
    dlogits = gradient_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    slope = reference.numerical_gradient(lambda z: reference.binary_cross_entropy(z, y)[0], logits)
    assert_close(dlogits, slope, rtol=1e-4, atol=1e-6, what="the gradient against a numerical one")


def test_binary_cross_entropy_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    logits, y = rng.normal(size=6), np.array([1, 1, 0, 1, 0, 0])
    dlogits = gradient_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    require(np.shape(dlogits) == (6,), "The gradient must have the shape of the logits.")
    expected = direction(reference.binary_cross_entropy(logits, y)[1])
    assert_close(direction(dlogits), expected, what="the gradient scaled to length 1")


def test_binary_cross_entropy_gradient_stays_finite_at_ten_thousand(student):
    """Logits of ±10,000 give a finite gradient."""
    logits, y = np.array([1e4, -1e4, 1e4, -1e4]), np.array([1, 1, 0, 0])
    dlogits = gradient_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    assert_close(dlogits, np.array([0.0, -0.25, 0.25, 0.0]), what="the gradient at logits of ±10,000")


def test_binary_cross_entropy_takes_labels_that_are_floats(student, rng):
    """Labels may be 0.0 and 1.0 as well, in a batch of hundreds."""
    logits, y = 2 * rng.normal(size=200), np.tile([1.0, 1.0, 0.0, 0.0], 50)
    loss, dlogits = _pair(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    expected = reference.binary_cross_entropy(logits, y)
    assert_close(loss, expected[0], what="the loss of float labels", sizes={"N": 200})
    assert_close(dlogits, expected[1], what="the gradient of float labels", sizes={"N": 200})


def test_binary_cross_entropy_loss_of_very_negative_logits(student):
    """Logits that are all very negative cost nothing for a no and their size for a yes."""
    logits, y = np.array([-1000.0, -900.0, -0.5]), np.array([0, 1, 1])
    loss = loss_of(student.binary_cross_entropy(logits.copy(), y.copy()), "binary_cross_entropy")
    expected = reference.binary_cross_entropy(logits, y)[0]
    assert_close(loss, expected, what="the loss of very negative logits")


@easy
def test_binary_cross_entropy_leaves_its_inputs_alone(student, rng):
    """Logits and labels are the same after the call as before."""
    logits, y = rng.normal(size=4), np.array([1, 0, 0, 1])
    before, labels = logits.copy(), y.copy()
    result = student.binary_cross_entropy(logits, y)
    assert_unchanged(logits, before, what="the array of logits")
    assert_unchanged(y, labels, what="the array of labels")
    require_numbers(gradient_of(result, "binary_cross_entropy"), (4,), "binary_cross_entropy")
