"""binary_cross_entropy: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _pair, direction, gradient_of, loss_of, require_numbers


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


@variant
def binary_cross_entropy_with_a_loop(logits, y):
    """Plain Python, each form of the sigmoid where it is safe."""
    n = len(logits)
    loss, dlogits = 0.0, np.zeros(n)
    for i in range(n):
        z = float(logits[i])
        if z > 0:
            cost, p = z + math.log1p(math.exp(-z)), 1 / (1 + math.exp(-z))
        else:
            cost, p = math.log1p(math.exp(z)), math.exp(z) / (1 + math.exp(z))
        loss += (cost - y[i] * z) / n
        dlogits[i] = (p - y[i]) / n
    return loss, dlogits


@variant
def binary_cross_entropy_by_logaddexp(logits, y):
    """NumPy's stable log(e^a + e^b), and the sigmoid from its logarithm."""
    return np.mean(np.logaddexp(0, logits) - y * logits), (np.exp(-np.logaddexp(0, -logits)) - y) / y.size


@variant
def binary_cross_entropy_with_tanh(logits, y):
    """The sigmoid as a tanh that cannot overflow."""
    loss = np.mean(y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits))
    return float(loss), (0.5 * (1 + np.tanh(logits / 2)) - y) / len(y)


@variant
def binary_cross_entropy_in_single_precision(logits, y):
    """float32 throughout."""
    logits, y = logits.astype(np.float32), y.astype(np.float32)
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) - logits * y + np.log1p(small))
    probs = np.where(logits >= 0, 1 / (1 + small), small / (1 + small))
    return loss, (probs - y) / np.float32(len(y))


@variant
def binary_cross_entropy_as_softmax_of_two_classes(logits, y):
    """Scores [0, z] through the softmax loss."""
    n, labels = len(y), np.asarray(y).astype(int)
    scores = np.stack([np.zeros(n), logits], axis=1)
    total = np.logaddexp.reduce(scores, axis=1)
    probs = np.exp(scores - total[:, None])
    return (total - scores[np.arange(n), labels]).mean(), (probs[:, 1] - labels) / n


def binary_cross_entropy_in_two_steps(logits, y):
    probs = 1 / (1 + np.exp(-logits))
    loss = -np.mean(y * np.log(probs) + (1 - y) * np.log(1 - probs))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_overflowing(logits, y):
    small = np.exp(-np.abs(logits))
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return np.mean(np.log(1 + np.exp(logits)) - y * logits), (probs - y) / len(y)


def binary_cross_entropy_with_an_overflowing_sigmoid(logits, y):
    loss = np.mean(np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - y * logits)
    powers = np.exp(logits)
    return loss, (powers / (1 + powers) - y) / len(y)


def binary_cross_entropy_of_raw_logits(logits, y):
    loss = -np.mean(y * np.log(logits) + (1 - y) * np.log(1 - logits))
    return loss, (logits - y) / len(y)


