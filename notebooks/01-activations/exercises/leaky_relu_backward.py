"""leaky_relu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _away_from_zero, _check_backward, _leaves_da_and_z_alone


def test_leaky_relu_backward_of_arrays_of_any_shape(student, rng):
    """The gradient passes where z is positive and is scaled by 0.01 elsewhere."""
    for shape in SHAPES:
        z, da = _away_from_zero(rng, shape), rng.normal(size=shape)
        _check_backward(student.leaky_relu_backward, np.where(z > 0, da, 0.01 * da), da, z)


def test_leaky_relu_backward_takes_the_slope_it_is_given(student, rng):
    """The slope of the negative side is the argument."""
    z, da = _away_from_zero(rng, (3, 4)), rng.normal(size=(3, 4))
    for slope in (0.0, 0.2, 0.9):
        got = student.leaky_relu_backward(da.copy(), z.copy(), slope)
        assert_close(got, np.where(z > 0, da, slope * da), what=f"dz with slope {slope}")


def test_leaky_relu_backward_passes_negative_gradients(student):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -5.0, 5.0, -5.0])
    got = student.leaky_relu_backward(da, z, 0.5)
    assert_close(got, np.array([-1.0, -1.0, 3.0, 2.0]), what="dz")


def test_leaky_relu_backward_at_zero(student):
    """At z = 0 the slope of the left side counts, as the text says."""
    got = student.leaky_relu_backward(np.array([3.0, -4.0]), np.zeros(2), 0.5)
    assert_close(got, np.array([1.5, -2.0]), what="dz at z = 0")


def test_leaky_relu_backward_does_not_depend_on_the_size_of_z(student):
    """The gradient is scaled by the slope, not by z."""
    da, z = np.full(4, 2.0), np.array([-0.1, -50.0, 0.1, 50.0])
    got = student.leaky_relu_backward(da, z, 0.1)
    assert_close(got, np.array([0.2, 0.2, 2.0, 2.0]), what="dz")


def test_leaky_relu_backward_of_integers(student):
    """Where z holds integers the gradient keeps its fractions."""
    da, z = np.array([0.5, -3.0, 1.5, 0.75]), np.array([-2, -1, 1, 3])
    got = student.leaky_relu_backward(da, z, 0.1)
    assert_close(got, np.array([0.05, -0.3, 1.5, 0.75]), what="dz for integer z")


def test_leaky_relu_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.leaky_relu_backward, np.where(z > 0, da, 0.01 * da), da, z)


@variant
def leaky_by_masks(da, z, slope=0.01):
    return da * (z > 0) + slope * da * (z <= 0)


@variant
def slopes_first(da, z, slope=0.01):
    slopes = np.ones(z.shape)
    slopes[z <= 0] = slope
    return slopes * da


@variant
def leaky_copy(da, z, slope=0.01):
    dz = np.array(da, dtype=float)
    dz[z <= 0] = dz[z <= 0] * slope
    return dz


def leaky_writes_into_da(da, z, slope=0.01):
    da[z <= 0] *= slope
    return da


def backward_default_of_a_tenth(da, z, slope=0.1):
    return np.where(z > 0, da, slope * da)


def slopes_written_into_z(da, z, slope=0.01):
    right = z > 0
    z[right] = 1
    z[~right] = slope
    return da * z


MISTAKES = [
    mistake("The negative side passes nothing: this is ReLU's gradient.",
            "What is the slope of s·z?",
            {"np.where": "da *", ", da, slope * da": ""}),
    mistake("The slope is applied where z is positive.",
            "Which side of zero passes the gradient unchanged?",
            {"da, slope * da": "slope * da, da"}),
    mistake("The incoming gradient da is not used.",
            "The chain rule multiplies. By what?",
            {"da, slope *": "1.0, slope) * np.ones_like("}),
    mistake("The negative side is multiplied by s·z, the value, instead of by s, the slope.",
            "What is the derivative of s·z with respect to z?",
            {"da)": "z * da)"}),
    mistake("The sign of da decides instead of the sign of z.",
            "Which side was used in the forward pass? Only z knows.",
            {"(z": "(da"}),
    mistake("The slope that was passed in is not used.",
            "Call your function with slope 0.5. Does it make a difference?",
            {"da, slope": "da, 0.01"}),
    mistake("Where z is negative the slope itself is returned, without da.",
            "Try da = 0: how much gradient can go on then?",
            {"* da)": ")"}),
    mistake("At z = 0 the whole gradient passes; the text takes the slope of the left side there.",
            "On which side of your comparison is zero?",
            {"(z >": "(z >="}),
    mistake("da itself is changed.",
            "The caller may still need da. Work on a copy or build a new array.",
            by=leaky_writes_into_da),
    mistake("At z = 0 nothing passes; the text takes the slope of the left side there, which is s.",
            "Do your two conditions leave out a case?",
            {"<=": "<"}, of=leaky_by_masks),
    mistake("Where z is negative s·z comes out, the value, and da is not used.",
            "The chain rule multiplies da by the slope. What is the slope there?",
            {"da)": "z)"}),
    mistake("The default slope is 0.1 instead of 0.01.",
            "Look at the signature in the notebook.",
            by=backward_default_of_a_tenth),
    mistake("The gradient is multiplied by leaky ReLU's value instead of by its slope.",
            "What is the slope at z = 100? It does not depend on how large z is.",
            {"np": "da * np", "da, slope * da": "z, slope * z"}),
    mistake("The negative side is multiplied by 1 - s instead of by s.",
            "With s = 0.01, should much or little of the gradient pass on the left?",
            {"da, slope": "da, (1 - slope)"}),
    mistake("The slope is added on the positive side as well: 1 + s instead of 1.",
            "What is the slope of leaky ReLU at z = 2, exactly?",
            {"* (z <= 0)": ""}, of=leaky_by_masks),
    mistake("The sign of the leak is flipped.",
            "Leaky ReLU rises everywhere. Which sign has its slope on the left?",
            {", da,": ", da, -"}),
    mistake("da and z have changed places.",
            "Compare the order of your parameters with the notebook's signature.",
            {"z > 0, da, slope * da": "da > 0, z, slope * z"}),
    mistake("z itself is changed.",
            "Print z before and after the call. Build the slopes as a new array.",
            by=slopes_written_into_z),
    mistake("The slopes are stored in an array of z's dtype, so that integers cut them to 0.",
            "What dtype has np.ones_like of an integer array?",
            {"ones(z.shape": "ones_like(z", "slopes * da": "da * slopes"}, of=slopes_first),
    mistake("The negative side is divided by the slope.",
            "With s = 0.01, should the gradient on the left come out smaller or larger?",
            {"return": 'with np.errstate(all="ignore"):\n        return', "slope * da)": "da / slope)"}),
]
