"""Release an assignment: nbgrader's own generate_assignment, then all that a student needs to work alone."""

import contextlib
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException

from grader import student_edition, vocabulary
from grader.assignment import Assignment
from grader.connection import nobody_else_releasing, open_gradebook
from grader.course import Course, CourseError
from grader.errors import AssignmentError
from grader.files import aside_of, swap_in, write_atomically
from grader.freezing import refreshed
from grader.intake.names import listed
from grader.proofreading import require_sound
from grader.released import released_notebook, settings_of
from grader.turns import turn
from grader.unchanged import is_unchanged, made_from, note
from nnlib.checks.instant import FROZEN

HINT, WRONG = "a mistake's hint", "a line of a mistake"


@dataclass(frozen=True)
class Released:
    """Where a release lies."""

    folder: Path
    archive: Path

    @property
    def paths(self) -> tuple[Path, Path]:
        """Both."""
        return self.folder, self.archive


def release(
    name: str,
    course: Course,
    say: Callable[[str], object] = lambda line: None,
    force: bool = True,
    entered: Callable[[], bool] = lambda: False,
) -> Released:
    """Write ``release/NAME/`` and ``release/NAME.zip`` and enter the assignment into the gradebook.

    Where that fails, what was released before stays as it is. Without ``force`` a release that would come out the same
    stays as well, and ``say`` is told so. ``entered`` is asked while nobody else is releasing: where it says yes, the
    gradebook is left as it is.
    """
    with turn(course.root):
        if line := course.adopt(name):
            say(line)
        assignment = course.assignment(name)
        folder = course.path("release", ".", assignment.name)
        made = Released(folder, folder.with_name(f"{folder.name}.zip"))
        if not force and is_unchanged(assignment, course, made.paths):
            say(f"{assignment.name} is unchanged since it was released.")
            return made
        digest = made_from(assignment)  # before: what is edited meanwhile is not in it
        _release(assignment, course, made, entered)
        note(assignment, course, made.paths, digest)
        return made


def _release(assignment: Assignment, course: Course, made: Released, entered: Callable[[], bool]) -> None:
    require_sound(assignment)  # faults of the author show before anything is written
    open_gradebook(course.db_url, course.course_id).close()  # and so does a gradebook that nobody can write into
    folder, archive = made.paths
    folder.parent.mkdir(parents=True, exist_ok=True)
    with aside_of(folder) as aside:
        fresh = _converted(assignment, course, Path(aside), entered)
        _complete(assignment, fresh)
        zipped = Path(aside) / archive.name
        zipped.write_bytes(_zipped(fresh))  # a full disk shows before anything is replaced
        swap_in(fresh, folder)
        zipped.replace(archive)


def require_released(assignment: Assignment, course: Course, released: Mapping[str, Mapping[str, float]]) -> None:
    """Refuse to grade by other points than the gradebook's: they are from the last release, as what students saw.

    Parameters
    ----------
    released
        The gradebook's points by notebook and cell.
    """
    names = [part.notebook_name for part in assignment.parts]
    pairs: dict[str, tuple[str, str]] = {}
    if set(names) <= released.keys():
        for part in assignment.parts:
            now, then = _points(part, course), released[part.notebook_name]
            pairs |= {f"points of {cell}": (_shown(then.get(cell)), _shown(now.get(cell))) for cell in {**then, **now}}
    else:
        pairs = {"the notebook's name": (listed(released), listed(names))}
    differ = [f"{what} (release {old}, source {new})" for what, (old, new) in pairs.items() if old != new]
    if differ:
        raise CourseError(
            f"The source of {assignment.name} is not what was released, and the gradebook goes by the release: "
            f"{listed(differ, 20)}. Nothing was graded; release it again, then grade: grader release {assignment.name}"
        )


def _points(assignment: Assignment, course: Course) -> dict[str, float]:
    """The points of every cell that a release made now would hold."""
    cells = list(assignment.source.cells)
    for part in ("header", "footer"):  # nbgrader puts them around a release
        path = course.root / str(course.config.IncludeHeaderFooter.get(part) or ".")
        cells += nbformat.read(path, as_version=4).cells if path.is_file() else []
    about = [vocabulary.about(cell) for cell in cells]
    graded = [each for each in about if each.get("grade") or each.get("task")]
    return {str(each.get("grade_id", "")): float(each.get("points") or 0) for each in graded}


def _shown(points: float | None) -> str:
    return "none" if points is None else f"{points:g}"


