"""Pairs whose code is alike are listed to be looked at, and nobody for the code that everybody received."""

import json

import pytest

from grader.batch import autograde
from grader.course import CourseError
from grader.similar import CAUTION, similar

UNUSUAL = """
def center(x):
    totals = [0.0 for _ in range(x.shape[1])]
    for row in x:
        for place, value in enumerate(row):
            totals[place] = totals[place] + value
    means = np.array([total / len(x) for total in totals])
    shifted = np.empty_like(x, dtype=float)
    for number in range(len(x)):
        shifted[number] = x[number] - means
    return shifted
"""
RENAMED = UNUSUAL.replace("totals", "sums").replace("place", "j").replace("means", "mu").replace("shifted", "y")
ANOTHER = """
def center(x):
    column_means = np.add.reduce(x, axis=0) / x.shape[0]
    while np.ndim(column_means) < np.ndim(x):
        column_means = column_means[None]
    return np.subtract(x, np.broadcast_to(column_means, x.shape))
"""


@pytest.fixture
def graded(course, submit):
    """A class of five, two of whom have the same code under other names, and two the same rare mistake."""
    submit("ada", center=UNUSUAL)
    submit("bob", center=RENAMED)
    submit("cyd", center=ANOTHER)
    submit("dan", center=None, double="def double(x):\n    return x * x")
    submit("eve", center=None, double="def double(x):\n    y = x ** 2\n    return y")
    autograde("tiny", course, jobs=1)
    return course


def test_the_same_code_under_other_names_is_found(graded):
    """Renaming helps nobody; another way to the same result, and the released code, make no pair."""
    pytest.importorskip("copydetect", reason="the extra similarity is not installed")
    pairs, told = similar("tiny", graded)
    assert told == ""
    alike = [(pair.one, pair.other) for pair in pairs if pair.share]
    assert alike == [("ada", "bob")]
    assert pairs[0].share > 0.8
    assert "enumerate(row)" in pairs[0].passage[0]
    assert "enumerate(row)" in pairs[0].passage[1]


def test_a_rare_mistake_that_two_share_is_named(graded, monkeypatch):
    """Without the extra the shared mistakes are listed all the same, and a line says what is missing."""
    import builtins

    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "copydetect":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    pairs, told = similar("tiny", graded)
    assert [(pair.one, pair.other) for pair in pairs] == [("dan", "eve")]
    assert any("squared" in mistake for mistake in pairs[0].mistakes)
    assert "pip install 'nnlib[similarity]'" in told


def test_it_is_said_that_this_is_no_verdict(graded, cli):
    """The table ends in a caution; an object a line for programs; one line where nothing is graded."""
    code, said, _ = cli("similar", "tiny", "--course", graded.root)
    assert code == 0
    assert CAUTION.split(":")[0] in said
    code, said, _ = cli("similar", "tiny", "--course", graded.root, "--json")
    assert ["dan", "eve"] in [json.loads(line)["students"] for line in said.splitlines()]


def test_nothing_graded_is_one_line(course):
    """The command to run first is named."""
    with pytest.raises(CourseError, match=r"Nothing of tiny is graded yet: grader autograde tiny$"):
        similar("tiny", course)


def test_what_cannot_be_compared_ends_nothing(graded):
    """A graded notebook that is damaged, huge or odd is passed over."""
    path = graded.root / "autograded" / "cyd" / "tiny" / "tiny.ipynb"
    path.write_text("{")
    pairs, _ = similar("tiny", graded)
    assert ("dan", "eve") in [(pair.one, pair.other) for pair in pairs]
