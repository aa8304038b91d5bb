"""Names that a browser, a file manager or a learning platform changed, and what they were before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class PlatformName:
    """What a learning platform wrote into a file's or folder's name when it made the download."""

    student: str  # the name as the platform writes it; empty where it writes none
    number: str  # the platform's own id: a number, or a user name
    file: str  # the name the student gave; empty for a folder, and for what the platform added itself
    time: datetime | None = None
    is_note: bool = False  # the platform's own text about the submission
    is_late: bool = False  # it was marked so, without a time


# doejane_LATE_12345_67890_work.ipynb
_CANVAS = re.compile(r"(?P<student>[^_/]+)_(?P<late>LATE_)?(?P<number>\d+)_(?P<file_id>\d+)_(?P<file>.+)")
# Jane Doe_12345_assignsubmission_file_ is a folder; older versions write the name behind it
_MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)")
# Homework 2_jdoe_attempt_2026-01-30-15-00-00_work.ipynb, and a .txt without a name
_BLACKBOARD = re.compile(
    r"(?P<assignment>.+)_(?P<number>[^_/]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)"
)
# 12345-67890 - Jane Doe - Sep 9, 2026 1234 PM is a folder, or stands before the name
_BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-(?P<file_id>\d+) ?- (?P<student>.+?) ?- "
    r"(?P<time>[A-Z][a-z]+\.? \d{1,2}, \d{4} \d{1,2}:?\d\d ?[AP]M)(?: - (?P<file>.+))?"
)


def read_platform_name(name: str) -> PlatformName | None:
    """Read one part of a path as Canvas, Moodle, Blackboard or Brightspace write it; None where none of them did."""
    if found := _MOODLE.fullmatch(name):
        return PlatformName(found["student"], found["number"], found["file"], is_note=found["kind"] == "onlinetext")
    if found := _BLACKBOARD.fullmatch(name):
        time = _time(found["time"], "%Y-%m-%d-%H-%M-%S")
        return PlatformName("", found["number"], found["file"] or "", time, is_note=not found["file"])
    if found := _BRIGHTSPACE.fullmatch(name):
        text = re.sub(r"(\d{1,2}):?(\d\d) ?([AP]M)$", r"\1:\2 \3", found["time"]).replace(".", "")
        time = _time(text, "%b %d, %Y %I:%M %p") or _time(text, "%B %d, %Y %I:%M %p")
        return PlatformName(found["student"], found["number"], found["file"] or "", time)
    if found := _CANVAS.fullmatch(name):
        return PlatformName(found["student"], found["number"], found["file"], is_late=bool(found["late"]))
    return None


def _time(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None


_COPIED = re.compile(r"(?: ?\(\d{1,3}\)|[-_ ]copy ?\d*| copy \d+| - copy(?: \(\d+\))?|-\d{1,2})$", re.IGNORECASE)
_COPY_OF = re.compile(r"copy (?:\(\d+\) )?of ", re.IGNORECASE)


def without_copy_marks(name: str) -> str:
    """Take off what a browser or file manager adds to the name of a copy: ``work (1).py`` was ``work.py``."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = _COPY_OF.sub("", stem)
    while (shorter := _COPIED.sub("", stem)) != stem and shorter:
        stem = shorter
    return f"{stem}{dot}{ending}"


def module_name_before(name: str) -> str:
    """Take the marks of a copy off a module that no one could import as it is; other names stay."""
    before = without_copy_marks(name)
    is_mended = name.endswith(".py") and before[:-3].isidentifier() and not name[:-3].isidentifier()
    return before if is_mended else name


def loose(name: str) -> str:
    """Reduce a name to what is left when capitals, blanks, underscores and marks of a copy do not count."""
    platform = read_platform_name(name)
    if platform and platform.file:
        name = platform.file
    return re.sub(r"[\s_-]+", "-", without_copy_marks(name).casefold()).strip("-")


def loose_stem(name: str) -> str:
    """Reduce a notebook's or archive's file name likewise, without its endings."""
    platform = read_platform_name(name)
    return loose(re.sub(r"(?i)\.(ipynb|zip|tar|tgz)\b.*$", "", platform.file if platform and platform.file else name))


def listed(items: Iterable[str], most: int = 5) -> str:
    """List a few and count the rest."""
    items = list(items)
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
