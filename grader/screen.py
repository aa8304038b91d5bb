"""What the terminal shows: text made safe, progress, and results laid out for people."""

import sys
import textwrap
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from grader import vocabulary
from grader.harmless import harmless
from grader.history import Step
from grader.results import GradeResult, points, told
from grader.watch import Watch

if TYPE_CHECKING:  # it brings all of nbgrader
    from grader.similar import Pair
    from grader.verify import Verdict

SHOWN_PASSAGES, PASSAGE_LINES = 5, 8  # of a list of pairs
NAME_WIDTH = 20  # columns that an id takes in a table; a longer one goes on below
LOG_SECONDS = 30  # between two lines on how far a long command is
INDENT = 4  # columns of what is said below a line

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def show_what_the_terminal_can() -> None:
    """Let what the terminal's encoding lacks come out as an escape: a letter must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def plain(text: object) -> str:
    """Keep a student's text from being read as markup by rich, or as commands by the terminal."""
    return escape(harmless(text))


class Bar(Watch):
    """A bar with count, rate and time left, and lines above it; in a log, a line with the same every half minute."""

    def __init__(self, progress: Progress, what: str, json: bool = False, log: bool = False) -> None:
        self._progress, self._what, self._json, self._log = progress, what, json, log
        self._bar = progress.add_task(what, total=None, told="")
        self._done, self._total = 0, 0
        self._started = self._logged = time.monotonic()

    def start(self, total: int) -> None:
        self._total = total
        self._started = self._logged = time.monotonic()
        self._progress.update(self._bar, total=total)

    def step(self, result: GradeResult | None = None) -> None:
        if result is not None and self._json:
            print(result.to_json(with_student=True), flush=True)
        if result is not None and result.problem:
            self.say(f"{result.student}: {result.problem_line}")
        self._done += 1
        now = time.monotonic()
        told = _told(self._done, self._total, now - self._started)
        self._progress.update(self._bar, advance=1, told=told)
        if self._log and now - self._logged >= LOG_SECONDS and self._done < self._total:
            self._logged = now
            self.say(f"{self._what}: {told}")

    def say(self, line: str) -> None:
        self._progress.console.print(plain(line), soft_wrap=True)

    def name(self, what: str) -> None:
        """Say what is being done now, where one step of several takes long."""
        if self._log:
            self.say(f"{self._what} {what}")
        self._progress.update(self._bar, description=plain(what))


def _told(done: int, total: int, seconds: float) -> str:
    """How far it is, how many a second, or a minute where that is less than one, and the time left."""
    each = max(seconds / done, 1e-6)
    rate = f"{1 / each:.1f} per second" if each <= 1 else f"{60 / each:.1f} per minute"
    return f"{done:,} of {total:,}, {rate}, {timedelta(seconds=round(each * (total - done)))} left"


@contextmanager
def progress_bar(what: str, json: bool = False) -> Iterator[Bar]:
    """Show a bar on the error stream, lines in a log; with ``json`` neither, and each result on the output."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(12),  # so that all fits 80 columns beside an assignment's name
        TextColumn("{task.fields[told]}"),
    )
    hidden = json or not err.is_terminal  # in a log it would leave nothing but an empty line
    with Progress(*columns, console=err, disable=hidden, transient=True) as progress:
        yield Bar(progress, what, json, log=hidden and not json)


def class_table(results: list[GradeResult]) -> Table:
    """Lay out a class: who, how many points, what happened, and below it which mistakes have a name."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("student", max_width=NAME_WIDTH, overflow="fold")
    table.add_column("by tests", justify="right", no_wrap=True)
    table.add_column("what happened, and the mistakes that have a name", overflow="fold")
    for result in sorted(results, key=lambda result: result.student):
        score = f"{points(result.score)} / {points(result.points)}" if not result.problem else "—"
        exercises = defaultdict(list)
        for cell in result.cells:
            for found in cell.diagnosis:
                exercises[found.told].append(vocabulary.exercise_of(cell.grade_id))
        several = sum(cell.status not in ("passed", "manual") for cell in result.cells) > 1
        mistakes = (f"– {', '.join(of)}: {says}" if several else f"– {says}" for says, of in exercises.items())
        happened = [what_happened(result), *mistakes]
        table.add_row(plain(result.student), score, "\n".join(map(plain, happened)))
    return table


def profile_table(spent: Mapping[str, float], submissions: int, first: float, seconds: float) -> Table:
    """Lay out where the time went, by stage; ``first`` and ``seconds`` until the first verdict and the last."""
    title = f"{submissions} submissions in {seconds:.1f} s, the first after {first:.1f} s"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("where a submission's time went")
    for name in ("ms each", "share"):
        table.add_column(name, justify="right")
    total = sum(spent.values()) or 1.0
    for name, value in sorted(spent.items(), key=lambda pair: -pair[1]):
        table.add_row(name, f"{1000 * value / submissions:.1f}", f"{100 * value / total:.0f} %")
    return table


