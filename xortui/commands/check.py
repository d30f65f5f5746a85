"""xortui check: every gradient against a numerical one."""

from xortui import exit_codes as exits
from xortui.commands.command import (
    Command,
    Options,
    Parser,
    UnreachableError,
    add_file,
    add_format,
    add_goto,
    compare_bits,
    format_of,
    go,
    start_of,
    writing,
)
from xortui.exit_codes import Signals

FORMATS = ("text", "json")


def add_options(parser: Parser) -> None:
    """FILE, --goto, --format."""
    add_file(parser)
    add_goto(parser)
    add_format(parser, FORMATS)


def run(options: Options) -> int:
    """Check and print; exit code 0 where all gradients that could be checked are right.

    It is 1 where one is wrong, or none could be checked.
    """
    format_ = format_of(options, FORMATS)
    trainer, goto = start_of(options)
    from xortui.core.analysis.gradcheck import check_parameters, passed
    from xortui.reports import train as report

    write = {"text": report.check_text, "json": report.check_json}[format_]
    with Signals() as signals, writing(None) as file:
        go(trainer, goto, signals)
        snapshot = trainer.snapshot()
        if snapshot.diverged:
            raise UnreachableError(
                f"there is nothing to check at step {snapshot.step}: the run diverged there"
            )
        checks = []
        for check in check_parameters(snapshot.network, snapshot.parameters, snapshot.step):
            signals.check()
            checks.append(check)
        file.write(write(snapshot, checks))
    compare_bits(options, trainer)
    return exits.SOLVED if passed(checks) else exits.UNSOLVED


COMMAND = Command("compare every gradient with a numerical one", add_options, run)
