"""The classic mistakes: their names, and what is known of one that was made.

Slugs are stable: they are in the JSON of `xortui debug`.
"""

from dataclasses import dataclass

from xortui.core.debug.network import Parameter
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
    "product-kind": "this is the wrong kind of product (element by element, or of matrices)",
    "weights-left-out": "the error goes back without the weights",
    "wrong-weight": "the error goes back through the weight of another unit",
    "wrong-delta": "the gradient uses the error of another unit or layer",
    "wrong-layer-input": "the gradient is taken with the wrong layer's input",
    "rows-not-summed": "the update is of one row, where all rows count",
    "bias-gradient-not-summed": "the gradient of the bias is not summed over the rows",
    "bias-gradient-summed-over-units": "the gradient of the bias is summed over the units, too",
    "bias-never-updated": "the bias is never updated",
    "weights-never-updated": "these weights are never updated",
    "whole-numbers": "the weights are whole numbers, so a change loses its fraction",
    "sign": "the sign is turned round",
    "scale-of-one-array": "one array's update has another scale than the others",
    "momentum-misapplied": "the momentum is not that of the last change",
    "labels-broadcast": "labels and outputs have shapes that make a square of differences",
    "unknown": "the update is the gradient of no loss that is known here",
}


@dataclass(frozen=True, eq=False)
class LayerFault:
    """One thing done wrong in a layer.

    `kind` says where: in the slope, in the error that comes back, in delta, dw or db; in the sign
    of an update (uphill: of one with momentum), its scale or its momentum, in an update that stands
    still, in the shape of a difference, or in the gradient, nobody knows how. `wrong` [updates,
    ...] is the quantity that it made in each update looked at; `ratio` is how far a scale is off.
    """

    slug: str
    kind: str
    layer: int
    wrong: Array | None = None
    parameter: Parameter | None = None
    ratio: float = 1.0


@dataclass(eq=False)
class FaultExplanation:
    """Changes that together give what was recorded; `open` are parameters they do not explain."""

    cost: float
    changes: list[LayerFault]
    open: list[Parameter]
