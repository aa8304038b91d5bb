"""Time ``grader`` against stock nbgrader on the same class, and its cost a student against the size of the class.

All are whole commands on the same cores, one after the other in one run. Stock nbgrader runs the same notebooks with
the same hidden tests inside their cells, as it would in a course of its own. Then ``grader`` grades larger and larger
classes, and what a student costs is drawn into ``cost-a-student.svg``. All of it takes hours; ``--submissions 50
--curve`` takes ten minutes.
"""

import argparse
import ast
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.assignment import Assignment
from grader.demo import ASSIGNMENT, find_sample_class
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess

HONEST = ("adaeze", "bruno", "chidi", "dilnoza", "elif", "farid", "greta", "hiro")  # nothing that hangs or dies
STOCK_CONFIG = "c = get_config()\nc.ExecutePreprocessor.timeout = 60\n"
PYTHON = [sys.executable, "-m"]
PICTURE = Path("cost-a-student.svg")
HEAVY = (  # some seconds of computing in small arrays, as training a network is
    "import numpy as np\n"
    "weights, inputs = np.full((64, 64), 0.01), np.ones((32, 64))\n"
    "for step in range(400_000):\n"
    "    outputs = np.maximum(inputs @ weights, 0)\n"
    "    weights -= 1e-9 * inputs.T @ outputs"
)
STUDENT = (
    "class _Student:\n"
    "    def __getattr__(self, name):\n"
    "        return globals()[name]\n"
    "    def value(self, name):\n"
    "        return globals()[name]\n"
    "def _run(*names):\n"
    "    import inspect\n"
    "    for name in names:\n"
    "        function = globals()[name]\n"
    "        given = {'student': _Student(), 'rng': np.random.default_rng(0)}\n"
    "        function(**{key: given[key] for key in inspect.signature(function).parameters})\n"
)


def with_tests_in_cells(assignment: Assignment) -> nbformat.NotebookNode:
    """Put the hidden tests into the graded cells, where stock nbgrader expects them."""
    notebook = nbformat.reads(nbformat.writes(assignment.source), as_version=4)
    paths = [
        path for exercise in assignment.exercises for path in (exercise.path.with_name("common.py"), exercise.path)
    ]
    setup = "\n".join(tests_in(path) for path in dict.fromkeys(paths) if path.exists()) + "\n" + STUDENT
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        tests = assignment.tests_of(about.get("grade_id", ""))
        if tests:
            calls = ", ".join(repr(test.name) for test in tests)
            cell.source += f"\n### BEGIN HIDDEN TESTS\n{setup}\n_run({calls})\n### END HIDDEN TESTS"
            setup = ""
    return notebook


def tests_in(path: Path) -> str:
    """The hidden tests of an exercise's file, or what is shared, with all they need and without the mistakes."""
    parts = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        text = ast.unparse(node)
        if not text.startswith(("from .", "MISTAKES", "@variant")):
            parts.append(text)
    made = "globals().update({test.__name__: test for test in globals().get('TESTS', ())})"
    return "\n".join([*parts, made])


