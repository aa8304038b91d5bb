"""All files of a submission's folder, those in its archives included, each read only when it is needed."""

import hashlib
import io
import os
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from grader.intake.archives import Archive, Closed, Member, is_archive, open_archive
from grader.intake.clutter import is_clutter, is_environment

MAX_SEEN = 20_000  # files and folders that are looked at
MAX_DEPTH = 64  # of folders in folders
RECENT_SECONDS = 2.0  # since a change: the next one may still be given the same time
MAX_ARCHIVES = 5  # that are looked into
MAX_NESTED_BYTES = 64 * 2**20  # of all archives in archives, which are held in memory


def outward(folder: Path) -> str:
    """Digest what a folder's files look like from outside: names, sizes and times. None is read.

    Empty where that does not tell whether one was changed: too many files, a change a moment ago, no right to look.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        return ""
    seen, count, newest = hashlib.sha256(), 0, 0
    todo = [str(folder)]
    try:
        while todo:
            with os.scandir(todo.pop()) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    about = entry.stat(follow_symlinks=False)
                    # The time of a change, unlike that of the contents, cannot be set.
                    facts = (about.st_mode, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
                    seen.update(repr((entry.path[len(str(folder)) :], facts)).encode("utf-8", "backslashreplace"))
                    newest = max(newest, about.st_ctime_ns)
                    count += 1
                    if count > MAX_SEEN:
                        return ""
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
    except OSError:
        return ""
    return "" if newest > time.time_ns() - RECENT_SECONDS * 1e9 else seen.hexdigest()


@dataclass(frozen=True)
class File:
    """A file that was handed in."""

    path: str  # in the folder, or in the archive
    archive: str  # the archive's own path; empty for a file of the folder
    size: int  # as the file system or the archive says
    read: Callable[[int], bytes]  # at most as many bytes

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """Its folder, with a slash at the end; empty at the top."""
        head, slash, _ = self.path.rpartition("/")
        return head + slash

    @property
    def shown(self) -> str:
        """The path as people would say it."""
        return f"{self.archive}/{self.path}" if self.archive else self.path


@dataclass
class Tree:
    """What was found, and what was left out."""

    files: list[File] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)  # archives that could not be looked into, and why
    links: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unnamed: int = 0  # in archives, whose names no file can have
    environments: list[str] = field(default_factory=list)
    is_cut: bool = False


def walk(folder: Path, most: int = 0) -> Tree:
    """List the files of a folder, the nearest first; links are not followed, clutter is not entered."""
    most = most or MAX_SEEN
    tree = Tree()
    waiting = deque([("", folder, 0)])
    seen = 0
    while waiting:
        inside, place, depth = waiting.popleft()
        try:
            with os.scandir(place) as listing:
                entries = sorted(islice(listing, most), key=lambda entry: entry.name)
        except OSError:
            if not inside:
                raise
            tree.unreadable.append(inside.rstrip("/"))
            continue
        names = {entry.name for entry in entries}
        for entry in entries:
            path = inside + entry.name
            listed = _lister(entry)
            if is_clutter(entry.name, names, listed):
                _note_environment(tree, path, names, listed)
                continue
            if seen >= most:
                tree.is_cut = True
                return tree
            seen += 1
            if entry.is_symlink():
                tree.links.append(path)
            elif _is_broken(entry.name):
                tree.broken.append(path)
            elif entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH:
                    waiting.append((f"{path}/", place / entry.name, depth + 1))
                else:
                    tree.unreadable.append(path)
            elif entry.is_file(follow_symlinks=False):
                at = place / entry.name
                tree.files.append(File(path, "", entry.stat(follow_symlinks=False).st_size, _reader(at)))
    return tree


def look_into_archives(tree: Tree, folder: Path, stack: ExitStack) -> None:
    """Add the files in the folder's archives, and in archives in these, but no deeper; ``stack`` closes them."""
    outer = [file for file in tree.files if is_archive(file.name)]
    inner: list[File] = []
    for file in outer[:MAX_ARCHIVES]:
        try:
            inner += _look_into(tree, file, stack.enter_context((folder / file.path).open("rb")), stack)
        except OSError:
            tree.closed[file.shown] = "cannot be read"
        except Closed as error:
            tree.closed[file.shown] = str(error)
    left = MAX_NESTED_BYTES
    for file in inner[:MAX_ARCHIVES]:
        left -= file.size
        try:
            if left < 0:
                raise Closed(f"has over {MAX_NESTED_BYTES >> 20} MB with others; archives in archives may have no more")
            _look_into(tree, file, io.BytesIO(file.read(file.size)), stack)
        except Closed as error:
            tree.closed[file.shown] = str(error)
    for file in (*outer[MAX_ARCHIVES:], *inner[MAX_ARCHIVES:]):
        tree.closed[file.shown] = f"was not looked into, as {MAX_ARCHIVES} others were"


def _look_into(tree: Tree, file: File, opened: BinaryIO, stack: ExitStack) -> list[File]:
    """Add an archive's files; return the archives among them."""
    archive = open_archive(stack, opened, file.name)
    added: list[File] = []
    for member in _without_clutter(tree, file, archive):
        if len(tree.files) + len(added) >= MAX_SEEN:
            tree.is_cut = True
            break
        if _is_broken(member.path):
            tree.broken.append(f"{file.shown}/{member.path}")
        else:
            added.append(File(member.path, file.shown, member.size, member.read))
    tree.unnamed += archive.unnamed
    tree.links += [f"{file.shown}/{path}" for path in archive.links]
    tree.outside += [f"{file.shown}/{path}" for path in archive.outside]
    tree.files += added
    return [one for one in added if is_archive(one.name)]


def _without_clutter(tree: Tree, file: File, archive: Archive) -> Iterator[Member]:
    held: dict[str, set[str]] = {}
    for member in archive.members:
        folder = ""
        for part in member.path.split("/")[:MAX_DEPTH]:
            held.setdefault(folder, set()).add(part)
            folder += f"{part}/"
    known: dict[str, bool] = {}
    for member in sorted(archive.members, key=lambda member: (member.path.count("/"), member.path)):
        folder, is_left_out = "", False
        for part in member.path.split("/"):
            path = folder + part
            if path not in known:
                listed = partial(_held, held, f"{path}/")
                siblings = held.get(folder, set())
                known[path] = is_clutter(part, siblings, listed)
                if known[path]:
                    _note_environment(tree, f"{file.shown}/{path}", siblings, listed)
            is_left_out = is_left_out or known[path]
            folder = f"{path}/"
        if not is_left_out:
            yield member


def _held(held: dict[str, set[str]], folder: str) -> set[str]:
    return held.get(folder, set())


def _note_environment(tree: Tree, path: str, siblings: Collection[str], inside: Callable[[], Collection[str]]) -> None:
    head, _, name = path.rpartition("/")
    if is_environment(name, siblings, inside) and inside():
        place = head if not is_environment(name, (), inside) else path  # a part of one: name the whole
        if place not in tree.environments:
            tree.environments.append(place)


def _lister(entry: os.DirEntry[str]) -> Callable[[], Collection[str]]:
    def names() -> Collection[str]:
        try:
            inside = Path(entry.path).iterdir() if entry.is_dir(follow_symlinks=False) else ()
            return {path.name for path in islice(inside, MAX_SEEN)}
        except OSError:
            return ()

    return names


def _reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with path.open("rb") as file:
            return file.read(limit)

    return read


def _is_broken(name: str) -> bool:
    return name != name.encode("utf-8", "replace").decode()
