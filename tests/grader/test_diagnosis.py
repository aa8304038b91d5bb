"""Diagnosis: the known mistake that explains a student's results is named, and nothing else."""

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.diagnosis import Replays, diagnose
from grader.hidden import Local, run_test
from grader.sandbox.failures import StudentError

from . import tiny


@pytest.fixture
def named(assignment):
    """Run an exercise's hidden tests on a function and name its mistakes."""

    def run(name, function, of=assignment):
        runs = [run_test(test, Local({name: function})) for test in of.tests_of(f"test_{name}")]
        return [found.says for found in diagnose(runs, Replays(of))]

    return run


@pytest.mark.parametrize("number", range(2))
def test_mistakes_name_themselves(assignment, named, number):
    """A submission that makes a known mistake is told which, with its words and hint."""
    wrong = assignment.mistakes[number]
    assert named(wrong.of, wrong.function) == [wrong.says]


def test_same_mistake_written_differently(named):
    """The mistake is told by what the function gives, not by how it is written."""
    assert named("double", lambda x: np.power(x, 2.0)) == ["The number is squared instead of doubled."]


def test_right_function_has_no_mistake(named):
    """A function that passes is not told a mistake."""
    assert named("double", lambda x: 2 * x) == []


def test_unknown_mistake_is_not_named(named):
    """A mistake that nobody described gets no name, rather than a wrong one."""
    assert named("double", lambda x: x + 17) == []


def test_blank_is_no_mistake(named):
    """A function that is not written made no mistake yet."""

    def stub(x):
        raise NotImplementedError

    assert named("double", stub) == []


def test_mistakes_of_another_exercise_do_not_count(named):
    """A mistake is compared with calls of its own exercise only."""
    assert named("center", lambda x: x * x) == []


def test_error_alone_is_no_evidence_against_other_results(named):
    """A function that raises where the mistake gives numbers is not taken for it."""

    def raises(x):
        raise ValueError

    assert named("double", raises) == []


def test_in_place_mistake_is_told_from_one_that_copies(tmp_path, named):
    """Two mistakes with the same results differ in what they did to their input."""
    text = """
from grader.authoring import mistake

MISTAKES = [
    mistake("The number is squared.", "No.", {"2 * x": "x * x"}),
    mistake("The input itself is squared.", "No.", {"2 * x": "x; x *= x"}),
]
"""
    assignment = Assignment(tiny.write(tmp_path / "tiny", double=text))

    def in_place(x):
        np.multiply(x, x, out=x)
        return x

    assert named("double", in_place, assignment) == ["The input itself is squared."]
    assert named("double", lambda x: x**2, assignment) == ["The number is squared."]


def test_mistakes_do_not_change_what_is_compared(tmp_path, named):
    """A mistake that writes into its input does not spoil the comparison of the next one."""
    text = """
from grader.authoring import mistake

MISTAKES = [
    mistake("It is emptied.", "No.", {"2 * x": "x + 1; x[...] = 0"}),
    mistake("It is squared.", "No.", {"2 * x": "x * x"}),
]
"""
    assignment = Assignment(tiny.write(tmp_path / "tiny", double=text))
    assert named("double", lambda x: x * x, assignment) == ["It is squared."]


def test_mistake_explains_a_death_or_timeout_never(assignment):
    """What did not end cannot be explained by results that it did not give."""
    from grader.sandbox.failures import TimedOut

    class Endless:
        def call(self, name, args, kwargs):
            raise TimedOut("double did not end in 1 s")

        def value(self, name):
            raise AssertionError

    runs = [run_test(test, Endless()) for test in assignment.tests_of("test_double")]
    assert {run.cause for run in runs} == {"timeout"}
    assert diagnose(runs, Replays(assignment)) == []


STATEFUL = """
import numpy as np
import nnlib
from nnlib.checks import assert_close, require


def test_double_step_as_momentum_over_four_steps(student, rng):
    \"\"\"Four steps with changing gradients.\"\"\"
    w, state = rng.normal(size=3), {}
    want, theirs = w, {}
    for _ in range(4):
        dw = rng.normal(size=3)
        w, state = student.double_step(w, dw, state)
        want, theirs = nnlib.momentum_step(want, dw, theirs, 0.1, 0.9)
    assert_close(w, want)


def test_double_step_from_any_state(student, rng):
    \"\"\"The state is handed back as it came.\"\"\"
    w, state = student.double_step(np.ones(2), np.array([0.5, -0.25]), {})
    w, state = student.double_step(w, np.array([0.25, 1.0]), state)
    assert_close(w, [0.9325, 0.9275])


def test_center_is_not_asked(student):
    \"\"\"Nothing.\"\"\"
"""
STATEFUL_MISTAKES = """
import numpy as np
from grader.authoring import mistake


def writes_into_the_state(w, dw, state):
    state["v"] = 0.9 * state.get("v", np.zeros_like(w)) + 0.1 * dw
    return w - 0.1 * state["v"] * 1.5, state


SOLUTION = 'nnlib.momentum_step(w, dw, state, 0.1, 0.9)'
MISTAKES = [
    mistake("Swapped.", "Which share is old?", {SOLUTION: "nnlib.momentum_step(w, dw, state, 0.1, 0.1)"}),
    mistake("Nothing is carried.", "What is in state?", {SOLUTION: "w - 0.1 * 0.1 * dw, {}"}),
    mistake("State is changed in place.", "A new dict.", by=writes_into_the_state),
]
"""


