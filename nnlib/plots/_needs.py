"""Say what to install where matplotlib is missing; imported before everything that needs it."""

from importlib.util import find_spec

if find_spec("matplotlib") is None:
    raise ImportError("nnlib.plots needs matplotlib. Install it with: pip install 'nnlib[plots]'")
