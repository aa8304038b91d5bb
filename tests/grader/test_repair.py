"""Whatever is handed in becomes the released notebook's shape again, with every word of the student's kept."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.reading import Refused, read_notebook, with_line_feeds
from grader.repair import repair

from . import tiny


@pytest.fixture
def mend(released):
    """Read and repair bytes; return the notebook and what was repaired."""

    def run(data):
        notebook, repairs = read_notebook(data, "tiny.ipynb")
        repairs += repair(notebook, released, "tiny.ipynb").lines
        nbformat.validate(notebook)
        return notebook, repairs

    return run


def ids(notebook):
    """List the grade_ids in order."""
    return [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]


ALL = ["imports", "double", "test_double", "center", "test_center", "question", "why"]

# -- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"%PDF-1.4 ...", "is not a notebook"),
        (b"\xff\xfe\x00\x01", "is not a notebook"),
        (b"PK\x03\x04 zipped", "is not a notebook"),
        (b"<html>Sign in to JupyterHub</html>", "is not a notebook"),
        (b'{"cells": [', "is not a notebook"),
        (b"[" * 100_000, "is not a notebook"),
        (b'{"a": 1}', "JSON but not a notebook"),
        (b"[1, 2]", "JSON but not a notebook"),
        (b'"text"', "JSON but not a notebook"),
        (b'{"nbformat": "4", "cells": []}', "JSON but not a notebook"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b'{"nbformat": 3, "cells": []}', "could not be brought to format 4"),
        (b'{"nbformat": 99, "cells": []}', "could not be brought to format 4"),
        (b'{"nbformat": -1, "cells": []}', "could not be brought to format 4"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_notebook_is_refused(data, words):
    """Each kind of wrong file is refused with its name, what it is and what to ask for, in one line."""
    with pytest.raises(Refused) as caught:
        read_notebook(data, "work.ipynb")
    assert str(caught.value).startswith("work.ipynb: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_too_large_file_is_refused():
    """A file over the limit is refused before it is parsed."""
    with pytest.raises(Refused, match="may have at most 128 MB, got 129 MB"):
        read_notebook(b" " * (129 * 2**20), "work.ipynb")


def test_notebook_of_50_mb_is_read(mend, hand_in):
    """A notebook swollen by 50 MB of output is graded like any other; the output is not kept."""

    def swell(notebook):
        output = nbformat.v4.new_output("stream", text="x" * 50 * 2**20)
        tiny.cell_of(notebook, "test_double").outputs = [output]

    data = hand_in(swell)
    assert len(data) > 50 * 2**20
    notebook, repairs = mend(data)
    assert repairs == []
    assert len(nbformat.writes(notebook)) < 10_000


def test_cell_of_many_megabytes_is_refused():
    """A single cell whose text cannot travel to the sandbox is the student's problem, told in one line."""
    with pytest.raises(Refused, match="cell 2 has 20 MB of text"):
        read_notebook(
            nbformat.writes(
                nbformat.v4.new_notebook(cells=[new_code_cell("1"), new_code_cell("#" * (20 * 2**20))])
            ).encode(),
            "work.ipynb",
        )


def test_byte_order_mark_is_no_problem(mend, hand_in):
    """A notebook that an editor saved with a byte order mark is read."""
    notebook, repairs = mend(b"\xef\xbb\xbf" + hand_in())
    assert ids(notebook) == ALL
    assert repairs == []


def v3(cells, **extra):
    """Write a notebook in the format of 2014."""
    book = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    return json.dumps(book | extra).encode()


