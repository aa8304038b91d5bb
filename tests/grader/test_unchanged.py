"""A release that would come out the same is kept, and made anew where anything it is made from changed."""

import pytest

from grader import unchanged
from grader.course import Course
from grader.release import release
from grader.sandbox import environment


@pytest.fixture
def released(course):
    """The tiny assignment, released with a note of what it was made from; returns what a second release does."""
    made = release("tiny", course)

    def again():
        before, told = made.archive.stat().st_mtime_ns, []
        release("tiny", Course(course.root), told.append, force=False)  # as a new command reads the settings
        kept = made.archive.exists() and made.archive.stat().st_mtime_ns == before
        assert kept == (told == ["tiny is unchanged since it was released."])
        return kept

    return made, again


def test_an_unchanged_release_is_kept(released):
    """Nothing is written, and a line says so."""
    _, again = released
    assert again()
    assert again()


def append(path, text="\n"):
    """Change a file."""
    path.write_text(path.read_text() + text)


CHANGES = {
    "an exercise": lambda course, made: append(course.own_source / "tiny" / "exercises" / "double.py"),
    "the notebook": lambda course, made: append(course.own_source / "tiny" / "tiny.ipynb"),
    "a new data file": lambda course, made: (course.own_source / "tiny" / "data.csv").write_text("1"),
    "the settings": lambda course, made: append(course.root / "nbgrader_config.py", "c.ClearSolutions.x = 1\n"),
    "a file of the release": lambda course, made: append(made.folder / "README.md"),
    "a released file that is gone": lambda course, made: (made.folder / "tiny.ipynb").unlink(),
    "the frozen cases in the release": lambda course, made: append(made.folder / "public_cases.json"),
    "the zip": lambda course, made: made.archive.write_bytes(b"PK"),
    "the gradebook": lambda course, made: (course.root / "gradebook.db").rename(course.root / "moved.db"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_it_anew(course, released, change):
    """Whatever a release is made from, or consists of, is looked at."""
    made, again = released
    change(course, made)
    assert not again()
    assert again()


def test_another_version_of_a_package_makes_it_anew(released, monkeypatch):
    """The release's requirements name the versions that were there."""
    _, again = released
    monkeypatch.setattr(unchanged, "distributions", lambda asked: environment.distributions(asked)[1:])
    assert not again()
    assert again()


def test_all_are_released_and_one_that_fails_stops_no_other(course, cli):
    """``--all`` says of each what came of it; a broken assignment is a line, and the exit code is 1."""
    broken = course.own_source / "broken"
    broken.mkdir()
    (broken / "assignment.toml").write_text("titel = 1\n")
    (broken / "broken.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    code, said, complained = cli("release", "--all", "--course", course.root)
    assert code == 1
    assert "release/tiny.zip" in said.replace("\n", "")
    assert "broken: " in complained
    assert cli("release", "--course", course.root)[0] == 2
