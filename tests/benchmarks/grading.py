"""Time ``grader autograde`` against stock ``nbgrader autograde`` on the same class; prints a ratio.

Both are whole commands on the same cores, one after the other in one run. Stock nbgrader runs the same notebooks
with the same hidden tests inside their cells, as it would in a course of its own.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from grader.assignment import Assignment
from grader.demo import ASSIGNMENT, find_sample_class

HONEST = ("adaeze", "bruno", "chidi", "dilnoza", "elif", "farid", "greta", "hiro")  # nothing that hangs or dies
STOCK_CONFIG = "c = get_config()\nc.ExecutePreprocessor.timeout = 60\n"
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


def hand_in(course: Path, count: int, notebook: str) -> None:
    """Hand in ``count`` submissions made from the honest students of the sample class."""
    for number in range(count):
        target = course / "submitted" / f"student-{number:04d}" / ASSIGNMENT
        target.mkdir(parents=True)
        shutil.copy(find_sample_class() / HONEST[number % len(HONEST)] / notebook, target)


def timed(*command: str, cwd: Path) -> float:
    """Run a command and return its seconds; stop the benchmark where it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    started = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - started


def main() -> None:
    """Print the two times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    assignment = Assignment.find(ASSIGNMENT)
    notebook = f"{assignment.notebook_name}.ipynb"
    python = [sys.executable, "-m"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ours, stock = Path(folder) / "ours", Path(folder) / "stock"
        timed(*python, "grader", "release", ASSIGNMENT, "--course", str(ours), cwd=Path(folder))
        source = stock / "source" / ASSIGNMENT
        source.mkdir(parents=True)
        (stock / "nbgrader_config.py").write_text(STOCK_CONFIG, encoding="utf-8")
        nbformat.write(with_tests_in_cells(assignment), source / notebook)
        timed(*python, "nbgrader", "generate_assignment", ASSIGNMENT, cwd=stock)
        for course in (ours, stock):
            hand_in(course, options.submissions, notebook)
        jobs = ["--jobs", str(options.jobs)]
        fast = timed(*python, "grader", "autograde", ASSIGNMENT, "--course", str(ours), *jobs, cwd=ours)
        slow = timed(*python, "nbgrader", "autograde", ASSIGNMENT, cwd=stock)
    count = options.submissions
    print(f"{count} submissions of {ASSIGNMENT}, {options.jobs} processes, whole commands")
    print(f"  grader autograde         {fast:7.1f} s   {1000 * fast / count:6.0f} ms each")
    print(f"  stock nbgrader autograde {slow:7.1f} s   {1000 * slow / count:6.0f} ms each")
    print(f"  ratio                    {slow / fast:7.1f}")


if __name__ == "__main__":
    main()
