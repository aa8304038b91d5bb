"""ewa: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib import ewa as right_ewa
from nnlib.checks import assert_close, require

from .common import _average, _leaves_values_alone, _series


def test_ewa_follows_the_recursion(student, rng):
    """Each average is beta times the last plus (1 - beta) times the new value, starting from zero."""
    for length, beta in [(12, 0.9), (7, 0.3), (40, 0.98), (200, 0.95)]:
        _average(student, "ewa", rng.normal(size=length) * 3 + 1, beta, what=f"the averages with beta = {beta}")


def test_ewa_starts_from_zero(student):
    """The first average is (1 - beta) times the first value, and it is the only one of a series of one."""
    for beta in (0.4, 0.8, 0.95):
        got = _series(student.ewa(np.array([30.0, -8.0, 11.0]), beta), 3)
        require(np.shape(got) == (3,), "There must be one average a value.")
        assert_close(got[0], (1 - beta) * 30, what=f"the first average with beta = {beta}")
    assert_close(_series(student.ewa(np.array([30.0]), 0.8), 1), np.array([6.0]), what="the average of one value")


def test_ewa_weighs_old_values_less(student):
    """A value's weight is (1 - beta) at first and falls by the factor beta a step."""
    spike = np.zeros(20)
    spike[3] = 1.0
    expected = np.concatenate([np.zeros(3), 0.2 * 0.8 ** np.arange(17)])
    assert_close(_series(student.ewa(spike.copy(), 0.8), 20), expected, what="the weights of a single 1")


def test_ewa_of_a_constant_series_approaches_it(student):
    """A constant series is reached from below, as 1 - beta^t."""
    got = _series(student.ewa(np.append(np.zeros(3), np.ones(9)), 0.7), 12)
    expected = np.append(np.zeros(3), 1 - 0.7 ** np.arange(1, 10))
    assert_close(got, expected, what="the averages of a series of zeros and then ones")
    got = _series(student.ewa(np.full(30, -4.0), 0.7), 30)
    assert_close(got, -4.0 * (1 - 0.7 ** np.arange(1, 31)), what="the averages of a constant series")


def test_ewa_without_memory(student, rng):
    """With beta = 0 the averages are the values, with a small beta nearly."""
    values = rng.normal(size=9)
    _average(student, "ewa", values, 0.15, what="the averages with beta = 0.15")
    assert_close(_series(student.ewa(values.copy(), 0.0), 9), values, what="the averages with beta = 0")


def test_ewa_of_whole_numbers(student):
    """Averages of whole numbers keep their fractions."""
    _average(student, "ewa", np.array([7, -3, 12, 5, 5, 0]), 0.6, what="the averages of whole numbers")


def test_ewa_leaves_the_values_alone(student, rng):
    """The values stay as they came."""
    _leaves_values_alone(student, "ewa", rng.normal(size=8), 0.7)


@variant
def ewa_into_an_array(values, beta):
    averages = np.zeros(len(values))
    for t in range(len(values)):
        averages[t] = (beta * averages[t - 1] if t else 0.0) + (1 - beta) * values[t]
    return averages


@variant
def ewa_as_a_list(values, beta):
    averages = [0]
    for value in values.tolist():
        averages.append(averages[-1] + (1 - beta) * (value - averages[-1]))
    return averages[1:]


@variant
def ewa_as_a_matrix_product(values, beta):
    t = np.arange(len(values))
    ages = t[:, None] - t[None, :]
    weights = np.where(ages >= 0, (1 - beta) * float(beta) ** np.maximum(ages, 0), 0.0)
    return weights @ values


@variant
def ewa_by_convolution(values, beta):
    weights = (1 - beta) * np.power(float(beta), np.arange(len(values)))
    return np.convolve(values, weights)[: len(values)]


def ewa_with_the_zeroth(values, beta):
    averages = [0.0]
    for value in values:
        averages.append(beta * averages[-1] + (1 - beta) * value)
    return np.array(averages)


def ewa_one_step_late(values, beta):
    v, averages = 0.0, []
    for value in values:
        averages.append(v)
        v = beta * v + (1 - beta) * value
    return np.array(averages)


def ewa_cut_to_whole_numbers(values, beta):
    averages = np.zeros_like(values)
    v = 0.0
    for t, value in enumerate(values):
        v = beta * v + (1 - beta) * value
        averages[t] = v
    return averages


def ewa_of_two_neighbours(values, beta):
    before = np.concatenate([[0.0], values[:-1]])
    return beta * before + (1 - beta) * values


def ewa_as_a_window(values, beta):
    window = max(1, round(1 / (1 - beta)))
    return np.array([np.mean(values[max(0, t + 1 - window) : t + 1]) for t in range(len(values))])


def ewa_only_the_last(values, beta):
    v = 0.0
    for value in values:
        v = beta * v + (1 - beta) * value
    return v


