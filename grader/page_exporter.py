"""nbconvert's pages without the work that it does anew for every page."""

import io
import re
from collections import defaultdict
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import Bool

_WITHOUT_WORDS = re.compile(r"<img(?=\s)(?![^>]*\salt=)", re.IGNORECASE)
_WORDS = '<img alt="No description has been provided for this image"'  # as nbconvert has it
_FOR_KEYBOARDS = "jp-Notebook"  # in pages of nbconvert's newer templates, whose cells it makes reachable


class _Compiled(BytecodeCache):
    """Templates as they were compiled for the first page; nbconvert reads them anew for each."""

    def __init__(self) -> None:
        self._of: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._of:
            bucket.load_bytecode(io.BytesIO(self._of[bucket.key]))  # which looks whether the template is still the same

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._of[bucket.key] = bucket.bytecode_to_string()


_COMPILED = defaultdict[str, _Compiled](_Compiled)  # by the filters: what these take is compiled into a template


class _Page(TemplateExporter):
    """Keeps the page that a template made from ``HTMLExporter``, which would parse and write the whole of it again."""

    page = ""

    def from_notebook_node(  # type: ignore[override]  # as HTMLExporter's
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        page, resources = super().from_notebook_node(nb, resources, **options)
        self.page = "" if _FOR_KEYBOARDS in page else page
        return "" if self.page else page, resources

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.bytecode_cache = _COMPILED[repr(self.filters)]
        return environment


class PageExporter(HTMLExporter, _Page):
    """``HTMLExporter`` for many pages; what they say is the same."""

    optimistic_validation = Bool(True, help="Whether a notebook is validated once, not by every step.").tag(config=True)

    def from_notebook_node(  # type: ignore[override]  # as HTMLExporter's
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Make a page; all its pictures have words for those who do not see them."""
        page, resources = super().from_notebook_node(nb, resources, **options)
        return _WITHOUT_WORDS.sub(_WORDS, self.page) if self.page else page, resources
