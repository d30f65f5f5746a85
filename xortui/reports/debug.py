"""What `xortui debug` prints: the report as text, and as JSON."""

import json
import math
import textwrap
from typing import Any

from xortui.core.debug.report import DebugReport, NetworkFound, ParameterFound

WIDTH = 80

_BATCHES = {
    "full": "all patterns in every step",
    "online": "one pattern in every step",
    "mini": "some patterns in every step",
}
_LAYOUTS = {"rows": "patterns are rows", "columns": "patterns are columns"}


def debug_json(report: DebugReport) -> str:
    """The stable JSON of a report; numbers that are not finite are null."""
    return json.dumps(_finite(report.to_json()), indent=2, ensure_ascii=False) + "\n"


def debug_text(report: DebugReport) -> str:
    """The report as text of at most 80 columns."""
    lines: list[str] = []
    if report.network is not None:
        lines += [*_wrapped(found(report)), ""]
    lines += [*_wrapped(report.sentence), ""]
    lines += _lines(report)
    if report.why:
        lines += [*_wrapped(report.why), ""]
    if report.suggestion:
        lines += ["As it could be:", *(f"    {one}" for one in report.suggestion.splitlines()), ""]
    if report.parameters:
        lines += [*_evidence(report), ""]
    for note in report.notes:
        lines += _wrapped(note)
    return "\n".join(lines).rstrip() + "\n"


def found(report: DebugReport) -> str:
    """What kind of network it is, in one sentence."""
    network = report.network
    assert network is not None
    parts = [_shape(network), *network.activations, "with biases" if network.bias else "no biases"]
    text = f"{parts[0]}, {', '.join(parts[1:])}"
    more = [_LAYOUTS.get(network.layout or ""), _BATCHES.get(network.batch)]
    if report.learning_rate is not None:
        more.append(f"η = {report.learning_rate:.4g}")
    if report.optimiser == "momentum":
        more.append("momentum")
    if report.loss:
        more.append(report.loss)
    return f"{report.script}: {text}; {'; '.join(one for one in more if one)}."


def _shape(network: NetworkFound) -> str:
    return f"a {'-'.join(map(str, network.sizes))} network"


def _lines(report: DebugReport) -> list[str]:
    source = report.source.splitlines()
    shown = report.lines or ((report.line,) if report.line else ())
    lines = []
    for number in shown:
        if number and number <= len(source):
            lines.append(f"{report.script}:{number}")
            lines.append(f"    {source[number - 1].strip()}")
    return [*lines, ""] if lines else []


def _evidence(report: DebugReport) -> list[str]:
    width = max(len(one.name) for one in report.parameters)
    lines = [f"{'update of':{width}}  against   direction     factor"]
    return lines + [_row(one, width) for one in report.parameters]


def _row(one: ParameterFound, width: int) -> str:
    role = f"∂L/∂{one.role[0]}{_SUBSCRIPTS[int(one.role[1:]) % 10]}"
    cosine = "        -" if one.cosine is None else f"{one.cosine:9.6f}"
    factor = "         -" if one.factor is None else f"{one.factor:10.4g}"
    return f"{one.name:{width}}  {role:8}  {cosine} {factor}  {_MARKS[one.verdict]} {one.verdict}"


_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
_MARKS = {"right": "✓", "wrong": "✗", "not updated": "✗", "unknown": "?"}


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
