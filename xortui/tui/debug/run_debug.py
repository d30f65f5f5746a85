"""Opens the app on a script, and leaves neither a process of it nor the terminal changed."""

from xortui.core.debug.examination import ScriptFile
from xortui.tui.chosen_theme import read_theme
from xortui.tui.debug.app import DebugApp
from xortui.tui.run_app import open_app


def run_debug(script: ScriptFile, source: str, ascii_glyphs: bool = False) -> int:
    """Open the app; returns the exit code."""
    app = DebugApp(script, source, None, ascii_glyphs, read_theme())
    try:
        return open_app(app)
    finally:
        app.examiner.close()
