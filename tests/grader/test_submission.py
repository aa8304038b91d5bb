"""Reading a student's folder: the notebook wherever it lies, the files beside it, nothing from outside."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from grader.intake import submission
from grader.intake.expected import Expected
from grader.intake.submission import MAX_FILES_BYTES, read_submission
from grader.reading import MAX_BYTES, Refused

from . import tiny


@pytest.fixture
def folder(tmp_path):
    """The folder that a submission is put into."""
    made = tmp_path / "ada" / "tiny"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def read(folder, assignment, released):
    """Read the folder as the batch does."""
    expected = Expected.of(assignment, released)
    return lambda: read_submission("ada", folder, expected)


@pytest.fixture
def refused(read):
    """Read what cannot be graded and return the reason."""

    def reason() -> str:
        with pytest.raises(Refused) as caught:
            read()
        return str(caught.value)

    return reason


def put(folder: Path, **contents: bytes) -> None:
    """Write files by path."""
    for path, data in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def zipped(**contents: bytes) -> bytes:
    """Make a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in contents.items():
            made.writestr(path, data)
    return buffer.getvalue()


@pytest.fixture
def answered(hand_in) -> bytes:
    """A notebook with right answers."""
    return hand_in()


@pytest.fixture
def blank(released) -> bytes:
    """The notebook as it was released."""
    return nbformat.writes(released).encode()


def test_notebook_and_files(folder, read, answered):
    """The notebook's bytes and the files beside it, by relative path, checkpoints and caches left out."""
    put(folder, **{"tiny.ipynb": answered, "data/a.csv": b"x"})
    for name in (".ipynb_checkpoints/tiny-checkpoint.ipynb", "__pycache__/h.pyc", ".git/config", ".DS_Store", "._a"):
        put(folder, **{name: b"x"})
    found = read()
    assert (found.notebooks["tiny.ipynb"], found.files, found.notes) == (answered, {"data/a.csv": b"x"}, [])


def test_empty_folder(refused):
    """An empty folder is a problem in words."""
    assert refused() == ("tiny.ipynb is missing: nothing was handed in. Ask for the notebook under its own name.")


NAMES = [
    "tiny(1).ipynb", "tiny (2).ipynb", "tiny-1.ipynb", "tiny-Copy1.ipynb", "Copy of tiny.ipynb", "tiny copy.ipynb",
    "tiny.ipynb.txt", "tiny.ipynb.json", "tiny.json", "tiny.txt", "tiny", "tiny.IPYNB", "Tiny.ipynb", "tiny.ipnb",
    "tiny.ipynb.download", "tiny.ipynb(1)", "my homework.ipynb", "doejane_LATE_12345_67890_tiny.ipynb",
    "Jane Doe_123_assignsubmission_file_tiny.ipynb", "Homework_jdoe_attempt_2026-01-30-15-00-00_tiny.ipynb",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_of_any_name_is_found(folder, read, answered, name):
    """What a browser, a file manager or a platform made of the name is found and told in one line."""
    put(folder, **{name: answered})
    found = read()
    assert (found.notebooks["tiny.ipynb"], found.files) == (answered, {})
    assert found.notes == [f"the notebook was handed in as {name!r}"]


PLACES = ["tiny", "work/tiny", "Jane Doe_123_assignsubmission_file_", "submission (1)/a/b"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["tiny.ipynb", "tiny (1).ipynb"])
def test_a_folder_in_a_folder_is_entered(folder, read, answered, place, name):
    """What lies beside the notebook stays beside it, wherever it was; other files keep their own paths."""
    files = {f"{place}/{name}": answered, f"{place}/utils.py": b"u", f"{place}/data/a.csv": b"a", "top/b.csv": b"b"}
    put(folder, **files)
    found = read()
    assert found.notebooks["tiny.ipynb"] == answered
    assert found.files == {"utils.py": b"u", "data/a.csv": b"a", "top/b.csv": b"b"}
    assert found.notes == [f"the notebook was handed in as '{place}/{name}'"]


def test_a_file_beside_the_notebook_wins_over_one_elsewhere(folder, read, answered):
    """Where two files would lie in the same place, the one beside the notebook is used, and a line says so."""
    put(folder, **{"in/tiny.ipynb": answered, "in/utils.py": b"near", "utils.py": b"far"})
    found = read()
    assert found.files == {"utils.py": b"near"}
    assert "left out because another file takes its place: 'utils.py'" in found.notes


@pytest.mark.parametrize("prefix", ["", "tiny/", "a/b/", "tiny\\", ".\\a\\"])
@pytest.mark.parametrize("name", ["work.zip", "WORK.ZIP", "work.zip.download", "in/work (1).zip"])
def test_a_zip_is_looked_into(folder, read, answered, prefix, name):
    """A zip from Windows or macOS is read in memory: the notebook, what lies beside it, and nothing of the system's."""
    inside = {f"{prefix}tiny.ipynb": answered, f"{prefix}utils.py": b"u", f"{prefix}.DS_Store": b"x"}
    put(folder, **{name: zipped(**inside, **{f"__MACOSX/{prefix}._tiny.ipynb": b"x"}), "notes.txt": b"n"})
    before = sorted(folder.rglob("*"))
    found = read()
    assert found.notebooks["tiny.ipynb"] == answered
    assert found.files == {"utils.py": b"u", "notes.txt": b"n"}
    place = prefix.replace("\\", "/").removeprefix("./")
    assert found.notes == [f"the notebook was handed in as '{name}/{place}tiny.ipynb'"]
    assert sorted(folder.rglob("*")) == before


def test_a_zip_in_a_zip_is_looked_into_once(folder, read, refused, answered):
    """A zip in a zip is opened, a third one is not; its name is told."""
    inner = zipped(**{"tiny.ipynb": answered})
    put(folder, **{"a.zip": zipped(**{"b.zip": inner})})
    assert read().notebooks["tiny.ipynb"] == answered
    put(folder, **{"a.zip": zipped(**{"b.zip": zipped(**{"c.zip": inner})})})
    assert "a.zip" in refused()


def test_a_students_own_zip_stays_a_file(folder, read, answered):
    """A zip without a notebook is a file of the student's like any other."""
    data = zipped(**{"a.csv": b"1"})
    put(folder, **{"tiny.ipynb": answered, "data.zip": data})
    found = read()
    assert (found.files, found.notes) == ({"data.zip": data}, [])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("work.zip", b"no zip", "work.zip (is damaged)"),
        ("work.tar.gz", b"no tar", "work.tar.gz (is damaged)"),
        ("work.7z", b"7z", "work.7z (of a kind that is not supported here)"),
        ("report.pdf", b"%PDF", "tiny holds report.pdf."),
    ],
)
def test_the_reason_names_what_is_there(folder, refused, name, data, words):
    """Where no notebook is found, the line says what is there and why it is of no use."""
    put(folder, **{name: data})
    assert words in refused()
    assert refused().startswith("tiny.ipynb is missing")


