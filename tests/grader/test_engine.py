"""The engine: statuses, scores, verdicts in the graded cells, the same at every grading."""

import json

import nbformat
import pytest

from grader.assignment import Assignment
from grader.engine import Engine, as_html
from grader.reading import Refused
from grader.released import released_notebook
from grader.results import CellResult, Diagnosis, TestResult
from grader.student_edition import build_student_edition

from . import tiny

WRONG = "def double(x):\n    return 3.5 * x"


def test_right_answers_get_all_points(grade):
    """The reference's answers pass every test, and the written question waits for a person outside the score."""
    result = grade()
    assert [(c.grade_id, c.status, c.score, c.points) for c in result.cells] == [
        ("test_double", "passed", 2.0, 2.0),
        ("test_center", "passed", 3.0, 3.0),
        ("why", "manual", 0.0, 4.0),
    ]
    assert (result.score, result.points, result.repairs, result.problem) == (5.0, 5.0, [], "")
    assert all(type(cell.score) is float for cell in result.cells)


def test_blank_release_is_missing_everywhere(grade):
    """What nobody wrote is missing, with 0 points and the reason."""
    result = grade(double=None, center=None, why=None)
    assert [c.status for c in result.cells] == ["missing", "missing", "manual"]
    assert result.score == 0
    assert result.cells[0].reason == "double is not written yet: it raises NotImplementedError."


def test_deleted_solution_is_missing(cells):
    """A function that exists nowhere is missing, not failed."""

    def without_center(notebook):
        notebook.cells = [c for c in notebook.cells if c is not tiny.cell_of(notebook, "center")]

    got = cells(without_center)
    assert got["test_center"].status == "missing"
    assert got["test_center"].reason == "center is not defined."
    assert got["test_double"].status == "passed"


def test_weighted_share_of_the_points(cells):
    """A cell's score is its points times the weighted share of its tests that pass."""
    got = cells(center="def center(x):\n    return x - x.mean(axis=0) if len(x) > 1 else x")["test_center"]
    assert got.status == "partial"
    assert got.score == pytest.approx(3 * 2 / 3)
    assert [(test.name, test.passed) for test in got.tests] == [
        ("test_center_removes_the_mean", True),
        ("test_center_of_one_row", False),
    ]
    assert "2 of 2 entries differ" in got.tests[1].message


def test_all_wrong_is_failed(cells):
    """A function that passes no test has failed and gets 0."""
    got = cells(double="def double(x):\n    x *= 7\n    return x")["test_double"]
    assert (got.status, got.score) == ("failed", 0.0)


def test_all_or_nothing_needs_every_test(tmp_path, hand_in):
    """A cell listed in all_or_nothing gets no points for a share."""
    settings = tiny.SETTINGS.replace("[limits]", 'all_or_nothing = ["test_double"]\n\n[limits]')
    assignment = Assignment(tiny.write(tmp_path / "tiny", assignment=settings))
    released = released_notebook(assignment)
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
        got = engine.grade(hand_in(double=WRONG)).cells[0]
        whole = engine.grade(hand_in()).cells[0]
    assert (got.status, got.score) == ("partial", 0.0)
    assert whole.score == 2.0


def test_timeout_of_a_call(cells):
    """A function that never returns is a timeout; the other cell keeps its points."""
    got = cells(double="def double(x):\n    if isinstance(x, int):\n        return 2 * x\n    while True: pass")
    assert got["test_double"].status == "timeout"
    assert got["test_double"].reason == "double did not end in 0.5 s."
    assert got["test_center"].status == "passed"


def test_timeout_of_a_cell(cells):
    """A cell that never ends names itself as the reason of what it did not define."""
    got = cells(double="while True: pass\n" + tiny.DOUBLE)
    assert got["test_double"].status == "timeout"
    assert got["test_double"].reason == "The cell of double did not end in 1 s."
    assert got["test_center"].status == "passed"


def test_a_syntax_error_is_called_that_once(grade):
    """A cell that Python cannot compile is one fault of the submission; its tests do not each repeat it."""
    result = grade(double="%time 1\ndef double(x):\n    return (2 * x\n")
    (fault,) = result.syntax
    assert (fault.line, fault.says, fault.text) == (3, "'(' was never closed", "return (2 * x")
    assert fault.exercises == ["double"]
    got = result.cells[0]
    assert (got.status, got.score) == ("syntax", 0.0)
    assert got.reason == (
        "Syntax error in line 3 of the cell of double: '(' was never closed. Nothing in that cell was run."
    )
    assert [test.message for test in got.tests] == [""] * len(got.tests)
    assert json.loads(result.to_json())["syntax"][0]["line"] == 3
    assert result.cells[1].status == "passed"


