"""A release holds what a student needs and nothing of what is secret; a faulty source leaves no release behind."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

import nnlib
from grader.assignment import Assignment, list_assignments
from grader.batch import autograde
from grader.course import Course, CourseError
from grader.errors import AssignmentError
from grader.release import release
from grader.released import released_notebook
from grader.student_edition import find_nnlib
from grader.vocabulary import RUN_ON, is_graded, is_locked

from . import tiny

COURSE = [name for name in list_assignments() if list(Assignment.find(name).folder.glob("*.ipynb"))]


@pytest.fixture(scope="module", params=["tiny", *COURSE])
def made(request, course_template, tmp_path_factory):
    """A release and its assignment: the tiny one and each of the course's."""
    course = Course(shutil.copytree(course_template, tmp_path_factory.mktemp("course") / "course"))
    return course.assignment(request.param), release(request.param, course)


def texts_of(made) -> dict[str, str]:
    """Read every file of the folder and of the zip, notebooks also with their strings joined."""
    _, release = made
    contents = {
        str(path.relative_to(release.folder)): path.read_bytes() for path in release.folder.rglob("*") if path.is_file()
    }
    with zipfile.ZipFile(release.archive) as archive:
        contents |= {f"zip:{name}": archive.read(name) for name in archive.namelist()}
    texts = {}
    for name, data in contents.items():
        texts[name] = data.decode("utf-8", "replace")
        if name.endswith(".ipynb"):
            texts[name] += json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')
            texts[name] += "\n".join("".join(cell["source"]) for cell in json.loads(data)["cells"])
    return texts


def solutions(assignment) -> tuple[set[str], set[str]]:
    """Split the source's lines of code into those inside solution regions and those shown."""
    inside, shown = set(), set()
    for cell in assignment.source.cells:
        regions = re.findall(r"### BEGIN SOLUTION(.*?)### END SOLUTION", cell.source, re.DOTALL)
        outside = re.sub(r"### BEGIN SOLUTION(.*?)### END SOLUTION", "", cell.source, flags=re.DOTALL)
        inside |= {line.strip() for region in regions for line in region.split("\n")}
        shown |= {line.strip() for line in outside.split("\n")}
    return inside - shown, shown


def test_no_line_of_a_solution_is_inside(made):
    """No line of a solution that is long enough to be one is in any file of the folder or the zip."""
    secret, _ = solutions(made[0])
    lines = {line for line in secret if len(line) >= 18 and not line.startswith("#")}
    assert lines
    found = {(name, line) for name, text in texts_of(made).items() for line in lines if line in text}
    assert found == set()


def test_nothing_of_hidden_tests_is_inside(made):
    """Neither names, claims nor lines of hidden tests are in any file."""
    assignment, _ = made
    secrets = {test.name for test in assignment.hidden_tests if test.name not in assignment.graded_cells}
    secrets |= {test.claim for test in assignment.hidden_tests}
    _, shown = solutions(assignment)
    lines = [line.strip() for exercise in assignment.exercises for line in exercise.path.read_text("utf-8").split("\n")]
    secrets |= {line for line in lines if "student." in line and len(line) > 30 and line not in shown}
    found = {(name, secret) for name, text in texts_of(made).items() for secret in secrets if secret in text}
    assert found == set()


def test_nothing_of_mistakes_or_variants_is_inside(made):
    """Variants' first lines are in no file; what check() tells of mistakes is in its own file alone."""
    assignment, _ = made
    names = {f"def {right.name}(" for right in assignment.variants}
    words = {text for wrong in assignment.mistakes for text in (wrong.says, wrong.hint)}
    library = "\n".join(path.read_text(encoding="utf-8") for path in find_nnlib().rglob("*.py"))
    words = {text for text in words if text not in library}  # such as "The sign is flipped."
    assert names
    assert words
    texts = texts_of(made)
    assert {(file, name) for file, text in texts.items() for name in names if name in text} == set()
    elsewhere = {file: text for file, text in texts.items() if not file.endswith("public_cases.json")}
    assert {(file, told) for file, text in elsewhere.items() for told in words if told in text} == set()


def test_no_file_and_no_marker_of_the_author_is_inside(made):
    """The author's files stay at home, and no marker is left."""
    texts = texts_of(made)
    names = {Path(name).name for name in texts}
    assert not names & {"assignment.toml", "tiny.py"}
    assert not [name for name in texts if "exercises" in Path(name).parts]
    assert f"{made[0].notebook_name}.py" not in texts
    for word in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        assert [name for name, text in texts.items() if word in text] == []


def test_outputs_of_the_solutions_are_cleared(made):
    """The released notebook shows no output of the executed source."""
    assignment, release = made
    notebook = nbformat.read(release.folder / f"{assignment.notebook_name}.ipynb", as_version=4)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


