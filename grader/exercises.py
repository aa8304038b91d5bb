"""Read an assignment's ``exercises/``: a file per exercise with its hidden tests, other right ways, and mistakes.

A mistake is an edit of the solution, so that a changed solution cannot leave stale mistakes behind.
"""

import ast
import builtins
import hashlib
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from grader.authoring import Edits, Function, Mistake
from grader.errors import AssignmentError, did_you_mean
from grader.own_modules import stand_beside
from grader.reordering import Compiler, plainly

FOLDER = "exercises"
COMMON = "common"  # what several exercises of an assignment share


@dataclass(frozen=True)
class Exercise:
    """The file of one exercise."""

    name: str
    path: Path
    module: ModuleType
    compiled: Compiler
    common: ModuleType | None = None

    @property
    def modules(self) -> list[ModuleType]:
        """The file's module, and the one that it shares with others."""
        return [self.module] if self.common is None else [self.module, self.common]

    @property
    def tests(self) -> dict[str, Function]:
        """The hidden tests by name, those made of tables as well."""
        own = {name: value for name, value in vars(self.module).items() if name.startswith("test_") and callable(value)}
        made = self._declared("TESTS", FunctionType, "hidden test; write TESTS = family(...)")
        return own | {test.__name__: test for test in made}

    @property
    def mistakes(self) -> Sequence[Mistake]:
        """The mistakes, in order."""
        return self._declared("MISTAKES", Mistake, "mistake(...) or slip(...)")

    @property
    def variants(self) -> "list[Variant]":
        """The correct implementations written differently."""
        functions = [value for value in vars(self.module).values() if getattr(value, "is_variant", False)]
        return [Variant(self.name, function.__name__, function) for function in functions]

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of each function of the file, without decorators."""
        text = self.path.read_text(encoding="utf-8")
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        lines = text.split("\n")
        return {node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in functions}

    @property
    def changes(self) -> frozenset[str]:
        """Parameters that the exercise is there to change; it leaves the others as they came."""
        return frozenset(self._declared("CHANGES", str, "parameter's name"))

    @property
    def hints(self) -> Sequence[str]:
        """What helps a student on, each saying more than the last."""
        return self._declared("HINTS", str, "text")

    def _declared(self, name: str, kind: type, what: str) -> Sequence[Any]:
        """What the file lists under ``name``; ``AssignmentError`` where that is no list of ``what``."""
        found = getattr(self.module, name, ())
        if not isinstance(found, list | tuple | set | frozenset):
            raise AssignmentError(f"{self.path}: {name} is no list or set, but {found!r:.60}. Put it in brackets.")
        if odd := [value for value in found if not isinstance(value, kind)]:
            raise AssignmentError(f"{self.path}: {name} holds what is no {what}: {odd[0]!r:.60}. Take it out.")
        return list(found)


@dataclass(frozen=True)
class Variant:
    """A correct implementation written differently from the reference; refusing it is a bug of ours."""

    of: str
    name: str
    function: Function


@dataclass(frozen=True)
class Form:
    """A mistake in one of its forms: a wrong implementation of exercise ``of``."""

    of: str
    says: str
    hint: str
    number: int
    edits: Edits
    make: Callable[[], Function]

    @cached_property
    def function(self) -> Function:
        """The wrong implementation."""
        return self.make()

    @property
    def name(self) -> str:
        """What tells the mistake from all others of its assignment."""
        return f"{self.of}: {self.says}"

    def __str__(self) -> str:
        return f"{self.name!r}" + (f", form {self.number}" if self.number else "")


def load_exercises(assignment: Path, compiled: Compiler = plainly) -> list[Exercise]:
    """Load the files of ``exercises/`` as a package, so that ``from .common import …`` works; in order of name."""
    stand_beside(assignment)
    folder = assignment / FOLDER
    paths = sorted(folder.glob("*.py"), key=lambda path: (path.stem != COMMON, path.stem))
    package = ModuleType(f"_exercises_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}_{compiled.__name__}")
    package.__path__ = [str(folder)]
    for name in [name for name in sys.modules if name == package.__name__ or name.startswith(f"{package.__name__}.")]:
        del sys.modules[name]
    sys.modules[package.__name__] = package
    modules = {path: _load(path, package.__name__, compiled) for path in paths}
    common = modules.pop(folder / f"{COMMON}.py", None)
    return [Exercise(path.stem, path, module, compiled, common) for path, module in modules.items()]


def _load(path: Path, package: str, compiled: Compiler) -> ModuleType:
    module = ModuleType(f"{package}.{path.stem}")
    module.__file__, module.__package__ = str(path), package
    sys.modules[module.__name__] = module  # for the others' imports, and dataclasses look modules up by name
    try:
        exec(compiled(path.read_text(encoding="utf-8"), str(path)), vars(module))
    except (Exception, SystemExit) as error:  # an exit would end the command as if all were well
        where = f", line {line}" if (line := line_of(error, str(path))) else ""
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        said = said.replace(f"{package}.", f"{FOLDER}.").rstrip(".")
        if isinstance(error, NameError) and error.name:
            said += did_you_mean(error.name, {*vars(module), *vars(builtins)}, all=False)
        end = "" if said.endswith("?") else "."
        raise AssignmentError(f"{path}{where} cannot be loaded: {type(error).__name__}: {said}{end}") from error
    return module


def line_of(error: BaseException, filename: str) -> int:
    """The last line of a file on the way to an error; 0 where it is not known."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if frame.filename == filename]
    return lines[-1] if lines else 0


