"""A new assignment is a working one, in a course and in a clone, and so is an exercise added to it."""

import nbformat
import pytest

from grader import new as making
from grader import sync
from grader.assignment import Assignment
from grader.course import CONFIG
from grader.release import released_notebook
from grader.verify import verify

TEMPLATES = making.TEMPLATES


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course without assignments, in which one stands."""
    root = tmp_path / "course"
    (root / "source").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone of the project without assignments, in which one stands."""
    notebooks = tmp_path / "clone" / "notebooks"
    notebooks.mkdir(parents=True)
    monkeypatch.setattr(making, "find_notebooks_folder", lambda: notebooks)
    monkeypatch.chdir(notebooks.parent)
    return notebooks


def test_a_new_assignment_of_a_course_is_fair_at_once(course, cli):
    """It passes every check of verify, mutants included, and so it does with a second exercise."""
    assert cli("new", "14-row-shares")[0] == 0
    assert cli("new", "14-row-shares", "--exercise", "votes")[0] == 0
    found = verify(Assignment(course / "source" / "14-row-shares"), with_mutants=True)
    assert found.problems == []
    assert (found.tests, found.caught, found.named, found.seen_at_once, found.accepted) == (6, 6, 6, 6, 4)
    assert found.killed == found.mutants > 20
    code, table, _ = cli("verify", "14", "--quick")  # found by its number, from the folder that one stands in
    assert (code, "14-row-shares" in table) == (0, True)


def test_a_new_assignment_is_released_and_found_by_its_number(course, cli):
    """What is released holds the stub and the public cases, and nothing of the exercise's file."""
    cli("new", "14-row-shares")
    code, said, error = cli("release", "14")
    assert (code, error) == (0, "")
    folder = course / "release" / "14-row-shares"
    assert str(folder) in said
    assert not (folder / "exercises").exists()
    text = (folder / "row-shares.ipynb").read_text(encoding="utf-8")
    assert "NotImplementedError" in text
    assert "keepdims" not in text
    assert "comment" not in text  # what is said to authors stays with them


def test_in_a_clone_there_is_a_script_too(clone, cli):
    """The script is what is edited: the notebook is its executed twin, also after an exercise was added."""
    assert cli("new", "14-row-shares")[0] == 0
    folder = clone / "14-row-shares"
    assert sync.problems(folder / "row-shares.py") == []
    assert cli("new", "14-row-shares", "--exercise", "votes")[0] == 0
    assert sync.problems(folder / "row-shares.py") == []
    assert list(Assignment(folder).solutions) == ["row_shares", "votes"]
    shown = [o.text for c in nbformat.read(folder / "row-shares.ipynb", 4).cells for o in c.get("outputs", [])]
    assert [text.split(":")[0] for text in shown] == ["row_shares", "votes"]
    assert all("the case passes" in text for text in shown)


def test_an_exercise_costs_at_most_sixty_lines(course, cli):
    """Three hidden tests, three mistakes and two other right ways are written in one file."""
    cli("new", "14-row-shares")
    (exercise,) = Assignment(course / "source" / "14-row-shares").exercises
    assert (len(exercise.tests), len(exercise.mistakes), len(exercise.variants)) == (3, 3, 2)
    assert len(exercise.path.read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["14-row-shares"], "exists. Take another name, or add an exercise: grader new 14-row-shares --exercise NAME"),
        (["14-other"], "14-row-shares has the number 14. Take another"),
        (["knn"], "An assignment's name is two digits and a topic, such as 14-nearest-neighbours, got 'knn'."),
        (["15-../../x"], "An assignment's name is two digits and a topic"),
        (["15-lambda"], "'lambda' is no such name or is taken. Name it with --exercise."),
        (["15-knn", "--exercise", "Knn"], "'Knn' is no such name or is taken."),
        (["14-row-shares", "--exercise", "row_shares"], "has an exercise row_shares. Take another name."),
        (["14-row-shares", "--exercise", "common"], "'common' is no such name or is taken."),
    ],
)
def test_names_that_cannot_be_given_are_one_line(course, cli, arguments, words):
    """What exists stays as it was, and the line says what to do."""
    cli("new", "14-row-shares")
    before = sorted(course.rglob("*"))
    code, said, error = cli("new", *arguments)
    assert (code, said, words in error) == (1, "", True)
    assert sorted(course.rglob("*")) == before


def test_outside_a_course_nothing_is_made(tmp_path, monkeypatch, cli):
    """Neither a course nor a clone: the line says how to get one; --course names one."""
    monkeypatch.chdir(tmp_path)
    code, _, error = cli("new", "14-row-shares")
    assert (code, "make one with: grader init DIR" in error) == (1, True)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "nbgrader_config.py").write_text(CONFIG)
    assert cli("new", "14-row-shares", "--course", "c")[0] == 0
    assert cli("verify", "14", "--quick", "--course", "c")[0] == 0


def test_a_course_in_the_folder_is_not_run_by_check(course, cli):
    """check is given others' files: settings that lie beside them are run where --course says so, and else named."""
    cli("new", "14-row-shares")
    (course / "nbgrader_config.py").write_text(CONFIG + "\nimport pathlib; pathlib.Path('was_run').touch()\n")
    notebook = course / "source" / "14-row-shares" / "row-shares.ipynb"
    code, _, error = cli("check", notebook)
    assert (code, "add: --course ." in error) == (1, True)
    assert not (course / "was_run").exists()
    assert cli("check", notebook, "--course", ".")[0] == 0


def test_a_courses_script_is_synchronised(course, cli):
    """A script beside the notebook is found by number, runs beside its files, and its errors are one line."""
    cli("new", "14-row-shares")
    folder = course / "source" / "14-row-shares"
    (folder / "helpers.py").write_text("LIMIT = 3\n")  # the course's own module is no script
    script = folder / "row-shares.py"
    text = "".join((TEMPLATES / name).read_text() for name in ("head.py.in", "exercise_cells.py.in"))
    script.write_text(text.replace("EXERCISE", "row_shares") + "\n# %%\nfrom helpers import LIMIT\n\nprint(LIMIT)\n")
    code, _, said = cli("sync", "14")
    assert (code, "Executing 14-row-shares" in said) == (0, True)
    assert nbformat.read(folder / "row-shares.ipynb", 4).cells[-1].outputs[0].text == "3\n"
    assert released_notebook(Assignment(folder)).metadata.kernelspec.name == "python3"
    assert cli("sync", "--check")[:2] == (0, "1 notebook agrees with its script and is executed.\n")

    script.write_text(script.read_text().replace("print(LIMIT)", "print(LIMITT)"))
    code, said, error = cli("sync")
    assert (code, error.splitlines()[-1:]) == (
        1,
        [f"grader: {script}: cell 6, line 3: NameError: name 'LIMITT' is not defined"],
    )
    script.write_text(script.read_text().replace("print(LIMITT)", "print(LIMIT"))
    assert f"{script}: cell 6, line 3: SyntaxError: " in cli("sync")[2]
