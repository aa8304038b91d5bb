"""``nbgrader zip_collect`` for the downloads that Canvas, Moodle, Blackboard and Brightspace make.

Each of them writes the student and ids of its own into the names. Here these are told apart, and a student is looked
up in the gradebook's roster, so that a submission lies under the id that the course uses.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import List, Unicode

from grader.intake.archives import is_archive
from grader.intake.clutter import is_clutter
from grader.intake.names import PlatformName, loose, module_name_before, read_platform_name
from grader.intake.roster import Roster

_SAFE_ID = re.compile(r"[^\W_][\w.@+-]{0,127}")


class PlatformCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Finds student, file and time in the names that learning platforms write.

    A ``named_regexp`` in the course's settings is used instead, as nbgrader does by itself.
    """

    valid_ext = List(
        Unicode(), default_value=[], help="Endings of the files to collect; all where the list is empty."
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Say whose file it is and what it was called; None where the name does not tell."""
        path = Path(submitted_file)
        if self.named_regexp:
            if path.suffix not in (self.valid_ext or [".ipynb"]):
                return None
            matched: dict[str, Any] | None = self._match(submitted_file)
            return matched
        if self.valid_ext and path.suffix not in self.valid_ext:
            return None
        return self._read(path)

    def _read(self, path: Path) -> dict[str, Any] | None:
        parts = path.relative_to(self._extracted).parts if path.is_relative_to(self._extracted) else path.parts
        for place, part in enumerate(parts):
            about = read_platform_name(part)
            if about is None:
                continue
            inside = parts[place + 1 :]
            student = self.student_of(about)
            if about.is_note or not student or _is_unpacked(path) or _has_clutter(inside):
                return None
            self._tell(student, about)
            if inside:
                folder = path.parents[len(inside) - 1]
                root = self._root_of(folder)
                file_id = path.relative_to(root if path.is_relative_to(root) else folder).as_posix()
            else:
                file_id = about.file
            if not file_id:
                return None
            before = self._name_before(path, file_id)
            if about.time is not None:  # of two attempts, nbgrader keeps the later one
                return {"student_id": student, "file_id": before, "timestamp": f"{about.time:%Y-%m-%d %H:%M:%S} UTC"}
            return {
                "student_id": student,
                "file_id": self._unique(student, chain((before, file_id), _numbered(file_id)), path),
            }
        self.log.warning(
            "%s: the name does not look like one from Canvas, Moodle, Blackboard or Brightspace. Rename it, or set "
            "c.FileNameCollectorPlugin.named_regexp in nbgrader_config.py.",
            path.name,
        )
        return None

    def _tell(self, student: str, about: PlatformName) -> None:
        """Say once per student what the platform's name leaves open."""
        if student in self._told:
            return
        self._told.add(student)
        if student not in self._roster.ids:
            self.log.warning(
                "%s (%s) is not in the roster, so the platform's own number stands for the student. Import the roster "
                "first: nbgrader db student import FILE.csv",
                about.student or student,
                student,
            )
        if about.is_late:
            self.log.warning(
                "%s: the platform marks this work as late and gives no time; a late penalty needs the submission "
                "time, in timestamp.txt beside the notebook.",
                student,
            )

    @cached_property
    def _told(self) -> set[str]:
        return set()

    def student_of(self, about: PlatformName) -> str:
        """Find the id in the roster where it is unique: by the platform's id, else by the name; else the platform's."""
        if known := self._roster.find(about.number, about.student):
            return known
        return about.number if _SAFE_ID.fullmatch(about.number) else ""

    @cached_property
    def _roster(self) -> Roster:
        from grader.connection import open_gradebook

        coursedir = self.parent.coursedir
        with open_gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            return Roster.of(gradebook.students)

    @cached_property
    def _extracted(self) -> Path:
        app = self.parent
        place = app.collect_directory_structure.format(
            downloaded=app.downloaded_directory,
            assignment_id=app.coursedir.assignment_id,
            collect_step=app.extracted_directory,
        )
        return Path(app.coursedir.root) / place

    @cached_property
    def _released(self) -> dict[str, str]:
        """The released notebooks' file names by what is left of a name that was changed."""
        coursedir = self.parent.coursedir
        folder = Path(coursedir.format_path(coursedir.release_directory, ".", coursedir.assignment_id))
        names = [path.name for path in folder.glob("*.ipynb")]
        reduced = [loose(name) for name in names]  # part-1 and part-2 may be two notebooks of one release
        before = {key: name for key, name in zip(reduced, names, strict=True) if reduced.count(key) == 1}
        return before | {name: name for name in names}

    def _root_of(self, folder: Path) -> Path:
        """The folder in ``folder`` that the notebook lies in: an unpacked zip has one more."""
        if folder in self._roots:  # it is asked for every file in it
            return self._roots[folder]
        released = set(self._released.values())
        notebooks = [
            one for one in folder.rglob("*.ipynb") if not _has_clutter(one.relative_to(folder).parts) and one.is_file()
        ]
        notebooks.sort(key=lambda one: (one.name not in released, len(one.parts), one))
        self._roots[folder] = root = notebooks[0].parent if notebooks else folder
        return root

    @cached_property
    def _roots(self) -> dict[Path, Path]:
        return {}

    def _name_before(self, path: Path, file_id: str) -> str:
        """Give a notebook its released name back, and a module its own, unless another file has it."""
        head, slash, name = file_id.rpartition("/")
        before = self._released.get(name) or self._released.get(loose(name)) or module_name_before(name)
        mine = read_platform_name(path.name)
        wanted = (mine.number, before) if mine else before
        return file_id if self._names_beside(path.parent).get(wanted, path) != path else head + slash + before

    def _names_beside(self, folder: Path) -> dict[str | tuple[str, str], Path]:
        """The files of a folder by name, and by what a platform wrote into it; listed once, not for every file."""
        if folder not in self._listed:
            found: dict[str | tuple[str, str], Path] = {}
            self._listed[folder] = found
            for path in folder.iterdir():
                about = read_platform_name(path.name)
                found[path.name] = path
                if about:
                    found.setdefault((about.number, about.file), path)
        return self._listed[folder]

    @cached_property
    def _listed(self) -> dict[Path, dict[str | tuple[str, str], Path]]:
        return {}

    def _unique(self, student: str, names: Iterable[str], path: Path) -> str:
        """Take the first name that no other file of the student's has; nbgrader would stop at a second one."""
        for name in names:
            if self._given.setdefault((student, name), path) == path:
                return name
        raise AssertionError("the names never end")

    @cached_property
    def _given(self) -> dict[tuple[str, str], Path]:
        return {}


def _numbered(file_id: str) -> Iterator[str]:
    place = PurePosixPath(file_id)
    for number in count(2):
        yield place.with_name(f"{place.stem} ({number}){place.suffix}").as_posix()


def _is_unpacked(path: Path) -> bool:
    """Whether nbgrader unpacked this archive into a folder beside it."""
    return is_archive(path.name) and path.with_name(re.sub(r"(\.tar)?\.\w+$", "", path.name)).is_dir()


def _has_clutter(parts: Iterable[str]) -> bool:
    return any(is_clutter(part, (), tuple) for part in parts)
