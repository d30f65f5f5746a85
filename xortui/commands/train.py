"""xortui train: the run as text, json or csv, and its history as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xortui import exit_codes as exits
from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_file,
    add_format,
    add_output,
    compare_bits,
    format_of,
    parse_whole,
    start_of,
    writing,
)
from xortui.core.files import same_file
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.exit_codes import Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.training.trainer import Trainer
    from xortui.core.training.weight_history import HistoryRecorder

FORMATS = ("text", "json", "csv")


def add_options(parser: Parser) -> None:
    """FILE, --steps, --every, --format, -o, --history."""
    add_file(parser)
    parser.add_argument(
        "--steps", metavar="N", default=str(REFERENCE_STEPS), help=f"default {REFERENCE_STEPS}"
    )
    parser.add_argument("--every", metavar="K", help="report every Kth loss (default N/4)")
    add_format(parser, FORMATS)
    add_output(parser)
    parser.add_argument(
        "--history", metavar="FILE", help="also write all weights over the run: .npz or .csv"
    )


def run(options: Options) -> int:
    """Train and print; exit code 0 for a solved run, 1 for one that is not."""
    format_ = format_of(options, FORMATS)
    steps = parse_whole("--steps", options.steps, 1)
    every = _every(options) or max(1, steps // 4)
    trainer, _ = start_of(options)
    apart = _history_spacing(options, trainer.recipe, steps)
    from xortui.reports import train as report

    write = {"text": report.train_text, "json": report.train_json, "csv": report.train_csv}[format_]
    with (
        Signals() as signals,
        writing(options.file, signals, (options.run_file,)) as file,
        _recording(options, trainer, apart, signals) as recorder,
    ):
        training = report.Training(trainer, steps, every, lambda: signals.received is not None)
        if recorder is not None:
            training.record = recorder.add
        end = write(training, file.write)
        if recorder is not None:
            recorder.finish(end)
    if signals.exit_code is not None:
        exits.say(f"stopped at step {end.step} of {steps}")
        return signals.exit_code
    compare_bits(options, trainer)
    return exits.SOLVED if end.solved else exits.UNSOLVED


def _every(options: Options) -> int | None:
    return None if options.every is None else parse_whole("--every", options.every, 1)


def _history_spacing(options: Options, recipe: Recipe, steps: int) -> int:
    """The steps between two rows of the history. Raises UsageError for one that cannot be."""
    if options.history is None:
        return 1
    from xortui.core.training.weight_history import SUFFIXES, WeightHistoryError, check_history

    if not options.history.endswith(SUFFIXES):
        raise UsageError(
            f"--history cannot be {options.history!r}; allowed: a file ending in .npz or .csv"
        )
    for other in (options.run_file, options.file):
        if other is not None and same_file(options.history, other):
            raise UsageError(f"--history cannot be {options.history!r}: that file is in use")
    try:
        return check_history(recipe, steps, _every(options))
    except WeightHistoryError as error:
        raise UsageError(str(error)) from None


@contextmanager
def _recording(
    options: Options, trainer: "Trainer", apart: int, signals: Signals
) -> "Iterator[HistoryRecorder | None]":
    """What records the history, where one is asked for."""
    if options.history is None:
        yield None
        return
    from xortui.core.training.weight_history import recording

    with recording(options.history, trainer, apart, signals.check) as recorder:
        yield recorder


COMMAND = Command("train without the app and print the run", add_options, run)
