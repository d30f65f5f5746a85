"""xortui record: the app while a run trains, as a film."""

import sys
from typing import TYPE_CHECKING, TextIO

from xortui.commands.app import add_glyphs, glyphs_of
from xortui.commands.command import (
    Command,
    Options,
    Parser,
    UnreachableError,
    add_file,
    add_output,
    go,
    parse_whole,
    start_of,
    writing,
)
from xortui.commands.snapshot import parse_size
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.exit_codes import Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.training.trainer import Trainer
    from xortui.tui.screenshot import ScreenshotOptions

SOLVED = "solved"
AFTERWARDS = 0.1  # the share of the way to the solution that is shown after it
REST, MOST_RESTING = 1.5, 0.25  # seconds that the last picture is seen, and their share of the film
BAR_WIDTH = 30


def add_options(parser: Parser) -> None:
    """FILE, --from, --to, --until, --seconds, --fps, --size, --view, --theme, --glyphs, -o."""
    add_file(parser)
    parser.add_argument(
        "--from", dest="first", metavar="A", default="0", help="the first step (default 0)"
    )
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--to", dest="last", metavar="B", help="the last step")
    end.add_argument(
        "--until",
        metavar="solved",
        help="end a little after the run is solved (the default, where it is within "
        f"{REFERENCE_STEPS:,} steps; else it ends there)",
    )
    parser.add_argument(
        "--seconds",
        metavar="S",
        default="8",
        help="how long it plays, slowest where the loss changes: 1 to 60 (default 8)",
    )
    parser.add_argument("--fps", metavar="N", default="12", help="pictures a second (default 12)")
    parser.add_argument("--size", metavar="WxH", default="100x30", help="default 100x30")
    parser.add_argument("--view", metavar="NAME", help="a view to open, such as surface or space")
    parser.add_argument("--theme", metavar="NAME", help="xortui-dark (default), xortui-light, ...")
    add_glyphs(parser)
    add_output(parser, required=True, words="a .svg file, which plays by itself, or a .cast file")


def run(options: Options) -> int:
    """Record the film."""
    size, ascii_glyphs = parse_size(options.size), glyphs_of(options, otherwise=False)
    seconds = parse_whole("--seconds", options.seconds, 1, 60)
    fps = parse_whole("--fps", options.fps, 1, 30)
    if not options.file.endswith((".svg", ".cast")):
        raise UsageError(f"-o cannot be {options.file!r}; allowed: a file ending in .svg or .cast")
    if options.until not in (None, SOLVED):
        raise UsageError(f"--until cannot be {options.until!r}; allowed: {SOLVED}")
    first = parse_whole("--from", options.first, 0)
    last = None if options.last is None else parse_whole("--to", options.last, first + 1)
    trainer, _ = start_of(options)
    stream = sys.stderr  # while the app is recorded, Textual puts another in its place
    how = _how(trainer, options, ascii_glyphs)
    with Signals() as signals, writing(options.file, signals, (options.run_file,)) as file:
        end = _end(trainer, first, last, options.until is not None, signals)
        from xortui.core.training.film import film_steps
        from xortui.tui.recording.cast import film_cast
        from xortui.tui.recording.film import record
        from xortui.tui.recording.svg import film_svg

        moving = seconds - min(REST, MOST_RESTING * seconds)
        steps = film_steps(trainer.snapshot().curve, first, end, int(moving * fps) + 1)

        def tell(done: int) -> None:
            signals.check()
            _show(done / len(steps), stream)

        actor = _untrained(trainer)
        go(actor, first, signals)
        try:
            film = record(actor, steps, fps, seconds, size, how, tell)
        finally:
            _clear(stream)
        file.write(film_cast(film) if options.file.endswith(".cast") else film_svg(film))
    return 0


def _untrained(trainer: "Trainer") -> "Trainer":
    """The branch on which the run stands, as at its start: nothing of it has been reached yet."""
    from xortui.core.training.branch import Branch
    from xortui.core.training.timeline import Timeline
    from xortui.core.training.trainer import Trainer

    here, fresh = trainer.branches[trainer.current_branch], Trainer(trainer.recipe)
    fresh.restore([Branch(here.name, Timeline(trainer.recipe, here.timeline.edits))], 0)
    return fresh


def _how(trainer: "Trainer", options: Options, ascii_glyphs: bool) -> "ScreenshotOptions":
    from xortui.tui.screenshot import SCREENS, ScreenshotOptions
    from xortui.tui.views.views import VIEWS

    if options.view in SCREENS:
        raise UsageError(f"--view cannot be {options.view!r}; allowed: {', '.join(VIEWS)}")
    try:
        return ScreenshotOptions.parse(trainer, options.view, None, options.theme, ascii_glyphs)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _end(
    trainer: "Trainer", first: int, last: int | None, must_solve: bool, signals: Signals
) -> int:
    """The film's last step; the run has then been there, and no further.

    Raises UnreachableError.
    """
    from xortui.core.training.breakpoints import SOLVED as IS_SOLVED
    from xortui.core.training.breakpoints import Breakpoint

    if last is not None:
        go(trainer, last, signals)
        return last
    go(trainer, first, signals)
    limit, trainer.hits = first + REFERENCE_STEPS, ()
    while trainer.step_number < limit and not (trainer.hits or trainer.at_end):
        left = limit - trainer.step_number
        trainer.run_for(0.05, at_most=left, until=(Breakpoint(IS_SOLVED),))
        signals.check()
    if trainer.hits:
        more = max(1, round(AFTERWARDS * (trainer.step_number - first)))
        go(trainer, trainer.step_number + more, signals)
    elif must_solve:
        raise UnreachableError(_not_solved(trainer, first))
    if trainer.step_number == first:
        raise UnreachableError(f"there is no step after {first}: the run diverged there")
    return trainer.step_number


def _not_solved(trainer: "Trainer", first: int) -> str:
    if trainer.solved_at is not None and trainer.solved_at <= first:
        return f"the run is solved before step {first}: give --to, or an earlier --from"
    return (
        f"the run is not solved from step {first} to step {trainer.step_number}: "
        "give --to for the last step"
    )


def _show(share: float, stream: TextIO) -> None:
    """A progress bar, only where somebody can see it."""
    if stream.isatty():
        full = round(share * BAR_WIDTH)
        bar = "#" * full + "." * (BAR_WIDTH - full)
        print(f"\r{bar} {share:>4.0%}\x1b[K", end="", file=stream, flush=True)


def _clear(stream: TextIO) -> None:
    if stream.isatty():
        print("\r\x1b[K", end="", file=stream, flush=True)


COMMAND = Command("record the app while a run trains, as an animated picture", add_options, run)
