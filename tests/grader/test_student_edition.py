"""The student's edition of nnlib: the exercises are gone, source included, the rest works."""

import ast
import io
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from grader.assignment import Assignment, list_assignments
from grader.course import Course
from grader.errors import AssignmentError
from grader.release import release
from grader.student_edition import build, find_nnlib
from nnlib.datasets import held_out_digits, load_digits


def import_in(folder, code):
    """Run code in a fresh interpreter that sees only the edition in ``folder``."""
    boot = f"import sys; sys.path.insert(0, {str(folder)!r}); " + code
    return subprocess.run([sys.executable, "-W", "error", "-c", boot], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """An edition without softmax and cross_entropy."""
    return build(tmp_path_factory.mktemp("edition"), ["softmax", "cross_entropy"], "02-test")


def test_withheld_functions_say_so_when_called(edition):
    """A withheld name can be imported, and says in one sentence what it is when called."""
    ran = import_in(
        edition,
        "import nnlib; print(nnlib.__file__)\n"
        "try: nnlib.softmax([1])\nexcept nnlib.Withheld as e: print(e, e.name, isinstance(e, NotImplementedError))",
    )
    lines = ran.stdout.splitlines()
    assert ran.stderr == ""
    assert lines[0].startswith(str(edition))
    assert lines[1] == "nnlib.softmax is withheld from 02-test: writing it is the exercise. softmax True"


def test_the_rest_works(edition):
    """Other functions, the digits and the checks work from the edition alone."""
    ran = import_in(
        edition,
        "import numpy as np, nnlib, nnlib.checks\n"
        "print(nnlib.relu(np.array([-1.0, 2.0])).tolist(), len(nnlib.load_digits()) > 0)\n"
        "nnlib.checks.assert_close([1.0], [1.0])",
    )
    assert ran.stderr == ""
    assert ran.stdout == "[0.0, 2.0] True\n"


def test_source_of_withheld_functions_is_gone(edition):
    """No line of a withheld function's body, and no comment above it, is in any file."""
    bodies = {}
    for path in find_nnlib().rglob("*.py"):
        lines = path.read_text(encoding="utf-8").split("\n")
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, ast.FunctionDef) and node.name in ("softmax", "cross_entropy"):
                bodies[node.name] = [line.strip() for line in lines[node.body[0].end_lineno : node.end_lineno]]
    assert set(bodies) == {"softmax", "cross_entropy"}
    written = {
        line.strip()
        for path in (edition / "nnlib").rglob("*.py")
        for line in path.read_text(encoding="utf-8").split("\n")
    }
    kept = {
        line.strip()
        for path in find_nnlib().rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if not (isinstance(node, ast.FunctionDef) and node.name in bodies)
        for line in (ast.get_source_segment(path.read_text(encoding="utf-8"), node) or "").split("\n")
    }
    own = [line for body in bodies.values() for line in body if line and line not in kept]
    assert own
    assert [line for line in own if line in written] == []


def test_files_are_python_and_none_is_missing(edition):
    """Every module of nnlib is in the edition, and each still parses."""
    names = {path.relative_to(find_nnlib()) for path in find_nnlib().rglob("*.py")}
    written = {path.relative_to(edition / "nnlib") for path in (edition / "nnlib").rglob("*.py")}
    assert names == written
    for path in (edition / "nnlib").rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_private_helpers_of_withheld_functions_go_too(tmp_path, monkeypatch):
    """A helper that only withheld functions use would give them away; one that others use stays."""
    package = tmp_path / "whole" / "nnlib"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from nnlib.mod import kept, secret\n")
    (package / "mod.py").write_text(
        "X = 1\n\n\ndef _only(x):\n    return _deeper(x)\n\n\ndef _deeper(x):\n    return 'giveaway'\n\n\n"
        "# How the secret works.\ndef secret(x):\n    return _only(x) + _shared(x)\n\n\n"
        "def _shared(x):\n    return 'fine'\n\n\ndef kept(x):\n    return _shared(x)\n"
    )
    (package / "data").mkdir()
    (package / "data" / "digits.npz").write_bytes(b"digits")
    (package / "data" / "wine.csv").write_bytes(b"wines")
    monkeypatch.setattr("grader.student_edition.find_nnlib", lambda: package)
    folder = tmp_path / "edition"
    text = (build(folder, ["secret"], "t") / "nnlib" / "mod.py").read_text()
    for gone in ("_only", "_deeper", "giveaway", "How the secret works"):
        assert gone not in text
    assert "def _shared" in text
    assert "def kept" in text
    assert (folder / "nnlib" / "data" / "digits.npz").read_bytes() == b"digits"
    assert (folder / "nnlib" / "data" / "wine.csv").read_bytes() == b"wines"