def forms(exercises: Sequence[Exercise], solutions: Mapping[str, str], scope: dict[str, Any]) -> list[Form]:
    """Make the known wrong implementations of all exercises.

    Parameters
    ----------
    solutions
        The text of each exercise's solution cell.
    scope
        What the notebook's solutions define, in which an edited solution runs.
    """
    return [
        Form(exercise.name, mistake.says, mistake.hint, number, edits, make)
        for exercise in exercises
        for mistake in exercise.mistakes
        for number, (edits, make) in enumerate(_makers(exercise, mistake, solutions, scope))
    ]


def _makers(
    exercise: Exercise, mistake: Mistake, solutions: Mapping[str, str], scope: dict[str, Any]
) -> Iterator[tuple[Edits, Callable[[], Function]]]:
    """Yield the edits of each form and what makes its function; that an edit fits is looked at now."""
    where = f"{exercise.path}, mistake {mistake.says!r}"
    for function in mistake.by:
        yield {}, lambda function=function: function  # type: ignore[misc]
    base, name, names = mistake.of, exercise.name, scope
    if base is None:
        text = solutions.get(name, "")
        if not text and (mistake.edits or mistake.after):
            raise AssignmentError(f"{where}: the notebook has no solution cell {name} that could be edited.")
    else:
        name, names = base.__name__, vars(exercise.module)
        if name not in exercise.texts:
            raise AssignmentError(f"{exercise.path}: {name} is edited by a mistake and is no function of this file.")
        text = exercise.texts[name]
    for edits in mistake.edits or ([{}] if mistake.after else []):
        changed = edited(text, edits, where)
        for after in mistake.after or [None]:
            yield (
                edits,
                lambda changed=changed, after=after: _compiled(  # type: ignore[misc]
                    changed, name, names, exercise.compiled, after, where
                ),
            )


def edited(source: str, edits: Edits, where: str) -> str:
    """Change a solution's text; ``AssignmentError`` unless each text to change stands exactly once."""
    if all(before == after for before, after in edits.items()) and edits:
        raise AssignmentError(
            f"{where}: the edit {edits!r:.60} changes nothing; write what a wrong solution has there."
        )
    for before, after in edits.items():
        if (times := source.count(before)) != 1:
            raise AssignmentError(
                f"{where}: {before!r} stands {times} times in the solution and must stand once. "
                "Fix the edit; the solution may have changed."
            )
        source = source.replace(before, after)
    return source


def _compiled(
    source: str, name: str, names: dict[str, Any], compiled: Compiler, after: Function | None, where: str
) -> Function:
    scope = dict(names)
    try:
        exec(compiled(source, f"<a mistake in {name}>"), scope)
    except Exception as error:
        raise AssignmentError(f"{where}: the edited solution cannot be run: {error}. Mend the edit.") from error
    function: Function = scope[name]
    if after is None:
        return function
    return lambda *args, **kwargs: after(function(*args, **kwargs))
