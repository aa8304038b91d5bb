"""``explore`` draws once where there are no sliders, and moves them where there are."""

import sys
from types import SimpleNamespace

import pytest

from nnlib import explore


def test_without_a_kernel_it_draws_once_and_says_how_to_draw_again(capsys):
    """A plain Python calls ``draw`` with the starting values and prints the call to change."""
    drawn = explore(lambda rate, kind: (rate, kind), rate=(0.01, 1.0, 0.1), kind=["tanh", "relu"])
    assert drawn == (0.1, "tanh")
    assert capsys.readouterr().out.endswith("(rate=0.1, kind='tanh')\n")


@pytest.mark.parametrize("control", [(1, 2), (0.0, 1.0, 2.0), (1.0, 1.0, 1.0), [], 3])
def test_a_control_that_is_none_is_refused_by_name(control):
    """Neither a range with its start nor a list of choices: the message names the control and what came."""
    with pytest.raises(ValueError, match=r"^rate must be \(low, high, start\)"):
        explore(print, rate=control)


@pytest.fixture
def in_a_notebook(monkeypatch):
    """A shell with a kernel, as JupyterLab has."""
    pytest.importorskip("ipywidgets")
    ipython = pytest.importorskip("IPython")
    monkeypatch.setattr(ipython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.delenv("NNLIB_SLIDERS", raising=False)


def test_in_a_notebook_moving_a_slider_draws_again(in_a_notebook, monkeypatch):
    """Each control is a slider of its kind, and a new value reaches ``draw``."""
    import ipywidgets

    made, calls = {}, []
    monkeypatch.setattr(ipywidgets, "interact", lambda draw, **sliders: made.update(sliders, draw=draw))
    explore(
        lambda **values: calls.append(values),
        rate=(1e-4, 1.0, 1e-2),
        units=(1, 9, 3),
        share=(0.0, 1.0, 0.5),
        kind=["a", "b"],
    )
    kinds = {name: type(slider).__name__ for name, slider in made.items() if name != "draw"}
    assert kinds == {"rate": "FloatLogSlider", "units": "IntSlider", "share": "FloatSlider", "kind": "Dropdown"}
    made["rate"].value = 0.1
    made["draw"](**{name: slider.value for name, slider in made.items() if name != "draw"})
    assert calls == [{"rate": 0.1, "units": 3, "share": 0.5, "kind": "a"}]


def test_sliders_can_be_turned_off_for_a_notebook_that_others_read(in_a_notebook, monkeypatch, capsys):
    """With NNLIB_SLIDERS=off the picture itself is the output."""
    monkeypatch.setenv("NNLIB_SLIDERS", "off")
    assert explore(lambda rate: rate, rate=(0.0, 1.0, 0.5)) == 0.5
    assert "Try other values" in capsys.readouterr().out


def test_without_ipywidgets_a_notebook_draws_once(in_a_notebook, monkeypatch):
    """The library is optional: where it cannot be imported, the plain call remains."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert explore(lambda rate: rate, rate=(0.0, 1.0, 0.5)) == 0.5
