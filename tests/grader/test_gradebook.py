"""The writer of the gradebook: whole submissions or nothing, by nbgrader's own rules."""

from datetime import UTC, datetime

import numpy as np
import pytest
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import event

from grader.gradebook import GradebookWriter
from grader.results import CellResult, GradeResult

from .gradebooks import BOTH

pytestmark = BOTH


def result(student="ada", double=2.0, center=3.0, **more):
    """Make a result of the tiny assignment."""
    cells = [
        CellResult("test_double", double, 2.0, "passed"),
        CellResult("test_center", center, 3.0, "passed"),
        CellResult("why", 0.0, 4.0, "manual"),
    ]
    return GradeResult("tiny", student, cells, [], 0.1, **more)


@pytest.fixture
def write(course):
    """Write results, each through a gradebook opened anew."""

    def run(*results, **options):
        for one in results:
            with GradebookWriter(course.db_url, course.course_id) as writer:
                writer.write(one, ["tiny"], **options)

    return run


def test_scores_are_written_for_every_cell(write, scores_in):
    """Automatic scores stand in the gradebook; the written question waits for a person."""
    write(result(center=1.5))
    assert scores_in() == {
        "ada": {"test_double": (2.0, None, False), "test_center": (1.5, None, False), "why": (None, None, True)}
    }


def test_nbgraders_own_totals_agree(write, course):
    """What formgrader and export show is the sum of what was written."""
    write(result(double=1.25))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        submission = gradebook.find_submission("tiny", "ada")
        assert submission.score == 4.25
        assert submission.max_score == 9
        assert submission.needs_manual_grade


def test_an_error_in_the_middle_leaves_nothing(write, scores_in, course, monkeypatch):
    """A failure after some grades were set leaves neither grades nor the student behind."""
    real = GradebookWriter._write_cells

    def fails(self, *args):
        real(self, *args)
        raise OSError("disk full")

    monkeypatch.setattr(GradebookWriter, "_write_cells", fails)
    with pytest.raises(OSError, match="disk full"):
        write(result())
    assert scores_in() == {}
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.students == []


def test_an_error_in_the_middle_keeps_the_old_grades(write, scores_in, monkeypatch):
    """A failing regrade leaves the earlier grades as they were."""
    write(result())
    before = scores_in()
    real = GradebookWriter._write_cells

    def fails(self, *args):
        real(self, *args)
        raise KeyboardInterrupt

    monkeypatch.setattr(GradebookWriter, "_write_cells", fails)
    with pytest.raises(KeyboardInterrupt):
        write(result(double=0.0, center=0.0))
    assert scores_in() == before


def test_a_first_grading_writes_each_row_once(course):
    """A row goes to the database with all that it is to hold, and is not changed right after."""
    with GradebookWriter(course.db_url, course.course_id) as writer:
        said: list[str] = []
        event.listen(writer._gradebook.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        writer.write(result(), ["tiny"])
    verbs = [statement.split()[0] for statement in said]
    assert ([one for one in said if one.startswith("UPDATE")], "INSERT" in verbs) == ([], True)


def test_writer_goes_on_after_an_error(course, scores_in):
    """One submission that cannot be written does not spoil the next one's transaction."""
    with GradebookWriter(course.db_url, course.course_id) as writer:
        with pytest.raises(MissingEntry):
            writer.write(GradeResult("nowhere", "bob", [], [], 0.0), ["tiny"])
        writer.write(result(), ["tiny"])
    assert set(scores_in()) == {"ada"}


def test_stale_grades_are_reset(write, scores_in):
    """A regrade replaces every automatic score, lower ones included."""
    write(result(), result(double=0.5, center=0.0))
    assert scores_in()["ada"]["test_double"][0] == 0.5
    assert scores_in()["ada"]["test_center"][0] == 0.0


def test_no_verdict_means_no_points(write, scores_in):
    """A cell that the result does not mention loses its old score and waits for a person."""
    write(result())
    short = result()
    del short.cells[1]
    write(short)
    assert scores_in()["ada"]["test_center"] == (None, None, True)


def test_manual_scores_survive_and_are_flagged(write, scores_in, course):
    """What a TA decided stays after a regrade, comment included, and is marked for another look."""
    write(result())
    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.5, 0.5, False
        gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Well said."
        other = gradebook.find_grade("test_double", "tiny", "tiny", "ada")
        other.manual_score, other.needs_manual_grade = 1.0, False
        gradebook.db.commit()
    write(result(double=0.0))
    assert scores_in()["ada"]["why"] == (None, 3.5, True)
    assert scores_in()["ada"]["test_double"] == (0.0, 1.0, True)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment == "Well said."
        assert gradebook.find_grade("why", "tiny", "tiny", "ada").extra_credit == 0.5
        assert gradebook.find_submission("tiny", "ada").score == 3.5 + 0.5 + 1.0 + 3.0


def test_blank_answers_get_zero_at_once(write, scores_in, course):
    """An answer that was not touched gets 0 with a comment and needs nobody; written later, it waits again."""
    write(result(blank=["why"]))
    assert scores_in()["ada"]["why"] == (0.0, None, False)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.find_comment("why", "tiny", "tiny", "ada").comment == "No response."
    write(result())
    assert scores_in()["ada"]["why"] == (None, None, True)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.find_comment("why", "tiny", "tiny", "ada").comment is None


@pytest.mark.parametrize("student", ["sören müller", "李 雷", "o'brien; DROP TABLE student", "a" * 100, "😀"])
def test_ids_of_any_alphabet(write, scores_in, student):
    """A student's id may be any name a folder may have."""
    write(result(student))
    assert set(scores_in()) == {student}


def test_numpy_scores_become_floats(write, scores_in):
    """A score that is a NumPy number is stored as the number it is."""
    write(result(double=np.float64(0.1) + np.float64(0.2)))
    score = scores_in()["ada"]["test_double"][0]
    assert (type(score), score) == (float, 0.30000000000000004)


def test_time_of_handing_in_is_stored(write, course):
    """The timestamp is stored in UTC, whatever zone it came in; without one the old stays."""
    write(result(), submitted=datetime(2026, 11, 21, 10, tzinfo=UTC))
    write(result())
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.find_submission("tiny", "ada").timestamp == datetime(2026, 11, 21, 10)


def test_students_of_the_roster_keep_their_names(write, course):
    """A student already in the gradebook is not made anew."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.add_student("ada", first_name="Ada")
    write(result())
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.find_student("ada").first_name == "Ada"


def test_knows_what_was_released(course):
    """An assignment is known once it was released into the gradebook."""
    with GradebookWriter(course.db_url, course.course_id) as writer:
        assert writer.knows("tiny")
        assert not writer.knows("other")


@pytest.mark.gradebooks("sqlite")
def test_a_submissions_rows_are_found_by_index(course, write):
    """However many have handed in, no table is read whole for one of them; else a class costs its square."""
    write(result())
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        gradebook.index()
        asked: list[tuple[str, object]] = []

        def note(connection, cursor, statement, parameters, context, many):
            asked.append((statement, parameters))

        engine = gradebook._gradebook.engine
        event.listen(engine, "before_cursor_execute", note)
        gradebook.write(result(center=1.5), ["tiny"])
        event.remove(engine, "before_cursor_execute", note)
        with engine.connect() as connection:
            plans = [
                row[-1]
                for statement, parameters in asked
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
    large = ("grade", "comment", "submitted_notebook", "submitted_assignment", "base_cell")
    assert len(asked) > 3
    assert not [plan for plan in plans if plan in {f"SCAN {table}" for table in large}]
