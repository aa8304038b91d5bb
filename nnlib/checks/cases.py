"""An assignment's public cases, and what comes of a function on them.

A case is a function of ``public_cases.py`` beside the notebook. Its first parameter is the exercise, further ones
are other functions or variables of the notebook that it needs; its docstring says what is tried, and it returns
plain data.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

from nnlib.checks.calls import NotPlain, quietly, settled
from nnlib.checks.compare import CheckFailed, same
from nnlib.checks.frozen import thaw
from nnlib.checks.inputs import differ, kept
from nnlib.checks.plain import describe
from nnlib.checks.words import (
    calls_unwritten,
    calls_withheld,
    not_defined,
    not_unpacked,
    not_usable,
    not_written,
    raised,
    too_much,
)
from nnlib.withheld import Withheld

CASES = "public_cases.py"

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)


def tolerance(*, rtol: float | None = None, atol: float | None = None) -> Callable[[F], F]:
    """Let a public case compare with other tolerances than :func:`explain`'s, such as one that measures a spread.

    Parameters
    ----------
    rtol, atol
        Relative and absolute tolerance; the default where None.
    """

    def mark(case: F) -> F:
        case.tolerance = {"rtol": rtol, "atol": atol}  # type: ignore[attr-defined]
        return case

    return mark


def success(function: F) -> F:
    """Declare that a public case or a hidden test asks how well something does.

    No mistake is named by it: that something does badly has many causes, most of them known to nobody.
    """
    function.success = True  # type: ignore[attr-defined]
    return function


@dataclass(frozen=True)
class Case:
    """One public case of an exercise."""

    name: str
    says: str
    exercise: str
    needs: tuple[str, ...]
    run: Function
    rtol: float | None = None
    atol: float | None = None
    success: bool = False

    @property
    def tolerances(self) -> dict[str, Any]:
        """Those that the case sets; the comparison has its own defaults."""
        both = {"rtol": self.rtol, "atol": self.atol}
        return {name: value for name, value in both.items() if value is not None}


@dataclass(frozen=True)
class Outcome:
    """What came of a case: a value, or the name of an error with a sentence about it.

    ``unwritten`` is the function whose stub raised the error; ``changed`` are the parameters whose arguments it wrote
    into.
    """

    value: Any = None
    error: str = ""
    message: str = ""
    unwritten: str = ""
    changed: tuple[str, ...] = ()

    def same_as(self, other: Outcome, case: Case) -> bool:
        """Whether both came to the same, by the case's tolerances."""
        if self.error or other.error:
            return self.error == other.error
        return same(self.value, other.value, **case.tolerances)


@functools.lru_cache(maxsize=2)
def compiled(source: bytes, path: str) -> CodeType:
    """Compile a ``public_cases.py`` once, however often its cases are loaded."""
    return compile(source, path, "exec")


