"""What the shell completes after TAB: names, read off folders with nothing loaded that would keep it waiting."""

from collections.abc import Iterable
from pathlib import Path

import typer

from grader.project_folders import notebooks_folder


def _course(context: typer.Context) -> Path:
    return Path(context.params.get("course") or ".")


def _beginning_with(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name.startswith(incomplete)})


def assignments(context: typer.Context, incomplete: str) -> list[str]:
    """Assignments of the course that the command is about, and the project's own."""
    folders = [_course(context) / "source", notebooks_folder()]
    found = [path.parent.name for folder in folders if folder for path in folder.glob("*/*.ipynb")]
    return _beginning_with(incomplete, found)


def students(context: typer.Context, incomplete: str) -> list[str]:
    """Students who handed in, in nbgrader's usual folder."""
    found = [path.name for path in (_course(context) / "submitted").glob("*/") if not path.name.startswith(".")]
    return _beginning_with(incomplete, found)
