"""nnlib.sources: what the course cites is in the list, and is cited in one way."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from nnlib.sources import LECTURES, PAPERS, SOURCES, Source, main

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(ROOT.glob("notebooks/*/*.py"))
CITING = [
    *sorted(set(ROOT.glob("nnlib/**/*.py")) - {ROOT / "nnlib/sources.py"}),
    *SCRIPTS,
    *sorted(ROOT.glob("notebooks/*/exercises/*.py")),
    *sorted(ROOT.glob("docs/*.md")),
    ROOT / "notebooks/README.md",
    ROOT / "README.md",
    ROOT / "tests/nnlib/test_facts.py",
]

NAME = r"(?<![\w-])[A-ZÀ-Þ][\w'’-]+"
NAMES = rf"{NAME}(?: & {NAME}| et al\.)?"
CITED = re.compile(rf"({NAMES}) \((\d{{4}})\)")
SURNAMES = "|".join(sorted({citation.split()[0] for citation in (paper.citation for paper in PAPERS)}))
WRONG = re.compile(
    rf"{NAME} and {NAME},? \(?(?:19|20)\d\d\b"  # Glorot and Bengio (2010)
    rf"|{NAME} & {NAME},? (?:19|20)\d\d\b"  # Glorot & Bengio, 2010
    rf"|{NAME} & {NAME}, \((?:19|20)\d\d\)"
    rf"|{NAME} and others,? \(?(?:19|20)\d\d\b"
    rf"|{NAME} et al,? \(?(?:19|20)\d\d\b"  # He et al (2015)
    rf"|{NAME} et al\.,? (?:19|20)\d\d\b"  # He et al. 2015
    rf"|\b(?:{SURNAMES}),? (?:19|20)\d\d\b"  # Zeiler, 2012
    rf"|\b(?:{SURNAMES})['’]s \((?:19|20)\d\d\)"  # Nesterov's (1983)
)
LECTURE = re.compile(r"[Ll]ectures? (\d+(?:(?:, | and | to )\d+)*)")


def running_text(path):
    """The file on one line: a citation may be broken between two, in a comment, too."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return " ".join(re.sub(r"^\s*(?:#+ ?)?", "", line) for line in lines)


def plain(citation):
    """Without accents and capitals."""
    letters = unicodedata.normalize("NFKD", citation)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_cited_is_in_the_list(path):
    """``Name (year)``, ``Name & Name (year)``, ``Name et al. (year)`` and ``lecture NNN``."""
    text = running_text(path)
    cited = {f"{who} ({year})" for who, year in CITED.findall(text)}
    lectures = {f"lecture {number}" for group in LECTURE.findall(text) for number in re.findall(r"\d+", group)}
    unknown = sorted((cited | lectures) - set(SOURCES))
    assert not unknown, f"not in nnlib/sources.py: {unknown}"


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_is_cited_in_one_form(path):
    """With an ampersand and the year in parentheses, so that the words can be looked up as they stand."""
    wrong = [found.group() for found in WRONG.finditer(running_text(path))]
    assert not wrong, f"write 'Name & Name (year)': {wrong}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_says_which_lecture_it_means(path):
    """Where it names one first, the title follows in parentheses."""
    text = running_text(path)
    for lecture in LECTURES:
        first = re.search(rf"[Ll]ectures? {lecture.number}", text)
        if first:
            rest = text[first.end() :]
            said = rest.startswith((f" ({lecture.title})", f", {lecture.title}"))  # the latter within parentheses
            assert said, f"write '{lecture.citation} ({lecture.title})'"


def test_the_list_is_sorted_and_has_nothing_twice():
    """By citation, as printed."""
    citations = [paper.citation for paper in PAPERS]
    assert citations == sorted(citations, key=plain)
    assert len(SOURCES) == len(PAPERS) + len(LECTURES)
    assert len({paper.title for paper in PAPERS}) == len(PAPERS)


def test_every_entry_can_be_cited():
    """Its citation is one that the rules above find, and it has all that a reader needs."""
    for paper in PAPERS:
        assert CITED.fullmatch(paper.citation), paper
        assert all(re.match(r"[A-ZÀ-Þ]\. ", author) for author in paper.authors.split(", ")), paper.authors
        assert 1800 < paper.year < 2030
        assert paper.title
        assert paper.venue
        assert not paper.title.endswith(".")


@pytest.mark.parametrize(
    ("authors", "citation"),
    [
        ("M. D. Zeiler", "Zeiler (2012)"),
        ("D. P. Kingma, J. Ba", "Kingma & Ba (2012)"),
        ("A. L. Maas, A. Y. Hannun, A. Y. Ng", "Maas et al. (2012)"),
    ],
)
def test_one_two_and_more_authors(authors, citation):
    """By surnames."""
    assert Source(authors, 2012, "Title", "Venue").citation == citation


@pytest.mark.parametrize(
    "wrong",
    [
        "Glorot and Bengio (2010)",
        "(Glorot & Bengio, 2010)",
        "He et al., 2015",
        "Zeiler, 2012",
        "He et al (2015)",
        "He and others (2015)",
    ],
)
def test_other_forms_are_told(wrong):
    """The rule itself."""
    assert WRONG.search(wrong)
    assert not WRONG.search("Glorot & Bengio (2010), He et al. (2015) and Zeiler (2012) in 2016")


def test_the_command_prints_what_has_all_the_words(capsys):
    """Names, titles, years; without a word everything; with one that nothing has, an error."""
    assert main(["bengio", "2010"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Glorot & Bengio (2010)\n    X. Glorot, Y. Bengio: Understanding the difficulty")
    assert printed.count("\n    ") == 2
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("lecture 000\n    some practical considerations.")
    assert "Krähenbühl et al. (2016)" in printed
    assert main(["nobody"]) == 1
    assert "nothing found" in capsys.readouterr().err


def test_it_runs_as_a_module():
    """And warns of nothing."""
    command = [sys.executable, "-W", "error", "-m", "nnlib.sources", "Adam"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Kingma & Ba (2015)" in done.stdout
