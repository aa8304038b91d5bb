"""Messages of errors: what Python and NumPy say is shown, what could carry a test's inputs is not."""

import numpy as np
import pytest

from grader.sandbox.failures import StudentError
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess
from grader.student_edition import build
from grader.words import describe_error, is_unwritten, safe_message

SOURCE = (
    "import numpy as np  # shape of scores\ndef double(x, factor=2):\n    total = x.sum()\n    return [total, factor]"
)


def error_of(function):
    """Raise for real, so that the wording is that of the installed Python and NumPy."""
    try:
        function()
    except Exception as error:
        return StudentError(type(error).__name__, str(error), 3)
    raise AssertionError("nothing was raised")


def local():
    """Read a variable before it has a value."""
    total += 1  # noqa: F821, F841 - unbound on purpose


def double(x, factor=2):
    """Stand for a student's function."""
    return x * factor


ORDINARY = {
    "broadcast": lambda: np.ones((2, 3)) + np.ones((4, 3)),
    "matmul": lambda: np.ones((2, 3)) @ np.ones((4, 3)),
    "dot": lambda: np.dot(np.ones((2, 3)), np.ones((4, 3))),
    "index": lambda: np.ones(3)[5],
    "axis": lambda: np.ones(3).sum(axis=1),
    "reshape": lambda: np.ones(6).reshape(4, 2),
    "mask": lambda: np.ones(3)[np.ones(4, dtype=bool)],
    "too many indices": lambda: np.ones(3)[0, 0],
    "float index": lambda: np.ones(3)[np.array([0.5])],
    "ambiguous": lambda: bool(np.ones(2)),
    "into place": lambda: np.add(np.ones(2), np.ones(2), out=np.ones(2, dtype=int)),
    "empty maximum": lambda: np.max([]),
    "list index": lambda: [][0],
    "no attribute": lambda: [].shape,
    "array without attribute": lambda: np.ones(2).total,
    "array not callable": lambda: np.ones(2)(1),
    "concatenate": lambda: np.concatenate([np.ones((2, 3)), np.ones((4, 5))]),
    "concatenate axes": lambda: np.concatenate([np.ones(3), np.ones((4, 5))]),
    "ragged": lambda: np.array([[1, 2], [3]]),
    "list of float": lambda: [1][np.float64(0)],
    "list times float": lambda: [1] * 0.5,
    "exp of None": lambda: np.exp(None),
    "exp of a string": lambda: np.exp("a"),
    "compare None": lambda: None > 1,
    "string plus number": lambda: "a" + 1,
    "not of a float": lambda: ~1.5,
    "NaN as index": lambda: int(np.nan),
    "singular": lambda: np.linalg.inv(np.zeros((2, 2))),
    "maximum of nothing": lambda: max([]),
    "stack": lambda: np.stack([np.ones(2), np.ones(3)]),
    "not callable": lambda: np.float64(1)(2),
    "not subscriptable": lambda: len[2],
    "unpack few": lambda: [a for a, b in [(1,)]],
    "unpack many": lambda: [a for a, b in [(1, 2, 3)]],
    "operands": lambda: [] - 1,
    "missing argument": lambda: double(),
    "too many arguments": lambda: double(1, 2, 3),
    "keyword": lambda: double(1, total=2),
    "division": lambda: 1 / 0,
    "unbound": local,
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_errors_are_shown(name):
    """What Python and NumPy say about axes, types and the sizes of what was given reaches the student whole."""
    error = error_of(ORDINARY[name])
    said = describe_error("double", error, SOURCE, sizes={5, 6})
    assert said.startswith(f"double raised {error.type_name} in line 3 of its cell: ")
    assert str(error.message).split("\n")[0].rstrip(". ") in said


INPUTS = "[0.1257, -0.1321, 0.6404]"


@pytest.mark.parametrize(
    "message",
    [
        INPUTS,
        f"index {INPUTS} is out of bounds for axis 0 with size 3",
        "name 'x_is_0_1257_and_y_is_0_1321' is not defined",
        "name 'aGlkZGVuIGlucHV0cw' is not defined",
        "index 1257132164045 is out of bounds for axis 0 with size 3",
        "shapes (12571,13216) and (4,4) not aligned: 1 (dim 1) != 4 (dim 0)",
        "'secret' object has no attribute 'inputs'",
        "unsupported operand type(s) for 0.1257: 'list' and 'int'",
        f"list index out of range {INPUTS}",
        f"{INPUTS} list index out of range",
        "list index out of range\u200b0.1257",
        "could not convert string to float: '0.1257'",
        "invalid literal for int() with base 10: '0.1257'",
        "0.1257 is not in list",
        "expected 0.25 from the reference",
    ],
)
def test_messages_that_carry_inputs_are_not_shown(message):
    """A text that only looks like a known sentence, or says numbers, is left out; the kind and line remain."""
    assert safe_message(message, SOURCE) == ""
    error = StudentError("ValueError", message, 2)
    assert describe_error("double", error, SOURCE) == "double raised ValueError in line 2 of its cell."


def test_only_the_first_line_counts():
    """What follows a known sentence on further lines is not shown."""
    assert safe_message(f"division by zero\n{INPUTS}", SOURCE) == "division by zero"


def test_names_must_be_the_students_own():
    """A name may appear only where the student's own source has it."""
    assert safe_message("name 'total' is not defined", SOURCE)
    assert not safe_message("name 'logits' is not defined", SOURCE)


def test_names_of_error_types_are_known_ones():
    """A class made up to carry a message is called an error of its own."""
    said = describe_error("double", StudentError("Inputs_0_1257_0_1321", "", 2), SOURCE)
    assert said == "double raised an error of its own in line 2 of its cell."


@pytest.mark.parametrize("line", [0, -5, 10**9, 2000])
def test_impossible_lines_are_not_told(line):
    """A line number is a channel, too: only plausible ones are said."""
    assert describe_error("double", StudentError("KeyError", "", line), SOURCE) == "double raised KeyError."


def test_what_is_not_written_or_not_plain_is_told_in_words():
    """The stub, an undefined name and a result too odd to be compared have sentences of their own."""
    said = [
        describe_error("double", error, SOURCE)
        for error in [
            StudentError("NotImplementedError", "", 0),
            StudentError("NameError", "name 'double' is not defined", 0, missing_name="double"),
            StudentError("NotPlain", "it is an array of dtype object: [0.1257]", 0),
        ]
    ]
    assert said[0] == "double is not written yet: it raises NotImplementedError."
    assert said[1] == "double is not defined."
    assert said[2] == "double returned something, more than a comparison can take."
    assert "0.1257" not in said[2]


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Report an error from a real process whose nnlib lacks softmax and the images that grade the capstone."""
    edition = build(tmp_path_factory.mktemp("edition"), ["softmax", "cross_entropy", "held_out_digits"], "t")
    with WarmProcess(edition) as zygote:

        def error_of_call(source, name):
            with Session(zygote) as session:
                session.run(source, 5.0, 1000)
                with pytest.raises(StudentError) as caught:
                    session.call(name, (), {}, 5.0)
            return caught.value

        yield error_of_call


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def train(): return nnlib.held_out_digits()",
         "train calls nnlib.held_out_digits, which this assignment withholds: its images are kept for grading."),
        ("from nnlib import softmax as s\ndef train(): return s()",
         "train calls nnlib.softmax, which this assignment withholds: writing it is the exercise."),
        ("def train(): return vars(nnlib)['soft' + 'max']()",
         "train calls a part of nnlib that this assignment withholds."),
        ("def train(): raise nnlib.Withheld('0.1257', '')",
         "train calls a part of nnlib that this assignment withholds."),
        ("def loss():\n    raise NotImplementedError()\ndef train(): return loss()",
         "train calls loss, which is not written yet."),
        ("def train():\n    raise NotImplementedError('nnlib.softmax is withheld from t: writing it is the exercise.')",
         "train is not written yet: it raises NotImplementedError."),
        ("def train(): return nnlib.Layer().forward(0, True, None)",
         "train raised NotImplementedError in line 2 of its cell."),
        ("def train(): return softmax(0)",
         "train raised NameError in line 2 of its cell: name 'softmax' is not defined."),
        ("softmax = 1", "train is not defined."),
    ],
    ids=["images", "alias", "not in the source", "made up", "another stub", "the stub's words", "an abstract method",
         "undefined", "itself undefined"],
)  # fmt: skip
def test_what_is_withheld_unwritten_or_missing_is_told_by_name(reported, source, said):
    """A function is called unwritten only if it is; one that calls what is not there hears which name that is."""
    source = f"import nnlib\n{source}"
    error = reported(source, "train")
    assert describe_error("train", error, source) == said
    assert is_unwritten("train", error) is (said.startswith("train is not"))


@pytest.mark.parametrize("name", ["x_is_0_1257", "logits", "0.1257", "double|.*", "", "double\n0.1257"])
def test_names_that_a_process_reports_are_shown_only_from_the_students_source(name):
    """What the process says of a name is not believed: another name than the student's own is never repeated."""
    for error in (
        StudentError("Withheld", "", 0, withheld=name),
        StudentError("NotImplementedError", "", 0, raised_in=name),
        StudentError("NameError", "", 0, missing_name=name),
    ):
        said = describe_error("double", error, SOURCE)
        assert not name or name not in said.removeprefix("double")
