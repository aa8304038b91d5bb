"""The student's edition of nnlib: the library without what an assignment asks students to write.

A withheld function keeps its name and says so when called; its source, and that of private helpers that only
withheld functions use, is gone. So are the data of a withheld function: an edition without ``held_out_digits``
holds none of its images.
"""

import ast
import importlib.metadata
import io
import shutil
import zipfile
from pathlib import Path

import numpy as np

from grader.assignment import SETTINGS, Assignment
from grader.errors import AssignmentError
from grader.freezing import refreshed
from grader.sandbox import environment
from grader.temporary import TemporaryFolder
from nnlib.datasets import load_digits
from nnlib.withheld import reason

STUB = '''def {name}(*_args: object, **_kwargs: object) -> object:
    """Withheld from this edition of nnlib: {reason}."""
    from nnlib.withheld import Withheld

    raise Withheld("{name}", "{assignment}")
'''
PACKAGE = "nnlib"
HELD_OUT = "held_out_digits"  # of nnlib.datasets; where it is withheld, its images are as well
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


REQUIREMENTS = ["numpy>=2.0", "matplotlib>=3.9", "jupyterlab>=4.2", "ipykernel>=6.29", "ipywidgets>=8"]
README = """# {title}

1. Make an environment once: `python3 -m venv .venv` and `.venv/bin/pip install -r requirements.txt`.
2. Open the notebook: `.venv/bin/jupyter lab {notebook}`.
3. Write your code where it says `YOUR CODE HERE` and run the cell under it: it tells you at once what is wrong.
   A cell that uses a function you have not written yet ends with NotImplementedError, and the next one runs: go on.
   Stuck? `hint(NAME)` helps on, a little more at each call. `progress()` counts what has passed in the whole course.
4. Before you hand in: *Kernel, Restart Kernel and Run All Cells*, then save.
5. Hand in `{notebook}` alone; keep its name.
"""
ABOUT_NNLIB = """
The folder `nnlib` is the course's library.
What this assignment asks you to write is left out of it and says so when called.
What passes its check is copied to `my_nnlib`, a library of your own in the folder above: `import my_nnlib`.
"""


def files_beside(assignment: Assignment) -> dict[str, bytes]:
    """The files that students receive beside the notebook and nnlib: the assignment's own, and instructions.

    A classic assignment is released as nbgrader does it, without instructions of ours.
    """
    if assignment.is_classic:
        return assignment.course_files
    notebooks = " ".join(part.notebook_file for part in assignment.parts)
    about = ABOUT_NNLIB if assignment.uses_nnlib else ""
    told = {
        "requirements.txt": "".join(f"{line}\n" for line in (*REQUIREMENTS, *_declared(assignment))),
        "README.md": README.format(title=assignment.settings.title, notebook=notebooks) + about,
    }
    return {**{name: text.encode() for name, text in told.items()}, **assignment.course_files}


def _declared(assignment: Assignment) -> list[str]:
    """What students install besides the usual, no older than the minor version that is here."""
    try:
        environment.distributions(assignment.settings.sandbox.asked)
    except environment.NotInstalled as missing:
        near = f" Did you mean {missing.near[0]}?" if missing.near else ""
        raise AssignmentError(
            f"{assignment.folder / SETTINGS}: [sandbox] packages names {missing.name}, which is not installed here."
            f"{near or f' Install it with: pip install {missing.name}'}"
        ) from None
    versions = {name: importlib.metadata.version(name) for name in assignment.settings.sandbox.asked or ()}
    return [f"{name}>={'.'.join(version.split('.')[:2])}" for name, version in versions.items()]


def find_nnlib() -> Path:
    """Find the folder of the whole nnlib."""
    import nnlib

    return Path(nnlib.__file__).resolve().parent


def defined_in_nnlib() -> set[str]:
    """Names of the functions and classes that nnlib defines."""
    return _defined(_trees())


def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(find_nnlib().rglob("*.py"))}


def _defined(trees: dict[Path, ast.Module]) -> set[str]:
    return {node.name for tree in trees.values() for node in tree.body if isinstance(node, Definition)}


def build_student_edition(assignment: Assignment) -> TemporaryFolder:
    """Write the student's edition of nnlib into a temporary folder, for the sandbox, and freeze the public cases."""
    refreshed(assignment)
    folder = TemporaryFolder("student-edition-")
    if assignment.uses_nnlib:
        build(folder.path, assignment.settings.withhold, assignment.name)
    return folder


def build(target: Path, withhold: list[str], assignment: str) -> Path:
    """Write the student's edition into ``target/nnlib`` and return ``target``.

    Raises ``AssignmentError`` when ``withhold`` names something that nnlib does not define.
    """
    source, trees = find_nnlib(), _trees()
    if unknown := sorted(set(withhold) - _defined(trees)):
        raise AssignmentError(
            f"assignment.toml of {assignment} withholds what nnlib does not define: {', '.join(unknown)}."
        )
    gone = set(withhold) | _private_helpers(list(trees.values()), set(withhold))
    package = target / PACKAGE
    package.mkdir(parents=True)
    for path, tree in trees.items():
        written = package / path.relative_to(source)
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(_without(path.read_text(encoding="utf-8"), tree, gone, assignment), encoding="utf-8")
    digits = source / "data" / "digits.npz"
    if not digits.exists():
        digits = source.parent / "data" / "digits.npz"
    (package / "data").mkdir(exist_ok=True)
    if HELD_OUT in withhold:
        (package / "data" / "digits.npz").write_bytes(_course_digits())
    else:
        shutil.copyfile(digits, package / "data" / "digits.npz")
    if (source / "py.typed").exists():
        shutil.copyfile(source / "py.typed", package / "py.typed")
    return target


def _course_digits() -> bytes:
    """Write the digits without those kept for grading; the same bytes every time, which np.savez's dates prevent."""
    images, labels = load_digits(part="course", scale=False)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in {"images": images, "labels": labels}.items():
            entry = io.BytesIO()
            np.save(entry, array.astype(np.uint8), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), entry.getvalue(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _private_helpers(trees: list[ast.Module], withheld: set[str]) -> set[str]:
    """Find private functions that only withheld ones use, directly or through each other."""
    users: dict[str, set[str]] = {}
    private: set[str] = set()
    for tree in trees:
        for node in tree.body:
            name = node.name if isinstance(node, Definition) else ""
            if isinstance(node, Definition) and name.startswith("_") and not name.startswith("__"):
                private.add(name)
            if isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for inner in ast.walk(node):
                used = (
                    inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else ""
                )
                if used:
                    users.setdefault(used, set()).add(name)
    gone = set(withheld)
    while True:
        more = {name for name in private - gone if users.get(name) and users[name] - {name} <= gone}
        if not more:
            return gone - withheld
        gone |= more


def _without(text: str, tree: ast.Module, gone: set[str], assignment: str) -> str:
    """Replace the definitions in ``gone`` by stubs; the rest keeps its lines and comments."""
    lines = text.split("\n")
    for node in reversed(tree.body):
        if not isinstance(node, Definition) or node.name not in gone:
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        while first > 1 and lines[first - 2].startswith("#"):
            first -= 1  # a comment above it belongs to it
        stub = STUB.format(name=node.name, assignment=assignment, reason=reason(node.name)).split("\n")[:-1]
        lines[first - 1 : node.end_lineno] = [] if node.name.startswith("_") else stub
    return "\n".join(lines)
