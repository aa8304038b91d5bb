"""What students get with an assignment, inputs with their results, answers no hidden test."""

import copy
import itertools

import numpy as np
import pytest

from grader.assignment import Assignment, list_assignments
from grader.freezing import public_cases
from grader.hidden import Local, run_test
from grader.reference import reference_namespace
from nnlib.checks import same
from nnlib.checks.cases import outcome_of

TRIVIAL = [("has_exploded", ([],))]  # there is one empty history


class Table:
    """Functions that know by heart what the right ones return in the public cases, and nothing else."""

    def __init__(self, namespace):
        self.rows = {}
        self.hits = []
        self._namespace = namespace

    def learning(self, name):
        """The right function, whose calls are noted."""
        right = self._namespace[name]

        def function(*args, **kwargs):
            given = copy.deepcopy((args, kwargs)) if not any(map(callable, (*args, *kwargs.values()))) else None
            result = right(*args, **kwargs)
            if given is not None:
                row = (given, copy.deepcopy(result), copy.deepcopy((args, kwargs)))
                self.rows.setdefault(name, []).append(row)
            return result

        return function

    def knowing(self, name):
        """A function that looks its arguments up."""

        def function(*args, **kwargs):
            for known, result, after in self.rows.get(name, []):
                if alike(known, (args, kwargs)):
                    self.hits.append((name, args))
                    for mine, theirs in zip(args, after[0], strict=True):
                        if isinstance(mine, np.ndarray) and mine.shape == theirs.shape:
                            mine[...] = theirs
                        elif isinstance(mine, dict):
                            mine.update(theirs)
                    return copy.deepcopy(result)
            raise LookupError("not in the table")

        return function


def alike(known, given):
    """Whether two calls have the same arguments."""
    if isinstance(known, np.random.Generator):
        return isinstance(given, np.random.Generator) and known.bit_generator.state == given.bit_generator.state
    if isinstance(known, tuple | list) and isinstance(given, tuple | list):
        return len(known) == len(given) and all(itertools.starmap(alike, zip(known, given, strict=True)))
    if isinstance(known, dict) and isinstance(given, dict):
        return known.keys() == given.keys() and all(alike(known[key], given[key]) for key in known)
    return type(known) is type(given) and same(given, known, rtol=0, atol=0)


@pytest.mark.parametrize("name", list_assignments())
def test_a_table_of_the_public_results_earns_nothing(name):
    """Functions that give back what they learnt from the public cases pass no hidden test."""
    assignment = Assignment.find(name)
    namespace = reference_namespace(assignment.source)
    table = Table(namespace)
    own = [key for key, value in namespace.items() if getattr(value, "__module__", "") == "reference"]
    learning = {**namespace, **{key: table.learning(key) for key in own}}
    for exercise, cases in public_cases(assignment).items():
        for case in cases:
            outcome_of(case, learning[exercise], learning)
    assert table.rows.keys() & set(own)
    knowing = Local({key: table.knowing(key) for key in own})
    assert [test.name for test in assignment.hidden_tests if run_test(test, knowing).passed] == []
    assert [hit for hit in table.hits if hit not in TRIVIAL] == []