def test_stubs_stand_where_solutions_were(made):
    """Every exercise asks for its code, and every graded cell is locked."""
    assignment, release = made
    notebook = nbformat.read(release.folder / f"{assignment.notebook_name}.ipynb", as_version=4)
    about = [(cell, cell.metadata.nbgrader) for cell in notebook.cells if "nbgrader" in cell.metadata]
    exercises = [cell.source for cell, its in about if its.solution and not its.grade and cell.cell_type == "code"]
    assert exercises
    assert all(re.search(r"# YOUR CODE HERE\n *raise NotImplementedError\(\)", source) for source in exercises)
    assert all(its.locked for _, its in about if its.grade and not its.solution)


def test_run_all_of_a_blank_release_runs_to_the_end(made):
    """Cells of the course that use what is not written yet end with an error and hold up none that follow."""
    assignment, release = made
    notebook = nbformat.read(release.folder / assignment.notebook_file, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    untagged = [cell for cell in code if RUN_ON not in cell.metadata.get("tags", [])]
    assert all(is_locked(cell) and not is_graded(cell) for cell in untagged)  # what they import all others need
    if assignment.name not in ("tiny", "10-dropout"):  # the others go the same way, and take minutes
        return
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(release.folder)}})
    client.execute()  # raises where a cell without the tag does
    assert all(cell.execution_count for cell in code)


