"""Choose which of the files that were handed in may lie beside the notebook: when it runs, and afterwards."""

import sys
import sysconfig
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path, PurePosixPath

from grader.intake.expected import fingerprint
from grader.intake.names import listed

SHADOWING = {"nnlib", "grader", "numpy", "matplotlib", "IPython", "sitecustomize", "usercustomize"}
LIBRARY = "nnlib"
_MODULES = (".py", ".pyc", ".so", ".pyd", ".pth")
# Outside the sandbox nothing of a student's may be run by a program that is only started beside it: a kernel looks for
# every module there first, and many a program for its settings.
_COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib", ".pth", ".egg", ".whl")
_INSTALLED = (".dist-info", ".egg-info", ".egg")  # these name code that others load
_TEMPLATES = (".j2", ".tpl")  # Jinja's are programs
_SETTINGS = frozenset(
    ["conftest.py", "setup.py", "noxfile.py", "pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "mypy.ini"]
    + ["alembic.ini", "matplotlibrc", "jupytext.toml", "jupytext.yml", "jupytext.yaml", "jupytext.json", "jupytext.py"]
    + ["pyvenv.cfg", "__main__.py"]
)
# A kernel, and what it loads, tries to import these and goes on without them.
_TRIED = frozenset(
    ["argcomplete", "storemagic", "orjson", "colorama", "ctags", "django", "astroid", "java", "org", "numpydoc"]
    + ["thread", "msgpack", "_pydevd_bundle_ext", "_typeshed", "rfc3987_syntax", "uvloop", "appnope", "psutil"]
    + ["ipykernel_launcher", "distutils", "imp", "sitecustomize", "usercustomize"]
)
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
        lines.append(f"is outside the folder and was left out: {_named(outside)}")
    if shadowing:
        lines.append(f"would shadow an import and was left out: {_named(shadowing)}")
    if library:
        count = f"{library} file{'s' * (library > 1)} changed"
        lines.append(f"the folder {LIBRARY} ({count}) is the course's library; the course's own is used")
    if course:
        lines.append(f"belongs to the course, the course's own is used: {_named(course)}")
    return kept, lines


def harmless_files(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """Choose which files may lie beside the graded notebook, where people read it and a kernel may be started.

    Left out, and told in a line: modules named like one that can be imported here, compiled ones, programs' settings
    and hidden files. They stay where they were handed in.
    """
    kept = {path: data for path, data in files.items() if not _is_run_unasked(path)}
    if not (left := [path for path in files if path not in kept]):
        return kept, []
    return kept, [f"not put beside the graded notebook, where a program might run it by itself: {_named(left)}"]


def _is_run_unasked(path: str) -> bool:
    parts = path.split("/")
    name = parts[-1].casefold()
    stems = [part.partition(".")[0] for part in parts]
    if any(part.startswith(".") or part.endswith(_INSTALLED) for part in parts):
        return True
    if stems[-1].casefold().endswith("_config") or name in _SETTINGS or name.endswith((*_COMPILED, *_TEMPLATES)):
        return True
    return name.endswith(".py") and any(_is_importable(stem) or _is_importable(stem.casefold()) for stem in stems)


@cache
def _is_importable(name: str) -> bool:
    """Whether a Python here finds, or looks for, a module of that name."""
    if name in SHADOWING or name in _TRIED or name in sys.stdlib_module_names:
        return True
    spec = PathFinder.find_spec(name)
    if spec is None or spec.origin is not None:
        return spec is not None
    packages = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}  # a folder without code elsewhere
    return any(Path(place).parent in packages for place in spec.submodule_search_locations or ())


def _named(paths: Iterable[str]) -> str:
    """Name a few, each once, and count the rest."""
    return listed(dict.fromkeys(repr(path[:60]) for path in paths), _MOST_NAMED)
