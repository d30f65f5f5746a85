"""What a command is, and what several of them share: recipe, FILE, numbers, formats, output."""

import argparse
import codecs
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xortui import exit_codes as exits
from xortui.core.files import same_file, writing_whole
from xortui.core.model.data_file import DataError
from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import ALLOWED, FLAGS, FULL, MAX_STEPS, SWITCHES
from xortui.core.text.ascii import ascii_errors, to_ascii
from xortui.core.text.harmless import harmless_lines
from xortui.core.text.whole_number import whole
from xortui.exit_codes import FileError, Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.training.trainer import Trainer


Options = argparse.Namespace
Parser = argparse.ArgumentParser


@dataclass(frozen=True)
class Command:
    """One command: what it does in a few words, its options, and what carries it out.

    `run` returns the exit code. `has_recipe` says whether it takes the recipe's flags as they are,
    `passes_on` whether what follows `--` is another program's (`options.passed_on`).
    """

    words: str
    add_options: Callable[[Parser], None]
    run: Callable[[Options], int]
    has_recipe: bool = True
    passes_on: bool = False


# What the values of flags are called in the help, where it is not the field's name.
METAVARS = {"learning_rate": "X", "data": "FILE"}
SWITCH_WORDS = {
    "bias": "units have biases",
    "shuffle": "each epoch has an order of its own",
    "standardise": "data has mean 0 and deviation 1 in each column",
}


def add_recipe(parser: Parser) -> None:
    """The flags of a recipe, all that determines the run."""
    group = parser.add_argument_group("recipe", "all that determines the run")
    default = Recipe()
    for field, flag in FLAGS.items():
        if field in SWITCHES:
            group.add_argument(
                flag,
                action=argparse.BooleanOptionalAction,
                default=None,
                help=SWITCH_WORDS[field],
            )
            continue
        group.add_argument(
            flag,
            dest=field,
            metavar=METAVARS.get(field, field.upper()),
            help=f"{ALLOWED[field]} (default {_default_of(default, field)})",
        )


def _default_of(recipe: Recipe, field: str) -> str:
    if field == "weight_decay":
        return f"0, of adamw {OPTIMISERS['adamw'].decay:g}"
    return FULL if field == "batch" else format_field(getattr(recipe, field))


def format_field(value: object) -> str:
    """The value of a recipe's field as a person types it."""
    if value is None:
        return "none"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def recipe_of(options: Options) -> Recipe:
    """The recipe that the flags give. Raises RecipeError, and FileError for a bad data file."""
    texts = {field: getattr(options, field) for field in FLAGS}
    for field in SWITCHES:
        if texts[field] is not None:
            texts[field] = "true" if texts[field] else "false"
    given = {field: text for field, text in texts.items() if text is not None}
    with reading_data(given.get("data")):
        return Recipe.parse(given)


@contextmanager
def reading_data(path: str | None) -> Iterator[None]:
    """Raise FileError where the data file at `path` is read here and cannot be used."""
    try:
        yield
    except DataError as error:
        raise FileError(f"cannot use {path}: {error}") from None
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from None


def add_file(parser: Parser) -> None:
    """FILE: a run to start from, instead of a recipe."""
    parser.add_argument("run_file", metavar="FILE", nargs="?", help="a run that the app has saved")


def add_goto(parser: Parser) -> None:
    """--goto K."""
    parser.add_argument(
        "--goto", metavar="K", help="go to step K first (default 0, or where FILE stands)"
    )


def start_of(options: Options) -> "tuple[Trainer, int]":
    """The run that is asked for, standing at step 0, and the step to go to.

    Raises UsageError, RecipeError or FileError.
    """
    recipe, goto = recipe_of(options), getattr(options, "goto", None)
    step = None if goto is None else parse_whole("--goto", goto, 0)
    from xortui.core.training.run_file import RunFileError, read_run
    from xortui.core.training.trainer import Trainer

    path, options.saved_run = options.run_file, None
    if path is None:
        return Trainer(recipe), step or 0
    if recipe != Recipe():
        raise UsageError("a FILE brings its own recipe: leave the recipe's flags out")
    try:
        run = read_run(path)
    except (OSError, ValueError) as error:
        if isinstance(error, RunFileError):
            raise FileError(f"cannot use {path}: {error}") from None
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"cannot read {path}: {reason}") from None
    options.saved_run = run
    return run.trainer(), run.position if step is None else step


