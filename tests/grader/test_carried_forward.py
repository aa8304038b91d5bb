"""Nobody pays twice: what uses a wrong helper is tried again with a right one, and nothing more can be had by it."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.assignment import Assignment
from grader.carried_forward import usable_apart, with_partners
from grader.engine import Engine
from grader.released import released_notebook

from . import tiny

ANSWERS = {
    "noise": "def noise(x, rng):\n    return rng.normal(size=x.shape)",
    "shifted": "def shifted(x, rng):\n    return x + noise(x, rng)",
    "remember": "def remember(state, x):\n    state['last'] = x\n    return state",
    "applied": "def applied(f, x):\n    return f(x)",
    "squared": "def squared(f, x):\n    return applied(lambda z: f(z) ** 2, x) + applied(f, x)",
    "twice": (
        "def twice(x, rng):\n    state = remember({}, shifted(x, rng))\n    return state['last'] + shifted(x, rng)"
    ),
}
TESTS = """
    import numpy as np
    from grader.authoring import in_place
    from nnlib.checks import assert_close


    def right(rng):
        x = np.arange(6.0).reshape(2, 3)
        return x, x + np.random.default_rng(3).normal(size=x.shape)


    def test_noise_of_a_shape(student, rng):
        \"\"\"The noise has the shape of x.\"\"\"
        x, expected = right(rng)
        assert_close(student.noise(x, np.random.default_rng(3)), expected - x)


    def test_noise_of_a_vector(student):
        \"\"\"A vector has noise, too.\"\"\"
        assert_close(student.noise(np.zeros(2), np.random.default_rng(3)), np.random.default_rng(3).normal(size=2))


    def test_shifted_by_noise(student, rng):
        \"\"\"The noise is added.\"\"\"
        x, expected = right(rng)
        assert_close(student.shifted(x, np.random.default_rng(3)), expected)


    @in_place
    def test_remember_what_came(student):
        \"\"\"The state holds what came last.\"\"\"
        state = {}
        student.remember(state, np.ones(2))
        assert_close(state["last"], np.ones(2))


    def test_applied_to_numbers(student):
        \"\"\"The function is applied.\"\"\"
        assert_close(student.applied(np.exp, np.arange(3.0)), np.exp(np.arange(3.0)))


    def test_squared_of_a_function(student):
        \"\"\"Both functions are called.\"\"\"
        assert_close(student.squared(lambda z: z + 1, np.arange(3.0)), np.array([2.0, 6.0, 12.0]))


    def test_twice_with_other_noise(student, rng):
        \"\"\"The second shift draws anew.\"\"\"
        x, _ = right(rng)
        draws = np.random.default_rng(3)
        expected = 2 * x + draws.normal(size=x.shape) + draws.normal(size=x.shape)
        assert_close(student.twice(x, np.random.default_rng(3)), expected)


    def test_twice_of_the_noise_itself(student, rng):
        \"\"\"What is added is the student's noise.\"\"\"
        x = np.zeros(3)
        draws = np.random.default_rng(3)
        expected = student.noise(x, draws) + student.noise(x, draws)
        assert_close(student.twice(x, np.random.default_rng(3)), expected)
"""
MISTAKES = """
    from grader.authoring import mistake

    MISTAKES = [mistake("The noise is taken away.", "Add it.", {"x + noise(x, rng)": "x - rng.normal(size=x.shape)"})]
