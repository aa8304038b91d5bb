"""The course's own copies of the project's assignments, in ``source/``, where formgrader looks for them.

A copy that nobody changed follows the project's; one that was changed is the course's own from then on.
"""

import hashlib
import json
import shutil
from pathlib import Path

from grader.files import aside_of, swap_in, write_atomically
from nnlib.checks.instant import FROZEN


def adopt(project: Path, own: Path, register: Path) -> str:
    """Copy the assignment in ``project`` to ``own``, or bring an unchanged copy up to date.

    Parameters
    ----------
    register
        The file that says what the copies were when they were made.

    Returns
    -------
    str
        One line about what happened; empty where nothing did.
    """
    if not project.is_dir():
        return ""  # an assignment of the course's own
    made = _read(register)
    new = _fingerprint(project)
    if own.is_dir():
        now = _fingerprint(own)
        if now == new or made.get(own.name, new) == new:
            return ""  # the same, or nothing has changed but the copy
        if now != made[own.name]:
            return f"{own.name}: the project's has changed, and so has this course's copy in {own}; the copy counts."
    copied = _copy(project, own)
    write_atomically(register, json.dumps({**made, own.name: new}, indent=1, sort_keys=True))
    return copied


def _copy(project: Path, own: Path) -> str:
    line = f"{own.name} was {'brought up to date in' if own.is_dir() else 'copied into'} {own.parent}."
    own.parent.mkdir(parents=True, exist_ok=True)
    with aside_of(own) as aside:
        swap_in(Path(shutil.copytree(project, Path(aside) / "copy", ignore=_not_part_of_it)), own)
    return line


def _not_part_of_it(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith((".", "__"))]


def _fingerprint(folder: Path) -> str:
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.name == FROZEN:  # is made from the others, in either place
            continue
        if path.is_file() and not any(_not_part_of_it("", [part]) for part in inside.parts):
            seen.update(inside.as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def _read(register: Path) -> dict[str, str]:
    try:
        made = json.loads(register.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}
