"""The built wheel works from another folder: a flat layout hides packaging faults."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which only our wheel was installed, and a folder elsewhere to work in."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("nnlib-*.whl")
    target = folder / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(target), str(wheel)], check=True, capture_output=True)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return target, elsewhere


def run(installed, *arguments):
    """Run Python with the wheel's packages first, in a folder that is not the project's."""
    target, elsewhere = installed
    environment = {**os.environ, "PYTHONPATH": str(target)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_loads_the_digits_and_the_wines(installed):
    """``nnlib.load_digits()`` and ``load_wine()`` find their data in an installed wheel, not in the clone."""
    code = "import nnlib; X, y = nnlib.load_digits(); w = nnlib.load_wine()[0]; print(X.shape, w.shape, nnlib.__file__)"
    done = run(installed, "-c", code)
    assert done.stdout.startswith(f"(1797, 64) (178, 13) {installed[0]}"), done.stderr


def test_the_wheel_grades_a_notebook_with_the_assignments_inside_it(installed):
    """``grader check`` of an installed wheel knows the course's assignments and gives the reference full marks."""
    folder = installed[0] / "grader" / "course" / "notebooks" / "02-softmax-and-losses"
    done = run(installed, "-m", "grader", "check", str(folder / "softmax-and-losses.ipynb"), "--json")
    result = json.loads(done.stdout)
    assert result["score"] == result["points"] > 0


def test_the_wheel_starts_an_assignment(installed):
    """``grader new`` finds its templates in an installed wheel, and what it makes is fair."""
    (installed[1] / "course").mkdir()
    run(installed, "-m", "grader", "init", "course")
    made = run(installed, "-m", "grader", "new", "14-row-shares", "--course", "course")
    assert made.returncode == 0, made.stderr
    proved = run(installed, "-m", "grader", "verify", "14", "--quick", "--course", "course")
    assert (proved.returncode, proved.stderr) == (0, "")


def test_the_wheel_carries_no_tests_and_no_caches(installed):
    """Nothing but the two packages, their notebooks and their data is installed."""
    tops = {path.name for path in installed[0].iterdir() if not path.name.endswith(".dist-info")}
    assert tops - {"bin", "__pycache__"} == {"nnlib", "grader"}
    assert not list(installed[0].rglob(".ipynb_checkpoints"))
