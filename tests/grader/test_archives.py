"""Looking into archives that a student made: bounded, in memory, and nothing from outside."""

import gzip
import io
import tarfile
import zipfile
from contextlib import ExitStack

import pytest

from grader.intake import archives
from grader.intake.archives import Closed, is_archive, is_closed_archive, open_archive


def zipped(**contents: bytes) -> io.BytesIO:
    """Make a zip; a double underscore in a keyword is nothing special, names are given by ``write`` where odd."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in contents.items():
            made.writestr(name, data)
    return buffer


def look(file: io.BytesIO, name: str = "work.zip") -> archives.Archive:
    """List an archive and read all of its members."""
    with ExitStack() as stack:
        found = open_archive(stack, file, name)
        for member in found.members:
            member.read(member.size)
        return found


def paths(file: io.BytesIO, name: str = "work.zip") -> list[str]:
    """The paths of an archive's files."""
    return [member.path for member in look(file, name).members]


@pytest.mark.parametrize(
    ("name", "opened", "closed"),
    [
        ("a.zip", True, False), ("A.ZIP", True, False), ("a.zip.download", True, False), ("a.zip (1)", True, False),
        ("a.tar", True, False), ("a.tar.gz", True, False), ("a.tgz", True, False), ("a.7z", False, True),
        ("a.rar", False, True), ("a.tar.xz", False, True), ("a.ipynb", False, False), ("data.csv", False, False),
    ],
)  # fmt: skip
def test_kinds_of_archives(name, opened, closed):
    """Zip and tar are looked into, whatever a browser added to the name; other kinds are known by name."""
    assert (is_archive(name), is_closed_archive(name)) == (opened, closed)


def test_paths_that_lead_outside_are_left_out():
    """Absolute paths, drives and two dots are not followed, with either kind of slash."""
    odd = ["../up.txt", "a/../../up.txt", "/etc/passwd", "C:/x.txt", "..\\up.txt", "a\\..\\..\\up.txt", "C:\\x.txt"]
    found = look(zipped(**dict.fromkeys([*odd, "in\\side.txt", "./here.txt"], b"x")))
    assert [member.path for member in found.members] == ["in/side.txt", "here.txt"]
    assert len(found.outside) == len(odd)


def test_links_are_left_out():
    """A link in a zip or a tar is named and not followed."""
    link = zipfile.ZipInfo("data.csv")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(link, "/etc/passwd")
    assert (paths(buffer), look(buffer).links) == ([], ["data.csv"])
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    assert (paths(buffer, "a.tgz"), look(buffer, "a.tgz").links) == ([], ["soft", "hard"])


def test_a_tar_is_read():
    """The files of a tar, packed or not, are read like those of a zip."""
    for mode in ("w", "w:gz"):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode=mode) as tar:
            info = tarfile.TarInfo("./work/a.txt")
            info.size = 2
            tar.addfile(info, io.BytesIO(b"hi"))
        with ExitStack() as stack:
            (member,) = open_archive(stack, buffer, "work.tar.gz").members
            assert (member.path, member.read(10)) == ("work/a.txt", b"hi")


def locked() -> io.BytesIO:
    """A zip whose entry says that it is locked."""
    buffer = zipped(a=b"x" * 100)
    data = bytearray(buffer.getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(bytes(data))


def spoiled() -> io.BytesIO:
    """A zip whose contents were overwritten."""
    data = bytearray(zipped(a=bytes(range(256)) * 9).getvalue())
    data[40:60] = b"\xff" * 20
    return io.BytesIO(bytes(data))


@pytest.mark.parametrize(
    ("file", "name", "words"),
    [
        (io.BytesIO(b""), "a.zip", "is empty"),
        (io.BytesIO(b"not a zip"), "a.zip", "is damaged"),
        (io.BytesIO(zipped(a=b"x" * 999).getvalue()[:-30]), "a.zip", "is damaged"),
        (locked(), "a.zip", "is locked with a password"),
        (spoiled(), "a.zip", "is damaged"),
        (io.BytesIO(b"not a tar"), "a.tar.gz", "is damaged"),
        (io.BytesIO(gzip.compress(b"x" * 5000)[:-20]), "a.tgz", "is damaged"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(file, name, words):
    """An empty, cut, overwritten or locked archive is one clear reason, never a traceback."""
    with pytest.raises(Closed, match=words):
        look(file, name)


def test_an_unusual_packing_is_refused():
    """LZMA and bzip2 cannot be unpacked up to a limit, so they are not unpacked at all."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("a.txt", b"x" * 10**6)
    with pytest.raises(Closed, match="packed in a way"):
        look(buffer)


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A member is read up to a limit, a tar that grows beyond one is refused, and so is a zip of too many entries."""
    buffer = zipped(big=bytes(10**7))
    with ExitStack() as stack:
        (member,) = open_archive(stack, buffer, "a.zip").members
        assert len(member.read(1000)) == 1000
    monkeypatch.setattr(archives, "MAX_TAR_BYTES", 10**6)
    with pytest.raises(Closed, match="unpacks to more"):
        look(io.BytesIO(gzip.compress(bytes(10**7))), "a.tgz")
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with pytest.raises(Closed, match="more than 3 files"):
        look(zipped(a=b"", b=b"", c=b"", d=b""))
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 100)
    with pytest.raises(Closed, match="an archive may have"):
        look(zipped(a=b"x" * 999, b=b"y"))


def test_a_size_that_the_directory_understates_is_what_is_read():
    """Where the zip says less than it unpacks to, no more is read than it says."""
    data = bytearray(zipped(a=bytes(10**6)).getvalue())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    with ExitStack() as stack:
        (member,) = open_archive(stack, io.BytesIO(bytes(data)), "a.zip").members
        assert member.size == 1000
        with pytest.raises(Closed, match="is damaged"):
            member.read(10**6)


def test_names_that_macos_wrote_are_read():
    """A UTF-8 name that is not marked as such is read as UTF-8."""
    data = zipped(**{"übung.txt": b"x"}).getvalue()
    entry = bytearray(data)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        entry[at + 1] &= ~0x08
    assert paths(io.BytesIO(bytes(entry))) == ["übung.txt"]
