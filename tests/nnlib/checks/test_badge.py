"""The sign before a check's words: where people look, and nowhere else."""

import io

import pytest

from nnlib.checks import badge as module
from nnlib.checks.badge import badge


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch):
    """Let the environment be that of a terminal with colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_shows_a_tick_or_a_cross(tmp_path):
    """On a terminal what passes has a tick, what fails a cross, and the two differ without their colours."""
    assert "✓" in badge(True, Screen(), tmp_path)
    assert "✗" in badge(False, Screen(), tmp_path)


def test_a_students_notebook_shows_them(tmp_path, monkeypatch):
    """In a kernel at a student's desk the sign is there, though the stream is no terminal."""
    monkeypatch.setattr(module, "is_students", lambda folder: True)
    assert "✓" in badge(True, io.StringIO(), tmp_path)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), ("NBGRADER_VALIDATING", "1")])
def test_nothing_where_no_colours_are_wanted(tmp_path, monkeypatch, name, value):
    """NO_COLOR, a dumb terminal and nbgrader's Validate get the bare words."""
    monkeypatch.setenv(name, value)
    assert badge(True, Screen(), tmp_path) == ""


def test_nothing_in_a_file(tmp_path):
    """What is written to a file, by grading or by an author's notebook, stays the text that it was."""
    assert badge(False, io.StringIO(), tmp_path) == ""


def test_nothing_where_the_letters_are_lacking(tmp_path):
    """A terminal without the sign in its letters gets the words alone, and no error."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    stream.isatty = lambda: True
    assert badge(True, stream, tmp_path) == ""
