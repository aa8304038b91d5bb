"""Reading a student's folder: one notebook, files beside it, nothing from outside."""

from datetime import UTC, datetime

import pytest

from grader.repair import MAX_BYTES
from grader.submission import MAX_FILES_BYTES, read_submission


@pytest.fixture
def folder(tmp_path):
    """A submission's folder with a notebook in it."""
    made = tmp_path / "ada" / "tiny"
    made.mkdir(parents=True)
    (made / "tiny.ipynb").write_bytes(b"notebook")
    return made


def read(folder):
    """Read it as the batch does."""
    return read_submission("ada", folder, "tiny.ipynb")


def test_notebook_and_files(folder):
    """The notebook's bytes and the files beside it, by relative path, checkpoints and caches left out."""
    for name in ("data/a.csv", ".ipynb_checkpoints/tiny-checkpoint.ipynb", "__pycache__/h.pyc", ".git/config"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    found = read(folder)
    assert (found.notebook, found.files, found.notes, found.problem) == (b"notebook", {"data/a.csv": b"x"}, [], "")


def test_empty_folder(folder):
    """An empty folder is a problem in words."""
    (folder / "tiny.ipynb").unlink()
    assert read(folder).problem == (
        "tiny.ipynb is missing: nothing was handed in. Ask for the notebook under its own name."
    )


def test_one_notebook_of_another_name_is_taken(folder):
    """A renamed notebook is graded and the new name reported."""
    (folder / "tiny.ipynb").rename(folder / "tiny (1).ipynb")
    found = read(folder)
    assert found.notebook == b"notebook"
    assert found.notes == ["the notebook was handed in as 'tiny (1).ipynb'"]


def test_two_notebooks_of_other_names_are_a_problem(folder):
    """Where it is unclear which notebook counts, nobody guesses."""
    (folder / "tiny.ipynb").rename(folder / "a.ipynb")
    (folder / "b.ipynb").write_bytes(b"other")
    assert "2 notebooks of other names" in read(folder).problem


def test_right_name_wins(folder):
    """With the right name there, other notebooks are neither graded nor kept."""
    (folder / "draft.ipynb").write_bytes(b"draft")
    found = read(folder)
    assert (found.notebook, found.files) == (b"notebook", {})


def test_links_are_not_followed(folder, tmp_path):
    """A link to a neighbour's work, as notebook, file or folder, is left out."""
    other = tmp_path / "bob"
    other.mkdir()
    (other / "tiny.ipynb").write_bytes(b"stolen")
    (other / "data.csv").write_bytes(b"stolen")
    (folder / "data.csv").symlink_to(other / "data.csv")
    (folder / "all").symlink_to(other)
    found = read(folder)
    assert found.files == {}
    assert sorted(found.notes) == ["link 'all' was left out", "link 'data.csv' was left out"]
    (folder / "tiny.ipynb").unlink()
    (folder / "tiny.ipynb").symlink_to(other / "tiny.ipynb")
    assert read(folder).notebook == b""
    assert "is missing" in read(folder).problem


def test_too_large_things(folder):
    """A notebook over the limit is a problem, a file over the limit is left out and noted."""
    with (folder / "big.bin").open("wb") as file:
        file.truncate(MAX_FILES_BYTES + 1)
    found = read(folder)
    assert found.notes == ["file 'big.bin' is too large and was left out"]
    assert found.files == {}
    with (folder / "tiny.ipynb").open("wb") as file:
        file.truncate(MAX_BYTES + 2**20)
    assert read(folder).problem == "tiny.ipynb: a notebook may have 128 MB, got 129 MB."


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 10:00:00.000000 UTC\n", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21 10:00:00", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("\udcff", None),
    ],
)
def test_time_of_handing_in(folder, text, moment):
    """The exchange's timestamp is read; one that is none is no problem."""
    (folder / "timestamp.txt").write_bytes(text.encode("utf-8", "surrogateescape"))
    found = read(folder)
    assert found.submitted == moment
    assert found.files == {}


def test_digest_changes_with_everything_handed_in(folder):
    """The fingerprint differs when notebook, a file's name or its content differs, and only then."""
    seen = [read(folder).digest]
    (folder / "a.txt").write_bytes(b"1")
    seen.append(read(folder).digest)
    (folder / "a.txt").write_bytes(b"2")
    seen.append(read(folder).digest)
    (folder / "a.txt").rename(folder / "b.txt")
    seen.append(read(folder).digest)
    (folder / "tiny.ipynb").write_bytes(b"other")
    seen.append(read(folder).digest)
    assert len(set(seen)) == 5
    assert read(folder).digest == seen[-1]


def test_a_folder_of_very_many_files_is_cut_and_told(tmp_path):
    """A thousand files go along; that there were more is one line, and the notebook is graded."""
    (tmp_path / "tiny.ipynb").write_bytes(b"{}")
    for number in range(1005):
        (tmp_path / f"{number:04d}.txt").write_bytes(b"x")
    found = read_submission("ada", tmp_path, "tiny.ipynb")
    assert len(found.files) == 1000
    assert [note for note in found.notes if "first 1000 files" in note] == found.notes
