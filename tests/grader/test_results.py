"""What people read of a result: words for each status, and points without figures that say nothing."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from grader import screen
from grader.history import Step
from grader.results import CellResult, Diagnosis, GradeResult, TestResult, points, told
from grader.similar import Pair
from grader.verify import Verdict

from .test_cli import STATUSES


def test_every_status_has_words():
    """Each status of the JSON is said to people in words of its own, none of them the machine's."""
    said = {status: told(status) for status in STATUSES}
    assert len(set(said.values())) == len(STATUSES)
    assert not {"timeout", "died", "manual", "infrastructure", "syntax"} & set(said.values())


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (-0.001, "0"), (3.0, "3"), (2.5, "2.5"), (2 / 3, "0.67"), (-1.5, "-1.5")]
    + [(100, "100"), (1234.5, "1234.5"), (0.1 + 0.2, "0.3"), (1e6, "1000000")],
)
def test_points_have_at_most_two_decimals(value, text):
    """Points are written with at most two decimals, no zeros at their end and no negative nothing."""
    assert points(value) == text


def test_nobody_reads_points_of_other_lengths():
    """No sentence writes points in another way, but those about what somebody typed and about equality."""
    folder = Path(screen.__file__).parent
    written = {
        (path.name, found)
        for path in folder.rglob("*.py")
        for found in re.findall(r"\{[^{}]*\b(?:score|points|most|extra)\b[^{}]*:[^{}]*g\}", path.read_text())
    }
    assert {name for name, _ in written} <= {"marking.py", "release.py", "toml_file.py"}, written
    for path in folder.rglob("*.html"):
        text = re.sub(r'(?:max|value)="\{\{.*?\}\}"', "", path.read_text())  # of fields to type in
        assert not re.search(r"%g|%f|round\(", text), path.name


def cell(name, status, reason="", tests=(), diagnosis=(), score=0.0):
    """One cell of two points."""
    return CellResult(f"test_{name}", score, 2.0, status, reason, list(tests), list(diagnosis))


RESULT = GradeResult(
    "02-softmax-and-losses",
    "x" * 70,
    [
        cell("softmax", "passed", score=2.0),
        cell("a" * 40, "syntax", "Syntax error in line 3 of the cell of a and b: no."),
        cell("b", "syntax", "Syntax error in line 3 of the cell of a and b: no."),
        cell("mae", "timeout", "mae did not end.", [TestResult(f"t{n}", False, "mae did not end.") for n in range(3)]),
        cell(
            "mse", "partial", diagnosis=[Diagnosis("mse", "The factor 2 is missing. " * 8, "Look. " * 30)], score=1 / 3
        ),
        cell("why", "manual"),
    ],
    ["a cell was put back"] * 9,
    1.0,
)


def shown(monkeypatch, show, terminal=True, width=80):
    """What is printed in a terminal, or a log, by its lines."""
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None, highlight=False)
    monkeypatch.setattr(screen, "out", console)
    show(console)
    return console.file.getvalue().splitlines()


LONG = "08-learning-rates-and-clipping-" * 3
VERDICT = Verdict(LONG, 83, 298, 298, 298, 298, 56, 56, 1024, 1024, 12, 1234.5, [])
NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
STEP = Step(NOW, 32 / 3, 100 / 3, 40.0, {LONG: (1 / 3, 2.0), "b": (None, 1.0)}, f"another hidden test of {LONG}")
PAIR = Pair("x" * 70, "y" * 70, 0.98, ("    z = 1; " * 30, "z = 2\n" * 30), ["The factor 2 is missing. " * 8])
TABLES = {
    "class_table": (screen.class_table([RESULT]), ("2.33 / 10", "did not finish: mae")),
    "verdict_table": (screen.verdict_table([VERDICT], quick=False), ("298/298", "1024/1024", "08-learning-rates- ")),
    "profile_table": (screen.profile_table({"a" * 50: 1.0, "b": 1e6}, 1234, 1e4, 1e5), ("810372.8", "100 %")),
    "history_table": (screen.history_table([STEP]), ("10.67 → 33.33 / 40", "0.33")),
    "pairs_table": (screen.pairs_table([PAIR] * 2), ("98%",)),
}


