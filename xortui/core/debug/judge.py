"""Their updates against the true gradients: direction and factor of every parameter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from xortui.core.debug.network import Network, Parameter, Step
from xortui.core.debug.probes import runs_of_steps
from xortui.core.debug.truth import Truth, losses_of, truth
from xortui.core.model.functions import Array

RIGHT, WRONG, STILL, UNKNOWN = "right", "wrong", "not updated", "unknown"

# What two ways of rounding may differ by: of the terms of a sum, and of a stored number.
OF_TERMS, ROUNDINGS = 1e-9, 8.0
# Of so many updates or more, this share must be as expected.
MANY, USUAL = 12, 0.95


@dataclass(eq=False)
class Update:
    """What changed between two forward passes: `delta` of all parameters, as one flat vector.

    `passes` are those since the update before, through the same parameters.
    """

    passes: list[Step]
    theta: Array
    delta: Array
    following: Step

    @property
    def step(self) -> Step:
        return self.passes[-1]


@dataclass(eq=False)
class Fit:
    """How well `delta = -factor * gradient` holds for one parameter.

    `kind`: `constant`; `varying` where each update has a factor of its own; `momentum` where the
    update before has a share, too; `still` where it never moves; `silent` where there is no
    gradient, and it does not move; `none`.
    """

    kind: str
    factor: float = 0.0
    factors: Array = field(default_factory=lambda: np.zeros(0))
    momentum: float = 0.0
    decay: float = 0.0
    cosine: float = float("nan")
    typical: float = float("nan")


@dataclass(eq=False)
class Judgement:
    """All parameters under one reading of the script: a loss, and the rows that an update is of."""

    loss: str
    rows: str
    fits: list[Fit]
    verdicts: list[str]
    rate: float | None
    optimiser: str
    momentum: float
    decay: float
    schedule: bool
    updates: list[Update]
    truths: list[Truth]
    steps: list[Step]

    @property
    def right(self) -> int:
        return self.verdicts.count(RIGHT)

    @property
    def all_right(self) -> bool:
        return all(verdict == RIGHT for verdict in self.verdicts)


def updates_of(network: Network) -> list[Update]:
    """All updates that were recorded whole."""
    found: list[Update] = []
    group: list[Step] = []
    whole = False
    several = False
    runs = runs_of_steps(network.steps)
    begins = {id(run[0]) for run in runs}
    for step in [step for run in runs for step in run]:
        follows = (
            group
            and id(step) not in begins
            and not any(group[-1].place < gap < step.place for gap in network.gaps)
        )
        if not follows:
            group, whole = [step], step.window == network.steps[0].window
            continue
        if np.array_equal(step.theta, group[-1].theta, equal_nan=True):
            group.append(step)
            several = True
            continue
        known = all(one.y is not None for one in group)
        if known and _is_sane(step.theta) and _is_sane(group[0].theta):
            update = Update(group, group[0].theta, step.theta - group[0].theta, step)
            found.append(update)
            update.passes = list(group)
            update.passes[0].whole = whole  # type: ignore[attr-defined]
        group, whole = [step], True
    if several:
        found = [one for one in found if getattr(one.passes[0], "whole", True)]
    return found


def _is_sane(theta: Array) -> bool:
    """Finite, and not so large that squares overflow: what diverged proves nothing."""
    return bool(np.isfinite(theta).all() and np.abs(theta).max(initial=0.0) < 1e12)


def judge(network: Network) -> Judgement | None:
    """The reading under which most parameters are right; None where nothing was updated."""
    best: Judgement | None = None
    for judgement in readings(network):
        if best is None or _rank(judgement) > _rank(best):
            best = judgement
        if best.all_right:
            break
    return best


def readings(network: Network) -> Iterator[Judgement]:
    """Every way to read a script: which rows an update is of, and which loss goes down."""
    updates = updates_of(network)
    if not updates:
        return
    single = all(len(update.passes) == 1 for update in updates)
    for rows in ["last"] if single else ["all", "last", "first"]:
        steps = [step for update in updates if (step := _rows(update, rows)) is not None]
        if len(steps) == len(updates):
            for loss in losses_of(network):
                yield _judge(network, updates, steps, loss, rows)


def _rank(judgement: Judgement) -> tuple[int, int, int]:
    """More right parameters; then more that move in the right direction."""
    directions = sum(fit.kind in ("constant", "varying") for fit in judgement.fits)
    return judgement.right, directions, -len(judgement.optimiser)


def _rows(update: Update, rows: str) -> Step | None:
    """The pass, or the passes together, that an update may be the gradient of."""
    if rows == "last":
        return update.passes[-1]
    if rows == "first":
        return update.passes[0]
    first = update.passes[0]
    seen: list[bytes] = []
    xs, ys = [], []
    for step in update.passes:
        if step.x.tobytes() in seen:
            continue
        seen.append(step.x.tobytes())
        xs.append(step.x)
        ys.append(step.y)
    if any(y is None for y in ys):
        return None
    return Step(
        first.number, first.window, first.place, np.concatenate(xs),
        np.concatenate(ys),  # type: ignore[arg-type]
        first.theta, first.z, first.a, first.one,
    )  # fmt: skip


def _judge(
    network: Network, updates: list[Update], steps: list[Step], loss: str, rows: str
) -> Judgement:
    with np.errstate(all="ignore"):
        truths = [truth(network, step, loss) for step in steps]
    judgement = Judgement(
        loss, rows, [], [], None, "unknown", 0.0, 0.0, False, updates, truths, steps
    )
    tolerance = Tolerance(network)
    judgement.fits = [
        fit_parameter(parameter, updates, truths, tolerance) for parameter in network.parameters
    ]
    _decide(judgement)
    return judgement


class Tolerance:
    """How far an update may be from what was expected, by rounding alone."""

    def __init__(self, network: Network) -> None:
        thetas = np.concatenate([step.theta for step in network.steps])
        finite = thetas[np.isfinite(thetas) & (np.abs(thetas) < 1e30)]
        single = np.array_equal(finite.astype(np.float32).astype(float), finite)
        self.single = bool(single and np.any(finite != np.round(finite)))
        self.of_terms = 1e-5 if self.single else OF_TERMS
        self.epsilon = float(np.finfo(np.float32 if self.single else float).eps)

    def of(self, update: Update, slots: Sequence[int], size: Array, factor: float) -> Array:
        chosen = list(slots)
        stored = np.abs(update.theta[chosen]) + np.abs(update.delta[chosen])
        result: Array = (
            ROUNDINGS * self.epsilon * stored + self.of_terms * abs(factor) * size[chosen] + 1e-300
        )
        return result


def fit_parameter(
    parameter: Parameter, updates: list[Update], truths: list[Truth], tolerance: Tolerance
) -> Fit:
    """How one parameter's updates follow from its gradients."""
    slots = list(parameter.slots)
    gradients = [one.theta[slots] for one in truths]
    return fit_series(slots, updates, gradients, [one.size for one in truths], tolerance)


