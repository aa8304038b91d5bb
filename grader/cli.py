"""The command line: one command per verb, errors as one line, exit code 0 done, 1 the input is at fault, 2 usage."""

import errno
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader import completion
from grader.errors import GraderError
from grader.results import points
from grader.sandbox.limits import Isolation
from grader.screen import (
    class_table,
    err,
    out,
    plain,
    print_result,
    profile_table,
    progress_bar,
    show_what_the_terminal_can,
)
from grader.stopping import STOPPED, Stopped, stoppable

if TYPE_CHECKING:  # commands import what they use: the help of a command should not wait for all of nbgrader
    from grader.course import Course

app = typer.Typer(
    help="Grade notebooks against hidden tests, with the student's code in a process that knows nothing.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
_SYSTEM_SAYS_NO = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR),
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
}
COLLECTED = ("new", "replaced", "unchanged", "kept", "unmatched")

CourseOption = Annotated[Path, typer.Option("--course", help="The course folder.", show_default="this folder")]
OwnOption = Annotated[
    Path | None,
    typer.Option("--course", help="The course.", show_default="this folder where it is one, else the project"),
]
JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one per core by default.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
IsolationOption = Annotated[
    Isolation | None,
    typer.Option(
        help="sandbox: files, network and system calls denied; strict: namespaces as well; "
        "process: whatever this system offers, for code you trust.",
        show_default="sandbox",
    ),
]
AssignmentArgument = Annotated[
    str,
    typer.Argument(
        metavar="ASSIGNMENT", help="Its folder's name or its number.", autocompletion=completion.assignments
    ),
]
StudentsOption = Annotated[
    list[str] | None,
    typer.Option(help="Only this student; may be repeated.", autocompletion=completion.students),
]


def _examples(*lines: str) -> str:
    """What stands at the end of a command's help; a line by itself each."""
    return "\n\n".join([f"Example{'s' * (len(lines) > 1)}:", *lines])


def run() -> None:
    """Run the command line; a fault of the input is one line, not a traceback."""
    show_what_the_terminal_can()
    try:
        with stoppable():
            app(prog_name="grader")
    except GraderError as error:
        err.print(f"[bold red]grader:[/] {plain(error)}", soft_wrap=True)
        sys.exit(1)
    except Stopped as stopped:
        err.print(STOPPED, soft_wrap=True)
        sys.exit(stopped.exit_code)
    except Exception as error:
        if not _is_the_systems(error):
            raise
        from grader.connection import reason_of

        err.print(f"[bold red]grader:[/] {plain(reason_of(error))}.", soft_wrap=True)
        sys.exit(1)


def _is_the_systems(error: Exception) -> bool:
    """Whether the disk, or the database, refused what it was asked; a database that was not loaded did not."""
    if isinstance(error, OSError):
        return error.errno in _SYSTEM_SAYS_NO
    database = sys.modules.get("sqlalchemy.exc")
    return database is not None and isinstance(error, database.SQLAlchemyError)


def _tell(line: str) -> None:
    err.print(plain(line), soft_wrap=True)


def _open(folder: Path, make: bool = False) -> "Course":
    """Open a course folder, and say so where nbgrader's own commands would not go through the engine there."""
    from grader.course import Course

    course = Course.init(folder) if make else Course(folder)
    if not course.is_wired:
        _tell(
            "Note: in this course nbgrader's own commands and buttons grade without the sandbox. "
            f"To let them grade as grader does: grader init {folder}"
        )
    return course


def _need_for_authors(*modules: str) -> None:
    """Say in one line what authors' commands need and graders' do not."""
    from importlib.util import find_spec

    if missing := [module for module in modules if find_spec(module) is None]:
        raise GraderError(f"Authors' commands need {', '.join(missing)}; install it: pip install 'nnlib[notebooks]'")


def _own_sources(folder: Path | None) -> "Course | None":
    """The course whose assignments count: the named one, or the one that the command runs in."""
    from grader.course import course_here

    return course_here(folder)


