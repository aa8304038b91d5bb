"""A gradebook on a PostgreSQL server: what a file does not have, such as others at once, restarts and passwords.

That it holds what SQLite's holds is said by the tests with the mark ``gradebooks``, which run on both.
"""

import csv
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Grade, Gradebook, Student

from grader.batch import autograde
from grader.connection import nobody_else_releasing, open_gradebook
from grader.course import Course, CourseError
from grader.gradebook import GradebookWriter
from grader.marking import Changed, Marks, find_question
from grader.release import release

from . import jupyter, tiny
from .faults import Bench, ended, is_one_line, wait_for
from .gradebooks import PASSWORD, PostgresServer, database_of, set_url
from .test_gradebook import result

pytestmark = pytest.mark.gradebooks("postgres")


@pytest.fixture
def server(gradebooks) -> PostgresServer:
    """The server on which ``course`` is; it must stay."""
    return gradebooks


@pytest.fixture
def own_server():
    """A server of one's own, to be stopped."""
    server = PostgresServer()
    yield server
    server.close()


def scores(course):
    """All that grading writes, by assignment, student and cell, and what it comes to."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        cells = {
            (assignment.name, submission.student_id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for assignment in gradebook.assignments
            for submission in gradebook.assignment_submissions(assignment.name)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
        totals = {
            (assignment.name, submission.student_id): submission.score
            for assignment in gradebook.assignments
            for submission in gradebook.assignment_submissions(assignment.name)
        }
        return cells, totals, sorted(student.id for student in gradebook.students)


# -- several at once ----------------------------------------------------------------------------------------------


@pytest.fixture
def two(course, gradebooks, tmp_path):
    """Two assignments with work of the same students: their course, and a bench in it."""
    tiny.write(course.own_source / "other")
    release("other", course)
    bench = Bench(course, tmp_path, students=6)
    for student in bench.students:
        shutil.copytree(course.path("submitted", student, "tiny"), course.path("submitted", student, "other"))
    return bench


@pytest.mark.parametrize("how", ["in one folder", "in a folder each", "serializable"])
def test_two_graders_on_two_assignments_at_once(two, server, gradebooks, tmp_path, how):
    """Two processes at once, on one machine or two, write what they write one after the other; no line of trouble."""
    apart = gradebooks.copied(two.course.root, tmp_path / "apart" / "course")
    for name in ("tiny", "other"):
        assert autograde(name, apart, jobs=1).problems == []
    folders = [two.course.root, two.course.root]
    if how != "in one folder":
        folders[1] = Path(shutil.copytree(two.course.root, tmp_path / "clone" / "course"))
    if how == "serializable":
        name = database_of(two.course.root)
        server.sql(f"ALTER DATABASE {name} SET default_transaction_isolation = serializable")
    names = ("tiny", "other")
    runs = [two.start("autograde", name, "--course", at, "-j1") for name, at in zip(names, folders, strict=True)]
    ends = [ended(run) for run in runs]
    assert [(code, err) for code, _, err in ends] == [(0, ""), (0, "")]
    assert scores(two.course) == scores(apart)
    assert len(scores(two.course)[1]) == 12


def blocked(server, course):
    """How many sessions of the course wait for another's lock."""
    name = database_of(course.root)
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
    return server.sql(f"{asked}'{name}'")[0][0]


def test_a_student_whom_another_grader_makes_at_the_same_moment(course, server):
    """Who is first makes the student; the other waits, fails by it and does it again, and both go on."""
    database = database_of(course.root)
    with open_gradebook(course.db_url) as other:
        other.db.add(Student(id="ada"))
        other.db.flush()
        notes: list[list[str]] = []

        def write():
            with GradebookWriter(course.db_url, course.course_id) as writer:
                notes.append(writer.write(result(), ["tiny"]).notes)

        thread = threading.Thread(target=write)
        thread.start()
        assert wait_for(lambda: blocked(server, course))
        other.db.commit()
        thread.join(60)
    assert notes == [[]]
    assert server.sql("SELECT count(*) FROM grade", database) == [(3,)]