def fit_series(
    slots: Sequence[int],
    updates: list[Update],
    gradients: list[Array],
    sizes: list[Array],
    tolerance: Tolerance,
) -> Fit:
    chosen = list(slots)
    deltas = [update.delta[chosen] for update in updates]
    all_deltas, all_gradients = np.concatenate(deltas), np.concatenate(gradients)
    if not np.isfinite(all_gradients).all():
        return Fit("none")
    all_sizes = np.concatenate([size[chosen] for size in sizes])
    moved = bool(np.any(all_deltas != 0))
    informative = np.abs(all_gradients) > 1e-12 * (all_sizes + 1e-300)
    if not moved:
        return Fit("still" if np.any(informative & (np.abs(all_gradients) > 1e-12)) else "silent")
    norm = float(np.linalg.norm(all_gradients) * np.linalg.norm(all_deltas))
    cosine = -float(all_deltas @ all_gradients) / norm if norm > 0 else float("nan")
    square = float(all_gradients @ all_gradients)
    factor = -float(all_deltas @ all_gradients) / square if square > 0 else 0.0
    fit = Fit("none", factor, cosine=cosine)
    if square == 0:
        return fit
    fit.typical = factor
    if _holds(chosen, updates, gradients, sizes, [factor] * len(updates), tolerance):
        fit.kind = "constant"
        return fit
    usual = _usual_factor(chosen, updates, gradients, sizes, tolerance)
    if usual is not None:
        fit.kind, fit.factor = "constant", usual
        return fit
    factors = []
    for delta, gradient in zip(deltas, gradients, strict=True):
        own = float(gradient @ gradient)
        factors.append(-float(delta @ gradient) / own if own > 0 else np.nan)
    if len(chosen) > 1 and _holds(chosen, updates, gradients, sizes, factors, tolerance):
        fit.kind = "varying"
        fit.factors = np.array(factors)
    elif len(chosen) == 1:
        fit.factors = np.array(factors)  # one number is always parallel to another
        fit.kind = "scalar"
    return _with_momentum(chosen, updates, gradients, sizes, tolerance, fit)


