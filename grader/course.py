"""A course folder: a TA's own, outside the repository, in nbgrader's convention."""

import logging
import os
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from grader.assignment import Assignment, find_notebooks_folder, list_assignments
from grader.errors import GraderError
from grader.files import write_atomically
from grader.intake.misfiled import Misfiled, find_misfiled
from grader.sandbox.limits import Isolation
from grader.sources import adopt

# nbgrader calls alembic by name when it makes a gradebook; it lies beside the running Python, on the PATH or not.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

SETTINGS = "nbgrader_config.py"
CONFIG = '''"""nbgrader's settings for this course. Everything nbgrader knows can be set below the call."""

from grader.nbgrader_hooks import configure

c = get_config()  # noqa: F821 (nbgrader provides it)
configure(c, __file__)
'''
WIRED_FROM = "# The next lines let nbgrader grade in grader's sandbox."
WIRED_TO = "# Here end the lines of grader's sandbox."
WIRED = f"""
{WIRED_FROM} To take it back, delete them.
from grader.nbgrader_hooks import configure

configure(get_config(), __file__)  # noqa: F821 (nbgrader provides it)
{WIRED_TO}
"""
ROSTER = "id,first_name,last_name,email\nadaeze,Adaeze,Example,adaeze@example.org\n"


class CourseError(GraderError):
    """The course folder is not as needed; the text is one clear line."""


