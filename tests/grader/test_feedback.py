"""grader feedback: a page that goes wrong costs nobody else's, and a student's id is a name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.feedback import feedback

SLOW = """

import os, time
from grader.clean_html import Page
lay_out = Page.show

def show(page, text, *rest):
    if page.rich and "SLEEP" in text:
        time.sleep(600)
    if page.rich and "DIE" in text:
        os._exit(1)
    return lay_out(page, text, *rest)

Page.show = show
"""


@pytest.fixture
def pages(course):
    """Read the pages that are there, by student."""
    return lambda: {
        page.parent.parent.name: page.read_text(encoding="utf-8") for page in course.root.glob("feedback/*/tiny/*.html")
    }


def test_a_page_that_hangs_or_dies_is_written_plainly_and_named(cli, course, submit, pages):
    """Where laying out a page hangs or ends the process, that student is named and the page is plain; others' stay."""
    for student, why in {"ada": "*Yes.*", "bob": "SLEEP *now*", "cy": "DIE *now*", "dan": "*No.*"}.items():
        submit(student, why=why)
    assert cli("autograde", "tiny", "--course", course.root, "--jobs", 2)[0] == 0
    settings = course.root / "nbgrader_config.py"
    settings.write_text(settings.read_text(encoding="utf-8") + SLOW, encoding="utf-8")
    problems = feedback("tiny", course, jobs=2, seconds=8)
    assert problems == {
        "bob": "laying out the page took over 8 s; the page shows the work as it was typed instead.",
        "cy": "the process that laid out the page ended; the page shows the work as it was typed instead.",
    }
    written = pages()
    assert "<em>Yes.</em>" in written["ada"]
    assert "<em>No.</em>" in written["dan"]
    assert "SLEEP *now*" in written["bob"]
    assert "DIE *now*" in written["cy"]


def test_an_id_is_a_name_and_no_pattern(cli, course, submit, pages):
    """Folders whose names look like patterns get their own pages, and nobody else's."""
    students = ["ada", "*", "[ab]da", "a\nda", "(?P<a>)"]
    for number, student in enumerate(students):
        submit(student, why=f"mine-{number}")
    assert cli("autograde", "tiny", "--course", course.root, "--jobs", 1)[0] == 0
    code, _, told = cli("feedback", "tiny", "--course", course.root, "--jobs", 1)
    assert (code, told) == (0, "")
    written = pages()
    assert set(written) == set(students)
    for number, student in enumerate(students):
        assert re.findall(r"mine-\d", written[student]) == [f"mine-{number}"]


def test_nbgraders_command_writes_the_same_pages_and_options_choose(cli, course, submit, pages):
    """nbgrader generate_feedback goes the same way: ids are names, --student chooses, pages that are there stay."""
    for student in ("ada", "[ab]da", "a\nda"):
        submit(student, why=f"mine: {student}")
    assert cli("autograde", "tiny", "--course", course.root, "--jobs", 1)[0] == 0

    def nbgrader(*options: str) -> None:
        command = [str(Path(sys.executable).with_name("nbgrader")), "generate_feedback", "tiny", *options]
        done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr

    nbgrader("--student=[ab]da")
    assert set(pages()) == {"[ab]da"}
    page = course.root / "feedback" / "[ab]da" / "tiny" / "tiny.html"
    made = page.stat().st_ino
    nbgrader()
    assert set(pages()) == {"ada", "[ab]da", "a\nda"}
    assert page.stat().st_ino == made


def test_pages_of_some_students_are_written_alone(course, submit, cli):
    """--student names whose page is written; one who was not graded is a line, and no page is."""
    submit("ada")
    submit("bob")
    submit("cyd", data=b"%PDF")
    cli("autograde", "tiny", "--course", course.root)
    assert cli("feedback", "tiny", "--course", course.root, "--student", "bob")[::2] == (0, "")
    assert [path.parts[-3] for path in (course.root / "feedback").rglob("tiny.html")] == ["bob"]
    code, _, told = cli("feedback", "tiny", "--course", course.root, "--student", "nobody")
    assert (code, "nobody has no graded tiny. Grade it first: grader autograde tiny" in told) == (1, True)
    told = cli("feedback", "tiny", "--course", course.root, "--student", "bobb")[2]
    assert "bobb has no graded tiny. Did you mean bob?" in told
    told = cli("feedback", "tiny", "--course", course.root)[2]
    assert "No page, since nothing is graded: cyd. Why: grader autograde tiny" in told
