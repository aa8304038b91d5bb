"""``hint`` gives an exercise's hints one after another."""

import json

import pytest

from nnlib.checks import hints

FROZEN = {"made_from": "x", "softmax": {"hints": ["A nudge.", "A push.", "With 3 for 2."]}, "mse": {"hints": []}}


@pytest.fixture
def ask(tmp_path):
    """``hint`` in a folder with hints for softmax."""
    (tmp_path / "public_cases.json").write_text(json.dumps(FROZEN), encoding="utf-8")

    def run(name, step=None):
        function = lambda: None  # noqa: E731
        function.__name__ = name
        return hints.next_hint(function, step, {}, tmp_path)

    return run


def test_each_call_says_more_and_the_last_hint_stays(ask):
    """The first call gives the first hint, and after the last one it comes again."""
    said = [ask("softmax").split("\n") for _ in range(4)]
    assert [lines[1].strip() for lines in said] == ["A nudge.", "A push.", "With 3 for 2.", "With 3 for 2."]
    assert said[0][0] == "softmax, hint 1 of 3. Run the cell again for the next one."
    assert said[2][0] == "softmax, hint 3 of 3. This was the last one."


def test_a_step_can_be_asked_for_and_moves_nothing_on(ask):
    """``hint(softmax, 2)`` gives the second one, and the next call without a step the first."""
    assert "A push." in ask("softmax", 2)
    assert "A nudge." in ask("softmax")


@pytest.mark.parametrize(
    ("name", "step", "says"),
    [
        ("softmax", 4, "softmax has hints 1 to 3, got 4."),
        ("mse", None, "There are no hints for mse."),
        ("relu", None, "hint takes one of this notebook's functions, not its result: softmax, mse. It got relu."),
    ],
)
def test_what_there_is_not_is_said_in_a_line(ask, name, step, says):
    """A step too far, an exercise without hints and a function that is no exercise are told, not raised."""
    assert ask(name, step).startswith(says)


def test_without_the_file_beside_the_notebook_it_says_so(tmp_path):
    """The release's file of cases holds the hints."""
    assert "hint needs public_cases.json beside the notebook" in hints.next_hint(print, None, {}, tmp_path)
