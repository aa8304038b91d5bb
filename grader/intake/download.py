"""A whole class's work as a platform hands it out: whose it is, when it came, and its files.

Moodle, Canvas, Blackboard and Brightspace write the student into names; Gradescope into a list beside the folders;
nbgrader's exchange into the folders' names; and who collects by mail has a folder, or a file, for each student.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from grader.errors import GraderError
from grader.intake.archives import Closed, is_archive, open_archive
from grader.intake.clutter import is_clutter
from grader.intake.names import listed, read_platform_name
from grader.intake.tree import walk

MOST_BYTES = 8 * 2**30  # of a download
MOST_FILES = 1_000_000
MOST_OF_ONE = 300 * 2**20  # bytes of one student's work
MOST_FILES_OF_ONE = 20_000
GRADESCOPE = "submission_metadata.yml"
_INBOUND = re.compile(r"(?P<student>[^+/]+)\+(?P<assignment>[^+/]+)\+(?P<time>[^+/]+?)(?:\+[^+/]*)?")
_SUBMISSION = re.compile(r"submission_\d+")


class DownloadError(GraderError):
    """The download cannot be read; the text is one clear line."""


@dataclass
class HandedIn:
    """One submission in a download."""

    name: str  # as the platform writes the student's, for people
    keys: tuple[str, ...]  # an id, a mail address, a name: by which the student may be known
    time: datetime | None = None
    is_late: bool = False  # marked so, without a time
    files: dict[str, Callable[[], bytes]] = field(default_factory=dict)  # by path
    size: int = 0


@dataclass(frozen=True)
class _Entry:
    parts: tuple[str, ...]
    size: int
    read: Callable[[int], bytes]


def read_download(place: Path, assignment: str, stack: ExitStack) -> tuple[list[HandedIn], list[str]]:
    """List the submissions in a folder or an archive, and what was left out; ``stack`` closes it.

    Nothing is unpacked; links, paths that lead outside, and what systems leave behind, are left out.
    """
    told: list[str] = []
    entries = list(_entries(place, stack, told))
    submitters = _submitters(entries)
    found: dict[str, HandedIn] = {}
    typed: set[str] = set()
    taken: dict[str, set[str]] = {}  # paths that a disk without capitals would hold, by submission
    for entry in entries:
        key, about, inside = _whose(entry.parts, assignment, submitters)
        if about is None:
            typed |= _typed_by(entry.parts)
            continue
        one = found.setdefault(key, about)
        if one.size + entry.size > MOST_OF_ONE or len(one.files) >= MOST_FILES_OF_ONE:
            most = f"{MOST_OF_ONE >> 20} MB or {MOST_FILES_OF_ONE:,} files"
            told.append(f"{one.name}: more than {most} were handed in; the rest is left out")
        elif _is_free(inside, taken.setdefault(key, set())):
            one.files["/".join(inside)] = partial(entry.read, entry.size)  # never beyond what the archive says
            one.size += entry.size
        else:
            told.append(f"{one.name}: two files of one name, {'/'.join(inside)[:80]!r}; the first is taken")
    if typed:
        told.append(f"text typed on the platform itself is not graded; read it there: {listed(sorted(typed), 20)}")
    return list(found.values()), list(dict.fromkeys(told))


def _typed_by(parts: tuple[str, ...]) -> set[str]:
    """Who typed the text that Moodle put into a file; Blackboard writes one for everybody, typed or not."""
    notes = [about for part in parts if (about := read_platform_name(part)) is not None and about.is_note]
    return {about.student for about in notes} - {""}


def _is_free(parts: tuple[str, ...], taken: set[str]) -> bool:
    """Whether a file can have this path on any disk, beside those ``taken``, to which it and its folders are added."""
    path = unicodedata.normalize("NFC", "/".join(parts)).casefold()
    heads = [path[:end] for end, letter in enumerate(path) if letter == "/"]
    if path in taken or f"{path}/" in taken or any(head in taken for head in heads):
        return False
    taken.update([path, *(f"{head}/" for head in heads)])
    return True


def _entries(place: Path, stack: ExitStack, told: list[str]) -> Iterator[_Entry]:
    """All files, of a folder or an archive."""
    if place.is_dir():
        tree = walk(place, MOST_FILES)
        told += [f"links were left out: {listed(tree.links)}"] if tree.links else []
        for file in tree.files:
            yield _Entry(tuple(file.path.split("/")), file.size, file.read)
        return
    try:
        archive = open_archive(stack, stack.enter_context(place.open("rb")), place.name, MOST_BYTES, MOST_FILES)
    except OSError as error:
        raise DownloadError(f"{place} cannot be read: {error.strerror}.") from None
    except Closed as error:
        raise DownloadError(f"{place} {error}.") from None
    told += [f"links were left out: {listed(archive.links)}"] if archive.links else []
    told += [f"left out, as it leads out of the archive: {listed(archive.outside)}"] if archive.outside else []
    for member in archive.members:
        parts = tuple(member.path.split("/"))
        if not any(is_clutter(part, (), tuple) for part in parts):
            yield _Entry(parts, member.size, member.read)


def _whose(
    parts: tuple[str, ...], assignment: str, submitters: dict[str, HandedIn]
) -> tuple[str, HandedIn | None, tuple[str, ...]]:
    """Tell whose file it is: a key for the submission, what is known of it, and the path inside it."""
    for place, part in enumerate(parts):
        inside = parts[place + 1 :]
        if part in submitters and inside:
            return part, submitters[part], inside
        if (inbound := _INBOUND.fullmatch(part)) and inside:
            time = _time(inbound["time"])
            about = HandedIn(inbound["student"], (inbound["student"],), time)
            return part, about if inbound["assignment"] == assignment else None, inside
        if about_it := read_platform_name(part):
            name = about_it.student or about_it.number
            if about_it.is_note or not (inside or about_it.file):
                return part, None, inside
            about = HandedIn(name, (about_it.number, about_it.student), about_it.time, about_it.is_late)
            return f"{name}/{about_it.number}/{about_it.time}", about, inside or (about_it.file,)
    if submitters:  # beside Gradescope's folders stands nothing of a student's
        return "", None, parts
    if len(parts) > 1:
        return parts[0], HandedIn(parts[0], (parts[0],)), parts[1:]
    stem = re.sub(r"(\.tar)?\.\w+$", "", parts[0])
    if is_archive(parts[0]) or parts[0].endswith(".ipynb"):
        return stem, HandedIn(stem, (stem,)), parts
    return "", None, parts


def _submitters(entries: list[_Entry]) -> dict[str, HandedIn]:
    """Read Gradescope's list: who handed in each of the folders; a group's work is its first member's."""
    lists = [entry for entry in entries if entry.parts[-1] == GRADESCOPE]
    if not lists:
        return {}
    try:
        known = yaml.safe_load(lists[0].read(64 * 2**20).decode())
        return {str(folder): _submitter(about) for folder, about in known.items() if _SUBMISSION.fullmatch(str(folder))}
    except (
        yaml.YAMLError,
        UnicodeDecodeError,
        AttributeError,
        KeyError,
        IndexError,
        TypeError,
        RecursionError,
    ) as error:
        reason = str(error).split("\n")[0]
        raise DownloadError(f"{GRADESCOPE} is not as Gradescope writes it: {type(error).__name__}: {reason}.") from None


def _submitter(about: dict[str, Any]) -> HandedIn:
    person = about[":submitters"][0]
    keys = [str(person.get(key) or "") for key in (":sid", ":email", ":name")]
    time = about.get(":created_at")
    if isinstance(time, datetime):
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return HandedIn(keys[2] or keys[1], tuple(filter(None, keys)), time if isinstance(time, datetime) else None)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:
        return None
