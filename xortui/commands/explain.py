"""xortui explain: one whole step, operation by operation, for paper and homework."""

from functools import lru_cache
from typing import TYPE_CHECKING

from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_file,
    add_format,
    add_goto,
    add_output,
    compare_bits,
    format_of,
    go,
    start_of,
    writing,
)
from xortui.core.model.recipe import Recipe
from xortui.exit_codes import Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.training.trainer import Trainer

FORMATS = ("text", "markdown", "json")
CELLS = ("first", "greatest", "all")


def add_options(parser: Parser) -> None:
    """FILE, --goto, --why, --row, --cells, --hide, --format, -o."""
    add_file(parser)
    add_goto(parser)
    parser.add_argument(
        "--why",
        metavar="NUMBER",
        help="where one number comes from, down to bits and weights: dW1[0,1]",
    )
    parser.add_argument(
        "--row", metavar="R", help="follow a row of the truth table, by its bits: 01"
    )
    parser.add_argument(
        "--cells",
        metavar="WHICH",
        default=CELLS[0],
        help=f"which numbers to write out: {' | '.join(CELLS)} (default {CELLS[0]})",
    )
    parser.add_argument(
        "--hide", action="store_true", help="with --break: do not say which line is wrong"
    )
    add_format(parser, FORMATS)
    add_output(parser)


def run(options: Options) -> int:
    """Print the step that begins at --goto."""
    format_ = format_of(options, FORMATS)
    trainer, goto = start_of(options)
    row = None if options.row is None else _row(trainer.recipe, options.row)
    if options.cells not in CELLS:
        raise UsageError(f"--cells cannot be {options.cells!r}; allowed: {', '.join(CELLS)}")
    if options.why is not None and (row is not None or options.cells != CELLS[0]):
        raise UsageError("--why is about one number: leave --row and --cells out")
    from xortui.reports import explain as report_explain

    sources = (options.run_file,)
    with Signals() as signals, writing(options.file, signals, sources) as file:
        go(trainer, goto, signals)
        if signals.exit_code is not None:
            return signals.exit_code
        if options.why is not None:
            file.write(_why(trainer, options, format_))
            compare_bits(options, trainer)
            return 0
        snapshot, show_fault, cells = trainer.snapshot(), not options.hide, options.cells
        match format_:
            case "json":
                file.write(report_explain.explain_json(snapshot, row, cells))
            case "markdown":
                text = report_explain.explain_markdown(snapshot, row, show_fault, cells)
                file.write(text.rstrip() + "\n")
            case _:
                text = report_explain.explain_text(snapshot, row, show_fault, cells)
                file.write(text.rstrip() + "\n")
    compare_bits(options, trainer)
    return 0


def _why(trainer: "Trainer", options: Options, format_: str) -> str:
    """Where the number that is asked for comes from. Raises UsageError."""
    from xortui.core.explain.places import PlaceError, parse_place
    from xortui.reports import why

    write = {"text": why.why_text, "markdown": why.why_markdown, "json": why.why_json}[format_]
    try:
        place = parse_place(trainer.snapshot(), options.why)
    except PlaceError as error:
        raise UsageError(f"--why: {error}") from None
    return write(place, lru_cache(maxsize=4)(trainer.snapshot_at), not options.hide)


def _row(recipe: Recipe, text: str) -> int:
    """Which row has these bits, or which point this number. Raises UsageError."""
    table = recipe.table
    rows = [table.row_words(row) for row in range(len(table.bits))]
    if text not in rows:
        what = "the number of a point" if table.is_points else "the bits of a row"
        shown = ", ".join(rows) if len(rows) <= 8 else f"{what}, {rows[0]} to {rows[-1]}"
        raise UsageError(f"--row cannot be {text!r}; allowed: {shown}")
    return rows.index(text)


COMMAND = Command("write one step out, every operation with its numbers", add_options, run)
