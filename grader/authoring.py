"""What authors write in an assignment's ``exercises/``: mistakes, other right ways, and marks on hidden tests."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import did_you_mean
from grader.slips import SLIPS

Function = Callable[..., Any]
Edits = dict[str, str]  # what stands once in a solution's text, and what a wrong one has there


@dataclass(frozen=True)
class Mistake:
    """A mistake that students really make, in one or more forms, with what a good TA says to it."""

    says: str
    hint: str
    edits: tuple[Edits, ...] = ()
    of: Function | None = None
    after: tuple[Function, ...] = ()
    by: tuple[Function, ...] = ()


def mistake(
    says: str,
    hint: str = "",
    *edits: Edits,
    of: Function | None = None,
    after: Function | Sequence[Function] = (),
    by: Function | Sequence[Function] = (),
) -> Mistake:
    """Declare a mistake in the exercise whose file this is.

    Parameters
    ----------
    says
        What is wrong, one sentence, as the student reads it.
    hint
        How to find the right way, without giving the solution.
    edits
        Each turns the notebook's solution into one form of the mistake: ``{"before": "after"}``, where each
        ``before`` stands exactly once in the solution's cell.
    of
        The variant that is edited instead of the notebook's solution.
    after
        Done to the result of each form, or of the solution where there is no edit; several are several forms.
    by
        A whole function, or several, where no edit says it.
    """
    for what, text in (("says what is wrong", says), ("has a hint, its second argument", hint)):
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"A mistake {what}, a sentence in quotes, got {text!r:.60} in mistake({says!r:.60}, ...).")
    if not (edits or after or by):
        raise ValueError(f"The mistake {says!r} has no form: give edits of the solution, after= or by=.")
    for edit in edits:
        texts = [*edit, *edit.values()] if isinstance(edit, dict) else []
        if not texts or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"An edit of the mistake {says!r} must be {{'before': 'after'}}, got {edit!r:.60}.")
    done, whole = _several(after), _several(by)
    if odd := [given for given in (of, *done, *whole) if given is not None and not callable(given)]:
        raise ValueError(f"of=, after= and by= of the mistake {says!r} take functions, got {odd[0]!r:.60}.")
    return Mistake(says, hint, edits, of, done, whole)


def slip(
    name: str,
    *edits: Edits,
    what: str = "",
    of: Function | None = None,
    after: Function | Sequence[Function] = (),
    by: Function | Sequence[Function] = (),
) -> Mistake:
    """Declare a mistake with the words of one of the course's common slips; the rest is as in :func:`mistake`.

    A slip that is something done to the result, such as ``rounded``, needs no form.

    Parameters
    ----------
    what
        Stands for ``{what}`` in the slip's words.
    """
    if name not in SLIPS:
        raise ValueError(f"No slip is called {name!r}.{did_you_mean(name, SLIPS)}")
    common = SLIPS[name]
    if ("{what}" in common.says) != bool(what):
        raise ValueError(f"The slip {name!r} {'takes no' if what else 'needs'} what=: {common.says!r}")
    says, hint = (text.replace("{what}", what) for text in (common.says, common.hint))
    return mistake(says, hint, *edits, of=of, after=after or (() if edits or by else common.after), by=by)


def slips(*names: str) -> list[Mistake]:
    """Declare several slips that are something done to the result."""
    return [slip(name) for name in names]


def _several(given: Function | Sequence[Function]) -> tuple[Function, ...]:
    return tuple(given) if isinstance(given, Sequence) else (given,)


def variant(function: Function) -> Function:
    """Declare the decorated function a right way to write the exercise, other than the notebook's.

    Refusing it is a bug of ours. Mistakes may be edits of it.
    """
    function.is_variant = True  # type: ignore[attr-defined]
    return function


def family(exercise: str, properties: Iterable[Function], *row: Any) -> list[Function]:
    """Make hidden tests of a table: one for each property, of the exercise and with the values of its ``row``.

    A property is a hidden test, marks and all, that takes the values after ``student`` and, if it needs it, ``rng``.
    Its claim may name them as a format does: ``{0}``.
    The exercise's file names the tests made: ``TESTS = family("he_normal", NORMAL, ...)``.
    """
    return [_of_row(exercise, each, row) for each in properties]


def _of_row(exercise: str, each: Function, row: tuple[Any, ...]) -> Function:
    def drawing(student: Any, rng: Any) -> None:
        each(student, rng, *row)

    def plain(student: Any) -> None:
        each(student, *row)

    test = drawing if "rng" in inspect.signature(each).parameters else plain
    test.__dict__.update(each.__dict__)
    test.__name__ = f"test_{exercise}_{each.__name__}"
    test.__doc__ = (each.__doc__ or "").format(*row)
    return test


def weight(value: float) -> Callable[[Function], Function]:
    """Let a hidden test count ``value`` times (default 1) in the share that gives its cell's score."""
    if not value > 0:
        raise ValueError(f"The weight of a hidden test must be positive, got {value}; delete the test instead.")

    def mark(function: Function) -> Function:
        function.weight = value  # type: ignore[attr-defined]
        return function

    return mark


def easy(function: Function) -> Function:
    """Declare that a function which looks at nothing may pass this hidden test, such as one that returns zeros.

    It counts where another test of its cell, one that asks more, passes as well.
    """
    function.easy = True  # type: ignore[attr-defined]
    return function


def in_place(function: Function) -> Function:
    """Declare that this hidden test is about what a call does to its arguments.

    Such as running averages, which a call must move, or a call that is made again with the same cache. Other tests
    are judged, too, with what a function did to its arguments kept from them: else a function could make its input
    zero, where the answer is easy, and be compared with the answer to that.
    """
    function.in_place = True  # type: ignore[attr-defined]
    return function
