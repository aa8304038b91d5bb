"""An assignment: its folder in ``notebooks/`` read into what release, grading and verification need."""

import hashlib
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import nbformat
from traitlets.config import Config

from grader import vocabulary
from grader.authoring import Function
from grader.errors import AssignmentError, did_you_mean
from grader.exercises import FOLDER, Exercise, Form, Variant, forms, load_exercises
from grader.hidden_test import (
    HiddenTest,
    InputRule,
    ModuleData,
    fixtures_of,
    leaves_its_inputs_alone,
    parameters_of,
    rule_of,
)
from grader.needed import asked_of_student
from grader.project_folders import notebooks_folder
from grader.reference import reference_namespace
from grader.sandbox.limits import Imports, Limits
from grader.toml_file import read_toml
from nnlib.checks.instant import FROZEN

SETTINGS = "assignment.toml"
NBGRADER_SECONDS = 30.0  # that nbgrader gives a cell where a course does not say
MOST_SECONDS = 600.0  # that a cell has where a course sets no limit, and a submission has at least
FORMER = ("hidden_tests.py", "misconceptions.py", "variants.py")  # what stands in exercises/ now


_IMPORTS_NNLIB = re.compile(r"^\s*(?:from|import)\s+nnlib\b", re.MULTILINE)


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
    tests_in_cells: bool = False
    students_files: list[str] = []
    limits: Limits = Limits()
    sandbox: Imports = Imports()
    equivalents: list[Equivalent] = []
    exact: list[Exact] = []


def find_notebooks_folder() -> Path:
    """Find the project's assignments."""
    if folder := notebooks_folder():
        return folder
    raise AssignmentError("The project's notebooks/ folder was not found; install the wheel again or use a clone.")


def list_assignments(*sources: Path) -> list[str]:
    """Name the assignments under source folders, the project's by default."""
    return sorted(
        {path.parent.name for source in sources or (find_notebooks_folder(),) for path in source.glob("*/*.ipynb")}
    )


