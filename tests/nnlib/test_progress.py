"""nnlib.progress: one line in a terminal, one output in a notebook, lines in a file."""

import io
import sys
import types

import numpy as np

import nnlib
from nnlib import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_one_line_that_redraws_itself(monkeypatch):
    """The bar grows, the estimate shrinks, and closing ends the line."""
    clock = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    stream = Terminal()
    bar = progress.Progress(4, stream)
    bar.update(0)
    bar.update(2, "cost 0.5")
    bar.update(4, "cost 0.3")
    bar.close()
    _, first, second, third = stream.getvalue().split("\r\x1b[2K")
    assert first.startswith("  0%")
    assert second == " 50% " + "█" * 12 + "░" * 12 + "  10 s left  cost 0.5"
    assert third == "100% " + "█" * 24 + "  20 s  cost 0.3\n"


def test_a_terminal_is_redrawn_at_most_ten_times_a_second(monkeypatch):
    """A thousand quick steps cost a few drawings only."""
    times = (0.001 * i for i in range(10_000))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times))
    stream = Terminal()
    bar = progress.Progress(1000, stream)
    for i in range(1000):
        bar.update(i)
    assert stream.getvalue().count("\r") <= 11


def test_a_file_gets_a_line_an_epoch(rng):
    """Redirected output holds no control characters and no redrawing."""
    stream = io.StringIO()
    bar = progress.Progress(3, stream)
    for i in range(1, 4):
        bar.update(i - 1, "within")
        bar.update(i, f"epoch {i}", force=True)
    bar.close()
    lines = stream.getvalue().splitlines()
    assert [line.split("  ")[-1] for line in lines] == ["epoch 1", "epoch 2", "epoch 3"]
    assert "\r" not in stream.getvalue()


def test_a_notebook_gets_one_output_that_updates_itself(monkeypatch):
    """Inside a kernel IPython's display is used once and its handle afterwards."""
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data["text/plain"])

    def display(data, raw, display_id):
        shown.append(data["text/plain"])
        return Handle()

    ipython = types.ModuleType("IPython")
    ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    ipython.display = types.ModuleType("IPython.display")
    ipython.display.display = display
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", ipython.display)
    bar = progress.Progress(2)
    bar.update(1, force=True)
    bar.update(2, force=True)
    bar.close()
    assert [line[:4] for line in shown] == [" 50%", "100%"]


def test_long_waits_are_read_in_minutes_and_hours():
    """Seconds below a minute, then minutes, then hours."""
    assert [progress._clock(s) for s in (59.4, 61, 3 * 3600 + 5 * 60)] == ["59 s", "1 min 01 s", "3 h 05 min"]


def test_fit_draws_its_bar_to_stderr(capsys, rng):
    """progress=True reports every epoch with cost and dev accuracy; the default is silent."""
    X, y = nnlib.make_moons(40, 0.2, rng=rng)
    for show in (False, True):
        network = nnlib.build_network([2, 4, 2], np.random.default_rng(0))
        nnlib.fit(network, X, y, X, y, rng=rng, epochs=2, watch=nnlib.Watch(progress=show))
        out, err = capsys.readouterr()
        assert out == ""
        assert ("epoch 2, cost" in err) == show
