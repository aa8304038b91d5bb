"""A course of one's own: packages that it declares, its own library and files, and no nnlib where none is used."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import grader
from grader.batch import autograde
from grader.course import CONFIG, Course
from grader.errors import AssignmentError
from grader.feedback import feedback
from grader.release import release
from grader.sandbox import environment
from grader.sandbox.limits import Imports
from grader.sandbox.session import Session
from grader.sandbox.warm import IsolationError, WarmProcess

from . import tiny
from .attacking import text_of

IMPORTS = """import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from birdlib import doubled
birds = pd.read_csv("birds.csv")"""
CELLS = {
    "mean_mass": "def mean_mass(frame):\n" + tiny.solution("return frame.groupby('species')['mass'].mean()"),
    "test_mean_mass": "assert mean_mass(birds)['A'] == 2",
    "fitted": "def fitted(X, y):\n" + tiny.solution("return LogisticRegression().fit(X, y).predict(doubled(X))"),
    "test_fitted": "assert len(fitted(np.arange(6.0)[:, None], np.array([0, 0, 0, 1, 1, 1]))) == 6",
}
MEAN_MASS = '''
import pandas as pd
from grader.authoring import mistake
from birdlib import doubled

MISTAKES = [mistake("The masses are added.", "A mean divides.", {".mean()": ".sum()"})]


def test_mean_mass_of_two_species(student):
    """Each species has the mean of its masses."""
    frame = pd.DataFrame({"species": ["A", "B", "A"], "mass": doubled([1.0, 5.0, 3.0])[:3]})
    expected = pd.Series([2.0, 5.0], index=pd.Index(["A", "B"], name="species"), name="mass")
    pd.testing.assert_series_equal(student.mean_mass(frame), expected)
'''
FITTED = '''
import numpy as np


def test_fitted_finds_the_border(student):
    """Two groups far apart are told apart."""
    X = np.array([[0.0], [1.0], [10.0], [11.0]])
    assert student.fitted(X, np.array([0, 0, 1, 1])).tolist() == [0, 0, 1, 1]
'''
SETTINGS = 'title = "Birds"\n\n[sandbox]\npackages = ["pandas", "scikit-learn"]\nwarm = ["pandas"]\n'


@pytest.fixture
def birds(tmp_path):
    """A course folder far from the project, with an assignment about birds."""
    pytest.importorskip("pandas")
    pytest.importorskip("sklearn")
    course = tmp_path / "ornithology"
    folder = course / "source" / "birds"
    (folder / "exercises").mkdir(parents=True)
    cells = [new_code_cell(IMPORTS, metadata=tiny.about("imports", locked=True))]
    for name, text in CELLS.items():
        is_test = name.startswith("test_")
        flags = {"grade": True, "locked": True, "points": 3} if is_test else {"solution": True}
        cells.append(new_code_cell(text, metadata=tiny.about(name, **flags)))
    nbformat.write(new_notebook(cells=cells), folder / "birds.ipynb")  # without a kernel, as jupytext leaves it
    (folder / "assignment.toml").write_text(SETTINGS)
    (folder / "birds.csv").write_text("species,mass\nA,1.0\nA,3.0\nB,5.0\n")
    (folder / "birdlib.py").write_text("def doubled(x):\n    return 2 * x\n")
    (folder / "README.md").write_text("# Our own words\n")
    (folder / "exercises" / "mean_mass.py").write_text(MEAN_MASS)
    (folder / "exercises" / "fitted.py").write_text(FITTED)
    return Course.init(course), folder


def hand_in(course, student, change=("", ""), **files):
    """Hand in the released notebook with the solutions in it, after a change."""
    notebook = nbformat.read(course.path("release", ".", "birds") / "birds.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = CELLS[cell.metadata.nbgrader.grade_id].replace(*change)
    folder = course.path("submitted", student, "birds")
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "birds.ipynb")
    for name, text in files.items():
        (folder / name.replace("_py", ".py")).write_text(text)


def test_a_course_with_pandas_and_a_library_of_its_own_goes_to_feedback(birds):
    """Released, handed in, graded and told: tables travel, the course's module counts, a mistake has its name."""
    course, _ = birds
    made = release("birds", course)
    names = sorted(path.name for path in made.folder.iterdir())
    assert names == ["README.md", "birdlib.py", "birds.csv", "birds.ipynb", "requirements.txt"]
    assert (made.folder / "README.md").read_text() == "# Our own words\n"
    requirements = (made.folder / "requirements.txt").read_text()
    assert "pandas>=" in requirements
    assert "scikit-learn>=" in requirements
    hand_in(course, "ada", birdlib_py="def doubled(x):\n    return 0 * x\n")
    hand_in(course, "bob", (".mean()", ".sum()"))
    results = {result.student: result for result in autograde("birds", course, jobs=1).results}
    assert {name: result.score for name, result in results.items()} == {"ada": 6.0, "bob": 3.0}
    assert [found.says for cell in results["bob"].cells for found in cell.diagnosis] == ["The masses are added."]
    assert results["bob"].repairs == []  # the source had no kernel; that is not the student's business
    assert feedback("birds", course) == {}
    assert "The masses are added." in (course.root / "feedback" / "bob" / "birds" / "birds.html").read_text()


