"""Lists of feedback pages: one for each student, of all their assignments, and one for teachers, of the whole class."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from nbgrader.api import Gradebook

from grader.connection import open_gradebook
from grader.course import Course
from grader.files import write_atomically
from grader.results import Standing
from grader.standing import standings
from grader.templating import render

INDEX = "index.html"


@dataclass(frozen=True)
class Entry:
    """One student's assignment, in a list."""

    assignment: str
    pages: list[tuple[str, str]]  # name and address of each
    standing: Standing


def write_indexes(course: Course, students: Iterable[str]) -> None:
    """Write the lists of these students anew, and the one of the class."""
    top = course.path("feedback", ".", ".").resolve()
    if not top.is_dir():
        return
    with open_gradebook(course.db_url, course.course_id) as gradebook:
        entries = _entries(course, gradebook)
    for student in students:
        if entries.get(student):
            folder = course.path("feedback", student, ".").resolve()
            shown = render("feedback_index.html", student=student, entries=entries[student])
            write_atomically(folder / INDEX, shown)
    names = sorted({entry.assignment for found in entries.values() for entry in found})
    rows = [
        (student, quote(student), {entry.assignment: entry for entry in found})
        for student, found in sorted(entries.items())
        if found
    ]
    write_atomically(top / INDEX, render("feedback_class.html", names=names, rows=rows))


def _entries(course: Course, gradebook: Gradebook) -> dict[str, list[Entry]]:
    """The assignments of every student of which there is a page."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for name, held in standings(gradebook).items():
        for student, standing in held.items():
            folder = course.path("feedback", student, name)
            pages = sorted(path.name for path in folder.glob("*.html")) if folder.is_dir() else []
            if pages:
                links = [(page.removesuffix(".html"), f"{quote(name)}/{quote(page)}") for page in pages]
                found[student].append(Entry(name, links, standing))
    return found
