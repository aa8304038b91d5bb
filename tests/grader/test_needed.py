"""Cells that no score depends on are left out of grading; whatever an exercise uses is run."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from grader.assignment import Assignment, list_assignments
from grader.engine import Engine
from grader.needed import asked_of_student, names_of, not_needed, reads_otherwise
from grader.released import released_notebook
from grader.student_edition import build_student_edition

from . import tiny

NOTE = "Not run while grading"


@pytest.mark.parametrize(
    ("source", "used", "defined"),
    [
        ("x = y + 1", {"y"}, {"x"}),
        ("def f(x):\n    return x + scale", {"scale"}, {"f"}),
        ("def f():\n    global count\n    count = 1", set(), {"f", "count"}),
        ("import numpy as np", set(), {"np"}),
        ("from a.b import c as d", set(), {"d"}),
        ("x[0] = 1", {"x"}, {"x"}),
        ("box.value.deep = 1", {"box"}, {"box"}),
        ("costs.append(3)", {"costs"}, {"costs"}),
        ("%matplotlib inline\nx = 1", set(), {"x"}),
        ("%%time\nx = f(y)", {"f", "y"}, {"x"}),
        ("%%timeit -n 2 setup(a)\nf(y)", {"setup", "a", "f", "y"}, set()),
        ("%%unheard_of\nx = y", {"y"}, {"x"}),
        ("%time x = f(y)", {"f", "y"}, {"x"}),
        ("for k in z:\n    %timeit f(k, y)", {"z", "f", "y"}, {"k"}),
        ("%prun f(y)", {"f", "y"}, set()),
        ("y?", {"y"}, {"y"}),
        ("x = !cat {y}", {"x", "y"}, {"x", "cat", "y"}),
        ("print(f'{x} and {y[0]:.{digits}f}')", {"print", "x", "y", "digits"}, set()),
        ("for k in range(3):\n    pass", {"range"}, {"k"}),
        ("class Net(Base):\n    size = width", {"Base", "width"}, {"Net"}),
        ("f = lambda x: x + bias", {"bias"}, {"f"}),
        ("not python at all", {"not", "python", "at", "all"}, {"not", "python", "at", "all"}),
        ("x = " + "(" * 5000 + "y" + ")" * 5000, {"x", "y"}, {"x", "y"}),
    ],
)
def test_names_are_read_off_without_running(source, used, defined):
    """Global names count, a function's own do not; of what cannot be read, every word does."""
    names = names_of(source)
    assert names.used >= used
    assert names.defined == defined
    if "def f(x)" in source:
        assert "x" not in names.used


def test_cells_are_needed_through_each_other():
    """A cell that defines what a needed cell uses is needed, and one that only shows something is not."""
    sources = ["data = 1", "helper = data", "picture = helper", "def exercise(): return helper", "show(picture)"]
    cells = {place: names_of(source) for place, source in enumerate(sources)}
    assert not_needed(cells, {0, 1, 2, 4}, frozenset()) == {2, 4}
    assert not_needed(cells, {0, 1, 2, 4}, frozenset({"picture"})) == {4}


def test_what_hidden_tests_ask_for_is_read_off_their_text():
    """student.NAME and student.value("NAME") count, other words do not."""
    text = 'def test_x(student):\n    student.double(np.zeros(2))\n    student.value("faulty")\n    other.thing("word")'
    assert asked_of_student(text) == {"double", "value", "faulty"}


OTHER_WAYS = [
    "globals()['scale']",
    "eval('scale')",
    "locals().get('scale', 1)",
    "vars().get('scale')",
    "get_ipython().user_ns['scale']",
    "__import__('__main__').scale",
    "sys.modules[__name__].scale",
    "double.__globals__['scale']",
    "inspect.currentframe().f_globals['scale']",
    "sys._getframe().f_globals['scale']",
    "'scale' in dir()",
    "pd.eval('scale')",
    "_ + 1",
    "Out[3]",
    "%who",
    "%run -i helper.py",
    "%reset -f",
    "%%timeit\nexec('scale')",
    "%%capture\n%run helper",
]


@pytest.mark.parametrize("source", OTHER_WAYS)
def test_other_ways_to_a_name_are_seen(source):
    """A name can be reached without standing where Python looks it up, in a cell and in a file."""
    assert reads_otherwise(["x = 1", source], {})
    if not source.startswith(("%", "_ ", "Out")):
        assert reads_otherwise([], {"tools/helper.py": source.encode()})


@pytest.mark.parametrize(
    "source",
    ["def double(x):\n    return scale * x", "for _ in range(3):\n    x = _", "%time x = f(y)", "%matplotlib inline"]
    + ["print(f'{x}')", "x = load('a.npz')  # In this cell, whose idea was that?", "evaluate(locals_of)"],
)
def test_ordinary_code_is_no_false_alarm(source):
    """What most students write leaves the course's demonstrations out."""
    assert not reads_otherwise([source], {"helper.py": source.encode(), "eval.txt": b"eval", "a.npz": b"eval\xff"})


