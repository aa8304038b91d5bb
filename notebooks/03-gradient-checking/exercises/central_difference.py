"""central_difference: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close, require

from .common import Recorder, _number


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
    slopes = [_number(student.central_difference(np.exp, 0.5, h), "The difference") for h in (1e-1, 1e-2)]
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
def central_mean_of_both_sides(f, x, h):
    middle = f(x)
    return ((f(x + h) - middle) / h + (middle - f(x - h)) / h) / 2


@variant
def central_halves_first(f, x, h):
    return 0.5 * (f(x + h) - f(x - h)) / h


@variant
def central_by_polyfit(f, x, h):
    steps = np.array([-h, h])
    return np.polyfit(steps, [float(f(x + step)) for step in steps], 1)[0]


@variant
def central_below_first(f, x, h):
    below, above = f(x - h), f(x + h)
    return float(-(below - above) / h / 2)


def central_sign_flipped(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)


def central_two_steps_over_4h(f, x, h):
    return (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)


MISTAKES = [
    mistake("This is the one-sided difference.",
            "For a parabola the central difference is exact. Is yours? Which two points lie evenly around x?",
            {"- h)) / (2 * h)": ")) / h"}),
    mistake("The difference is divided by h, but the two points are 2h apart.",
            "Your slopes come out twice too large. How far is it from x - h to x + h?",
            {"(2 * h)": "h"}),
    mistake("The result is divided by 2 and then multiplied by h: a/2*h is not a/(2h).",
            "Python works from left to right among / and *. Where do brackets belong?",
            {"(2 * h)": "2 * h"}),
    mistake("Brackets are missing around the difference: only f(x - h) is divided.",
            "Division binds more tightly than subtraction. What must be computed first?",
            {"0.5 * (": "", ") / h": "/ (2 * h)"}, of=central_halves_first),
    mistake("The points are half a step from x instead of a full one.",
            "Both are central differences, but compare the error for a cube with h² as the text gives it.",
            {") -": "/ 2) -", ")) / (2 * h)": "/ 2)) / h"}),
    mistake("The points are half a step from x, but the division assumes full steps.",
            "Your slopes are half of what they should be. Measure the distance between your two points.",
            {") -": "/ 2) -", "))": "/ 2))"}),
    mistake("The two values are subtracted the wrong way round, so the sign is flipped.",
            "For a rising function the answer must be positive. Try f(t) = t.",
            by=central_sign_flipped),
    mistake("The values are added instead of subtracted.",
            "What should come out for a constant function? What does yours give?",
            {") -": ") +"}),
    mistake("The step that was passed in is not used; a step of its own is.",
            "Call your function with h = 0.5 and h = 0.01 on a cube. Should the answers be the same?",
            {"return (": "h = 1e-5\n    return ("}),
    mistake("One point is x itself, but the division assumes two points that are 2h apart.",
            "Which two points does the formula name? Yours are only h apart.",
            {"- h": ""}),
    mistake("The points are two steps from x, but the division assumes one to each side.",
            "Your slopes are twice too large. Measure the distance between your two points.",
            {"+": "+ 2 *", "- h": "- 2 * h"}),
    mistake("The points are two steps from x instead of one.",
            "Compare the error for a cube with h² as the text gives it: where do your two points lie?",
            by=central_two_steps_over_4h),
    mistake("This is the formula for the second derivative.",
            "For a straight line yours gives 0. The slope needs two points and no f(x).",
            {") -": ") - 2 * f(x) +", "(2 * h)": "h**2"}),
    mistake("The difference is divided by h² instead of by the distance of the two points.",
            "h² is the size of the error. How far is it from x - h to x + h?",
            {"(2 * h)": "h**2"}),
    mistake("The difference is not divided by the distance of the two points.",
            "What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
            {"0.5 * (": "", ") / h": ""}, of=central_halves_first),
    mistake("The difference is divided by 2 but not by h.",
            "What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
            {"(2 * h)": "2"}),
    mistake("This is the one-sided difference to the left.",
            "For a parabola the central difference is exact. Is yours? Which two points lie evenly around x?",
            {"+ h": "", "(2 * h)": "h"}),
    mistake("The arguments come in another order: x is taken for h and h for x.",
            "The signature is (f, x, h). A call by position fills them in that order.",
            {"x + h": "h + x", "x - h": "h - x", "* h": "* x"}),
    mistake("This formula uses four points, two of them further away than h.",
            "It is more exact, but the text asks for x + h and x - h alone, so that its error can be compared.",
            {"0.5": "(8", "/ h": "- (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)"}, of=central_halves_first),
    mistake("The slope is made positive.",
            "What is the slope of f(t) = -t? Which sign has yours?",
            {"return (": "return abs("}),
    mistake("The result is rounded, so that its error can no longer be measured.",
            "Return the number as it is; a format such as {value:.4f} rounds when you print.",
            {"return (": "return round(float(", "* h)": "* h), 4)"}),
    mistake("The computation is done in float32, where the difference has only a few digits left.",
            "How many digits has a float32? Leave the numbers as they come.",
            {"return (": "x, h = np.float32(x), np.float32(h)\n    return ("}),
]
