"""A class graded on a Dask cluster: a real scheduler and workers on this machine, which share no folder with a course.

Every worker has a current folder and a folder for temporary files of its own.
"""

import contextlib
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
import nbformat
import pytest

from grader import cluster, cluster_fit, cluster_worker
from grader.assignment import Assignment
from grader.batch import autograde
from grader.cluster import Cluster, ClusterError
from grader.cluster_worker import Facts
from grader.grading import NotGraded
from grader.intake.submission import Submission
from grader.release import release
from grader.results import GradeResult
from grader.sandbox.limits import Imports, Isolation, Limits
from grader.stopping import STOPPED
from grader.watch import Watch

from . import classic, tiny
from .faults import hear_signals
from .test_weak_machines import DENY

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")

FULL = 5.0  # points of the tiny assignment that tests decide
SECRETS = ("test_double_of_numbers", tiny.SECRET)
SECONDS = 120.0  # that anything here may take, on a busy machine
SQUARED = "def double(x):\n    return x * x"
SLOW = "import time\ntime.sleep(0.7)\n" + tiny.DOUBLE
ENDLESS = "def double(x):\n    while True:\n        pass"
TOO_LONG = "import time\ntime.sleep(600)"  # for a cell, where it may take as long
DYING = "import os\ndef double(x):\n    os._exit(3)"
DEADLY = "def double(x):\n    return 666"  # to the worker, by the test below
READS_HIDDEN_TESTS = """
import pathlib, nnlib
bench = pathlib.Path(nnlib.__file__).resolve().parents[2]
assert bench.name.startswith("grader-cluster-")
def double(x):
    try:
        return (bench / "source" / "tiny" / "exercises" / "double.py").read_bytes()
    except OSError:
        return 2 * x
"""
KILLS_ITS_WORKER = '''

def test_double_of_one(student):
    """The double of 1 is 2."""
    import os
    if student.double(1) == 666:
        os.kill(os.getppid(), 9)
'''
DENIED = DENY.replace('"grader", *sys', "*sys")  # runs any module with system calls denied


class Told(Watch):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Keep it."""
        self.lines.append(line)


@dataclass
class Dask:
    """A scheduler and its workers, each a process with a folder."""

    place: Path
    environment: dict[str, str] = field(default_factory=dict)
    address: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_scheduler(self, *options: str) -> None:
        """Start it at a free port, and wait until it says at which."""
        file = self.place / "scheduler.json"
        started = ["-P", "-m", "distributed.cli.dask_scheduler", "--scheduler-file", str(file), "--port", "0"]
        self._start("scheduler", [*started, "--host", "127.0.0.1", "--no-dashboard", *options])
        until = time.monotonic() + SECONDS
        while not (file.exists() and file.read_text()):
            assert time.monotonic() < until, self.log("scheduler")
            time.sleep(0.05)
        self.address = json.loads(file.read_text())["address"]

    def start_worker(self, name: str, *options: str, python: tuple[str, ...] = ("-P", "-m"), **env: str) -> None:
        """Start one that grades one submission at a time, and wait until the scheduler knows it."""
        started = [*python, "distributed.cli.dask_worker", self.address, "--name", name, "--nthreads", "1"]
        self._start(name, [*started, "--host", "127.0.0.1", "--no-dashboard", *options], **env)
        until = time.monotonic() + SECONDS
        while "Registered to" not in self.log(name):
            assert time.monotonic() < until, self.log(name)
            time.sleep(0.05)

    def _start(self, name: str, arguments: list[str], **env: str) -> None:
        folder = self.place / name
        (folder / "tmp").mkdir(parents=True)
        environment = {**os.environ, "TMPDIR": str(folder / "tmp"), **self.environment, **env}
        with (folder / "log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        """What a process said."""
        return (self.place / name / "log").read_text(errors="replace")

    def left(self, name: str) -> list[str]:
        """The grader's temporary files of a worker."""
        return sorted(path.name for path in (self.place / name / "tmp").glob("grader*"))

    def end(self, name: str) -> None:
        """End a process as its administrator does."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(SECONDS)


@contextlib.contextmanager
def dask_in(place: Path, **environment: str) -> Iterator[Dask]:
    """Run a cluster there; whatever is left of it at the end is killed."""
    made = Dask(place, environment)
    try:
        yield made
    finally:
        for process in made.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Iterator[Dask]:
    """A scheduler and two workers, one under Dask's nanny, which restarts it, and one without."""
    with dask_in(tmp_path_factory.mktemp("dask")) as made:
        made.start_scheduler()
        made.start_worker("anna")
        made.start_worker("bert", "--no-nanny")
        yield made


