"""A progress bar for the terminal and the notebook, from the standard library alone."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

_WIDTH = 24  # characters of the bar
_PAUSE = 0.1  # seconds between two drawings; more often would cost more than it shows


class Progress:
    """Show how far a loop is, how long it will still take, and a few figures.

    Parameters
    ----------
    total
        Number of steps.
    stream
        Where to draw: a terminal gets one line that redraws itself, a file one line per :meth:`update`
        with ``force``. A notebook's kernel gets one output that updates itself.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = max(total, 1)
        self.stream = stream if stream is not None else sys.stderr
        self._start: float | None = None
        self._first_done = 0.0
        self._drawn = -float("inf")
        self._display = _notebook_display() if stream is None else None
        self._handle: Any = None

    def update(self, done: int, figures: str = "", *, force: bool = False) -> None:
        """Draw ``done`` of the steps and ``figures``, at most ten times a second unless forced."""
        now = time.monotonic()
        if self._start is None:
            self._start, self._first_done = now, float(done)
        terminal = self._display is not None or self.stream.isatty()
        if not force and (not terminal or now - self._drawn < _PAUSE):
            return
        self._drawn = now
        line = self._line(done, now, figures)
        if self._display is not None:
            data = {"text/plain": line}
            if self._handle is None:
                self._handle = self._display(data, raw=True, display_id=True)
            else:
                self._handle.update(data, raw=True)
        elif terminal:
            self.stream.write(f"\r\x1b[2K{line}")  # clears what a longer line left
        else:
            self.stream.write(line + "\n")
        self.stream.flush()

    def close(self) -> None:
        """End the line, so that what is printed next starts on its own."""
        if self._display is None and self.stream.isatty() and self._start is not None:
            self.stream.write("\n")
            self.stream.flush()

    def _line(self, done: int, now: float, figures: str) -> str:
        share = min(done / self.total, 1.0)
        full = int(share * _WIDTH)
        bar = "█" * full + "░" * (_WIDTH - full)
        left = ""
        fresh = done - self._first_done
        if fresh > 0 and self._start is not None:
            seconds = (now - self._start) / fresh * (self.total - done)
            left = f"  {_clock(seconds)} left" if done < self.total else f"  {_clock(now - self._start)}"
        return f"{share:4.0%} {bar}{left}{'  ' + figures if figures else ''}"


def _clock(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def _notebook_display() -> Any:
    """Return IPython's ``display`` inside a notebook's kernel, else None. IPython is never imported for it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display  # type: ignore[import-not-found,unused-ignore]

    return display
