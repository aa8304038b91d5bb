"""What the exercises of 05-initialization share: what all draws must do, and how draws go wrong.

Draws are judged by what every correct way to draw has in common. Tolerances are six standard errors or more, so
that a test compares a few numbers with a false alarm of 2e-9 each: a right answer fails a test less than once in a
million gradings. Docstrings of the checks say what their own chance is.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from grader.authoring import easy, mistake, slip, slips
from nnlib.checks import assert_close, assert_shape, require, roughly

# Wide, narrow, and never equal; one with so few inputs that a bias counted among them shows. No scale is 0.01.
FANS = ((210, 130), (130, 210), (30, 600), (600, 30), (3, 6000))


def weights(value, fan_in, fan_out):
    require(isinstance(value, np.ndarray), "The result must be an array.")
    assert_shape(value, (fan_in, fan_out), what="the array (fan_in, fan_out) of weights")
    require(value.dtype.kind == "f" and np.isfinite(value).all(), "The weights must be finite real numbers.")
    return value.astype(float)


def check_std(w, expected, rtol, where):
    """Say how many times too large or small a spread is; a ratio is more telling than the numbers."""
    ratio = w.std() / expected
    words = f"The standard deviation of the weights for {where} is {roughly(ratio)} times what it should be."
    require(abs(ratio - 1) <= rtol, words)


def check_scale(draw, std, rng):
    """Compare standard deviations of draws of several shapes: 6 standard errors, 5 shapes, false alarm 1e-8."""
    for fan_in, fan_out in FANS:
        w = weights(draw(fan_in, fan_out, rng), fan_in, fan_out)
        check_std(w, std(fan_in, fan_out), 6 / np.sqrt(2 * w.size), f"fan_in = {fan_in} and fan_out = {fan_out}")


def check_mean(draw, std, rng):
    """Compare means of draws of several shapes with zero: 6 standard errors, 5 shapes, false alarm 1e-8."""
    for fan_in, fan_out in FANS:
        w = weights(draw(fan_in, fan_out, rng), fan_in, fan_out)
        assert_close(w.mean(), 0.0, atol=6 * std(fan_in, fan_out) / np.sqrt(w.size), what="the mean of the weights")


def check_uniform(draw, bound, rng):
    """Every weight lies within the bound, the bound is reached, and all parts of the range are equally full.

    With 18,000 weights or more the last hundredth stays empty with a chance of exp(-90); the shares of eight parts
    are compared within 6 standard errors, 40 of them: false alarm 1e-7.
    """
    for fan_in, fan_out in FANS:
        w = weights(draw(fan_in, fan_out, rng), fan_in, fan_out)
        edge = bound(fan_in, fan_out)
        require(np.abs(w).max() <= edge * (1 + 1e-6), "A weight lies outside the bound.")
        filled = w.max() > 0.99 * edge and w.min() < -0.99 * edge
        require(filled, "The weights do not fill the range to its bounds.")
        counts = np.histogram(w, bins=8, range=(-edge * 1.000001, edge * 1.000001))[0] / w.size
        what = "the shares of weights in eight equal parts of the range"
        assert_close(counts, np.full(8, 1 / 8), rtol=0, atol=6 * np.sqrt(0.125 * 0.875 / w.size), what=what)


class Row(NamedTuple):
    """An initialiser in the table of hidden tests."""

    of: Callable  # what draws (fan_in, fan_out, rng), given the student
    std: Callable  # the standard deviation for (fan_in, fan_out)


@easy
def has_mean_zero(student, rng, row):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    check_mean(row.of(student), row.std, rng)


def is_normal(student, rng, row):
    """The weights follow a bell curve, far-out values included.

    Shares of 100,800 weights are compared within 6 standard errors, five of them: a right answer fails with a chance
    below 1e-7, the few weights beyond 3 standard deviations included, whose number is not quite normal.
    """
    w = weights(row.of(student)(420, 240, rng), 420, 240)
    require(w.std() > 0, "All weights are equal.")
    w = (w - w.mean()) / w.std()
    for edge, share in ((0.5, 0.382925), (1, 0.682689), (2, 0.954500), (3, 0.997300)):
        error = 6 * np.sqrt(share * (1 - share) / w.size)
        what = f"the share of weights within {edge} standard deviations"
        assert_close(np.mean(np.abs(w) < edge), share, rtol=0, atol=error, what=what)
    what = "the share of weights above the mean"
    assert_close(np.mean(w > 0), 0.5, rtol=0, atol=3 / np.sqrt(w.size), what=what)


@easy
def has_a_row_for_each_input(student, rng, row):
    """The shape is (fan_in, fan_out), whichever is larger."""
    for fan_in, fan_out in ((3, 5), (5, 3), (1, 7), (7, 1), (4, 4)):
        weights(row.of(student)(fan_in, fan_out, rng), fan_in, fan_out)


def draws_from_rng(student, row):
    """The generator decides the weights, and moves on."""

    def draw(rng):  # 600 floats: two draws never agree by chance
        return weights(row.of(student)(30, 20, rng), 30, 20)

    first, again, other = (draw(np.random.default_rng(seed)) for seed in (7, 7, 8))
    alike = "Two generators in the same state must give the same weights: draw from rng."
    require(np.array_equal(first, again), alike)
    require(not np.array_equal(first, other), "Another generator must give other weights: draw from rng.")
    rng = np.random.default_rng(7)
    require(not np.array_equal(draw(rng), draw(rng)), "Two layers must not get the same weights: draw from rng.")


def draws_every_weight(student, rng, row):
    """Every weight is a draw of its own.

    No two weights are copies of each other, no two rows or columns go together, and luck shows in small layers.
    20,000 correlations are compared within 7 standard errors of their 80 or 120 numbers: a right answer fails with a
    chance below 1e-7.
    """
    draw = row.of(student)
    w = weights(draw(120, 80, rng), 120, 80)
    require(np.unique(w).size > 0.99 * w.size, "Many weights are copies of each other.")
    for rows in (w, w.T):
        together = np.corrcoef(rows)
        np.fill_diagonal(together, 0.0)
        apart = np.abs(together).max() < min(7 / np.sqrt(rows.shape[1]), 0.75)
        require(apart, "Some rows or columns of the weights go together.")
    small = [weights(draw(2, 3, rng), 2, 3) for _ in range(4)]
    for measure, words in ((np.std, "standard deviation"), (lambda w: np.abs(w).max(), "largest weight")):
        values = [measure(w) for w in small]
        require(np.ptp(values) > 1e-4 * max(values), f"Layers of six weights all have the same {words}.")


DRAWN = [has_a_row_for_each_input, draws_from_rng, draws_every_weight]
NORMAL = [has_mean_zero, is_normal, *DRAWN]
UNIFORM = [has_mean_zero, *DRAWN]

STANDARD = "rng.standard_normal((fan_in, fan_out))"
EVEN = "rng.uniform(-bound, bound, size=(fan_in, fan_out))"  # the line of the uniform solutions
TRANSPOSED = ("The shape is (fan_out, fan_in).", "x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?")
NUMBERS = "How many independent numbers does a layer need?"
BELL = "Draw a histogram: a bell or a box? Which method of rng draws normal numbers?"
TERMS = "How many terms are in the sum that one unit computes?"


def biases_as_well():
    return mistake("The biases are returned as well.",
                   "Only weights are asked for. How many things should come back?",
                   after=lambda w: (w, np.zeros(w.shape[1])))


def wrong_draws(draw):
    """Mistakes in drawing from any distribution, as edits of ``draw``, the call that draws in the solution."""

    def of_shape(fan_in, fan_out):
        return draw.replace("fan_in, fan_out", f"{fan_in}, {fan_out}")

    return [
        mistake("A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
                "Call your function twice: do two layers differ? Draw from the generator you are given.",
                *({draw: draw.replace("rng", f"np.random.default_rng({seed})")} for seed in (0, 42))),
        slip("generator_copied",
             {f"return {draw}": f"import copy\n    return {draw.replace('rng', 'copy.deepcopy(rng)')}"}),
        mistake(*TRANSPOSED, {draw: of_shape("fan_out", "fan_in")}),
        mistake("One column is drawn and repeated, so that all units are equal.", NUMBERS,
                {draw: f"np.repeat({of_shape('fan_in', 1)}, fan_out, axis=1)"}),
        mistake("One row is drawn and repeated: all inputs of a unit have the same weight.", NUMBERS,
                {draw: f"np.repeat({of_shape(1, 'fan_out')}, fan_in, axis=0)"}),
        mistake("One number is drawn for the whole layer, so that all units are equal.", NUMBERS,
                {draw: f"np.full((fan_in, fan_out), {of_shape(1, 1)})"}),
        biases_as_well(),
        *slips("list_for_array"),
    ]


def wrong_normals(draw, std):
    """Mistakes in drawing normal numbers; ``std`` is the text of their standard deviation."""
    even = "(2 * rng.random((fan_in, fan_out)) - 1)"
    return [
        *wrong_draws(draw),
        mistake("The numbers are uniform between 0 and 1, so they are neither normal nor centred on zero.",
                "What is the mean of your weights? Which method of rng draws standard normal numbers?",
                {draw: f"{std} * rng.random((fan_in, fan_out))"}),
        mistake("The numbers are uniform; their spread is right, their distribution is not.", BELL,
                {draw: f"np.sqrt(3) * {std} * {even}"}),
        mistake("The numbers are uniform between minus and plus the standard deviation.", BELL,
                {draw: f"{std} * {even}"}),
        mistake("No number is beyond two standard deviations: the distribution is truncated.",
                "The text asks for a normal distribution as it is.",
                {draw: f"np.clip({draw}, -2 * {std}, 2 * {std})"},
                {f"return {draw}": f"w = {draw}\n    while (far := np.abs(w) > 2 * {std}).any():\n"
                                   f"        w[far] = {std} * rng.standard_normal(far.sum())\n    return w"}),
        mistake("The weights are forced to have exactly this spread and mean; a draw has them only roughly.",
                "Draw ten layers of four weights: should all have the same np.std?",
                {f"return {draw}": f"w = {draw}\n    return (w - w.mean()) / w.std() * {std}"}),
        mistake("The standard deviation is 0.01, whatever was asked for.",
                "Measure np.std of your weights for several layers. What should it be?",
                {draw: f"0.01 * {STANDARD}"}),
        mistake("Standard normal numbers are divided by the standard deviation instead of multiplied by it.",
                "What multiplies a standard normal number to give it the spread you want?",
                {draw: f"{STANDARD} / {std}"}),
        mistake("The weights are all zero.",
                "What breaks the symmetry of the units? Draw from rng.",
                {draw: "np.zeros((fan_in, fan_out))"}),
    ]


def wrong_scales(share, fans):
    """Mistakes of an initialiser that draws normal numbers with the variance ``share / fans``."""
    std = f"np.sqrt({share} / {fans})"
    draw = f"init_normal(fan_in, fan_out, {std}, rng)"
    return [
        mistake("The variance is used as the standard deviation: the root is missing.",
                "The table gives variances. What must a standard normal number be multiplied by?",
                {std: f"{share} / {fans}"}),
        mistake(f"The {3 * share} belongs to the uniform distribution, where the root is a bound and not a standard "
                "deviation.",
                "What is the variance of numbers uniform between -r and r?",
                {std: f"np.sqrt({3 * share} / {fans})"}),
        mistake("The weights are not scaled: their standard deviation is 1.",
                "How many terms are in the sum that one unit computes, and what becomes of its variance?",
                {std: "1.0"}),
        mistake("The standard deviation is passed as the mean as well.",
                "Look at the order of rng.normal's arguments. What is the mean of your weights?",
                {draw: f"{std} + {draw}"}),
        mistake("Mean and standard deviation are exchanged: all weights are equal.",
                "Look at the order of rng.normal's arguments.",
                {draw: f"np.full((fan_in, fan_out), {std})"}),
        *wrong_normals(draw, std),
    ]


def two_outside_the_root(fans):
    return mistake("The 2 stands outside the root.",
                   "Is the 2 part of the variance or of the standard deviation?",
                   {f"np.sqrt(2 / {fans})": f"2 / np.sqrt({fans})"})


WRONG_UNIFORMS = [
    mistake("The standard deviation is used as the bound, so that the variance is three times too small.",
            "What is the variance of numbers uniform between -r and r?",
            {"np.sqrt(6": "np.sqrt(2"}),
    mistake("The root is missing in the bound.",
            "The 6 comes from 3 times the variance. What turns a variance into a distance?",
            {"np.sqrt(6": "(6"}),
    mistake("Only the 6 is under the root.",
            "Compute the bound for 8 inputs and 24 units by hand and with your code.",
            {"np.sqrt(6 / ": "np.sqrt(6) / ("}),
    mistake("The numbers run from 0 to the bound; none is negative.",
            "What is the mean of your weights? It should be 0.",
            {"-bound": "0.0"}),
    mistake("The numbers run from minus the bound to 0; none is positive.",
            "What is the mean of your weights? It should be 0.",
            {"-bound, bound": "-bound, 0.0"}),
    mistake("The whole width of the range is taken for its bound, so that the variance is four times too large.",
            "How far is it from minus the bound to plus the bound, and how far from 0 to the bound?",
            {"-bound, bound": "-2 * bound, 2 * bound"}),
    mistake("The numbers run from minus half to plus half of the bound.",
            "How far is it from minus the bound to plus the bound?",
            {"-bound, bound": "-bound / 2, bound / 2"}),
    mistake("Only one end is passed to rng.uniform, and the numbers run from there to 1, its default.",
            "Measure w.min() and w.max(). Are they opposite?",
            {"-bound, bound": "-bound"},
            {"-bound, bound": "bound"}),
    mistake("The numbers run from -1 to 1; the bound is not used.",
            "Measure np.abs(w).max(). What should it be for a wide layer?",
            {"-bound, bound": "-1.0, 1.0"}),
    mistake("The left end is -1 instead of minus the bound.",
            "Measure w.min() and w.max(). Are they opposite?",
            {"-bound": "-1.0"}),
    mistake("The numbers are normal, with the bound as standard deviation.",
            "Which method of rng draws evenly between two numbers?",
            {"uniform(-bound, bound": "normal(0.0, bound"}),
    mistake("The numbers are normal; their spread is right, their distribution is not.",
            "Draw a histogram: a bell or a box? Which method of rng draws evenly between two numbers?",
            {"uniform(-bound, bound": "normal(0.0, bound / np.sqrt(3)"}),
    mistake("All weights are equal to the bound.",
            "Where are the random numbers? The bound is the edge of their range.",
            {EVEN: "np.full((fan_in, fan_out), bound)"}),
    mistake("The weights are plus or minus the bound, and nothing between.",
            "Draw a histogram: a box or two spikes?",
            {"uniform(-bound, bound": "choice([-bound, bound]"}),
    mistake("The difference of two uniform numbers is not uniform: the middle is too full.",
            "Draw a histogram: a box or a tent?",
            {EVEN: "bound * (rng.random((fan_in, fan_out)) - rng.random((fan_in, fan_out)))"}),
    mistake("Evenly spaced numbers are not random.",
            "Which method of rng draws evenly between two numbers?",
            {EVEN: "np.linspace(-bound, bound, fan_in * fan_out).reshape(fan_in, fan_out)"}),
    mistake("Evenly spaced numbers in random order are not independent draws: every layer holds the same ones.",
            "Draw two layers: should their sorted weights be the same?",
            {EVEN: "rng.permutation(np.linspace(-bound, bound, fan_in * fan_out)).reshape(fan_in, fan_out)"}),
    *wrong_draws(EVEN),
]
