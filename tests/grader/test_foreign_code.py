"""A student's code never runs as the one who grades, whatever folder a command is started in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.batch import autograde
from grader.course import Course, CourseError
from grader.intake.beside import harmless_files

from . import foreign

BIN = Path(sys.executable).parent
CLONE = Path(__file__).resolve().parents[2]


@pytest.fixture
def mark(tmp_path) -> Path:
    """The file in which foreign code leaves its name when it is run."""
    return tmp_path / "mark"


@pytest.fixture
def hostile(submit, mark) -> Path:
    """A submission's folder that is full of what programs look for in the current folder."""
    submit("ada")
    folder = submit("eve")
    foreign.fill(folder, mark)
    return folder


def run(*command: object, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in ``cwd``, with the environment of a fresh terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONSAFEPATH", "PYTHONPATH")}
    return subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, text=True, env={**kept, **settings}, timeout=300
    )


def said_by(mark: Path) -> str:
    """Say which of the foreign modules ran."""
    return mark.read_text() if mark.exists() else ""


def test_the_folder_is_hostile(hostile, mark):
    """The attack is real: a Python that looks for modules in the current folder runs what lies there."""
    run(sys.executable, "-c", "import multiprocessing", cwd=hostile)
    assert "multiprocessing" in said_by(mark)


def test_commands_from_a_submissions_folder(course, hostile, mark):
    """autograde, feedback, release, check and init do their work from there and run nothing of it."""
    for command, exit_code in (
        (["autograde", "tiny", "--course", course.root], 0),
        (["feedback", "tiny", "--course", course.root], 0),
        (["release", "tiny", "--course", course.root], 0),
        (["check", "tiny.ipynb", "--course", course.root], 0),
        (["check", ".", "--course", course.root], 0),
        (["init", course.root.parent / "another"], 0),
        (["autograde", "--help"], 0),
    ):
        done = run(BIN / "grader", *command, cwd=hostile)
        assert (done.returncode, said_by(mark)) == (exit_code, ""), (command, done.stderr)
    assert (course.root / "feedback" / "eve" / "tiny" / "tiny.html").exists()


@pytest.mark.parametrize(
    "python", [["-P", "-m", "grader"], ["-c", "from grader.__main__ import main; main()"]], ids=["-P -m", "-c"]
)
def test_python_itself_as_the_command(course, hostile, mark, python):
    """python -P -m grader is the command; the workers of one that was started with -c elsewhere hold as well."""
    cwd = hostile if "-P" in python else course.root
    done = run(sys.executable, *python, "autograde", "tiny", "--course", course.root, cwd=cwd)
    assert (done.returncode, said_by(mark)) == (0, ""), done.stderr


@pytest.mark.parametrize("path", [".", "/nowhere" + os.pathsep])
def test_a_python_path_with_the_current_folder_in_it(course, submit, mark, path):
    """An empty or relative part of PYTHONPATH, as an export often leaves, brings no module of the folder in."""
    folder = submit("eve")
    before_ours = ("sitecustomize", "usercustomize", "grader", *foreign.loaded_at_the_start())
    foreign.fill(folder, mark, without=before_ours)
    done = run(BIN / "grader", "autograde", "tiny", "--course", course.root, cwd=folder, PYTHONPATH=path)
    assert (done.returncode, said_by(mark)) == (0, ""), done.stderr


@pytest.mark.parametrize("command", ["autograde", "release", "feedback"])
def test_a_submission_is_no_course(hostile, mark, command):
    """A submission with an nbgrader_config.py of its own is not taken for the course, and its settings are not run."""
    done = run(BIN / "grader", command, "tiny", cwd=hostile)
    assert (done.returncode, said_by(mark)) == (1, "")
    assert "is inside the course" in done.stderr


def test_a_course_beside_others_is_one(course, tmp_path):
    """Only what lies among students' files is refused: a demo course in a course's folder is a course."""
    assert Course.init(course.root / "demo").is_wired
    with pytest.raises(CourseError, match="is inside the course"):
        Course.init(course.root / "submitted" / "eve" / "deeper" / "still")


def test_nbgraders_commands_in_the_course(course, hostile, mark):
    """nbgrader's own commands in the course's folder run nothing of a submission, nor do the workers they start."""
    for command in (["autograde", "tiny"], ["generate_feedback", "tiny"], ["generate_assignment", "tiny", "--force"]):
        done = run(BIN / "nbgrader", *command, cwd=course.root, HOME=str(course.root.parent))
        assert (done.returncode, said_by(mark)) == (0, ""), done.stderr


