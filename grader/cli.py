"""The command line: one command a verb, errors as one line, exit code 0 done, 1 the input is at fault, 2 usage."""

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from grader.assignment import Assignment, list_assignments
from grader.errors import GraderError
from grader.results import GradeResult

app = typer.Typer(
    help="Grade notebooks against hidden tests, with the student's code in a process that knows nothing.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
_SYSTEM_SAYS_NO = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.EISDIR)
out = Console(highlight=False)
WIDE = 108  # columns that verify's table takes
err = Console(stderr=True, highlight=False)


class Isolation(StrEnum):
    """How far a student's code is shut in."""

    strict = "strict"
    sandbox = "sandbox"
    process = "process"


CourseOption = Annotated[Path, typer.Option("--course", help="The course folder.", show_default="this folder")]
JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one a core by default.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
IsolationOption = Annotated[
    Isolation,
    typer.Option(
        help="sandbox: files, network and system calls denied; strict: namespaces as well; "
        "process: whatever this system offers, for code you trust."
    ),
]
AssignmentArgument = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its folder's name or its number.")]


def run() -> None:
    """Run the command line; a fault of the input is one line, not a traceback."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        app(prog_name="grader")
    except GraderError as error:
        err.print(f"[bold red]grader:[/] {_plain(str(error))}", soft_wrap=True)
        sys.exit(1)
    except (OSError, SQLAlchemyError) as error:
        if isinstance(error, OSError) and error.errno not in _SYSTEM_SAYS_NO:
            raise
        reason = str(getattr(error, "orig", None) or error).split("\n")[0]
        err.print(f"[bold red]grader:[/] {_plain(reason)}.", soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("Stopped. What was graded is written; the same command goes on from there.")
        sys.exit(130)


def _plain(text: str) -> str:
    """Keep a student's text from being read as markup by rich, or as commands by the terminal."""
    return escape("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text))


@contextmanager
def open_progress(
    what: str, console: Console, quiet: bool = False
) -> Iterator[tuple[Callable[[int], None], Callable[[], None], Console]]:
    """Show a bar with count, rate and time left; yields ``started(total)``, ``done()`` and a console to print on."""
    progress = Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=quiet or not console.is_terminal,  # in a log it would leave nothing but an empty line
        transient=True,
    )
    with progress:
        bar = progress.add_task("", total=None, rate="")

        def done() -> None:
            progress.advance(bar)
            speed = progress.tasks[0].speed
            progress.update(bar, rate=f"{speed:.1f} a second" if speed else "")

        yield lambda total: progress.update(bar, total=total), done, progress.console


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The course folder to make.")]) -> None:
    """Make a course folder: settings with the engine wired in, and an example roster."""
    from grader.course import Course

    course = Course.init(folder)
    out.print(f"{folder} is a course folder. Its assignments: {', '.join(course.assignments())}.", soft_wrap=True)


@app.command()
def release(assignment: AssignmentArgument, course: CourseOption = Path()) -> None:
    """Write what students get: a folder and a zip, with no solution and no hidden test inside."""
    from grader.course import Course
    from grader.release import release as write_release

    made = write_release(assignment, Course.init(course))
    out.print(f"{_plain(str(made.folder))}\n{_plain(str(made.archive))}", soft_wrap=True)


@app.command()
def autograde(
    assignment: AssignmentArgument,
    course: CourseOption = Path(),
    jobs: JobsOption = None,
    json: JsonOption = False,
    isolation: IsolationOption = Isolation.sandbox,
    force: Annotated[bool, typer.Option(help="Grade unchanged submissions again.")] = False,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
) -> None:
    """Grade all submissions that are new or changed, in parallel, into the gradebook."""
    from grader.batch import autograde as grade_all
    from grader.course import Course

    place = Course(course)
    with open_progress("Grading", err, quiet=json) as (started, advance, screen):

        def done(result: GradeResult) -> None:
            if json:
                print(result.to_json(with_student=True), flush=True)
            if result.problem:
                screen.print(f"{_plain(result.student)}: {_plain(result.problem)}", soft_wrap=True)
            advance()

        summary = grade_all(
            assignment,
            place,
            jobs,
            isolation.value,
            force,
            student,
            started=started,
            done=done,
            say=lambda line: err.print(_plain(line), soft_wrap=True),
        )
    if not json:
        if summary.results:
            out.print(class_table(summary.results))
        done_before = f", {summary.up_to_date} unchanged since the last run" if summary.up_to_date else ""
        graded = len(summary.results) - len(summary.problems)
        out.print(f"{graded} graded, {len(summary.problems)} with a problem{done_before}.")
        if not summary.results and not summary.up_to_date:
            where = place.path("submitted", "STUDENT", place.assignment(assignment).name)
            out.print(f"Nothing was handed in: submissions belong in {_plain(str(where))}.", soft_wrap=True)
    if summary.problems:
        raise typer.Exit(1)


def class_table(results: list[GradeResult]) -> Table:
    """Lay out a class: who, how many points, what happened, which mistakes."""
    table = Table("student", "score", "what happened", "named mistakes", box=None, header_style="bold", pad_edge=False)
    for result in sorted(results, key=lambda result: result.student):
        score = f"{result.score:.4g} / {result.points:.4g}" if not result.problem else "—"
        mistakes = "\n".join(dict.fromkeys(found.says for cell in result.cells for found in cell.diagnosis))
        table.add_row(_plain(result.student), score, _plain(what_happened(result)), _plain(mistakes))
    return table


