"""xortui train: the run as text, json or csv, and its history as a file."""

import sys
from typing import TYPE_CHECKING

from xortui import exits
from xortui.commands.command import (
    DEFAULT_STEPS,
    Command,
    Options,
    Parser,
    add_file,
    add_format,
    add_output,
    check_writable,
    compare_bits,
    format_of,
    number,
    start_of,
    writing,
)
from xortui.exits import FileError, Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.trainer import Trainer
    from xortui.core.weight_history import HistoryRecorder, WeightHistory

FORMATS = ("text", "json", "csv")


def add_options(parser: Parser) -> None:
    """FILE, --steps, --every, --format, -o, --history."""
    add_file(parser)
    parser.add_argument(
        "--steps", metavar="N", default=str(DEFAULT_STEPS), help=f"default {DEFAULT_STEPS}"
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
    steps = number("--steps", options.steps, 1)
    every = _every(options) or max(1, steps // 4)
    trainer, _ = start_of(options)
    recorder = None if options.history is None else _recorder(options, trainer, steps)
    from xortui import report

    write = {"text": report.train_text, "json": report.train_json, "csv": report.train_csv}[format_]
    with Signals() as signals:
        with writing(options.file) as file:
            training = report.Training(trainer, steps, every, lambda: signals.received is not None)
            if recorder is not None:
                training.watch = recorder.add
            end = write(training, file.write)
        if signals.exit_code is None and recorder is not None:
            _write_history(options.history, recorder.history(end))
    if signals.exit_code is not None:
        print(f"xortui: stopped at step {end.step} of {steps}", file=sys.stderr)
        return signals.exit_code
    compare_bits(options, trainer)
    return exits.SOLVED if end.solved else exits.UNSOLVED


def _every(options: Options) -> int | None:
    return None if options.every is None else number("--every", options.every, 1)


def _recorder(options: Options, trainer: "Trainer", steps: int) -> "HistoryRecorder":
    """What keeps the history of the run; says now what could not be written after it."""
    from xortui.core.weight_history import SUFFIXES, HistoryRecorder, WeightHistoryError

    if not options.history.endswith(SUFFIXES):
        raise UsageError(
            f"--history cannot be {options.history!r}; allowed: a file ending in .npz or .csv"
        )
    try:
        recorder = HistoryRecorder(trainer.recipe, steps, _every(options))
    except WeightHistoryError as error:
        raise UsageError(str(error)) from None
    check_writable(options.history)
    return recorder


def _write_history(path: str, history: "WeightHistory") -> None:
    from xortui.core.weight_history import write_history

    try:
        write_history(path, history)
    except OSError as error:
        raise FileError(f"cannot write to {path}: {error.strerror}") from None


COMMAND = Command("train without the app and print the run", add_options, run)