@pytest.mark.parametrize("form", [["--submission={}"], ["--submission", "{}"]], ids=["one word", "two words"])
def test_hidden_tests_on_a_submission(hostile, mark, form):
    """pytest --submission FILE runs neither a conftest.py beside the file nor what its settings name."""
    option = [part.format(hostile / "tiny.ipynb") for part in form]
    command = [BIN / "pytest", "-q", "-p", "no:cacheprovider", "notebooks/02-softmax-and-losses", *option]
    done = run(*command, "-k", "no_test_of_this_name", cwd=CLONE)
    assert (done.returncode, said_by(mark)) == (5, ""), done.stdout + done.stderr  # 5: no test was chosen
    assert "deselected" in done.stdout


KERNEL = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(cwd=sys.argv[1])
client.execute_interactive("%matplotlib inline\\nimport numpy\\nimport matplotlib.pyplot", timeout=60)
manager.shutdown_kernel(now=True)
"""


def test_a_kernel_beside_graded_work(course, hostile, mark, tmp_path):
    """A kernel started beside the graded notebook, and one beside the page, runs no module of the student's."""
    for done in (
        run(BIN / "grader", "autograde", "tiny", "--course", course.root, cwd=course.root),
        run(BIN / "grader", "feedback", "tiny", "--course", course.root, cwd=course.root),
    ):
        assert done.returncode == 0, done.stderr
    for step in ("autograded", "feedback"):
        folder = course.root / step / "eve" / "tiny"
        assert not (folder / "importlib.py").exists()
        done = run(sys.executable, "-P", "-c", KERNEL, folder, cwd=tmp_path, HOME=str(tmp_path))
        assert (done.returncode, said_by(mark)) == (0, ""), done.stderr


@pytest.mark.parametrize("door", ["grader", "nbgrader"])
def test_what_lies_beside_graded_work(course, submit, door):
    """Both doors keep what people read and leave out what a program could run by itself, and say so."""
    submit("ada")
    folder = submit("eve", double="from my_helpers import TWO\ndef double(x):\n    return TWO * x")
    kept = {
        "my_helpers.py": "TWO = 2",
        "data/points.csv": "1",
        "notes.txt": "n",
        "pkg/__init__.py": "",
        "pkg/mine.py": "",
    }
    left = {"zmq.py": "", "PIL.py": "", "tornado/__init__.py": "", "decorator.so": "", "x.pth": "", "numpy.pyc": ""}
    left |= {"conftest.py": "", "nbgrader_config.py": "", "jupyter_config.json": "{}", "matplotlibrc": "", ".pdbrc": ""}
    left |= {".ipython/profile_default/startup/00.py": "", "lab/index.html.j2": "", "importlib.py": "", "pkg/io.py": ""}
    left |= {
        "argcomplete.py": "",
        "evil-1.0.dist-info/entry_points.txt": "",
        "public_cases.py": "",
        "nnlib/losses.py": "",
    }
    for path, text in (kept | left).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    if door == "grader":
        summary = autograde("tiny", course, jobs=1)
        eve = next(result for result in summary.results if result.student == "eve")
        said = "\n".join(eve.repairs)
        assert eve.score == 5.0
    else:
        done = run(BIN / "nbgrader", "autograde", "tiny", cwd=course.root, HOME=str(course.root.parent))
        assert "eve: 5 of 5 points" in done.stderr
        said = done.stderr
    place = course.root / "autograded" / "eve" / "tiny"
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert there == {*kept, "tiny.ipynb"}
    assert "not put beside the graded notebook, where a program might run it by itself: " in said


@pytest.mark.parametrize("name", ["importlib", "ipykernel_launcher", "zmq", "tornado", "fontTools", "_ssl", "pytest"])
@pytest.mark.parametrize(
    "form", ["{}.py", "{}/__init__.py", "sub/{}.py", "{}.cpython-311-x86_64-linux-gnu.so", "{}.PY"]
)
def test_modules_of_others_names(name, form):
    """Whatever could be imported under a name that is taken is left out, wherever it lies."""
    path = form.format(name)
    kept, lines = harmless_files({path: b"", "mine.py": b""})
    assert (set(kept), len(lines)) == ({"mine.py"}, 1)


@pytest.mark.parametrize("path", ["mine.py", "data/a.csv", "test/notes.txt", "README.md", "io.txt", "random.csv"])
def test_honest_files_stay(path):
    """A helper module, data and notes lie beside the graded notebook, whatever their names."""
    assert harmless_files({path: b""}) == ({path: b""}, [])