@pytest.fixture
def stateful(tmp_path):
    """An assignment whose exercise carries a state from call to call."""
    notebook = tiny.source_notebook()
    cell, graded = tiny.cell_of(notebook, "double"), tiny.cell_of(notebook, "test_double")
    cell.source = "def double_step(w, dw, state):\n    return nnlib.momentum_step(w, dw, state, 0.1, 0.9)"
    cell.metadata.nbgrader.grade_id, graded.metadata.nbgrader.grade_id = "double_step", "test_double_step"
    texts = {"hidden_tests": STATEFUL, "double_step": STATEFUL_MISTAKES}
    return Assignment(tiny.write(tmp_path / "tiny", notebook, **texts))


def name_step(assignment, function):
    """Run the tests of the stateful exercise and name its mistakes."""
    runs = [run_test(test, Local({"double_step": function})) for test in assignment.tests_of("test_double_step")]
    return [found.says for found in diagnose(runs, Replays(assignment))]


def test_a_mistake_is_named_whatever_the_state_looks_like(stateful):
    """A student who keeps the state under other keys, or in an object, makes the same mistake all the same."""

    def other_keys(w, dw, state):
        velocity = 0.1 * state.get("velocity", 0.0) + 0.9 * dw
        return w - 0.1 * velocity, {"velocity": velocity, "calls": 1}

    class Box:
        def __init__(self, v):
            self.v = v

    def in_an_object(w, dw, state):
        v = 0.1 * (state["box"].v if state else 0.0) + 0.9 * dw
        return w - 0.1 * v, {"box": Box(v)}

    assert name_step(stateful, other_keys) == ["Swapped."]
    assert name_step(stateful, in_an_object) == ["Swapped."]
    assert name_step(stateful, lambda w, dw, state: (w - 0.01 * dw, state)) == ["Nothing is carried."]


def test_writing_into_a_state_is_told_from_making_a_new_one(stateful):
    """Two functions with the same weights differ in what they did to the state that came in."""

    def makes_a_new_one(w, dw, state):
        v = 0.9 * state.get("v", np.zeros_like(w)) + 0.1 * dw
        return w - 0.1 * v * 1.5, {"v": v}

    def writes(w, dw, state):
        state["mine"] = 0.9 * state.get("mine", 0.0) + 0.1 * dw
        return w - 0.15 * state["mine"], state

    assert name_step(stateful, makes_a_new_one) == []
    assert name_step(stateful, writes) == ["State is changed in place."]


VERDICTS = """
from grader.authoring import mistake

MISTAKES = [
    mistake("Everything is large.", "No.", {"2 * x": "True"}),
    mistake("Of several.", "No.", {"2 * x": "x.size > 5"}),
]
"""
VERDICT_TESTS = """
import numpy as np
from nnlib.checks import require


def test_double_is_true_for_many(student):
    \"\"\"Six numbers, and one.\"\"\"
    require(student.double(np.ones(6)) is True, "large")
    require(student.double(np.ones(1)) is False, "small")


def test_double_is_true_for_large_sums(student):
    \"\"\"Three large numbers, and two small ones.\"\"\"
    require(student.double(np.full(3, 9.0)) is True, "large")
    require(student.double(np.full(2, 0.1)) is False, "small")


def test_center_is_not_asked(student):
    \"\"\"Nothing.\"\"\"
"""


def test_a_few_truth_values_name_no_mistake_that_passed_tests_contradict(tmp_path):
    """Of functions that say True or False, a mistake is named only where every test goes the same way."""
    files = {"hidden_tests": VERDICT_TESTS, "double": VERDICTS}
    assignment = Assignment(tiny.write(tmp_path / "tiny", **files))

    def named(function):
        runs = [run_test(test, Local({"double": function})) for test in assignment.tests_of("test_double")]
        return [found.says for found in diagnose(runs, Replays(assignment))]

    assert named(lambda x: x.size > 5) == ["Of several."]
    assert named(lambda x: bool(x.sum() > 7)) == []  # as always True in the first test it fails, but not in the second


def test_mistakes_of_a_working_helper_are_not_named(assignment):
    """In the cell of an exercise that calls another, the other's mistakes explain nothing."""
    replays = Replays(assignment)
    runs = [run_test(test, Local({"center": lambda x: x * 3.5})) for test in assignment.tests_of("test_center")]
    assert diagnose(runs, replays) == []


