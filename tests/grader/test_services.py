"""What notebooks ask of a kernel: a missing service is one line of output, and the cell goes on."""

import subprocess

import pytest

from grader.sandbox.session import Session

AFTER = "\nafter = 1"
OWN_MAGIC = """
from IPython.core.magic import register_line_magic
@register_line_magic
def own(line):
    open('nowhere')
"""


def run(session, source, draw=True):
    """Run a cell; return the error's name, what was printed, and the outputs."""
    ran = session.run(source, 10.0, 2**16, draw=draw)
    return ran.error, "".join(output.text for output in ran.outputs if output.kind == "stream"), ran.outputs


def value(session, name):
    """Read a variable."""
    return session.value(name, 1.0)


@pytest.mark.parametrize(
    "line",
    ["!pip install x", "!nvidia-smi", "%pip install x", "%conda install x", "!sleep 1 &", "%time !ls"]
    + ["get_ipython().system('ls')", "get_ipython().system_raw('ls')", "%ls", "import os; os.system('ls')"],
)
def test_a_program_that_is_not_run_is_one_line(session, line):
    """Other programs are skipped in words, and the cell goes on."""
    error, printed, _ = run(session, line + AFTER)
    assert error is None
    assert printed.startswith("No other program runs while grading: ")
    assert "was skipped.\n" in printed
    assert value(session, "after") == 1


def test_the_line_says_what_was_asked(session):
    """The student finds their own words in it."""
    assert run(session, "!pip install x")[1] == ("No other program runs while grading: !pip install x was skipped.\n")


@pytest.mark.parametrize("asked", ["!ls", "%sx ls", "%system ls", "get_ipython().getoutput('ls')"])
def test_output_of_a_program_is_an_empty_list_of_lines(session, asked):
    """What a program would have printed is IPython's list, with nothing in it."""
    error, _, _ = run(session, f"x = {asked}\nlines, joined, kind = len(x), x.s, type(x).__name__")
    assert error is None
    assert [value(session, name) for name in ("lines", "joined", "kind")] == [0, "", "SList"]


def test_exit_code_is_that_of_a_program_not_found(session):
    """_exit_code is there, and os.system gives the same code in its own form."""
    run(session, "!ls\ncode = _exit_code\nimport os\nstatus = os.waitstatus_to_exitcode(os.system('ls'))")
    assert (value(session, "code"), value(session, "status")) == (127, 127)


@pytest.mark.parametrize(
    "asked", ["run(['ls'])", "call('ls', shell=True)", "check_call(['ls'])", "check_output(['ls'])", "Popen(['ls'])"]
)
def test_subprocess_says_that_the_program_is_not_there(session, asked):
    """A caller that is prepared for a missing program goes on; another sees why."""
    run(session, f"import subprocess\ntry:\n    subprocess.{asked}\nexcept FileNotFoundError:\n    after = 1")
    assert value(session, "after") == 1
    error, _, outputs = run(session, f"subprocess.{asked}")
    assert error == "FileNotFoundError"
    assert "No other program runs while grading" in outputs[-1].text
    assert subprocess.Popen.__module__ == "subprocess"  # the grader's own is as it was


@pytest.mark.parametrize("name", ["bash", "sh", "script cat", "perl", "python3", "bash --out x"])
def test_a_script_for_another_program_is_passed_over(session, name):
    """Cells in other programs' languages are said to be skipped, and none of their body runs."""
    error, printed, _ = run(session, f"%%{name}\nbody = 1")
    assert error is None
    assert printed == f"No other program runs while grading: %%{name} was skipped.\n"
    assert run(session, "body")[0] == "NameError"


@pytest.mark.parametrize(
    "line", ["%tensorflow_version 2.x", "%autosave 60", "%lprun -f f f()", "get_ipython().run_line_magic('none', '')"]
)
def test_an_unknown_line_magic_is_passed_over(session, line):
    """Magics of other systems are one line, and the cell goes on."""
    error, printed, _ = run(session, line + AFTER)
    assert error is None
    assert printed.startswith("There is no such magic while grading: %")
    assert value(session, "after") == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("%load_ext tensorboard", "No module named 'tensorboard'"),
        ("%load_ext google.colab.data_table", "No module named 'google'"),
        ("%notebook out.ipynb", "No module named 'nbformat'"),
        ("%debug", "Nobody is at the keyboard while grading"),
        ("%pdb on", "Nobody is at the keyboard while grading"),
        ("%edit helper.py", "Nobody is at the keyboard while grading"),
        ("breakpoint()", "Nobody is at the keyboard while grading"),
        ("import pdb; pdb.set_trace()", "Nobody is at the keyboard while grading"),
        ("%matplotlib widget", "Figures are shown inline while grading"),
        ("%matplotlib qt", "Figures are shown inline while grading"),
    ],
)
def test_a_magic_without_its_service_is_passed_over(session, line, why):
    """The line says what is missing."""
    error, printed, _ = run(session, line + AFTER)
    assert error is None
    assert printed.startswith(why)
    assert printed.count("\n") == 1
    assert value(session, "after") == 1


