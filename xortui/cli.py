"""Arguments -> the app or a headless command. Decides before anything heavy is imported."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NoReturn

from xortui import __version__, exits
from xortui.core import recipe as recipes
from xortui.core.recipe import FLAGS, Recipe
from xortui.exits import FileError, Signals, UsageError

if TYPE_CHECKING:
    from xortui.core.trainer import Trainer

MOST_STEPS = 10**9
DEFAULT_STEPS = 10_000
SMALLEST_SIZE, LARGEST_SIZE = (20, 5), (400, 200)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run xortui with these arguments (default: the process's own); returns the exit code."""
    # One thread is fastest for matrices this small, and NumPy starts sooner for it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        options = _parser().parse_args(
            _with_command(sys.argv[1:] if arguments is None else arguments)
        )
        code: int = options.command(options)
        sys.stdout.flush()
    except (UsageError, ValueError) as error:
        if not isinstance(error, UsageError | recipes.RecipeError):
            return _bug()
        return _complain(error, exits.USAGE)
    except FileError as error:
        return _complain(error, exits.BAD_FILE)
    except BrokenPipeError:
        exits.discard_stdout()
        return exits.OF_SIGNAL + 13
    except Exception:
        return _bug()
    return code


def _complain(error: object, code: int) -> int:
    print(f"xortui: {error}", file=sys.stderr)
    return code


def _bug() -> int:
    traceback.print_exc()
    return _complain("this is a bug in xortui; the lines above say where", exits.BUG)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (xortui --help shows what there is)")


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with the command first: the app's where none is named."""
    if arguments and (arguments[0] in _COMMANDS or arguments[0] in ("-h", "--help", "--version")):
        return list(arguments)
    return ["app", *arguments]


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="xortui",
        description="A debugger for backpropagation: a tiny NumPy network learns XOR while you "
        "watch, step and check it.",
        epilog="Without a command, xortui opens the app, which takes the same RECIPE flags and "
        "--run, --goto K. 'xortui COMMAND --help' says more of a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"xortui {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for name, (command, words, add_options) in _COMMANDS.items():
        child = commands.add_parser(
            name,
            help=words,
            description=words[0].upper() + words[1:] + ".",
            allow_abbrev=False,
            prog="xortui" if name == "app" else f"xortui {name}",
        )
        _add_recipe(child)
        add_options(child)
        child.set_defaults(command=command)
    return parser


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("recipe", "all that determines the run")
    default = Recipe()
    for field, flag in FLAGS.items():
        if field == "bias":
            group.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=None, help="units have biases"
            )
            continue
        value = getattr(default, field)
        text = ",".join(map(str, value)) if field == "hidden" else value
        group.add_argument(
            flag,
            dest=field,
            metavar="X" if field == "learning_rate" else field.upper(),
            help=f"{recipes.ALLOWED[field]} (default {text})",
        )


def _recipe(options: argparse.Namespace) -> Recipe:
    texts = {field: getattr(options, field) for field in FLAGS}
    if texts["bias"] is not None:
        texts["bias"] = "true" if texts["bias"] else "false"
    return Recipe.parse({field: text for field, text in texts.items() if text is not None})


def _start(options: argparse.Namespace) -> "tuple[Trainer, int]":
    """The run that is asked for, standing at step 0, and the step to go to."""
    from xortui.core.runfile import RunFileError, read_run
    from xortui.core.trainer import Trainer

    recipe, goto = _recipe(options), getattr(options, "goto", None)
    step = None if goto is None else _number("--goto", goto, 0)
    path = options.run_file
    if path is None:
        return Trainer(recipe), step or 0
    if recipe != Recipe():
        raise UsageError("a FILE brings its own recipe: leave the recipe's flags out")
    try:
        run = read_run(path)
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from None
    except RunFileError as error:
        raise FileError(f"cannot use {path}: {error}") from None
    return run.trainer(), run.position if step is None else step


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_file", metavar="FILE", nargs="?", help="a run that the app has saved")


def _number(name: str, text: str, least: int, most: int = MOST_STEPS) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:20]) <= most):
        raise UsageError(
            f"{name} cannot be {text!r}; allowed: a whole number from {least} to {most}"
        )
    return int(text)


def _add_goto(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--goto", metavar="K", help="go to step K first (default 0, or where FILE stands)"
    )


