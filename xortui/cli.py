"""Arguments -> the app or a headless command. Decides before anything heavy is imported."""

import argparse
import contextlib
import os
import shutil
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from typing import Any, NoReturn

from xortui import __version__
from xortui import exit_codes as exits
from xortui.commands import (
    app,
    check,
    debug,
    explain,
    export,
    learn,
    record,
    recover,
    snapshot,
    sweep,
    train,
)
from xortui.commands.command import Command, UnreachableError, add_recipe, writing
from xortui.core.model.recipe_fields import FLAGS, RecipeError
from xortui.exit_codes import FileError, SignalledError, UsageError

COMMANDS: dict[str, Command] = {
    "app": app.COMMAND,
    "train": train.COMMAND,
    "check": check.COMMAND,
    "explain": explain.COMMAND,
    "sweep": sweep.COMMAND,
    "export": export.COMMAND,
    "snapshot": snapshot.COMMAND,
    "record": record.COMMAND,
    "recover": recover.COMMAND,
    "debug": debug.COMMAND,
    "learn": learn.COMMAND,
}


OWN = ("--help", "--version", "--completion", "--man")
COMPLETION = "print what bash, zsh or fish reads to complete commands and options"
EXAMPLES = (
    ("xortui", "open the app: space runs, ? helps, q quits"),
    ("xortui --seed 57 --goto 5000", "a start that gets stuck, at step 5,000"),
    ("xortui check --break wrong-sign", "does the gradient check find a mistake?"),
    ("xortui explain --row 01", "one step of one row, written out in full"),
    ("xortui sweep --hidden 2 --hidden 3", "a thousand starts of two networks"),
    ("xortui record -o film.svg", "a film of the run, for a slide, a README"),
    ("xortui debug my_network.py", "what is wrong with your own script?"),
)


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
    except RecipeError as error:
        name = FLAGS.get(error.field, error.field)
        return _complain(error.called(name), exits.USAGE)
    except UsageError as error:
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
    first = arguments[0].partition("=")[0] if arguments else ""
    if first in COMMANDS or first in ("-h", *OWN):
        return list(arguments)
    return ["app", *arguments]


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments, and those after `--` where the command passes them on."""
    command = COMMANDS.get(arguments[0])
    if command is None or not command.passes_on or "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help that fits 80 columns, also where there are more."""

    def __init__(self, *given: Any, **named: Any) -> None:
        width = min(80, shutil.get_terminal_size().columns) - 2
        super().__init__(*given, **{**named, "width": width})


class _Completion(argparse.Action):
    """--completion SHELL: print it and end."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        from xortui.commands.shells import SHELLS, completion, tables_of

        shell = given[1]
        if shell not in SHELLS:
            raise UsageError(f"--completion cannot be {shell!r}; allowed: {', '.join(SHELLS)}")
        with writing(None) as file:
            file.write(completion(shell, tables_of(_children(parser))))
        parser.exit()


class _Manual(argparse.Action):
    """--man: print the manual page and end."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        from xortui.commands.manual import manual
        from xortui.commands.shells import tables_of

        with writing(None) as file:
            file.write(manual(tables_of(_children(parser)), EXAMPLES))
        parser.exit()


def _children(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


@cache
def _parser() -> argparse.ArgumentParser:
    width = max(len(line) for line, _ in EXAMPLES)
    examples = "".join(f"  {line:{width}}  {words}\n" for line, words in EXAMPLES)
    parser = _Parser(
        prog="xortui",
        formatter_class=_Help,
        description="A debugger for backpropagation: a tiny NumPy network learns XOR while you\n"
        f"watch, step and check it.\n\nexamples:\n{examples}",
        epilog="Without a command, xortui opens the app. 'xortui COMMAND --help' explains a\n"
        "command, and 'xortui app --help' the app.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"xortui {__version__}")
    parser.add_argument("--completion", metavar="SHELL", action=_Completion, help=COMPLETION)
    parser.add_argument(
        "--man", nargs=0, action=_Manual, help="print the manual page: xortui --man | man -l -"
    )
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
        child.formatter_class = _Help
        if command.has_recipe:
            add_recipe(child)
        child.set_defaults(command=command)
    return parser
