"""Fill scores into the file that Canvas or Moodle exported, so that it goes back as it came."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.course import CourseError
from grader.export import Export, Grades
from grader.intake.names import listed
from grader.intake.roster import Roster, squeezed
from grader.results import points

_IDS = ("id", "sisuserid", "sisloginid", "idnumber", "username")  # as ``squeezed`` writes them
_NAMES = ("student", "fullname", "name")
_CANVAS_ID = re.compile(r"\s*\(\d+\)\s*$")
_AROUND = re.compile(r"^[^:]{1,40}: | \([^()]{1,40}\)\s*$")  # "Aufgabe: … (Punkte)"
_NUMBER = re.compile(r"\d+")


@dataclass
class Filled:
    """A file with scores in it, and what there is to say."""

    data: bytes
    cells: int = 0
    strangers: list[str] = field(default_factory=list)  # in the file, not in the gradebook
    left_over: list[str] = field(default_factory=list)  # with a score, not in the file
    told: list[str] = field(default_factory=list)


def fill(data: bytes, export: Export, column: str = "") -> Filled:
    """Write the scores of an export into a platform's file.

    Nothing but the assignments' columns is changed, and in these only where there is a score.

    Parameters
    ----------
    data
        The file: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' Latin letters.
    column
        Where the scores of the one assignment go; found by its name where empty.
    """
    text, coding = _decode(data)
    end = "\r\n" if "\r\n" in text else "\n"
    separator = _separator(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if not rows or not any(rows[0]):
        raise CourseError("The file is empty; export the gradebook, or the grading worksheet, from the platform again.")
    header = rows[0]
    places = {_place(header, one, column, len(export.grades) == 1): one for one in export.grades}
    if len(places) < len(export.grades):
        raise CourseError("Two assignments would go into one column; export them one by one, each with --column.")
    filled = Filled(b"")
    owners = _owners(rows, Roster.of(export.people), places, filled)
    _compare_points(rows, places, filled)
    for number, student in owners.items():
        row = rows[number]
        row += [""] * (len(header) - len(row))
        for place, one in places.items():
            if value := one.text(student):
                row[place] = value
                filled.cells += 1
    there = set(owners.values())
    scored = {student for one in export.grades for student in one.scores if one.text(student)}
    filled.left_over = sorted(scored - there)
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, lineterminator=end).writerows(rows)
    filled.data = written.getvalue().encode(coding)
    return filled


def _decode(data: bytes) -> tuple[str, str]:
    """The text, and how to write it again: what is not UTF-8 becomes so, with the mark that says it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16"), "utf-8-sig"
    try:
        return data.decode("utf-8-sig"), "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "utf-8-sig"


def _separator(text: str) -> str:
    """What parts the columns of the first line."""
    first = io.StringIO(text, newline="")
    counts = {}
    for separator in (",", ";", "\t"):
        first.seek(0)
        counts[separator] = len(next(csv.reader(first, delimiter=separator), []))
    return max(counts, key=lambda separator: counts[separator])


def _place(header: list[str], one: Grades, column: str, alone: bool) -> int:
    """Find an assignment's column, by the name given for it, by its own, or the one of Moodle's worksheet."""
    if column:
        found = [place for place, title in enumerate(header) if title.strip() == column.strip()]
    elif alone and {"Identifier", "Grade"} <= set(header):
        found = [header.index("Grade")]
    else:
        wanted = {squeezed(text) for text in (one.name, one.title, one.name.lstrip("0123456789-"))}
        bared = [[squeezed(bare(title)) for title in header] for bare in (_bare, _in_any_language)]
        fits = [[place for place, title in enumerate(titles) if title in wanted] for titles in bared]
        found = fits[0] or fits[1]
    if len(found) == 1:
        return found[0]
    which = "more than one column" if found else "no column"
    which += f" {column!r}" if column else f" for {one.name}; name it: --column NAME"
    others = ", ".join(title for title in header if title)
    raise CourseError(f"The file has {which}. There are: {others:.600}")