def compare_bits(options: Options, trainer: "Trainer") -> None:
    """Say on stderr where the replay of FILE has other numbers than where it was saved."""
    run = options.saved_run
    if run is not None and run.position <= trainer.last_step:
        trainer.seek(run.position)
        if words := run.difference(trainer):
            exits.say(f"{options.run_file}: {words}")


def go(trainer: "Trainer", step: int, signals: Signals) -> None:
    """Bring a run to a step.

    Raises SignalledError where a signal asks to end before, and UnreachableError where the run
    diverges before.
    """
    for _ in trainer.seeking(step, seconds=0.05):
        signals.check()
    if trainer.step_number < step:
        raise UnreachableError(
            f"there is no step {step}: the run diverged at step {trainer.step_number}"
        )


class UnreachableError(Exception):
    """A step that the run never reaches. The message is one sentence."""


def parse_whole(name: str, text: str, least: int, most: int = MAX_STEPS) -> int:
    """A whole number as typed. Raises UsageError."""
    try:
        return whole(text, least, most)
    except ValueError:
        raise UsageError(
            f"{name} cannot be {text!r}; allowed: a whole number from {least} to {most}"
        ) from None


def add_format(parser: Parser, formats: Sequence[str]) -> None:
    """--format."""
    parser.add_argument("--format", default="text", metavar="FORMAT", help=" | ".join(formats))


def format_of(options: Options, formats: Sequence[str]) -> str:
    """The format that is asked for. Raises UsageError."""
    if options.format not in formats:
        raise UsageError(f"--format cannot be {options.format!r}; allowed: {', '.join(formats)}")
    return str(options.format)


def add_output(parser: Parser, required: bool = False, words: str = "") -> None:
    """-o FILE."""
    words = words or "write there, not to stdout"
    parser.add_argument("-o", dest="file", metavar="FILE", required=required, help=words)


class CommandOutput:
    """Where a command's text goes. Whatever is in it, nothing reaches a terminal but lines."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def write(self, text: str) -> None:
        """Write lines of text."""
        self._write(harmless_lines(text))


@contextmanager
def writing(
    path: str | None, signals: Signals | None = None, sources: Iterable[str | None] = ()
) -> Iterator[CommandOutput]:
    """The file at `path`, or stdout.

    A file is written whole or not at all: what was there is replaced when the block has ended.
    Where a FIFO makes us wait, a signal ends that. Raises UsageError where the file is one of
    `sources`, from which the work is made, and FileError where it cannot be written.
    """
    for source in sources:
        if path is not None and source is not None and same_file(path, source):
            raise UsageError(f"cannot write to {path}: it is the file that is read")
    try:
        if path is None:
            yield CommandOutput(_stdout_writer())
            sys.stdout.flush()
        else:
            with writing_whole(path, (signals or Signals()).check) as file:
                yield CommandOutput(
                    lambda text: file.write(text.encode("utf-8", "backslashreplace"))
                )
    except BrokenPipeError:
        raise
    except OSError as error:
        if path is None and error.filename is None:
            exits.discard_stdout()
        name = error.filename or path or ("stdout" if path is None else "a file without a name")
        raise FileError(f"cannot write to {name}: {error.strerror or error}") from None


def _stdout_writer() -> Callable[[str], object]:
    """Writes to stdout, in ASCII where it cannot hold more."""
    if hasattr(sys.stdout, "reconfigure"):
        codecs.register_error("xortui", ascii_errors)
        sys.stdout.reconfigure(errors="xortui")
    if not wants_ascii():
        return sys.stdout.write
    return lambda text: sys.stdout.write(to_ascii(text))


def wants_ascii() -> bool:
    """Whether the locale or stdout's encoding has no other glyphs than those of ASCII.

    Python itself writes UTF-8 in the locale C; who has set LC_ALL=C gets what was asked for.
    """
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((name for name in names if name), "")
    if locale in ("C", "POSIX"):
        return True
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "ŷ▀⠿".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return True
    return False
