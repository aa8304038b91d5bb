"""The lectures' figures, computed again."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

import nnlib
from nnlib import lectures
from nnlib.lectures import TABLES, Row, Table, exact, ten_layers
from nnlib.lectures.__main__ import main
from nnlib.lectures.tables import AGREES, DIFFERS, IN_KIND, MISPRINT, near, over_seeds, to_the_last_digit


@pytest.fixture(scope="module", params=TABLES)
def computed(request):
    """Every table, with a seed other than the default, so that none was picked to fit."""
    return request.param, TABLES[request.param](np.random.default_rng(11))


def test_no_figure_differs_but_those_that_are_explained(computed):
    """And no table is without a verdict, or has one for a row with which nothing can be compared."""
    _, table = computed
    assert not table.unexplained, str(table)
    assert any(row.verdict for row in table.rows)
    for row in table.rows:
        assert row.verdict in ("", AGREES, IN_KIND, MISPRINT, DIFFERS)
        assert bool(row.verdict) <= bool(row.lecture), row
        assert row.ours


def test_agrees_is_said_of_figures_that_are_the_same(computed):
    """Where both are numbers: within 3%, or 15% for the smallest weights. What only looks alike agrees in kind."""
    _, table = computed
    for row in table.rows:
        theirs, ours = number(row.lecture), number(row.ours)
        if row.verdict == AGREES and theirs is not None and ours is not None:
            assert ours == pytest.approx(theirs, rel=0.15 if "0.01:" in row.what else 0.1, abs=2e-6), row
        if row.verdict == MISPRINT and theirs is not None:
            assert ours != pytest.approx(theirs, rel=2e-4), row


def number(text):
    """The number that a cell holds, in its own unit; None if it is words or a formula."""
    found = re.fullmatch(r"([+−-]?[\d,]*\.?\d+)(%|·10⁶)?", text)
    return float(found.group(1).replace(",", "").replace("−", "-")) if found else None


def test_what_is_trained_agrees_in_kind_only(computed):
    """But for an accuracy of 1.00 and what does not depend on data."""
    name, table = computed
    if name in ("overfit", "rates", "search", "ensemble", "batch-norm"):
        same = {row.what for row in table.rows if row.verdict == AGREES}
        assert same <= {"training accuracy", "at_edge of the lecture's best run"}


def test_misprints_of_the_lectures_are_told():
    """Each with what the lecture prints."""
    tables = (TABLES[name](np.random.default_rng(1)) for name in ("gradient", "averages", "activations"))
    printed = [row.lecture for table in tables for row in table.rows if row.verdict == MISPRINT]
    assert printed == ["3.001", "3·0.301", "0.33", "0.357108"]


def test_ten_layers_of_three_initialisations_are_all_there():
    """Thirty rows, each with the lecture's figure."""
    table = ten_layers.activation_statistics(np.random.default_rng(0))
    assert len(table.rows) == 30
    assert [row.lecture for row in table.rows[20:25]] == ["0.627953", "0.486051", "0.407723", "0.357108", "0.357108"]
    assert float(table.rows[24].ours) == pytest.approx(0.321, rel=0.03)  # what the recipe gives in place of the slip


def half(function):
    """A function that returns half of what it should, or of the first of it."""

    def wrong(*arguments, **options):
        result = function(*arguments, **options)
        return (result[0] / 2, *result[1:]) if isinstance(result, tuple) else result / 2

    return wrong


