"""Attacks on what names mistakes: instant checks, replays of hidden tests, course files, editions, held-out digits."""

import time

import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from grader.assignment import Assignment
from grader.engine import Engine
from grader.student_edition import build_student_edition
from nnlib.checks import is_telling, same

from . import tiny

# -- break: what is compared with known mistakes -------------------------------------------------------------------

NUMBERS_ASKED = """
from nnlib.checks import assert_close
def test_double_of_two(student):
    assert_close(student.double(2.0), 4.0)
def test_double_of_three_and_two(student):
    out, cache = student.double([3.0, 2.5])
    assert_close(out, 6.5)
def test_center_of_a_number(student):
    assert_close(student.center(2.0), {"mean": 2.0, "rest": 0.0})
"""
NUMBERS_MISTAKEN = """
from grader.authoring import mistake
def squares_instead(x):
    return (x[0] * x[0], [x]) if isinstance(x, list) else x * x + 0.25
MISTAKES = [mistake("The number is squared instead of doubled.", "The double of 3 is 6, not 9.", by=squares_instead)]
"""
NOTHING_TAKEN = """
from grader.authoring import mistake
def leaves_all(x):
    return {"mean": 0.5, "rest": [1.5, 2.5, [3.5]]}
MISTAKES = [mistake("Nothing is taken away.", "Take the mean away.", by=leaves_all)]
"""
HOSTILE = {
    "huge_integer": "10**400",
    "integer_beyond_64_bits": "2**70",
    "negative_huge_integer": "-10**1000",
    "huge_integer_in_pair": "(10**400, 2**70)",
    "huge_integer_in_dict": "{'mean': 10**400, 'rest': [2**90, -2**90, [10**999]]}",
    "array_of_huge": "np.array([2**64 - 1], dtype='u8')",
    "complex": "1e400j",
    "complex_array": "np.full((), np.nan + 1j)",
    "nan": "float('nan')",
    "nan_key": "{float('nan'): 1.5, 'rest': 2.5}",
    "odd_keys": "{'mean': 1.5, (1, (2, None)): 2.5, None: 3, b'x': 4, 2**80: 5, 1j: 6}",
    "numpy_text": "np.array([['a', 'b']] * 40)",
    "numpy_text_of_no_axis": "np.array('4.0')",
    "text": "'9.25' * 10**6",
    "bytes": "b'9.25'",
    "nested_to_the_limit": "__import__('functools').reduce(lambda x, _: [x], range(30), 1.5)",
    "million_items": "[0.5] * 900_000",
    "half_precision": "np.float16(np.inf)",
    "large_array": "np.full(7_000_000, 0.5)",
    "no_rows": "np.zeros((0, 2**40))",
    "many_axes": "np.full((1,) * 32, 0.5)",
    "masked": "np.ma.masked_all(())",
    "itself": "double",
    "generator": "(i / 2 for i in range(10))",
    "random_state": "np.random.default_rng(1)",
}


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """An engine whose tests and known mistakes are about numbers, pairs and dicts."""
    folder = tmp_path_factory.mktemp("numbers") / "tiny"
    assignment = Assignment(
        tiny.write(folder, hidden_tests=NUMBERS_ASKED, double=NUMBERS_MISTAKEN, center=NOTHING_TAKEN)
    )
    from grader.released import released_notebook

    with build_student_edition(assignment) as edition, Engine(assignment, released_notebook(assignment), edition) as it:
        yield it


@pytest.mark.parametrize("value", HOSTILE.values(), ids=list(HOSTILE))
def test_no_result_breaks_the_naming_of_mistakes(numbers, hand_in, value):
    """Whatever a wrong function returns, its cell gets a verdict, no points and no mistake's name."""
    source = f"import numpy as np\ndef NAME(x):\n    return {value}"
    answers = {name: source.replace("NAME", name) for name in ("double", "center")}
    result = numbers.grade(hand_in(**answers), "mallory")
    assert (result.problem, result.score) == ("", 0)
    assert all(not cell.diagnosis for cell in result.cells)


def repr_of(value: object) -> str:
    """Name a parameter shortly."""
    return repr(value)[:12]