def load_cases(path: Path, code: CodeType | None = None) -> dict[str, list[Case]]:
    """Read the cases of a ``public_cases.py`` by exercise, in order; ``code`` is the file's, where it was compiled."""
    spec = importlib.util.spec_from_file_location("public_cases", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be read.")
    module = importlib.util.module_from_spec(spec)
    # An import would leave __pycache__ beside the notebook.
    exec(code or compiled(path.read_bytes(), path.name), module.__dict__)
    found: dict[str, list[Case]] = {}
    for name, function in vars(module).items():
        if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != "public_cases":
            continue
        parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
        if not parameters:
            raise ValueError(f"{name} takes nothing; its first parameter is the exercise that it tries")
        exercise, *needs = parameters
        says = (function.__doc__ or name).strip().split("\n")[0]
        marks = {**getattr(function, "tolerance", {}), "success": getattr(function, "success", False)}
        found.setdefault(exercise, []).append(Case(name, says, exercise, tuple(needs), function, **marks))
    return found


def outcome_of(case: Case, function: Function, scope: Mapping[str, Any]) -> Outcome:
    """Run a case on ``function``, with what else it needs from ``scope``."""
    missing = [name for name in case.needs if name not in scope]
    if missing:
        return Outcome(error="NameError", message=f"{not_defined(missing[0])} This case needs it: write it first.")
    watched = _Watched(case.exercise, function)
    others = [_Watched(name, scope[name]).stand_in if callable(scope[name]) else scope[name] for name in case.needs]
    try:
        with quietly():
            value = settled(case.run(watched.stand_in, *others), own=True)
        return Outcome(value, changed=tuple(dict.fromkeys(watched.changed)))
    except _Raised as error:
        return Outcome(error=error.kind, message=error.message, unwritten=error.unwritten)
    except CheckFailed as error:
        return Outcome(error="CheckFailed", message=str(error))
    except Exception as error:  # the case could not use what was returned; the solution passes it
        got = f"{case.exercise} " + (f"returned {watched.told}" if watched.called else "was not called")
        alone = watched.called and not isinstance(watched.last, tuple | list) and "unpack" in str(error)
        told = not_unpacked(got) if alone else not_usable(got, "this case")
        return Outcome(error=type(error).__name__, message=told)


def recorded(frozen: dict[str, Any]) -> Outcome:
    """Read back an outcome that ``public_cases.json`` holds."""
    return Outcome(error=frozen["raises"]) if "raises" in frozen else Outcome(thaw(frozen["value"]))


class _Raised(Exception):
    """A student's function raised; carries what to say about it."""

    def __init__(self, kind: str, message: str, unwritten: str = "") -> None:
        super().__init__(message)
        self.kind, self.message, self.unwritten = kind, message, unwritten


class _Watched:
    """A function, as ``stand_in``, that remembers its result and whose errors are told from those of the case."""

    def __init__(self, name: str, function: Function) -> None:
        self.name, self.function, self.last, self.called = name, function, None, False
        self.changed: list[str] = []

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self._call(*args, **kwargs)

        # A plain function with the student's signature: a case may pass it to another function of theirs.
        self.stand_in = functools.update_wrapper(stand_in, function)
        stand_in.__name__ = stand_in.__qualname__ = name

    def _call(self, *args: Any, **kwargs: Any) -> Any:
        self.called, self.last = True, None
        before = kept(args), kept(kwargs)
        try:
            self.last = settled(self.function(*args, **kwargs))
        except NotPlain as error:
            raise _Raised("NotPlain", too_much(self.name, str(error))) from error
        except (_Raised, CheckFailed):  # of a function that the case passed in, or that this one calls
            raise
        except Withheld as error:
            raise _Raised("Withheld", calls_withheld(self.name, error.name)) from error
        except Exception as error:
            if stub := self._stub(error):
                told = not_written(stub) if stub == self.name else calls_unwritten(self.name, stub)
                raise _Raised("NotImplementedError", told, stub) from error
            text = str(error).strip().split("\n")[0]
            raise _Raised(
                type(error).__name__, raised(self.name, type(error).__name__, self._line(error), text)
            ) from error
        for name, argument in [*((str(i), value) for i, value in enumerate(args, 1)), *kwargs.items()]:
            try:
                settled(argument, read=False)
            except NotPlain as error:
                raise _Raised("NotPlain", too_much(self.name, str(error), name)) from error
        self.changed += [
            self._parameter(i) for i, pair in enumerate(zip(before[0], args, strict=True)) if differ(*pair)
        ]
        self.changed += [name for name, value in before[1].items() if differ(value, kwargs[name])]
        return self.last

    def _parameter(self, position: int) -> str:
        """What the function calls an argument."""
        code = getattr(self.function, "__code__", None)
        named = code is not None and position < code.co_argcount
        return code.co_varnames[position] if code is not None and named else "its input"

    @property
    def told(self) -> str:
        """What it returned, in words."""
        return describe(settled(self.last, own=True))

    def _stub(self, error: Exception) -> str:
        """The student's function that is still a stub and raised ``error``, empty if it is another error."""
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        if type(error) is not NotImplementedError or frame.f_globals is not getattr(self.function, "__globals__", None):
            return ""
        return self.name if frame.f_code is getattr(self.function, "__code__", None) else frame.f_code.co_name

    def _line(self, error: Exception) -> int:
        """The line of the function's own cell that was running, 0 if none was."""
        own = getattr(getattr(self.function, "__code__", None), "co_filename", None)
        lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
        return lines[-1] if lines else 0