def test_a_package_that_is_not_installed_is_one_line(birds):
    """The author is told before anything is released: the file, the name, and what comes near it."""
    course, folder = birds
    (folder / "assignment.toml").write_text(SETTINGS.replace('"pandas"', '"panda"', 1))
    with pytest.raises(
        AssignmentError, match=r"packages names panda, which is not installed here\. Did you mean pandas\?$"
    ):
        release("birds", course)
    assert not course.path("release", ".", "birds").exists()


def test_a_module_to_be_warm_that_fails_is_told(tmp_path):
    """A name in [sandbox] warm that cannot be imported stops grading with the reason."""
    with pytest.raises(IsolationError, match=r"import no_such_module.*fails with ModuleNotFoundError"):
        WarmProcess(None, imports=Imports(warm=["no_such_module"]))


def test_what_is_not_declared_cannot_be_imported_and_what_is_can():
    """The error says what there is."""
    pytest.importorskip("pandas")
    with WarmProcess(None, imports=Imports(["pandas"])) as warm, Session(warm) as session:
        assert session.run("import pandas; print(pandas.Series([1, 2]).sum())", 20, 10_000).error is None
        told = text_of(session.run("import nbformat", 20, 10_000))
    assert "assignments run with NumPy, matplotlib, pandas and the standard library" in told


def test_a_warm_torch_computes_gradients_and_arrays_travel():
    """A class's processes come from one that has torch loaded; what a function returns as an array is one here."""
    pytest.importorskip("torch")
    source = (
        "import torch\ndef slope(x):\n    x = torch.tensor(x, requires_grad=True)\n    (x @ x).backward()\n"
        "    return x.grad.numpy()\ndef tensor(x):\n    return torch.tensor(x)"
    )
    with WarmProcess(None, imports=Imports(["torch"], ["torch"])) as warm, Session(warm) as session:
        assert session.run(source, 60, 10_000).error is None
        assert session.call("slope", ([1.0, 2.0],), {}, 20.0).tolist() == [2.0, 4.0]
        assert session.call("tensor", ([1.0, 2.0],), {}, 20.0).type_name == "Tensor"


SECRETS = f"""
import os
def attack(what, *args):
    try:
        print("READ", what(*args))
    except Exception as error:
        print(type(error).__name__)
attack(open, {str(Path(grader.__file__))!r})
attack(os.listdir, {str(Path(grader.__file__).parent)!r})
attack(os.listdir, {str(Path(grader.__file__).parents[1] / "notebooks")!r})
attack(os.listdir, {str(Path(grader.__file__).parents[1] / "nnlib")!r})
attack(__import__, "grader.hidden")
attack(__import__, "nnlib.losses")
"""


def test_the_whole_environment_does_not_hold_the_grader():
    """With packages = "all" code may import what is installed, and neither the grader, solutions nor nnlib."""
    with WarmProcess(None, imports=Imports("all")) as warm, Session(warm) as session:
        assert "fine" in text_of(session.run("import msgspec, nbformat; print('fine')", 20, 10_000))
        told = text_of(session.run(SECRETS, 20, 10_000))
    assert "READ" not in told
    assert told.count("Error") == 6
    assert not {"grader", "nnlib"} & {Path(path).name for path in environment.readable(None)}


