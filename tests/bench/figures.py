"""What a benchmark prints: its figures, what is promised of them, and whether they hold."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure as text, the promise about it, and whether it is kept (None: none)."""

    name: str
    measured: str
    promised: str = ""
    is_kept: bool | None = None


def report_in_terminal(
    measure: Callable[[bool], Sequence[Figure]], arguments: Sequence[str]
) -> int:
    """As `report`, of what needs a pseudo-terminal: where there are none nothing is measured."""
    if os.name != "posix":
        print("there are no pseudo-terminals here")
        return 0
    return report(measure, arguments)


def report(measure: Callable[[bool], Sequence[Figure]], arguments: Sequence[str]) -> int:
    """Measure, print a table, and give the exit code: 1 where a promise is broken.

    The only argument there may be is --quick, which measures little and judges nothing.
    """
    is_quick = list(arguments) == ["--quick"]
    if arguments and not is_quick:
        print("the only argument is --quick", file=sys.stderr)
        return 2
    figures = measure(is_quick)
    name_width = max(len(figure.name) for figure in figures)
    width = max(len(figure.measured) for figure in figures)
    for figure in figures:
        verdict = {None: "", True: "kept", False: "BROKEN"}[None if is_quick else figure.is_kept]
        words = f"promised {figure.promised}" if figure.promised else ""
        line = f"{figure.name:{name_width}}  {figure.measured:>{width}}  {words}  {verdict}"
        print(line.rstrip())
    return int(not is_quick and any(figure.is_kept is False for figure in figures))
