"""The classic mistakes as arithmetic: what each would have made of a step, and which of them did.

A backward pass is worked out with one line wrong, or two, until it gives the very updates that were
recorded. Slugs are stable: they are in the JSON of `xortui debug`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from xortui.core.debug.activations import SOFTMAX
from xortui.core.debug.judge import STILL, Judgement, Tolerance, Update
from xortui.core.debug.network import Network, Parameter
from xortui.core.debug.truth import CROSS_ENTROPY
from xortui.core.model.functions import Array

MISTAKES: dict[str, str] = {
    "derivative-left-out": "the slope of the activation is left out",
    "output-slope-missing": "the slope of the output is left out",
    "derivative-of-activated": "the slope is taken of a value that is activated already",
    "derivative-given-z": "a slope that wants the activation is given the weighted sum",
    "derivative-taken-twice": "the slope is multiplied in twice",
    "wrong-derivative": "this is not the slope of the activation",
    "derivative-given-error": "the slope is taken of the error",
    "loss-instead-of-error": "the loss itself is sent back, not its derivative",
    "learning-rate-missing": "the learning rate is missing, or there twice",
    "hidden-error-from-raw-error": "the error goes back without the slope of the layer above",
    "weight-used-after-update": "the error goes back through weights that are updated already",
    "matrix-turned-round": "a matrix is used the wrong way round",
    "weights-left-out": "the error goes back without the weights",
    "wrong-weight": "the error goes back through the weight of another unit",
    "wrong-delta": "the gradient uses the error of another unit or layer",
    "wrong-layer-input": "the gradient is taken with the wrong layer's input",
    "rows-not-summed": "the update is of one row, where all rows count",
    "bias-gradient-not-summed": "the gradient of the bias is not summed over the rows",
    "bias-gradient-summed-over-units": "the gradient of the bias is summed over the units, too",
    "bias-never-updated": "the bias is never updated",
    "weights-never-updated": "these weights are never updated",
    "sign": "the sign is turned round",
    "scale-of-one-array": "one array's update has another scale than the others",
    "momentum-misapplied": "the momentum is not that of the last change",
    "labels-broadcast": "labels and outputs have shapes that make a square of differences",
    "unknown": "the update is the gradient of no loss that is known here",
}


@dataclass(frozen=True, eq=False)
class Change:
    """One thing done wrong: `kind` is slope, back, dw, db, sign, scale or still, in `layer`.

    `wrong` [updates, ...] is the quantity that it made in each update looked at; `ratio` says how
    far a scale is off.
    """

    slug: str
    kind: str
    layer: int
    wrong: Array | None = None
    parameter: Parameter | None = None
    ratio: float = 1.0


@dataclass(eq=False)
class Explanation:
    """Changes that together give what was recorded; `open` are parameters they do not explain."""

    cost: float
    changes: list[Change]
    open: list[Parameter]
    rate: float | None


@dataclass(eq=False)
class Context:
    """Some updates, early and late ones, and what is true of each: the first axis is the update.

    A layer's quantities are [updates, rows, units], weights (without rows of ones) [updates,
    inputs, units] and updates [updates, numbers].
    """

    network: Network
    updates: list[Update]
    inputs: list[Array]
    z: list[Array]
    a: list[Array]
    slope: list[Array]
    error: Array
    back: list[Array]
    delta: list[Array]
    weights: list[Array]
    after: list[Array]
    effective: Array  # updates without the share of momentum
    stored: Array
    size: Array
    tolerance: Tolerance
    rate: float | None


@dataclass(eq=False)
class _State:
    cost: float
    changes: list[Change]
    delta: Array
    back: Array
    open: list[Parameter]
    factors: list[tuple[Parameter, float]] = field(default_factory=list)


LOOKED_AT, KEPT, CLOSELY, MOST_CHANGES = 10, 12, 6, 3


def explain(network: Network, judgement: Judgement) -> Explanation | None:
    """The likeliest changes that give their updates; None where there is nothing to look at."""
    context = context_of(network, judgement)
    if context is None:
        return None
    verdicts = list(zip(network.parameters, judgement.verdicts, strict=True))
    still = [
        Change(
            "bias-never-updated" if parameter.kind == "b" else "weights-never-updated",
            "still", parameter.layer, parameter=parameter,
        )
        for parameter, verdict in verdicts
        if verdict == STILL
    ]  # fmt: skip
    moving = [parameter for parameter, verdict in verdicts if verdict != STILL]
    empty = np.zeros(0)
    states = [_State(0.0, [], empty, empty, [])]
    with np.errstate(all="ignore"):
        for layer in range(len(network.layers), 0, -1):
            of_layer = [parameter for parameter in moving if parameter.layer == layer]
            tried = [
                _explained(context, option, of_layer)
                for state in states
                for option in _options(context, state, layer, judgement.loss)
            ]
            tried.sort(key=lambda state: state.cost)
            # What is left open is looked at closely for the likeliest only.
            closely = tried[:CLOSELY] + [one for one in tried[CLOSELY:] if not one.changes]
            for state in closely:
                _look_closely(context, state, layer)
            states = sorted(tried, key=lambda state: state.cost)[:KEPT]
    if not states:
        return None
    best = min((_with_scales(context, state) for state in states), key=lambda one: one.cost)
    for parameter, fit in zip(network.parameters, judgement.fits, strict=True):
        if parameter in best.open and fit.kind == "odd momentum":
            best.changes.append(
                Change("momentum-misapplied", "momentum", parameter.layer, parameter=parameter)
            )
    best.changes = [*best.changes, *still]
    return best


def rows_not_summed(network: Network, context: Context) -> list[Change]:
    """The gradients of one row alone, which is all that the updates are made of."""
    return [
        Change(
            "rows-not-summed", f"d{parameter.kind.lower()}", parameter.layer,
            full_gradient(context, parameter, context.delta[parameter.layer - 1]), parameter,
        )
        for parameter in network.parameters
    ]  # fmt: skip


def context_of(network: Network, judgement: Judgement) -> Context | None:
    """Some updates, early and late ones, that say something."""
    found = []
    before: Update | None = None
    for number, update in enumerate(judgement.updates):
        follows = before is not None and before.following is update.passes[0]
        effective = update.delta
        if judgement.momentum and not follows:
            before = update
            continue
        if judgement.momentum and before is not None:
            effective = effective - judgement.momentum * before.delta
        effective = effective + judgement.decay * update.theta
        before = update
        if np.abs(effective).max() > 1e-13 and np.isfinite(judgement.truths[number].theta).all():
            found.append((number, effective))
    if not found:
        return None
    count = min(LOOKED_AT, len(found))
    places = sorted({round(part) for part in np.linspace(0, len(found) - 1, count)})
    numbers = [found[place][0] for place in places]
    updates = [judgement.updates[number] for number in numbers]
    truths = [judgement.truths[number] for number in numbers]
    layers = range(len(network.layers))
    rows = max(len(one.error) for one in truths)

    def stacked(arrays: list[Array]) -> Array:
        result = np.zeros((len(arrays), rows, arrays[0].shape[1]))
        for place, array in enumerate(arrays):
            result[place, : len(array)] = array
        return result

    def of_layers(name: str) -> list[Array]:
        return [stacked([getattr(one, name)[layer] for one in truths]) for layer in layers]

    def weights(thetas: list[Array]) -> list[Array]:
        splits = [network.split(theta) for theta in thetas]
        return [
            np.stack([np.delete(parts[at][0], network.layers[at].ones, axis=0) for parts in splits])
            for at in layers
        ]

    return Context(
        network, updates,
        of_layers("inputs"), of_layers("z"), of_layers("a"), of_layers("slope"),
        stacked([one.error for one in truths]), of_layers("back"), of_layers("delta"),
        weights([update.theta for update in updates]),
        weights([update.theta + update.delta for update in updates]),
        np.stack([found[place][1] for place in places]),
        np.stack([np.abs(update.theta) + np.abs(update.delta) for update in updates]),
        np.stack([one.size for one in truths]),
        Tolerance(network), judgement.rate,
    )  # fmt: skip


# -- ways to get the errors of a layer -------------------------------------------------------------


def _options(context: Context, state: _State, layer: int, loss: str) -> Iterator[_State]:
    """The state with the errors of this layer worked out in every way."""
    at = layer - 1
    backs: list[tuple[Change | None, Array]]
    if layer == len(context.network.layers):
        backs = [(None, context.back[at])]
        for squared in (context.error**2, -(context.error**2)):
            backs.append((Change("loss-instead-of-error", "back", layer, squared), squared))
    else:
        backs = list(_backs(context, state, at))
    for change, back in backs:
        first = [] if change is None else [change]
        if len(state.changes) + len(first) > MOST_CHANGES:
            continue
        for slope_change, delta in _deltas(context, at, back, loss):
            new = [*first, *([] if slope_change is None else [slope_change])]
            if len(state.changes) + len(new) > MOST_CHANGES:
                continue
            # The same mistake in two layers is likelier than two of a kind.
            before = {one.slug for one in state.changes}
            cost = state.cost + sum(0.5 if one.slug in before else 1.0 for one in new)
            yield _State(
                cost, [*state.changes, *new], delta, back, list(state.open), list(state.factors)
            )


def _through(errors: Array, weights: Array) -> Array:
    result: Array = errors @ weights.transpose(0, 2, 1)
    return result


def _backs(context: Context, state: _State, at: int) -> Iterator[tuple[Change | None, Array]]:
    w, after = context.weights[at + 1], context.after[at + 1]

    def changed(slug: str, back: Array) -> tuple[Change, Array]:
        return Change(slug, "back", at + 1, back), back

    yield None, _through(state.delta, w)
    yield changed("weight-used-after-update", _through(state.delta, after))
    if not np.allclose(state.delta, state.back):
        yield changed("hidden-error-from-raw-error", _through(state.back, w))
    if at + 2 == len(context.network.layers) and not np.allclose(context.error, state.back):
        yield changed("hidden-error-from-raw-error", _through(context.error, w))
    units, above = w.shape[1:]
    if units == above and units > 1:
        yield changed("matrix-turned-round", state.delta @ w)
    yield changed("weights-left-out", _through(state.delta, np.ones_like(w)))
    if 1 < units <= 4:
        for one in range(units):
            for other in range(units):
                if one != other:
                    slip = w.copy()
                    slip[:, one] = w[:, other]
                    yield changed("wrong-weight", _through(state.delta, slip))


def _deltas(
    context: Context, at: int, back: Array, loss: str
) -> Iterator[tuple[Change | None, Array]]:
    function = context.network.layers[at].function
    output = at + 1 == len(context.network.layers)
    if output and (loss == CROSS_ENTROPY or function is SOFTMAX):
        yield None, context.delta[at] if back is context.back[at] else back
        if function is not SOFTMAX:
            slope = context.slope[at]
            yield Change("wrong-derivative", "slope", at + 1, slope), back * slope
        return
    yield None, back * context.slope[at]
    for slug, slope in slope_variants(context, at, back):
        name = "output-slope-missing" if output and slug == "derivative-left-out" else slug
        yield Change(name, "slope", at + 1, slope), back * slope


def slope_variants(context: Context, at: int, back: Array) -> Iterator[tuple[str, Array]]:
    """What people write where the slope of this layer's activation belongs."""
    function = context.network.layers[at].function
    z, a, right = context.z[at], context.a[at], context.slope[at]
    if function.name == "linear":
        yield "wrong-derivative", a * (1 - a)
        yield "wrong-derivative", 1 - a * a
        return
    yield "derivative-left-out", np.ones_like(a)
    yield "sign", -right
    if function.name in ("sigmoid", "tanh"):
        twice = function.f(a)
        yield "derivative-of-activated", function.slope(a, twice)
        yield "derivative-given-z", function.slope(z, z)
        yield "derivative-taken-twice", right**2
        yield "derivative-given-error", function.slope(back, back)
        yield "derivative-of-activated", function.slope(twice, function.f(twice))
        forms = [
            a * (1 - a), 1 - a * a, 1 - a, a, a * (1 + a), 1 + a * a, a * a, 1 - a**3,
            z * (1 - a), a * (1 - z), np.exp(-z), np.exp(-a) / (1 + np.exp(-a)) ** 2,
            1 - z * z, 1 - np.tanh(z), a - 1, a - a**3, 1 - 2 * a,
        ]  # fmt: skip
    else:
        forms = [
            a, z, (z <= 0).astype(float), a * (1 - a), 1 - a * a, (z > 0).astype(float),
            np.where(z > 0, 1.0, 0.01), np.where(z > 1, 1.0, 0.0), (z >= 0).astype(float),
        ]  # fmt: skip
    for form in forms:
        if not np.allclose(form, right):
            yield "wrong-derivative", form


