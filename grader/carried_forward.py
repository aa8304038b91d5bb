"""Nobody pays twice: an exercise that uses another of the student's, which is wrong, is tried again with a right one.

Exams call this an error carried forward. A right one that comes in an odd form, or takes long, is replaced as well.
All other verdicts are fixed by then, and only what comes earlier in the notebook is replaced: no solution can be had
for the asking by what it would be points for.
"""

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from grader.hidden import Local
from grader.needed import Names
from grader.sandbox.session import Session


class WithRightHelpers:
    """A student's functions, with the course's in the place of some.

    Parameters
    ----------
    at
        The graded cell whose functions are meant; see ``Session.call``.
    solutions
        What stands in, by name: it runs here, asked by the student's process.
    """

    def __init__(self, session: Session, seconds: float, at: str, solutions: Mapping[str, Any]) -> None:
        self._session, self._seconds, self._at = session, seconds, at
        self._right = Local(dict(solutions))
        self._stand_ins = {name: self._asked(name, solution) for name, solution in solutions.items()}
        self.used: set[str] = set()  # of the solutions, whoever called them

    def _asked(self, name: str, solution: Any) -> Any:
        @functools.wraps(solution)  # in the student's process it has the name and the parameters of the solution
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(name, args, kwargs)

        return stand_in

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a solution where there is one of this name, else the student's function."""
        if name in self._stand_ins:
            self.used.add(name)
            return self._right.call(name, args, kwargs)
        return self._session.call(name, args, kwargs, self._seconds, self._at, self._stand_ins)

    def value(self, name: str) -> Any:
        """Read a variable of the student's."""
        return self._session.value(name, self._seconds, self._at)


def with_partners(names: Collection[str], solutions: Collection[str]) -> set[str]:
    """Add to forward functions their backward ones and the other way round: what is in a cache is known to both alone.

    Parameters
    ----------
    solutions
        Names that a partner can have.
    """
    swap = {"forward": "backward", "backward": "forward"}
    partners = {re.sub("forward|backward", lambda found: swap[found[0]], name) for name in names}
    return {*names, *partners.intersection(solutions)}


def usable_apart(helpers: Collection[str], meeting: Collection[str]) -> set[str]:
    """Leave out helpers that share a cache with one of ``meeting``: whether the two agree on it is what is tested."""
    return {name for name in helpers if not with_partners({name}, [*helpers, *meeting]).intersection(meeting)}


def reached_from(exercise: str, called: Collection[str], names: Sequence[Names]) -> set[str]:
    """Names of the student's that an exercise may come to use.

    Parameters
    ----------
    called
        Names that the exercise's tests call besides.
    names
        What each cell uses and defines.
    """
    defining: dict[str, list[int]] = {}
    for place, cell in enumerate(names):
        for name in cell.defined:
            defining.setdefault(name, []).append(place)
    reached, todo, seen = {exercise, *called}, [exercise, *called], set[int]()
    while todo:
        for place in set(defining.get(todo.pop(), ())) - seen:
            seen.add(place)
            todo += names[place].used - reached
            reached |= names[place].used
    return reached - {exercise}
