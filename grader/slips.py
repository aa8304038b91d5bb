"""The course's common slips: mistakes that nearly every exercise can have, said once, and taken by name.

``{what}`` in their words is what ``slip(..., what="...")`` says: a parameter, or a part of the formula.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Slip(NamedTuple):
    """What is said of a slip; where it is something done to the result, that as well."""

    says: str
    hint: str
    after: tuple[Callable[[Any], Any], ...] = ()


SLIPS = {
    # what becomes of the arguments
    "writes_into_input": Slip(
        "{what} itself is changed: the caller's data is no longer what it was.",
        "The caller still needs {what}. Which operation makes something new instead of changing what came?",
    ),
    "arguments_swapped": Slip(
        "{what} have changed places.",
        "Compare the order of the parameters with the order in which you use them.",
    ),
    "fixed": Slip(
        "{what} is not used: a value of its own stands in its place.",
        "Does your result change with {what}?",
    ),
    # what is computed
    "uphill": Slip(
        "The step goes uphill: the gradient is added.",
        "The gradient points to where the cost rises. Which way should the step go?",
    ),
    "return_in_the_loop": Slip(
        "The return stands inside the loop, so that only the first round counts.",
        "When are you done: after the first round or after the last?",
    ),
    "first_example_only": Slip(
        "Only the first example is used.",
        "What becomes of the other examples? Look for an index that picks out one.",
        (lambda result: result[0],),
    ),
    # how numbers are kept
    "stored_as_integers": Slip(
        "The result is stored in an array of {what}'s dtype, so whole numbers cut off the fractions.",
        "What dtype does zeros_like or empty_like give for whole numbers, and what happens to 0.7 in it?",
    ),
    "rounded": Slip(
        "The result is rounded.",
        "Round when you print, not when you compute.",
        (lambda result: np.round(result, 3),),
    ),
    "low_precision": Slip(
        "The computation is done in lower precision, where only a few digits are left.",
        "Is there a reason to change the dtype at all?",
    ),
    # what is returned
    "nothing_returned": Slip(
        "Nothing is returned.",
        "A function without return gives None. Hand back what is asked for.",
        (lambda result: None,),
    ),
    "printed": Slip(
        "The result is printed, not returned.",
        "What does the caller get from a function that only prints?",
        (lambda result: None,),
    ),
    "list_for_array": Slip(
        "A list is returned; an array is asked for.",
        "A list cannot be multiplied by a number. Which function makes an array of it?",
        (lambda result: result.tolist(),),
    ),
    "only_the_first": Slip(
        "Only {what} is returned; the rest is missing.",
        "Read in the exercise what the function returns, and in which order.",
        (lambda result: result[0],),
    ),
    "results_swapped": Slip(
        "The results are returned in the wrong order.",
        "Read in the exercise what the function returns, and in which order.",
        (lambda result: (result[1], result[0]),),
    ),
    # where random numbers come from
    "own_generator": Slip(
        "A generator is made inside, with a seed of its own, so that every call gets the same numbers.",
        "Draw from the rng that is passed, and only from it.",
    ),
    "generator_copied": Slip(
        "The generator is copied, so that rng does not move on and the next call gets the same numbers.",
        "Draw from the rng that is passed, not from a copy of it.",
    ),
}
