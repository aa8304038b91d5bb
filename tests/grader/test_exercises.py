"""The files of exercises/: mistakes as edits of the solution, tables of tests, and what is told of an author's slip."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from grader.assignment import Assignment, find_notebooks_folder
from grader.authoring import family, slip, slips
from grader.diagnosis import Replays, diagnose
from grader.errors import AssignmentError
from grader.exercises import edited
from grader.hidden import Local, run_test, with_rules_looked_at
from grader.hidden_test import HiddenTest, ModuleData
from grader.scoring import score_cell
from grader.slips import SLIPS

from . import tiny

X = np.array([1.5, -2.0])


@pytest.fixture
def write(tmp_path):
    """Write the tiny assignment with other texts and load it."""
    return lambda **files: Assignment(tiny.write(tmp_path / "tiny", **files))


def listed(text, before=""):
    """The text of an exercise's file with these mistakes."""
    return f"from grader.authoring import mistake, slip, slips, variant\n{before}\nMISTAKES = [{text}]\n"


def of_double(assignment):
    """Every form of the known mistakes in double."""
    return [wrong for wrong in assignment.mistakes if wrong.of == "double"]


def gives(assignment):
    """What every known mistake in double gives for X."""
    return [wrong.function(X.copy()).tolist() for wrong in of_double(assignment)]


def test_an_edit_makes_a_wrong_function_of_the_solution(write):
    """What stands once in the solution is replaced, the rest is the solution's own."""
    assignment = write(double=listed("mistake('Tripled.', 'Two.', {'2 * x': '3 * x'})"))
    assert gives(assignment) == [[4.5, -6.0]]
    assert assignment.reference["double"](2.0) == 4.0


def test_a_mistake_may_have_several_forms(write):
    """Each set of edits, each change to the result and each whole function is a form with the same words."""
    whole = "def all_ones(x):\n    return x * 0 + 1"
    text = (
        "mistake('Too much.', 'Two.', {'2 * x': '3 * x'}, {'2 * x': '4 * x'}),"
        "mistake('Afterwards.', 'Two.', after=[lambda y: y + 1, lambda y: y - 1]),"
        "mistake('Both.', 'Two.', {'2 * x': '3 * x'}, after=lambda y: -y),"
        "mistake('Ones.', 'Two.', by=all_ones)"
    )
    assignment = write(double=listed(text, whole))
    forms = [[4.5, -6.0], [6.0, -8.0], [4.0, -3.0], [2.0, -5.0], [-4.5, 6.0], [1.0, 1.0]]
    assert gives(assignment) == forms
    assert [wrong.says for wrong in of_double(assignment)[:3]] == ["Too much.", "Too much.", "Afterwards."]


def test_a_variant_may_be_edited(write):
    """A mistake in another style is an edit of the right way in that style, decorators aside."""
    way = "@variant\ndef adds_twice(x):\n    y = x + x\n    return y\n"
    text = "mistake('Thrice.', 'Two.', {'x + x': 'x + x + x'}, of=adds_twice)"
    assignment = write(double=listed(text, way))
    assert gives(assignment) == [[4.5, -6.0]]
    assert [right.name for right in assignment.variants] == ["adds_twice"]


def test_edited_solutions_see_the_notebooks_other_functions(write):
    """An edit may use what the notebook defines and imports."""
    assignment = write(center=listed("mistake('Doubled.', 'No.', {'x - x': 'double(x) - np.abs(x)'})"))
    (wrong,) = [each for each in assignment.mistakes if each.of == "center"]
    assert wrong.function(np.array([[1.0], [3.0]])).tolist() == [[0.0], [4.0]]


@pytest.mark.parametrize(
    ("edit", "times"), [("{'5 * x': 'x'}", 0), ("{'x': 'y'}", 2)], ids=["stands nowhere", "stands several times"]
)
def test_an_edit_that_does_not_fit_is_the_authors_fault(write, edit, times):
    """A changed solution cannot leave stale mistakes behind: file, mistake and text are named."""
    with pytest.raises(AssignmentError, match=rf"double\.py, mistake 'Odd\.': .* stands {times} times in the"):
        _ = write(double=listed(f"mistake('Odd.', 'No.', {edit})")).mistakes


def test_every_text_to_change_stands_once_when_its_turn_comes():
    """An earlier edit may not make a later one ambiguous."""
    assert edited("a + b", {"a": "c", "b": "d"}, "here") == "c + d"
    with pytest.raises(AssignmentError, match="here: 'b' stands 2 times"):
        edited("a + b", {"a": "b", "b": "d"}, "here")