def what_happened(result: GradeResult) -> str:
    """Say in a few words how a submission went."""
    if result.problem:
        return result.problem
    tested = [cell for cell in result.cells if cell.status != "manual"]
    parts = []
    for status in ("partial", "failed", "missing", "timeout", "died"):
        names = [cell.grade_id.removeprefix("test_") for cell in tested if cell.status == status]
        if names:
            parts.append(f"{status}: {', '.join(names) if len(names) < 4 else f'{len(names)} of {len(tested)}'}")
    parts = parts or ["all passed"]
    shown, more = result.repairs[:3], len(result.repairs) - 3
    return "; ".join(parts + shown + ([f"{more} more repairs"] if more > 0 else []))


@app.command()
def feedback(assignment: AssignmentArgument, course: CourseOption = Path(), jobs: JobsOption = None) -> None:
    """Write a feedback page for every graded student."""
    from grader.course import Course
    from grader.feedback import feedback as write_pages

    place = Course(course)
    with open_progress("Writing feedback", err) as (started, advance, _):
        problems = write_pages(assignment, place, jobs, started=started, done=lambda student: advance())
    for student, problem in problems.items():
        err.print(f"{_plain(student)}: {_plain(problem)}", soft_wrap=True)
    out.print(
        f"Pages: {_plain(str(place.path('feedback', 'STUDENT', place.assignment(assignment).name)))}", soft_wrap=True
    )
    if problems:
        raise typer.Exit(1)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE.ipynb", help="The notebook to grade.")],
    assignment: Annotated[str | None, typer.Option(help="Where the file name does not tell.")] = None,
    json: JsonOption = False,
    isolation: IsolationOption = Isolation.sandbox,
) -> None:
    """Grade one notebook and print the result, without a gradebook."""
    from grader.check import check_file

    result = check_file(file, assignment, isolation.value)
    if json:
        print(result.to_json())
    else:
        print_result(result)


def print_result(result: GradeResult) -> None:
    """Print one submission's result for a person."""
    out.print(f"[bold]{result.assignment}: {result.score:.4g} of {result.points:.4g} points[/], {result.seconds:.1f} s")
    for line in result.repairs:
        out.print(f"  mended: {_plain(line)}", soft_wrap=True)
    for cell in result.cells:
        color = {"passed": "green", "partial": "yellow", "manual": "dim"}.get(cell.status, "red")
        out.print(f"[{color}]{cell.status:>8}[/]  {cell.grade_id}  {cell.score:.4g} / {cell.points:.4g}")
        if cell.reason and cell.status not in ("missing", "manual"):
            out.print(f"          {_plain(cell.reason)}", soft_wrap=True)
        for found in cell.diagnosis:
            out.print(f"          [bold]{_plain(found.says)}[/]\n          Hint: {_plain(found.hint)}", soft_wrap=True)
        if cell.status == "missing":
            continue
        for test in cell.tests:
            if not test.passed:
                out.print(f"          ✗ {_plain(test.claim or test.name)} {_plain(test.message)}", soft_wrap=True)


@app.command()
def verify(
    assignments: Annotated[list[str] | None, typer.Argument(metavar="[ASSIGNMENT]...", help="All by default.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Without the mutants, which take most of the time.")] = False,
    isolation: IsolationOption = Isolation.sandbox,
) -> None:
    """Prove assignments fair: reference, blank release, misconceptions, variants, mutants."""
    from grader.verify import verify as verify_one

    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    for title in ("assignment", "tests", "caught", "named", "at once", "variants", "mutants", "score", "same", "s"):
        table.add_column(title, justify="left" if title == "assignment" else "right", no_wrap=True)
    problems = []
    names = assignments or list_assignments()
    for number, name in enumerate(names, 1):
        with err.status(f"verifying {name} ({number} of {len(names)})"):
            verdict = verify_one(Assignment.find(name), isolation.value, with_mutants=not quick)
        table.add_row(
            verdict.assignment,
            str(verdict.tests),
            f"{verdict.caught}/{verdict.misconceptions}",
            f"{verdict.named}/{verdict.misconceptions}",
            f"{verdict.seen_at_once}/{verdict.misconceptions}",
            f"{verdict.accepted}/{verdict.variants}",
            "–" if quick else f"{verdict.killed}/{verdict.mutants}",
            "–" if quick else f"{verdict.mutation_score:.3f}",
            "–" if quick else str(verdict.equivalent),
            f"{verdict.seconds:.1f}",
        )
        problems += [f"{verdict.assignment}: {problem}" for problem in verdict.problems]
    out.print(table, width=max(out.width, WIDE), soft_wrap=True)  # figures cut short say nothing
    for problem in problems:
        err.print(_plain(problem), soft_wrap=True)
    if problems:
        raise typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The course folder to make.")] = Path("demo-course"),
    jobs: JobsOption = None,
) -> None:
    """Show everything on a sample class: init, release, autograde, feedback."""
    from grader.demo import run_demo

    run_demo(folder, jobs, out, err)
