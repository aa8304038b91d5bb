"""A student's process seen from the trusted end: outputs, errors, limits, deaths, and calls as if they were local."""

import functools
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from grader.sandbox.failures import Died, StudentError, TimedOut
from grader.sandbox.limits import Limits
from grader.sandbox.messages import Handle
from grader.sandbox.session import MAX_RESTARTS, Session
from grader.sandbox.warm import IsolationError, Lost, WarmProcess

from .attacking import needs_namespaces

KIB = 1024


def run(session, source, seconds=5.0, budget=64 * KIB, **more):
    """Run a cell with generous limits."""
    return session.run(source, seconds, budget, **more)


def call(session, name, *args, seconds=5.0, at="", **kwargs):
    """Call a student's function with generous limits."""
    return session.call(name, args, kwargs, seconds, at)


# -- cells ---------------------------------------------------------------------------------------------------------


def test_outputs_in_order(session):
    """Prints, errors streams, displays and the last value are kept in the order they came."""
    ran = run(
        session,
        "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')\n"
        "from IPython.display import HTML, display\ndisplay(HTML('<b>four</b>'))\n'five'",
    )
    assert ran.error is None
    assert [(o.kind, o.name, o.text) for o in ran.outputs[:3]] == [
        ("stream", "stdout", "one\n"),
        ("stream", "stderr", "two\n"),
        ("stream", "stdout", "three\n"),
    ]
    assert ran.outputs[3].data["text/html"] == "<b>four</b>"
    assert (ran.outputs[4].kind, ran.outputs[4].data["text/plain"]) == ("execute_result", "'five'")


def test_cells_share_their_names(session):
    """A later cell sees what an earlier one assigned, magics and top-level await included."""
    run(session, "import asyncio\nx = 20")
    run(session, "%precision 3\ny = await asyncio.sleep(0, 22)")
    assert session.value("x", 1.0) + session.value("y", 1.0) == 42


def test_plots_are_pictures_when_drawn(session):
    """A figure becomes a PNG; without draw it is made but not rendered."""
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    drawn = [o.data for o in run(session, plot).outputs]
    assert any(data.get("image/png", "").startswith("iVBOR") for data in drawn)
    undrawn = run(session, plot, draw=False)
    assert undrawn.error is None
    assert not any("image/png" in o.data for o in undrawn.outputs)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def f(:", "SyntaxError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("exit()", None),
        ("%env NO_SUCH_VARIABLE", "UsageError"),
        ("%%html", "UsageError"),
        ("class E(BaseException): pass\nraise E", "E"),
    ],
)
def test_error_of_a_cell_is_named_and_the_next_runs(session, source, error):
    """An error ends its cell only; an exit request ends nothing."""
    ran = run(session, source)
    if error is not None:
        assert ran.error == error
    run(session, "after = 1")
    assert session.value("after", 1.0) == 1


def test_traceback_shows_the_cell_and_no_path(session):
    """The student sees their own line and no path of this machine."""
    ran = run(session, "def f():\n    return 1 / 0\nf()")
    text = "\n".join(ran.outputs[-1].traceback)
    assert "return 1 / 0" in text
    assert "site-packages" not in text
    assert "grader" not in text


def test_flood_is_cut_and_counted(session):
    """Of 100 MB the budget is kept, the rest counted; the cell is not a failure."""
    ran = run(session, "line = 'x' * 999 + '\\n'\nfor _ in range(100_000): print(line, end='')", 60.0)
    assert ran.error is None
    kept = sum(len(o.text) for o in ran.outputs)
    assert 64 * KIB <= kept < 65 * KIB
    assert ran.outputs[-1].text == "[99,934,464 more characters of output were not kept]\n"


def test_one_huge_print_is_cut(session):
    """A single print far over the budget is cut, and the process lives."""
    ran = run(session, "print('y' * 100_000_000)", 60.0)
    assert ran.error is None
    assert len(ran.outputs[0].text) == 64 * KIB
    run(session, "alive = True")
    assert session.value("alive", 1.0) is True


def test_flood_of_displays_is_cut(session):
    """Displays count against a budget of their own, their number included."""
    ran = run(
        session, "from IPython.display import HTML, display\nfor _ in range(20_000): display(HTML('z' * 1000))", 60
    )
    size = sum(len(text) for o in ran.outputs for text in o.data.values())
    assert size <= 8 * 64 * KIB
    assert "more characters" in ran.outputs[-1].text


