"""An assignment: its folder in ``notebooks/`` read into what release, grading and verification need."""

import copy
import hashlib
import importlib.util
import inspect
import sys
import tomllib
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
from grader.authoring import Misconception, Variant
from grader.errors import GraderError
from grader.sandbox.limits import Limits

AUTHORS_FILES = ("hidden_tests.py", "misconceptions.py", "variants.py", "assignment.toml")  # no student gets these


class AssignmentError(GraderError):
    """The author's files are at fault; the text names file and place."""


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


class ModuleData:
    """A module's arrays, lists, dicts and sets as they were loaded: a test may pass them to what changes them."""

    def __init__(self, module: types.ModuleType) -> None:
        self._names = vars(module)
        kinds = (np.ndarray, list, dict, set)
        self._loaded: dict[str, Any] = {
            name: value for name, value in self._names.items() if isinstance(value, kinds) and not name.startswith("__")
        }
        self._copies = copy.deepcopy(self._loaded)

    def restore(self) -> None:
        """Make them what they were, for the next student; what else refers to one of them sees it too."""
        for name, fresh in copy.deepcopy(self._copies).items():
            value = self._loaded[name]
            if isinstance(value, list):
                value[:] = fresh
            elif not isinstance(value, np.ndarray):
                value.clear()
                value.update(fresh)
            elif value.flags.writeable:
                value[...] = fresh
            self._names[name] = value


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
    def easy(self) -> bool:
        """Whether it counts only beside another that passes."""
        return bool(getattr(self.function, "easy", False))

    @property
    def draws(self) -> bool:
        """Whether it draws its inputs."""
        return "rng" in inspect.signature(self.function).parameters


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
            here = sorted({path.parent.name for path in source.glob("*/*.ipynb")})
            starts = [other for other in here if other.startswith(name) or other.split("-", 1)[0] == name]
            if len(starts) == 1:
                return cls(source / starts[0])
            known += [other for other in here if other not in known]
        hint = f" Available: {', '.join(sorted(known))}." if known else ""
        raise AssignmentError(f"No assignment is called {name!r}.{hint}")

    @cached_property
    def settings(self) -> Settings:
        """The settings of ``assignment.toml``."""
        path = self.folder / "assignment.toml"
        try:
            return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
        except FileNotFoundError:
            raise AssignmentError(
                f"{path} does not exist; an assignment needs it for its title and limits. A classic nbgrader "
                "assignment, with its tests inside the notebook's cells, cannot be graded here yet."
            ) from None
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise AssignmentError(f"{path}: {error}.") from None

    @cached_property
    def notebook_path(self) -> Path:
        """The executed source notebook."""
        found = sorted(self.folder.glob("*.ipynb"))
        if len(found) != 1:
            raise AssignmentError(f"{self.folder} must hold one notebook, got {len(found)}.")
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
        return nbformat.read(self.notebook_path, as_version=4)

    @cached_property
    def graded_cells(self) -> dict[str, nbformat.NotebookNode]:
        """The graded cells by id, in order."""
        return {vocabulary.grade_id(cell): cell for cell in self.source.cells if vocabulary.is_graded(cell)}

    @cached_property
    def hidden_tests(self) -> list[HiddenTest]:
        """The hidden tests, each with the graded cell whose id is the longest prefix of its name."""
        module = self._module("hidden_tests")
        if module is None:
            return []
        data = ModuleData(module)
        found = []
        for name, function in vars(module).items():
            if not name.startswith("test_") or not callable(function):
                continue
            owners = [grade_id for grade_id in self.graded_cells if name == grade_id or name.startswith(f"{grade_id}_")]
            if not owners:
                raise AssignmentError(
                    f"{self.folder / 'hidden_tests.py'}: {name} belongs to no graded cell. "
                    f"Begin its name with one of: {', '.join(self.graded_cells)}."
                )
            if odd := set(inspect.signature(function).parameters) - {"student", "rng"}:
                raise AssignmentError(
                    f"{self.folder / 'hidden_tests.py'}: {name} takes {', '.join(sorted(odd))}; "
                    "a hidden test takes student and, if it needs randomness, rng."
                )
            claim = (function.__doc__ or "").strip().split("\n")[0]
            weight = float(getattr(function, "weight", 1.0))
            found.append(HiddenTest(name, max(owners, key=len), claim, weight, function, data))
        return found

    @cached_property
    def hidden_tests_source(self) -> str:
        """The text of ``hidden_tests.py``, empty where there is none."""
        path = self.folder / "hidden_tests.py"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @cached_property
    def course_files(self) -> dict[str, bytes]:
        """The files beside the notebook that students get and grading puts back: public cases, data."""
        authors = {*AUTHORS_FILES, f"{self.notebook_name}.py", self.notebook_file}
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name not in authors]
        names = {path.relative_to(self.folder): path for path in files}
        hidden = [name for name in names if any(part.startswith((".", "__")) for part in name.parts)]
        return {str(name): path.read_bytes() for name, path in names.items() if name not in hidden}

    @cached_property
    def misconceptions(self) -> list[Misconception]:
        """The known wrong implementations."""
        module = self._module("misconceptions")
        return [value for value in vars(module).values() if isinstance(value, Misconception)] if module else []

    @cached_property
    def variants(self) -> list[Variant]:
        """The correct implementations written differently."""
        module = self._module("variants")
        return [value for value in vars(module).values() if isinstance(value, Variant)] if module else []

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
                f"{self.folder / 'hidden_tests.py'}: {', '.join(bare)} {'has' if len(bare) == 1 else 'have'} points "
                f"but no hidden test; write one, such as {bare[0]}_of_zeros(student), or take the points away."
            )

    def tests_of(self, grade_id: str) -> list[HiddenTest]:
        """List the hidden tests that count for a graded cell."""
        return [test for test in self.hidden_tests if test.grade_id == grade_id]

    def _module(self, name: str) -> types.ModuleType | None:
        path = self.folder / f"{name}.py"
        if not path.exists():
            return None
        unique = hashlib.sha256(str(path).encode()).hexdigest()[:12]
        spec = importlib.util.spec_from_file_location(f"_assignment_{unique}_{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses and pickling look modules up by name
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise AssignmentError(f"{path} cannot be loaded: {type(error).__name__}: {error}.") from error
        return module
