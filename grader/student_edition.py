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
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np

from grader.assignment import SETTINGS, Assignment
from grader.errors import AssignmentError
from grader.freezing import refreshed
from grader.intake.names import listed
from grader.sandbox import environment
from grader.temporary import TemporaryFolder
from nnlib.checks.progress import LIBRARY
from nnlib.datasets import load_digits
from nnlib.withheld import reason

STUB = '''def {name}(*_args: object, **_kwargs: object) -> object:
    """Withheld from this edition of nnlib: {reason}."""
    from nnlib.withheld import Withheld

    raise Withheld("{name}", "{assignment}")
'''
PACKAGE = "nnlib"
REQUIREMENTS_FILE = "requirements.txt"
HELD_OUT = "held_out_digits"  # of nnlib.datasets; where it is withheld, its images are as well
DATA = ("digits.npz", "wine.csv")  # what load_digits and load_wine read
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


REQUIREMENTS = ["numpy>=2.0", "matplotlib>=3.9", "jupyterlab>=4.2", "ipykernel>=6.29", "ipywidgets>=8"]
README = """# {title}
{online}
## Once, for the whole course
All assignments go into one folder, here called `course`, each unpacked beside the others: `course/{name}`.
In Windows choose *Extract All* and take the last name off the path that it offers.
One Python environment serves them all; it takes about 430 MB and a minute or two.
Open a terminal in `course` and type the three lines.

macOS and Linux:
```
python3 --version
python3 -m venv .venv
.venv/bin/python -m pip install -r {name}/requirements.txt
```
Windows, in PowerShell:
```
py --version
py -m venv .venv
.venv\\Scripts\\python -m pip install -r {name}\\requirements.txt
```
The first must say 3.11 or later; if not, install Python from python.org and open a new terminal.
Debian and Ubuntu want `sudo apt install python3-venv` before the second.

## Every time
1. In `course`, start JupyterLab with `.venv/bin/jupyter lab` (Windows: `.venv\\Scripts\\jupyter lab`).
   Open `{name}/{notebook}` from the list on the left.
   In VS Code, open the folder `course`, then the notebook, and select `.venv` as its kernel.
2. Write your code where it says `YOUR CODE HERE` and run the cell under it: it tells you at once what is wrong.
   A cell that uses a function you have not written yet ends with NotImplementedError, and the next one runs: go on.
{help}3. Before you hand in: *Kernel, Restart Kernel and Run All Cells*, then save.
4. {hand_in}

The next assignment is unpacked beside this one and opened in the same way: there is nothing to install again{unless}.
"""
ONLINE = """
Nothing to install: [work in the browser]({link}).
Your work is kept in that browser; download the notebook to hand it in.
To work on your own computer, read on.
"""
CHECKS = """   Stuck? `hint(NAME)` helps on, a little more at each call.
   Still stuck? Leave that exercise and go on: where a later one calls it, grading lends that one a right function.
   `progress()` counts what has passed in the whole course.
"""
ABOUT_NNLIB = """
The folder `nnlib` is the course's library.
What this assignment asks you to write is left out of it and says so when called.
What passes its check is copied to `my_nnlib`, a library of your own in the folder `course`.
After `from nnlib.checks import use_my_nnlib` and `use_my_nnlib()` a notebook finds it: `import my_nnlib`.
"""
AS_TOLD = "Hand it in the way your teacher says."  # where the course's settings have no hand_in


def files_beside(assignment: Assignment) -> dict[str, bytes]:
    """The files that students receive beside the notebook and nnlib: the assignment's own, and instructions.

    A classic assignment is released as nbgrader does it, without instructions of ours.
    """
    if assignment.is_classic:
        return assignment.course_files
    declared = _declared(assignment)
    told = {
        REQUIREMENTS_FILE: "".join(f"{line}\n" for line in (*REQUIREMENTS, *declared)),
        "README.md": _readme(assignment, declared),
    }
    return {**{name: text.encode() for name, text in told.items()}, **assignment.course_files}


