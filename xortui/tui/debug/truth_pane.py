"""The truth table of their network at one of their recorded steps."""

from xortui.core.debug.recorded import RecordedStep
from xortui.core.model.names import SUBSCRIPTS
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.pane import ScrolledPane, roomy_title
from xortui.tui.drawing.lines import ANSWERS, Line, fitted, signed_span, title

BIT = 3  # cells of a bit, or of a short number
NUMBER = 10


def paint_truth(frame: DebugFrame, width: int) -> list[Line]:
    """Every pattern with its label, output and error, right or wrong."""
    step = frame.step
    if step is None:
        return [title("Truth table", [], width)]
    right = int(step.right.sum())
    words = f"{right} of {len(step.x)} right "
    tally: Line = [(words, "good" if right == len(step.x) else "label")]
    whens = f"yours at step {step.number:,} · ", f"step {step.number:,} · "
    choices: list[Line] = [*([(when, "label"), *tally] for when in whens), tally]
    size = max(BIT, 1 + max(len(f"{number:g}") for number in step.x.ravel()))
    label = max(BIT, 1 + max(len(f"{number:g}") for number in step.labels.ravel()))
    lines = [roomy_title("Truth table", choices, width), _heads(step, size, label, width)]
    for row in range(len(step.x)):
        lines.append(_row(step, row, size, label, width))
    return lines


def _heads(step: RecordedStep, size: int, label: int, width: int) -> Line:
    names = "".join(f"x{i + 1}".translate(SUBSCRIPTS).rjust(size) for i in range(step.x.shape[1]))
    outputs = step.outputs.shape[1]
    text = f"{names} {'y':>{label * outputs}} {'ŷ':>{NUMBER * outputs - 1}} {'ŷ − y':>{NUMBER}}"
    return fitted([(f" {text}", "label")], width)


def _row(step: RecordedStep, row: int, size: int, label: int, width: int) -> Line:
    bits = "".join(f"{number:{size}g}" for number in step.x[row])
    wanted = "".join(f"{number:{label}g}" for number in step.labels[row])
    line: Line = [(f" {bits} ", "text"), (f"{wanted} ", "heading")]
    for output in step.outputs[row]:
        line += [signed_span(float(output)), (" ", "text")]
    if step.outputs.shape[1] == 1:
        line += [(" ", "text"), signed_span(float(step.outputs[row, 0] - step.labels[row, 0]))]
    answer = "right" if step.right[row] else "wrong"
    mark, style = ANSWERS[answer]
    return fitted([*line, (f"  {mark} {answer}", style)], width)


class TheirTruthTable(ScrolledPane):
    """The truth table pane."""

    def whole(self, frame: DebugFrame, width: int) -> list[Line]:
        return paint_truth(frame, width)
