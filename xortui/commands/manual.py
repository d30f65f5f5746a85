"""The manual page, made from the tables of commands and options, in the language of man."""

import re
from collections.abc import Iterator, Sequence

from xortui import __version__
from xortui.commands.shells import Flag, Table
from xortui.exit_codes import MEANINGS

ABOUT = (
    "A debugger for backpropagation, in any terminal: a tiny NumPy network learns XOR in front of "
    "you, and you can run it, step it, stop inside a step, go back in time, change anything and "
    "check every number. In the app, ? lists the keys and q quits."
)


def manual(tables: Sequence[Table], examples: Sequence[tuple[str, str]]) -> str:
    """The page as man reads it. `examples` are command lines and what they do."""
    return "\n".join(_lines(tables, examples)) + "\n"


def _lines(tables: Sequence[Table], examples: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f'.TH XORTUI 1 "" "xortui {__version__}" "User Commands"'
    yield ".SH NAME"
    yield r"xortui \- a debugger for backpropagation, in any terminal"
    yield ".SH SYNOPSIS"
    for table in tables:
        words = " ".join(_escaped(argument.metavar or "") for argument in table.arguments)
        name = "" if table is tables[0] else f" {table.name}"
        yield f".B xortui{name}"
        yield f"[\\fIOPTIONS\\fR] {f'[{words}]' if words else ''}".rstrip()
        yield ".br"
    yield ".SH DESCRIPTION"
    yield _escaped(ABOUT)
    yield ".SH EXAMPLES"
    for line, words in examples:
        yield from (".TP", f".B {_escaped(line)}", _escaped(words))
    yield ".SH RECIPE"
    yield "These options determine the run, in every command that names RECIPE."
    for flag in tables[0].flags:
        if flag.is_recipe:
            yield from _option(flag)
    yield ".SH COMMANDS"
    for table in tables:
        yield f".SS {_escaped(table.name)}{' [RECIPE]' if table.recipe else ''}"
        yield _escaped(f"{table.words[:1].upper()}{table.words[1:]}.")
        if table.recipe not in ("", tables[0].recipe):
            yield _escaped(f"In RECIPE, {table.recipe}.")
        for flag in (*table.arguments, *table.flags):
            if "--help" not in flag.names and not flag.is_recipe:
                yield from _option(flag)
        if table.notes:
            yield from (
                ".PP",
                ".in 0",
                ".nf",
                *map(_escaped, table.notes.splitlines()),
                ".fi",
                ".in",
            )
    yield ".SH EXIT STATUS"
    for code, words in MEANINGS.items():
        yield from (".TP", f".B {code}", _escaped(words))


def _option(flag: Flag) -> Iterator[str]:
    names = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in flag.names)
    value = f"\\fI{_escaped(flag.metavar)}\\fR" if flag.metavar else ""
    yield ".TP"
    yield f"{names} {value}".strip()
    yield _escaped(flag.words) or r"\&"


def _escaped(text: str) -> str:
    """Text that man prints as it is."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", text)
