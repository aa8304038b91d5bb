"""Export: scores of the gradebook in files that people, Canvas and Moodle read, and nobody's score in another's row."""

import csv
import io
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from grader.batch import autograde
from grader.course import CourseError
from grader.export import ABSENT, GRADED, UNGRADED, WAITS, Export, Format, Grades, Score, incomplete, write_table
from grader.export_into import fill


def person(name, first=None, last=None, email=None, number=None):
    """A student as nbgrader has one."""
    return SimpleNamespace(id=name, first_name=first, last_name=last, email=email, lms_user_id=number)


PEOPLE = [
    person("ada", "Ada", "Lovelace, Countess", "ada@uni.test", "101"),
    person("bob", "=HYPERLINK(1)", "@Bob", "bob@uni.test", "102"),
    person("jürgen", "Jürgen", "Größe", "jg@uni.test", "103"),
    person("dan", "Dan", "Absent", "dan@uni.test", "104"),
]


def exported(**scores):
    """Scores in one assignment of 5 points: what is a number is graded."""
    known = {name: Score(GRADED, value) if isinstance(value, float) else value for name, value in scores.items()}
    known |= {one.id: Score(ABSENT) for one in PEOPLE if one.id not in known}
    return Export(PEOPLE, [Grades("02-losses", "Softmax and losses", 5.0, known)])


CLASS = exported(ada=4.0, bob=Score(WAITS), jürgen=Score(GRADED, 2 / 3, 0.5))


def rows_of(text, separator=","):
    """Read a file as a spreadsheet does."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_canvas_gets_its_documented_columns():
    """A file for Canvas has its five columns, the row of points, ids of the roster; who waits has an empty cell."""
    rows = rows_of(write_table(CLASS, Format.canvas))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Softmax and losses"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "5"]
    assert rows[2] == ["Lovelace, Countess, Ada", "101", "", "ada", "", "4"]
    assert [row[-1] for row in rows[2:]] == ["4", "", "0.67", ""]


def test_moodle_gets_what_it_can_map():
    """A file for Moodle has a username, an id number and a mail address, any of which its import goes by."""
    rows = rows_of(write_table(CLASS, Format.moodle))
    assert rows[0] == ["Username", "ID number", "First name", "Last name", "Email address", "Softmax and losses"]
    assert rows[3] == ["jürgen", "103", "Jürgen", "Größe", "jg@uni.test", "0.67"]


def test_csv_says_why_a_cell_is_empty():
    """Our own file tells points, penalty and what became of everybody in the gradebook."""
    rows = rows_of(write_table(CLASS, Format.csv))
    assert [row[-4:] for row in rows[1:]] == [
        ["4", "5", "", GRADED],
        ["", "5", "", WAITS],
        ["0.67", "5", "0.5", GRADED],
        ["", "5", "", ABSENT],
    ]


@pytest.mark.parametrize("form", list(Format))
def test_no_name_is_a_formula(form):
    """A name that a spreadsheet would run stands there as text."""
    cells = [cell for row in rows_of(write_table(CLASS, form)) for cell in row]
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)
    assert any("HYPERLINK" in cell for cell in cells)


def test_who_is_unknown_to_a_platform_is_named():
    """Students with neither mail address nor platform id are listed; our own file needs neither."""
    nobody = [*PEOPLE, person("eve")]
    assert "id: eve." in incomplete(nobody, Format.moodle)
    assert incomplete(nobody, Format.csv) == incomplete(PEOPLE, Format.canvas) == ""


# -- into a platform's file ----------------------------------------------------------------------------------------

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Softmax and losses (901),Final (902),Current Score\r\n"
    ",,,,,Manual Posting,,(read only)\r\n"
    "    Points Possible,,,,,5.0,10.0,(read only)\r\n"
    '"Lovelace, Ada",101,,ada@uni.test,A,,7,90\r\n'
    '"Bob",102,,bob@uni.test,A,3,8,91\r\n'
    '"Größe, Jürgen",103,,,A,,9,92\r\n'
    '"Student, Test",999,,x,A,,,\r\n'
).encode()


def test_canvas_own_file_keeps_all_but_the_column():
    """Of Canvas's export only cells with a score change; who waits keeps what stands there; strangers are listed."""
    filled = fill(CANVAS, CLASS)
    before, after = rows_of(CANVAS.decode()), rows_of(filled.data.decode())
    changed = [
        (row, place) for row, old in enumerate(before) for place, text in enumerate(old) if after[row][place] != text
    ]
    assert changed == [(3, 5), (5, 5)]
    assert (after[3][5], after[4][5], after[5][5]) == ("4", "3", "0.67")
    assert filled.data.startswith(b"\xef\xbb\xbfStudent,ID")
    assert filled.data.count(b"\r\n") == CANVAS.count(b"\r\n")
    assert (filled.strangers, filled.left_over, filled.told) == (["Student, Test"], [], [])


WORKSHEET = (
    "Identifier;Full name;Email address;Status;Grade;Maximum Grade;Grade can be changed\n"
    "Participant 7;Ada Lovelace, Countess;ada@uni.test;Submitted;;5,00;Yes\n"
    "Participant 101;Jürgen Größe;jg@uni.test;Submitted;;5,00;Yes\n"
)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_moodles_worksheet_from_excel(coding):
    """Moodle's grading worksheet, with semicolons and in any of Excel's encodings, gets its Grade column filled."""
    filled = fill(WORKSHEET.encode(coding), exported(ada=4.0, jürgen=1.0, dan=2.0))
    rows = rows_of(filled.data.decode("utf-8-sig"), ";")
    assert [row[4] for row in rows] == ["Grade", "4", "1"]
    assert rows[2][1] == "Jürgen Größe"
    assert filled.left_over == ["dan"]