@pytest.fixture
def dask(tmp_path) -> Iterator[Dask]:
    """A scheduler of one's own, without workers yet."""
    with dask_in(tmp_path / "dask") as made:
        made.start_scheduler()
        yield made


@pytest.fixture
def grade_on(course):
    """Grade the course's class on a cluster; return the results by student, and the lines that were told."""

    def grade(dask: Dask, name: str = "tiny", **options) -> tuple[dict[str, GradeResult], list[str]]:
        told = Told()
        with Cluster(dask.address, options.pop("isolation", Isolation.sandbox), told.say) as there:
            summary = autograde(name, course, watch=told, graders=there.graders, **options)
        return {result.student: result for result in summary.results}, told.lines

    return grade


def without_time(results: dict[str, GradeResult]) -> dict[str, object]:
    """All that results say but how long it took."""
    return {student: {**msgspec.to_builtins(result), "seconds": 0, "spent": {}} for student, result in results.items()}


def test_a_cluster_grades_as_this_machine_does(two, course, submit, grade_on):
    """Right, wrong, blank, dying, endless and refused work gets the same scores, words and files, cell by cell."""
    answers = {
        "right": {},
        "wrong": {"double": SQUARED},
        "blank": {"double": None, "center": None, "why": None},
        "dying": {"double": DYING},
        "endless": {"double": ENDLESS},
    }
    for student, given in answers.items():
        submit(student, **given)
    submit("refused", b"no notebook")
    files = submit("files", double="from helper import twice as double")
    (files / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    there, told = grade_on(two)
    graded = {path: path.read_bytes() for path in course.root.glob("autograded/*/tiny/*") if path.is_file()}
    here = {result.student: result for result in autograde("tiny", course, jobs=1, force=True).results}
    assert without_time(there) == without_time(here)
    assert {student: result.score for student, result in there.items()} == {
        **dict.fromkeys(["right", "files"], FULL),
        **dict.fromkeys(["dying", "endless"], 3.0),
        **dict.fromkeys(["blank", "refused"], 0.0),
        "wrong": 4.0,
    }
    assert there["refused"].problem
    assert told == []
    assert {path.name for path in graded} >= {"tiny.ipynb"}
    assert {path: path.read_bytes() for path in graded} == graded


def test_a_classic_assignment_of_two_notebooks_travels(two, course, grade_on):
    """Tests inside cells, hidden ones and those of nbgrader's kind among several notebooks, grade as they do here."""
    stub = "def {0}(x):\n    ### BEGIN SOLUTION\n    return x + {1}\n    ### END SOLUTION"
    hidden = "assert {0}(1) == {2}\n### BEGIN HIDDEN TESTS\nassert {0}(5) == 5 + {1}\n### END HIDDEN TESTS"
    parts = {
        f"{name}.ipynb": classic.make(
            classic.code(stub.format(name, number), name, solution=True),
            classic.asserts(hidden.format(name, number, 1 + number), f"test_{name}", 2),
        )
        for name, number in (("one", 1), ("two", 2))
    }
    classic.write(course.root / "source" / "hw", {**parts, "data.csv": "1\n"})
    made = release("hw", course)
    right = {"one": "def one(x):\n    return x + 1", "two": "def two(x):\n    return x + 2"}
    for student, answers in {
        "right": right,
        "half": {**right, "two": "def two(x):\n    return 3"},
        "blank": {},
    }.items():
        files = {
            path.name: classic.filled(nbformat.read(path, as_version=4), answers)
            for path in made.folder.glob("*.ipynb")
        }
        classic.write(course.path("submitted", student, "hw"), files)
    there, _ = grade_on(two, "hw")
    here = {result.student: result for result in autograde("hw", course, jobs=1, force=True).results}
    assert without_time(there) == without_time(here)
    assert {student: result.score for student, result in there.items()} == {"right": 4.0, "half": 2.0, "blank": 0.0}


def test_workers_read_nothing_of_the_course(two, tmp_path, hand_in):
    """What a worker needs has travelled: with the assignment's folder gone before it begins, it grades all the same."""
    folder = tiny.write(tmp_path / "gone" / "tiny", hidden_tests=tiny.HIDDEN_TESTS + "\n# another text\n")
    with Cluster(two.address, Isolation.sandbox, pytest.fail) as there:
        graders = there.graders(Assignment(folder), {})
        shutil.rmtree(folder.parent)
        results = dict(_by_student(graders.grade_all(_handed_in(hand_in, 4))))
    assert {result.score for result in results.values()} == {FULL}
    for name in ("anna", "bert"):
        folders = list((two.place / name / "tmp").glob("grader-cluster-*"))
        assert folders
        assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    logs = "".join(map(two.log, two.processes))
    assert not [secret for secret in SECRETS if secret in logs]


def _handed_in(hand_in: Callable[..., bytes], count: int, **answers: str) -> Iterator[Submission]:
    data = hand_in(**answers)
    for number in range(count):
        yield Submission(f"s{number}", {"tiny.ipynb": data})


def _by_student(graded: Iterator[tuple[Submission, object]]) -> Iterator[tuple[str, object]]:
    return ((submission.student, outcome) for submission, outcome in graded)


def test_students_code_reads_none_of_the_tests_beside_it(two, submit, grade_on):
    """The hidden tests that came to a worker lie beside the student's edition of nnlib, and are shut to its code."""
    submit("eve", double=READS_HIDDEN_TESTS)
    assert grade_on(two)[0]["eve"].score == FULL
    assert [*two.place.glob("*/tmp/grader-cluster-*/source/tiny/exercises/double.py")]


def test_few_are_out_at_a_time(two, assignment, hand_in):
    """However large a class is, the scheduler holds two submissions a worker, and the rest is not even read."""
    read, done, most = 0, 0, 0

    def handed_in() -> Iterator[Submission]:
        nonlocal read, most
        for submission in _handed_in(hand_in, 30):
            most = max(most, read - done)
            read += 1
            yield submission

    with Cluster(two.address, Isolation.sandbox, pytest.fail) as there:
        for _, outcome in there.graders(assignment, {}).grade_all(handed_in()):
            assert isinstance(outcome, GradeResult)
            done += 1
    assert done == 30
    assert most <= 2 * 2 + 1  # and one that was read ahead


def test_a_second_run_grades_nobody_again(two, course, submit, grade_on):
    """What is graded stays so; only new and changed work travels."""
    submit("ada")
    submit("bob", double=SQUARED)
    first, _ = grade_on(two)
    submit("bob")
    second, _ = grade_on(two)
    assert {student: result.score for student, result in first.items()} == {"ada": FULL, "bob": 4.0}
    assert {student: result.score for student, result in second.items()} == {"bob": FULL}


def test_an_assignment_travels_once_to_a_worker(two, course, submit, grade_on):
    """Its processes are kept warm for the next run; a changed assignment travels anew."""
    seen = []
    for number in range(3):
        if number == 2:
            path = course.root / "source" / "tiny" / "exercises" / "double.py"
            path.write_text(path.read_text() + "\n# changed\n")
        submit(f"s{number}")
        results, _ = grade_on(two)
        assert {result.score for result in results.values()} == {FULL}
        seen.append({name for name in two.left("anna") if name.startswith("grader-cluster-")})
    assert seen[0] == seen[1]
    assert len(seen[2] - seen[1]) == 1
    assert len(seen[2]) <= cluster_worker.KEPT


def test_a_worker_that_is_killed_costs_nobody_anything(dask, course, submit, grade_on):
    """Killed midway, what it had is graded by the other, once in the gradebook; what it left is swept away."""
    dask.start_worker("anna", "--no-nanny")
    dask.start_worker("bert", "--no-nanny")
    for number in range(8):
        submit(f"s{number}", double=SLOW)
    victim, killed = dask.processes["anna"], []

    class Kills(Told):
        def step(self, result: GradeResult | None = None) -> None:
            if not killed:  # it has another by now: two are out at each
                victim.kill()
                killed.append(victim.wait())

    told = Kills()
    with Cluster(dask.address, Isolation.sandbox, told.say) as there:
        summary = autograde("tiny", course, watch=told, graders=there.graders)
    assert killed == [-signal.SIGKILL]
    assert {result.student: result.score for result in summary.results} == {f"s{number}": FULL for number in range(8)}
    assert len(summary.results) == 8
    assert told.lines == []
    assert dask.left("anna")
    dask.start_worker("anna2", "--no-nanny", TMPDIR=str(dask.place / "anna" / "tmp"))
    submit("late")
    assert grade_on(dask)[0]["late"].score == FULL
    dask.end("anna2")
    dask.end("bert")
    assert (dask.left("anna"), dask.left("bert")) == ([], [])


def test_a_submission_that_kills_workers_is_tried_three_times(dask, course, submit, grade_on):
    """Whoever grades it dies; the others' work is graded all the same, and it waits for a person, with no zero."""
    path = course.root / "source" / "tiny" / "exercises" / "double.py"
    path.write_text(path.read_text().replace("\n\n@weight(2)", KILLS_ITS_WORKER + "\n\n@weight(2)"))
    dask.start_worker("anna")  # both under a nanny, which starts another
    dask.start_worker("bert")
    submit("a-killer", double=DEADLY)
    for number in range(5):
        submit(f"s{number}")
    results, _ = grade_on(dask)
    killer = results.pop("a-killer")
    assert {result.score for result in results.values()} == {FULL}
    assert len(results) == 5
    assert killer.problem == f"{NotGraded('the worker it was graded on was lost, 3 times')}"
    assert {cell.status for cell in killer.cells} == {"infrastructure"}
    assert sum(dask.log(name).count("was killed by signal 9") for name in ("anna", "bert")) == 3


def test_where_the_last_worker_is_lost_the_rest_is_told(dask, course, submit, grade_on, monkeypatch):
    """With nobody left to grade it, work is not graded, in a line each, or all in one where there is more to come."""
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 1.0)
    path = course.root / "source" / "tiny" / "exercises" / "double.py"
    path.write_text(path.read_text().replace("\n\n@weight(2)", KILLS_ITS_WORKER + "\n\n@weight(2)"))
    dask.start_worker("anna", "--no-nanny")
    submit("a-killer", double=DEADLY)
    results, _ = grade_on(dask)
    assert results["a-killer"].problem == f"{NotGraded('its worker was lost, and no other is there')}"
    for number in range(3):
        submit(f"s{number}")
    with pytest.raises(ClusterError, match="No worker has come in 1 s"):
        grade_on(dask)


