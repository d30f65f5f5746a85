"""xortui debug: what is wrong with somebody's own backpropagation."""

import os
import sys
from typing import TYPE_CHECKING

from xortui import exit_codes as exits
from xortui.commands.app import add_glyphs, check_terminal, glyphs_of
from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_format,
    add_output,
    format_of,
    writing,
)
from xortui.core.debug.limits import LEAST_SECONDS, MOST_SECONDS, SECONDS, check_seconds
from xortui.core.files import same_file
from xortui.exit_codes import FileError, Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.debug.report import DebugReport

FORMATS = ("text", "json")


def add_options(parser: Parser) -> None:
    """SCRIPT, --seconds, --format, -o, and the script's own arguments after --."""
    parser.add_argument("script", metavar="SCRIPT", help="a Python script that trains a network")
    parser.add_argument(
        "--seconds", metavar="S", default=str(SECONDS), help=f"time limit (default {SECONDS:g})"
    )
    add_format(parser, FORMATS)
    parser.set_defaults(format=None)  # without it a terminal gets the app
    add_output(parser)
    parser.add_argument(
        "--export-run", metavar="FILE", help="write their start as a run for xortui, done right"
    )
    add_glyphs(parser)
    parser.epilog = "What follows -- goes to the script as its own arguments."


def run(options: Options) -> int:
    """Open the app on the script, or examine it and print what was found.

    The exit code of a report is 0 where the gradients are right and it learns, else 1.
    """
    opens_app = is_for_the_app(options)
    options.format = options.format or "text"
    format_ = format_of(options, FORMATS)
    ascii_glyphs = glyphs_of(options)
    seconds = _seconds(options.seconds)
    from xortui.core.debug.source import SourceError, read_source

    try:
        source = read_source(options.script)
    except SourceError as error:
        raise FileError(str(error)) from None
    if opens_app:
        check_terminal()
        from xortui.core.debug.examination import ScriptFile
        from xortui.tui.debug.run_debug import run_debug

        script = ScriptFile(options.script, seconds, tuple(options.passed_on))
        return run_debug(script, source, ascii_glyphs)
    from xortui.core.debug.examine import examine
    from xortui.core.debug.runner import StoppedError
    from xortui.reports import debug

    if options.export_run is not None:
        _check_export(options)
    sources = (options.script,)
    with Signals() as signals, writing(options.file, signals, sources) as file:
        try:
            report = examine(
                options.script,
                source,
                seconds,
                options.passed_on,
                lambda: signals.received is not None,
            )
            signals.check()
        except StoppedError:
            return signals.exit_code or exits.INTERRUPTED
        write = {"text": debug.debug_text, "json": debug.debug_json}[format_]
        file.write(write(report))
    if options.export_run is not None:
        _export(report, options.export_run)
    return exits.SOLVED if report.passed else exits.UNSOLVED


def is_for_the_app(options: Options) -> bool:
    """Whether a person sits at a terminal, and asks for nothing that is written."""
    asks_for_text = (options.format, options.file, options.export_run) != (None, None, None)
    streams = sys.stdin, sys.stdout, sys.stderr
    is_terminal = all(stream is not None and stream.isatty() for stream in streams)
    return is_terminal and not asks_for_text and os.environ.get("TERM") != "dumb"


def _check_export(options: Options) -> None:
    """Raises UsageError where the run would be written over the script or the report."""
    for other in (options.script, options.file):
        if other is not None and same_file(options.export_run, other):
            raise UsageError(
                f"--export-run cannot be {options.export_run}: it is read or written already"
            )


def _export(report: "DebugReport", path: str) -> None:
    """Write the start as a run. Raises UsageError where no recipe describes the network."""
    from xortui.core.debug.ordinary import NoRecipeError, run_of

    if report.start is None or report.network is None:
        raise UsageError("--export-run: there is no network whose start is known")
    try:
        run = run_of(report.start, report.network.activations, report.learning_rate)
    except NoRecipeError as error:
        raise UsageError(f"--export-run: no recipe describes this network: {error}") from None
    with writing(path) as file:
        file.write(run.to_text())
    if run.recipe.loss == "cross-entropy" != report.loss:
        exits.say("the run has cross-entropy: xortui knows squared error on a linear output only")


def _seconds(text: str) -> float:
    allowed = f"from {LEAST_SECONDS:g} to {MOST_SECONDS:g}"
    try:
        return check_seconds(float(text))
    except ValueError:
        raise UsageError(f"--seconds cannot be {text!r}; allowed: {allowed}") from None


COMMAND = Command(
    "say what is wrong with a backpropagation script of your own",
    add_options,
    run,
    has_recipe=False,
    passes_on=True,
)
