"""What we rely on of Textual's private parts: a newer Textual that lacks it fails here, by name."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from textual import _parser, _time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

import xortui.tui
from xortui.tui.terminal import mended

RELIED_ON = "8.2"

METHODS = ast.FunctionDef | ast.AsyncFunctionDef
FENCE = Path(mended.__file__).parent
OUTSIDE = [
    path for path in sorted(Path(xortui.tui.__file__).parent.rglob("*.py")) if path.parent != FENCE
]


def private_names() -> set[str]:
    """What Textual's apps, screens and widgets keep for themselves."""
    names: set[str] = set()
    for kind in (App, Screen, Widget):
        names.update(dir(kind), vars(kind()))
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


def private_uses(source: str, private: set[str]) -> Iterator[str]:
    """What a source uses, or overrides, that only Textual itself should."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual."):
            if "._" in str(node.module):
                yield f"from {node.module}"
        elif isinstance(node, ast.Attribute) and node.attr in private:
            if ast.unparse(node.value) != "os":
                yield ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, METHODS)]
            yield from (f"def {item.name}" for item in methods if item.name in private)


def test_the_private_parts_were_looked_at_in_this_version() -> None:
    assert version("textual").startswith(RELIED_ON + "."), (
        f"xortui/tui/terminal was written for Textual {RELIED_ON}: "
        "compare its drivers/linux_driver.py, _xterm_parser.py and app.py"
    )


@pytest.mark.parametrize(
    "name",
    [
        "_begin_batch",
        "_display",
        "_end_batch",
        "_fatal_error",
        "_handle_exception",
        "get_driver_class",
        "panic",
        "pop_screen",
    ],
)
def test_the_app_has_what_is_overridden(name: str) -> None:
    assert callable(getattr(App, name))


def test_nothing_outside_this_folder_uses_private_parts() -> None:
    private = private_names()
    for path in OUTSIDE:
        assert not list(private_uses(path.read_text(encoding="utf-8"), private)), path


@pytest.mark.parametrize(
    "source",
    [
        "from textual._context import active_app",
        "def f(screen):\n    return screen._compositor",
        "class A(App):\n    def _display(self): ...",
    ],
)
def test_a_use_of_private_parts_is_seen(source: str) -> None:
    assert list(private_uses(source, private_names()))


def test_batching_holds_back_the_painting_of_screens() -> None:
    for method in (Screen._on_idle, Screen._on_timer_update):
        assert "_batch_count" in inspect.getsource(method)


def test_what_is_mended_is_there() -> None:
    assert "self._index_to_line[" in inspect.getsource(mended._move_page)
    assert list(inspect.signature(mended._wrap_and_format).parameters)[:2] == ["self", "width"]
    assert "self._options[" in inspect.getsource(mended._on_click)
    assert "self.query_one(CommandList)" in inspect.getsource(mended._watch_list_visible)


def test_the_parser_waits_by_a_time_of_its_own() -> None:
    assert "_timeout_time" in inspect.getsource(_parser.Parser)
    assert callable(_time.get_time)
    assert "mouse_pixels" in inspect.getsource(XTermParser.parse_mouse_code)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such driver")
def test_the_driver_writes_by_one_thread_that_it_makes_itself() -> None:
    from textual.drivers.linux_driver import LinuxDriver

    start = inspect.getsource(LinuxDriver.start_application_mode)
    assert "self._writer_thread = WriterThread(self._file)" in start
    assert "self._writer_thread.start()" in start
    assert "target=self._run_input_thread" in start
    assert "self._writer_thread.write(data)" in inspect.getsource(LinuxDriver.write)
    assert "self.exit_event" in inspect.getsource(LinuxDriver.disable_input)


def test_without_posix_nothing_of_it_is_imported() -> None:
    program = (
        "import asyncio, socket, sys; sys.platform = 'win32'; "
        "from xortui.tui.terminal import guard, modes, output; "
        "assert 'termios' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
