"""How `make site` makes the site of the pages in this folder, the course and what the code says of itself."""

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from grader.formulas import as_mathml

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))

project = "nnlib"
copyright = "the authors of nnlib; MIT licence"
language = "en"  # with en_GB, a search that finds several pages ends in an error: a plural is not translated
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["questions.md"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}

# Notebooks are shown as they were executed; students' cells are blank in them (`course_pages.py`).
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # would be asked of a server on the network
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst.xref_missing",  # links to files that are no pages, such as an assignment's script
    "myst.header",  # a notebook's headings may begin at any level
    "mystnb.mime_priority",
    "mystnb.unknown_mime_type",
    "toc.not_included",
]

autodoc_default_options = {"members": True, "member-order": "bysource", "undoc-members": False}
autodoc_typehints = "none"  # docstrings say shapes, units and ranges, which types do not
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True  # a property that a class's docstring names, too, is described once
default_role = "code"

html_theme = "furo"
html_title = "nnlib"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
html_js_files = ["site.js"]
html_copy_source = False  # a page's source may hold what the page does not show
html_show_sourcelink = False
html_show_sphinx = False
html_math_renderer = "mathml"


def _inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(_mathml(node, as_block=False))
    raise nodes.SkipNode


def _block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(f'<div class="math">{_mathml(node, as_block=True)}</div>')
    raise nodes.SkipNode


def _mathml(node: nodes.Element, as_block: bool) -> str:
    """Write a formula so that a browser draws it by itself, with no script and no font from elsewhere."""
    return as_mathml(node.astext(), as_block)


def _give_captions_a_level(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Say how deep the headings of the table of contents are, which Sphinx leaves out and screen readers need."""
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app: Sphinx) -> None:
    """Make the pages that are written by a program, then let Sphinx read them all."""
    import course_pages

    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("html-page-context", _give_captions_a_level, priority=900)  # after the theme made it
    app.connect("builder-inited", lambda _: course_pages.write(DOCS))
