"""xortui explain: one whole step, operation by operation, for paper and homework."""

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
    number,
    start_of,
    writing,
)
from xortui.exits import Signals

FORMATS = ("text", "markdown", "json")


def add_options(parser: Parser) -> None:
    """FILE, --goto, --row, --hide, --format, -o."""
    add_file(parser)
    add_goto(parser)
    parser.add_argument("--row", metavar="R", help="follow row R of the truth table, from 1 on")
    parser.add_argument(
        "--hide", action="store_true", help="with --break: do not say which line is wrong"
    )
    add_format(parser, FORMATS)
    add_output(parser)


def run(options: Options) -> int:
    """Print the step that begins at --goto."""
    format_ = format_of(options, FORMATS)
    trainer, goto = start_of(options)
    rows = len(trainer.recipe.table.labels)
    row = None if options.row is None else number("--row", options.row, 1, rows) - 1
    from xortui import report_explain

    sources = (options.run_file,)
    with Signals() as signals, writing(options.file, signals, sources) as file:
        go(trainer, goto, signals)
        snapshot, reveal = trainer.snapshot(), not options.hide
        match format_:
            case "json":
                file.write(report_explain.explain_json(snapshot, row))
            case "markdown":
                file.write(report_explain.explain_markdown(snapshot, row, reveal).rstrip() + "\n")
            case _:
                file.write(report_explain.explain_text(snapshot, row, reveal).rstrip() + "\n")
    compare_bits(options, trainer)
    return 0


COMMAND = Command("write one step out, every operation with its numbers", add_options, run)
