"""Choose which of the files that were handed in may lie beside the notebook when it runs."""

import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from grader.intake.expected import fingerprint
from grader.intake.names import listed

SHADOWING = {"nnlib", "grader", "numpy", "matplotlib", "IPython", "sitecustomize", "usercustomize"}
LIBRARY = "nnlib"
_MODULES = (".py", ".pyc", ".so", ".pyd", ".pth")
_MOST_NAMED = 8  # files in one line


def usable_files(
    files: Mapping[str, bytes], course_files: Collection[str], released: Mapping[str, str] | None = None
) -> tuple[dict[str, bytes], list[str]]:
    """Choose which submitted files lie beside the notebook when it runs, and say of the others why not.

    Left out: modules that would shadow an import, files that would replace the course's, and paths outside the
    folder. A line is about a matter, not about a file; the course's own files as they were released are left out
    without one.

    Parameters
    ----------
    files
        Content by path.
    course_files
        Paths of the files that grading puts beside the notebook.
    released
        Fingerprints of all files that students received, by path.
    """
    kept: dict[str, bytes] = {}
    outside, shadowing, course, library = [], [], [], 0
    for path, data in files.items():
        parts = path.split("/")
        top = parts[0].split(".")[0]
        is_module = path.endswith(_MODULES) or len(parts) > 1
        if ".." in parts or path.startswith("/"):
            outside.append(path)
        elif released and path in released and fingerprint(data) == released[path]:
            continue
        elif parts[0] == LIBRARY and len(parts) > 1:
            library += 1
        elif is_module and (top in SHADOWING or top in sys.stdlib_module_names):
            shadowing.append(parts[0])
        elif str(PurePosixPath(path)) in course_files or parts[0] in course_files:
            course.append(path)
        else:
            kept[path] = data
    lines = []
    if outside:
        lines.append(f"lies outside the folder and was left out: {_named(outside)}")
    if shadowing:
        lines.append(f"would shadow an import and was left out: {_named(shadowing)}")
    if library:
        count = f"{library} file{'s' * (library > 1)} changed"
        lines.append(f"the folder {LIBRARY} ({count}) is the course's library; the course's own is used")
    if course:
        lines.append(f"belongs to the course, the course's own is used: {_named(course)}")
    return kept, lines


def _named(paths: Iterable[str]) -> str:
    """Name a few, each once, and count the rest."""
    return listed(dict.fromkeys(repr(path[:60]) for path in paths), _MOST_NAMED)
