"""A class that hands in work of every kind, good and bad, named and placed as people do."""

import io
import shutil
import zipfile

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from grader import vocabulary

from . import tiny

EVIL = "<script>document.title='owned'</script>"
RIGHT = {"double": tiny.DOUBLE, "center": tiny.CENTER, "why": tiny.WHY}
TOTALS = {
    "ada": 5.0, "bob": 4.0, "cleo": 3.0, "dan": 2.0, "hangs": 3.0, "late": 2.5, "renamed": 5.0, "zipped": 5.0,
    "deeper": 5.0, "two": 5.0, "helper": 5.0, "whole": 5.0, "mangled": 5.0,
}  # fmt: skip
REFUSED = {"garbage", "empty", "other", "linked"}

HALF = """
from nbgrader.plugins import BasePlugin


class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2
"""


def hand_in_every_kind(course, released):
    """Hand in work of every kind that people hand in, good and bad, into ``course``."""

    def notebook(edit=lambda notebook: None, **answers):
        made = nbformat.from_dict(released)
        for grade_id, source in (RIGHT | answers).items():
            if source is not None:
                tiny.cell_of(made, grade_id).source = source
        edit(made)
        return nbformat.writes(made).encode()

    def put(student, data, path="tiny.ipynb"):
        place = course.path("submitted", student, "tiny") / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def mangle(made):
        made.cells = [cell for cell in made.cells if vocabulary.grade_id(cell) != "test_double"]
        tiny.cell_of(made, "imports").source += "\nimport math"
        made.cells.append(nbformat.from_dict({**tiny.cell_of(made, "center"), "id": "center-again"}))
        made.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}

    put("ada", notebook())
    put("ada", b"2026-11-21 10:00:00 UTC", "timestamp.txt")
    put("ada", b"secret", "submission_secret.txt")
    put("bob", notebook(double="def double(x):\n    return x * x", why=None))
    put("cleo", notebook(double=None, why=EVIL))
    put("dan", notebook(center="import os\nos._exit(1)"))
    put("hangs", notebook(double="def double(x):\n    while True: pass"))
    put("late", notebook())
    put("late", b"2026-11-27 10:00:00 UTC", "timestamp.txt")
    put("renamed", notebook(), "tiny (2).ipynb.txt")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("tiny/tiny.ipynb", notebook(double="from two import TWO\ndef double(x):\n    return TWO * x"))
        made.writestr("tiny/two.py", "TWO = 2")
    put("zipped", packed.getvalue(), "tiny.zip")
    put("deeper", notebook(), "tiny/tiny/tiny.ipynb")
    put("two", nbformat.writes(released).encode())
    put("two", notebook(), "tiny-Copy1.ipynb")
    put("helper", notebook(double="from two import TWO\ndef double(x):\n    return TWO * x"))
    put("helper", b"TWO = 2", "two.py")
    shutil.copytree(course.path("release", ".", "tiny"), course.path("submitted", "whole", "tiny"))
    put("whole", notebook())
    put("mangled", notebook(mangle))
    put("garbage", b"%PDF-1.4")
    course.path("submitted", "empty", "tiny").mkdir(parents=True)
    other = new_notebook(cells=[new_code_cell("1", metadata=tiny.about("relu", solution=True))])
    put("other", nbformat.writes(other).encode())
    course.path("submitted", "linked", "tiny").parent.mkdir(parents=True)
    course.path("submitted", "linked", "tiny").symlink_to(course.path("submitted", "ada", "tiny"))
