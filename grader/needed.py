"""Which of the course's own cells a grading needs: those that define what an exercise, a check or the student uses.

The rest shows pictures and trains networks for people to look at; no score depends on it, and it takes most of a
notebook's time.
"""

import ast
import functools
import re
import symtable
from collections.abc import Iterable, Mapping
from typing import NamedTuple

MOST_PARSED = 200_000  # characters; of a longer cell every word is taken for a name
WORD = re.compile(r"[^\W\d]\w*")
MAGIC = re.compile(r"(?m)^([ \t]*)[%!?](.*)$")
OTHER_WAYS = re.compile(  # in which code reaches a name without saying it where Python looks it up
    r"""\b(globals|locals|vars|dir|eval|exec|compile|__main__|modules|__globals__|f_globals|f_locals|tb_frame|_getframe
    |inspect|get_objects|get_ipython|user_ns|pickle|doctest|unittest|cProfile|profile|runpy|pdb)\b
    |%[ \t]*(who|whos|who_ls|run|reset|reset_selective|store|macro|rerun|recall|load|psearch)\b""",
    re.VERBOSE,
)
RESULTS = {"_", "__", "___", "_ih", "_oh", "In", "Out"}  # what IPython keeps of the cells that were run
LISTED = (ast.ListComp, ast.SetComp, ast.DictComp)
SOURCES = (".py", ".ipy", ".ipynb")


class Names(NamedTuple):
    """The global names that a cell uses, and those that it defines or changes."""

    used: frozenset[str]
    defined: frozenset[str]
    readable: bool = True  # else every word was taken for a name


@functools.lru_cache(maxsize=64)
def assigned_in(source: str) -> frozenset[str]:
    """Names to which a cell gives values outside of functions; none where it cannot be read."""
    try:
        tree = ast.parse(MAGIC.sub(r"\1pass", source[:MOST_PARSED]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    names = (node for target in targets for node in ast.walk(target))
    return frozenset(node.id for node in names if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


@functools.lru_cache(maxsize=64)
def names_of(source: str) -> Names:
    """Read the names off a cell without running it; of one that cannot be read, every word is used and defined."""
    if len(source) > MOST_PARSED:
        return _every_word(source)
    plain = re.sub(r"(?m)^([ \t]*)%time[ \t]+(?=[^-\s])", r"\1", source)  # %time y = f(x) defines y
    in_magics = {word for line in MAGIC.finditer(plain) for word in WORD.findall(line[2])}
    plain = MAGIC.sub(r"\1pass", plain)  # magics are IPython's, not Python's
    try:
        tree = ast.parse(plain)
        nodes = list(ast.walk(tree))
        if any(isinstance(node, LISTED) for node in nodes):
            plain = ast.unparse(_AsGenerators().visit(ast.parse(plain)))
        table = symtable.symtable(plain, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _every_word(source)
    used, defined = in_magics, set()
    tables = [table]
    while tables:
        scope = tables.pop()
        tables += scope.get_children()
        at_top = scope.get_type() == "module"
        # Not its get_symbols(), which goes through all functions of the cell for each name.
        for name, flags in scope._table.symbols.items():  # type: ignore[attr-defined]
            symbol = symtable.Symbol(name, flags, module_scope=at_top)
            if symbol.is_referenced() and (at_top or symbol.is_global()):
                used.add(name)
            if (symbol.is_assigned() or symbol.is_imported()) and (at_top or symbol.is_declared_global()):
                defined.add(name)
    return Names(frozenset(used), frozenset(defined | set(_changed(nodes))))


def _every_word(source: str) -> Names:
    words = frozenset(WORD.findall(source))
    return Names(words, words, readable=False)


class _AsGenerators(ast.NodeTransformer):
    """Turns comprehensions into generators: from Python 3.12 on, the variables of the former are the cell's own."""

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def read_names(sources: Mapping[int, str]) -> dict[int, Names]:
    """Read the names off several cells; none where that would take longer than running them."""
    if sum(map(len, sources.values())) > MOST_PARSED:
        return {}
    return {place: names_of(source) for place, source in sources.items()}


def _changed(nodes: list[ast.AST]) -> list[str]:
    """Names whose object is written into: ``x[0] = 1``, ``x.a = 1``, ``x.append(1)``."""
    targets = [
        node for node in nodes if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store)
    ]
    calls = [node.value.func for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    names = []
    for node in [*targets, *(call for call in calls if isinstance(call, ast.Attribute))]:
        base: ast.expr = node
        while isinstance(base, ast.Subscript | ast.Attribute):
            base = base.value
        names += [base.id] if isinstance(base, ast.Name) else []
    return names


def reads_otherwise(cells: Iterable[str], files: Mapping[str, bytes]) -> bool:
    """Whether a student's cells or files may read a name in a way that ``names_of`` does not see.

    A word in a comment is enough: a false alarm costs time, and nothing else.
    """
    modules = [data for path, data in files.items() if path.endswith(SOURCES)]
    cells = list(cells)
    if sum(map(len, [*modules, *cells])) > MOST_PARSED:
        return True
    texts = [data.decode("utf-8", "replace") for data in modules]
    if any(map(OTHER_WAYS.search, [*cells, *texts])):
        return True
    return any((names.used - names.defined) & RESULTS for names in map(names_of, cells))


def asked_of_student(tests: str) -> frozenset[str]:
    """Names that hidden tests ask for: ``student.NAME`` and ``student.value("NAME")``."""
    tree = ast.parse(tests)
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    called = {node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "student"}
    values = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "value"
    ]
    read = {argument.value for node in values for argument in node.args if isinstance(argument, ast.Constant)}
    return frozenset(called | {name for name in read if isinstance(name, str)})


def not_needed(cells: Mapping[int, Names], course: set[int], asked: frozenset[str]) -> set[int]:
    """Choose the cells of ``course`` that define nothing the other cells use, directly or through each other."""
    needed = set(cells) - course
    wanted = set(asked).union(*(cells[place].used for place in needed))
    while more := {place for place in course - needed if cells[place].defined & wanted}:
        needed |= more
        wanted = wanted.union(*(cells[place].used for place in more))
    return course - needed
