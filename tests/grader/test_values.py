"""Every kind of value a student's function may return is judged by check as by a hidden test, in the same words."""

import re
import types

import numpy as np
import pytest

from grader.hidden import Sandboxed, run_test
from grader.hidden_test import HiddenTest, ModuleData
from nnlib.checks import assert_close
from nnlib.checks.cases import Case, outcome_of
from nnlib.checks.instant import problem_of
from nnlib.checks.voice import guarded

PREPARED = """
import array, itertools
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
import numpy as np

class MyArray(np.ndarray): pass
class MyFloat(float): pass
class MyInt(int): pass
class MyStr(str): pass
class MyList(list): pass
class MyTuple(tuple): pass
class MyDict(dict): pass
class Weird: pass
Pair = namedtuple("Pair", "x y")
@dataclass
class Point:
    x: float = 1.0
x = np.array([1.0, 2.0])
ab = {"a": 1.0, "b": 2.0}
"""
ARRAY, NUMBER, LIST, DICT, WORD = np.array([1.0, 2.0]), 1.0, [1.0, 2.0], {"a": 1.0, "b": 2.0}, "word"
DTYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "longlong", "ulonglong"]
DTYPES += ["float16", "float32", "float64", "longdouble", ">f8", ">f4", ">i4", ">u2", "object"]
ACCEPTED = [
    *((f"x.astype({name!r})", ARRAY) for name in DTYPES),
    *((f"np.array(1).astype({name!r})", NUMBER) for name in DTYPES),
    *((f"x.astype({name!r})[0]", NUMBER) for name in DTYPES),
    ("np.array([True, False])", np.array([True, False])), ("np.bool_(True)", True), ("np.array(True)", True),
    ("np.matrix([[1.0, 2.0]])", ARRAY[None]), ("np.ma.masked_array(x, [0, 0])", ARRAY), ("x.view(MyArray)", ARRAY),
    ("np.array([[1.0, 2.0]] * 2, order='F')", np.array([[1.0, 2.0]] * 2)), ("x[::-1][::-1]", ARRAY),
    ("np.array([2.0, 1.0])[::-1]", ARRAY), ("np.repeat(x, 2)[::2]", ARRAY), ("np.broadcast_to(x, (2, 2))[0]", ARRAY),
    ("np.array([1, Fraction(2)])", ARRAY), ("np.array([Decimal(1), 2.0])", ARRAY),
    ("np.array([10**30, 1])", [1e30, 1]),
    ("np.array([np.float64(1), 2], dtype=object)", ARRAY), ("np.array([[1], [2]], dtype=object)", ARRAY[:, None]),
    ("MyFloat(1)", NUMBER), ("MyInt(1)", NUMBER), ("Fraction(2, 2)", NUMBER), ("Decimal('1.0')", NUMBER),
    ("1", NUMBER),
    ("MyStr('word')", WORD), ("np.str_('word')", WORD), ("np.array('word')", WORD),
    ("np.array(['a', 'b'])", ["a", "b"]),
    ("MyList([1.0, 2.0])", LIST), ("MyTuple([1.0, 2.0])", LIST), ("Pair(1.0, 2.0)", LIST), ("deque([1, 2])", LIST),
    ("range(1, 3)", LIST), ("(n for n in (1, 2))", LIST), ("map(float, [1, 2])", LIST),
    ("filter(None, [1, 2])", LIST),
    ("zip([1, 3], [2, 4])", [[1, 2], [3, 4]]), ("enumerate([5])", [[0, 5]]), ("itertools.chain([1], [2])", LIST),
    ("ab.values()", LIST), ("ab.keys()", ["a", "b"]), ("ab.items()", [["a", 1.0], ["b", 2.0]]),
    ("reversed([2, 1])", LIST),
    ("{2, 1}", LIST), ("frozenset([2.0, 1.0])", LIST), ("{'b', 'a'}", ["a", "b"]),
    ("itertools.islice([1, 2], 2)", LIST),
    ("array.array('d', [1, 2])", ARRAY), ("memoryview(x)", ARRAY), ("[np.longdouble(1), Fraction(2)]", LIST),
    ("[(n for n in (1, 2)), x.astype('>f8')]", [LIST, ARRAY]), ("Pair(x.astype('longdouble'), {1})", [ARRAY, [1]]),
    ("MyDict(ab)", DICT), ("defaultdict(int, ab)", DICT), ("OrderedDict(ab)", DICT), ("Counter(a=1, b=2)", DICT),
    ("{'a': np.longdouble(1), 'b': Decimal(2)}", DICT), ("{MyStr('a'): 1, np.str_('b'): 2}", DICT), ("None", None),
    ("np.array(1j)", np.array(1j)), ("np.clongdouble(1j) * np.ones(2)", np.array([1j, 1j])),
    ("np.array([1 + 1e-9, 2], dtype='complex64')", np.array([1 + 0j, 2 + 0j])),
]  # fmt: skip
REFUSED = [
    (source, expected)
    for source in [
        "np.complex64(1)", "np.complex128(1)", "np.clongdouble(1)", "x.astype('complex64')",
        "x.astype('clongdouble')",
        "1j", "np.array([object(), None])", "np.array([x, x[:1]], dtype=object)", "np.empty(0, dtype=object)",
        "np.array(Weird())", "np.array(['2026-01-01'] * 2, dtype='M8[D]')", "np.datetime64('2026-01-01')",
        "np.timedelta64(1, 's')", "np.array([1, 2], dtype='m8[s]')", "np.zeros(2, dtype=[('a', float)])",
        "np.zeros(2, dtype=[('a', float)])[0]", "np.rec.array([(1.0,), (2.0,)])", "np.array(['a', 'b'])",
        "np.array([b'a', b'b'])", "b'ab'", "bytearray(b'ab')", "memoryview(b'ab')", "np.bytes_(b'ab')", "None",
        "True",
        "Point()", "Weird()", "Weird", "len", "lambda: 1", "np", "np.exp", "np.float64", "...", "[Weird(), 1]",
        "(Point(), 2.0)", "{'a': Weird(), 'b': 2.0}", "np.random.default_rng(0)", "np.random.RandomState(0)",
        "{1: 2}",
        "x[:1]", "-x", "[1.0]", "{'a': 1.0}", "set()", "{1.5, 2.5}", "deque()", "(n for n in ())", "'word'",
        "'word' * 9",
        "Decimal('NaN')", "Decimal('sNaN')", "Fraction(10)**400", "Pair(1.0, Weird())", "defaultdict(list)",
        "[[1.0], 2]",
        "np.zeros(2**24)", "[1] * 1_000_001", "itertools.count()", "[[1] * 2] * 600_000", "[x] * 3", "iter([1, 2])",
        "eval('[' * 40 + ']' * 40)", "object()", "type('A' * 40, (), {})()", "'x' * (2**26 + 1)",
        "np.ma.masked_array(-x, [0, 1])", "np.matrix(x)", "Exception('no')",
    ]
    for expected in (ARRAY, NUMBER, LIST, DICT, WORD, True)
]  # fmt: skip


