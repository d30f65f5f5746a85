"""What is right in a script's updates, what is wrong, and in which lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xortui.core.debug.blame import line_of_change, scales_by_roots, square_of_labels, turned_error
from xortui.core.debug.context import context_of, true_gradient
from xortui.core.debug.departure import departures, meeting, step_along
from xortui.core.debug.explain import explain, rows_not_summed
from xortui.core.debug.judge import RIGHT, STILL, UNKNOWN, WRONG, Judgement, readings
from xortui.core.debug.locate import Locator
from xortui.core.debug.mistakes import FaultExplanation, LayerFault
from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.rates import is_missing, is_slip, on_purpose, path_of


@dataclass(frozen=True)
class Found:
    """Something wrong, and the line it is in, where that could be found."""

    change: LayerFault
    line: int | None


@dataclass(frozen=True, eq=False)
class Findings:
    """What is right and what is wrong: a verdict for every parameter, and what was done wrong."""

    judgement: Judgement
    verdicts: list[str]
    found: list[Found]
    locator: Locator | None


def findings_of(network: TheirNetwork, judgement: Judgement) -> Findings:
    """Explain what is not right; what nobody can explain is not accused without a line."""
    context = context_of(network, judgement)
    if context is None:
        return Findings(judgement, _not_accused(judgement.verdicts), [], None)
    locator = Locator(network, context)
    verdicts = list(judgement.verdicts)
    if judgement.all_right:
        if not is_last_row_only(network, judgement):
            return Findings(judgement, verdicts, [], locator)
        changes = rows_not_summed(network, context)
        found = [Found(change, line_of_change(locator, change)) for change in changes]
        return Findings(judgement, [WRONG] * len(verdicts), found, locator)
    explanation = explain(context, judgement)
    if explanation is None:
        return Findings(judgement, _not_accused(verdicts), [], locator)
    whole = any(map(locator.is_whole, network.parameters))
    if RIGHT not in verdicts and explanation.open and not whole:
        other = _read_by_gradients(network)
        if other is not None:
            return other
        if scales_by_roots(locator):
            return Findings(judgement, [UNKNOWN] * len(verdicts), [], locator)
    found = _found(locator, network, judgement, explanation, verdicts)
    found += _open(locator, network, explanation, verdicts)
    found.sort(key=lambda one: one.line or 10**9)
    square = square_of_labels(locator)
    if square is not None and (WRONG in verdicts or STILL in verdicts):
        change = LayerFault("labels-broadcast", "shape", len(network.layers))
        found = [Found(change, locator.line_of(square))]
    if not found:
        verdicts = _not_accused(verdicts)
    return Findings(judgement, verdicts, found, locator)


def _not_accused(verdicts: list[str]) -> list[str]:
    """What is not as it should be, and nobody can say why."""
    return [UNKNOWN if verdict == WRONG else verdict for verdict in verdicts]


def _found(
    locator: Locator,
    network: TheirNetwork,
    judgement: Judgement,
    explanation: FaultExplanation,
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


def _read_by_gradients(network: TheirNetwork) -> Findings | None:
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
    locator: Locator, network: TheirNetwork, explanation: FaultExplanation, verdicts: list[str]
) -> list[Found]:
    """What is known of the parameters that no classic mistake explains.

    Nothing is accused where the true gradient was worked out after all: what comes after it is an
    optimiser (clipping, say) that is not known here. Where no line is found where an update departs
    from what is right, nobody can say whose fault that is.
    """
    blamed = [one.parameter for one in explanation.changes]
    understood = RIGHT in verdicts
    strayed: list[Found] = []
    left: list[Parameter] = []
    for parameter in explanation.open:
        if parameter in blamed:
            continue
        known = locator.any_hits(true_gradient(locator.context, parameter))
        if locator.is_whole(parameter):
            update = locator.update_event(parameter)
            change = LayerFault("whole-numbers", "gradient", parameter.layer, None, parameter)
            strayed.append(Found(change, None if update is None else locator.line_of(update)))
            continue
        event = None
        if known and understood and not scales_by_roots(locator):
            event = step_along(locator, parameter)
        if event is not None:
            change = LayerFault("unknown", "gradient", parameter.layer, None, parameter)
            strayed.append(Found(change, locator.line_of(event)))
        elif known:
            verdicts[network.parameters.index(parameter)] = RIGHT
        else:
            left.append(parameter)
    changes = departures(locator, left)
    departed = [Found(change, line_of_change(locator, change)) for change in changes]
    layers = [one.change.layer for one in departed if one.line is not None]
    for parameter in left:
        if any(parameter.layer <= layer for layer in layers):
            continue  # it follows from what is wrong there
        event = meeting(locator, parameter) if understood else None
        if event is not None:
            change = LayerFault("unknown", "gradient", parameter.layer, None, parameter)
            strayed.append(Found(change, locator.line_of(event)))
        else:
            verdicts[network.parameters.index(parameter)] = UNKNOWN
    return [*strayed, *departed]


def _one_by_one(
    locator: Locator, network: TheirNetwork, changes: list[LayerFault], verdicts: list[str]
) -> Iterator[LayerFault]:
    """The changes; a turned sign that is in the updates and not in the errors is one for each."""
    for change in changes:
        if (change.slug, change.kind) != ("sign", "slope") or turned_error(locator, change):
            yield change
            continue
        for parameter, verdict in zip(network.parameters, verdicts, strict=True):
            if verdict == WRONG and parameter.layer <= change.layer:
                yield LayerFault("sign", "sign", parameter.layer, None, parameter, -1.0)


def is_last_row_only(network: TheirNetwork, judgement: Judgement) -> bool:
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