@app.command(epilog=_examples("grader init my-course"))
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The course folder to make, or to wire.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Wire the engine into an existing course.")] = False,
) -> None:
    """Make a course folder, or let an existing nbgrader course grade in the sandbox."""
    from grader.course import Course
    from grader.joining import invite

    course = Course.init(folder)
    for name in course.assignments():
        if line := course.adopt(name) if (course.own_source / name).is_dir() else "":
            _tell(line)
    if course.is_wired:
        names = ", ".join(course.own_assignments())
        out.print(f"{plain(folder)} is a course folder. Its assignments: {plain(names)}.", soft_wrap=True)
        return
    invite(course, yes)


@app.command(epilog=_examples("grader release 2 --course my-course", "grader release --all"))
def release(
    assignment: Annotated[
        str | None,
        typer.Argument(
            metavar="[ASSIGNMENT]", help="Its folder's name or its number.", autocompletion=completion.assignments
        ),
    ] = None,
    course: CourseOption = Path(),
    all: Annotated[bool, typer.Option("--all", help="Every assignment of the course.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make an unchanged release anew.")] = False,
) -> None:
    """Write what students get: a folder and a zip, with no solution and no hidden test inside."""
    from grader.release import release as write_release

    if all == (assignment is not None):
        raise typer.BadParameter("name one assignment, or use --all")
    place = _open(course, make=True)
    names, done, failed = place.own_assignments() if all else [str(assignment)], [], False
    with progress_bar("Releasing") as watch:
        watch.start(len(names))
        for name in names:
            if all:
                watch.name(name)
            try:
                done.append(write_release(name, place, _tell, force))
            except GraderError as error:
                if not all:
                    raise
                failed = True
                _tell(f"{name}: {error}")
            watch.step()
    for made in done:
        out.print(f"{plain(made.folder)}\n{plain(made.archive)}", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command(epilog=_examples("grader site", "grader site 1 2 --to public"))
def site(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ASSIGNMENT]...", help="All that are released by default.", autocompletion=completion.assignments
        ),
    ] = None,
    course: CourseOption = Path(),
    to: Annotated[Path | None, typer.Option(help="The site's folder.", show_default="site, in the course")] = None,
    pyodide: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Pyodide's release, pyodide-VERSION.tar.bz2, to be part of the site.",
            show_default="its own address",
        ),
    ] = None,
) -> None:
    """Build a site of released assignments, on which students work in their browser with nothing installed."""
    from grader.site import build_site

    place = _open(course)
    with err.status("building the site"):
        made = build_site(names or [], place, to or place.root / "site", pyodide)
    out.print(plain(made.folder), soft_wrap=True)
    for address in made.addresses:
        out.print(f"  {plain(address)}", soft_wrap=True)


@app.command(epilog=_examples("grader collect 2 moodle.zip --dry-run", "grader collect 2 canvas.zip --map names.csv"))
def collect(
    assignment: AssignmentArgument,
    place: Annotated[Path, typer.Argument(metavar="FROM", exists=True, help="A platform's download, or a folder.")],
    course: CourseOption = Path(),
    names: Annotated[Path | None, typer.Option("--map", help="CSV: name on the platform, student's id.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace other work that is there.")] = False,
    json: JsonOption = False,
) -> None:
    """Put a class's work where grading looks for it, from Moodle, Canvas, Gradescope, the exchange or a folder."""
    from grader.collect import collect as collect_all

    with progress_bar("Collecting", json) as watch:
        done = collect_all(assignment, _open(course), place, names, dry_run, force, watch)
    for line in done.told:
        _tell(line)
    for one in done.collected:
        if json:
            print(one.to_json())
        elif one.why:
            _tell(one.line)
    if not json:
        counts = [f"{count} {what}" for what in COLLECTED if (count := done.count(what))]
        out.print(f"{'Would be: ' if dry_run else ''}{', '.join(counts)}.")
        if done.missing:
            shown = ", ".join(done.missing[:20]) + (f" and {len(done.missing) - 20} more" * (len(done.missing) > 20))
            out.print(plain(f"Of the roster, {len(done.missing)} handed in nothing: {shown}."), soft_wrap=True)
    if done.count("unmatched"):
        raise typer.Exit(1)


