"""steps_per_epoch: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

HINTS = (
    "Do the examples that are left over after the full batches get a step of their own?",
    "Try it for 9, 10 and 11 examples in batches of 5. Which kind of division gives all three right, and do "
    "you get an int or a float?",
    "9 in fives are 5 + 4: two steps. 10 are two steps as well, 11 are three. 3 examples in batches of 100 "
    "are one step.",
)


def _steps(student, cases):
    for n, batch_size, expected in cases:
        got = student.steps_per_epoch(n, batch_size)
        assert_close(got, expected, rtol=0, what=f"the steps for n = {n} and batch_size = {batch_size}")


def test_steps_per_epoch_where_the_size_divides(student):
    """Without remainder there is no extra step."""
    _steps(student, [(10_000, 200, 50), (5_000_000, 1_000, 5_000), (7, 7, 1), (7, 1, 7)])


def test_steps_per_epoch_counts_the_short_batch(student):
    """A short last batch is a step, whether it holds one example or nearly all."""
    _steps(student, [(18, 4, 5), (14, 5, 3), (1_797, 64, 29), (11, 5, 3), (13, 6, 3)])


@easy
def test_steps_per_epoch_with_a_batch_larger_than_the_data(student):
    """Everything fits into one batch, which is one step."""
    _steps(student, [(3, 4, 1), (3, 1_000, 1), (1, 2, 1)])


def test_steps_per_epoch_is_a_whole_number_for_range(student):
    """The result is an int that range takes."""
    for n, batch_size, expected in [(17, 6, 3), (20, 6, 4), (20, 5, 4)]:
        got = student.steps_per_epoch(n, batch_size)
        require(isinstance(got, int | np.integer) and not isinstance(got, bool), "The result must be an int.")
        require(len(range(got)) == expected, "The number of steps is wrong.")


@variant
def with_ceil(n, batch_size):
    return math.ceil(n / batch_size)


@variant
def by_negative_division(n, batch_size):
    return -(-n // batch_size)


@variant
def by_counting(n, batch_size):
    return len(range(0, n, batch_size))


@variant
def by_divmod(n, batch_size):
    full, rest = divmod(n, batch_size)
    return full + (rest > 0)


STEPS = "(n + batch_size - 1) // batch_size"
MISTAKES = [
    mistake("The division rounds down, so the short last batch is not counted.",
            "Ten examples in batches of four: write the batches down and count them.",
            {STEPS: "n // batch_size"}),
    mistake("One is always added, also where the size divides.",
            "Twelve examples in batches of four: is there a fourth batch?",
            {STEPS: "n // batch_size + 1"}),
    mistake("The result is rounded to the nearest whole number, so a small last batch is lost.",
            "Eleven examples in batches of five: what happens to the eleventh?",
            {STEPS: "round(n / batch_size)"}, {STEPS: "int(n / batch_size + 0.5)"}),
    mistake("The number is not rounded: a fraction of a step does not exist.",
            "What does a loop over range(2.5) do?",
            {STEPS: "n / batch_size"}),
    mistake("The number of steps is right but is a float, which range refuses.",
            "np.ceil returns a float. Which operation stays within whole numbers?",
            {STEPS: "np.ceil(n / batch_size)"}),
    mistake("This is the number of examples left over, not the number of batches.",
            "% gives the remainder. How many batches do ten examples make in fours?",
            {STEPS: "n % batch_size"}),
    mistake("The division rounds down, with at least one step forced: a short last batch still goes uncounted.",
            "What does n // batch_size make of 11 examples in batches of 5?",
            {STEPS: "max(1, n // batch_size)"}),
    mistake("The batch size is divided by the number of examples, not the other way round.",
            "Are there more or fewer steps when the data set grows?",
            {STEPS: "-(-batch_size // n)"}),
    mistake("One step too few: the last batch is never counted, full or not.",
            "Four examples in batches of four: how many steps do you get, and how many are there?",
            {STEPS: "(n - 1) // batch_size"}),
    mistake("A batch size above the number of examples gives no step at all.",
            "Three examples in batches of eight: are the three never used?",
            {STEPS: f"0 if batch_size > n else {STEPS}"}),
    mistake("The starts of the batches are returned, not their number.",
            "How many starts are there?",
            {STEPS: "list(range(0, n, batch_size))"}),
    mistake("Quotient and remainder are returned as a pair; one number is asked for.",
            "The quotient counts the full batches. What does a remainder above 0 add to it?",
            {STEPS: "divmod(n, batch_size)"}),
]
