"""What costs every start or every submission is loaded, read and written once, and only where it is used."""

import copy
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment
from nbconvert.exporters import HTMLExporter

from grader import profiling
from grader.demo import find_sample_class
from grader.page_exporter import PageExporter
from grader.profiling import Stage, stage
from grader.reading import write_notebook
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess, WarmStart
from nnlib.checks import instant

from .faults import children, name_of, wait_for

HEAVY = ("nbgrader", "sqlalchemy", "nbconvert", "nbformat", "numpy")


@pytest.mark.parametrize(
    ("code", "without"),
    [
        ("from grader.__main__ import main; sys.argv = ['grader', '--help']; main()", HEAVY),
        ("import grader.pool", HEAVY[:3]),
        ("import grader.assignment as a; a.Assignment.find('2').mistakes", (*HEAVY[:3], "matplotlib")),
    ],
    ids=["the help", "a worker", "an assignment"],
)
def test_what_is_not_used_is_not_loaded(code, without):
    """Help needs no database and no notebooks; a worker nothing of nbgrader's, and solutions no pictures."""
    script = f"import sys\ntry:\n    {code}\nfinally:\n    print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert "grader" in loaded
    assert not set(without) & set(loaded)


def test_warm_processes_are_copies_of_one_that_knows_no_course(tmp_path):
    """What is started ahead has loaded the libraries, nothing of nnlib or of grading; a copy works like any other."""
    (tmp_path / "nnlib").mkdir()
    (tmp_path / "nnlib" / "__init__.py").write_text("HERE = __file__")
    loaded = "import sys; print([n for n in sys.modules if n.split('.')[0] == 'nnlib' or n.startswith('grader')])"
    with WarmStart() as start:
        ahead = start._process.pid
        with WarmProcess(None, start=start) as bare, WarmProcess(tmp_path, start=start) as warm:
            pids = {bare._process.pid, warm._process.pid}
            assert {children(pid)[0] if pid == ahead else pid for pid in children(ahead)} == pids
            with Session(bare) as first, Session(warm) as second:
                names = first.run(loaded, 5, 10_000).outputs[0].text
                assert "nnlib." not in names
                assert [name for name in ("pool", "hidden", "engine", "assignment") if name in names] == []
                told = second.run("import nnlib; print(nnlib.HERE)", 5, 10_000).outputs[0].text
                assert told.strip() == str(tmp_path / "nnlib" / "__init__.py")
    assert wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 10)


@pytest.mark.parametrize("how", ["closed", "killed", "killed on being asked"])
def test_where_nothing_was_started_ahead_a_warm_process_starts_by_itself(how, monkeypatch):
    """What was started ahead may be gone; that costs seconds and nobody a verdict."""
    with WarmStart() as start:
        if how == "closed":
            start.close()
        elif how == "killed":
            start._process.end()
        else:
            os.kill(start._process.pid, signal.SIGSTOP)
            ask = start.copy_to
            monkeypatch.setattr(start, "copy_to", lambda *given: (ask(*given), start._process.end())[0])
        with WarmProcess(None, start=start) as warm, Session(warm) as session:
            assert session.run("print(1 + 1)", 5, 100).outputs[0].text == "2\n"


def test_commands_one_after_the_other_in_one_process_leave_no_nursery(course, submit, cli):
    """Each command has its own, wherever its sockets lie, and ends it."""
    submit("ada")
    before = set(children(os.getpid()))
    for _ in range(2):
        assert cli("autograde", "tiny", "--course", course.root, "--force", "-j1")[0] == 0
        assert [pid for pid in set(children(os.getpid())) - before if name_of(pid).startswith("grader-")] == []


