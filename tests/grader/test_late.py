"""Late penalties are nbgrader's, by whatever door, and follow the due date."""

import pytest
from nbgrader.api import Gradebook

from grader.batch import autograde
from grader.course import Course, CourseError

from .gradebooks import BOTH
from .test_batch import Told

pytestmark = BOTH

PLUGIN = """
from nbgrader.plugins import BasePlugin


class Policy(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {answer}
"""


@pytest.fixture
def late(course, submit):
    """A course with work of 5 points handed in 48 hours late; ``rule`` is what the late policy returns."""

    def make(rule="score", due="2026-11-20 10:00:00 UTC"):
        (course.root / "late_policy.py").write_text(PLUGIN.format(answer=rule))
        name = f"late_policy_{abs(hash(course.root))}"  # modules are loaded once per process
        (course.root / "late_policy.py").rename(course.root / f"{name}.py")
        with (course.root / "nbgrader_config.py").open("a") as settings:
            settings.write(f"c.AssignLatePenalties.plugin_class = '{name}.Policy'\n")
        (submit("ada") / "timestamp.txt").write_text("2026-11-22 10:00:00 UTC")
        is_due(due)
        return Course(course.root)

    def is_due(due):
        with Gradebook(course.db_url, course.course_id) as gradebook:
            gradebook.update_or_create_assignment("tiny", duedate=due)

    make.is_due = is_due
    return make


def penalty(course):
    """Read Ada's score and penalty."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        submission = gradebook.find_submission("tiny", "ada")
        return submission.score, submission.late_submission_penalty


@pytest.mark.parametrize(
    ("rule", "points"),
    [("score * 0.1 * total_seconds_late / 86400", 1.0), ("None", 0.0), ("-3", 0.0), ("score + 7", 5.0)],
    ids=["ten percent per day", "none", "a gift", "more than there is"],
)
def test_the_penalty_is_the_plugins_between_zero_and_the_score(late, rule, points):
    """The plugin beside the course's settings is asked with score and seconds; its answer is kept within bounds."""
    course = late(rule)
    (result,) = autograde("tiny", course, jobs=1).results
    assert penalty(course) == (5.0, points)
    assert result.repairs == ([f"handed in 48 h late: {points:g} points are taken off"] if points else [])


def test_the_penalty_follows_the_due_date_without_grading_again(late):
    """When the due date moves, the next run takes the penalty off, or puts it back, and says whose changed."""
    course, told = late(), Told()
    autograde("tiny", course, jobs=1)
    late.is_due("2026-12-20 10:00:00 UTC")
    assert autograde("tiny", course, jobs=1, watch=told).up_to_date == 1
    assert penalty(course) == (5.0, 0.0)
    assert told.lines == ["The late penalty changed, with the due date or the policy: ada."]
    late.is_due("2026-11-20 10:00:00 UTC")
    autograde("tiny", course, jobs=1, watch=told)
    assert penalty(course) == (5.0, 5.0)
    late.is_due(None)
    autograde("tiny", course, jobs=1, watch=told)
    assert penalty(course) == (5.0, 0.0)


def granted(course):
    """Grade the class, and let nbgrader grant Ada an extension beyond the time of handing in."""
    autograde("tiny", course, jobs=1)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.grant_extension("tiny", "ada", hours=49)
    return course


def test_an_extension_counts(late):
    """A student with an extension beyond the time of handing in loses nothing."""
    course = granted(late())
    autograde("tiny", course, jobs=1)
    assert penalty(course) == (5.0, 0.0)


def test_a_plugin_that_fails_is_one_line_and_no_grade(late):
    """The error of a TA's plugin names plugin and student; nothing is written that lacks its penalty."""
    course = late("1 / 0")
    (lost,) = autograde("tiny", course, jobs=1).problems
    told = "the late policy Policy fails for ada: ZeroDivisionError: division by zero. Fix it, then run again."
    assert lost.problem == told
    assert {cell.status for cell in lost.cells} == {"infrastructure"}
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.assignment_submissions("tiny") == []