def test_format_3_is_brought_up_to_date(mend):
    """A notebook of format 3 keeps code, headings, text and ids."""
    notebook, repairs = mend(
        v3(
            [
                {"cell_type": "heading", "level": 2, "source": ["My heading"], "metadata": {}},
                {
                    "cell_type": "code", "language": "python", "outputs": [], "collapsed": False,
                    "input": tiny.DOUBLE.splitlines(True), "metadata": {"nbgrader": {"grade_id": "double"}},
                },
            ]
        )
    )  # fmt: skip
    assert "an old notebook format was brought up to date" in repairs
    assert tiny.cell_of(notebook, "double").source == tiny.DOUBLE
    assert "## My heading" in [cell.source for cell in notebook.cells]
    assert notebook.nbformat == 4


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig"])
def test_a_notebook_of_another_encoding_is_read(coding):
    """What a shell of Windows saved, in UTF-16 or with a mark before it, keeps every letter."""
    code = tiny.DOUBLE + "\n# été, 數"
    data = v3([{"cell_type": "code", "language": "python", "outputs": [], "input": code}], nbformat=2)
    notebook, repairs = read_notebook(data.decode().encode(coding), "tiny.ipynb")
    assert [cell.source for cell in notebook.cells] == [code]
    assert any("UTF-16" in line for line in repairs) == (coding == "utf-16")


def test_format_2_is_brought_up_to_date(mend):
    """A notebook of format 2 keeps its code; without ids it is not told from another assignment's."""
    data = v3([{"cell_type": "code", "language": "python", "outputs": [], "input": "x = 1"}], nbformat=2)
    notebook, repairs = read_notebook(data, "tiny.ipynb")
    assert [cell.source for cell in notebook.cells] == ["x = 1"]
    assert repairs[0] == "an old notebook format was brought up to date"


def test_source_as_list_or_string():
    """Both spellings of a cell's text that nbformat allows are read."""
    cells = [{"cell_type": "code", "source": ["a = 1\n", "b = 2"]}, {"cell_type": "code", "source": "c = 3"}]
    notebook, _ = read_notebook(json.dumps({"nbformat": 4, "cells": cells}).encode(), "x.ipynb")
    assert [cell.source for cell in notebook.cells] == ["a = 1\nb = 2", "c = 3"]


@pytest.mark.parametrize(
    "cell",
    [None, 3, "text", [], {}, {"cell_type": "heading"}, {"cell_type": ["code"]}, {"cell_type": None, "source": "x"}],
    ids=str,
)
def test_what_is_no_cell_is_left_out(cell):
    """Something in the list of cells that is no cell is dropped and reported; the rest stays."""
    book = {"nbformat": 4, "cells": [cell, {"cell_type": "code", "source": "x = 1"}]}
    notebook, repairs = read_notebook(json.dumps(book).encode(), "x.ipynb")
    assert [c.source for c in notebook.cells] == ["x = 1"]
    assert "something that is not a cell was left out" in repairs


@pytest.mark.parametrize(
    "metadata",
    [
        None, "text", [], {"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade_id": None}},
        {"nbgrader": {"grade_id": ["double"]}}, {"nbgrader": {}}, {"tags": {"a": 1}}, {"nbgrader": {"grade_id": 3}},
    ],
    ids=str,
)  # fmt: skip
def test_weird_metadata_of_a_cell(mend, hand_in, metadata):
    """Whatever stands in a cell's metadata, the cell stays, as a plain one."""

    def add(notebook):
        notebook.cells.append(new_code_cell("mine = 1"))

    book = json.loads(hand_in(add))
    book["cells"][-1]["metadata"] = metadata
    notebook, repairs = mend(json.dumps(book).encode())
    assert notebook.cells[-1].source == "mine = 1"
    assert notebook.cells[-1].metadata == {}
    assert repairs == []


@pytest.mark.parametrize(
    "metadata", [None, [], "x", {"kernelspec": None}, {"kernelspec": []}, {"kernelspec": {"language": 3}}]
)
def test_weird_metadata_of_the_notebook(mend, hand_in, metadata):
    """Whatever stands in the notebook's metadata, it is a Python notebook afterwards."""
    book = json.loads(hand_in())
    book["metadata"] = metadata
    notebook, _ = mend(json.dumps(book).encode())
    assert notebook.metadata.kernelspec.language == "python"


