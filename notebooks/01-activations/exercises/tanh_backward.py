"""tanh_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _check_backward, _leaves_da_and_z_alone


def test_tanh_backward_of_arrays_of_any_shape(student, rng):
    """dz is da times the slope at z."""
    for shape in SHAPES:
        z, da = rng.normal(size=shape), rng.normal(size=shape)
        _check_backward(student.tanh_backward, da / np.cosh(z) ** 2, da, z)


@easy
def test_tanh_backward_is_one_at_zero(student):
    """At zero the gradient passes as it is."""
    assert_close(student.tanh_backward(np.array([2.0, -3.0]), np.zeros(2)), np.array([2.0, -3.0]), what="dz at 0")


def test_tanh_backward_far_out(student):
    """A saturated unit passes nothing, on both sides."""
    z = np.array([8.0, -8.0, 1000.0, -1000.0])
    assert_close(student.tanh_backward(np.ones(4), z), np.array([4.501e-7] * 2 + [0.0] * 2), what="dz far out")


def test_tanh_backward_where_the_slope_differs_most_from_a_parabola(student):
    """Around |z| = 1 to 3 the slope is 1 - tanh²(z), never negative."""
    z = np.array([-3.0, -1.5, 1.0, 2.0])
    assert_close(student.tanh_backward(np.ones(4), z.copy()), 1 / np.cosh(z) ** 2, what="the slopes")


def test_tanh_backward_scales_with_da(student, rng):
    """Twice the incoming gradient gives twice the gradient."""
    z, da = rng.normal(size=5), rng.normal(size=5)
    assert_close(student.tanh_backward(-20 * da, z.copy()), -20 * da / np.cosh(z) ** 2, what="dz")


def test_tanh_backward_of_integers(student):
    """Where z holds integers the gradient is still a fraction."""
    da, z = np.array([2.0, -3.0, 0.5]), np.array([-2, 0, 1])
    assert_close(student.tanh_backward(da.copy(), z.copy()), da / np.cosh(z) ** 2, what="dz for integer z")


def test_tanh_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.tanh_backward, da / np.cosh(z) ** 2, da, z)


@variant
def through_tanh_cosh(da, z):
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


def tanh_from_exponentials(da, z):
    with np.errstate(all="ignore"):
        a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return da * (1 - a**2)


def inner_factor_missing(da, z):
    a = np.exp(-np.logaddexp(0, -2 * z))
    return 2 * da * a * (1 - a)


MISTAKES = [
    mistake("z is squared instead of tanh(z).",
            "Differentiate with respect to what you received: the function gets the input z. What is squared in the formula?",
            {"np.tanh(z)": "z"}),
    mistake("The slope is taken to be 1 - tanh(z), without the square.",
            "What should the slope be at z = -2, where the curve is nearly flat?",
            {"** 2": ""}),
    mistake("The slope is taken to be (1 - tanh(z))².",
            "Which is squared: the output, or the difference?",
            {"** 2)": ") ** 2"}),
    mistake("tanh is taken of z²; the square belongs around tanh.",
            "Read tanh²(z) aloud: what comes first, and what is squared?",
            {") ** 2)": "**2))"}),
    mistake("The incoming gradient da is not used.",
            "The chain rule multiplies. By what?",
            {"da * (": "", "2)": "2"}),
    mistake("This is the slope of the sigmoid with tanh's output, a(1 - a).",
            "What should the slope be at z = 0, where tanh is steepest? What does a(1 - a) give there?",
            {"- da * a * a": "* a * (1 - a)"}, of=da_last),
    mistake("The square is added instead of subtracted.",
            "Can tanh be steeper far out than at zero?",
            {"-": "+"}),
    mistake("The slope is taken at da instead of at z.",
            "Which of the two arguments went into tanh?",
            {"z) **": "da) **"}),
    mistake("The gradient is multiplied by tanh(z) instead of by its slope.",
            "What passes back is da times the derivative, not the value.",
            {"(1 -": "", "** 2)": ""}),
    mistake("da and z have changed places.",
            "Compare the order of your parameters with the notebook's signature.",
            {"return da": "return z", "z) **": "da) **"}),
    mistake("Brackets are missing: da multiplies only the 1.",
            "Multiplication comes before subtraction. What must be computed first?",
            {"(1": "1", "2)": "2"}),
    mistake("The sign is flipped.",
            "tanh rises everywhere. Which sign has its slope?",
            {"1 -": "", "2": "2 - 1"}),
    mistake("tanh is taken twice.",
            "z is what went into tanh. How often must tanh be applied to get the output?",
            {"z) **": "np.tanh(z)) **"}),
    mistake("da itself is changed.",
            "The caller may still need da. Which operator builds a new array instead?",
            {"return da * (": "da *=", "2)": "2\n    return da"}),
    mistake("The slope is taken to be 1/cosh(z), without the square.",
            "1 - tanh²(1) is 0.4200. What does 1/cosh(1) give?",
            {"over": "all", "** 2": ""}, of=through_tanh_cosh),
    mistake("exp(z) overflows for large z, and infinity over infinity is nan.",
            "NumPy has a tanh that is finite everywhere.",
            by=tanh_from_exponentials),
    mistake("The slope is half of what it should be: 2σ'(2z), where the inner 2 counts once more.",
            "tanh(z) = 2σ(2z) - 1. What does the chain rule make of the 2 inside?",
            by=inner_factor_missing),
    mistake("The gradient is divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            {"2)": "2) / len(z)"}),
    mistake("da stands inside the square.",
            "Try twice the da: does your dz double?",
            {"da * (1 -": "1 - (da *", "** 2)": ") ** 2"}),
    mistake("@ is the matrix product; a gradient passes an activation entry by entry.",
            "Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
            {"* (": "@ ("}),
    mistake("The result is stored in an array of z's dtype, so that integers cut it to 0.",
            "What dtype has np.zeros_like of an integer array?",
            {"return": "dz = np.zeros_like(z)\n    dz[...] =", "2)": "2)\n    return dz"}),
]
