"""A link gives nobody another's work, by whatever door it comes."""

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.batch import autograde
from grader.check import check_file
from grader.course import Course
from grader.reading import Refused

SECRET = "what-ada-alone-wrote"


def nbgrader(course, *arguments):
    """Run an nbgrader command in the course folder."""
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(course.root.parent)}
    binary = Path(sys.executable).with_name("nbgrader")
    return subprocess.run([binary, *arguments], cwd=course.root, capture_output=True, text=True, env=environment)


def by_either(course, door):
    """Grade the class by one of the doors; return all that was said."""
    if door == "nbgrader":
        return nbgrader(course, "autograde", "tiny").stderr
    summary = autograde("tiny", course, jobs=1)
    return "\n".join(f"{one.student}: {line}" for one in summary.results for line in [one.problem, *one.repairs])


@pytest.mark.parametrize("door", ["grader", "nbgrader"])
def test_links_in_submitted(course, submit, scores_in, hand_in, door):
    """Linked notebooks, folders and students are refused; linked files, pipes and sockets beside are left out."""
    ada = submit("ada")
    (ada / "notes.txt").write_text(SECRET)
    top = course.root / "submitted"
    for student, path, target in (
        ("notebook", "tiny/tiny.ipynb", ada / "tiny.ipynb"),
        ("relative", "tiny/tiny.ipynb", Path("../../ada/tiny/tiny.ipynb")),
        ("inner", "tiny/work", ada),
        ("assignment", "tiny", ada),
        ("graded", "tiny", course.root / "autograded" / "ada" / "tiny"),
        ("student", "", ada.parent),
    ):
        place = top / student / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    eve = submit("eve", double=None, center=None)
    for name, target in (("a.txt", ada / "notes.txt"), ("gradebook.db", course.root / "gradebook.db"), ("d", ada)):
        (eve / name).symlink_to(target)
    os.mkfifo(eve / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(eve / "s"))
    for name in ("zip", "tar"):  # of archives the links are told and left out
        folder = top / name / "tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_bytes(hand_in(double=None, center=None))
    with tarfile.open(top / "tar" / "tiny" / "more.tar", "w") as archive:
        info = tarfile.TarInfo("stolen.txt")
        info.type, info.linkname = tarfile.SYMTYPE, str(ada / "notes.txt")
        archive.addfile(info)
    with zipfile.ZipFile(top / "zip" / "tiny" / "more.zip", "w") as archive:
        info = zipfile.ZipInfo("stolen.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, str(ada / "notes.txt"))
    said = by_either(course, door)
    scores = {student: cells["test_double"][0] for student, cells in scores_in().items()}
    assert scores == {"ada": 2.0, "eve": 0.0, "zip": 0.0, "tar": 0.0}, said
    kept = [path for path in (course.root / "autograded").rglob("*") if path.is_file() and "ada" not in path.parts]
    assert {path.name for path in kept} == {"tiny.ipynb", "more.zip", "more.tar"}  # the archives, as they came
    assert "links were left out: 'a.txt', 'd', 'gradebook.db'" in said
    for student in ("notebook", "relative", "inner", "assignment", "graded", "student"):
        assert f"{student}: " in said


def test_check_of_a_folder(course, submit):
    """grader check refuses a folder whose notebook is a link."""
    ada = submit("ada")
    folder = course.root / "submitted" / "eve" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").symlink_to(ada / "tiny.ipynb")
    with pytest.raises(Refused, match="a link"):
        check_file(folder, sources=course.sources)


def test_collect_follows_no_link(course, submit, tmp_path):
    """nbgrader collect brings in no file that a link in the exchange points at, and goes on with the class."""
    inbound = tmp_path / "exchange" / "dl101" / "inbound"
    inbound.mkdir(parents=True)
    for folder in (tmp_path / "exchange", inbound):
        folder.chmod(0o777)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.course_id = 'dl101'\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    ready = submit("model")
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    for student in ("ada", "beside", "notebook", "zoe"):
        shutil.copytree(ready, inbound / f"{student}+tiny+2026-11-21 10:00:00 UTC")
    beside, notebook = (inbound / f"{student}+tiny+2026-11-21 10:00:00 UTC" for student in ("beside", "notebook"))
    (beside / "stolen.txt").symlink_to(secret)
    (beside / "folder").symlink_to(ready)
    os.mkfifo(beside / "pipe")
    (notebook / "tiny.ipynb").unlink()
    (notebook / "tiny.ipynb").symlink_to(ready / "tiny.ipynb")
    (inbound / "whole+tiny+2026-11-21 10:00:00 UTC").symlink_to(ready)
    done = nbgrader(course, "collect", "tiny")
    assert done.returncode == 0, done.stderr
    top = Course(course.root).submitted
    came = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    assert came == {f"{student}/tiny/tiny.ipynb" for student in ("model", "ada", "beside", "zoe")}
    assert "links and pipes were left out: 'folder', 'pipe', 'stolen.txt'" in done.stderr
    assert "is a link, perhaps to another student's work" in done.stderr