"""


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """An engine of an assignment whose exercises use each other."""
    notebook = new_notebook(metadata=tiny.source_notebook().metadata)
    notebook.cells = [new_code_cell("import numpy as np", id="imports", metadata=tiny.about("imports", locked=True))]
    for name, answer in ANSWERS.items():
        head, body = answer.split("\n", 1)
        lines = [line.strip() for line in body.split("\n")]
        check = tiny.about(f"test_{name}", grade=True, locked=True, points=4)
        notebook.cells += [
            new_code_cell(f"{head}\n{tiny.solution(*lines)}", id=name, metadata=tiny.about(name, solution=True)),
            new_code_cell(f"print({name!r})", id=f"test_{name}", metadata=check),
        ]
    folder = tmp_path_factory.mktemp("chain") / "tiny"
    files = {
        "hidden_tests": TESTS,
        "shifted": MISTAKES,
        "remember": 'CHANGES = {"state"}',
        "public_cases": "",
    }
    assignment = Assignment(tiny.write(folder, notebook, **files))
    with Engine(assignment, released_notebook(assignment), None) as engine:
        yield engine


@pytest.fixture
def judged(chain):
    """Grade answers and return the verdicts by exercise; what is not given is right, None is the stub."""

    def run(**answers):
        notebook = nbformat.from_dict(chain.released)
        for name, source in (ANSWERS | answers).items():
            if source is not None:
                tiny.cell_of(notebook, name).source = source
        result = chain.grade(nbformat.writes(notebook).encode(), "ada")
        return {cell.grade_id.removeprefix("test_"): cell for cell in result.cells}

    return run


def scores(cells):
    """The points of each exercise, in order."""
    return [cell.score for cell in cells.values()]


def test_right_answers_need_nothing(judged):
    """With right answers there is no second try and no reason."""
    cells = judged()
    assert scores(cells) == [4, 4, 4, 4, 4, 4]
    assert not any(cell.reason for cell in cells.values())


@pytest.mark.parametrize(
    "wrong",
    [
        "def noise(x, rng):\n    return rng.normal(size=x.shape) + 1",
        "def noise(x, rng):\n    return rng.randn(*x.shape)",
        "def noise(x, rng):\n    return np.random.normal(size=x.shape)",
        "def noise(x, rng):\n    import os\n    os._exit(1)",
        "def noise(x, rng):\n    return None",
        "def noise(x):\n    return x",
        "def other(x, rng):\n    return x",
        None,
    ],
)
def test_a_wrong_helper_costs_its_own_points_alone(judged, wrong):
    """However a helper fails, what uses it, directly or through another, gets what it earns with a right one."""
    cells = judged(noise=wrong)
    assert scores(cells) == [0, 4, 4, 4, 4, 4]
    for follower in ("shifted", "twice"):
        told = f"{follower} uses your noise, which lost points: with a right one instead it earns this."
        assert (cells[follower].status, cells[follower].reason) == ("passed", told)


def test_a_right_helper_in_an_odd_form_costs_nothing(judged):
    """Where a helper's array is right but read-only, who adds to it gets what it earns with a plain one."""
    cells = judged(
        applied="def applied(f, x):\n    return np.broadcast_to(f(x), x.shape)",  # which must not be written into
        squared="def squared(f, x):\n    y = applied(lambda z: f(z) ** 2, x)\n    y += applied(f, x)\n    return y",
    )
    assert scores(cells) == [4, 4, 4, 4, 4, 4]
    assert cells["squared"].reason.startswith("squared uses your applied, right in what comes out but not in its form")


def test_a_right_helper_that_is_slow_costs_nothing(judged):
    """Where a right helper takes long, who calls it often gets what it earns with a fast one."""
    slow = "def noise(x, rng):\n    end = time.process_time() + 0.15 * (x.size == 6)\n"
    slow += "    while time.process_time() < end: pass\n    return rng.normal(size=x.shape)"
    often = "def shifted(x, rng):\n    for _ in range(12):\n        noise(x, np.random.default_rng(0))\n"
    often += "    return x + noise(x, rng)"
    cells = judged(noise=f"import time\n{slow}", shifted=often)
    assert scores(cells)[:2] == [4, 4]
    assert "too slow for this" in cells["shifted"].reason


def test_a_right_helper_explains_no_mistake_of_its_users(judged):
    """Beside a right helper, what is wrong with its user stays the user's, and nothing is said of the helper."""
    cells = judged(shifted="def shifted(x, rng):\n    return x - noise(x, rng)")
    assert scores(cells)[:2] == [4, 0]
    assert [found.says for found in cells["shifted"].diagnosis] == ["The noise is taken away."]
    assert "noise" not in cells["shifted"].reason


def test_helpers_that_write_into_arguments_do_so_in_another_process(judged):
    """A stand-in that fills the student's dict, and one that moves the student's generator on, do it there."""
    cells = judged(remember="def remember(state, x):\n    return {}", noise=None)
    assert scores(cells) == [0, 4, 0, 4, 4, 4]
    assert "your noise and remember, which lost points: with right ones" in cells["twice"].reason