def test_a_mark_waits_for_one_that_is_being_written(course, submit, server):
    """Two people who mark one answer in the same moment: the second is told, and nothing is overwritten."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    assignment = course.assignment("tiny")
    marks = Marks(course, assignment, find_question(assignment, "why"))
    (ada,) = marks.answers()
    told: list[BaseException] = []
    with Gradebook(course.db_url, course.course_id) as formgrader:
        formgrader.find_grade("why", "tiny", "tiny", "ada").manual_score = 1.0
        formgrader.find_comment("why", "tiny", "tiny", "ada").manual_comment = "first"
        formgrader.db.flush()

        def save():
            try:
                marks.save(ada.key, ada.version, 0.0, None, "second")
            except Changed as error:
                told.append(error)

        thread = threading.Thread(target=save)
        thread.start()
        assert wait_for(lambda: blocked(server, course))
        formgrader.db.commit()
        thread.join(60)
    assert [str(error) for error in told] == ["Somebody else marked this answer meanwhile: 1 points. first"]
    assert [(answer.points, answer.comment) for answer in marks.answers()] == [(1.0, "first")]


def test_two_first_commands_make_one_gradebook(course, server, tmp_path):
    """In an empty database two commands from two folders end well, and all is there once."""
    server.settle(course.root)
    bench = Bench(course, tmp_path, students=4)
    clone = shutil.copytree(course.root, tmp_path / "clone" / "course")
    runs = [bench.start("autograde", "tiny", "--course", root, "-j1") for root in (course.root, clone)]
    ends = [ended(run) for run in runs]
    assert [code for code, _, _ in ends] == [0, 0], ends
    assert all("Traceback" not in err for _, _, err in ends)
    assert bench.is_complete()
    assert len(server.sql("SELECT * FROM alembic_version", database_of(course.root))) == 1


def test_a_release_that_is_being_entered_is_waited_for(course, server, tmp_path):
    """It is entered cell by cell; what grading goes by is read when all of them are there."""
    bench, database = Bench(course, tmp_path, students=1), database_of(course.root)
    with nobody_else_releasing(course.db_url):
        server.sql("UPDATE grade_cells SET max_score = max_score + 1", database)
        run = bench.autograde()
        assert wait_for(lambda: blocked(server, course))
        server.sql("UPDATE grade_cells SET max_score = max_score - 1", database)
    code, _, err = ended(run)
    assert (code, err) == (0, "")
    assert bench.is_complete()


def test_a_gradebook_that_has_the_assignment_meanwhile_stays_as_it_is(course, server):
    """Who comes second to the first release writes the students' folder, and nothing into the gradebook."""
    points, database = "SELECT sum(max_score) FROM grade_cells", database_of(course.root)
    server.sql("UPDATE grade_cells SET max_score = max_score + 1", database)
    shutil.rmtree(course.path("release", ".", "tiny"))
    made = release("tiny", course, entered=lambda: True)
    assert server.sql(points, database) == [(12.0,)]
    assert (made.folder / "tiny.ipynb").is_file()
    release("tiny", course)
    assert server.sql(points, database) == [(9.0,)]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="connections are seen through /proc")
def test_only_the_command_itself_is_connected(course, server, tmp_path):
    """No worker, and no process of a student's, has a connection to the server, taken along or its own."""
    bench = Bench(course, tmp_path, students=2)
    bench.hand_in("slow", double=f"import time; time.sleep(0.9)\n{tiny.DOUBLE}")
    run = bench.autograde()
    seen = set()
    while run.poll() is None:
        seen |= {pid for pid in bench.processes() if connections_of(pid) & to_port(server.port)}
        time.sleep(0.02)
    assert ended(run)[0] == 0
    assert seen == {run.pid}


