"""xortui snapshot: the app's screen as a file."""

from xortui.commands.app import add_glyphs, glyphs_of
from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_file,
    add_goto,
    add_output,
    compare_bits,
    go,
    start_of,
    writing,
)
from xortui.core.text.whole_number import whole
from xortui.exit_codes import Signals, UsageError

# Branches of a saved run that are longer than this are not replayed for a picture.
SHORT_RUN = 50_000  # steps
SMALLEST_SIZE, LARGEST_SIZE = (20, 5), (400, 200)


def add_options(parser: Parser) -> None:
    """FILE, --goto, --size, --view, --theme, --glyphs, -o."""
    add_file(parser)
    add_goto(parser)
    parser.add_argument("--size", metavar="WxH", default="120x36", help="default 120x36")
    parser.add_argument(
        "--view", metavar="NAME", help="a view or screen to open, such as surface or check"
    )
    parser.add_argument("--operation", metavar="N", help="step inside, to operation N")
    parser.add_argument("--theme", metavar="NAME", help="xortui-dark (default), xortui-light, ...")
    add_glyphs(parser)
    add_output(parser, required=True, words="a .svg or .txt file")


def run(options: Options) -> int:
    """Draw the screen."""
    size, ascii_glyphs = parse_size(options.size), glyphs_of(options, otherwise=False)
    if not options.file.endswith((".svg", ".txt")):
        raise UsageError(f"-o cannot be {options.file!r}; allowed: a file ending in .svg or .txt")
    trainer, goto = start_of(options)
    from xortui.tui.screenshot import ScreenshotOptions, screenshot

    try:
        how = ScreenshotOptions.parse(
            trainer, options.view, options.operation, options.theme, ascii_glyphs
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    sources = (options.run_file,)
    with Signals() as signals, writing(options.file, signals, sources) as file:
        for _ in trainer.recovering(0.05, SHORT_RUN) if options.run_file is not None else ():
            signals.check()
        go(trainer, goto, signals)
        file.write(screenshot(trainer, size, options.file.endswith(".txt"), how))
    compare_bits(options, trainer)
    return 0


def parse_size(text: str) -> tuple[int, int]:
    """Columns and rows as typed. Raises UsageError."""
    width, _, height = text.partition("x")
    try:
        size = whole(width), whole(height)
    except ValueError:
        raise UsageError(
            f"--size cannot be {text!r}; allowed: columns x rows, such as 120x36"
        ) from None
    if not all(
        least <= value <= most
        for least, value, most in zip(SMALLEST_SIZE, size, LARGEST_SIZE, strict=True)
    ):
        raise UsageError(f"--size cannot be {text}; allowed: from 20x5 to 400x200")
    return size


COMMAND = Command("draw the app's screen into a file", add_options, run)
