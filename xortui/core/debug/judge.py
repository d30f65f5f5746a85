"""Their updates against the true gradients: direction and factor of every parameter."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.fit import Fit, Tolerance, fit_parameter
from xortui.core.debug.network import Step, TheirNetwork
from xortui.core.debug.truth import Truth, their_losses, truth
from xortui.core.debug.updates import Update, rows_of, updates_of
from xortui.core.model.functions import Array

RIGHT, WRONG, STILL, UNKNOWN = "right", "wrong", "not updated", "unknown"


@dataclass(eq=False)
class Judgement:
    """All parameters under one reading of the script: a loss, and the rows that an update is of."""

    network: TheirNetwork
    loss: str
    rows: str
    fits: list[Fit]
    verdicts: list[str]
    rate: float | None
    optimiser: str
    momentum: float
    decay: float
    updates: list[Update]
    truths: list[Truth]
    steps: list[Step]

    @property
    def right(self) -> int:
        return self.verdicts.count(RIGHT)

    @property
    def all_right(self) -> bool:
        return all(verdict == RIGHT for verdict in self.verdicts)


def judge(network: TheirNetwork) -> Judgement | None:
    """The reading under which most parameters are right; None where nothing was updated."""
    best: Judgement | None = None
    for judgement in readings(network):
        if best is None or _rank(judgement) > _rank(best):
            best = judgement
        if best.all_right:
            break
    return best


def readings(network: TheirNetwork) -> Iterator[Judgement]:
    """Every way to read a script: which rows an update is of, and which loss goes down."""
    updates = updates_of(network)
    if not updates:
        return
    single = all(len(update.passes) == 1 for update in updates)
    for rows in ["last"] if single else ["all", "last", "first"]:
        steps = [step for update in updates if (step := rows_of(update, rows)) is not None]
        if len(steps) == len(updates):
            for loss in their_losses(network):
                yield _judge(network, updates, steps, loss, rows)


def _rank(judgement: Judgement) -> tuple[int, int, int]:
    """More right parameters; then more that move in the right direction."""
    directions = sum(fit.kind in ("constant", "varying", "momentum") for fit in judgement.fits)
    return judgement.right, directions, judgement.optimiser == "sgd"


def effective_updates(
    judgement: Judgement, momentum: float, decay: float
) -> list[tuple[int, Array]]:
    """What an update is without the shares of the last change and of decay, with its number.

    Where there is momentum, and the change before was not recorded, nobody knows.
    """
    found = []
    before: Update | None = None
    for number, update in enumerate(judgement.updates):
        effective = update.delta + decay * update.theta
        follows = before is not None and before.following is update.passes[0]
        if before is not None and follows:
            effective = effective - momentum * before.delta
        if follows or not momentum:
            found.append((number, effective))
        before = update
    return found


def direction(judgement: Judgement, number: int) -> tuple[float, float]:
    """Cosine and factor of a parameter's updates against minus its gradients.

    The shares of momentum and decay do not count. Not finite where that cannot be said.
    """
    fit, slots = judgement.fits[number], list(judgement.network.parameters[number].slots)
    if fit.kind in ("momentum", "uphill"):
        momentum, decay = fit.momentum, fit.decay
    elif fit.kind in ("none", "odd momentum"):
        momentum, decay = judgement.momentum, judgement.decay
    else:
        return fit.cosine, fit.factor
    known = effective_updates(judgement, momentum, decay)
    if not (momentum or decay) or not known:
        return fit.cosine, fit.factor
    delta = np.concatenate([one[slots] for _, one in known])
    gradient = np.concatenate([judgement.truths[at].theta[slots] for at, _ in known])
    along = -float(delta @ gradient)
    return (
        along / float(np.linalg.norm(delta) * np.linalg.norm(gradient)),
        along / float(gradient @ gradient),
    )


def _judge(
    network: TheirNetwork, updates: list[Update], steps: list[Step], loss: str, rows: str
) -> Judgement:
    with np.errstate(all="ignore"):
        truths = [truth(network, step, loss) for step in steps]
    judgement = Judgement(
        network, loss, rows, [], [], None, "unknown", 0.0, 0.0, updates, truths, steps
    )
    tolerance = Tolerance(network)
    judgement.fits = [
        fit_parameter(parameter, updates, truths, tolerance) for parameter in network.parameters
    ]
    _decide(judgement)
    return judgement


def _decide(judgement: Judgement) -> None:
    """Verdicts, and what the right parameters have in common."""
    fits = judgement.fits
    groups: list[list[int]] = []
    for number, fit in enumerate(fits):
        if fit.kind not in ("constant", "momentum") or fit.factor <= 0:
            continue
        for members in groups:
            if _alike(fits[members[0]], fit):
                members.append(number)
                break
        else:
            groups.append([number])
    varying = _shared_schedule(judgement)
    if varying:
        groups.append(varying)
    if not groups:
        judgement.verdicts = [_without_reference(fit) for fit in fits]
        return
    members = max(groups, key=lambda group: (len(group), max(group)))
    reference = fits[members[0]]
    judgement.rate = reference.factor
    if members is varying:
        judgement.rate = float(np.nanmedian(reference.factors))
    # Biases often go without the decay, or even the momentum, that weights have.
    judgement.momentum = max((fits[number].momentum for number in members), key=abs)
    judgement.decay = max((fits[number].decay for number in members), key=abs)
    judgement.optimiser = "momentum" if abs(judgement.momentum) > 1e-6 else "sgd"
    judgement.verdicts = [
        RIGHT if number in members or fit.kind == "silent" else _without_reference(fit)
        for number, fit in enumerate(fits)
    ]


def _alike(one: Fit, other: Fit) -> bool:
    return abs(one.factor - other.factor) <= 1e-5 * abs(one.factor)


def _shared_schedule(judgement: Judgement) -> list[int]:
    """The parameters whose factor changes from update to update, and is the same for all."""
    fits = judgement.fits
    candidates = [
        number
        for number, fit in enumerate(fits)
        if fit.kind == "varying" or (fit.kind == "scalar" and len(fit.factors))
    ]
    best: list[int] = []
    for number in candidates:
        if fits[number].kind != "varying":
            continue
        reference = fits[number].factors
        members = [
            other
            for other in candidates
            if len(fits[other].factors) == len(reference) and _agree(fits[other].factors, reference)
        ]
        constant = [
            other
            for other, fit in enumerate(fits)
            if fit.kind == "constant" and _agree(reference, np.full_like(reference, fit.factor))
        ]
        if len(members) + len(constant) > len(best):
            best = members + constant
    if not best:
        return []
    # A schedule changes slowly, now and then, or in one direction; a wrong factor changes with the
    # row. Where several rows agree on it, it is right whatever it is.
    factors = max((fits[one].factors for one in best), key=lambda one: int(np.isfinite(one).sum()))
    factors = factors[np.isfinite(factors)]
    steps = np.diff(factors)
    monotone = np.all(steps <= 1e-6 * np.abs(factors[:-1])) or np.all(
        steps >= -1e-6 * np.abs(factors[:-1])
    )
    stays = float(np.mean(np.abs(steps) <= 1e-6 * np.abs(factors[:-1]))) if len(steps) else 0.0
    several = all(len(step.x) > 1 for step in judgement.steps) and len(best) == len(fits)
    allowed = monotone or stays > 0.4 or several
    return best if allowed and np.all(factors > 0) and len(best) > 1 else []


def _agree(one: Array, other: Array) -> bool:
    """Whether factors are the same in every update that tells both."""
    both = np.isfinite(one) & np.isfinite(other)
    return bool(both.any() and np.allclose(one[both], other[both], rtol=1e-5))


def _without_reference(fit: Fit) -> str:
    if fit.kind == "still":
        return STILL
    if fit.kind == "silent":
        return RIGHT
    return WRONG