def to_port(port):
    """The sockets of this machine that lead to the port."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {f"socket:[{line[9]}]" for line in lines if int(line[2].partition(":")[2], 16) == port}


def connections_of(pid):
    """The sockets that a process holds."""
    try:
        return {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return set()


# -- a server that goes away --------------------------------------------------------------------------------------


@pytest.fixture
def bench(own_server, course_template, tmp_path):
    """A class of six, on a server of its own."""
    root = shutil.copytree(course_template, tmp_path / "course")
    own_server.settle(root)
    course = Course(root)
    release("tiny", course)
    return Bench(course, tmp_path, students=6)


def records(bench):
    """Students whose record says that they are done."""
    return {path.stem for path in bench.course.root.glob(".grader/tiny/s*.json")}


def test_a_server_that_dies_midway_is_one_line_and_costs_nothing(bench, own_server):
    """The run ends with a line; once the server is back the same command grades the rest, and nobody twice."""
    run = bench.autograde()
    assert wait_for(lambda: records(bench) or run.poll() is not None) is not True
    own_server.stop(signal.SIGQUIT)
    code, out, err = ended(run)
    assert code == 1
    assert is_one_line(err, "does not answer any more", "run the same command again")
    assert PASSWORD not in out + err
    before = records(bench)
    assert before < set(bench.students)
    own_server.start()
    code, students, err = bench.grade()
    assert (code, err) == (0, "")
    assert before.isdisjoint(students)
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_server_that_is_restarted_midway_costs_nobody(bench, own_server, how):
    """Connections that a restart or a crash cuts are made anew, and the run goes on without a line."""
    run = bench.autograde()
    assert wait_for(lambda: records(bench) or run.poll() is not None) is not True
    own_server.stop(how)
    own_server.start()
    code, _, err = ended(run)
    assert (code, err) == (0, "")
    assert bench.is_complete()


def test_feedback_without_a_server_keeps_the_pages(bench, own_server):
    """One line, and the pages that are there stay."""
    assert bench.grade()[0] == 0
    assert bench.run("feedback", "tiny", "--course", bench.course.root)[0] == 0
    pages = {path: path.read_bytes() for path in bench.course.root.glob("feedback/*/tiny/*.html")}
    assert len(pages) == 6
    own_server.stop()
    code, _, err = bench.run("feedback", "tiny", "--course", bench.course.root)
    assert code == 1
    assert is_one_line(err, "cannot be opened")
    assert {path: path.read_bytes() for path in pages} == pages


# -- a server that is not as needed -------------------------------------------------------------------------------

COMMANDS = {
    "autograde": ["tiny"],
    "collect": ["tiny", Path(__file__).parent],
    "feedback": ["tiny"],
    "history": ["ada"],
    "mark": ["tiny"],
    "release": ["tiny"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_server_every_command_is_one_line(course, submit, cli, command):
    """Address and reason without the password, what to do, exit code 1, and nothing is written."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        set_url(course.root, f"postgresql+psycopg://grader:{PASSWORD}@127.0.0.1:{port}/course")
        before = everything(course.root)
        code, out, err = cli(command, *COMMANDS[command], "--course", course.root)
    assert (code, out) == (1, "")
    assert is_one_line(err, f"grader@127.0.0.1:{port}/course cannot be opened:", "Connection refused. Start the server")
    assert PASSWORD not in err
    assert everything(course.root) == before