def test_a_mistake_of_its_own_stays_and_is_named(judged):
    """With a right helper in place the follower's own mistake still costs points, and has its name."""
    cells = judged(
        noise="def noise(x, rng):\n    return 0 * x", shifted="def shifted(x, rng):\n    return x - noise(x, rng)"
    )
    assert scores(cells)[:2] == [0, 0]
    assert [found.says for found in cells["shifted"].diagnosis] == ["The noise is taken away."]
    assert cells["shifted"].reason.endswith("with a right one it still fails.")


def test_only_what_was_used_is_blamed(judged):
    """A helper that another exercise lost points for is not named where it is not called."""
    cells = judged(noise=None, remember="def remember(state, x):\n    return None")
    assert "remember" not in cells["shifted"].reason


def test_a_later_exercise_is_no_oracle(judged):
    """Code that leaves an exercise to a later one, whose solution would call it, gets nothing by it."""
    cells = judged(noise="def noise(x, rng):\n    return shifted(0 * x, rng)", shifted=None, twice=None)
    assert cells["noise"].score == 0


def test_a_second_try_is_bounded_in_time(judged):
    """A follower that never ends is stopped in its second try, too, and costs nobody else."""
    cells = judged(noise=None, shifted="def shifted(x, rng):\n    noise(x, rng)\n    while True: pass")
    assert scores(cells) == [0, 0, 4, 4, 4, 4]
    assert cells["shifted"].status == "timeout"


def test_what_waits_for_an_unwritten_helper_is_tried(judged):
    """Where a test calls an unwritten helper first and the exercise after it, the exercise is tried all the same."""
    cells = judged(noise=None)
    assert all(test.passed for test in cells["twice"].tests)


def test_two_unwritten_exercises_are_both_not_written(judged):
    """An exercise that is not written, beside a helper that is not either, is told as not written."""
    cells = judged(noise=None, shifted=None)
    assert (cells["shifted"].status, cells["shifted"].score) == ("missing", 0)
    assert cells["shifted"].reason == "shifted is not written yet: it raises NotImplementedError."


def test_a_stand_in_calls_what_it_is_given(judged):
    """A right helper that is given the student's own function, or the test's, calls it in the student's process."""
    cells = judged(applied="def applied(f, x):\n    return x")
    assert scores(cells) == [4, 4, 4, 0, 4, 4]
    assert cells["squared"].reason.startswith("squared uses your applied")


def test_what_a_passed_function_raises_stays_the_students(judged):
    """An error in a student's function that a stand-in calls is that student's error, told with its line."""
    cells = judged(applied=None, squared="def squared(f, x):\n    return applied(lambda z: z.nothing, x)")
    assert scores(cells)[3:5] == [0, 0]


def test_a_right_helper_that_takes_too_long_ends_the_test(judged, monkeypatch):
    """What a stand-in spends for a student is bounded as all looking at answers is; the code cannot catch it."""
    monkeypatch.setattr("grader.guard.CPU_SECONDS", 0.2)
    asks = "        try:\n            noise(np.zeros((3000, 3000)), rng)\n        except Exception:\n            pass"
    large = f"def shifted(x, rng):\n    while True:\n{asks}"
    cells = judged(noise=None, shifted=large)
    assert scores(cells) == [0, 0, 4, 4, 4, 4]
    assert cells["shifted"].status == "timeout"


def test_who_makes_a_cache_is_replaced_with_who_reads_it():
    """A cache is known to its two functions alone, so neither stands in without the other."""
    solutions = {"dropout_forward", "dropout_backward", "backward_with_dropout", "softmax"}
    assert with_partners({"dropout_backward"}, solutions) == {"dropout_backward", "dropout_forward"}
    assert with_partners({"backward_with_dropout"}, solutions) == {"backward_with_dropout"}
    assert with_partners({"softmax"}, solutions) == {"softmax"}


def test_whether_two_agree_on_a_cache_stays_tested():
    """Who shares a cache with what is tested, or with what its tests call, is not replaced: it would agree by that."""
    own = {"dropout_backward"}
    assert usable_apart({"dropout_forward", "softmax"}, own) == {"softmax"}
    assert usable_apart({"dropout_forward"}, {"classic_dropout_forward", *own}) == set()
    assert usable_apart({"dropout_forward", "dropout_backward"}, {"train"}) == {"dropout_forward", "dropout_backward"}
