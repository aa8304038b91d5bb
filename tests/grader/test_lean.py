"""What costs every start or every submission is loaded, read and written once, and only where it is used."""

import copy
import json
import subprocess
import sys

import nbformat
import pytest

from grader import profiling
from grader.demo import find_sample_class
from grader.profiling import Stage, stage
from grader.reading import write_notebook
from nnlib.checks import instant

HEAVY = ("nbgrader", "sqlalchemy", "nbconvert", "nbformat", "numpy")


@pytest.mark.parametrize(
    ("code", "without"),
    [
        ("from grader.__main__ import main; sys.argv = ['grader', '--help']; main()", HEAVY),
        ("import grader.pool", HEAVY[:3]),
    ],
    ids=["the help", "a worker"],
)
def test_what_is_not_used_is_not_loaded(code, without):
    """Help needs no database and no notebooks; a worker that grades needs nothing of nbgrader's."""
    script = f"import sys\ntry:\n    {code}\nfinally:\n    print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert "grader" in loaded
    assert not set(without) & set(loaded)


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
