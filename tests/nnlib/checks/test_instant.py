"""``check(...)``: what a student reads at once, from the public cases and their frozen results alone."""

import functools
import inspect
import json
import linecache
import logging
import sys
from collections import defaultdict, namedtuple
from types import FunctionType

import numpy as np
import pytest

import nnlib
from nnlib import checks
from nnlib.checks import explain
from nnlib.checks.frozen import freeze
from nnlib.checks.instant import _shown, verdict

CASES = '''
import numpy as np
from nnlib.checks import require, tolerance


def far_apart(softmax):
    """two rows, far apart"""
    scores = np.array([[1000.0, 1001.0], [0.0, 1.0]])
    return {"probabilities": softmax(scores), "scores afterwards": scores}


def three_classes(softmax):
    """three classes"""
    return softmax(np.array([[0.0, 0.0, 0.0]]))


@tolerance(rtol=0.1)
def spread(draw):
    """the spread of many draws"""
    return float(np.std(draw(10_000, np.random.default_rng(0))))


def of_both(loss, softmax):
    """the loss of your own softmax"""
    return loss(softmax(np.array([[0.0, 0.0]])))


def unpacked(forward):
    """the cache that comes along"""
    out, cache = forward(np.ones(2))
    return out
'''
HALF = {"value": freeze(np.array([[1 / 3] * 3]))}
RIGHT = 1 / (1 + np.exp([1.0, -1.0]))
SCORES = np.array([[1000.0, 1001.0], [0.0, 1.0]])
FROZEN = {
    "softmax": {
        "expected": {
            "far_apart": freeze({"probabilities": np.stack([RIGHT, RIGHT]), "scores afterwards": SCORES}),
            "three_classes": freeze(np.array([[1 / 3] * 3])),
        },
        "mistakes": [
            {
                "says": "No shift.",
                "hint": "exp of 1000?",
                "outcomes": {
                    "far_apart": {
                        "value": freeze(
                            {"probabilities": np.array([[np.nan, np.nan], RIGHT]), "scores afterwards": SCORES}
                        )
                    }
                },
            },
            {
                "says": "All classes together.",
                "hint": "Each row for itself.",
                "outcomes": {
                    "far_apart": {"raises": "ZeroDivisionError"},
                    "three_classes": {"value": freeze(np.array([[1.0] * 3]))},
                },
            },
        ],
    },
    "draw": {
        "expected": {"spread": 1.0},
        "mistakes": [{"says": "The variance.", "hint": "A root?", "outcomes": {"spread": {"value": 4.0}}}],
    },
    "loss": {"expected": {"of_both": freeze(np.log(2))}, "mistakes": []},
    "forward": {"expected": {"unpacked": freeze(np.ones(2))}, "mistakes": []},
}


def softmax(scores):
    """A right one."""
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


@pytest.fixture
def check(tmp_path):
    """``check`` as it speaks in a folder with public cases; names of the notebook come as keywords."""
    (tmp_path / "public_cases.py").write_text(CASES, encoding="utf-8")
    (tmp_path / "public_cases.json").write_text(json.dumps(FROZEN), encoding="utf-8")

    def run(name, function, **scope):
        function.__name__ = name
        return verdict(function, {name: function, **scope}, tmp_path).text

    return run


def test_one_wrong_entry_ends_in_one_full_stop():
    """A sentence about an array of one entry has one full stop."""
    assert checks.explain(np.array([16.0]), np.array([16.25])).endswith("expected 16.25.")


def test_a_right_function_passes(check):
    """It reads how many cases passed, and that grading tries others."""
    assert check("softmax", softmax) == "softmax: all 2 cases pass. Grading tries other inputs."


def test_a_wrong_result_is_shown_beside_the_expected_one(check):
    """The first failing case is named, with what differs, what came and what was expected."""
    told = check("softmax", lambda scores: softmax(scores)[:, ::-1])
    assert told.startswith("softmax: 1 of 2 cases fail")
    assert "two rows, far apart" in told
    assert "probabilities: The columns are in reverse order." in told
    assert "Got       [[0.7311 0.2689]" in told
    assert "Expected  [[0.2689 0.7311]" in told


