"""softmax_cross_entropy: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, slips, variant
from nnlib.checks import assert_close

from .common import (
    FLOORS,
    both_of,
    check_both,
    check_direction,
    check_gradient,
    check_loss,
    check_slope,
    eighths,
    loss_of,
)

HINTS = (
    "The text takes the logarithm on paper: is there any probability left in the loss that could be 0?",
    "Which quantity of the loss could overflow, and which trick of exercise 1 keeps it finite? For the "
    "gradient: what differs between prediction and truth in the true column?",
    "Scores (1, 0), true class 1: loss 1.313, probabilities 0.731 and 0.269, so the gradient is (0.731, "
    "-0.731). With a second example in the batch, by what is each row divided?",
)

NAME = "softmax_cross_entropy"


def test_softmax_cross_entropy_loss_averages_over_a_batch(student, rng):
    """The loss is the mean cross-entropy of the softmax of the scores."""
    check_loss(student, NAME, 2 * rng.normal(size=(5, 3)), np.array([2, 0, 1, 1, 0]), sizes={"N": 5, "C": 3})


def test_softmax_cross_entropy_loss_works_with_as_many_examples_as_classes(student, rng):
    """The loss of a square batch is right."""
    check_loss(student, NAME, 2 * rng.normal(size=(4, 4)), np.array([3, 0, 3, 1]), of=" of a square batch")


def test_softmax_cross_entropy_loss_of_one_example(student, rng):
    """The loss of a batch of one is log-sum-exp minus the true score."""
    scores = rng.normal(size=(1, 6))
    expected = np.log(np.exp(scores).sum()) - scores[0, 4]
    loss = loss_of(student.softmax_cross_entropy(scores, np.array([4])), NAME)
    assert_close(loss, expected, what="the loss of one example")


def test_softmax_cross_entropy_loss_starts_at_log_of_the_classes(student, rng):
    """With tiny scores the loss on ten classes is log 10."""
    scores, y = 1e-7 * rng.normal(size=(12, 10)), rng.integers(0, 10, size=12)
    assert_close(loss_of(student.softmax_cross_entropy(scores, y), NAME), np.log(10), what="the loss of tiny scores")


def test_softmax_cross_entropy_loss_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    scores, y = rng.normal(size=(3, 4)), np.array([1, 3, 1])
    expected = reference.softmax_cross_entropy(scores, y)[0]
    loss = loss_of(student.softmax_cross_entropy(np.tile(scores, (2, 1)), np.tile(y, 2)), NAME)
    assert_close(loss, expected, what="the loss of a batch repeated twice")


def test_softmax_cross_entropy_loss_of_a_certain_and_right_example(student):
    """An example whose true score leads by a thousand costs nothing, and the loss stays finite."""
    scores, y = np.array([[1000.0, -1000.0, 0.0], [0.5, 0.25, -1.0]]), np.array([0, 1])
    check_loss(student, NAME, scores, y, of=" with a certain and right example")


def test_softmax_cross_entropy_loss_ignores_a_shift_of_a_row(student, rng):
    """Adding a constant to all scores of an example does not change the loss."""
    scores, y = eighths(rng, (4, 4)), np.array([1, 1, 2, 0])
    shift = np.array([[1000.0], [-1000.0], [100.0], [0.0]])
    expected = reference.softmax_cross_entropy(scores, y)[0]
    loss = loss_of(student.softmax_cross_entropy(scores + shift, y), NAME)
    assert_close(loss, expected, what="the loss of shifted rows")


def test_softmax_cross_entropy_loss_is_exact_for_a_hopeless_example(student):
    """A true score that is 1,000 below the best costs 1,000, neither infinity nor a ceiling."""
    scores, y = np.array([[0.0, 1000.0, -3.0], [1.0, 1.0, 0.0]]), np.array([0, 2])
    check_loss(student, NAME, scores, y, of=" of a hopeless example")


def test_softmax_cross_entropy_loss_stays_finite_at_ten_thousand(student):
    """Scores of ±10,000 give a finite loss."""
    scores, y = np.array([[1e4, -1e4, 0.0], [-1e4, 0.0, 1e4]]), np.array([1, 2])
    assert_close(loss_of(student.softmax_cross_entropy(scores, y), NAME), 1e4, what="the loss of scores of ±10,000")


def test_softmax_cross_entropy_gradient_of_a_batch(student, rng):
    """The gradient is prediction minus truth, divided by the number of examples."""
    check_gradient(student, NAME, 2 * rng.normal(size=(6, 3)), np.array([2, 0, 1, 1, 0, 2]), sizes={"N": 6, "C": 3})


def test_softmax_cross_entropy_gradient_works_with_as_many_examples_as_classes(student, rng):
    """Only the true class of each example is corrected, also when the batch is square."""
    check_gradient(student, NAME, rng.normal(size=(4, 4)), np.array([3, 0, 3, 1]), of=" of a square batch")


def test_softmax_cross_entropy_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    check_slope(student, NAME, rng.normal(size=(3, 5)), np.array([4, 1, 1]))


def test_softmax_cross_entropy_gradient_of_one_example(student, rng):
    """The gradient of a batch of one is prediction minus truth."""
    check_gradient(student, NAME, rng.normal(size=(1, 4)), np.array([2]), of=" of one example")


def test_softmax_cross_entropy_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    check_direction(student, NAME, rng.normal(size=(5, 4)), np.array([0, 3, 3, 1, 0]), like="scores")


def test_softmax_cross_entropy_gradient_stays_finite_at_ten_thousand(student):
    """Scores of ±10,000 give a finite gradient."""
    scores, y = np.array([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4]]), np.array([1, 0])
    check_gradient(student, NAME, scores, y, of=" at scores of ±10,000")


def test_softmax_cross_entropy_of_two_classes_is_that_of_a_sigmoid(student, rng):
    """With two classes, loss and gradient are those of a sigmoid of the difference of the scores."""
    scores, y = eighths(rng, (4, 2)), np.array([0, 1, 1, 0])
    expected, dlogits = reference.binary_cross_entropy(scores[:, 1] - scores[:, 0], y)
    loss, dscores = both_of(student.softmax_cross_entropy(scores, y), NAME)
    assert_close(loss, expected, what="the loss of two classes")
    assert_close(dscores, np.stack([-dlogits, dlogits], axis=1), what="the gradient of two classes")


def test_softmax_cross_entropy_of_hundreds_of_examples(student, rng):
    """Every example of a large batch counts in the loss and has its row of the gradient."""
    scores, y = eighths(rng, (250, 3)) + 40.0, np.tile([0, 2, 2, 1, 0], 50)
    check_both(student, NAME, scores, y, of=" of a large batch", sizes={"N": 250})


@variant
def with_loops(scores, y):
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
def by_logaddexp(scores, y):
    """log-sum-exp from NumPy."""
    scores = np.asarray(scores, dtype=float)
    total = np.logaddexp.reduce(scores, axis=1)
    truth = np.eye(scores.shape[1])[y]
    return (total - (scores * truth).sum(axis=1)).mean(), (np.exp(scores - total[:, None]) - truth) / len(y)


@variant
def relative_to_the_true_score(scores, y):
    """Differences to the true score first; the loss is log of a sum with a one in it."""
    n, rows = len(y), np.arange(len(y))
    relative = scores - scores[rows, y][:, None]
    largest = relative.max(axis=1)
    total = largest + np.log(np.exp(relative - largest[:, None]).sum(axis=1))
    dscores = np.exp(relative - total[:, None])
    dscores[rows, y] -= 1
    return [float(np.sum(total) / n), dscores / n]


@variant
def in_single_precision(scores, y):
    """float32 throughout."""
    n, rows = len(y), np.arange(len(y))
    shifted = (scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= np.float32(1)
    return -log_probs[rows, y].mean(), dscores / np.float32(n)


@variant
def with_the_jacobian(scores, y):
    """Gradient of the probabilities through the full Jacobian of softmax, kept safe by working with p_y alone."""
    n, c = scores.shape
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    probs = powers / powers.sum(axis=1, keepdims=True)
    losses = np.log(powers.sum(axis=1)) - shifted[np.arange(n), y]
    # d(-log p_y)/ds_c = -(1/p_y) p_y (delta_yc - p_c): p_y cancels before it can be zero
    dscores = np.stack([-(np.eye(c)[y[i]] - probs[i]) for i in range(n)]) / n
    return np.asarray(losses.mean()), dscores


SHIFT = "scores - scores.max(axis=1, keepdims=True)"
LOG_PROBS = "shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
LOSS = "-log_probs[rows, y].mean()"
TRUTH = "dscores[rows, y] -= 1"
GRADIENT = "dscores / n"
MISTAKES = [
    # by what is divided
    mistake("The gradient is not divided by the number of examples, although the loss is.",
            "The loss is a mean over N examples. How much does that mean change if one example's loss changes by 1?",
            {GRADIENT: "dscores"}),
    mistake("Loss and gradient are sums over the batch instead of means.",
            "Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
            {".mean()": ".sum()", GRADIENT: "dscores"}),
    mistake("The loss is summed over the batch, although the gradient is that of the mean.",
            "Your gradient is right; now make the loss the mean that it belongs to.",
            {".mean()": ".sum()"}),
    mistake("The cost of each example is returned instead of their mean.",
            "The loss is one number. What turns N costs into one?",
            {".mean()": ""}),
    mistake("Loss and gradient are divided by the number of classes as well.",
            "With tiny scores on ten classes the loss must be 2.303. By what do you divide in all?",
            {".mean()": ".sum() / scores.size", GRADIENT: "dscores / scores.size"}),
    mistake("The loss is divided by the number of classes instead of the number of examples.",
            "Losses are means over the batch. Which of the two axes of scores is the batch?",
            {".mean()": ".sum() / scores.shape[1]"}),
    mistake("The gradient is divided by the number of classes as well, although the loss is not.",
            "Compare with a numerical gradient of your loss. By which factor do they differ?",
            {GRADIENT: "dscores / scores.size"}),
    mistake("The gradient is divided by the number of classes instead of the number of examples.",
            "The loss is a mean over N examples; its slope carries the same 1/N. Which axis of scores is that?",
            {GRADIENT: "dscores / scores.shape[1]"}),
    mistake("The gradient is divided by the number of examples twice.",
            "One division by N belongs to the mean. Find the two places where you divide.",
            {GRADIENT: "dscores / n / n"}),
    mistake("The gradient is averaged over the examples, so that it has shape (C,).",
            "A gradient has the shape of what it differentiates. Each example has scores of its own.",
            {GRADIENT: "dscores.mean(axis=0)"}),
    mistake("Only the prediction is divided by N, not the truth: brackets are missing.",
            "Division binds more tightly than subtraction. What must be subtracted first?",
            {"np.exp(log_probs)": "np.exp(log_probs) / n", GRADIENT: "dscores"}),
    # the gradient
    mistake("The sign of the gradient is flipped: truth minus prediction.",
            "A step against the gradient must raise the true score. What is the sign of the true class's entry then?",
            {GRADIENT: "-dscores / n"}),
    mistake("The 1 is subtracted in the columns of all labels for every example.",
            "dscores[:, y] means all rows. You want one entry in each row: index rows and labels in pairs.",
            {TRUTH: "dscores[:, y] -= 1"}),
    mistake("The 1 is subtracted for the first example only.",
            "Every example has a true class. Which rows does your index name?",
            {TRUTH: "dscores[0, y[0]] -= 1"}),
    mistake("The label is subtracted as a number: p - y instead of p minus its one-hot row.",
            "Label 3 is a name, not a quantity. In which column should how much be subtracted?",
            {TRUTH: "dscores -= y[:, np.newaxis]"}),
    mistake("The gradient is the prediction alone: the truth was never subtracted.",
            "Check whether each row of your gradient adds up to zero, as the text says it must.",
            {TRUTH: ""}),
    mistake("The probabilities are returned as the gradient: neither is the truth subtracted nor is there a 1/N.",
            "Prediction minus truth, over N. Which two steps are missing?",
            {TRUTH: "", GRADIENT: "dscores"}),
    mistake("The gradient is with respect to the probabilities, -1/p at the true class, not to the scores.",
            "One more application of the chain rule is missing: every score moves every probability of its row.",
            {"np.exp(log_probs)": "np.zeros(scores.shape)",
             TRUTH: "dscores[rows, y] = -1 / np.maximum(np.exp(log_probs[rows, y]), 1e-300)"}),
    mistake("The gradient carries an extra p(1 - p), the slope of the softmax, which the logarithm cancels.",
            "Prediction minus truth is the whole gradient with respect to the scores.",
            {GRADIENT: "dscores * softmax(scores) * (1 - softmax(scores)) / n"}),
    mistake("Only the true class gets a gradient; the wrong classes are left at zero.",
            "Raising a wrong score takes probability away from the true class. Is the loss really flat in it?",
            {GRADIENT: "np.minimum(dscores, 0) / n"}),
    # large scores
    mistake("The logarithm is taken of a probability that may have underflowed to zero.",
            "exp and log cancel on paper. Section 4 writes the loss without any probability in it.",
            {LOSS: "-np.log(softmax(scores)[rows, y]).mean()"}),
    mistake("Large scores overflow in the softmax, and the logarithm then meets nan or zero.",
            "Two cures are needed: the shift of section 1, and the formula of section 4 that has no probability in it.",
            {SHIFT: "scores", LOG_PROBS: "np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))"}),
    mistake("A small constant inside the logarithm, or a floor below the probabilities, caps the loss.",
            "A true score that is 1,000 too low should cost 1,000. Can you reach the logarithm without a probability?",
            *({LOSS: f"-np.log(np.maximum(softmax(scores)[rows, y], {floor})).mean()"} for floor in (*FLOORS, 1e-300, "np.finfo(float).tiny")),
            {LOSS: "-np.log(softmax(scores)[rows, y] + 1e-8).mean()"}),
    mistake("An infinite cost is replaced by a number instead of being avoided.",
            "A true score that is 10,000 too low should cost 10,000. Can you reach the logarithm without a probability?",
            {LOSS: "np.minimum(-np.log(softmax(scores)[rows, y]), 1000).mean()"}),
    mistake("Large scores overflow: nothing is subtracted before the exponential.",
            "The same freedom as in softmax helps here: what may you subtract from all scores of a row?",
            {SHIFT: "scores"}),
    mistake("The gradient is safe, but in the loss the exponentials overflow: nothing is subtracted there.",
            "The same freedom as in softmax helps in log-sum-exp: what may you subtract from all scores of a row?",
            {LOSS: "(np.log(np.exp(scores).sum(axis=1)) - scores[rows, y]).mean()"}),
    mistake("One number, the maximum of the whole batch, is subtracted from every row.",
            "What happens to a row whose scores are all far below the largest score of the batch?",
            {SHIFT: "scores - scores.max()"}),
    mistake("In the loss one number, the maximum of the whole batch, is subtracted from every row.",
            "What happens to a row of small scores when another row has huge ones?",
            {LOSS: "(np.log(np.exp(scores - scores.max()).sum(axis=1)) + scores.max() - scores[rows, y]).mean()"}),
    mistake("In the loss the smallest score is subtracted, so that the largest still overflows.",
            "Which number must be subtracted so that no exponent is positive?",
            {LOSS: "(np.log(np.exp(low).sum(axis=1)) - low[rows, y]).mean()",
             "n = len(y)": "n, low = len(y), scores - scores.min(axis=1, keepdims=True)"}),
    mistake("The maximum is subtracted in log-sum-exp but not from the true score.",
            "The shift cancels only if both terms know of it. Compare the losses of (1, 2) and (11, 12).",
            {LOSS: "(np.log(np.exp(shifted).sum(axis=1)) - scores[rows, y]).mean()"}),
    # the softmax in it
    mistake("Softmax runs over the columns, so examples compete instead of classes.",
            "Examples are rows. Along which axis do the classes of one example lie?",
            {"max(axis=1": "max(axis=0", "sum(axis=1": "sum(axis=0"}),
    mistake("Each row is divided by another row's total: the sum lost its axis and lined up with the columns.",
            "Print the shape of your sum of exponentials. Which option keeps the axis that was summed?",
            {"sum(axis=1, keepdims=True)": "sum(axis=1)"}),
    mistake("Softmax is applied twice: the probabilities are treated as scores.",
            "Which variable goes into log-sum-exp: scores or probabilities?",
            {SHIFT: "softmax(scores)"}),
    mistake("The logarithm has base 2.",
            "Which of NumPy's logarithms undoes np.exp?",
            {LOSS: "(np.log2(np.exp(shifted).sum(axis=1)) - shifted[rows, y]).mean()"}),
    # what is changed and returned
    slip("writes_into_input", {"shifted = scores -": "shifted = scores\n    shifted -="}, what="scores"),
    slip("only_the_first", what="the loss"),
    *slips("results_swapped"),
]