@pytest.fixture
def grade(tmp_path):
    """Grade a notebook of the tiny assignment, to whose source course cells were added, and return its outputs."""

    def run(added, edit=lambda notebook: None, handed_in=None, **files):
        source = tiny.source_notebook()
        for place, text in added.items():
            source.cells.insert(place, new_code_cell(text))
        assignment = Assignment(tiny.write(tmp_path / "tiny", notebook=source, **files))
        submitted = tiny.source_notebook()
        submitted.cells = nbformat.from_dict(source).cells
        edit(submitted)
        released = released_notebook(assignment)
        with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as engine:
            result = engine.grade(nbformat.writes(submitted).encode(), files=handed_in)
        cells = nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4).cells
        printed = {cell.source: "".join(o.get("text", "") for o in cell.outputs) for cell in cells if "outputs" in cell}
        return {cell.grade_id: cell.score for cell in result.cells}, printed

    return run


def test_a_demonstration_is_left_out_and_says_so(grade):
    """A course cell that nothing needs is not run, whatever it would take."""
    scores, printed = grade({5: "while True: pass"})
    assert printed["while True: pass"].startswith(NOTE)
    assert scores["test_double"] == 2


def test_a_cell_that_a_student_uses_is_run(grade):
    """What a student's function reads from a course cell is there."""

    def uses_it(notebook):
        tiny.cell_of(notebook, "double").source = "def double(x):\n    return scale * x"

    scores, printed = grade({2: "scale = 2\nprint('scaled')"}, uses_it)
    assert printed["scale = 2\nprint('scaled')"] == "scaled\n"
    assert scores["test_double"] == 2


def test_a_name_that_is_missed_makes_the_whole_notebook_run(grade):
    """A use that no reading of the text can see costs no point."""

    def uses_it(notebook):
        tiny.cell_of(notebook, "double").source = (
            "import builtins\nlook_up = getattr(builtins, 'ev' + 'al')\n"
            "def double(x):\n    return look_up('sca' + 'le', double.__getattribute__('__glo' + 'bals__')) * x"
        )

    scores, printed = grade({2: "scale = 2\nprint('scaled')"}, uses_it)
    assert printed["scale = 2\nprint('scaled')"] == "scaled\n"
    assert scores["test_double"] == 2


def test_a_name_that_is_reached_without_an_error_is_there(grade):
    """Code that would go another way where the course's name is not there does not have to."""

    def uses_it(notebook):
        tiny.cell_of(notebook, "double").source = "def double(x):\n    return globals().get('scale', 5) * x"

    scores, printed = grade({2: "scale = 2\nprint('scaled')"}, uses_it)
    assert printed["scale = 2\nprint('scaled')"] == "scaled\n"
    assert scores["test_double"] == 2


def test_a_module_handed_in_reaches_the_notebooks_names(grade):
    """A file beside the notebook that imports __main__ finds there what the course defines."""

    def uses_it(notebook):
        tiny.cell_of(notebook, "double").source = "import tools\ndef double(x):\n    return tools.scale() * x"

    tools = b"import __main__\ndef scale():\n    return getattr(__main__, 'scale', 5)\n"
    scores, _ = grade({2: "scale = 2\nprint('scaled')"}, uses_it, {"tools.py": tools})
    assert scores["test_double"] == 2


def test_a_cell_that_a_student_changed_is_the_students(grade):
    """A demonstration that was changed is run."""

    def changes(notebook):
        notebook.cells[5].source = "print('mine')"

    _, printed = grade({5: "print('ours')"}, changes)
    assert printed["print('mine')"] == "mine\n"


def test_what_a_hidden_test_reads_is_run(grade):
    """A variable of a course cell that a hidden test asks for is there."""
    text = tiny.HIDDEN_TESTS + (
        '\n\ndef test_double_reads_a_variable(student):\n    """It is 7."""\n'
        '    require(student.value("seven") == 7, "seven")\n'
    )
    scores, _ = grade({2: "seven = 7"}, hidden_tests=text)
    assert scores["test_double"] == 2


@pytest.mark.parametrize("name", list_assignments())
def test_most_of_what_the_course_shows_is_left_out(name):
    """In every assignment, of the course's cells only those run that an exercise needs, such as the imports."""
    assignment = Assignment.find(name)
    released = released_notebook(assignment)
    code = {place: cell for place, cell in enumerate(released.cells) if cell.cell_type == "code"}
    names = {place: names_of(cell.source) for place, cell in code.items()}
    shown = {place for place, cell in code.items() if "nbgrader" not in cell.metadata}
    left_out = not_needed(names, shown, assignment.names_asked)
    assert len(left_out) >= 0.25 * len(shown)


def test_variables_of_comprehensions_are_no_names_of_the_cell():
    """In every Python the variable of a list, set or dict comprehension is neither used nor defined by the cell."""
    found = names_of("squares = [x * y for x in data]; kept = {x for x in data}; sizes = {k: len(v) for k, v in pairs}")
    assert found.used == {"y", "data", "len", "pairs"}
    assert found.defined == {"squares", "kept", "sizes"}
