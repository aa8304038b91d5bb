"""ewa_corrected: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib import ewa as right_ewa
from nnlib.checks import assert_close, require

from .common import _average, _leaves_values_alone, _series


def test_ewa_corrected_is_a_weighted_mean(student, rng):
    """The weights of the values so far add up to 1 at every step."""
    for length, beta in [(12, 0.9), (7, 0.3), (40, 0.98), (200, 0.95)]:
        what = f"the corrected averages with beta = {beta}"
        _average(student, "ewa_corrected", rng.normal(size=length) * 3 + 1, beta, what=what)


@easy
def test_ewa_corrected_of_a_constant_series(student):
    """A constant series stays what it is from the first value on."""
    for beta in (0.5, 0.98):
        got = _series(student.ewa_corrected(np.full(25, -6.5), beta), 25)
        assert_close(got, np.full(25, -6.5), what=f"the corrected averages of a constant series, beta = {beta}")


def test_ewa_corrected_begins_with_the_first_value(student):
    """The first corrected average is the first value, and it is the only one of a series of one."""
    got = _series(student.ewa_corrected(np.array([-3.0, 5.0, 2.0]), 0.6), 3)
    expected = [-3.0, (0.24 * -3 + 0.4 * 5) / 0.64, (0.144 * -3 + 0.24 * 5 + 0.4 * 2) / 0.784]
    assert_close(got, np.array(expected), what="the corrected averages of three values")
    got = _series(student.ewa_corrected(np.array([12.5]), 0.98), 1)
    assert_close(got, np.array([12.5]), what="the corrected average of one value")


def test_ewa_corrected_fades_away(student, rng):
    """After many values the correction changes nothing any more."""
    values = rng.normal(size=300) + 5
    got = _series(student.ewa_corrected(values.copy(), 0.8), 300)
    plain = reference.ewa(values, 0.8)
    require(np.shape(got) == (300,), "There must be one average a value.")
    assert_close(got[200:], plain[200:], what="the late averages")
    require(abs(got[0] - plain[0]) > 1, "The first average must be corrected.")


def test_ewa_corrected_without_memory(student, rng):
    """With beta = 0 the averages are the values, with a small beta nearly."""
    values = rng.normal(size=6)
    _average(student, "ewa_corrected", values, 0.1, what="the averages with beta = 0.1")
    assert_close(_series(student.ewa_corrected(values.copy(), 0.0), 6), values, what="the averages with beta = 0")


def test_ewa_corrected_of_whole_numbers(student):
    """Averages of whole numbers keep their fractions."""
    _average(student, "ewa_corrected", np.array([7, -3, 12, 5, 5, 0]), 0.6, what="the averages of whole numbers")


def test_ewa_corrected_leaves_the_values_alone(student, rng):
    """The values stay as they came."""
    _leaves_values_alone(student, "ewa_corrected", rng.normal(size=8), 0.7)


@variant
def corrected_in_one_loop(values, beta):
    v, share, averages = 0.0, 1.0, []
    for value in values:
        v, share = beta * v + (1 - beta) * value, share * beta
        averages.append(v / (1 - share))
    return averages


@variant
def corrected_as_weighted_means(values, beta):
    means = np.zeros(len(values))
    for t in range(len(values)):
        means[t] = np.average(values[: t + 1], weights=float(beta) ** np.arange(t, -1, -1))
    return means


@variant
def corrected_by_an_average_of_ones(values, beta):
    tops, ones, v, u = [], [], 0.0, 0.0
    for value in values:
        v, u = beta * v + (1 - beta) * value, beta * u + (1 - beta)
        tops.append(v)
        ones.append(u)
    return np.array(tops) / np.array(ones)


def corrected_counting_from_zero(values, beta):
    return right_ewa(values, beta) / (1 - beta ** np.arange(len(values)))


def corrected_counting_from_two(values, beta):
    return right_ewa(values, beta) / (1 - beta ** np.arange(2, len(values) + 2))


def corrected_by_the_last(values, beta):
    return right_ewa(values, beta) / (1 - beta ** len(values))


def corrected_and_fed_back(values, beta):
    v, averages = 0.0, []
    for t, value in enumerate(values, start=1):
        v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        averages.append(v)
    return np.array(averages)


def corrected_with_a_product(values, beta):
    return right_ewa(values, beta) / (1 - beta * np.arange(1, len(values) + 1))


def corrected_with_misplaced_brackets(values, beta):
    return right_ewa(values, beta) / (1 - beta) ** np.arange(1, len(values) + 1)


def corrected_by_multiplying(values, beta):
    return right_ewa(values, beta) * (1 - beta ** np.arange(1, len(values) + 1))


def corrected_by_a_constant(values, beta):
    return right_ewa(values, beta) / (1 - beta)


def corrected_not_at_all(values, beta):
    return right_ewa(values, beta)


def corrected_by_starting_elsewhere(values, beta):
    v, averages = values[0], []
    for value in values:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages)


def corrected_only_at_first(values, beta):
    averages = right_ewa(values, beta)
    averages[0] = values[0]
    return averages


def corrected_by_the_missing_weight(values, beta):
    return right_ewa(values, beta) / beta ** np.arange(1, len(values) + 1)


def corrected_counting_from_zero_with_a_patch(values, beta):
    averages = right_ewa(values, beta)
    averages[1:] = averages[1:] / (1 - beta ** np.arange(1, len(values)))
    return averages


def corrected_on_top_of_the_first_value(values, beta):
    v = values[0]
    averages = [v]
    for t, value in enumerate(values[1:], start=2):
        v = beta * v + (1 - beta) * value
        averages.append(v / (1 - beta**t))
    return np.array(averages)


def corrected_cut_to_whole_numbers(values, beta):
    averages = np.zeros_like(values)
    averages[...] = right_ewa(values, beta) / (1 - beta ** np.arange(1, len(values) + 1))
    return averages


def corrected_with_shares_swapped(values, beta):
    return right_ewa(values, 1 - beta) / (1 - beta ** np.arange(1, len(values) + 1))


def corrected_as_a_fading_sum(values, beta):
    v, sums = 0.0, []
    for t, value in enumerate(values, start=1):
        v = beta * v + value
        sums.append(v / (1 - beta**t))
    return np.array(sums)


def corrected_with_the_other_share(values, beta):
    return right_ewa(values, beta) / (1 - (1 - beta) ** np.arange(1, len(values) + 1))


def corrected_with_a_plus(values, beta):
    return right_ewa(values, beta) / (1 + beta ** np.arange(1, len(values) + 1))


def corrected_only_the_last(values, beta):
    return right_ewa(values, beta)[-1] / (1 - beta ** len(values))


def corrected_over_its_input(values, beta):
    v = 0.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        values[t] = v / (1 - beta ** (t + 1))
    return values


def corrected_as_a_running_mean(values, beta):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


MISTAKES = [
    mistake("t counts from 0, so the first average is divided by 1 − β⁰ = 0.",
            "How many values are in the first average? That is its t.",
            by=corrected_counting_from_zero),
    mistake("t is one too large: the first average is divided by 1 − β².",
            "How many values are in the first average? That is its t.",
            by=corrected_counting_from_two),
    mistake("All averages are divided by the last one's 1 − β^T.",
            "Each average has its own t. Which of them needs the correction most?",
            by=corrected_by_the_last),
    mistake("The corrected average is fed back into the recursion, so it is corrected again and again.",
            "The correction is for reading. Which v must the next step go on from?",
            by=corrected_and_fed_back),
    mistake("β is multiplied by t instead of raised to the power of t.",
            "The weights of t values add up to what? Try t = 2 by hand.",
            by=corrected_with_a_product),
    mistake("The power is taken of 1 − β instead of β.",
            "Brackets: which comes first in 1 − βᵗ, the power or the minus?",
            by=corrected_with_misplaced_brackets),
    mistake("The averages are multiplied by 1 − βᵗ instead of divided by it: they become even smaller.",
            "The plain averages are too small at first. Does your correction raise them?",
            by=corrected_by_multiplying),
    mistake("Every average is divided by 1 − β, whatever its t.",
            "Does the correction die out after many values, as it should?",
            by=corrected_by_a_constant),
    mistake("The averages are not corrected at all.",
            "What is your result for a series of equal values, on the first day?",
            by=corrected_not_at_all),
    mistake("The average starts from the first value; that also mends the start, but it is another average.",
            "With that start the first value keeps too much weight for long. Start from zero, and divide.",
            by=corrected_by_starting_elsewhere),
    mistake("Only the first average is corrected.",
            "The second average lacks weight too: 1 − (1 − β²) of it. Which t does its correction have?",
            by=corrected_only_at_first),
    mistake("The averages are divided by βᵗ instead of 1 − βᵗ, so they grow without end.",
            "What should the divisor approach after many values?",
            by=corrected_by_the_missing_weight),
    mistake("t counts from 0, and the first average, which would be divided by zero, is left as it is.",
            "The first average needs the correction most. What is its t?",
            by=corrected_counting_from_zero_with_a_patch),
    mistake("The average starts from the first value and is corrected on top of that.",
            "One mends the start by a better first value or by dividing, not by both.",
            by=corrected_on_top_of_the_first_value),
    mistake("The averages are stored in an array of whole numbers, which cuts their fractions off.",
            "Which dtype does zeros_like take from an array of whole numbers?",
            by=corrected_cut_to_whole_numbers),
    mistake("β and 1 − β are swapped in the average, though the correction is right.",
            "With β = 0.9, which should count more: the average so far or the new value?",
            by=corrected_with_shares_swapped),
    mistake("The factor 1 − β is missing in the average, so the corrected ones are too large.",
            "A constant series of 20 should stay at 20. Does yours?",
            by=corrected_as_a_fading_sum),
    mistake("The divisor has 1 − β in the place of β: 1 − (1 − β)ᵗ.",
            "What do the weights of two values add up to with β = 0.98?",
            by=corrected_with_the_other_share),
    mistake("The sign in the divisor is wrong: 1 + βᵗ.",
            "What do the weights of the first value add up to: 1 − β or 1 + β?",
            by=corrected_with_a_plus),
    mistake("Only the last average is returned.",
            "How many averages does a series of T values have?",
            by=corrected_only_the_last),
    mistake("The corrected averages are written into the array that was passed in.",
            "Who else may still need the values?",
            by=corrected_over_its_input),
    mistake("This is the plain mean of everything so far.",
            "Should the first of a hundred values count as much as the last?",
            by=corrected_as_a_running_mean),
]