def test_output_that_utf8_cannot_carry(session):
    """Lone surrogates are replaced, not fatal."""
    ran = run(session, "print('\\ud800 fine')\nraise ValueError('\\udfff')")
    assert ran.outputs[0].text == "? fine\n"
    assert ran.error == "ValueError"


# -- limits and deaths ---------------------------------------------------------------------------------------------


def test_endless_loop_is_stopped_and_names_survive(session):
    """A loop without end is a TimedOut; what earlier cells and the loop's own lines assigned is still there."""
    run(session, "x = 1")
    with pytest.raises(TimedOut, match=r"did not end in 0\.3 s"):
        run(session, "y = 2\nwhile True: pass", 0.3)
    assert (session.value("x", 1.0), session.value("y", 1.0)) == (1, 2)


def test_loop_that_swallows_the_interrupt_is_killed(session):
    """A loop that catches every exception is killed; the cells before it are replayed."""
    run(session, "x = 1")
    with pytest.raises(TimedOut, match="had to be killed"):
        run(session, "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: x = 2", 0.3)
    assert session.value("x", 1.0) == 1


def test_sleep_is_stopped(session):
    """Waiting counts as time, too."""
    with pytest.raises(TimedOut):
        run(session, "import time\ntime.sleep(600)", 0.3)


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("import os\nos._exit(7)", "ended with code 7"),
        ("import os\nos.abort()", "abort"),
        ("import ctypes\nctypes.string_at(0)", "crashed"),
        ("import os\nos.closerange(3, 200)", "the process"),
    ],
    ids=["exit", "abort", "crash", "closes its channel"],
)
def test_death_costs_one_cell(session, source, how):
    """A cell that ends the process is a Died that says how; what earlier cells made is there again."""
    run(session, "x = [1]")
    with pytest.raises(Died, match=how):
        run(session, source)
    run(session, "x.append(2)")
    assert session.value("x", 1.0) == [1, 2]


def test_killed_process_is_replayed(session):
    """A process killed from outside is lost, not the student's death, and another one gets the names back."""
    import os
    import signal

    run(session, "x = 5")
    os.kill(session._child.process.pid, signal.SIGKILL)
    needs_namespaces(session._warm)
    with pytest.raises(Lost, match="killed from outside"):
        session.value("x", 1.0)
    assert session.value("x", 1.0) == 5


def test_endless_recursion(session):
    """Python's own recursion is an error of the cell, recursion in C that or a death, and neither more than that."""
    assert run(session, "def f(): return f()\nf()").error == "RecursionError"
    run(session, "x = 1")
    endless = (
        "import sys\nsys.setrecursionlimit(10**9)\nclass A:\n    def __repr__(self): return repr([self])\nrepr(A())"
    )
    if sys.version_info < (3, 12):  # later ones bound recursion in C, too
        with pytest.raises(Died, match="crashed"):
            run(session, endless, 30.0)
    else:
        assert run(session, endless, 30.0).error == "RecursionError"
    assert session.value("x", 1.0) == 1


def test_deaths_without_end_are_given_up(session):
    """A student whose every cell dies is given up after some restarts, with that as the reason."""
    for _ in range(MAX_RESTARTS + 1):
        with pytest.raises(Died, match="code 1"):
            run(session, "import os\nos._exit(1)")
    with pytest.raises(Died, match="the rest was not run"):
        run(session, "x = 1")


def test_replay_that_dies_gives_up(zygote):
    """When the cells that ran well do not run again, the session says so instead of restarting for ever."""
    with Session(zygote) as session:
        run(session, "import os, random\nif random.random() < 0: os._exit(1)")
        session._replay.append(("import os\nos._exit(9)", 5.0, ""))
        with pytest.raises(Died):
            run(session, "import os\nos._exit(1)")
        for _ in range(2):
            with pytest.raises(Died, match=r"run again|was not run"):
                session.value("os", 1.0)


@pytest.fixture(scope="module")
def tight():
    """A warm process whose children have 200 MB of memory and 2 MB of files."""
    with WarmProcess(None, Limits(memory_mb=200, folder_mb=2)) as warm:
        yield warm


