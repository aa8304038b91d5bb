"""What a student hands in cannot keep its own verdict from being given, nor anybody else's, in this run or the next."""

import contextlib
import importlib
import io
import json
import os
import socket
import types
import zipfile

import msgspec
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from grader import guard, reading
from grader.batch import autograde
from grader.grading import NotGraded, grade_submission
from grader.hidden import Local, _copies, differ, run_test
from grader.hidden_test import HiddenTest, ModuleData
from grader.intake.submission import Submission
from grader.pool import Graders
from grader.reading import Refused, read_notebook
from grader.results import LONGEST_LINE, MOST_LINES, short_lines
from grader.sandbox import channel
from grader.sandbox.channel import Channel, ChannelError
from grader.sandbox.messages import Reply
from grader.sandbox.warm import Lost
from nnlib.checks import CheckFailed, assert_close


def hidden(function):
    """Make a hidden test of a function."""
    return HiddenTest("test_double", "test_double", "It doubles.", 1.0, function, ModuleData(types.ModuleType("tests")))


def with_cells(data: bytes, item: str, count: int) -> bytes:
    """Put many copies of one thing, as JSON, before a submission's cells."""
    head, mark, tail = data.decode().partition('"cells": [')
    return (head + mark + ",".join([item] * count) + "," + tail).encode()


# -- a submission that is too much is refused in one line ----------------------------------


@pytest.mark.parametrize("item", ["0", "{}", '{"cell_type":"raw"}', '{"cell_type":"code","source":"1"}'])
def test_too_many_cells_are_refused(engine, hand_in, item):
    """A notebook of more cells than anybody writes is refused in one short line, whatever the cells are."""
    with pytest.raises(Refused, match=r"at most 5,000 cells are allowed, got 300,0\d\d") as refused:
        engine.grade(with_cells(hand_in(), item, 300_000))
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("body", ["[" * 30, "0," * 30, '{"a":0},' * 30])
def test_values_are_counted_before_they_are_made(monkeypatch, body):
    """A file of too many values is refused by its commas and brackets, before there is an object for each."""
    monkeypatch.setattr(reading, "MOST_VALUES", 20)
    monkeypatch.setattr(reading.json, "loads", lambda text: pytest.fail("it was parsed"))
    with pytest.raises(Refused, match="more than 20 values"):
        read_notebook(body.encode(), "x.ipynb")


def test_what_was_mended_is_counted(engine, hand_in):
    """Thousands of things that are repaired alike are one line, which the record and the page can hold."""

    def edit(notebook):
        notebook.cells.append(nbformat.v4.new_markdown_cell("x"))
        notebook.cells[-1].attachments = {f"p{i}" * 500: {"text/html": "x"} for i in range(5000)}

    result = engine.grade(with_cells(hand_in(edit), "0", 1234))
    assert "1,234 things that are not cells were left out" in result.repairs
    assert any(line.endswith("and 4,995 more is not a picture that a page can show; it was left out")
               for line in result.repairs)  # fmt: skip
    assert result.score == result.points
    assert len(result.to_json()) < 10_000


def test_lines_are_short_and_few():
    """What is told of a submission is cut, said once, and counted."""
    lines = short_lines(["x" * 10**6, *["the same"] * 500, *map(str, range(1000))])
    assert len(lines[0]) <= LONGEST_LINE + 2
    assert lines[1] == "the same (×500)"
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "and 962 more lines"


@pytest.mark.parametrize("version", ["9" * 4000, "1e400", "true", "-4", "null", '"4"', "[4]"])
def test_odd_format_numbers_are_one_short_line(engine, hand_in, version):
    """A format that is no small number is refused, and the number is not printed at length."""
    data = hand_in().decode().replace('"nbformat": 4', f'"nbformat": {version}').encode()
    with pytest.raises(Refused) as refused:
        engine.grade(data)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("error", [guard.Overran(), MemoryError(), RecursionError(), KeyError("x"), TypeError("x")])
@pytest.mark.parametrize("step", ["repair", "blank_cells"])
def test_reading_and_writing_end_in_a_line(engine, hand_in, monkeypatch, error, step):
    """What fails by a submission's bytes alone would fail at every run: it is that submission's, in one line."""

    def fails(*args, **kwargs):
        raise error

    monkeypatch.setattr(f"grader.engine.{step}", fails)
    with pytest.raises(Refused, match=r"tiny.ipynb: (reading|writing) it (took over|ended in)"):
        grade_submission([engine], Submission("ada", {"tiny.ipynb": hand_in()}))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Lost("gone"), ImportError("numpy")])
