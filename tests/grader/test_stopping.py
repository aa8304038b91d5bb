"""A signal at any moment of writing leaves the old or the new, and nothing half made beside it."""

import os
import signal
import sys

import pytest

from grader.files import replace_folder, write_atomically
from grader.stopping import Stopped, stoppable

MODULES = ("grader.files", "grader.temporary", "grader.stopping", "contextlib", "tempfile", "weakref", "shutil")


def _stopped_at(step, work):
    """Do ``work`` and send SIGTERM before its line number ``step``; return whether it came to that line."""
    lines = 0

    def trace(frame, event, _):
        nonlocal lines
        if frame.f_globals.get("__name__") not in MODULES:
            return None
        if event == "line":
            lines += 1
            if lines == step:
                os.kill(os.getpid(), signal.SIGTERM)
        return trace

    tracing = sys.gettrace()
    try:
        with stoppable():
            sys.settrace(trace)
            try:
                work()
            finally:
                sys.settrace(tracing)
    except Stopped:
        pass
    return lines >= step


@pytest.mark.parametrize("before", [{}, {"a.txt": b"old", "deep/b.txt": b"old"}], ids=["first", "again"])
def test_a_signal_at_any_line_of_replacing_a_folder_leaves_nothing_beside_it(tmp_path, before):
    """A folder is the old one or the new one, whichever line of its replacement SIGTERM comes at."""
    after = {"a.txt": b"new", "deeper/c.txt": b"new"}
    step, seen = 1, set()
    while True:
        place = tmp_path / str(step)
        if before:
            replace_folder(place / "folder", before)
        reached = _stopped_at(step, lambda here=place: replace_folder(here / "folder", after))
        found = {
            str(path.relative_to(place / "folder")): path.read_bytes()
            for path in (place / "folder").rglob("*")
            if path.is_file()
        }
        assert found in (before, after), step
        assert [path.name for path in place.glob("*")] == ["folder"] * (place / "folder").exists(), step
        seen.add(tuple(found.values()))
        if not reached:
            break
        step += 1
    assert seen == {tuple(before.values()), tuple(after.values())}
    assert step > 50


def test_a_signal_at_any_line_of_writing_a_file_leaves_nothing_beside_it(tmp_path):
    """A file is the old one or the new one, whichever line of writing it SIGTERM comes at."""
    step, seen = 1, set()
    while True:
        place = tmp_path / str(step)
        write_atomically(place / "file", "old")
        reached = _stopped_at(step, lambda here=place: write_atomically(here / "file", "new"))
        seen.add((place / "file").read_text())
        assert [path.name for path in place.glob("*")] == ["file"], step
        if not reached:
            break
        step += 1
    assert seen == {"old", "new"}
    assert step > 10
