"""sqrt_decay: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import mistake, variant

from .common import _rates


def test_sqrt_decay_of_several_epochs(student):
    """The starting rate times k is divided by the root of the epoch."""
    _rates(student, "sqrt_decay", [(0.3, 4, 1.0), (0.3, 2, 1.0), (0.3, 7, 0.5), (0.05, 50, 2.0), (1.5, 3, 0.8)])


def test_sqrt_decay_counts_from_one(student):
    """At epoch 1 the rate is k * lr0, for a k below, at and above 1."""
    _rates(student, "sqrt_decay", [(0.3, 1, 1.0), (0.3, 1, 0.5), (0.3, 1, 3.0)])


def test_sqrt_decay_with_a_large_k(student):
    """A k above 1 is a factor like any other: the rate may be above lr0 at first."""
    _rates(student, "sqrt_decay", [(0.2, 2, 4.0), (0.2, 9, 4.0), (0.2, 100, 4.0)])


def test_sqrt_decay_of_whole_numbers_and_fractions(student):
    """Neither whole numbers nor epochs between two whole ones are rounded."""
    _rates(student, "sqrt_decay", [(1, 9, 1), (2, 8, 1), (1, 3, 2), (0.4, 2.25, 1.0), (0.4, 1.5, 0.7)])


def test_sqrt_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    _rates(student, "sqrt_decay", [(0.6, e, 0.9) for e in (5, 2, 8, 2, 1, 5)])


@variant
def sqrt_by_power(lr0, epoch, k):
    return k * epoch**-0.5 * lr0


@variant
def sqrt_in_numpy(lr0, epoch, k):
    return k / np.sqrt(epoch) * lr0


@variant
def sqrt_of_the_square(lr0, epoch, k):
    return math.sqrt((lr0 * k) ** 2 / epoch)


MISTAKES = [
    mistake("The root is missing: the rate is divided by the epoch itself.",
            "At epoch 4 the rate should have halved. Has yours?",
            {"math.sqrt(epoch)": "epoch"}),
    mistake("One is added to the epoch; here epochs count from 1 and there is nothing to guard against.",
            "What must epoch 1 give with k = 1?",
            {"(epoch": "(epoch + 1"}),
    mistake("The 1 is added after the root, to guard against an epoch 0 that never comes.",
            "What must epoch 1 give with k = 1?",
            {"/": "/ (1 +", "epoch)": "epoch))"}),
    mistake("k is left out.",
            "Where does the argument k occur in your function?",
            {"* k": ""}),
    mistake("The starting rate is left out.",
            "What should epoch 1 give for lr0 = 0.2 and k = 1?",
            {"lr0 *": ""}),
    mistake("k is in the denominator: a larger k makes the rate smaller.",
            "Is the rate multiplied by k or divided by it?",
            {"* k /": "/ (k *", "epoch)": "epoch))"}),
    mistake("k is under the root.",
            "How far does the root sign reach in the formula?",
            {"k /": "", "sqrt(": "sqrt(k /"}),
    mistake("The root is taken of everything, the starting rate included.",
            "How far does the root sign reach in the formula?",
            {"(lr0 * k) ** 2": "lr0 * k"}, of=sqrt_of_the_square),
    mistake("The rate is multiplied by the root, so it grows.",
            "Which way should the rate go over time?",
            {"/": "*"}),
    mistake("The epoch is squared instead of taken the root of.",
            "At epoch 4 the rate should have halved. Has yours?",
            {"math.sqrt(epoch)": "epoch**2"}),
    mistake("The rate is held at lr0 at most; a k above 1 may well start above it.",
            "The formula has no minimum in it. What should epoch 1 give with k = 3?",
            {"return": "return min(lr0,", "epoch)": "epoch))"}),
    mistake("The root is rounded down to a whole number.",
            "math.isqrt(2) is 1. Which function gives 1.414?",
            {"sqrt(epoch)": "isqrt(int(epoch))"}),
    mistake("Fractions of an epoch are cut off.",
            "Epoch 2.25 lies between the second and the third; int(2.25) does not.",
            {"epoch)": "int(epoch))"}),
    mistake("One is subtracted from the epoch, so epoch 1 divides by zero.",
            "epoch counts from 1 already; the number goes into the formula as it is.",
            {"(epoch": "(epoch - 1"}),
    mistake("k is under the root, in the denominator.",
            "How far does the root sign reach in the formula, and on which side is k?",
            {"* k": "", "sqrt(": "sqrt(k *"}),
    mistake("Brackets are misplaced: the starting rate is in the denominator.",
            "Twice the lr0 should give twice the rate. Does it?",
            {"lr0 * k /": "k / (", "epoch)": "epoch) * lr0)"}),
    mistake("** binds more tightly than /: epoch ** 1 / 2 is half the epoch, not its root.",
            "What is 9 ** 1 / 2 in Python? Which brackets does the exponent need?",
            {"math.sqrt(epoch)": "epoch**1 / 2"}),
    mistake("** binds more tightly than /: epoch ** 1 / 2 is half the epoch, so the rate is divided by that.",
            "What is 9 ** 1 / 2 in Python? Which brackets does the exponent need?",
            {"math.sqrt(epoch": "(epoch**1 / 2"}),
    mistake("math.isqrt gives the whole part of the root, and takes no fractions.",
            "Which function of math gives the root itself?",
            {".sqrt": ".isqrt"}),
    mistake("The 1 is added after the multiplication by k, as in inverse time decay.",
            "What must epoch 1 give with k = 1?",
            {"* k /": "/ (1 + k *", "epoch)": "epoch))"}),
]
