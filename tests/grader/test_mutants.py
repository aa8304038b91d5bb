"""Mutants are small, distinct changes of a solution."""

from grader.mutants import mutants

SOURCE = '''
def softmax(scores):
    """Rows of probabilities; max(axis=1) here is no code."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    exp = np.exp(shifted)
    return exp / exp.sum(axis=1, keepdims=True)
'''


def changes(source):
    """List what the mutants of a source changed."""
    return [mutant.change for mutant in mutants(source)]


def test_the_mistakes_of_a_softmax_are_among_its_mutants():
    """Axes, keepdims, dropped terms and confused functions are changed, not only operators."""
    found = " ".join(changes(SOURCE))
    for mistake in ("axis=0", "scores.max(axis=1)", "shifted = scores", "exp.mean(", "scores + scores.max", "np.expm1"):
        assert mistake in found


def test_every_mutant_is_another_program():
    """No two mutants are the same, and none is the solution."""
    sources = [mutant.source for mutant in mutants(SOURCE)]
    assert len(sources) == len(set(sources)) > 20
    for source in sources:
        compile(source, "mutant", "exec")
    assert all(change.split("  →  ")[0] for change in changes(SOURCE))


def test_a_docstring_is_not_mutated():
    """Words are no code: a mutant in them could never be noticed."""
    assert not any("no code" in mutant.source for mutant in mutants(SOURCE))


def test_swapping_the_arguments_of_a_commutative_function_is_no_mutant():
    """maximum(a, b) and maximum(b, a) are the same function."""
    assert not any(
        "np.maximum(0, z)" in change.split("  →  ")[1] for change in changes("def f(z): return np.maximum(z, 0)")
    )


def test_thoughtless_answers_and_swapped_results_are_mutants():
    """A cell that returns 0.0, nothing or its argument, and one that returns the right things in the wrong order."""
    source = "def f(x, y):\n    x -= y\n    x[0] = 1\n    return x, y"
    changed = " | ".join(mutant.source for mutant in mutants(source))
    for mistake in ("return 0.0", "return None", "return x |", "return (y, x)", "x += y", "pass"):
        assert mistake in changed + " |"