@pytest.mark.parametrize("other", ["tiny (1).ipynb", "work/tiny.ipynb", "tiny.json", "work.zip"])
def test_the_one_that_differs_from_the_release_counts(folder, read, answered, blank, other):
    """Beside an untouched copy under the right name, the notebook with answers counts, and a line names both."""
    put(folder, **{"tiny.ipynb": blank.replace(b"\\n", b"\\r\\n")})
    put(folder, **{other: zipped(**{"x.ipynb": answered}) if other.endswith(".zip") else answered})
    found = read()
    assert found.notebooks["tiny.ipynb"] == answered
    (line,) = found.notes
    shown = "work.zip/x.ipynb" if other.endswith(".zip") else other
    assert line == f"2 notebooks were handed in; '{shown}' is graded, not 'tiny.ipynb' (as released)"


def test_of_two_that_differ_the_right_name_counts(folder, read, answered, hand_in):
    """Of two notebooks with answers the one under the right name counts, of two others the one with more answers."""
    put(folder, **{"tiny.ipynb": hand_in(double=None), "tiny (1).ipynb": answered})
    assert read().notebooks["tiny.ipynb"] == hand_in(double=None)
    assert read().notes == ["2 notebooks were handed in; 'tiny.ipynb' is graded, not 'tiny (1).ipynb'"]
    (folder / "tiny.ipynb").rename(folder / "a.ipynb")
    assert read().notebooks["tiny.ipynb"] == answered


def test_an_answer_in_a_cell_of_ones_own_differs_from_the_release(folder, read, blank, hand_in):
    """Code in a new cell counts as work, too."""
    added = hand_in(lambda notebook: notebook.cells.append(nbformat.v4.new_code_cell("double = 2")), double=None,
                    center=None, why=None)  # fmt: skip
    put(folder, **{"tiny.ipynb": blank, "tiny (1).ipynb": added})
    assert read().notebooks["tiny.ipynb"] == added


def test_an_untouched_notebook_alone_counts(folder, read, blank):
    """Who hands in the release gets it graded; of several copies, the one under the right name."""
    put(folder, **{"tiny.ipynb": blank, "tiny (1).ipynb": blank})
    assert read().notebooks["tiny.ipynb"] == blank
    (folder / "tiny.ipynb").unlink()
    assert read().notebooks["tiny.ipynb"] == blank


