"""Random inputs of hidden tests: the same for the same work, others for other work."""

import hashlib
import json

import nbformat
import numpy as np
import pytest

import grader.assignment
from grader.assignment import Assignment
from grader.engine import Engine
from grader.released import released_notebook
from grader.repair import repair
from grader.seeds import digest_of, seed_of
from grader.student_edition import build_student_edition

from . import tiny

# Right only where the first number drawn is positive, so that a score says which inputs there were.
LUCKY = "import numpy as np\n# {mark}\ndef double(x):\n    return 2 * x if np.ravel(x)[0] > 0 else 0 * x"


def passed(result) -> list[bool]:
    """Which hidden tests passed."""
    return [test.passed for cell in result.cells for test in cell.tests]


def test_the_same_work_gets_the_same_score_by_every_door(cli, course, submit, engine, hand_in, monkeypatch):
    """check, autograde and grading again draw the same inputs for the same notebook."""
    data = [hand_in(double=LUCKY.format(mark=mark)) for mark in range(6)]
    for mark, notebook in enumerate(data):
        submit(f"s{mark}", notebook)
    _, out, _ = cli("autograde", "tiny", "--course", course.root, "--json")
    lines = {line["student"]: line for line in map(json.loads, out.splitlines()) if "student" in line}
    monkeypatch.setattr(grader.assignment, "find_notebooks_folder", lambda: course.root / "source")
    _, checked, _ = cli("check", course.root / "submitted" / "s0" / "tiny" / "tiny.ipynb", "--json")
    assert json.loads(checked)["cells"] == lines["s0"]["cells"]
    for mark, notebook in enumerate(data):
        here = [test["passed"] for cell in lines[f"s{mark}"]["cells"] for test in cell["tests"]]
        assert here == passed(engine.grade(notebook)) == passed(engine.grade(notebook))


def test_other_work_meets_other_inputs(engine, hand_in):
    """A comment more, and a test draws anew: of twelve hand-ins not all have the same luck."""
    results = {tuple(passed(engine.grade(hand_in(double=LUCKY.format(mark=mark))))) for mark in range(12)}
    assert len(results) > 1


def test_a_notebook_that_was_run_and_saved_again_is_the_same_work(engine, hand_in):
    """Outputs, counts, ids, metadata and texts of a notebook change no input; code does."""

    def saved(notebook):
        for number, cell in enumerate(notebook.cells):
            cell.metadata["scrolled"] = True
            cell.id = f"again{number}"
            if cell.cell_type == "code":
                cell.outputs = [nbformat.v4.new_output("stream", text="ran again")]
                cell.execution_count = number + 7

    for mark in range(4):
        source = LUCKY.format(mark=mark)
        assert passed(engine.grade(hand_in(double=source))) == passed(engine.grade(hand_in(saved, double=source)))


def test_files_beside_the_notebook_are_part_of_the_work(hand_in):
    """Code can stand in a module, so a changed module draws other inputs; its place in the list does not count."""
    notebook = nbformat.reads(hand_in().decode(), as_version=4)
    first = digest_of(notebook, {"helper.py": b"a = 1", "other.py": b""})
    assert first == digest_of(notebook, {"other.py": b"", "helper.py": b"a = 1"})
    others = [{"helper.py": b"a = 2", "other.py": b""}, {"helper.py": b"a = 1"}, {"helper.pya = 1other.py": b""}]
    assert len({first, *(digest_of(notebook, files) for files in others)}) == 4


def test_a_seed_draws_what_the_list_of_its_numbers_draws():
    """The inputs of a test are those of every earlier version."""
    drawn = np.random.default_rng(seed_of("test_double_of_numbers")).normal(size=3)
    numbers = list(hashlib.sha256(b"test_double_of_numbers").digest())
    assert np.array_equal(drawn, np.random.default_rng(numbers).normal(size=3))


@pytest.mark.parametrize("submission", ["", "an earlier hand-in"])
def test_inputs_learnt_from_an_earlier_hand_in_are_of_no_use(assignment, released, hand_in, submission):
    """A table of an earlier hand-in's inputs, or of those that known mistakes are tried on, answers nothing."""
    if submission:
        notebook = nbformat.reads(hand_in(double="def double(x):\n    return 0").decode(), as_version=4)
        repair(notebook, released, "tiny.ipynb")
        submission = digest_of(notebook, {})
    tests = assignment.tests_of("test_double")
    seeds = [seed_of(test.name, submission).tolist() for test in tests]
    source = (
        "import numpy as np\n"
        f"TABLE = [np.random.default_rng(seed).normal(size=n) for seed in {seeds} for n in ((3, 2), 4)]\n"
        "def double(x):\n"
        "    return next((2 * known for known in TABLE if np.array_equal(known, x)), None)"
    )
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as own:
        found = {cell.grade_id: cell for cell in own.grade(hand_in(double=source)).cells}
    assert not found["test_double"].tests[0].passed


EASY = {
    "hidden_tests": tiny.HIDDEN_TESTS.replace("import weight", "import easy, weight").replace(
        "def test_double_leaves", "@easy\ndef test_double_leaves"
    )
}


@pytest.mark.parametrize(
    ("answer", "score"),
    [("return 0 * x", 0.0), ("return 2 * x", 2.0), ("y = 2 * x.copy()\n    x[...] = 0\n    return y", 1.0)],
    ids=["looks at nothing", "right", "right but for what is easy"],
)
def test_an_easy_test_counts_beside_another_only(tmp_path, hand_in, answer, score):
    """Leaving the input alone gives points to a function that returns something right; another reads why not."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", **EASY))
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released_notebook(assignment), edition) as own,
    ):
        source = f"import numpy as np\ndef double(x):\n    x = np.asarray(x)\n    {answer}"
        cell = next(cell for cell in own.grade(hand_in(double=source)).cells if cell.grade_id == "test_double")
    assert cell.score == score
    assert ("they count once another test passes" in cell.reason) == (score == 0)