class Assignment:
    """One assignment of a source folder.

    Parameters
    ----------
    config
        nbgrader's settings of the course: the marks of solutions and hidden tests, say.
    notebook
        The one that this is about, without its ending, where the folder holds several; see ``parts``.
    """

    def __init__(self, folder: Path, config: Config | None = None, notebook: str = "") -> None:
        self.folder = folder
        self.name = folder.name
        self.config = Config() if config is None else config
        self._notebook = notebook

    @classmethod
    def find(cls, name: str, *sources: Path, config: Config | None = None) -> "Assignment":
        """Find an assignment by its name, its number or the beginning of its name.

        Of ``sources``, the project's by default, the first that has it counts. ``AssignmentError`` names what there
        is where none has.
        """
        sources = sources or (find_notebooks_folder(),)
        name = name.zfill(2) if name.isdigit() else name
        for source in sources:
            if (source / name).is_dir():
                return cls(source / name, config)
        known: list[str] = []
        for source in sources:
            here = sorted({path.parent.name for file in ("*.ipynb", SETTINGS) for path in source.glob(f"*/{file}")})
            starts = [other for other in here if other.startswith(name) or other.split("-", 1)[0] == name]
            if len(starts) == 1:
                return cls(source / starts[0], config)
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
            if (self.folder / FOLDER).exists():
                raise AssignmentError(
                    f"{path} does not exist; an assignment with {FOLDER}/ needs it for its title and limits."
                ) from None
            return self._classic_settings()

    @property
    def is_classic(self) -> bool:
        """Whether it is one of nbgrader's own kind: no file of ours stands beside its notebooks."""
        return not (self.folder / SETTINGS).exists()

    def _classic_settings(self) -> Settings:
        """What holds for a classic assignment: its cells hold their tests, and have the time that nbgrader gives."""
        sections = [self.config[section] for section in ("Execute", "ExecutePreprocessor")]
        asked = next((section["timeout"] for section in sections if "timeout" in section), NBGRADER_SECONDS)
        seconds = MOST_SECONDS if asked is None or asked <= 0 else float(asked)
        limits = Limits(seconds, submission_seconds=max(MOST_SECONDS, 20 * seconds), memory_mb=4096)
        theirs = self.config.Autograde.get("exclude_overwriting", {}).get(self.name, [])
        return Settings(
            title=self.name, tests_in_cells=True, students_files=list(theirs), limits=limits, sandbox=Imports("all")
        )

    @cached_property
    def parts(self) -> "list[Assignment]":
        """This assignment, or where its folder holds several notebooks one for each; ``AssignmentError`` for none."""
        found = sorted(self.folder.glob("*.ipynb"))
        if self._notebook or len(found) == 1:
            return [self]
        if not found or not self.settings.tests_in_cells:
            is_script = not found and any(self.folder.glob("*.py"))
            hint = f" Make it from the script: grader sync {self.name}" if is_script else ""
            raise AssignmentError(f"{self.folder} must hold one notebook, got {len(found)}.{hint}")
        parts = [Assignment(self.folder, self.config, path.stem) for path in found]
        for part in parts:
            part.settings = self.settings
        return parts

    @cached_property
    def notebook_path(self) -> Path:
        """The source notebook."""
        if self._notebook:
            return self.folder / f"{self._notebook}.ipynb"
        if len(self.parts) > 1:
            names = ", ".join(part.notebook_file for part in self.parts)
            raise AssignmentError(f"{self.folder} holds several notebooks, and one is needed here: {names}.")
        return next(self.folder.glob("*.ipynb"))

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
            notebook = nbformat.read(self.notebook_path, as_version=4)
        except (ValueError, AttributeError, TypeError) as error:
            said = str(error).strip().split("\n")[0][:80].rstrip(".")
            raise AssignmentError(
                f"{self.notebook_path} is not a notebook; open and save it in JupyterLab: {said}"
            ) from None
        told = (
            notebook.metadata.get("kernelspec", {}).get("language"),
            notebook.metadata.get("language_info", {}).get("name"),
        )
        language = next((name for name in told if name), "python")
        if language.casefold() not in ("python", "ipython"):
            raise AssignmentError(f"{self.notebook_path} is written in {language}; only Python can be graded here.")
        if "kernelspec" not in notebook.metadata:  # jupytext leaves it out
            notebook.metadata.update(vocabulary.python_metadata())
        return notebook

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

    @property
    def changes(self) -> dict[str, frozenset[str]]:
        """By exercise, the parameters that it is there to change."""
        return {exercise.name: exercise.changes for exercise in self.exercises}

    @cached_property
    def input_rules(self) -> dict[str, InputRule]:
        """By graded cell, the rule that an exercise leaves its inputs alone; see ``hidden.with_rules_looked_at``."""
        changes, rules = self.changes, {}
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
            rules[grade_id] = InputRule(rule_of(grade_id, leaves_its_inputs_alone), parameters, changes[name])
        return rules

    def _hidden_test(self, exercise: Exercise, name: str, function: Function, data: ModuleData) -> HiddenTest:
        owners = [grade_id for grade_id in self.graded_cells if name == grade_id or name.startswith(f"{grade_id}_")]
        if not owners:
            raise AssignmentError(
                f"{exercise.path}: {name} belongs to no graded cell; the name of a hidden test begins with the "
                f"grade_id of one.{did_you_mean(name[: len(exercise.name) + 5], self.graded_cells)}"
            )
        if odd := set(fixtures_of(function)) - {"student", "rng"}:
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
        authors = {SETTINGS} | {
            path.with_suffix(end).name for path in self.folder.glob("*.ipynb") for end in (".py", ".ipynb")
        }
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name not in authors]
        names = {path.relative_to(self.folder): path for path in files}
        hidden = [name for name in names if any(part.startswith((".", "__")) for part in name.parts)]
        hidden += [name for name in names if name.parts[0] == FOLDER]
        return {str(name): path.read_bytes() for name, path in names.items() if name not in hidden}

    @cached_property
    def uses_nnlib(self) -> bool:
        """Whether a notebook, or a file beside it, imports nnlib, which students then receive."""
        code = [cell.source for part in self.parts for cell in part.source.cells if cell.cell_type == "code"]
        code += [data.decode("utf-8", "replace") for name, data in self.course_files.items() if name.endswith(".py")]
        return bool(self.settings.withhold) or any(_IMPORTS_NNLIB.search(text) for text in code)

    @property
    def guarded_files(self) -> set[str]:
        """Those files beside the notebook that grading puts back; ``students_files`` are for students to change."""
        return self.course_files.keys() - set(self.settings.students_files)

    @cached_property
    def digests(self) -> dict[str, str]:
        """By file, a digest of all that decides what a submission earns, and what its checks say, but this package."""
        paths = [*self.folder.iterdir(), *(self.folder / FOLDER).glob("*.py")]
        own = {
            path.relative_to(self.folder).as_posix(): path
            for path in paths
            if path.suffix in (".py", ".ipynb", ".toml")
        }
        found = {name: path.read_bytes() for name, path in own.items()}
        found |= {name: data for name, data in self.course_files.items() if name != FROZEN}  # data, modules in folders
        return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(found.items())}

    @property
    def fingerprint(self) -> str:
        """One digest of all these files."""
        return hashlib.sha256(repr(self.digests).encode()).hexdigest()

    @cached_property
    def mistakes(self) -> list[Form]:
        """The known wrong implementations, every form of each mistake."""
        if not self.exercises:  # nor are the solutions run, which may do anything in a classic assignment
            return []
        return forms(self.exercises, self.solutions, self.reference)

    @cached_property
    def hints(self) -> dict[str, list[str]]:
        """What helps a student on, by exercise, each hint saying more than the last."""
        return {exercise.name: list(exercise.hints) for exercise in self.exercises}

    @cached_property
    def variants(self) -> list[Variant]:
        """The correct implementations written differently."""
        return [variant for exercise in self.exercises for variant in exercise.variants]

    @cached_property
    def decided_in_cells(self) -> frozenset[str]:
        """Ids of the cells with points whose own outputs decide, as nbgrader has it."""
        if not self.settings.tests_in_cells:
            return frozenset()
        return frozenset(
            grade_id
            for grade_id, cell in self.graded_cells.items()
            if cell.cell_type == "code" and not vocabulary.is_manual(cell) and not self.tests_of(grade_id)
        )

    def untested_cells(self) -> list[str]:
        """Ids of the cells with points that neither a hidden test nor a person decides about."""
        return [
            grade_id
            for grade_id, cell in self.graded_cells.items()
            if not (vocabulary.is_manual(cell) or grade_id in self.decided_in_cells or self.tests_of(grade_id))
        ]

    def require_tests(self) -> None:
        """Refuse an assignment in which a cell has points and nothing decides about them: all would get 0."""
        for part in self.parts:
            if bare := part.untested_cells():
                raise AssignmentError(
                    f"{self.folder / FOLDER}: {', '.join(bare)} {'has' if len(bare) == 1 else 'have'} points "
                    f"but no hidden test; write one, such as {bare[0]}_of_zeros(student), take the points away, or, "
                    f"where the cells hold the tests themselves, write tests_in_cells = true into {SETTINGS}."
                )

    def tests_of(self, grade_id: str) -> list[HiddenTest]:
        """List the hidden tests that count for a graded cell."""
        return [test for test in self.hidden_tests if test.grade_id == grade_id]
