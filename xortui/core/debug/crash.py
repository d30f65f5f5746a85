"""Scripts that do not get as far as training: what stopped them, and where."""

import re
import warnings
from typing import Any

import numpy as np

from xortui.core.debug.errors import Words, words_for
from xortui.core.debug.noting import lines_of
from xortui.core.debug.report import CRASHED, DebugReport
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Trace
from xortui.core.model.functions import Array
from xortui.core.text.harmless import harmless

_OLD_PRINT = re.compile(r"^\s*print\s+[^(=\s]")


def python_2(source: str) -> int | None:
    """The first line that only Python 2 understands, where the script is no Python 3."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the script, and its own affair
            compile(source, "script", "exec")
    except (ValueError, RecursionError, MemoryError):  # null bytes, or nested too deeply
        return None
    except SyntaxError as error:
        if "print" in str(error.msg) or "exec" in str(error.msg):
            return error.lineno
        lines = lines_of(source)
        for number, line in enumerate(lines, start=1):
            if _OLD_PRINT.match(line) and number == error.lineno:
                return number
    return None


def report_of_old_python(path: str, source: str, line: int) -> DebugReport:
    """A script in Python 2."""
    text = lines_of(source)[line - 1].strip()
    argument = text.removeprefix("print").strip()
    suggestion = f"print({argument})" if text.startswith("print") else None
    return DebugReport(
        path, CRASHED,
        f"Line {line} is Python 2, which Python 3 cannot run: print is a function now.",
        line=line, suggestion=suggestion, source=source,
    )  # fmt: skip


def report_of_death(path: str, source: str, code: int) -> DebugReport:
    """A run of which nothing came back. `code`: its exit code, below 0 that of a signal."""
    if code >= 0:
        sentence = f"It ended Python itself, with exit code {code}, and left nothing to look at."
    else:
        sentence = f"It was ended by signal {-code}: by the system, or by itself."
    return DebugReport(path, CRASHED, sentence, source=source)


def report_of_crash(path: str, source: str, trace: Trace, tape: Tape) -> DebugReport:
    """A script that ended with an error before it was trained."""
    ending = trace.ending
    line = ending["line"] or None
    text = lines_of(source)[line - 1].strip() if line else ""
    words = words_for(ending["type"], harmless(" ".join(ending["message"].split())), line, text)
    if ending["type"] == "ValueError":
        words = _shapes(tape, trace, line) or words
    return DebugReport(
        path, CRASHED, words.sentence, line=line, suggestion=words.suggestion, why=words.why,
        source=source, output=trace.output, mistake=_mistake(trace, tape),
    )  # fmt: skip


def _shapes(tape: Tape, trace: Trace, line: int | None) -> Words | None:
    """Of a product or a sum that does not fit: the shapes, and what was probably meant."""
    for place, node in reversed(list(enumerate(tape.nodes))):
        is_product = node.operator in ("MatMult", "dot", "matmul")
        is_sum = node.kind == "BinOp" and node.operator in ("Add", "Sub", "Mult", "Div")
        if node.line != line or not (is_product or is_sum):
            continue
        parts = [(tape.nodes[child], tape.of_node[child]) for child in node.children if child >= 0]
        parts = [(part, places) for part, places in parts if places]
        if len(parts) != 2:
            continue
        # The operands were evaluated, and this was not.
        last = [places[-1] for _, places in parts]
        if tape.of_node[place] and tape.of_node[place][-1] > max(last):
            continue
        left, right = (trace.events[at].value.array for at in last)
        if left is None or right is None or _fits(left, right, is_product):
            continue
        names = [part.text for part, _ in parts]
        sign = (
            "@" if is_product else {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/"}[node.operator]
        )
        sentence = (
            f"Line {line}: the shapes of {names[0]} {_shape(left)} and {names[1]} {_shape(right)} "
            f"do not fit for {sign}."
        )
        if not is_product:
            return Words(sentence)
        for first, second in (("", ".T"), (".T", ""), (".T", ".T")):
            one, two = (left.T if first else left), (right.T if second else right)
            if _fits(one, two, True):
                texts = _turned(names[0], first), _turned(names[1], second)
                return Words(sentence, why=f"{texts[0]} @ {texts[1]} would fit.")
        return Words(sentence)
    return None


def _turned(text: str, turn: str) -> str:
    if not turn:
        return text
    return text.removesuffix(".T") if text.endswith(".T") else f"{text}.T"


def _shape(array: Array) -> str:
    return str(tuple(array.shape))


def _fits(left: Array, right: Array, is_product: bool) -> bool:
    try:
        if is_product:
            np.dot(left, right)
        else:
            np.broadcast_shapes(left.shape, right.shape)
    except ValueError:
        return False
    return True


def _mistake(trace: Trace, tape: Tape) -> str | None:
    """Labels and outputs that made a square, which often is what does not fit later."""
    for event in reversed(trace.events[-40:]):
        node = tape.nodes[event.node]
        if (node.kind, node.operator) != ("BinOp", "Sub"):
            continue
        operands: list[Any] = [one.value.array for one in tape.operands(event) if one is not None]
        made = event.value.array
        if len(operands) != 2 or made is None or any(one is None for one in operands):
            continue
        if operands[0].size == operands[1].size > 1 and made.size == operands[0].size ** 2:
            return "labels-broadcast"
    return None