def test_a_syntax_error_of_several_exercises_is_one(grade):
    """Where one cell holds several answers, its syntax error is told once, with all that it keeps from running."""
    result = grade(double=f"{tiny.DOUBLE}\n{tiny.CENTER}\nx = = 1", center="")
    assert [fault.exercises for fault in result.syntax] == [["double", "center"]]
    assert [cell.status for cell in result.cells[:2]] == ["syntax", "syntax"]
    assert result.cells[0].reason == result.cells[1].reason


def test_who_raises_a_syntax_error_has_none(grade):
    """The error's name alone, which a student's cell can raise, calls nothing a syntax error."""
    result = grade(double="raise SyntaxError('x')")
    assert (result.syntax, result.cells[0].status) == ([], "missing")
    assert result.cells[0].reason == "The cell of double stopped with SyntaxError, so double is not defined."


def test_death_in_a_cell(cells):
    """A cell that ends the process costs its own points only."""
    got = cells(double="import os\nos._exit(3)")
    assert got["test_double"].status == "died"
    assert "ended with code 3" in got["test_double"].reason
    assert got["test_center"].status == "passed"


def test_death_in_a_call(cells):
    """A function that ends the process when called costs its own points only."""
    got = cells(double="import os\ndef double(x):\n    return 4 if isinstance(x, int) else os._exit(3)")
    assert got["test_double"].status == "died"
    assert got["test_double"].score == 0
    assert got["test_center"].status == "passed"


def test_no_hidden_test_means_no_points(tmp_path, hand_in):
    """A graded cell that no hidden test decides gets 0 with that as the reason, never full marks."""
    tests = tiny.HIDDEN_TESTS.split("@weight(2)")[0]
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests=tests))
    released = released_notebook(assignment)
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
        got = engine.grade(hand_in()).cells[1]
    assert (got.status, got.score, got.reason) == ("failed", 0.0, "no hidden test is written for this cell")


def test_regrading_gives_the_same(engine, hand_in):
    """Five gradings of one submission differ in nothing but the seconds."""
    data = hand_in(double=WRONG, center="def center(x):\n    return x - x.mean(axis=1, keepdims=True)")
    results = [engine.grade(data, "ada") for _ in range(5)]
    assert results[0].score == 1.0
    seen = {json.dumps({**json.loads(r.to_json()), "seconds": 0}) + r.notebooks["tiny.ipynb"].decode() for r in results}
    assert len(seen) == 1


def test_mistake_is_named_in_the_result(cells):
    """A known mistake is named with its hint."""
    got = cells(double="def double(x):\n    return x * x")["test_double"]
    assert [(found.name, found.says) for found in got.diagnosis] == [
        ("double: The number is squared instead of doubled.", "The number is squared instead of doubled.")
    ]