def test_memory_limit(tight):
    """A grab beyond the limit is a MemoryError of the cell; less than the limit is fine; the process lives."""
    with Session(tight) as session:
        assert run(session, "import numpy as np\nok = np.ones(10 * 2**20)").error is None
        assert "MemoryError" in run(session, "big = np.ones(2**30)").error
        assert run(session, "huge = bytearray(2**31)").error == "MemoryError"
        assert session._restarts == 1


def test_results_too_large_for_the_memory_left(tight):
    """A result whose copy does not fit into the limit is an error of the call, not a death."""
    with Session(tight) as session:
        run(session, "import numpy as np\ndef f():\n    return [big] * 30\nbig = np.ones(2**22)")
        with pytest.raises(StudentError, match="MemoryError"):
            call(session, "f", seconds=20.0)
        assert session._restarts == 1


def test_memory_taken_in_small_bites(tight):
    """Growing without end stops at the limit and costs no more than the cell."""
    with Session(tight) as session:
        try:
            ran = run(session, "hoard = []\nwhile True: hoard.append(bytearray(2**20))", 20.0)
        except Died:
            pass
        else:
            assert ran.error == "MemoryError"
        run(session, "del hoard" if session._child else "pass")
        assert run(session, "x = 1").error is None


def test_files_are_private_and_limited(tight):
    """A student may write some megabytes in a folder that the next submission finds empty."""
    with Session(tight) as session:
        assert run(session, "open('mine.txt', 'w').write('hello')\nopen('mine.txt').read()").error is None
        assert run(session, "open('big', 'wb').write(b'0' * 2**24)").error == "OSError"
    with Session(tight) as session:
        run(session, "import os\nleft = os.listdir('.')")
        assert session.value("left", 1.0) == []


def test_files_handed_in_lie_beside_the_notebook(zygote):
    """Files are there in each process of the session, after a death too."""
    with Session(zygote, {"data/a.txt": b"7"}) as session:
        run(session, "n = int(open('data/a.txt').read())")
        with pytest.raises(Died):
            run(session, "import os\nos._exit(1)")
        assert session.value("n", 1.0) == 7


def test_strict_isolation_refuses_less_than_everything(monkeypatch):
    """Isolation that the system does not offer is refused with what is lacking."""
    hear = WarmProcess._hear
    monkeypatch.setattr(
        WarmProcess, "_hear", lambda self: {**hear(self), "have": ["seccomp"], "missing": {"landlock": "old kernel"}}
    )
    with pytest.raises(IsolationError, match="landlock: old kernel"):
        WarmProcess(None)


# -- calls ---------------------------------------------------------------------------------------------------------


def test_calls_look_local(session):
    """Arguments by position and name, arrays, tuples and scalars keep their types on the way there and back."""
    run(session, "def f(x, *rest, scale=1):\n    return {'x': x * scale, 'rest': rest, 'type': type(scale).__name__}")
    got = call(session, "f", np.arange(3, dtype=np.float32), (1, "a"), None, scale=np.float32(2))
    assert got["x"].dtype == np.float32
    assert got["x"].tolist() == [0, 2, 4]
    assert got["rest"] == ((1, "a"), None)
    assert got["type"] == "float32"


def test_errors_of_calls_carry_name_text_and_line(session):
    """What a function raises arrives as its name, text and line in the student's cell."""
    run(session, "def f(x):\n    y = 1\n    return x[10]")
    with pytest.raises(StudentError) as caught:
        call(session, "f", [1])
    error = caught.value
    assert (error.type_name, error.message, error.line) == ("IndexError", "list index out of range", 3)


def test_missing_names(session):
    """A function or variable that is not there is a NameError of the student's."""
    for ask in (lambda: call(session, "nowhere"), lambda: session.value("nowhere", 1.0)):
        with pytest.raises(StudentError, match="name 'nowhere' is not defined") as caught:
            ask()
        assert caught.value.missing_name == "nowhere"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x = nowhere", "nowhere"),
        ("def f(): return nowhere\nf()", "nowhere"),
        ("%time nowhere", "nowhere"),
        ("raise NameError(\"name 'x' is not defined\")", ""),
        ("def f():\n    x += 1\nf()", ""),
        ("1 / 0", ""),
        ("a" * 300, "a" * 100),
    ],
)
def test_a_cell_tells_the_name_it_missed(session, source, name):
    """What the interpreter found undefined is a field, whatever the error's words are."""
    assert run(session, source).missing_name == name


