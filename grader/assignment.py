"""An assignment: its folder in ``notebooks/`` read into what release, grading and verification need."""

import ast
import copy
import hashlib
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import numpy as np

from grader import vocabulary
from grader.authoring import Function, Mistake, easy
from grader.errors import AssignmentError, did_you_mean
from grader.exercises import FOLDER, Exercise, Form, Variant, forms, load_exercises
from grader.needed import asked_of_student
from grader.reference import reference_namespace
from grader.sandbox.limits import Limits
from grader.toml_file import read_toml

SETTINGS = "assignment.toml"
FORMER = ("hidden_tests.py", "misconceptions.py", "variants.py")  # what stands in exercises/ now


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that computes the same as the solution, with the reason; ``change`` as ``grader verify`` prints it."""

    exercise: str
    change: str
    why: str


class Exact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hidden test or public case that stands on an edge, with the reason why no machine rounds its numbers."""

    name: str
    why: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``assignment.toml``."""

    title: str
    withhold: list[str] = []
    all_or_nothing: list[str] = []
    limits: Limits = Limits()
    equivalents: list[Equivalent] = []
    exact: list[Exact] = []


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
        return self.function is leaves_inputs_alone

    @property
    def easy(self) -> bool:
        """Whether it counts only beside another that passes."""
        return bool(getattr(self.function, "easy", False))

    @property
    def draws(self) -> bool:
        """Whether it draws its inputs."""
        return "rng" in inspect.signature(self.function).parameters


@easy
def leaves_inputs_alone(student: Any) -> None:
    """The inputs stay as they came."""


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


def find_notebooks_folder() -> Path:
    """Find the project's assignments: beside the package in a clone, inside it in an installed wheel."""
    package = Path(__file__).resolve().parent
    for folder in (package.parent / "notebooks", package / "course" / "notebooks"):
        if folder.is_dir():
            return folder
    raise AssignmentError("The project's notebooks/ folder was not found; install the wheel again or use a clone.")


def list_assignments(*sources: Path) -> list[str]:
    """Name the assignments under source folders, the project's by default."""
    tomls = [toml for source in sources or (find_notebooks_folder(),) for toml in source.glob("*/assignment.toml")]
    return sorted({toml.parent.name for toml in tomls if any(toml.parent.glob("*.ipynb"))})