@app.command(epilog=_examples("grader autograde 2", "grader autograde 2 --student ada --force"))
def autograde(
    assignment: AssignmentArgument,
    course: CourseOption = Path(),
    jobs: JobsOption = None,
    json: JsonOption = False,
    isolation: IsolationOption = None,
    force: Annotated[bool, typer.Option(help="Grade unchanged submissions again.")] = False,
    student: StudentsOption = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Grade on the workers of this Dask scheduler.")
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time of a submission went.")] = False,
) -> None:
    """Grade all submissions that are new or changed, in parallel, into the gradebook."""
    from grader.nursery import WORKERS, loading_ahead

    if scheduler and jobs:
        raise typer.BadParameter("--jobs is for this machine; how many a worker grades at a time is its --nthreads")
    with ExitStack() as stack:
        if not scheduler:
            stack.enter_context(loading_ahead(WORKERS, warm=True))
        from grader.batch import autograde as grade_all
        from grader.joining import settings_note

        place = _open(course)
        if line := settings_note(place):
            _tell(line)
        level, graders = isolation or place.isolation, None
        watch = stack.enter_context(progress_bar("Grading", json))
        if scheduler:
            from grader.cluster import Cluster

            graders = stack.enter_context(Cluster(scheduler, level, watch.say)).graders
        summary = grade_all(assignment, place, jobs, level, force, student, watch, graders)
    for misfiled in summary.misfiled:
        _tell(misfiled.line)
    if not json:
        if summary.results:
            out.print(class_table(summary.results))
            if profile:
                out.print(profile_table(summary.spent, len(summary.results), summary.first, summary.seconds))
        done_before = f", {summary.up_to_date} unchanged since the last run" if summary.up_to_date else ""
        graded = len(summary.results) - len(summary.problems)
        wrong = f", {len(summary.misfiled)} in the wrong place" if summary.misfiled else ""
        if summary.is_empty:
            out.print(plain(place.nothing_handed_in(assignment)), soft_wrap=True)
        else:
            out.print(f"{graded} graded, {len(summary.problems)} with a problem{wrong}{done_before}.")
        if summary.absence:
            out.print(plain(summary.absence), soft_wrap=True)
    elif line := summary.to_json():
        print(line)
    if summary.problems or summary.misfiled:
        raise typer.Exit(1)


@app.command(epilog=_examples("grader feedback 2", "grader feedback 2 --student ada"))
def feedback(
    assignment: AssignmentArgument,
    course: CourseOption = Path(),
    jobs: JobsOption = None,
    student: StudentsOption = None,
    nbgraders: Annotated[bool, typer.Option("--nbgrader", help="nbgrader's pages: the whole notebook.")] = False,
) -> None:
    """Write a feedback page for every graded student."""
    from grader.nursery import PAGES, loading_ahead

    with loading_ahead(PAGES):
        from grader.course import CourseError
        from grader.errors import did_you_mean
        from grader.feedback import feedback as write_pages
        from grader.intake.names import listed
        from grader.records import load_problems

        place = _open(course)
        name = place.assignment(assignment).name
        for each in student or ():
            if not place.path("autograded", each, name).is_dir():
                graded = [path.parent.name for path in place.path("autograded", ".", ".").glob(f"*/{name}/")]
                near = did_you_mean(each, graded, all=False)
                hint = near or f" Grade it first: grader autograde {name} --student {each}"
                raise CourseError(f"{each} has no graded {name}.{hint}")
        with progress_bar("Writing feedback") as watch:
            chosen = set(student).__contains__ if student else lambda _: True
            problems = write_pages(assignment, place, jobs, watch=watch, chosen=chosen, nbgraders=nbgraders)
    for whose, problem in problems.items():
        _tell(f"{whose}: {problem}")
    ungraded = [whose for whose in load_problems(place, name) if not place.path("autograded", whose, name).is_dir()]
    if ungraded and not student:
        _tell(f"No page, since nothing is graded: {listed(sorted(ungraded), 20)}. Why: grader autograde {name}")
    where = place.path("feedback", "STUDENT", place.assignment(assignment).name)
    out.print(f"Pages: {plain(where)}", soft_wrap=True)
    if problems:
        raise typer.Exit(1)