@pytest.fixture(scope="module")
def judged(zygote):
    """Judge one expression at the desk and in one student's process."""
    from grader.sandbox.session import Session

    with Session(zygote) as session:
        session.run(PREPARED, 5.0, 1000)
        local = {}
        exec(PREPARED, local)

        def judge(source, expected):
            text = f"def f():\n    return {source}"
            exec(text, local)
            session.run(text, 5.0, 1000, pin="at")
            case = Case("case", "a case", "f", (), lambda f: f())
            with guarded():  # as little as in grading; the rules are what is compared
                problem = problem_of(case, outcome_of(case, local["f"], local), expected)
            desk = problem["Problem"] if problem else ""
            test = HiddenTest(
                "test_f", "test_f", "", 1.0, lambda student: assert_close(student.f(), expected),
                ModuleData(types.ModuleType("tests")),
            )  # fmt: skip
            grading = run_test(test, Sandboxed(session, 20.0, "at"), PREPARED + text).message
            if isinstance(expected, dict):  # check names the part that differs alone
                grading = re.sub(r"the result\['(\w)'\]", r"\1", grading)
            return desk, grading, session._restarts

        yield judge


@pytest.mark.parametrize(("source", "expected"), ACCEPTED, ids=[source for source, _ in ACCEPTED])
def test_numbers_are_accepted_whatever_holds_them(judged, source, expected):
    """A value that stands for the right numbers, words or containers passes at the desk and in grading."""
    assert judged(source, expected) == ("", "", 1)


@pytest.mark.parametrize("source", dict(REFUSED))
def test_what_is_refused_is_refused_in_the_same_words(judged, source):
    """A value is told alike by both whatever was expected, and the student's process lives."""
    for expected in [value for other, value in REFUSED if other == source]:
        desk, grading, restarts = judged(source, expected)
        assert (desk, restarts) == (grading, 1)