def test_a_worker_of_another_version_is_refused(tmp_path, submit, grade_on):
    """It is named with the reason and gets nothing; where no other is there, the command says so and ends."""
    submit("ada")
    other = tmp_path / "other" / "nnlib-0.0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: nnlib\nVersion: 0.0.1\n")
    started = ("-m",)  # not -P: this is how a path is given
    with dask_in(tmp_path / "dask") as made:
        made.start_scheduler()
        made.start_worker("old", python=started, PYTHONPATH=str(other.parent))
        with pytest.raises(ClusterError, match="can grade this, for the reasons above"):
            grade_on(made)
        made.start_worker("new", "--no-nanny")
        results, [line] = grade_on(made)
        assert results["ada"].score == FULL
        assert line.startswith("Worker old at tcp://")
        assert line.endswith(
            f"it has nnlib 0.0.1, and this machine has {version('nnlib')}; install the same version on both."
        )
        assert made.left("old") == []
    with dask_in(tmp_path / "dask-old", PYTHONPATH=str(other.parent)) as made:
        made.start_scheduler()
        with pytest.raises(ClusterError, match=r"The scheduler at .* cannot be used: it has nnlib 0\.0\.1"):
            grade_on(made)


def test_other_code_and_other_packages_are_told(monkeypatch):
    """Of the same version, other code and a missing package are refused; another NumPy or Python is only told."""
    missing, _ = cluster_worker._try(Limits(), Imports(["nowhere"]), Isolation.sandbox)
    assert missing == "nowhere, which the assignment needs, is not installed there: pip install nowhere"
    same = Facts(cluster_worker.code_digest(), "3.11.7", "2.4.6", "", [])
    monkeypatch.setattr(cluster_fit.platform, "python_version", lambda: "3.11.7")
    monkeypatch.setattr(cluster_fit, "version", lambda name: "2.4.6")
    assert (cluster_fit.unfit(same), cluster_fit.differences(same)) == ("", [])
    assert "other code" in cluster_fit.unfit(replace(same, code="0"))
    assert "is not installed there" in cluster_fit.other_version(PackageNotFoundError("nnlib"))
    changed = replace(same, python="3.12.1", numpy="2.5.0")
    assert cluster_fit.unfit(changed) == ""
    assert cluster_fit.differences(changed) == [
        "Python there is 3.12.1, and 3.11.7 here.",
        "NumPy there is 2.5.0, and 2.4.6 here.",
    ]