def ewa_corrected_too_early(values, beta):
    return right_ewa(values, beta) / (1 - beta ** np.arange(1, len(values) + 1))


def ewa_over_its_input(values, beta):
    values[...] = right_ewa(values.astype(float), beta)
    return values


def ewa_that_skips_the_first(values, beta):
    averages = np.zeros(len(values))
    for t in range(1, len(values)):
        averages[t] = beta * averages[t - 1] + (1 - beta) * values[t]
    return averages


def ewa_returns_the_values(values, beta):
    return values.copy()


def ewa_with_a_fixed_beta(values, beta):
    return right_ewa(values, 0.9)


def ewa_as_a_running_mean(values, beta):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


def ewa_with_weights_from_the_wrong_end(values, beta):
    shares = (1 - beta) * beta ** np.arange(len(values))
    return np.cumsum(shares * values)


def ewa_of_two_shares(values, beta):
    v = (1 - beta) * values.astype(float)
    v[1:] += beta * v[:-1].copy()
    return v


def ewa_without_memory(values, beta):
    return (1 - beta) * values


def ewa_returns_within_the_loop(values, beta):
    return np.array([(1 - beta) * values[0]])


def ewa_recursion_in_whole_numbers(values, beta):
    averages = np.zeros_like(values)
    for t in range(len(values)):
        averages[t] = beta * averages[t - 1] + (1 - beta) * values[t]
    return averages


MISTAKES = [
    mistake("β and 1 − β are swapped: the new value gets nearly all the weight.",
            "With β = 0.9, which should count more: the average so far or today's value?",
            {"beta * v +": "", ") *": ") * v + beta *"}),
    mistake("The average starts from the first value instead of from zero.",
            "The formula says v_0 = 0. What is v_1 then?",
            {"0.0": "values[0]"}),
    mistake("v_0 is in the result, which is one entry too long.",
            "How many averages belong to three values?",
            by=ewa_with_the_zeroth),
    mistake("The averages are one step late: each is noted before its own value was mixed in.",
            "Which comes first in your loop, the update or the note?",
            by=ewa_one_step_late),
    mistake("The factor 1 − β at the new value is missing, so this is a fading sum and not an average.",
            "A series of ones: what should its average approach, and what does yours?",
            {"(1 - beta) *": ""}),
    mistake("The averages are stored in an array of whole numbers, which cuts their fractions off.",
            "What dtype has zeros_like of an array of whole numbers?",
            by=ewa_cut_to_whole_numbers),
    mistake("The previous *value* is mixed in, not the previous average: nothing older than a day counts.",
            "Where do the values of two days ago come in?",
            by=ewa_of_two_neighbours),
    mistake("This is a plain mean over a window of the last 1/(1 − β) values.",
            "The window is how one speaks about β. What does the formula keep from one value to the next?",
            by=ewa_as_a_window),
    mistake("Only the last average is returned.",
            "One average for each value is asked for. Where do the earlier ones go?",
            by=ewa_only_the_last),
    mistake("The averages are corrected for their start already; that is the next exercise.",
            "Return v_t itself here, small as the first ones are.",
            by=ewa_corrected_too_early),
    mistake("The averages are written into the array that was passed in.",
            "Does `values` still hold the temperatures afterwards? Collect the averages elsewhere.",
            by=ewa_over_its_input),
    mistake("The first average stays at zero: the loop begins with the second value.",
            "v_1 is the first average and has the first value in it. Where does your loop begin?",
            by=ewa_that_skips_the_first),
    mistake("The values come back as they are; nothing is averaged.",
            "What do you return: the averages or the values?",
            by=ewa_returns_the_values),
    mistake("0.9 is used whatever beta is passed.",
            "Does your result change with beta?",
            by=ewa_with_a_fixed_beta),
    mistake("This is the plain mean of everything so far; beta is not used.",
            "Where does beta occur, and which value should count most?",
            by=ewa_as_a_running_mean),
    mistake("The weights are put on from the wrong end: the oldest value counts most.",
            "In which order do the powers of β have to meet the values?",
            by=ewa_with_weights_from_the_wrong_end),
    mistake("Only today's and yesterday's value are mixed: what is shifted is the share, not the average.",
            "Does the first of three values still count in the third average?",
            by=ewa_of_two_shares),
    mistake("v is never carried on: each average starts from zero.",
            "Where does the next value find the last average?",
            by=ewa_without_memory),
    mistake("The return stands in the loop, so that only the first average comes back.",
            "When are you done: after the first value or after the last?",
            by=ewa_returns_within_the_loop),
    mistake("The recursion reads from an array of whole numbers, so every average is cut off and passed on like that.",
            "Which dtype does zeros_like take from an array of whole numbers?",
            by=ewa_recursion_in_whole_numbers),
]