def test_verdicts_stand_in_the_graded_notebook(grade):
    """The graded notebook keeps the cells' own outputs and shows each verdict as the last output of its cell."""
    notebook = nbformat.reads(grade(double=WRONG).notebooks["tiny.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    center = tiny.cell_of(notebook, "test_center").outputs
    assert center[0].text == "[-1.  1.]\n"
    assert center[-1].data["text/plain"].startswith("test_center: 3 of 3 points (passed)")
    double = tiny.cell_of(notebook, "test_double").outputs
    assert double[0].ename == "AssertionError"
    assert "test_double: 1 of 2 points (partly right)" in double[-1].data["text/plain"]
    assert "Twice the numbers comes back." in double[-1].data["text/html"]
    assert tiny.cell_of(notebook, "why").source == tiny.WHY


def test_graded_notebook_holds_no_hidden_test(grade):
    """Neither source nor inputs of a hidden test are in what the student gets back."""
    text = grade(double="def double(x):\n    raise ValueError(f'got {x.tolist()}')").notebooks["tiny.ipynb"].decode()
    for secret in ("assert_close", "rng.normal", "test_double_of_numbers", "exercises/double.py", tiny.SECRET):
        assert secret not in text


def test_inputs_in_a_students_error_do_not_come_back(cells):
    """An error that carries the test's inputs is told without its text."""
    got = cells(double="def double(x):\n    raise ValueError(f'stolen {x.tolist()}')")["test_double"]
    assert [test.message for test in got.tests] == ["double raised ValueError in line 2 of its cell."] * 2


def test_html_of_a_student_is_escaped_in_verdicts():
    """Whatever a message carries, the page shows it as text."""
    evil = "<script>alert(1)</script>"
    page = as_html(
        CellResult(
            "test_double", 0.0, 2.0, "failed", evil,
            [TestResult("test_double", False, evil, evil)], [Diagnosis("name", evil, evil)],
        )
    )  # fmt: skip
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4  # a message that is the reason is said once


def test_an_exercise_that_lost_points_offers_its_hints_one_by_one():
    """Each hint folds out by itself under a verdict that is not full marks; a passed exercise has none."""
    lost = as_html(CellResult("test_double", 1.0, 2.0, "partial"), ["A nudge.", "A <push>."])
    assert "<details><summary>Hint 2 of 2</summary>A &lt;push&gt;.</details>" in lost
    assert "details" not in as_html(CellResult("test_double", 2.0, 2.0, "passed"), ["A nudge."])


def test_a_slip_of_the_language_is_named_where_no_known_mistake_fits(grade):
    """What any exercise can have is read off the function's text, as check does at the desk."""
    cell = next(
        cell for cell in grade(double="def double(x):\n    return x ^ 2").cells if cell.grade_id == "test_double"
    )
    (found,) = cell.diagnosis
    assert found.says.startswith("In Python ^ is no power")


def test_beside_a_named_mistake_a_test_does_not_guess_at_another(grade):
    """Two explanations, of which one is wrong, are worse than one."""
    cell = next(
        cell for cell in grade(double="def double(x):\n    return x * x").cells if cell.grade_id == "test_double"
    )
    assert cell.diagnosis
    assert all(test.message.count("It is") == 0 for test in cell.tests)


def test_returned_string_with_html_reaches_the_page_as_text(grade):
    """A student's function cannot put markup into the verdict by what it returns."""
    result = grade(double="def double(x):\n    return '<img src=x onerror=alert(1)>'")
    notebook = result.notebooks["tiny.ipynb"].decode()
    verdict = tiny.cell_of(nbformat.reads(notebook, as_version=4), "test_double").outputs[-1].data["text/html"]
    assert "<img" not in verdict


def test_warnings_cost_nothing(cells):
    """A function that warns and prints to stderr gets its points."""
    got = cells(
        double="import sys, warnings\n"
        "def double(x):\n    warnings.warn('careful')\n    print('hm', file=sys.stderr)\n    return 2 * x"
    )
    assert got["test_double"].status == "passed"


def test_later_cells_do_not_change_an_earlier_verdict(cells):
    """A function is tested as it was after its graded cell, whatever later cells assign to its name."""

    def redefine(notebook):
        notebook.cells.append(nbformat.v4.new_code_cell("def double(x):\n    return x"))

    assert cells(redefine)["test_double"].status == "passed"
    assert cells(lambda n: None, double="def double(x):\n    return x")["test_double"].status != "passed"


def test_files_beside_the_notebook_can_be_read(grade):
    """What a student handed in beside the notebook lies beside it when it runs."""
    got = grade(files={"factor.txt": b"2"}, double="def double(x):\n    return int(open('factor.txt').read()) * x")
    assert got.cells[0].status == "passed"


def test_modules_that_shadow_are_left_out(grade):
    """A numpy.py beside the notebook is not imported, and the report says so."""
    got = grade(files={"numpy.py": b"raise SystemExit"})
    assert got.score == 5
    assert got.repairs == ["would shadow an import and was left out: 'numpy.py'"]


def test_exercise_is_withheld_from_the_students_nnlib(cells):
    """What the assignment withholds is gone from the nnlib the student's code imports."""
    got = cells(double="def double(x):\n    nnlib.softmax(x)\n    return 2 * x")["test_double"]
    assert (got.status, got.score) == ("failed", 0.0)
    assert got.tests[0].message.startswith("double calls nnlib.softmax, which this assignment withholds")


def test_name_error_inside_a_function_is_a_failure(cells):
    """A function that is there but uses an undefined name has failed; it is not missing."""
    got = cells(double="def double(x):\n    return factr * x")["test_double"]
    assert (got.status, got.score) == ("failed", 0.0)
    assert got.tests[0].message == "double raised NameError in line 2 of its cell: name 'factr' is not defined."


def test_a_function_that_calls_a_stub_has_failed_and_is_not_missing(cells):
    """Who has not written a helper yet is told so, and not that the function itself is missing."""
    got = cells(double="def half(x):\n    raise NotImplementedError()\ndef double(x):\n    return 4 * half(x)")
    assert got["test_double"].status == "failed"
    assert got["test_double"].tests[0].message == "double calls half, which is not written yet."


def test_submission_over_its_time_is_cut(tmp_path, hand_in):
    """When all cells together take too long, what was not run says so."""
    settings = tiny.SETTINGS.replace("submission_seconds = 60", "submission_seconds = 1")
    assignment = Assignment(tiny.write(tmp_path / "tiny", assignment=settings))
    released = released_notebook(assignment)
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
        got = engine.grade(hand_in(double="import time\ntime.sleep(0.9)\n" + tiny.DOUBLE, center="while True: pass"))
    assert got.cells[1].status == "timeout"
    assert got.score < 5


def test_what_is_no_notebook_is_refused(engine):
    """What is no notebook is refused in one line, and there is no verdict."""
    with pytest.raises(Refused, match=r"^tiny\.ipynb: the file is not a notebook[^\n]*$"):
        engine.grade(b"%PDF-1.4", "ada")
