"""Kills, full disks, locks, jumping clocks: the same command afterwards completes the work, and nothing is left."""

import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from grader.feedback import feedback
from grader.temporary import SUFFIX, TemporaryFolder

from . import tiny
from .faults import Bench, Elsewhere, children, ended, is_one_line, name_of, told, wait_for
from .gradebooks import BOTH

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are seen through /proc")


@pytest.fixture
def bench(course, tmp_path):
    """A class of eight."""
    made = Bench(course, tmp_path, students=8)
    yield made
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)


# -- kills -------------------------------------------------------------------------------------------------------

MOMENTS = {  # of a run, in the order in which they come
    "its folder is made": lambda bench, run, seen: any(bench.temporary.iterdir()),
    "a worker starts": lambda bench, run, seen: bench.workers(run.pid),
    "a warm process starts": lambda bench, run, seen: bench.zygotes(),
    "a student's process starts": lambda bench, run, seen: any(children(pid) for pid in bench.zygotes()),
    "a notebook is being written": lambda bench, run, seen: any(bench.course.root.glob(f"autograded/*/*{SUFFIX}")),
    "the gradebook is being written": lambda bench, run, seen: any(bench.course.root.glob("gradebook.db-journal")),
    "a record is being written": lambda bench, run, seen: any(bench.course.root.glob(f".grader/tiny/*{SUFFIX}")),
    "one is graded": lambda bench, run, seen: seen() >= 1,
    "two are graded": lambda bench, run, seen: seen() >= 2,
    "three are graded": lambda bench, run, seen: seen() >= 3,
}


def records(bench):
    """Students whose record says that they are done."""
    return {path.stem for path in bench.course.root.glob(".grader/tiny/s*.json")}


def test_ten_kills_of_the_command_cost_nothing(course, tmp_path):
    """After kill -9 at ten moments the same command ends with everybody graded once, and nothing is left behind."""
    bench = Bench(course, tmp_path, students=20)
    once = []
    for moment in MOMENTS.values():
        before = records(bench)
        run = bench.autograde()
        wait_for(lambda m=moment, r=run, b=before: r.poll() is not None or m(bench, r, lambda: len(records(bench) - b)))
        run.kill()
        once += told(run.communicate()[0])
        assert wait_for(lambda: not bench.processes(), 20) is True
    code, students, err = bench.grade()
    once += students
    assert (code, err) == (0, "")
    assert sorted(set(once)) == sorted(once)  # nobody twice
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


@BOTH
def test_killed_processes_of_a_run_cost_nobody(bench):
    """A worker and a warm process killed from outside: the run ends with everybody graded, nobody with less."""
    run = bench.autograde()
    for count, victims in enumerate((lambda: bench.workers(run.pid), bench.zygotes)):
        wait_for(lambda n=count: len(records(bench)) > n or run.poll() is not None)
        pids = wait_for(lambda v=victims: v() or run.poll() is not None)
        assert pids is not True
        os.kill(pids[0], signal.SIGKILL)
    assert ended(run)[::2] == (0, "")
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


@pytest.mark.parametrize("victim", ["grader-nursery", "grader-ahead"])
def test_what_was_loaded_ahead_is_killed_and_costs_nobody(bench, victim):
    """All workers end with the nursery, all students' processes with the start of warm ones: everybody is graded."""
    run = bench.autograde(jobs=2)
    wait_for(lambda: records(bench) or run.poll() is not None)
    os.kill(next(pid for pid in children(run.pid) if name_of(pid) == victim), signal.SIGKILL)
    assert ended(run)[::2] == (0, "")
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


@BOTH
def test_a_killed_group_leaves_nothing(bench):
    """kill -9 of the whole group, then the same command: everybody graded, nothing left."""
    run = bench.autograde()
    wait_for(lambda: records(bench))
    os.killpg(run.pid, signal.SIGKILL)
    ended(run)
    assert wait_for(lambda: not bench.processes(), 20) is True
    assert bench.grade()[0] == 0
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stopped_run_says_so_and_leaves_nothing(bench, number):
    """SIGTERM, Ctrl+C and a closed terminal end a run with one line and the shell's code; what was graded counts."""
    bench.hand_in(bench.students[-1], double=f"import time; time.sleep(1)\n{tiny.DOUBLE}")  # it goes on for a while
    run = bench.autograde()
    wait_for(lambda: records(bench))
    run.send_signal(number)
    code, out, err = ended(run)
    assert code == 128 + number
    assert is_one_line(err, "Stopped.", "run the same command")
    assert bench.leftovers() == ([], [], [])
    before = records(bench)
    assert set(told(out)) <= before
    if number == signal.SIGTERM:
        assert before.isdisjoint(bench.grade()[1])
        assert bench.is_complete()