def test_zip_is_the_folder(made):
    """The zip holds the folder's files under the assignment's name, byte for byte."""
    assignment, release = made
    files = {
        f"{assignment.name}/{path.relative_to(release.folder).as_posix()}": path.read_bytes()
        for path in release.folder.rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(release.archive) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
    assert {"README.md", "requirements.txt", "nnlib"} <= {Path(name).parts[1] for name in files}


def test_the_readme_makes_one_environment_for_all(made):
    """Its lines make an environment beside the assignments' folders, of this release's list, for every system."""
    assignment, release = made
    text = (release.folder / "README.md").read_text(encoding="utf-8")
    for line in (
        "python3 --version",
        "python3 -m venv .venv",
        f".venv/bin/python -m pip install -r {assignment.name}/requirements.txt",
        "py --version",
        "py -m venv .venv",
        rf".venv\Scripts\python -m pip install -r {assignment.name}\requirements.txt",
    ):
        assert line in text.split("\n")
    assert f"`{assignment.name}/{assignment.notebook_file}`" in text
    assert "3.11 or later" in text
    minors = {int(minor) for minor in re.findall(r"3\.(\d+)", importlib.metadata.metadata("nnlib")["Requires-Python"])}
    assert minors == {11}


def test_the_readme_says_where_to_hand_in(course):
    """The course's own sentence stands at the last step, its site at the top; without them the teacher is to say."""
    course.own_source.mkdir(exist_ok=True)
    text = (release("tiny", course).folder / "README.md").read_text(encoding="utf-8")
    assert "4. Hand in `tiny.ipynb` alone; keep its name. Hand it in the way your teacher says.\n" in text
    assert "browser" not in text
    settings = course.root / "nbgrader_config.py"
    asked = 'configure(c, __file__, hand_in="Upload it in Moodle, under Week 1.", site="https://course.example/work/")'
    settings.write_text(settings.read_text().replace("configure(c, __file__)", asked))
    text = (release("tiny", Course(course.root), force=False).folder / "README.md").read_text(encoding="utf-8")
    assert "4. Hand in `tiny.ipynb` alone; keep its name. Upload it in Moodle, under Week 1.\n" in text
    assert "[work in the browser](https://course.example/work/lab/index.html?path=tiny/tiny.ipynb)" in text


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A folder of packages with NumPy, matplotlib and what these need, nothing else."""
    packages = tmp_path_factory.mktemp("packages")
    todo, seen = ["numpy", "matplotlib"], set()
    while todo:
        name = todo.pop().lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for file in distribution.files or []:
            top = packages / file.parts[0]
            if file.parts[0] not in ("..", "__pycache__") and not top.exists():
                top.symlink_to(Path(distribution.locate_file(file.parts[0])).resolve())
        todo += [re.split(r"[\s;<>=!~\[(]", need)[0] for need in distribution.requires or [] if "extra" not in need]
    return packages


def test_release_works_alone_in_another_folder(made, bare, tmp_path):
    """Unzipped elsewhere, with NumPy and matplotlib as the only packages, the notebook's imports run."""
    assignment, release = made
    with zipfile.ZipFile(release.archive) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / assignment.name
    notebook = nbformat.read(folder / f"{assignment.notebook_name}.ipynb", as_version=4)
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "import" in first
    paths = ["", sysconfig.get_path("stdlib"), str(Path(sysconfig.get_path("stdlib")) / "lib-dynload"), str(bare)]
    exported = [name for name in assignment.settings.withhold if hasattr(nnlib, name)]
    code = f"import sys; sys.path[:] = {paths!r}\n{first}\nimport nnlib, nnlib.plots\nprint(nnlib.__file__)\n"
    code += f"print(len(nnlib.load_digits()))\nfor name in {exported!r}:\n"
    code += "    try: getattr(nnlib, name)()\n    except NotImplementedError: pass\n    else: print(name)\n"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=folder, capture_output=True, text=True, env={"MPLBACKEND": "agg", "HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert ran.stderr == ""
    where, parts = ran.stdout.splitlines()
    assert Path(where).resolve() == (folder / "nnlib" / "__init__.py").resolve()
    assert int(parts) > 0


def test_releasing_twice_gives_the_same_zip(course):
    """The same source gives the same bytes, and a second release takes the first one's place."""
    first = release("tiny", course)
    before = first.archive.read_bytes()
    (first.folder / "nnlib" / "stale.py").write_text("old")
    again = release("tiny", course)
    assert again.archive.read_bytes() == before
    assert not (first.folder / "nnlib" / "stale.py").exists()


@pytest.fixture
def faulty(course_template, tmp_path):
    """Make a course, with nothing released, whose tiny assignment has a changed notebook or other files."""

    def make(edit=lambda notebook: None, **files):
        notebook = tiny.source_notebook()
        edit(notebook)
        root = shutil.copytree(course_template, tmp_path / "course")
        shutil.rmtree(root / "release")
        tiny.write(root / "source" / "tiny", notebook, **files)
        return Course(root)

    return make


def nothing_released(course):
    """Whether neither folder nor zip of a release is there."""
    return not any((course.root / "release").glob("**/*"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("### END SOLUTION", "", "line 2: ### BEGIN SOLUTION without ### END SOLUTION"),
        ("### BEGIN SOLUTION", "### BEGIN SOLUTON", "line 2: '### BEGIN SOLUTON' looks like a marker"),
        ("### END SOLUTION", "### END_SOLUTION", "line 5: '### END_SOLUTION' looks like a marker"),
    ],
)
def test_faulty_markers_stop_the_release(faulty, old, new, words):
    """An unbalanced or misspelt marker is told with file, cell and line, and leaves no release behind."""

    def spoil(notebook):
        cell = tiny.cell_of(notebook, "double")
        cell.source = cell.source.replace(old, new)

    course = faulty(spoil)
    with pytest.raises(AssignmentError) as caught:
        release("tiny", course)
    assert "tiny.ipynb: cell 'double' (number 3), " in str(caught.value)
    assert words in str(caught.value)
    assert nothing_released(course)


@pytest.mark.parametrize(
    "files",
    [
        {"hidden_tests": "def test_nobody(student): pass\n"},
        {"hidden_tests": "1 / 0\n"},
        {"center": "def f(:\n"},
        {"double": "from grader.authoring import mistake\nMISTAKES = [mistake('a', 'b', {'3 * x': 'x'})]\n"},
        {"double": "CHANGES = {'z'}\n"},
        {"assignment": "title ="},
        {"assignment": 'title = "x"\nwithhold = ["sofmax"]'},
    ],
    ids=[
        "test of no cell",
        "broken tests",
        "broken mistakes",
        "an edit that does not fit",
        "a change to what is no parameter",
        "broken settings",
        "unknown name withheld",
    ],
)
def test_other_faults_of_the_author_stop_the_release(faulty, files):
    """A fault in any of the author's files stops the release and leaves nothing behind."""
    course = faulty(**files)
    with pytest.raises(AssignmentError):
        release("tiny", course)
    assert nothing_released(course)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("notes.txt", "The double of 3 is 6, not 9."),
        ("data/notes.md", f"{tiny.SECRET} = 2 * x"),
        ("notes.txt", "see test_double_of_numbers"),
        ("draft.txt", "not 2 * np.asarray(x, dtype=int) but 2 * x"),
    ],
)
def test_leaks_in_files_beside_the_notebook_stop_the_release(faulty, where, text):
    """A hint, a solution's line or a hidden name in any file that would go along stops the release, whole."""
    course = faulty()
    path = course.root / "source" / "tiny" / where
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(AssignmentError, match=f"was not kept: {where}"):
        release("tiny", course)
    assert nothing_released(course)


