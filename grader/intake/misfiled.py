"""Find work that is not quite in its place in ``submitted/``, so that not found is not taken for not handed in.

Nothing is moved or graded by guess: each student's misplaced work is one line.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from grader.intake.archives import is_archive, is_closed_archive
from grader.intake.clutter import is_clutter
from grader.intake.names import loose, loose_stem

MOST_LOOKED_AT = 500  # entries of one student's folder
DEEPEST = 3  # folders in folders
MOST_NAMES = 10_000  # that are remembered
ALIKE = 0.8  # of SequenceMatcher: a typing error or two
_NUMBERED = re.compile(
    r"(?:(?:hw|homework|assignment|assgn|ex|exercise|lab|ps|problem-set|sheet|task|week|unit|nb|notebook)-?)?0*(\d{1,3})"
)


@dataclass(frozen=True)
class Misfiled:
    """Work that was not graded because of where it lies."""

    student: str  # as far as the place tells
    line: str


@dataclass(frozen=True)
class _Found:
    path: str  # in the student's folder
    is_folder: bool


def find_misfiled(top: Path, assignment: str, notebooks: Mapping[str, str]) -> Iterator[Misfiled]:
    """Look for misplaced work of ``assignment`` under ``top``.

    Parameters
    ----------
    top
        The folder ``submitted``.
    assignment
        The name of its folder.
    notebooks
        The course's assignments, each with its notebook's name without the ending.
    """
    names = _Names(assignment, notebooks)
    for entry in sorted(top.iterdir()) if top.is_dir() else []:
        if is_clutter(entry.name, (), tuple) or entry.name.startswith("."):
            continue
        if not entry.is_dir():
            if _is_work(entry.name) and not names.is_of_another(entry.name):
                yield Misfiled(
                    entry.name,
                    f"{top.name}/{entry.name} is in no student's folder; "
                    f"move it to {top.name}/STUDENT/{assignment}/{entry.name}, or let grader collect do so.",
                )
        elif entry.is_symlink():
            continue
        elif names.alike(entry.name) == assignment and not (entry / assignment).is_dir():
            for inside in sorted(entry.iterdir()):
                if inside.is_dir() and not inside.name.startswith("."):
                    yield Misfiled(
                        inside.name,
                        f"{top.name}/{entry.name}/{inside.name}: student and assignment are swapped; "
                        f"move it to {top.name}/{inside.name}/{assignment}.",
                    )
        elif names.alike(entry.name) in ("", assignment):
            try:
                line = _look_at(entry, top.name, names)
            except OSError as error:
                line = f"{top.name}/{entry.name} cannot be read: {error.strerror}."
            if line:
                yield Misfiled(entry.name, line)


def _look_at(student: Path, top: str, names: "_Names") -> str:
    """Say in one line what is misplaced in a student's folder; empty where nothing does."""
    inside = {entry.name for entry in student.iterdir()}
    has_it = names.assignment in inside and (student / names.assignment).is_dir()
    found = list(_candidates(student, names))
    folder = next((one.path for one in found if one.is_folder), "")
    place = f"{top}/{student.name}"
    if has_it:
        if not folder:
            return ""
        return f"{place}/{folder} is not graded: {place}/{names.assignment} is; move what counts there."
    if folder:
        rename = f"Rename it to {names.assignment}." if "/" not in folder else f"Move it to {place}/{names.assignment}."
        return f"{place} holds no {names.assignment}; did you mean {folder}? {rename}"
    if found:
        likely = next((one for one in found if names.is_ours(one.path)), found[0])
        return (
            f"{place} holds no {names.assignment}, but {likely.path}; "
            f"move it to {place}/{names.assignment}/ if it is this assignment's."
        )
    unknown = sorted(name for name in inside if not name.startswith(".") and not is_clutter(name, inside, tuple))
    if not unknown or any(names.alike(name) or names.is_of_another(name) for name in inside):
        return ""
    return f"{place} holds no {names.assignment} and no other assignment of this course, but {', '.join(unknown[:3])}."