def test_a_known_mistake_is_named_with_its_hint(check):
    """A result that is a known mistake's, in its own writing, gets the mistake's words and hint."""
    told = check("softmax", lambda scores: np.exp(scores) / np.exp(scores).sum(axis=-1)[:, None])
    assert "Mistake   No shift." in told
    assert "Hint      exp of 1000?" in told


def test_an_unknown_mistake_gets_no_name(check):
    """What nobody described is not given another mistake's name."""
    assert "Mistake" not in check("softmax", lambda scores: softmax(scores) + 0.25)


def test_a_mistake_beside_another_slip_is_named_by_the_case_that_shows_it(check):
    """What fits the first failed case and all that passed is said as a possibility; another slip hides it elsewhere."""

    def no_shift(scores):
        odds = np.exp(scores)
        return odds / odds.sum(axis=1, keepdims=True) + (0.25 if len(scores) == 1 else 0.0)

    told = check("softmax", no_shift)
    assert "2 of 2 cases fail" in told
    assert "Mistake   Perhaps: No shift." in told


def test_of_two_mistakes_that_come_to_the_same_both_are_said(check, tmp_path):
    """One name alone may be false where several fit all cases; of more than three none is said."""
    for says, expected in (
        (["One way.", "Another way."], "Mistake   Perhaps: One way. Or: Another way."),
        (["One way.", "Another way.", "A third way.", "A fourth."], ""),
    ):
        known = [{"says": each, "hint": "?", "outcomes": {"spread": {"value": 0.0}}} for each in says]
        frozen = {**FROZEN, "draw": {"expected": {"spread": 1.0}, "mistakes": known}}
        (tmp_path / "public_cases.json").write_text(json.dumps(frozen), encoding="utf-8")
        told = check("draw", lambda *given: 4.0)
        assert expected in told
        assert ("Mistake" in told) == bool(expected)


def test_errors_alone_name_no_mistake(check):
    """A function that only raises is told what it raised, not a mistake that raises the same."""

    def fails(scores):
        return 1 // 0

    told = check("softmax", fails)
    assert "softmax raised ZeroDivisionError in line" in told
    assert "Mistake" not in told


def test_an_unwritten_function_is_said_to_be_unwritten(check):
    """The stub of the release is no failure yet."""

    def stub(scores):
        raise NotImplementedError

    assert check("softmax", stub) == "softmax is not written yet: it raises NotImplementedError."


def test_a_function_that_calls_what_is_not_there_is_told_what(check):
    """Calling a stub of one's own or a withheld name is a failure with that name, not an unwritten function."""

    def helper(scores):
        raise NotImplementedError

    def withheld(scores):
        raise nnlib.Withheld("relu", "02-test")

    told = check("softmax", lambda scores: helper(scores))
    assert "2 of 2 cases fail" in told
    assert "softmax calls helper, which is not written yet." in told
    told = " ".join(check("softmax", lambda scores: withheld(scores)).split())
    assert "softmax calls nnlib.relu, which this assignment withholds: writing it is the exercise." in told
    assert "softmax raised NotImplementedError" in check(
        "softmax", lambda scores: nnlib.Layer().forward(scores, True, None)
    )


def test_a_changed_input_is_seen(check):
    """A function that works on its input itself is told that the input was changed."""

    def in_place(scores):
        scores -= scores.max(axis=1, keepdims=True)
        return softmax(scores)

    assert "scores afterwards: " in check("softmax", in_place)


GIVEN = '''
import numpy as np


def a_row(total):
    """a row"""
    return total(np.array([1.0, 2.0]), {"so far": 0.0})


def twice(total):
    """the same row twice"""
    row = np.array([1.0, 2.0])
    return [total(row, {"so far": 0.0}), total(row, {"so far": 0.0})]
'''


def emptied(row, state):
    """Give the sum and write into the row."""
    found = float(row.sum())
    row *= 0
    return found


def emptied_when_used(row, state):
    """Write into the row before it is summed."""
    row *= 2
    return float(row.sum()) / 2


def noted(row, state):
    """Give the sum and note it in the state."""
    state["so far"] += row.sum()
    return float(row.sum())


