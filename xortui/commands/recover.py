"""xortui recover: runs that were not saved, listed, opened, printed or deleted."""

import sys
from typing import TYPE_CHECKING

from xortui.commands.app import add_glyphs, check_terminal, glyphs_of
from xortui.commands.command import Command, Options, Parser, parse_whole, writing
from xortui.exit_codes import FileError, UsageError

if TYPE_CHECKING:
    from xortui.autosave import Abandoned


def add_options(parser: Parser) -> None:
    """N, --delete, --glyphs."""
    parser.add_argument("number", metavar="N", nargs="?", help="open run N of the list")
    parser.add_argument("--delete", metavar="N", help="delete run N of the list")
    add_glyphs(parser)


def run(options: Options) -> int:
    """List the runs, or open or delete one of them. Into a pipe, a run is written as its file."""
    if options.number is not None and options.delete is not None:
        raise UsageError("recover either opens a run or deletes one: give one number")
    ascii_glyphs = glyphs_of(options)
    from xortui.autosave import abandoned

    runs = abandoned()
    if options.delete is not None:
        chosen = _chosen(runs, "--delete", options.delete)
        chosen.delete()
        with writing(None) as file:
            file.write(f"deleted: {chosen.describe()}\n")
        return 0
    if options.number is None:
        with writing(None) as file:
            file.write(listing(runs))
        return 0
    chosen = _chosen(runs, "N", options.number)
    if chosen.run is None:
        raise FileError(f"cannot use {chosen.path}: {chosen.problem}")
    if not (sys.stdout and sys.stdout.isatty()):
        with writing(None) as file:
            file.write(chosen.run.to_text())
        return 0
    check_terminal()
    from xortui.tui.run_app import run_app

    return run_app(
        chosen.run.trainer(), chosen.run.position, recovered=chosen, ascii_glyphs=ascii_glyphs
    )


def listing(runs: "list[Abandoned]") -> str:
    """The runs as numbered lines, and what can be done with them."""
    if not runs:
        return "There are no runs to recover.\n"
    width = len(str(len(runs)))
    lines = [f"{place:{width}}  {item.describe()}" for place, item in enumerate(runs, start=1)]
    lines += [
        "",
        "xortui recover N opens run N, xortui recover N > FILE writes it to a file,",
        "and xortui recover --delete N deletes it.",
    ]
    return "\n".join(lines) + "\n"


def _chosen(runs: "list[Abandoned]", name: str, text: str) -> "Abandoned":
    if not runs:
        raise UsageError("there are no runs to recover")
    return runs[parse_whole(name, text, 1, len(runs)) - 1]


COMMAND = Command("list and open runs that were not saved", add_options, run, has_recipe=False)