# -- ways to get the gradients of a layer's parameters ---------------------------------------------


def _explained(context: Context, state: _State, parameters: list[Parameter]) -> _State:
    """The state with what follows from the errors of its layer as it should."""
    for parameter in parameters:
        full = full_gradient(context, parameter, state.delta)
        factor = proportion(context, parameter, in_slots(context.network, parameter, full))
        if factor is None:
            state.open.append(parameter)
            state.cost += 2.5
        else:
            state.factors.append((parameter, factor))
    return state


def _look_closely(context: Context, state: _State, layer: int) -> None:
    """Explain what is open in a layer by something wrong in its gradients."""
    for parameter in [one for one in state.open if one.layer == layer]:
        for slug, gradient, wrong in gradient_variants(context, parameter, state):
            factor = proportion(context, parameter, gradient)
            if factor is None:
                continue
            change = Change(slug, f"d{parameter.kind.lower()}", layer, wrong, parameter)
            alike = any(one.slug == slug and one.kind[0] == "d" for one in state.changes)
            state.changes.append(change)
            state.open.remove(parameter)
            state.cost += (0.25 if alike else 1.1) - 2.5
            if not slug.startswith("bias-gradient"):  # a mean over more or less may go with it
                state.factors.append((parameter, factor))
            break


def full_gradient(context: Context, parameter: Parameter, delta: Array) -> Array:
    """The gradient of a parameter's layer [updates, inputs, units] or [updates, units]."""
    if parameter.kind == "b":
        total: Array = delta.sum(axis=1)
        return total
    result: Array = context.inputs[parameter.layer - 1].transpose(0, 2, 1) @ delta
    return result


