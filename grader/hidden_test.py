"""What a hidden test is: its claim, what it counts, the data of its module; and the rule that is one, too."""

import ast
import copy
import functools
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.authoring import Mistake, easy


def _are_mistakes(value: Any) -> bool:
    """Whether a list holds mistakes alone: no test passes them on, and there are too many to copy for each test."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mistake) for item in value)


class ModuleData:
    """Modules' arrays, lists, dicts and sets as they were loaded: a test may pass them to what changes them."""

    def __init__(self, *modules: types.ModuleType) -> None:
        kinds = (np.ndarray, list, dict, set)
        self._loaded: list[tuple[dict[str, Any], str, Any]] = [
            (vars(module), name, value)
            for module in modules
            for name, value in vars(module).items()
            if isinstance(value, kinds) and not name.startswith("__") and not _are_mistakes(value)
        ]
        self._copies = copy.deepcopy([value for _, _, value in self._loaded])

    def restore(self) -> None:
        """Make them what they were, for the next student; what else refers to one of them sees it too."""
        for (names, name, value), fresh in zip(self._loaded, copy.deepcopy(self._copies), strict=True):
            if isinstance(value, list):
                value[:] = fresh
            elif not isinstance(value, np.ndarray):
                value.clear()
                value.update(fresh)
            elif value.flags.writeable:
                value[...] = fresh
            names[name] = value


@functools.lru_cache(maxsize=1024)
def fixtures_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a hidden test's parameters; they are asked for at every run of it."""
    return tuple(inspect.signature(function).parameters)


@dataclass(frozen=True)
class HiddenTest:
    """One hidden test, the graded cell it counts for, and the data of its module."""

    name: str
    grade_id: str
    claim: str
    weight: float
    function: Callable[..., None]
    data: ModuleData

    @property
    def is_rule(self) -> bool:
        """Whether it is no test of the author's but a rule that holds for every exercise."""
        return self.function in (leaves_its_inputs_alone, returns_arrays)

    @property
    def easy(self) -> bool:
        """Whether it counts only beside another that passes."""
        return bool(getattr(self.function, "easy", False))

    @property
    def draws(self) -> bool:
        """Whether it draws its inputs."""
        return "rng" in fixtures_of(self.function)


RULE_COSTS = 0.1  # of an exercise's points where a rule is broken, however many tests the exercise has


@easy
def leaves_its_inputs_alone(student: Any) -> None:
    """The inputs stay as they came."""


@easy
def returns_arrays(student: Any) -> None:
    """Arrays come back as arrays, not as lists of lists."""


def rule_of(grade_id: str, rule: Callable[..., None]) -> HiddenTest:
    """Make a rule a test of a graded cell; it has no weight, but a price: ``RULE_COSTS``."""
    claim = (rule.__doc__ or "").strip()
    return HiddenTest(f"{grade_id}_{rule.__name__}", grade_id, claim, 0.0, rule, ModuleData())


@dataclass(frozen=True)
class InputRule:
    """The rule that an exercise leaves its inputs alone, as a test of its graded cell."""

    test: HiddenTest
    parameters: tuple[str, ...]
    changes: frozenset[str]


def parameters_of(name: str, source: str) -> tuple[str, ...]:
    """Read the parameters of a function off the text that defines it; none where it defines no such function."""
    found = [node.args for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name]
    return tuple(each.arg for args in found for each in (*args.posonlyargs, *args.args, *args.kwonlyargs))
