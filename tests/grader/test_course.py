"""A course folder: made anew with its own copies of the assignments, or an nbgrader course that is there already."""

import json
import shutil

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from grader.assignment import list_assignments
from grader.course import CONFIG, SETTINGS, WIRED_FROM, Course, CourseError
from grader.errors import AssignmentError
from grader.joining import _unused_in, found_in, unused_settings
from grader.sandbox.limits import Isolation

from . import tiny

THEIRS = """c = get_config()
c.CourseDirectory.course_id = "dl101"
c.Execute.timeout = 90
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute"]
c.NbGrader.db_url = f"sqlite:///{__import__('pathlib').Path(__file__).parent}/elsewhere.db"
"""


@pytest.fixture
def theirs(tmp_path):
    """An nbgrader course with settings, an assignment and a submission of its own."""
    root = tmp_path / "theirs"
    (root / "source" / "ps1").mkdir(parents=True)
    (root / "source" / "ps1" / "problem1.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
    (root / "submitted" / "ada" / "ps1").mkdir(parents=True)
    (root / SETTINGS).write_text(THEIRS)
    return root


# -- a course that is there ----------------------------------------------------------------------------------------


def test_a_course_that_is_there_is_asked_first(theirs, cli):
    """Without --yes, and nobody to ask, init says what it found and how to wire it, and changes nothing."""
    code, said, complained = cli("init", theirs)
    assert code == 1
    assert "1 assignment in source/ (ps1), work of 1 student," in said
    assert "ps1: tests inside the cells, graded in the sandbox" in said
    assert "--yes" in complained
    assert (theirs / SETTINGS).read_text() == THEIRS
    assert list((theirs / "source").iterdir()) == [theirs / "source" / "ps1"]


def test_wiring_keeps_the_settings_and_can_be_taken_back(theirs, cli):
    """With --yes lines are added below the course's own settings, which stay; without these lines it is as before."""
    code, said, _ = cli("init", theirs, "--yes")
    course = Course(theirs)
    assert (code, course.is_wired, course.course_id) == (0, True, "dl101")
    assert course.db_url == f"sqlite:///{theirs}/elsewhere.db"
    text = (theirs / SETTINGS).read_text()
    assert f"`{WIRED_FROM}`" in said
    assert text.split("\n" + WIRED_FROM)[0] == THEIRS
    (theirs / SETTINGS).write_text(THEIRS)
    assert not Course(theirs).is_wired


def test_settings_without_effect_are_named(theirs, cli):
    """What the engine does in its own way is listed by init and autograde, so that no setting is ignored in silence."""
    line = "Settings that have no effect where the engine grades: Autograde.autograde_preprocessors."
    assert line in found_in(Course(theirs))
    assert line in cli("autograde", "ps1", "--course", theirs)[2].splitlines()


def test_steps_of_the_courses_own_are_named(theirs):
    """Where a course adds a step to a conversion, in whatever way, the step's name is told; nbgrader's are not."""
    (theirs / SETTINGS).write_text(
        "class Mine: pass\nc = get_config()\n"
        "c.Autograde.sanitize_preprocessors = ['nbgrader.preprocessors.ClearOutput', 'mine.Step']\n"
        "c.Autograde.autograde_preprocessors.append(Mine)\n"
        "c.GenerateAssignment.preprocessors = ['nbgrader.preprocessors.LockCells', 'mine.Words']\n"
        "c.Execute.timeout = 5\nc.Execute.kernel_name = 'other'\nc.Autograde.create_student = False\n"
    )
    found = unused_settings(Course(theirs))
    assert found.pop(1).endswith(".Mine)")
    assert found == [
        "Autograde.sanitize_preprocessors (mine.Step)",
        "Autograde.create_student (nbgrader's own command goes by it)",
        "Execute.kernel_name",
        "GenerateAssignment.preprocessors (mine.Words)",
    ]


LIKE_NBGRADER = {  # by section, the settings of nbgrader's way of grading that hold here as they do there
    "Autograde": "exclude_overwriting permissions",
    "Execute": "timeout",
    "AssignLatePenalties": "plugin_class",
    "LateSubmissionPlugin": "penalty_method",
    "CourseDirectory": "assignment_id autograded_directory course_id db_url directory_structure feedback_directory "
    "groupshared release_directory root solution_directory source_directory source_with_tests_directory "
    "submitted_directory",
}


def test_every_setting_of_nbgraders_way_of_grading_is_known():
    """Each setting of nbgrader 0.9.6's autograder and its steps is one that holds, or one that is listed."""
    steps = [*Autograde.sanitize_preprocessors.default_args[0], *Autograde.autograde_preprocessors.default_args[0]]
    for kind in {Autograde, CourseDirectory, LateSubmissionPlugin, *steps}:
        section = kind.__name__
        for name in kind.class_traits(config=True):
            told = list(_unused_in(section, Config({name: []})))
            assert bool(told) != (name in LIKE_NBGRADER.get(section, "").split()), f"{section}.{name}"


@pytest.mark.parametrize("command", [["autograde", "ps1"], ["feedback", "ps1"], ["release", "ps1"]])
def test_every_command_says_that_a_course_is_not_wired(theirs, cli, command):
    """Who believes that nbgrader's buttons grade in the sandbox is told that they do not."""
    _, _, complained = cli(*command, "--course", theirs)
    assert "nbgrader's own commands and buttons grade without the sandbox" in complained


def test_a_classic_assignment_needs_no_file_of_ours(theirs):
    """An assignment without assignment.toml is one of nbgrader's own kind, and says so at the start."""
    settings = Course(theirs).assignment("ps1").settings
    assert settings.tests_in_cells
    assert any(line.startswith("ps1: tests inside the cells") for line in found_in(Course(theirs)))


def test_isolation_is_a_setting_of_the_course(tmp_path):
    """What configure() is told is what both doors use where a command says nothing."""
    course = Course.init(tmp_path / "new")
    assert course.isolation is Isolation.sandbox
    text = (course.root / SETTINGS).read_text().replace("__file__)", "__file__, isolation='process')")
    (course.root / SETTINGS).write_text(text)
    assert Course(course.root).isolation is Isolation.process


def test_settings_that_fail_are_one_line(theirs):
    """A fault in the settings is told with its file, not as a traceback."""
    (theirs / SETTINGS).write_text("1 / 0")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: ZeroDivisionError"):
        _ = Course(theirs).config


# -- the course's own assignments and the project's ----------------------------------------------------------------


def test_a_new_course_holds_copies_of_the_projects_assignments(tmp_path):
    """source/ lists them all, without what Python left beside them, and init once more changes nothing."""
    course = Course.init(tmp_path / "new")
    assert sorted(path.name for path in course.own_source.iterdir()) == list_assignments()
    assert not list(course.own_source.rglob("__pycache__"))
    assert course.adopt("02") == ""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the tiny assignment alone, and a course made from it."""
    folder = tiny.write(tmp_path / "project" / "tiny")
    for module in ("grader.course", "grader.assignment"):
        monkeypatch.setattr(f"{module}.find_notebooks_folder", lambda: folder.parent)
    return folder, Course.init(tmp_path / "course")


def test_a_copy_follows_the_project_until_it_is_changed(project):
    """An unchanged copy is brought up to date; one that the course changed stays, and a line says so."""
    folder, course = project
    copy = course.own_source / "tiny" / "notes.md"
    (folder / "notes.md").write_text("# newer\n")
    assert course.adopt("tiny") == f"tiny was brought up to date in {course.own_source}."
    assert copy.read_text() == "# newer\n"
    copy.write_text("# the course's own\n")
    assert course.adopt("tiny") == ""
    (folder / "notes.md").write_text("# newer still\n")
    assert course.adopt("tiny").startswith("tiny: the project's has changed, and so has this course's copy")
    assert copy.read_text() == "# the course's own\n"


def test_frozen_cases_are_no_change_of_a_copy(project):
    """public_cases.json is made from the other files, in the project and in the course; neither counts as a change."""
    folder, course = project
    for place in (folder, course.own_source / "tiny"):
        (place / "public_cases.json").write_text(str(place))
        assert course.adopt("tiny") == ""
    (folder / "notes.md").write_text("# newer\n")
    assert course.adopt("tiny") == f"tiny was brought up to date in {course.own_source}."


def test_a_damaged_register_of_copies_loses_nothing(project):
    """Where it is not known what a copy was, it is taken for changed."""
    folder, course = project
    (course.root / ".grader" / "sources.json").write_text("[")
    (folder / "notes.md").write_text("# newer\n")
    assert course.adopt("tiny") == ""
    assert not (course.own_source / "tiny" / "notes.md").exists()


def test_numbers_find_the_courses_own_assignments(project):
    """An assignment of the course's own is found by its number, and goes before one of the project's."""
    _, course = project
    shutil.copytree(course.own_source / "tiny", course.own_source / "42-own")
    assert course.assignment("42").folder == course.own_source / "42-own"
    assert course.assignments() == ["42-own", "tiny"]
    with pytest.raises(AssignmentError, match=r"No assignment is called '07'\. Available: 42-own, tiny\.$"):
        course.assignment("7")


def test_another_source_folder_is_respected(tmp_path, project):
    """A course whose settings name its folders otherwise is read and written there."""
    root = tmp_path / "other"
    root.mkdir()
    (root / SETTINGS).write_text(CONFIG + "c.CourseDirectory.source_directory = 'assignments'\n")
    course = Course.init(root)
    assert [path.name for path in (root / "assignments").iterdir()] == ["tiny"]
    assert json.loads((root / ".grader" / "sources.json").read_text()).keys() == {"tiny"}
    assert not (root / "source").exists()
    assert course.assignment("tiny").folder == root / "assignments" / "tiny"