def in_slots(network: Network, parameter: Parameter, full: Array) -> Array:
    """The numbers of a layer's gradient that belong to a parameter, [updates, numbers]."""
    start = 0
    for layer in network.layers[: parameter.layer - 1]:
        start += layer.inputs * layer.units + layer.units * layer.bias
    if parameter.kind == "b":
        layer = network.layers[parameter.layer - 1]
        start += layer.inputs * layer.units
    result: Array = full.reshape(len(full), -1)[:, [slot - start for slot in parameter.slots]]
    return result


def proportion(context: Context, parameter: Parameter, gradient: Array) -> float | None:
    """The factor for which `update = -factor * gradient` holds in all updates looked at."""
    slots = list(parameter.slots)
    delta = context.effective[:, slots]
    square = float(np.vdot(gradient, gradient))
    if not np.isfinite(square) or square == 0:
        return None
    factor = -float(np.vdot(delta, gradient)) / square
    if factor == 0 or not np.isfinite(factor):
        return None
    allowed = (
        8 * context.tolerance.epsilon * context.stored[:, slots]
        + context.tolerance.of_terms * abs(factor) * (context.size[:, slots] + np.abs(gradient))
        + 1e-300
    )
    return None if np.any(np.abs(delta + factor * gradient) > allowed) else factor


