"""A course folder: a TA's own, outside the repository, in nbgrader's convention."""

import logging
import os
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.assignment import Assignment, find_notebooks_folder, list_assignments
from grader.errors import GraderError
from grader.files import write_atomically

# nbgrader calls alembic by name when it makes a gradebook; it lies beside the running Python, on the PATH or not.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

CONFIG = '''"""nbgrader's settings for this course. Everything nbgrader knows can be set below the call."""

from grader.nbgrader_hooks import configure

c = get_config()  # noqa: F821 (nbgrader provides it)
configure(c, __file__)
'''
ROSTER = "id,first_name,last_name,email\nadaeze,Adaeze,Example,adaeze@example.org\n"


class CourseError(GraderError):
    """The course folder is not as needed; the text is one clear line."""


class Course:
    """One course folder and where its things lie."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not (self.root / "nbgrader_config.py").exists():
            raise CourseError(f"{root} is not a course folder; make it one with: grader init {root}")

    @classmethod
    def init(cls, root: Path) -> "Course":
        """Make ``root`` a course folder; what is there already stays as it is."""
        if root.exists() and not root.is_dir():
            raise CourseError(f"{root} is a file; name a folder for the course.")
        root.mkdir(parents=True, exist_ok=True)
        for name, content in (("nbgrader_config.py", CONFIG), ("roster.example.csv", ROSTER)):
            if not (root / name).exists():
                write_atomically(root / name, content)
        (root / "submitted").mkdir(exist_ok=True)
        return cls(root)

    @cached_property
    def config(self) -> Config:
        """The settings of ``nbgrader_config.py``."""
        try:
            return PyFileConfigLoader("nbgrader_config.py", str(self.root)).load_config()
        except Exception as error:  # the file is a program of the TA's
            raise CourseError(f"{self.root / 'nbgrader_config.py'}: {type(error).__name__}: {error}") from error

    def directory(self, **settings: str) -> CourseDirectory:
        """Make nbgrader's view of this folder."""
        made = CourseDirectory(config=self.config, root=str(self.root), **settings)
        made.log = logging.getLogger("grader.nbgrader")
        return made

    def path(self, step: str, student: str, assignment: str) -> Path:
        """Where one step of one student's assignment lies; ``step`` is nbgrader's, such as ``submitted``."""
        directory = self.directory()
        return Path(directory.format_path(getattr(directory, f"{step}_directory"), student, assignment))

    @cached_property
    def db_url(self) -> str:
        """The gradebook's database."""
        return str(self.directory().db_url)

    @property
    def course_id(self) -> str:
        """nbgrader's name for the course."""
        return str(self.directory().course_id) or "default_course"

    def source_of(self, name: str) -> Path:
        """The source folder that holds assignment ``name``: the course's own, else the project's."""
        own = self.root / "source"
        return own if (own / name).is_dir() else find_notebooks_folder()

    def assignment(self, name: str) -> Assignment:
        """Find an assignment by its name or its number."""
        own = self.root / "source"
        if own.is_dir() and (own / name).is_dir():
            return Assignment(own / name)
        return Assignment.find(name)

    def assignments(self) -> list[str]:
        """Name all assignments this course can use."""
        own = self.root / "source"
        return sorted({*list_assignments(), *(list_assignments(own) if own.is_dir() else [])})

    def submissions(self, assignment: str) -> Iterator[tuple[str, Path]]:
        """List students and folders of all submissions of ``assignment``."""
        top = self.path("submitted", ".", ".")
        for folder in sorted(top.iterdir()) if top.is_dir() else []:
            if folder.is_dir() and not folder.name.startswith(".") and (folder / assignment).is_dir():
                yield folder.name, folder / assignment
