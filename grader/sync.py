"""Write and execute each assignment's notebook from its percent script: ``grader sync [NAME ...]``.

The script is what people edit; the notebook is what nbgrader releases, nbval runs and GitHub shows. The picture of
the cell tagged ``remembered`` goes, smaller, beside the assignment's folder, for the map of the course.
"""

import base64
import hashlib
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
import numpy as np
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from PIL import Image

from grader import vocabulary
from grader.assignment import Assignment
from grader.errors import GraderError
from grader.files import write_atomically
from grader.freezing import refreshed
from grader.stopping import signals_kept
from grader.temporary import TemporaryFolder
from grader.watch import Watch
from nnlib.checks.cases import CASES
from nnlib.exploring import SLIDERS


class ScriptError(GraderError):
    """A script cannot become a notebook; the text is one clear line."""


THUMBNAIL = (420, 320)  # pixels at most
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def scripts(source: Path | None = None) -> list[Path]:
    """List the percent scripts under a source folder, the project's by default; other modules are none."""
    found = sorted(path for path in (source or NOTEBOOKS).glob("*/*.py") if path.name != CASES)
    return [path for path in found if re.search(r"^# %%", path.read_text(encoding="utf-8"), re.MULTILINE)]


def script_of(folder: Path) -> Path | None:
    """The percent script that an assignment's notebook is made from; None where the notebook itself is edited."""
    return next((path for path in scripts(folder.parent) if path.parent == folder), None)


def notebook_from_script(script: Path) -> NotebookNode:
    """Read a percent script as a notebook without outputs, with cell ids that stay the same between reads."""
    return notebook_from_text(script.read_text(encoding="utf-8"), script)


def notebook_from_text(text: str, path: Path) -> NotebookNode:
    """The same of a script's text; ``path`` is named where it is at fault."""
    notebook = jupytext.reads(text, fmt="py:percent")
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        if (spoiled := cell.metadata.get("incorrectly_encoded_metadata")) is not None:
            line = next((number for number, each in enumerate(text.split("\n"), 1) if spoiled in each), "?")
            raise ScriptError(f"{path}, line {line}: this cell's metadata is not JSON: {spoiled}")
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
        extra_arguments=["--log-level=ERROR"],  # else ipykernel warns of its sockets, which only this machine sees
        on_notebook_start=signals_kept(),
    )
    # A module of the author's beside the notebook is found, as it is by students in JupyterLab.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    with TemporaryFolder() as temporary:
        before, tempfile.tempdir = tempfile.tempdir, temporary  # the kernel's addresses go in a file there
        try:
            client.execute(env={**variables, "TMPDIR": temporary, SLIDERS: "off"})
        except (CellControlSignal, DeadKernelError) as error:  # an error in a cell, one that takes too long, a crash
            raise ScriptError(_what_ended_it(notebook, error, timeout)) from error
        except NoSuchKernel:
            raise ScriptError("cannot be run without Python's kernel; install it: pip install ipykernel") from None
        finally:
            tempfile.tempdir = before
    notebook.metadata.language_info = NotebookNode(name="python")
    return notebook


def _what_ended_it(notebook: NotebookNode, error: Exception, timeout: int) -> str:
    """Say in one line where running stopped, and with what; cells are counted from 1, as their lines are."""
    code = [number for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
    run = [number for number in code if notebook.cells[number - 1].get("execution_count") is not None]
    number = next((n for n in code if any(o.output_type == "error" for o in notebook.cells[n - 1].outputs)), None)
    if isinstance(error, CellExecutionError) and number is not None:
        (told,) = [output for output in notebook.cells[number - 1].outputs if output.output_type == "error"][:1]
        trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(told.traceback))
        lines = re.findall(rf"Cell In\[{notebook.cells[number - 1].execution_count}\], line (\d+)", trace)
        place = f"cell {number}" + (f", line {lines[0]}" if lines else "")
        return f"{place}: {told.ename}: {told.evalue.strip().split(chr(10))[0]}"
    place = f"cell {next((n for n in code if n not in run), code[-1] if code else 1)}"
    if isinstance(error, CellTimeoutError):
        return f"{place}: it takes more than {timeout} s; let it do less."
    return f"{place}: the kernel died; the cell may need too much memory."


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
    assignment = Assignment(script.parent, notebook=script.stem)
    assignment.source = notebook  # its solutions count, also where the notebook's are older
    refreshed(assignment)  # first, since the notebook's checks read it
    try:
        execute(notebook, script.parent)
    except ScriptError as error:
        raise ScriptError(f"{script}: {error}") from error
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


def freeze(chosen: list[Path], watch: Watch) -> None:
    """Freeze the public cases beside the scripts ``chosen`` where they are missing or stale; ``check`` needs them."""
    watch.start(len(chosen))
    for script in chosen:
        watch.name(script.parent.name)
        _freeze(script)
        watch.step()


def _freeze(script: Path) -> None:
    if script.with_name(CASES).is_file():
        refreshed(Assignment(script.parent, notebook=script.stem))


def sync(
    names: list[str],
    check: bool,
    say: Callable[[str], object],
    complain: Callable[[str], object],
    source: Path | None = None,
    watch: Watch | None = None,
) -> bool:
    """Write the named assignments, or all whose notebook is stale; return whether something is left to do.

    With ``check`` nothing is written, and what is stale is named. ``source`` is a course's own, the project's
    notebooks by default. An assignment without a script has its public cases frozen, and its notebook is left alone.
    """
    source, watch = source or NOTEBOOKS, watch or Watch()
    chosen = scripts(source)
    if names:
        folders = [Assignment.find(name, source).folder for name in names]
        chosen = [script for script in chosen if script.parent in folders]
        for folder in folders:
            if not any(script.parent == folder for script in chosen):
                say(f"{folder.name} has no script: its notebook is edited itself. Its public cases are frozen.")
                refreshed(Assignment(folder))
    left = fresh = 0
    watch.start(len(chosen))
    for script in chosen:
        found = problems(script)
        fresh += not found
        if check:
            left += bool(found)
            for problem in found:
                complain(f"{script.parent}: {problem}; run: grader sync {script.parent.name}")
        elif found or names:
            watch.name(script.parent.name)
            write(script)
        else:
            _freeze(script)
        watch.step()
    if fresh == len(chosen) > 0 and not (names and not check):
        say(f"{_count(chosen)} with {'its script and is' if len(chosen) == 1 else 'their scripts and are'} executed.")
    elif not chosen and not names:
        say(f"{source} has no scripts: its notebooks are edited themselves.")
    return bool(left)


def _count(chosen: list[Path]) -> str:
    return "1 notebook agrees" if len(chosen) == 1 else f"{len(chosen)} notebooks agree"
