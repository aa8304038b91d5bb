"""A graded cell's verdict as people read it under the cell, and what was repaired as they read it above them all."""

import html
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode

from grader.reading import make_cell
from grader.results import CellResult, points, told


def as_text(result: CellResult) -> str:
    """Write a cell's verdict as plain text."""
    score = f"{points(result.score)} of {points(result.points)} points"
    lines = [f"{result.grade_id}: {score} ({told(result.status)})"]
    lines += [result.reason] if result.reason else []
    for found in result.diagnosis:
        lines += [f"What happened: {found.told}", f"Hint: {found.hint}"]
    for test in sorted(result.tests, key=lambda test: test.passed):
        lines.append(f"{'passed' if test.passed else 'FAILED'}  {test.claim or test.name}")
        lines += [f"        {test.message}"] if test.message and test.message != result.reason else []
    return "\n".join(lines)


def as_html(result: CellResult, hints: Sequence[str] = ()) -> str:
    """Write a cell's verdict as HTML that stands alone and needs no script; hints fold out one by one."""
    color = {"passed": "#1b7837", "partial": "#b35806"}.get(result.status, "#b2182b")
    rows = [
        f'<div style="border-left:4px solid {color};padding:.4em .8em;margin:.4em 0">',
        f"<b>{points(result.score)} of {points(result.points)} points</b> ({told(result.status)})",
    ]
    if result.reason:
        rows.append(f"<div>{html.escape(result.reason)}</div>")
    for found in result.diagnosis:
        rows.append(f"<p><b>{html.escape(found.told)}</b><br>Hint: {html.escape(found.hint)}</p>")
    rows.append('<ul style="list-style:none;padding-left:0;margin:.3em 0">')
    for test in sorted(result.tests, key=lambda test: test.passed):
        mark = '<span style="color:#1b7837">✓</span>' if test.passed else '<span style="color:#b2182b">✗</span>'
        said = "" if test.message == result.reason else html.escape(test.message)  # not the same under each test
        message = f'<br><span style="padding-left:1.4em">{said}</span>' if said else ""
        rows.append(f"<li>{mark} {html.escape(test.claim or test.name)}{message}</li>")
    rows.append("</ul>")
    if result.status != "passed":
        rows += [
            f"<details><summary>Hint {step} of {len(hints)}</summary>{html.escape(text)}</details>"
            for step, text in enumerate(hints, 1)
        ]
    rows.append("</div>")
    return "\n".join(rows)


def told_in_a_cell(lines: Iterable[str]) -> NotebookNode:
    """Make the cell that tells a student, at the top of the graded notebook, what was chosen or repaired."""
    items = "".join(f"<li>{html.escape(' '.join(line.split()))}</li>" for line in lines)
    cell = make_cell("markdown", f"<div><b>Before grading:</b><ul>{items}</ul></div>")
    cell.id = "before-grading"
    return cell
