"""Work that lies slightly wrong in ``submitted/`` is told, a line for each; what is right is not."""

import pytest
from typer.testing import CliRunner

from grader.batch import autograde
from grader.cli import app
from grader.course import CourseError
from grader.intake.misfiled import find_misfiled

COURSE = {
    "01-activations": "activations",
    "02-softmax-and-losses": "softmax-and-losses",
    "12-loss-surfaces": "loss-surfaces",
}
WANTED = "02-softmax-and-losses"


@pytest.fixture
def find(tmp_path):
    """Put empty files under ``submitted`` and look for the misfiled."""

    def run(*paths):
        top = tmp_path / "submitted"
        for path in paths:
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).touch()
        return list(find_misfiled(top, WANTED, COURSE))

    return run


@pytest.mark.parametrize(
    "folder",
    [
        "softmax-and-losses", "02-Softmax-and-Losses", "02_softmax_and_losses", "02 softmax and losses", "02", "2",
        "hw2", "HW-02", "Assignment 2", "2-softmax-and-losses", "02-softmax-and-loses", "02-softmax-and-losses (1)",
        "02-softmax-and-losses-copy", "Softmax and Losses", "week1/02-softmax-and-losses",
    ],
)  # fmt: skip
def test_a_folder_of_nearly_the_right_name_is_told(find, folder):
    """Another case, blanks, the name or number alone, a typing error, a mark of a copy, a folder too deep."""
    (found,) = find(f"w1/{folder}/softmax-and-losses.ipynb")
    assert found.student == "w1"
    assert found.line.startswith(f"submitted/w1 holds no {WANTED}; did you mean {folder}?")


@pytest.mark.parametrize(
    "path",
    [
        "softmax-and-losses.ipynb", "softmax-and-losses (1).ipynb", "Softmax.ipynb", "work.zip", "work.7z",
        "stuff/softmax-and-losses.ipynb", "a/b/c/work.ipynb",
    ],
)  # fmt: skip
def test_work_in_no_assignments_folder_is_told(find, path):
    """A notebook or an archive straight in the student's folder, or in one that is no assignment's."""
    (found,) = find(f"w2/{path}")
    assert (found.student, f"holds no {WANTED}, but {path}" in found.line) == ("w2", True)


def test_student_and_assignment_swapped(find):
    """Each student under the assignment's folder is a line, in any spelling of its name."""
    found = find(f"{WANTED}/w4/a.ipynb", f"{WANTED}/w5/a.ipynb", "Softmax_and_Losses/w6/a.ipynb")
    assert [one.student for one in found] == ["w4", "w5", "w6"]
    assert found[0].line == (
        f"submitted/{WANTED}/w4: student and assignment are swapped; move it to submitted/w4/{WANTED}."
    )


def test_work_in_no_students_folder_is_told(find):
    """Archives and notebooks straight in ``submitted``, such as a platform's download, are a line each."""
    found = find("w7.zip", "doejane_1_2_softmax-and-losses.ipynb", ".DS_Store", "grades.csv")
    assert [one.student for one in found] == ["doejane_1_2_softmax-and-losses.ipynb", "w7.zip"]
    assert all("let grader collect do so" in one.line for one in found)


@pytest.mark.parametrize(
    "paths",
    [
        [f"ok/{WANTED}/softmax-and-losses.ipynb"],
        [f"ok/{WANTED}/a.ipynb", "ok/notes/b.txt"],
        [f"student02/{WANTED}/a.ipynb"],
        ["w9/01-activations/activations.ipynb"],
        ["w9/12-loss-surfaces/loss-surfaces.ipynb", "w9/activations.ipynb"],
        ["01-activations/w9/activations.ipynb", "01-activations.zip", "w9/01-activations.zip"],
        [".ipynb_checkpoints/softmax-and-losses.ipynb", "w9/.venv/lib/softmax-and-losses.ipynb"],
        ["w9/Activations/activations.ipynb", "01_activations/w9/activations.ipynb"],
    ],
)
def test_what_is_right_or_another_assignments_is_not_told(find, paths):
    """Work in its place, other assignments' and what is nobody's work give no line."""
    assert find(*paths) == []


def test_a_second_folder_beside_the_right_one_is_told(find):
    """Work beside the graded folder, under nearly its name, is not passed over in silence."""
    (found,) = find(f"w1/{WANTED}/a.ipynb", f"w1/{WANTED} (1)/a.ipynb")
    assert found.line.startswith(f"submitted/w1/{WANTED} (1) is not graded: submitted/w1/{WANTED} is;")


def test_a_folder_of_nothing_known_is_told(find):
    """A student whose only folder is no assignment's is told with its name."""
    (found,) = find("w1/report/thesis.pdf")
    assert found.line == f"submitted/w1 holds no {WANTED} and no other assignment of this course, but report."


def test_autograde_tells_and_fails(course, submit):
    """grader autograde prints a line for each, grades the others, and ends with exit code 1."""
    submit("ada")
    submit("w1").rename(course.root / "submitted" / "w1" / "Tiny")
    ran = CliRunner().invoke(app, ["autograde", "tiny", "--course", str(course.root), "--jobs", "1"])
    assert ran.exit_code == 1
    assert "submitted/w1 holds no tiny; did you mean Tiny? Rename it to tiny." in ran.output
    assert "1 graded, 0 with a problem, 1 in the wrong place." in ran.output


def test_an_unknown_student_is_one_line(course, submit):
    """--student with a name that handed in nothing names the nearest, and nothing is graded."""
    submit("adaeze")
    with pytest.raises(CourseError, match=r"^adaeeze handed in no tiny: .* Did you mean adaeze\?$"):
        autograde("tiny", course, jobs=1, students=["adaeeze"])
    with pytest.raises(CourseError, match=r"is not there\.$"):
        autograde("tiny", course, jobs=1, students=["nobody"])