def test_another_assignments_notebook_does_not_count(folder, read, answered):
    """A renamed notebook counts beside notebooks without a cell of this assignment, whatever their names."""
    put(folder, **{"tiny.ipynb": b"", "a.ipynb": b'{"cells": [], "nbformat": 4}', "z.ipynb": answered})
    assert read().notebooks["tiny.ipynb"] == answered


def test_several_notebooks_without_a_cell_of_it_are_a_problem(folder, refused):
    """Where it is unclear which notebook counts, nobody guesses."""
    put(folder, **{"a.ipynb": b"draft", "b.ipynb": b"other"})
    assert "tiny holds a.ipynb, b.ipynb, and none of these has a cell of this assignment" in refused()


def test_modules_get_their_names_back(folder, read, answered):
    """A module whose name a platform or browser changed can be imported again, unless the right one is there."""
    put(folder, **{"doejane_1_2_tiny.ipynb": answered, "doejane_1_3_utils-1.py": b"u", "layers (1).py": b"l"})
    found = read()
    assert found.files == {"utils.py": b"u", "layers.py": b"l"}
    assert any("'layers (1).py' as 'layers.py'" in note for note in found.notes)
    put(folder, **{"layers.py": b"right", "exp_1_2_run.csv": b"r"})
    assert (read().files["layers.py"], read().files["exp_1_2_run.csv"]) == (b"right", b"r")


ENVIRONMENTS = [
    ".venv/lib/python3.11", ".venv/lib", "venv/Lib/site-packages", "node_modules/x", "env/lib", "my env/lib", "lib",
]  # fmt: skip


@pytest.mark.parametrize("place", ENVIRONMENTS)
@pytest.mark.parametrize("is_zip", [False, True])
def test_an_environment_does_not_crowd_out_the_work(folder, read, answered, place, is_zip, monkeypatch):
    """Installed packages are left out, of a folder or a zip, in one line; the student's modules are there."""
    monkeypatch.setattr(submission, "MAX_FILES", 5)
    files = {f"{place}/m{number}.py": b"x" for number in range(9)} | {"utils.py": b"u", "tiny.ipynb": answered}
    if "venv" not in place and "node" not in place:
        files[(place.rpartition("/")[0] + "/pyvenv.cfg").lstrip("/")] = b"home = /usr/bin"
    put(folder, **({"w.zip": zipped(**files)} if is_zip else files))
    found = read()
    assert found.files == {"utils.py": b"u"}
    assert sum("installed packages" in note for note in found.notes) == 1


def test_a_students_package_called_env_is_work(folder, read, answered):
    """A package that has the name of an environment, but is none, is kept."""
    put(folder, **{"tiny.ipynb": answered, "env/__init__.py": b"", "env/lib/grid.py": b"g", ".env": b"A=1"})
    assert read().files == {"env/__init__.py": b"", "env/lib/grid.py": b"g", ".env": b"A=1"}


def test_over_the_limit_modules_near_the_notebook_go_first(folder, read, answered, monkeypatch):
    """Of too many files, modules beside the notebook are used first; that there were more is one line."""
    monkeypatch.setattr(submission, "MAX_FILES", 3)
    put(folder, **{f"a/{number}.csv": b"x" for number in range(9)}, **{"zz/deep/m.py": b"m", "z.py": b"z"})
    put(folder, **{"tiny.ipynb": answered})
    found = read()
    assert list(found.files) == ["z.py", "zz/deep/m.py", "a/0.csv"]
    assert found.notes == ["only the first 3 files beside the notebook were used, 8 were left out"]


def test_the_whole_release_handed_in_is_no_line(course, assignment, engine, answered, folder):
    """The course's own files come back with the notebook and are neither kept nor told."""
    for path in (course.root / "release" / "tiny").rglob("*"):
        if path.is_file():
            put(folder, **{f"tiny/{path.relative_to(course.root / 'release' / 'tiny').as_posix()}": path.read_bytes()})
    put(folder, **{"tiny/tiny.ipynb": answered, "tiny/utils.py": b"u"})
    found = read_submission("ada", folder, engine.expected)
    assert (found.notebooks["tiny.ipynb"], found.files) == (answered, {"utils.py": b"u"})
    assert found.notes == ["the notebook was handed in as 'tiny/tiny.ipynb'"]


def test_links_are_not_followed(folder, read, refused, tmp_path):
    """A link to a neighbour's work, as notebook, file or folder, is left out."""
    other = tmp_path / "bob"
    put(other, **{"tiny.ipynb": b"stolen", "data.csv": b"stolen"})
    put(folder, **{"tiny.ipynb": b"own"})
    (folder / "data.csv").symlink_to(other / "data.csv")
    (folder / "all").symlink_to(other)
    found = read()
    assert found.files == {}
    assert found.notes == ["links were left out: 'all', 'data.csv'"]
    (folder / "tiny.ipynb").unlink()
    (folder / "tiny.ipynb").symlink_to(other / "tiny.ipynb")
    assert "tiny.ipynb (a link)" in refused()


