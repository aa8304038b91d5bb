"""The command line: the contracts of the JSON, one line an error, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import grader.assignment
from grader.course import Course

from . import tiny

ROOT = Path(__file__).resolve().parents[2]
STATUSES = {"passed", "partial", "failed", "missing", "syntax", "timeout", "died"}
STATUSES |= {"manual", "infrastructure"}


@pytest.fixture
def tiny_only(monkeypatch, assignment):
    """Let the tiny assignment be the project's only one."""
    monkeypatch.setattr(grader.assignment, "find_notebooks_folder", lambda: assignment.folder.parent)


def assert_contract(report):
    """Check an object of ``check --json`` against the contract that others rely on."""
    assert set(report) - {"student", "problem"} == {"assignment", "score", "points", "cells", "repairs", "seconds"}
    assert all(type(report[key]) in (int, float) for key in ("score", "points", "seconds"))
    assert all(type(line) is str for line in report["repairs"])
    for cell in report["cells"]:
        assert {"grade_id", "score", "points", "status", "tests", "diagnosis"} <= set(cell)
        assert cell["status"] in STATUSES
        assert 0 <= cell["score"] <= cell["points"]
        for test in cell["tests"]:
            assert set(test) == {"name", "passed", "message"}
            assert type(test["passed"]) is bool
        for found in cell["diagnosis"]:
            assert set(found) == {"name", "says", "hint", "sure"}


def test_feedback_before_grading_is_one_line(cli, course):
    """Feedback before anything was graded says what to do first, instead of where no page is."""
    code, said, told = cli("feedback", "tiny", "--course", course.root)
    assert (code, said, told) == (1, "", "grader: Nothing of tiny is graded yet: grader autograde tiny\n")


# -- check ---------------------------------------------------------------------------------------------------------


def test_check_json_keeps_the_contract(cli, tiny_only, tmp_path, hand_in):
    """check --json prints one object with the promised keys and nothing else."""
    (tmp_path / "tiny.ipynb").write_bytes(hand_in(double="def double(x):\n    return x * x", center=None))
    code, out, err = cli("check", tmp_path / "tiny.ipynb", "--json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    assert_contract(report)
    assert "student" not in report
    assert (report["assignment"], report["score"], report["points"]) == ("tiny", 1.0, 5.0)
    assert {cell["grade_id"]: cell["status"] for cell in report["cells"]} == {
        "test_double": "partial", "test_center": "missing", "why": "manual",
    }  # fmt: skip
    assert report["cells"][0]["diagnosis"][0]["name"] == "double: The number is squared instead of doubled."


def test_check_for_people_names_mistakes_and_hides_markup(cli, tiny_only, tmp_path, hand_in):
    """Without --json a person reads scores, mistakes and hints; a student's text is not taken as markup."""
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "[bold red]x.ipynb").write_bytes(hand_in(double="def double(x):\n    return x * x"))
    code, out, _ = cli("check", tmp_path / "tiny")
    assert code == 0
    assert "tiny: 4 of 5 points" in out
    assert "The number is squared instead of doubled." in out
    assert "'[bold red]x.ipynb'" in out


def test_check_tells_the_assignment_from_the_cells(cli, tiny_only, tmp_path, hand_in):
    """Under another file name the cells tell the assignment."""
    (tmp_path / "my work (3).ipynb").write_bytes(hand_in())
    code, out, _ = cli("check", tmp_path / "my work (3).ipynb", "--json")
    assert code == 0
    assert json.loads(out)["score"] == 5.0


@pytest.mark.parametrize(
    ("name", "data", "options", "words"),
    [
        ("tiny.ipynb", None, [], "tiny.ipynb cannot be read: No such file"),
        ("tiny.ipynb", b"%PDF", [], "tiny.ipynb: the file is not a notebook"),
        ("odd.ipynb", b"%PDF", ["--assignment", "tiny"], "odd.ipynb: the file is not a notebook"),
        ("x.ipynb", b'{"nbformat": 4, "cells": []}', [], "add --assignment, one of: tiny"),
        ("x.ipynb", b"{}", ["--assignment", "tinny"], "No assignment is called 'tinny'. Available: tiny."),
        ("x.ipynb", b'{"nbformat": 4, "cells": []}', ["--assignment", "tiny"], "none of this assignment's cells"),
    ],
    ids=["missing", "not a notebook", "of another name", "unknown", "misspelt", "another's"],
)
def test_faults_of_the_input_are_one_line(cli, tiny_only, tmp_path, name, data, options, words):
    """A file that cannot be graded is one line on stderr, nothing on stdout, exit code 1, no traceback."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    code, out, err = cli("check", tmp_path / name, "--json", *options)
    assert (code, out) == (1, "")
    assert words in err
    assert err.startswith("grader: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_check_as_a_command_on_a_real_submission():
    """The command itself grades a submission of the course's assignment 02 and prints one object."""
    sample = ROOT / "data" / "sample_class" / "adaeze" / "softmax-and-losses.ipynb"
    ran = subprocess.run(
        [sys.executable, "-m", "grader", "check", sample, "--json"], capture_output=True, text=True, cwd=ROOT
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    report = json.loads(ran.stdout)
    assert_contract(report)
    assert report["assignment"] == "02-softmax-and-losses"
    assert report["score"] == report["points"] > 0


# -- the course ----------------------------------------------------------------------------------------------------


def test_init_makes_a_course_folder(cli, tmp_path):
    """init makes a folder that every other command takes, and leaves what is there as it is."""
    code, out, _ = cli("init", tmp_path / "my course")
    assert code == 0
    assert "02-softmax-and-losses" in out
    config = tmp_path / "my course" / "nbgrader_config.py"
    assert Course(tmp_path / "my course").db_url.endswith("my course/gradebook.db")
    config.write_text(config.read_text() + "c.CourseDirectory.course_id = 'dl101'\n")
    assert cli("init", tmp_path / "my course")[0] == 0
    assert "dl101" in config.read_text()
    assert Course(tmp_path / "my course").course_id == "dl101"


def test_init_on_a_file_is_refused(cli, tmp_path):
    """A path that is a file is refused in one line."""
    (tmp_path / "file").write_text("x")
    code, _, err = cli("init", tmp_path / "file")
    assert code == 1
    assert "is a file" in err


def test_release_says_where_it_lies(cli, course):
    """release prints the folder and the zip."""
    code, out, err = cli("release", "tiny", "--course", course.root)
    assert (code, err) == (0, "")
    folder, archive = out.split("\n")[:2]
    assert (Path(folder) / "tiny.ipynb").exists()
    assert Path(archive).suffix == ".zip"
    assert Path(archive).exists()


def test_release_with_a_misspelt_marker_is_one_line(cli, course):
    """The author's fault is one line with file, cell and line, and exit code 1."""
    path = course.root / "source" / "tiny" / "tiny.ipynb"
    path.write_text(path.read_text().replace("### END SOLUTION", "### END SOLUTOIN", 1))
    code, out, err = cli("release", "tiny", "--course", course.root)
    assert (code, out) == (1, "")
    assert "cell 'double' (number 3), line 5" in err
    assert err.count("\n") == 1


def test_autograde_json_is_one_object_a_line(cli, course, submit):
    """autograde --json prints one object of the contract a student, nothing else on stdout, and exits 0."""
    submit("ada")
    submit("sören müller", double=None)
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1, "--json")
    reports = [json.loads(line) for line in out.splitlines()]
    for report in reports:
        assert_contract(report)
    assert {report["student"]: report["score"] for report in reports} == {"ada": 5.0, "sören müller": 3.0}
    assert code == 0