def test_exit_in_a_call_is_an_error(session):
    """sys.exit inside a function is the student's error, not the end."""
    run(session, "import sys\ndef f():\n    sys.exit('bye')\ndef g():\n    return 1")
    with pytest.raises(StudentError, match="SystemExit"):
        call(session, "f")
    assert call(session, "g") == 1


def test_call_without_end(session):
    """A call has a time limit of its own, also when it waits inside a callable of the test."""
    run(session, "def f():\n    while True: pass\ndef g(h):\n    while True: h(1)")
    with pytest.raises(TimedOut, match=r"f did not end in 0\.3 s"):
        call(session, "f", seconds=0.3)
    with pytest.raises(TimedOut):
        call(session, "g", lambda x: x, seconds=0.3)


def test_prints_of_calls_go_nowhere(session):
    """What a function prints while it is tested is dropped, and does not appear in the next cell."""
    run(session, "def f():\n    print('noise')\n    return 1")
    assert call(session, "f") == 1
    assert run(session, "pass").outputs == []


def test_arrays_changed_in_place_are_changed_here(session):
    """A write into an argument is visible to the test, dtype and identity kept; an untouched one stays."""
    run(session, "def f(x, y, out=None):\n    x[0] = 9\n    out[...] = y\n")
    x, y, out = np.zeros(3), np.ones(2), np.zeros(2, dtype=np.float32)
    same = out
    call(session, "f", x, y, out=out)
    assert x.tolist() == [9, 0, 0]
    assert y.tolist() == [1, 1]
    assert same.tolist() == [1, 1]
    assert out.dtype == np.float32


def test_read_only_arguments_stay_read_only(session):
    """A test can forbid writing, and the student's function hears NumPy's own error."""
    run(session, "def f(x):\n    x[0] = 1")
    x = np.zeros(2)
    x.flags.writeable = False
    with pytest.raises(StudentError, match="read-only"):
        call(session, "f", x)


def test_lists_and_dicts_changed_in_place(session):
    """Appends, deletions and writes into arrays inside a dict are visible, inner identity kept."""
    run(
        session,
        "def f(items, params):\n    items.append(4)\n"
        "    params['W'] -= 1\n    del params['old']\n    params['new'] = 5",
    )
    items, weights = [1], np.ones(2)
    params = {"W": weights, "old": 0}
    call(session, "f", items, params)
    assert items == [1, 4]
    assert params["W"] is weights
    assert weights.tolist() == [0, 0]
    assert sorted(params) == ["W", "new"]


def test_generator_advances_as_in_a_local_call(session):
    """Numbers drawn by the student's function are gone from the test's generator."""
    run(session, "def f(rng):\n    return rng.normal(size=3)")
    rng, local = np.random.default_rng(1), np.random.default_rng(1)
    assert call(session, "f", rng).tolist() == local.normal(size=3).tolist()
    assert rng.normal() == local.normal()


def test_unused_generator_stays(session):
    """A function that draws nothing leaves the generator as it was."""
    run(session, "def f(rng):\n    return 0")
    rng = np.random.default_rng(1)
    call(session, "f", rng)
    assert rng.normal() == np.random.default_rng(1).normal()


def test_callables_run_here(session):
    """A function among the arguments runs in the test's process and its results and errors arrive there."""
    run(
        session,
        "def f(g, x):\n    try:\n        g(x, bad=True)\n    except ValueError as e:\n        return g(x), str(e)",
    )
    seen = []

    def g(x, bad=False):
        seen.append(x.copy())
        if bad:
            raise ValueError("no")
        return x.sum()

    assert call(session, "f", g, np.arange(3.0)) == (3.0, "no")
    assert len(seen) == 2


def test_verdict_inside_a_callable_cannot_be_swallowed(session):
    """An assertion that fails in a callable fails the test, whatever the student's code catches."""
    run(session, "def f(g):\n    try:\n        g(1)\n    except BaseException:\n        pass\n    return 'fine'")

    def g(x):
        raise AssertionError("x must be 0")

    with pytest.raises(AssertionError, match="x must be 0"):
        call(session, "f", g)


