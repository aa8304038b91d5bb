"""central_difference: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import OVER_H, OWN_STEP, POSITIVE, PRECEDENCE, Recorder, number

HINTS = (
    "How far apart are the two places at which f is evaluated?",
    "What does Python divide first in a / 2 * h?",
    "The square at 5 with h = 0.1: 26.01 and 24.01 are 2 apart, their places 0.2, so the slope is 10. With h ="
    " 1 too: why exactly?",
)


def test_central_difference_of_a_cube(student):
    """The central difference of x³ at x is 3x² + h²."""
    for x, h in ((1.0, 0.01), (2.0, 0.1), (-1.5, 0.25), (0.0, 0.5)):
        got = student.central_difference(lambda t: t**3, x, h)
        assert_close(got, 3 * x**2 + h**2, what="the central difference of a cube")


def test_central_difference_is_exact_for_a_parabola(student):
    """For a parabola the central difference is the derivative, whatever the step."""
    for h in (1e-3, 0.5, 3.0):
        got = student.central_difference(lambda t: 4 * t**2 - 3 * t + 1, 1.5, h)
        assert_close(got, 9.0, what="the central difference of a parabola")


def test_central_difference_error_is_of_second_order(student):
    """A step ten times smaller makes the error a hundred times smaller."""
    slopes = [number(student.central_difference(np.exp, 0.5, h), "The difference") for h in (1e-1, 1e-2)]
    for slope, h in zip(slopes, (1e-1, 1e-2), strict=True):
        error = slope - np.exp(0.5)
        assert_close(error, h**2 / 6 * np.exp(0.5), rtol=0.01, what=f"the error of the slope of exp with h = {h}")


def test_central_difference_looks_to_both_sides(student):
    """At a kink the central difference is the mean of the slopes on both sides."""
    assert_close(student.central_difference(abs, 0.0, 0.125), 0.0, what="the central difference of |x| at 0")
    got = student.central_difference(lambda t: max(t, 0.0), 0.0, 0.125)
    assert_close(got, 0.5, what="the central difference of max(0, x) at 0")


def test_central_difference_uses_the_step_it_is_given(student):
    """The function is evaluated a full step to each side of x."""
    f = Recorder(np.sin)
    student.central_difference(f, 2.0, 0.375)
    points = f.numbers()
    for side in (1.625, 2.375):
        require(any(abs(t - side) < 1e-9 for t in points), "f was not called at both x + h and x - h.")
    require(all(1.625 - 1e-9 < t < 2.375 + 1e-9 for t in points), "f was called further away than h.")


def test_central_difference_is_negative_where_the_function_falls(student):
    """A falling function has a negative slope."""
    assert_close(student.central_difference(np.cos, 1.0, 1e-5), -np.sin(1.0), rtol=1e-7, what="the slope of cos at 1")


def test_central_difference_keeps_the_digits_of_a_small_slope(student):
    """A slope of a ten-thousandth comes out with all its digits."""
    got = student.central_difference(lambda t: 1e-4 * t**2 + 1e-5 * t, 1.0, 0.01)
    assert_close(got, 2.1e-4, atol=0.0, what="the central difference of a flat parabola")


@variant
def mean_of_both_sides(f, x, h):
    middle = f(x)
    return ((f(x + h) - middle) / h + (middle - f(x - h)) / h) / 2


@variant
def halves_first(f, x, h):
    return 0.5 * (f(x + h) - f(x - h)) / h


@variant
def by_polyfit(f, x, h):
    steps = np.array([-h, h])
    return np.polyfit(steps, [float(f(x + step)) for step in steps], 1)[0]


@variant
def below_first(f, x, h):
    below, above = f(x - h), f(x + h)
    return float(-(below - above) / h / 2)


RISE = "f(x + h) - f(x - h)"
SLOPE = f"({RISE}) / (2 * h)"
MISTAKES = [
    mistake("This is the one-sided difference.",
            "For a parabola the central difference is exact. Is yours? Which two points lie evenly around x?",
            {SLOPE: "(f(x + h) - f(x)) / h"}, {SLOPE: "(f(x) - f(x - h)) / h"}),
    mistake("One point is x itself, but the division assumes two points that are 2h apart.",
            "Which two points does the formula name? Yours are only h apart.",
            {SLOPE: "(f(x + h) - f(x)) / (2 * h)"}),
    mistake(*OVER_H, {SLOPE: f"({RISE}) / h"}),
    mistake(*PRECEDENCE, {SLOPE: f"({RISE}) / 2 * h"}),
    mistake("The two points have changed places, so that the slope has the wrong sign.",
            "Which of your two points is to the right of x? For a rising line, which value is larger?",
            {SLOPE: "(f(x - h) - f(x + h)) / (2 * h)"}),
    mistake("Brackets are missing around the difference: only f(x - h) is divided.",
            "Division binds more tightly than subtraction. What must be computed first?",
            {SLOPE: f"{RISE} / (2 * h)"}),
    mistake("The division by h is missing.",
            "What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
            {SLOPE: RISE}, {SLOPE: f"({RISE}) / 2"}),
    mistake("The difference is divided by h² instead of by the distance of the two points.",
            "h² is the size of the error. How far is it from x - h to x + h?",
            {SLOPE: f"({RISE}) / h**2"}),
    mistake("The points are half a step from x instead of a full one.",
            "Both are central differences, but compare the error for a cube with h² as the text gives it.",
            {SLOPE: "(f(x + h / 2) - f(x - h / 2)) / h"}),
    mistake("The points are half a step from x, but the division assumes full steps.",
            "Your slopes are half of what they should be. Measure the distance between your two points.",
            {SLOPE: "(f(x + h / 2) - f(x - h / 2)) / (2 * h)"}),
    mistake("The points are two steps from x instead of one.",
            "Compare the error for a cube with h² as the text gives it: where do your two points lie?",
            {SLOPE: "(f(x + 2 * h) - f(x - 2 * h)) / (4 * h)"}),
    mistake("The points are two steps from x, but the division assumes one to each side.",
            "Your slopes are twice too large. Measure the distance between your two points.",
            {SLOPE: "(f(x + 2 * h) - f(x - 2 * h)) / (2 * h)"}),
    mistake("This formula uses four points, two of them further away than h.",
            "It is more exact, but the text asks for x + h and x - h alone, so that its error can be compared.",
            {SLOPE: f"(8 * ({RISE}) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)"}),
    mistake("The values are added instead of subtracted.",
            "What should come out for a constant function? What does yours give?",
            {SLOPE: "(f(x + h) + f(x - h)) / (2 * h)"}),
    mistake("This is the formula for the second derivative.",
            "For a straight line yours gives 0. The slope needs two points and no f(x).",
            {SLOPE: "(f(x + h) - 2 * f(x) + f(x - h)) / h**2"}),
    mistake(*OWN_STEP, {"return (": "h = 1e-5\n    return ("}),
    slip("arguments_swapped", {SLOPE: "(f(h + x) - f(h - x)) / (2 * x)"}, what="x and h"),
    mistake(*POSITIVE, {SLOPE: f"abs({SLOPE})"}),
    slip("rounded", {SLOPE: f"round(float({SLOPE}), 4)"}),
    slip("low_precision", {"return (": "x, h = np.float32(x), np.float32(h)\n    return ("}),
]