def gradient_variants(
    context: Context, parameter: Parameter, state: _State
) -> Iterator[tuple[str, Array, Array]]:
    """What people write where the gradient of this parameter belongs: the slug, and what it is."""
    network, at = context.network, parameter.layer - 1
    delta, back = state.delta, state.back
    x = context.inputs[at].transpose(0, 2, 1)

    def given(slug: str, full: Array) -> tuple[str, Array, Array]:
        return slug, in_slots(network, parameter, full), full

    output = parameter.layer == len(network.layers)
    no_slope = "output-slope-missing" if output else "derivative-left-out"
    rows, units = delta.shape[1:]
    if parameter.kind == "b":
        total = delta.sum(axis=(1, 2))
        yield given("bias-gradient-summed-over-units", np.repeat(total[:, None], units, axis=1))
        yield given(no_slope, back.sum(axis=1))
        for row in (-1, 0) if rows > 1 else ():
            yield given("bias-gradient-not-summed", delta[:, row])
        if rows == units:
            yield given("bias-gradient-summed-over-units", delta.sum(axis=2))
    else:
        yield given(no_slope, x @ back)
        for slug, other in _other_inputs(context, at):
            yield given(slug, other.transpose(0, 2, 1) @ delta)
        plain = x @ delta
        if min(plain.shape[1:]) > 1:
            yield given("matrix-turned-round", plain.transpose(0, 2, 1).copy().reshape(plain.shape))
        for row in (-1, 0) if rows > 1 else ():
            yield given("rows-not-summed", x[:, :, [row]] @ delta[:, [row]])
    if 1 < units <= 6:
        for one in range(units):
            for other_unit in range(units):
                if one != other_unit:
                    slip = delta.copy()
                    slip[:, :, one] = delta[:, :, other_unit]
                    yield given("wrong-delta", full_gradient(context, parameter, slip))
    for number, others in enumerate(context.delta):
        if number != at and others.shape == delta.shape:
            yield given("wrong-delta", full_gradient(context, parameter, others))


