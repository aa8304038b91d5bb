"""ewa_corrected: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, family, mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import AVERAGES, CUT_OFF, SHARES_SWAPPED, averages_agree, series

HINTS = (
    'What is wrong with the first averages: are they too small by the same amount, or by the same share?',
    'After t values the weights of all values do not add up to 1 yet. To what do they add up, and what makes '
    'up for it?',
    'With beta 0.5 the values 8, 2 give 4 and 3. The weights used so far sum to 0.5 after one value and to '
    '0.75 after two: 4/0.5 = 8 and 3/0.75 = 4. The correction is not fed back into the average.',
)


def test_ewa_corrected_is_a_weighted_mean(student, rng):
    """The weights of the values so far add up to 1 at every step."""
    for length, beta in [(12, 0.9), (7, 0.3), (40, 0.98), (200, 0.95)]:
        what = f"the corrected averages with beta = {beta}"
        averages_agree(student, "ewa_corrected", rng.normal(size=length) * 3 + 1, beta, what=what)


@easy
def test_ewa_corrected_of_a_constant_series(student):
    """A constant series stays what it is from the first value on."""
    for beta in (0.5, 0.98):
        got = series(student.ewa_corrected(np.full(25, -6.5), beta), 25)
        assert_close(got, np.full(25, -6.5), what=f"the corrected averages of a constant series, beta = {beta}")


def test_ewa_corrected_begins_with_the_first_value(student):
    """The first corrected average is the first value, and it is the only one of a series of one."""
    got = series(student.ewa_corrected(np.array([-3.0, 5.0, 2.0]), 0.6), 3)
    expected = [-3.0, (0.24 * -3 + 0.4 * 5) / 0.64, (0.144 * -3 + 0.24 * 5 + 0.4 * 2) / 0.784]
    assert_close(got, np.array(expected), what="the corrected averages of three values")
    got = series(student.ewa_corrected(np.array([12.5]), 0.98), 1)
    assert_close(got, np.array([12.5]), what="the corrected average of one value")


def test_ewa_corrected_fades_away(student, rng):
    """After many values the correction changes nothing any more."""
    values = rng.normal(size=300) + 5
    got = series(student.ewa_corrected(values.copy(), 0.8), 300)
    plain = reference.ewa(values, 0.8)
    require(np.shape(got) == (300,), "There must be one average per value.")
    assert_close(got[200:], plain[200:], what="the late averages")
    require(abs(got[0] - plain[0]) > 1, "The first average must be corrected.")


TESTS = family("ewa_corrected", AVERAGES, "ewa_corrected")


@variant
def in_one_loop(values, beta):
    v, share, averages = 0.0, 1.0, []
    for value in values:
        v, share = beta * v + (1 - beta) * value, share * beta
        averages.append(v / (1 - share))
    return averages


@variant
def as_weighted_means(values, beta):
    means = np.zeros(len(values))
    for t in range(len(values)):
        means[t] = np.average(values[: t + 1], weights=float(beta) ** np.arange(t, -1, -1))
    return means


@variant
def by_an_average_of_ones(values, beta):
    tops, ones, v, u = [], [], 0.0, 0.0
    for value in values:
        v, u = beta * v + (1 - beta) * value, beta * u + (1 - beta)
        tops.append(v)
        ones.append(u)
    return np.array(tops) / np.array(ones)


COUNT = "np.arange(1, len(values) + 1)"
PLAIN = "ewa(values, beta)"
DIVISOR = "(1 - beta**t)"
RESULT = f"{PLAIN} / {DIVISOR}"
AS_ARRAY = {"return averages": "return np.array(averages)"}
MISTAKES = [
    mistake("t counts from 0, so the first average is divided by 1 − β⁰ = 0.",
            "How many values are in the first average? That is its t.",
            {COUNT: "np.arange(len(values))"}),
    mistake("t counts from 0, and the first average has a divisor of its own.",
            "How many values are in the second average? That is its t.",
            {DIVISOR: "np.where(t > 1, 1 - beta ** (t - 1), 1 - beta)"}),
    mistake("t is one too large: the first average is divided by 1 − β².",
            "How many values are in the first average? That is its t.",
            {COUNT: "np.arange(2, len(values) + 2)"}),
    mistake("All averages are divided by the last one's 1 − β^T.",
            "Each average has its own t. Which of them needs the correction most?",
            {COUNT: "len(values)"}),
    mistake("The corrected average is fed back into the recursion, so it is corrected again and again.",
            "The correction is for reading. Which v must the next step go on from?",
            {"averages.append(v / (1 - share))": "v /= 1 - share\n        averages.append(v)", **AS_ARRAY},
            of=in_one_loop),
    mistake("β is multiplied by t instead of raised to the power of t.",
            "What do the weights of t values add up to? Try t = 2 by hand.",
            {DIVISOR: "(1 - beta * t)"}),
    mistake("The power is taken of 1 − β instead of β.",
            "Brackets: which comes first in 1 − βᵗ, the power or the minus?",
            {DIVISOR: "(1 - beta) ** t"}),
    mistake("The averages are multiplied by 1 − βᵗ instead of divided by it: they become even smaller.",
            "The plain averages are too small at first. Does your correction raise them?",
            {RESULT: f"{PLAIN} * {DIVISOR}"}),
    mistake("Every average is divided by 1 − β, whatever its t.",
            "Does the correction die out after many values, as it should?",
            {DIVISOR: "(1 - beta)"}),
    mistake("The averages are not corrected at all.",
            "What is your result for a series of equal values, on the first day?",
            {RESULT: PLAIN}),
    mistake("The average starts from the first value; that repairs the start as well, but it is another average.",
            "With that start the first value keeps too much weight for long. Start from zero, and divide.",
            {"averages = 0.0": "averages = values[0]", "v / (1 - share)": "v", **AS_ARRAY}, of=in_one_loop),
    mistake("Only the first average is corrected.",
            "The second average lacks weight too: 1 − (1 − β²) of it. Which t does its correction have?",
            {DIVISOR: "np.where(t == 1, 1 - beta, 1)"}),
    mistake("The averages are divided by βᵗ instead of 1 − βᵗ, so they grow without end.",
            "What should the divisor approach after many values?",
            {DIVISOR: "beta**t"}),
    mistake("t counts from 0, and the first average, which would be divided by zero, is left as it is.",
            "The first average needs the correction most. What is its t?",
            {DIVISOR: "np.where(t > 1, 1 - beta ** (t - 1), 1)"}),
    mistake("The average starts from the first value and is corrected on top of that.",
            "One repairs the start by a better first value or by dividing, not by both.",
            {"averages = 0.0, 1.0, []": "averages = values[0], beta, [values[0]]", "in values:": "in values[1:]:",
             **AS_ARRAY}, of=in_one_loop),
    mistake(*CUT_OFF, {RESULT: f"np.array({RESULT}, dtype=values.dtype)"}),
    mistake("β and 1 − β are swapped in the average, though the correction is right.",
            SHARES_SWAPPED.format("value"),
            {PLAIN: "ewa(values, 1 - beta)"}),
    mistake("The factor 1 − β is missing in the average, so the corrected ones are too large.",
            "A constant series of 20 should stay at 20. Does yours?",
            {PLAIN: f"{PLAIN} / (1 - beta)"}),
    mistake("The divisor is the sum of the powers of β; the weights of the values have a factor 1 − β more.",
            "What is the weight of the newest value: 1 or 1 − β? A constant series of 20 should stay at 20.",
            {DIVISOR: "((1 - beta**t) / (1 - beta))"}),
    mistake("The divisor has 1 − β in the place of β: 1 − (1 − β)ᵗ.",
            "What do the weights of two values add up to with β = 0.98?",
            {DIVISOR: "(1 - (1 - beta) ** t)"}),
    mistake("The sign in the divisor is wrong: 1 + βᵗ.",
            "What is the weight of the first value in v_1: 1 − β or 1 + β?",
            {DIVISOR: "(1 + beta**t)"}),
    mistake("Only the last average is returned.",
            "How many averages does a series of T values have?",
            after=lambda averages: averages[-1]),
    slip("writes_into_input", {f"return {RESULT}": f"values[:] = {RESULT}\n    return values"}, what="values"),
    mistake("This is the plain mean of everything so far.",
            "Should the first of a hundred values count as much as the last?",
            {RESULT: "np.cumsum(values) / t"}),
]