def _converted(assignment: Assignment, course: Course, target: Path, entered: Callable[[], bool]) -> Path:
    """Let nbgrader write the students' notebook under ``target`` and enter its cells into the gradebook."""
    directory = course.directory(
        assignment_id=assignment.name,
        student_id=".",
        source_directory=str(assignment.folder.parent),
        release_directory=str(target),
        ignore=["*"],  # only the notebook is converted; which files go along is not for nbgrader to choose
    )
    converter = GenerateAssignment(coursedir=directory, config=settings_of(assignment))
    converter.log = logging.getLogger("grader.nbgrader")
    with _ErrorsOf(converter.log) as heard, _without("tornado.application"):  # it is told below
        try:
            with nobody_else_releasing(course.db_url):
                if entered():
                    converter.config.SaveCells.enabled = False
                BaseConverter.start(converter)
        except NbGraderException as error:
            raise CourseError(_what_nbgrader_said(assignment.name, heard, error)) from error
    return Path(directory.format_path(str(target), ".", assignment.name))


def _what_nbgrader_said(name: str, heard: list[str], error: Exception) -> str:
    """Make one line of nbgrader's log; there is nothing but its sentences to go by."""
    lines = next((text for text in heard if "Traceback" in text), str(error)).strip().split("\n")
    said = [line.strip() for line in lines if re.match(r"\s*[\w.]+(Error|Exception|Entry): ", line)]
    told = re.sub(r"^[\w.]+: \([\w.]+\) ", "", (said or lines)[-1])  # a database says more below, and its driver's name
    if "Cannot add or remove cells" in told or "Cannot modify existing assignment" in told:
        return (
            f"{name} was not released again: cells were added or removed, and there are grades for the cells as they "
            "were. Release the changed assignment under another name, or, to give up its grades, remove it first "
            f"with: nbgrader db assignment remove {name} --force"
        )
    return f"nbgrader could not release {name}: {told}"


def _complete(assignment: Assignment, folder: Path) -> None:
    """Put beside the notebook what students need to work alone; stop on any leak."""
    for part in assignment.parts:
        notebook = nbformat.read(folder / part.notebook_file, as_version=4)
        if "kernelspec" not in notebook.metadata:
            notebook.metadata.update(vocabulary.python_metadata())
        if not assignment.is_classic:
            vocabulary.let_run_on(notebook)
        write_atomically(folder / part.notebook_file, nbformat.writes(notebook))
    for name, data in student_edition.files_beside(assignment).items():
        write_atomically(folder / name, data)
    if assignment.uses_nnlib and not assignment.is_classic:
        student_edition.build(folder, assignment.settings.withhold, assignment.name)
    if (frozen := refreshed(assignment)) is not None:
        write_atomically(folder / FROZEN, frozen)
    if found := next(leaks(assignment, folder), None):
        raise AssignmentError(f"The release of {assignment.name} was not kept: {found} Rename or reword it.")


def leaks(assignment: Assignment, folder: Path) -> Iterator[str]:
    """Search a release for lines of solutions, names of hidden tests, and mistakes' code and hints."""
    secrets: dict[str, str] = {}
    code: dict[str, str] = {}
    shown = ""
    for part in assignment.parts:
        tests = [test for test in part.hidden_tests if test.name != test.grade_id]
        secrets |= {test.name: "the name of a hidden test" for test in tests}
        secrets |= {wrong.hint: HINT for wrong in part.mistakes}
        shown += "\n".join(cell.source for cell in released_notebook(part).cells)
        edits = "\n".join(text for wrong in part.mistakes for text in wrong.edits.values())
        code |= dict.fromkeys(map(str.strip, edits.split("\n")), WRONG)
        code |= dict.fromkeys(_solution_lines(part.source), "a line of a solution")
    for line, what in code.items():
        if len(line) >= 20 and re.search(r"[=(]", line) and line not in shown:
            secrets[line] = what
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".npz",) or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".ipynb":
            text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
        library = (folder / student_edition.PACKAGE) in path.parents
        for secret, what in secrets.items():
            told = path == folder / FROZEN and what in (HINT, WRONG)  # check() tells hints there, which may hold code
            if secret in text and not told and not (library and what == WRONG):  # what is right elsewhere
                yield f"{path.relative_to(folder)} holds {what}: {secret.strip()[:60]!r}."


def _solution_lines(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        inside = False
        for line in cell.source.split("\n"):
            if "END SOLUTION" in line:
                inside = False
            if inside and cell.cell_type == "code":
                yield line.strip()
            if "BEGIN SOLUTION" in line:
                inside = True


def _zipped(folder: Path) -> bytes:
    """Zip a folder; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(str(Path(folder.name) / path.relative_to(folder)), (2026, 1, 1, 0, 0, 0))
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@contextlib.contextmanager
def _without(name: str) -> Iterator[None]:
    """Keep a log silent, to which nbgrader writes a traceback for what a database refuses."""
    log = logging.getLogger(name)
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


class _ErrorsOf:
    """Collect what a logger says at level error, instead of printing it."""

    def __init__(self, log: logging.Logger) -> None:
        self.log, self.lines = log, list[str]()

    def __enter__(self) -> list[str]:
        lines = self.lines

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                lines.append(record.getMessage())

        self.handler = Handler(logging.ERROR)
        self.log.propagate = False
        self.log.addHandler(self.handler)
        return lines

    def __exit__(self, *_: object) -> None:
        self.log.removeHandler(self.handler)
