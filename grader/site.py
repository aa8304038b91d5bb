"""A site on which students work in their browser with nothing installed: JupyterLite around the course's releases."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from jupyter_core.paths import jupyter_path

from grader.assignment import Assignment
from grader.course import Course, CourseError
from grader.errors import AssignmentError, GraderError
from grader.files import aside_of, swap_in
from grader.release import leaks
from grader.student_edition import address_of

NEEDS = "jupyterlite_core", "jupyterlite_pyodide_kernel"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = KERNEL, "@jupyter-widgets/jupyterlab-manager"  # whatever else is installed here is the teacher's
LOADED = ["numpy", "matplotlib"]  # the kernel loads what a cell imports, and does not see what nnlib imports


@dataclass(frozen=True)
class Site:
    """Where a site lies, and the addresses in it that open its notebooks."""

    folder: Path
    addresses: tuple[str, ...]


def build_site(names: Sequence[str], course: Course, target: Path, pyodide: str | None = None) -> Site:
    """Build a site of the assignments ``names``, of all that are released by default, in the folder ``target``.

    What is there before stays where that fails.

    Parameters
    ----------
    pyodide
        A release file of Pyodide, or its address, to become part of the site; without it browsers fetch Pyodide from
        where its makers offer it.

    Raises
    ------
    GraderError
        If JupyterLite is not installed or says no, an assignment is not released, a release holds something that is
        not for students, or ``target`` holds anything but a site.
    """
    if any(find_spec(module) is None for module in NEEDS):
        raise GraderError("A site needs JupyterLite; install it: pip install 'nnlib[lite]'")
    assignments = [course.assignment(name) for name in names] or _released(course)
    if not assignments:
        raise CourseError(f"Nothing is released in {course.root}, so there is no site to build: grader release --all")
    if target.exists() and not (target / "jupyter-lite.json").is_file() and (target.is_file() or any(target.iterdir())):
        raise GraderError(f"{target} holds something that is not a site and stays as it is; name another with --to.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with aside_of(target) as aside:
        place = Path(aside)
        for assignment in assignments:
            shutil.copytree(_checked(assignment, course), place / "files" / assignment.name)
        _settle(place)
        _run(place, pyodide)
        swap_in(place / "site", target)
    return Site(target, tuple(address_of(".", each.name, each.notebook_file) for each in assignments))


def _released(course: Course) -> list[Assignment]:
    folders = {path.name for path in course.path("release", ".", ".").glob("*/") if any(path.glob("*.ipynb"))}
    return [course.assignment(name) for name in course.assignments() if name in folders]


def _checked(assignment: Assignment, course: Course) -> Path:
    """An assignment's release, after another look for what is not for students."""
    folder = course.path("release", ".", assignment.name)
    if not (folder / assignment.notebook_file).is_file():
        raise CourseError(f"{assignment.name} is not released yet: grader release {assignment.name}")
    if found := next(leaks(assignment, folder), None):
        raise AssignmentError(f"No site was built: in release/{assignment.name}, {found} Release it again.")
    return folder


def _settle(place: Path) -> None:
    """Write JupyterLite's settings: of the build, and of the site itself."""
    found = [
        next((at for path in jupyter_path("labextensions") if (at := Path(path) / name).is_dir()), None)
        for name in EXTENSIONS
    ]
    build = {
        "apps": ["lab"],
        "contents": [str(place / "files")],
        "output_dir": str(place / "site"),
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(path) for path in found if path],
        "no_sourcemaps": True,
    }
    kernel = {"loadPyodideOptions": {"packages": LOADED}}
    site = {"litePluginSettings": {f"{KERNEL}:kernel": kernel}}
    for name, settings in {
        "jupyter_lite_config.json": {"LiteBuildConfig": build},
        "jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": site},
    }.items():
        (place / name).write_text(json.dumps(settings, indent=1), encoding="utf-8")


def _run(place: Path, pyodide: str | None) -> None:
    command = [sys.executable, "-P", "-m", "jupyterlite_core", "build"]
    if pyodide:
        at = pyodide if pyodide.startswith(("http://", "https://")) else str(Path(pyodide).resolve())
        command += ["--pyodide", at]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, errors="replace")
    if done.returncode or not (place / "site" / "lab" / "index.html").is_file():
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()] or ["nothing"]
        raise GraderError(f"JupyterLite built no site; it said: {said[-1]}")