@app.command(epilog=_examples("grader mark 2", "grader mark 2 why_shift"))
def mark(
    assignment: AssignmentArgument,
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="Lists them by default.")] = None,
    course: CourseOption = Path(),
    names: Annotated[bool, typer.Option("--names", help="Show whose answer it is.")] = False,
    port: Annotated[int, typer.Option(help="Of the page; any free one by default.", show_default=False)] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Mark all answers to one question on a page in the browser, into the gradebook."""
    from grader.mark_page import serve
    from grader.marking import Marks, find_question, questions

    place = _open(course)
    chosen = place.assignment(assignment)
    if question:
        serve(Marks(place, chosen, find_question(chosen, question)), port, names, browser, _tell)
        return
    for each in questions(chosen):
        answers = Marks(place, chosen, each).answers()
        marked = sum(answer.is_marked for answer in answers)
        out.print(
            f"{plain(each.name)}: {marked} of {len(answers)} marked, {points(each.points)} points", soft_wrap=True
        )


@app.command(epilog=_examples("grader export", "grader export 2 --into canvas.csv"))
def export(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ASSIGNMENT]...", help="All that were graded by default.", autocompletion=completion.assignments
        ),
    ] = None,
    course: CourseOption = Path(),
    format: Annotated[str, typer.Option(metavar="csv|canvas|moodle", help="Whose columns a new file has.")] = "csv",
    into: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Canvas's or Moodle's own export, to be filled in."),
    ] = None,
    column: Annotated[str, typer.Option(help="Its column, where the name does not tell.", show_default=False)] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write.")] = None,
    zero_absent: Annotated[bool, typer.Option("--zero-absent", help="0 for who handed in nothing.")] = False,
) -> None:
    """Write scores, late penalties off, as CSV or as a gradebook file that Canvas or Moodle imports as it is.

    What waits for a person is left empty, and so is who handed in nothing. With --into, every other cell stays.
    """
    from grader.export import Format, incomplete, read_grades, write_table
    from grader.export_into import fill
    from grader.files import write_atomically
    from grader.intake.names import listed

    if format not in list(Format):
        raise typer.BadParameter(f"--format is one of {', '.join(Format)}")
    if column and (into is None or len(assignments or ()) != 1):
        raise typer.BadParameter("--column goes with --into and one assignment")
    found = read_grades(_open(course), assignments or (), zero_absent)
    lines, strangers, left_over = found.told, [], []
    if into:
        filled = fill(into.read_bytes(), found, column)
        place, data, cells = output or into.with_name(f"{into.stem}-filled.csv"), filled.data, filled.cells
        lines, strangers, left_over = [*filled.told, *lines], filled.strangers, filled.left_over
    else:
        form = Format(format)
        place, data = (
            output or Path("grades.csv" if form is Format.csv else f"grades-{form}.csv"),
            write_table(found, form).encode("utf-8-sig"),
        )
        cells = sum(bool(one.text(student)) for one in found.grades for student in one.scores)
        lines += [line] if (line := incomplete(found.people, form)) else []
    if into and place.exists() and place.samefile(into):
        raise typer.BadParameter("--output is another file than --into: what came from the platform is kept")
    write_atomically(place, data, mode=0o600)
    for line in lines:
        _tell(line)
    if strangers:
        _tell(f"In the file and not in the gradebook, left as they are: {listed(strangers, 20)}.")
    if left_over:
        _tell(f"With a score and not in the file: {listed(left_over, 20)}.")
    out.print(f"{plain(place)}: {cells} {'score' if cells == 1 else 'scores'}", soft_wrap=True)
    if left_over:
        raise typer.Exit(1)


@app.command(epilog=_examples("grader similar 2"))
def similar(assignment: AssignmentArgument, course: CourseOption = Path(), json: JsonOption = False) -> None:
    """List students whose code is alike, or who share a rare mistake: to look at, never a verdict."""
    from grader.screen import pairs_table
    from grader.similar import CAUTION, nobody_alike
    from grader.similar import similar as find_similar

    with progress_bar("Comparing", json) as watch:
        pairs, told = find_similar(assignment, _open(course), watch)
    if told:
        _tell(told)
    if json:
        for pair in pairs:
            print(pair.to_json())
        return
    if pairs:
        out.print(pairs_table(pairs))
    out.print(plain(CAUTION if pairs else nobody_alike(told)), soft_wrap=True)


@app.command(epilog=_examples("grader report 2", "grader report 2 --csv > class.csv"))
def report(
    assignment: AssignmentArgument,
    course: CourseOption = Path(),
    json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print a line for every student and nothing else.")] = False,
    with_similar: Annotated[
        bool, typer.Option("--similar", help="Compare all students' code, too; a large class takes minutes.")
    ] = False,
) -> None:
    """Write a page on the whole class: scores, exercises, named mistakes and whose they are, what needs a look."""
    if json and csv:
        raise typer.BadParameter("--json and --csv both print; choose one")
    from grader.report import gather, write_report

    place = _open(course)
    with progress_bar("Comparing", json or csv or not with_similar) as watch:
        made = gather(assignment, place, with_similar, watch)
    if json or csv:
        print(made.to_json() if json else made.to_csv(), end="\n" if json else "")
        return
    out.print(f"Report: {plain(write_report(made, place))}", soft_wrap=True)
    out.print(plain(made.line), soft_wrap=True)


@app.command(epilog=_examples("grader history ada 2"))
def history(
    student: Annotated[
        str, typer.Argument(metavar="STUDENT", help="The student's id.", autocompletion=completion.students)
    ],
    assignment: Annotated[
        str | None,
        typer.Argument(metavar="[ASSIGNMENT]", help="All by default.", autocompletion=completion.assignments),
    ] = None,
    course: CourseOption = Path(),
    json: JsonOption = False,
) -> None:
    """Show how a student's scores came about: every grading, what it changed, and why."""
    from grader.records import histories
    from grader.screen import history_table

    for name, steps in histories(_open(course), student, assignment).items():
        if json:
            for step in steps:
                print(step.to_json(name))
        else:
            out.print(f"[bold]{plain(name)}[/]")
            out.print(history_table(steps))