LOOKS = """
import inspect, types
def looks(g, *calls):
    told = []
    for args, kwargs in calls:
        try:
            told.append(g(*args, **kwargs))
        except TypeError as error:
            told.append(str(error).replace("test_functions_of_a_test_look_like_functions.<locals>.", ""))
    return [type(g) is types.FunctionType, g.__name__, str(inspect.signature(g)), told]
"""


def constant(x):
    return x


def optional(x, y=2.5, *, mode=("a", None)):
    return [x, y, list(mode)]


def every_kind(a, /, b, *rest, c=1, **more):
    return [a, b, list(rest), c, more]


@pytest.mark.parametrize("function", [constant, optional, every_kind, lambda x, n=10**30: x], ids=lambda f: f.__name__)
def test_functions_of_a_test_look_like_functions(session, function):
    """Name, signature, defaults and the errors of wrong arguments are those of the function itself."""
    calls = [((1,), {}), ((1, 2), {}), ((), {}), ((1, 2, 3), {}), ((1,), {"mode": ("b",)}), ((1, 2), {"c": 3, "d": 4})]
    run(session, LOOKS)
    local = {}
    exec(LOOKS, local)
    expected = local["looks"](function, *calls)
    assert call(session, "looks", function, *calls) == expected
    assert expected[1] == function.__name__


@pytest.mark.parametrize(
    ("function", "name", "result"),
    [
        (np.exp, "exp", 1.0),
        (functools.partial(pow, exp=3), "f", 0),
        (lambda x, kept=[]: kept.append(x) or len(kept), "<lambda>", 1),  # a default that is no constant
        (int, "int", 0),
        (max, "max", 0),
        (every_kind.__get__(7), "every_kind", [7, 0, [], 1, {}]),
    ],
    ids=["ufunc", "partial", "changing default", "type", "built-in", "method"],
)
def test_other_callables_of_a_test_become_functions(session, function, name, result):
    """Whatever can be called stands there as a function, under its name where it has one."""
    run(session, "import types\ndef f(g, *x):\n    return type(g) is types.FunctionType, g.__name__, g(*x)")
    assert call(session, "f", function, *([0, -1] if function is max else [0])) == (True, name, result)


def test_containers_that_come_back_unchanged_are_not_sent_again(session, monkeypatch):
    """A namedtuple, a dict or a set of the student's own that the next call only reads does not count as changed."""
    monkeypatch.setattr("grader.sandbox.session.apply_change", lambda *changed: pytest.fail(f"changed: {changed}"))
    run(session, "from collections import OrderedDict, namedtuple\nP = namedtuple('P', 'x')")
    run(session, "def make():\n    return P(1), OrderedDict(a=P(2)), {3}\ndef read(*given):\n    return 1")
    made = call(session, "make")
    assert call(session, "read", *made) == call(session, "read", *made) == 1


def test_one_function_passed_twice_is_one_function(session, monkeypatch):
    """Identity is kept, within a call and from call to call; the argument does not count as changed."""
    monkeypatch.setattr("grader.sandbox.session.apply_change", lambda *changed: pytest.fail(f"changed: {changed}"))
    run(session, "kept = []\ndef f(g, h):\n    kept.append(g)\n    return g is h and kept[0] is g")
    assert call(session, "f", constant, constant)
    assert call(session, "f", constant, constant)
    assert not call(session, "f", constant, optional)


def test_a_function_of_a_test_that_a_student_keeps_can_be_called_later(session):
    """What stands for it is stored, returned in a cache and handed back, and still calls the test's function."""
    run(session, "def f(g):\n    global kept\n    kept = g\n    return 1, (g, 2)\ndef later(x):\n    return kept(x)")
    run(session, "def use(cache, x):\n    return cache[0](x), cache[0] is kept")
    _, cache = call(session, "f", lambda x: 10 * x)
    assert isinstance(cache[0], Handle)
    assert call(session, "later", 4) == 40
    assert call(session, "use", cache, 5) == (50, True)


