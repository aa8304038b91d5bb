"""The model answer and marking guide of a question, beside the answer: on formgrader's page and nowhere else."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader import vocabulary

HEADING = "**Model answer and marking guide** (from the source; students do not see it)"


def with_guide(cells: list[NotebookNode], resources: Any, config: Config) -> list[NotebookNode]:
    """Put below each cell that a person grades what the source notebook says there.

    Parameters
    ----------
    cells
        Of a graded notebook.
    resources
        nbconvert's; only formgrader's name a ``submission_id``, and no other page gets a guide.
    config
        nbgrader's settings, which say where the sources are.
    """
    if not {"submission_id", "assignment_id", "notebook_id"} <= set(resources):
        return cells
    course = CourseDirectory(config=config)
    folder = course.format_path(course.source_directory, ".", resources["assignment_id"])
    try:
        source = nbformat.read(Path(folder) / f"{resources['notebook_id']}.ipynb", as_version=4)
    except (OSError, ValueError):  # a page without its guide is better than none
        return cells
    guides = vocabulary.by_grade_id(source)
    shown: list[NotebookNode] = []
    for cell in cells:
        shown.append(cell)
        guide = guides.get(vocabulary.grade_id(cell))
        if guide is not None and _is_marked_by_a_person(guide):
            shown += _guide_cells(guide)
    return shown


def _is_marked_by_a_person(cell: NotebookNode) -> bool:
    return vocabulary.is_manual(cell) or bool(vocabulary.about(cell).get("task"))


def _guide_cells(guide: NotebookNode) -> list[NotebookNode]:
    if guide.cell_type == "code":
        return [new_markdown_cell(HEADING), new_code_cell(guide.source)]
    attachments = {"attachments": guide.attachments} if guide.get("attachments") else {}
    return [new_markdown_cell(f"{HEADING}\n\n{guide.source}", **attachments)]
