"""From a script to a report: run it, find the network, judge it, and say what is wrong."""

from collections.abc import Callable, Sequence

import numpy as np

from xortui.core.debug import crash, outcome
from xortui.core.debug.judge import STILL, UNKNOWN, WRONG, Judgement, judge
from xortui.core.debug.locate import Locator, line_of_change
from xortui.core.debug.mistakes import MISTAKES, Change, context_of, explain
from xortui.core.debug.network import Network, find_network
from xortui.core.debug.report import (
    NO_NETWORK,
    NOT_TRAINED,
    RIGHT_GRADIENTS,
    WRONG_GRADIENTS,
    DebugReport,
    NetworkFound,
    ParameterFound,
)
from xortui.core.debug.runner import ChildDiedError, run_script
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Trace

SECONDS = 20.0


def examine(
    path: str,
    source: str,
    seconds: float = SECONDS,
    arguments: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> DebugReport:
    """Run a script for at most so many seconds and report on it. Raises StoppedError."""
    old = crash.python_2(source)
    if old is not None:
        return crash.report_of_old_python(path, source, old)
    try:
        trace = run_script(path, source, seconds, arguments, stopped)
    except ChildDiedError:
        return DebugReport(
            path, "crashed", "It took more memory than it may have, or was ended from outside.",
            source=source,
        )  # fmt: skip
    return report_of(path, source, trace)


def report_of(path: str, source: str, trace: Trace) -> DebugReport:
    """Report on what was recorded."""
    tape = Tape(trace)
    network, _ = find_network(tape)
    judgement = None if network is None else judge(network)
    if trace.ending["how"] == "crashed" and (judgement is None or len(judgement.updates) < 3):
        return crash.report_of_crash(path, source, trace, tape, network)
    if network is None:
        return DebugReport(
            path, NO_NETWORK, "There is no neural network in it that xortui can recognise.",
            source=source, output=trace.output, notes=outcome.notes_of(trace),
        )  # fmt: skip
    if judgement is None:
        return DebugReport(
            path, NOT_TRAINED, "It has a network, but nothing ever changes its weights.",
            network=_network_found(network, None), source=source, output=trace.output,
            learns=outcome.learns(network), notes=outcome.notes_of(trace),
        )  # fmt: skip
    return _judged(path, source, trace, network, judgement)


def _judged(
    path: str, source: str, trace: Trace, network: Network, judgement: Judgement
) -> DebugReport:
    changes: list[Change] = []
    verdicts = list(judgement.verdicts)
    lines: list[tuple[int, Change]] = []
    context = context_of(network, judgement)
    locator = None if context is None else Locator(network, context)
    mistake: str | None = None
    if not judgement.all_right and locator is not None:
        explanation = explain(network, judgement)
        if explanation is not None:
            changes = explanation.changes
            for change in changes:
                line = line_of_change(locator, change)
                if line is not None:
                    lines.append((line, change))
    lines.sort(key=lambda pair: pair[0])
    if lines:
        mistake = lines[0][1].slug
    elif changes:
        mistake = changes[0].slug
    learns = outcome.learns(network)
    parameters = []
    for parameter, fit, verdict in zip(
        network.parameters, judgement.fits, verdicts, strict=True
    ):
        event = None if locator is None else locator.update_event(parameter)
        parameters.append(
            ParameterFound(
                parameter.name, parameter.role, parameter.shape, verdict,
                _number(fit.cosine), _number(fit.factor),
                None if event is None or locator is None else locator.line_of(event),
            )
        )  # fmt: skip
    wrong = any(verdict in (WRONG, STILL) for verdict in verdicts)
    line = lines[0][0] if lines else None
    if wrong:
        verdict, mistake = WRONG_GRADIENTS, mistake or "unknown"
        sentence = (
            f"Line {line}: {MISTAKES[mistake]}."
            if line is not None
            else f"The gradients are wrong: {MISTAKES[mistake]}."
        )
    else:
        verdict = RIGHT_GRADIENTS
        sentence = "All gradients are right" + (
            ", and it learns." if learns else ", but it does not learn."
        )
    return DebugReport(
        path, verdict, sentence,
        network=_network_found(network, judgement),
        loss=judgement.loss,
        learning_rate=judgement.rate,
        optimiser=judgement.optimiser if not wrong or judgement.rate else "unknown",
        parameters=tuple(parameters),
        mistake=mistake if wrong else None,
        line=line,
        lines=tuple(dict.fromkeys(number for number, _ in lines)),
        learns=learns,
        notes=outcome.notes_of(trace),
        source=source, output=trace.output,
    )  # fmt: skip


def _network_found(network: Network, judgement: Judgement | None) -> NetworkFound:
    return NetworkFound(
        tuple(network.sizes),
        tuple(layer.function.name for layer in network.layers),
        network.has_bias,
        network.layout,
        outcome.batch_of(network, judgement),
    )


def _number(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


__all__ = ["UNKNOWN", "examine", "report_of"]
