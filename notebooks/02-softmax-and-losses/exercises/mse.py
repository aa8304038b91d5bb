"""mse: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close, require

from .common import MEANS, apart, check_gradient, check_loss, gradient_of, loss_of, mistakes_with_means

HINTS = (
    "Over how many numbers is the mean, for an array of 4 rows and 3 columns?",
    "What is the slope of a square? And what does a mean do to the slope of each of its terms?",
    "Predictions (1, 7, 0, 0), targets (0, 4, 0, 0): squares 1, 9, 0, 0, loss 2.5, gradient (0.5, 1.5, 0, 0). "
    "Would yours have the shape (2, 2) for a table?",
)

TESTS = family("mse", MEANS, "mse")


def test_mse_loss_of_a_vector(student, rng):
    """The loss is the mean of the squared differences."""
    check_loss(student, "mse", *apart(rng, (7,)), sizes={"N": 7})


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
    check_gradient(student, "mse", *apart(rng, (7,)), sizes={"N": 7})


@variant
def with_a_loop(pred, target):
    """One number at a time."""
    total, dpred = 0.0, np.zeros(pred.shape)
    for position in np.ndindex(pred.shape):
        error = float(pred[position]) - float(target[position])
        total += error * error
        dpred[position] = 2 * error / pred.size
    return total / pred.size, dpred


@variant
def with_a_dot_product(pred, target):
    """The squared length of the flattened difference."""
    error = (pred - target).ravel()
    return error @ error / len(error), (error * (2 / len(error))).reshape(pred.shape)


@variant
def in_single_precision(pred, target):
    """float32 throughout."""
    error = pred.astype(np.float32) - target.astype(np.float32)
    return np.square(error).mean(), error * np.float32(2 / error.size)


@variant
def with_a_norm(pred, target):
    """Through the Frobenius norm; the result is a 0-d array."""
    error = np.subtract(target, pred)
    return np.asarray(np.linalg.norm(error) ** 2 / error.size), -2.0 / error.size * error


LOSS = "np.mean(difference**2)"
GRADIENT = "2 * difference / difference.size"
OFF_BY_THREE = "A prediction that is 3 off should cost 9."
MISTAKES = [
    *mistakes_with_means("MSE", 17),
    mistake("There is a one half in front of the squares.",
            "A prediction that is 3 off should cost 9. Some books halve the loss; the text above the exercise does not.",
            {LOSS: f"{LOSS} / 2", GRADIENT: "difference / difference.size"}),
    mistake("There is a one half in front of the squares, but not in the gradient.",
            f"{OFF_BY_THREE} Compare with a numerical gradient of your loss.",
            {LOSS: f"{LOSS} / 2"}),
    mistake("The factor 2 is missing in the gradient.",
            "What is the derivative of x squared? Compare with a numerical gradient of your loss.",
            {"2 * difference /": "difference /"}),
    mistake("A square root is taken: this is the root mean squared error.",
            "For [2, 5] against [3, 1] the loss should be 8.5. The formula has no root.",
            {LOSS: f"np.sqrt({LOSS})", "2 * difference /": f"difference / np.maximum(np.sqrt({LOSS}), 1e-300) /"}),
    mistake("The root of the loss is taken, although the gradient is that of the mean square.",
            OFF_BY_THREE,
            {LOSS: f"np.sqrt({LOSS})"}),
    mistake("The length of the vector of differences is divided by n, without being squared.",
            f"{OFF_BY_THREE} What does a norm give?",
            {LOSS: "np.linalg.norm(difference) / difference.size"}),
    mistake("The mean is squared instead of the differences: errors of opposite sign cancel.",
            "Being 1 too high here and 1 too low there is not perfect. Which comes first, the square or the mean?",
            {LOSS: "np.mean(difference) ** 2"},
            {LOSS: "np.mean(difference) ** 2", "2 * difference /": "0 * pred + 2 * np.mean(difference) /"}),
    mistake("Absolute differences are averaged instead of squares.",
            "That is the next exercise. What does MSE do with each difference before it averages?",
            {LOSS: "np.mean(np.abs(difference))", "2 * difference /": "np.sign(difference) /"},
            {LOSS: "np.mean(np.abs(difference))"}),
    mistake("@ is used on the differences, which is a sum of squares only for one axis.",
            "Try a (3, 2) table. Which operation squares entry by entry whatever the shape?",
            {LOSS: "difference @ difference / len(difference)", "/ difference.size": "/ len(difference)"}),
    mistake("The squares are subtracted instead of the difference squared.",
            "What do a prediction of -2 and a target of 2 cost? Subtract first, then square.",
            {LOSS: "np.mean(pred**2 - target**2)"}),
    mistake("The variance of the differences is taken, which leaves out their mean.",
            "What do predictions cost that are all 3 too high? np.var gives 0.",
            {LOSS: "np.var(difference)"}),
    mistake("The gradient has lost its sign: it points up even where the prediction is too low.",
            "Where the prediction is too low, should it rise or fall?",
            {"2 * difference": "2 * np.abs(difference)"}),
    mistake("The gradient holds the squares; differentiating lowers the power by one.",
            "What is the derivative of x squared?",
            {"2 * difference": "2 * difference**2"}),
    mistake("The gradient is 2·pred/n: the target is left out.",
            "What is the derivative of (ŷ - t)²? The inside stays.",
            {"2 * difference": "2 * pred"}),
]
