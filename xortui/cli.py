"""Arguments -> the app or a headless command. Decides before anything heavy is imported."""

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from xortui import __version__
from xortui import exit_codes as exits
from xortui.commands import (
    app,
    check,
    debug,
    explain,
    export,
    learn,
    recover,
    snapshot,
    sweep,
    train,
)
from xortui.commands.command import Command, UnreachableError, add_recipe, writing
from xortui.core.model.recipe import RecipeError
from xortui.exit_codes import FileError, SignalledError, UsageError

COMMANDS: dict[str, Command] = {
    "app": app.COMMAND,
    "train": train.COMMAND,
    "check": check.COMMAND,
    "explain": explain.COMMAND,
    "sweep": sweep.COMMAND,
    "export": export.COMMAND,
    "snapshot": snapshot.COMMAND,
    "recover": recover.COMMAND,
    "debug": debug.COMMAND,
    "learn": learn.COMMAND,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run xortui with these arguments (default: the process's own); returns the exit code."""
    # One thread is fastest for matrices this small, and NumPy starts sooner for it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    exits.open_closed_streams()
    try:
        given = sys.argv[1:] if arguments is None else arguments
        command, passed_on = _split(_with_command(given))
        options = _parser().parse_args(command)
        options.passed_on = passed_on
        code: int = options.command.run(options)
        sys.stdout.flush()
    except (UsageError, RecipeError) as error:
        return _complain(error, exits.USAGE)
    except FileError as error:
        return _complain(error, exits.BAD_FILE)
    except UnreachableError as error:
        return _complain(error, exits.UNSOLVED)
    except SignalledError as error:
        return error.code
    except BrokenPipeError:
        exits.discard_stdout()
        return exits.OF_SIGNAL + exits.PIPE
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except Exception:
        with contextlib.suppress(OSError):
            traceback.print_exc()
        return _complain("this is a bug in xortui; the lines above say where", exits.BUG)
    return code


def _complain(error: object, code: int) -> int:
    exits.say(error)
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see xortui --help)")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        with writing(None):  # a help text that does not get through ends like anything else
            pass
        super().exit(status, message)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with the command first: the app's where none is named."""
    if arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help", "--version")):
        return list(arguments)
    return ["app", *arguments]


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments, and those after `--` where the command passes them on."""
    command = COMMANDS.get(arguments[0])
    if command is None or not command.passes_on or "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="xortui",
        description="A debugger for backpropagation: a tiny NumPy network learns XOR while you "
        "watch, step and check it.",
        epilog="Without a command, xortui opens the app. 'xortui COMMAND --help' explains a "
        "command, and 'xortui app --help' the app.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"xortui {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for name, command in COMMANDS.items():
        child = commands.add_parser(
            name,
            help=command.words,
            description=command.words[0].upper() + command.words[1:] + ".",
            allow_abbrev=False,
            prog="xortui" if name == "app" else f"xortui {name}",
        )
        command.add_options(child)
        if command.has_recipe:
            add_recipe(child)
        child.set_defaults(command=command)
    return parser
