"""Read what a student handed in: a notebook and perhaps files beside it, wherever in the folder they lie."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.guard import bounded
from grader.intake.archives import Closed, is_closed_archive
from grader.intake.candidates import Choice, choose
from grader.intake.expected import Expected, fingerprint
from grader.intake.names import listed, module_name_before, read_platform_name
from grader.intake.tree import MAX_SEEN, File, Tree, look_into_archives, walk
from grader.reading import MAX_BYTES, Refused

MAX_FILES_BYTES = 32 * 2**20
MAX_FILES = 1000
EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")  # nbgrader's exchange writes these; no student does
MAX_EXCHANGE_BYTES = 4096


@dataclass
class Submission:
    """What one student handed in, in memory."""

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)  # by the file name that is expected
    files: dict[str, bytes] = field(default_factory=dict)  # by path from the notebook's folder
    notes: list[str] = field(default_factory=list)
    submitted: datetime | None = None
    exchange_files: dict[str, bytes] = field(default_factory=dict)  # these go on with the grade, not to the sandbox
    look: str = ""  # of the folder, before it was read; see ``tree.outward``

    @property
    def digest(self) -> str:
        """A fingerprint of everything that was handed in, and when."""
        seen = hashlib.sha256()
        for name, data in sorted((self.notebooks | self.files | self.exchange_files).items()):
            seen.update(name.encode() + hashlib.sha256(data).digest())
        return seen.hexdigest()


def read_submission(student: str, folder: Path, *expected: Expected) -> Submission:
    """Read the submission in ``folder``; links are not followed, so that they cannot point at a neighbour's work.

    Parameters
    ----------
    student
        The student's id, as nbgrader knows it.
    folder
        ``submitted/STUDENT/ASSIGNMENT``.
    expected
        The release that the submission answers, by notebook; one of several may be missing.

    Raises
    ------
    Refused
        There is nothing to grade; the text says what there is.
    """
    readable = student.encode("utf-8", "backslashreplace").decode()
    if readable != student:
        raise Refused("the folder's name is not UTF-8; rename it to the student's id.")
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Refused("the folder is a link, perhaps to another student's; put the files themselves there.")
    found = Submission(student)
    try:
        with bounded(expected[0].notebook, "finding"):
            _read(found, folder, expected)
    except OSError as error:  # no right to read, or a name that is too long
        raise Refused(f"what was handed in cannot be read: {error.strerror}.") from None
    return found


def _read(found: Submission, folder: Path, expected: Sequence[Expected]) -> None:
    tree = walk(folder)
    for file in [file for file in tree.files if file.path in EXCHANGE_FILES]:
        tree.files.remove(file)
        found.exchange_files[file.path] = file.read(MAX_EXCHANGE_BYTES)
    _read_timestamp(found)
    with ExitStack() as stack:
        on_disk = list(tree.files)
        look_into_archives(tree, folder, stack)
        found.notes += _notes_of(tree)
        choices = _choose_all(tree.files, expected)
        if not any(choice.taken for choice in choices):
            raise Refused(_what_is_there(folder, on_disk, tree, choices[0], expected[0]))
        for choice, one in zip(choices, expected, strict=True):
            if choice.taken is not None:
                found.notebooks[one.notebook] = _read_notebook(found, choice, choice.taken, one)
        first = next(number for number, choice in enumerate(choices) if choice.taken)
        _read_files(found, tree.files, choices[first], expected[first])


def _choose_all(files: list[File], expected: Sequence[Expected]) -> list[Choice]:
    """Choose for each notebook expected; what has the name of another, or was taken for one, is not looked at."""
    choices: list[Choice] = []
    for one in expected:
        others = {other.notebook for other in expected if other is not one}
        taken = [choice.taken for choice in choices]
        choices.append(choose([file for file in files if file.name not in others and file not in taken], one))
    return choices


def _read_notebook(found: Submission, choice: Choice, taken: File, expected: Expected) -> bytes:
    if choice.others or taken.path != expected.notebook or taken.archive:
        found.notes.append(_which_counts(choice))
    try:
        data = taken.read(MAX_BYTES + 1)
    except Closed as error:
        raise Refused(f"{taken.shown}: the archive {error}. Ask for the notebook itself.") from None
    if len(data) > MAX_BYTES:
        size = max(taken.size, len(data)) >> 20
        raise Refused(f"{taken.shown}: a notebook may have at most {MAX_BYTES >> 20} MB, got {size} MB.")
    return data


def _read_files(found: Submission, files: Iterable[File], choice: Choice, expected: Expected) -> None:
    """Read the files that go along, those beside the notebook and modules first, as far as the limits reach."""
    taken = choice.taken
    assert taken is not None
    notebooks = {taken, *choice.others}
    places: dict[str, File] = {}
    twice: list[str] = []
    reserved: list[str] = []
    large: list[str] = []
    unreadable: list[str] = []
    damaged: set[str] = set()
    more = 0
    for file in sorted(_belonging(files, taken), key=lambda file: _order(file, taken)):
        if file in notebooks or file.name.casefold().endswith(".ipynb"):
            continue
        path = _place(file, taken)
        if path in EXCHANGE_FILES:
            reserved.append(file.shown)
        elif path in places or path.partition("/")[0] in (*EXCHANGE_FILES, expected.notebook):
            twice.append(file.shown)
        else:
            places[path] = file
    _restore_names(places, taken, found)
    for path in [path for path in places if any(head in places for head in _folders_of(path))]:
        twice.append(places.pop(path).shown)  # a file and a folder of one name
    left = MAX_FILES_BYTES
    for path, file in places.items():
        if file.archive and file.archive in damaged:
            continue
        if file.size > left:  # an archive's member is never read beyond what the archive says
            large.append(file.shown)
            continue
        try:
            data = file.read(left + 1)
        except (OSError, Closed):
            unreadable.append(file.shown)
            damaged.add(file.archive)
            continue
        if expected.files.get(path) == fingerprint(data):
            continue  # the course's own, as it was released
        if len(found.files) >= MAX_FILES:
            more += 1
            continue
        left -= len(data)
        found.files[path] = data
    if more:
        found.notes.append(f"only the first {MAX_FILES} files beside the notebook were used, {more} were left out")
    found.notes += _told("too large and left out", large)
    found.notes += _told("left out because it cannot be read", unreadable)
    found.notes += _told("left out because another file takes its place", twice)
    found.notes += _told("left out because the exchange's own file has this name", reserved)


def _belonging(files: Iterable[File], taken: File) -> list[File]:
    """All files but those in other archives than the notebook's, and that archive itself."""
    own = [file for file in files if file.archive in ("", taken.archive)]
    return [file for file in own if not taken.archive or not taken.archive.startswith(file.shown)]


