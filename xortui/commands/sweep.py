"""xortui sweep: many seeds of one recipe or several."""

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from xortui import exit_codes as exits
from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_format,
    add_output,
    format_of,
    parse_whole,
    reading_data,
    writing,
)
from xortui.core.analysis.ends import ends_text
from xortui.core.model.problem import DATA
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import ALLOWED, FLAGS, REFERENCE_STEPS, SWITCHES, parse_field
from xortui.exit_codes import Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.sweep.plan import Plan
    from xortui.core.sweep.runner import Progress

FORMATS = ("text", "json", "csv")
BAR_WIDTH = 30
LONG_SECONDS = 10


def add_options(parser: Parser) -> None:
    """The recipe's flags, each with several values, and --seeds, --steps, --format, -o."""
    parser.epilog = ends_text()
    parser.add_argument("--seeds", metavar="A:B", default="0:1000", help="default 0:1000")
    parser.add_argument(
        "--steps", metavar="N", default=str(REFERENCE_STEPS), help=f"default {REFERENCE_STEPS}"
    )
    add_format(parser, FORMATS)
    add_output(parser)
    group = parser.add_argument_group(
        "recipe", "what varies is given as a list, 0.1,0.2 (hidden sizes: --hidden 2 --hidden 3)"
    )
    for field, flag in FLAGS.items():
        if field in SWITCHES:
            no = f"--no-{flag.removeprefix('--')}"
            group.add_argument(flag, dest=field, action="append_const", const="true")
            group.add_argument(no, dest=field, action="append_const", const="false")
        elif field != "seed":
            metavar = "FILE" if field == "data" else field.upper()
            group.add_argument(
                flag, dest=field, action="append", metavar=metavar, help=ALLOWED[field]
            )
    parser.set_defaults(**dict.fromkeys((field for field in FLAGS if field != "seed"), None))


def run(options: Options) -> int:
    """Sweep and print; exit code 0 where every network was solved."""
    format_ = format_of(options, FORMATS)
    from xortui.core.sweep.plan import SweepError

    try:
        plan = _plan(options)
        return _sweep(plan, format_, options.file)
    except SweepError as error:
        raise UsageError(str(error)) from None


def _plan(options: argparse.Namespace) -> "Plan":
    from xortui.core.sweep.plan import VARIED, Plan, grid, parse_seeds, parse_values

    steps = parse_whole("--steps", options.steps, 1)
    varied: dict[str, tuple[Any, ...]] = {}
    fixed: dict[str, Any] = {}
    for field in FLAGS:
        texts = getattr(options, field, None)
        if not texts:
            continue
        if field in VARIED:
            varied[field] = parse_values(field, texts)
        else:
            with reading_data(texts[-1]):
                fixed[field] = parse_field(field, texts[-1])
    if "data" in fixed:
        varied.setdefault("problem", (DATA,))
        fixed["problem"] = DATA
    return Plan(grid(Recipe(**fixed), varied), parse_seeds(options.seeds), steps)


def _sweep(plan: "Plan", format_: str, path: str | None) -> int:
    from xortui.core.sweep.estimate import estimated
    from xortui.core.sweep.plan import check_duration, format_seconds
    from xortui.core.sweep.runner import Sweep
    from xortui.reports import sweep as report_sweep

    estimate = estimated(plan)
    check_duration(plan, estimate.seconds)
    if estimate.seconds > LONG_SECONDS:
        exits.say(f"this will take about {format_seconds(estimate.seconds)}")
    sweep = Sweep(plan, estimate.processes)
    with Signals() as signals, writing(path, signals) as file:
        with closing(sweep.run(seconds=0.05)) as turns:
            for progress in turns:
                _show(progress)
                if signals.received is not None:
                    break
        _clear()
        write = {
            "text": report_sweep.sweep_text,
            "json": report_sweep.sweep_json,
            "csv": report_sweep.sweep_csv,
        }[format_]
        cells = sweep.cells()
        write(plan, cells, file.write)
    if signals.exit_code is not None:
        exits.say(report_sweep.stopped_early(plan, cells))
        return signals.exit_code
    return exits.SOLVED if report_sweep.all_solved(plan, cells) else exits.UNSOLVED


def _show(progress: "Progress") -> None:
    """A progress bar, only where somebody can see it."""
    if not sys.stderr.isatty():
        return
    from xortui.core.analysis.statistics import percent

    full = round(progress.share * BAR_WIDTH)
    left = progress.seconds_left
    remains = "" if left is None else f"  {left:.0f} s left"
    bar = "#" * full + "." * (BAR_WIDTH - full)
    print(
        f"\r{bar} {percent(progress.share):>4}  {progress.solved:,} solved{remains}\x1b[K",
        end="",
        file=sys.stderr,
        flush=True,
    )


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


COMMAND = Command("train many seeds at once and count how they end", add_options, run, False)
