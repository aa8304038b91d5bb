"""binary_cross_entropy: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, slips, variant
from nnlib.checks import assert_close

from .common import FLOORS, check_both, check_direction, check_gradient, check_loss, check_slope, gradient_of, loss_of

HINTS = (
    "The text writes the loss without any probability. Where can its exponential overflow?",
    "Can you write one formula in which the exponent is never positive, whatever the sign of the logit? The "
    "sigmoid needs the same care.",
    "Logit 1 of a yes costs 0.313, of a no 1.313; the slopes are -0.269 and 0.731, before the mean. What does "
    "a logit of -900 cost for a yes?",
)

NAME = "binary_cross_entropy"


def test_binary_cross_entropy_loss_averages_over_a_batch(student, rng):
    """The loss is the mean over the examples, yes and no alike."""
    check_loss(student, NAME, 2 * rng.normal(size=7), np.array([1, 0, 0, 1, 1, 0, 1]), sizes={"N": 7})


def test_binary_cross_entropy_loss_of_no_opinion_is_log_two(student):
    """A logit of zero costs log 2, whatever the answer."""
    loss = loss_of(student.binary_cross_entropy(np.zeros(3), np.array([1, 0, 0])), NAME)
    assert_close(loss, np.log(2), what="the loss of logits of zero")


def test_binary_cross_entropy_loss_of_only_yes(student, rng):
    """The loss is right when all answers are yes."""
    check_loss(student, NAME, rng.normal(size=4), np.ones(4, dtype=int), of=" of four times yes")


def test_binary_cross_entropy_loss_of_only_no(student, rng):
    """The loss is right when all answers are no."""
    check_loss(student, NAME, rng.normal(size=4), np.zeros(4, dtype=int), of=" of four times no")


def test_binary_cross_entropy_loss_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    logits, y = rng.normal(size=3), np.array([0, 1, 1])
    expected = reference.binary_cross_entropy(logits, y)[0]
    loss = loss_of(student.binary_cross_entropy(np.tile(logits, 2), np.tile(y, 2)), NAME)
    assert_close(loss, expected, what="the loss of a batch repeated twice")


def test_binary_cross_entropy_loss_is_exact_for_hopeless_examples(student):
    """Being wrong with a logit of ±50 costs 50, without a ceiling."""
    loss = loss_of(student.binary_cross_entropy(np.array([50.0, -50.0]), np.array([0, 1])), NAME)
    assert_close(loss, 50.0, what="the loss of logits of ±50")


def test_binary_cross_entropy_loss_stays_finite_at_a_thousand(student):
    """Logits of ±1,000 give a finite loss."""
    logits, y = np.array([1000.0, -1000.0, 1000.0, -500.0]), np.array([1, 0, 0, 1])
    assert_close(loss_of(student.binary_cross_entropy(logits, y), NAME), 375.0, what="the loss of logits of ±1,000")


def test_binary_cross_entropy_loss_stays_finite_at_ten_thousand(student):
    """Logits of ±10,000 give a finite loss."""
    logits, y = np.array([-1e4, 1e4]), np.array([1, 1])
    assert_close(loss_of(student.binary_cross_entropy(logits, y), NAME), 5000.0, what="the loss of logits of ±10,000")


def test_binary_cross_entropy_loss_of_very_negative_logits(student):
    """Logits that are all very negative cost nothing for a no and their size for a yes."""
    check_loss(student, NAME, np.array([-1000.0, -900.0, -0.5]), np.array([0, 1, 1]), of=" of very negative logits")


def test_binary_cross_entropy_gradient_of_a_batch(student, rng):
    """The gradient is prediction minus truth, divided by the number of examples."""
    check_gradient(student, NAME, 2 * rng.normal(size=7), np.array([1, 0, 0, 1, 1, 0, 1]), sizes={"N": 7})


def test_binary_cross_entropy_gradient_of_one_example(student):
    """For a single yes at logit 0 the slope is -1/2."""
    dlogits = gradient_of(student.binary_cross_entropy(np.array([0.0]), np.array([1])), NAME)
    assert_close(dlogits, np.array([-0.5]), what="the gradient of one example")


def test_binary_cross_entropy_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    check_slope(student, NAME, rng.normal(size=5), np.array([0, 1, 1, 0, 1]))


def test_binary_cross_entropy_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    check_direction(student, NAME, rng.normal(size=6), np.array([1, 1, 0, 1, 0, 0]), like="logits")


def test_binary_cross_entropy_gradient_stays_finite_at_ten_thousand(student):
    """Logits of ±10,000 give a finite gradient."""
    dlogits = gradient_of(student.binary_cross_entropy(np.array([1e4, -1e4, 1e4, -1e4]), np.array([1, 1, 0, 0])), NAME)
    assert_close(dlogits, np.array([0.0, -0.25, 0.25, 0.0]), what="the gradient at logits of ±10,000")


def test_binary_cross_entropy_takes_labels_that_are_floats(student, rng):
    """Labels may be 0.0 and 1.0 as well, in a batch of hundreds."""
    y = np.tile([1.0, 1.0, 0.0, 0.0], 50)
    check_both(student, NAME, 2 * rng.normal(size=200), y, of=" of float labels", sizes={"N": 200})


@variant
def with_a_loop(logits, y):
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
def by_logaddexp(logits, y):
    """NumPy's stable log(e^a + e^b), and the sigmoid from its logarithm."""
    return np.mean(np.logaddexp(0, logits) - y * logits), (np.exp(-np.logaddexp(0, -logits)) - y) / y.size


