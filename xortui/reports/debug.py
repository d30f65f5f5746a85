"""What `xortui debug` prints: the report as text, and as JSON."""

import json
import math
import textwrap
from typing import Any

from xortui.core.debug.noting import lines_of
from xortui.core.debug.ordinary import NoRecipeError, ordinary_recipe
from xortui.core.debug.report import DebugReport, NetworkFound, ParameterFound
from xortui.core.model.names import notation
from xortui.core.text.harmless import harmless_lines

WIDTH = 80
MAX_NUMBERS = 40  # of a start that is written out
MAX_NAME = 32  # letters of a name in the table

_BATCHES = {
    "full": "all patterns in every step",
    "online": "one pattern in every step",
    "mini": "some patterns in every step",
}
_LAYOUTS = {"rows": "patterns are rows", "columns": "patterns are columns"}
_MARKS = {"right": "✓", "wrong": "✗", "not updated": "✗", "unknown": "?"}


def debug_json(report: DebugReport) -> str:
    """The stable JSON of a report; numbers that are not finite are null."""
    text = json.dumps(_finite(report.to_json()), indent=2, ensure_ascii=False)
    return "".join(map(_harmless_in_json, text)) + "\n"


def _harmless_in_json(letter: str) -> str:
    return letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1]


def debug_text(report: DebugReport) -> str:
    """The report as text of at most 80 columns, but for lines of the script itself."""
    blocks: list[list[str]] = []
    if report.network is not None:
        blocks.append(_wrapped(found(report)))
    blocks.append(_wrapped(report.sentence))
    blocks.append(_lines(report))
    blocks.append(_wrapped(report.why))
    if report.suggestion:
        blocks.append(["As it could be:", *_indented(report.suggestion)])
    if report.parameters:
        blocks.append(_evidence(report))
    blocks.append(_wrapped(mended_words(report)))
    for note in report.notes:
        blocks.append(_wrapped(note))
    if report.start is not None and report.parameters:
        blocks.append(_start(report))
    return harmless_lines("\n\n".join("\n".join(block) for block in blocks if block) + "\n")


def found(report: DebugReport) -> str:
    """What kind of network it is, in one sentence."""
    network = report.network
    assert network is not None
    parts = [_shape(network), *network.activations, "with biases" if network.bias else "no biases"]
    text = f"{parts[0]}, {', '.join(parts[1:])}"
    more = [_LAYOUTS.get(network.layout or ""), _BATCHES.get(network.batch)]
    more.append(_rates(report))
    if report.optimiser == "momentum":
        more.append("momentum")
    if report.loss:
        more.append(report.loss)
    return f"{report.script}: {text}; {'; '.join(one for one in more if one)}."


def _shape(network: NetworkFound) -> str:
    return f"a {'-'.join(map(str, network.sizes))} network"


def _rates(report: DebugReport) -> str | None:
    """The learning rate; where the parameters have rates of their own, all of them."""
    if report.learning_rate is None:
        return None
    right = [one for one in report.parameters if one.verdict == "right" and one.factor]
    exact = all(one.cosine is not None and one.cosine > 1 - 1e-9 for one in right)
    rates = [report.learning_rate]
    if exact:
        rates += [one.factor for one in right if one.factor is not None]
    distinct = list(dict.fromkeys(f"{rate:.4g}" for rate in rates))
    return f"η = {' and '.join(distinct)}"


def _lines(report: DebugReport) -> list[str]:
    source = lines_of(report.source)
    shown = report.lines or ((report.line,) if report.line else ())
    lines = []
    for number in shown:
        if number and number <= len(source):
            lines += [f"{report.script}:{number}", *_indented(source[number - 1].strip())]
    return lines


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.split("\n")]


def _evidence(report: DebugReport) -> list[str]:
    """Their updates against the true gradients; parameters of one name and role are one row."""
    rows: dict[tuple[str, str, str], list[ParameterFound]] = {}
    for one in report.parameters:
        rows.setdefault((one.name, one.role, one.verdict), []).append(one)
    names = [_short(name, len(group)) for (name, _, _), group in rows.items()]
    width = max(len("update of"), *map(len, names))
    lines = [f"{'update of':{width}}  against   direction     factor"]
    lines += [_row(group[0], name, width) for name, group in zip(names, rows.values(), strict=True)]
    update = "update, but for its momentum," if report.optimiser == "momentum" else "update"
    words = (
        f"Direction 1: their {update} goes exactly down the gradient of the loss, summed over the "
        "patterns of the step. Factor: how far."
    )
    return [*lines, *_wrapped(words)]


def _short(name: str, count: int) -> str:
    """A name as the table has room for it, and how many parameters have it."""
    times = f" ({count})" if count > 1 else ""
    room = MAX_NAME - len(times)
    return (name if len(name) <= room else f"{name[: room - 1]}…") + times


def _row(one: ParameterFound, name: str, width: int) -> str:
    role = notation(f"d{one.role}")
    cosine = "        -" if one.cosine is None else f"{one.cosine:9.6f}"
    factor = "         -" if one.factor is None else f"{one.factor:10.4g}"
    return f"{name:{width}}  {role:8}  {cosine} {factor}  {_MARKS[one.verdict]} {one.verdict}"


def mended_words(report: DebugReport) -> str:
    mended = report.mended
    if mended is None:
        return ""
    start = "With the true gradient, from the same start, it is"
    if mended.solved_at is not None:
        return f"{start} solved by step {mended.solved_at:,}."
    return f"{start} not yet solved at step {mended.steps:,}."


def _start(report: DebugReport) -> list[str]:
    start = report.start
    assert start is not None
    assert report.network is not None
    count = sum(len(row) for layer in start.weights for row in layer) + sum(map(len, start.biases))
    if count > MAX_NUMBERS:
        return []
    lines = ["It starts from"]
    for number, (weights, biases) in enumerate(
        zip(start.weights, start.biases, strict=True), start=1
    ):
        lines += _rows_of(notation(f"W{number}"), weights)
        if biases:
            lines += _rows_of(notation(f"b{number}"), (biases,))
    try:
        recipe = ordinary_recipe(start, report.network.activations, report.learning_rate)
    except NoRecipeError:
        return lines
    words = "--export-run FILE writes this start as a run that xortui opens."
    if recipe.loss == "cross-entropy" != report.loss:
        words = f"{words[:-1]}, with cross-entropy: with another loss xortui's output is linear."
    return [*lines, *_wrapped(words)]


def _rows_of(name: str, rows: tuple[tuple[float, ...], ...]) -> list[str]:
    lines = []
    for place, row in enumerate(rows):
        head = f"  {name if place == 0 else '  '}  "
        numbers = " ".join(f"{number:+.4f}" for number in row)
        lines += textwrap.wrap(numbers, WIDTH, initial_indent=head, subsequent_indent="      ")
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
