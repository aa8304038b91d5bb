"""What students read of hidden tests carries neither the inputs their functions saw nor what was expected."""

import json
import re

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.engine import Engine
from grader.released import released_notebook
from grader.student_edition import build_student_edition
from nnlib.checks import explain
from nnlib.checks.voice import guarded

from . import tiny

X = np.array([[0.735192846, 8.164305927], [5.917364827, 1.283746519], [3.628194751, 6.491827364]])
DIGITS = "735192846"  # of the first input
HIDDEN = f"""
import numpy as np
from nnlib.checks import assert_close, assert_unchanged, require
X = np.array({X.tolist()})

def test_double_array(student):
    assert_close(student.double(X.copy()), 2 * X, what="double(x)")
def test_double_number(student):
    assert_close(student.double(X[0, 0]), 2 * X[0, 0], what="double(x)")
def test_double_list(student):
    assert_close(student.double(X[:, 0].tolist()), (2 * X[:, 0]).tolist(), what="double(x)")
def test_double_pair(student):
    assert_close(student.double(X.copy()), (2 * X, 2 * X[0, 0]), what="double(x)")
def test_double_dict(student):
    assert_close(student.double({{"a": X[0].copy()}}), {{"a": 2 * X[0], "b": X[0, 0]}}, what="double(x)")
def test_double_word(student):
    assert_close(student.double(X.copy()), "expected{DIGITS}", what="double(x)")
def test_double_truth(student):
    assert_close(student.double(X.copy()), True, what="double(x)")
def test_double_nothing(student):
    assert_close(student.double(X.copy()), None, what="double(x)")
def test_double_wide(student):
    assert_close(student.double(np.full(8000, X[0, 0])), np.arange(8000.0), what="double(x)")
def test_double_infinite(student):
    expected = np.array([[np.inf, 1.0], [2.0, np.nan], [-np.inf, X[0, 0]]])
    assert_close(student.double(X.copy()), expected, what="double(x)")
def test_double_leaves(student):
    x = X.copy()
    student.double(x)
    assert_unchanged(x, X, what="x")
def test_double_uses(student):
    require(student.double(X.copy())["no such"].sum() > 0, "The sum must be positive.")
def test_center_of_ones(student):
    assert_close(student.center(np.ones((2, 2))), np.zeros((2, 2)))
"""
HEAD = "import numpy as np\ndef first(x):\n    x = x['a'] if type(x) is dict else x\n    return float(np.ravel(x)[0])\n"
D = "repr(first(x)).replace('.', '').lstrip('0')[:9]"  # the digits of the input, as a function finds them
ATTACKS = {
    # numbers
    "the_input": "return np.asarray(x) if type(x) is not dict else x",
    "a_number": "return float({d})",
    "a_small_number": "return first(x) * 1e-9",
    "an_integer": "return int({d})",
    "a_complex_number": "return complex(int({d}), int({d}))",
    "an_array_off_by_it": "return 2 * np.asarray(x) + float({d})",
    "an_array_off_by_little": "return 2 * np.asarray(x) + first(x) / 1e3",
    "an_array_times_it": "return 2 * np.asarray(x) * float({d})",
    "a_list_of_digits": "return [float(n) for n in {d}]",
    "an_array_of_digits": "return np.array([[int(n) for n in {d}]])",
    "nan_at_a_place": "y = np.zeros(8000); y[int({d}[:4])] = np.nan; return y",
    "wrong_at_a_place": "y = np.arange(8000.0); y[int({d}[:4])] += 0.5; return y",
    "wrong_in_many_places": "y = np.arange(8000.0); y[:int({d}[:4])] += np.pi ** y[:int({d}[:4])]; return y",
    "nan_where_it_is_finite": "return np.full(np.shape(x), np.nan)",
    "finite_where_it_is_not": "return np.full((3, 2), first(x))",
    # shapes and sizes
    "a_shape": "return np.zeros(tuple(int(n) for n in {d}))",
    "a_long_axis": "return np.broadcast_to(0.0, (int({d}[:4]), int({d}[4:8])))",
    "an_empty_array": "return np.zeros((0, int({d})))",
    "objects_of_a_shape": "return np.empty((int({d}[:4]),), dtype=object)",
    "dates_of_a_shape": "return np.zeros((0, int({d}[:4])), dtype='M8[s]')",
    "a_long_list": "return [0.0] * int({d}[:5])",
    "a_long_tuple_of_words": "return ('a',) * int({d}[:5])",
    "a_long_dict": "return {{i: 0.0 for i in range(int({d}[:4]))}}",
    "a_long_string": "return 'x' * int({d}[:6])",
    "too_large_an_array": "return np.zeros(9 * 10 ** 6, dtype='c16')",
    "too_long_a_string": "return 'x' * (10 ** 8 + int({d}[:6]))",
    # names
    "a_string": "return {d}",
    "a_key": "return {{{d}: 1.0, 'a': 2.0}}",
    "two_keys": "return {{'a': np.zeros(2), {d}: 1.0}}",
    "a_dtype_of_a_size": "return np.zeros(2, dtype='V' + {d}[:5])",
    "a_dtype_with_a_field": "return np.zeros(2, dtype=[('f' + {d}, float)])",
    "a_date_unit": "return np.zeros(2, dtype='M8[' + {d}[:6] + 's]')",
    "a_class": "return type('c' + {d}, (), {{}})()",
    "a_function": "f = lambda: 0; f.__name__ = f.__qualname__ = 'f' + {d}; return f",
    # errors
    "an_error": "raise ValueError({d})",
    "an_index": "raise IndexError('index ' + {d}[:4] + ' is out of bounds for axis 0 with size ' + {d}[4:8])",
    "shapes": "raise ValueError('operands could not be broadcast together with shapes (' + {d}[:4] + ',) (4,)')",
    "a_size": "raise ValueError('cannot reshape array of size ' + {d}[:4] + ' into shape (4,)')",
    "a_real_index": "np.zeros(int({d}[:4]))[int({d}[:4])]",
    "a_real_shape": "np.zeros(int({d}[:4])) + np.zeros(int({d}[4:8]))",
    "a_missing_name": "raise NameError('name \\'' + 'v' + {d} + '\\' is not defined')",
    "an_unwritten_one": "exec('def f' + {d} + '(): raise NotImplementedError\\nf' + {d} + '()', globals())",
    "an_error_class": "raise type('E' + {d}, (Exception,), {{}})('x')",
    "a_line": "exec(compile('\\n' * (int({d}[:4]) - 1) + '1 / 0', double.__code__.co_filename, 'exec'))",
    "an_exit": "raise SystemExit(int({d}))",
    # what it was given
    "a_changed_input": "x = np.asarray(x); x[...] = float({d}); return x",
    # what is printed
    "printed": "import sys; print({d}); print({d}, file=sys.stderr); return 2 * x",
    "warned": "import warnings; warnings.warn({d}); return 2 * x",
}
CONSTANTS = {
    "zero": "0.0", "one": "1.0", "zeros": "np.zeros((3, 2))", "ones": "np.ones((3, 2))",
    "nan": "np.full((3, 2), np.nan)",
    "nothing": "None", "true": "True", "word": "'word'", "list": "[0.0, 0.0, 0.0]", "dict": "{'a': 0.0}",
    "wide": "np.zeros(8000)", "pair": "(0.0, 0.0)", "near": "1.47",
}  # fmt: skip
EXPECTED = {f"{value:.9f}"[:6] for value in (2 * X).ravel()} | {f"{value:.9f}"[:6] for value in X.ravel()}


