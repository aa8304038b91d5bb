"""Look into an archive that a student handed in, without unpacking it: an archive is untrusted input.

Members are read when they are needed and never beyond a limit, whatever the archive's directory says of their sizes.
Nothing is written to disk, links are left out, and so are paths that lead out of the folder.
"""

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import IO, BinaryIO

MAX_ARCHIVE_BYTES = 256 * 2**20
MAX_TAR_BYTES = 64 * 2**20  # unpacked: a tar has no directory, all of it has to be read
MAX_MEMBERS = 100_000  # an environment handed in with the work has some ten thousand
LONGEST_PATH, LONGEST_NAME = 1000, 255  # characters, and bytes of each part; an archive may hold far longer ones
_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory
_TAR = (".tar", ".tar.gz", ".tgz")
_CLOSED = (".7z", ".rar", ".gz", ".bz2", ".xz", ".tbz2", ".txz", ".zst", ".lzma", ".sit", ".dmg")
_FAULTS = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Closed(Exception):
    """The archive cannot be looked into; the text says why, without the archive's name."""


@dataclass(frozen=True)
class Member:
    """One file in an archive."""

    path: str
    size: int  # as the archive says
    read: Callable[[int], bytes]  # at most as many bytes


@dataclass
class Archive:
    """What an archive holds, and what was left out of it."""

    members: list[Member] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    unnamed: int = 0  # whose names no file can have


def is_archive(name: str) -> bool:
    """Tell by its name whether a file is an archive that can be looked into."""
    return _is_zip(name) or name.casefold().endswith(_TAR)


def is_closed_archive(name: str) -> bool:
    """Tell by its name whether a file is an archive of a kind that is not supported here."""
    return not is_archive(name) and name.casefold().endswith(_CLOSED)


def _is_zip(name: str) -> bool:
    return ".zip" in name.casefold()  # a browser adds to the end, as in "work.zip.download" or "work.zip (1)"


def open_archive(
    stack: ExitStack,
    file: BinaryIO,
    name: str,
    most_bytes: int = 0,
    most_members: int = 0,
) -> Archive:
    """List an archive's files; ``stack`` closes it. ``Closed`` where it cannot be read, or is too large."""
    most_bytes, most_members = most_bytes or MAX_ARCHIVE_BYTES, most_members or MAX_MEMBERS
    try:
        size = file.seek(0, io.SEEK_END)
        if size > most_bytes:
            raise Closed(f"has {size >> 20} MB, an archive may have at most {most_bytes >> 20}")
        if not size:
            raise Closed("is empty")
        return _open_zip(stack, file, most_members) if _is_zip(name) else _open_tar(stack, file)
    except _FAULTS:
        raise Closed("is damaged") from None


def _open_zip(stack: ExitStack, file: BinaryIO, most: int) -> Archive:
    if sum(_count(block) for block in _blocks(file)) > most:  # before zipfile makes an object of each
        raise Closed(f"has more than {most} files")
    file.seek(0)
    archive = stack.enter_context(zipfile.ZipFile(file))
    found = Archive()
    for info in archive.infolist():
        path = _clean(_name_of(info))
        if path.endswith("/") or info.is_dir():
            continue
        if not _is_name(path):
            found.unnamed += 1
        elif stat.S_ISLNK(info.external_attr >> 16):
            found.links.append(path)
        elif not _is_inside(path):
            found.outside.append(path)
        elif info.flag_bits & 1:
            raise Closed("is locked with a password")
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Closed("is packed in a way that is not supported here")  # others cannot be unpacked up to a limit
        else:
            found.members.append(Member(path, info.file_size, _reader(partial(archive.open, info))))
    return found


def _open_tar(stack: ExitStack, file: BinaryIO) -> Archive:
    file.seek(0)
    if file.read(2) == b"\x1f\x8b":
        file.seek(0)
        data = gzip.GzipFile(fileobj=file).read(MAX_TAR_BYTES + 1)
        if len(data) > MAX_TAR_BYTES:
            raise Closed(f"unpacks to more than {MAX_TAR_BYTES >> 20} MB")
        file = io.BytesIO(data)
    file.seek(0)
    archive = stack.enter_context(tarfile.TarFile(fileobj=file))
    found = Archive()
    for count, info in enumerate(archive):
        if count >= MAX_MEMBERS:
            raise Closed(f"has more than {MAX_MEMBERS} files")
        path = _clean(info.name)
        if info.isdir():
            continue
        if not _is_name(path):
            found.unnamed += 1
        elif info.issym() or info.islnk():
            found.links.append(path)
        elif info.isreg() and not _is_inside(path):
            found.outside.append(path)
        elif info.isreg():
            found.members.append(Member(path, info.size, _reader(partial(archive.extractfile, info))))
    return found


def _reader(open_it: Callable[[], IO[bytes] | None]) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        try:
            opened = open_it()
            if opened is None:
                return b""
            with opened as member:
                return member.read(limit)
        except _FAULTS:
            raise Closed("is damaged") from None

    return read


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    tail = b""
    while block := file.read(2**20):
        yield tail + block
        tail = block[-len(_ENTRY) + 1 :]


def _count(block: bytes) -> int:
    return block.count(_ENTRY)


def _name_of(info: zipfile.ZipInfo) -> str:
    """Read a member's name; macOS writes UTF-8 and does not say so."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode()
        except ValueError:
            pass
    return info.filename


def _clean(path: str) -> str:
    path = path.replace("\\", "/")  # some programs on Windows write these
    inner = "/".join(part for part in path.split("/") if part not in ("", "."))
    return "/" * path.startswith("/") + inner + "/" * (path.endswith("/") and inner != "")


def _is_name(path: str) -> bool:
    """Whether a file can have this path."""
    if len(path) > LONGEST_PATH or "\0" in path:
        return False
    return all(len(part.encode(errors="replace")) <= LONGEST_NAME for part in path.split("/"))


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and ".." not in parts and not parts[0].endswith(":")
