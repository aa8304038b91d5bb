"""A function that looks at nothing earns nothing, in any assignment."""

import collections
import copy
import inspect

import numpy as np
import pytest

from grader.assignment import Assignment, list_assignments
from grader.hidden import Local, run_test, with_rules_looked_at
from grader.reference import reference_namespace
from grader.scoring import share_passed

RIGHT = {"test_init_zeros": "the exercise asks for zeros"}  # cells in which a constant is right
WORDS = ("high bias and high variance", "high bias", "high variance", "neither")  # answers of an exercise


def array_in(args, kwargs):
    """The first array among the arguments, which a constant may have the shape of."""
    return next((value for value in (*args, *kwargs.values()) if isinstance(value, np.ndarray)), np.zeros(3))


def place(args, number):
    """An argument by its place, if there are so many."""
    return args[number] if len(args) > abs(number) - (number < 0) else None


CONSTANTS = {
    "nothing": lambda *a, **k: None,
    "true": lambda *a, **k: True,
    "false": lambda *a, **k: False,
    "zero": lambda *a, **k: 0.0,
    "one": lambda *a, **k: 1.0,
    "half": lambda *a, **k: 0.5,
    "nan": lambda *a, **k: float("nan"),
    "huge": lambda *a, **k: 1e308,
    **{word: lambda *a, word=word, **k: word for word in WORDS},
    "zeros": lambda *a, **k: np.zeros(np.shape(array_in(a, k))),
    "ones": lambda *a, **k: np.ones(np.shape(array_in(a, k))),
    "nans": lambda *a, **k: np.full(np.shape(array_in(a, k)), np.nan),
    "truths": lambda *a, **k: np.ones(np.shape(array_in(a, k)), dtype=bool),
    "bytes": lambda *a, **k: np.full(np.shape(array_in(a, k)), 255, dtype=np.uint8),
    "no_array": lambda *a, **k: np.zeros(0),
    "no_list": lambda *a, **k: [],
    "no_dict": lambda *a, **k: {},
    "object": lambda *a, **k: object(),
    "first": lambda *a, **k: place(a, 0),
    "second": lambda *a, **k: place(a, 1),
    "third": lambda *a, **k: place(a, 2),
    "last": lambda *a, **k: place(a, -1),
    "copy": lambda *a, **k: copy.deepcopy(place(a, 0)),
    "all": lambda *a, **k: a,
    "loss_and_zeros": lambda *a, **k: (0.0, np.zeros(np.shape(array_in(a, k)))),
    "loss_and_ones": lambda *a, **k: (1.0, np.ones(np.shape(array_in(a, k)))),
    "output_and_cache": lambda *a, **k: (place(a, 0), a),
    "zeros_and_state": lambda *a, **k: (np.zeros(np.shape(array_in(a, k))), {}),
}
TAMPERED = ("nothing", "true", "zero", "one", "zeros", "ones", "first", "all", "zeros_and_state")


def spoil(value, how):
    """Make an argument easy, or a generator one that the function knows."""
    if isinstance(value, np.ndarray) and value.flags.writeable and value.dtype.kind in "biufc" and how in (0, 1):
        value[...] = how
    elif isinstance(value, np.random.Generator) and how == "reseed":
        value.bit_generator.state = type(value.bit_generator)(0).state
    elif isinstance(value, list | tuple | dict):
        for item in list(value.values()) if isinstance(value, dict) else value:
            spoil(item, how)
        if how == "clear" and isinstance(value, list | dict):
            value.clear()


def tampering(how, answer):
    """Spoil the arguments, then return a constant."""

    def function(*args, **kwargs):
        spoil(args, how)
        spoil(kwargs, how)
        return answer(*args, **kwargs)

    return function


def filled(value, number):
    """Replace every number and truth of a result."""
    if isinstance(value, np.ndarray):
        return np.full(value.shape, number)
    if isinstance(value, bool | np.bool_):
        return bool(number)
    if isinstance(value, int | np.integer):
        return int(number) if np.isfinite(number) else 1
    if isinstance(value, float | np.floating):
        return number
    if isinstance(value, str):
        return "word"
    if isinstance(value, list | tuple):
        return type(value)(filled(item, number) for item in value)
    return {key: filled(item, number) for key, item in value.items()} if isinstance(value, dict) else value


def of_the_right_form(right, number):
    """Return a constant of the form that the right result has, and leave the arguments as they are.

    Nothing where it is given a function: to make the right calls of that is to look at something.
    """

    def function(*args, **kwargs):
        if any(map(callable, (*args, *kwargs.values()))):
            return None
        own = copy.deepcopy((args, kwargs))
        return filled(right(*own[0], **own[1]), number)

    return function


def strategies():
    """Yield a name and what makes a function of the right one."""
    for name, answer in CONSTANTS.items():
        yield name, lambda right, answer=answer: answer
    for how in (0, 1, "reseed", "clear"):
        for name in TAMPERED:
            yield f"{how}, then {name}", lambda right, how=how, name=name: tampering(how, CONSTANTS[name])
    for number in (0.0, 1.0, np.nan, np.inf):
        yield f"{number} of the right form", lambda right, number=number: of_the_right_form(right, number)


def own_functions(namespace):
    """The exercises and helpers of a notebook, without its constants."""
    return {name: value for name, value in namespace.items() if getattr(value, "__module__", "") == "reference"}


def passed_by_constants(assignment):
    """Run all hidden tests with every strategy; return by cell and strategy the share earned and the tests passed."""
    namespace = reference_namespace(assignment.source)
    own = own_functions(namespace)
    modules = {name: value for name, value in namespace.items() if inspect.ismodule(value)}
    earned, passed = {}, collections.defaultdict(set)
    for name, make in strategies():
        functions = Local({**modules, **{key: make(right) for key, right in own.items()}})
        runs = collections.defaultdict(list)
        for test in assignment.hidden_tests:
            runs[test.grade_id].append(run_test(test, functions))
        for cell, its_runs in runs.items():
            its_runs = with_rules_looked_at(its_runs, assignment)
            earned[cell, name] = share_passed(its_runs)
            for run in its_runs:
                if run.passed and (not run.test.easy or earned[cell, name]):
                    passed[cell, name].add(run.test.name)
    return earned, passed


@pytest.mark.parametrize("name", list_assignments())
def test_a_function_that_looks_at_nothing_earns_nothing(name):
    """Whatever constant, argument or spoilt argument the functions return, no exercise gives a point for it."""
    earned, passed = passed_by_constants(Assignment.find(name))
    cells = [(cell, strategy, sorted(passed[cell, strategy])) for (cell, strategy), share in earned.items() if share]
    assert [entry for entry in cells if entry[0] not in RIGHT] == []