def everything(root):
    """All files of a course, but for the lock of turns."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "lock"}


def test_a_wrong_password_a_missing_database_and_another_encoding_are_one_line(course, server, cli):
    """Each says what the server said and what to do, and holds no password."""
    server.sql("CREATE DATABASE ascii OWNER grader TEMPLATE template0 ENCODING 'SQL_ASCII'")
    for url, words in {
        server.url(database_of(course.root), "wrong-guess"): 'password authentication failed for user "grader". Start',
        server.url("nowhere"): 'database "nowhere" does not exist. Start the server, make the database, or mend',
        server.url("ascii"): "is in SQL_ASCII; make one with: createdb --encoding=UTF8",
    }.items():
        set_url(course.root, url)
        code, out, err = cli("history", "ada", "--course", course.root)
        assert (code, out) == (1, "")
        assert is_one_line(err, words)
        assert PASSWORD not in err
        assert "wrong-guess" not in err


def test_the_password_may_be_in_a_file_of_ones_own(course, server, submit, tmp_path, monkeypatch):
    """A setting without a password is enough where PostgreSQL's own file holds it."""
    (tmp_path / "pgpass").write_text(f"127.0.0.1:{server.port}:*:grader:{PASSWORD}\n")
    (tmp_path / "pgpass").chmod(0o600)
    set_url(course.root, server.url(database_of(course.root)).replace(f":{PASSWORD}@", "@"))
    with pytest.raises(CourseError, match="no password supplied"):
        open_gradebook(Course(course.root).db_url)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    submit("ada")
    assert autograde("tiny", Course(course.root), jobs=1).problems == []


def test_a_server_that_says_nothing_is_given_up(course, cli):
    """Where something listens and does not answer, the command ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        set_url(course.root, f"postgresql+psycopg://grader@127.0.0.1:{port}/course?connect_timeout=2")
        code, _, err = cli("history", "ada", "--course", course.root)
    assert code == 1
    assert is_one_line(err, "cannot be opened", "timeout")


@pytest.mark.parametrize("url", ["grader:se@same@h/d", "grader:se@same:1@h/d", "grader:same@h:port/d"])
def test_an_address_that_is_none_tells_no_part_of_the_password(course, cli, url):
    """An @ that was not written as %40 would make a part of the password the name of a host."""
    set_url(course.root, f"postgresql+psycopg://{url}")
    code, _, err = cli("history", "ada", "--course", course.root)
    assert code == 1
    assert is_one_line(err, "no database's address", "%40")
    assert "same" not in err


@pytest.mark.parametrize("address", ["postgresql+psycopg", "postgres"])
def test_a_driver_that_is_not_there_is_named(course, cli, monkeypatch, address):
    """Without the extra, and under a name that SQLAlchemy does not know, a line says what to write."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    set_url(course.root, f"{address}://grader:{PASSWORD}@127.0.0.1/course")
    code, _, err = cli("history", "ada", "--course", course.root)
    assert code == 1
    assert is_one_line(err, {"postgres": "Can't load plugin"}.get(address, "pip install 'nnlib[postgres]'"))
    assert PASSWORD not in err


# -- what a text may be -------------------------------------------------------------------------------------------


