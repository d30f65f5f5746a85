"""xortui: the app."""

import gc
import importlib
import os
import sys

from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_file,
    add_goto,
    parse_whole,
    recipe_of,
    start_of,
    wants_ascii,
)
from xortui.core.text.whole_number import whole
from xortui.exit_codes import UsageError

# More than any terminal has. Textual believes these variables, and draws all of it.
LARGEST = {"COLUMNS": 1000, "LINES": 500}


def add_options(parser: Parser) -> None:
    """FILE, --run, --goto, --glyphs."""
    add_file(parser)
    parser.add_argument("--run", action="store_true", help="start training at once")
    add_goto(parser)
    add_glyphs(parser)


def add_glyphs(parser: Parser) -> None:
    """--glyphs."""
    parser.add_argument(
        "--glyphs", metavar="SET", help="unicode | ascii (default: what the locale can show)"
    )


def glyphs_of(options: Options, otherwise: bool | None = None) -> bool:
    """Whether only ASCII is to be drawn. Raises UsageError.

    Where nobody says, `otherwise` decides, or the locale.
    """
    if options.glyphs is None:
        return wants_ascii() if otherwise is None else otherwise
    if options.glyphs not in ("unicode", "ascii"):
        raise UsageError(f"--glyphs cannot be {options.glyphs!r}; allowed: unicode, ascii")
    return bool(options.glyphs == "ascii")


def run(options: Options) -> int:
    """Open the app, where there is a terminal for it."""
    # Nothing that is made at the start is garbage, and looking for some takes a tenth of the time
    # until the first frame. The app turns it on when it is ready.
    gc.disable()
    recipe_of(options)
    if options.goto is not None:
        parse_whole("--goto", options.goto, 0)
    ascii_glyphs = glyphs_of(options)
    check_terminal()
    trainer, goto = start_of(options)
    from xortui.tui.run_app import run_app

    return run_app(trainer, goto, options.run, options.run_file, ascii_glyphs)


def check_terminal() -> None:
    """Raise UsageError where the app cannot be opened here, and bound the size that is believed."""
    from xortui.tui.terminal.guard import is_in_browser

    if not is_in_browser() and not all(
        stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
    ):
        raise UsageError(
            "the app needs a terminal on stdin, stdout and stderr; "
            "'xortui train' prints the same run into a pipe"
        )
    if os.environ.get("TERM") == "dumb":
        raise UsageError("the app needs a terminal that can move its cursor, and TERM is dumb")
    if driver := os.environ.get("TEXTUAL_DRIVER"):
        module, _, name = driver.partition(":")
        try:
            is_there = hasattr(importlib.import_module(module), name)
        except (ImportError, ValueError):
            is_there = False
        if not is_there:
            raise UsageError(
                f"TEXTUAL_DRIVER cannot be {driver!r}: there is no such class; "
                "leave it unset, or give module:class"
            )
    for variable, most in LARGEST.items():
        if variable not in os.environ:
            continue
        try:
            size = whole(os.environ[variable], 1)
        except ValueError:
            del os.environ[variable]  # Textual then asks the terminal
        else:
            os.environ[variable] = str(min(size, most))


COMMAND = Command("open the app (the default)", add_options, run)