def write(folder):
    """Write the tiny assignment with hidden tests whose inputs are known here."""
    return tiny.write(folder, hidden_tests=HIDDEN, double="", center="")


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    """An engine of that assignment."""
    assignment = Assignment(write(tmp_path_factory.mktemp("telling") / "tiny"))
    with build_student_edition(assignment) as edition, Engine(assignment, released_notebook(assignment), edition) as it:
        yield it


def source_of(body: str) -> str:
    """Write an attack as the answer to the exercise."""
    return HEAD + "def double(x):\n    " + body.format(d=D) + "\n"


def messages_of(result) -> list[str]:
    """All that is said of the exercise."""
    (cell,) = [cell for cell in result.cells if cell.grade_id == "test_double"]
    return [cell.reason, *(test.message for test in cell.tests)]


def holds(text: str, digits: str = DIGITS, run: int = 4) -> bool:
    """Whether a text holds some digits in a row of a number."""
    squeezed = re.sub(r"[^0-9A-Za-z]", "", text)
    return any(digits[i : i + run] in squeezed for i in range(len(digits) - run + 1))


@pytest.mark.parametrize("body", ATTACKS.values(), ids=list(ATTACKS))
def test_no_message_holds_digits_of_an_input(telling, hand_in, body):
    """Whatever a function makes of its input, no message of a hidden test has four of the input's digits in a row."""
    result = telling.grade(hand_in(double=source_of(body)))
    assert [said for said in messages_of(result) if holds(said)] == []
    assert not holds(result.notebooks["tiny.ipynb"].decode().split('"double"')[-1].split("Why is the mean")[0], run=6)


