"""The first step out of tests inside cells: one cell's hidden tests become a hidden test of ``exercises/``."""

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader import vocabulary
from grader.assignment import SETTINGS
from grader.errors import AssignmentError
from grader.exercises import FOLDER
from grader.files import write_atomically

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
TOML = """title = {title}
tests_in_cells = true  # the other cells hold their tests still
"""
TEST = '''"""{name}: what it must do."""
{imports}

def test_{name}_of_hidden_inputs(student):
    """{name} returns what the exercise asks for."""
{body}
'''


def first_step(notebook: Path, target: Path) -> list[Path]:
    """Write an assignment from a notebook of nbgrader's own kind, its first hidden region moved out of its cell.

    The cells keep their tests but for one, whose id becomes ``test_NAME`` of the function it tests, and that of the
    function's cell ``NAME``.

    Parameters
    ----------
    notebook
        The source, with ``### BEGIN HIDDEN TESTS`` in a graded cell.
    target
        The folder of the new assignment, which must not hold any.

    Returns
    -------
    list[Path]
        What was written. ``AssignmentError`` where there is nothing to move, or it cannot be moved by rule.
    """
    if (target / SETTINGS).exists() or list(target.glob("*.ipynb")):
        raise AssignmentError(f"{target} holds an assignment already; name another folder.")
    whole = nbformat.read(notebook, as_version=4)
    cell, region = _first_region(whole, notebook)
    place = f"{notebook}: cell {vocabulary.grade_id(cell)!r}"
    answers = [other for other in whole.cells[: whole.cells.index(cell)] if vocabulary.is_exercise(other)]
    functions = {name: answer for answer in answers for name in _functions(answer.source)}
    tree = _parsed(region, place)
    tested = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in functions]
    if not tested:
        raise AssignmentError(f"{place}: its hidden tests call no function of an answer above it; move them by hand.")
    name = tested[0]
    _refuse_what_needs_the_notebook(tree, set(functions), place)
    for node, grade_id in ((functions[name], name), (cell, vocabulary.graded_cell_of(name))):
        if any(vocabulary.grade_id(other) == grade_id and other is not node for other in whole.cells):
            raise AssignmentError(f"{notebook}: two cells would be called {grade_id!r}; rename one first.")
        node.metadata["nbgrader"]["grade_id"] = grade_id
    others = [other.source for other in whole.cells if other.cell_type == "code"]
    body = ast.unparse(_Students(_names_of(others)).visit(tree))
    imports = "\n".join(_imports(others, body))
    text = TEST.format(name=name, imports=f"\n{imports}\n" if imports else "", body=textwrap.indent(body, "    "))
    written = {
        target / SETTINGS: TOML.format(title=f'"{target.name}"'),
        target / FOLDER / f"{name}.py": text,
        target / notebook.name: nbformat.writes(whole) + "\n",
    }
    for path, content in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    return list(written)


def _first_region(whole: NotebookNode, path: Path) -> tuple[NotebookNode, str]:
    """Take the first hidden region out of its cell."""
    for cell in whole.cells:
        lines = cell.source.split("\n")
        begins = [number for number, line in enumerate(lines) if BEGIN in line]
        ends = [number for number, line in enumerate(lines) if END in line]
        if cell.cell_type == "code" and vocabulary.is_graded(cell) and begins and ends and begins[0] < ends[0]:
            region = lines[begins[0] + 1 : ends[0]]
            cell.source = "\n".join(lines[: begins[0]] + lines[ends[0] + 1 :])
            return cell, textwrap.dedent("\n".join(region))
    raise AssignmentError(f"{path}: no graded cell has a line ### {BEGIN} and one ### {END} below it.")


def _parsed(text: str, place: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise AssignmentError(
            f"{place}: its hidden tests are not plain Python ({error.msg}); move them by hand."
        ) from None


def _refuse_what_needs_the_notebook(tree: ast.Module, functions: set[str], place: str) -> None:
    """A hidden test calls functions from outside: it cannot take one away from the notebook, or put another there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in functions and not isinstance(node.ctx, ast.Load):
            raise AssignmentError(
                f"{place}: its hidden tests replace or delete {node.id}, which only a test inside a cell can; "
                "leave them there, or write another hidden test."
            )


def _functions(text: str) -> Iterator[str]:
    for node in _top_level(text):
        if isinstance(node, ast.FunctionDef):
            yield node.name


def _names_of(texts: list[str]) -> dict[str, bool]:
    """What the notebook's cells define, and whether it is a function."""
    found: dict[str, bool] = {}
    for node in (node for text in texts for node in _top_level(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = True
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: False for target in targets if isinstance(target, ast.Name)}
    return found


def _imports(texts: list[str], body: str) -> list[str]:
    """The notebook's import lines that the test needs."""
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    lines = [
        ast.unparse(node)
        for text in texts
        for node in _top_level(text)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and used & {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    ]
    return sorted(set(lines))


def _top_level(text: str) -> list[ast.stmt]:
    """The statements of a cell; none where it is not plain Python, such as one with a %magic."""
    try:
        return ast.parse(text).body
    except SyntaxError:
        return []


class _Students(ast.NodeTransformer):
    """Turns the notebook's names into the student's: ``student.NAME`` for functions, else ``student.value("NAME")``."""

    def __init__(self, names: dict[str, bool]) -> None:
        self._names = names
        self._own: set[str] = set()

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Names that the region itself sets are its own."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
                self._own.add(inner.id)
            elif isinstance(inner, ast.arg):
                self._own.add(inner.arg)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Replace one name."""
        if node.id in self._own or node.id not in self._names:
            return node
        text = f"student.{node.id}" if self._names[node.id] else f"student.value({node.id!r})"
        return ast.parse(text, mode="eval").body