def test_a_release_that_is_stopped_leaves_the_earlier_one_as_it_was(faulty):
    """What students have stays, whole, when a later release is stopped; nothing of the later one is left."""
    course = faulty()
    released = release("tiny", course)
    before = {path: path.read_bytes() for path in course.root.glob("release/**/*") if path.is_file()}
    (course.root / "source" / "tiny" / "notes.txt").write_text("2 * np.asarray(x, dtype=int)")
    with pytest.raises(AssignmentError):
        release("tiny", course)
    assert {path: path.read_bytes() for path in course.root.glob("release/**/*") if path.is_file()} == before
    assert sorted((course.root / "release").iterdir()) == [released.folder, released.archive]


def test_cells_cannot_be_added_once_there_are_grades(course, submit):
    """Releasing an assignment with another exercise after grading is one line of advice, and the release stays."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    notebook = tiny.source_notebook()
    notebook.cells += [
        new_code_cell("def half(x):\n" + tiny.solution("return x / 2"), metadata=tiny.about("half", solution=True)),
        new_code_cell("half(2)", metadata=tiny.about("test_half", grade=True, locked=True, points=1)),
    ]
    tests = tiny.HIDDEN_TESTS + '\n\ndef test_half_of_two(student):\n    """Half."""\n    student.half(2.0)\n'
    before = (course.root / "release" / "tiny.zip").read_bytes()
    tiny.write(course.root / "source" / "tiny", notebook, hidden_tests=tests)
    with pytest.raises(CourseError, match=r"^tiny was not released again: cells were added .* assignment remove tiny"):
        release("tiny", course)
    assert (course.root / "release" / "tiny.zip").read_bytes() == before
    assert (course.root / "release" / "tiny" / "nnlib" / "__init__.py").exists()


def test_an_authors_own_files_are_released(tmp_path):
    """Modules, data, instructions and requirements beside the notebook reach the students as they are."""
    folder = tiny.write(tmp_path / "course" / "source" / "tiny", mylib="SCALE = 2\n")
    (folder / "requirements.txt").write_text("pandas\n")
    (folder / "README.md").write_text("# Mine\n")
    (folder / "data").mkdir()
    (folder / "data" / "table.csv").write_text("1,2\n")
    released = release("tiny", Course.init(tmp_path / "course")).folder
    names = ("mylib.py", "requirements.txt", "README.md", "data/table.csv")
    assert {name: (released / name).read_text() for name in names} == {
        name: (folder / name).read_text() for name in names
    }


def test_a_cell_with_points_and_no_test_stops_the_release(tmp_path):
    """Points that nothing decides about would be 0 for everybody: release and autograde name the cell and stop."""
    tiny.write(tmp_path / "course" / "source" / "tiny", hidden_tests="def test_double_of_one(student): pass\n")
    course = Course.init(tmp_path / "course")
    for command in (release, autograde):
        with pytest.raises(AssignmentError, match=r"exercises: test_center has points but no hidden test"):
            command("tiny", course)


def test_graded_cell_without_points_is_one_line(tmp_path):
    """A graded cell without points is named with its file, wherever the assignment is used first."""
    notebook = tiny.source_notebook()
    del tiny.cell_of(notebook, "test_double").metadata.nbgrader["points"]
    assignment = Assignment(tiny.write(tmp_path / "tiny", notebook))
    with pytest.raises(AssignmentError, match=r"tiny\.ipynb: cell test_double: a graded cell needs points"):
        released_notebook(assignment)


def test_solution_shown_in_another_cell_is_no_leak(faulty):
    """A line that the author shows on purpose elsewhere in the notebook may be in the release."""

    def show(notebook):
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"Recall: {tiny.SECRET} = 2 * x"))

    assert release("tiny", faulty(show)).folder.is_dir()


def test_data_beside_the_notebook_goes_along(faulty):
    """Pictures and data of the assignment are in the release."""
    course = faulty()
    (course.root / "source" / "tiny" / "plot.png").write_bytes(b"\x89PNG")
    assert (release("tiny", course).folder / "plot.png").read_bytes() == b"\x89PNG"


def test_secrets_of_pythons_cache_stay_at_home(faulty):
    """Compiled hidden tests and notebook checkpoints are not released."""
    course = faulty()
    source = course.root / "source" / "tiny"
    for name in ("__pycache__/hidden_tests.cpython-311.pyc", ".ipynb_checkpoints/tiny-checkpoint.ipynb"):
        (source / name).parent.mkdir(exist_ok=True)
        shutil.copy(source / "tiny.ipynb", source / name)
    names = {path.name for path in release("tiny", course).folder.rglob("*")}
    assert not names & {"hidden_tests.cpython-311.pyc", "tiny-checkpoint.ipynb", "__pycache__", ".ipynb_checkpoints"}


def test_release_of_what_is_not_there(course):
    """An unknown assignment is told as such, with the names there are."""
    with pytest.raises(AssignmentError, match=r"No assignment is called '99-nothing'\. Available: .*02-softmax"):
        release("99-nothing", course)
