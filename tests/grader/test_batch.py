"""A class at once: new and changed work is graded, problems are listed, and nobody else loses by them."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.batch import autograde
from grader.course import Course, CourseError
from grader.intake.submission import read_submission
from grader.records import load_results
from grader.watch import Watch

from . import tiny
from .every_kind import hand_in_every_kind
from .gradebooks import BOTH


class Told(Watch):
    """Keeps what a batch tells; ``stop_after`` that many results it is interrupted as by Ctrl+C."""

    def __init__(self, stop_after=None):
        self.totals, self.steps, self.lines, self.stop_after = [], [], [], stop_after

    def start(self, total):
        self.totals.append(total)

    def step(self, result=None):
        self.steps.append(result and result.student)
        if len(self.steps) == self.stop_after:
            raise KeyboardInterrupt

    def say(self, line):
        self.lines.append(line)


WRONG = "def double(x):\n    return 3.5 * x"


@pytest.fixture(scope="module")
def graded_template(course_template, gradebooks, tmp_path_factory):
    """A course in which a class with all kinds of problems was graded once; returns its root and what was done."""
    course = gradebooks.copied(course_template, tmp_path_factory.mktemp("graded") / "course")
    root = course.root

    def put(student, data, name="tiny.ipynb"):
        folder = course.path("submitted", student, "tiny")
        folder.mkdir(parents=True)
        if data is not None:
            (folder / name).write_bytes(data)
        return folder

    stub = nbformat.read(course.path("release", ".", "tiny") / "tiny.ipynb", as_version=4)

    def answers(**sources):
        notebook = nbformat.from_dict(stub)
        for grade_id, source in ({"double": tiny.DOUBLE, "center": tiny.CENTER} | sources).items():
            tiny.cell_of(notebook, grade_id).source = source
        return nbformat.writes(notebook).encode()

    put("ada", answers(why=tiny.WHY))
    put("bob", answers(double=WRONG), name="tiny (2).ipynb")
    put("sören müller", answers(double="import os\nos._exit(1)"))
    put("empty", None)
    put("garbage", b"%PDF-1.4")
    other = new_notebook(cells=[new_code_cell("1", metadata=tiny.about("relu", solution=True))])
    put("other", nbformat.writes(other).encode())
    put("old", b'{"nbformat": 3, "worksheets": []}')
    (put("files", answers()) / "notes.txt").write_text("mine")
    shutil.copytree(course.path("submitted", "ada", "tiny"), course.path("submitted", "ada", "another"))
    told = Told()
    summary = autograde("tiny", course, jobs=2, watch=told)
    return root, summary, told.steps, told.totals


@pytest.fixture
def graded(graded_template, gradebooks, tmp_path):
    """A copy of the graded course of one's own."""
    return gradebooks.copied(graded_template[0], tmp_path / "course")


@pytest.fixture
def again(graded):
    """Grade once more and return the students graded."""

    def run(**options):
        return {result.student for result in autograde("tiny", graded, jobs=1, **options).results if not result.problem}

    return run


def scores(course):
    """Read students' scores with nbgrader's API."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        return {submission.student.id: submission.score for submission in gradebook.assignment_submissions("tiny")}


@BOTH
def test_problem_students_do_not_stop_the_class(graded_template):
    """Whoever handed in something gradable is graded; every other is listed with one line of reason."""
    _, summary, lines, totals = graded_template
    assert {result.student: result.score for result in summary.results if not result.problem} == {
        "ada": 5.0, "bob": 4.0, "sören müller": 3.0, "files": 5.0,
    }  # fmt: skip
    problems = {result.student: result.problem for result in summary.problems}
    assert set(problems) == {"empty", "garbage", "other", "old"}
    assert "nothing was handed in" in problems["empty"]
    assert "not a notebook" in problems["garbage"]
    assert "another assignment" in problems["other"]
    assert all("\n" not in problem for problem in problems.values())
    assert sorted(lines) == sorted([*problems, "ada", "bob", "sören müller", "files"])
    assert totals == [8]


@BOTH
def test_problems_are_never_a_zero(graded_template, graded):
    """Nobody who was not graded has an entry in the gradebook or a graded notebook."""
    assert scores(graded) == {"ada": 5.0, "bob": 4.0, "sören müller": 3.0, "files": 5.0}
    assert {path.name for path in (graded.root / "autograded").iterdir()} == {"ada", "bob", "sören müller", "files"}
    (empty,) = [result for result in graded_template[1].problems if result.student == "empty"]
    assert {cell.status for cell in empty.cells} == {"missing"}


def test_notes_on_the_hand_in_are_in_the_report(graded_template):
    """A renamed notebook is graded under its right name, and the report says so."""
    (bob,) = [result for result in graded_template[1].results if result.student == "bob"]
    assert bob.repairs == ["the notebook was handed in as 'tiny (2).ipynb'"]


def test_graded_notebook_and_files_lie_where_nbgrader_looks(graded):
    """autograded/ holds the notebook under its right name and the student's files."""
    assert (graded.path("autograded", "bob", "tiny") / "tiny.ipynb").exists()
    assert (graded.path("autograded", "files", "tiny") / "notes.txt").read_text() == "mine"


