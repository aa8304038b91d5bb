"""Formulas as MathML, which browsers lay out without a script, a font or a network."""

import functools
import html
import re
from xml.etree import ElementTree

LONGEST = 2_000  # characters of one formula that is laid out; a longer one stands as it was typed
SEEN = 512

_ELEMENTS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover",
}  # fmt: skip
_ATTRIBUTES = {
    "accent", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence", "form",
    "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines",
    "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "width", "xmlns",
}  # fmt: skip
_VALUE = re.compile(r"[a-z -]{1,60}|[+-]?\d{0,2}\.?\d{0,3}(?:em|ex|px|pt|mu|%)?|http://www\.w3\.org/1998/Math/MathML")
_TEXT = re.compile(r"\\text\{[^{}]*\}")


@functools.lru_cache(maxsize=SEEN)
def as_mathml(latex: str, display: bool = False) -> str:
    """Lay out a formula; where that cannot be done it stands as it was typed.

    Whatever is in ``latex``, the result holds nothing but formulas' own elements and text.
    """
    typed = f"<code>{html.escape(latex.strip())}</code>"
    if len(latex) > LONGEST:
        return typed
    from latex2mathml.converter import convert_to_element

    try:
        latex = latex.replace("{align}", "{align*}").replace("{equation}", "{equation*}")  # no numbers
        latex = latex.replace("{aligned}", "{align*}")  # which the library does not know
        latex = _TEXT.sub(lambda text: text[0].replace(r"\_", "_"), latex)  # the library shows the backslash
        made = convert_to_element(latex.strip(), display="block" if display else "inline")
        _keep_known(made)
        return ElementTree.tostring(made, encoding="unicode")
    except Exception:  # a parser of other people's; RecursionError is among them
        return typed


def _keep_known(element: ElementTree.Element) -> None:
    """Take out what could load, lead or style; ``ValueError`` where that is an element."""
    if element.tag not in _ELEMENTS:
        raise ValueError(f"{element.tag} is no element of a formula")
    for name in [name for name, value in element.items() if name not in _ATTRIBUTES or not _VALUE.fullmatch(value)]:
        del element.attrib[name]
    element.text = html.unescape(element.text or "")  # the library writes signs as references
    for child in element:
        _keep_known(child)
