"""Modules that stand beside an assignment's notebook, for the solutions and tests that import them."""

import sys
from pathlib import Path

_beside: Path | None = None  # the folder that modules are looked for in, last of all


def stand_beside(folder: Path) -> None:
    """Let modules in an assignment's folder be imported here, and no more those of another assignment."""
    global _beside
    if _beside == folder:
        return
    if _beside is not None:
        sys.path.remove(str(_beside))
        for name, module in list(sys.modules.items()):
            if Path(getattr(module, "__file__", None) or "/").is_relative_to(_beside):
                del sys.modules[name]
    sys.path.append(str(folder))
    _beside = folder
