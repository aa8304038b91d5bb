"""cosine_restarts: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, variant

from .common import rates

HINTS = (
    'Where in its period is the step: which part of it is over?',
    'The remainder of a division says how far into the period you are. Half a cosine wave goes from 1 to −1: '
    'how do you stretch it to run from lr_max to lr_min?',
    'From 0.9 down to 0.1 with a period of 4: 0.9 at step 0, 0.783 at 1, 0.5 at 2, 0.217 at 3, and 0.9 again '
    'at 4.',
)


def test_cosine_restarts_over_a_period(student):
    """Within a period the rate follows half a cosine."""
    rates(student, "cosine_restarts", [(0.9, 0.1, s, 8) for s in range(8)])


def test_cosine_restarts_jumps_back(student):
    """After each period of the same length it starts again at the top."""
    rates(student, "cosine_restarts", [(0.4, 0.05, s, 5) for s in (4, 5, 6, 9, 10, 14, 15, 23, 50)])


@easy
def test_cosine_restarts_begins_at_the_top(student):
    """At step 0 the rate is lr_max."""
    rates(student, "cosine_restarts", [(0.4, 0.05, 0, 5), (0.02, 0.001, 0, 100)])


def test_cosine_restarts_down_to_zero(student):
    """With a lowest rate of 0 too, from whole numbers and with a period of whole thousands."""
    rates(student, "cosine_restarts", [(1, 0, 3, 7), (1, 0, 9, 7), (2, 0, 750, 1000), (2, 1, 1250, 1000)])


def test_cosine_restarts_with_short_periods(student):
    """A period of 1 stays at the top, and one of 2 alternates between the top and half-way."""
    rates(student, "cosine_restarts", [(0.6, 0.2, s, period) for period in (1, 2) for s in range(4)])


def test_cosine_restarts_with_nothing_between(student):
    """Where both rates are the same it is constant; where they are close it stays between them."""
    steps = [(0.3, s) for s in (0, 2, 7)] + [(0.29, s) for s in (1, 3, 11)]
    rates(student, "cosine_restarts", [(0.3, low, s, 6) for low, s in steps])


def test_cosine_restarts_remembers_nothing(student):
    """Steps in any order, and the same one twice, give what the formula says."""
    rates(student, "cosine_restarts", [(0.7, 0.1, s, 6) for s in (8, 1, 15, 1, 0, 8)])


@variant
def by_half_angle(lr_max, lr_min, step, period):
    half = 0.5 * math.pi * (step % period) / period
    return lr_min + (lr_max - lr_min) * math.cos(half) ** 2


@variant
def as_a_mix(lr_max, lr_min, step, period):
    share = (1 + np.cos(np.pi * np.mod(step, period) / period)) / 2
    return share * lr_max + (1 - share) * lr_min


@variant
def by_subtracting_periods(lr_max, lr_min, step, period):
    while step >= period:
        step -= period
    return (lr_max + lr_min) / 2 + (lr_max - lr_min) / 2 * math.cos(step / period * math.pi)


DONE = "(step % period) / period"
WAVE = "(1 + math.cos(math.pi * done))"
DOUBLING = "while step >= period:\n        step, period = step - period, 2 * period\n    "
MISTAKES = [
    mistake("It never restarts: after a period the cosine climbs back up slowly and falls again.",
            "Which part of the formula starts the share u again from 0?",
            {DONE: "step / period"}),
    mistake("It never restarts: after the first period the rate stays at lr_min.",
            "What should the first step of the second period give?",
            {DONE: "min(step, period) / period"}),
    mistake("A period holds a whole wave: the rate is at its lowest in the middle and climbs back up.",
            "Half a wave goes from the top to the bottom. How far does the cosine's angle go?",
            {WAVE: "(1 + math.cos(2 * math.pi * done))"}),
    mistake("π is missing, so the cosine only gets from 1 to 0.54.",
            "What is the cosine at the end of a period? It should be close to -1.",
            {WAVE: "(1 + math.cos(done))"}),
    mistake("The angle is in degrees; the cosine takes radians.",
            "What does cos(180) give, and what do you want half a turn to give?",
            {WAVE: "(1 + math.cos(180 * done))"}),
    mistake("The ½ is missing: the rate starts far above lr_max.",
            "How large is 1 + cos at the start of a period?",
            {"0.5 * ": ""}),
    mistake("lr_min is not added, so the rate falls to 0.",
            "What should the rate be close to at the end of a period?",
            {"lr_min + ": ""}),
    mistake("The wave has the height of lr_max instead of the difference, so it starts at lr_max + lr_min.",
            "What must step 0 give? How far is it from lr_max down to lr_min?",
            {"(lr_max - lr_min)": "lr_max"}),
    mistake("The rate rises from lr_min to lr_max: the sign of the cosine, or the order of the rates, is wrong.",
            "What must step 0 give?",
            {WAVE: "(1 - math.cos(math.pi * done))"}),
    mistake("A sine stands where the cosine should.",
            "What must step 0 give, and what is the sine of 0?",
            {WAVE: "(1 + math.sin(math.pi * done))"}),
    mistake("The share is taken of period - 1, so that the last step gets lr_min itself.",
            "By the formula, u at the last step of a period is just below 1.",
            {DONE: "(step % period) / max(1, period - 1)"}),
    mistake("One is subtracted from the step, as if it counted from 1.",
            "Steps count from 0. What must step 0 give?",
            {DONE: "((step - 1) % period) / period"}),
    mistake("One is added to the step, so the full rate is never used.",
            "Steps count from 0. What must step 0 give?",
            {DONE: "((step + 1) % period) / period"}),
    mistake("The rate falls along a straight line: there is no cosine.",
            "A quarter of the way down the period, how far should the rate have fallen?",
            {"lr_min + 0.5 *": "lr_max -", WAVE: "done"}),
    mistake("The share is divided as whole numbers, so it is always 0 and the rate never falls.",
            "What is (3 % 4) // 4?",
            {DONE: "(step % period) // period"}),
    mistake("It restarts one step late: step = period still belongs to the old period.",
            "The first period has the steps 0 to P - 1. Which rate does step P get?",
            {DONE: "(step % (period + 1)) / period"}, {DONE: "(step % period or min(step, period)) / period"}),
    mistake("Each period is twice as long as the one before; here all have the same length.",
            "Other versions of this schedule stretch the periods. The formula here does not.",
            {"done = ": f"{DOUBLING}done = "}),
    mistake("The number of periods that are over stands where the share of the present one should.",
            "// counts whole periods. Which operator gives what is left over, and so how far the present one has got?",
            {DONE: "step // period"}, {DONE: "(step // period) / period"}),
    mistake("The 1 before the cosine is missing, so the rate swings below lr_min.",
            "What is the cosine at the end of a period, and what should the rate be there?",
            {WAVE: "math.cos(math.pi * done)"}),
    mistake("The rates are added where their difference is asked for, so it starts above lr_max.",
            "What should step 0 give? What is lr_min + ½ (lr_max + lr_min) · 2?",
            {"(lr_max - lr_min)": "(lr_max + lr_min)"}),
    mistake("The step within the period is not divided by the period.",
            "u is a share, below 1. What is yours at step 2?",
            {DONE: "step % period"}),
    mistake("The operands of the remainder are swapped: period % step.",
            "Which number runs on and has to be wrapped around?",
            {DONE: "(period % step) / period"}),
    mistake("A quarter of a wave is used, which falls slowly at first and steeply at the end.",
            "At half a period the rate should be half-way. Is it?",
            {"0.5 * ": "", WAVE: "math.cos(math.pi / 2 * done)"}),
    mistake("Brackets are missing: the cosine is added to the rate instead of multiplied.",
            "What must be multiplied by ½ (lr_max - lr_min): the 1, or the 1 and the cosine?",
            {WAVE: "1 + math.cos(math.pi * done)"}),
]
