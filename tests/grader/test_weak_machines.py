"""Where a machine gives less than a process needs, nobody gets a zero for it: all are graded right, or nobody is."""

import os
import resource
import subprocess
import sys
import threading

import pytest

from grader.engine import Engine
from grader.grading import NotGraded, grade_submission
from grader.intake.submission import Submission
from grader.released import released_notebook
from grader.sandbox.limits import Limits, cut_short_by_the_system
from grader.sandbox.session import Session
from grader.sandbox.warm import IsolationError, WarmProcess
from grader.student_edition import build_student_edition

from . import tiny
from .attacking import needs_namespaces

DENY = """
import errno, os, sys
import pyseccomp
names = sys.argv.pop(1).split(",")
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in filter(None, names):
    known = {"landlock_create_ruleset": 444}.get(name)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS if known else errno.EPERM), known or name)
rules.load()
os.execv(sys.executable, [sys.executable, "-m", "grader", *sys.argv[1:]])
"""
FULL = 5.0  # points of the tiny assignment that tests decide


@pytest.fixture
def grade_class(course, submit, scores_in):
    """Grade a class of one by the real command with system calls denied, or limits set; return it and the scores."""
    submit("nora")

    def run(*options: str, deny: str = "", limits: dict[int, int] | None = None):
        def set_limits() -> None:
            for what, most in (limits or {}).items():
                resource.setrlimit(what, (most, most))

        command = [sys.executable, "-c", DENY, deny, "autograde", "tiny", "--course", str(course.root), "-j", "1"]
        done = subprocess.run(
            [*command, *options], preexec_fn=set_limits, capture_output=True, text=True, timeout=300, check=False
        )
        scores = scores_in().get("nora", {})
        return done, sum(auto or 0.0 for auto, _, _ in scores.values()) if scores else None

    return run


@pytest.mark.parametrize(
    "limits",
    [
        {resource.RLIMIT_CPU: 200, resource.RLIMIT_NOFILE: 200, resource.RLIMIT_FSIZE: 20 * 2**20},
        {resource.RLIMIT_AS: 6 * 2**30, resource.RLIMIT_CORE: 0},
    ],
    ids=["time-files-size", "memory"],
)
def test_lower_limits_of_the_system_hold_and_cost_nothing(grade_class, limits):
    """A shell or queue that allows a process less than we do lowers our limits, and everybody is graded right."""
    done, score = grade_class(limits=limits)
    assert (done.returncode, score) == (0, FULL), done.stderr
    if resource.RLIMIT_NOFILE in limits:
        assert "ulimit -n" in done.stderr


@pytest.mark.parametrize("deny", ["capset", "prctl", "seccomp,prctl", "landlock_create_ruleset", "setsid", "umount2"])
def test_a_process_that_cannot_be_confined_is_nobodys_zero(grade_class, deny):
    """Where the system refuses a step of the confinement, the command says so in a line and leaves the grades alone."""
    done, score = grade_class()
    assert (done.returncode, score) == (0, FULL), done.stderr
    done, score = grade_class("--force", deny=deny)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("grader:")]
    assert len(lines) == 1
    assert "Traceback" not in done.stderr
    assert score == FULL


def test_without_user_namespaces_all_is_graded_and_strict_says_no(grade_class):
    """A container that forbids user namespaces grades in the sandbox; with less than everything, strict does not."""
    done, score = grade_class(deny="unshare")
    assert (done.returncode, score) == (0, FULL), done.stderr
    done, score = grade_class("--force", "--isolation", "strict", deny="unshare")
    assert done.returncode == 1
    assert "namespaces" in done.stderr
    assert score == FULL


@pytest.mark.parametrize("when", ["at once", "at the second start"])
def test_a_process_that_ends_before_the_first_cell_is_our_fault(assignment, hand_in, monkeypatch, when):
    """Killed before it ran anything of the student's, by the system say, a process costs a try and never points."""
    fork, forked = WarmProcess.fork, []

    def fork_and_kill(self):
        pid, ours = fork(self)
        forked.append(pid)
        if when == "at once" or len(forked) % 2 == 0:
            os.kill(pid, 9)
        return pid, ours

    deadly = "import os\ndef double(x):\n    os._exit(1)"
    data = hand_in() if when == "at once" else hand_in(double=deadly)
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released_notebook(assignment), edition) as engine,
    ):
        monkeypatch.setattr(WarmProcess, "fork", fork_and_kill)
        with pytest.raises(NotGraded, match=r"did not start|killed from outside"):
            grade_submission([engine], Submission("nora", {"tiny.ipynb": data}))
        monkeypatch.setattr(WarmProcess, "fork", fork)
        result = grade_submission([engine], Submission("nora", {"tiny.ipynb": hand_in()}))
    assert result.score == FULL