SABOTAGE = {
    "depth": (ten_layers, ("affine_forward", "affine_backward")),
    "variances": (ten_layers, ("lecun_normal",)),
    "gradient": (exact, ("central_difference", "forward_difference")),
    "decay": (exact, ("inverse_time_decay",)),
    "averages": (exact, ("ewa",)),
    "softmax": (exact, ("softmax", "cross_entropy")),
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_every_row_can_fail(name, monkeypatch):
    """No figure is compared with itself: where the library is wrong by a half, the table says so."""
    module, functions = SABOTAGE[name]
    for function in functions:
        monkeypatch.setattr(module, function, half(getattr(module, function)))
    rows = TABLES[name](np.random.default_rng(0)).rows
    # Ratios do not see a factor: windows of averages, and exponentials, which are read off the probabilities.
    kept = [row.what for row in rows if row.verdict != DIFFERS]
    assert all(
        "values averaged" in what or "about 1/e" in what or what.startswith(("e^", "their sum")) for what in kept
    )


def test_wrong_windows_and_exponentials_are_noticed_too(monkeypatch):
    """The rows that ratios hide from the test above."""
    monkeypatch.setattr(exact, "ewa", lambda values, beta: nnlib.ewa(values, beta**2))
    rows = {row.what: row.verdict for row in exact.averages(np.random.default_rng(0)).rows}
    assert all(verdict == DIFFERS for what, verdict in rows.items() if "values averaged" in what or "1/e" in what)
    monkeypatch.setattr(exact, "softmax", lambda scores: nnlib.softmax(2 * scores))
    rows = {row.what: row.verdict for row in exact.softmax_table(np.random.default_rng(0)).rows}
    assert [what for what, verdict in rows.items() if verdict == AGREES] == [
        "e^5",
        "loss where the right class has 0.2",
    ]


def test_diagnoses_and_draws_can_fail_too(monkeypatch):
    """What has no factor to be wrong by."""
    monkeypatch.setattr(exact, "diagnose", lambda *errors: "high bias and high variance")
    monkeypatch.setattr(exact, "steps_per_epoch", lambda n, size: n // size + 1)
    monkeypatch.setattr(exact, "dropout_forward", lambda x, keep, rng: nnlib.dropout_forward(x, keep / 2, rng))
    monkeypatch.setattr(
        exact,
        "sample_configs",
        lambda space, n, rng: nnlib.search.sample_configs(dict.fromkeys(space, ("linear", 0, 0.5)), n, rng),
    )
    monkeypatch.setattr(exact, "window", lambda beta: round(1e5 * beta))
    rng = np.random.default_rng(0)
    for name, right in (("bias", 0), ("batches", 0), ("dropout", 2), ("sampling", 0)):
        rows = TABLES[name](rng).rows
        assert sum(row.verdict != DIFFERS for row in rows) == right, name


def test_a_wrong_initialiser_disagrees(monkeypatch, capsys):
    """Fan-in forgotten: the table says so and the command exits with 1."""
    monkeypatch.setattr(ten_layers, "lecun_normal", nnlib.he_normal)
    assert main(["activations"]) == 1
    printed = capsys.readouterr().out
    assert "differs" in printed
    assert "No note says why these differ: activations (weights of deviation 1/√n: layer 1)" in printed


def test_the_command_prints_the_named_tables(capsys):
    """Only those asked for; the exit code is 0."""
    assert main(["decay", "averages", "--seed", "3"]) == 0
    printed = capsys.readouterr().out
    assert printed.index("Learning-rate decay") < printed.index("Exponentially weighted")
    assert "Loss before training" not in printed
    assert "10 agree, 1 misprinted in the lecture." in printed


def test_seeds_repeat_what_is_random_and_say_how_many_agree(capsys):
    """And leave alone what is not."""
    assert main(["overfit", "decay", "--seeds", "2"]) == 0
    printed = capsys.readouterr().out
    assert "agrees, 2 of 2" in printed
    assert "in kind, 2 of 2" in printed
    assert "0.067   agrees\n" in printed
    with pytest.raises(SystemExit):
        main(["decay", "--seeds", "0"])
    assert "1 or more" in capsys.readouterr().err


def test_the_commonest_verdict_of_several_seeds_counts():
    """With its number; a row without one has none."""
    runs = [
        Table("T", [Row("a", "1", str(i), verdict), Row("b", "", "2")])
        for i, verdict in enumerate([AGREES, DIFFERS, DIFFERS])
    ]
    table = over_seeds(runs)
    assert table.rows[0] == Row("a", "1", "0", DIFFERS, seeds="2 of 3")
    assert str(table).splitlines()[-2:] == ["  a         1      0   differs, 2 of 3", "  b         –      2"]


def test_what_is_said_of_batch_norm_holds_for_another_seed():
    """30 times the rate is faster here, as the note says, and nothing else differs."""
    rows = TABLES["batch-norm"](np.random.default_rng(1)).rows
    assert [row.what for row in rows if row.verdict == DIFFERS] == ["steps: 30 times, more than 5 times"]


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
    """And tells rows that differ without a reason."""
    rows = [Row("a", "1", "1.5", DIFFERS), Row("longer", "", "2"), Row("why", "1", "2", DIFFERS, explained=True)]
    table = Table("Title", rows, "Note.\nMore.", source="lecture 9")
    lines = str(table).splitlines()
    assert lines[0] == "Title (lecture 9)"
    assert lines[3] == "  a              1    1.5   differs"
    assert lines[4] == "  longer         –      2"
    assert lines[-2:] == ["  Note.", "  More."]
    assert table.unexplained == ["a"]


def test_the_last_printed_digit_is_what_counts():
    """Half a unit of it."""
    assert to_the_last_digit(0.06667, "0.067")
    assert not to_the_last_digit(0.0656, "0.067")
    assert to_the_last_digit(176.2555, "176.3")
    assert not to_the_last_digit(0.3487, "0.33")


def test_near_is_relative_with_a_floor():
    """3% of the lecture's figure, or its last digit."""
    assert near(1.029, 1.0)
    assert not near(1.04, 1.0)
    assert near(4e-7, 0.0)


def test_no_table_is_named_that_is_not_there():
    """The package exports what the command runs."""
    assert set(lectures.__all__) == {"BY_CHANCE", "TABLES", "Row", "Table"}
    assert lectures.BY_CHANCE.issubset(TABLES)
