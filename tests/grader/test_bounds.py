"""What a student hands in costs the trusted side a bounded time and memory, and nobody else's verdict."""

import gc
import json
import time
import types
from collections.abc import Callable

import nbformat
import pytest

from grader.attempts import Stubs
from grader.blank import blank_cells
from grader.carried_forward import reached_from
from grader.hidden import Local, run_test
from grader.hidden_test import HiddenTest, ModuleData
from grader.intake.candidates import choose
from grader.intake.expected import Expected
from grader.intake.misfiled import _Names
from grader.intake.names import loose_stem, read_platform_name
from grader.intake.tree import File
from grader.needed import names_of, not_needed, read_names, reads_otherwise
from grader.pages import as_html, as_text, told_in_a_cell
from grader.reading import Refused, read_notebook
from grader.released import released_notebook
from grader.repair import repair
from grader.results import CellResult, TestResult, short_lines
from grader.sandbox.failures import StudentError
from grader.sandbox.telling import Telling
from grader.words import describe_error, safe_message
from nnlib.checks import assert_close

# -- time: twice the text takes about twice the time -----------------------------------------------------------------

SHAPES: dict[str, Callable[[int], str]] = {
    "newlines": lambda n: "\n" * n,
    "blanks": lambda n: " " * n,
    "tabs": lambda n: "\t" * n,
    "blank lines": lambda n: " \n" * (n // 2),
    "indented": lambda n: "\n".join(" " * (i % 90) for i in range(n // 45)),
    "one word": lambda n: "a" * n,
    "words": lambda n: " ".join(f"w{i}" for i in range(n // 6)),
    "lines": lambda n: "\n".join(f"w{i} = {i}" for i in range(n // 12)),
    "brackets": lambda n: "[" * n,
    "braces": lambda n: "{}" * (n // 2),
    "parentheses": lambda n: "(a=" * (n // 3),
    "quotes": lambda n: "'" * n,
    "open strings": lambda n: "'''a\n" * (n // 5),
    "backslashes": lambda n: "\\" * n,
    "continued": lambda n: "\\\n" * (n // 2),
    "percent": lambda n: "%" * n,
    "percent time": lambda n: "%time   " * (n // 8),
    "time lines": lambda n: "%time " + " " * (n - 6),
    "magics": lambda n: "%who\n" * (n // 5),
    "shell": lambda n: "!ls\n" * (n // 4),
    "bangs": lambda n: "  !" * (n // 3),
    "hashes": lambda n: "#" * n,
    "comments": lambda n: "#\n" * (n // 2),
    "attachment:": lambda n: "attachment:" * (n // 11),
    "attachment: blanks": lambda n: "attachment:" + " " * n,
    "attachment: backslashes": lambda n: "attachment:" + "\\" * n + "x",
    "attachments in names": lambda n: "attachment:a b " * (n // 15),
    "commas": lambda n: "1," * (n // 2),
    "functions": lambda n: "".join(f"def f{i}():0\n" for i in range(n // 14)),
    "classes": lambda n: "".join(f"class C{i}:x=0\n" for i in range(n // 16)),
    "comprehensions": lambda n: "[i for i in x]\n" * (n // 15),
    "formatted": lambda n: "f'{x}'" * (n // 6),
    "chain": lambda n: "a=" * (n // 2) + "1",
    "dots": lambda n: "x" + ".a" * (n // 2),
    "calls": lambda n: "x" + ".a()" * (n // 4),
    "sums": lambda n: "1+" * (n // 2) + "1",
    "signs": lambda n: "-" * n + "1",
    "lambdas": lambda n: "lambda: " * (n // 8) + "1",
    "comparisons": lambda n: "a<" * (n // 2) + "1",
    "decorators": lambda n: "@a\n" * (n // 3) + "def f(): 0",
    "elif": lambda n: "if 1: 0\n" + "elif 1: 0\n" * (n // 10),
    "nested ifs": lambda n: "".join(" " * i + "if 1:\n" for i in range(95)) + " " * 95 + "0\n" * (n // 2),
    "alternatives": lambda n: "match x:\n case " + "|".join(["1"] * (n // 2)) + ": pass",
    "globals": lambda n: "global " + ",".join(f"g{i}" for i in range(n // 6)),
    "arguments": lambda n: "f(" + "a=1," * (n // 4) + ")",
    "digits": lambda n: "0x" + "f" * n,
    "accents": lambda n: "é" * n,
    "ligatures": lambda n: "ﷺ" * (n // 18),  # one letter is eighteen after normalisation
    "emoji": lambda n: "🙂" * n,
    "begin": lambda n: "### BEGIN SOLUTION\n" * (n // 19),
    "html": lambda n: "<div>" * (n // 5),
    "copies": lambda n: "x" + "-1" * (n // 2),
    "platform": lambda n: "_1" * (n // 2) + "_assignsubmission",
    "nul": lambda n: "\0" * n,
}  # fmt: skip
PICTURES = {name: {"image/png": "aGk="} for name in ("a b", "\\" * 30, "x_y*z", "\\a" * 20, "é" * 20)}


def cell(source, kind="code", grade_id="", **more):
    """Make a cell as a submission's JSON has it."""
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, **more}


def book(*cells, **more):
    """Make a submission's bytes."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}).encode()


@pytest.fixture(scope="module")
def whole_way(assignment):
    """Do to a submission's bytes all that the trusted side does but run it."""
    released = released_notebook(assignment)
    stubs, expected = Stubs(released), Expected.of(assignment, released)

    def go(data: bytes) -> None:
        file = File("tiny (1).ipynb", "", len(data), lambda limit: data[:limit])
        choose([file, File("b.ipynb", "", len(data), lambda limit: data[:limit])], expected)
        try:
            notebook, repairs = read_notebook(data, "tiny.ipynb")
            mended = repair(notebook, released, "tiny.ipynb")
        except Refused:
            return
        code = {place: one.source for place, one in enumerate(notebook.cells) if one.cell_type == "code"}
        names = read_names(code)
        reads_otherwise(code.values() if names else [], {"a.py": data})
        passed_over = stubs.answered_elsewhere(notebook, names)
        for grade_id in ("test_double", "test_center"):
            stubs.is_written_later(grade_id, notebook, names) if names else None
        not_needed(names, set(), frozenset())
        reached_from("center", ["double"], list(names.values()))
        blank_cells(notebook, released, mended.touched, passed_over.keys())
        told_in_a_cell(short_lines([*repairs, *mended.lines]))
        nbformat.v4.writes(notebook)  # nbformat's own check of it aside, which takes a time for each cell

    return go


def processor_time(work: Callable[[], object]) -> float:
    """Measure once; a collection of garbage that others left is not counted."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def grows_as_its_input(work: Callable[[int], Callable[[], object]], size: int) -> None:
    """Fail where four times the input takes clearly more than four times the time; sixteen times were quadratic."""
    for _ in range(4):  # another process may have been in the way
        small, large = processor_time(work(size)), processor_time(work(4 * size))
        if large < 0.05 or large < 9 * small:
            return
    pytest.fail(f"{size} took {small:.3f} s, {4 * size} took {large:.3f} s")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_whole_way_is_linear_in_a_text(whole_way, released, shape):
    """Whatever a cell's text is made of, reading, choosing, mending and writing take a time in proportion to it."""
    base = json.loads(nbformat.writes(released))["cells"]

    def work(size):
        text = SHAPES[shape](size)
        data = book(*base, cell(text), cell(text, "markdown", attachments=PICTURES), cell(text.split("\n"), "raw"))
        return lambda: whole_way(data)

    grows_as_its_input(work, 3000)


@pytest.mark.parametrize("shape", SHAPES)
def test_small_readers_are_linear_in_a_text(shape):
    """The same holds for what reads an error's words, a name, a verdict, and looks for words of the student's."""

    def work(size):
        text = SHAPES[shape](size)
        error = StudentError("ValueError", text, 3, raised_in="f", missing_name="x", argument=text[:100])
        result = CellResult("test_x", 0.0, 1.0, "failed", text, [TestResult("t", False, text, text)])
        name = text[:255]

        def run():
            names_of(text)
            safe_message(text, text)
            describe_error("f", error, text)
            as_text(result), as_html(result)
            Telling(lambda: [text.encode()])._holds("abc")
            short_lines([text, text])
            for read in (read_platform_name, loose_stem, _Names("02-x", {"02-x": "softmax"}).alike):
                read(name)

        return run

    grows_as_its_input(work, 40_000 if shape == "functions" else 3000)


MANY: dict[str, Callable[[int], list[object]]] = {
    "empty cells": lambda n: [cell("")] * n,
    "cells of one text": lambda n: [cell("x = 1")] * n,
    "cells with ids": lambda n: [cell(f"x{i} = 1", grade_id=f"id{i}") for i in range(n)],
    "copies of an answer": lambda n: [cell(f"def double(x): return {i}", grade_id="double") for i in range(n)],
    "copies of a locked cell": lambda n: [cell("import numpy", grade_id="imports")] * n,
    "answers without ids": lambda n: [cell(f"def double(x): return {i}") for i in range(n)],
    "chain of uses": lambda n: [cell(f"def f{i}(): f{i + 1}()") for i in range(n)] + [cell("def center(x): f0()")],
    "numbers": lambda n: [0] * n,
    "cells without a type": lambda n: [{}] * n,
    "attachments": lambda n: [cell("x", "markdown", attachments={f"p{i}": 0 for i in range(n)})],
    "pictures": lambda n: [
        cell("x", "markdown", attachments={f"p{i}": {"image/png": "aGk="} for i in range(50)}) for _ in range(n // 50)
    ],
    "outputs": lambda n: [cell("x", outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}] * n)],
    "lines": lambda n: [cell(["x\n"] * n)],
    "no lines": lambda n: [cell([None] * n)],
    "questions": lambda n: [cell("Why is the mean removed?", "markdown")] * n,
}


@pytest.mark.parametrize("kind", MANY)
def test_the_whole_way_is_linear_in_the_number_of_things(whole_way, kind):
    """However many cells, ids, attachments or outputs there are, each costs the same."""

    def work(size):
        data = book(*MANY[kind](size), cell("YOUR ANSWER HERE", "markdown", grade_id="why"))
        return lambda: whole_way(data)

    grows_as_its_input(work, 500)


def test_old_formats_are_linear():
    """A notebook of format 3 is brought up to date in a time in proportion to its cells."""

    def work(size):
        cells = [{"cell_type": "code", "input": f"x = {i}", "language": "python", "outputs": []} for i in range(size)]
        data = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]})
        return lambda: read_notebook(data.encode(), "x")

    grows_as_its_input(work, 200)


def test_many_files_are_linear(assignment, released):
    """Thousands of notebooks in one submission are chosen from in a time in proportion to their number."""
    expected = Expected.of(assignment, released)

    def work(size):
        files = [File(f"{i}.ipynb", "", 2, lambda limit: b"{}") for i in range(size)]
        return lambda: choose(files, expected)

    grows_as_its_input(work, 1000)


def test_strings_in_results_are_linear():
    """A result of many strings beside a long text costs each string once: a long text is searched for few."""

    def work(size):
        words, source = [f"a string {i}" for i in range(size)], "#" + "x" * 20 * size
        test = hidden(lambda student: assert_close(student.double(), [1.0, 2.0]))
        functions = Local({"double": lambda: ["the loss", words]})
        return lambda: run_test(test, functions, source)

    grows_as_its_input(work, 5000)


def hidden(function, name="test_double"):
    """Make a hidden test of a function."""
    return HiddenTest(name, "test_double", "It doubles.", 1.0, function, ModuleData(types.ModuleType("tests")))
