"""What one slip costs, in every exercise of the course: its own points, and nobody else's."""

import nbformat
import pytest

from grader import vocabulary
from grader.assignment import Assignment, list_assignments
from grader.engine import Engine
from grader.released import released_notebook
from grader.student_edition import build_student_edition

# Training on all digits asks a right loss_and_gradients, in another process, more often than a test may take.
TOO_LONG = {("loss_and_gradients", "test_train")}


@pytest.mark.parametrize("name", list_assignments())
def test_an_unwritten_exercise_costs_its_own_points_alone(name):
    """With the solutions everywhere else, whatever uses the exercise gets all its points."""
    assignment = Assignment.find(name)
    released = released_notebook(assignment)
    solutions = vocabulary.by_grade_id(assignment.source)
    code = [name for name in solutions if vocabulary.graded_cell_of(name) in assignment.graded_cells]
    lost = {}
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
        for unwritten in code:
            notebook = nbformat.from_dict(released)
            for cell in filter(_is_exercise, notebook.cells):
                if (grade_id := vocabulary.grade_id(cell)) != unwritten:
                    cell.source = solutions[grade_id].source
            result = engine.grade(nbformat.writes(notebook).encode())
            losing = {cell.grade_id for cell in result.cells if cell.status != "manual" and cell.score < cell.points}
            lost[unwritten] = losing - {vocabulary.graded_cell_of(unwritten)}
    assert {(unwritten, other) for unwritten, others in lost.items() for other in others} <= TOO_LONG


def _is_exercise(cell):
    return cell.cell_type == "code" and vocabulary.is_solution(cell)