@pytest.mark.parametrize("where", ["cell", "call"])
def test_a_process_killed_from_outside_is_tried_again(assignment, hand_in, monkeypatch, where):
    """Killed by the system, for want of memory say, a student's process costs a second try and no points."""
    slow = "    import time; time.sleep(1)\n"
    double = (
        f"def double(x):\n{slow}    return 2 * x" if where == "call" else "import time; time.sleep(1)\n" + tiny.DOUBLE
    )
    fork, killers = WarmProcess.fork, []

    def fork_and_kill(self):
        pid, ours = fork(self)
        if not killers:
            killers.append(threading.Timer(0.7, os.kill, (pid, 9)))
            killers[0].start()
        return pid, ours

    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released_notebook(assignment), edition) as engine,
    ):
        needs_namespaces(engine.warm.process)
        monkeypatch.setattr(WarmProcess, "fork", fork_and_kill)
        result = grade_submission([engine], Submission("nora", {"tiny.ipynb": hand_in(double=double)}))
    assert not killers[0].is_alive()
    assert result.score == FULL


@pytest.mark.parametrize(
    "end", ["os._exit(3)", "os.closerange(3, 99)", "__import__('ctypes').string_at(0)", "os.abort()"]
)
def test_a_process_that_ends_itself_is_no_fault_of_ours(cells, end):
    """Whatever way a student's code ends its process, or hangs up, that costs its exercise and is not tried again."""
    verdicts = cells(double=f"import os\ndef double(x):\n    {end}\n    return 2 * x")
    assert verdicts["test_double"].score == 0
    assert verdicts["test_center"].score == verdicts["test_center"].points


def test_a_warm_process_that_cannot_be_replaced_costs_one_submission(engine, hand_in, monkeypatch):
    """Where the warm process is gone and no other starts just now, that submission waits, and the class goes on."""

    def no(self, *_, **__):
        raise IsolationError("no memory just now")

    engine.warm.close()
    with monkeypatch.context() as patch:
        patch.setattr(WarmProcess, "__init__", no)
        with pytest.raises(NotGraded, match="no memory just now"):
            grade_submission([engine], Submission("nora", {"tiny.ipynb": hand_in()}))
    assert grade_submission([engine], Submission("nora", {"tiny.ipynb": hand_in()})).score == FULL


def test_files_that_do_not_fit_are_told_and_cost_nothing(assignment, hand_in):
    """Names that no file can have, and more than the folder holds, are left out, and the work is graded."""
    files = {"x" * 300: b"1", "a": b"1", "a/b": b"2", "good.txt": b"3", "nul\0": b"4"}
    limits = Limits(folder_mb=1)
    with WarmProcess(None, limits) as warm, Session(warm, {**files, "large": bytes(2 * 2**20)}) as session:
        session.run("import os\nnames = sorted(os.listdir('.'))", 5.0, 1000)
        assert session.value("names", 1.0) == ["a", "good.txt"]
    assert sorted(session.unwritten) == sorted(["x" * 300, "a/b", "nul\0", "large"])


def test_only_what_is_lower_is_told(monkeypatch):
    """A system that allows as much as the assignment is not complained about."""
    allowed = {resource.RLIMIT_CPU: 100, resource.RLIMIT_NOFILE: 256}
    monkeypatch.setattr(resource, "getrlimit", lambda what: (0, allowed.get(what, resource.RLIM_INFINITY)))
    [line] = cut_short_by_the_system(Limits(submission_seconds=300))
    assert "ulimit -t" in line
    assert cut_short_by_the_system(Limits(submission_seconds=50)) == []


def test_a_home_that_cannot_be_written_is_no_hindrance(monkeypatch):
    """Where no cache of fonts can be kept, it is made for the run."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    with WarmProcess(None) as warm, Session(warm) as session:
        assert session.run("import matplotlib.pyplot as plt; plt.plot([1]); plt.show()", 10.0, 2**16).error is None
