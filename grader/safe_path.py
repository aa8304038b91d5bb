"""Keep the current folder off the search for modules: it may be one that a student filled.

Imported before anything else, and so with nothing but what Python itself has loaded by then.
"""

import os
import sys


def import_nothing_from_here() -> None:
    """Let this process, and every Python it starts, look for no module in the current folder.

    Python puts it first on the path for ``-c`` and ``-m``, which is how worker processes are started; nbgrader puts it
    there for all its commands; and so does an empty part of ``PYTHONPATH``. A folder that the grader itself lies in,
    a clone, stays.
    """
    os.environ["PYTHONSAFEPATH"] = "1"  # as python -P; workers, kernels and alembic inherit it
    if "PYTHONPATH" in os.environ:
        parts = os.environ["PYTHONPATH"].split(os.pathsep)
        os.environ["PYTHONPATH"] = os.pathsep.join(part for part in parts if os.path.isabs(part))
    ours = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # it was removed
        here = ""
    sys.path[:] = [part for part in sys.path if _is_elsewhere(part, here) or os.path.realpath(part) == ours]


def _is_elsewhere(part: str, here: str) -> bool:
    if not os.path.isabs(part):  # a name that a hook of an editable installation knows is no folder
        return part != "" and not os.path.exists(part)
    return os.path.realpath(part) != here
