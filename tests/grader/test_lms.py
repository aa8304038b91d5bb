"""``nbgrader zip_collect`` itself, on downloads as learning platforms make them."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

ROSTER = [
    {"id": "adaeze", "first_name": "Adaeze", "last_name": "Obi", "lms_user_id": "501"},
    {"id": "jdoe", "first_name": "Jane", "last_name": "Döe", "email": "jane.doe@example.org"},
    {"id": "s1", "first_name": "Kim", "last_name": "Lee"},
    {"id": "s2", "first_name": "Kim", "last_name": "Lee"},
]


def zipped(contents: dict[str, bytes]) -> bytes:
    """Make a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for path, data in contents.items():
            made.writestr(path, data)
    return buffer.getvalue()


@pytest.fixture
def collect(course):
    """Put a platform's download into the course, run nbgrader zip_collect, return what it said and what lies where."""

    def run(archive: str | None, contents: dict[str, bytes], settings: str = ""):
        with Gradebook(course.db_url, course.course_id) as gradebook:
            for student in ROSTER:
                gradebook.update_or_create_student(student["id"], **{k: v for k, v in student.items() if k != "id"})
        with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(settings)
        place = course.root / "downloaded" / "tiny" / "archive"
        place.mkdir(parents=True, exist_ok=True)
        for path, data in ({archive: zipped(contents)} if archive else contents).items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(data)
        binary = Path(sys.executable).with_name("nbgrader")
        environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(course.root.parent)}
        ran = subprocess.run(
            [binary, "zip_collect", "tiny", "--force"], cwd=course.root, capture_output=True, text=True, env=environment
        )
        assert ran.returncode == 0, ran.stderr
        top = course.root / "submitted"
        found = {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}
        return found, ran.stderr

    return run


def test_canvas(collect):
    """Canvas: late and resubmitted notebooks, modules, a zip; the id by lms_user_id or name, else Canvas' own."""
    zip_of_work = zipped({"tiny/tiny.ipynb": b"kim", "tiny/utils.py": b"u", "__MACOSX/tiny/._tiny.ipynb": b"x"})
    found, said = collect(
        "submissions.zip",
        {
            "obiadaeze_501_1001_tiny.ipynb": b"ada",
            "obiadaeze_501_1002_utils-2.py": b"u",
            "doejane_LATE_502_1003_tiny-1.ipynb": b"jane",
            "leekim_503_1004_work.zip": zip_of_work,
            "unknown_504_1005_Tiny (1).ipynb": b"who",
        },
    )
    assert found == {
        "adaeze/tiny/tiny.ipynb": b"ada",
        "adaeze/tiny/utils.py": b"u",
        "jdoe/tiny/tiny.ipynb": b"jane",
        "503/tiny/tiny.ipynb": b"kim",  # there are two of this name
        "503/tiny/utils.py": b"u",
        "504/tiny/tiny.ipynb": b"who",
    }
    assert "unknown (504) is not in the roster" in said
    assert "jdoe: the platform marks this work as late and gives no time" in said
    assert "adaeze:" not in said


def test_moodle(collect):
    """Moodle: a folder a student, folders inside; the online text is none of the files."""
    found, _ = collect(
        "DL101-Tiny-77.zip",
        {
            "Jane Doe_901_assignsubmission_file_/tiny.ipynb": b"jane",
            "Jane Doe_901_assignsubmission_file_/data/a.csv": b"a",
            "Jane Doe_901_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
            "Adaeze Obi_902_assignsubmission_file_/work/tiny.ipynb": b"ada",
            "Adaeze Obi_902_assignsubmission_file_/work/utils.py": b"u",
            "Kim Lee_903_assignsubmission_file_tiny.ipynb": b"kim",
        },
    )
    assert found == {
        "jdoe/tiny/tiny.ipynb": b"jane",
        "jdoe/tiny/data/a.csv": b"a",
        "adaeze/tiny/tiny.ipynb": b"ada",
        "adaeze/tiny/utils.py": b"u",
        "903/tiny/tiny.ipynb": b"kim",
    }


def test_blackboard_and_brightspace(collect):
    """Both write the time, which becomes the timestamp; of two attempts the later one counts."""
    found, _ = collect(
        None,
        {
            "Tiny_jdoe_attempt_2026-01-30-15-00-00_tiny.ipynb": b"first",
            "Tiny_jdoe_attempt_2026-01-30-16-00-00_tiny.ipynb": b"second",
            "Tiny_jdoe_attempt_2026-01-30-16-00-00.txt": b"Name: Jane",
            "77-88 - Adaeze Obi - Jan 31, 2026 905 AM/tiny.ipynb": b"ada",
            "77-88 - Adaeze Obi - Jan 31, 2026 905 AM/utils.py": b"u",
        },
    )
    assert found == {
        "jdoe/tiny/tiny.ipynb": b"second",
        "jdoe/tiny/timestamp.txt": b"2026-01-30 16:00:00",
        "adaeze/tiny/tiny.ipynb": b"ada",
        "adaeze/tiny/utils.py": b"u",
        "adaeze/tiny/timestamp.txt": b"2026-01-31 09:05:00",
    }


def test_two_copies_are_both_kept(collect):
    """Two files that would get the same name are both collected; nbgrader would stop for the whole class."""
    found, _ = collect(
        None,
        {
            "doejane_1_10_tiny.ipynb": b"a", "doejane_1_11_tiny-1.ipynb": b"b",
            "obiadaeze_501_12_tiny (1).ipynb": b"c", "obiadaeze_501_13_tiny (2).ipynb": b"d",
            "leekim_3_14_x.txt": b"e", "leekim_LATE_3_15_x.txt": b"f",
        },
    )  # fmt: skip
    assert sorted(found.values()) == [b"a", b"b", b"c", b"d", b"e", b"f"]
    assert (found["jdoe/tiny/tiny.ipynb"], found["jdoe/tiny/tiny-1.ipynb"]) == (b"a", b"b")
    assert found["adaeze/tiny/tiny.ipynb"] == b"c"


def test_what_does_not_match_is_told(collect):
    """A name that no platform writes is skipped, named, and the way out is said; the others are collected."""
    found, said = collect(None, {"tiny.ipynb": b"x", "doejane_1_2_tiny.ipynb": b"jane"})
    assert found == {"jdoe/tiny/tiny.ipynb": b"jane"}
    assert "tiny.ipynb: the name does not look like one from Canvas, Moodle, Blackboard or Brightspace." in said


def test_an_id_that_is_a_path_is_refused(collect):
    """A user name made of dots leads nowhere."""
    found, _ = collect(None, {"Tiny_.._attempt_2026-01-30-15-00-00_tiny.ipynb": b"x"})
    assert found == {}


def test_a_pattern_of_the_courses_wins(collect):
    """A named_regexp in the settings is used as nbgrader uses it."""
    pattern = r"\nc.FileNameCollectorPlugin.named_regexp = r'.*/(?P<student_id>\w+)-(?P<file_id>\w+)\.ipynb'" "\n"
    found, _ = collect(None, {"bob-tiny.ipynb": b"bob", "bob-utils.py": b"u"}, pattern.replace(r"\n", "\n", 1))
    assert found == {"bob/tiny/tiny.ipynb": b"bob"}


def test_collected_work_is_graded(collect, course, hand_in, scores_in):
    """From the platform's zip to points."""
    from grader.batch import autograde

    collect("submissions.zip", {"doejane_LATE_1_2_tiny-1.ipynb": hand_in()})
    assert autograde("tiny", course, jobs=1).problems == []
    assert scores_in()["jdoe"]["test_double"][0] == 2.0