def test_a_function_of_a_test_may_call_the_student(session):
    """A call within a call works like a local one: results, errors, arguments changed, and the names of its pin."""
    run(session, "k = 1\ndef f(g, x):\n    return g(x) + 1\ndef g(x):\n    return k * 2 * x", pin="one")
    run(session, "k = 100\ndef h(x):\n    x[0] = 1 / x[1]")
    run(
        session,
        "def sure(g, x):\n    try:\n        return g(x)\n    except ZeroDivisionError as e:\n        return str(e)",
    )
    at_one = functools.partial(call, session, at="one")
    assert at_one("f", lambda x: at_one("f", lambda y: at_one("g", y), x), 3.0) == 8.0
    assert call(session, "f", lambda x: at_one("g", x), 3.0) == 7.0
    assert at_one("f", lambda x: call(session, "g", x), 3.0) == 7.0  # within a pin, later values only at another pin
    run(session, "k = 1\ndef doubles(g):\n    global k\n    k = 2 * k\n    return g(1)", pin="two")
    run(session, "k = 100")
    assert call(session, "doubles", lambda x: call(session, "g", x, at="two"), at="two") == 4  # assigned a moment ago
    items = [0, 2]
    assert call(session, "sure", lambda x: call(session, "h", x), items) is None
    assert call(session, "sure", lambda x: call(session, "h", x), [0, 0]) == "division by zero"
    assert session.value("k", 1.0) == 100


def test_a_call_within_a_call_may_not_end(session):
    """Where the inner call runs out of time or dies, so does the outer one, and the next is answered."""
    run(
        session,
        "import os\ndef f(g):\n    return g(1)\ndef loop(x):\n    while True: pass\ndef die(x):\n    os._exit(1)",
    )
    with pytest.raises(TimedOut, match=r"loop did not end in 0\.3 s"):
        call(session, "f", lambda x: call(session, "loop", x, seconds=0.3))
    with pytest.raises(Died):
        call(session, "f", lambda x: call(session, "die", x))
    assert call(session, "f", lambda x: x) == 1


def test_calls_within_calls_have_a_depth(session):
    """A function that calls itself through the test's function comes to an end as a deep recursion does."""
    run(session, "def f(g):\n    return g(1)")

    def again(_):
        return call(session, "f", again)

    with pytest.raises(StudentError, match="RecursionError"):
        call(session, "f", again)
    assert call(session, "f", lambda x: x) == 1


def test_callable_can_be_returned_and_kept(session):
    """A callable of the test that a student's function returns is not executable here."""
    run(session, "def f(g):\n    return g")
    got = call(session, "f", functools.partial(int, 3))
    assert isinstance(got, Handle)
    assert not callable(got)


def test_opaque_things_stay_and_can_be_passed_back(session):
    """A cache object stays in the student's process behind a handle that a later call can use."""
    run(
        session,
        "class Cache:\n    def __init__(self, x): self.x = x\n"
        "def forward(x):\n    return 2 * x, Cache(x)\n"
        "def backward(d, cache):\n    return d * cache.x",
    )
    out, cache = call(session, "forward", 3.0)
    assert out == 6.0
    assert isinstance(cache, Handle)
    assert cache.type_name == "Cache"
    assert call(session, "backward", 2.0, cache) == 6.0


def test_handle_of_a_dead_process(session):
    """A handle whose process died is an error of that call, not of the batch."""
    run(
        session,
        "class C: pass\ndef make():\n    return C()\ndef use(c):\n    return 1\ndef die():\n    import os; os._exit(1)",
    )
    handle = call(session, "make")
    with pytest.raises(Died):
        call(session, "die")
    with pytest.raises((StudentError, Died)):
        call(session, "use", handle)
    assert call(session, "use", 1) == 1


@pytest.mark.parametrize(
    "result",
    ["[[[" * 20 + "]]]" * 20, "np.zeros(2**24)", "'x' * 2**28", "'\\ud800'"] + ["(x for x in iter(int, 1))"],
    ids=["nested", "128 MB", "long string", "surrogate", "endless"],
)
def test_results_that_cannot_travel(session, result):
    """A result that is not plain data, too deep or too large is an error of the call, and the process lives."""
    run(session, f"import numpy as np\ndef f():\n    return {result}\ndef g():\n    return 1")
    with pytest.raises(StudentError, match="NotPlain"):
        call(session, "f", seconds=20.0)
    assert call(session, "g") == 1
    assert session._restarts == 1


