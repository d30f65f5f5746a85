"""Opens the app in a terminal, and leaves the terminal as it was, whatever happens."""

import sys

from xortui import exit_codes as exits
from xortui.autosave import Abandoned
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.chosen_theme import read_theme
from xortui.tui.terminal.guard import Guard
from xortui.tui.terminal.output import write_to_terminal


def run_app(
    trainer: Trainer,
    goto: int = 0,
    running: bool = False,
    path: str | None = None,
    ascii_glyphs: bool = False,
    recovered: Abandoned | None = None,
) -> int:
    """Open the app; returns the exit code, after one line on the normal screen that sums up.

    `goto` is gone to once the app is open, so that a long way there can be watched and stopped.
    `recovered` is the recovery file that the run comes from.
    """
    # The driver reads keys in a thread of its own, which must get its turn during training.
    sys.setswitchinterval(0.0005)
    app = XorApp(trainer, running, path, goto, ascii_glyphs, recovered, read_theme())
    app.guard = guard = Guard(app.give_up)
    guard.start()
    try:
        app.run()
    finally:
        app.reset_terminal()
    code = app.return_code or 0
    failed = code == exits.UNSOLVED  # Textual has printed what went wrong
    kept = app.session.keep_at_end(even_without_edits=code != 0)
    guard.finish()
    for trouble in kept.troubles:
        exits.say(trouble)
        code = code or exits.BAD_FILE
    if not failed:
        write_to_terminal(app.farewell(kept.command) + "\n")
    guard.stop()
    return exits.BUG if failed else code
