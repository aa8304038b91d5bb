"""The pages of the site that a program writes: the course, the commands and the messages; none is in git."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from grader import vocabulary
from grader.assignment import Assignment, find_notebooks_folder, list_assignments
from grader.files import write_atomically
from grader.released import released_notebook

COURSE, COMMANDS, MESSAGES, LIBRARY = (
    Path("course"),
    Path("reference/commands.md"),
    Path("reference/messages.md"),
    Path("reference/nnlib"),
)

NO_MESSAGES = {  # modules whose texts, but for what they raise, are Python's and NumPy's words, hints, pages or code
    *("words", "slips", "student_edition", "clean_html", "clean_notebook", "page_exporter", "pages", "nbgrader_hooks"),
    *("profiling", "reordering", "screen", "from_classic", "mark_page", "markers", "shown_cell"),
    *("filters", "telling", "vocabulary", "formulas"),
}
NO_MESSAGE = ("<", "#", "*", "grader ", "INSERT ", "CREATE ", "c.")  # beginnings of pages, settings and examples
FEWEST = 4  # words of a message
UNLISTED = ("lectures", "withheld")  # a program of its own, and what stands in for what students write


def write(docs: Path) -> None:
    """Write all of them below ``docs``."""
    for name in list_assignments():
        assignment = Assignment.find(name)
        target = docs / COURSE / name / assignment.notebook_file
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, nbformat.writes(public_notebook(assignment)))
        for picture in assignment.folder.glob("*.png"):
            shutil.copyfile(picture, target.parent / picture.name)
    for picture in find_notebooks_folder().glob("*.png"):
        shutil.copyfile(picture, docs / COURSE / picture.name)
    write_atomically(docs / COURSE / "index.md", course_map())
    write_atomically(docs / COMMANDS, commands())
    write_atomically(docs / MESSAGES, messages_page())
    for name, text in library().items():
        (docs / LIBRARY).mkdir(parents=True, exist_ok=True)
        write_atomically(docs / LIBRARY / f"{name}.md", text)


def public_notebook(assignment: Assignment) -> nbformat.NotebookNode:
    """Make the notebook that students receive, with the outputs of the course's own cells.

    Students' cells are blank, and hidden tests, model answers and marking guides are gone, as in a release.
    """
    released = released_notebook(assignment)
    if len(released.cells) != len(assignment.source.cells):
        raise ValueError(f"The release of {assignment.name} has other cells than its source.")
    for shown, executed in zip(released.cells, assignment.source.cells, strict=True):
        if shown.cell_type == "code" and not vocabulary.about(executed).get("solution"):
            shown.outputs = [output for output in executed.outputs if output.output_type != "error"]
            shown.execution_count = executed.execution_count
        shown.metadata.pop("tags", None)  # those that steer how a page is made are not ours to obey
    return released


def course_map() -> str:
    """Make the map of the course, followed by its pages in order."""
    pages = [f"{name}/{Assignment.find(name).notebook_name}" for name in list_assignments()]
    text = (find_notebooks_folder() / "README.md").read_text(encoding="utf-8")
    return "\n".join([text, "```{toctree}", ":hidden:", "", *pages, "```", ""])


def commands() -> str:
    """Describe the command line, as typer does."""
    made = subprocess.run(
        [sys.executable, "-P", "-m", "typer", "grader.cli", "utils", "docs", "--name", "grader", "--title", "Commands"],
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout


def library() -> dict[str, str]:
    """Make a page for each public module of nnlib, filled by Sphinx from its docstrings, and one that lists them."""
    package = find_notebooks_folder().parent / "nnlib"
    pages, rows = {}, []
    for path in sorted({*package.glob("*.py"), *package.glob("*/__init__.py")}):
        name = path.parent.name if path.name == "__init__.py" else path.stem
        if (path.parent == package and path.name == "__init__.py") or name.startswith("_") or name in UNLISTED:
            continue
        about = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        rows.append(f"| [nnlib.{name}]({name}.md) | {about} |")
        names = _imported(path) if path.name == "__init__.py" else ""
        pages[name] = (
            f"# nnlib.{name}\n\n```{{eval-rst}}\n.. automodule:: nnlib.{name}\n"
            + (f"   :imported-members:\n   :members: {names}\n" if names else "")
            + "```\n"
        )
    toctree = ["```{toctree}", ":hidden:", "", *pages, "```"]
    lines = ["# nnlib", "", "| module | what it holds |", "|---|---|", *rows, "", *toctree, ""]
    return {**pages, "index": "\n".join(lines)}


def _imported(path: Path) -> str:
    """Name what a package takes from its own modules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken = [
        node for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnlib.")
    ]
    return ", ".join(sorted(alias.asname or alias.name for node in taken for alias in node.names))


def messages_page() -> str:
    """List what commands may say, by the part of the program that says it."""
    lines = [
        "# All messages",
        "",
        "Every sentence that a command may say, and every part of one that is put together, by the part of the "
        "program that says it; `…` stands for a name, a number, a file or a choice of words. "
        "Each says what to do; [When something goes wrong](../when-something-goes-wrong.md) says more about the "
        "frequent ones.",
    ]
    for about, messages in messages_by_part().items():
        lines += ["", f"## {about}", "", *(f"- {_literal(message)}" for message in messages)]
    return "\n".join([*lines, ""])


def _literal(message: str) -> str:
    return f"`` {' '.join(message.split())} ``"


def messages_by_part() -> dict[str, list[str]]:
    """Read from the code every text that reads like a message, under its module's first sentence."""
    package = find_notebooks_folder().parent / "grader"
    found: dict[str, list[str]] = {}
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = _Texts(FEWEST if path.stem not in NO_MESSAGES else None)
        texts.visit(tree)
        if texts.found:
            about = (ast.get_docstring(tree) or "").split("\n")[0].rstrip(".:")
            found.setdefault(about, []).extend(dict.fromkeys(texts.found))
    return found


class _Texts(ast.NodeVisitor):
    """Collects texts, each as a whole: no docstring, no help and nothing of several lines.

    ``fewest`` is how many words a text has that is not raised with an error; None where no such text counts.
    """

    def __init__(self, fewest: int | None) -> None:
        self.found: list[str] = []
        self._fewest = fewest

    def visit_Raise(self, node: ast.Raise) -> None:
        before, self._fewest = self._fewest, 2
        self.generic_visit(node)
        self._fewest = before

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # else a docstring
            self.visit(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in ("help", "metavar", "show_default", "epilog"):
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        self._keep(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._keep(node)
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value.value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and _text(node).strip("…"):
            self._keep(node)
            for side in (node.left, node.right):  # their holes
                for value in side.values if isinstance(side, ast.JoinedStr) else [side]:
                    self.visit(value) if not isinstance(value, ast.Constant) else None
        else:
            self.generic_visit(node)

    def _keep(self, node: ast.expr) -> None:
        text = re.sub(r"\{\w*\}|%[sdg]", "…", _text(node)).strip()
        words = [word for word in text.split() if re.search("[A-Za-z]{2}", word)]
        enough = self._fewest is not None and len(words) >= self._fewest
        if enough and "\n" not in text and not text.startswith(NO_MESSAGE):
            self.found.append(text)


def _text(node: ast.expr) -> str:
    """A text as the code has it, with an ellipsis for what is not written there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) if isinstance(value, ast.Constant) else "…" for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return "…"