def test_errors_while_a_generator_is_read_are_errors_of_the_call(session):
    """A generator that raises when it is read raises as the function would, and the process lives."""
    run(session, "def f(x):\n    yield 1\n    yield 1 / x")
    with pytest.raises(StudentError, match="ZeroDivisionError") as caught:
        call(session, "f", 0)
    assert caught.value.line == 3
    assert call(session, "f", 2) == [1, 0.5]
    assert session._restarts == 1


@pytest.mark.parametrize(
    ("body", "argument"),
    [
        ("x['y'] = x", "1"),
        ("state.append(state)", "2"),
        ("out['z'] = [state, np.zeros(2**24)]", "out"),
        ("x['y'] = [0] * 1_000_001", "1"),
    ],
)
def test_arguments_that_cannot_travel_any_more_are_named(session, body, argument):
    """An argument that was made endless or too large is told as that argument, and the process lives."""
    run(session, f"import numpy as np\ndef f(x, state, out):\n    {body}\n    return 1")
    with pytest.raises(StudentError, match="NotPlain") as caught:
        call(session, "f", {}, [], out={}, seconds=20.0)
    assert caught.value.argument == argument
    assert session._restarts == 1


@pytest.mark.parametrize("kept", ["np.array([object()])", "np.longdouble(3)", "(n for n in range(3))", "{1, 2}", "f"])
def test_a_state_may_hold_anything(session, kept):
    """What a function stores in a dict of the test is there in the next call, as after a local one."""
    run(
        session,
        "import numpy as np\nlast = None\ndef f(state):\n    global last\n"
        f"    last = state['kept'] = {kept}\n    return 1\n"
        "def same(state):\n    kept = state['kept']\n    return type(kept) is type(last) or float(kept) == 3, "
        "next(kept) if hasattr(kept, '__next__') else 0",
    )
    state = {}
    assert call(session, "f", state) == 1
    assert call(session, "same", state) == (True, 0)


def test_containers_of_the_students_own_come_back_as_they_were(session):
    """A namedtuple, a defaultdict, a set and a deque are plain to the test, which may change them, and whole again."""
    run(
        session,
        "import numpy as np\nfrom collections import defaultdict, deque, namedtuple, Counter\n"
        "from dataclasses import dataclass\nCache = namedtuple('Cache', 'x w')\n"
        "@dataclass\nclass Data:\n    x: float\n"
        "def make(x):\n    state = defaultdict(lambda: 7, a=1)\n"
        "    return Cache(x, np.longdouble(2)), state, {3, 1}, deque([1, 2], maxlen=2), (Data(x),), Counter('aab')\n"
        "def use(cache, state, seen, last, data, counts):\n    state['b'] += 1\n    seen.add(9)\n    last.append(5)\n"
        "    counts.update('b')\n"
        "    return [cache.x, float(cache.w), state['a'], state['c'], last.maxlen, data[0].x]",
    )
    made = call(session, "make", np.ones(2))
    cache, state, seen, last, _, counts = made
    assert (state, seen, last, counts) == ({"a": 1}, [1, 3], [1, 2], {"a": 2, "b": 1})
    assert isinstance(cache, tuple)
    assert (cache[0].tolist(), cache[1]) == ([1, 1], 2.0)
    cache[0][0] = 4  # as a test may
    state["a"] = 5
    for _ in range(2):
        got = call(session, "use", *made)
        assert got[0].tolist() == [4, 1]
        assert got[1:5] == [2.0, 5, 7, 2]
        assert got[5].tolist() == [1, 1]
    assert (state, seen, last) == ({"a": 5, "b": 9, "c": 7}, [1, 3, 9], [5, 5])
    assert counts == {"a": 2, "b": 3}


def test_pins_keep_what_a_cell_knew(session):
    """A call at a pin sees the names as they were after that cell, other names as they are now."""
    run(session, "def f(): return 'first'", pin="one")
    run(session, "def f(): return 'second'\ndef g(): return 'later'", pin="two")
    assert call(session, "f", at="one") == "first"
    assert call(session, "f", at="two") == "second"
    assert call(session, "f") == "second"
    assert call(session, "g", at="one") == "later"


