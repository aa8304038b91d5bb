"""Release an assignment: nbgrader's own generate_assignment, then all that a student needs to work alone."""

import io
import logging
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException

from grader import student_edition
from grader.assignment import AUTHORS_FILES, Assignment, AssignmentError
from grader.course import Course, CourseError
from grader.files import write_atomically
from grader.freezing import frozen_cases
from grader.markers import check_markers
from nnlib._instant import CASES, FROZEN

REQUIREMENTS = "numpy>=2.0\nmatplotlib>=3.9\njupyterlab>=4.2\nipykernel>=6.29\n"
HINT = "a misconception's hint"
README = """# {title}

1. Make an environment once: `python3 -m venv .venv` and `.venv/bin/pip install -r requirements.txt`.
2. Open the notebook: `.venv/bin/jupyter lab {notebook}`.
3. Write your code where it says `YOUR CODE HERE` and run the cell under it: it tells you at once what is wrong.
   A cell that uses a function you have not written yet stops with NotImplementedError: write the function and go on.
4. Before you hand in: *Kernel, Restart Kernel and Run All Cells*, then save.
5. Hand in `{notebook}` alone; keep its name.

The folder `nnlib` is the course's library.
What this assignment asks you to write is left out of it and says so when called.
"""


@dataclass(frozen=True)
class Released:
    """Where a release lies."""

    folder: Path
    archive: Path


def release(name: str, course: Course) -> Released:
    """Write ``release/NAME/`` and ``release/NAME.zip`` and enter the assignment into the gradebook."""
    assignment = course.assignment(name)
    check_markers(assignment.source, assignment.notebook_path)
    # Faults of the author show before anything is written.
    _ = assignment.settings, assignment.hidden_tests, assignment.misconceptions, assignment.variants
    source = course.source_of(assignment.name)
    directory = course.directory(assignment_id=assignment.name, source_directory=str(source))
    converter = GenerateAssignment(coursedir=directory, config=course.config)
    converter.force = True
    converter.post_convert_hook = None  # the hook is for nbgrader's own command, which would swallow its errors
    converter.log = logging.getLogger("grader.nbgrader")
    with _ErrorsOf(converter.log) as heard:
        try:
            converter.start()
        except NbGraderException as error:
            told = next((text for text in heard if "Traceback" in text), str(error)).strip().split("\n")[-1]
            raise CourseError(f"nbgrader could not release {assignment.name}: {told}") from error
    return finish(assignment, course)


def finish(assignment: Assignment, course: Course) -> Released:
    """Complete what generate_assignment wrote: student's edition, instructions, zip; stop on any leak."""
    folder = course.path("release", ".", assignment.name)
    archive = folder.with_name(f"{folder.name}.zip")
    try:
        _complete(assignment, folder)
        write_atomically(archive, _zipped(folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        archive.unlink(missing_ok=True)
        raise
    return Released(folder, archive)


def _complete(assignment: Assignment, folder: Path) -> None:
    shutil.rmtree(folder / "nnlib", ignore_errors=True)
    for path in list(folder.rglob("*")):
        if path.is_file() and (path.name in AUTHORS_FILES or path == folder / f"{assignment.notebook_name}.py"):
            path.unlink()
    student_edition.build(folder, assignment.settings.withhold, assignment.name)
    if (frozen := frozen_cases(assignment)) is not None:
        write_atomically(folder / CASES, (assignment.folder / CASES).read_text(encoding="utf-8"))
        write_atomically(folder / FROZEN, frozen)
    notebook = f"{assignment.notebook_name}.ipynb"
    write_atomically(folder / "requirements.txt", REQUIREMENTS)
    write_atomically(folder / "README.md", README.format(title=assignment.settings.title, notebook=notebook))
    if found := next(leaks(assignment, folder), None):
        raise AssignmentError(f"The release of {assignment.name} was not kept: {found} Rename or reword it.")


def leaks(assignment: Assignment, folder: Path) -> Iterator[str]:
    """Search a release for lines of solutions, names of hidden tests and hints of misconceptions."""
    secrets = {test.name: "the name of a hidden test" for test in assignment.hidden_tests if test.name != test.grade_id}
    for wrong in assignment.misconceptions:
        secrets |= {wrong.name: "the name of a misconception", wrong.hint: HINT}
    shown = "\n".join(cell.source for cell in released_notebook(assignment).cells)
    for line in _solution_lines(assignment.source):
        if len(line) >= 20 and re.search(r"[=(]", line) and line not in shown:
            secrets[line] = "a line of a solution"
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".npz",) or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".ipynb":
            text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
        for secret, what in secrets.items():
            if secret in text and not (path == folder / FROZEN and what == HINT):  # check() tells hints there
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


def released_notebook(assignment: Assignment) -> NotebookNode:
    """Make the notebook students receive, in memory, with nbgrader's own steps."""
    from nbgrader.nbgraderformat import MetadataValidator, ValidationError
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    notebook = nbformat.reads(nbformat.writes(assignment.source), as_version=4)  # a copy: the steps work in place
    try:
        MetadataValidator().validate_nb(notebook)
    except ValidationError as error:
        raise AssignmentError(f"{assignment.notebook_path}: {error.message}.") from error
    steps = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ClearHiddenTests, ClearMarkScheme)
    for step in (*steps, ComputeChecksums):
        notebook, _ = step().preprocess(notebook, {})
    return notebook


def build_student_edition(assignment: Assignment) -> tempfile.TemporaryDirectory[str]:
    """Write the student's edition of nnlib into a temporary folder, for the sandbox."""
    folder = tempfile.TemporaryDirectory(prefix="student-edition-")
    student_edition.build(Path(folder.name), assignment.settings.withhold, assignment.name)
    return folder


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
