"""From a script to a report: run it, find the network, judge it, and say what is wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xortui.core.debug import crash, outcome, words
from xortui.core.debug.departure import departures, step_along
from xortui.core.debug.judge import RIGHT, STILL, UNKNOWN, WRONG, Judgement, judge, readings
from xortui.core.debug.locate import (
    Locator,
    line_of_change,
    scales_by_roots,
    true_gradient,
    turned_error,
)
from xortui.core.debug.mistakes import Change, Explanation, context_of, explain, rows_not_summed
from xortui.core.debug.network import Network, Parameter, find_network
from xortui.core.debug.ordinary import start_of
from xortui.core.debug.passes import Finder
from xortui.core.debug.rates import is_missing, is_slip, on_purpose, path_of
from xortui.core.debug.recording import Recording
from xortui.core.debug.report import (
    NO_NETWORK,
    NOT_TRAINED,
    RIGHT_GRADIENTS,
    WRONG_GRADIENTS,
    DebugReport,
    NetworkFound,
    ParameterFound,
)
from xortui.core.debug.runner import ChildDiedError, StoppedError, run_script
from xortui.core.debug.suggest import Edit
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Trace
from xortui.core.debug.trouble import try_out
from xortui.core.debug.tryout import mend

SECONDS = 20.0


def examine(
    path: str,
    source: str,
    seconds: float = SECONDS,
    arguments: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
    keep: Callable[[Recording], object] = lambda recording: None,
) -> DebugReport:
    """Run a script for at most so many seconds and report on it. Raises StoppedError.

    Where a network was judged, `keep` is given its recorded steps.
    """
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
    try:
        with np.errstate(all="ignore"):
            return report_of(path, source, trace, arguments, stopped, keep)
    except StoppedError:
        raise
    except Exception:  # a script like none that was foreseen is no reason to end in a traceback
        return DebugReport(
            path, NO_NETWORK, words.NOT_FOLLOWED, source=source, output=trace.output,
            notes=outcome.notes_of(trace),
        )  # fmt: skip


def report_of(
    path: str,
    source: str,
    trace: Trace,
    arguments: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
    keep: Callable[[Recording], object] = lambda recording: None,
) -> DebugReport:
    """Report on what was recorded; mended lines are tried out by running them."""
    tape = Tape(trace)
    network, finder = find_network(tape)
    judgement = None if network is None else judge(network)
    if trace.ending["how"] == "crashed" and (judgement is None or len(judgement.updates) < 3):
        return crash.report_of_crash(path, source, trace, tape, network)
    if network is None:
        return DebugReport(
            path, NO_NETWORK, "There is no neural network in it that xortui can recognise.",
            source=source, output=trace.output, notes=outcome.notes_of(trace),
        )  # fmt: skip
    if finder.bias_of_rows is not None and (judgement is None or len(judgement.updates) < 3):
        return _growing_bias(path, source, trace, network, finder)
    if judgement is None and outcome.moves(network):
        return DebugReport(
            path, NO_NETWORK, words.NOT_FOLLOWED, source=source, output=trace.output,
            notes=outcome.notes_of(trace),
        )  # fmt: skip
    if judgement is None:
        return DebugReport(
            path, NOT_TRAINED, "It has a network, but nothing ever changes its weights.",
            network=_network_found(network, None), source=source, output=trace.output,
            learns=outcome.learns(network), notes=outcome.notes_of(trace),
        )  # fmt: skip
    script = Script(path, source, arguments, stopped, keep)
    return _judged(script, trace, network, judgement)


@dataclass(frozen=True)
class Script:
    """A script and how it is run."""

    path: str
    source: str
    arguments: Sequence[str]
    stopped: Callable[[], bool]
    keep: Callable[[Recording], object]


@dataclass(frozen=True)
class Found:
    """Something wrong, and the line it is in, where that could be found."""

    change: Change
    line: int | None


@dataclass(frozen=True, eq=False)
class Findings:
    """What is right and what is wrong: a verdict for every parameter, and what was done wrong."""

    judgement: Judgement
    verdicts: list[str]
    found: list[Found]
    locator: Locator | None


def _findings(network: Network, judgement: Judgement) -> Findings:
    """Explain what is not right; what nobody can explain is not accused without a line."""
    context = context_of(network, judgement)
    if context is None:
        return Findings(judgement, judgement.verdicts, [], None)
    locator = Locator(network, context)
    verdicts = list(judgement.verdicts)
    if judgement.all_right:
        if not is_last_row_only(network, judgement):
            return Findings(judgement, verdicts, [], locator)
        changes = rows_not_summed(network, context)
        found = [Found(change, line_of_change(locator, change)) for change in changes]
        return Findings(judgement, [WRONG] * len(verdicts), found, locator)
    explanation = explain(network, judgement)
    if explanation is None:
        return Findings(judgement, verdicts, [], locator)
    if RIGHT not in verdicts and explanation.open:
        other = _read_by_gradients(network)
        if other is not None:
            return other
        if scales_by_roots(locator):
            return Findings(judgement, [UNKNOWN] * len(verdicts), [], locator)
    found = _found(locator, network, judgement, explanation, verdicts)
    found += _open(locator, network, explanation, verdicts)
    found.sort(key=lambda one: one.line or 10**9)
    return Findings(judgement, verdicts, found, locator)


def _judged(script: Script, trace: Trace, network: Network, judgement: Judgement) -> DebugReport:
    findings = _findings(network, judgement)
    judgement, verdicts = findings.judgement, findings.verdicts
    locator, found = findings.locator, findings.found
    wrong = any(verdict in (WRONG, STILL) for verdict in verdicts)
    if wrong and network.broadcast is not None:
        line = network.tape.nodes[network.broadcast.node].line
        found = [Found(Change("labels-broadcast", "shape", len(network.layers)), line)]
    changes = [one.change for one in found] if wrong else []
    lines = [one.line for one in found if wrong and one.line and one.change.kind != "still"]
    script.keep(Recording(network, judgement, verdicts, changes, lines, locator))
    learns = outcome.learns(network)
    tried = try_out(trace, network, judgement, learns, not wrong)
    mistake = (found[0].change.slug if found else "unknown") if wrong else None
    first = found[0].line if found and wrong else None
    edits: list[Edit] | None = None
    if wrong and found and locator is not None:
        changes = [one.change for one in found]
        edits = mend(script.path, script.source, script.arguments, locator, changes, script.stopped)
    verdict = WRONG_GRADIENTS if wrong else RIGHT_GRADIENTS
    sentence = words.sentence(mistake, first, learns, tried.trouble)
    if UNKNOWN in verdicts and not wrong:
        verdict, sentence = NO_NETWORK, words.UNKNOWN_OPTIMISER
    return DebugReport(
        script.path,
        verdict,
        sentence,
        network=_network_found(network, judgement),
        loss=judgement.loss,
        learning_rate=judgement.rate,
        optimiser=judgement.optimiser if judgement.rate is not None else "unknown",
        parameters=_parameters(network, judgement, verdicts, locator),
        mistake=mistake,
        line=first,
        lines=tuple(dict.fromkeys(one.line for one in found if one.line)) if wrong else (),
        learns=learns,
        trouble=tried.trouble,
        suggestion=words.suggestion(edits),
        why=words.WHY.get(mistake or "", ""),
        mended=tried.mended,
        start=start_of(network),
        notes=(*tried.words, *outcome.notes_of(trace)),
        ended_badly=trace.ending["how"] == "crashed",
        source=script.source,
        output=trace.output,
    )


def _growing_bias(
    path: str, source: str, trace: Trace, network: Network, finder: Finder
) -> DebugReport:
    """Biases that became one for every pattern, since nothing sums their gradient."""
    tape = network.tape
    assert finder.bias_of_rows is not None
    rows = len(network.steps[0].x)
    lines = []
    for event in tape.events:
        node, array = tape.nodes[event.node], event.value.array
        if not node.target or array is None or array.shape[:1] != (rows,):
            continue
        for parameter in network.parameters:
            if (
                parameter.kind == "b"
                and node.target == parameter.name
                and array.size > len(parameter.slots)
            ):
                lines.append(node.line)
    lines = sorted(set(lines))
    mistake = "bias-gradient-not-summed"
    line = lines[0] if lines else None
    return DebugReport(
        path, WRONG_GRADIENTS, words.sentence(mistake, line, None, ()),
        network=_network_found(network, None), mistake=mistake, line=line, lines=tuple(lines),
        notes=outcome.notes_of(trace), source=source, output=trace.output,
    )  # fmt: skip


def _found(
    locator: Locator,
    network: Network,
    judgement: Judgement,
    explanation: Explanation,
    verdicts: list[str],
) -> list[Found]:
    """The changes with their lines; scales that are meant make a parameter right after all."""
    found = []
    for change in _one_by_one(locator, network, explanation.changes, verdicts):
        parameter = change.parameter
        if change.kind == "scale" and parameter is not None:
            at = network.parameters.index(parameter)
            right = [
                other
                for other, verdict in zip(network.parameters, judgement.verdicts, strict=True)
                if verdict == RIGHT
            ]
            mine = path_of(locator, parameter)
            others = [path_of(locator, one) for one in right]
            rows = max(len(judgement.steps[0].x), len(network.patterns))
            if any(is_missing(mine, its, change.ratio) for its in others):
                change = replace(change, slug="learning-rate-missing")
            elif any(on_purpose(mine, its, change.ratio, rows) for its in others) or not any(
                is_slip(mine, its, change.ratio, rows) for its in others
            ):
                verdicts[at] = RIGHT
                continue
        found.append(Found(change, line_of_change(locator, change)))
    return found


def _read_by_gradients(network: Network) -> Findings | None:
    """The reading whose true gradients are all worked out somewhere, and gone down.

    What comes after them is an optimiser (Adam, say) that is not known here. None where there is
    no such reading.
    """
    for judgement in readings(network):
        context = context_of(network, judgement)
        if context is None or any(fit.cosine <= 0 for fit in judgement.fits):
            continue
        locator = Locator(network, context)
        if all(locator.any_hits(true_gradient(context, one)) for one in network.parameters):
            return Findings(judgement, [RIGHT] * len(judgement.verdicts), [], locator)
    return None


def _open(
    locator: Locator, network: Network, explanation: Explanation, verdicts: list[str]
) -> list[Found]:
    """What is known of the parameters that no classic mistake explains.

    Nothing is accused where the true gradient was worked out after all: what comes after it is an
    optimiser (clipping, say) that is not known here. Where no update at all is understood, and no
    line is found where it departs, nobody can say whose fault that is.
    """
    blamed = [one.parameter for one in explanation.changes]
    understood = RIGHT in verdicts
    strayed: list[Found] = []
    left: list[Parameter] = []
    for parameter in explanation.open:
        if parameter in blamed:
            continue
        known = locator.any_hits(true_gradient(locator.context, parameter))
        event = None
        if known and understood and not scales_by_roots(locator):
            event = step_along(locator, parameter)
        if event is not None:
            change = Change("unknown", "gradient", parameter.layer, None, parameter)
            strayed.append(Found(change, locator.line_of(event)))
        elif known:
            verdicts[network.parameters.index(parameter)] = RIGHT
        else:
            left.append(parameter)
    changes = departures(locator, left)
    layers = [one.layer for one in changes]
    understood |= bool(explanation.changes)
    for parameter in left:
        if not understood and not any(parameter.layer <= layer for layer in layers):
            verdicts[network.parameters.index(parameter)] = UNKNOWN
    return [*strayed, *(Found(change, line_of_change(locator, change)) for change in changes)]


def _one_by_one(
    locator: Locator, network: Network, changes: list[Change], verdicts: list[str]
) -> Iterator[Change]:
    """The changes; a turned sign that is in the updates and not in the errors is one for each."""
    for change in changes:
        if (change.slug, change.kind) != ("sign", "slope") or turned_error(locator, change):
            yield change
            continue
        for parameter, verdict in zip(network.parameters, verdicts, strict=True):
            if verdict == WRONG and parameter.layer <= change.layer:
                yield Change("sign", "sign", parameter.layer, None, parameter, -1.0)


def is_last_row_only(network: Network, judgement: Judgement) -> bool:
    """Whether all rows are gone through, and the update is of the last of them alone."""
    if judgement.rows == "all" or not network.patterns:
        return False
    count, last = len(network.patterns), set()
    for update in judgement.updates:
        rows = {step.x.tobytes() for step in update.passes}
        if len(rows) < count or any(len(step.x) > 1 for step in update.passes):
            return False
        used = update.passes[-1 if judgement.rows == "last" else 0]
        last.add(used.x.tobytes())
    return count > 1 and len(last) == 1


def _parameters(
    network: Network, judgement: Judgement, verdicts: list[str], locator: Locator | None
) -> tuple[ParameterFound, ...]:
    found = []
    for parameter, fit, verdict in zip(network.parameters, judgement.fits, verdicts, strict=True):
        event = None if locator is None else locator.update_event(parameter)
        line = None if event is None or locator is None else locator.line_of(event)
        found.append(
            ParameterFound(
                parameter.name, parameter.role, parameter.shape, verdict,
                _number(fit.cosine), _number(fit.factor), line,
            )
        )  # fmt: skip
    return tuple(found)


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