def _usual_factor(
    slots: list[int],
    updates: list[Update],
    gradients: list[Array],
    sizes: list[Array],
    tolerance: Tolerance,
) -> float | None:
    """One factor for all updates but a few: a mistake is in most of them, a restart in one."""
    told = [
        (update, gradient, size)
        for update, gradient, size in zip(updates, gradients, sizes, strict=True)
        if np.any(gradient != 0) and np.any(update.delta[slots] != 0)
    ]
    if len(told) < MANY:
        return None
    factors = [-float(u.delta[slots] @ g) / float(g @ g) for u, g, _ in told if float(g @ g) > 0]
    usual = float(np.median(factors))
    if not np.isfinite(usual) or usual == 0:
        return None
    kept = sum(_holds(slots, [u], [g], [s], [usual], tolerance) for u, g, s in told)
    return usual if kept >= USUAL * len(told) else None


def _holds(
    slots: list[int],
    updates: list[Update],
    gradients: list[Array],
    sizes: list[Array],
    factors: Sequence[float],
    tolerance: Tolerance,
) -> bool:
    for update, gradient, size, factor in zip(updates, gradients, sizes, factors, strict=True):
        if not np.isfinite(factor):
            if np.any(update.delta[slots] != 0):
                return False
            continue
        allowed = tolerance.of(update, slots, size, factor)
        if np.any(np.abs(update.delta[slots] + factor * gradient) > allowed):
            return False
    return True


def _with_momentum(
    slots: list[int],
    updates: list[Update],
    gradients: list[Array],
    sizes: list[Array],
    tolerance: Tolerance,
    fit: Fit,
) -> Fit:
    """Whether `delta = -factor * gradient + momentum * delta before - decay * parameter` holds."""
    triples = [
        (before, now, gradient, size, last)
        for before, now, gradient, size, last in zip(
            updates, updates[1:], gradients[1:], sizes[1:], gradients, strict=False
        )
        if before.following is now.passes[0]
    ]
    calm = [one for one in triples if np.abs(one[1].theta[slots]).max() < 50]
    triples = (calm or triples)[:60]
    if len(triples) * len(slots) < 8:
        return fit
    g = np.concatenate([gradient for _, _, gradient, _, _ in triples])
    p = np.concatenate([before.delta[slots] for before, _, _, _, _ in triples])
    w = np.concatenate([now.theta[slots] for _, now, _, _, _ in triples])
    d = np.concatenate([now.delta[slots] for _, now, _, _, _ in triples])
    last = -np.concatenate([one for _, _, _, _, one in triples])
    for columns in ([g, p], [g, w], [g, p, w], [g, last]):
        matrix = np.stack(columns, axis=1)
        scale = np.linalg.norm(matrix, axis=0)
        if np.any(scale == 0):
            continue
        solution, *_ = np.linalg.lstsq(matrix / scale, d, rcond=None)
        shares = solution / scale
        left = np.abs(d - matrix @ shares)
        allowed = np.concatenate(
            [
                tolerance.of(now, slots, size, shares[0]) + 1e-7 * np.abs(now.delta[slots])
                for _, now, _, size, _ in triples
            ]
        )
        # With a nearly constant gradient the columns are nearly parallel, and anything fits.
        conditioned = np.linalg.cond(matrix / scale) < 1e5
        if conditioned and np.all(left <= allowed) and shares[0] < 0:
            momentum = float(shares[1]) if columns[1] is p else 0.0
            if columns[1] is last:
                momentum = float(shares[1]) / -float(shares[0])
            decay = -float(shares[-1]) if columns[-1] is w else 0.0
            sane = -0.01 <= momentum < 1.0001 and -1e-6 <= decay < 1
            kind = "momentum" if sane else "odd momentum"
            return Fit(kind, -float(shares[0]), fit.factors, momentum, decay, fit.cosine)
    return fit


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
    judgement.schedule = members is varying
    reference = fits[members[0]]
    judgement.rate = reference.factor
    if judgement.schedule:
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