def history_table(steps: list[Step]) -> Table:
    """Lay out how one student's score in one assignment came about; the time is this machine's."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("when", "score"):
        table.add_column(title, no_wrap=True)
    for title in ("why", "what changed"):
        table.add_column(title, overflow="fold")
    for step in steps:
        when = f"{step.at.astimezone():%Y-%m-%d %H:%M}" if step.at else "since then"
        before = f"{points(step.before)} → " if step.before is not None and step.before != step.after else ""
        cells = [
            f"{name} {'–' if then is None else points(then)} → {points(now)}"
            for name, (then, now) in step.cells.items()
        ]
        score = f"{before}{points(step.after)} / {points(step.points)}"
        table.add_row(when, score, plain(step.why), plain(", ".join(cells)))
    return table


def pairs_table(pairs: "list[Pair]") -> Table:
    """Lay out pairs of students, the passages of the first few one above the other."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("students", max_width=NAME_WIDTH, overflow="fold")
    table.add_column("alike", justify="right", no_wrap=True)
    table.add_column("what", overflow="fold")
    for number, pair in enumerate(pairs):
        what = [plain(mistake) for mistake in pair.mistakes]
        if number < SHOWN_PASSAGES and pair.share:
            for student, passage in zip((pair.one, pair.other), pair.passage, strict=True):
                what += [f"[bold]{plain(student)}[/]:", *map(plain, passage.split("\n")[:PASSAGE_LINES])]
        share = f"{pair.share:.0%}" if pair.share else "–"
        table.add_row(f"{plain(pair.one)}\n{plain(pair.other)}", share, "\n".join(what))
    return table


def verdict_table(verdicts: "list[Verdict]", quick: bool) -> Table:
    """Lay out how fair assignments are, in 80 columns; a long name is broken at a hyphen, and no figure is."""
    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    of_mutants = [] if quick else ["mutants", "same"]
    for title in ("assignment", "tests", "caught", "named", "at once", "variants", *of_mutants, "s"):
        table.add_column(title, justify="left" if title == "assignment" else "right", no_wrap=True)
    for one in verdicts:
        mistakes = [f"{count}/{one.mistakes}" for count in (one.caught, one.named, one.seen_at_once)]
        table.add_row(
            "\n".join(textwrap.wrap(one.assignment, 34 if quick else 20)),
            str(one.tests),
            *mistakes,
            f"{one.accepted}/{one.variants}",
            *([] if quick else [f"{one.killed}/{one.mutants}", str(one.equivalent)]),
            f"{one.seconds:.0f}",
        )
    return table


def what_happened(result: GradeResult) -> str:
    """Say in a few words how a submission went."""
    if result.problem:
        return result.problem_line
    tested = [cell for cell in result.cells if cell.status != "manual"]
    parts = []
    for status in ("partial", "failed", "missing", "syntax", "timeout", "died"):
        names = [vocabulary.exercise_of(cell.grade_id) for cell in tested if cell.status == status]
        if names:
            parts.append(f"{told(status)}: {', '.join(names) if len(names) < 4 else f'{len(names)} of {len(tested)}'}")
    parts = parts or ["all passed"]
    shown, more = result.repairs[:3], len(result.repairs) - 3
    return "; ".join(parts + shown + ([f"{more} more repairs"] if more > 0 else []))


def print_result(result: GradeResult) -> None:
    """Print one submission's result for a person; what several exercises have in common is said once."""
    score = f"{points(result.score)} of {points(result.points)} points"
    out.print(f"[bold]{plain(result.assignment)}: {score}[/], {result.seconds:.1f} s", soft_wrap=True)
    for line in result.repairs:
        _below(f"repaired: {plain(line)}")
    scores = [
        f"{points(cell.points)} points" if cell.status == "manual" else f"{points(cell.score)} of {points(cell.points)}"
        for cell in result.cells
    ]
    width = max((len(told(cell.status)) for cell in result.cells), default=0)
    room = max(map(len, scores), default=0)
    faults: set[str] = set()
    for cell, score in zip(result.cells, scores, strict=True):
        color = {"passed": "green", "partial": "yellow", "manual": "dim"}.get(cell.status, "red")
        name = plain(vocabulary.exercise_of(cell.grade_id))
        out.print(f"[{color}]{told(cell.status):{width}}[/]  {score:>{room}}  {name}", soft_wrap=True)
        said = {cell.reason, ""} | faults
        if cell.reason and cell.status != "manual" and cell.reason not in faults:
            _below(plain(cell.reason))
        faults |= {cell.reason} if cell.status == "syntax" else set()
        for found in cell.diagnosis:
            _below(f"[bold]{plain(found.told)}[/]")
            _below(f"Hint: {plain(found.hint)}")
        if cell.status in ("missing", "syntax"):
            continue
        for test in cell.tests:
            if not test.passed:
                message = f" {test.message}" if test.message not in said else ""
                _below(f"✗ {plain(test.claim or test.name)}{plain(message)}")
                said.add(test.message)


def _below(text: str) -> None:
    """Print what belongs to the line above; as one line in a log, where programs look for it."""
    if out.is_terminal:
        out.print(Padding.indent(text, INDENT))
    else:
        out.print(f"{' ' * INDENT}{text}", soft_wrap=True)