class Assignment:
    """One assignment of a source folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name

    @classmethod
    def find(cls, name: str, *sources: Path) -> "Assignment":
        """Find an assignment by its name, its number or the beginning of its name.

        Of ``sources``, the project's by default, the first that has it counts. ``AssignmentError`` names what there
        is where none has.
        """
        sources = sources or (find_notebooks_folder(),)
        name = name.zfill(2) if name.isdigit() else name
        for source in sources:
            if (source / name).is_dir():
                return cls(source / name)
        known: list[str] = []
        for source in sources:
            here = sorted({path.parent.name for file in ("*.ipynb", SETTINGS) for path in source.glob(f"*/{file}")})
            starts = [other for other in here if other.startswith(name) or other.split("-", 1)[0] == name]
            if len(starts) == 1:
                return cls(source / starts[0])
            known += [other for other in here if other not in known]
        hint = f" Available: {', '.join(sorted(known))}." if known else ""
        raise AssignmentError(f"No assignment is called {name!r}.{hint}")

    @cached_property
    def settings(self) -> Settings:
        """The settings of ``assignment.toml``."""
        path = self.folder / SETTINGS
        try:
            return read_toml(path, Settings)
        except FileNotFoundError:
            raise AssignmentError(
                f"{path} does not exist; an assignment needs it for its title and limits. A classic nbgrader "
                "assignment, with its tests inside the notebook's cells, cannot be graded here yet."
            ) from None

    @cached_property
    def notebook_path(self) -> Path:
        """The executed source notebook."""
        found = sorted(self.folder.glob("*.ipynb"))
        if len(found) != 1:
            script = (
                f" Make it from the script: grader sync {self.name}"
                if not found and any(self.folder.glob("*.py"))
                else ""
            )
            raise AssignmentError(f"{self.folder} must hold one notebook, got {len(found)}.{script}")
        return found[0]

    @property
    def notebook_name(self) -> str:
        """The notebook's name without its ending; nbgrader's notebook id."""
        return self.notebook_path.stem

    @property
    def notebook_file(self) -> str:
        """The notebook's file name, with its ending."""
        return self.notebook_path.name

    @cached_property
    def source(self) -> nbformat.NotebookNode:
        """The source notebook, solutions included."""
        try:
            return nbformat.read(self.notebook_path, as_version=4)
        except (ValueError, AttributeError, TypeError) as error:
            said = str(error).strip().split("\n")[0][:80].rstrip(".")
            raise AssignmentError(
                f"{self.notebook_path} is not a notebook; open and save it in JupyterLab: {said}"
            ) from None

    @cached_property
    def graded_cells(self) -> dict[str, nbformat.NotebookNode]:
        """The graded cells by id, in order."""
        return {vocabulary.grade_id(cell): cell for cell in self.source.cells if vocabulary.is_graded(cell)}

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The files of ``exercises/``, in the notebook's order."""
        for name in FORMER:
            if (self.folder / name).exists():
                raise AssignmentError(
                    f"{self.folder / name}: this file is not read any more. Move what it holds into a file per "
                    f"exercise, {FOLDER}/NAME.py, and delete it; CONTRIBUTING shows one."
                )
        order = list(self.solutions)
        found = load_exercises(self.folder)
        for exercise in found:
            if exercise.name not in order:
                raise AssignmentError(
                    f"{exercise.path}: the notebook has no exercise {exercise.name}, and every exercise has one file, "
                    f"which is named after it.{did_you_mean(exercise.name, order)}"
                )
        return sorted(found, key=lambda exercise: order.index(exercise.name))

    @cached_property
    def solutions(self) -> dict[str, str]:
        """The text of each exercise's solution cell, by the exercise's name, in order."""
        return {
            vocabulary.grade_id(cell): cell.source
            for cell in self.source.cells
            if cell.cell_type == "code" and vocabulary.is_exercise(cell)
        }

    @cached_property
    def reference(self) -> dict[str, Any]:
        """What the solutions define, by name, with what else their cells hold."""
        return reference_namespace(self.source, path=self.notebook_path)

    @cached_property
    def hidden_tests(self) -> list[HiddenTest]:
        """The hidden tests, each with the graded cell whose id is the longest prefix of its name."""
        found: dict[str, HiddenTest] = {}
        for exercise in self.exercises:
            data = ModuleData(*exercise.modules)
            for name, function in exercise.tests.items():
                if name in found:
                    raise AssignmentError(f"{exercise.path}: there is another hidden test {name}; rename one of them.")
                found[name] = self._hidden_test(exercise, name, function, data)
        return list(found.values())

    @cached_property
    def input_rules(self) -> dict[str, InputRule]:
        """By graded cell, the rule that an exercise leaves its inputs alone; see ``hidden.with_inputs_looked_at``."""
        changes = {exercise.name: exercise.changes for exercise in self.exercises}
        claim, rules = (leaves_inputs_alone.__doc__ or "").strip(), {}
        for grade_id in self.graded_cells:
            name = vocabulary.exercise_of(grade_id)
            parameters = parameters_of(name, self.solutions.get(name, ""))
            if name not in changes or changes[name].issuperset(parameters):
                continue
            if odd := changes[name].difference(parameters):
                raise AssignmentError(
                    f"{self.folder / FOLDER / name}.py: CHANGES names {', '.join(sorted(odd))}, and {name} takes "
                    f"{', '.join(parameters)}."
                )
            test = HiddenTest(
                f"{grade_id}_leaves_its_inputs_alone", grade_id, claim, 1.0, leaves_inputs_alone, ModuleData()
            )
            rules[grade_id] = InputRule(test, parameters, changes[name])
        return rules

    def _hidden_test(self, exercise: Exercise, name: str, function: Function, data: ModuleData) -> HiddenTest:
        owners = [grade_id for grade_id in self.graded_cells if name == grade_id or name.startswith(f"{grade_id}_")]
        if not owners:
            raise AssignmentError(
                f"{exercise.path}: {name} belongs to no graded cell; the name of a hidden test begins with the "
                f"grade_id of one.{did_you_mean(name[: len(exercise.name) + 5], self.graded_cells)}"
            )
        if odd := set(inspect.signature(function).parameters) - {"student", "rng"}:
            raise AssignmentError(
                f"{exercise.path}: {name} takes {', '.join(sorted(odd))}; "
                "a hidden test takes student and, if it needs randomness, rng."
            )
        claim = (function.__doc__ or "").strip().split("\n")[0]
        return HiddenTest(name, max(owners, key=len), claim, float(getattr(function, "weight", 1.0)), function, data)

    @cached_property
    def names_asked(self) -> frozenset[str]:
        """Names that hidden tests ask of a student: ``student.NAME`` and ``student.value("NAME")``."""
        paths = sorted((self.folder / FOLDER).glob("*.py"))
        asked = (asked_of_student(path.read_text(encoding="utf-8")) for path in paths)
        return frozenset(self.solutions).union(*asked)

    @cached_property
    def course_files(self) -> dict[str, bytes]:
        """The files beside the notebook that students get and grading puts back: public cases, data."""
        authors = {SETTINGS, f"{self.notebook_name}.py", self.notebook_file}
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name not in authors]
        names = {path.relative_to(self.folder): path for path in files}
        hidden = [name for name in names if any(part.startswith((".", "__")) for part in name.parts)]
        hidden += [name for name in names if name.parts[0] == FOLDER]
        return {str(name): path.read_bytes() for name, path in names.items() if name not in hidden}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what a submission earns, and what its checks say, but for this package."""
        seen = hashlib.sha256()
        paths = [*self.folder.iterdir(), *(self.folder / FOLDER).glob("*.py")]
        for path in sorted(path for path in paths if path.suffix in (".py", ".ipynb", ".toml")):
            seen.update(str(path.relative_to(self.folder)).encode() + path.read_bytes())
        return seen.hexdigest()

    @cached_property
    def mistakes(self) -> list[Form]:
        """The known wrong implementations, every form of each mistake."""
        return forms(self.exercises, self.solutions, self.reference)

    @cached_property
    def variants(self) -> list[Variant]:
        """The correct implementations written differently."""
        return [variant for exercise in self.exercises for variant in exercise.variants]

    def untested_cells(self) -> list[str]:
        """Ids of the cells with points that neither a hidden test nor a person decides about."""
        return [
            grade_id
            for grade_id, cell in self.graded_cells.items()
            if not vocabulary.is_manual(cell) and not self.tests_of(grade_id)
        ]

    def require_tests(self) -> None:
        """Refuse an assignment in which a cell has points and nothing decides about them: all would get 0."""
        if bare := self.untested_cells():
            raise AssignmentError(
                f"{self.folder / FOLDER}: {', '.join(bare)} {'has' if len(bare) == 1 else 'have'} points "
                f"but no hidden test; write one, such as {bare[0]}_of_zeros(student), or take the points away."
            )

    def tests_of(self, grade_id: str) -> list[HiddenTest]:
        """List the hidden tests that count for a graded cell."""
        return [test for test in self.hidden_tests if test.grade_id == grade_id]
