"""A class's work from a platform's download goes where grading looks for it, safely, and nobody's is lost."""

import io
import json
import stat
import zipfile

import pytest
from nbgrader.api import Gradebook

from grader.batch import autograde
from grader.collect import collect
from grader.course import CourseError
from grader.intake import download
from grader.intake.roster import Roster

from .gradebooks import BOTH


@pytest.fixture
def roster(course):
    """The course with five students in its gradebook."""
    people = [
        ("ada", "Ada", "Lovelace", "ada@example.org", "111"),
        ("bruno", "Bruno", "Müller", "bm@example.org", "222"),
        ("chidi", "Chidi", "Okafor", "chidi@example.org", None),
        ("li1", "Li", "Wei", "li1@example.org", None),
        ("li2", "Wei", "Li", "li2@example.org", None),
    ]
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for student, first, last, email, lms in people:
            gradebook.add_student(student, first_name=first, last_name=last, email=email, lms_user_id=lms)
    return course


def zipped(path, files):
    """Write a zip of files by path; a value that is a pair makes an entry with attributes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def there(course, student):
    """The files of a student's submission, timestamp aside."""
    folder = course.path("submitted", student, "tiny")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "timestamp.txt"
    }


def what(done):
    """What became of whom."""
    return {one.student or one.name: one.what for one in done.collected}


MOODLE = {
    "Ada Lovelace_9001_assignsubmission_file_/tiny.ipynb": b"A",
    "Bruno Muller_9002_assignsubmission_file_/work.zip": b"B",
    "Bruno Muller_9002_assignsubmission_onlinetext_/onlinetext.html": b"hello",
    "Somebody Else_9003_assignsubmission_file_/tiny.ipynb": b"C",
}


@BOTH
def test_a_moodle_download_goes_to_the_students_of_the_roster(roster, tmp_path):
    """Names match without accents; who does not match is named with the nearest and put nowhere."""
    done = collect("tiny", roster, zipped(tmp_path / "moodle.zip", MOODLE))
    assert what(done) == {"Somebody Else": "unmatched", "ada": "new", "bruno": "new"}
    (why,) = (one.why for one in done.collected if one.what == "unmatched")
    assert why.startswith("nobody in the roster has this name or id")
    assert why.endswith("add the student to it, or say whose it is with --map")
    assert there(roster, "ada") == {"tiny.ipynb": b"A"}
    assert there(roster, "bruno") == {"work.zip": b"B"}
    assert done.missing == ["chidi", "li1", "li2"]
    assert "text typed on the platform itself is not graded; read it there: Bruno Muller" in done.told
    assert sorted(path.name for path in roster.submitted.iterdir()) == ["ada", "bruno"]
    again = collect("tiny", roster, tmp_path / "moodle.zip")
    assert again.count("unchanged") == 2


@BOTH
def test_a_canvas_download_matches_by_the_platforms_id(roster, tmp_path):
    """Canvas' number is the roster's lms_user_id; work marked late says that its time is not known."""
    files = {"mullerb_LATE_222_555_tiny-1.ipynb": b"B", "lovelaceada_777_556_tiny.ipynb": b"A"}
    done = collect("tiny", roster, zipped(tmp_path / "canvas.zip", files))
    assert what(done) == {"ada": "new", "bruno": "new"}
    assert there(roster, "bruno") == {"tiny-1.ipynb": b"B"}
    assert next(one for one in done.collected if one.student == "bruno").why.startswith("marked as late")


GRADESCOPE = """
submission_1:
  :submitters:
  - :name: Ada L.
    :sid: ''
    :email: ada@example.org
  :created_at: 2026-11-20 10:00:00 +01:00
submission_2:
  :submitters:
  - :name: Chidi Okafor
    :sid: chidi
    :email: other@example.org
  :created_at: 2026-11-20 11:00:00 Z
"""


def test_a_gradescope_export_matches_by_mail_and_keeps_the_time(roster, tmp_path):
    """The list beside the folders says who and when; the time goes into timestamp.txt, in UTC."""
    files = {"export/submission_metadata.yml": GRADESCOPE, "export/submission_1/tiny.ipynb": b"A"}
    files |= {"export/submission_2/src/tiny.ipynb": b"C", "export/submission_2/src/help.py": b"h"}
    done = collect("tiny", roster, zipped(tmp_path / "gradescope.zip", files))
    assert what(done) == {"ada": "new", "chidi": "new"}
    assert there(roster, "chidi") == {"src/tiny.ipynb": b"C", "src/help.py": b"h"}
    stamp = roster.path("submitted", "ada", "tiny") / "timestamp.txt"
    assert stamp.read_text() == "2026-11-20 09:00:00 UTC\n"