def test_ctrl_c_in_the_terminal_is_one_line(bench):
    """Ctrl+C reaches every process of the terminal's group, at the start as well: one line, and nothing is left."""
    run = bench.autograde()
    wait_for(lambda: bench.workers(run.pid))
    os.killpg(run.pid, signal.SIGINT)
    code, _, err = ended(run)
    assert code == 130
    assert is_one_line(err, "Stopped.")
    assert bench.leftovers() == ([], [], [])


BUSY = '''
import re
from pathlib import Path


def test_double_goes(student):
    """It works."""
    Path(r"{mark}").touch()
    re.match("(a+)+$", "a" * 60 + "b")  # in C code, which lets no other thread of the worker run, for years


def test_center_goes(student):
    """It works."""
'''


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_deep_in_c_code_ends_as_well(bench, tmp_path, number):
    """A worker that hears nothing ends with its command, stopped or killed, and so does all below it."""
    (bench.course.own_source / "tiny" / "exercises" / "double.py").write_text(BUSY.format(mark=tmp_path / "mark"))
    run = bench.autograde()
    assert wait_for((tmp_path / "mark").exists)
    run.send_signal(number)
    assert ended(run)[0] == {signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    processes, folders, halves = bench.leftovers()
    assert (processes, halves) == ([], [])
    assert not folders or number == signal.SIGKILL


def test_commands_leave_no_folder(bench):
    """grader check, release, autograde and feedback leave nothing behind."""
    root = bench.course.root
    notebook = bench.course.path("submitted", "s01", "tiny") / "tiny.ipynb"
    commands = [
        ["check", notebook, "--course", root],
        ["release", "tiny", "--course", root],
        ["autograde", "tiny", "--course", root, "-j1"],
        ["feedback", "tiny", "--course", root, "-j1"],
    ]
    for command in commands:
        code, _, err = bench.run(*command)
        assert (code, err) == (0, ""), command
        assert bench.leftovers() == ([], [], []), command


def test_nbgraders_own_command_stops_like_ours(bench):
    """nbgrader autograde on SIGTERM: exit code 143, a line, and no process and no folder left."""
    run = bench.start("autograde", "tiny", "--force", module="nbgrader", cwd=bench.course.root)
    wait_for(lambda: records(bench) or run.poll() is not None)
    run.send_signal(signal.SIGTERM)
    code, _, err = ended(run)
    assert code == 143, err
    assert "Stopped." in err
    assert "Traceback" not in err
    assert bench.leftovers() == ([], [], [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_check_leaves_nothing(bench, number):
    """grader check ends with its warm process; the folder of a killed one goes with the next command."""
    bench.hand_in("slow", double="import time\ndef double(x):\n    time.sleep(0.4)\n    return 2 * x")
    notebook = bench.course.path("submitted", "slow", "tiny") / "tiny.ipynb"
    run = bench.start("check", notebook, "--course", bench.course.root)
    wait_for(lambda: any(children(pid) for pid in bench.zygotes()))
    run.send_signal(number)
    assert ended(run)[0] == {signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    if number == signal.SIGKILL:
        assert wait_for(lambda: not bench.processes(), 20) is True
        bench.run("check", bench.course.path("submitted", "s01", "tiny") / "tiny.ipynb", "--course", bench.course.root)
    assert bench.leftovers() == ([], [], [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_feedback_is_completed(bench, number):
    """grader feedback stopped midway: no worker is left, and the next run writes every page whole."""
    assert bench.grade()[0] == 0
    run = bench.start("feedback", "tiny", "--course", bench.course.root, "-j1")
    wait_for(lambda: any(bench.course.root.glob("feedback/*/tiny/tiny.html")) or run.poll() is not None)
    run.send_signal(number)
    ended(run)
    assert wait_for(lambda: not bench.processes(), 20) is True
    assert bench.run("feedback", "tiny", "--course", bench.course.root)[0] == 0
    pages = [bench.course.path("feedback", student, "tiny") / "tiny.html" for student in bench.students]
    assert all(page.read_text().rstrip().endswith("</html>") for page in pages)
    assert bench.leftovers() == ([], [], [])


# -- temporary folders --------------------------------------------------------------------------------------------


def test_only_folders_of_the_dead_are_swept(bench):
    """A command removes folders that nobody holds; those of living processes, and other people's things, stay."""
    dead, other = bench.temporary / f"grader-x{SUFFIX}", bench.temporary / "grader-mine"
    deep = dead / "work"
    for _ in range(300):  # deeper than a path can be long
        deep.mkdir(parents=True)
        os.chdir(deep)
        deep = Path("d" * 100)
    os.chdir(bench.course.root)
    other.mkdir()
    link = bench.temporary / f"link{SUFFIX}"
    link.symlink_to(other)
    with TemporaryFolder(inside=bench.temporary) as living:
        (other / "kept").touch()
        bench.run("check", bench.course.path("submitted", "s01", "tiny") / "tiny.ipynb", "--course", bench.course.root)
        assert sorted(bench.temporary.iterdir()) == sorted([Path(living), other, link])
        assert (other / "kept").exists()
    assert not Path(living).exists()


# -- full disk ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(bench, tmp_path):
    """The course on a disk of 6 MB; returns the namespace where it is mounted."""
    there = Elsewhere(
        bench.course.root,
        'cp -a "$DIR" "$DIR.kept" && mount -t tmpfs -o size=6m tmpfs "$DIR" && cp -a "$DIR.kept/." "$DIR"',
    )
    yield there
    there.close()


FILL = 'cat /dev/zero > "$DIR/full" 2>/dev/null; truncate -s -{room}K "$DIR/full"; sync'


def test_a_full_disk_while_grading(bench, small_disk):
    """Who could not be written is told in a line, exit code 1; with room again the rest is graded, nobody twice."""
    small_disk.sh(FILL.format(room=52))
    code, first, err = bench.grade(before=small_disk.before)
    assert code == 1
    assert "Traceback" not in err
    told_of = [line for line in err.splitlines() if line]
    assert told_of
    assert all("could not be written" in line for line in told_of)
    small_disk.sh('rm "$DIR/full"')
    failed = {line.split(":")[0] for line in told_of}
    code, second, err = bench.grade(before=small_disk.before)
    assert (code, err) == (0, "")
    assert set(second) == failed
    assert set(first) == set(bench.students)
    listed = small_disk.sh('find "$DIR" -name "*.grader-tmp"; ls "$DIR/autograded" "$DIR/.grader/tiny"')
    assert SUFFIX not in listed
    assert all(f"{student}.json" in listed for student in bench.students)


def test_a_full_disk_while_writing_pages_or_a_release(bench, small_disk):
    """Feedback and release on a full disk end with exit code 1 and no traceback; the release there was stays."""
    assert bench.grade(before=small_disk.before)[0] == 0
    listing = 'cd "$DIR/release" && find . -type f | sort | xargs sha256sum'
    before = small_disk.sh(listing)
    small_disk.sh(FILL.format(room=20))
    for command in ("feedback", "release"):
        code, _, err = bench.run(command, "tiny", "--course", bench.course.root, before=small_disk.before)
        assert code == 1, command
        assert "Traceback" not in err, command
        assert "No space left" in err or "disk is full" in err, err
    assert is_one_line(err, "grader:")
    assert small_disk.sh(listing) == before
    small_disk.sh('rm "$DIR/full"')
    for command in ("feedback", "release"):
        assert bench.run(command, "tiny", "--course", bench.course.root, before=small_disk.before)[0] == 0
    pages = small_disk.sh('cd "$DIR/feedback"; tail -qc 20 */tiny/tiny.html | grep -c "</html>"')
    assert int(pages) == len(bench.students)
    assert small_disk.sh('find "$DIR" -name "*.grader-tmp"') == ""


# -- locked and read-only -----------------------------------------------------------------------------------------


def test_a_locked_gradebook_is_one_line(bench):
    """While another program holds the gradebook, the command says so in one line, exit code 1."""
    with sqlite3.connect(bench.course.root / "gradebook.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        code, students, err = bench.grade()
        assert (code, students) == (1, [])
        assert is_one_line(err, "database is locked")
        other.rollback()
    assert bench.grade()[0] == 0
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


def test_a_gradebook_locked_midway_loses_nothing(course, tmp_path):
    """Who could not be written for a lock is told, and graded by the next run; the others are not graded again."""
    bench = Bench(course, tmp_path, students=4)
    with sqlite3.connect(course.root / "gradebook.db", timeout=30, isolation_level=None) as other:
        run = bench.autograde()
        wait_for(lambda: records(bench))
        other.execute("BEGIN IMMEDIATE")
        code, _, err = ended(run)
        other.execute("ROLLBACK")
    assert code == 1
    failed = {line.split(":")[0] for line in err.splitlines()}
    assert all("database is locked" in line for line in err.splitlines())
    assert failed
    assert failed == set(bench.students) - records(bench)
    code, students, _ = bench.grade()
    assert code == 0
    assert set(students) == failed
    assert bench.is_complete()


def test_a_read_only_course_is_told_in_lines(bench):
    """On a read-only disk, and with a read-only gradebook alone, nothing is graded, and lines say why."""
    there = Elsewhere(bench.course.root, 'mount --bind "$DIR" "$DIR" && mount -o remount,bind,ro "$DIR"')
    try:
        code, _, err = bench.grade(before=there.before)
        assert code == 1
        assert "Traceback" not in err
        assert all("read-only" in line.lower() or "readonly" in line for line in err.splitlines()), err
        code, _, err = bench.run("release", "tiny", "--course", bench.course.root, before=there.before)
        assert code == 1
        assert is_one_line(err, "Read-only file system")
        there.sh('umount "$DIR"; mount --bind "$DIR/gradebook.db" "$DIR/gradebook.db"')
        there.sh('mount -o remount,bind,ro "$DIR/gradebook.db"')
        code, _, err = bench.grade(before=there.before)
        assert code == 1
        assert "Traceback" not in err
        assert len(err.splitlines()) <= len(bench.students)
    finally:
        there.close()
    assert bench.scores() == {}
    assert bench.grade()[0] == 0
    assert bench.is_complete()


# -- two at once --------------------------------------------------------------------------------------------------


@BOTH
def test_two_runs_at_once_grade_everybody(bench):
    """Two commands over one class at once: both end well, with one set of scores."""
    runs = [bench.autograde() for _ in range(2)]
    assert [ended(run)[::2] for run in runs] == [(0, ""), (0, "")]
    assert bench.is_complete()
    assert bench.leftovers() == ([], [], [])


def test_two_first_runs_at_once_grade_everybody(bench):
    """Also where the first has to make the gradebook and the release."""
    (bench.course.root / "gradebook.db").unlink()
    runs = [bench.autograde() for _ in range(2)]
    ends = [ended(run) for run in runs]
    assert [code for code, _, _ in ends] == [0, 0], ends
    assert all("Traceback" not in err for _, _, err in ends)
    assert bench.is_complete()


# -- a clock that jumps -------------------------------------------------------------------------------------------

JUMPY = """
import itertools, time
_real, _days = time.time, itertools.cycle([0, 400, -4000, 3])
time.time = lambda: _real() + 86400 * next(_days)
"""


def test_a_clock_that_jumps_changes_nothing(bench, tmp_path):
    """With a wall clock that jumps by years at every look, time limits hold and everybody gets the same."""
    (tmp_path / "jumpy").mkdir()
    (tmp_path / "jumpy" / "sitecustomize.py").write_text(JUMPY)
    jumpy = {"PYTHONPATH": str(tmp_path / "jumpy")}
    bench.hand_in("slow", double="import time\ndef double(x):\n    time.sleep(60)\n    return 2 * x")
    bench.hand_in("quick", double="import time\ndef double(x):\n    time.sleep(0.1)\n    return 2 * x")
    started = time.monotonic()
    assert bench.grade(environment=jumpy)[0] == 0
    assert time.monotonic() - started < 100
    by_clock = bench.scores()
    assert by_clock["slow"]["test_double"][0] == 0.0
    assert by_clock["quick"]["test_double"][0] == 2.0
    assert bench.grade(environment=jumpy)[1] == []  # records are valid
    assert bench.grade("--force")[0] == 0
    assert bench.scores() == by_clock
    assert bench.leftovers() == ([], [], [])


def test_pages_follow_their_notebooks_whatever_the_clock_says(bench):
    """A page from the future is written anew when its work is graded anew; one from the past stays while it holds."""
    assert bench.grade("--student", "s01", "--student", "s02")[0] == 0
    page, other = (bench.course.path("feedback", student, "tiny") / "tiny.html" for student in ("s01", "s02"))
    now = time.time()
    notebook = bench.course.path("autograded", "s01", "tiny") / "tiny.ipynb"
    os.utime(notebook, (now + 1e8, now + 1e8))  # graded while the clock was ahead
    feedback("tiny", bench.course, jobs=1)
    bench.hand_in("s01", double="def double(x):\n    return None")
    assert bench.grade("--student", "s01")[0] == 0
    other.write_text("as it was" + other.read_text())
    kept = bench.course.path("autograded", "s02", "tiny") / "tiny.ipynb"
    os.utime(other, ns=(kept.stat().st_mtime_ns,) * 2)
    first = page.read_text()
    feedback("tiny", bench.course, jobs=1, only_new=True)
    assert page.read_text() != first
    assert other.read_text().startswith("as it was")


# -- who runs it, and where ---------------------------------------------------------------------------------------


def test_an_ordinary_user_grades(bench, tmp_path):
    """Who is not root grades a class as root does."""
    if os.geteuid() != 0:  # then every other test has shown it
        assert bench.grade()[0] == 0
        return
    for path in (sys.executable, os.path.realpath(sys.executable), tiny.__file__, sys.prefix):
        for folder in Path(path).absolute().parents:
            if not folder.stat().st_mode & 0o001:
                pytest.skip(f"an ordinary user cannot get at {path}: {folder} is closed to others")
    nobody = 65534
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/") and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, nobody, nobody, follow_symlinks=False)
    options = {"user": nobody, "group": nobody, "extra_groups": [], "environment": {"HOME": str(bench.temporary)}}
    code, students, err = bench.grade(**options)
    assert (code, err) == (0, "")
    assert sorted(students) == bench.students
    assert bench.is_complete()
    assert bench.processes() == []
    assert [path for path in bench.temporary.iterdir() if path.name.endswith(SUFFIX)] == []


NO_NAMESPACES = """
import errno, os, sys
import pyseccomp as seccomp
rules = seccomp.SyscallFilter(seccomp.ALLOW)
for call in ("unshare", "clone"):
    rules.add_rule(seccomp.ERRNO(errno.EPERM), call, seccomp.Arg(0, seccomp.MASKED_EQ, 0x10000000, 0x10000000))
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""
PROBES = """
import os, socket
from pathlib import Path
def _try(what):
    try:
        what()
        return "done"
    except BaseException as error:
        return type(error).__name__
TRIED = [_try(what) for what in (
    lambda: Path("/etc/passwd").read_text(),
    lambda: Path(r"{secret}").read_text(),
    lambda: Path(r"{outside}").write_text("x"),
    lambda: socket.socket(),
    lambda: os.fork(),
    lambda: os.kill(os.getppid(), 9),
    lambda: os.listdir(".."),
)]
Path("left.txt").write_text("mine")
os.makedirs("deep/" * 50)
SEEN = [name for name in os.listdir(".") if name != "left.txt" and name != "deep"]
print("TRIED", *TRIED)
"""


def test_a_container_without_user_namespaces(bench, tmp_path):
    """Where user namespaces are refused, the sandbox holds, nothing passes between students, and strict says no."""
    pytest.importorskip("pyseccomp", reason="refuses user namespaces with it")
    without = [sys.executable, "-c", NO_NAMESPACES]
    probe = PROBES.format(
        secret=bench.course.own_source / "tiny" / "exercises" / "double.py", outside=tmp_path / "outside"
    )
    bench.hand_in("a-mallory", double=probe + tiny.DOUBLE)
    bench.hand_in("b-nora", double="import os\nprint('FOUND', *os.listdir('.'))\n" + tiny.DOUBLE)
    code, _, err = bench.grade(before=without)
    assert (code, err) == (0, "")
    said = {
        student: (bench.course.path("autograded", student, "tiny") / "tiny.ipynb").read_text()
        for student in ("a-mallory", "b-nora")
    }
    assert "TRIED" + " PermissionError" * 7 in said["a-mallory"]
    assert "FOUND" in said["b-nora"]
    assert "left.txt" not in said["b-nora"]
    assert not (tmp_path / "outside").exists()
    assert bench.scores()["b-nora"]["test_double"][0] == 2.0
    assert bench.leftovers() == ([], [], [])
    code, _, err = bench.grade("--force", "--isolation", "strict", before=without)
    assert code == 1
    assert is_one_line(err, "strict", "namespaces")
