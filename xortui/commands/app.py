"""xortui: the app."""

import gc
import os
import sys

from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_file,
    add_goto,
    number,
    recipe_of,
    start_of,
)
from xortui.exits import UsageError


def add_options(parser: Parser) -> None:
    """FILE, --run, --goto, --glyphs."""
    add_file(parser)
    parser.add_argument("--run", action="store_true", help="start training at once")
    add_goto(parser)
    add_glyphs(parser)


def add_glyphs(parser: Parser) -> None:
    """--glyphs."""
    parser.add_argument(
        "--glyphs", metavar="SET", default="unicode", help="unicode | ascii (default unicode)"
    )


def glyphs_of(options: Options) -> bool:
    """Whether only ASCII is to be drawn. Raises UsageError."""
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
        number("--goto", options.goto, 0)
    ascii_glyphs = glyphs_of(options)
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "the app needs a terminal on stdin, stdout and stderr; "
            "'xortui train' prints the same run into a pipe"
        )
    if os.environ.get("TERM") == "dumb":
        raise UsageError("the app needs a terminal that can move its cursor, and TERM is dumb")
    trainer, goto = start_of(options)
    from xortui.tui.app import run_app

    return run_app(trainer, goto, options.run, options.run_file, ascii_glyphs)


COMMAND = Command("open the app (the default)", add_options, run)
