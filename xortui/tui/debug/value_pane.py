"""A line of theirs in one step, its numbers beside the true ones; or else what was found."""

import textwrap
from typing import TypeVar

import numpy as np

from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.recorded import Stop
from xortui.core.debug.report import DebugReport
from xortui.core.model.functions import Array, Flags
from xortui.reports.debug import mended_words
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import cut, in_cells
from xortui.tui.debug.pane import ScrolledPane, roomy_title
from xortui.tui.debug.source_pane import code_width, first_wrong, source_lines
from xortui.tui.drawing.lines import (
    NUMBER_WIDTH,
    Line,
    fitted,
    line_width,
    plain_text,
    sign_style,
    signed,
    spread,
    title,
)

DEVIATION = "≠"  # after a number that is not the true one
CELL = NUMBER_WIDTH + 1
GAP = 3  # between their numbers and the true ones
INDENT = 1
HEAD = 4  # lines around a table: title, what it is, heads, and the number that is off the most


def paint_value(frame: DebugFrame, width: int) -> list[Line]:
    """The value that is looked at, or where there is none what was found out."""
    stop = frame.stop
    return _found(frame, width) if stop is None else _value(frame, stop, width)


def _value(frame: DebugFrame, stop: Stop, width: int) -> list[Line]:
    step = frame.step
    assert step is not None
    place = f"value {(frame.at or 0) + 1} of {len(frame.stops)} "
    name = in_cells(stop.name or textwrap.shorten(stop.text, max(10, width // 3)))
    choices: list[Line] = [[(f"step {step.number:,} · {place}", "label")], [(place, "label")]]
    head = roomy_title(f"Line {stop.line}: {name}", choices, width)
    theirs = as_table(stop.theirs)
    true = None if stop.true is None else as_table(stop.true)
    whole = _whole_line(frame, stop.line, width)
    return [head, *whole, _sentence(frame, stop, width), *_tables(theirs, true, stop, width)]


def _whole_line(frame: DebugFrame, line: int, width: int) -> list[Line]:
    """A line of the script over as many lines as it takes, where it does not fit into its pane."""
    lines = source_lines(frame.source)
    code = lines[line - 1] if 0 < line <= len(lines) else []
    if line_width(code) <= code_width(frame.source, width):
        return []
    indent = len(plain_text([code])) - len(plain_text([code]).lstrip())
    room = max(10, width - 2)
    starts = range(indent, line_width(code), room)
    return [[(" ", "text"), *cut(code, start, room)] for start in starts]


def _sentence(frame: DebugFrame, stop: Stop, width: int) -> Line:
    """What the value is, and whether it is right."""
    shape = "×".join(map(str, stop.theirs.shape)) or "a number"
    if not stop.what:
        words: Line = [(f"xortui does not know what this is · {shape}", "label")]
        return fitted([(" ", "text"), *words], width)
    line: Line = [(" ", "text"), (stop.what, "heading"), (f" · {shape}  ", "label")]
    choices, style = _verdict(frame, stop)
    room = width - line_width(line)
    line.append((next((one for one in choices if len(one) <= room), choices[-1]), style))
    return fitted(line, width)


def _verdict(frame: DebugFrame, stop: Stop) -> tuple[list[str], str]:
    """Whether the value is right, in more words and in fewer, and the ink for it."""
    off, wrong = _count(int(stop.deviates.sum())), first_wrong(frame)
    report = None if frame.examination is None else frame.examination.report
    match stop.verdict:
        case "right":
            return ["✓ equal to the true values" if stop.true is not None else "✓ right"], "good"
        case "follows":
            follows = f"follows from line {wrong}"
            return [f"✗ {off}: {follows}", f"✗ {follows}"] if wrong else [f"✗ {off}"], "warn"
        case "wrong":
            why = MISTAKES.get((report.mistake if report else None) or "", off)
            return [f"✗ {why}", f"✗ {off}", "✗ wrong"], "bad"
    return ["? nobody knows whether it is right"], "label"


def _count(count: int) -> str:
    return (
        "1 number is not the true one" if count == 1 else f"{count} numbers are not the true ones"
    )


Values = TypeVar("Values", Array, Flags)


def as_table(array: Values) -> Values:
    """Any array as rows of values."""
    if array.ndim == 0:
        return array.reshape(1, 1)
    return array.reshape(1, -1) if array.ndim == 1 else array.reshape(len(array), -1)


def _tables(theirs: Array, true: Array | None, stop: Stop, width: int) -> list[Line]:
    """Their numbers, and beside them the true ones: as many columns as fit."""
    equal = true is None or not stop.deviates.any()
    tables = 1 if equal else 2
    room = (width - INDENT - (tables - 1) * GAP) // tables
    columns = min(theirs.shape[1], max(1, room // CELL))
    off = as_table(stop.deviates)
    size = max(columns * CELL, len("yours") + 1)
    left = f" columns 1-{columns} of {theirs.shape[1]}" if columns < theirs.shape[1] else ""
    head: Line = [(f"{'yours':>{INDENT + NUMBER_WIDTH}}", "label")]
    if not equal:
        head = [*fitted(head, INDENT + size + GAP), (f"{'true':>{NUMBER_WIDTH}}", "label")]
    lines = [spread(head, [(left, "accent")], width) if left else head]
    for row in range(len(theirs)):
        line: Line = [(" " * INDENT, "text")]
        for column in range(columns):
            line += _number(float(theirs[row, column]), bool(off[row, column]))
        if not equal and true is not None:
            line = fitted(line, INDENT + size + GAP)
            for column in range(columns):
                line += _number(float(true[row, column]), False)
        lines.append(line)
    if not equal and true is not None:
        lines.append(_worst(theirs, true, width))
    return lines


def _number(value: float, is_off: bool) -> Line:
    text = signed(value)
    if not is_off:
        return [(text, sign_style(value)), (" ", "text")]
    return [(text, "heading@bad:3"), (DEVIATION, "bad")]


def _worst(theirs: Array, true: Array, width: int) -> Line:
    """The number that is off the most."""
    with np.errstate(all="ignore"):
        off = np.abs(theirs - true)
    off = np.where(np.isfinite(off), off, np.inf)
    row, column = np.unravel_index(int(off.argmax()), off.shape)
    place = f"[{row},{column}]" if theirs.size > 1 else ""
    words: Line = [
        (f" {place} ".replace("  ", " "), "accent"),
        ("yours ", "label"),
        (signed(float(theirs[row, column])).strip(), "bad"),
        (" · true ", "label"),
        (signed(float(true[row, column])).strip(), "good"),
    ]
    legend = f" · {DEVIATION} marks what is not the true number"
    if line_width(words) + len(legend) <= width:
        words.append((legend, "label"))
    return fitted(words, width)


# -- what was found --------------------------------------------------------------------------------


def _found(frame: DebugFrame, width: int) -> list[Line]:
    found = frame.examination
    if found is None:
        return [title("What was found", [], width)]
    report = found.report
    lines = [title("What was found", [], width)]
    lines += _whole_line(frame, frame.line, width)
    if report.why:
        lines += wrapped_values(report.why, "text", width)
    if report.suggestion:
        lines += _suggestion(report, width)
    if words := mended_words(report):
        lines += wrapped_values(words, "good", width)
    for note in report.notes:
        lines += wrapped_values(note, "label", width)
    if found.count:
        hint = "n walks through your lines of one step, with their numbers beside the true ones."
        lines += wrapped_values(hint, "label", width)
    elif report.output.strip():
        lines += [[(" It printed:", "label")], *_output(report.output, width)]
    if len(lines) == 1:
        lines += wrapped_values("Change the script, and r runs it again.", "label", width)
    return lines


def _suggestion(report: DebugReport, width: int) -> list[Line]:
    """The lines as they could be."""
    assert report.suggestion is not None
    lines: list[Line] = []
    for number, text in enumerate(report.suggestion.splitlines()):
        head = " As it could be: " if number == 0 else " " * 17
        code = in_cells(text)
        for place in range(0, max(1, len(code)), max(1, width - len(head) - 2)):
            piece = cut([(code, "good@good:2")], place, width - len(head) - 2)
            lines.append([(head if place == 0 else " " * len(head), "label"), *piece])
    return lines


def _output(output: str, width: int) -> list[Line]:
    return [[(f"  {in_cells(text)}"[:width], "text")] for text in output.strip().splitlines()[-5:]]


def wrapped_values(text: str, style: str, width: int) -> list[Line]:
    """A sentence over as many lines as it takes."""
    pieces = textwrap.wrap(in_cells(text), max(10, width - 2))
    return [[(f" {piece}", style)] for piece in pieces]


class ValuePane(ScrolledPane):
    """The value that is looked at."""

    def whole(self, frame: DebugFrame, width: int) -> list[Line]:
        return paint_value(frame, width)

    def height_for(self, frame: DebugFrame, width: int) -> int:
        """In a walk as many as any value of the step takes, so that nothing else moves."""
        if frame.stop is None:
            return max(len(_found(frame, width)), 2)
        tables = [
            HEAD + len(as_table(stop.theirs)) + len(_whole_line(frame, stop.line, width))
            for stop in frame.stops
        ]
        return max(tables)