class Course:
    """One course folder and where its things lie.

    Parameters
    ----------
    config
        nbgrader's settings where they are loaded already; read from the folder otherwise.
    """

    def __init__(self, root: Path, config: Config | None = None) -> None:
        self.root = root.resolve()
        if not (self.root / SETTINGS).exists():
            raise CourseError(f"{root} is not a course folder; make it one with: grader init {root}")
        if (course := _course_around(self.root)) is not None:
            raise CourseError(
                f"{root} is inside the course {course}, where students' files are, and its {SETTINGS} was not run; "
                f"run the command in {course}, or name it with --course."
            )
        if str(self.root) not in sys.path:
            sys.path.append(str(self.root))  # where a course keeps its plugins, such as a late policy
        if config is not None:
            self.__dict__["config"] = config

    @classmethod
    def init(cls, root: Path) -> "Course":
        """Make ``root`` a course folder; what is there already stays as it is.

        A new course gets its own copies of the project's assignments. Where there are assignments already, or another
        autograder, none is added.
        """
        if root.exists() and not root.is_dir():
            raise CourseError(f"{root} is a file; name a folder for the course.")
        root.mkdir(parents=True, exist_ok=True)
        if not (root / SETTINGS).exists():
            write_atomically(root / SETTINGS, CONFIG)
            write_atomically(root / "roster.example.csv", ROSTER)
        course = cls(root)
        course.submitted.mkdir(parents=True, exist_ok=True)
        if course.is_wired and not course.own_assignments():
            for name in list_assignments():
                course.adopt(name)
        return course

    @cached_property
    def config(self) -> Config:
        """nbgrader's settings, from the places where nbgrader itself looks: the system's, the user's, the folder's."""
        merged = Config()
        for folder in [*reversed(jupyter_config_path()), str(self.root)]:
            for loader, name in ((JSONFileConfigLoader, "nbgrader_config.json"), (PyFileConfigLoader, SETTINGS)):
                try:
                    merged.merge(loader(name, folder).load_config())
                except ConfigFileNotFound:
                    continue
                except Exception as error:  # the file is a program of the TA's
                    raise CourseError(f"{Path(folder) / name}: {type(error).__name__}: {error}") from error
        known = NbGrader(config=merged).config  # which knows the names that settings had in earlier versions
        known.CourseDirectory.root = str(self.root)
        return known

    @property
    def is_wired(self) -> bool:
        """Whether nbgrader's own commands and buttons grade with this engine here."""
        return is_wired(self.config)

    @property
    def isolation(self) -> Isolation:
        """How far students' code is shut in where a command does not say."""
        return Isolation(self.config.Grader.get("isolation", Isolation.sandbox))

    @property
    def nbgraders_pages(self) -> bool:
        """Whether this course wants nbgrader's feedback pages, which show the whole notebook."""
        return bool(self.config.Grader.get("nbgraders_pages", False))

    def wire(self) -> None:
        """Let nbgrader's own commands and buttons grade with this engine, by lines added to the settings."""
        settings = self.root / SETTINGS
        write_atomically(settings, settings.read_text(encoding="utf-8").rstrip("\n") + "\n" + WIRED)
        for made_from_them in ("config", "_directory"):
            self.__dict__.pop(made_from_them, None)

    def directory(self, **settings: str | list[str]) -> CourseDirectory:
        """Make nbgrader's view of this folder."""
        made = CourseDirectory(config=self.config, root=str(self.root), **settings)
        made.log = logging.getLogger("grader.nbgrader")
        return made

    def path(self, step: str, student: str, assignment: str) -> Path:
        """Where one step of one student's assignment lies; ``step`` is nbgrader's, such as ``submitted``."""
        asked = self._directory
        return Path(asked.format_path(getattr(asked, f"{step}_directory"), student, assignment))

    @cached_property
    def _directory(self) -> CourseDirectory:
        return self.directory()  # it takes half a millisecond to make, and a class asks for thousands of places

    @cached_property
    def db_url(self) -> str:
        """The gradebook's database."""
        return str(self.directory().db_url)

    @property
    def course_id(self) -> str:
        """nbgrader's name for the course."""
        return str(self.directory().course_id) or "default_course"

    @property
    def submitted(self) -> Path:
        """The folder of all submissions."""
        return self.path("submitted", ".", ".")

    @property
    def own_source(self) -> Path:
        """The folder of the course's own assignments."""
        return self.path("source", ".", ".")

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders in which assignments are looked for: the course's own, then the project's."""
        return self.own_source, find_notebooks_folder()

    def assignment(self, name: str) -> Assignment:
        """Find an assignment by its name or its number."""
        return Assignment.find(name, *self.sources, config=self.config)

    def assignments(self) -> list[str]:
        """Name all assignments this course can use."""
        return sorted({*list_assignments(*self.sources), *self.own_assignments()})

    def own_assignments(self) -> list[str]:
        """Name what lies in the course's own source."""
        return sorted({path.parent.name for path in self.own_source.glob("*/*.ipynb")})

    def adopt(self, name: str) -> str:
        """Give the course its own copy of one of the project's assignments; return what there is to say about it."""
        found = self.assignment(name)
        project = find_notebooks_folder() / found.name
        return adopt(project, self.own_source / found.name, self.root / ".grader" / "sources.json")

    def submissions(self, assignment: str) -> Iterator[tuple[str, Path]]:
        """List students and folders of all submissions of ``assignment``."""
        top = self.submitted
        for folder in sorted(top.iterdir()) if top.is_dir() else []:
            if folder.is_dir() and not folder.name.startswith(".") and _holds(folder, assignment):
                yield folder.name, folder / assignment

    def nothing_handed_in(self, assignment: str) -> str:
        """Say where work belongs, in a line."""
        where = self.path("submitted", "STUDENT", self.assignment(assignment).name)
        return f"Nothing was handed in: submissions belong in {where}."

    def misfiled(self, assignment: str) -> list[Misfiled]:
        """List work of ``assignment`` that is not quite in its place and is not graded."""
        folders = [source / name for name in self.assignments() for source in self.sources]
        folders += [*self.own_source.glob("*/"), *self.path("release", ".", ".").glob("*/")]
        notebooks = {folder.name: path.stem for folder in folders for path in sorted(folder.glob("*.ipynb"))}
        return list(find_misfiled(self.submitted, assignment, notebooks))


def course_here(named: Path | None) -> Course | None:
    """The course that ``--course`` names, or the one that the command runs in; None where that is no course.

    Its settings are a program. A command that is given others' files, as ``grader check`` is, does not ask this.
    """
    if named is None and not (Path() / SETTINGS).is_file():
        return None
    return Course(named or Path())


def is_wired(config: Config) -> bool:
    """Whether settings say that nbgrader grades with this engine: ``configure`` was called among them."""
    return "isolation" in config.Grader


def _course_around(root: Path) -> Path | None:
    """Find a course in whose folders this one lies, as ``submitted/STUDENT/ASSIGNMENT`` does; None if there is none."""
    around = [folder for folder in root.parents if (folder / SETTINGS).exists()]
    return next((folder for folder in reversed(around) if folder != root.parent), None)


def _holds(folder: Path, name: str) -> bool:
    """Whether a folder of exactly this name, or a link, is in it; some systems find one of other capitals, too."""
    try:
        return any(entry.name == name and (entry.is_dir() or entry.is_symlink()) for entry in folder.iterdir())
    except OSError:  # told by find_misfiled
        return False