def _readme(assignment: Assignment, declared: list[str]) -> str:
    """Say how to open the notebook, on any system, in an environment that serves the whole course."""
    asked, first = assignment.config.Grader, assignment.parts[0].notebook_file
    notebooks = " and ".join(f"`{part.notebook_file}`" for part in assignment.parts)
    students = [f"`{name}`" for name in assignment.settings.students_files]
    code = [cell.source for part in assignment.parts for cell in part.source.cells if cell.cell_type == "code"]
    what = f"Hand in {notebooks} with {listed(students)}" if students else f"Hand in {notebooks} alone"
    if any("use_my_nnlib" in text for text in code):
        what = f"Hand in {notebooks}, with the folder `{LIBRARY}` beside it if it imports from there"
    keep = "keep its name" if len(assignment.parts) == 1 else "keep their names"
    site = str(asked.get("site", "")).rstrip("/")
    about = README.format(
        title=assignment.settings.title,
        name=assignment.name,
        notebook=first,
        online=ONLINE.format(link=address_of(site, assignment.name, first)) if site else "",
        help=CHECKS if assignment.uses_nnlib else "",
        hand_in=f"{what}; {keep}. {asked.get('hand_in', '') or AS_TOLD}",
        unless=f", unless its `{REQUIREMENTS_FILE}` names more" if not declared else "",
    )
    return about + (ABOUT_NNLIB if assignment.uses_nnlib else "")


def address_of(site: str, name: str, notebook: str) -> str:
    """Where a site made by ``grader site`` and put at the address ``site`` opens an assignment's notebook."""
    return f"{site}/lab/index.html?path={quote(f'{name}/{notebook}')}"


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


class _Library:
    """The files of nnlib; each is parsed where it is asked for, since most hold nothing that is withheld."""

    def __init__(self) -> None:
        self.texts = {path: path.read_text(encoding="utf-8") for path in sorted(find_nnlib().rglob("*.py"))}
        self._trees: dict[Path, ast.Module] = {}
        self._names: dict[ast.stmt, set[str]] = {}

    def tree(self, path: Path) -> ast.Module:
        """What a file says."""
        if path not in self._trees:
            self._trees[path] = ast.parse(self.texts[path])
        return self._trees[path]

    def defined(self) -> set[str]:
        """The functions and classes of all files."""
        return {node.name for path in self.texts for node in self.tree(path).body if isinstance(node, Definition)}

    def definitions(self, name: str) -> list[ast.stmt]:
        """The functions and classes of a name."""
        return [node for node in self._near(name) if isinstance(node, Definition) and node.name == name]

    def users(self, name: str) -> set[str]:
        """The functions and classes in which a name is used; an empty string for use outside of them."""
        using = [node for node in self._near(name) if name in self.names_in(node)]
        return {node.name if isinstance(node, Definition) else "" for node in using}

    def names_in(self, node: ast.stmt) -> set[str]:
        """The names and attributes that code uses; an import is no use."""
        if node not in self._names:
            inner = () if isinstance(node, ast.Import | ast.ImportFrom) else list(ast.walk(node))
            self._names[node] = {one.id for one in inner if isinstance(one, ast.Name)}
            self._names[node] |= {one.attr for one in inner if isinstance(one, ast.Attribute)}
        return self._names[node]

    def _near(self, name: str) -> Iterator[ast.stmt]:
        return (node for path, text in self.texts.items() if name in text for node in self.tree(path).body)


def defined_in_nnlib() -> set[str]:
    """Names of the functions and classes that nnlib defines."""
    return _Library().defined()


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
    source, library = find_nnlib(), _Library()
    if unknown := sorted(name for name in set(withhold) if not library.definitions(name)):
        raise AssignmentError(
            f"assignment.toml of {assignment} withholds what nnlib does not define: {', '.join(unknown)}."
        )
    gone = set(withhold) | _private_helpers(library, set(withhold))
    package = target / PACKAGE
    package.mkdir(parents=True)
    for path, text in library.texts.items():
        written = package / path.relative_to(source)
        written.parent.mkdir(parents=True, exist_ok=True)
        if any(name in text for name in gone):
            text = _without(text, library.tree(path), gone, assignment)
        written.write_text(text, encoding="utf-8")
    data = source / "data" if (source / "data").exists() else source.parent / "data"
    (package / "data").mkdir(exist_ok=True)
    for name in DATA:
        if name == "digits.npz" and HELD_OUT in withhold:
            (package / "data" / name).write_bytes(_course_digits())
        else:
            shutil.copyfile(data / name, package / "data" / name)
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


def _private_helpers(library: _Library, withheld: set[str]) -> set[str]:
    """Find private functions that only withheld ones use, directly or through each other."""
    gone = set(withheld)
    while True:
        used = {said for name in gone for node in library.definitions(name) for said in library.names_in(node)}
        private = {name for name in used - gone if name.startswith("_") and not name.startswith("__")}
        more = {name for name in private if library.definitions(name) and library.users(name) - {name} <= gone}
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
