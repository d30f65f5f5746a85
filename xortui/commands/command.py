"""What a command is, and what several of them share: recipe, FILE, numbers, formats, output."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from xortui import exits
from xortui.core import recipe as recipes
from xortui.core.recipe import FLAGS, Recipe
from xortui.exits import FileError, Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.trainer import Trainer

MOST_STEPS = 10**9
DEFAULT_STEPS = 10_000

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


def add_recipe(parser: Parser) -> None:
    """The flags of a recipe, all that determines the run."""
    group = parser.add_argument_group("recipe", "all that determines the run")
    default = Recipe()
    for field, flag in FLAGS.items():
        if field == "bias":
            group.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=None, help="units have biases"
            )
            continue
        group.add_argument(
            flag,
            dest=field,
            metavar="X" if field == "learning_rate" else field.upper(),
            help=f"{recipes.ALLOWED[field]} (default {written(field, getattr(default, field))})",
        )


def written(field: str, value: object) -> str:
    """The value of a recipe's field as a person types it."""
    if value is None:
        return "none"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def recipe_of(options: Options) -> Recipe:
    """The recipe that the flags give. Raises RecipeError."""
    texts = {field: getattr(options, field) for field in FLAGS}
    if texts["bias"] is not None:
        texts["bias"] = "true" if texts["bias"] else "false"
    return Recipe.parse({field: text for field, text in texts.items() if text is not None})


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
    step = None if goto is None else number("--goto", goto, 0)
    from xortui.core.runfile import RunFileError, read_run
    from xortui.core.trainer import Trainer

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
    """Say on stderr where the replay of FILE has come to other last bits where it was saved."""
    run = options.saved_run
    if run is not None and run.position <= trainer.frontier:
        trainer.seek(run.position)
        if not run.matches(trainer):
            print(
                f"xortui: this machine's NumPy gives other last bits at step {run.position} than "
                f"those that {options.run_file} was saved with",
                file=sys.stderr,
            )


def go(trainer: "Trainer", step: int, signals: Signals) -> None:
    """Bring a run to a step; a signal ends it earlier. Raises UnreachableError at divergence."""
    for _ in trainer.seeking(step, seconds=0.05):
        if signals.received is not None:
            return
    if trainer.step_number < step:
        raise UnreachableError(
            f"there is no step {step}: the run diverged at step {trainer.step_number}"
        )


class UnreachableError(Exception):
    """A step that the run never reaches. The message is one sentence."""


def number(name: str, text: str, least: int, most: int = MOST_STEPS) -> int:
    """A whole number as typed. Raises UsageError."""
    if not (text.isascii() and text.isdigit() and least <= int(text[:20]) <= most):
        raise UsageError(
            f"{name} cannot be {text!r}; allowed: a whole number from {least} to {most}"
        )
    return int(text)


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


@contextmanager
def writing(path: str | None) -> Iterator[IO[str]]:
    """The file at `path`, or stdout. Raises FileError where it cannot be written."""
    try:
        if path is None:
            if hasattr(sys.stdout, "reconfigure"):
                sys.stdout.reconfigure(errors="replace")
            yield sys.stdout
            sys.stdout.flush()
        else:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                yield file
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        if not isinstance(error, OSError) and "null byte" not in str(error):
            raise
        if path is None:
            exits.discard_stdout()
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"cannot write to {path or 'stdout'}: {reason}") from None


def check_writable(path: str) -> None:
    """Raise FileError now where a file could not be written at the end of a long run."""
    folder = os.path.dirname(os.path.abspath(path))
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FileError(f"cannot write to {path}: {error.strerror}") from None
