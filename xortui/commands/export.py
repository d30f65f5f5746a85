"""xortui export: a stand-alone script or notebook that trains this very recipe."""

from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_file,
    add_output,
    parse_whole,
    start_of,
    writing,
)
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.exit_codes import Signals, UsageError

LANGUAGES = ("numpy", "torch", "notebook")


def add_options(parser: Parser) -> None:
    """FILE, --as, --steps, -o."""
    add_file(parser)
    parser.add_argument("--as", dest="language", metavar="KIND", help=" | ".join(LANGUAGES))
    parser.add_argument(
        "--steps",
        metavar="N",
        help=f"steps that it trains (default {REFERENCE_STEPS}, or as far as FILE)",
    )
    add_output(parser)


def run(options: Options) -> int:
    """Write the script."""
    if options.language not in LANGUAGES:
        raise UsageError(f"--as cannot be {options.language!r}; allowed: {', '.join(LANGUAGES)}")
    trainer, position = start_of(options)
    steps = position or REFERENCE_STEPS
    if options.steps is not None:
        steps = parse_whole("--steps", options.steps, 1)
    from xortui.core.export.notebook import export_notebook
    from xortui.core.export.script import export_numpy, export_torch

    export = {"numpy": export_numpy, "torch": export_torch, "notebook": export_notebook}
    edits = trainer.snapshot().edits
    try:
        text = export[options.language](trainer.recipe, edits, steps)
    except ValueError as error:
        raise UsageError(str(error)) from None
    with Signals() as signals, writing(options.file, signals, (options.run_file,)) as file:
        file.write(text)
    return 0


COMMAND = Command("write a script that trains this very recipe", add_options, run)
