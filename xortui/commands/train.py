"""xortui train: the run as text, json or csv, and its history as a file."""

import sys

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
    if options.history is not None:
        _check_history(options, steps)
    from xortui import report

    write = {"text": report.train_text, "json": report.train_json, "csv": report.train_csv}[format_]
    with Signals() as signals:
        with writing(options.file) as file:
            training = report.Training(trainer, steps, every, lambda: signals.received is not None)
            end = write(training, file.write)
        if signals.exit_code is None and options.history is not None:
            _write_history(options, steps, signals)
    if signals.exit_code is not None:
        print(f"xortui: stopped at step {end.step} of {steps}", file=sys.stderr)
        return signals.exit_code
    compare_bits(options, trainer)
    return exits.SOLVED if end.solved else exits.UNSOLVED


def _every(options: Options) -> int | None:
    return None if options.every is None else number("--every", options.every, 1)


def _check_history(options: Options, steps: int) -> None:
    """Say now what could not be written after the run."""
    from xortui.core.weight_history import SUFFIXES, WeightHistoryError, check_history

    if not options.history.endswith(SUFFIXES):
        raise UsageError(
            f"--history cannot be {options.history!r}; allowed: a file ending in .npz or .csv"
        )
    trainer, _ = start_of(options)
    every = _every(options)
    try:
        check_history(trainer.recipe, steps, every)
    except WeightHistoryError as error:
        raise UsageError(str(error)) from None
    check_writable(options.history)


def _write_history(options: Options, steps: int, signals: Signals) -> None:
    from xortui.core.weight_history import take_history, write_history

    trainer, _ = start_of(options)
    every = _every(options)
    history = take_history(trainer, steps, every, lambda: signals.received is not None)
    try:
        write_history(options.history, history)
    except OSError as error:
        raise FileError(f"cannot write to {options.history}: {error.strerror}") from None


COMMAND = Command("train without the app and print the run", add_options, run)