def test_an_edit_that_is_no_python_names_its_mistake(write):
    """The error says which mistake cannot be run, not just where Python stopped."""
    (wrong,) = of_double(write(double=listed("mistake('Odd.', 'No.', {'2 * x': '2 *'})")))
    with pytest.raises(AssignmentError, match=r"double\.py, mistake 'Odd\.': the edited solution cannot be run"):
        _ = wrong.function


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "mistake('Odd.', 'No.')",
            r"double\.py, line \d+ cannot be loaded: ValueError: The mistake 'Odd\.' has no form",
        ),
        ("slip('ronded')", r"No slip is called 'ronded'\. Did you mean rounded\?"),
        ("slip('rounded', what='x')", r"The slip 'rounded' takes no what="),
        ("slip('fixed', {'2 * x': 'x'})", r"The slip 'fixed' needs what="),
        (
            "mistake('Odd.', 'No.', '2 * x')",
            r"An edit of the mistake 'Odd\.' must be {'before': 'after'}, got '2 \* x'",
        ),
        ("mistake('Odd.', 'No.', {})", r"An edit of the mistake 'Odd\.' must be {'before': 'after'}, got {}"),
        ("mistake('Odd.', 'No.', by=['x'])", r"of=, after= and by= of the mistake 'Odd\.' take functions, got 'x'"),
        ("'Odd.'", r"MISTAKES holds what is no mistake\(\.\.\.\) or slip\(\.\.\.\): 'Odd\.'"),
        (
            "mistake('Odd.', 'No.', {'x': 'y'}, of=print)",
            r"print is edited by a mistake and is no function",
        ),
        ("mistake('Odd.', 'No.', '2 * x')", r"An edit of the mistake 'Odd\.' must be"),
        (
            "mistake('Odd.', 'No.', {'2 * x': 'x'}, of='double')",
            r"of=, after= and by= of the mistake 'Odd\.' take functions, got 'double'",
        ),
        ("mistake('Odd.', 'No.', after=3)", r"of=, after= and by= of the mistake 'Odd\.' take functions, got 3"),
    ],
)
def test_faults_in_mistakes_are_one_line(write, text, words):
    """Each fault of the author's is told with the file and what would be right."""
    with pytest.raises(AssignmentError, match=words):
        _ = write(double=listed(text)).mistakes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MISTAKES = 3", r"double\.py: MISTAKES is no list or set, but 3\."),
        ("CHANGES = 'x'", r"double\.py: CHANGES is no list or set, but 'x'\."),
        ("CHANGES = {3}", r"double\.py: CHANGES holds what is no parameter's name: 3\."),
        ("TESTS = 3", r"double\.py: TESTS is no list or set, but 3\."),
        ("TESTS = [3]", r"double\.py: TESTS holds what is no hidden test; write TESTS = family\(\.\.\.\): 3\."),
        ("raise SystemExit", r"double\.py, line \d+ cannot be loaded: SystemExit"),
        ("from .common import X", r"double\.py, line \d+ cannot be loaded: .* named 'exercises\.common'\."),
    ],
)
def test_faults_in_what_a_file_lists_are_one_line(write, text, words):
    """What is no list, and what does not belong in it, is told with the file; an exit does not end the command."""
    assignment = write(double=text)
    with pytest.raises(AssignmentError, match=words):
        _ = assignment.hidden_tests, assignment.mistakes, assignment.input_rules


def test_slips_bring_the_courses_words(write):
    """A slip is taken by name; one that is something done to the result needs no edit."""
    text = "*slips('rounded', 'nothing_returned'), slip('fixed', {'2 * x': '3 * x'}, what='x')"
    wrong = of_double(write(double=listed(text)))
    assert [each.says for each in wrong] == [
        "The result is rounded.", "Nothing is returned.", "x is not used: a value of its own stands in its place.",
    ]  # fmt: skip
    assert wrong[0].function(np.array([0.12345])).tolist() == [0.247]
    assert wrong[1].function(X) is None


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_says_what_is_wrong_and_how_to_find_out(name):
    """Words of every slip are whole sentences, and those done to a result can be taken without an edit."""
    what = {"what": "x"} if "{what}" in SLIPS[name].says else {}
    made = slip(name, **({} if SLIPS[name].after else {"by": abs}), **what)
    assert made.says.endswith(".")
    assert made.hint.endswith((".", "?"))
    assert "{" not in made.says + made.hint
    assert slips() == []