def test_comments_of_any_length_and_sign_are_kept(course, submit):
    """Ten thousand characters of any alphabet come back as they were; a NUL, which PostgreSQL refuses, is left out."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    assignment = course.assignment("tiny")
    marks = Marks(course, assignment, find_question(assignment, "why"))
    for words in ("好😀é" * 2_500, "before\0after", "'; DROP TABLE grade; --", "\\x00 %s {x} \x1b[31m"):
        (ada,) = marks.answers()
        after = marks.save(ada.key, ada.version, 1.0, None, words)
        assert after.comment == words.replace("\0", "")


def test_an_id_longer_than_the_column_costs_nobody_else(course, submit):
    """PostgreSQL keeps to 128 characters: a line names the rule, and the others are graded."""
    submit("é" * 28 + "x" * 100)
    submit("x" * 129)
    summary = autograde("tiny", course, jobs=1)
    assert [found.problem for found in summary.problems] == [
        "on PostgreSQL a student's id has at most 128 characters, and this one has 129; rename the folder in submitted."
    ]
    assert set(scores(course)[1]) == {("tiny", "é" * 28 + "x" * 100)}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (new_markdown_cell("NUL: \0", metadata=tiny.about("nul", locked=True)), "NUL (0x00) bytes"),
        (new_markdown_cell("Long", metadata=tiny.about("long" * 40, locked=True)), "varying(128)"),
    ],
    ids=["NUL", "long name"],
)
def test_a_cell_that_the_server_refuses_is_one_line(course, cell, words):
    """The author is told what the server said; no traceback, and the release that was there stays."""
    before = everything(course.root / "release")
    notebook = tiny.source_notebook()
    notebook.cells.insert(1, cell)
    tiny.write(course.own_source / "tiny", notebook)
    command = [sys.executable, "-m", "grader", "release", "tiny"]
    ran = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert is_one_line(ran.stderr, words)
    assert "psycopg" not in ran.stderr
    assert everything(course.root / "release") == before


# -- nbgrader's own commands --------------------------------------------------------------------------------------


def nbgrader(course, *args):
    """Run an nbgrader command in the course folder to its good end."""
    command = [Path(sys.executable).with_name("nbgrader"), *args]
    ran = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def test_nbgraders_own_commands_read_and_change_the_same_gradebook(course, submit):
    """The roster goes in, the scores come out, an assignment goes, and the migrations have nothing to do."""
    (course.root / "roster.csv").write_text("id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\n")
    nbgrader(course, "db", "student", "import", "roster.csv")
    submit("ada")
    submit("bob", double="def double(x):\n    return x * x")
    nbgrader(course, "autograde", "tiny")
    nbgrader(course, "generate_feedback", "tiny")
    nbgrader(course, "export")
    with (course.root / "grades.csv").open() as file:
        rows = {row["student_id"]: (row["first_name"], row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert rows == {"ada": ("Ada", "5.0", "9.0"), "bob": ("", "4.0", "9.0")}
    nbgrader(course, "db", "upgrade")
    assert "ada" in nbgrader(course, "db", "student", "list")
    nbgrader(course, "db", "assignment", "remove", "tiny", "--force")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.db.query(Grade).all() == []


def test_a_course_that_is_not_wired_is_released_too(course, server):
    """Where neither course_id is set nor the engine wired, the assignment's course is there all the same."""
    server.settle(course.root)
    settings = course.root / "nbgrader_config.py"
    settings.write_text(f'c = get_config()\nc.CourseDirectory.db_url = "{server.url(database_of(course.root))}"\n')
    command = [sys.executable, "-m", "grader", "release", "tiny"]
    ran = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr.count("\n")) == (0, 1), ran.stderr  # the line says that it is not wired


def test_formgrader_comes_first_and_marks(course, submit, server, tmp_path):
    """In an empty database formgrader adds an assignment, and a mark on its page is in the same gradebook."""
    server.settle(course.root)
    course = Course(course.root)
    (tmp_path / "home").mkdir()
    with jupyter.serve(course.root, tmp_path / "home") as formgrader:
        formgrader.ask("/formgrader/api/assignment/99-new", "PUT", {"duedate_notimezone": None})
        submit("ada")
        assert autograde("tiny", course, jobs=1).problems == []
        listed = {entry["name"]: entry for entry in formgrader.ask("/formgrader/api/assignments")}
        assert listed["tiny"]["num_submissions"] == 1
        (entry,) = formgrader.ask("/formgrader/api/submissions/tiny")
        assert (entry["student"], entry["score"], entry["needs_manual_grade"]) == ("ada", 5.0, True)
        (submitted,) = formgrader.ask("/formgrader/api/submitted_notebooks/tiny/tiny")
        grades = formgrader.ask(f"/formgrader/api/grades?submission_id={submitted['id']}")
        (why,) = [grade for grade in grades if grade["name"] == "why"]
        formgrader.ask(f"/formgrader/api/grade/{why['id']}", "PUT", {"manual_score": 3.5, "extra_credit": 0.5})
    assignment = course.assignment("tiny")
    (answer,) = Marks(course, assignment, find_question(assignment, "why")).answers()
    assert (answer.points, answer.extra) == (3.5, 0.5)
