"""ewa: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import AVERAGES, CUT_OFF, averages_agree, fixed, series

HINTS = (
    'The average remembers one number between two values. Which, and what is it before the first value?',
    'Each value changes the average a little: how much of the old one stays, how much of the new one comes '
    'in? The two shares add up to 1.',
    'With beta 0.5 and the values 8, 2, 6 by hand: 0.5·0 + 0.5·8 = 4; then 0.5·4 + 0.5·2 = 3; then 0.5·3 + '
    '0.5·6 = 4.5. The result holds 4, 3 and 4.5, one for each value.',
)


def test_ewa_follows_the_recursion(student, rng):
    """Each average is beta times the last plus (1 - beta) times the new value, starting from zero."""
    for length, beta in [(12, 0.9), (7, 0.3), (40, 0.98), (200, 0.95)]:
        averages_agree(student, "ewa", rng.normal(size=length) * 3 + 1, beta, what=f"the averages with beta = {beta}")


def test_ewa_starts_from_zero(student):
    """The first average is (1 - beta) times the first value, and it is the only one of a series of one."""
    for beta in (0.4, 0.8, 0.95):
        got = series(student.ewa(np.array([30.0, -8.0, 11.0]), beta), 3)
        require(np.shape(got) == (3,), "There must be one average per value.")
        assert_close(got[0], (1 - beta) * 30, what=f"the first average with beta = {beta}")
    assert_close(series(student.ewa(np.array([30.0]), 0.8), 1), np.array([6.0]), what="the average of one value")


def test_ewa_weighs_old_values_less(student):
    """A value's weight is (1 - beta) at first and falls by the factor beta with each step."""
    spike = np.zeros(20)
    spike[3] = 1.0
    expected = np.concatenate([np.zeros(3), 0.2 * 0.8 ** np.arange(17)])
    assert_close(series(student.ewa(spike.copy(), 0.8), 20), expected, what="the weights of a single 1")


def test_ewa_of_a_constant_series_approaches_it(student):
    """A constant series is reached from below, as 1 - beta^t."""
    got = series(student.ewa(np.append(np.zeros(3), np.ones(9)), 0.7), 12)
    expected = np.append(np.zeros(3), 1 - 0.7 ** np.arange(1, 10))
    assert_close(got, expected, what="the averages of a series of zeros and then ones")
    got = series(student.ewa(np.full(30, -4.0), 0.7), 30)
    assert_close(got, -4.0 * (1 - 0.7 ** np.arange(1, 31)), what="the averages of a constant series")


TESTS = family("ewa", AVERAGES, "ewa")


@variant
def into_an_array(values, beta):
    averages = np.zeros(len(values))
    for t in range(len(values)):
        averages[t] = (beta * averages[t - 1] if t else 0.0) + (1 - beta) * values[t]
    return averages


@variant
def as_a_list(values, beta):
    averages = [0]
    for value in values.tolist():
        averages.append(averages[-1] + (1 - beta) * (value - averages[-1]))
    return averages[1:]


@variant
def as_a_matrix_product(values, beta):
    t = np.arange(len(values))
    ages = t[:, None] - t[None, :]
    weights = np.where(ages >= 0, (1 - beta) * float(beta) ** np.maximum(ages, 0), 0.0)
    return weights @ values


@variant
def by_convolution(values, beta):
    weights = (1 - beta) * np.power(float(beta), np.arange(len(values)))
    return np.convolve(values, weights)[: len(values)]


def window(values, beta):
    length = max(1, round(1 / (1 - beta)))
    return np.array([np.mean(values[max(0, t + 1 - length) : t + 1]) for t in range(len(values))])


START = "v, averages = 0.0, []"
MIXED = "beta * v + (1 - beta) * value"
RESULT = "np.array(averages)"
MISTAKES = [
    mistake("β and 1 − β are swapped: the new value gets nearly all the weight.",
            "With β = 0.9, which should count more: the average so far or today's value?",
            {MIXED: "(1 - beta) * v + beta * value"}),
    mistake("The average starts from the first value instead of from zero.",
            "The formula says v_0 = 0. What is v_1 then?",
            {START: "v, averages = values[0], []"}),
    mistake("v_0 is in the result, which is one entry too long.",
            "How many averages belong to three values?",
            {START: "v, averages = 0.0, [0.0]"}),
    mistake("The averages are one step late: each is noted before its own value was mixed in.",
            "Which comes first in your loop, the update or the note?",
            {f"v = {MIXED}\n        averages.append(v)": f"averages.append(v)\n        v = {MIXED}"}),
    mistake("The factor 1 − β at the new value is missing, so this is a fading sum and not an average.",
            "A series of ones: what should its average approach, and what does yours?",
            {"(1 - beta) * value": "value"}),
    mistake(*CUT_OFF,
            {RESULT: "np.array(averages, dtype=values.dtype)"},
            {MIXED: f"values.dtype.type({MIXED})"}),
    mistake("The previous *value* is mixed in, not the previous average: nothing older than a day counts.",
            "Where do the values of two days ago come in?",
            {START: "last, averages = 0.0, []", "beta * v": "beta * last",
             "append(v)": "append(v)\n        last = value"}),
    mistake("This is a plain mean over a window of the last 1/(1 − β) values.",
            "The window is how one speaks about β. What does the formula keep from one value to the next?",
            by=window),
    mistake("Only the last average is returned.",
            "One average for each value is asked for. Where do the earlier ones go?",
            {RESULT: "v"}),
    mistake("The averages are corrected for their start already; that is the next exercise.",
            "Return v_t itself here, small as the first ones are.",
            {"append(v)": "append(v / (1 - beta ** (len(averages) + 1)))"}),
    slip("writes_into_input", {f"return {RESULT}": "values[:] = averages\n    return values"}, what="values"),
    mistake("The first average stays at zero: the loop begins with the second value.",
            "v_1 is the first average and has the first value in it. Where does your loop begin?",
            {START: "v, averages = 0.0, [0.0]", "in values:": "in values[1:]:"}),
    mistake("The values come back as they are; nothing is averaged.",
            "What do you return: the averages or the values?",
            {RESULT: "values.copy()"}),
    fixed("beta", "0.9", {MIXED: "0.9 * v + (1 - 0.9) * value"}),
    mistake("This is the plain mean of everything so far; beta is not used.",
            "Where does beta occur, and which value should count most?",
            {RESULT: "np.cumsum(values) / np.arange(1, len(values) + 1)"}),
    mistake("The weights are put on from the wrong end: the oldest value counts most.",
            "In which order do the powers of β have to meet the values?",
            {RESULT: "np.cumsum((1 - beta) * beta ** np.arange(len(values)) * values)"}),
    mistake("Only today's and yesterday's value are mixed: what is shifted is the share, not the average.",
            "Does the first of three values still count in the third average?",
            {START: "last, averages = 0.0, []", "beta * v": "beta * last",
             "append(v)": "append(v)\n        last = (1 - beta) * value"}),
    mistake("v is never carried on: each average starts from zero.",
            "Where does the next value find the last average?",
            {"beta * v +": ""}),
    slip("return_in_the_loop", {"    return": "        return"}),
]