@app.command(
    epilog=_examples(
        "grader check softmax-and-losses.ipynb", "grader check softmax-and-losses.ipynb --gradescope results.json"
    )
)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE.ipynb", help="The notebook, or a submission's folder.")],
    assignment: Annotated[str | None, typer.Option(help="Needed where the file name does not tell.")] = None,
    course: Annotated[Path | None, typer.Option("--course", help="A course whose assignments count, too.")] = None,
    json: JsonOption = False,
    gradescope: Annotated[
        Path | None, typer.Option(metavar="results.json", help="Write Gradescope's results file.", show_default=False)
    ] = None,
    isolation: IsolationOption = None,
) -> None:
    """Grade one notebook and print the result, without a gradebook."""
    from grader.nursery import loading_ahead

    with loading_ahead(warm=True):
        from grader.check import check_file
        from grader.files import write_atomically
        from grader.gradescope import gradescope_json, refused_json
        from grader.reading import Refused

        place = _open(course) if course else None
        level = isolation or (place.isolation if place else Isolation.sandbox)
        try:
            result = check_file(file, assignment, level, place.sources if place else (), _tell)
        except Refused as error:
            if gradescope:
                write_atomically(gradescope, refused_json(str(error)))
            raise
    if gradescope:
        write_atomically(gradescope, gradescope_json(result))
    if json:
        print(result.to_json())
    else:
        print_result(result)


