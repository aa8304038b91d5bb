"""Which files may lie beside the notebook, and the lines about those that may not."""

import pytest

from grader.intake.beside import usable_files
from grader.intake.expected import Expected, fingerprint


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("notes.txt", True), ("data/mine.csv", True), ("helpers.py", True), ("mypackage/__init__.py", True),
        ("numpy.py", False), ("nnlib/__init__.py", False), ("nnlib.py", False), ("random.py", False),
        ("json/__init__.py", False), ("sitecustomize.py", False), ("matplotlib.so", False), ("../up.txt", False),
        ("a/../../up.txt", False), ("/etc/passwd", False), ("digits.npz", False), ("random.txt", True),
    ],
)  # fmt: skip
def test_files_that_would_shadow_or_escape_are_left_out(path, kept):
    """Modules that shadow an import, the course's files and paths outside the folder are left out and reported."""
    files, lines = usable_files({path: b"x"}, {"digits.npz"})
    assert (path in files) == kept
    assert len(lines) == (not kept)


def test_the_release_as_it_was_is_no_matter():
    """The course's own files, unchanged but for the ends of lines, are left out without a line."""
    handed_in = {f"nnlib/m{number}.py": b"a = 1\r\n" for number in range(59)} | {"README.md": b"# Read\n"}
    released = {path: fingerprint(data.replace(b"\r\n", b"\n")) for path, data in handed_in.items()}
    assert usable_files(handed_in, set(), released) == ({}, [])


def test_a_matter_is_one_line():
    """Changed files of the library are one line, and so are all that shadow an import; a changed README is nobody's."""
    files = {f"nnlib/m{number}.py": b"mine" for number in range(3)} | {"random.py": b"", "json/a.py": b"", "os.py": b""}
    kept, lines = usable_files(files | {"README.md": b"mine"}, set(), {"nnlib/m0.py": "", "README.md": ""})
    assert kept == {"README.md": b"mine"}
    assert lines == [
        "would shadow an import and was left out: 'random.py', 'json', 'os.py'",
        "the folder nnlib (3 files changed) is the course's library; the course's own is used",
    ]


def test_what_was_released_is_known(assignment, released, engine):
    """The expected release lists the student's nnlib, the instructions and the course's files."""
    expected = engine.expected
    assert expected.notebook == "tiny.ipynb"
    assert set(expected.answers) == {"double", "center", "why"}
    assert {"README.md", "requirements.txt", "public_cases.py", "nnlib/__init__.py"} <= set(expected.files)
    assert Expected.of(assignment, released).files.keys() < expected.files.keys()