def test_a_table_that_contradicts_itself_is_refused():
    """What a student's process sends as a table is checked as everything else."""
    pytest.importorskip("pandas")
    from grader.sandbox.channel import ChannelError
    from grader.sandbox.messages import Items, Table
    from grader.sandbox.plain import decode

    broken = Table(Items(["a", "b"]), Items([Items([1, 2]), Items([1, 2, 3])]), Items([0, 1]), Items([None]))
    with pytest.raises(ChannelError, match="a table that cannot be one"):
        decode(broken, lambda _: None)


@pytest.mark.parametrize(
    "made",
    [
        "pd.DataFrame({'a': [1, 2], 'b': ['x', None]}, index=[3, 5])",
        "pd.DataFrame({'a': [1.5, np.nan], 'a b': [True, False]})",
        "pd.Series([1.0, 2.0], index=pd.MultiIndex.from_tuples([('a', 1), ('b', 2)], names=['p', 'q']), name='s')",
        "pd.Series(['x', 'y'], index=['k', 'l'])",
        "pd.DataFrame({'a': []})",
    ],
)
def test_a_table_comes_back_as_it_went(made):
    """Labels, columns, index and names of a table survive the way to the student's process and back."""
    pd = pytest.importorskip("pandas")
    import numpy as np

    table = eval(made, {"pd": pd, "np": np})
    with WarmProcess(None, imports=Imports(["pandas"])) as warm, Session(warm) as session:
        session.run("def same(table):\n    return table.copy()", 20, 10_000)
        returned = session.call("same", (table,), {}, 20.0)
    check = pd.testing.assert_frame_equal if table.ndim == 2 else pd.testing.assert_series_equal
    check(returned, table, check_index_type=False)


def test_the_record_of_a_run_is_json(birds):
    """The verdict on work with tables is written as every other."""
    course, _ = birds
    release("birds", course)
    hand_in(course, "ada")
    autograde("birds", course, jobs=1)
    record = json.loads((course.root / ".grader" / "birds" / "ada.json").read_text())
    assert sum(cell["score"] for cell in record["result"]["cells"]) == 6.0


def test_an_outside_course_goes_from_grader_new_to_feedback(tmp_path, monkeypatch, cli):
    """With its own library on pandas: started, proved fair, released, graded, and the mistake named on the page."""
    pytest.importorskip("pandas")
    root = tmp_path / "elsewhere"
    (root / "source").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    monkeypatch.chdir(root)
    assert cli("new", "14-row-shares")[0] == 0
    folder = root / "source" / "14-row-shares"
    with (folder / "assignment.toml").open("a") as settings:
        settings.write('\n[sandbox]\npackages = ["pandas"]\n')
    library = "import pandas as pd\n\n\ndef totals(x):\n    return pd.DataFrame(x).sum(axis=1).to_numpy()[:, None]\n"
    (folder / "rowlib.py").write_text(library)
    exercise = folder / "exercises" / "row_shares.py"
    kept = exercise.read_text().split("MISTAKES = ")[0]
    says = "Each entry is divided by the total of all."
    exercise.write_text(f'{kept}MISTAKES = [mistake("{says}", "Add up a row.", {{"totals(x)": "x.sum()"}})]\n')
    notebook = nbformat.read(folder / "row-shares.ipynb", as_version=4)
    tiny.cell_of(notebook, "imports").source += "\nfrom rowlib import totals"
    solution = tiny.cell_of(notebook, "row_shares")
    solution.source = "def row_shares(x):\n" + tiny.solution("return x / totals(x)")
    nbformat.write(notebook, folder / "row-shares.ipynb")
    code, _, problems = cli("verify", "14", "--quick")
    assert (code, problems) == (0, "")
    assert cli("release", "14")[0] == 0
    for student, text in {"ada": "x / totals(x)", "bob": "x / x.sum()"}.items():
        handed_in = nbformat.read(root / "release" / "14-row-shares" / "row-shares.ipynb", as_version=4)
        tiny.cell_of(handed_in, "row_shares").source = f"def row_shares(x):\n    return {text}"
        (root / "submitted" / student / "14-row-shares").mkdir(parents=True)
        nbformat.write(handed_in, root / "submitted" / student / "14-row-shares" / "row-shares.ipynb")
    results = {result.student: result for result in autograde("14", Course(root), jobs=1).results}
    assert results["ada"].score == results["ada"].points
    assert [found.says for cell in results["bob"].cells for found in cell.diagnosis] == [says]
    assert cli("feedback", "14")[0] == 0
    assert says in (root / "feedback" / "bob" / "14-row-shares" / "row-shares.html").read_text()