def test_the_exchanges_inbound_keeps_the_latest(roster, tmp_path):
    """Of several submissions the last counts; those of another assignment are not looked at."""
    inbound = tmp_path / "inbound"
    for name, data in {
        "ada+tiny+2026-11-20 10:00:00.000001 UTC+abc": b"old",
        "ada+tiny+2026-11-21 10:00:00.000001 UTC+def": b"new",
        "ada+other+2026-11-22 10:00:00.000001 UTC+ghi": b"no",
    }.items():
        (inbound / name).mkdir(parents=True)
        (inbound / name / "tiny.ipynb").write_bytes(data)
    done = collect("tiny", roster, inbound)
    assert there(roster, "ada") == {"tiny.ipynb": b"new"}
    assert sorted(one.what for one in done.collected) == ["kept", "new"]


def test_a_folder_of_zips_and_folders(roster, tmp_path):
    """Each entry's name stands for its student: an id, a mail address or a name."""
    place = tmp_path / "mails"
    (place / "Okafor Chidi").mkdir(parents=True)
    (place / "Okafor Chidi" / "tiny.ipynb").write_bytes(b"C")
    zipped(place / "ada@example.org.zip", {"tiny.ipynb": b"A"})
    done = collect("tiny", roster, place)
    assert what(done) == {"ada": "new", "chidi": "new"}
    assert list(there(roster, "ada")) == ["ada@example.org.zip"]


def test_a_name_of_two_students_matches_neither(roster, tmp_path):
    """Li Wei and Wei Li are two people: nobody's work is given to the other, and a map mends it."""
    path = zipped(tmp_path / "moodle.zip", {"Wei Li_7_assignsubmission_file_/tiny.ipynb": b"W"})
    done = collect("tiny", roster, path)
    assert what(done) == {"Wei Li": "unmatched"}
    assert done.collected[0].why == "more than one may be meant: li1, li2; say whose it is with --map"
    (tmp_path / "names.csv").write_text("name,student\nWei Li,li2\n")
    assert what(collect("tiny", roster, path, tmp_path / "names.csv")) == {"li2": "new"}
    (tmp_path / "names.csv").write_text("Wei Li,li3\n")
    with pytest.raises(CourseError, match=r"names\.csv, line 1: li3 is not in the roster\.$"):
        collect("tiny", roster, path, tmp_path / "names.csv")


def test_a_platforms_number_that_is_anothers_id_gives_them_nothing(roster, tmp_path):
    """Number and name mean two students, so it is nobody's work; a number and a name that two have mean one."""
    files = {
        "Ada Lovelace_222_assignsubmission_file_/tiny.ipynb": b"A",
        "Wei Li_333_assignsubmission_file_/tiny.ipynb": b"W",
    }
    with Gradebook(roster.db_url, roster.course_id) as gradebook:
        gradebook.update_or_create_student("li2", lms_user_id="333")
    done = collect("tiny", roster, zipped(tmp_path / "moodle.zip", files))
    assert what(done) == {"Ada Lovelace": "unmatched", "li2": "new"}
    assert not roster.path("submitted", "bruno", "tiny").exists()


def test_what_is_there_and_later_stays(roster, tmp_path):
    """Later work, and work of an unknown time, is not replaced unless it is asked for; a dry run writes nothing."""
    folder = roster.path("submitted", "ada", "tiny")
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(b"by hand")
    path = zipped(tmp_path / "moodle.zip", MOODLE)
    assert what(collect("tiny", roster, path))["ada"] == "kept"
    assert there(roster, "ada") == {"tiny.ipynb": b"by hand"}
    assert what(collect("tiny", roster, path, dry_run=True, force=True))["ada"] == "replaced"
    assert there(roster, "ada") == {"tiny.ipynb": b"by hand"}
    assert what(collect("tiny", roster, path, force=True))["ada"] == "replaced"
    assert there(roster, "ada") == {"tiny.ipynb": b"A"}
    (folder / "timestamp.txt").write_text("2026-11-25 10:00:00 UTC\n")
    older = tmp_path / "inbound" / "ada+tiny+2026-11-20 10:00:00 UTC+abc"
    older.mkdir(parents=True)
    (older / "tiny.ipynb").write_bytes(b"older")
    done = collect("tiny", roster, older.parent)
    assert "later work, of 2026-11-25 10:00 UTC, is there and stays" in done.collected[0].why


def test_without_a_roster_names_become_ids(course, tmp_path):
    """An id that no folder can have is never made, and the TA is told that there is no roster."""
    files = {"../evil_5_assignsubmission_file_/tiny.ipynb": b"E", "-rf_6_assignsubmission_file_/tiny.ipynb": b"R"}
    done = collect("tiny", course, zipped(tmp_path / "moodle.zip", files))
    assert any("The roster is empty" in line for line in done.told)
    assert any("leads out of the archive" in line for line in done.told)
    assert sorted(path.name for path in course.submitted.iterdir()) == ["6"]