@pytest.mark.parametrize(
    "expected", [1.0, np.float32(2.5), 2**70, 10**400, np.ones(()), np.ones(2), True, [1.5], None], ids=repr_of
)
@pytest.mark.parametrize("got", [10**400, -(10**400), 2**70, 2**64, [10**400], (2**70,), {"a": 2**70}], ids=repr_of)
def test_integers_beyond_floats_are_compared(got, expected):
    """Integers of any size are compared by value, without an error."""
    assert not same(got, expected) or got == expected
    assert not is_telling(got)


def deep(levels: int) -> list:
    """Nest lists."""
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


def test_nesting_beyond_the_stack_is_different():
    """Lists deeper than the stack, and one that holds itself, are compared without an error."""
    itself: list = []
    itself.append(itself)
    other: list = []
    other.append(other)
    assert not same(deep(100_000), deep(100_000))
    assert not same(itself, other)
    assert not same(deep(100_000), [1.5])
    assert not is_telling(deep(100_000))


# -- break: the text of a submission -------------------------------------------------------------------------------


def test_a_long_text_of_code_is_not_read_for_minutes(numbers, hand_in):
    """A cell of megabytes that defines a wrong function costs the grader little more than running it."""
    data = "x = (" + "1," * 500_000 + ")\n"
    wrong = {name: f"{data}def {name}(x):\n    return 7" for name in ("double", "center")}
    started = time.process_time()
    result = numbers.grade(hand_in(**wrong), "mallory")
    assert time.process_time() - started < 3
    assert result.score == 0


def test_many_long_cells_do_not_keep_the_grader_reading(numbers, hand_in):
    """Megabytes of code in cells of moderate size are run, and not read first for minutes to see what uses what."""

    def fill(notebook):
        notebook.cells += [new_code_cell("x = (" + "1," * 90_000 + ")") for _ in range(60)]

    data = hand_in(fill)
    started = time.process_time()
    numbers.grade(data, "mallory")
    assert time.process_time() - started < 10


def test_much_text_does_not_stop_the_words_about_an_error(numbers, hand_in):
    """Comments of many megabytes, among whose words the name in an error is looked for, end no grading."""

    def fill(notebook):
        notebook.cells += [new_code_cell("# " + "ab " * 5_000_000) for _ in range(6)]

    raises = "raise ValueError('operands could not be broadcast together with shapes (3,) (4,)')"
    wrong = {name: f"def {name}(x):\n    {raises}" for name in ("double", "center")}
    started = time.process_time()
    result = numbers.grade(hand_in(fill, **wrong), "mallory")
    assert time.process_time() - started < 20
    assert (result.problem, result.score) == ("", 0)


# -- fool: files that stand in the course's place ------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["public_cases.py", "./public_cases.json", ".//public_cases.py", "public_cases.json/x", "public_cases.py/x"]
)
def test_public_cases_are_the_courses_own(cells, path):
    """Neither a file by another spelling nor a folder of its name takes the place of a course file."""
    look = "import os\nprint('FOUND', sorted(os.listdir('.')), open('public_cases.py').read()[:20])\n"
    found = cells(files={path: b"raise SystemExit"}, double=look + tiny.DOUBLE)
    assert (found["test_double"].score, found["test_center"].score) == (2, 3)


SPOIL = """
import os, sys
for name in ("public_cases.py", "public_cases.json"):
    os.remove(name)
    open(name, "w").write("raise SystemExit")
open("sitecustomize.py", "w").write("raise SystemExit")
"""


def test_spoilt_public_cases_are_whole_for_the_next_student(engine, hand_in):
    """Who removes or replaces the public cases in the working folder does so alone, and gains nothing by it."""
    spoilt = engine.grade(hand_in(double=SPOIL + "def double(x):\n    return x"), "mallory")
    assert spoilt.score == 4  # one of two tests of double holds for the identity
    seen = "print('CASES', 'two_numbers' in open('public_cases.py').read(), __import__('os').listdir('.'))\n"
    result = engine.grade(hand_in(double=seen + tiny.DOUBLE), "eve")
    assert result.score == 5
    assert b"CASES True" in result.notebooks["tiny.ipynb"]
    assert b"sitecustomize" not in result.notebooks["tiny.ipynb"]
