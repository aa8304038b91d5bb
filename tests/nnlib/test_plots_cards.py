"""Pictures of what a student's net has become."""

import matplotlib as mpl
import numpy as np
import pytest

from nnlib import plots

mpl.use("Agg")


def test_units_are_shown_with_what_excites_them(rng):
    """Two pictures per unit, the one that changed most first; below, the mean of its most exciting images."""
    X = rng.random((50, 64))
    w = rng.normal(size=(64, 12))
    change = 0.01 * rng.normal(size=(64, 12))
    change[:, 7] *= 100
    figure = plots.units_and_their_digits(change, w, X, count=4, mean_of=5)
    assert len(figure.axes) == 8
    shown = figure.axes[4].images[0].get_array()
    best = np.argsort(-(X @ w[:, 7]))[:5]
    assert np.allclose(shown, X[best].mean(axis=0).reshape(8, 8))
    with pytest.raises(ValueError, match="must have shape"):
        plots.units_and_their_digits(change[:-1], w, X)


def test_a_stroke_is_shown_before_larger_speckle(rng):
    """What was learnt is averaged with its neighbours: single pixels fade, a stroke stays."""
    change = np.zeros((8, 8, 2))
    change[::2, ::2, 0] = change[1::2, 1::2, 0] = 1.0
    change[1::2, ::2, 0] = change[::2, 1::2, 0] = -1.0
    change[2:6, 3:5, 1] = 0.5
    figure = plots.units_and_their_digits(change.reshape(64, 2), np.ones((64, 2)), rng.random((40, 64)))
    stroke = figure.axes[0].images[0].get_array()
    assert np.allclose(stroke[3:5, 3:5], 0.375)
    assert np.allclose(stroke[:, 0], 0)


def test_a_card_says_accuracy_parameters_and_seconds_and_shows_mistakes_first(rng):
    """What stands on it is what came in."""
    y = np.arange(40) % 10
    said = y.copy()
    said[33] = 9
    figure = plots.result_card(rng.random((40, 64)), y, said, parameters=26122, seconds=1.25, name="Ada's reader")
    texts = " ".join(text.get_text() for text in figure.texts)
    assert "97.5%" in texts
    assert "26,122 parameters, 1.2 s" in texts
    assert "Ada's reader" in texts
    assert next(ax.get_title(loc="center") for ax in figure.axes) == "9"
    assert len(figure.axes) == 16
