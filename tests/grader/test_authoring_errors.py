"""An author's slips: each is one line with file, place and next step, the same from release and from verify."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from grader.course import CONFIG

from . import tiny

NOTEBOOK, TOML, CASES = "tiny.ipynb", "assignment.toml", "public_cases.py"
DOUBLE, CENTER = "exercises/double.py", "exercises/center.py"
Break = Callable[[Path], object]


def replaced(name: str, before: str, after: str) -> Break:
    """Change a text in a file of the assignment."""

    def broken(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after), encoding="utf-8")

    return broken


def added(name: str, text: str) -> Break:
    """Add lines at the end of a file, or make it."""

    def broken(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return broken


def setting(text: str) -> Break:
    """Add a setting at the top of assignment.toml, above its tables."""
    return replaced(TOML, 'title = "A tiny assignment"\n', f'title = "A tiny assignment"\n{text}\n')


def limit(text: str) -> Break:
    """Add a limit."""
    return replaced(TOML, "[limits]", f"[limits]\n{text}")


def cell(which: str, source: str | None = None, /, **about: object) -> Break:
    """Change a cell of the notebook: its text, or its nbgrader metadata, of which None is taken out."""

    def broken(folder: Path) -> None:
        notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
        found = tiny.cell_of(notebook, which)
        found.source = found.source if source is None else source
        for name, value in about.items():
            found.metadata.nbgrader[name] = value
            if value is None:
                del found.metadata.nbgrader[name]
        (folder / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")

    return broken


def without(name: str) -> Break:
    """Remove a file."""
    return lambda folder: (folder / name).unlink()


def mistake(arguments: str) -> Break:
    """Add a mistake to the exercise center."""
    return added(CENTER, f"from grader.authoring import slip\nMISTAKES.append({arguments})")


def test_in(name: str, code: str) -> Break:
    """Add a hidden test."""
    return added(name, code)


test_in.__test__ = False  # type: ignore[attr-defined]


# What is broken, how, the file (and line) that is named, and what is said: place, rule, and after it the next step.
ROWS: list[tuple[str, Break, str, str, str]] = [
    # assignment.toml
    ("unknown setting", setting("withold = []"), TOML, "there is no setting 'withold'", "Did you mean withhold?"),
    ("misspelt title", replaced(TOML, "title", "titel"), TOML, "line 2: there is no setting 'titel'", "mean title?"),
    ("no title", replaced(TOML, 'title = "A tiny assignment"', ""), TOML, "'title' is missing", "write title = "),
    ("wrong type", limit('memory_mb = "much"'), TOML, "line 6: limits.memory_mb", "must be a whole number, got 'much'"),
    ("one for a list", setting('all_or_nothing = "test_double"'), TOML, "all_or_nothing", "must be a list in brackets"),
    ("negative limit", replaced(TOML, "= 0.5", "= -1"), TOML, "call_seconds must be more than 0, got -1", "must be"),
    ("no limit", replaced(TOML, "= 0.5", "= nan"), TOML, "call_seconds must be more than 0, got nan", "must be"),
    ("huge limit", limit("memory_mb = 9000000"), TOML, "memory_mb must be at most", "got 9000000"),
    ("unknown limit", limit("cell_secnds = 3"), TOML, "'cell_secnds' in [limits]", "Did you mean cell_seconds?"),
    ("limit above", setting("memory_mb = 512"), TOML, "'memory_mb' belongs below [limits]", "move it there"),
    ("no TOML", setting("withhold ="), TOML, "line 3: this is not TOML: Invalid value", "Mend the line"),
    ("no file", without(TOML), TOML, "does not exist", "needs it for its title and limits"),
    ("unknown all_or_nothing", setting('all_or_nothing = ["test_duble"]'), TOML,
     "'test_duble', which is no graded cell",
     "Did you mean test_double?"),
    ("unknown equivalents", added(TOML, '[[equivalents]]\nexercise = "centr"\nchange = "a"\nwhy = "b"'), TOML,
     "[[equivalents]] names 'centr', which is no exercise", "Did you mean center?"),
    ("equivalents' key", added(TOML, '[[equivalents]]\nexercise = "center"\nchnge = "a"\nwhy = "b"'), TOML,
     "line 12: there is no setting 'chnge' in [[equivalents]] number 1", "Did you mean change?"),
    ("unknown exact", added(TOML, '[[exact]]\nname = "two_numbrs"\nwhy = "Whole."'), TOML,
     "[[exact]] names 'two_numbrs', which is no hidden test or public case", "Did you mean two_numbers?"),
    ("unknown withhold", replaced(TOML, "softmax", "sofmax"), TOML, "withhold names 'sofmax', which nnlib does not",
     "Did you mean softmax?"),
    # cells
    ("points in quotes", cell("test_double", points="4"), NOTEBOOK, "cell test_double: points are a number",
     "without q"),
    ("negative points", cell("test_double", points=-4), NOTEBOOK, "cell test_double: points are", "got -4; set"),
    ("no points", cell("test_center", points=None), NOTEBOOK, "cell test_center: a graded cell needs points", "set "),
    ("no number", cell("test_center", points=float("inf")), NOTEBOOK, "cell test_center: points are", "got inf; set"),
    ("no schema", cell("double", schema_version=None), NOTEBOOK,
     "cell double: its nbgrader metadata are of an older form",
     "run: nbgrader update "),
    ("old schema", cell("center", schema_version=1), NOTEBOOK, "cell center: ", "run: nbgrader update "),
    ("new schema", cell("center", schema_version=9), NOTEBOOK,
     "cell center: its nbgrader metadata have the schema_version",
     "pip install --upgrade nbgrader"),
    ("flag in quotes", cell("center", solution="yes"), NOTEBOOK, "cell center: solution = 'yes'",
     "Set it in JupyterLab"),
    ("id twice", cell("test_center", grade_id="test_double"), NOTEBOOK,
     "test_double: cell number 4 has the same grade_id",
     "give one of them another"),
    ("id with a space", cell("double", grade_id="double it"), NOTEBOOK, "a grade_id has letters", "give it another"),
    ("wrong graded id", cell("test_double", grade_id="tst_double"), NOTEBOOK, "cell tst_double: it has points, and no",
     "Did you mean test_double?"),
    ("wrong solution id", cell("double", grade_id="duble"), NOTEBOOK,
     "cell test_double: it has points, and no exercise",
     "Did you mean test_duble?"),
    ("another function", cell("double", "def twice(x):\n    return 2 * x"), NOTEBOOK,
     "cell double (number 3): its grade_id is the name of the function", "it defines twice; rename one"),
    ("misspelt marker", cell("center",
     "def center(x):\n    ### BEGIN SOLUTON\n    return x - x.mean(axis=0)"), NOTEBOOK,
     "line 2: '### BEGIN SOLUTON' looks like a marker", "write ### BEGIN SOLUTION"),
    ("no end marker", cell("center", "def center(x):\n    ### BEGIN SOLUTION\n    return x - x.mean(axis=0)"), NOTEBOOK,
     "line 2: ### BEGIN SOLUTION", "without ### END SOLUTION"),
    ("marker in no solution", cell("imports", "import numpy as np\n### BEGIN SOLUTION\n### END SOLUTION"), NOTEBOOK,
     "cell 'imports' (number 2), line 2: a solution region", "needs a cell whose nbgrader metadata say solution"),
    ("no Python", cell("double", "def double(x:\n    return 2 * x"), NOTEBOOK, "cell double, line 1",
     "mend the solution"),
    ("reference fails", cell("imports", "import numpy as np\nimport nnlip"), NOTEBOOK,
     "cell imports, line 2: ModuleNotFoundError: No module named 'nnlip'", "Mend the cell"),
    ("wrong reference", cell("double", "def double(x):\n    return 2 * x + 0.25"), NOTEBOOK,
     "cell double: the solution fails test_double_of_numbers: double(x)", "Mend the solution or the test"),
    ("unknown name in check", cell("test_double", "check(duble)"), NOTEBOOK, "cell test_double, line 1: check(duble)",
     "Did you mean double?"),
    ("no public cases", lambda folder: (cell("test_double", "check(double)")(folder), without(CASES)(folder)), NOTEBOOK,
     "cell test_double, line 1: check(double) needs public cases", "write it, or take check out"),
    ("no notebook file", added(NOTEBOOK, "{"), NOTEBOOK, "is not a notebook", "open and save it in JupyterLab"),
    ("no notebook", without(NOTEBOOK), "", "must hold one notebook, got 0", "grader sync 99-tiny"),
    # public cases
    ("case of none", replaced(CASES, "two_numbers(double)", "two_numbers(duble)"), CASES, "two_numbers takes duble",
     "Did you mean double?"),
    ("case of nothing", added(CASES, "def empty():\n    return 1"), CASES, "empty takes nothing",
     "its first parameter"),
    ("case of no Python", added(CASES, "def of("), CASES, "line 20 cannot be loaded: SyntaxError", "never closed"),
    # exercises
    ("file of none", lambda folder: (folder / DOUBLE).rename(folder / "exercises/duble.py"), "exercises/duble.py",
     "the notebook has no exercise duble", "Did you mean double?"),
    ("second file", added("exercises/double_2.py", ""), "exercises/double_2.py", "every exercise has one file",
     "Did you mean double?"),
    ("no exercise's file", without(DOUBLE), "exercises", "test_double, test_center have points but no",
     "write one, such as test_double_of_zeros(student)"),
    ("no test of a cell", replaced(DOUBLE, "test_center", "test_double_and_center"), "exercises",
     "test_center has points",
     "take the points away, or"),
    ("test of no cell", test_in(DOUBLE, "def test_duble_it(student):\n    '''Twice.'''"), DOUBLE,
     "test_duble_it belongs to no graded cell", "Did you mean test_double?"),
    ("test's parameters", test_in(DOUBLE, "def test_double_it(studnt):\n    '''Twice.'''"), DOUBLE,
     "test_double_it takes studnt", "takes student and, if it needs randomness, rng"),
    ("test without docstring", test_in(CENTER, "def test_center_it(student):\n    pass"), CENTER,
     "test_center_it has no docstring", "say in a sentence what must hold"),
    ("test twice", test_in(CENTER, "def test_double_of_numbers(student):\n    '''Twice.'''"), CENTER,
     "there is another hidden test test_double_of_numbers", "rename one"),
    ("test in common", test_in("exercises/common.py", "def test_double_it(student):\n    '''Twice.'''"),
     "exercises/common.py", "test_double_it counts for no exercise here", "move it into the file"),
    ("variant in common", added("exercises/common.py",
     "from grader.authoring import variant\n@variant\ndef by_x(x): 0"),
     "exercises/common.py", "by_x counts for no exercise here", "move it into the file"),
    ("no weight", replaced(DOUBLE, "@weight(2)", "@weight(0)"), DOUBLE,
     "line 21 cannot be loaded: ValueError: The weight",
     "must be positive, got 0; delete the test instead.\n"),
    ("mistake without hint", mistake("mistake('Odd.', {'x.mean': 'x.max'})"), CENTER, "A mistake has a hint",
     "its second argument, a sentence in quotes"),
    ("empty hint", mistake("mistake('Odd.', ' ', {'x.mean': 'x.max'})"), CENTER, "A mistake has a hint", "got ' '"),
    ("mistake without form", mistake("mistake('Odd.', 'No.')"), CENTER, "'Odd.' has no form", "give edits"),
    ("edit that does not fit", mistake("mistake('Odd.', 'No.', {'x.min': 'x.max'})"), CENTER,
     "mistake 'Odd.': 'x.min' stands 0 times", "Fix the edit"),
    ("edit of two places", mistake("mistake('Odd.', 'No.', {'x': 'y'})"), CENTER, "stands 4 times", "Fix the edit"),
    ("edit of nothing", mistake("mistake('Odd.', 'No.', {'x.mean': 'x.mean'})"), CENTER, "changes nothing",
     "write what a wrong solution has there"),
    ("edit of no Python", mistake("mistake('Odd.', 'No.', {'x.mean': 'x.('})"), CENTER,
     "mistake 'Odd.': the edited solution cannot be run", "Mend the edit"),
    ("mistake of an unknown variant", mistake("mistake('Odd.', 'No.', {'x': 'y'}, of=by_hnd)"), CENTER,
     "cannot be loaded: NameError: name 'by_hnd' is not defined", "Did you mean by_hand"),
    ("unknown slip", mistake("slip('ronded')"), CENTER, "No slip is called 'ronded'", "Did you mean rounded?"),
    ("changes an unknown parameter", replaced(CENTER, '{"x"}', '{"y"}'), CENTER, "CHANGES names y", "center takes x"),
    ("no Python in an exercise", added(CENTER, "def of("), CENTER, "cannot be loaded: SyntaxError", "never closed"),
    ("file of the earlier form", added("variants.py", ""), "variants.py", "is not read any more", "Move what it holds"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The tiny assignment as a course's own, in which one stands."""
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    (tmp_path / "submitted").mkdir()
    monkeypatch.chdir(tmp_path)
    made = tiny.write(tmp_path / "source" / "99-tiny")
    replaced(CENTER, "from grader.authoring import mistake", "from grader.authoring import mistake\nby_hand = None")(
        made
    )
    return made