def link(name):
    """An entry that says it is a link."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_an_archive_cannot_write_outside_or_bring_links(roster, tmp_path):
    """Zip-slip, links and absolute paths are left out and named."""
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Ada Lovelace_1_assignsubmission_file_/../../../../evil.txt", b"x")
        archive.writestr("/etc/evil", b"x")
        archive.writestr(link("Ada Lovelace_1_assignsubmission_file_/passwords"), b"/etc/passwd")
        archive.writestr("Ada Lovelace_1_assignsubmission_file_/tiny.ipynb", b"A")
    done = collect("tiny", roster, path)
    assert there(roster, "ada") == {"tiny.ipynb": b"A"}
    assert any(line.startswith("links were left out") for line in done.told)
    assert not list(roster.root.rglob("evil*"))


def test_a_bomb_takes_no_more_than_its_share(roster, tmp_path, monkeypatch):
    """Work that unpacks to more than the limit is cut, and said so; the others are collected."""
    monkeypatch.setattr(download, "MOST_OF_ONE", 2**20)
    files = {"Ada Lovelace_1_assignsubmission_file_/tiny.ipynb": b"A"}
    files["Ada Lovelace_1_assignsubmission_file_/zeros"] = bytes(64 * 2**20)
    files["Chidi Okafor_2_assignsubmission_file_/tiny.ipynb"] = b"C"
    done = collect("tiny", roster, zipped(tmp_path / "bomb.zip", files))
    assert what(done) == {"ada": "new", "chidi": "new"}
    assert there(roster, "ada") == {"tiny.ipynb": b"A"}
    assert any("more than 1 MB" in line for line in done.told)


def test_files_of_one_name_on_some_disk_do_not_replace_each_other(roster, tmp_path):
    """Capitals, composed letters, and a file where a folder is: the first stays, and the second is named."""
    folder = "Ada Lovelace_1_assignsubmission_file_"
    files = {"a/TINY.ipynb": b"1", "a/tiny.ipynb": b"2", "é": b"3", "e\u0301": b"4", "b": b"5", "b/c": b"6"}
    done = collect("tiny", roster, zipped(tmp_path / "m.zip", {f"{folder}/{k}": v for k, v in files.items()}))
    assert set(there(roster, "ada").values()) == {b"1", b"3", b"5"}
    assert sum("two files of one name" in line for line in done.told) == 3


@pytest.mark.parametrize("text", ["[1, 2]", "submission_1: {}", "submission_1: {':submitters': []}", "{{{"])
def test_a_list_that_is_not_gradescopes_is_one_line(roster, tmp_path, text):
    """Whatever YAML stands there, it is refused in a line."""
    path = zipped(tmp_path / "g.zip", {"submission_metadata.yml": text, "submission_1/tiny.ipynb": b"A"})
    with pytest.raises(
        download.DownloadError, match=r"^submission_metadata\.yml is not as Gradescope writes it: .*\.$"
    ):
        collect("tiny", roster, path)


def test_what_is_no_download_is_one_line(roster, tmp_path):
    """A file that is no archive, and an empty folder, are named."""
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(download.DownloadError, match=r"x\.zip is damaged\.$"):
        collect("tiny", roster, tmp_path / "x.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="holds no work of a student's"):
        collect("tiny", roster, tmp_path / "empty")


def test_what_is_collected_is_graded(roster, tmp_path, hand_in, cli):
    """From a download of zips to scores, with the commands a TA types; exit code 1 where somebody is unmatched."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("homework/tiny.ipynb", hand_in())
    files = {
        "Ada Lovelace_1_assignsubmission_file_/homework.zip": inner.getvalue(),
        "X Y_2_assignsubmission_file_/a": b"",
    }
    path = zipped(tmp_path / "moodle.zip", files)
    code, said, complained = cli("collect", "tiny", path, "--course", roster.root)
    assert (code, "1 new, 1 unmatched." in said, "X Y: nobody in the roster" in complained) == (1, True, True)
    code, said, _ = cli("collect", "tiny", path, "--course", roster.root, "--json")
    assert {json.loads(line)["what"] for line in said.splitlines()} == {"unchanged", "unmatched"}
    results = {result.student: result for result in autograde("tiny", roster, jobs=1).results}
    assert results["ada"].score == 5.0


def test_the_nearest_name_is_offered():
    """Somebody who is spelt otherwise is found by a person."""

    class Person:
        id, first_name, last_name, email, lms_user_id = "kw", "Kwame", "Mensah", "", None

    assert Roster.of([Person]).nearest("Kwame Mensa") == "Kwame Mensah (kw)"
    assert Roster.of([Person]).find("Kwame Mensa") == ""
