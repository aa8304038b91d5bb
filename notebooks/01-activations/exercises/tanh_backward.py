"""tanh_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, family, mistake, variant
from nnlib.checks import assert_close

from .common import SMOOTH, Backward, check_backward, of_every_backward, stored_as_integers

HINTS = (
    'The slope of tanh can be written with tanh alone. What is it at z = 0, where tanh is steepest?',
    'Far out tanh is ±1 and the slope 0; in the middle tanh is 0 and the slope 1. Which simple expression of '
    'tanh(z) does both?',
    'At z = 0.5: tanh is 0.4621, its square 0.2135, the slope 0.7865. With da = 2 the gradient is 1.573.',
)


def _slope(z):
    return 1 / np.cosh(z) ** 2


TESTS = family(
    "tanh_backward", SMOOTH,
    Backward(lambda student: student.tanh_backward, "dz is da times the slope at z.", _slope),
)


@easy
def test_tanh_backward_is_one_at_zero(student):
    """At zero the gradient passes as it is."""
    check_backward(student.tanh_backward, _slope, np.array([2.0, -3.0]), np.zeros(2), what="dz at 0")


def test_tanh_backward_far_out(student):
    """A saturated unit passes nothing, on both sides."""
    z = np.array([8.0, -8.0, 1000.0, -1000.0])
    assert_close(student.tanh_backward(np.ones(4), z), np.array([4.501e-7] * 2 + [0.0] * 2), what="dz far out")


def test_tanh_backward_where_the_slope_differs_most_from_a_parabola(student):
    """Around |z| = 1 to 3 the slope is 1 - tanh²(z), never negative."""
    z = np.array([-3.0, -1.5, 1.0, 2.0])
    check_backward(student.tanh_backward, _slope, np.ones(4), z, what="the slopes")


@variant
def through_cosh(da, z):
    with np.errstate(over="ignore"):
        return da / np.cosh(z) ** 2


@variant
def as_a_product(da, z):
    a = np.tanh(z)
    return da * (1 - a) * (1 + a)


@variant
def with_power(da, z):
    return np.multiply(1 - np.power(np.tanh(z), 2), da)


@variant
def da_last(da, z):
    a = np.tanh(z)
    return da - da * a * a


def from_exponentials(da, z):
    with np.errstate(all="ignore"):
        a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return da * (1 - a**2)


DZ = "da * (1 - np.tanh(z) ** 2)"
MISTAKES = [
    mistake("z is squared instead of tanh(z).",
            "The function gets the input z. What is squared in the formula?",
            {DZ: "da * (1 - z**2)"}),
    mistake("The slope is taken to be 1 - tanh(z), without the square.",
            "What should the slope be at z = -2, where the curve is nearly flat?",
            {DZ: "da * (1 - np.tanh(z))"}),
    mistake("The slope is taken to be (1 - tanh(z))².",
            "Which is squared: the output, or the difference?",
            {DZ: "da * (1 - np.tanh(z)) ** 2"}),
    mistake("tanh is taken of z²; the square belongs around tanh.",
            "Read tanh²(z) aloud: what comes first, and what is squared?",
            {DZ: "da * (1 - np.tanh(z**2))"}),
    mistake("This is the slope of the sigmoid with tanh's output, a(1 - a).",
            "What should the slope be at z = 0, where tanh is steepest? What does a(1 - a) give there?",
            {DZ: "da * np.tanh(z) * (1 - np.tanh(z))"}),
    mistake("The square is added instead of subtracted.",
            "Can tanh be steeper far out than at zero?",
            {DZ: "da * (1 + np.tanh(z) ** 2)"}),
    mistake("The slope is taken at da instead of at z.",
            "Which of the two arguments went into tanh?",
            {DZ: "da * (1 - np.tanh(da) ** 2)"}),
    mistake("The gradient is multiplied by tanh(z) instead of by its slope.",
            "What passes back is da times the derivative, not the value.",
            {DZ: "da * np.tanh(z)"}),
    mistake("Brackets are missing: da multiplies only the 1.",
            "Multiplication comes before subtraction. What must be computed first?",
            {DZ: "da * 1 - np.tanh(z) ** 2"}),
    mistake("tanh is taken twice.",
            "z is what went into tanh. How often must tanh be applied to get the output?",
            {DZ: "da * (1 - np.tanh(np.tanh(z)) ** 2)"}),
    mistake("The slope is taken to be 1/cosh(z), without the square.",
            "1 - tanh²(1) is 0.4200. What does 1/cosh(1) give?",
            {"np.cosh(z) ** 2": "np.cosh(z)"}, of=through_cosh),
    mistake("exp(z) overflows for large z, and infinity over infinity is nan.",
            "NumPy has a tanh that is finite everywhere.",
            by=from_exponentials),
    mistake("The slope is half of what it should be: 2σ'(2z), where the inner 2 counts once more.",
            "tanh(z) = 2σ(2z) - 1. What does the chain rule make of the 2 inside?",
            {DZ: "da * (1 - np.tanh(z) ** 2) / 2"}),
    mistake("The sigmoid's slope is taken at z instead of at 2z.",
            "tanh(z) = 2σ(2z) - 1. What goes into σ there, and into its slope?",
            *({DZ: f"{factor} * da * sigmoid(z) * (1 - sigmoid(z))"} for factor in (4, 2))),
    mistake("da stands inside the square.",
            "Try twice the da: does your dz double?",
            {DZ: "1 - (da * np.tanh(z)) ** 2"}),
    stored_as_integers(DZ),
    *of_every_backward(DZ, "1 - np.tanh({z}) ** 2"),
]
