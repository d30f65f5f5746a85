"""The classic mistakes as arithmetic: what each would have made of a step."""

from collections.abc import Iterator

import numpy as np

from xortui.core.debug.activations import SOFTMAX
from xortui.core.debug.context import Context, full_gradient, in_slots
from xortui.core.debug.mistakes import LayerFault
from xortui.core.debug.network import Parameter
from xortui.core.debug.truth import CROSS_ENTROPY
from xortui.core.model.functions import Array


def _through(errors: Array, weights: Array) -> Array:
    result: Array = errors @ weights.transpose(0, 2, 1)
    return result


def ways_back(
    context: Context, delta: Array, below: Array, at: int
) -> Iterator[tuple[LayerFault | None, Array]]:
    w, after = context.weights[at + 1], context.after[at + 1]

    def changed(slug: str, back: Array) -> tuple[LayerFault, Array]:
        return LayerFault(slug, "back", at + 1, back), back

    yield None, _through(delta, w)
    yield changed("weight-used-after-update", _through(delta, after))
    if not np.allclose(delta, below):
        yield changed("hidden-error-from-raw-error", _through(below, w))
    if at + 2 == len(context.network.layers) and not np.allclose(context.error, below):
        yield changed("hidden-error-from-raw-error", _through(context.error, w))
    units, above = w.shape[1:]
    if units == above and units > 1:
        yield changed("matrix-turned-round", delta @ w)
    rows = delta.shape[1]
    if rows == units and above in (1, units):
        yield changed("product-kind", np.broadcast_to(delta * w, (len(w), rows, units)))
    yield changed("weights-left-out", _through(delta, np.ones_like(w)))
    if 1 < units <= 4:
        for one in range(units):
            for other in range(units):
                if one != other:
                    slip = w.copy()
                    slip[:, one] = w[:, other]
                    yield changed("wrong-weight", _through(delta, slip))


def deltas(
    context: Context, at: int, back: Array, loss: str
) -> Iterator[tuple[LayerFault | None, Array]]:
    function = context.network.layers[at].function
    output = at + 1 == len(context.network.layers)
    if output and (loss == CROSS_ENTROPY or function is SOFTMAX):
        yield None, context.delta[at] if back is context.back[at] else back
        if function is not SOFTMAX:
            slope = context.slope[at]
            yield LayerFault("wrong-derivative", "slope", at + 1, slope), back * slope
        return
    yield None, back * context.slope[at]
    for slug, slope in slope_variants(context, at, back):
        name = "output-slope-missing" if output and slug == "derivative-left-out" else slug
        yield LayerFault(name, "slope", at + 1, slope), back * slope
    rows, units = back.shape[1:]
    if rows == units > 1:
        product = back @ context.slope[at]
        yield LayerFault("product-kind", "delta", at + 1, product), product


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


def gradient_variants(
    context: Context, parameter: Parameter, delta: Array, back: Array
) -> Iterator[tuple[str, Array, Array]]:
    """What people write where the gradient of this parameter belongs: the slug, and what it is."""
    network, at = context.network, parameter.layer - 1
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