def test_a_file_of_no_exercise_is_the_authors_fault(write):
    """A misspelt file name is told with the names there are."""
    assignment = write()
    (assignment.folder / "exercises" / "centre.py").write_text("")
    with pytest.raises(
        AssignmentError, match=r"centre\.py: the notebook has no exercise centre, .* Did you mean center\?"
    ):
        _ = assignment.exercises


@pytest.mark.parametrize("name", ["hidden_tests.py", "misconceptions.py", "variants.py"])
def test_files_of_the_earlier_form_are_not_released_by_mistake(write, name):
    """What an assignment's folder held before is refused: as a file beside the notebook it would go to students."""
    assignment = write()
    (assignment.folder / name).write_text("")
    with pytest.raises(AssignmentError, match=rf"{name}: this file is not read any more\. Move .* exercises/NAME\.py"):
        _ = assignment.exercises


def test_exercises_share_a_module(write):
    """`from .common import …` reads common.py, which is no exercise; its data is made whole after each test."""
    tests = (
        "from .common import NUMBERS\n"
        "def test_double_of_shared(student):\n    assert student.double(NUMBERS).tolist() == [2.0, 4.0]\n"
    )
    assignment = write(hidden_tests=tests)
    (assignment.folder / "exercises" / "common.py").write_text("import numpy as np\nNUMBERS = np.array([1.0, 2.0])\n")

    def doubles_in_place(x):
        x *= 2
        return x

    (test,) = assignment.hidden_tests
    for _ in range(2):
        assert run_test(test, Local({"double": doubles_in_place})).passed
    assert [exercise.name for exercise in assignment.exercises] == ["double", "center"]


def test_two_tests_of_one_name_are_the_authors_fault(write):
    """One of them would silently not count."""
    test = "def test_double_it(student):\n    '''Twice.'''\n"
    with pytest.raises(AssignmentError, match=r"center\.py: there is another hidden test test_double_it; rename one"):
        _ = write(hidden_tests=test, center=test).hidden_tests


def positive(student, rng, factor):
    """Positive numbers."""
    assert (student.double(rng.uniform(size=3) + factor) > 0).all()


def zero(student, factor):
    """Zero, {0:g} times."""
    assert student.double(0) == 0 * factor


def test_a_table_makes_a_test_of_each_property():
    """The tests have the exercise's name and the property's, its claim and its marks, and take what tests take."""
    positive.weight = 2.0
    made = family("double", [positive, zero], 3.0)
    assert [test.__name__ for test in made] == ["test_double_positive", "test_double_zero"]
    assert [test.__doc__ for test in made] == ["Positive numbers.", "Zero, 3 times."]
    assert made[0].weight == 2.0
    assert [run_test_of(test) for test in made] == [True, True]


def run_test_of(function):
    """Whether a hidden test passes with a right function."""
    test = HiddenTest(function.__name__, "test_double", "", 1.0, function, ModuleData())
    return run_test(test, Local({"double": lambda x: 2 * x})).passed


def test_tests_of_a_table_count_for_their_exercise(write):
    """TESTS in an exercise's file names them."""
    text = (
        "from grader.authoring import family\n"
        "def of_one(student, expected):\n    '''One.'''\n    assert student.double(1.0) == expected\n"
        "TESTS = family('double', [of_one], 2.0)\n"
    )
    found = {test.name: test.grade_id for test in write(hidden_tests="", double=text).hidden_tests}
    assert found == {"test_double_of_one": "test_double"}


TWO = "import numpy as np\ndef test_double_of_two(student):\n    assert student.double(np.ones(2))[0] == 2.0\n"


def looked_at(assignment, function):
    """Run the tests of double and look at what became of the inputs; return name, verdict and message of each."""
    runs = [run_test(test, Local({"double": function})) for test in assignment.tests_of("test_double")]
    return [(run.test.name, run.passed, run.message) for run in with_rules_looked_at(runs, assignment)]


def spoils(x):
    """Double, then overwrite the input."""
    y = 2 * x
    x[...] = 0
    return y


def test_every_exercise_leaves_its_inputs_alone(write):
    """No test need say so: the rule names the parameter that was changed, and passes where none was."""
    assignment = write(hidden_tests=TWO, double="")
    told = "x was changed; it must stay as it was. Work on a copy, e.g. x.copy()."
    rule = "test_double_leaves_its_inputs_alone"
    assert looked_at(assignment, spoils) == [("test_double_of_two", True, ""), (rule, False, told)]
    assert looked_at(assignment, lambda x: 2 * x) == [("test_double_of_two", True, ""), (rule, True, "")]


