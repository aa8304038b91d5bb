"""An assignment's notebook on its way to students, made in memory with nbgrader's own steps."""

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from grader import vocabulary
from grader.assignment import Assignment

Saved = Mapping[str, Mapping[str, str]]  # by notebook and cell, the texts that the gradebook keeps of a release


def whole_notebook(assignment: Assignment, saved: Saved | None = None) -> NotebookNode:
    """Make the notebook that submissions are graded by: solutions are cleared, and tests inside cells are whole.

    Parameters
    ----------
    saved
        What the gradebook keeps of the last release; its texts count, as they do for nbgrader.
    """
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        IncludeHeaderFooter,
        InstantiateTests,
        LockCells,
    )

    from grader.source_cells import require_cells

    notebook = nbformat.reads(nbformat.writes(assignment.source), as_version=4)  # a copy: the steps work in place
    require_cells(notebook, assignment.notebook_path)
    texts = (saved or {}).get(assignment.notebook_name, {})
    steps = [IncludeHeaderFooter, LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums]
    if not texts and assignment.settings.tests_in_cells:
        steps.insert(1, InstantiateTests)  # starts a kernel, where there are such tests
    notebook = _through(steps, notebook, assignment)
    for cell in notebook.cells:
        cell.source = texts.get(vocabulary.grade_id(cell), cell.source)
    return notebook


def released_notebook(assignment: Assignment, whole: NotebookNode | None = None) -> NotebookNode:
    """Make the notebook that students receive; from ``whole_notebook`` where it is made already."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ComputeChecksums

    notebook = nbformat.reads(nbformat.writes(whole or whole_notebook(assignment)), as_version=4)
    return _through([ClearHiddenTests, ClearMarkScheme, ComputeChecksums], notebook, assignment)


def hidden_texts(whole: NotebookNode, released: NotebookNode) -> dict[str, str]:
    """The texts, by id, of locked cells of which students see a part only."""
    shown = vocabulary.by_grade_id(released)
    return {
        grade_id: cell.source
        for grade_id, cell in vocabulary.by_grade_id(whole).items()
        if vocabulary.is_locked(cell) and cell.source != shown[grade_id].source
    }


def settings_of(assignment: Assignment) -> Config:
    """The course's settings, with files of the course's folder named such that they are found from anywhere."""
    config = copy.deepcopy(assignment.config)
    root = Path(config.CourseDirectory.get("root", "."))
    for section, name, default in FILES:
        path = root / config[section].get(name, default)
        if path.is_file() and not (assignment.folder / path.name).is_file():
            config[section][name] = str(path)
    return config


FILES = (
    ("IncludeHeaderFooter", "header", ""),
    ("IncludeHeaderFooter", "footer", ""),
    ("InstantiateTests", "autotest_filename", "autotests.yml"),
)


def _through(steps: Iterable[Any], notebook: NotebookNode, assignment: Assignment) -> NotebookNode:
    """Let nbgrader's steps at a notebook, with the settings of the course."""
    config = settings_of(assignment)
    about = {"assignment": assignment.name, "notebook": assignment.notebook_name, "student": "."}
    resources: dict[str, Any] = {"nbgrader": about, "metadata": {"path": str(assignment.folder)}}
    for step in steps:
        notebook, resources = step(config=config)(notebook, resources)
    return notebook
