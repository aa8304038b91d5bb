"""Hidden tests: what ``student`` does, how a failure is told, and that nothing of a test gets out."""

import types

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.authoring import weight
from grader.errors import AssignmentError
from grader.hidden import Local, Sandboxed, Student, call_with_fixtures, run_test
from grader.hidden_test import HiddenTest, ModuleData
from grader.sandbox.failures import Died, StudentError, TimedOut
from grader.sandbox.session import Session
from nnlib.checks import assert_close, require

from . import tiny


def hidden(function, name="test_double"):
    """Make a hidden test of a function."""
    return HiddenTest(name, "test_double", "It doubles.", 1.0, function, ModuleData(types.ModuleType("tests")))


class Raises:
    """A student's process in which every call ends in an error."""

    def __init__(self, error):
        self.error = error

    def call(self, name, args, kwargs):
        raise self.error

    value = call


def use(student):
    """Call the student's function as a test would."""
    return student.double(np.ones(2))


def test_pass_has_no_message():
    """A test that ends is passed and says nothing."""
    run = run_test(hidden(lambda student: assert_close(student.double(2), 4)), Local({"double": lambda x: 2 * x}))
    assert (run.passed, run.message, run.cause) == (True, "", "")


@pytest.mark.parametrize(
    ("error", "message", "cause"),
    [
        (StudentError("NotImplementedError", "", 1),
         "double is not written yet: it raises NotImplementedError.", "missing"),
        (StudentError("NameError", "name 'total' is not defined", 2, missing_name="total"),
         "double raised NameError in line 2 of its cell.", ""),
        (StudentError("NameError", "another sentence", 0, missing_name="double"), "double is not defined.", "missing"),
        (StudentError("NotImplementedError", "", 1, raised_in="half"),
         "double raised NotImplementedError in line 1 of its cell.", ""),
        (StudentError("Withheld", "", 1, withheld="softmax"),
         "double calls a part of nnlib that this assignment withholds.", ""),
        (StudentError("IndexError", "list index out of range", 3),
         "double raised IndexError in line 3 of its cell: list index out of range.", ""),
        (TimedOut("double did not end in 5 s"), "double did not end in 5 s.", "timeout"),
        (Died("the process was killed"), "double: the process was killed.", "died"),
    ],
    ids=["stub", "other name", "undefined", "another stub", "withheld", "error", "timeout", "death"],
)  # fmt: skip
def test_how_failures_are_told(error, message, cause):
    """Each way a call can end has its sentence and its cause."""
    run = run_test(hidden(use), Raises(error))
    assert (run.passed, run.message, run.cause) == (False, message, cause)


def test_words_of_checks_reach_the_student():
    """The message of nnlib.checks is the message of the test."""
    run = run_test(
        hidden(lambda student: require(student.double(1) == 2, "one doubled is two")), Local({"double": abs})
    )
    assert run.message == "one doubled is two"


def test_bare_assertion_shows_nothing_of_its_values():
    """A plain assert could print inputs and the expected value, so only a general sentence is shown."""

    def test(student):
        expected = 1234.5
        assert student.double(1) == expected, f"expected {expected}"

    run = run_test(hidden(test), Local({"double": abs}))
    assert run.message == "This does not hold for your function."


def test_error_inside_the_test_blames_what_was_returned():
    """When the test cannot use a result, the student hears what they returned, not a traceback."""
    run = run_test(hidden(lambda student: student.double(1)[0].sum()), Local({"double": lambda x: None}))
    assert not run.passed
    assert run.message.startswith("double returned None, which the test could not use.")


def test_student_names_with_an_underscore():
    """Dunder names of the proxy are its own, a private function of the student's is a function."""
    assert Student(Local({"_helper": lambda: 3}))._helper() == 3
    with pytest.raises(AttributeError):
        _ = Student(Local({})).__array__


def test_value_reads_a_variable_and_is_recorded():
    """student.value gives the variable; a missing one is a failure in words."""
    student = Student(Local({"size": 3}))
    assert student.value("size") == 3
    run = run_test(hidden(lambda student: student.value("nowhere")), Local({}))
    assert (run.message, run.cause) == ("nowhere is not defined.", "missing")