@pytest.mark.parametrize("answer", CONSTANTS.values(), ids=list(CONSTANTS))
def test_no_message_holds_what_was_expected(telling, hand_in, answer):
    """An answer that looks at nothing is told neither a number nor a word of what was expected."""
    result = telling.grade(hand_in(double=f"import numpy as np\ndef double(x):\n    return {answer}"))
    said = " ".join(messages_of(result))
    assert [number for number in EXPECTED if number in said] == []
    assert "expected735" not in said
    # No number at all but indices, lengths and shapes of the tests.
    assert set(re.findall(r"\d+\.\d+", said)) == set()


def test_every_door_keeps_them(course, cli, submit, monkeypatch):
    """check --json, the graded notebook, the feedback page and autograde's lines hold none of the input's digits."""
    import grader.assignment

    write(course.root / "source" / "tiny")
    bodies = [body for name, body in ATTACKS.items() if name not in ("too_large_an_array", "too_long_a_string")]
    every = "\n".join(f"    if calls % {len(bodies)} == {i}:\n        {b.format(d=D)}" for i, b in enumerate(bodies))
    source = HEAD + f"calls = 0\ndef double(x):\n    global calls\n    calls += 1\n{every}\n    return 0\n"
    shifted = [source.replace("calls = 0", f"calls = {start}") for start in range(0, len(bodies), 10)]
    for number, text in enumerate(shifted):
        submit(f"eve{number}", double=text)
    monkeypatch.setattr("grader.release.require_sound", lambda assignment: None)  # its tests are for wrong answers
    released = cli("release", "tiny", "--course", course.root)
    assert released[0] == 0, released
    _, out, err = cli("autograde", "tiny", "--course", course.root, "--json")
    _, fed, fed_err = cli("feedback", "tiny", "--course", course.root)
    pages = [path.read_text(encoding="utf-8") for path in course.root.glob("feedback/*/tiny/*.html")]
    graded = [path.read_text(encoding="utf-8") for path in course.root.glob("autograded/*/tiny/*.ipynb")]
    monkeypatch.setattr(grader.assignment, "find_notebooks_folder", lambda: course.root / "source")
    _, checked, _ = cli("check", course.root / "submitted" / "eve0" / "tiny" / "tiny.ipynb", "--json")
    assert len(pages) == len(graded) == len(shifted), err
    for text in [out, err, fed, fed_err, checked, *pages, *graded]:
        assert not holds(text, run=6)
    # Not for want of grading: what was wrong is said.
    assert all(
        test["message"] for cell in json.loads(checked)["cells"][:1] for test in cell["tests"] if not test["passed"]
    )


def test_at_the_desk_the_numbers_are_told():
    """check(...) knows public inputs alone, and says there what came and what was expected."""
    assert "got 1, expected 2" in (explain(np.ones(2), np.array([1.0, 2.0])) or "")
    with guarded():
        assert "got" not in (explain(np.ones(2), np.array([1.0, 2.0])) or "")


READINGS = {
    "It is transposed.": (np.arange(9.0).reshape(3, 3).T, np.arange(9.0).reshape(3, 3)),
    "has shape (2, 3); expected (3, 2). It is transposed.": (np.ones((2, 3)), np.ones((3, 2))),
    "The sign is flipped.": (-X, X),
    "It is 2 times too large": (2 * X, X),
    "It is 1.7 times too large.": (1.734 * X, X),
    "is nan at index (0, 0); expected a finite number. 1 of 6 entries differ.": (np.where(X < 1, np.nan, X), X),
    "3 of 6 entries differ, the first at index (0, 0).": (X + [0.3, 0.0] * X**2, X),
    "It is right to within 1%, but not closer. 6 of 6 entries differ": (X * (1 + 1e-3 * X / 9), X),
    "is not the number expected": (3.3, 7.9),
    "it is right to within 1%, but not closer": (7.91, 7.9),
    "has 2 values; expected 3": ([1.0, 2.0], [1.0, 2.0, 3.0]),
    "has 2 axes; expected (3, 2)": (np.ones((70, 80)), X),
    "is not the string expected": ("bias", "variance"),
    "is False; expected True": (False, True),
    "returned an array of shape (3, 2); expected a dictionary": (X, {"a": 1}),
}


@pytest.mark.parametrize("words", READINGS)
def test_readings_are_told_in_grading_too(words):
    """How a result is wrong is said in grading as far as it can be said without numbers."""
    with guarded():
        assert words in (explain(*READINGS[words]) or "")
