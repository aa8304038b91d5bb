"""sqrt_decay: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import mistake, variant

from .common import rates

HINTS = (
    'How are epochs counted here: can there be an epoch 0?',
    'To halve the rate, how many times as many epochs does it take? Which root says so?',
    'With k = 0.6: epoch 1 gives 0.6, epoch 4 gives 0.3, epoch 9 gives 0.2.',
)


def test_sqrt_decay_of_several_epochs(student):
    """The starting rate times k is divided by the root of the epoch."""
    rates(student, "sqrt_decay", [(0.3, 4, 1.0), (0.3, 2, 1.0), (0.3, 7, 0.5), (0.05, 50, 2.0), (1.5, 3, 0.8)])


def test_sqrt_decay_counts_from_one(student):
    """At epoch 1 the rate is k * lr0, for a k below, at and above 1."""
    rates(student, "sqrt_decay", [(0.3, 1, 1.0), (0.3, 1, 0.5), (0.3, 1, 3.0)])


def test_sqrt_decay_with_a_large_k(student):
    """A k above 1 is a factor like any other: the rate may be above lr0 at first."""
    rates(student, "sqrt_decay", [(0.2, 2, 4.0), (0.2, 9, 4.0), (0.2, 100, 4.0)])


def test_sqrt_decay_of_whole_numbers_and_fractions(student):
    """Neither whole numbers nor epochs between two whole ones are rounded."""
    rates(student, "sqrt_decay", [(1, 9, 1), (2, 8, 1), (1, 3, 2), (0.4, 2.25, 1.0), (0.4, 1.5, 0.7)])


def test_sqrt_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    rates(student, "sqrt_decay", [(0.6, e, 0.9) for e in (5, 2, 8, 2, 1, 5)])


@variant
def by_power(lr0, epoch, k):
    return k * epoch**-0.5 * lr0


@variant
def in_numpy(lr0, epoch, k):
    return k / np.sqrt(epoch) * lr0


@variant
def of_the_square(lr0, epoch, k):
    return math.sqrt((lr0 * k) ** 2 / epoch)


FORMULA = "lr0 * k / math.sqrt(epoch)"
MISTAKES = [
    mistake("The root is missing: the rate is divided by the epoch itself.",
            "At epoch 4 the rate should have halved. Has yours?",
            {FORMULA: "lr0 * k / epoch"}),
    mistake("One is added to the epoch; here epochs count from 1 and there is nothing to guard against.",
            "What must epoch 1 give with k = 1?",
            {FORMULA: "lr0 * k / math.sqrt(epoch + 1)"}),
    mistake("The 1 is added after the root, to guard against an epoch 0 that never comes.",
            "What must epoch 1 give with k = 1?",
            {FORMULA: "lr0 * k / (1 + math.sqrt(epoch))"}),
    mistake("k is left out.",
            "Where does the argument k occur in your function?",
            {FORMULA: "lr0 / math.sqrt(epoch)"}),
    mistake("The starting rate is left out.",
            "What should epoch 1 give for lr0 = 0.2 and k = 1?",
            {FORMULA: "k / math.sqrt(epoch)"}),
    mistake("k is in the denominator: a larger k makes the rate smaller.",
            "Is the rate multiplied by k or divided by it?",
            {FORMULA: "lr0 / (k * math.sqrt(epoch))"}),
    mistake("k is under the root.",
            "How far does the root sign reach in the formula, and on which side is k?",
            {FORMULA: "lr0 * math.sqrt(k / epoch)"}, {FORMULA: "lr0 / math.sqrt(k * epoch)"}),
    mistake("The root is taken of everything, the starting rate included.",
            "How far does the root sign reach in the formula?",
            {FORMULA: "math.sqrt(lr0 * k / epoch)"}),
    mistake("The rate is multiplied by the root, so it grows.",
            "Which way should the rate go over time?",
            {FORMULA: "lr0 * k * math.sqrt(epoch)"}),
    mistake("The epoch is squared; the formula takes its root.",
            "At epoch 4 the rate should have halved. Has yours?",
            {FORMULA: "lr0 * k / epoch**2"}),
    mistake("The rate is held at lr0 at most; a k above 1 may well start above it.",
            "The formula has no minimum in it. What should epoch 1 give with k = 3?",
            {FORMULA: f"min(lr0, {FORMULA})"}),
    mistake("The root is rounded down to a whole number.",
            "math.isqrt(2) is 1, and it takes no fractions. Which function of math gives 1.414?",
            {FORMULA: "lr0 * k / math.isqrt(epoch)"}, {FORMULA: "lr0 * k / math.isqrt(int(epoch))"}),
    mistake("Fractions of an epoch are cut off.",
            "Epoch 2.25 lies between the second and the third; int(2.25) does not.",
            {FORMULA: "lr0 * k / math.sqrt(int(epoch))"}),
    mistake("One is subtracted from the epoch, so epoch 1 divides by zero.",
            "epoch counts from 1 already; the number goes into the formula as it is.",
            {FORMULA: "lr0 * k / math.sqrt(epoch - 1)"}),
    mistake("Brackets are misplaced: the starting rate is in the denominator.",
            "Twice the lr0 should give twice the rate. Does it?",
            {FORMULA: "k / (math.sqrt(epoch) * lr0)"}),
    mistake("** binds more tightly than /: without brackets the 2 is no part of the exponent, which stays 1 or -1.",
            "What is 9 ** 1 / 2 in Python? Which brackets does the exponent need?",
            {FORMULA: "lr0 * k / epoch**1 / 2"}, {FORMULA: "lr0 * k / (epoch**1 / 2)"}),
    mistake("The 1 is added after the multiplication by k, as in inverse time decay.",
            "What must epoch 1 give with k = 1?",
            {FORMULA: "lr0 / (1 + k * math.sqrt(epoch))"}),
]
