"""What a student's process may import and read: the standard library, a short list of packages, and those declared.

Never ``site-packages`` or a whole library folder: the installed nnlib and grader lie there too, and Landlock can
only grant, not carve out.
"""

import csv
import difflib
import importlib.metadata
import importlib.util
import re
import sys
import sysconfig
from functools import cache
from pathlib import Path

STUDENT_PACKAGES = ("numpy", "matplotlib", "ipython", "matplotlib-inline")
OURS = "nnlib"  # the distribution that holds the whole nnlib, the grader and the course
_OUR_FILES = ("nnlib", "grader")  # whoever else should bring a folder of this name
_NOT_A_PACKAGE = ("", ".", "..", "__pycache__", *_OUR_FILES)  # as the first part of a file of a package
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
_NOT_STUDENT = {"site-packages", "dist-packages", "test", "idlelib", "ensurepip", "__pycache__"}


class NotInstalled(Exception):
    """A package that was declared is not there; ``near`` are installed ones of a similar name."""

    def __init__(self, name: str, near: list[str]) -> None:
        super().__init__(name)
        self.name, self.near = name, near


@cache
def distributions(asked: tuple[str, ...] | None = ()) -> tuple[importlib.metadata.Distribution, ...]:
    """Find the packages that students may import, with all that they need; everything that is installed for None.

    ``NotInstalled`` where one of those asked for is not there.
    """
    found: dict[str, importlib.metadata.Distribution] = {}
    todo = list(STUDENT_PACKAGES)
    if asked is None:
        todo += [name for one in importlib.metadata.distributions() if (name := one.metadata["Name"])]
    for name in asked or ():
        if not _is_installed(name):
            installed = {one.metadata["Name"] or "" for one in importlib.metadata.distributions()}
            raise NotInstalled(name, difflib.get_close_matches(name, installed, 1, 0.5))
        todo.append(name)
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in found or name == OURS:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # a requirement for another platform or Python
        found[name] = distribution
        for requirement in distribution.requires or []:
            if "extra ==" not in requirement:
                todo.append(re.split(r"[\s;<>=!~\[(]", requirement, maxsplit=1)[0])
    return tuple(found.values())


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return False
    return True


@cache
def import_path(asked: tuple[str, ...] | None = ()) -> tuple[str, ...]:
    """List the folders a student's process searches for modules, the student's edition of nnlib aside."""
    library = Path(sysconfig.get_path("stdlib"))
    packages = {str(Path(str(found.locate_file(""))).resolve()) for found in distributions(asked)}
    return (str(library), str(library / "lib-dynload"), *sorted(packages))


@cache
def readable(asked: tuple[str, ...] | None = ()) -> tuple[str, ...]:
    """List the files and folders a student's process may read."""
    paths: set[Path] = {Path(name) for name in SYSTEM_FILES}
    for library in {Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("platstdlib"))}:
        paths.update(entry for entry in library.iterdir() if entry.name not in _NOT_STUDENT)
    for distribution in distributions(asked):
        for top in _at_the_top(distribution):
            if top not in _NOT_A_PACKAGE and not top.endswith((".dist-info", ".egg-info", ".pth")):
                paths.add(Path(str(distribution.locate_file(top))))
    paths.update(_shared_libraries())
    return tuple(sorted(str(path) for path in paths if path.exists()))


def _at_the_top(distribution: importlib.metadata.Distribution) -> set[str]:
    """The first parts of the paths of a package's files; read off its record without a path object for each."""
    if record := distribution.read_text("RECORD"):
        return {row[0].partition("/")[0] for row in csv.reader(record.splitlines()) if row}
    return {file.parts[0] for file in distribution.files or []}


def _shared_libraries() -> set[Path]:
    """Find where the system's shared libraries lie: whole folders, or files where Python lives beside them."""
    granted: set[Path] = set()
    folders = {Path("/lib"), Path("/usr/lib"), Path("/lib64"), Path(sys.base_prefix) / "lib"}
    maps = Path("/proc/self/maps")
    if maps.exists():
        mapped = re.findall(r"(/\S+)/[^/\s]+\.so[.\d]*$", maps.read_text(), re.MULTILINE)
        folders.update(Path(name) for name in mapped)
    for folder in folders:
        if not folder.is_dir() or _NOT_STUDENT & set(folder.parts):
            continue
        names = [entry.name for entry in folder.iterdir()]
        if any(name.startswith("python") for name in names):
            granted.update(folder / name for name in names if ".so" in name)
        elif "linux" in folder.name or folder.name == "lib64":
            granted.add(folder)
    return granted
