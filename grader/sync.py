"""Write and execute each assignment's notebook from its percent script: ``grader sync [NAME ...]``.

The script is what people edit; the notebook is what nbgrader releases, nbval runs and GitHub shows. The picture of
the cell tagged ``remembered`` goes, smaller, beside the assignment's folder, for the map of the course.
"""

import base64
import hashlib
import io
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
import numpy as np
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

from grader import vocabulary
from grader.assignment import Assignment
from grader.errors import GraderError
from grader.files import write_atomically
from grader.freezing import refreshed
from grader.stopping import signals_kept
from grader.temporary import TemporaryFolder
from nnlib.checks.cases import CASES


class ScriptError(GraderError):
    """A script cannot become a notebook; the text is one clear line."""


THUMBNAIL = (420, 320)  # pixels at most
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def scripts(root: Path = NOTEBOOKS) -> list[Path]:
    """List the percent scripts of all assignments under ``root``."""
    return sorted(path for path in root.glob("[0-9]*/*.py") if path.name != CASES)


def notebook_from_script(script: Path) -> NotebookNode:
    """Read a percent script as a notebook without outputs, with cell ids that stay the same between reads."""
    notebook = jupytext.read(script)
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        if (spoiled := cell.metadata.get("incorrectly_encoded_metadata")) is not None:
            lines = script.read_text(encoding="utf-8").split("\n")
            line = next((number for number, text in enumerate(lines, 1) if spoiled in text), "?")
            raise ScriptError(f"{script}, line {line}: this cell's metadata is not JSON: {spoiled}")
        cell_id = vocabulary.grade_id(cell)
        if not cell_id:  # jupytext draws ids at random, and every diff would show them
            cell_id = "c" + hashlib.sha256(cell.source.encode()).hexdigest()[:10]
        seen[cell_id] += 1
        cell.id = cell_id if seen[cell_id] == 1 else f"{cell_id}-{seen[cell_id]}"
    notebook.metadata = vocabulary.python_metadata()
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def execute(notebook: NotebookNode, folder: Path, timeout: int = 120) -> NotebookNode:
    """Run all cells in ``folder`` and keep the outputs, without times, which would change at every run."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # otherwise a warning in every notebook
    client = NotebookClient(
        notebook,
        timeout=timeout,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_notebook_start=signals_kept(),
    )
    with TemporaryFolder() as temporary:
        before, tempfile.tempdir = tempfile.tempdir, temporary  # the kernel's addresses go in a file there
        try:
            client.execute(env={**os.environ, "TMPDIR": temporary})
        finally:
            tempfile.tempdir = before
    notebook.metadata.language_info = NotebookNode(name="python")
    return notebook


def thumbnail(notebook: NotebookNode) -> bytes | None:
    """Return the first picture of the cell tagged ``remembered``, made smaller, as PNG; None where there is no tag."""
    for cell in notebook.cells:
        if "remembered" in cell.metadata.get("tags", []):
            pictures = [output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", {})]
            if not pictures:
                raise ScriptError(f"The cell tagged remembered shows no picture: {cell.source[:60]!r}.")
            picture = Image.open(io.BytesIO(base64.b64decode(pictures[0]))).convert("RGB")
            picture.thumbnail(THUMBNAIL)
            buffer = io.BytesIO()
            picture.quantize(256, Image.Quantize.MAXCOVERAGE).save(buffer, "PNG", optimize=True)
            return buffer.getvalue()
    return None


def write(script: Path) -> None:
    """Write the frozen cases, the executed notebook and its small picture."""
    notebook = notebook_from_script(script)
    assignment = Assignment(script.parent)
    assignment.source = notebook  # its solutions count, also where the notebook's are older
    refreshed(assignment)  # first, since the notebook's checks read it
    execute(notebook, script.parent)
    write_atomically(script.with_suffix(".ipynb"), nbformat.writes(notebook) + "\n")
    if (small := thumbnail(notebook)) is not None:
        write_atomically(script.parent.with_suffix(".png"), small)


def problems(script: Path) -> list[str]:
    """Say how a notebook fails to be the executed twin of its script; an empty list when it is."""
    path = script.with_suffix(".ipynb")
    want = notebook_from_script(script)
    if not path.exists():
        return [f"{path.name} does not exist"]
    have = nbformat.read(path, as_version=4)
    if [(c.cell_type, c.source, c.metadata) for c in want.cells] != [
        (c.cell_type, c.source, c.metadata) for c in have.cells
    ]:
        return [f"{path.name} differs from {script.name}"]
    code = [cell for cell in have.cells if cell.cell_type == "code" and cell.source.strip()]
    if any(cell.execution_count is None for cell in code):
        return [f"{path.name} was not executed"]
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        return [f"{path.name} ended in an error"]
    try:
        small, shown = thumbnail(have), script.parent.with_suffix(".png")
    except ScriptError as error:
        return [f"{path.name}: {error}"]
    if small is not None and not (shown.exists() and _look_alike(small, shown.read_bytes())):
        return [f"{shown.name} is not the picture of the cell tagged remembered"]
    return []


def _look_alike(a: bytes, b: bytes) -> bool:
    """Whether two pictures show the same; another version of the library may choose other shades."""
    left, right = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=float) for data in (a, b))
    return left.shape == right.shape and float(np.abs(left - right).mean()) < 2


def freeze(chosen: list[Path], say: Callable[[str], object] = lambda line: None) -> None:
    """Freeze the public cases beside the scripts ``chosen`` where they are missing or stale; ``check`` needs them."""
    for script in chosen:
        if not script.with_name(CASES).is_file():
            continue
        say(f"freezing the public cases of {script.parent.name}")
        refreshed(Assignment(script.parent))


def sync(names: list[str], check: bool, say: Callable[[str], object], complain: Callable[[str], object]) -> bool:
    """Write the named assignments, or all whose notebook is stale; return whether something is left to do.

    With ``check`` nothing is written, and what is stale is named.
    """
    chosen = [script for script in scripts() if not names or script.parent.name in names]
    if unknown := set(names) - {script.parent.name for script in chosen}:
        raise ScriptError(f"No script in notebooks/ for: {', '.join(sorted(unknown))}.")
    stale = [(script, found) for script in chosen if (found := problems(script)) or names]
    for script, found in stale:
        if check:
            for problem in found:
                complain(f"notebooks/{script.parent.name}: {problem}; run `make notebooks`.")
        else:
            say(f"executing {script.parent.name} ...")
            write(script)
    if not check:
        freeze(chosen)
    if not stale:
        say(f"{len(chosen)} notebooks agree with their scripts and are executed.")
    return check and any(found for _, found in stale)