def test_workers_start_by_themselves_where_a_socket_would_lie_too_deep(course, submit, cli, tmp_path, monkeypatch):
    """A temporary folder may be deeper than the address of a socket is long."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    submit("ada")
    assert cli("autograde", "tiny", "--course", course.root, "-j1")[0] == 0


def test_a_cell_is_compiled_once(session):
    """IPython compiles a cell once more to learn whether it awaits; here one that does says so itself."""
    count = (
        "from IPython.core import interactiveshell as shell\n"
        "asked, old = [], shell._should_be_async\n"
        "shell._should_be_async = lambda cell: asked.append(1) or old(cell)"
    )
    session.run(count, 5, 0)
    session.run("x = 1", 5, 0)
    session.run("import asyncio\nawait asyncio.sleep(0)\nx = 2", 5, 0)
    assert session.run("print(x, len(asked))", 5, 100).outputs[0].text == "2 1\n"


def test_pages_are_nbconverts_and_their_templates_are_compiled_once(monkeypatch):
    """Word for word, pictures' words included; the second page compiles no template."""
    cells = [
        nbformat.v4.new_markdown_cell("# Title\n\n<b>x</b> $a<b$"),
        nbformat.v4.new_code_cell(
            "plot()", outputs=[nbformat.v4.new_output("display_data", data={"image/png": "aGk=", "text/plain": "p"})]
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    made = {}
    for template in ("classic", "lab"):
        theirs = HTMLExporter(template_name=template).from_notebook_node(notebook)[0]
        PageExporter(template_name=template).from_notebook_node(notebook)
        monkeypatch.setattr(Environment, "compile", None)
        ours = PageExporter(template_name=template).from_notebook_node(notebook)[0]
        monkeypatch.undo()
        made[template] = [
            re.sub(r"(?<=id=.)\S+", "", str(BeautifulSoup(page, "html.parser"))) for page in (ours, theirs)
        ]
        assert made[template][0] == made[template][1]
    assert "No description has been provided" in made["classic"][0]


def test_pages_with_other_filters_are_compiled_apart():
    """What a filter takes is part of a compiled template, so courses with filters of their own share none."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])
    own = {"highlight_code": "grader.clean_html.color_code"}
    for filters in (own, {}, own):
        page, _ = PageExporter(template_name="classic", filters=filters).from_notebook_node(notebook)
        assert BeautifulSoup(page, "html.parser").select(".highlight")[0].text.strip() == "x = 1"


def test_a_notebook_is_written_as_jupyter_writes_it():
    """Byte for byte, whatever is in it."""
    path = next(find_sample_class().rglob("*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    output = nbformat.v4.new_output("display_data", data={"text/plain": "a\nb", "text/html": "<b>\u00fc\u2028</b>"})
    notebook.cells.append(nbformat.v4.new_code_cell("x = 1\n\ny = 'ü\\'\n", outputs=[output], execution_count=3))
    notebook.metadata["signature"] = "left out"
    expected = nbformat.writes(copy.deepcopy(notebook)).encode()
    assert write_notebook(notebook) == expected


def test_cases_that_were_read_ahead_are_not_read_again(tmp_path, monkeypatch):
    """A check of the same cases in another folder finds them read; other cases are read as they are."""
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    for folder in ("here", "there"):
        (tmp_path / folder / "public_cases.py").write_text('def of_one(f):\n    """One."""\n    return f(1)\n')
        frozen = {"f": {"expected": {"of_one": 2}, "mistakes": []}}
        (tmp_path / folder / "public_cases.json").write_text(json.dumps(frozen))
    instant.read_ahead(tmp_path / "here")
    read = []
    monkeypatch.setattr(instant.json, "loads", lambda data: read.append(data) or {})

    def f(x):
        return 2 * x

    assert instant.verdict(f, {"f": f}, tmp_path / "there").passed
    assert read == []
    (tmp_path / "there" / "public_cases.json").write_text("{}")
    instant.verdict(f, {"f": f}, tmp_path / "there")
    assert read == [b"{}"]


def test_a_part_does_not_count_what_a_part_inside_it_counts(monkeypatch):
    """Seconds belong to the innermost part, also where it ends in an error, and are told once."""
    clock = iter([0.0, 1.0, 3.0, 10.0])
    monkeypatch.setattr(profiling.time, "perf_counter", lambda: next(clock))
    profiling.taken()
    with pytest.raises(OSError, match="x"), stage(Stage.tests), stage(Stage.starting):
        raise OSError("x")
    assert profiling.taken() == {Stage.tests: 8.0, Stage.starting: 2.0}
    assert profiling.taken() == {}


def test_the_profile_shows_where_the_time_of_a_class_went(course, submit, cli):
    """Every part of grading has a line, and records are the same with it and without."""
    submit("ada")
    submit("bob", double="def double(x):\n    return x * x")
    code, said, _ = cli("autograde", "tiny", "--course", course.root, "-j1", "--profile")
    assert (code, "2 submissions in" in said) == (0, True)
    assert [name for name in Stage if name not in said] == []
    record = json.loads((course.root / ".grader" / "tiny" / "ada.json").read_text())
    assert record["result"]["spent"] == {}
