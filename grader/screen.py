"""What the terminal shows: text made safe, progress, and results laid out for people."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from grader import vocabulary
from grader.harmless import harmless
from grader.history import Step
from grader.results import GradeResult
from grader.watch import Watch

if TYPE_CHECKING:  # it brings all of nbgrader
    from grader.similar import Pair

SHOWN_PASSAGES, PASSAGE_LINES = 5, 8  # of a list of pairs

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
    """A bar with count, rate and time left, and lines above it; in a log only the lines are left."""

    def __init__(self, progress: Progress, json: bool = False) -> None:
        self._progress, self._json = progress, json
        self._bar = progress.add_task("", total=None, rate="")

    def start(self, total: int) -> None:
        self._progress.update(self._bar, total=total)

    def step(self, result: GradeResult | None = None) -> None:
        if result is not None and self._json:
            print(result.to_json(with_student=True), flush=True)
        if result is not None and result.problem:
            self.say(f"{result.student}: {result.problem_line}")
        self._progress.advance(self._bar)
        speed = self._progress.tasks[0].speed
        self._progress.update(self._bar, rate=f"{speed:.1f} per second" if speed else "")

    def say(self, line: str) -> None:
        self._progress.console.print(plain(line), soft_wrap=True)


@contextmanager
def progress_bar(what: str, json: bool = False) -> Iterator[Bar]:
    """Show a bar on the error stream; with ``json`` no bar, and each result as a line on the output."""
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    hidden = json or not err.is_terminal  # in a log it would leave nothing but an empty line
    with Progress(*columns, console=err, disable=hidden, transient=True) as progress:
        yield Bar(progress, json)


def class_table(results: list[GradeResult]) -> Table:
    """Lay out a class: who, how many points, what happened, which mistakes."""
    table = Table("student", "score", "what happened", "named mistakes", box=None, header_style="bold", pad_edge=False)
    for result in sorted(results, key=lambda result: result.student):
        score = f"{result.score:.4g} / {result.points:.4g}" if not result.problem else "—"
        mistakes = "\n".join(dict.fromkeys(plain(found.told) for cell in result.cells for found in cell.diagnosis))
        table.add_row(plain(result.student), score, plain(what_happened(result)), mistakes)
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
    table = Table("when", "score", "why", "what changed", box=None, header_style="bold", pad_edge=False)
    for step in steps:
        when = f"{step.at.astimezone():%Y-%m-%d %H:%M}" if step.at else "since then"
        before = f"{step.before:.4g} → " if step.before is not None and step.before != step.after else ""
        cells = [
            f"{name} {'–' if then is None else f'{then:.4g}'} → {now:.4g}" for name, (then, now) in step.cells.items()
        ]
        table.add_row(when, f"{before}{step.after:.4g} / {step.points:.4g}", plain(step.why), plain(", ".join(cells)))
    return table


def pairs_table(pairs: "list[Pair]") -> Table:
    """Lay out pairs of students, the passages of the first few one above the other."""
    table = Table("students", "alike", "what", box=None, header_style="bold", pad_edge=False)
    for number, pair in enumerate(pairs):
        what = [plain(mistake) for mistake in pair.mistakes]
        if number < SHOWN_PASSAGES and pair.share:
            for student, passage in zip((pair.one, pair.other), pair.passage, strict=True):
                what += [f"[bold]{plain(student)}[/]:", *map(plain, passage.split("\n")[:PASSAGE_LINES])]
        share = f"{pair.share:.0%}" if pair.share else "–"
        table.add_row(f"{plain(pair.one)}\n{plain(pair.other)}", share, "\n".join(what))
    return table


def what_happened(result: GradeResult) -> str:
    """Say in a few words how a submission went."""
    if result.problem:
        return result.problem_line
    tested = [cell for cell in result.cells if cell.status != "manual"]
    parts = []
    for status in ("partial", "failed", "missing", "timeout", "died"):
        names = [vocabulary.exercise_of(cell.grade_id) for cell in tested if cell.status == status]
        if names:
            parts.append(f"{status}: {', '.join(names) if len(names) < 4 else f'{len(names)} of {len(tested)}'}")
    parts = parts or ["all passed"]
    shown, more = result.repairs[:3], len(result.repairs) - 3
    return "; ".join(parts + shown + ([f"{more} more repairs"] if more > 0 else []))


def print_result(result: GradeResult) -> None:
    """Print one submission's result for a person."""
    out.print(f"[bold]{result.assignment}: {result.score:.4g} of {result.points:.4g} points[/], {result.seconds:.1f} s")
    for line in result.repairs:
        out.print(f"  repaired: {plain(line)}", soft_wrap=True)
    for cell in result.cells:
        color = {"passed": "green", "partial": "yellow", "manual": "dim"}.get(cell.status, "red")
        out.print(f"[{color}]{cell.status:>8}[/]  {cell.grade_id}  {cell.score:.4g} / {cell.points:.4g}")
        if cell.reason and cell.status not in ("missing", "manual"):
            out.print(f"          {plain(cell.reason)}", soft_wrap=True)
        for found in cell.diagnosis:
            out.print(f"          [bold]{plain(found.told)}[/]\n          Hint: {plain(found.hint)}", soft_wrap=True)
        if cell.status == "missing":
            continue
        for test in cell.tests:
            if not test.passed:
                out.print(f"          ✗ {plain(test.claim or test.name)} {plain(test.message)}", soft_wrap=True)