def test_a_broken_rule_has_one_price_whatever_the_exercises_tests(write):
    """To change an input costs a tenth of the points beside one test or beside seven, and the feedback says so."""
    for times in (1, 7):
        tests = "".join(TWO.replace("of_two", f"of_two_{number}") + "\n" for number in range(times))
        assignment = write(hidden_tests=tests, double="")
        runs = [run_test(test, Local({"double": spoils})) for test in assignment.tests_of("test_double")]
        cell = score_cell("test_double", 5.0, with_rules_looked_at(runs, assignment), {}, "", False, [])
        assert (len(cell.tests), cell.score, cell.status) == (times + 1, 4.5, "partial")
        assert cell.tests[-1].message.endswith("That costs 10% of the points, in this exercise as in any other.")


def test_to_behave_the_second_time_does_not_help(write):
    """Where an argument was changed, the test goes again; the rule looks at both times."""
    calls = []

    def spoils_at_first(x):
        calls.append(x)
        return spoils(x) if len(calls) == 1 else 2 * x

    assert [passed for _, passed, _ in looked_at(write(hidden_tests=TWO, double=""), spoils_at_first)] == [True, False]


def test_a_key_that_equals_nothing_is_no_crash(write):
    """A test may pass on a dict that a student's function made, and its keys may be NaN."""
    tests = (
        "import numpy as np\ndef test_double_of_a_state(student):\n    student.double(np.ones(2), student.state())\n"
    )
    notebook = tiny.source_notebook()
    tiny.cell_of(notebook, "double").source = "def double(x, state=None):\n    return 2 * x"
    assignment = write(notebook=notebook, hidden_tests=tests, double="")

    def spoils_both(x, state):
        x[...] = 0
        state[float("nan")] = state.pop(next(iter(state)))
        return x

    functions = Local({"double": spoils_both, "state": lambda: {float("nan"): 1.0}})
    runs = [run_test(test, functions) for test in assignment.tests_of("test_double")]
    (_, rule) = with_rules_looked_at(runs, assignment)
    assert rule.message.startswith("x was changed")


def test_the_rule_is_not_there_where_nothing_can_be_changed(write):
    """A function of plain numbers has no such rule, nor one that gave nothing back or nothing right."""
    assert [name for name, *_ in looked_at(write(hidden_tests=TWO, double=""), lambda x: x)] == ["test_double_of_two"]
    numbers = TWO.replace("np.ones(2))[0]", "1.0)")
    assert [name for name, *_ in looked_at(write(hidden_tests=numbers, double=""), lambda x: 2 * x)] == [
        "test_double_of_two"
    ]
    assert [name for name, *_ in looked_at(write(hidden_tests=TWO, double=""), abs_of_a_word)] == ["test_double_of_two"]


def abs_of_a_word(x):
    """Raise."""
    return abs("word")


def test_what_an_exercise_is_there_to_change_it_may_change(write):
    """A parameter in CHANGES is no input in the sense of the rule; one that the exercise does not take is told."""
    allowed = write(hidden_tests=TWO, double="CHANGES = {'x'}")
    assert looked_at(allowed, spoils) == [("test_double_of_two", True, "")]
    with pytest.raises(AssignmentError, match=r"double\.py: CHANGES names z, and double takes x\."):
        _ = write(hidden_tests=TWO, double="CHANGES = {'z'}").input_rules


def test_tests_of_changes_in_place_are_left_aside(write):
    """What a test declared in_place passes on is there to be changed."""
    marked = TWO.replace("def test", "from grader.authoring import in_place\n@in_place\ndef test")
    assert looked_at(write(hidden_tests=marked, double=""), spoils) == [("test_double_of_two", True, "")]


def test_a_mistake_in_place_is_named_where_it_fails_the_rule_alone(write):
    """A function that is right but for its input is told so by the known mistake's own words."""
    text = listed("mistake('The input is emptied.', 'A copy.', {'2 * x': '2 * x; x[...] = 0'})")
    assignment = write(hidden_tests=TWO, double=text)
    runs = [run_test(test, Local({"double": spoils})) for test in assignment.tests_of("test_double")]
    replays, runs = Replays(assignment), with_rules_looked_at(runs, assignment)
    (found,) = diagnose(runs, replays)
    assert found.says == "The input is emptied."
    (wrong,), rule = of_double(assignment), runs[-1].test
    assert replays.run(wrong, rule) is replays.run(wrong, rule)  # looked at once, whoever made the mistake


