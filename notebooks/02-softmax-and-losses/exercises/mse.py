"""mse: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _pair, apart, direction, gradient_of, loss_of, require_numbers


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


@variant
def mse_with_a_loop(pred, target):
    """One number at a time."""
    total, dpred = 0.0, np.zeros(pred.shape)
    for position in np.ndindex(pred.shape):
        error = float(pred[position]) - float(target[position])
        total += error * error
        dpred[position] = 2 * error / pred.size
    return total / pred.size, dpred


@variant
def mse_with_a_dot_product(pred, target):
    """The squared length of the flattened difference."""
    error = (pred - target).ravel()
    return error @ error / len(error), (error * (2 / len(error))).reshape(pred.shape)


@variant
def mse_in_single_precision(pred, target):
    """float32 throughout."""
    error = pred.astype(np.float32) - target.astype(np.float32)
    return np.square(error).mean(), error * np.float32(2 / error.size)


@variant
def mse_with_a_norm(pred, target):
    """Through the Frobenius norm; the result is a 0-d array."""
    error = np.subtract(target, pred)
    return np.asarray(np.linalg.norm(error) ** 2 / error.size), -2.0 / error.size * error


def mse_as_square_of_the_mean(pred, target):
    mean = np.mean(pred - target)
    return mean**2, np.full(np.shape(pred), 2 * mean / np.size(pred))


def mse_divided_by_one_less(pred, target):
    difference = pred - target
    return np.sum(difference**2) / max(difference.size - 1, 1), 2 * difference / max(difference.size - 1, 1)


MISTAKES = [
    mistake("There is a one half in front of the squares.",
            "A prediction that is 3 off should cost 9. Some books halve the loss; the text above the exercise does not.",
            {", 2 *": "/ 2,"}),
    mistake("The factor 2 is missing in the gradient.",
            "What is the derivative of x squared? Compare with a numerical gradient of your loss.",
            {"2 *": ""}),
    mistake("Loss and gradient are sums instead of means.",
            "For [2, 5] against [3, 1] the loss should be 8.5, not 17. What is the M in MSE?",
            {"mean": "sum", "/ difference.size": ""}),
    mistake("The gradient is not divided by the number of entries, although the loss is.",
            "The loss is a mean over n numbers; its slope in each of them carries the same 1/n.",
            {"/ difference.size": ""}),
    mistake("The mean is over the rows only: a table with D columns costs D times too much.",
            "The text says what n is for an array of shape (N, D). len() counts only the rows.",
            {"mean": "sum", "2)": "2) / len(difference)", "difference.size": "len(difference)"}),
    mistake("The gradient is divided by the number of rows, although the loss is a mean over all entries.",
            "len() counts only the rows of a table. How many numbers does your loss average over?",
            {"difference.size": "len(difference)"}),
    mistake("The sign of the gradient is flipped: target minus prediction.",
            "If a prediction is too high, raising it further makes the loss grow: which sign must its slope have?",
            {"pred - target": "target - pred"}),
    mistake("A square root is taken: this is the root mean squared error.",
            "For [2, 5] against [3, 1] the loss should be 8.5. The formula has no root.",
            {"return np": "root = np.sqrt(np",
             ", 2 * difference": ")\n    return root, difference / np.maximum(root, 1e-300)"}),
    mistake("The mean is squared instead of the differences: errors of opposite sign cancel.",
            "Being 1 too high here and 1 too low there is not perfect. Which comes first, the square or the mean?",
            by=mse_as_square_of_the_mean),
    mistake("Each column has a loss of its own instead of one number for all.",
            "Training needs one number to make small. Over which axes does your mean run?",
            {"2)": "2, axis=0)"}),
    mistake("Absolute differences are averaged instead of squares.",
            "That is the next exercise. What does MSE do with each difference before it averages?",
            {"difference**2), 2 * difference": "np.abs(difference)), np.sign(difference)"}),
    mistake("Only the loss is returned; the gradient is missing.",
            "Training needs both. What does the text ask for?",
            {", 2 * difference / difference.size": ""}),
    mistake("Gradient and loss are returned the wrong way round.",
            "In which order does the text ask for them?",
            {"np": "2 * difference / difference.size, np", ", 2 * difference / difference.size": ""}),
    mistake("The gradient is flattened; it should have the shape of the predictions.",
            "Which line changes the shape? A gradient has the shape of what it differentiates.",
            {"pred - target": "(pred - target).ravel()"}),
    mistake("The gradient is averaged to one number; each prediction needs its own slope.",
            "A gradient has the shape of what it differentiates.",
            {", 2": ", (2", "size": "size).sum()"}),
    mistake("The predictions themselves are changed.",
            "Print pred before and after the call. Which operator writes into the array it was given?",
            {"difference = pred - target": "pred -= target\n    difference = pred"}),
    mistake("The mean is over the columns only: a table of N rows costs N times too much.",
            "The mean is over all numbers there are. How many are that in (N, D)?",
            {"mean": "sum", "2)": "2) / pred.shape[-1]", "difference.size": "pred.shape[-1]"}),
    mistake("The gradient is divided by the number of columns, although the loss is a mean over all entries.",
            "Compare with a numerical gradient of your loss. By which factor do they differ?",
            {"difference.size": "pred.shape[-1]"}),
    mistake("Loss and gradient are divided by n - 1 instead of n.",
            "A mean divides by how many there are.",
            by=mse_divided_by_one_less),
    mistake("There is a one half in front of the squares, but not in the gradient.",
            "A prediction that is 3 off should cost 9. Compare with a numerical gradient of your loss.",
            {"2)": "2) / 2"}),
    mistake("The root of the loss is taken, although the gradient is that of the mean square.",
            "A prediction that is 3 off should cost 9.",
            {"mean": "sqrt(np.mean", "2)": "2))"}),
    mistake("In the loss the mean is squared instead of the differences: errors of opposite sign cancel.",
            "What do errors of +3 and -3 cost? Which comes first, squaring or averaging?",
            {"**2)": ") ** 2"}),
    mistake("In the loss absolute differences are averaged instead of squares, although the gradient is that of squares.",
            "A prediction that is 3 off should cost 9.",
            {"mean(difference**2": "abs(difference).mean("}),
    mistake("@ is used on the differences, which is a sum of squares only for one axis.",
            "Try a (3, 2) table. Which operation squares entry by entry whatever the shape?",
            {"np.mean(difference**2": "difference @ difference / len(difference",
             "difference.size": "len(difference)"}),
    mistake("The squares are subtracted instead of the difference squared.",
            "What do a prediction of -2 and a target of 2 cost? Subtract first, then square.",
            {"(difference": "(pred**2 - target"}),
    mistake("The gradient has lost its sign: it points up even where the prediction is too low.",
            "Where the prediction is too low, should it rise or fall?",
            {"* difference": "* np.abs(difference)"}),
    mistake("The gradient holds the squares; differentiating lowers the power by one.",
            "What is the derivative of x squared?",
            {"/": "**2 /"}),
    mistake("The variance of the differences is taken, which leaves out their mean.",
            "What do predictions cost that are all 3 too high? np.var gives 0.",
            {"mean(difference**2": "var(difference"}),
    mistake("The gradient is 2·pred/n: the target is left out.",
            "What is the derivative of (ŷ - t)²? The inside stays.",
            {"* difference": "* pred"}),
    mistake("The length of the vector of differences is divided by n, without being squared.",
            "A prediction that is 3 off should cost 9. What does a norm give?",
            {"mean": "sqrt(np.sum", "2)": "2)) / difference.size"}),
]