@pytest.mark.parametrize(
    "line",
    ["%matplotlib inline", "%cd", "%cd data", "%env FOO=bar", "%store after", "%store -r", "%history", "%save s 1"]
    + ["%who", "%whos", "%pinfo run", "f?", "f??", "%run helper.py", "%run helper.ipynb", "%load helper.py"]
    + ["%timeit -n1 -r1 f()", "%prun f()", "%reset -f in out", "help(f)", "exit()", "get_ipython().magic('time 1')"]
    + ["%config InlineBackend.figure_format = 'retina'", "%load_ext autoreload\n%autoreload 2", "%bookmark here"],
)
def test_services_that_are_there(zygote, line):
    """What a kernel can do without help it does here, too, and says nothing of what is missing."""
    notebook = b'{"cells": [{"cell_type": "code", "source": ["y = 2"]}], "nbformat": 4}'
    files = {"helper.py": b"x = 1\n", "helper.ipynb": notebook, "data/a.txt": b"1"}
    with Session(zygote, files) as session:
        run(session, "after = 0\ndef f():\n    pass")
        error, printed, _ = run(session, line + AFTER)
        assert error is None
        assert "skipped" not in printed
        assert "Errno" not in printed
        assert value(session, "after") == 1
        if "%run helper" in line:
            assert value(session, "x" if line.endswith("py") else "y") in (1, 2)


def test_home_is_the_working_folder(session):
    """%cd alone leads where files may be written."""
    assert run(session, "%cd\nopen('mine.txt', 'w').write('x')")[0] is None


@pytest.mark.parametrize("backend", ["widget", "qt", "agg"])
def test_figures_are_shown_whatever_was_asked_for(session, backend):
    """A figure is a picture of the cell."""
    _, _, outputs = run(
        session, f"%matplotlib {backend}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    )
    assert "image/png" in outputs[-1].data


def test_the_last_result_has_a_name(session):
    """_ and Out are the results of cells."""
    run(session, "6 * 7")
    run(session, "x = _\ny = list(Out.values())")
    assert (value(session, "x"), value(session, "y")) == (42, [42])


@pytest.mark.parametrize("name", ["memit", "skip", "snakeviz -t", "debug"])
def test_the_cell_of_an_unknown_magic_is_run(session, name):
    """A body that is Python may define the answer."""
    error, printed, outputs = run(session, f"%%{name}\n%precision 3\nbody = 1\nbody")
    assert error is None
    assert f"%%{name} was skipped, and its cell runs without it.\n" in printed
    assert outputs[-1].data["text/plain"] == "1"
    assert value(session, "body") == 1


@pytest.mark.parametrize(
    "cell", ["%%bigquery df\nselect", "%%shell\nls", "%%R\nbody <- 3", "%%unknown\nselect * from x", "%%SQL\nbody"]
)
def test_the_cell_of_another_language_is_not_run(session, cell):
    """What is no Python, or is not meant as Python, is skipped."""
    error, printed, outputs = run(session, cell)
    assert error is None
    assert printed.endswith("was skipped.\n")
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("%time 1 / 0", "ZeroDivisionError"),
        ("%timeit -n1 -r1 1 / 0", "ZeroDivisionError"),
        ("%prun 1 / 0", "ZeroDivisionError"),
        ("%run bad.py", "ZeroDivisionError"),
        ("%run opens.py", "FileNotFoundError"),
        ("%run imports.py", "ModuleNotFoundError"),
        ("%run bad.ipynb", "ZeroDivisionError"),  # once: its second cell is not run
        ("%time import nowhere", "ModuleNotFoundError"),
        ("%time open('nowhere')", "FileNotFoundError"),
        ("%%time\n1 / 0", "ZeroDivisionError"),
        ("%%timeit -n1 -r1\n1 / 0", "ZeroDivisionError"),
        ("%%prun\n1 / 0", "ZeroDivisionError"),
        ("%%capture\n1 / 0", "ZeroDivisionError"),
        ("%%memit\n1 / 0", "ZeroDivisionError"),
        ("%%memit\nopen('nowhere')", "FileNotFoundError"),
        ("%load nowhere.py", "ValueError"),
        (OWN_MAGIC + "%own", "FileNotFoundError"),
    ],
)
def test_errors_of_the_students_own_are_shown(zygote, source, error):
    """What a student's code raises inside a magic is the cell's error."""
    cell = '{"cell_type": "code", "source": ["1 / 0"]}'
    notebook = f'{{"cells": [{cell}, {cell}], "nbformat": 4}}'.encode()
    files = {"bad.py": b"1 / 0\n", "opens.py": b"open('nowhere')\n", "imports.py": b"import nowhere\n"}
    with Session(zygote, files | {"bad.ipynb": notebook}) as session:
        ended, _, outputs = run(session, source)
        assert ended == error
        assert [output.name for output in outputs if output.kind == "error"] == [error]


def test_the_name_that_an_unknown_magics_cell_misses_is_told(session):
    """Cells that were left out are run where one is missed, inside a magic, too."""
    assert session.run("%%memit\nx = nowhere", 5.0, 2**16).missing_name == "nowhere"


def test_a_magic_sees_the_names_of_the_function_it_stands_in(session):
    """IPython expands names in a magic's line where the magic stands."""
    run(session, "def f():\n    inner = 5\n    %env SEEN=$inner\nf()")
    run(session, "import os\nexpanded = os.environ['SEEN']")
    assert value(session, "expanded") == "5"


def test_autoreload_takes_up_a_changed_module(zygote):
    """A module that a cell rewrites is read again, and nothing is said of the grader's own."""
    with Session(zygote, {"helper.py": b"x = 1\n"}) as session:
        assert run(session, "%load_ext autoreload\n%autoreload 2\nimport helper")[2] == []
        run(session, "%%writefile helper.py\nx = 1000\n")
        run(session, "got = helper.x")
        assert value(session, "got") == 1000