def test_missing_kernelspec_is_reported(mend, hand_in):
    """A notebook without a kernel is Python again, and the report says so."""
    book = json.loads(hand_in())
    book["metadata"] = {}
    notebook, repairs = mend(json.dumps(book).encode())
    assert repairs == ["the kernel was missing and was set to Python"]
    assert notebook.metadata.kernelspec.name == "python3"


def test_r_kernel_is_replaced(mend, hand_in):
    """A notebook saved under R is Python again, and the report names R."""
    book = json.loads(hand_in())
    book["metadata"]["kernelspec"] = {"display_name": "R", "language": "R", "name": "ir"}
    notebook, repairs = mend(json.dumps(book).encode())
    assert repairs == ["the kernel 'R' was replaced by Python"]
    assert notebook.metadata.kernelspec.name == "python3"


def test_half_characters_are_replaced(engine, hand_in):
    """A lone surrogate in a cell, which UTF-8 cannot carry, costs nobody the grading."""
    book = json.loads(hand_in())
    book["cells"].append(
        {"cell_type": "code", "source": "s = '\ud83d'", "metadata": {"nbgrader": {"grade_id": "\udead"}}}
    )
    book["cells"].append({"cell_type": "markdown", "source": "\ud800 whole: \U0001f600", "metadata": {}})
    result = engine.grade(json.dumps(book).encode(), "ada")
    assert result.score == 5
    assert "whole: \U0001f600" in nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4).cells[-1].source


# -- repairing -----------------------------------------------------------------------------------------------------


def test_untouched_release_needs_no_repair(mend, released):
    """The release itself comes through as it is."""
    notebook, repairs = mend(nbformat.writes(released).encode())
    assert repairs == []
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in released.cells]
    assert [cell.metadata for cell in notebook.cells] == [cell.metadata for cell in released.cells]


def test_another_assignments_notebook_is_refused(mend):
    """A notebook with none of the assignment's cells is refused, with the names of the cells it has."""
    other = nbformat.v4.new_notebook(cells=[new_code_cell("1", metadata=tiny.about("relu", solution=True))])
    with pytest.raises(Refused, match=r"another assignment's notebook\? Its cells are called relu"):
        mend(nbformat.writes(other).encode())


def test_notebook_without_any_cell_of_the_assignment_is_refused(mend):
    """A notebook without ids, in which nothing is the assignment's, is refused in words, not graded as blank."""
    with pytest.raises(Refused, match="none of this assignment's cells"):
        mend(nbformat.writes(nbformat.v4.new_notebook(cells=[new_code_cell("def halve(x): return x / 2")])).encode())


def test_cells_that_lost_their_metadata_are_found_by_their_text(mend, hand_in, released):
    """A tool that strips all metadata costs nothing: checks and answers are found by text, function and question."""
    book = json.loads(hand_in())
    for cell in book["cells"]:
        cell["metadata"] = {}
    notebook, repairs = mend(json.dumps(book).encode())
    assert ids(notebook) == ALL
    assert tiny.cell_of(notebook, "double").source == tiny.DOUBLE
    assert tiny.cell_of(notebook, "why").source == tiny.WHY
    assert repairs == [
        "cells 'imports', 'double', 'test_double', 'center', 'test_center', 'question' and 1 more "
        "had lost nbgrader's metadata and were found again by the text"
    ]


def test_an_answer_pasted_without_metadata_is_the_solution(mend, hand_in):
    """A function in a plain cell is the exercise's answer where the cell provided for it is gone."""

    def retype(notebook):
        notebook.cells.remove(tiny.cell_of(notebook, "double"))
        notebook.cells.insert(2, new_code_cell("%%time\n" + tiny.DOUBLE))

    notebook, repairs = mend(hand_in(retype))
    assert tiny.cell_of(notebook, "double").source == "%%time\n" + tiny.DOUBLE
    assert repairs == ["cell 'double' had lost nbgrader's metadata and was found again by the text"]


