"""Write the sample class of ``grader demo``: ``python tests/make_sample_class.py``, ``--check`` to compare only.

Every submission is made from the released notebook, so the class follows when assignment 02 changes.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from sample_answers import CHEAT_END, CHEAT_LOOK, CHEAT_TOP, LOOPS, PLAIN, REUSING, VECTORISED, WORDS

from grader.assignment import Assignment
from grader.released import released_notebook

CLASS = Path(__file__).resolve().parent.parent / "data" / "sample_class"
STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
QUESTIONS = ("why_shift", "first_loss", "cross_entropy_or_hinge")


def do_nothing(_: NotebookNode) -> None:
    """Leave the notebook as the answers made it."""


@dataclass(frozen=True)
class HandIn:
    """One student's submission: right answers in some hand, with those that differ on top."""

    student: str
    did: str
    named: str = "–"
    answers: dict[str, str] = field(default_factory=dict)
    edit: Callable[[NotebookNode], None] = do_nothing


def position(notebook: NotebookNode, grade_id: str) -> int:
    """Find a cell by its nbgrader id."""
    return next(
        i for i, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def insert(notebook: NotebookNode, place: int, source: str, kind: str = "code") -> None:
    """Put a cell of the student's own at ``place``; its id tells where, so that files stay the same."""
    make = new_code_cell if kind == "code" else new_markdown_cell
    notebook.cells.insert(place, make(source=dedent(source).strip("\n"), id=f"own-{place}"))


def after(grade_id: str, *sources: str) -> Callable[[NotebookNode], None]:
    """Make an edit that adds scratch cells under a cell."""

    def edit(notebook: NotebookNode) -> None:
        for number, source in enumerate(sources, 1):
            insert(notebook, position(notebook, grade_id) + number, source)

    return edit


def delete_a_test(notebook: NotebookNode) -> None:
    """Delete the check under cross_entropy, and write a note in its place."""
    place = position(notebook, "test_cross_entropy")
    del notebook.cells[place]
    insert(notebook, place, "*(the cell here was in the way, it works!)*", "markdown")


def duplicate_cells(notebook: NotebookNode) -> None:
    """Copy a solution cell to try something and keep both, and paste a check twice."""
    place = position(notebook, "mse")
    copy = nbformat.from_dict(dict(notebook.cells[place]))
    copy.id = "mse-copy"
    notebook.cells[place].source += "\n\n# first try, works, but see the shorter one below"
    copy.source = copy.source.replace("diff = pred - target", "diff = np.subtract(pred, target)  # 2nd try")
    notebook.cells.insert(place + 1, copy)
    place = position(notebook, "test_softmax")
    again = nbformat.from_dict(dict(notebook.cells[place]))
    again.id = "test-softmax-copy"
    notebook.cells.insert(place + 2, again)


def cheat(notebook: NotebookNode) -> None:
    """Patch the checks, look for files, claim a score, and change a locked cell."""
    check = notebook.cells[position(notebook, "test_softmax")]
    check.source = 'print("softmax: all 4 cases pass. Grading tries other inputs.")\n5.0'
    check.metadata.nbgrader.points = 500
    insert(notebook, position(notebook, "imports") + 1, CHEAT_TOP)
    insert(notebook, position(notebook, "imports") + 2, CHEAT_LOOK)
    insert(notebook, len(notebook.cells), CHEAT_END)


def other_kernel(notebook: NotebookNode) -> None:
    """Hand in from another environment and an older Jupyter: no cell ids, old outputs, numbers out of order."""
    notebook.metadata.kernelspec = NotebookNode(
        display_name="Python [conda env:dl-2019]", language="python", name="conda-env-dl-2019-py"
    )
    notebook.metadata.language_info = NotebookNode(name="python", version="3.7.3", mimetype="text/x-python")
    insert(
        notebook,
        position(notebook, "imports") + 1,
        "%matplotlib inline\nimport warnings\nwarnings.filterwarnings('ignore')",
    )
    insert(notebook, position(notebook, "test_softmax") + 1, "%timeit -n 1 -r 1 softmax(np.ones((100, 10)))")
    for number, cell in enumerate(notebook.cells):
        del cell["id"]
        if cell.cell_type == "code":
            cell.execution_count = 140 - 3 * number
    old = notebook.cells[position(notebook, "test_hinge_loss")]
    old.outputs = [
        new_output(
            "error",
            ename="NameError",
            evalue="name 'hinge_loss' is not defined",
            traceback=["NameError: name 'hinge_loss' is not defined"],
        )
    ]
    notebook.nbformat_minor = 2


def import_missing_packages(notebook: NotebookNode) -> None:
    """Begin with a cell that cannot run anywhere but at home."""
    insert(
        notebook,
        position(notebook, "imports"),
        """
        !pip install -q seaborn-extra-themes
        import seaborn_extra_themes as themes
        import numpy as np
        themes.use("dark")
        """,
    )


def ask_for_input(notebook: NotebookNode) -> None:
    """Leave cells behind that wait for somebody, or leave the kernel."""
    insert(
        notebook,
        position(notebook, "test_hinge_loss") + 1,
        """
        m = float(input("which margin? "))
        print(hinge_loss(np.array([[1.0, 2.0]]), np.array([0]), margin=m))
        """,
    )
    insert(notebook, len(notebook.cells), "# done for today\nexit()")


ENDLESS = """
error = pred - target
goal = np.abs(error).mean()
# gradient descent on a guess, so that I really understand it
guess = 0.0
while True:
    if guess == goal:
        break
    guess = guess + 0.1 if guess < goal else guess - 0.1
return guess, np.sign(error) / error.size
"""

CLASS_LIST = [
    HandIn("adaeze", "everything right, short and vectorised with einsum", answers=VECTORISED),
    HandIn(
        "bruno",
        "everything right, with loops and many words, and scratch cells in between",
        answers=LOOPS,
        edit=after(
            "test_softmax", "# my own test\nsoftmax(np.array([[1.0, 2.0, 3.0]]))", "print(np.exp(1), np.exp(2))"
        ),
    ),
    HandIn(
        "chidi",
        "softmax overflows for large scores",
        "softmax_without_a_shift",
        REUSING
        | {
            "softmax": """
            exp_scores = np.exp(scores)
            return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
            """
        },
        after(
            "test_softmax", "# nan??? but only for 1000, who has scores of 1000\nsoftmax(np.array([[1000.0, 1000.0]]))"
        ),
    ),
    HandIn(
        "dilnoza",
        "hinge loss charges the true class as well",
        "hinge_loss_charging_the_true_class",
        VECTORISED
        | {
            "hinge_loss": """
            N = len(y)
            true = scores[np.arange(N), y][:, None]
            L = np.maximum(0, scores - true + margin)
            G = (L > 0).astype(float)
            G[np.arange(N), y] = 0
            G[np.arange(N), y] = -G.sum(axis=1)
            return L.sum() / N, G / N
            """
        },
    ),
    HandIn(
        "elif",
        "gradient of the softmax loss not divided by N",
        "softmax_cross_entropy_gradient_undivided",
        PLAIN
        | {
            "softmax_cross_entropy": """
            m = scores.max(axis=1, keepdims=True)
            logp = scores - m - np.log(np.exp(scores - m).sum(axis=1, keepdims=True))
            loss = -logp[range(len(y)), y].mean()
            # gradient = p - y
            return loss, np.exp(logp) - np.eye(scores.shape[1])[y]
            """
        },
    ),
    HandIn(
        "farid",
        "one_hot is only as wide as the largest label",
        "one_hot_as_wide_as_the_largest_label",
        PLAIN | {"one_hot": "classes = np.max(y) + 1\nreturn np.identity(classes)[y]"},
    ),
    HandIn(
        "greta",
        "gradient of the squared error without its factor 2",
        "mse_gradient_without_the_two",
        LOOPS
        | {
            "mse": """
            d = pred - target
            loss = np.mean(d * d)
            return loss, d / d.size   # force is proportional to the displacement
            """
        },
    ),
    HandIn(
        "hiro",
        "a small constant inside the logarithm of cross-entropy",
        "cross_entropy_with_a_safety_constant",
        PLAIN
        | {
            "cross_entropy": """
            eps = 1e-8  # avoid log(0)
            picked = np.take_along_axis(probs, y[:, None], axis=1)[:, 0]
            return -np.average(np.log(picked + eps))
            """
        },
    ),
    HandIn("ingrid", "nothing: the release unchanged"),
    HandIn(
        "joao",
        "a syntax error in the hinge loss, the rest right",
        answers=VECTORISED
        | {
            "hinge_loss": """
            N = len(y)
            correct = scores[np.arange(N), y]
            margins = np.maximum(0, scores - correct[:, None] + margin
            margins[np.arange(N), y] = 0
            return margins.sum() / N, (margins > 0) / N
            """
        },
    ),
    HandIn("kwame", "everything right, but a check was deleted", answers=REUSING, edit=delete_a_test),
    HandIn("lena", "everything right, with a solution and a check copied", answers=PLAIN, edit=duplicate_cells),
    HandIn("mateo", "an endless loop in mae, the rest right", answers=LOOPS | {"mae": ENDLESS}),
    HandIn(
        "nadia",
        "everything right, and a scratch cell that prints 100 MB",
        answers=REUSING,
        edit=after(
            "test_mse", '# watch the loss\nfor step in range(100_000):\n    print(step, "loss", "0.693147 " * 110)'
        ),
    ),
    HandIn(
        "oskar",
        "imports a package that is missing, and a file that was not handed in",
        answers=PLAIN
        | {
            "softmax_cross_entropy": """
            from my_helpers import log_sum_exp

            def softmax_cross_entropy(scores, y):
                lse = log_sum_exp(scores)
                loss = np.mean(lse - scores[np.arange(len(y)), y])
                return loss, (np.exp(scores - lse[:, None]) - one_hot(y, scores.shape[1])) / len(y)
            """
        },
        edit=import_missing_packages,
    ),
    HandIn(
        "piotr",
        "cheats: patches the checks, looks for files, claims a score, returns objects equal to everything",
        answers=dict.fromkeys(PLAIN, "return Always(), Always()")
        | dict.fromkeys(("softmax", "cross_entropy"), "return Always()")
        | {"one_hot": "return np.eye(num_classes)[y]"},
        edit=cheat,
    ),
    HandIn(
        "quynh",
        "everything right, from another environment and an older Jupyter, with old outputs",
        answers=VECTORISED,
        edit=other_kernel,
    ),
    HandIn(
        "sören müller",
        "the first three exercises, then ran out of time; an id with a space and umlauts",
        answers={name: PLAIN[name] for name in ("softmax", "one_hot", "cross_entropy")},
    ),
    HandIn(
        "tomas",
        "half of it: only losses where gradients were asked for too, and print instead of return",
        "softmax_cross_entropy_returning_only_the_loss",
        {
            "softmax": PLAIN["softmax"],
            "one_hot": PLAIN["one_hot"],
            "cross_entropy": PLAIN["cross_entropy"],
            "softmax_cross_entropy": """
            # TODO gradient
            s = scores - scores.max(axis=1, keepdims=True)
            return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y])
            """,
            "mse": "loss = np.mean((pred - target) ** 2)\nprint(loss)",
        },
    ),
    HandIn(
        "uma",
        "softmax loss in two steps, infinite for hopeless examples; both errors averaged over the rows only",
        "softmax_cross_entropy_in_two_steps, mse_averaged_over_rows, mae_averaged_over_rows",
        PLAIN
        | {
            "softmax_cross_entropy": """
            p = softmax(scores)
            loss = cross_entropy(p, y)
            return loss, (p - one_hot(y, scores.shape[1])) / len(y)
            """,
            "mse": "m = len(pred)\nreturn np.sum((pred - target) ** 2) / m, 2 / m * (pred - target)",
            "mae": "m = len(pred)\nreturn np.sum(np.abs(pred - target)) / m, np.sign(pred - target) / m",
        },
    ),
    HandIn(
        "viktor",
        "everything right, with a cell that waits for input and one that leaves the kernel",
        answers=REUSING,
        edit=ask_for_input,
    ),
]


def write_answer(cell: NotebookNode, answer: str) -> None:
    """Replace the stub by a body, or the whole cell where the answer is one."""
    answer = dedent(answer).strip("\n")
    if answer.startswith(("def ", "import ", "from ", "class ")):
        cell.source = answer
    else:
        assert STUB in cell.source, cell.source
        cell.source = cell.source.replace(STUB, indent(answer, "    "))


def make(hand_in: HandIn, released: NotebookNode) -> str:
    """Make one submission as the text of a notebook file."""
    notebook = nbformat.reads(nbformat.writes(released), as_version=4)
    for name, answer in hand_in.answers.items():
        write_answer(notebook.cells[position(notebook, name)], answer)
    for question, words in zip(QUESTIONS, WORDS[hand_in.student], strict=True):
        if words:
            notebook.cells[position(notebook, question)].source = words
    hand_in.edit(notebook)
    return nbformat.writes(notebook) + "\n"


def readme() -> str:
    """Make the table of who did what."""
    lines = [
        "# A sample class",
        "",
        "Submissions of assignment 02 as students hand them in, made by `python tests/make_sample_class.py`.",
        "`grader demo` grades them.",
        "",
        "| student | what they did | mistakes to be named |",
        "|---|---|---|",
    ]
    lines += [
        f"| {hand_in.student} | {hand_in.did} | {hand_in.named.replace(', ', '<br>')} |" for hand_in in CLASS_LIST
    ]
    return "\n".join(lines) + "\n"


def files() -> dict[Path, str]:
    """Make all files of the class."""
    assignment = Assignment.find("02-softmax-and-losses")
    released = released_notebook(assignment)
    name = f"{assignment.notebook_name}.ipynb"
    made = {CLASS / hand_in.student / name: make(hand_in, released) for hand_in in CLASS_LIST}
    return made | {CLASS / "README.md": readme()}


def main() -> int:
    """Write the class, or with ``--check`` name what is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is stale")
    check = parser.parse_args().check
    made = files()
    there = {path for path in CLASS.rglob("*") if path.is_file()}
    stale = [path for path, text in made.items() if path not in there or path.read_text(encoding="utf-8") != text]
    stale += sorted(there - made.keys())
    if check:
        for path in stale:
            print(f"{path.relative_to(CLASS.parent.parent)} is stale; run python tests/make_sample_class.py.")
        return int(bool(stale))
    for path in stale:
        if path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
        else:
            path.unlink()
    print(f"{len(CLASS_LIST)} submissions; {len(stale)} files written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
