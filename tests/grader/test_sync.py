"""Notebooks and their scripts: ids that stay, differences that are found, execution that is checked."""

import nbformat
import pytest
from typer.testing import CliRunner

from grader import sync
from grader.cli import app
from grader.errors import GraderError

SCRIPT = """# %% [markdown]
# # Title

# %%
x = 1

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "double", "solution": true}
def double(x):
    return 2 * x

# %%
x = 1

# %%
print(double(x))
"""


@pytest.fixture
def script(tmp_path):
    """A percent script in a folder of assignments."""
    folder = tmp_path / "notebooks" / "01-small"
    folder.mkdir(parents=True)
    (folder / "small.py").write_text(SCRIPT)
    return folder / "small.py"


@pytest.fixture
def written(script):
    """The script with its executed notebook beside it."""
    notebook = sync.execute(sync.notebook_from_script(script), script.parent)
    nbformat.write(notebook, script.with_suffix(".ipynb"))
    return script


def test_scripts_are_found_without_the_public_cases(script):
    """public_cases.py is no notebook's script."""
    script.with_name("public_cases.py").write_text("")
    assert sync.scripts(script.parent.parent) == [script]


def test_cell_ids_stay_the_same(script):
    """Reading a script twice gives the same ids: grade_ids where there are, all different."""
    first, second = (sync.notebook_from_script(script) for _ in range(2))
    ids = [cell.id for cell in first.cells]
    assert ids == [cell.id for cell in second.cells]
    assert len(set(ids)) == len(ids) == 5
    assert "double" in ids
    nbformat.validate(first)


def test_executed_twin_has_no_problem(written):
    """A notebook just written from its script agrees with it and holds the outputs."""
    assert sync.problems(written) == []
    notebook = nbformat.read(written.with_suffix(".ipynb"), as_version=4)
    assert notebook.cells[-1].outputs[0].text == "2\n"
    assert all("execution" not in cell.metadata for cell in notebook.cells)  # times would change at every run


def change(path, edit):
    """Change a notebook file."""
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    nbformat.write(notebook, path)


def test_stale_notebooks_are_named(written):
    """A missing, differing, unexecuted or failing notebook is named as that."""
    path = written.with_suffix(".ipynb")
    good = path.read_text()

    def problem(edit):
        path.write_text(good)
        change(path, edit)
        return sync.problems(written)

    def fail(notebook):
        notebook.cells[-1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]

    assert problem(lambda n: n.cells[1].update(source="x = 2")) == ["small.ipynb differs from small.py"]
    assert problem(lambda n: n.cells[2].metadata.nbgrader.update(points=9)) == ["small.ipynb differs from small.py"]
    assert problem(lambda n: n.cells.pop()) == ["small.ipynb differs from small.py"]
    assert problem(lambda n: n.cells[1].update(execution_count=None)) == ["small.ipynb was not executed"]
    assert problem(fail) == ["small.ipynb ended in an error"]
    path.unlink()
    assert sync.problems(written) == ["small.ipynb does not exist"]


@pytest.fixture
def command(script, monkeypatch):
    """Run ``grader sync`` with the one script there is; return the exit code and all that was printed."""
    monkeypatch.setattr(sync, "NOTEBOOKS", script.parent.parent)

    def run(*arguments):
        result = CliRunner().invoke(app, ["sync", *arguments])
        error = result.exception if isinstance(result.exception, GraderError) else ""
        return result.exit_code, f"{result.output}{error}"

    return run


def test_command_writes_what_is_stale_and_check_writes_nothing(script, command):
    """--check names a stale notebook, exits 1 and writes nothing; without it the notebook is written."""
    code, said = command("--check")
    assert (code, "small.ipynb does not exist; run: grader sync 01-small" in said) == (1, True)
    assert not script.with_suffix(".ipynb").exists()
    assert command()[0] == 0
    assert sync.problems(script) == []
    before = script.with_suffix(".ipynb").stat().st_mtime_ns
    assert command() == (0, "1 notebook agrees with its script and is executed.\n")
    assert script.with_suffix(".ipynb").stat().st_mtime_ns == before
    assert command("--check")[0] == 0
    assert command("99-nothing") == (1, "No assignment is called '99-nothing'. Available: 01-small.")


def test_cases_are_frozen_alone(script, command, monkeypatch):
    """--cases freezes the public cases of every assignment that has some, and executes nothing."""
    frozen = []
    monkeypatch.setattr(sync, "refreshed", lambda assignment: frozen.append(assignment.name))
    assert command("--cases")[0] == 0
    assert frozen == []
    script.with_name("public_cases.py").write_text("")
    assert command("--cases")[0] == 0
    assert frozen == ["01-small"]
    assert not script.with_suffix(".ipynb").exists()


def test_spoiled_metadata_is_named_with_its_line(script, command):
    """A cell whose metadata is not JSON stops the sync: as a plain cell it would lose its points in silence."""
    script.write_text(SCRIPT.replace('"solution": true', '"solution": True'))
    with pytest.raises(sync.ScriptError, match=r"small\.py, line 7: this cell's metadata is not JSON"):
        sync.notebook_from_script(script)
    code, said = command()
    assert (code, "line 7" in said) == (1, True)
