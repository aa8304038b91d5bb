"""sigmoid: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _check_forward, _leaves_z_alone, _logistic


def test_sigmoid_of_arrays_of_any_shape(student, rng):
    """Every entry is 1 / (1 + exp(-z))."""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        _check_forward(student.sigmoid, _logistic(z), z, "sigmoid")


def test_sigmoid_is_one_half_at_zero(student):
    """At zero the sigmoid is exactly in the middle."""
    assert_close(student.sigmoid(np.zeros((2, 2))), np.full((2, 2), 0.5), rtol=1e-9, atol=0.0, what="sigmoid at 0")


def test_sigmoid_at_a_thousand(student):
    """Large numbers of either sign give 1 and 0, never nan."""
    z = np.array([1000.0, -1000.0, 750.0, -750.0])
    _check_forward(student.sigmoid, np.array([1.0, 0.0, 1.0, 0.0]), z, "sigmoid of huge numbers")


def test_sigmoid_keeps_apart_what_is_nearly_zero(student):
    """Far out on the negative side the values go on falling, and nothing is clipped."""
    z = np.array([-12.0, -25.0, -40.0])
    # (1 + tanh(z / 2)) / 2 is right, too, and rounds by 1e-16.
    expected = np.exp(z)
    assert_close(student.sigmoid(z), expected, rtol=1e-4, atol=1e-15, what="sigmoid of -12, -25 and -40")


def test_sigmoid_of_integers(student):
    """Integers give fractions."""
    z = np.array([-3, 0, 1, 5])
    _check_forward(student.sigmoid, _logistic(z), z, "sigmoid of integers")


def test_sigmoid_of_opposite_numbers_adds_up_to_one(student, rng):
    """σ(-z) = 1 - σ(z)."""
    z = 4 * rng.normal(size=9)
    assert_close(student.sigmoid(-z), 1 - _logistic(z), what="sigmoid of -z")


def test_sigmoid_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    z = np.array([[-1.0, 2.0, 800.0]])
    _leaves_z_alone(student.sigmoid, _logistic(z), z, "sigmoid")


@variant
def textbook_formula(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@variant
def through_tanh(z):
    z = np.asarray(z, dtype=float)
    near = (1 + np.tanh(z / 2)) / 2
    return np.where(z < -1, np.exp(np.minimum(z, 0)) / (1 + np.exp(np.minimum(z, 0))), near)


@variant
def half_of_one_plus_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


@variant
def clipped_where_nothing_changes(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@variant
def one_number_at_a_time(z):
    return np.vectorize(lambda t: 1 / (1 + np.exp(-t)) if t > 0 else np.exp(t) / (1 + np.exp(t)), otypes=[float])(z)


@variant
def with_two_masks(z):
    z = np.asarray(z)
    out = np.empty(z.shape)
    right = z >= 0
    out[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (1 + e)
    return out


@variant
def with_logaddexp(z):
    return np.exp(-np.logaddexp(0.0, -z))


def overflows_on_the_right(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


def is_tanh(z):
    return np.tanh(z)


def normalises_like_softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def brackets_missing(z):
    with np.errstate(all="ignore"):
        return 1 / 1 + np.exp(-z)


def slope_for_value(z):
    a = np.exp(-np.logaddexp(0, -z))
    return a * (1 - a)


def clips_the_result(z):
    with np.errstate(all="ignore"):
        return np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)


def nan_becomes_zero(z):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))


def straight_lines(z):
    return np.clip(0.2 * z + 0.5, 0, 1)


def powers_of_two(z):
    return 1 / (1 + np.power(2.0, -z))


def one_number_only(z):
    return 1 / (1 + math.exp(-z))


def cuts_z_in_place(z):
    z[z > 500] = 500
    z[z < -500] = -500
    return 1 / (1 + np.exp(-z))


MISTAKES = [
    mistake("exp(z) overflows for large z, and infinity over infinity is nan.",
            "Which of exp(z) and exp(-z) is harmless for large z? Use that one on each side.",
            by=overflows_on_the_right),
    mistake("The sign of the exponent is wrong: this falls where it should rise.",
            "What should the sigmoid of a large positive number be?",
            {"over": "all", "-": ""}, of=textbook_formula),
    mistake("The denominator is 1 - exp(-z) instead of 1 + exp(-z).",
            "Try z = 0: what do you divide by?",
            {"over": "all", "+": "-"}, of=textbook_formula),
    mistake("This is tanh, which runs from -1 to 1.",
            "Between which numbers should the output lie, and what is it at 0?",
            by=is_tanh),
    mistake("This is (1 + tanh(z)) / 2, which is twice too steep: it is the sigmoid of 2z.",
            "tanh(z) = 2σ(2z) - 1. What must go into tanh to get σ(z)?",
            {"0.5 *": "", "/ 2))": ")) / 2"}, of=half_of_one_plus_tanh),
    mistake("z is clipped to ±10, so that everything beyond looks alike.",
            "A sigmoid of -25 is tiny but not the same as at -10. Can overflow be avoided without changing z?",
            {"500, 500": "10, 10"}, of=clipped_where_nothing_changes),
    mistake("The exponentials are divided by their sum: that is softmax, in which entries depend on each other.",
            "Should the sigmoid of one number change when another one in the array does?",
            by=normalises_like_softmax),
    mistake("Brackets are missing: this is 1/1 + exp(-z).",
            "Division binds more tightly than addition. What must be computed first?",
            by=brackets_missing),
    mistake("The result is stored in an array of z's dtype, so that integers cut it to 0 and 1.",
            "What dtype has np.zeros_like of an integer array?",
            {"exp =": "out = np.zeros_like(z)\n    exp =",
             "return": "out[...] =",
             "+ exp)": "+ exp)\n    return out"}),
    mistake("The sign of z is lost: this is the sigmoid of |z|.",
            "The absolute value belongs into the exponent only together with a second form for negative z. Which?",
            {"clip(z, -500, 500": "abs(z"}, of=clipped_where_nothing_changes),
    mistake("This is the slope σ(z)(1 - σ(z)), not the sigmoid itself.",
            "What should come out for a large positive number?",
            by=slope_for_value),
    mistake("This is tanh(z/2), which still runs from -1 to 1.",
            "Stretching is done. How do you bring -1 … 1 to 0 … 1?",
            {"0.5 * (1 +": "", "))": ")"}, of=half_of_one_plus_tanh),
    mistake("The largest z is subtracted, which helps in softmax but changes a sigmoid.",
            "Should the sigmoid of one number change when another one in the array does?",
            {"-np.abs": "z - np.max", "np.where(z >= 0, 1, exp)": "exp"}),
    mistake("z is clipped to ±30, so that everything beyond looks alike.",
            "Can overflow be avoided without changing z? Think of the sign of the exponent.",
            {"500, 500": "30, 30"}, of=clipped_where_nothing_changes),
    mistake("The result is clipped, so that it never comes close to 0 and 1.",
            "What should the sigmoid of -1000 be?",
            by=clips_the_result),
    mistake("A small constant is added to the denominator, which is never zero anyway.",
            "1 + exp(-z) is at least 1. What does the constant protect from, and what does σ(0) become?",
            {"over": "all", "))": ") + 1e-8)"}, of=textbook_formula),
    mistake("nan is replaced by 0, also for large positive z, where 1 is right.",
            "Where does the nan come from? Choose a form in which it cannot arise.",
            by=nan_becomes_zero),
    mistake("This is the hard sigmoid, straight lines instead of the curve.",
            "What are σ(2) and σ(3) to four digits?",
            by=straight_lines),
    mistake("The base of the power is 2 instead of e.",
            "Compare σ(2) with the value in the text. Which function of NumPy is e to the power of z?",
            by=powers_of_two),
    mistake("math.exp, float() or int() takes one number, not an array.",
            "Which function of NumPy works entry by entry?",
            by=one_number_only),
    mistake("z itself is changed: large entries are cut in the array that was passed in.",
            "Print z before and after the call. Work on a copy or build a new array.",
            by=cuts_z_in_place),
]
