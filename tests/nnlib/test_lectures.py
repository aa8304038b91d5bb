"""The lectures' figures, computed again."""

import os
import subprocess
import sys

import numpy as np
import pytest

import nnlib
from nnlib import lectures
from nnlib.lectures import TABLES, Row, Table, theory
from nnlib.lectures.__main__ import main
from nnlib.lectures.tables import near


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_agrees_with_the_lecture(name):
    """With a seed other than the default, so that none was picked to fit."""
    table = TABLES[name](np.random.default_rng(11))
    assert table.agrees, str(table)
    assert any(row.agrees is not None for row in table.rows)


def test_ten_layers_of_three_initialisations_are_all_there():
    """Thirty rows, each with the lecture's figure."""
    table = theory.activation_statistics(np.random.default_rng(0))
    assert len(table.rows) == 30
    assert [row.lecture for row in table.rows[20:25]] == ["0.627953", "0.486051", "0.407723", "0.357108", "0.357108*"]
    assert float(table.rows[24].ours) == pytest.approx(0.321, rel=0.03)  # what the recipe gives in place of the slip


def test_a_wrong_initialiser_disagrees(monkeypatch, capsys):
    """Fan-in forgotten: the table says NO and the command exits with 1."""
    monkeypatch.setattr(theory, "lecun_normal", nnlib.he_normal)
    assert main(["activations"]) == 1
    printed = capsys.readouterr().out
    assert "NO" in printed
    assert "disagree: activations" in printed


def test_the_command_prints_the_named_tables(capsys):
    """Only those asked for; the exit code is 0."""
    assert main(["decay", "averages", "--seed", "3"]) == 0
    printed = capsys.readouterr().out
    assert printed.index("Learning-rate decay") < printed.index("Exponentially weighted")
    assert "Loss before training" not in printed
    assert "every figure agrees" in printed


def test_an_unknown_name_is_a_usage_error(capsys):
    """Exit code 2, and the names there are."""
    with pytest.raises(SystemExit) as caught:
        main(["decays"])
    assert caught.value.code == 2
    assert "batch-norm" in capsys.readouterr().err


def test_it_runs_as_a_module(tmp_path):
    """From any folder."""
    command = [sys.executable, "-m", "nnlib.lectures", "decay"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, env={**os.environ})
    assert "0.067" in done.stdout


def test_a_table_lines_its_columns_up():
    """Every line of the body is as long as the rule, or shorter."""
    table = Table("Title", [Row("a", "1", "1.5", False), Row("longer", "", "2")], "Note.", source="lecture 9")
    lines = str(table).splitlines()
    assert lines[0] == "Title (lecture 9)"
    assert lines[3] == "  a              1    1.5       NO"
    assert lines[4] == "  longer         –      2"
    assert lines[-1] == "  Note."
    assert not table.agrees


def test_near_is_relative_with_a_floor():
    """3% of the lecture's figure, or its last digit."""
    assert near(1.029, 1.0)
    assert not near(1.04, 1.0)
    assert near(4e-7, 0.0)


def test_no_table_is_named_that_is_not_there():
    """The package exports what the command runs."""
    assert set(lectures.__all__) == {"TABLES", "Row", "Table"}
