"""mae: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _pair, apart, direction, gradient_of, loss_of, require_numbers


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


@variant
def mae_with_a_loop(pred, target):
    """One number at a time; slope +1/n on target."""
    total, dpred = 0.0, np.zeros(pred.shape)
    for position in np.ndindex(pred.shape):
        error = float(pred[position]) - float(target[position])
        total += abs(error)
        dpred[position] = (1.0 if error >= 0 else -1.0) / pred.size
    return total / pred.size, dpred


@variant
def mae_with_where(pred, target):
    """Slope -1/n on target."""
    return np.average(np.abs(target - pred)), np.where(pred > target, 1.0, -1.0) / np.size(pred)


@variant
def mae_in_single_precision(pred, target):
    """float32 throughout."""
    error = pred.astype(np.float32) - target.astype(np.float32)
    return np.abs(error).mean(), np.sign(error) / np.float32(error.size)


@variant
def mae_with_comparisons(pred, target):
    """Larger minus smaller."""
    above, below = pred > target, pred < target
    loss = np.sum(np.maximum(pred, target) - np.minimum(pred, target)) / pred.size
    return loss, (above.astype(float) - below.astype(float)) / pred.size


def mae_in_place(pred, target):
    pred -= target
    difference = pred
    return np.abs(difference).mean(), np.sign(difference) / difference.size


def mae_divided_by_one_less(pred, target):
    difference = pred - target
    return np.abs(difference).sum() / max(difference.size - 1, 1), np.sign(difference) / max(difference.size - 1, 1)


def mae_of_sizes(pred, target):
    difference = np.abs(pred) - np.abs(target)
    return np.abs(difference).mean(), np.sign(difference) / difference.size


MISTAKES = [
    mistake("The gradient holds the differences instead of their signs.",
            "The slope of |x| is +1 or -1, no matter how large x is.",
            {"np.sign(difference)": "difference"}),
    mistake("The gradient is positive everywhere: the absolute value, or a plain 1/n, instead of the sign.",
            "A prediction that is too low should be raised. What is the slope of |x| for negative x?",
            {"sign(difference": "ones(difference.shape"}),
    mistake("The sign of the gradient is flipped: target minus prediction.",
            "If a prediction is too high, raising it further makes the loss grow: which sign must its slope have?",
            {"pred - target": "target - pred"}),
    mistake("Dividing by the absolute difference gives 0/0 where a prediction is exactly on target.",
            "Try a prediction that equals its target. Is there a NumPy function that gives the sign without dividing?",
            {"np.sign": "difference / np.abs"}),
    mistake("Loss and gradient are sums instead of means.",
            "For [2, 5] against [3, 1] the loss should be 2.5, not 5. What is the M in MAE?",
            {"mean": "sum", "/ difference.size": ""}),
    mistake("The gradient is not divided by the number of entries, although the loss is.",
            "The loss is a mean over n numbers; its slope in each of them carries the same 1/n.",
            {"/ difference.size": ""}),
    mistake("The mean is over the rows only: a table with D columns costs D times too much.",
            "The text says what n is for an array of shape (N, D). len() counts only the rows.",
            {"mean": "sum", "))": ")) / len(difference)", "difference.size": "len(difference)"}),
    mistake("The gradient is divided by the number of rows, although the loss is a mean over all entries.",
            "len() counts only the rows of a table. How many numbers does your loss average over?",
            {"difference.size": "len(difference)"}),
    mistake("The absolute value is taken after the mean: errors of opposite sign cancel.",
            "Being 1 too high here and 1 too low there is not perfect. Which comes first, |.| or the mean?",
            {"mean(np.abs": "abs(np.mean",
             "sign(difference": "full(difference.shape, np.sign(np.mean(difference)",
             "size": "size)"}),
    mistake("The absolute value is missing: errors of opposite sign cancel, and the loss can be negative.",
            "A loss that can be negative cannot be an average of distances. What is missing around each difference?",
            {"np.abs(difference)": "difference", "sign(difference": "ones(difference.shape"}),
    mistake("Squares are averaged instead of absolute differences.",
            "That was the exercise before. What does MAE do with each difference before it averages?",
            {"np.abs(difference)), np.sign(difference)": "difference**2), 2 * difference"}),
    mistake("Only the loss is returned; the gradient is missing.",
            "Training needs both. What does the text ask for?",
            {"mean(np.": "", "), np.sign(difference) / difference.size": ".mean()"}),
    mistake("Gradient and loss are returned the wrong way round.",
            "In which order does the text ask for them?",
            {"np.mean(np.abs(difference)),": "", "size": "size, np.abs(difference).mean()"}),
    mistake("The gradient is flattened; it should have the shape of the predictions.",
            "Which line changes the shape? A gradient has the shape of what it differentiates.",
            {"pred.astype(np.float32) - target.astype(np.float32": "(pred - target).ravel(",
             "np.float32(error.size)": "error.size"}, of=mae_in_single_precision),
    mistake("The gradient is averaged to one number; each prediction needs its own slope.",
            "A gradient has the shape of what it differentiates.",
            {"mean(np.": "", ")),": ").mean(), (", "size": "size).sum()"}),
    mistake("The predictions themselves are changed.",
            "Print pred before and after the call. Which operator writes into the array it was given?",
            by=mae_in_place),
    mistake("The mean is over the columns only: a table of N rows costs N times too much.",
            "The mean is over all numbers there are. How many are that in (N, D)?",
            {"mean(np.": "", "))": ").sum() / pred.shape[-1]", "difference.size": "pred.shape[-1]"}),
    mistake("The gradient is divided by the number of columns, although the loss is a mean over all entries.",
            "Compare with a numerical gradient of your loss. By which factor do they differ?",
            {"mean(np.": "", "))": ").mean()", "difference.size": "pred.shape[-1]"}),
    mistake("Loss and gradient are divided by n - 1 instead of n.",
            "A mean divides by how many there are.",
            by=mae_divided_by_one_less),
    mistake("The gradient is the one of squared errors.",
            "The slope of |x| is the same at 1 and at 100. Is yours?",
            {"mean(np.": "", "), np.sign(difference)": ".mean(), 2 * difference"}),
    mistake("In the loss the absolute value is missing: errors of opposite sign cancel, and the loss can be negative.",
            "What do errors of +3 and -3 cost?",
            {"np.mean(np.abs(difference)": "difference.mean("}),
    mistake("In the loss the absolute value is taken after the mean: errors of opposite sign cancel.",
            "What do errors of +3 and -3 cost? Which comes first?",
            {"mean(np.abs(difference": "abs(difference.mean("}),
    mistake("Each column has a loss of its own instead of one number for all.",
            "The mean is over all numbers there are. What does axis=0 leave?",
            {"mean(np.": "", "))": ").mean(axis=0)"}),
    mistake("The median of the differences is taken instead of their mean.",
            "Absolute error is drawn to the median, but it is a mean itself.",
            {"mean": "median"}),
    mistake("The absolute values are taken before the difference.",
            "What do a prediction of -2 and a target of 2 cost? Subtract first.",
            by=mae_of_sizes),
    mistake("The gradient holds the distances instead of the signs.",
            "The slope of |x| is the same at 1 and at 100. Is yours?",
            {"mean(np.": "", "))": ").mean()", "sign": "abs"}),
    mistake("The gradient is 0 where the prediction is too low; it should be -1/n there.",
            "Where the prediction is too low, does the loss rise or fall with it?",
            {"mean(np.": "", "), np.sign(difference": ".mean(), (difference > 0"}),
    mistake("The sign is taken of the prediction instead of the difference.",
            "What decides whether the loss rises with the prediction?",
            {"mean(np.": "", "))": ").mean()", "difference) /": "pred) /"}),
    mistake("The loss is the root of the mean square.",
            "What do errors of 1 and 7 cost? 4, not 5.",
            {"mean(np.abs(difference": "sqrt(np.mean(difference**2"}),
    mistake("This is the smooth relative (Huber), quadratic near the target.",
            "A prediction that is 0.5 off should cost 0.5.",
            {"return np.mean(": "size =",
             "))": ")\n    return np.where(size < 1, difference**2 / 2, size - 0.5).mean()",
             "sign(difference) / difference": "clip(difference, -1, 1) / size"}),
    mistake("There is a one half too many.",
            "A prediction that is 3 off should cost 3.",
            {"mean(np.": "", "))": ").mean() / 2", "size": "size / 2"}),
]
