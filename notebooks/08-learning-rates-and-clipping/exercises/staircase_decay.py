"""staircase_decay: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant

from .common import rates

HINTS = (
    'How many drops have been made by a given epoch? It is a whole number.',
    'Which division gives whole numbers, also for an epoch of 7.9? The first drop comes exactly when `every` '
    'epochs are over.',
    'From 0.8, halved every 3 epochs: 0.8 at 0, 1 and 2.9; 0.4 from 3 on; 0.2 from 6 on.',
)


def test_staircase_decay_holds_and_drops(student):
    """The rate holds for `every` epochs and then drops at once."""
    rates(student, "staircase_decay", [(0.9, e, 0.3, 4) for e in range(13)])


def test_staircase_decay_drops_again_and_again(student):
    """Every further `every` epochs it drops once more."""
    rates(student, "staircase_decay", [(0.5, e, 0.1, 10) for e in (0, 9, 10, 11, 19, 20, 39, 40)])


def test_staircase_decay_at_every_epoch(student):
    """With every = 1 it drops at each epoch."""
    rates(student, "staircase_decay", [(0.7, e, 0.8, 1) for e in (0, 1, 2, 5)])


@easy
def test_staircase_decay_before_the_first_drop(student):
    """As long as fewer than `every` epochs are done nothing changes, from epoch 0 on."""
    rates(student, "staircase_decay", [(0.25, e, 0.5, 6) for e in (0, 1, 5)])


def test_staircase_decay_with_other_drops(student):
    """The rate is multiplied by drop, also where that is close to 1, or 1, or the rate is a whole number."""
    rates(student, "staircase_decay", [(0.4, 7, 0.9, 3), (0.4, 7, 1, 3), (2, 7, 0.25, 2), (1, 6, 0.75, 5)])


def test_staircase_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    rates(student, "staircase_decay", [(0.6, e, 0.4, 3) for e in (7, 1, 12, 1, 0, 6)])


@variant
def with_floor(lr0, epoch, drop, every):
    return lr0 * math.pow(drop, math.floor(epoch / every))


@variant
def in_a_loop(lr0, epoch, drop, every):
    for done in range(1, epoch + 1):
        if done % every == 0:
            lr0 = lr0 * drop
    return lr0


@variant
def by_recursion(lr0, epoch, drop, every):
    if epoch < every:
        return lr0
    return drop * by_recursion(lr0, epoch - every, drop, every)


@variant
def in_numpy(lr0, epoch, drop, every):
    return lr0 * np.float64(drop) ** (np.asarray(epoch) // every)


POWER = "drop ** (epoch // every)"
MISTAKES = [
    mistake("The exponent is a fraction, so the rate falls a little at every epoch instead of in steps.",
            "How many whole times does 3 fit into 5? Which operator tells?",
            {POWER: "drop ** (epoch / every)"}),
    mistake("The remainder is taken instead of the number of drops.",
            "% gives what is left over. How many whole times does 3 fit into 5?",
            {POWER: "drop ** (epoch % every)"}),
    mistake("The drop comes one epoch late: one is subtracted from the epoch.",
            "Epochs count from 0. With every = 3, in which epoch does the rate first drop, and what is (0 - 1) // 3?",
            {POWER: "drop ** ((epoch - 1) // every)"}, {POWER: "drop ** (max(0, epoch - 1) // every)"}),
    mistake("The drop comes one epoch early: one is added to the epoch.",
            "Epochs count from 0. With every = 3, which is the first epoch with the lower rate?",
            {POWER: "drop ** ((epoch + 1) // every)"}),
    mistake("The number of drops is rounded to the nearest, so half of the way counts as a drop.",
            "Write down the rates for every = 4, epoch by epoch. When does the first drop come?",
            {POWER: "drop ** round(epoch / every)"}),
    mistake("The number of drops is rounded up, so the first one comes right after epoch 0.",
            "Write down the rates for every = 3, epoch by epoch. When does the first drop come?",
            {POWER: "drop ** math.ceil(epoch / every)"}),
    mistake("drop is subtracted; the rate is to be multiplied by it.",
            "A drop of 0.5 halves the rate. What does yours do to a rate of 0.2?",
            {f"lr0 * {POWER}": "lr0 - drop * (epoch // every)"}),
    mistake("The rate is divided by drop, so it grows.",
            "Which way should the rate go over time? Is drop above or below 1?",
            {"lr0 * drop": "lr0 / drop"}),
    mistake("The rate drops once and never again.",
            "What should happen after another `every` epochs?",
            {POWER: "drop if epoch >= every else lr0"}),
    mistake("The rate drops only in the epochs that every divides and is back at lr0 in the next.",
            "A staircase stays down. What does your function return one epoch after a drop?",
            {POWER: "drop if epoch > 0 and epoch % every == 0 else lr0"},
            {POWER: "drop if epoch % every == 0 else lr0"}),
    mistake("Brackets are missing: ** binds more tightly than //, so the rate itself is divided and rounded down.",
            "What does Python compute first in drop ** epoch // every?",
            {POWER: "drop ** epoch // every"}),
    mistake("The drop is multiplied by the number of drops instead of raised to its power.",
            "After two drops the rate has been multiplied by drop twice.",
            {POWER: "drop * (epoch // every)"}),
    mistake("drop is taken for the share that is lost; it is what the rate is multiplied by.",
            "A drop of 0.1 leaves a tenth. What does yours leave?",
            {POWER: "(1 - drop) ** (epoch // every)"}),
    mistake("One drop too many: the rate has dropped already at epoch 0.",
            "What must epoch 0 give?",
            {POWER: "drop ** (epoch // every + 1)"}),
    mistake("The rate drops at every epoch; every is not used.",
            "Where does the argument every occur in your function?",
            {POWER: "drop**epoch"}),
    mistake("epoch and every are swapped in the division.",
            "How often does 3 fit into 7: which of the two is divided?",
            {POWER: "drop ** (every // epoch)"}),
    mistake("Brackets are missing: the whole rate is divided by every instead of the exponent.",
            "What does Python compute first in drop ** epoch / every?",
            {POWER: "drop**epoch / every"}),
    slip("fixed", {POWER: "0.5 ** (epoch // every)"}, what="drop"),
    mistake("Each step is one epoch too long: every + 1 epochs.",
            "In which epoch does the first drop come when every is 3?",
            {POWER: "drop ** (epoch // (every + 1))"}),
]