HUGE = """import numpy as np
from nnlib.checks import require
def test_double_of_ones(student):
    require(student.double(np.ones(2))[0] < 100, "It is far too large.")
def test_double_of_twos(student):
    require(student.double(np.full(2, 2.0))[0] < 100, "It is far too large.")
def test_double_is_positive(student):
    require(student.double(np.ones(2))[0] > 0, "It must be positive.")
"""


def test_where_no_numbers_are_alike_what_the_tests_say_names_a_mistake(write):
    """A student's own choice of numbers hides a mistake; the words of all tests show it, unless two share them."""
    huge = "mistake('The result is huge.', 'How large?', {'2 * x': '2000 * x'})"
    other = "mistake('Something else.', 'What?', {'2 * x': '3000 * x'})"
    for mistakes, found in ((huge, ["The result is huge."]), (f"{huge}, {other}", [])):
        assignment = write(hidden_tests=HUGE, double=listed(mistakes))
        for function, named in ((lambda x: 5000 * x, found), (lambda x: -x, [])):
            runs = [run_test(test, Local({"double": function})) for test in assignment.tests_of("test_double")]
            assert [one.told for one in diagnose(runs, Replays(assignment))] == named


def test_where_a_mistake_fails_more_it_is_said_as_a_possibility(write):
    """The words of the failed tests alone are less: what passes with the student fails with the mistake."""
    worse = "mistake('The result is huge.', 'How large?', {'2 * x': '2000 * x - 2500'})"
    assignment = write(hidden_tests=HUGE, double=listed(worse))
    runs = [run_test(test, Local({"double": lambda x: 60 * x})) for test in assignment.tests_of("test_double")]
    assert [run.passed for run in runs] == [True, False, True]
    assert [one.told for one in diagnose(runs, Replays(assignment))] == ["Perhaps: The result is huge."]


def test_the_exercise_that_contributing_shows_works(tmp_path):
    """Put into the assignment in the place of its own file, it is read, the solution passes, and each mistake fails."""
    contributing = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```python\n(\"{3}softmax: .*?)```", contributing, flags=re.DOTALL)
    folder = shutil.copytree(find_notebooks_folder() / "02-softmax-and-losses", tmp_path / "02")
    (folder / "exercises" / "softmax.py").write_text(shown, encoding="utf-8")
    assignment = Assignment(folder)
    tests = assignment.tests_of("test_softmax")

    def passes(function):
        runs = [run_test(test, Local({"softmax": function})) for test in tests]
        return all(run.passed for run in with_rules_looked_at(runs, assignment))

    wrong = [each for each in assignment.mistakes if each.of == "softmax"]
    assert passes(assignment.reference["softmax"])
    assert [passes(right.function) for right in assignment.variants if right.of == "softmax"] == [True]
    assert [str(each) for each in wrong if passes(each.function)] == []
    assert len(wrong) == 2
    assert len([line for line in shown.split("\n") if line.strip()]) <= 20


def test_lists_of_lists_break_a_rule_and_no_test(write):
    """Right numbers in nested lists are taken for the array they stand for; a test of its own says what is asked."""
    assignment = write()
    center = assignment.reference["center"]
    listed = {**assignment.reference, "center": lambda x: center(x).tolist()}
    runs = [run_test(test, Local(listed)) for test in assignment.tests_of("test_center")]
    assert all(run.passed for run in runs)
    *same, rule = with_rules_looked_at(runs, assignment)
    assert [run.test.name for run in same] == [run.test.name for run in runs]
    assert (rule.passed, rule.test.claim) == (False, "Arrays come back as arrays, not as lists of lists.")
    assert "np.array makes one" in rule.message


def test_an_exercise_whose_solution_gives_lists_may_give_them(write):
    """What the author's own solution returns is right."""
    notebook = tiny.source_notebook()
    tiny.cell_of(notebook, "center").source = "def center(x):\n" + tiny.solution("return (x - x.mean(axis=0)).tolist()")
    assignment = Assignment(tiny.write(write().folder, notebook))
    runs = [run_test(test, Local(assignment.reference)) for test in assignment.tests_of("test_center")]
    assert all(run.passed for run in with_rules_looked_at(runs, assignment))