def _other_inputs(context: Context, at: int) -> Iterator[tuple[str, Array]]:
    layer = context.network.layers[at]
    candidates: list[Array] = []
    if at > 0:
        candidates += [context.z[at - 1], context.inputs[0], context.delta[at - 1],
                       context.slope[at - 1]]  # fmt: skip
    for number in range(at, len(context.network.layers)):
        candidates += [context.a[number], context.z[number]]
    for array in candidates:
        if array.shape[2] == layer.inputs:
            yield "wrong-layer-input", array
        elif array.shape[2] == layer.inputs - len(layer.ones):
            for place in layer.ones:
                array = np.insert(array, place, 1.0, axis=2)
            yield "wrong-layer-input", array


def _with_scales(context: Context, state: _State) -> Explanation:
    """Factors that differ from the common one are changes, too."""
    rate = context.rate
    factors = state.factors
    if rate is None and factors:

        def members(factor: float) -> int:
            return sum(abs(other - factor) <= 1e-5 * abs(factor) for _, other in factors)

        # Of equal groups the one that is nearest the output, and goes downhill.
        _, rate = max(factors, key=lambda one: (one[1] > 0, members(one[1]), one[0].layer))
    changes, cost = list(state.changes), state.cost
    signs = 0
    for parameter, factor in factors:
        if rate is None or abs(factor - rate) <= 1e-5 * abs(rate):
            continue
        ratio = factor / rate
        if abs(ratio + 1) < 1e-5:
            changes.append(Change("sign", "sign", parameter.layer, None, parameter, -1.0))
            cost += 0.3 if signs else 1.0
            signs += 1
        else:
            changes.append(Change("scale-of-one-array", "scale", parameter.layer, None, parameter,
                                  ratio))  # fmt: skip
            cost += 1.3
    if rate is not None and rate < 0:
        changes = [Change("sign", "sign", parameter.layer, None, parameter, -1.0)
                   for parameter, _ in factors] + changes  # fmt: skip
        cost += 1
    return Explanation(cost, changes, state.open, rate)


__all__ = ["MISTAKES", "Change", "Context", "Explanation", "context_of", "explain"]