def test_our_own_failures_are_no_verdict(engine, hand_in, monkeypatch, error):
    """A full disk, a lost process or a fault of ours while cells or tests run is no zero and no refusal."""

    def fails(*args, **kwargs):
        raise error

    monkeypatch.setattr("grader.engine.run_cells", fails)
    with pytest.raises(NotGraded):
        grade_submission([engine], Submission("ada", {"tiny.ipynb": hand_in()}))
    monkeypatch.undo()
    if not isinstance(error, ImportError):
        monkeypatch.setattr("grader.hidden.call_with_fixtures", fails)
        with pytest.raises(NotGraded):
            grade_submission([engine], Submission("ada", {"tiny.ipynb": hand_in()}))


def test_a_clock_is_not_taken_for_a_failure(monkeypatch):
    """A step that catches every exception does not swallow the clock."""
    monkeypatch.setattr(guard, "CPU_SECONDS", 0.2)

    def stubborn():
        with guard.bounded("x.ipynb", "reading"):
            while True:
                try:
                    sum(range(1000))
                except Exception:
                    continue

    with pytest.raises(Refused, match=r"took over 0\.2 s"):
        stubborn()


@pytest.mark.parametrize(
    "deep", ["[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, "[" * 10**6], ids=["lists", "dicts", "endless"]
)
@pytest.mark.parametrize("place", ["source", "attachments", "metadata", "outputs"])
def test_deep_json_is_read_or_refused(engine, hand_in, deep, place):
    """Nesting as deep as the reader goes, wherever it stands, ends in a verdict or a refusal."""
    data = with_cells(hand_in(), f'{{"cell_type": "markdown", "{place}": {deep}}}', 1)
    with contextlib.suppress(Refused):
        result = grade_submission([engine], Submission("ada", {"tiny.ipynb": data}))
        assert result.score == result.points


def test_a_cell_of_wide_letters_fits_a_message(engine, hand_in):
    """A cell's text is measured as it travels to the sandbox: emoji take four bytes each."""
    data = hand_in(lambda notebook: notebook.cells.append(new_code_cell("#" + "🙂" * (reading.MAX_CELL // 4))))
    with pytest.raises(Refused, match="16 MB of text"):
        grade_submission([engine], Submission("ada", {"tiny.ipynb": data}))


def test_an_escaped_link_is_found(engine):
    """A picture whose name is all backslashes is looked for in one walk: with a pattern this took forever."""
    name = "\\" * 200
    cell = {"cell_type": "markdown", "metadata": {}, "source": "attachment:" + "\\" * 301 + "x",
            "attachments": {name: {"image/png": "aGk="}, "a_b c": {"image/png": "aGk="}}}  # fmt: skip
    cell["source"] += r" ![](attachment:a\_b\ c) ![](attachment:a_b%20c) ![](attachment:a_b) ![](attachment:a_b c)"
    notebook, _ = read_notebook(json.dumps({"nbformat": 4, "cells": [cell]}).encode(), "x")
    assert notebook.cells[0].source.endswith(
        r" ![](missing-attachment:a\_b\ c) ![](attachment:a_b%20c) ![](missing-attachment:a_b) ![](attachment:a_b c)"
    )


# -- what a function returns ends in that test's verdict ----------------------------------


@pytest.mark.parametrize(
    "error",
    [MemoryError(), ChannelError("odd"), RecursionError(), UnicodeError(), OverflowError(), ValueError(), KeyError()],
)
@pytest.mark.parametrize("place", ["call_with_fixtures", "differ", "describe_error"])
def test_what_cannot_be_looked_at_is_a_verdict(monkeypatch, error, place):
    """An exception that a student's data cause in our code is that test's failure, wherever it comes up."""

    def fails(*args, **kwargs):
        raise error

    def double(x):
        if place == "describe_error":
            raise KeyError
        return 3 * x

    monkeypatch.setattr(f"grader.hidden.{place}", fails)
    run = run_test(hidden(lambda student: assert_close(student.double(1.0), 2.0)), Local({"double": double}))
    assert not run.passed
    assert run.message


@pytest.mark.parametrize("place", ["call_with_fixtures", "differ", "_copies"])
def test_a_clock_is_a_timeout(monkeypatch, place):
    """Time that runs out while a result is looked at is that test's verdict, wherever it does."""

    def fails(*args, **kwargs):
        raise guard.Overran

    monkeypatch.setattr(f"grader.hidden.{place}", fails)
    run = run_test(hidden(lambda student: assert_close(student.double(1.0), 2.0)), Local({"double": lambda x: 3 * x}))
    assert (run.passed, run.cause) == (False, "timeout")
    assert "took too long" in run.message


def test_many_strings_beside_a_long_text_get_their_verdict(cells):
    """A result of hundreds of thousands of strings, beside megabytes of comments, is judged at the first run."""
    answer = "def double(x):\n    return ['the loss', [str(i) * 3 for i in range(900_000)]]\n#" + "x" * 15_000_000
    verdict = cells(double=answer)["test_double"]
    assert not verdict.tests[0].passed
    assert verdict.status in ("failed", "timeout", "partial")  # a fast machine asks the second test in time, too


def test_strings_are_not_quoted():
    """A string that a function put into its argument is not quoted."""

    def into_its_argument(values):
        values["w"] = "leaked"

    def test(student):
        values = {"w": 1.0}
        student.double(values)
        assert_close(values["w"], 2.0)

    test.in_place = True  # such a test is not repeated with an argument of its own
    run = run_test(hidden(test), Local({"double": into_its_argument}))
    assert "string" in run.message
    assert "leaked" not in run.message


def test_a_message_is_cut():
    """However long a test's own words get by what was returned, the report holds some of them."""

    def test(student):
        raise CheckFailed(f"got {student.double()}")

    assert len(run_test(hidden(test), Local({"double": lambda: "x" * 10**6})).message) <= 1000


def test_the_name_of_an_error_is_cut(cells):
    """An exception whose name has 300,000 letters ends in a short reason."""
    attack = "raise type('E' * 300_000, (Exception,), {})('x' * 300_000)\ndef double(x): return x"
    verdict = cells(double=attack)["test_double"]
    assert verdict.score == 0
    assert len(verdict.reason) < 300


# -- a change of an input is seen ----------------------------------

ONES = np.ones(4)
CHANGES = {
    "other numbers": (ONES, 2 * ONES),
    "the same bytes as integers": (ONES, ONES.view(np.int64)),
    "the same bytes in another shape": (ONES, ONES.reshape(2, 2)),
    "a sign of zero": (np.zeros(2), -np.zeros(2)),
    "NumPy scalars": ([np.float64(1)], [np.float64(2)]),
    "another NumPy type": ([np.float64(1)], [np.int64(1)]),
    "an integer's bytes": ([np.float64(1)], [np.float64(1).view(np.int64)]),
    "complex": ([1j], [2j]),
    "bytes": ([b"a"], [b"b"]),
    "no number any more": ([float("nan")], [1.0]),
    "not a number": ([1.0], [float("nan")]),
    "minus zero": ([0.0], [-0.0]),
    "truth": ([1], [True]),
    "None": ([1], [None]),
    "another key": ({1: 2}, {True: 2}),
    "order": ({1: 2, 3: 4}, {3: 4, 1: 2}),
    "a tuple": ([1], (1,)),
    "an array for a number": ([1.0], [np.array(1.0)]),
    "objects": ([object()], [object()]),
    "deep": ({"a": [{"b": (ONES,)}]}, {"a": [{"b": (ONES.view(np.uint64),)}]}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(change):
    """Whatever an argument is made into, it is no longer taken for what it was; a copy of it is."""
    before, after = CHANGES[change]
    assert differ(before, after)
    if change != "objects":
        assert not differ(before, _copies(before))
        assert not differ(after, _copies(after))


@pytest.mark.parametrize("spoil", ["view(np.int64)", "reshape(1, -1)", "astype(complex)", "copy() * 0"])
def test_a_spoilt_input_earns_nothing(cells, spoil):
    """A function that spoils its input, so that what is expected of it is made from the spoilt one, gains nothing."""
    answer = f"def double(x):\n    x[...] = 0\n    y = x.{spoil}\n    return np.zeros(x.shape)"
    assert cells(double=answer)["test_double"].score < 2


# -- messages of a process ----------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None, True, 1, -1, 200, -200, 2**15, 2**31, 2**63 - 1, -(2**63), 1.5, "", "x" * 31, "x" * 32, "x" * 300,
        "x" * 70_000, b"", b"x" * 300, b"x" * 70_000, [], [1] * 15, [1] * 16, [[]] * 70_000, {}, {"a": 1},
        {str(i): i for i in range(20)}, {str(i): [i] for i in range(70_000)}, [{"a": [b"x", None]}, "é" * 50],
    ],
)  # fmt: skip
def test_parts_are_counted_as_msgpack_has_them(value):
    """The parts of a message are as many as its values, whatever the lengths of strings and bytes between them."""

    def count(one):
        if isinstance(one, list):
            return 1 + sum(map(count, one))
        return 1 + sum(count(key) + count(item) for key, item in one.items()) if isinstance(one, dict) else 1

    data = bytearray(msgspec.msgpack.encode(value))
    assert channel._has_at_most(count(value), data)
    assert not channel._has_at_most(count(value) - 1, data)


@pytest.mark.parametrize("part", [b"\xc0", b"\x90", b"\x93\xa1l\x90\xc2", b"\x81\xa4kind\xa1x"])
def test_messages_of_millions_of_parts_are_refused(part):
    """A message of tens of megabytes of small parts is refused before there is an object for each."""
    ours, theirs = socket.socketpair()
    count = 40 * 2**20 // len(part)
    body = b"\x83\xa4type\xa8returned\xa5value\x93\xa1l\xdd" + count.to_bytes(4, "big") + part * count + b"\xc2"
    with ours, theirs, pytest.MonkeyPatch.context() as patch:
        end = Channel(ours, Reply)
        patch.setattr(end, "_decoder", None)  # it must not be asked
        end._part, end._have, end._in_body = bytearray(body), len(body), True
        with pytest.raises(ChannelError, match="more than 5,000,000 parts"):
            end.receive()


# -- nobody else loses by it ----------------------------------


def zipped(**files: bytes) -> bytes:
    """Make a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for path, data in files.items():
            made.writestr(path, data)
    return buffer.getvalue()


@pytest.mark.parametrize("error", [MemoryError(), ValueError("embedded null byte")])
@pytest.mark.parametrize("place", ["grader.batch.read_submission", "grader.records.replace_folder"])
def test_one_submission_ends_no_others(course, submit, monkeypatch, error, place):
    """Whatever the writing process meets in one submission, the class goes on, in this run and in the next."""
    module, name = place.rsplit(".", 1)
    real = getattr(importlib.import_module(module), name)

    def fails(*args):
        if "mallory" in str(args[:2]):
            raise error
        return real(*args)

    monkeypatch.setattr(place, fails)
    for student in ("ada", "mallory", "zoe"):
        submit(student)
    with Graders(course.assignment("tiny"), 1) as graders:
        summary = autograde("tiny", course, graders=lambda *_: graders)
        assert {result.student: result.score for result in summary.results} == {"ada": 5, "mallory": 0, "zoe": 5}
        assert [problem.student for problem in summary.problems] == ["mallory"]
        again = autograde("tiny", course, graders=lambda *_: graders)
        assert [problem.student for problem in again.problems] == ["mallory"]
        assert again.up_to_date == 2
        monkeypatch.undo()
        assert [result.score for result in autograde("tiny", course, graders=lambda *_: graders).results] == [5]


def test_hostile_submissions_among_honest_ones(course, submit, hand_in, scores_in):
    """A class with submissions of nasty sizes is graded whole: each hostile one is a verdict or one short line."""
    folder = submit("sparse")
    with (folder / "huge.bin").open("wb") as file:
        os.truncate(file.fileno(), 10 * 2**30)
    folder = submit("files")
    for number in range(1500):
        (folder / f"f{number}.txt").write_bytes(b"x")
    submit("zeros", with_cells(hand_in(), "0", 3_000_000))
    submit("cells", with_cells(hand_in(), '{"cell_type":"raw"}', 150_000))
    output = '{"output_type":"stream","name":"stdout","text":"x"}'
    code = f'{{"cell_type":"code","metadata":{{}},"source":"1","outputs":[{",".join([output] * 100_000)}]}}'
    submit("outputs", with_cells(hand_in(), code, 1))
    submit("newlines", hand_in(lambda notebook: notebook.cells.append(new_code_cell("\n" * 199_000))))
    submit("functions", hand_in(lambda notebook: notebook.cells.append(
        new_code_cell("".join(f"def f{i}():0\n" for i in range(12_000))))))  # fmt: skip
    twice = hand_in().rstrip()[:-1] + b', "cells": ' + json.dumps(json.loads(hand_in())["cells"]).encode() + b"}"
    submit("twice", twice)
    names = {"a": b"1", "a/b": b"2", "x" * 300: b"3", "y/" * 3000 + "z": b"4", "tiny.ipynb/z.py": b"5", "./c//d": b"6",
             "e" + "-1" * 30_000 + ".py": b"7"}  # fmt: skip
    submit("names").joinpath("work.zip").write_bytes(zipped(**names))
    submit("ada")
    summary = autograde("tiny", course, jobs=2)
    scores = {result.student: result.score for result in summary.results if not result.problem}
    refused = {"zeros", "cells"}
    assert scores == dict.fromkeys({"sparse", "files", "outputs", "newlines", "functions", "twice", "names", "ada"}, 5)
    assert {problem.student for problem in summary.problems} == refused
    assert all(len(result.to_json()) < 20_000 for result in summary.results)
    records = list((course.root / ".grader" / "tiny").glob("*.json"))
    assert all(record.stat().st_size < 40_000 for record in records)
    again = autograde("tiny", course, jobs=1)
    assert again.up_to_date == len(scores)
    assert {problem.student for problem in again.problems} == refused