def test_tags_and_metadata_that_steer_are_stripped(mend, hand_in, released):
    """Tags such as skip-execution, and all metadata but the release's, are gone."""

    def steer(notebook):
        for cell in notebook.cells:
            cell.metadata.update(tags=["skip-execution", "raises-exception"], collapsed=True)

    notebook, repairs = mend(hand_in(steer))
    assert repairs == []
    assert [cell.metadata for cell in notebook.cells] == [cell.metadata for cell in released.cells]


def test_metadata_of_graded_cells_come_from_the_release(mend, hand_in, released):
    """Points, locks and flags that a student changed are the release's again."""

    def cheat(notebook):
        about = tiny.cell_of(notebook, "test_double").metadata.nbgrader
        about.update(points=1000, locked=False, solution=True)
        tiny.cell_of(notebook, "why").metadata.nbgrader.update(grade=False, solution=False, locked=True)

    notebook, _ = mend(hand_in(cheat))
    for grade_id in ALL:
        assert tiny.cell_of(notebook, grade_id).metadata == tiny.cell_of(released, grade_id).metadata


@pytest.mark.parametrize("grade_id", ["imports", "test_double", "question"])
def test_changed_locked_cells_are_restored(mend, hand_in, released, grade_id):
    """A locked cell has the released text again, what was written there stands beside, and the report says so."""
    notebook, repairs = mend(hand_in(**{grade_id: "hacked = True"}))
    restored = tiny.cell_of(notebook, grade_id)
    place = notebook.cells.index(restored) + (1 if grade_id == "question" else -1)
    kept = notebook.cells[place]
    assert restored.source == tiny.cell_of(released, grade_id).source
    assert (kept.source, kept.cell_type, kept.metadata) == ("hacked = True", restored.cell_type, {})
    assert repairs == [
        f"locked cell {grade_id!r} was changed; restored, and what was written there is kept in a cell of its own"
    ]


def test_lines_taken_out_of_a_locked_cell_leave_no_second_one(mend, hand_in):
    """Where nothing was written into a locked cell, only taken away, it is restored and nothing else is there."""
    notebook, repairs = mend(hand_in(imports="import numpy as np"))
    assert ids(notebook) == ALL
    assert [cell.source for cell in notebook.cells].count("import numpy as np") == 0
    assert repairs == ["locked cell 'imports' was changed; restored"]


@pytest.mark.parametrize(
    "text", ["assert (double(2) == 4)", "assert  double( 2 ) == 4", "assert double(\n    2\n) == 4"]
)
def test_what_a_formatter_does_to_a_locked_cell_is_no_change(mend, hand_in, released, text):
    """An editor that formats code on saving causes no report."""
    notebook, repairs = mend(hand_in(test_double=text))
    assert tiny.cell_of(notebook, "test_double").source == "assert double(2) == 4"
    assert len(notebook.cells) == len(released.cells)
    assert repairs == []


def test_a_remark_in_a_locked_cell_is_kept(mend, hand_in):
    """A comment is words of the student's, too."""
    notebook, _ = mend(hand_in(test_double="assert double(2) == 4  # why 4?"))
    assert "assert double(2) == 4  # why 4?" in [cell.source for cell in notebook.cells]


def test_many_changed_cells_are_one_line(mend, hand_in):
    """A line tells of all cells of which the same is to be said."""
    _, repairs = mend(hand_in(imports="import os", test_double="1", test_center="2"))
    assert repairs == [
        "locked cells 'imports', 'test_double', 'test_center' were changed; restored, "
        "and what was written there is kept in a cell of its own"
    ]


def test_other_systems_line_ends_are_no_change(mend, hand_in):
    """A notebook whose texts end their lines as Windows or old Macs do is the same notebook."""
    for end in ("\r\n", "\r"):
        book = json.loads(hand_in())
        for cell in book["cells"]:
            cell["source"] = "".join(cell["source"]).replace("\n", end)
        notebook, repairs = mend(json.dumps(book).encode())
        assert repairs == []
        assert tiny.cell_of(notebook, "double").source == tiny.DOUBLE


