"""forward_difference: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import OWN_STEP, POSITIVE, Recorder, number

HINTS = (
    "Which two values of f does the formula need, and how far apart are their places?",
    "Is h a given number, or one that you choose? Does your division cover the whole difference?",
    "The square at 5 with h = 0.1: 26.01 and 25, 1.01 apart, slope 10.1. The true slope is 10.",
)


def test_forward_difference_of_a_cube(student):
    """The forward difference of x³ at x is 3x² + 3xh + h²."""
    for x, h in ((1.0, 0.01), (2.0, 0.1), (-1.5, 0.25)):
        got = student.forward_difference(lambda t: t**3, x, h)
        assert_close(got, 3 * x**2 + 3 * x * h + h**2, what="the forward difference of a cube")


def test_forward_difference_is_exact_for_a_line(student):
    """For a straight line the forward difference is the slope, whatever the step."""
    for h in (1e-3, 0.5, 3.0):
        assert_close(student.forward_difference(lambda t: 7.0 - 2.5 * t, 4.0, h), -2.5, what="the slope of a line")


def test_forward_difference_steps_to_the_right(student):
    """At the kink of 3|x| the forward difference sees the slope on the right."""
    got = student.forward_difference(lambda t: 3 * abs(t), 0.0, 0.125)
    assert_close(got, 3.0, what="the forward difference of 3|x| at 0")


def test_forward_difference_error_is_of_first_order(student):
    """A step ten times smaller makes the error ten times smaller."""
    slopes = [number(student.forward_difference(np.exp, 0.5, h), "The difference") for h in (1e-2, 1e-3)]
    for slope, h in zip(slopes, (1e-2, 1e-3), strict=True):
        error = slope - np.exp(0.5)
        assert_close(error, h / 2 * np.exp(0.5), rtol=0.01, what=f"the error of the slope of exp with h = {h}")


def test_forward_difference_uses_the_step_it_is_given(student):
    """The function is evaluated at x and x + h and nowhere else."""
    f = Recorder(np.sin)
    student.forward_difference(f, 2.0, 0.375)
    points = f.numbers()
    for side in (2.0, 2.375):
        require(any(abs(t - side) < 1e-9 for t in points), "f was not called at both x and x + h.")
    far = [t for t in points if min(abs(t - 2.0), abs(t - 2.375)) > 1e-9]
    require(not far, "f was called somewhere other than at x and x + h.")


def test_forward_difference_keeps_the_digits_of_a_small_slope(student):
    """A slope of a ten-thousandth comes out with all its digits."""
    got = student.forward_difference(lambda t: 1e-4 * t**2, 1.0, 0.01)
    assert_close(got, 2.01e-4, atol=0.0, what="the forward difference of a flat parabola")


@variant
def base_first(f, x, h):
    base = f(x)
    ahead = f(x + h)
    rise = ahead - base
    return rise / h


@variant
def as_numpy_scalar(f, x, h):
    x, h = np.float64(x), np.float64(h)
    return np.divide(np.subtract(f(x + h), f(x)), h)


@variant
def by_the_distance_reached(f, x, h):
    ahead = x + h
    return (f(ahead) - f(x)) / (ahead - x)


@variant
def as_a_0d_array(f, x, h):
    values = np.array([float(f(x)), float(f(x + h))])
    return np.asarray(np.diff(values)[0] / h)


SLOPE = "(f(x + h) - f(x)) / h"
MISTAKES = [
    mistake("The second point lies to the left of x, so this is the backward difference.",
            "Draw the two points on the curve: which of them should be at x + h?",
            {SLOPE: "(f(x) - f(x - h)) / h"}),
    mistake("The second point lies to the left, and the division does not know it: the slope has the wrong sign.",
            "Draw the two points on the curve: which of them should be at x + h?",
            {SLOPE: "(f(x - h) - f(x)) / h"}),
    mistake("The two values have changed places, so that the slope has the wrong sign.",
            "For a rising line, which of your two values is larger?",
            {SLOPE: "(f(x) - f(x + h)) / h"}),
    mistake("The difference is divided by 2h although the two points are only h apart.",
            "A slope is rise over run. How far apart are x and x + h?",
            {SLOPE: "(f(x + h) - f(x)) / (2 * h)"}),
    mistake("The rise is divided by 2 and multiplied by h: a/2*h is not a/(2h), and the 2 does not belong here.",
            "Python works from left to right among / and *. And how far apart are x and x + h?",
            {SLOPE: "(f(x + h) - f(x)) / 2 * h"}),
    mistake("This is the central difference, which looks to both sides.",
            "Here only one side is asked for, so that its error can be compared. Which two points does the formula "
            "name?",
            {SLOPE: "(f(x + h) - f(x - h)) / (2 * h)"}),
    mistake("The points are half a step to each side of x, which is a central difference.",
            "Which two points does the formula name? Is one of them x itself?",
            {SLOPE: "(f(x + h / 2) - f(x - h / 2)) / h"}),
    mistake("The rise is not divided by the step.",
            "What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
            {SLOPE: "f(x + h) - f(x)"}),
    mistake("Brackets are missing: only f(x) is divided by h.",
            "Division binds more tightly than subtraction. What must be computed first?",
            {SLOPE: "f(x + h) - f(x) / h"}),
    mistake("The rise is multiplied by h instead of divided by it.",
            "Check a straight line of slope 5: which operation gives 5 back?",
            {SLOPE: "(f(x + h) - f(x)) * h"}),
    mistake("The rise is divided by x instead of by the step.",
            "A slope is rise over run. How far apart are x and x + h?",
            {SLOPE: "np.float64(f(x + h) - f(x)) / x"}),
    mistake("The step is made a share of x, so it is not the h that was passed in.",
            "The step is h itself, whatever the size of x. What happens to yours at x = 0?",
            {SLOPE: "(f(x + h * x) - f(x)) / (h * x)"}),
    mistake(*OWN_STEP, {"return (": "h = 1e-5\n    return ("}),
    slip("arguments_swapped", {SLOPE: "(f(h + x) - f(h)) / x"}, what="x and h"),
    mistake(*POSITIVE, {SLOPE: f"abs({SLOPE})"}),
    mistake("The division // rounds down to a whole number.",
            "What is 7 // 2 in Python, and what is 7 / 2?",
            {SLOPE: "(f(x + h) - f(x)) // h"}),
    mistake("f is called with the step instead of the point that the step leads to.",
            "f belongs to points: which two are named in the formula?",
            {SLOPE: "f((x + h) - x) / h"}),
    slip("rounded", {SLOPE: f"round(float({SLOPE}), 4)"}),
    slip("low_precision", {SLOPE: "np.float32(f(np.float32(x + h)) - f(np.float32(x))) / np.float32(h)"}),
]
