"""sigmoid_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _check_backward, _leaves_da_and_z_alone, _logistic


def test_sigmoid_backward_of_arrays_of_any_shape(student, rng):
    """dz is da times the slope at z."""
    for shape in SHAPES:
        z, da = 2 * rng.normal(size=shape), rng.normal(size=shape)
        _check_backward(student.sigmoid_backward, da * _logistic(z) * _logistic(-z), da, z)


def test_sigmoid_backward_is_a_quarter_at_zero(student):
    """The steepest slope is 0.25, at zero."""
    da = np.array([1.0, -2.5, 0.7])
    assert_close(student.sigmoid_backward(da.copy(), np.zeros(3)), da / 4, what="dz at 0")


def test_sigmoid_backward_far_out(student):
    """A saturated unit passes next to nothing, on both sides, and never nan."""
    z = np.array([12.0, -12.0, 30.0, -30.0, 1000.0, -1000.0])
    da = np.array([2.0, -3.0, 1.0, 1.0, 5.0, 5.0])
    assert_close(student.sigmoid_backward(da.copy(), z.copy()), da * _logistic(z) * _logistic(-z), what="dz far out")


def test_sigmoid_backward_scales_with_da(student, rng):
    """Twice the incoming gradient gives twice the gradient, and a negative one a negative one."""
    z, da = rng.normal(size=5), rng.normal(size=5)
    got = student.sigmoid_backward(-20 * da, z.copy())
    assert_close(got, -20 * da * _logistic(z) * _logistic(-z), what="dz")


def test_sigmoid_backward_is_even(student):
    """The slope is the same on both sides of zero."""
    z = np.array([-0.5, 0.5, -3.0, 3.0])
    assert_close(student.sigmoid_backward(np.ones(4), z.copy()), _logistic(z) * _logistic(-z), what="the slopes")


def test_sigmoid_backward_of_integers(student):
    """Where z holds integers the gradient is still a fraction."""
    da, z = np.array([2.0, -3.0, 0.5]), np.array([-2, 0, 1])
    assert_close(student.sigmoid_backward(da.copy(), z.copy()), da * _logistic(z) * _logistic(-z), what="dz for integer z")


def test_sigmoid_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.sigmoid_backward, da * _logistic(z) * _logistic(-z), da, z)


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


def takes_z_for_the_output(da, z):
    return da * z * (1 - z)


def only_the_output(da, z):
    return da * np.exp(-np.logaddexp(0, -z))


def only_one_minus_the_output(da, z):
    return da * (1 - np.exp(-np.logaddexp(0, -z)))


def nan_on_the_left(da, z):
    with np.errstate(all="ignore"):
        return da * np.exp(-z) / (1 + np.exp(-z)) ** 2


def a_quarter_everywhere(da, z):
    return 0.25 * da


MISTAKES = [
    mistake("z is treated as the sigmoid's output: z(1 - z).",
            "The function receives z, the input. What is a in a(1 - a)?",
            by=takes_z_for_the_output),
    mistake("The incoming gradient da is not used.",
            "The chain rule multiplies. By what?",
            {"da * (a - a**2": "a * (1 - a"}, of=with_the_square),
    mistake("The slope is taken to be a instead of a(1 - a).",
            "What should the slope be for a large positive z, where the curve is flat?",
            by=only_the_output),
    mistake("The slope is taken to be 1 - a instead of a(1 - a).",
            "What should the slope be for a large negative z, where the curve is flat?",
            by=only_one_minus_the_output),
    mistake("This is the slope of tanh, 1 - a², with the sigmoid's output.",
            "What should the slope be at z = 0? What does 1 - a² give there?",
            {"(a": "(1"}, of=with_the_square),
    mistake("exp(-z) overflows for large negative z, and infinity over infinity is nan.",
            "The slope can be had from the sigmoid's output alone. Which formula does not need exp at all?",
            by=nan_on_the_left),
    mistake("The second factor is σ(1 - z) instead of 1 - σ(z).",
            "From what is the 1 subtracted: from z or from the output?",
            {"-z": "1 - z"}, of=from_both_sides),
    mistake("The sign is flipped.",
            "The sigmoid rises everywhere. Which sign has its slope?",
            {"(a - a**2": "a * (a - 1"}, of=with_the_square),
    mistake("The slope is taken at da instead of at z.",
            "Which of the two arguments went into the sigmoid?",
            {"sigmoid(z": "np.exp(-np.logaddexp(0, -da)"}),
    mistake("da and z have changed places.",
            "Compare the order of your parameters with the notebook's signature.",
            {"-z": "-da", "da * (a - a**2": "z * a * (1 - a"}, of=with_the_square),
    mistake("The sigmoid is taken twice.",
            "z is what went into the sigmoid. How often must σ be applied to get a?",
            {"sigmoid(z": "1 / (1 + np.exp(-np.exp(-np.logaddexp(0, -z)))"}),
    mistake("The second factor is 1 + a instead of 1 - a.",
            "What should the slope be for a large positive z, where the curve is flat?",
            {"(a - a**2": "a * (1 + a"}, of=with_the_square),
    mistake("da itself is changed.",
            "The caller may still need da. Which operator builds a new array instead?",
            {"return da * (a - a**2)": "da *= a * (1 - a)\n    return da"}, of=with_the_square),
    mistake("z itself is changed.",
            "Print z before and after the call. Give the sigmoid's value a name of its own.",
            {"a =": "z[...] =", "(a - a**2": "z * (1 - z"}, of=with_the_square),
    mistake("The gradient is divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            {"(a - a**2)": "a * (1 - a) / len(z)"}, of=with_the_square),
    mistake("The slope is taken to be 0.25 everywhere, which is right at zero only.",
            "What should the slope be at z = 10?",
            by=a_quarter_everywhere),
    mistake("The slope is added to da; the chain rule multiplies.",
            "Try da = 0: how much gradient can go on then?",
            {"* (a - a**2": "+ a * (1 - a"}, of=with_the_square),
    mistake("@ is the matrix product; a gradient passes an activation entry by entry.",
            "Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
            {"* (a - a**2)": "@ (a * (1 - a))"}, of=with_the_square),
    mistake("The result is stored in an array of z's dtype, so that integers cut it to 0.",
            "What dtype has np.zeros_like of an integer array?",
            {"a = sigmoid": "dz = np.zeros_like",
             "return": "a = np.exp(-np.logaddexp(0, -z))\n    dz[...] =",
             "a)": "a)\n    return dz"}),
]
