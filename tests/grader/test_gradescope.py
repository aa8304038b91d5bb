"""Gradescope: its results.json from check, with its documented fields, and nothing hidden in it."""

import json

from .test_cli import tiny_only  # noqa: F401
from .tiny import SECRET

FIELDS = {"output", "output_format", "execution_time", "visibility", "stdout_visibility", "tests"}
OF_A_TEST = {"name", "score", "max_score", "status", "output", "output_format", "visibility"}


def test_check_writes_what_gradescope_reads(cli, tiny_only, tmp_path, hand_in):  # noqa: F811
    """Each exercise is a test with score, points and words; what a person grades is none; nothing hidden is in it."""
    (tmp_path / "tiny.ipynb").write_bytes(hand_in(double="def double(x):\n    return x * x", center="x = ("))
    code, _, err = cli("check", tmp_path / "tiny.ipynb", "--gradescope", tmp_path / "results.json")
    assert (code, err) == (0, "")
    text = (tmp_path / "results.json").read_text()
    report = json.loads(text)
    assert set(report) == FIELDS
    assert all(set(test) == OF_A_TEST for test in report["tests"])
    scored = [(test["name"], test["score"], test["max_score"], test["status"]) for test in report["tests"]]
    assert scored == [("double", 1.0, 2.0, "failed"), ("center", 0.0, 3.0, "failed")]
    assert report["tests"][0]["output"].startswith("partly right\n")
    assert report["tests"][1]["output"].startswith("syntax error\nSyntax error in line 1 of the cell of center: ")
    assert "A person grades: why." in report["output"]
    assert (report["visibility"], report["stdout_visibility"]) == ("visible", "hidden")
    assert SECRET not in text


def test_what_is_no_submission_says_why(cli, tiny_only, tmp_path):  # noqa: F811
    """A file that cannot be read is 0 points with the reason, for the student to hand in again."""
    (tmp_path / "tiny.ipynb").write_text("no notebook")
    code, _, err = cli("check", tmp_path / "tiny.ipynb", "--gradescope", tmp_path / "results.json")
    report = json.loads((tmp_path / "results.json").read_text())
    assert (code, report["score"], report["tests"]) == (1, 0.0, [])
    assert report["output"] in err