def test_a_call_at_a_pin_sees_the_constants_and_helpers_of_that_time(session):
    """A constant, a helper and a module that a later cell gave another value have the earlier one for that call."""
    run(session, "import math as lib\neps = 1\ndef half(x): return x / 2\ndef f(x): return half(x) + eps, lib.pi > 3")
    run(session, "pass", pin="one")
    run(session, "import cmath as other\nlib = None\neps = 100\ndef half(x): return -x\ndel other")
    assert call(session, "f", 8, at="one") == (5.0, True)
    assert session.value("eps", 1.0, "one") == 1
    assert session.value("eps", 1.0) == 100
    run(session, "del eps")
    assert call(session, "f", 8, at="one") == (5.0, True)
    with pytest.raises(StudentError, match="name 'eps' is not defined"):
        session.value("eps", 1.0)


def test_what_a_call_at_a_pin_assigns_is_kept_at_that_pin(session):
    """A counter of the student's goes on from call to call at one pin, and no later cell or other pin sees it."""
    run(
        session,
        "count = 0\ndef f():\n    global count, fresh\n    count += 1\n    fresh = 7\n    return count",
        pin="one",
    )
    run(session, "count = 50", pin="two")
    assert [call(session, "f", at="one") for _ in range(2)] == [1, 2]
    assert [call(session, "f", at=pin) for pin in ("two", "one", "two")] == [51, 3, 52]
    assert session.value("count", 1.0) == 50
    assert session.value("fresh", 1.0) == 7


@pytest.mark.parametrize("body", ["1 / 0", "while True: pass", "raise SystemExit"], ids=["error", "loop", "exit"])
def test_later_values_come_back_however_a_call_at_a_pin_ends(session, body):
    """An error or an interrupt in the call leaves the later cells' values in place."""
    run(session, f"eps = 1\ndef f():\n    {body}", pin="one")
    run(session, "eps = 2")
    with pytest.raises((StudentError, TimedOut)):
        call(session, "f", at="one", seconds=0.3)
    assert (session.value("eps", 1.0), session.value("eps", 1.0, "one")) == (2, 1)
    assert session._restarts == 1


def test_pins_survive_a_death(session):
    """After a death the replay pins the same cells again."""
    run(session, "def f(): return 'first'", pin="one")
    run(session, "def f(): return 'second'")
    with pytest.raises(Died):
        run(session, "import os\nos._exit(1)")
    assert call(session, "f", at="one") == "first"


def test_sessions_do_not_see_each_other(zygote):
    """What one submission did to its modules and names is unknown to the next."""
    with Session(zygote) as first:
        run(first, "import numpy as np\nnp.testing.assert_allclose = None\nleft = 1")
    with Session(zygote) as second:
        run(second, "import numpy as np\nok = np.testing.assert_allclose is not None\nnames = 'left' in globals()")
        assert second.value("ok", 1.0) is True
        assert second.value("names", 1.0) is False


def test_things_a_test_must_not_pass(session):
    """A test that passes something that cannot travel hears so at once."""
    run(session, "def f(x):\n    return x")
    with pytest.raises(TypeError, match="SimpleNamespace"):
        call(session, "f", SimpleNamespace())


def test_a_generator_that_draws_while_it_is_read_moves_the_rng_of_the_test(session):
    """Batches that are yielded use up random numbers as a local call would."""
    run(session, "def draws(rng):\n    for _ in range(3):\n        yield rng.random()")
    rng, local = np.random.default_rng(5), np.random.default_rng(5)
    assert call(session, "draws", rng) == [local.random() for _ in range(3)]
    assert rng.random() == local.random()


@pytest.mark.parametrize(
    "setting", ["np.seterr(all='raise')", "np.errstate(all='raise').__enter__()", "warnings.simplefilter('error')"]
)
def test_error_settings_of_a_notebook_do_not_reach_a_call(session, setting):
    """What check ignores is no error in grading either; the notebook's cells keep their settings."""
    run(session, "import warnings\nimport numpy as np\ndef f(x):\n    warnings.warn('old')\n    return np.log(x)")
    run(session, setting)
    assert call(session, "f", np.zeros(1)).tolist() == [-np.inf]
    assert run(session, "np.log(np.zeros(1))").error in ("FloatingPointError", "RuntimeWarning")
