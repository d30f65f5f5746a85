"""Opens the app in a terminal, and leaves the terminal as it was, whatever happens."""

import contextlib
import sys

from xortui import exit_codes as exits
from xortui.autosave import Abandoned
from xortui.core.text.harmless import harmless
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.chosen_theme import read_theme
from xortui.tui.recovery import Kept
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
    return open_app(XorApp(trainer, running, path, goto, ascii_glyphs, recovered, read_theme()))


def open_app(app: XorApp) -> int:
    """Run an app under a guard; as `run_app`."""
    # The driver reads keys in a thread of its own, which must get its turn during training.
    sys.setswitchinterval(0.0005)
    app.guard = guard = Guard(app.give_up)
    guard.start()
    try:
        app.run()
    except Exception as error:
        app.crash = app.crash or error
    finally:
        app.reset_terminal()
    code = app.return_code or 0
    if app.crash is not None:
        code = exits.BUG
    kept = _kept(app, even_without_edits=code != 0)
    guard.finish()
    for trouble in kept.troubles:
        exits.say(trouble)
        code = code or exits.BAD_FILE
    if app.crash is None:
        write_to_terminal(app.farewell(kept.command) + "\n")
    else:
        _tell_crash(app, app.crash, kept)
    guard.stop()
    return code


def _kept(app: XorApp, even_without_edits: bool) -> Kept:
    """Keep the run, also where it is what the app has crashed with."""
    try:
        return app.session.keep_at_end(even_without_edits)
    except Exception as error:
        app.crash = app.crash or error
        return Kept(None, ("the run could not be kept",))


def _tell_crash(app: XorApp, error: BaseException, kept: Kept) -> None:
    """Say on stderr what to send, once the terminal is back."""
    from xortui.tui import crash_report

    trainer = app.session.trainer
    lines = crash_report.facts(error, trainer, app.size, app.key_queue.last)
    path = crash_report.write_report(lines, error)
    back = kept.command or app.session.run.command()
    with contextlib.suppress(OSError, ValueError):  # stderr is gone
        for line in crash_report.report(lines, path, back):
            print(harmless(line), file=sys.stderr)
        sys.stderr.flush()
