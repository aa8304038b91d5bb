"""inverse_time_decay: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant

from .common import rates

HINTS = (
    'At epoch 0 nothing has fallen yet. What must the denominator be then?',
    'The rate is divided by something that grows by the same amount in each epoch.',
    'From 0.6 with a decay of 0.5: epoch 0 gives 0.6, epoch 2 gives 0.6/2 = 0.3, epoch 4 gives 0.6/3 = 0.2.',
)


def test_inverse_time_decay_of_several_epochs(student):
    """The starting rate is divided by 1 + rate * epoch."""
    rates(student, "inverse_time_decay", [(0.3, 1, 0.5), (0.3, 2, 0.5), (0.3, 7, 0.5), (0.05, 40, 0.1), (1.5, 3, 2.0)])


@easy
def test_inverse_time_decay_starts_with_the_full_rate(student):
    """At epoch 0 the rate is lr0 itself."""
    rates(student, "inverse_time_decay", [(0.3, 0, 0.5), (0.02, 0, 4.0)])


def test_inverse_time_decay_of_whole_numbers(student):
    """Whole numbers are divided without cutting off the fraction."""
    rates(student, "inverse_time_decay", [(1, 3, 1), (2, 2, 3), (1, 1, 2), (3, 1, 1)])


def test_inverse_time_decay_between_epochs(student):
    """A fraction of an epoch counts as a fraction."""
    rates(student, "inverse_time_decay", [(0.4, 2.5, 0.8), (0.4, 0.25, 1.0), (0.4, 2.75, 0.8)])


def test_inverse_time_decay_without_decay(student):
    """With a rate of 0 it stays lr0, and with a small one it has hardly fallen."""
    rates(student, "inverse_time_decay", [(0.3, 9, 0.0), (0.3, 9, 0.01), (0.7, 100, 0)])


def test_inverse_time_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    rates(student, "inverse_time_decay", [(0.6, e, 0.3) for e in (5, 1, 8, 1, 0, 5)])


@variant
def by_power(lr0, epoch, rate):
    return lr0 * (1.0 + epoch * rate) ** -1


@variant
def in_numpy(lr0, epoch, rate):
    return np.divide(lr0, np.add(1, np.multiply(rate, epoch)))


@variant
def as_a_zero_axis_array(lr0, epoch, rate):
    return np.array(1 / (1 / lr0 + rate * epoch / lr0))


MISTAKES = [
    mistake("One is subtracted from the epoch, as if it counted from 1.",
            "The number that you are given goes into the formula as it is. What must epoch 1 give for 0.2 and rate 1?",
            {"rate * epoch)": "rate * (epoch - 1))"}),
    mistake("One is added to the epoch, so the full rate is never used.",
            "The number that you are given goes into the formula as it is. What must epoch 0 give?",
            {"rate * epoch)": "rate * (epoch + 1))"}),
    mistake("Brackets are missing: only the 1 is divided by, and the rest is added.",
            "What does Python compute first in lr0 / 1 + rate * epoch?",
            {"(1 + rate * epoch)": "1 + rate * epoch"}),
    mistake("The division is one of whole numbers, which cuts the fraction off.",
            "What is 1 // 4? Which operator keeps the fraction?",
            {"lr0 /": "lr0 //"}),
    mistake("The starting rate is left out: this is the factor alone.",
            "What should epoch 0 give for lr0 = 0.2?",
            {"lr0 /": "1 /"}),
    mistake("The rate compounds: 1 + rate is raised to the power of the epoch.",
            "Compare epochs 1 and 2: does the denominator grow by adding or by multiplying?",
            {"rate * epoch)": "rate) ** epoch"}),
    mistake("The already decayed rate is decayed again at each epoch, so the denominators multiply up.",
            "The formula starts from lr0 at every epoch, not from the last rate.",
            *({"return lr0 / (1 + rate * epoch)":
                   f"for e in range({ends}):\n        lr0 /= 1 + rate * e\n    return lr0"}
              for ends in ("int(epoch) + 1", "epoch + 1"))),
    mistake("The rate falls along a straight line instead of being divided.",
            "What happens to lr0 * (1 - rate * epoch) after many epochs? A learning rate must not become negative.",
            {"/ (1 +": "* (1 -"}),
    mistake("The starting rate is multiplied by 1 + rate * epoch: it grows.",
            "Which way should the rate go over time?",
            {"lr0 /": "lr0 *"}),
    mistake("The 1 in the denominator is missing.",
            "What does your formula give for epoch 0?",
            {"(1 + rate": "(rate"}),
    mistake("Fractions of an epoch are cut off.",
            "Epoch 2.5 is half-way through the third epoch; int(2.5) is not.",
            {"rate * epoch)": "rate * int(epoch))"}),
    mistake("rate and epoch are added, not multiplied.",
            "With a rate of 0 nothing should decay. Does it with yours?",
            {"rate * epoch)": "rate + epoch)"}),
    mistake("rate is not used: the starting rate is divided by 1 + epoch.",
            "Where does the argument rate occur in your function?",
            {"rate * epoch)": "epoch)"}),
    mistake("The sign in the denominator is wrong: with 1 - rate * epoch the rate grows and turns negative.",
            "What should the denominator do as the epochs go by?",
            {"(1 + rate": "(1 - rate"}),
    mistake("Brackets are misplaced: 1 + rate is multiplied by the epoch.",
            "What does your denominator come to at epoch 0?",
            {"(1 + rate * epoch)": "((1 + rate) * epoch)"}),
    mistake("This is exponential decay, exp(-rate * epoch); inverse time decay divides.",
            "Compare epochs 1 and 2 with the table: is the ratio the same from each epoch to the next?",
            {"/ (1 + rate * epoch)": "* math.exp(-rate * epoch)"}),
]