def test_records_keep_what_went_in_although_it_was_changed():
    """A call's record has the arguments as they were before and after."""
    student = Student(Local({"double": lambda x: x.__imul__(2)}))
    x = np.ones(2)
    student.double(x)
    (record,) = student._records
    assert record.args[0].tolist() == [1, 1]
    assert record.args_after[0].tolist() == [2, 2]
    x[...] = 7
    assert record.result.tolist() == [2, 2]


def test_random_numbers_depend_on_the_test_and_the_submission():
    """A test draws the same for the same submission; another test, or for another submission, draws others."""

    def drawn(name, submission):
        numbers = []
        call_with_fixtures(lambda rng: numbers.append(rng.normal()), name, None, submission)
        return numbers

    assert drawn("test_a", "1") == drawn("test_a", "1")
    assert len({*drawn("test_a", "1"), *drawn("test_a", "2"), *drawn("test_b", "1")}) == 3


def test_test_belongs_to_the_longest_prefix(tmp_path):
    """A hidden test counts for the graded cell whose id is the longest prefix of its name."""
    notebook = tiny.source_notebook()
    tiny.cell_of(notebook, "test_center").metadata.nbgrader.grade_id = "test_double_more"
    tests = "def test_double_more_of_it(student): pass\ndef test_double_moreover(student): pass\n"
    assignment = Assignment(tiny.write(tmp_path / "tiny", notebook, hidden_tests=tests))
    assert {test.name: test.grade_id for test in assignment.hidden_tests} == {
        "test_double_more_of_it": "test_double_more",
        "test_double_moreover": "test_double",
    }


def test_argument_that_nobody_passes_is_the_authors_fault(tmp_path):
    """A hidden test with a misspelt argument is refused by name; it would look like a fault of the reference."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests="def test_double_it(stundet, rng): pass\n"))
    with pytest.raises(AssignmentError, match=r"double\.py: test_double_it takes stundet; a hidden test takes"):
        _ = assignment.hidden_tests


def test_test_of_no_cell_is_the_authors_fault(tmp_path):
    """A hidden test whose name fits no graded cell is refused with file, name and the names there are."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests="def test_tripel(student): pass\n"))
    with pytest.raises(AssignmentError, match=r"double\.py: test_tripel belongs to no graded cell.*test_double"):
        _ = assignment.hidden_tests


@pytest.mark.parametrize(
    ("text", "words"),
    [("\ndef f(:", "line 2 cannot be loaded: Syntax"), ("import nowhere", "line 1 cannot be loaded: Mod")],
)
def test_broken_hidden_tests_are_the_authors_fault(tmp_path, text, words):
    """A file of tests that cannot be loaded is one line with the file, the line and the reason."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests=text))
    with pytest.raises(AssignmentError, match=rf"double\.py, {words}"):
        _ = assignment.hidden_tests


@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_weights_are_positive(value):
    """A weight that is not positive would make scores meaningless."""
    with pytest.raises(ValueError, match="must be positive"):
        weight(value)


def test_claims_and_weights_are_read(assignment):
    """Claim and weight of a hidden test come from its docstring and decorator."""
    found = {test.name: (test.claim, test.weight) for test in assignment.hidden_tests}
    assert found["test_center_removes_the_mean"] == ("Every column's mean is zero.", 2.0)
    assert found["test_double_of_numbers"] == ("Twice the numbers comes back.", 1.0)
    assert len(found) == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", r"assignment\.toml: "),
        ('title = "x"\nwithold = []', "withold"),
        ("", "title"),
        ('title = "x"\n[limits]\ncell_seconds = "long"', "cell_seconds"),
    ],
    ids=["no toml", "misspelt", "no title", "wrong type"],
)
def test_faulty_settings_name_file_and_field(tmp_path, text, words):
    """A fault in assignment.toml is told with file and field."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", assignment=text))
    with pytest.raises(AssignmentError, match=words):
        _ = assignment.settings