@variant
def with_tanh(logits, y):
    """The sigmoid as a tanh that cannot overflow."""
    loss = np.mean(y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits))
    return float(loss), (0.5 * (1 + np.tanh(logits / 2)) - y) / len(y)


@variant
def in_single_precision(logits, y):
    """float32 throughout."""
    logits, y = logits.astype(np.float32), y.astype(np.float32)
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) - logits * y + np.log1p(small))
    probs = np.where(logits >= 0, 1 / (1 + small), small / (1 + small))
    return loss, (probs - y) / np.float32(len(y))


@variant
def as_softmax_of_two_classes(logits, y):
    """Scores [0, z] through the softmax loss."""
    n, labels = len(y), np.asarray(y).astype(int)
    scores = np.stack([np.zeros(n), logits], axis=1)
    total = np.logaddexp.reduce(scores, axis=1)
    probs = np.exp(scores - total[:, None])
    return (total - scores[np.arange(n), labels]).mean(), (probs[:, 1] - labels) / n


def for_signed_labels(logits, y):
    product = -y * logits
    probs = np.exp(-np.logaddexp(0, -product))
    return np.mean(np.logaddexp(0, product)), -y * probs / len(y)


LOSS = "np.mean(np.maximum(logits, 0) + np.log1p(small) - y * logits)"
PROBS = "np.where(logits >= 0, 1.0, small) / (1 + small)"
GRADIENT = "(probs - y) / len(y)"
SIGMOID = "np.exp(-np.logaddexp(0, -logits))"  # of any logit
TWO_STEPS = "-np.mean(y * np.log({p}) + (1 - y) * np.log(1 - {p}))"
COSTS = "-(y * np.log(naive) + (1 - y) * np.log(1 - naive))"
NAIVE = {"small =": "naive = 1 / (1 + np.exp(-logits))\n    small ="}
TOO_SURE = "A logit of 1,000 where the answer is no should cost 1,000."
MISTAKES = [
    # large logits
    mistake("Logits overflow or probabilities round to 0 or 1 before the logarithm is taken.",
            "At z = 40 the sigmoid is exactly 1 in floating point. Section 8 writes the loss without any probability.",
            {**NAIVE, LOSS: f"np.mean({COSTS})", PROBS: "naive"}),
    mistake("Probabilities are kept away from 0 and 1, by clipping or by adding a constant, which caps the loss.",
            "Being wrong with a logit of 50 should cost 50. What is the largest loss your code can return?",
            *({"loss =": f"safe = np.clip({SIGMOID}, {floor}, 1 - {floor})\n    loss =", LOSS: TWO_STEPS.format(p="safe")}
              for floor in FLOORS)),
    mistake("The logits are clipped, which caps the loss.",
            TOO_SURE,
            {"small =": "logits = np.clip(logits, -500, 500)\n    small ="},
            {"small =": "logits = np.clip(logits, -30, 30)\n    small ="}),
    mistake("nan and infinity are replaced by numbers instead of being avoided.",
            f"{TOO_SURE} What does log(1 - p) give there?",
            {**NAIVE, LOSS: f"np.mean(np.nan_to_num({COSTS}))", PROBS: "naive"}),
    mistake("nan is left out of the mean, which hides the examples where the loss breaks down.",
            "Where does the nan come from? Choose a form in which it cannot arise.",
            {**NAIVE, LOSS: f"np.nanmean({COSTS})", PROBS: "naive"}),
    mistake("log(1 + e^z) is computed as it stands and overflows for large z.",
            "Pull the z out of the logarithm for positive z, as the text shows, and use each form where it is safe.",
            {LOSS: "np.mean(np.log(1 + np.exp(logits)) - y * logits)"}),
    mistake("z + log(1 + e^-z) is used on both sides and overflows for very negative z.",
            "Each of the two forms is safe on one side. Which one where?",
            {LOSS: "np.mean(logits + np.log(1 + np.exp(-logits)) - y * logits)"}),
    mistake("The gradient's sigmoid is e^z / (1 + e^z), which is infinity over infinity for large z.",
            "There are two ways to write the sigmoid, one safe for positive z, one for negative z.",
            {PROBS: "np.exp(logits) / (1 + np.exp(logits))"}),
    # the loss
    mistake("The logits are used as if they were probabilities already: the sigmoid is missing.",
            "A logit may be -3, and log(-3) is nan. What turns a logit into a probability?",
            {LOSS: TWO_STEPS.format(p="logits"), PROBS: "logits"}),
    mistake("Only the examples with answer yes are charged: the second term of the loss is missing.",
            "A confident yes where the answer is no must cost something. Which term of the formula does that?",
            {LOSS: "np.mean(y * np.logaddexp(0, -logits))"},
            {LOSS: "np.mean(y * np.logaddexp(0, -logits))", GRADIENT: "y * (probs - y) / len(y)"}),
    mistake("Yes and no are swapped.",
            "y = 1 means yes, and a large positive logit is a confident yes: together they should cost almost nothing.",
            {"small =": "y = 1 - y\n    small ="}),
    mistake("The labels are treated as -1 and +1, as in the hinge loss.",
            "The labels here are 0 and 1. With y = 0, what is left of your formula?",
            {LOSS: "np.mean(np.logaddexp(0, -logits * y))"}),
    mistake("The labels are treated as -1 and +1, as in the hinge loss.",
            "The labels here are 0 and 1. With y = 0, what is left of your formula?",
            by=for_signed_labels),
    mistake("The labels are used as an index, which fails when they are 1.0 and 0.0.",
            "The text says so: compute with the labels.",
            {"small =": "y = np.array([0.0, 1.0])[y]\n    small ="}),
    mistake("max(z, 0) is left out: only the logarithm and y·z remain.",
            "At z = 2 a no should cost 2.127. What does it cost with yours?",
            {"np.maximum(logits, 0) + ": ""}),
    mistake("The logarithm is left out: only max(z, 0) - y·z remains.",
            "At z = 0 either answer should cost 0.693. What does it cost with yours?",
            {" + np.log1p(small)": ""}),
    mistake("|z| stands where max(z, 0) belongs.",
            "At z = -2 a no should cost 0.127. What does it cost with yours?",
            {"np.maximum(logits, 0)": "np.abs(logits)"}),
    mistake("y is subtracted where y·z belongs.",
            "At z = 2 a yes should cost 0.127. What does it cost with yours?",
            {"y * logits": "y"}),
    mistake("The loss is measured in bits: the logarithm has base 2.",
            "A logit of zero should cost 0.693. Which logarithm gives that?",
            {LOSS: f"{LOSS} / np.log(2)"}),
    mistake("The sign of the loss is flipped.",
            "A loss is never negative here: what does a doubtful answer, z = 0, cost?",
            {LOSS: f"-{LOSS}"}),
    mistake("This is the mean squared error of the probabilities.",
            "A confident wrong answer should cost about |z|, not 1 at most.",
            {LOSS: f"np.mean(({SIGMOID} - y) ** 2)", GRADIENT: f"2 * {GRADIENT}"}),
    # the gradient
    mistake("The gradient uses the logits where it should use the probabilities.",
            "Prediction minus truth: the prediction is a probability between 0 and 1, not the logit.",
            {PROBS: "logits"}),
    mistake("Probabilities or slopes are stored in an array of y's dtype, so labels of whole numbers cut off the fractions.",
            "What dtype does np.zeros_like give for labels 0 and 1, and what becomes of 0.7 in it?",
            {PROBS: f"({PROBS}).astype(y.dtype)"},
            {GRADIENT: f"({GRADIENT}).astype(y.dtype)"}),
    mistake("The sign of the gradient is flipped: truth minus prediction.",
            "Where the answer is no, raising the logit makes the loss grow: what sign must its slope have?",
            {GRADIENT: "(y - probs) / len(y)"}),
    mistake("The gradient carries an extra p(1 - p), the slope of the sigmoid, which the logarithm cancels.",
            "Differentiate the simplified loss log(1 + e^z) - y z once more, without going through the probability.",
            {GRADIENT: "(probs - y) * probs * (1 - probs) / len(y)"}),
    mistake("The gradient is with respect to the probabilities, divided by p(1 - p), not to the logits.",
            "The chain rule goes on through the sigmoid. What does its slope cancel?",
            {PROBS: "1 / (1 + np.exp(-logits))", GRADIENT: "(probs - y) / (probs * (1 - probs)) / len(y)"}),
    mistake("Only the examples with answer yes get a gradient.",
            "A confident yes where the answer is no must be pushed down.",
            {GRADIENT: "y * (probs - y) / len(y)"}),
    mistake("The gradient is the prediction alone: the truth was never subtracted.",
            "At a confident and right yes, how much should still be changed?",
            {GRADIENT: "probs / len(y)"}),
    # by what is divided
    mistake("Loss and gradient are sums over the batch instead of means.",
            "Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
            {"np.mean": "np.sum", GRADIENT: "probs - y"}),
    mistake("The gradient is not divided by the number of examples, although the loss is.",
            "The loss is a mean over N examples; its slope in each of them carries the same 1/N.",
            {GRADIENT: "probs - y"}),
    mistake("The loss is summed over the batch, although the gradient is that of the mean.",
            "The same examples twice should cost the same.",
            {"np.mean": "np.sum"}),
    mistake("The cost of each example is returned instead of their mean.",
            "The loss is one number. What turns N costs into one?",
            {"np.mean": ""}),
    # what is changed and returned
    mistake("The logits themselves are changed.",
            "Print the logits before and after the call. Build a new array for the gradient.",
            {f"return loss, {GRADIENT}": f"logits[...] = {GRADIENT}\n    return loss, logits"}),
    slip("only_the_first", what="the loss"),
    *slips("results_swapped"),
]
