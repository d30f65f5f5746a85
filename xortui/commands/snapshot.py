"""xortui snapshot: the app's screen as a file."""

from xortui import exit_codes as exits
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
    parse_whole,
    recipe_of,
    start_of,
    writing,
)
from xortui.core.model.recipe import Recipe
from xortui.core.text.whole_number import whole
from xortui.exit_codes import FileError, Signals, UsageError

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
    parser.add_argument(
        "--debug", metavar="SCRIPT", help="the screen of 'xortui debug' on a script of your own"
    )
    parser.add_argument("--theme", metavar="NAME", help="xortui-dark (default), xortui-light, ...")
    add_glyphs(parser)
    add_output(parser, required=True, words="a .svg or .txt file")


def run(options: Options) -> int:
    """Draw the screen."""
    size, ascii_glyphs = parse_size(options.size), glyphs_of(options, otherwise=False)
    if not options.file.endswith((".svg", ".txt")):
        raise UsageError(f"-o cannot be {options.file!r}; allowed: a file ending in .svg or .txt")
    if options.debug is not None:
        return _debug(options, size, ascii_glyphs)
    trainer, goto = start_of(options)
    from xortui.core.training.recovering import recovering
    from xortui.tui.screenshot import ScreenshotOptions, screenshot

    try:
        how = ScreenshotOptions.parse(
            trainer, options.view, options.operation, options.theme, ascii_glyphs
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    sources = (options.run_file,)
    with Signals() as signals, writing(options.file, signals, sources) as file:
        for _ in recovering(trainer, 0.05, SHORT_RUN) if options.run_file is not None else ():
            signals.check()
        go(trainer, goto, signals)
        file.write(screenshot(trainer, size, options.file.endswith(".txt"), how))
    compare_bits(options, trainer)
    return 0


def _debug(options: Options, size: tuple[int, int], ascii_glyphs: bool) -> int:
    """Run a script and draw the screen that shows what was found."""
    if recipe_of(options) != Recipe() or options.run_file is not None:
        raise UsageError("--debug SCRIPT brings its own network: leave recipe and FILE out")
    step = None if options.goto is None else parse_whole("--goto", options.goto, 0)
    lines = None if options.operation is None else parse_whole("--operation", options.operation, 1)
    from xortui.core.debug.examination import Examination, ScriptFile
    from xortui.core.debug.runner import StoppedError
    from xortui.core.debug.source import SourceError, read_source
    from xortui.tui.debug.screenshot import DebugLook, debug_screenshot

    script = ScriptFile(options.debug)
    how = DebugLook(options.view, step, lines, options.theme, ascii_glyphs)
    try:
        source = read_source(script.path)
    except SourceError as error:
        raise FileError(str(error)) from None
    with Signals() as signals, writing(options.file, signals, (options.debug,)) as file:
        try:
            found = Examination.of(script, source, lambda: signals.received is not None)
            file.write(debug_screenshot(script, found, size, options.file.endswith(".txt"), how))
        except StoppedError:
            return signals.exit_code or exits.INTERRUPTED
        except ValueError as error:
            raise UsageError(str(error)) from None
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