@BOTH
def test_second_run_grades_what_is_new_or_changed(graded, hand_in):
    """Graded again is whose work, files, record or graded notebook changed, and who had a problem; nobody else."""
    (graded.path("submitted", "ada", "tiny") / "tiny.ipynb").write_bytes(hand_in(double=WRONG))
    (graded.path("submitted", "files", "tiny") / "more.txt").write_text("new")
    (graded.path("submitted", "empty", "tiny") / "tiny.ipynb").write_bytes(hand_in())
    (graded.root / ".grader" / "tiny" / "bob.json").write_text('{"submission": ')
    summary = autograde("tiny", graded, jobs=1)
    graded_now = {result.student: result.score for result in summary.results if not result.problem}
    assert graded_now == {"ada": 4.0, "files": 5.0, "empty": 5.0, "bob": 4.0}
    assert {result.student for result in summary.problems} == {"garbage", "other", "old"}
    assert summary.up_to_date == 1
    assert scores(graded) == {**graded_now, "sören müller": 3.0}


def test_what_looks_as_it_did_is_not_read(course, submit, hand_in, monkeypatch):
    """A run over work that was graded reads none of it, and still sees each change, its times set back or not."""
    read = []
    monkeypatch.setattr("grader.intake.tree.RECENT_SECONDS", 0.0)
    monkeypatch.setattr(
        "grader.batch.read_submission", lambda name, *of: read.append(name) or read_submission(name, *of)
    )
    for student in ("ada", "bob", "cy", "dan"):
        submit(student)

    def run():
        read.clear()
        summary = autograde("tiny", course, jobs=1)
        return sorted(read), sorted(result.student for result in summary.results), summary.up_to_date

    everybody = ["ada", "bob", "cy", "dan"]
    assert run() == (everybody, everybody, 0)
    assert run() == ([], [], 4)
    notebook = course.path("submitted", "ada", "tiny") / "tiny.ipynb"
    times = notebook.stat()
    notebook.write_bytes(notebook.read_bytes().replace(b"2 * x", b"3 * x"))
    os.utime(notebook, ns=(times.st_atime_ns, times.st_mtime_ns))
    (course.path("submitted", "bob", "tiny") / "notes.txt").write_text("more")
    (course.path("autograded", "cy", "tiny") / "tiny.ipynb").unlink()
    (course.path("submitted", "dan", "tiny") / "tiny.ipynb").touch()
    assert run() == (everybody, ["ada", "bob", "cy"], 1)
    assert run() == ([], [], 4)


def test_work_of_a_moment_ago_is_read_until_its_times_tell(course, submit, monkeypatch):
    """A file that was just written may be changed without another time; later it need not be read."""
    submit("ada")
    read = []
    monkeypatch.setattr(
        "grader.batch.read_submission", lambda name, *of: read.append(name) or read_submission(name, *of)
    )
    monkeypatch.setattr("grader.intake.tree.RECENT_SECONDS", 3600.0)
    for _ in range(2):
        autograde("tiny", course, jobs=1)
    monkeypatch.setattr("grader.intake.tree.RECENT_SECONDS", 0.0)
    for _ in range(2):
        assert autograde("tiny", course, jobs=1).up_to_date == 1
    assert read == ["ada"] * 3


def test_damaged_records_do_not_count(graded, again):
    """A record that is no record, and a graded notebook that is gone, mean grading again."""
    (graded.root / ".grader" / "tiny" / "files.json").write_text("[]")
    (graded.root / ".grader" / "tiny" / "bob.json").write_text("{}")
    (graded.path("autograded", "ada", "tiny") / "tiny.ipynb").unlink()
    assert again() == {"ada", "bob", "files"}


def test_new_gradebook_gets_all_scores(graded, again):
    """Where the gradebook was moved away, everybody is graded into the new one, unchanged or not."""
    before = scores(graded)
    (graded.root / "gradebook.db").unlink()
    assert again() == set(before)
    assert scores(graded) == before


