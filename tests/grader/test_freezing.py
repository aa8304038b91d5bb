"""Frozen public cases: what students' instant checks compare with is made from the solutions and the mistakes."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from grader.assignment import Assignment
from grader.engine import Engine
from grader.errors import AssignmentError
from grader.freezing import frozen_cases, public_cases, refreshed, refusal
from grader.reference import reference_namespace
from grader.release import release
from grader.released import released_notebook
from grader.student_edition import build_student_edition

from . import tiny

HARD_CODED = """
def double(x):
    known = {(2.0, 5.0): [4.0, 10.0], (1.0, -3.0): [2.0, -6.0]}
    return np.array(known[tuple(np.ravel(x))]).reshape(np.shape(x))
"""


@pytest.fixture
def write(tmp_path):
    """Write the tiny assignment with other files and return it."""
    return lambda **files: Assignment(tiny.write(tmp_path / "tiny", **files))


def mistakes(solution="2 * x", **forms):
    """The text of an exercise's file with these mistakes in place of the solution."""
    listed = ", ".join(f"mistake({name!r}, 'Rest.', {{{solution!r}: {code!r}}})" for name, code in forms.items())
    return f"from grader.authoring import mistake\nMISTAKES = [{listed}]\n"


def test_solutions_and_mistakes_are_frozen_without_names(assignment):
    """Each exercise has what its solution returns and what each mistake returns where it differs."""
    text = frozen_cases(assignment)
    frozen = json.loads(text)
    assert frozen["double"]["expected"]["two_numbers"]["array"] == [4.0, 10.0]
    (squares,) = frozen["double"]["mistakes"]
    assert squares["says"] == "The number is squared instead of doubled."
    assert squares["outcomes"]["two_numbers"]["value"]["array"] == [4.0, 25.0]


def test_hints_are_frozen_in_order(write):
    """What an exercise lists under HINTS reaches the student's ``hint``; one without any has none."""
    frozen = json.loads(frozen_cases(write(double='HINTS = ("Twice?", "What is 3 + 3?")\n')))
    assert frozen["double"]["hints"] == ["Twice?", "What is 3 + 3?"]


def test_hints_that_are_no_list_of_texts_are_the_authors_fault(write):
    """A text without brackets would be a hint of one letter."""
    with pytest.raises(AssignmentError, match="HINTS is no list"):
        frozen_cases(write(double='HINTS = "Twice?"\n'))


def test_the_file_is_made_anew_where_something_changed(write):
    """A missing file is written, one that fits its sources is read, and one that does not is replaced."""
    assignment = write()
    path = assignment.folder / "public_cases.json"
    assert not path.exists()
    assert refreshed(assignment) == path.read_text(encoding="utf-8") == frozen_cases(assignment)
    path.write_text(path.read_text(encoding="utf-8").replace("10.0", "10.5"), encoding="utf-8")
    assert "10.5" in refreshed(assignment)  # it says what it was made from, and is not computed again
    for name in ("public_cases.py", "exercises/double.py", "assignment.toml"):
        source = assignment.folder / name
        source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        before = path.read_bytes()
        assert refreshed(Assignment(assignment.folder)) == path.read_text(encoding="utf-8")
        assert path.read_bytes() != before
    path.write_text("{", encoding="utf-8")
    assert refreshed(assignment) == path.read_text(encoding="utf-8") != "{"


def test_a_changed_solution_is_frozen_anew(write):
    """The frozen results are those of the notebook's solutions as they are now."""
    assignment = write()
    refreshed(assignment)
    notebook = tiny.source_notebook()
    tiny.cell_of(notebook, "center").source = "def center(x):\n    return x - x.mean(axis=0) + 0.0"
    nbformat.write(notebook, assignment.folder / "tiny.ipynb")
    before = (assignment.folder / "public_cases.json").read_text(encoding="utf-8")
    assert json.loads(refreshed(Assignment(assignment.folder)))["made_from"] != json.loads(before)["made_from"]


def test_another_nnlib_freezes_anew_wherever_it_is_installed(write, monkeypatch, tmp_path):
    """The packages count also where a folder above them is called course, as the one inside the wheel is."""
    installed = tmp_path / "course" / "nnlib"
    installed.mkdir(parents=True)
    (installed / "__init__.py").write_text("")
    monkeypatch.setattr("nnlib.__file__", str(installed / "__init__.py"))
    assignment = write()
    before = json.loads(refreshed(assignment))["made_from"]
    (installed / "__init__.py").write_text("changed = True")
    assert json.loads(refreshed(assignment))["made_from"] != before


def test_a_folder_that_cannot_be_written_to_is_left_as_it_is(write, monkeypatch):
    """An installed course may belong to somebody else; its cases are frozen all the same."""
    assignment = write()

    def refused(*_):
        raise PermissionError

    monkeypatch.setattr("grader.freezing.write_atomically", refused)
    assert json.loads(refreshed(assignment))["double"]["expected"]
    assert not (assignment.folder / "public_cases.json").exists()


def test_a_case_that_the_solution_fails_is_the_authors_fault(write, tmp_path):
    """The message names the file, the case and what happened."""
    assignment = write()
    (assignment.folder / "public_cases.py").write_text("def broken(double):\n    return double('a', 'b')\n")
    with pytest.raises(AssignmentError, match=r"public_cases.py: the solution fails broken: double raised TypeError"):
        frozen_cases(assignment)
    (assignment.folder / "public_cases.py").write_text("def odd(nothing_here):\n    return 1\n")
    with pytest.raises(AssignmentError, match="odd takes nothing_here, which is no function of the notebook"):
        frozen_cases(assignment)
    (assignment.folder / "public_cases.py").write_text("def odd(double):\n    return object()\n")
    with pytest.raises(AssignmentError, match="odd: Only plain data can be frozen"):
        frozen_cases(assignment)
    (assignment.folder / "public_cases.py").write_text("def (\n")
    with pytest.raises(AssignmentError, match="cannot be loaded: SyntaxError"):
        frozen_cases(assignment)


