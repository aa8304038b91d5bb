"""elu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _away_from_zero, _check_backward, _leaves_da_and_z_alone


def _elu_slope(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def test_elu_backward_of_arrays_of_any_shape(student, rng):
    """dz is da times 1 on the positive side and exp(z) on the negative side."""
    for shape in SHAPES:
        z, da = _away_from_zero(rng, shape), rng.normal(size=shape)
        _check_backward(student.elu_backward, da * _elu_slope(z), da, z)


def test_elu_backward_takes_the_alpha_it_is_given(student, rng):
    """On the negative side the slope is alpha times exp(z)."""
    z, da = _away_from_zero(rng, (3, 4)), rng.normal(size=(3, 4))
    for alpha in (0.2, 1.7, 3.0):
        assert_close(student.elu_backward(da.copy(), z.copy(), alpha), da * _elu_slope(z, alpha), what=f"dz with alpha = {alpha}")


def test_elu_backward_far_out(student):
    """Far out the slope is 1 on the right and 0 on the left, never nan."""
    got = student.elu_backward(np.array([2.0, 2.0, -3.0, -3.0]), np.array([1000.0, -1000.0, 800.0, -40.0]))
    assert_close(got, np.array([2.0, 0.0, -3.0, 0.0]), what="dz far out")


def test_elu_backward_at_zero(student):
    """At z = 0 the slope of the left side, alpha, counts, as the text says."""
    got = student.elu_backward(np.array([3.0, -4.0]), np.zeros(2), 0.5)
    assert_close(got, np.array([1.5, -2.0]), what="dz at z = 0")


def test_elu_backward_passes_negative_gradients(student):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -0.5, 5.0, -0.5])
    assert_close(student.elu_backward(da.copy(), z.copy()), da * _elu_slope(z), what="dz")


def test_elu_backward_of_integers(student):
    """Where z holds integers the gradient is still a fraction."""
    da, z = np.array([0.5, -3.0, 1.5, 0.75]), np.array([-2, -1, 1, 3])
    assert_close(student.elu_backward(da.copy(), z.copy()), da * _elu_slope(z), what="dz for integer z")


def test_elu_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.elu_backward, da * _elu_slope(z), da, z)


@variant
def output_plus_alpha(da, z, alpha=1.0):
    a = np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
    return da * np.where(z > 0, 1, a + alpha)


@variant
def elu_slopes_first(da, z, alpha=1.0):
    slopes = np.ones(z.shape)
    slopes[z <= 0] = alpha * np.exp(z[z <= 0])
    return da * slopes


@variant
def elu_overflow_unused(da, z, alpha=1.0):
    with np.errstate(over="ignore"):
        return da * np.where(z > 0, 1.0, alpha * np.exp(z))


def slope_is_the_value(da, z, alpha=1.0):
    return np.where(z > 0, da, da * alpha * (np.exp(np.minimum(z, 0)) - 1))


def output_plus_one(da, z, alpha=1.0):
    return np.where(z > 0, da, da * (alpha * (np.exp(np.minimum(z, 0)) - 1) + 1))


def elu_infinity_times_zero(da, z, alpha=1.0):
    with np.errstate(all="ignore"):
        return da * ((z > 0) + (z <= 0) * alpha * np.exp(z))


def elu_blocks_the_negative_side(da, z, alpha=1.0):
    return da * (z > 0)


def elu_writes_into_da(da, z, alpha=1.0):
    left = z <= 0
    da[left] *= alpha * np.exp(z[left])
    return da


def output_with_the_default_alpha(da, z, alpha=1.0):
    return np.where(z > 0, da, da * (np.exp(np.minimum(z, 0)) - 1 + alpha))


MISTAKES = [
    mistake("The negative side is multiplied by ELU's value, alpha(exp(z) - 1), instead of its slope.",
            "Differentiate alpha(exp(z) - 1). What becomes of the - 1?",
            by=slope_is_the_value),
    mistake("The slope of the negative side lacks alpha.",
            "Differentiate alpha(exp(z) - 1) with alpha = 3.",
            {"* alpha": ""}),
    mistake("The slope is taken to be the output plus 1; it is the output plus alpha.",
            "exp(z) = output/alpha + 1. What is alpha times that?",
            by=output_plus_one),
    mistake("The slope of the negative side is taken to be alpha everywhere; that is PReLU.",
            "Far out on the left the curve is flat. Is your slope?",
            {"da * alpha * np.exp(np.minimum(z, 0)))": "alpha * da)"}),
    mistake("The incoming gradient da is not used.",
            "The chain rule multiplies. By what?",
            {"da, da *": "1.0,"}),
    mistake("exp(z) overflows for large positive z, and infinity times the 0 of a mask is nan.",
            "Both sides are computed before one is chosen. What can you put into exp instead of z?",
            by=elu_infinity_times_zero),
    mistake("The negative side passes nothing: this is ReLU's gradient.",
            "Is ELU flat at z = -1?",
            by=elu_blocks_the_negative_side),
    mistake("The sign of da decides instead of the sign of z.",
            "Which side was used in the forward pass? Only z knows.",
            {"(z >": "(da >"}),
    mistake("The exponent has the wrong sign, so that the slope grows to the left.",
            "What should the slope be at z = -5?",
            {"z, 0": "-z, 700"}),
    mistake("The slope is taken to be z + alpha; it is the output plus alpha.",
            "alpha·exp(z) can be had from the output, not from z. How?",
            {"alpha * np.exp(np.minimum(z, 0)))": "(z + alpha))"}),
    mistake("At z = 0 the slope of the right side is taken; the text takes the one of the left side, alpha.",
            "On which side of your comparison is zero?",
            {"(z >": "(z >="}),
    mistake("da itself is changed.",
            "The caller may still need da. Work on a copy or build a new array.",
            by=elu_writes_into_da),
    mistake("alpha stands in the exponent instead of in front.",
            "Differentiate alpha(exp(z) - 1). Where does alpha stay?",
            {"* alpha *": "*", "(np": "(alpha * np"}),
    mistake("The positive side is scaled by alpha as well.",
            "What is the slope of z, whatever alpha is?",
            {"return": "return alpha *", "* alpha": ""}),
    mistake("elu is called without alpha, so that it uses its default.",
            "Which arguments does your call of elu pass on?",
            by=output_with_the_default_alpha),
    mistake("Where z is negative the slope itself is returned, without da.",
            "Try da = 0: how much gradient can go on then?",
            {"da *": ""}),
    mistake("da and z have changed places.",
            "Compare the order of your parameters with the notebook's signature.",
            {"z > 0, da, da": "da > 0, z, z", "(z,": "(da,"}),
    mistake("The positive side is multiplied by z.",
            "What is the slope of z at z = 100?",
            {", da,": ", da * z,"}),
    mistake("The slopes are stored in an array of z's dtype, so that integers cut them to 0.",
            "What dtype has np.ones_like of an integer array?",
            {"ones(z.shape": "ones_like(z"}, of=elu_slopes_first),
]
