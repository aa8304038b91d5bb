"""What the exercises of this assignment share.

Fixtures are chosen to expose bugs: as many examples as classes (a missing keepdims broadcasts silently), unsorted
labels, a class missing from the batch, batches of one and of hundreds, huge scores. They keep away from the kinks of
hinge and absolute error, where several answers are right. What should come out is computed before the call.
"""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, slips
from nnlib.checks import assert_close, require

# The constants that people put under a logarithm "to be safe"; each caps the loss elsewhere.
FLOORS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 2.2e-16)


def both_of(result, name):
    """Take loss and gradient from what ``name`` returned."""
    require(
        isinstance(result, list | tuple) and len(result) == 2,
        f"{name} must return two things, the loss and then its gradient: return loss, gradient.",
    )
    return result


def loss_of(result, name):
    """Take the loss from what ``name`` returned."""
    return both_of(result, name)[0]


def gradient_of(result, name):
    """Take the gradient from what ``name`` returned."""
    return both_of(result, name)[1]


def check_loss(student, name, *given, of="", sizes=None, **options):
    """Compare the loss with the reference's."""
    expected = getattr(reference, name)(*given, **options)[0]
    loss = loss_of(getattr(student, name)(*given, **options), name)
    assert_close(loss, expected, what=f"the loss{of}", sizes=sizes)


def check_gradient(student, name, *given, of="", sizes=None, **options):
    """Compare the gradient with the reference's."""
    expected = getattr(reference, name)(*given, **options)[1]
    gradient = gradient_of(getattr(student, name)(*given, **options), name)
    assert_close(gradient, expected, what=f"the gradient{of}", sizes=sizes)


def check_both(student, name, *given, of="", sizes=None, **options):
    """Compare loss and gradient with the reference's."""
    expected = getattr(reference, name)(*given, **options)
    loss, gradient = both_of(getattr(student, name)(*given, **options), name)
    assert_close(loss, expected[0], what=f"the loss{of}", sizes=sizes)
    assert_close(gradient, expected[1], what=f"the gradient{of}", sizes=sizes)


def check_slope(student, name, given, *rest):
    """Compare the gradient with central differences of the reference's loss."""
    slope = reference.numerical_gradient(lambda x: getattr(reference, name)(x, *rest)[0], given)
    gradient = gradient_of(getattr(student, name)(given, *rest), name)
    assert_close(gradient, slope, rtol=1e-4, atol=1e-6, what="the gradient against a numerical one")


def check_direction(student, name, given, *rest, like):
    """Compare the gradient with the reference's, both scaled to length 1, so that a constant factor does not matter."""
    expected, shape = _direction(getattr(reference, name)(given, *rest)[1]), given.shape
    gradient = gradient_of(getattr(student, name)(given, *rest), name)
    require(np.shape(gradient) == shape, f"The gradient must have the shape of the {like}.")
    assert_close(_direction(gradient), expected, what="the gradient scaled to length 1")


def _direction(gradient):
    gradient = np.asarray(gradient, dtype=float)
    return gradient / (np.linalg.norm(gradient) or 1.0)  # zeros have no direction



def eighths(rng, shape, largest=3):
    """Draw scores that are multiples of 1/8: adding 1,000 to them is exact, in float32 as well."""
    return rng.integers(-8 * largest, 8 * largest + 1, size=shape) / 8


# mse and mae


def apart(rng, shape):
    """Draw predictions and targets that differ by at least 0.05 everywhere, both ways."""
    difference = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.05, 3.0, size=shape)
    target = 2 * rng.normal(size=shape)
    return target + difference, target


def loss_of_a_table(student, rng, name):
    """For (N, D) arrays the mean is over all N times D numbers."""
    check_loss(student, name, *apart(rng, (5, 3)), of=" of a table", sizes={"N": 5, "D": 3})


def gradient_of_a_table(student, rng, name):
    """For (N, D) arrays the gradient is divided by N times D."""
    check_gradient(student, name, *apart(rng, (3, 5)), of=" of a table", sizes={"N": 3, "D": 5})


def gradient_is_the_slope_of_the_loss(student, rng, name):
    """The gradient agrees with central differences of the loss."""
    check_slope(student, name, *apart(rng, (4, 4)))


def gradient_points_uphill(student, rng, name):
    """The gradient has the right direction, whatever its length."""
    check_direction(student, name, *apart(rng, (6,)), like="predictions")


def of_hundreds_of_numbers(student, rng, name):
    """Every number counts in the loss and has its entry of the gradient, the last as well as the first."""
    check_both(student, name, *apart(rng, (200,)), of=" of many numbers", sizes={"N": 200})


MEANS = (
    loss_of_a_table,
    gradient_of_a_table,
    gradient_is_the_slope_of_the_loss,
    gradient_points_uphill,
    of_hundreds_of_numbers,
)


def mistakes_with_means(name, total):
    """List the mistakes that mse and mae have in common; ``total`` is twice the loss of [2, 5] against [3, 1]."""
    mean, size = "return np.mean", "/ difference.size"
    return [
        mistake("Loss and gradient are sums instead of means.",
                f"For [2, 5] against [3, 1] the loss should be {total / 2:g}, not {total}. What is the M in {name}?",
                {mean: "return np.sum", size: ""}),
        mistake("The gradient is not divided by the number of entries, although the loss is.",
                "The loss is a mean over n numbers; its slope in each of them carries the same 1/n.",
                {size: ""}),
        mistake("The mean is over the rows only: a table with D columns costs D times too much.",
                "The text says what n is for an array of shape (N, D). len() counts only the rows.",
                {mean: "return 1 / len(difference) * np.sum", size: "/ len(difference)"}),
        mistake("The gradient is divided by the number of rows, although the loss is a mean over all entries.",
                "len() counts only the rows of a table. How many numbers does your loss average over?",
                {size: "/ len(difference)"}),
        mistake("The mean is over the columns only: a table of N rows costs N times too much.",
                "The mean is over all numbers there are. How many is that for (N, D)?",
                {mean: "return 1 / pred.shape[-1] * np.sum", size: "/ pred.shape[-1]"}),
        mistake("The gradient is divided by the number of columns, although the loss is a mean over all entries.",
                "Compare with a numerical gradient of your loss. By which factor do they differ?",
                {size: "/ pred.shape[-1]"}),
        mistake("Loss and gradient are divided by n - 1 instead of n.",
                "A mean divides by how many there are.",
                {mean: "return 1 / max(difference.size - 1, 1) * np.sum", size: "/ max(difference.size - 1, 1)"}),
        mistake("Each column has a loss of its own instead of one number for all.",
                "Training needs one number to make small. Over which axes does your mean run?",
                {"np.mean(": "np.mean(axis=0, a="}),
        mistake("The sign of the gradient is flipped: target minus prediction.",
                "If a prediction is too high, raising it further makes the loss grow: what sign must its slope have?",
                {"pred - target": "target - pred"}),
        mistake("The gradient is flattened; it should have the shape of the predictions.",
                "Which line changes the shape? A gradient has the shape of what it differentiates.",
                {"pred - target": "(pred - target).ravel()"}),
        mistake("The gradient is averaged to one number; each prediction needs its own slope.",
                "A gradient has the shape of what it differentiates.",
                after=lambda result: (result[0], result[1].sum())),
        slip("writes_into_input", {"= pred - target": "= pred\n    difference -= target"}, what="pred"),
        slip("only_the_first", what="the loss"),
        *slips("results_swapped"),
    ]