def test_a_test_is_run_again_once_for_a_whole_class(assignment, monkeypatch):
    """The second student's mistake is looked up, not run again."""
    replays = Replays(assignment)
    runs = [run_test(test, Local({"double": lambda x: x * x})) for test in assignment.tests_of("test_double")]
    first = diagnose(runs, replays)
    monkeypatch.setattr("grader.diagnosis.run_test", None)
    assert diagnose(runs, replays) == first != []


def test_running_a_test_again_does_not_use_up_the_time_for_looking_at_an_answer(assignment, monkeypatch):
    """A mistake that takes long to run again is named for the first student, too."""
    import time

    from grader import diagnosis, guard

    def slowly(*args):
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass
        return run_test(*args)

    monkeypatch.setattr(guard, "CPU_SECONDS", 0.05)
    monkeypatch.setattr(diagnosis, "run_test", slowly)
    runs = [run_test(test, Local({"double": lambda x: x * x})) for test in assignment.tests_of("test_double")]
    with guard.Clock() as clock:
        named = [found.says for found in diagnose(runs, Replays(assignment))]
    assert named == ["The number is squared instead of doubled."]
    assert not clock.overran


HALVES = """
from grader.authoring import mistake

MISTAKES = [
    mistake("Large numbers are halved.", "Double them, too.", {"2 * x": "x / 2 if abs(x).max() > 5 else 2 * x + 0.5"}),
    mistake("A half is added to every number.", "Only double.", {"2 * x": "2 * x + 0.5"}),
]
"""
FOUR_TESTS = """
import numpy as np
from nnlib.checks import assert_close


def test_double_of_small_numbers(student):
    \"\"\"Small.\"\"\"
    assert_close(student.double(np.array([0.1, 0.3])), np.array([0.2, 0.6]))


def test_double_of_large_numbers(student):
    \"\"\"Large.\"\"\"
    assert_close(student.double(np.array([7.1, 0.3])), np.array([14.2, 0.6]))


def test_double_of_negative_numbers(student):
    \"\"\"Negative.\"\"\"
    assert_close(student.double(np.array([-0.1, -0.3])), np.array([-0.2, -0.6]))


def test_double_of_none(student):
    \"\"\"Nothing.\"\"\"
    assert_close(student.double(np.zeros(2)), np.zeros(2))


def test_center_is_not_asked(student):
    \"\"\"Nothing.\"\"\"
"""


def test_a_mistake_that_fits_one_test_of_several_is_a_possibility(tmp_path):
    """A name that stands on a single test of four is said as perhaps; one that all failed tests bear out is not."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests=FOUR_TESTS, double=HALVES))

    def told(function):
        runs = [run_test(test, Local({"double": function})) for test in assignment.tests_of("test_double")]
        return [(found.sure, found.told) for found in diagnose(runs, Replays(assignment))]

    assert told(lambda x: 2 * x + 0.5) == [(True, "A half is added to every number.")]
    assert told(lambda x: x / 2 if x.max() > 5 else 2 * x + 0.7) == [(False, "Perhaps: Large numbers are halved.")]


OWN_CHOICE = """
import numpy as np
from nnlib.checks import require


def test_double_keeps_the_sign(student):
    \"\"\"How much it grows is left open.\"\"\"
    require(student.double(np.ones(3)).sum() > 0, "The sign changes.")


def test_double_of_nothing(student):
    \"\"\"Nothing stays nothing.\"\"\"
    require(student.double(np.zeros(0)).size == 0, "Something comes of nothing.")


def test_center_is_not_asked(student):
    \"\"\"Nothing.\"\"\"
"""
BREAKS = """
from grader.authoring import mistake

MISTAKES = [
    mistake("Nothing makes it divide by zero.", "No.", {"2 * x": "x * (9 // len(x))"}),
    mistake("The sign changes.", "No.", {"2 * x": "-x"}),
]
"""


class InLine13(Local):
    """Functions whose errors come from a line of a cell, as from the student's process."""

    def call(self, name, args, kwargs):
        """Call a function; what it raises has a line."""
        try:
            return super().call(name, args, kwargs)
        except StudentError as error:
            raise StudentError(error.type_name, error.message, 13) from None


def test_an_error_where_a_mistake_raises_it_names_the_mistake(tmp_path):
    """Where numbers are a student's own choice, the same error in the same tests tells, whatever line it comes from."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests=OWN_CHOICE, double=BREAKS))

    def named(function):
        functions = InLine13({"double": function})
        runs = [run_test(test, functions) for test in assignment.tests_of("test_double")]
        return [found.says for found in diagnose(runs, Replays(assignment))]

    assert named(lambda x: 5 * x * (6 // len(x))) == ["Nothing makes it divide by zero."]
    assert named(lambda x: 5 * x[[0]]) == []