@pytest.mark.parametrize(("broken", "where", "says", "step"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_slip_is_one_line_the_same_from_release_and_verify(folder, cli, broken, where, says, step):
    """It names file, place, rule and next step; nothing is a traceback, and nothing was released."""
    broken(folder)
    code, out, error = cli("release", "99")
    assert (code, out) == (1, "")
    told = error.removeprefix("grader: ")
    assert told.startswith(str(folder / where))
    assert says in told
    assert step in told.split(says[:12], 1)[1]
    assert told.count("\n") == 1
    assert not re.search(r"Traceback|\.\.\n|: None|^grader: .*grader:", error)
    assert len(told) - len(str(folder)) < 400
    assert not (folder.parents[1] / "release" / "99-tiny").exists()
    code, out, error = cli("verify", "99", "--quick")
    assert (code, error) == (1, f"99-tiny: {told}")


def test_nothing_is_told_of_a_sound_assignment(folder, cli):
    """The assignment that the rows break is released."""
    assert cli("release", "99")[0] == 0


def test_verify_tells_all_slips_of_a_kind(folder, cli):
    """release names the first and says how to see the others."""
    setting('all_or_nothing = ["test_duble", "test_cnter"]')(folder)
    assert "2 more" not in cli("release", "99")[2]
    assert "(1 more: grader verify 99-tiny --quick)" in cli("release", "99")[2]
    assert len(cli("verify", "99", "--quick")[2].splitlines()) == 2