def hand_in(course: Path, count: int, notebook: str, more: str = "") -> None:
    """Hand in ``count`` submissions made from the honest students of the sample class, no two the same.

    Each has a cell with ``more`` at its end, if there is more.
    """
    for number in range(count):
        target = course / "submitted" / f"student-{number:05d}" / ASSIGNMENT
        target.mkdir(parents=True)
        made = nbformat.read(find_sample_class() / HONEST[number % len(HONEST)] / notebook, as_version=4)
        own = [cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        own[number % len(own)].source += f"\n# {number}" if own[number % len(own)].cell_type == "code" else f" {number}"
        if more:
            made.cells.append(nbformat.v4.new_code_cell(more))
        nbformat.write(made, target / notebook)


@dataclass
class Took:
    """What a command took: seconds, and the most memory of its first process, in MiB."""

    seconds: float
    memory: float


def timed(*command: str, cwd: Path) -> Took:
    """Run a command; stop the benchmark where it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    memory, started = 0.0, time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        run = subprocess.Popen(command, cwd=cwd, env={**os.environ, "PATH": path}, stdout=said, stderr=said)
        while run.poll() is None:
            memory = max(memory, _peak(run.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        if run.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read()[-4000:]}")
    return Took(seconds, memory)


def _peak(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.split("\n") if line.startswith("VmHWM")), 0.0)


class Bench:
    """Two course folders with the same assignment: ours, and one of stock nbgrader's."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.folder, self._processes, self._numbers = folder, jobs, itertools.count()
        self.jobs = ["--jobs", str(jobs)]
        assignment = Assignment.find(ASSIGNMENT)
        self.notebook = assignment.notebook_file
        self._ours, self._stock = folder / "ours", folder / "stock"
        timed(*PYTHON, "grader", "release", ASSIGNMENT, "--course", str(self._ours), cwd=folder)
        source = self._stock / "source" / ASSIGNMENT
        source.mkdir(parents=True)
        (self._stock / "nbgrader_config.py").write_text(STOCK_CONFIG, encoding="utf-8")
        nbformat.write(with_tests_in_cells(assignment), source / self.notebook)
        timed(*PYTHON, "nbgrader", "generate_assignment", ASSIGNMENT, cwd=self._stock)

    def course(self, which: str, count: int, more: str = "") -> Path:
        """Copy a course and hand in ``count`` submissions, with a cell of ``more`` each."""
        course = self.folder / f"{which}-{next(self._numbers)}"
        shutil.copytree(self.folder / which, course)
        hand_in(course, count, self.notebook, more)
        return course

    def autograde(self, course: Path) -> Took:
        """Grade a class with ``grader``."""
        return timed(*PYTHON, "grader", "autograde", ASSIGNMENT, "--course", str(course), *self.jobs, cwd=course)

    def compare(self, count: int) -> None:
        """Print how long both take to grade ``count`` submissions, to write their pages, and to grade one."""
        ours, stock = self.course("ours", count), self.course("stock", count)
        row(f"{count} graded", self.autograde(ours), timed(*PYTHON, "nbgrader", "autograde", ASSIGNMENT, cwd=stock))
        pages = timed(*PYTHON, "grader", "feedback", ASSIGNMENT, "--course", str(ours), *self.jobs, cwd=ours)
        row(f"{count} pages", pages, timed(*PYTHON, "nbgrader", "generate_feedback", ASSIGNMENT, cwd=stock))
        row("nothing new", self.autograde(ours), timed(*PYTHON, "nbgrader", "autograde", ASSIGNMENT, cwd=stock))

    def compare_one(self) -> None:
        """Print how long both take for one notebook: ``grader check``, and nbgrader's autograde of a class of one.

        Each is the second of two runs: the first reads the programs from the disk.
        """
        for _ in range(2):
            stock = self.course("stock", 1)
            one = stock / "submitted" / "student-00000" / ASSIGNMENT / self.notebook
            check = timed(*PYTHON, "grader", "check", str(one), cwd=self.folder)
            graded = timed(*PYTHON, "nbgrader", "autograde", ASSIGNMENT, cwd=stock)
        row("one checked", check, graded)

    def compare_heavy(self, count: int) -> None:
        """Print how long a class that computes takes, beside that computing in one warm process, over the cores."""
        with WarmProcess(None) as warm, Session(warm) as session:
            started = time.perf_counter()
            session.run(HEAVY, 600, 0)
            bare = time.perf_counter() - started
        took = self.autograde(self.course("ours", count, HEAVY)).seconds
        share = count * bare / self._processes
        print(
            f"  {count} that compute {bare:.1f} s each take {took:.1f} s; "
            f"by themselves, over the processes, {share:.1f} s: {took / share:.2f} times",
            flush=True,
        )

    def curve(self, counts: list[int]) -> None:
        """Print and draw what a student costs in classes of these sizes."""
        costs = []
        for count in counts:
            course = self.course("ours", count)
            took = self.autograde(course)
            book = (course / "gradebook.db").stat().st_size / 2**20
            again = self.autograde(course)
            costs.append(1000 * took.seconds / count)
            share = costs[-1] / costs[0]
            print(
                f"  {count:6} students {took.seconds:8.1f} s {costs[-1]:6.0f} ms each, {share:.2f} of the first; "
                f"writer {took.memory:.0f} MiB, gradebook {book:.1f} MiB; nothing new {again.seconds:.1f} s",
                flush=True,
            )
            shutil.rmtree(course)
        draw(counts, costs)


def row(what: str, ours: Took, stock: Took) -> None:
    """Print one comparison."""
    print(f"  {what:14} {ours.seconds:8.1f} s {stock.seconds:8.1f} s {stock.seconds / ours.seconds:8.1f}", flush=True)


def draw(counts: list[int], costs: list[float]) -> None:
    """Draw the cost a student against the size of the class."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(counts, costs, marker="o")
    axes.set(xscale="log", xlabel="students in the class", ylabel="ms a student", ylim=(0, 1.15 * max(costs)))
    axes.set_title("What a student costs, whole command", loc="left")
    figure.savefig(PICTURE)
    print(f"  drawn in {PICTURE}")


def main() -> None:
    """Print all ratios, and the curve where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, nargs="*", default=[50, 200], metavar="N")
    parser.add_argument("--curve", type=int, nargs="*", default=[200, 1000, 10_000], metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder), options.jobs)
        if options.submissions:
            print(f"{ASSIGNMENT}, {options.jobs} processes, whole commands")
            print("                     grader   nbgrader    ratio")
            bench.compare_one()
            bench.compare_heavy(12)
        for count in options.submissions:
            bench.compare(count)
        if options.curve:
            bench.curve(options.curve)


if __name__ == "__main__":
    main()