@app.command(epilog=_examples("grader new 14-nearest-neighbours --exercise nearest"))
def new(
    name: Annotated[str, typer.Argument(metavar="NN-TOPIC", help="Two digits and a topic: 14-nearest-neighbours.")],
    exercise: Annotated[
        str | None,
        typer.Option(help="The function to write: of a new assignment, or one more of an existing one."),
    ] = None,
    classic: Annotated[
        Path | None,
        typer.Option("--from", exists=True, help="A notebook with tests in its cells: one moves out of its cell."),
    ] = None,
    course: OwnOption = None,
) -> None:
    """Start an assignment that verify passes as it is, to be changed step by step."""
    _need_for_authors("jupytext", "nbclient")
    from grader.from_classic import first_step
    from grader.new import new as make
    from grader.new import source_folder

    source = source_folder(_own_sources(course))
    if classic:
        folder, files = source / name, first_step(classic, source / name)
    else:
        folder, files = make(name, exercise, source)
    out.print(f"Ready in {plain(folder)}, to be changed:", soft_wrap=True)
    for path in files:
        out.print(f"  {plain(path.relative_to(folder))}", soft_wrap=True)
    out.print(f"Then prove it fair: grader verify {plain(folder.name)}", soft_wrap=True)


@app.command(epilog=_examples("grader sync 2", "grader sync --check"))
def sync(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ASSIGNMENT]...", help="All by default.", autocompletion=completion.assignments),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a notebook is stale.")] = False,
    cases: Annotated[bool, typer.Option("--cases", help="Only freeze the public cases, which check() needs.")] = False,
    course: OwnOption = None,
) -> None:
    """Freeze the public cases, and write and execute each notebook from its script where it is stale or named."""
    _need_for_authors("jupytext", "nbclient")
    from grader.sync import freeze, scripts
    from grader.sync import sync as sync_all

    own = _own_sources(course)
    source = own.own_source if own else None
    if cases:
        with progress_bar("Freezing the cases of") as watch:
            freeze(scripts(source), watch)
        return
    said: list[str] = []  # shown afterwards: what is printed beside a bar goes where the bar is
    with progress_bar("Executing") as watch:
        left = sync_all(names or [], check, said.append, _tell, source, watch)
    for line in said:
        out.print(plain(line), soft_wrap=True)
    if left:
        raise typer.Exit(1)


@app.command(epilog=_examples("grader verify 2 --quick"))
def verify(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ASSIGNMENT]...", help="All by default.", autocompletion=completion.assignments),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the mutants, which take most of the time.")] = False,
    isolation: IsolationOption = None,
    course: OwnOption = None,
) -> None:
    """Prove assignments fair: reference, blank release, mistakes, variants, mutants."""
    from grader.assignment import Assignment, list_assignments
    from grader.screen import verdict_table
    from grader.verify import steps
    from grader.verify import verify as verify_one

    if not quick:
        _need_for_authors("cosmic_ray")
    own = _own_sources(course)
    sources = own.sources if own else ()
    names = assignments or (list_assignments(own.own_source) if own else list_assignments())
    chosen, verdicts = [Assignment.find(name, *sources) for name in names], []
    with progress_bar("Verifying") as watch:
        watch.start(sum(steps(assignment, not quick) for assignment in chosen))
        for assignment in chosen:
            if len(chosen) > 1:
                watch.name(assignment.name)
            verdicts.append(verify_one(assignment, isolation or Isolation.sandbox, not quick, watch))
    out.print(verdict_table(verdicts, quick))
    problems = [f"{one.assignment}: {problem}" for one in verdicts for problem in one.problems]
    for problem in problems:
        err.print(plain(problem), soft_wrap=True)
    if problems:
        raise typer.Exit(1)


@app.command(epilog=_examples("grader demo"))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The course folder to make.")] = Path("demo-course"),
    jobs: JobsOption = None,
) -> None:
    """Show everything on a sample class: init, release, autograde, feedback, report."""
    from grader.demo import run_demo

    run_demo(folder, jobs)