def test_mistakes_that_draw_afresh_each_time_are_left_out(write):
    """What cannot come twice cannot be recognised, and would make the file differ at every freezing."""
    noise = "2 * x + np.random.{}normal(size=np.shape(x))"
    assignment = write(double=mistakes(Noise=noise.format("default_rng()."), Global=noise.format("")))
    told = [mistake["says"] for mistake in json.loads(frozen_cases(assignment))["double"]["mistakes"]]
    assert told == ["Global"]
    assert frozen_cases(assignment) == frozen_cases(assignment)


ANY_VECTOR = """
import numpy as np


def steady(double):
    return double(np.array([2.0, 5.0]))


def any_vector(double):
    return np.linalg.eigh(np.diag(double(np.array([2.0, 2.0]))))[1]
"""


def test_what_round_off_decides_is_not_frozen(write):
    """A mistake's result in a degenerate case is left out, and the case is named where others hold still."""
    any_direction = mistakes(Direction="x if x.ndim == 2 else np.linalg.eigh(np.eye(2))[1][0]")
    any_vector = mistakes("x - x.mean(axis=0)", Vector="np.linalg.eigh(np.eye(2))[1]")
    frozen = json.loads(frozen_cases(write(double=any_direction, center=any_vector)))
    (told,) = frozen["double"]["mistakes"]
    assert list(told["outcomes"]) == ["nothing_changes"]
    assert told["unsteady"] == ["two_numbers"]
    assert frozen["center"]["mistakes"] == []


def test_a_solution_that_round_off_decides_is_the_authors_fault(write):
    """The message names file and case, and what to do."""
    assignment = write()
    (assignment.folder / "public_cases.py").write_text(ANY_VECTOR)
    with pytest.raises(AssignmentError, match=r"public_cases.py: round-off decides .* in any_vector, so another"):
        frozen_cases(assignment)


def test_a_case_on_an_edge_may_be_declared_exact(write):
    """Where no number is rounded, nothing is nudged: 5 is not cut to 4."""
    cuts = mistakes(Cut="np.floor(x)")
    assert json.loads(frozen_cases(write(double=cuts)))["double"]["mistakes"] == []
    exact = "".join(f'[[exact]]\nname = "{name}"\nwhy = "Whole."\n' for name in ("two_numbers", "nothing_changes"))
    (told,) = json.loads(frozen_cases(write(double=cuts, assignment=tiny.SETTINGS + exact)))["double"]["mistakes"]
    assert told["outcomes"]["two_numbers"]["value"]["array"] == [2.0, 5.0]


def test_a_right_answer_that_a_public_case_refuses_is_told(assignment):
    """Verification holds variants against the public cases, too."""
    scope = reference_namespace(assignment.source)
    case = public_cases(assignment)["double"][0]
    assert refusal(case, lambda x: x + x, scope) is None
    assert "expected" in refusal(case, lambda x: x * x, scope)


def test_check_works_in_a_release_alone(course, write):
    """In a fresh interpreter that has the released folder and NumPy, check tells right, wrong and unwritten apart."""
    made = release("tiny", course)
    lines = [
        "import sys; sys.path[:0] = ['.']",
        "import numpy as np",
        "from nnlib.checks import check",
        "def double(x): return 2 * x",
        "check(double)",
        "def double(x): return x * x",
        "check(double)",
        "import nnlib; print(nnlib.__file__)",
    ]
    command = [sys.executable, "-W", "error", "-c", "\n".join(lines)]
    ran = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, timeout=60, check=False)
    assert "double: all 2 cases pass" in ran.stdout
    assert "Mistake   The number is squared instead of doubled." in ran.stderr
    assert "Traceback" not in ran.stderr
    assert str(made.folder) in ran.stdout


def test_a_hard_coded_answer_passes_check_and_fails_grading(write):
    """Knowing the public cases by heart earns nothing: hidden tests use other inputs."""
    assignment = write()
    submitted = tiny.source_notebook()
    tiny.cell_of(submitted, "double").source = HARD_CODED
    submitted.cells.insert(3, new_code_cell("from nnlib.checks import check\ncheck(double)"))
    released = released_notebook(assignment)
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
        result = engine.grade(nbformat.writes(submitted).encode())
    shown = nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4)
    outputs = [cell.outputs[0].text for cell in shown.cells if "check(double)" in cell.source]
    assert outputs == ["double: all 2 cases pass. Grading tries other inputs.\n"]
    assert {cell.grade_id: cell.score for cell in result.cells}["test_double"] == 0


def test_a_submissions_own_cases_do_not_replace_the_courses(write):
    """A public_cases.py handed in beside the notebook is left out, and the course's is there."""
    assignment = write()
    submitted = tiny.source_notebook()
    submitted.cells.append(new_code_cell("print(open('public_cases.py').read())"))
    released = released_notebook(assignment)
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
        result = engine.grade(nbformat.writes(submitted).encode(), files={"public_cases.py": b"1 / 0"})
    shown = nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4)
    printed = [cell.outputs[0].text for cell in shown.cells if "open('public" in cell.source]
    assert printed == [tiny.PUBLIC_CASES + "\n"]
    assert any("public_cases.py" in repaired for repaired in result.repairs)