def test_whitespace_around_a_locked_cell_is_no_change(mend, hand_in):
    """A line feed at the end of a test cell is not worth a report."""
    _, repairs = mend(hand_in(test_double="assert double(2) == 4\n\n"))
    assert repairs == []


@pytest.mark.parametrize("grade_id", ["imports", "test_double", "question", "why"])
def test_deleted_cells_are_put_back_where_they_were(mend, hand_in, grade_id):
    """A deleted locked or graded cell is back in its place, the others untouched."""

    def delete(notebook):
        notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != grade_id]

    notebook, repairs = mend(hand_in(delete))
    assert ids(notebook) == ALL
    assert repairs == [f"cell {grade_id!r} was deleted; put back"]


def test_deleted_solution_stays_away(mend, hand_in):
    """The stub of a deleted solution cell would overwrite a function written elsewhere, so it does not come back."""

    def move(notebook):
        notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "double"]
        notebook.cells.insert(0, new_code_cell(tiny.DOUBLE))

    notebook, repairs = mend(hand_in(move))
    assert "NotImplementedError" not in "".join(cell.source for cell in notebook.cells)
    assert tiny.cell_of(notebook, "double").source == tiny.DOUBLE
    assert repairs == ["cell 'double' had lost nbgrader's metadata and was found again by the text"]


def test_solution_that_is_nowhere_is_told(mend, hand_in):
    """A cell for an answer that was deleted, with no answer elsewhere, is told and not put back."""

    def delete(notebook):
        notebook.cells.remove(tiny.cell_of(notebook, "double"))

    notebook, repairs = mend(hand_in(delete))
    assert "double" not in ids(notebook)
    assert repairs == ["solution cell 'double' is missing"]


def test_everything_deleted_but_one_cell(mend, hand_in):
    """From one surviving cell the notebook's locked and graded cells come back in order."""

    def delete(notebook):
        notebook.cells = [tiny.cell_of(notebook, "center")]

    notebook, _ = mend(hand_in(delete))
    assert ids(notebook) == ["imports", "test_double", "center", "test_center", "question", "why"]


def test_of_copies_the_one_with_an_answer_keeps_the_id(mend, hand_in, released):
    """Of a stub and its answered copy the answer is graded, in whichever order they stand, and nothing is lost."""
    for place in (0, -1):

        def copy(notebook, place=place):
            answer = tiny.cell_of(notebook, "double")
            stub = new_code_cell(tiny.cell_of(released, "double").source, metadata=answer.metadata)
            notebook.cells.insert(place if place == 0 else len(notebook.cells), stub)

        notebook, repairs = mend(hand_in(copy))
        assert tiny.cell_of(notebook, "double").source == tiny.DOUBLE
        assert ids(notebook).count("double") == 1
        assert repairs == ["cell 'double' was there 2 times: what was copied as released is left out"]


def test_second_answer_stays_as_a_plain_cell(mend, hand_in):
    """Of two different answers both texts stay; one of them carries the id."""
    other = "def double(x):\n    return x + x"

    def copy(notebook):
        notebook.cells.append(new_code_cell(other, metadata=tiny.cell_of(notebook, "double").metadata))

    notebook, repairs = mend(hand_in(copy))
    sources = [cell.source for cell in notebook.cells]
    assert tiny.DOUBLE in sources
    assert other in sources
    assert repairs == ["cell 'double' was there 2 times: all are run, and the last answer counts"]
    assert ids(notebook).count("double") == 1