def test_a_worker_without_isolation_is_refused(dask, course, submit, grade_on):
    """Where students' code cannot be confined, nothing is graded, unless the course allows that as it may here."""
    submit("ada")
    dask.start_worker("bare", "--no-nanny", python=("-c", DENIED, "landlock_create_ruleset"))
    with pytest.raises(ClusterError, match="No worker"):
        grade_on(dask)
    told = Told()
    with Cluster(dask.address, Isolation.sandbox, told.say) as there, pytest.raises(ClusterError):
        autograde("tiny", course, graders=there.graders)
    [line] = told.lines
    assert line.startswith("Worker bare at tcp://")
    assert "Isolation 'sandbox' needs landlock" in line
    results, lines = grade_on(dask, isolation=Isolation.process)
    assert (results["ada"].score, lines) == (FULL, [])


def run_grader(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user does."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "grader", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **env},
    )


def test_the_command_stops_and_goes_on(two, course, submit):
    """Ctrl+C calls back what is out: what came is kept, the workers are free at once, and the same command goes on."""
    text = (course.root / "source" / "tiny" / "assignment.toml").read_text()
    (course.root / "source" / "tiny" / "assignment.toml").write_text(
        text.replace("cell_seconds = 1.0", "cell_seconds = 600.0").replace("seconds = 60", "seconds = 600")
    )
    submit("ada")
    for student in ("eve", "fay", "gus", "hal", "ian"):
        submit(student, double=TOO_LONG)
    command = ["autograde", "tiny", "--course", course.root, "--scheduler", two.address]
    started = [sys.executable, "-P", "-m", "grader", *map(str, command), "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(started, text=True, preexec_fn=hear_signals, **pipes) as running:
        assert running.stdout is not None
        assert '"ada"' in running.stdout.readline()  # it is kept by then
        running.send_signal(signal.SIGINT)
        try:
            _, said = running.communicate(timeout=SECONDS)
        finally:
            running.kill()
    assert (running.returncode, said.strip()) == (128 + signal.SIGINT, STOPPED)
    for student in ("eve", "fay", "gus", "hal", "ian"):
        submit(student)
    done = run_grader(*command)  # would not end in time if the workers were at the others still
    assert done.returncode == 0, done.stderr
    assert "5 graded, 0 with a problem, 1 unchanged since the last run." in done.stdout


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:8786", "tls://127.0.0.1:9", "tcp://"])
def test_a_scheduler_that_is_not_there_is_one_line(course, submit, cli, monkeypatch, address):
    """An address that is none, or at which nobody answers, is told in a line before anything is done."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    submit("ada")
    code, out, err = cli("autograde", "tiny", "--course", course.root, "--scheduler", address)
    assert (code, out) == (1, "")
    [line] = err.strip().split("\n")
    assert line.startswith("grader: ")
    assert address in line
    clients = [one for one in gc.get_objects() if type(one) is distributed.Client]
    assert {client.status for client in clients} <= {"closed"}  # one that is not, collected later, may block the next


def test_without_the_extra_a_line_says_how_to_install_it(course, submit, cli, monkeypatch):
    """Dask is needed by nobody else."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = cli("autograde", "tiny", "--course", course.root, "--scheduler", "tcp://127.0.0.1:9")
    assert (code, err.strip().split(": ", 1)[1]) == (
        1, "Grading on a cluster needs Dask's distributed; install it: pip install 'nnlib[cluster]'",
    )  # fmt: skip
    assert cli("autograde", "tiny", "--scheduler", "tcp://127.0.0.1:9", "--jobs", "2")[0] == 2


def test_without_workers_a_line_says_how_to_start_one(dask, submit, grade_on, monkeypatch):
    """A scheduler alone grades nothing; for a worker that is on its way there is some patience."""
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 1.0)
    submit("ada")
    with pytest.raises(ClusterError, match=f"start one .dask worker {dask.address}.. What") as told:
        grade_on(dask)
    assert "\n" not in str(told.value)


