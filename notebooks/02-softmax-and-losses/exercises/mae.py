"""mae: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close, require

from .common import MEANS, apart, both_of, check_gradient, check_loss, loss_of, mistakes_with_means

HINTS = (
    "How does the slope of a distance depend on how far off you are?",
    "Which function of NumPy tells only whether a number is above or below zero? And what does the mean do to "
    "each slope?",
    "Predictions (1, 7, 0, 9), targets (0, 4, 2, 3): distances 1, 3, 2, 6, loss 3, gradient (0.25, 0.25, "
    "-0.25, 0.25).",
)

TESTS = family("mae", MEANS, "mae")


def test_mae_loss_of_a_vector(student, rng):
    """The loss is the mean of the absolute differences."""
    check_loss(student, "mae", *apart(rng, (7,)), sizes={"N": 7})


def test_mae_loss_of_one_number(student):
    """A prediction that is 3 too low costs 3."""
    assert_close(loss_of(student.mae(np.array([-1.0]), np.array([2.0])), "mae"), 3.0, what="the loss of one number")


def test_mae_stays_finite_on_an_exact_hit(student):
    """A prediction exactly on target costs nothing, and its slope lies between -1/n and 1/n."""
    pred, target = np.array([1.0, 2.0, -3.0, 0.5]), np.array([1.0, 4.0, -3.0, 0.0])
    loss, dpred = both_of(student.mae(pred, target), "mae")
    assert_close(loss, 0.625, what="the loss with two exact hits")
    require(np.shape(dpred) == (4,), "The gradient must have the shape of the predictions.")
    slopes = np.asarray(dpred, dtype=float)
    require(np.all(np.isfinite(slopes)), "The gradient is not finite where a prediction is exactly on target.")
    require(np.all(np.abs(slopes) <= 0.25 + 1e-6), "No entry of the gradient can be larger than 1/n.")


def test_mae_gradient_of_a_vector(student, rng):
    """Each entry of the gradient is plus or minus one over the number of examples."""
    check_gradient(student, "mae", *apart(rng, (7,)), sizes={"N": 7})


@variant
def with_a_loop(pred, target):
    """One number at a time; slope +1/n on target."""
    total, dpred = 0.0, np.zeros(pred.shape)
    for position in np.ndindex(pred.shape):
        error = float(pred[position]) - float(target[position])
        total += abs(error)
        dpred[position] = (1.0 if error >= 0 else -1.0) / pred.size
    return total / pred.size, dpred


@variant
def with_where(pred, target):
    """Slope -1/n on target."""
    return np.average(np.abs(target - pred)), np.where(pred > target, 1.0, -1.0) / np.size(pred)


@variant
def in_single_precision(pred, target):
    """float32 throughout."""
    error = pred.astype(np.float32) - target.astype(np.float32)
    return np.abs(error).mean(), np.sign(error) / np.float32(error.size)


@variant
def with_comparisons(pred, target):
    """Larger minus smaller."""
    above, below = pred > target, pred < target
    loss = np.sum(np.maximum(pred, target) - np.minimum(pred, target)) / pred.size
    return loss, (above.astype(float) - below.astype(float)) / pred.size


LOSS = "np.mean(np.abs(difference))"
SIGN = "np.sign(difference)"
MISTAKES = [
    *mistakes_with_means("MAE", 5),
    mistake("The gradient holds the differences instead of their signs.",
            "The slope of |x| is +1 or -1, no matter how large x is.",
            {SIGN: "difference"}),
    mistake("The gradient is the one of squared errors.",
            "The slope of |x| is the same at 1 and at 100. Is yours?",
            {SIGN: "2 * difference"}),
    mistake("The gradient holds the distances instead of the signs.",
            "The slope of |x| is the same at 1 and at 100. Is yours?",
            {SIGN: "np.abs(difference)"}),
    mistake("The gradient is positive everywhere: the absolute value, or a plain 1/n, instead of the sign.",
            "A prediction that is too low should be raised. What is the slope of |x| for negative x?",
            {SIGN: "np.ones(pred.shape)"}),
    mistake("The gradient is 0 where the prediction is too low; it should be -1/n there.",
            "Where the prediction is too low, does the loss rise or fall with it?",
            {SIGN: "(difference > 0)"}),
    mistake("The sign is taken of the prediction instead of the difference.",
            "What decides whether the loss rises with the prediction?",
            {SIGN: "np.sign(pred)"}),
    mistake("Dividing by the absolute difference gives 0/0 where a prediction is exactly on target.",
            "Try a prediction that equals its target. Is there a NumPy function that gives the sign without dividing?",
            {SIGN: "difference / np.abs(difference)"}),
    mistake("The absolute value is taken after the mean: errors of opposite sign cancel.",
            "Being 1 too high here and 1 too low there is not perfect. Which comes first, |.| or the mean?",
            {LOSS: "np.abs(np.mean(difference))"},
            {LOSS: "np.abs(np.mean(difference))", SIGN: "np.sign(0 * pred + np.mean(difference))"}),
    mistake("The absolute value is missing: errors of opposite sign cancel, and the loss can be negative.",
            "A loss that can be negative cannot be an average of distances. What is missing around each difference?",
            {LOSS: "np.mean(difference)"},
            {LOSS: "np.mean(difference)", SIGN: "np.ones(pred.shape)"}),
    mistake("The absolute values are taken before the difference.",
            "What do a prediction of -2 and a target of 2 cost? Subtract first.",
            {"pred - target": "np.abs(pred) - np.abs(target)"}),
    mistake("Squares are averaged instead of absolute differences.",
            "That was the exercise before. What does MAE do with each difference before it averages?",
            {LOSS: "np.mean(difference**2)", SIGN: "2 * difference"}),
    mistake("The loss is the root of the mean square.",
            "What do errors of 1 and 7 cost? 4, not 5.",
            {LOSS: "np.sqrt(np.mean(difference**2))"}),
    mistake("This is the smooth relative (Huber), quadratic near the target.",
            "A prediction that is 0.5 off should cost 0.5.",
            {LOSS: "np.mean(np.where(np.abs(difference) < 1, difference**2 / 2, np.abs(difference) - 0.5))",
             SIGN: "np.clip(difference, -1, 1)"}),
    mistake("The median of the differences is taken instead of their mean.",
            "Absolute error is drawn to the median, but it is a mean itself.",
            {"np.mean": "np.median"}),
]
