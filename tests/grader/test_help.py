"""Help shows how a command is used, and the shell completes names."""

import os
import shlex
import subprocess
import sys

import pytest
import typer.main
from click import Context

from grader import completion
from grader.cli import app

COMMANDS = typer.main.get_command(app).commands


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The files that the examples name, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("moodle.zip", "canvas.zip", "canvas.csv", "names.csv", "softmax-and-losses.ipynb"):
        (tmp_path / name).touch()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_that_parse(name, files):
    """The help of each command ends in one or two lines that can be typed as they are."""
    _, *lines = (COMMANDS[name].epilog or "").split("\n\n")
    assert 1 <= len(lines) <= 2
    for line in lines:
        grader, verb, *arguments = shlex.split(line.partition(" > ")[0])  # the shell takes the rest
        assert (grader, verb) == ("grader", name)
        assert len(line) <= 76
        COMMANDS[name].make_context(name, arguments)


@pytest.fixture
def context(tmp_path):
    """A command typed with a course that has one assignment and two students."""
    (tmp_path / "source" / "20-own").mkdir(parents=True)
    (tmp_path / "source" / "20-own" / "own.ipynb").touch()
    for student in ("ada", "bob"):
        (tmp_path / "submitted" / student).mkdir(parents=True)
    made = Context(COMMANDS["autograde"])
    made.params["course"] = tmp_path
    return made


def test_names_complete(context):
    """Assignments of the course and the project, and students who handed in, complete by their beginning."""
    assert completion.assignments(context, "20") == ["20-own"]
    assert "02-softmax-and-losses" in completion.assignments(context, "0")
    assert completion.students(context, "b") == ["bob"]
    assert completion.students(context, "") == ["ada", "bob"]


@pytest.mark.parametrize(
    ("shell", "typed"),
    [
        ("bash", {"COMP_WORDS": "grader verify 08", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "grader verify 08"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "grader verify 08", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_each_shell_is_answered(shell, typed):
    """What each shell's completion asks is answered with names, and the program that asks can be written out."""
    answers = [
        subprocess.run(
            [sys.executable, "-P", "-m", "grader"],
            env={**os.environ, **typed, "_GRADER_COMPLETE": what},
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        for what in (f"complete_{shell}", f"source_{shell}")
    ]
    assert "08-learning-rates-and-clipping" in answers[0]
    assert f"_GRADER_COMPLETE=complete_{shell}" in answers[1]