def _candidates(student: Path, names: "_Names") -> Iterator[_Found]:
    """Folders called almost like the assignment, then notebooks and archives outside other assignments' folders."""
    work: list[_Found] = []
    waiting = [("", student, 0, False)]
    left = MOST_LOOKED_AT
    while waiting:
        inside, place, depth, is_others = waiting.pop(0)
        entries = sorted(islice(place.iterdir(), left))
        left -= len(entries)
        siblings = {entry.name for entry in entries}
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink() or is_clutter(entry.name, siblings, tuple):
                continue
            path = inside + entry.name
            if not entry.is_dir():
                if _is_work(entry.name) and not is_others and not names.is_of_another(entry.name):
                    work.append(_Found(path, is_folder=False))
            elif entry.name in names.notebooks and not (inside and entry.name == names.assignment):
                continue  # another assignment's, or the right folder itself
            elif names.owner(entry.name) == names.assignment:
                yield _Found(path, is_folder=True)
            elif not names.alike(entry.name) and depth < DEEPEST:
                numbered = names.owner(entry.name) != ""  # week1 may be another's, or hold all of a week's
                waiting.append((f"{path}/", entry, depth + 1, is_others or numbered))
    yield from work


def _is_work(name: str) -> bool:
    return ".ipynb" in name.casefold() or is_archive(name) or is_closed_archive(name)


class _Names:
    """Tells which assignment a name that is not quite right means."""

    def __init__(self, assignment: str, notebooks: Mapping[str, str]) -> None:
        self.assignment = assignment
        self.notebooks = {**notebooks}
        self.notebooks.setdefault(assignment, assignment)
        self._spelt = {
            name: {loose(name), loose(re.sub(r"^\d+[-_ ]*", "", name)), loose(notebook)}
            for name, notebook in self.notebooks.items()
        }
        self._meant: dict[str, str] = {}  # by names seen, which are the same in most students' folders

    def owner(self, name: str) -> str:
        """Name the assignment that a folder's name means; empty where it means none."""
        number = _NUMBERED.fullmatch(re.sub(r"[\s_-]+", "-", name.casefold()))
        for assignment in self.notebooks if number else ():
            prefix = re.match(r"0*(\d+)", assignment)
            if number and prefix and number[1] == prefix[1]:
                return assignment
        return self.alike(name)

    def alike(self, name: str) -> str:
        """Name the assignment whose name is nearly this; empty where none is."""
        if name in self.notebooks:
            return name
        if name not in self._meant:
            if len(self._meant) > MOST_NAMES:
                self._meant.clear()
            self._meant[name] = self._nearest(name)
        return self._meant[name]

    def _nearest(self, name: str) -> str:
        spelt = loose(name)
        ways, number = {spelt, re.sub(r"^\d+-", "", spelt)}, re.match(r"0*(\d+)", name)
        best, likeness = "", 0.0
        for assignment, theirs in self._spelt.items():
            own = re.match(r"0*(\d+)", assignment)
            if number and own and number[1] != own[1]:
                continue  # 03-softmax may be a typing error, but a number that is another's is not taken for one
            if (like := max(_ratio(one, other) for one in theirs for other in ways)) > likeness:
                best, likeness = assignment, like
        return best if likeness >= ALIKE else ""

    def is_of_another(self, name: str) -> bool:
        """Tell whether a file's name means another assignment than this one."""
        stem = loose_stem(name)
        return not self.is_ours(name) and self.owner(stem) not in ("", self.assignment)

    def is_ours(self, path: str) -> bool:
        """Tell whether a file's name means this assignment."""
        return self.owner(loose_stem(path.rpartition("/")[2])) == self.assignment


def _ratio(one: str, other: str) -> float:
    """How alike two names are; 0 at once where so few letters are common that it cannot be ``ALIKE``."""
    needed, shorter = ALIKE * (len(one) + len(other)) / 2, min(len(one), len(other))
    if shorter < needed or (Counter(one) & Counter(other)).total() < needed:
        return 0.0
    return SequenceMatcher(None, one, other).ratio()