def _bare(title: str) -> str:
    """An assignment's name without what Canvas and Moodle write around it."""
    return _CANVAS_ID.sub("", title).removeprefix("Assignment: ").removesuffix(" (Real)")


def _in_any_language(title: str) -> str:
    """The same without what Moodle writes around it in another language."""
    return _AROUND.sub("", title)


def _by_values(rows: list[list[str]], roster: Roster, taken: Iterable[int]) -> list[int]:
    """The columns that tell students by what stands in them, whatever they are called."""
    found = []
    for place in set(range(len(rows[0]))).difference(taken):
        values = [text for row in rows[1:] if place < len(row) and (text := row[place].strip())]
        meant = [student for text in values if (student := roster.find(text))]
        if meant and 2 * len(meant) >= len(values) and 2 * len(set(meant)) > len(meant):
            found.append(place)
    return sorted(found)


def _owners(rows: list[list[str]], roster: Roster, taken: Iterable[int], filled: Filled) -> dict[int, str]:
    """Whose the rows are, by number; whoever has two of them has none, for one is somebody else's perhaps."""
    titles = [squeezed(title) for title in rows[0]]
    by_id = [place for place, title in enumerate(titles) if title in _IDS or "mail" in title]
    by_name = [place for place, title in enumerate(titles) if title in _NAMES]
    both = [titles.index(title) for title in ("firstname", "lastname") if title in titles]
    titled = any(roster.find(row[place]) for row in rows[1:] for place in (*by_id, *by_name) if place < len(row))
    if not titled and (found := _by_values(rows, roster, taken)):  # of another language
        by_id, by_name = found, []
    if not by_id and not by_name and len(both) < 2:
        raise CourseError(
            "The file has no column that tells students: Canvas's Student, ID or SIS Login ID, Moodle's Full name, "
            "Email address or ID number, or one of any title that holds the roster's ids or mail addresses."
        )
    owners: dict[int, str] = {}
    for number, row in enumerate(rows[1:], 1):
        known = [row[place].strip() for place in (*by_id, *by_name) if place < len(row)]
        names = " ".join(row[place] for place in both if place < len(row)).strip() if len(both) == 2 else ""
        known = [text for text in (*known, names) if text]
        if not known or known[0].lower() == "points possible":
            continue  # what Canvas says of the columns
        if student := roster.find(*known) or _by_number(rows[0], row, roster):
            owners[number] = student
        else:
            shown = [row[place].strip() for place in (*by_name, *by_id) if place < len(row)]
            filled.strangers.append(next((text for text in (*shown, *known) if text), ""))
    twice = sorted({student for student in owners.values() if list(owners.values()).count(student) > 1})
    if twice:
        filled.told.append(
            f"More than one row is meant for one student, and none of these was filled: {listed(twice, 20)}."
        )
    return {number: student for number, student in owners.items() if student not in twice}


def _by_number(header: list[str], row: list[str], roster: Roster) -> str:
    """The student whom Moodle's "Participant 123" means, where the rest of the row says nothing."""
    if "Identifier" not in header:
        return ""
    number = _NUMBER.search(row[header.index("Identifier")])
    known = [row[place] for place, title in enumerate(header) if title in ("Full name", "Email address")]
    return roster.find(number[0]) if number and not any(text.strip() for text in known) else ""


def _compare_points(rows: list[list[str]], places: dict[int, Grades], filled: Filled) -> None:
    """Say where the platform gives an assignment another number of points than the gradebook."""
    for place, one in places.items():
        theirs = ""
        for row in rows[1:]:
            if row and row[0].strip().lower() == "points possible" and place < len(row):
                theirs = row[place]
            elif "Maximum Grade" in rows[0] and rows[0][place] == "Grade":
                theirs = theirs or row[rows[0].index("Maximum Grade")]
        try:
            differs = bool(theirs) and abs(float(theirs.replace(",", ".")) - one.points) > 1e-6
        except ValueError:
            continue
        if differs:
            filled.told.append(
                f"{one.name} has {points(one.points)} points in the gradebook and {theirs.strip()} on the platform, "
                "which does not convert them: set the same there."
            )