def test_copied_test_cell_counts_once(mend, hand_in):
    """A test cell that was copied and pasted counts once, with the released text."""

    def copy(notebook):
        cell = tiny.cell_of(notebook, "test_double")
        notebook.cells.insert(0, new_code_cell("print('mine')", metadata=cell.metadata))

    notebook, _ = mend(hand_in(copy))
    assert ids(notebook).count("test_double") == 1
    assert tiny.cell_of(notebook, "test_double").source == "assert double(2) == 4"


@pytest.mark.parametrize(("grade_id", "kind"), [("double", "markdown"), ("test_double", "raw"), ("why", "code")])
def test_changed_type_is_changed_back(mend, hand_in, released, grade_id, kind):
    """A cell whose type was changed has its type again and keeps its text."""

    def turn(notebook):
        cell = tiny.cell_of(notebook, grade_id)
        make = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": nbformat.v4.new_raw_cell}[kind]
        notebook.cells[notebook.cells.index(cell)] = make(cell.source, metadata=cell.metadata)

    notebook, repairs = mend(hand_in(turn))
    original = tiny.cell_of(released, grade_id).cell_type
    assert tiny.cell_of(notebook, grade_id).cell_type == original
    assert repairs == [f"cell {grade_id!r} was turned into {kind} and back into {original}"]
    assert tiny.cell_of(notebook, "why").source == tiny.WHY
    assert tiny.cell_of(notebook, "double").source == tiny.DOUBLE


def test_attachments_are_kept(mend, hand_in):
    """A photo of a derivation pasted into an answer stays, also where the cell's id was lost."""
    photo = {"image.png": {"image/png": "iVBORw0KGgo="}}

    def paste(notebook):
        tiny.cell_of(notebook, "why").attachments = photo
        notebook.cells.append(new_markdown_cell("![](attachment:image.png)", attachments=photo))

    notebook, _ = mend(hand_in(paste))
    assert tiny.cell_of(notebook, "why").attachments == photo
    assert notebook.cells[-1].attachments == photo


def test_ids_of_cells_are_unique_and_valid(mend, hand_in):
    """Copied cell ids, and those of notebooks that have none, are valid and unique afterwards."""
    book = json.loads(hand_in())
    for cell in book["cells"]:
        cell["id"] = "same"
    notebook, _ = mend(json.dumps(book).encode())
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


SOURCES = st.text(st.characters(codec="utf-8"), max_size=30)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "copy", "answer", "retype", "rename", "move"]), st.integers(0, 99), SOURCES
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_every_word_is_kept(released, edits):
    """Whatever was added, copied, moved, renamed, retyped or written into locked cells: all lines are still there."""
    book = nbformat.from_dict(released)
    for edit, number, text in edits:
        place = number % max(len(book.cells), 1)
        cell = book.cells[place] if book.cells else new_code_cell("")
        if edit == "add":
            book.cells.insert(place, (new_code_cell if number % 2 else new_markdown_cell)(text))
        elif edit == "delete" and len(book.cells) > 1:
            del book.cells[place]
        elif edit == "copy":
            book.cells.append(nbformat.from_dict(cell))
        elif edit == "answer":
            cell.source = text
        elif edit == "retype":
            book.cells[place] = nbformat.v4.new_raw_cell(cell.source, metadata=cell.metadata)
        elif edit == "rename" and "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = text
        elif edit == "move":
            book.cells.append(book.cells.pop(place))
    wrote = [line.strip() for cell in book.cells for line in with_line_feeds(cell.source).split("\n")]
    notebook, _ = read_notebook(json.dumps(book).encode(), "tiny.ipynb")
    try:
        repair(notebook, released)
    except Refused:
        assert not set(ids(book)) & set(ALL)
        return
    nbformat.validate(notebook)
    kept = {line.strip() for cell in [*notebook.cells, *released.cells] for line in cell.source.split("\n")}
    assert [line for line in wrote if line and line not in kept] == []
    graded = [name for name in ids(notebook) if name.startswith("test_") or name == "why"]
    assert sorted(graded) == ["test_center", "test_double", "why"]


# -- files handed in beside the notebook -----------------------------------------------------------------------------
