"""What is expected to be handed in: the released notebook and the files that were released beside it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from grader import vocabulary
from grader.assignment import Assignment
from grader.reading import with_line_feeds
from grader.student_edition import files_beside


@dataclass(frozen=True)
class Expected:
    """The release as a reader of submissions needs it; made once per run."""

    notebook: str  # its file name
    answers: Mapping[str, str] = field(default_factory=dict)  # the released text of each cell to be answered, by id
    texts: frozenset[str] = frozenset()  # of all released cells
    files: Mapping[str, str] = field(default_factory=dict)  # fingerprints of the files released beside it, by path

    @classmethod
    def of(cls, assignment: Assignment, released: NotebookNode, edition: Path | str | None = None) -> "Expected":
        """Describe an assignment's release; ``edition`` is the folder of the student's nnlib."""
        answers = {
            vocabulary.grade_id(cell): plain(cell.source) for cell in filter(vocabulary.is_solution, released.cells)
        }
        return cls(
            assignment.notebook_file,
            answers,
            frozenset(plain(cell.source) for cell in released.cells),
            released_files(assignment, edition),
        )


def released_files(assignment: Assignment, edition: Path | str | None = None) -> dict[str, str]:
    """Fingerprint the files that students receive beside the notebook, by path."""
    files = files_beside(assignment)
    if edition is not None:
        library = [path for path in sorted(Path(edition).rglob("*")) if path.is_file()]
        files |= {path.relative_to(edition).as_posix(): path.read_bytes() for path in library}
    return {path: fingerprint(data) for path, data in files.items()}


def fingerprint(data: bytes) -> str:
    """Fingerprint a file; the ends of lines may be another system's."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def plain(source: str) -> str:
    """A cell's text as it is compared: the ends of lines and the blanks around it are not the student's work."""
    return with_line_feeds(source).strip()