def test_every_table_is_tried_here():
    """Tables are made in one module, and each of them is among those that the next test looks at."""
    makers = {path.name for path in Path(screen.__file__).parent.rglob("*.py") if "rich.table" in path.read_text()}
    assert makers == {"screen.py"}
    assert set(TABLES) == {name for name in vars(screen) if name.endswith("_table")}


@pytest.mark.parametrize("name", TABLES)
def test_tables_fit_80_columns(monkeypatch, name):
    """No line of a table is wider than 80 columns, whatever a name's length, and no figure is cut short."""
    table, whole = TABLES[name]
    lines = [line.rstrip() for line in shown(monkeypatch, lambda console: console.print(table))]
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert all(figure in text for figure in whole), text
    assert "…" not in text


def test_a_check_fits_80_columns(monkeypatch):
    """The result of a check keeps to 80 columns, whatever a hint's length."""
    assert max(map(len, shown(monkeypatch, lambda _: screen.print_result(RESULT)))) <= 80


def test_people_read_words_and_each_once(monkeypatch):
    """check says statuses in words, a syntax error of several exercises once, and a test's reason once."""
    lines = shown(monkeypatch, lambda _: screen.print_result(RESULT), terminal=False)
    text = "\n".join(lines)
    assert text.count("Syntax error") == 1
    assert text.count("mae did not end") == 1
    flat = " ".join(text.split())
    assert all(row in flat for row in ("did not finish 0 of 2 mae", "partly right 0.33 of 2 mse"))
    assert "not yet graded 2 points why" in flat


def test_a_log_has_each_statement_in_one_line(monkeypatch):
    """Outside of a terminal nothing is wrapped, so that a program finds what it looks for."""
    lines = shown(monkeypatch, lambda _: screen.print_result(RESULT), terminal=False)
    assert any(line.endswith("Look.") and len(line) > 150 for line in map(str.rstrip, lines))


def test_a_syntax_error_is_in_the_table_of_a_class():
    """A submission with a syntax error is not told to have passed everything."""
    assert "syntax error: " in screen.what_happened(RESULT)


def test_a_mistake_is_told_with_its_exercise_where_several_lost_points(monkeypatch):
    """Which exercise a named mistake is in is said, unless there is one only."""
    mistaken = cell("mse", "failed", diagnosis=[Diagnosis("mse", "The factor 2 is missing.", "Look.")])
    for more, line in ([], "– The factor 2 is missing."), ([cell("mae", "failed")], "– mse: The factor 2 is missing."):
        result = GradeResult("02-softmax-and-losses", "ada", [mistaken, *more], [], 1.0)
        table = screen.class_table([result])
        assert line in "\n".join(map(str.strip, shown(monkeypatch, lambda console, what=table: console.print(what))))


def test_a_log_tells_how_far_a_long_command_is(monkeypatch):
    """Outside of a terminal a line every half minute has count, rate and time left; a short command writes none."""
    now = [0.0]
    console = Console(file=io.StringIO(), force_terminal=False)
    monkeypatch.setattr(screen, "err", console)
    monkeypatch.setattr(screen.time, "monotonic", lambda: now[0])
    with screen.progress_bar("Grading") as watch:
        watch.start(100)
        for _ in range(40):
            now[0] += 2.0
            watch.step()
    assert console.file.getvalue().splitlines() == [
        "Grading: 15 of 100, 30.0 per minute, 0:02:50 left",
        "Grading: 30 of 100, 30.0 per minute, 0:02:20 left",
    ]


def test_a_bar_tells_nothing_before_it_knows(monkeypatch):
    """Before the first step there is a name and a bar, then count, rate and time left, within 80 columns."""
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    monkeypatch.setattr(screen, "err", console)
    with screen.progress_bar("Writing feedback") as watch:
        watch._progress.refresh()
        before = console.file.getvalue()
        watch.start(10_000)
        watch.step()
        watch._progress.refresh()
        after = console.file.getvalue()[len(before) :]
    assert "left" not in before
    assert "/?" not in before
    assert re.search(r"1 of 10,000, [\d.]+ per second, 0:\d\d:\d\d left", after)