def binary_cross_entropy_without_the_no_term(logits, y):
    softplus = np.maximum(-logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    small = np.exp(-np.abs(logits))
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return np.mean(y * softplus), (probs - y) / len(y)


def binary_cross_entropy_with_swapped_labels(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - (1 - y) * logits)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, (probs - (1 - y)) / len(y)


def binary_cross_entropy_gradient_of_raw_logits(logits, y):
    loss = np.mean(np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - y * logits)
    return loss, (logits - y) / len(y)


def binary_cross_entropy_in_bits(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - y * logits) / np.log(2)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, (probs - y) / len(y)


def binary_cross_entropy_for_signed_labels(logits, y):
    product = -y * logits
    loss = np.mean(np.maximum(product, 0) + np.log1p(np.exp(-np.abs(product))))
    small = np.exp(-np.abs(product))
    probs = np.where(product >= 0, 1.0, small) / (1 + small)
    return loss, -y * probs / len(y)


def binary_cross_entropy_loss_summed(logits, y):
    loss = np.sum(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_with_a_gradient_for_yes_only(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, y * (probs - 1) / len(y)


def binary_cross_entropy_with_a_gradient_of_the_probabilities(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = 1 / (1 + np.exp(-logits))
    return loss, (probs - y) / (probs * (1 - probs)) / len(y)


def binary_cross_entropy_with_a_negative_loss(logits, y):
    loss = -np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_for_each_example(logits, y):
    loss = np.logaddexp(0, logits) - y * logits
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_indexing_by_labels(logits, y):
    y = np.array([0.0, 1.0])[y]
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_with_the_size_for_the_maximum(logits, y):
    loss = np.mean(np.abs(logits) - y * logits + np.log1p(np.exp(-np.abs(logits))))
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_in_place(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    logits[...] = (probs - y) / len(y)
    return loss, logits


def binary_cross_entropy_with_squared_errors(logits, y):
    probs = np.exp(-np.logaddexp(0, -logits))
    return np.mean((probs - y) ** 2), 2 * (probs - y) / len(y)


def binary_cross_entropy_in_swapped_order(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return (probs - y) / len(y), loss


def binary_cross_entropy_with_nan_replaced(logits, y):
    with np.errstate(all="ignore"):
        probs = 1 / (1 + np.exp(-logits))
        costs = -(y * np.log(probs) + (1 - y) * np.log(1 - probs))
    loss = np.nan_to_num(costs).mean()
    return loss, (probs - y) / len(y)


def binary_cross_entropy_leaving_out_nan(logits, y):
    with np.errstate(all="ignore"):
        probs = 1 / (1 + np.exp(-logits))
        costs = -(y * np.log(probs) + (1 - y) * np.log(1 - probs))
    loss = np.nanmean(costs)
    return loss, (probs - y) / len(y)


def binary_cross_entropy_halved(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits) / 2
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_without_the_truth_in_the_gradient(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, probs / len(y)


def binary_cross_entropy_with_the_label_alone(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


def binary_cross_entropy_overflowing_on_the_left(logits, y):
    with np.errstate(all="ignore"):
        loss = np.mean(logits + np.log(1 + np.exp(-logits)) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


MISTAKES = [
    # TODO binary_cross_entropy_with_a_floor_of_1e_15: Probabilities are kept 1e-15 away from 0 and 1, by clipping or by adding, which caps the loss.
    mistake("Logits overflow or probabilities round to 0 or 1 before the logarithm is taken.",
            "At z = 40 the sigmoid is exactly 1 in floating point. Section 7 writes the loss without any probability.",
            by=binary_cross_entropy_in_two_steps),
    # TODO binary_cross_entropy_with_a_floor_of_1e_08: Probabilities are kept 1e-08 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_05: Probabilities are kept 1e-05 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_06: Probabilities are kept 1e-06 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_07: Probabilities are kept 1e-07 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_09: Probabilities are kept 1e-09 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_10: Probabilities are kept 1e-10 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_12: Probabilities are kept 1e-12 away from 0 and 1, by clipping or by adding, which caps the loss.
    # TODO binary_cross_entropy_with_a_floor_of_1e_15: Probabilities are kept 1e-15 away from 0 and 1, by clipping or by adding, which caps the loss.
    mistake("log(1 + e^z) is computed as it stands and overflows for large z.",
            "Pull the z out of the logarithm for positive z, as the text shows, and use each form where it is safe.",
            by=binary_cross_entropy_overflowing),
    mistake("The gradient's sigmoid is e^z / (1 + e^z), which is infinity over infinity for large z.",
            "There are two ways to write the sigmoid, one safe for positive z, one for negative z.",
            by=binary_cross_entropy_with_an_overflowing_sigmoid),
    mistake("The logits are used as if they were probabilities already: the sigmoid is missing.",
            "A logit may be -3, and log(-3) is nan. What turns a logit into a probability?",
            by=binary_cross_entropy_of_raw_logits),
    mistake("Only the examples with answer yes are charged: the second term of the loss is missing.",
            "A confident yes where the answer is no must cost something. Which term of the formula does that?",
            by=binary_cross_entropy_without_the_no_term),
    mistake("Loss and gradient are sums over the batch instead of means.",
            "Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
            {"mean": "sum", "(probs - y) / len(y)": "probs - y"}),
    mistake("The gradient is not divided by the number of examples, although the loss is.",
            "The loss is a mean over N examples; its slope in each of them carries the same 1/N.",
            {"(probs - y) / len(y)": "probs - y"}),
    mistake("The sign of the gradient is flipped: truth minus prediction.",
            "Where the answer is no, raising the logit makes the loss grow: which sign must its slope have?",
            {"probs - y": "y - probs"}),
    mistake("The gradient carries an extra p(1 - p), the slope of the sigmoid, which the logarithm cancels.",
            "Differentiate the simplified loss log(1 + e^z) - y z once more, without going through the probability.",
            {"/ len": "* probs * (1 - probs) / len"}),
    mistake("Yes and no are swapped.",
            "y = 1 means yes, and a large positive logit is a confident yes: together they should cost almost nothing.",
            by=binary_cross_entropy_with_swapped_labels),
    mistake("The gradient uses the logits where it should use the probabilities.",
            "Prediction minus truth: the prediction is a probability between 0 and 1, not the logit.",
            by=binary_cross_entropy_gradient_of_raw_logits),
    mistake("The loss is measured in bits: the logarithm has base 2.",
            "A logit of zero should cost 0.693. Which logarithm gives that?",
            by=binary_cross_entropy_in_bits),
    mistake("The labels are treated as -1 and +1, as in the hinge loss.",
            "The labels here are 0 and 1. With y = 0, what is left of your formula?",
            by=binary_cross_entropy_for_signed_labels),
    mistake("The loss is summed over the batch, although the gradient is that of the mean.",
            "The same examples twice should cost the same.",
            by=binary_cross_entropy_loss_summed),
    mistake("Only the examples with answer yes get a gradient.",
            "A confident yes where the answer is no must be pushed down.",
            by=binary_cross_entropy_with_a_gradient_for_yes_only),
    mistake("The gradient is with respect to the probabilities, divided by p(1 - p), not to the logits.",
            "The chain rule goes on through the sigmoid. What does its slope cancel?",
            by=binary_cross_entropy_with_a_gradient_of_the_probabilities),
    mistake("The sign of the loss is flipped.",
            "A loss is never negative here: what does a doubtful answer, z = 0, cost?",
            by=binary_cross_entropy_with_a_negative_loss),
    mistake("The cost of each example is returned instead of their mean.",
            "The loss is one number. What turns N costs into one?",
            by=binary_cross_entropy_for_each_example),
    mistake("The labels are used as an index, which fails when they are 1.0 and 0.0.",
            "The text says so: compute with the labels.",
            by=binary_cross_entropy_indexing_by_labels),
    mistake("The logits are clipped to ±500, which caps the loss.",
            "A logit of 1,000 where the answer is no should cost 1,000.",
            {"small = np.exp(-np.abs(logits)": "logits = np.clip(logits, -500, 500",
             "maximum(logits, 0) + np.log1p(small": "logaddexp(0, logits",
             "where(logits >= 0, 1.0, small) / (1 + small": "exp(-np.logaddexp(0, -logits)"}),
    mistake("The logits are clipped to ±30, which caps the loss.",
            "A logit of 1,000 where the answer is no should cost 1,000.",
            {"small = np.exp(-np.abs(logits)": "logits = np.clip(logits, -30, 30",
             "maximum(logits, 0) + np.log1p(small": "logaddexp(0, logits",
             "where(logits >= 0, 1.0, small) / (1 + small": "exp(-np.logaddexp(0, -logits)"}),
    mistake("The logarithm is left out: only max(z, 0) - y·z remains.",
            "At z = 0 either answer should cost 0.693. What does it cost with yours?",
            {"small = np.exp(-np.abs(logits))  # never overflows": "",
             "+ np.log1p(small)": "",
             "where(logits >= 0, 1.0, small) / (1 + small": "exp(-np.logaddexp(0, -logits)"}),
    mistake("|z| stands where max(z, 0) belongs.",
            "At z = -2 a no should cost 0.127. What does it cost with yours?",
            by=binary_cross_entropy_with_the_size_for_the_maximum),
    mistake("The logits themselves are changed.",
            "Print the logits before and after the call. Build a new array for the gradient.",
            by=binary_cross_entropy_in_place),
    mistake("This is the mean squared error of the probabilities.",
            "A confident wrong answer should cost about |z|, not 1 at most.",
            by=binary_cross_entropy_with_squared_errors),
    mistake("Only the loss is returned; the gradient is missing.",
            "Training needs both. What does the text ask for?",
            {", (np.exp(-np.logaddexp(0, -logits)) - y) / y.size": ""}, of=binary_cross_entropy_by_logaddexp),
    mistake("Gradient and loss are returned the wrong way round.",
            "In which order does the text ask for them?",
            by=binary_cross_entropy_in_swapped_order),
    mistake("nan and infinity are replaced by numbers instead of being avoided.",
            "A logit of 1,000 where the answer is no should cost 1,000. What does log(1 - p) give there?",
            by=binary_cross_entropy_with_nan_replaced),
    mistake("nan is left out of the mean, which hides the examples where the loss breaks down.",
            "Where does the nan come from? Choose a form in which it cannot arise.",
            by=binary_cross_entropy_leaving_out_nan),
    mistake("There is a one half too many in the loss.",
            "At z = 0 either answer should cost 0.693.",
            by=binary_cross_entropy_halved),
    mistake("The gradient is the prediction alone: the truth was never subtracted.",
            "At a confident and right yes, how much should still be changed?",
            by=binary_cross_entropy_without_the_truth_in_the_gradient),
    mistake("y is subtracted where y·z belongs.",
            "At z = 2 a yes should cost 0.127. What does it cost with yours?",
            by=binary_cross_entropy_with_the_label_alone),
    mistake("z + log(1 + e^-z) is used on both sides and overflows for very negative z.",
            "Each of the two forms is safe on one side. Which one where?",
            by=binary_cross_entropy_overflowing_on_the_left),
]
