"""cross_entropy: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

from .common import FLOORS

HINTS = (
    "Of each row only one probability matters. Which, and how do you pick it from all rows at once?",
    "When you have one cost per example, what turns them into the loss? And is anything added inside the "
    "logarithm?",
    "Two examples whose true classes got 0.5 and 0.1: costs 0.693 and 2.303, loss 1.498. What does yours give,"
    " and what with the first example alone?",
)


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


@variant
def with_a_loop(probs, y):
    """A running total of Python floats."""
    total = 0.0
    for i in range(len(y)):
        total -= math.log(probs[i, y[i]])
    return total / len(y)


@variant
def with_one_hot_rows(probs, y):
    """The double sum of the formula."""
    truth = np.eye(probs.shape[1])[y]
    return -(truth * np.log(probs)).sum() / probs.shape[0]


@variant
def with_einsum(probs, y):
    """The double sum as one contraction; the result is a 0-d array."""
    truth = (y[:, None] == np.arange(probs.shape[1])).astype(float)
    return np.asarray(np.einsum("nc,nc->", truth, -np.log(probs)) / len(y))


@variant
def in_single_precision(probs, y):
    """float32 throughout."""
    picked = np.take_along_axis(probs.astype(np.float32), y[:, None], axis=1)
    return np.mean(-np.log(picked))


@variant
def with_choose(probs, y):
    """The logarithm of the reciprocals."""
    return float(np.average(np.log(1 / np.choose(y, probs.T))))


PICKED = "probs[np.arange(len(y)), y]"
LOSS = "-np.mean(np.log(true_class))"
MISTAKES = [
    mistake("The costs are summed over the batch instead of averaged.",
            "Losses here are means over the batch: the same examples twice must cost the same as once.",
            {LOSS: "-np.sum(np.log(true_class))"}),
    mistake("The mean runs over the classes as well, so the loss is too small by the number of classes.",
            "How many examples share the cost? Count what your mean divides by.",
            {LOSS: "-np.sum(np.log(true_class)) / probs.size"}),
    mistake("The sum is divided by the number of classes instead of the number of examples.",
            "Losses are means over the batch. Which of the two axes of probs is the batch?",
            {LOSS: "-np.sum(np.log(true_class)) / probs.shape[1]"}),
    mistake("The sum is divided by N - 1 instead of N.",
            "A mean divides by how many there are.",
            {LOSS: "-np.sum(np.log(true_class)) / max(len(y) - 1, 1)"}),
    mistake("The logarithm does not have base e.",
            "A probability of 0.2 should cost 1.609. Which logarithm gives that?",
            {"np.log(": "np.log2("}, {"np.log(": "np.log10("}),
    mistake("A small constant inside the logarithm, or a floor below the probabilities, caps the loss.",
            "What does a probability of 1e-30 cost with your code? The text above the exercise says what it should cost.",
            *({LOSS: f"-np.mean(np.log(np.maximum(true_class, {floor})))"} for floor in FLOORS),
            {LOSS: "-np.mean(np.log(true_class + 1e-8))"}),
    mistake("The minus sign is missing: the loss is negative.",
            "The logarithm of a probability is negative or zero, and a loss should be positive.",
            {"-np.mean": "np.mean"}),
    mistake("probs[:, y] takes the columns of all labels for every example.",
            "Print the shape of what you picked: N examples should give N probabilities. How do you index in pairs?",
            {PICKED: "probs[:, y]"}),
    mistake("probs[y] takes whole rows, those whose numbers are the labels.",
            "A label names a column. Which rows do you want, and which column in each of them?",
            {PICKED: "probs[y]"}),
    mistake("Labels are taken to start at 1: the column before the true class is charged.",
            "Classes are counted from 0, and so are columns.",
            {PICKED: "probs[np.arange(len(y)), y - 1]"}),
    mistake("The largest probability of each row is charged, whatever the label says.",
            "The loss must depend on y: a confident wrong answer is expensive.",
            {PICKED: "probs.max(axis=1)"}),
    mistake("The wrong classes are charged too, with -log(1 - p), as if each were a yes-or-no question.",
            "How the rest is spread over the wrong classes should not matter. Which terms of the sum are not zero?",
            {LOSS: "-np.mean(np.log(true_class) + (np.log(1 - probs)).sum(axis=1) - np.log(1 - true_class))"}),
    mistake("The logarithms of all classes are added up, not only those of the true ones.",
            "How the rest is spread over the wrong classes should not matter. Does it with yours?",
            {LOSS: "-np.mean(np.log(probs).sum(axis=1))"}),
    mistake("The labels are not used: this is the entropy of the predictions, -Σ p log p.",
            "Where does y come in? The first factor under the sum is the truth, not the prediction.",
            {LOSS: "-np.mean((probs * np.log(probs)).sum(axis=1))"}),
    mistake("The label is used as a number instead of as a one-hot row.",
            "t in the formula is a row of zeros and a one. What is y[:, np.newaxis]?",
            {LOSS: "-np.mean((y[:, np.newaxis] * np.log(probs)).sum(axis=1))"}),
    mistake("The cost is multiplied by the label as if it were a number.",
            "The label names a class. What does an example of class 0 cost with yours?",
            {LOSS: "-np.mean(y * np.log(true_class))"}),
    mistake("The cost -log p is multiplied by p once more.",
            "The factor in front of the logarithm is the truth, which is 1. What does an impossible class cost with yours?",
            {LOSS: "-np.mean(true_class * np.log(true_class))"}),
    mistake("The logarithm is taken of the mean probability instead of the mean of the logarithms.",
            "Which comes first in the formula, the logarithm or the average?",
            {LOSS: "-np.log(np.mean(true_class))"}),
    mistake("The probabilities are added up before the logarithm; each example needs a logarithm of its own.",
            "log(a) + log(b) is not log(a + b). Which comes first in the formula, the sum or the logarithm?",
            {LOSS: "-np.log(np.sum(true_class)) / len(y)"}),
    mistake("Softmax is applied to what are probabilities already.",
            "The argument is called probs: its rows add up to one before your function touches them.",
            {PICKED: "softmax(probs)[np.arange(len(y)), y]"}),
    mistake("The cost of each example is returned instead of their mean.",
            "Training needs one number to make small. Which step of the formula comes after the logarithm?",
            {LOSS: "-np.log(true_class)"}),
    mistake("The probability itself is charged, without a logarithm.",
            "A probability of 0.2 should cost 1.609, not 0.8 or -0.2. What does the formula do to the probability?",
            {LOSS: "np.mean(1 - true_class)"}),
    mistake("1/p is charged, without a logarithm.",
            "What does a probability of 1 cost? It should be nothing.",
            {LOSS: "np.mean(1 / true_class)"}),
    mistake("log1p(p) is log(1 + p), not log p.",
            "What does a probability of 1 cost? It should be nothing.",
            {"np.log(": "np.log1p("}),
    slip("first_example_only", {LOSS: "-np.log(true_class[0])"}),
    slip("rounded", after=lambda loss: round(float(loss), 3)),
    mistake("The loss is still a list or an array with one entry; it should be one number.",
            "What is the shape of the value you return? It should be (). Look for brackets, keepdims or reshape.",
            after=lambda loss: [loss]),
]
