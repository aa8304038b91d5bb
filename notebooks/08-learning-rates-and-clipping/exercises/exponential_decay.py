"""exponential_decay: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant

from .common import rates

HINTS = (
    'Each epoch multiplies the rate by the same number. How often, by epoch 3?',
    "Which operation is 'times itself, epoch times'? What is it for epoch 0, and for 1.5?",
    'From 0.8 with base 0.5: 0.8, 0.4, 0.2 at epochs 0, 1 and 2; at epoch 1.5 it is 0.8·0.354 = 0.283.',
)


def test_exponential_decay_of_several_epochs(student):
    """The starting rate is multiplied by the base once per epoch."""
    rates(student, "exponential_decay", [(0.3, 1, 0.9), (0.3, 2, 0.9), (0.3, 6, 0.9), (0.05, 20, 0.7), (2.0, 3, 0.6)])


@easy
def test_exponential_decay_starts_with_the_full_rate(student):
    """At epoch 0 the rate is lr0 itself."""
    rates(student, "exponential_decay", [(0.3, 0, 0.9), (0.02, 0, 0.5)])


def test_exponential_decay_with_other_bases(student):
    """The base is the one that is passed, 1 included, which leaves the rate as it is."""
    rates(student, "exponential_decay", [(0.4, 5, 0.99), (0.4, 5, 0.5), (0.4, 5, 0.1), (0.4, 5, 1.0), (3, 4, 1)])


def test_exponential_decay_between_epochs(student):
    """A fraction of an epoch counts as a fraction."""
    rates(student, "exponential_decay", [(0.4, 2.5, 0.8), (0.4, 0.5, 0.81), (0.4, 1.75, 0.8)])


def test_exponential_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    rates(student, "exponential_decay", [(0.6, e, 0.85) for e in (4, 1, 9, 1, 0, 4)])


@variant
def by_exp_and_log(lr0, epoch, base):
    return lr0 * math.exp(epoch * math.log(base))


@variant
def in_numpy(lr0, epoch, base):
    return np.float64(lr0) * np.power(float(base), epoch)


@variant
def in_single_precision(lr0, epoch, base):
    return np.float32(lr0 * math.pow(base, epoch))


@variant
def in_a_loop(lr0, epoch, base):
    whole = int(epoch)
    for _ in range(whole):
        lr0 = lr0 * base
    return lr0 * base ** (epoch - whole)


POWER = "base**epoch"
MISTAKES = [
    mistake("One is subtracted from the epoch, as if it counted from 1.",
            "The number that you are given goes into the formula as it is. What must epoch 1 give for 0.2 and 0.95?",
            {POWER: "base ** (epoch - 1)"}),
    mistake("One is added to the epoch, so the full rate is never used.",
            "The number that you are given goes into the formula as it is. What must epoch 0 give?",
            {POWER: "base ** (epoch + 1)"}),
    mistake("The base is multiplied by the epoch instead of raised to its power.",
            "Multiplied by 0.95 twice is 0.95 * 0.95. What is the operator for that?",
            {POWER: "base * epoch"}),
    mistake("The starting rate is raised to the power as well: brackets are misplaced.",
            "Which part of the formula carries the exponent?",
            {"lr0 * base": "(lr0 * base)"}),
    mistake("The starting rate is left out: this is the factor alone.",
            "What should epoch 0 give for lr0 = 0.2?",
            {"lr0 * ": ""}),
    mistake("This is exp(-base * epoch), another curve than base to the power of the epoch.",
            "No e occurs in the formula. By which factor does each epoch multiply the rate?",
            {POWER: "math.exp(-base * epoch)"}),
    slip("fixed", {POWER: "0.95**epoch"}, what="base"),
    mistake("base is taken for the share that is lost at each epoch; it is the share that is left.",
            "With 0.95 the rate should fall slowly. By how much does yours fall in the first epoch?",
            {POWER: "(1 - base) ** epoch"}),
    mistake("The exponent has the wrong sign, so the rate grows.",
            "Which way should the rate go over time? Is 0.95 above or below 1?",
            {POWER: "base ** (-epoch)"}),
    mistake("Base and exponent are swapped.",
            "What is raised to which power: the epoch to the base, or the base to the epoch?",
            {POWER: "epoch**base"}),
    mistake("Fractions of an epoch are cut off.",
            "Epoch 2.5 is half-way through the third epoch; int(2.5) is not.",
            {POWER: "base ** int(epoch)"}),
    mistake("The rate is multiplied by the base once, whatever the epoch.",
            "How often has the rate been multiplied by the base after three epochs?",
            {POWER: "base"}),
    mistake("The loop over range(epoch) raises an error for a fraction of an epoch.",
            "epoch may be 2.5. Which operator multiplies a fractional number of times?",
            {"return lr0 * base**epoch": "for _ in range(epoch):\n        lr0 = lr0 * base\n    return lr0"}),
    mistake("The first decay comes at epoch 2: epochs 0 and 1 get the same rate.",
            "What must epoch 1 give for 0.2 and 0.95?",
            {"lr0 * base**epoch": "lr0 if epoch <= 1 else lr0 * base ** (epoch - 1)"}),
    mistake("The epoch is rounded up, so part of an epoch counts as a whole one.",
            "The exponent may be a fraction.",
            {POWER: "base ** math.ceil(epoch)"}),
    mistake("This is inverse time decay with the base in the place of its rate.",
            "How does the rate change from one epoch to the next: by the same factor?",
            {"* base**epoch": "/ (1 + base * epoch)"}),
]
