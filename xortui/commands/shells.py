"""Completion for bash, zsh and fish, made from the tables of commands and options."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

SHELLS = ("bash", "zsh", "fish")
FILES = ("FILE", "SCRIPT")
# A list of words in a help text, which has nothing else beside it but what is in brackets.
_LIST = re.compile(r"(?:^|\(|: )([a-z][\w-]*(?:(?:, | \| )[a-z][\w-]*)+)(?=$|\)| \()")


@dataclass(frozen=True)
class Flag:
    """An option: its names, what its value is called (None: it has none), its help in words.

    `values` are those that can be named; `is_file` is whether it is a file's name, and `is_recipe`
    whether the option is one of those that make a recipe.
    """

    names: tuple[str, ...]
    metavar: str | None
    words: str
    values: tuple[str, ...] = ()
    is_file: bool = False
    is_recipe: bool = False


@dataclass(frozen=True)
class Table:
    """A command: what it does in a few words, its options, and what it is given besides them.

    `recipe` says how it takes the options of a recipe, where it does; `notes` is what else its help
    says, as lines.
    """

    name: str
    words: str
    flags: tuple[Flag, ...]
    arguments: tuple[Flag, ...]
    recipe: str = ""
    notes: str = ""

    @property
    def takes_file(self) -> bool:
        """Whether it is given a file's name."""
        return any(argument.is_file for argument in self.arguments)


def tables_of(parsers: Mapping[str, argparse.ArgumentParser]) -> list[Table]:
    """The tables of commands, from their parsers."""
    return [_table(name, parser) for name, parser in parsers.items()]


def _table(name: str, parser: argparse.ArgumentParser) -> Table:
    recipe = next((group for group in parser._action_groups if group.title == "recipe"), None)
    made = recipe._group_actions if recipe else []
    flags = [_flag(action, action in made) for action in parser._actions]
    words = (parser.description or "").rstrip(".")
    return Table(
        name,
        words[:1].lower() + words[1:],
        tuple(flag for flag in flags if flag.names),
        tuple(flag for flag in flags if not flag.names),
        (recipe.description or "") if recipe else "",
        parser.epilog or "",
    )


def _flag(action: argparse.Action, is_recipe: bool) -> Flag:
    metavar = action.metavar if isinstance(action.metavar, str) else None
    if action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction):
        metavar = None
    words = " ".join((action.help or "").split())
    return Flag(
        tuple(action.option_strings),
        metavar,
        words,
        _values(metavar, words),
        metavar in FILES,
        is_recipe,
    )


def _values(metavar: str | None, words: str) -> tuple[str, ...]:
    if metavar is None:
        return ()
    if metavar.islower():  # the only one
        return (metavar,)
    found = _LIST.search(words)
    return tuple(re.split(r", | \| ", found[1])) if found else ()


def completion(shell: str, tables: list[Table]) -> str:
    """What a shell has to read to complete xortui's commands and options."""
    writers: dict[str, Callable[[list[Table]], Iterator[str]]] = {
        "bash": _bash,
        "zsh": _zsh,
        "fish": _fish,
    }
    return "\n".join(writers[shell](tables)) + "\n"


# The first table is that of the app, which is opened where no command is named; the options of the
# program itself stand in its place only.
OWN = ("--help", "--version", "--completion", "--man")


