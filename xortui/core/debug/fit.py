"""How one parameter's updates follow from its gradients: a factor, momentum, decay."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.truth import Truth
from xortui.core.debug.updates import Update
from xortui.core.model.functions import Array

# What two ways of rounding may differ by: of the terms of a sum, and of a stored number.
OF_TERMS, ROUNDINGS = 1e-9, 8.0
# Of so many updates or more, this share must be as expected.
MANY, USUAL = 12, 0.95


@dataclass(eq=False)
class Fit:
    """How well `delta = -factor * gradient` holds for one parameter.

    `kind`: `constant`; `varying` where each update has a factor of its own; `momentum` where the
    update before has a share, too, `odd momentum` where it is not the share of a momentum, and
    `uphill` where the sign of the gradient is turned; `still` where it never moves; `silent` where
    there is no gradient, and it does not move; `none`.
    """

    kind: str
    factor: float = 0.0
    factors: Array = field(default_factory=lambda: np.zeros(0))
    momentum: float = 0.0
    decay: float = 0.0
    cosine: float = float("nan")


class Tolerance:
    """How far an update may be from what was expected, by rounding alone."""

    def __init__(self, network: TheirNetwork) -> None:
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
        if conditioned and np.all(left <= allowed) and shares[0] != 0:
            momentum = float(shares[1]) if columns[1] is p else 0.0
            if columns[1] is last:
                momentum = float(shares[1]) / -float(shares[0])
            decay = -float(shares[-1]) if columns[-1] is w else 0.0
            sane = -0.01 <= momentum < 1.0001 and -1e-6 <= decay < 1
            if shares[0] > 0 and not (sane and columns[1] is p):
                continue
            kind = "uphill" if shares[0] > 0 else "momentum" if sane else "odd momentum"
            return Fit(kind, -float(shares[0]), fit.factors, momentum, decay, fit.cosine)
    return fit