def test_broken_gradebook_is_one_line(graded, again):
    """A gradebook that is no database stops the run with one clear line."""
    (graded.root / "gradebook.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(CourseError, match=r"gradebook .* cannot be opened: file is not a database\. If you may"):
        again()


@BOTH
def test_changed_assignment_is_graded_again(graded, again):
    """When a hidden test changes, everybody is graded again."""
    path = graded.root / "source" / "tiny" / "exercises" / "double.py"
    path.write_text(path.read_text(encoding="utf-8").replace("size=(3, 2)", "size=(3, 3)"), encoding="utf-8")
    assert again() == {"ada", "bob", "sören müller", "files"}


@pytest.mark.parametrize("name", ["exercises/double.py", "exercises/center.py", "assignment.toml", "tiny.ipynb"])
def test_every_file_of_the_assignment_counts(graded, name):
    """A change of any file that a grade depends on is a new version of the assignment."""
    assignment = graded.assignment("tiny")
    (assignment.folder / "picture.png").write_bytes(b"nothing of it")
    assert graded.assignment("tiny").fingerprint == assignment.fingerprint
    path = assignment.folder / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert graded.assignment("tiny").fingerprint != assignment.fingerprint


@BOTH
def test_force_and_student_choose(graded, again):
    """force grades unchanged work again; student restricts the run to those named."""
    assert again(force=True, students=["bob", "files"]) == {"bob", "files"}


@BOTH
def test_interrupted_run_goes_on_where_it_stopped(course, submit):
    """After Ctrl+C what was graded is written, and the next run grades the rest, nobody twice."""
    for student in ("a", "b", "c", "d"):
        submit(student)
    first, second = Told(stop_after=2), Told()
    with pytest.raises(KeyboardInterrupt):
        autograde("tiny", course, jobs=1, watch=first)
    assert set(scores(course)) == set(first.steps)
    summary = autograde("tiny", course, jobs=1, watch=second)
    assert summary.up_to_date == second.steps.count(None) == 2
    assert sorted([*first.steps, *filter(None, second.steps)]) == ["a", "b", "c", "d"]


SLOW = "import time\ndef double(x):\n    time.sleep(60)\n    return 2 * x"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are read from /proc")
def test_killed_run_leaves_no_process_behind(course, submit):
    """When the process that writes is killed, its workers and their warm processes end as well."""
    submit("a", double=SLOW)
    run = "import sys; from pathlib import Path; from grader.batch import autograde; from grader.course import Course\n"
    run += "autograde('tiny', Course(Path(sys.argv[1])), jobs=1)"
    writer = subprocess.Popen([sys.executable, "-c", run, str(course.root)])

    def below(pid):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        children = [int(child) for child in text.split()]
        return children + [deeper for child in children for deeper in below(child)]

    def wait_for(what, seconds=120):
        until = time.monotonic() + seconds
        while not what() and time.monotonic() < until:
            time.sleep(0.1)
        return what()

    try:
        assert wait_for(lambda: len(below(writer.pid)) >= 4)  # tracker, worker, zygote, child
        started = below(writer.pid)
    finally:
        writer.kill()
        writer.wait()
    assert wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


KILLS = '''
import os
from pathlib import Path


def _when_asked(student):
    """Do what the flag in the student's answer says, to the process that runs this test."""
    what = student.value("FLAG")
    mark = Path(r"{marks}") / what
    if what.startswith("once") and mark.exists():
        return
    mark.touch()
    if "worker" in what:
        os._exit(1)
    if "zygote" in what:
        for pid in Path(f"/proc/self/task/{{os.getpid()}}/children").read_text().split():
            os.kill(int(pid), 9)


def test_double_goes(student):
    """It works."""
    _when_asked(student)
    student.double(1)


def test_center_goes(student):
    """It works."""
'''


@pytest.fixture
def deadly(course, tmp_path):
    """Replace the hidden tests by ones that harm the grading process when a student's FLAG says so."""
    marks = tmp_path / "marks"
    marks.mkdir()
    (course.root / "source" / "tiny" / "exercises" / "double.py").write_text(KILLS.format(marks=marks))
    return course


def flagged(flag):
    """Answer with a flag."""
    return f"FLAG = {flag!r}\n{tiny.DOUBLE}"


def test_lost_worker_is_tried_again(deadly, submit):
    """A worker process that dies once costs nobody anything."""
    submit("a", double=flagged("fine"))
    submit("b", double=flagged("once worker"))
    submit("c", double=flagged("fine"))
    summary = autograde("tiny", deadly, jobs=2)
    assert {result.student: result.score for result in summary.results} == {"a": 5.0, "b": 5.0, "c": 5.0}
    assert summary.problems == []


@BOTH
def test_submission_that_loses_every_worker_is_infrastructure(deadly, submit):
    """Who takes every worker down is listed as not graded, never a 0, and everybody else is graded."""
    for student in "abc":
        submit(student, double=flagged("always worker" if student == "b" else "fine"))
    summary = autograde("tiny", deadly, jobs=2)
    assert {result.student for result in summary.results if not result.problem} == set("ac")
    (lost,) = summary.problems
    assert lost.student == "b"
    assert "through no fault of the student" in lost.problem
    assert {cell.status for cell in lost.cells} == {"infrastructure"}
    assert set(scores(deadly)) == set("ac")
    (deadly.root / "source" / "tiny" / "exercises" / "double.py").write_text(tiny.HIDDEN_TESTS)
    assert "b" in {result.student for result in autograde("tiny", deadly, jobs=1).results if not result.problem}


def test_lost_warm_process_costs_nobody(deadly, submit):
    """When the warm process is killed, say for want of memory, it is started again and the class graded."""
    if not Path("/proc/self/task").exists():
        pytest.skip("needs /proc to find the warm process")
    submit("a", double=flagged("once zygote"))
    submit("b", double=flagged("fine"))
    submit("c", double=flagged("fine"))
    summary = autograde("tiny", deadly, jobs=1)
    assert summary.problems == []
    assert {result.student: result.score for result in summary.results} == {"a": 5.0, "b": 5.0, "c": 5.0}


def test_grade_that_cannot_be_written_is_infrastructure(course, submit):
    """A student whose results cannot be stored is listed and the others are graded."""
    submit("a")
    submit("b")
    course.path("autograded", "a", ".").mkdir(parents=True)
    course.path("autograded", "a", "tiny").write_text("a file where a folder must be")
    summary = autograde("tiny", course, jobs=1)
    assert {result.student for result in summary.results if not result.problem} == {"b"}
    assert "could not be written" in summary.problems[0].problem
    assert set(scores(course)) == {"b"}


def test_record_tells_what_was_graded(graded):
    """The record beside the course holds the whole result, student included."""
    (bob,) = [result for result in load_results(graded, "tiny") if result.student == "bob"]
    assert bob.score == 4.0
    assert [found.says for cell in bob.cells for found in cell.diagnosis] == []
    assert {test.claim for cell in bob.cells for test in cell.tests} >= {"Twice the numbers comes back."}


def test_results_hold_once_what_they_say_alike(course, submit):
    """Two students with the same answers share what the tests say, so that ten thousand results fit in memory."""
    submit("a", double="def double(x):\n    return x * x")
    submit("b", double="def double(x):\n    return x * x")
    a, b = autograde("tiny", course, jobs=1).results
    alike = [
        (one, other)
        for mine, yours in zip(a.cells, b.cells, strict=True)
        for one, other in zip([*mine.tests, *mine.diagnosis], [*yours.tests, *yours.diagnosis], strict=True)
    ]
    assert alike
    assert all(one is other for one, other in alike)


def test_assignment_that_was_not_released_is_released_first(tmp_path, hand_in):
    """Grading into an empty gradebook releases the assignment first and says so."""
    tiny.write(tmp_path / "course" / "source" / "tiny")
    course = Course.init(tmp_path / "course")
    folder = course.path("submitted", "ada", "tiny")
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(hand_in())
    told = Told()
    summary = autograde("tiny", course, jobs=1, watch=told)
    assert told.lines == ["tiny was not released into this gradebook; releasing it now."]
    assert summary.results[0].score == 5


@BOTH
def test_nothing_handed_in(course):
    """An assignment without submissions is an empty summary, not an error."""
    summary = autograde("tiny", course)
    assert (summary.results, summary.up_to_date) == ([], 0)


def test_how_many_processes_grade_changes_no_byte(course, released):
    """One process, two or eight: the same records, notebooks and files, apart from times."""
    hand_in_every_kind(course, released)

    def left(jobs):
        autograde("tiny", course, jobs=jobs, force=True)
        records = {
            path.name: json.loads(path.read_text()) for path in (course.root / ".grader" / "tiny").glob("*.json")
        }
        for record in records.values():
            record["result"]["seconds"], record["look"] = 0, ""  # times, and what is made of them
        graded = sorted(path for path in (course.root / "autograded").rglob("*") if path.is_file())
        return records, {path: path.read_bytes() for path in graded}

    alone = left(1)
    assert len(alone[0]) > 10
    assert left(2) == alone
    assert left(8) == alone