def _is_near(file: File, taken: File) -> bool:
    """Whether a file lies in the notebook's folder, or below."""
    return file.archive == taken.archive and file.path.startswith(taken.parent)


def _order(file: File, taken: File) -> tuple[bool, bool, int, str]:
    return (not _is_near(file, taken), not file.path.endswith(".py"), file.path.count("/"), file.path)


def _place(file: File, taken: File) -> str:
    """Where a file lies as seen from the notebook."""
    return file.path.removeprefix(taken.parent) if _is_near(file, taken) else file.path


def _folders_of(path: str) -> Iterator[str]:
    """The folders that a file lies in, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def _restore_names(places: dict[str, File], taken: File, found: Submission) -> None:
    """Give files their names back where a platform changed them with the notebook's, or a browser a module's."""
    own = read_platform_name(taken.name)
    renamed = []
    for path in list(places):
        head, slash, name = path.rpartition("/")
        about = read_platform_name(name)
        is_own = own and about and about.file and (about.student, about.number) == (own.student, own.number)
        before = module_name_before(about.file if about and is_own else name)
        if before != name and head + slash + before not in places:
            places[head + slash + before] = places.pop(path)
            renamed.append(f"{name[:60]!r} as {before[:60]!r}")
    if renamed:
        found.notes.append(f"used under the name it had before: {listed(renamed)}")


def _notes_of(tree: Tree) -> list[str]:
    notes = _told("links were left out", tree.links)
    notes += _told("left out for a name that is not UTF-8", tree.broken)
    notes += _told("left out for a path that leads out of the archive", tree.outside)
    notes += _told("left out because it cannot be read", tree.unreadable)
    notes += _told("installed packages are not part of the work and were left out", tree.environments)
    if tree.unnamed:
        notes.append(f"{tree.unnamed:,} in archives were left out for a name that no file can have")
    if tree.is_cut:
        notes.append(f"more than {MAX_SEEN} files were handed in; the others were not looked at")
    return notes


def _told(what: str, names: list[str]) -> list[str]:
    """Say one thing about all these files in one line; no line where there are none."""
    return [f"{what}: {listed(repr(name[:60]) for name in names)}"] if names else []


def _which_counts(choice: Choice) -> str:
    taken = choice.taken
    assert taken is not None
    if not choice.others:
        return f"the notebook was handed in as {taken.shown[:120]!r}"
    others = [repr(file.shown[:80]) + " (as released)" * (file in choice.untouched) for file in choice.others]
    return f"{len(others) + 1} notebooks were handed in; {taken.shown[:80]!r} is graded, not {listed(others)}"


def _what_is_there(folder: Path, files: list[File], tree: Tree, choice: Choice, expected: Expected) -> str:
    if choice.is_unclear:
        names = listed(file.shown[:80] for file in choice.others)
        return (
            f"{expected.notebook} is missing: {folder.name} holds {names}, and none of these has a cell of this "
            "assignment. Ask for the notebook under its own name."
        )
    items = []
    for file in files:
        reason = tree.closed.get(file.shown, "of a kind that is not supported here" * is_closed_archive(file.name))
        items.append(file.shown[:80] + (f" ({reason})" if reason else ""))
    items += [f"{name[:80]} (a link)" for name in tree.links]
    items += [f"{name[:80]} ({why})" for name, why in tree.closed.items() if "/" in name and name not in items]
    items += [f"{name} (installed packages)" for name in tree.environments]
    held = f"{folder.name} holds {listed(items, 8)}" if items else "nothing was handed in"
    return f"{expected.notebook} is missing: {held}. Ask for the notebook under its own name."


def _read_timestamp(found: Submission) -> None:
    """Read the time nbgrader's exchange noted, such as ``2026-11-21 10:00:00 UTC``."""
    data = found.exchange_files.get("timestamp.txt")
    if data is None:
        return
    text, moment = _decoded(data), moment_of(data)
    if moment is None:
        shown = "it is empty" if not data.strip() else f"it holds {(text or repr(data[:40]))[:40]!r}"
        found.notes.append(
            f"timestamp.txt: the submission time is not known, {shown}; it should look like 2026-11-21 10:00:00 UTC"
        )
    found.submitted = moment


def moment_of(data: bytes) -> datetime | None:
    """Read the time in a ``timestamp.txt``; None where there is none to be read."""
    return _moment(text) if (text := _decoded(data)) else None


def _decoded(data: bytes) -> str:
    """Read text in UTF-8 or UTF-16, with a mark at its beginning or without; empty where it is neither."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if marked else "utf-16-le" if b"\0" in data[1:2] else "utf-8-sig"
    try:
        return data.decode(encoding).strip()
    except UnicodeDecodeError:
        return ""


def _moment(text: str) -> datetime | None:
    from nbgrader.utils import parse_utc

    if len(text) > 100 or not re.search(r"\d{4}.*\d:\d\d", text):
        return None  # the parser would fill in what is missing from today
    text = re.sub(r" ([+-]\d\d:?\d\d)$", r"\1", text)  # apart, nbgrader would take +0200 for 200 seconds
    try:
        moment: datetime = parse_utc(text)
        return moment.replace(tzinfo=UTC)
    except Exception:  # the parser is not made for any text
        return None