@pytest.mark.parametrize(
    ("total", "changes", "said"),
    [
        (emptied, [], "row itself is changed"),
        (emptied_when_used, [], "row itself is changed"),
        (noted, [], "state itself is changed"),
        (noted, ["state"], "all 2 cases pass"),
    ],
    ids=["an array", "and the result with it", "a dict", "what is there to be changed"],
)
def test_an_argument_that_was_written_into_is_named(tmp_path, total, changes, said):
    """No case needs to ask for it: whatever the exercise is not there to change stays as it came."""
    (tmp_path / "public_cases.py").write_text(GIVEN, encoding="utf-8")
    right = {"a_row": 3.0, "twice": [3.0, 3.0]}
    frozen = {"total": {"expected": right, "changes": changes, "mistakes": []}}
    (tmp_path / "public_cases.json").write_text(json.dumps(frozen), encoding="utf-8")
    report = verdict(total, {"total": total}, tmp_path)
    assert said in " ".join(report.text.split())
    assert report.passed == ("pass" in said)


@pytest.mark.parametrize("seed", range(5))
def test_random_functions_are_judged_within_the_tolerance_of_the_case(check, seed):
    """Another way to draw passes, and a known mistake is named whatever it draws."""
    rng = np.random.default_rng(seed)
    assert "passes" in check("draw", lambda n, _: rng.normal(size=n))
    assert "Mistake   The variance." in check("draw", lambda n, _: 4 * rng.normal(size=n))


def test_a_case_uses_the_students_own_other_functions(check):
    """What a case needs comes from the notebook; where it is not there yet, that is said."""
    assert "passes" in check("loss", lambda probs: -np.log(probs[0, 0]), softmax=softmax)
    told = check("loss", lambda probs: -np.log(probs[0, 0]))
    assert "softmax is not defined. This case needs it: write it first." in told


def test_a_result_that_the_case_cannot_use_is_described(check):
    """A forgotten second result is said as what was returned, without a traceback."""
    assert "forward returned None" in check("forward", lambda x: None)
    assert "forward returned an array of shape (3,)" in check("forward", lambda x: np.ones(3))


def _itself():
    rows = []
    rows.append(rows)
    return rows


class _Hostile:
    def __array__(self, *_, **__):
        raise MemoryError

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


@pytest.mark.parametrize(
    "result",
    [
        (np.zeros((2, 2)), 1.0), [np.zeros(2), np.zeros(3)], {"a": 1}, "words", None, True, object(), _Hostile(),
        _itself(), np.array([None, 1], dtype=object), np.array(["a"]), 1j, np.zeros((0,)), float("nan"), [[1], [2, 3]],
        lambda: 1, iter([1, 2]), {1, 2}, np.ma.masked, 10**400,
    ],
)  # fmt: skip
def test_whatever_comes_back_is_answered_in_words(check, result):
    """No result, however odd, makes check itself fail."""
    for name in ("softmax", "draw", "forward"):
        told = check(name, lambda *_: result)
        assert "fail" in told or "pass" in told


def test_the_function_itself_is_wanted(check, tmp_path):
    """A result, or a function of another name, is answered with what check takes."""
    assert "check takes one of this notebook's functions, not its result" in verdict(3.0, {}, tmp_path).text
    assert "softmax, draw, loss, forward" in check("relu", lambda z: z)


def test_a_function_bound_to_the_exercises_name_counts(check, tmp_path):
    """A lambda or a renamed function that the notebook calls by the exercise's name is tried as that."""
    other = lambda scores: softmax(scores)  # noqa: E731
    assert "softmax: all 2" in verdict(other, {"softmax": other}, tmp_path).text


def test_missing_files_are_named(tmp_path):
    """Outside its folder, check says which file it misses and how to get it."""
    told = verdict(softmax, {}, tmp_path).text
    assert "public_cases.py" in told
    assert "Unpack the release again." in told


def noisy(scores):
    """A right one that writes to stderr and logs."""
    print("debugging", file=sys.stderr)
    logging.getLogger("student").warning("logged")
    return softmax(scores)


def test_check_prints_and_raises_nothing(check, tmp_path, monkeypatch, capsys):
    """A notebook runs on under a failing check, whose words are on stderr; those of a passed one are on stdout."""
    monkeypatch.chdir(tmp_path)
    checks.check(softmax)
    assert capsys.readouterr() == ("softmax: all 2 cases pass. Grading tries other inputs.\n", "")
    wrong = lambda scores: softmax(scores) + 1  # noqa: E731
    wrong.__name__ = "softmax"
    checks.check(wrong)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("softmax: 2 of 2 cases fail.")
    for no_function_of_the_notebook in (np.exp, softmax(np.zeros((1, 2)))):
        checks.check(no_function_of_the_notebook)
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "check takes one of this notebook's functions" in printed.err


