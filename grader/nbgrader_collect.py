"""``nbgrader collect`` without links: it would follow them, with the rights of whoever collects."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.intake.names import listed


def without_links(copy: Callable[..., None]) -> Callable[..., None]:
    """Wrap an exchange's ``do_copy``, which brings one student's work into the course.

    A link may point at a neighbour's work or the gradebook, and a pipe cannot be copied. Either is left out, and named;
    what cannot be read costs its student alone.
    """

    def do_copy(collector: Any, src: str, dest: str, *args: Any, **kwargs: Any) -> None:
        name = Path(src).name
        try:
            odd = _links_and_pipes(Path(src))
            if "." in odd:
                collector.log.error("%s is a link, perhaps to another student's work; it was not collected.", name)
            elif odd:
                collector.log.warning("%s: links and pipes were left out: %s", name, listed(map(repr, odd)))
                with tempfile.TemporaryDirectory() as folder:
                    place = Path(folder) / name
                    shutil.copytree(src, place, symlinks=True, ignore=_ignore(Path(src), set(odd)))
                    copy(collector, str(place), dest, *args, **kwargs)
            else:
                copy(collector, src, dest, *args, **kwargs)
        except (OSError, RuntimeError) as error:  # shutil's errors are the first, nbgrader's, of size, the second
            shutil.rmtree(dest, ignore_errors=True)
            collector.log.error("%s was not collected: %s", name, str(error)[:300])

    return do_copy


def _links_and_pipes(top: Path) -> list[str]:
    """List what is neither a file nor a folder, by path; a dot is the top itself."""
    if top.is_symlink() or not top.is_dir():
        return ["."]
    found = []
    for place, folders, files in os.walk(top):
        for name in [*folders, *files]:
            path = Path(place, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                found.append(path.relative_to(top).as_posix())
    return sorted(found)


def _ignore(top: Path, odd: set[str]) -> Callable[[str, list[str]], set[str]]:
    def ignored(place: str, names: list[str]) -> set[str]:
        return {name for name in names if Path(place, name).relative_to(top).as_posix() in odd}

    return ignored
