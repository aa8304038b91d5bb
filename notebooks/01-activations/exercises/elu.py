"""elu: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _away_from_zero, _check_forward, _leaves_z_alone


def _elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def test_elu_of_arrays_of_any_shape(student, rng):
    """Negative entries become exp(z) - 1, the others stay."""
    for shape in SHAPES:
        z = 2 * rng.normal(size=shape)
        _check_forward(student.elu, _elu(z), z, "ELU")


def test_elu_takes_the_alpha_it_is_given(student, rng):
    """Alpha scales the whole negative side and leaves the positive side alone."""
    z = _away_from_zero(rng, (3, 4))
    for alpha in (0.2, 1.7, 3.0):
        assert_close(student.elu(z.copy(), alpha), _elu(z, alpha), what=f"ELU with alpha = {alpha}")


def test_elu_of_large_numbers(student):
    """Large positive numbers stay, large negative ones approach -alpha, and nothing is nan."""
    got = student.elu(np.array([1000.0, -1000.0, 800.0, -40.0]), 2.0)
    assert_close(got, np.array([1000.0, -2.0, 800.0, -2.0]), what="ELU of large numbers")


@easy
def test_elu_at_zero(student):
    """The two sides meet at zero."""
    assert_close(student.elu(np.array([0.0, 1e-6, -1e-6])), np.array([0.0, 1e-6, -1e-6]), atol=1e-11, what="ELU at 0")


def test_elu_of_integers(student):
    """Integers give fractions on the negative side."""
    z = np.array([-3, -1, 0, 4])
    assert_close(student.elu(z.copy()), _elu(z), what="ELU of integers")


def test_elu_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    z = np.array([[-1.0, 2.0, -0.3]])
    _leaves_z_alone(student.elu, _elu(z), z, "ELU")


@variant
def with_expm1(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


@variant
def overflow_unused(z, alpha=1.0):
    with np.errstate(over="ignore"):
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@variant
def elu_sum_of_parts(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)


@variant
def elu_float_copy(z, alpha=1.0):
    out = np.array(z, dtype=float)
    left = out <= 0
    out[left] = alpha * (np.exp(out[left]) - 1)
    return out


def infinity_times_zero(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)


def exponential_on_both_sides(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return alpha * (np.exp(z) - 1)


def sides_swapped(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return np.where(z > 0, alpha * (np.exp(z) - 1), z)


def elu_is_relu(z, alpha=1.0):
    return np.maximum(z, 0)


def elu_writes_into_z(z, alpha=1.0):
    left = z <= 0
    z[left] = alpha * (np.exp(z[left]) - 1)
    return z


def elu_default_of_a_tenth(z, alpha=0.1):
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))


MISTAKES = [
    mistake("The - 1 is missing, so that the two sides do not meet at zero.",
            "What should ELU be just left of zero, and what is exp(0)?",
            {"* (np": "* np", "- 1))": ")"}),
    mistake("alpha is not used.",
            "Call your function with alpha = 3. Does it make a difference?",
            {"alpha * (np": "np", "1))": "1)"}),
    mistake("alpha scales only the exponential, not the - 1: the brackets are missing.",
            "For alpha = 3 the two sides must still meet at zero. Do they?",
            {"* (np": "* np", "1))": "1)"}),
    mistake("alpha stands in the exponent instead of in front.",
            "What should ELU approach far out on the left? What does yours approach?",
            {"alpha * (np": "np", ".exp(": ".exp(alpha *", "1))": "1)"}),
    mistake("The positive side is scaled by alpha as well.",
            "What should ELU of 2 be, whatever alpha is?",
            {"return": "return alpha *", "alpha * (np": "np", "1))": "1)"}),
    mistake("exp(z) overflows for large positive z, and infinity times the 0 of a mask is nan.",
            "np.where or a mask only chooses; both sides are computed. What can you put into exp instead of z?",
            by=infinity_times_zero),
    mistake("The exponent has the wrong sign, so that the left side grows without bound.",
            "What should ELU of -5 be, roughly?",
            {"z, 0": "-z, 700"}),
    mistake("The left side comes out positive: it is alpha(1 - exp(z)).",
            "Which sign should ELU of -2 have?",
            {"* (np": "* (1 - np", "- 1))": "))"}),
    mistake("The result is stored in an array of z's dtype, so that integers cut off the fractions.",
            "What dtype has np.zeros_like of an integer array?",
            {"return": "out = np.zeros_like(z)\n    out[...] =", "1))": "1))\n    return out"}),
    mistake("The larger of the two formulas is taken, which goes wrong where they cross for alpha above 1.",
            "Which of z and alpha(exp(z) - 1) is larger at z = -0.5 with alpha = 3? What should decide instead?",
            {"where(z > 0,": "maximum("}),
    mistake("The negative side is a straight line, alpha·z: that is PReLU.",
            "What should ELU approach far out on the left?",
            {"(np.exp(np.minimum(z, 0)) - 1))": "z)"}),
    mistake("The exponential is used on both sides.",
            "What should ELU of 3 be?",
            by=exponential_on_both_sides),
    mistake("The two sides have changed places.",
            "What should ELU of 3 be? Which of the two values does np.where take where the condition holds?",
            by=sides_swapped),
    mistake("The negative side is zero: this is ReLU.",
            "What should ELU of -2 be?",
            by=elu_is_relu),
    mistake("This is the slope at z, not the value.",
            "What should ELU of 3 be?",
            {"z, alpha * (": "1.0, alpha *", "- 1))": ")"}),
    mistake("The 1 is subtracted in the exponent: exp(z - 1) instead of exp(z) - 1.",
            "What should ELU be at zero? What does exp(0 - 1) give?",
            {"* (np": "* np", "0))": "0)"}),
    mistake("z itself is changed.",
            "Print z before and after the call. Build a new array instead.",
            by=elu_writes_into_z),
    mistake("The default alpha is 0.1 instead of 1.",
            "Look at the signature in the notebook.",
            by=elu_default_of_a_tenth),
    mistake("The negative side is -alpha everywhere; that is only what it approaches.",
            "What should ELU be just left of zero?",
            {"alpha * (np.exp(np.minimum(z, 0)) - 1))": "-alpha)"}),
    mistake("The bend is at 1 instead of at 0.",
            "From which z on is the output z itself?",
            {"0, z": "1, z", ", 0": ", 1"}),
]