def test_autograde_lists_problems_and_exits_1(cli, course, submit):
    """A student who cannot be graded is one line on stderr and the exit code 1; the others are in the table."""
    submit("ada")
    submit("bob", data=b"no notebook")
    submit("[red]eve", data=b"")
    code, out, err = cli("autograde", "tiny", "--course", course.root, "--jobs", 1)
    assert code == 1
    assert "bob: tiny.ipynb: the file is not a notebook" in err
    assert "[red]eve: tiny.ipynb: the file is empty" in err
    assert "Traceback" not in out + err
    assert "5 / 5" in out
    assert "1 graded, 2 with a problem" in out
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1)
    assert "0 graded, 2 with a problem, 1 unchanged since the last run" in out


def test_autograde_without_submissions_says_where_they_belong(cli, course):
    """With nothing handed in the command says where submissions belong and exits 0."""
    code, out, _ = cli("autograde", "tiny", "--course", course.root)
    assert code == 0
    assert f"submissions belong in {course.root}/submitted/STUDENT/tiny" in out


@pytest.mark.parametrize("command", [["autograde", "tiny"], ["feedback", "tiny"]])
def test_commands_outside_a_course_say_how_to_make_one(cli, tmp_path, command):
    """A folder that is no course is answered with the command that makes one."""
    code, out, err = cli(*command, "--course", tmp_path)
    assert (code, out) == (1, "")
    assert err == f"grader: {tmp_path} is not a course folder; make it one with: grader init {tmp_path}\n"


@pytest.mark.parametrize("text", ["c = get_config(\n", "raise RuntimeError('no')", "import nowhere_to_be_found"])
def test_faulty_course_settings_are_one_line(cli, course, text):
    """A fault in the TA's nbgrader_config.py is told with the file and the reason."""
    (course.root / "nbgrader_config.py").write_text(text)
    code, _, err = cli("autograde", "tiny", "--course", course.root)
    assert code == 1
    assert "nbgrader_config.py" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("args", [["nosuch"], ["autograde"], ["check", "--nosuch"], ["autograde", "tiny", "-j", "0"]])
def test_wrong_usage_is_2(cli, args):
    """A command line that cannot be understood exits with 2."""
    assert cli(*args)[0] == 2


def test_feedback_writes_a_page_for_every_graded_student(cli, course, submit):
    """feedback writes pages with the verdict's words and without a script of the student's."""
    evil = "<script>document.title='owned'</script>"
    submit("ada", double=f"from IPython.display import HTML, display\ndisplay(HTML({evil!r}))\n{tiny.DOUBLE}")
    why = f"{evil}\n\n<img src=x onerror=alert(1)>\n\n[link](javascript:alert(2)) *but* $a < b$ and `x < y`"
    submit("bob", double="def double(x):\n    return x * x", why=why)
    assert cli("autograde", "tiny", "--course", course.root, "--jobs", 1)[0] == 0
    code, out, err = cli("feedback", "tiny", "--course", course.root, "--jobs", 1)
    assert (code, err) == (0, "")
    assert "feedback/STUDENT/tiny" in out
    page = (course.root / "feedback" / "bob" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "The number is squared instead of doubled." in page
    assert "test_double_of_numbers" not in page
    assert "<em>but</em> <math" in page
    assert "<mi>a</mi><mo>&lt;</mo><mi>b</mi>" in page
    assert "and <code>x &lt; y</code>" in page
    for student in ("ada", "bob"):
        page = (course.root / "feedback" / student / "tiny" / "tiny.html").read_text(encoding="utf-8")
        assert evil not in page
        assert "onerror" not in page
        assert "javascript:alert" not in page