def test_unknown_name_is_the_authors_fault(tmp_path):
    """Withholding what nnlib does not define is refused with assignment and name, before anything is written."""
    with pytest.raises(AssignmentError, match=r"assignment\.toml of t withholds what nnlib does not define: sofmax"):
        build(tmp_path / "new", ["softmax", "sofmax"], "t")
    assert not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def edition_without_held_out_digits(tmp_path_factory):
    """An edition that lacks the digits kept for grading."""
    return build(tmp_path_factory.mktemp("capstone"), ["held_out_digits"], "13-test")


@pytest.fixture(scope="module")
def secret_images():
    """The bytes of every image that is kept for grading and of no other."""
    kept, _ = held_out_digits(scale=False, dtype=np.float32)
    course, _ = load_digits(part="course", scale=False, dtype=np.float32)
    images = {image.astype(np.uint8).tobytes() for image in kept}
    return images - {image.astype(np.uint8).tobytes() for image in course}


def hold(contents, secret_images):
    """Name the files, among those given by name, that hold a secret image, archives opened."""
    guilty = []
    for name, content in contents.items():
        if name.endswith(".npz"):
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                rows = [row.tobytes() for row in archive["images"]]
                assert {part: archive[part].shape[0] for part in archive.files} == {"images": 1198, "labels": 1198}
            found = not secret_images.isdisjoint(rows)
        else:
            found = any(image in content for image in secret_images)
        guilty += [name] * found
    return guilty


def test_no_file_of_an_edition_holds_a_digit_that_is_kept_for_grading(edition_without_held_out_digits, secret_images):
    """Whatever an edition's files hold, none of it is one of the 599 images that grade the capstone."""
    assert len(secret_images) == 599
    contents = {str(p): p.read_bytes() for p in edition_without_held_out_digits.rglob("*") if p.is_file()}
    assert [name for name in contents if name.endswith(".npz")] != []
    assert hold(contents, secret_images) == []


def test_the_released_capstone_holds_no_digit_that_grades_it(tmp_path, secret_images):
    """The zip that students get: images of the course's part alone, and every other file free of them."""
    released = release("13-capstone", Course.init(tmp_path / "course"))
    with zipfile.ZipFile(released.archive) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name in contents if name.endswith(".npz")] == ["13-capstone/nnlib/data/digits.npz"]
    assert hold(contents, secret_images) == []


def test_an_edition_without_the_held_out_digits_gives_what_the_source_sees(edition_without_held_out_digits):
    """A notebook that asks for the course's part prints the same numbers here and there."""
    X, y = load_digits(part="course")
    ran = import_in(
        edition_without_held_out_digits,
        "import nnlib; from nnlib.datasets import held_out_digits\n"
        "for part in ('course', 'all'):\n"
        "    X, y = nnlib.load_digits(part=part); print(X.shape, float(X.sum()), y.tolist())\n"
        "try: held_out_digits()\nexcept NotImplementedError as e: print(e)",
    )
    assert ran.stderr == ""
    expected = f"{X.shape} {float(X.sum())} {y.tolist()}"
    assert ran.stdout.splitlines() == [
        expected,
        expected,
        "nnlib.held_out_digits is withheld from 13-test: its images are kept for grading.",
    ]


def test_editions_without_the_held_out_digits_are_the_same_bytes(edition_without_held_out_digits, tmp_path):
    """Two releases of one source do not differ."""
    again = build(tmp_path, ["held_out_digits"], "13-test") / "nnlib" / "data" / "digits.npz"
    assert again.read_bytes() == (edition_without_held_out_digits / "nnlib" / "data" / "digits.npz").read_bytes()


def test_other_editions_hold_all_digits(edition):
    """Only an assignment that grades with the held-out digits goes without them."""
    whole = find_nnlib().parent / "data" / "digits.npz"
    whole = whole if whole.exists() else find_nnlib() / "data" / "digits.npz"
    assert (edition / "nnlib" / "data" / "digits.npz").read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("name", list_assignments())
def test_editions_of_the_course(name, tmp_path):
    """Every assignment's edition imports, and each of its exercises is withheld in it."""
    withhold = Assignment.find(name).settings.withhold
    build(tmp_path, withhold, name)
    code = "import importlib, pkgutil, nnlib\n"
    code += "names = [m.name for m in pkgutil.walk_packages(nnlib.__path__, 'nnlib.') if '__main__' not in m.name]\n"
    code += "modules = [nnlib, *map(importlib.import_module, names)]\n"
    code += f"for n in {withhold!r}:\n"
    code += "    try: next(getattr(m, n) for m in modules if hasattr(m, n))()\n"
    code += "    except NotImplementedError as e: print(n)"
    ran = import_in(tmp_path, code)
    assert ran.stderr == ""
    assert ran.stdout.split() == withhold