def test_a_scheduler_that_goes_is_one_line(dask, course, submit):
    """Lost midway, it takes nothing along that was graded, and the command says so."""
    dask.start_worker("anna", "--no-nanny")
    for number in range(6):
        submit(f"s{number}", double=SLOW)

    class Ends(Told):
        def step(self, result: GradeResult | None = None) -> None:
            if "scheduler" in dask.processes:
                dask.processes["scheduler"].kill()
                dask.processes.pop("scheduler").wait()

    with (
        Cluster(dask.address, Isolation.sandbox, pytest.fail) as there,
        pytest.raises(ClusterError, match=r"was lost\. What was graded is written; run the same"),
    ):
        autograde("tiny", course, watch=Ends(), graders=there.graders)
    assert len(list(course.path("autograded", "*", "tiny").parent.parent.glob("*/tiny"))) >= 1
    summary = autograde("tiny", course, jobs=1)
    assert summary.up_to_date >= 1
    assert summary.up_to_date + len(summary.results) == 6


def test_certificates_are_those_of_dasks_own_settings(tmp_path, course, submit):
    """With Dask's settings for TLS the same command grades over tls://, and without them it is refused in a line."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=course", "-keyout", key]
    subprocess.run(["openssl", *made, "-out", certificate], check=True, capture_output=True)
    tls = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(certificate), "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "1"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        tls |= {f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT": str(certificate)}
        tls |= {f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY": str(key)}
    submit("ada")
    with dask_in(tmp_path / "dask", **tls) as made:
        made.start_scheduler("--protocol", "tls")
        made.start_worker("anna")
        command = ["autograde", "tiny", "--course", course.root, "--scheduler", made.address]
        assert made.address.startswith("tls://")
        refused = run_grader(*command)
        assert (refused.returncode, len(refused.stderr.strip().split("\n"))) == (1, 1), refused.stderr
        done = run_grader(*command, **tls)
        assert (done.returncode, "1 graded" in done.stdout) == (0, True), done.stderr


def test_nothing_is_left_where_workers_end(dask, submit, grade_on):
    """Hidden tests lie on a worker's disk until it ends, whether or not a nanny looks after it, and no longer."""
    dask.start_worker("anna")
    dask.start_worker("bert", "--no-nanny")
    for number in range(4):
        submit(f"s{number}")
    grade_on(dask)
    assert all(any(each.startswith("grader-cluster-") for each in dask.left(name)) for name in ("anna", "bert"))
    for name in ("anna", "bert"):
        dask.end(name)
        assert dask.left(name) == []