def test_what_a_passing_function_writes_to_stderr_is_no_failure(check, tmp_path, monkeypatch, capsys):
    """Prints and log lines of a right function are shown, and leave stderr, the mark of failure, empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(noisy, "__name__", "softmax")
    monkeypatch.setattr(logging.getLogger("student"), "handlers", [logging._StderrHandler()])
    monkeypatch.setattr(logging.getLogger("student"), "propagate", False)
    checks.check(noisy)
    printed = capsys.readouterr()
    assert printed.err == ""
    for words in ("debugging", "logged", "all 2 cases pass"):
        assert words in printed.out


def test_functions_that_a_case_passes_on_look_like_functions(tmp_path):
    """A function of the notebook that a case hands to another is a function of that name and signature."""
    (tmp_path / "public_cases.py").write_text('def tell(looks, half):\n    """half"""\n    return looks(half)\n')
    frozen = {"looks": {"expected": {"tell": [True, "half", "(x, /, y=2)"]}, "mistakes": []}}
    (tmp_path / "public_cases.json").write_text(json.dumps(frozen))

    def half(x, /, y=2):
        return x / y

    def looks(f):
        return [type(f) is FunctionType, f.__name__, str(inspect.signature(f))]

    assert verdict(looks, {"looks": looks, "half": half}, tmp_path).passed


@pytest.mark.parametrize("unsteady", [True, False])
def test_a_case_that_round_off_decides_says_nothing_about_a_mistake(tmp_path, unsteady):
    """A mistake is recognised by its other cases; a case that is merely not listed speaks against it."""
    (tmp_path / "public_cases.py").write_text(
        'def first(f):\n    """one"""\n    return f(1.0)\n\n\ndef second(f):\n    """two"""\n    return f(2.0)\n'
    )
    mistake = {"says": "Halved.", "hint": "Why?", "outcomes": {"second": {"value": 3.5}}}
    mistake |= {"unsteady": ["first"]} if unsteady else {}
    frozen = {"f": {"expected": {"first": 1.0, "second": 2.0}, "mistakes": [mistake]}}
    (tmp_path / "public_cases.json").write_text(json.dumps(frozen))

    def f(x):
        return 3.5 if x == 2 else 0.7

    assert ("Halved." in verdict(f, {"f": f}, tmp_path).text) == unsteady
    frozen["f"]["mistakes"][0]["outcomes"] = {"second": {"value": 9.5}}
    (tmp_path / "public_cases.json").write_text(json.dumps(frozen))
    assert "Halved." not in verdict(f, {"f": f}, tmp_path).text


def test_no_mistake_is_recognised_by_nothing(tmp_path):
    """Where only cases fail that round-off decides, no mistake is named."""
    (tmp_path / "public_cases.py").write_text('def first(f):\n    """one"""\n    return f(1.0)\n')
    mistake = {"says": "Halved.", "hint": "Why?", "outcomes": {}, "unsteady": ["first"]}
    frozen = {"f": {"expected": {"first": 1.0}, "mistakes": [mistake]}}
    (tmp_path / "public_cases.json").write_text(json.dumps(frozen))

    def f(x):
        return 0.7

    assert "Halved." not in verdict(f, {"f": f}, tmp_path).text


def test_a_cache_of_the_students_own_is_handed_back_whole(tmp_path):
    """A namedtuple, a set and a defaultdict reach the second function as the first one made them."""
    (tmp_path / "public_cases.py").write_text('def both(use, make):\n    """a cache"""\n    return use(*make())\n')
    frozen = {"use": {"expected": {"both": [True, 7, [1, 2]]}, "mistakes": []}}
    (tmp_path / "public_cases.json").write_text(json.dumps(frozen))
    cache = namedtuple("cache", "x")(np.longdouble(1))

    def make():
        return cache, defaultdict(lambda: 7), {1}

    def use(given, state, seen):
        seen.add(2)
        return given is cache, state["new"], seen

    assert verdict(use, {"use": use, "make": make}, tmp_path).text.startswith("use: the case passes")


@pytest.mark.parametrize("name", ["x", "2"])
def test_an_argument_made_endless_is_told_as_that_argument(tmp_path, name):
    """A dict put into itself is said of the argument, never of the result."""
    given = "1, {}" if name == "2" else "1, x={}"
    (tmp_path / "public_cases.py").write_text(f'def tried(f):\n    """a dict"""\n    return f({given})\n')
    (tmp_path / "public_cases.json").write_text(json.dumps({"f": {"expected": {"tried": 1}, "mistakes": []}}))

    def f(one, x):
        x["x"] = x
        return 1

    told = " ".join(verdict(f, {"f": f}, tmp_path).text.split())
    assert f"f changed its argument {name} into something nested more than 32 deep" in told


def test_what_a_generator_raises_is_the_functions_error(check):
    """A generator is read where its function is called, with its line."""

    def softmax(scores):
        yield scores
        yield 1 / 0

    told = check("softmax", softmax)
    assert "softmax raised ZeroDivisionError in line" in told
    assert "division by zero" in told


def test_beside_a_named_mistake_no_other_cause_is_guessed():
    """Without a guess the problem line tells the difference alone, as beside a mistake that is known."""
    told = [explain(np.array([1.0, 2.0]), np.array([3.0, 6.0]), guess=guess) or "" for guess in (True, False)]
    assert "It is 3 times too small" in told[0]
    assert told[1] == told[0].replace(told[0][told[0].index("It is") : told[0].index("The largest")], "")


def test_numbers_of_a_draw_are_not_read_for_a_factor():
    """A case with a wide tolerance of its own measures a draw, in which a factor may come by chance."""
    assert "log" not in (explain(70.79, 100.111, rtol=0.05) or "")
    assert "times too small" in (explain(np.array([1.0, 2.0]), np.array([3.0, 6.0])) or "")
    assert "reverse" not in (explain(np.array([300, 400]), np.array([400, 300])) or "")


def test_what_differs_never_prints_alike():
    """Numbers, and tables of them, get the digits that tell them apart."""
    assert "got 0.1139571, expected 0.1139572" in (explain(0.1139571, 0.1139572, rtol=1e-9) or "")
    shown = _shown(np.array([0.25, 0.1139571]), np.array([0.25, 0.1139572]))
    assert shown["Got"] != shown["Expected"]


def test_a_statement_that_does_not_hold_is_said_as_one():
    """A key that is a sentence is not followed by False and True."""
    assert explain(False, True, what="it holds floats") == "This does not hold: it holds floats."
    assert explain(True, False, what="two calls give the same") == "This must not hold: two calls give the same."


def test_a_failing_helper_is_named_first(check):
    """A function that calls another exercise's, which fails its own cases, is told to start there."""
    scope = {}
    exec("def softmax(scores):\n    return scores\ndef draw():\n    return softmax(2.0)", scope)
    said = check("draw", scope["draw"], softmax=scope["softmax"])
    assert "softmax, which draw calls, fails its own check: start there." in " ".join(said.split())
    assert "start there" not in check("draw", scope["draw"], softmax=softmax)


def test_one_thing_where_two_are_asked_for_is_said_so(check):
    """A case that cannot unpack what came says that more is asked for, and the slip has a name."""
    said = " ".join(check("forward", lambda x: 1.0).split())
    assert "returned a number, and more than one thing is asked for." in said


def test_a_slip_of_the_language_is_named_at_the_desk(check, tmp_path, monkeypatch):
    """What no known mistake explains may be such a slip: the text of the function shows it."""
    text = "def softmax(scores):\n    return scores.max(axis=1, keepdim=True)\n"
    linecache.cache["<a cell>"] = (len(text), None, text.splitlines(True), "<a cell>")
    scope = {}
    exec(compile(text, "<a cell>", "exec"), scope)
    assert "NumPy calls it keepdims" in check("softmax", scope["softmax"])


def test_a_callable_without_a_name_is_judged_like_a_function(check, tmp_path):
    """A partial has no name and no text; what it gives is compared all the same."""
    wrong = functools.partial(lambda scores, by: scores * by, by=2.0)
    assert "softmax: 2 of 2 cases fail." in verdict(wrong, {"softmax": wrong}, tmp_path).text
