"""sigmoid_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant

from .common import SMOOTH, Backward, check_backward, logistic_slope, of_every_backward, stored_as_integers

HINTS = (
    'The slope of the sigmoid can be written with the sigmoid alone. How?',
    'da arrives at the output. By what is it multiplied on its way to the input, entry by entry? z is the '
    'input, not the output.',
    'At z = 3 the sigmoid is 0.9526 and the slope 0.9526·0.0474 = 0.0452. With da = 10 the gradient is 0.452.',
)

TESTS = family(
    "sigmoid_backward", SMOOTH,
    Backward(lambda student: student.sigmoid_backward, "dz is da times the slope at z.", logistic_slope),
)


def test_sigmoid_backward_is_a_quarter_at_zero(student):
    """The steepest slope is 0.25, at zero."""
    check_backward(student.sigmoid_backward, logistic_slope, np.array([1.0, -2.5, 0.7]), np.zeros(3), what="dz at 0")


def test_sigmoid_backward_far_out(student):
    """A saturated unit passes next to nothing, on both sides, and never nan."""
    da, z = np.array([2.0, -3.0, 1.0, 1.0, 5.0, 5.0]), np.array([12.0, -12.0, 30.0, -30.0, 1000.0, -1000.0])
    check_backward(student.sigmoid_backward, logistic_slope, da, z, what="dz far out")


def test_sigmoid_backward_is_even(student):
    """The slope is the same on both sides of zero."""
    z = np.array([-0.5, 0.5, -3.0, 3.0])
    check_backward(student.sigmoid_backward, logistic_slope, np.ones(4), z, what="the slopes")


@variant
def from_both_sides(da, z):
    def s(t):
        return np.exp(-np.logaddexp(0, -t))

    return da * s(z) * s(-z)


@variant
def with_the_square(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da * (a - a**2)


@variant
def through_cosh(da, z):
    with np.errstate(over="ignore"):
        return da / (4 * np.cosh(np.asarray(z) / 2) ** 2)


@variant
def with_absolute_values(da, z):
    e = np.exp(-np.abs(z))
    return np.multiply(da, e / (1 + e) ** 2)


def nan_on_the_left(da, z):
    with np.errstate(all="ignore"):
        return da * np.exp(-z) / (1 + np.exp(-z)) ** 2


DZ = "da * a * (1 - a)"
FLAT_RIGHT = "What should the slope be for a large positive z, where the curve is flat?"
MISTAKES = [
    mistake("z is treated as the sigmoid's output: z(1 - z).",
            "The function receives z, the input. What is a in a(1 - a)?",
            {DZ: "da * z * (1 - z)"}),
    mistake("The slope is taken to be a instead of a(1 - a).", FLAT_RIGHT,
            {DZ: "da * a"}),
    mistake("The slope is taken to be 1 - a instead of a(1 - a).",
            "What should the slope be for a large negative z, where the curve is flat?",
            {DZ: "da * (1 - a)"}),
    mistake("The second factor is 1 + a instead of 1 - a.", FLAT_RIGHT,
            {DZ: "da * a * (1 + a)"}),
    mistake("This is the slope of tanh, 1 - a², with the sigmoid's output.",
            "What should the slope be at z = 0? What does 1 - a² give there?",
            {DZ: "da * (1 - a**2)"}),
    mistake("exp(-z) overflows for large negative z, and infinity over infinity is nan.",
            "The slope can be had from the sigmoid's output alone. Which formula does not need exp at all?",
            by=nan_on_the_left),
    mistake("The second factor is σ(1 - z) instead of 1 - σ(z).",
            "From what is the 1 subtracted: from z or from the output?",
            {DZ: "da * a * sigmoid(1 - z)"}),
    mistake("The slope is taken at da instead of at z.",
            "Which of the two arguments went into the sigmoid?",
            {"sigmoid(z)": "sigmoid(da)"}),
    mistake("The sigmoid is taken twice.",
            "z is what went into the sigmoid. How often must σ be applied to get a?",
            {"sigmoid(z)": "sigmoid(sigmoid(z))"}),
    mistake("The slope is taken to be 0.25 everywhere, which is right at zero only.",
            "What should the slope be at z = 10?",
            {DZ: "da * 0.25"}),
    mistake("The slope is added to da; the chain rule multiplies.",
            "Try da = 0: how much gradient can go on then?",
            {DZ: "da + a * (1 - a)"}),
    stored_as_integers(DZ),
    *of_every_backward(DZ, "sigmoid({z}) * (1 - sigmoid({z}))",
                       {"a = sigmoid(z)": "z[...] = sigmoid(z)", DZ: "da * z * (1 - z)"}),
]