def test_too_large_things(folder, read, refused, answered):
    """A notebook over the limit is a problem, a file over the limit is left out and noted."""
    put(folder, **{"tiny.ipynb": answered})
    with (folder / "big.bin").open("wb") as file:
        file.truncate(MAX_FILES_BYTES + 1)
    found = read()
    assert found.notes == ["too large and left out: 'big.bin'"]
    assert found.files == {}
    with (folder / "tiny.ipynb").open("wb") as file:
        file.truncate(MAX_BYTES + 2**20)
    assert refused() == "tiny.ipynb: a notebook may have at most 128 MB, got 129 MB."


@pytest.mark.parametrize(
    ("data", "moment"),
    [
        (b"2026-11-21 10:00:00.000000 UTC\n", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (b"2026-11-21 10:00:00", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (b"2026-11-21 10:00:00 +0200", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("\ufeff2026-11-21 10:00:00 UTC\r\n".encode(), datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21 10:00:00 UTC".encode("utf-16"), datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("\ufeff2026-11-21 10:00:00 UTC".encode("utf-16-be"), datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21 10:00:00 UTC".encode("utf-16-le"), datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (b"yesterday", None), (b"12", None), (b"", None), (b"\xff", None), (b"2026-13-41 10:00", None),
    ],
)  # fmt: skip
def test_time_of_handing_in(folder, read, answered, data, moment):
    """The exchange's timestamp is read in any encoding, or told in one line, and its bytes are kept as they were."""
    put(folder, **{"tiny.ipynb": answered, "timestamp.txt": data, "submission_secret.txt": b"s"})
    found = read()
    assert found.submitted == moment
    assert found.files == {}
    assert found.exchange_files == {"timestamp.txt": data, "submission_secret.txt": b"s"}
    assert [note.split(":")[0] for note in found.notes] == ["timestamp.txt"] * (moment is None)


def test_only_the_exchanges_own_timestamp_counts(folder, read, answered):
    """A file of its name in a student's subfolder is a file like any other, and never takes the exchange's place."""
    put(folder, **{"tiny.ipynb": answered, "log/timestamp.txt": b"2020-01-01 10:00:00 UTC"})
    assert (read().submitted, read().files) == (None, {"log/timestamp.txt": b"2020-01-01 10:00:00 UTC"})
    (folder / "tiny.ipynb").rename(folder / "log" / "tiny.ipynb")
    found = read()
    assert (found.submitted, found.files, found.exchange_files) == (None, {}, {})
    assert "the exchange's own file has this name" in found.notes[-1]


def test_digest_changes_with_everything_handed_in(folder, read, answered, blank):
    """The fingerprint differs when notebook, time, a file's name or its content differs, and only then."""
    put(folder, **{"tiny.ipynb": answered})
    seen = [read().digest]
    put(folder, **{"a.txt": b"1"})
    seen.append(read().digest)
    put(folder, **{"a.txt": b"2"})
    seen.append(read().digest)
    (folder / "a.txt").rename(folder / "b.txt")
    seen.append(read().digest)
    put(folder, **{"timestamp.txt": b"2026-11-21 10:00:00 UTC"})
    seen.append(read().digest)
    put(folder, **{"tiny.ipynb": blank})
    seen.append(read().digest)
    assert len(set(seen)) == 6
    assert read().digest == seen[-1]


def test_a_damaged_zip_beside_it_costs_nothing(folder, read, answered):
    """A zip that cannot be read is a file like any other where the notebook is there."""
    put(folder, **{"tiny.ipynb": answered, "old.zip": b"PK no"})
    found = read()
    assert (found.notebooks["tiny.ipynb"], found.files, found.notes) == (answered, {"old.zip": b"PK no"}, [])


def test_what_is_found_deep_is_graded(course, submit, scores_in):
    """Through the batch, a zip, a folder in a folder and a changed ending get their points."""
    from grader.batch import autograde

    data = (submit("ada") / "tiny.ipynb").read_bytes()
    for student, path in {"zip": "work.zip", "deep": "tiny/tiny.ipynb", "txt": "tiny.ipynb.txt"}.items():
        content = zipped(**{"tiny/tiny.ipynb": data}) if student == "zip" else data
        put(course.path("submitted", student, "tiny"), **{path: content})
    assert autograde("tiny", course, jobs=1).problems == []
    assert {scores_in()[student]["test_double"][0] for student in ("ada", "zip", "deep", "txt")} == {2.0}
    graded = nbformat.read(course.root / "autograded" / "zip" / "tiny" / "tiny.ipynb", as_version=4)
    assert tiny.cell_of(graded, "double").source == tiny.DOUBLE
