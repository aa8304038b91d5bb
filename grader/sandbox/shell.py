"""IPython as students know it, with every output kept in a list instead of a screen."""

import io
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from traitlets.config import Config

from grader.sandbox.messages import KEPT_MIME, Output, Ran, missing_name
from grader.sandbox.services import Services

RICH_BUDGET = 8  # pictures may take this many times the budget of text


def clean(text: str) -> str:
    """Replace what UTF-8 cannot carry, such as lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Recorder:
    """The outputs of the running cell, up to a budget; what is over is counted and dropped."""

    def __init__(self) -> None:
        self.start(0)

    def start(self, budget: int) -> None:
        """Begin a cell that may keep ``budget`` bytes of text and some more of pictures."""
        self.outputs: list[Output] = []
        self._text = budget
        self._rich = budget * RICH_BUDGET
        self._dropped = 0
        self._parts: list[str] = []

    def write(self, stream: str, text: str) -> None:
        """Add text to a stream, joined to the last output where that is the same stream."""
        kept = text[: self._text]
        self._text -= len(kept)
        self._dropped += len(text) - len(kept)
        if not kept:
            return
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.kind == "stream" and last.name == stream:
            self._parts.append(kept)
        else:
            self._close()
            self._parts = [kept]
            self.outputs.append(Output("stream", name=stream))

    def add(self, output: Output) -> None:
        """Add a picture, a result or an error."""
        self._close()
        size = sum(len(part) for part in output.data.values()) + sum(len(line) for line in output.traceback)
        if size > self._rich:
            self._dropped += size
            return
        self._rich -= size
        self.outputs.append(output)

    def finish(self) -> list[Output]:
        """End the cell and return what it printed and showed."""
        self._close()
        if self._dropped:
            note = f"[{self._dropped:,} more characters of output were not kept]\n"
            self.outputs.append(Output("stream", name="stderr", text=note))
        return self.outputs

    def _close(self) -> None:
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.kind == "stream" and not last.text:
            last.text = clean("".join(self._parts))


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of the student's code."""

    encoding = "utf-8"

    def __init__(self, name: str, recorder: Recorder) -> None:
        self._name = name
        self._recorder = recorder

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.write(self._name, text)
        return len(text)


def _bundle(data: dict[str, Any]) -> dict[str, str]:
    import base64

    kept = {}
    for mime in KEPT_MIME:
        value = data.get(mime)
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        if isinstance(value, str):
            kept[mime] = clean(value)
    return kept


class Publisher(DisplayPublisher):
    """Keeps what ``display`` shows."""

    recorder: Any = None

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.recorder.add(Output("display_data", data=_bundle(data)))

    def clear_output(self, wait: bool = False) -> None:
        self.recorder.outputs.clear()


class Hook(DisplayHook):
    """Keeps the value a cell ends in."""

    recorder: Any = None

    def start_displayhook(self) -> None: ...

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.recorder.add(Output("execute_result", data=_bundle(format_dict)))

    def finish_displayhook(self) -> None: ...


class Shell(Services):
    """An IPython shell without terminal, history or files of its own."""

    def __init__(self, **kwargs: Any) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.xmode = "Plain"  # the fastest traceback, and the one that shows no path but the cell
        super().__init__(config=config, display_pub_class=Publisher, displayhook_class=Hook, **kwargs)
        self.recorder = Recorder()
        for part in (self.display_pub, self.displayhook):
            part.recorder = self.recorder  # type: ignore[union-attr]
        self.last_error: BaseException | None = None

    def enable_gui(self, gui: Any = None) -> None: ...

    def should_run_async(self, raw_cell: str, *, transformed_cell: str | None = None, **options: Any) -> bool:
        """IPython compiles every cell once more to find out; one that awaits something says so in a word."""
        text = transformed_cell or raw_cell
        if "await" not in text and "async" not in text:
            return False
        return bool(super().should_run_async(raw_cell, transformed_cell=transformed_cell, **options))

    def init_sys_modules(self) -> None:
        super().init_sys_modules()
        sys.modules["__main__"] = self.user_module

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.last_error = evalue
        self.recorder.add(
            Output("error", name=etype.__name__, text=clean(str(evalue)), traceback=[clean(line) for line in stb])
        )

    def run(self, source: str, budget: int, draw: bool = True) -> Ran:
        """Run one cell and describe how it went."""
        self.recorder.start(budget)
        self.last_error = None
        assert self.display_formatter is not None
        self.display_formatter.formatters["image/png"].enabled = draw
        out, err = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream("stdout", self.recorder), Stream("stderr", self.recorder)
        try:
            result = self.run_cell(source, store_history=True)
            problem = result.error_before_exec or result.error_in_exec or self.last_error
        finally:
            sys.stdout, sys.stderr = out, err
        return Ran(self.recorder.finish(), None if problem is None else type(problem).__name__, missing_name(problem))
