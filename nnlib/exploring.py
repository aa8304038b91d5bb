"""``explore(draw, rate=(0.01, 1.0, 0.1))``: turn the knobs of a picture, with sliders where there are any."""

import math
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

_DECADES = 2  # a range of as many powers of ten or more has a logarithmic slider
_STEPS = 50  # of a slider of decimals
SLIDERS = "NNLIB_SLIDERS"  # set to "off" where a notebook is run for others to read: its pictures are kept, sliders not


def explore(draw: Callable[..., Any], **controls: Sequence[Any]) -> Any:
    """Call ``draw`` with a value of each control, and again whenever a slider is moved.

    Parameters
    ----------
    draw
        Takes the controls by name and returns a picture, or prints.
    controls
        ``(low, high, start)`` is a slider: of whole numbers where all three are, logarithmic where ``low`` is above 0
        and ``high`` at least a hundred times as much. A list holds choices, of which the first is the start.

    Returns
    -------
    Any
        What ``draw`` returns for the starting values, where there are no sliders; else None.

    Raises
    ------
    ValueError
        If a control is neither, or starts outside of its range.

    Notes
    -----
    Sliders need ``ipywidgets`` and a notebook in a browser. Without them ``draw`` is called once, and a line says how
    to call it with other values.
    """
    starts = {name: _start(name, control) for name, control in controls.items()}
    widgets = _widgets()
    if widgets is None:
        values = ", ".join(f"{name}={value!r}" for name, value in starts.items())
        print(f"Try other values: {getattr(draw, '__name__', 'draw')}({values})")
        return draw(**starts)
    sliders = {name: _slider(widgets, name, control) for name, control in controls.items()}
    widgets.interact(draw, **sliders)
    return None


def _start(name: str, control: Sequence[Any]) -> Any:
    if isinstance(control, list) and control:
        return control[0]
    if not isinstance(control, tuple) or len(control) != 3:
        raise ValueError(f"{name} must be (low, high, start) or a list of choices, got {control!r}.")
    low, high, start = control
    if not low <= start <= high or low == high:
        raise ValueError(f"{name} must be (low, high, start) with low <= start <= high, got {control!r}.")
    return start


def _widgets() -> Any:
    """ipywidgets, where it is installed and somebody may move a slider: in the kernel of a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is None or os.environ.get(SLIDERS) == "off":
        return None
    try:
        import ipywidgets
    except ImportError:
        return None
    return ipywidgets


def _slider(widgets: Any, name: str, control: Sequence[Any]) -> Any:
    about = {"description": name, "continuous_update": False}
    if isinstance(control, list):
        return widgets.Dropdown(options=control, value=control[0], description=name)
    low, high, start = control
    if all(isinstance(value, int) for value in control):
        return widgets.IntSlider(start, low, high, **about)
    if low > 0 and high / low >= 10**_DECADES:
        bounds = {"min": math.log10(low), "max": math.log10(high)}
        return widgets.FloatLogSlider(start, **bounds, step=(bounds["max"] - bounds["min"]) / _STEPS, **about)
    return widgets.FloatSlider(start, min=low, max=high, step=(high - low) / _STEPS, readout_format=".3g", **about)