def test_a_participants_number_is_nobody_elses_id():
    """Participant 101 with a name of their own is not the student whose platform id is 101."""
    text = "Identifier,Full name,Grade\nParticipant 101,Somebody Else,\n"
    filled = fill(text.encode(), CLASS)
    assert (filled.cells, filled.strangers) == (0, ["Somebody Else"])


def test_moodles_gradebook_export():
    """Moodle's gradebook export names assignments in its own way; the column is found all the same."""
    text = "First name,Last name,Email address,Assignment: Softmax and losses (Real)\nAda,x,ada@uni.test,-\n"
    assert rows_of(fill(text.encode(), CLASS).data.decode())[1][-1] == "4"


@pytest.mark.parametrize(
    "header",
    [
        "Vorname,Nachname,E-Mail-Adresse,Aufgabe: Softmax and losses (Punkte)",
        "Prénom,Nom,Adresse de courriel,Devoir : Softmax and losses (Brut)",
        "名,姓,メールアドレス,課題: Softmax and losses (実データ)",
    ],
)
def test_moodles_export_in_another_language(header):
    """Students are found by what stands in a column where its title says nothing, the assignment by its name."""
    text = f"{header}\nA.,x,ada@uni.test,-\nNo,Body,nobody@uni.test,3\nJ.,y,jg@uni.test,-\n"
    filled = fill(text.encode(), exported(ada=4.0, jürgen=1.0))
    assert [row[-1] for row in rows_of(filled.data.decode())[1:]] == ["4", "3", "1"]
    assert filled.strangers == ["nobody@uni.test"]


def test_two_rows_for_one_student_are_left_alone():
    """Where two rows are meant for one student neither is filled, and both are told of."""
    filled = fill(CANVAS + b'"Lovelace, Ada",,,ada@uni.test,B,,,\r\n', CLASS)
    assert (filled.cells, filled.left_over) == (1, ["ada"])
    assert "More than one row is meant for one student" in filled.told[0]


def test_other_points_on_the_platform_are_told():
    """Points that the platform counts differently are said, with both numbers."""
    (line,) = fill(CANVAS.replace(b"5.0", b"10"), CLASS).told
    assert "has 5 points in the gradebook and 10 on the platform" in line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("Student,ID,Other (1)\n", "no column for 02-losses; name it: --column NAME. There are"),
        ("Student,Softmax and losses (1),Softmax and losses (2)\n", "more than one column"),
        ("Softmax and losses\n1\n", "no column that tells students"),
    ],
)
def test_what_cannot_be_filled_is_one_line(text, told):
    """A file that is no gradebook, or has not just one column for the assignment, is told in a line."""
    with pytest.raises(CourseError, match=told) as raised:
        fill(text.encode(), CLASS)
    assert "\n" not in str(raised.value)


# -- the command ---------------------------------------------------------------------------------------------------


def test_export_of_a_class(cli, course, submit, tmp_path):
    """Marks by people count; what waits, could not be graded or is absent is empty, and nobody is left out."""
    for student in ("ada", "bob", "cyd"):
        submit(student)
    submit("dee", data=b"no notebook")
    autograde("tiny", course)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.add_student("eve")
        gradebook.add_student("dee2", first_name="=1+1")
        for grade in gradebook.find_submission("tiny", "ada").notebooks[0].grades:
            if grade.name == "why":
                grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.find_submission("tiny", "ada").notebooks[0].late_submission_penalty = 1.0
        gradebook.db.commit()
    file = tmp_path / "grades.csv"
    code, out, err = cli("export", "--course", course.root, "-o", file)
    assert (code, out) == (0, f"{file}: 1 score\n")
    rows = {row[0]: row[4:] for row in rows_of(file.read_text(encoding="utf-8-sig"))[1:]}
    assert rows["ada"] == ["6.5", "9", "1", GRADED]
    assert rows["bob"] == rows["cyd"] == ["", "9", "", WAITS]
    assert rows["eve"] == ["", "9", "", ABSENT]
    assert "2 waiting for a person, left empty: bob, cyd." in err
    assert file.stat().st_mode & 0o777 == 0o600
    cli("export", "tiny", "--course", course.root, "-o", file, "--zero-absent")
    rows = {row[0]: row[4:] for row in rows_of(file.read_text(encoding="utf-8-sig"))[1:]}
    assert rows["eve"] == ["0", "9", "", ABSENT]
    assert rows["dee"] == ["", "9", "", UNGRADED]  # of nobody on the roster, and no zero
    assert "1 not graded, left empty: dee." in err


def test_export_before_grading_is_one_line(cli, course):
    """Export before anything was graded says what to do first."""
    code, _, err = cli("export", "tiny", "--course", course.root)
    assert (code, err) == (1, "grader: Nothing of tiny is graded yet: grader autograde tiny\n")


def test_the_platforms_file_is_kept(cli, course, submit, tmp_path):
    """--into writes another file beside the platform's, which stays as it came."""
    submit("ada")
    autograde("tiny", course)
    file = tmp_path / "canvas.csv"
    file.write_text("Student,ID,SIS Login ID,Section,tiny (4)\nx,1,ada,,\n")
    before = file.read_bytes()
    assert cli("export", "tiny", "--course", course.root, "--into", file)[0] == 0
    assert file.read_bytes() == before
    assert cli("export", "tiny", "--course", course.root, "--into", file, "-o", file)[0] == 2
    assert (tmp_path / "canvas-filled.csv").exists()