def _bash(tables: list[Table]) -> Iterator[str]:
    names = [table.name for table in tables]
    yield "# Completion of xortui for bash. To be read by: source <(xortui --completion bash)"
    yield "_xortui() {"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
    yield "    local command=app words= files= IFS=$' \\t\\n'"
    yield "    COMPREPLY=()"
    yield "    case ${COMP_WORDS[1]} in"
    yield f"        {'|'.join(names)}) command=${{COMP_WORDS[1]}};;"
    yield "    esac"
    yield '    [ "$COMP_CWORD" = 1 ] && before='
    yield '    case "$command $before" in'
    yield f'        "app --completion") words="{" ".join(SHELLS)}";;'
    for table in tables:
        for flag in table.flags:
            is_known = flag.is_recipe and table is not tables[0]
            if flag.metavar is not None and not is_known:
                name = "*" if flag.is_recipe else f'"{table.name}"'
                pattern = "|".join(f'{name}" {option}"' for option in flag.names)
                does = "files=1" if flag.is_file else f'words="{" ".join(flag.values)}"'
                yield f"        {pattern}) {does};;"
    for table in tables:
        flags = " ".join(name for flag in table.flags for name in flag.names)
        files = "files=1" if table.takes_file else ":"
        yield f'        "{table.name} "*)'
        yield f'            case $word in -*) words="{flags}";; *) {files};; esac;;'
    yield "    esac"
    yield '    if [ "$COMP_CWORD" = 1 ]; then'
    yield "        case $word in"
    yield f'            -*) words="$words {" ".join(OWN)}";;'
    yield f'            *) words="{" ".join(names)}";;'
    yield "        esac"
    yield "    fi"
    yield '    COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield '    if [ -n "$files" ]; then'
    yield "        compopt -o filenames 2> /dev/null"
    yield "        IFS=$'\\n' COMPREPLY=(${COMPREPLY[@]} $(compgen -f -- \"$word\"))"
    yield "    fi"
    yield "}"
    yield "complete -F _xortui xortui"


def _zsh(tables: list[Table]) -> Iterator[str]:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "'\\''") + "'"

    def bracketed(text: str) -> str:
        return re.sub(r"([\[\]:\\])", r"\\\1", text)

    yield "#compdef xortui"
    yield "# Completion of xortui for zsh. To be read by: source <(xortui --completion zsh)"
    yield "_xortui() {"
    yield "    local -a commands"
    yield "    commands=("
    for table in tables:
        yield f"        {quoted(f'{table.name}:{bracketed(table.words)}')}"
    yield "    )"
    yield "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then"
    yield "        _describe command commands"
    yield "        _files"
    yield "        return"
    yield "    fi"
    yield f"    case $words[2] in {'|'.join(table.name for table in tables)})"
    yield "        shift words; (( CURRENT-- )) ;;"
    yield "    esac"
    yield "    case $words[1] in"
    for table in [*tables[1:], tables[0]]:
        pattern = "*" if table is tables[0] else table.name
        yield f"    {pattern})"
        specs = []
        for flag in table.flags:
            for name in flag.names:
                spec = f"{name}[{bracketed(flag.words)}]"
                if flag.metavar is not None:
                    does = "_files" if flag.is_file else f"({' '.join(flag.values)})"
                    spec += f":{flag.metavar}:{does if flag.values or flag.is_file else ' '}"
                specs.append(spec)
        if table is tables[0]:
            specs += ["--version[print the version]", "--man[print the manual page]"]
            specs.append(f"--completion[print a completion]:SHELL:({' '.join(SHELLS)})")
        if table.takes_file:
            specs.append("*:FILE:_files")
        yield f"        _arguments {' '.join(map(quoted, specs))} ;;"
    yield "    esac"
    yield "}"
    yield 'if [[ $funcstack[1] == _xortui ]]; then _xortui "$@"; else compdef _xortui xortui; fi'


def _fish(tables: list[Table]) -> Iterator[str]:
    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    others = " ".join(table.name for table in tables)
    yield "# Completion of xortui for fish. To be read by: xortui --completion fish | source"
    yield "complete -c xortui -e"
    first = quoted("__fish_use_subcommand")
    for table in tables:
        yield f"complete -c xortui -n {first} -a {table.name} -d {quoted(table.words)}"
    for name in OWN[1:]:
        values = f" -x -a {quoted(' '.join(SHELLS))}" if name == "--completion" else ""
        yield f"complete -c xortui -n {first} -l {name[2:]}{values}"
    for table in tables:
        where = f"__fish_seen_subcommand_from {table.name}"
        if table is tables[0]:
            where = f"not __fish_seen_subcommand_from {others}; or {where}"
        if not table.takes_file:
            yield f"complete -c xortui -n {quoted(where)} -f"
        for flag in table.flags:
            names = " ".join(
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                for name in flag.names
            )
            value = ""
            if flag.metavar is not None:
                value = " -r -F" if flag.is_file else f" -x -a {quoted(' '.join(flag.values))}"
            yield f"complete -c xortui -n {quoted(where)} {names}{value} -d {quoted(flag.words)}"