def test_unknown_assignment_names_those_there_are(tmp_path):
    """A wrong name is answered with the names there are; a number finds its assignment."""
    tiny.write(tmp_path / "02-tiny")
    with pytest.raises(AssignmentError, match=r"No assignment is called 'tinny'\. Available: 02-tiny\."):
        Assignment.find("tinny", tmp_path)
    assert Assignment.find("02", tmp_path).name == "02-tiny"


SHARED = """
import types

import numpy as np
from nnlib.checks import assert_close

X = np.array([1.0, 2.0])
ROWS = [X, {"x": X}]


def test_double_of_shared_numbers(student):
    \"\"\"The numbers are the module's.\"\"\"
    assert_close(student.double(X), [2.0, 4.0])


def test_double_of_shared_rows(student):
    \"\"\"They lie in a list, too.\"\"\"
    assert_close(student.double(ROWS[1]["x"]), [2.0, 4.0])


def test_center_of_shared_rows(student):
    \"\"\"And may be taken out of it.\"\"\"
    assert student.center(ROWS) is None
"""


def test_what_one_student_does_to_a_modules_data_does_not_reach_the_next(tmp_path):
    """A function that doubles in place gets the same as ever, and so does the student after it."""
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests=SHARED))

    def in_place(x):
        x *= 2
        return x

    greedy = {"double": in_place, "center": lambda rows: rows.clear()}
    honest = {"double": lambda x: 2 * x, "center": lambda rows: None}
    for functions in (greedy, honest, greedy, honest):
        runs = [run_test(test, Local(functions)) for test in assignment.hidden_tests]
        assert [run.passed for run in runs] == [True, True, True]


def test_a_function_of_the_students_passed_to_another_is_called_by_its_name(zygote):
    """student.NAME looks like NAME to the function that gets it, and an error of that one is told as that one's."""
    source = (
        "def half(x):\n    return x / 2\ndef name_of(f, x):\n    f(x)\n    return f.__name__\n"
        "def fails(f, x):\n    f(x)\n    return x[9]"
    )
    with Session(zygote) as session:
        session.run(source, 5.0, 1000, pin="test_double")
        functions = Sandboxed(session, 5.0, "test_double")
        named = run_test(hidden(lambda student: require(student.name_of(student.half, 3) == "half", "no")), functions)
        failed = run_test(hidden(lambda student: student.fails(student.half, np.ones(2))), functions, source)
        unusable = run_test(hidden(lambda student: student.name_of(student.half, 3).shape), functions, source)
    assert named.passed
    assert [call.name for call in named.calls] == ["name_of", "half"]
    assert failed.message.startswith("fails raised IndexError in line 8 of its cell")
    assert unusable.message.startswith("name_of returned a string, which the test could not use")


def test_an_argument_that_became_too_much_is_told_as_that_argument(zygote):
    """A state put into itself is said of the argument, by its place or its name, never of the result."""
    source = "def double(x, state):\n    state['me'] = state\n    return 2 * x"
    with Session(zygote) as session:
        session.run(source, 5.0, 1000, pin="test_double")
        functions = Sandboxed(session, 5.0, "test_double")
        by_place = run_test(hidden(lambda student: student.double(1, {})), functions, source)
        by_name = run_test(hidden(lambda student: student.double(1, state={})), functions, source)
    became = "into something nested more than 32 deep, more than a comparison can take."
    assert by_place.message == f"double changed its argument 2 {became}"
    assert by_name.message == f"double changed its argument state {became}"


def test_type_names_reach_a_message_from_the_students_own_text_alone(zygote):
    """The name of a class that the student's text has is told; one made of a test's numbers is not."""
    source = "class Cache: pass\ndef double(x):\n    return Cache() if x else type('made_at_run' + '_time', (), {})()"
    with Session(zygote) as session:
        session.run(source, 5.0, 1000, pin="test_double")
        functions = Sandboxed(session, 5.0, "test_double")
        known = run_test(hidden(lambda student: assert_close(student.double(1), 2)), functions, source)
        made_up = run_test(hidden(lambda student: assert_close(student.double(0), 2)), functions, source)
    assert known.message == "the result: returned an object of type Cache; expected a number."
    assert made_up.message.startswith("the result: returned an object that is no array")