def test_a_plugin_that_is_not_there_is_one_line(course, submit):
    """Settings that name a plugin which cannot be imported stop the command with a line."""
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write("c.AssignLatePenalties.plugin_class = 'no_such_module.Policy'\n")
    submit("ada")
    with pytest.raises(CourseError, match=r"late policy .*no_such_module"):
        autograde("tiny", Course(course.root), jobs=1)


# -- extensions.csv --------------------------------------------------------------------------------------------------


def extend(course, text):
    """Write the file that a TA edits."""
    (course.root / "extensions.csv").write_text(f"student,assignment,until\n{text}\n")


def seconds_late(course):
    """Read what nbgrader itself, and so formgrader, makes of Ada's submission."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        return gradebook.find_submission("tiny", "ada").total_seconds_late


@pytest.mark.parametrize(
    ("until", "hours"),
    [
        ("2026-11-22 09:00", 1.0),
        ("2026-11-22 10:00 UTC", 0.0),
        ("2026-11-22T12:00+02:00", 0.0),
        ("2026-11-21", 10.0 + 1 / 3600),
        ("2026-11-01", 48.0),
        ("", 48.0),
    ],
)
def test_an_extension_in_the_file_is_nbgraders(late, until, hours):
    """Seconds late are counted from the time in the file, in UTC where it has no zone; a day ends at its end."""
    course = late("total_seconds_late / 3600 / 24")
    extend(course, f"ada,tiny,{until}")
    autograde("tiny", course, jobs=1)
    assert seconds_late(course) == pytest.approx(hours * 3600)
    assert penalty(course)[1] == pytest.approx(hours / 24)


def test_a_changed_extension_takes_no_grading(late):
    """The file may change after grading: the next run adjusts the penalty, and an empty time takes it back."""
    course, told = late(), Told()
    autograde("tiny", course, jobs=1)
    extend(course, "ada,tiny,2026-11-23")
    assert autograde("tiny", course, jobs=1, watch=told).up_to_date == 1
    assert penalty(course) == (5.0, 0.0)
    assert told.lines == ["The late penalty changed, with the due date or the policy: ada."]
    extend(course, "ada,tiny,")
    autograde("tiny", course, jobs=1)
    assert penalty(course) == (5.0, 5.0)


def test_a_deleted_line_takes_its_extension_back(late):
    """Who had a line and has none now, or no file at all, is late again."""
    course = late()
    extend(course, "ada,tiny,2026-11-23")
    autograde("tiny", course, jobs=1)
    assert penalty(course) == (5.0, 0.0)
    (course.root / "extensions.csv").unlink()
    autograde("tiny", course, jobs=1)
    assert penalty(course) == (5.0, 5.0)


def test_an_extension_granted_otherwise_stands(late):
    """Who never had a line keeps what nbgrader granted."""
    course = granted(late())
    extend(course, "")
    autograde("tiny", course, jobs=1)
    assert penalty(course) == (5.0, 0.0)


def test_who_is_not_there_is_told(late):
    """A misspelt student or assignment is named, with what is meant perhaps, and nothing else is held up."""
    course, told = late(), Told()
    extend(course, "adda,tiny,2026-11-23\nada,tinny,2026-11-23")
    autograde("tiny", course, jobs=1, watch=told)
    assert "extensions.csv, line 2: there is no student adda. Did you mean ada?" in told.lines
    assert "extensions.csv, line 3: there is no assignment tinny. Did you mean tiny?" in told.lines
    assert penalty(course) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ada,tiny", r"line 2: a line is student,assignment,until, got 'ada,tiny'\.$"),
        ("ada,tiny,tomorrow", r"line 2: until must be a date or a time such as .*, got 'tomorrow'\.$"),
        ("ada,tiny,2026-11-23\nada,tiny,2026-11-24", r"line 3: ada and tiny are in line 2 already\.$"),
    ],
)
def test_a_line_that_is_none_stops_before_anything_is_graded(late, text, line):
    """The file, the line and the rule are named."""
    course = late()
    extend(course, text)
    with pytest.raises(CourseError, match=r"extensions\.csv, " + line):
        autograde("tiny", course, jobs=1)
    assert not (course.root / "autograded").exists()
