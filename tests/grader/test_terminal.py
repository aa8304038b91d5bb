"""No name that a student chose commands the terminal or forges a line, by whatever command it is shown."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.harmless import harmless, make_logs_harmless

from . import tiny

ORDER = "\x1b]0;OWNED\x07\x1b[2J\x9b2J\u202e\u2066\u2028"
FORGED = "\nzed: 5 of 5 points"
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


@pytest.fixture
def nasty(course, submit):
    """A class in which ids, file names, grade ids and errors carry orders to the terminal."""
    submit("ada")
    folder = submit("eve", double=f"class Odd(Exception): pass\nOdd.__name__ = {ORDER!r}\nraise Odd({ORDER!r})")
    (folder / f"a{ORDER}.txt").write_text("")
    (folder / f"b{FORGED}\n.py").write_text("")
    (folder / f"{ORDER}.so").write_text("")
    submit(f"e{ORDER}")
    submit(f"f{FORGED}")
    cell = new_code_cell("1", metadata=tiny.about(ORDER + FORGED, solution=True))
    submit("other", data=nbformat.writes(new_notebook(cells=[cell])).encode())
    folder = course.root / "submitted" / "none" / "tiny"
    folder.mkdir(parents=True)
    (folder / f"c{ORDER}{FORGED}.pdf").write_text("")
    (folder / f"d{FORGED}.zip").write_text("no archive")
    (course.root / "submitted" / f"g{ORDER}.ipynb").write_text("{}")
    return course


def run(course, name, *arguments):
    """Run a command in the course folder; return all bytes that it printed, as text."""
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(course.root.parent), "PYTHONUTF8": "1"}
    command = [Path(sys.executable).with_name(name), *map(str, arguments)]
    done = subprocess.run(command, cwd=course.root, capture_output=True, env=environment)
    return done.stdout.decode(), done.stderr.decode()


def is_clean(text):
    """Whether nothing in it commands a terminal, and no line is forged."""
    return not COMMANDS.search(text) and not re.search("^zed: ", text, re.MULTILINE)


def test_grader_prints_no_orders(nasty):
    """autograde, its JSON, feedback and check show such names with marks in the place of orders."""
    folder = nasty.root / "submitted"
    for arguments in (
        ("autograde", "tiny"),
        ("autograde", "tiny", "--force", "--json", "--jobs", "1"),
        ("feedback", "tiny"),
        ("check", folder / "none" / "tiny", "--assignment", "tiny", "--course", "."),
        ("check", folder / "eve" / "tiny", "--course", "."),
        ("check", folder / "eve" / "tiny", "--course", ".", "--json"),
        ("check", folder / "other" / "tiny" / "tiny.ipynb", "--course", "."),
    ):
        out, err = run(nasty, "grader", *arguments)
        assert is_clean(out), arguments
        assert is_clean(err), arguments
        assert "Traceback" not in err
        if "--json" in arguments:
            found = [json.loads(line) for line in out.splitlines()]
            assert any("cells" in one for one in found)


def test_nbgrader_prints_no_orders(nasty):
    """nbgrader's commands log file names and ids; what is shown of them orders nothing."""
    for arguments in (("autograde", "tiny"), ("generate_feedback", "tiny", "--debug")):
        out, err = run(nasty, "nbgrader", *arguments)
        err = re.sub(r"\x1b\[\d+m", "", err)  # nbgrader's own colours
        assert is_clean(out), arguments
        assert is_clean(err), arguments


def test_logs_are_harmless(caplog):
    """A record's arguments, its text and its traceback are harmless, whichever handler shows it."""
    make_logs_harmless()
    make_logs_harmless()
    caplog.set_level(logging.INFO)
    log = logging.getLogger("some.library")
    log.info("Copying %s", f"a{ORDER}{FORGED}")
    log.info("%s is not enough: %s")
    try:
        raise ValueError(ORDER + FORGED)
    except ValueError:
        log.exception("failed")
    assert is_clean(caplog.text)
    assert "    zed: 5 of 5 points" in caplog.text


@pytest.mark.parametrize("text", ["a plain line", "ça va: µ ≤ σ² – 你好", "one\n", "\ta"])
def test_honest_text_stays(text):
    """Letters of any writing stay as they are."""
    assert harmless(text) == text.rstrip("\n")


def test_ids_that_are_patterns(course, submit, scores_in):
    """A student called [a] is graded by that name alone, through nbgrader's option, too; * is all."""
    for student in ("a", "[a]", "-rf", "x" * 200, "CON", "b c"):
        submit(student)
    run(course, "nbgrader", "autograde", "tiny", "--student=[a]")
    assert set(scores_in()) == {"[a]"}
    submit("*")
    out, err = run(course, "grader", "autograde", "tiny", "--student", "*")
    assert set(scores_in()) == {"[a]", "*"}, out + err
    run(course, "nbgrader", "autograde", "tiny")
    assert set(scores_in()) == {"a", "[a]", "-rf", "x" * 200, "CON", "b c", "*"}
