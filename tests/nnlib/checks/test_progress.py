"""What passes its check is kept in the student's own library, and counted over the course."""

import io
import json
import linecache
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import nnlib
from nnlib.checks import progress as progress_command
from nnlib.checks import use_my_nnlib
from nnlib.checks.progress import AUTHORS, as_table, keep

TEXT = """import numpy as np
import nnlib
from nnlib import softmax
SCALE = 2.0
TABLE = np.zeros(3)
def helper(x):
    return np.exp(x) * SCALE
def sigmoid(z):
    return 1 / (1 + helper(-z) / SCALE) + 0 * len([softmax for _ in ()])
def relu(z):
    return np.maximum(z, 0)
"""


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A notebook's namespace in a release's folder, with a kernel."""
    ipython = pytest.importorskip("IPython")
    monkeypatch.setattr(ipython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    folder = tmp_path / "01-activations"
    folder.mkdir()
    linecache.cache["<cell>"] = (len(TEXT), None, TEXT.splitlines(True), "<cell>")
    scope = {"__name__": "__main__"}
    exec(compile(TEXT, "<cell>", "exec"), scope)
    monkeypatch.chdir(folder)
    return SimpleNamespace(scope=scope, folder=folder, exercises=["sigmoid", "relu", "elu"])


def passes(notebook, name):
    return keep(name, notebook.scope[name], notebook.exercises, notebook.scope, notebook.folder)


def test_what_passed_can_be_imported_with_all_that_it_needs(notebook, tmp_path):
    """Imports, constants and helpers of the notebook come along, and the functions give what they gave."""
    assert passes(notebook, "sigmoid") == "1 of this notebook's 3 exercises pass."
    assert passes(notebook, "relu") == "2 of this notebook's 3 exercises pass."
    code = "from my_nnlib import sigmoid, relu; print(sigmoid(0.0), relu(-1.0))"
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{nnlib.__path__[0]}/.."}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.split() == ["0.5", "0.0"]
    assert (tmp_path / "my_nnlib" / "activations.py").read_text(encoding="utf-8").count("def helper") == 1
    assert {path.name for path in (tmp_path / "my_nnlib").iterdir()} == {
        *("__init__.py", "activations.py", "progress.json"),
    }


def test_where_an_author_works_progress_says_what_students_see(tmp_path):
    """A notebook that comes with its outputs shows no one's progress."""
    (tmp_path / AUTHORS).touch()
    assert as_table(tmp_path) == "In your own copy this shows one line for each assignment you have begun."


def test_progress_counts_over_the_assignments_and_names_the_next_exercise(notebook, capsys):
    """One line an assignment: how many of how many, and what comes next."""
    assert "Nothing has passed yet" in as_table(notebook.folder)
    passes(notebook, "relu")
    other = notebook.folder.parent / "02-softmax"
    other.mkdir()
    keep("relu", notebook.scope["relu"], ["relu"], notebook.scope, other)
    progress_command()
    first, second, total = capsys.readouterr().out.splitlines()
    assert first.split()[:4] == ["01-activations", "1", "of", "3"]
    assert first.endswith("next: sigmoid")
    assert second.endswith("all done")
    assert total == "my_nnlib, in the folder above, has 2 functions of your own."


def test_a_terminal_without_blocks_gets_other_marks(notebook, monkeypatch):
    """progress() ends in no error where the terminal's encoding has ASCII only."""
    passes(notebook, "relu")
    said = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", said)
    progress_command()
    said.flush()
    assert b" 1 of 3   #######  " in said.buffer.getvalue()


def test_a_broken_file_is_begun_anew(notebook):
    """A half-written file costs what was in it, and no check."""
    place = notebook.folder.parent / "my_nnlib"
    place.mkdir()
    (place / "progress.json").write_text("{", encoding="utf-8")
    assert passes(notebook, "relu") == "1 of this notebook's 3 exercises pass."
    assert json.loads((place / "progress.json").read_text(encoding="utf-8"))["01-activations"]["passed"].keys() == {
        "relu"
    }


def test_nothing_is_kept_of_an_author_or_outside_of_a_notebook(notebook, monkeypatch):
    """Where assignment.toml lies, in a grader's course, and without a kernel, as in grading, no file is written."""
    (notebook.folder / "assignment.toml").write_text("", encoding="utf-8")
    assert passes(notebook, "relu") == ""
    (notebook.folder / "assignment.toml").unlink()
    (notebook.folder.parent / "nbgrader_config.py").write_text("", encoding="utf-8")
    assert passes(notebook, "relu") == ""
    (notebook.folder.parent / "nbgrader_config.py").unlink()
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: None)
    assert passes(notebook, "relu") == ""
    assert not (notebook.folder.parent / "my_nnlib").exists()


def test_a_function_that_uses_a_method_of_an_object_is_kept_as_far_as_it_can_be(notebook, tmp_path):
    """A bound method has no module to be imported from; the function's own text is kept."""
    text = "def relu(z):\n    return draw(z)\n"
    linecache.cache["<other>"] = (len(text), None, text.splitlines(True), "<other>")
    scope = {"__name__": "__main__", "draw": np.random.default_rng(0).normal}
    exec(compile(text, "<other>", "exec"), scope)
    assert keep("relu", scope["relu"], ["relu"], scope, notebook.folder) == "1 of this notebook's 1 exercises pass."


def test_a_function_without_a_text_passes_and_is_not_kept(notebook):
    """One that NumPy made has nothing to be copied."""
    assert keep("relu", np.positive, ["relu"], notebook.scope, notebook.folder) == ""


def test_the_library_is_put_beside_the_notebook_that_uses_it(notebook, capsys):
    """The capstone hands in what it imports; before anything passed, a line says where it would come from."""
    use_my_nnlib()
    assert "There is no my_nnlib yet" in capsys.readouterr().out
    passes(notebook, "relu")
    use_my_nnlib()
    assert "my_nnlib has 1 function: relu." in capsys.readouterr().out
    assert (notebook.folder / "my_nnlib" / "activations.py").is_file()


@pytest.mark.parametrize("around", ["01-activations", "01-activations (1)", "01-activations-2"])
def test_a_zip_unpacked_into_a_folder_of_its_name_shares_the_course(notebook, around):
    """What Windows' Extract All unpacked one folder deeper is kept with the other assignments' work."""
    deeper = notebook.folder.parent / around / "01-activations"
    deeper.mkdir(parents=True)
    keep("relu", notebook.scope["relu"], notebook.exercises, notebook.scope, deeper)
    assert "next: sigmoid" in as_table(notebook.folder)
    assert as_table(deeper) == as_table(notebook.folder)


def test_a_folder_that_only_begins_alike_is_the_course(notebook):
    """An assignment called like the beginning of its course's folder is kept in that folder."""
    folder = notebook.folder.parent / "01-activations-course" / "01-activations"
    folder.mkdir(parents=True)
    keep("relu", notebook.scope["relu"], notebook.exercises, notebook.scope, folder)
    assert (folder.parent / "my_nnlib" / "progress.json").is_file()
