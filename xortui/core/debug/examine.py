"""From a script to a report: run it, find the network, judge it, and say what is wrong."""

from collections.abc import Callable, Sequence

import numpy as np

from xortui.core.debug import crash, outcome, words
from xortui.core.debug.blame import grown_at
from xortui.core.debug.build import find_network
from xortui.core.debug.edits import LineEdit
from xortui.core.debug.ending import learns_in_the_end
from xortui.core.debug.findings import findings_of
from xortui.core.debug.judge import STILL, UNKNOWN, WRONG, Judgement, direction, judge
from xortui.core.debug.limits import SECONDS
from xortui.core.debug.locate import Locator
from xortui.core.debug.network import TheirNetwork
from xortui.core.debug.ordinary import ordinary_start
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
from xortui.core.debug.runner import ChildDiedError, StoppedError
from xortui.core.debug.script import Script
from xortui.core.debug.source import own_modules
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Event, Trace
from xortui.core.debug.trouble import try_out
from xortui.core.debug.tryout import mend

FEW = 3  # updates that prove nothing
Keep = Callable[[Recording], object]


def examine(
    path: str,
    source: str,
    seconds: float = SECONDS,
    arguments: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
    keep: Keep = lambda recording: None,
) -> DebugReport:
    """Run a script for at most so many seconds and report on it.

    Raises StoppedError where `stopped`, which is asked now and then, says so. Where a network was
    judged, `keep` is given its recorded steps.
    """
    old = crash.python_2(source)
    if old is not None:
        return crash.report_of_old_python(path, source, old)
    script = Script(path, source, arguments, seconds, stopped)
    try:
        trace = script.run()
    except ChildDiedError as error:
        return crash.report_of_death(path, source, error.code)
    try:
        with np.errstate(all="ignore"):
            return report_of(script, trace, keep)
    except StoppedError:
        raise
    except Exception:  # a script like none that was foreseen is no reason to end in a traceback
        return _no_network(script, trace, words.NOT_FOLLOWED)


def report_of(script: Script, trace: Trace, keep: Keep = lambda recording: None) -> DebugReport:
    """Report on what was recorded; mended lines are tried out by running them."""
    tape = Tape(trace)
    network, finder = find_network(tape)
    script.check()
    judgement = None if network is None else judge(network)
    script.check()
    little = judgement is None or len(judgement.updates) < FEW
    if trace.ending["how"] == "crashed" and little:
        return crash.report_of_crash(script.path, script.source, trace, tape)
    if network is None:
        return _no_network(script, trace, words.NO_NETWORK)
    if finder.bias_of_rows is not None and little:
        return _growing_bias(script, trace, network, finder.bias_of_rows)
    if judgement is None and outcome.moves(network):
        return _no_network(script, trace, words.NOT_FOLLOWED)
    if judgement is None:
        return DebugReport(
            script.path, NOT_TRAINED, "It has a network, but nothing ever changes its weights.",
            network=_network_found(network, None), source=script.source, output=trace.output,
            learns=outcome.learns(network), notes=outcome.notes_of(trace),
        )  # fmt: skip
    return _judged(script, trace, network, judgement, keep)


def _no_network(script: Script, trace: Trace, sentence: str) -> DebugReport:
    sentence = words.with_modules(sentence, own_modules(script.path, script.source))
    return DebugReport(
        script.path, NO_NETWORK, sentence, source=script.source, output=trace.output,
        notes=outcome.notes_of(trace),
    )  # fmt: skip


def _judged(
    script: Script, trace: Trace, network: TheirNetwork, judgement: Judgement, keep: Keep
) -> DebugReport:
    findings = findings_of(network, judgement)
    judgement, verdicts = findings.judgement, findings.verdicts
    locator, found = findings.locator, findings.found
    wrong = any(verdict in (WRONG, STILL) for verdict in verdicts)
    keep(Recording(network, findings))
    script.check()
    learns = learns_in_the_end(script, trace, network)
    script.check()
    tried = try_out(trace, network, judgement, learns, not wrong)
    mistake = (found[0].change.slug if found else "unknown") if wrong else None
    first = found[0].line if found and wrong else None
    edits: list[LineEdit] | None = None
    if wrong and found and locator is not None:
        changes = [one.change for one in found]
        edits = mend(script, locator, changes)
    verdict = WRONG_GRADIENTS if wrong else RIGHT_GRADIENTS
    sentence = words.sentence(mistake, first, learns, tried.trouble)
    if UNKNOWN in verdicts and not wrong:
        names = [
            parameter.name
            for parameter, one in zip(network.parameters, verdicts, strict=True)
            if one == UNKNOWN
        ]
        verdict = NO_NETWORK
        sentence = words.not_judged([] if len(names) == len(verdicts) else names)
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
        start=ordinary_start(network),
        notes=(*tried.words, *outcome.notes_of(trace)),
        ended_badly=trace.ending["how"] == "crashed",
        source=script.source,
        output=trace.output,
    )


def _growing_bias(script: Script, trace: Trace, network: TheirNetwork, sum_: Event) -> DebugReport:
    """Biases that became one for every pattern, since nothing sums their gradient."""
    lines = grown_at(network, sum_)
    if not lines:
        return _no_network(script, trace, words.NOT_FOLLOWED)
    line = lines[0]
    mistake = "bias-gradient-not-summed"
    return DebugReport(
        script.path, WRONG_GRADIENTS, words.sentence(mistake, line, None, ()),
        network=_network_found(network, None), mistake=mistake, line=line, lines=lines,
        why=words.WHY[mistake], notes=outcome.notes_of(trace), source=script.source,
        output=trace.output,
    )  # fmt: skip


def _parameters(
    network: TheirNetwork, judgement: Judgement, verdicts: list[str], locator: Locator | None
) -> tuple[ParameterFound, ...]:
    found = []
    for number, (parameter, verdict) in enumerate(zip(network.parameters, verdicts, strict=True)):
        cosine, factor = direction(judgement, number)
        event = None if locator is None else locator.update_event(parameter)
        line = None if event is None or locator is None else locator.line_of(event)
        found.append(
            ParameterFound(
                parameter.name, parameter.role, parameter.shape, verdict,
                _number(cosine), _number(factor), line,
            )
        )  # fmt: skip
    return tuple(found)


def _network_found(network: TheirNetwork, judgement: Judgement | None) -> NetworkFound:
    return NetworkFound(
        tuple(network.sizes),
        tuple(layer.function.name for layer in network.layers),
        network.has_bias,
        network.layout,
        outcome.batch_of(network, judgement),
    )


def _number(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