def _add_output(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    parser.add_argument("--format", default="text", metavar="FORMAT", help=" | ".join(formats))


def _format(options: argparse.Namespace, formats: Sequence[str]) -> str:
    if options.format not in formats:
        raise UsageError(f"--format cannot be {options.format!r}; allowed: {', '.join(formats)}")
    return str(options.format)


# -- the app -----------------------------------------------------------------------------------


def _app_options(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    parser.add_argument("--run", action="store_true", help="start training at once")
    _add_goto(parser)


def _app(options: argparse.Namespace) -> int:
    _recipe(options)
    if options.goto is not None:
        _number("--goto", options.goto, 0)
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "the app needs a terminal on stdin, stdout and stderr; "
            "'xortui train' prints the same run into a pipe"
        )
    if os.environ.get("TERM") == "dumb":
        raise UsageError("the app needs a terminal that can move its cursor, and TERM is dumb")
    from xortui.tui.app import run_app

    trainer, goto = _start(options)
    return run_app(trainer, goto, options.run, options.run_file)


# -- train -------------------------------------------------------------------------------------

TRAIN_FORMATS = ("text", "json", "csv")


def _train_options(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    parser.add_argument(
        "--steps", metavar="N", default=str(DEFAULT_STEPS), help=f"default {DEFAULT_STEPS}"
    )
    parser.add_argument("--every", metavar="K", help="report every Kth loss (default N/4)")
    _add_output(parser, TRAIN_FORMATS)
    parser.add_argument("-o", dest="file", metavar="FILE", help="write there, not to stdout")


def _train(options: argparse.Namespace) -> int:
    format_ = _format(options, TRAIN_FORMATS)
    steps = _number("--steps", options.steps, 1)
    every = _number("--every", options.every, 1) if options.every else max(1, steps // 4)
    trainer, _ = _start(options)
    from xortui import report

    run = {"text": report.train_text, "json": report.train_json, "csv": report.train_csv}[format_]
    with Signals() as signals, _writing(options.file) as file:
        stopped = lambda: signals.received is not None  # noqa: E731
        end = run(report.Training(trainer, steps, every, stopped), file.write)
    if signals.exit_code is not None:
        _complain(f"stopped at step {end.step} of {steps}", signals.exit_code)
        return signals.exit_code
    return exits.SOLVED if end.solved else exits.UNSOLVED


@contextmanager
def _writing(path: str | None) -> Iterator[IO[str]]:
    """The file at `path`, or stdout. Raises FileError where it cannot be written."""
    name = path or "stdout"
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
    except OSError as error:
        if path is None:
            exits.discard_stdout()
        raise FileError(f"cannot write to {name}: {error.strerror or error}") from None


# -- check -------------------------------------------------------------------------------------

CHECK_FORMATS = ("text", "json")


def _check_options(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    _add_goto(parser)
    _add_output(parser, CHECK_FORMATS)


def _check(options: argparse.Namespace) -> int:
    format_ = _format(options, CHECK_FORMATS)
    trainer, goto = _start(options)
    from xortui import report
    from xortui.core.gradcheck import check_parameters

    with Signals() as signals, _writing(None) as file:
        _go(trainer, goto, signals)
        if trainer.step_number < goto and signals.received is None:
            _complain(f"there is no step {goto}: the run diverged at {trainer.step_number}", 1)
            return exits.UNSOLVED
        snapshot = trainer.snapshot()
        checks = []
        for check in check_parameters(snapshot.network, snapshot.parameters):
            if signals.exit_code is not None:
                return signals.exit_code
            checks.append(check)
        write = {"text": report.check_text, "json": report.check_json}[format_]
        file.write(write(snapshot, checks))
    return exits.SOLVED if report.passed(checks) else exits.UNSOLVED


def _go(trainer: "Trainer", step: int, signals: Signals) -> None:
    """Bring a run to a step; a signal or divergence ends it earlier."""
    for _ in trainer.seeking(step, seconds=0.05):
        if signals.received is not None:
            return


# -- snapshot ----------------------------------------------------------------------------------


def _snapshot_options(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    _add_goto(parser)
    parser.add_argument("--size", metavar="WxH", default="120x36", help="default 120x36")
    parser.add_argument("--view", metavar="NAME", help="open a view first, such as surface")
    parser.add_argument(
        "-o", dest="file", metavar="FILE", required=True, help="a .svg or .txt file"
    )


def _snapshot(options: argparse.Namespace) -> int:
    size = _size(options.size)
    if not options.file.endswith((".svg", ".txt")):
        raise UsageError(f"-o cannot be {options.file!r}; allowed: a file ending in .svg or .txt")
    trainer, goto = _start(options)
    from xortui.tui.panes.views import VIEWS
    from xortui.tui.picture import picture

    if options.view is not None and options.view not in VIEWS:
        raise UsageError(f"--view cannot be {options.view!r}; allowed: {', '.join(VIEWS)}")
    with Signals() as signals, _writing(options.file) as file:
        _go(trainer, goto, signals)
        if signals.exit_code is not None:
            return signals.exit_code
        as_text = options.file.endswith(".txt")
        file.write(picture(trainer, size, as_text, options.view))
    return 0


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and text.isascii() and len(text) < 10):
        raise UsageError(f"--size cannot be {text!r}; allowed: columns x rows, such as 120x36")
    size = int(width), int(height)
    if not all(
        least <= value <= most
        for least, value, most in zip(SMALLEST_SIZE, size, LARGEST_SIZE, strict=True)
    ):
        raise UsageError(f"--size cannot be {text}; allowed: from 20x5 to 400x200")
    return size


Command = tuple[Callable[[argparse.Namespace], int], str, Callable[[argparse.ArgumentParser], None]]
_COMMANDS: dict[str, Command] = {
    "app": (_app, "open the app (the default)", _app_options),
    "train": (_train, "train without the app and print the run", _train_options),
    "check": (_check, "compare every gradient with a numerical one", _check_options),
    "snapshot": (_snapshot, "draw the app's screen into a file", _snapshot_options),
}
