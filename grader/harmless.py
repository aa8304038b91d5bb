"""Text that students had a hand in, such as a file's name, made so that a terminal or a log only shows it."""

import logging
import traceback
from typing import Any


def harmless(text: object) -> str:
    """Put a mark in the place of what commands a terminal or turns its writing direction.

    Lines after the first are set in: a name with the end of a line in it must not look like a line of ours.
    """
    shown = "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in str(text))
    return shown.rstrip("\n").replace("\n", "\n    ")


def make_logs_harmless() -> None:
    """Let every record of this process's logs, whichever handler shows it, be harmless: nbgrader logs file names."""
    make = logging.getLogRecordFactory()
    if hasattr(make, "is_harmless"):
        return

    def make_harmless(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            record.msg, record.args = harmless(record.getMessage()), ()
        except (TypeError, ValueError):  # logging itself will tell of a message that its arguments do not fit
            return record
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            record.exc_text = harmless("".join(traceback.format_exception(record.exc_info[1])))
        return record

    make_harmless.is_harmless = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_harmless)
