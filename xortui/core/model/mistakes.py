"""Classic mistakes, to be made on purpose: each exchanges or moves lines of a step.

Imports no NumPy, as recipes do not: it works on the text of the operations.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from xortui.core.model.operation import Operation
from xortui.core.model.tables import ACTIVATIONS, symbol_of

# Every weight where all start equal. Biases start at 0 as ever.
EQUAL_WEIGHT = 0.5
EQUAL_START = "equal-start"
# How it is said that everything is right.
NO_MISTAKE = "none"


@dataclass(frozen=True)
class Setting:
    """What a mistake has to know of the network it is made in, and of its optimiser.

    `sizes` are the units per layer, from the inputs on.
    """

    activation: str
    sizes: tuple[int, ...]
    bias: bool
    optimiser: str


@dataclass(frozen=True)
class Mistake:
    """One classic mistake.

    `title` says what was done, `description` what comes of it. `change` makes the operations of a
    step into the broken ones, `obstacle` says why a network cannot have the mistake (empty where it
    can). Where the mistake is no gradient error, `no_gradient_error` is a sentence that says so;
    else it is empty.
    """

    title: str
    description: str
    change: Callable[[Sequence[Operation], Setting], Sequence[Operation]]
    obstacle: Callable[[Setting], str] = lambda setting: ""
    no_gradient_error: str = ""


def broken(
    operations: Iterable[Operation], mistake: str | None, setting: Setting
) -> tuple[Operation, ...]:
    """The operations with the mistake made; where it sits, `fault` says what is wrong."""
    right = tuple(operations)
    return right if mistake is None else tuple(MISTAKES[mistake].change(right, setting))


def unnamed(text: str) -> str:
    """A text without the name of the mistake in it: `broken: wrong-sign at 100` is `broken at 100`.

    For an exercise: somebody else is to find it.
    """
    return re.sub(f"broken: (?:{'|'.join(MISTAKES)})", "broken", text)


# -- what each changes -----------------------------------------------------------------------------


def _exchanged(
    line: str, exchange: Callable[[Operation, Setting], Operation]
) -> Callable[[Sequence[Operation], Setting], Sequence[Operation]]:
    """Exchanges every operation that, as `target = expression`, matches the pattern `line`."""

    def change(operations: Sequence[Operation], setting: Setting) -> Sequence[Operation]:
        return [
            exchange(operation, setting)
            if re.fullmatch(line, f"{operation.target} = {operation.expression}")
            else operation
            for operation in operations
        ]

    return change


def _without_slope(operation: Operation, setting: Setting) -> Operation:
    return replace(
        operation,
        expression=operation.expression.split(" * ")[0],
        formula=operation.formula.split(" ⊙ ")[0],
        fault=f"The slope of {setting.activation} is missing: this is still the gradient "
        "of the activation, not of the weighted sum.",
    )


def _activated_twice(operation: Operation, setting: Setting) -> Operation:
    back, slope = operation.expression.split(" * ", 1)
    left, notation = operation.formula.split(" ⊙ ", 1)
    symbol = symbol_of(setting.activation)
    return replace(
        operation,
        expression=f"{back} * " + re.sub(r"\b(a\d)\b", rf"{setting.activation}(\1)", slope),
        formula=f"{left} ⊙ " + re.sub(r"(a[₁-₉])", rf"{symbol}(\1)", notation),
        fault=f"The activation is put through {setting.activation} a second time before its slope "
        "is taken.",
    )


def _uphill(operation: Operation, setting: Setting) -> Operation:
    return replace(
        operation,
        expression=" + ".join(operation.expression.rsplit(" - ", 1)),
        formula=" + ".join(operation.formula.rsplit(" − ", 1)),
        fault="The sign is flipped: this step goes up the gradient, not down.",
    )


def _turned_round(operation: Operation, setting: Setting) -> Operation:
    inputs, units = setting.sizes[:2]
    first, second = operation.expression.split(" @ ")
    product = f"{second}.T @ {first.removesuffix('.T')}"
    left, notation = operation.formula.split(" = ")
    first, second = notation.split("·")
    formula = f"{left} = {second}ᵀ·{first.removesuffix('ᵀ')}"
    if inputs != units:
        product, formula = f"({product}).reshape({inputs}, {units})", f"{formula}, reshaped"
    return replace(
        operation,
        expression=product,
        formula=formula,
        fault="The wrong factor is transposed: the shape fits, but most numbers end up in "
        "the wrong place.",
    )


def _averaged(operation: Operation, setting: Setting) -> Operation:
    rows = 2 ** setting.sizes[0]
    left, right = operation.formula.split(" = ")
    return replace(
        operation,
        expression=f"({operation.expression}) / {rows}",
        formula=f"{left} = ({right})/{rows}",
        fault=f"Divided by the {rows} rows: from here on it is the gradient of the mean, not of L, "
        f"{rows} times too short, in the right direction.",
    )


def _left_out(operation: Operation, setting: Setting) -> Operation:
    left, _ = operation.formula.split(" = ")
    return replace(
        operation,
        expression=f"np.zeros_like({operation.target[1:]})",
        formula=f"{left} = 0",
        fault="The gradient is never computed, so the bias stays where it is.",
    )


def _updated_early(operations: Sequence[Operation], setting: Setting) -> Sequence[Operation]:
    """Moves the update of each later layer's weights to right after their gradient."""
    updates = {
        f"d{operation.target}": replace(
            operation,
            fault="This comes too early: the gradients of the layers below still need "
            f"{operation.target} as the forward pass used it.",
        )
        for operation in operations
        if operation.phase == "update" and re.fullmatch("W[2-9]", operation.target)
    }
    early = {f"d{operation.target}" for operation in updates.values()}
    moved = []
    # The learning rate of the step has to be there by then.
    rates = [operation for operation in operations if operation.target == "rate"]
    for operation in operations:
        if operation in rates:
            continue
        if operation.target in updates and rates:
            moved += rates
            rates = []
        if operation.phase != "update" or f"d{operation.target}" not in early:
            moved.append(operation)
        if operation.target in updates:
            moved.append(updates[operation.target])
    return moved


def _unchanged(operations: Sequence[Operation], setting: Setting) -> Sequence[Operation]:
    return operations


# -- what each needs -----------------------------------------------------------------------------


def _needs_curve(setting: Setting) -> str:
    if not ACTIVATIONS[setting.activation].has_kink:
        return ""
    name = setting.activation
    return f"with {name} it changes nothing, as {name}(z) is above 0 exactly where z is"


def _needs_sgd(setting: Setting) -> str:
    if setting.optimiser == "sgd":
        return ""
    return "it is made with plain SGD only"


def _needs_width(setting: Setting) -> str:
    return "" if setting.sizes[1] > 1 else "it needs at least 2 units in the first hidden layer"


def _needs_bias(setting: Setting) -> str:
    return "" if setting.bias else "it needs a network with biases"


_SLOPES = r"dz\d = da\d \* .*"
_OUTPUT_GRADIENT = r"(dyhat|dz\d) = (?!da\d).*"

MISTAKES: dict[str, Mistake] = {
    "no-derivative": Mistake(
        "the derivative of the activation is forgotten",
        "The gradient passes back through the hidden units as if they were linear, so some rows "
        "count too much, and the sum over the rows may have the wrong sign. The last layer's "
        "gradient is still right, so the loss may still fall, which hides the mistake.",
        _exchanged(_SLOPES, _without_slope),
    ),
    "double-activation": Mistake(
        "the derivative is taken at the activated value twice",
        "The slope is written with the output a, as a(1 − a) is for the sigmoid, but is given "
        "sigmoid(a) for a. It then varies less than it should.",
        _exchanged(_SLOPES, _activated_twice),
        obstacle=_needs_curve,
    ),
    "wrong-transpose": Mistake(
        "the wrong factor of a product is transposed",
        "X @ dz1 does not fit, so the factors were swapped until the shapes did. Weights of "
        "the first layer then learn with each other's gradients; only a few, such as the first and "
        "the last, keep their own.",
        _exchanged(r"[de]W1 = X\.T @ .*", _turned_round),
        obstacle=_needs_width,
    ),
    "mean-for-sum": Mistake(
        "mean and sum are mixed up",
        "What comes back is the gradient of the mean, N times too short for N rows. It acts as a "
        "smaller learning rate would, not as a wrong direction: the run learns, but more slowly.",
        _exchanged(_OUTPUT_GRADIENT, _averaged),
    ),
    "no-bias-gradient": Mistake(
        "the bias gradient is forgotten",
        "The biases never move. A network that has them in its code learns as if it had none.",
        _exchanged(r"db\d = .*", _left_out),
        obstacle=_needs_bias,
    ),
    "early-update": Mistake(
        "weights are updated before the layer below uses them",
        "The gradient goes back through weights that are not those of the forward pass. With a "
        "small learning rate they differ little, so training hardly shows it.",
        _updated_early,
        obstacle=_needs_sgd,
    ),
    "wrong-sign": Mistake(
        "the sign of the update is flipped",
        "Every step goes up the gradient instead of down, so the loss grows.",
        _exchanged(r"[Wb]\d = .*", _uphill),
        no_gradient_error="This is not a gradient error: every gradient is right, and then "
        "applied with the wrong sign, which only the loss shows.",
    ),
    EQUAL_START: Mistake(
        "all weights start equal",
        f"Every weight starts at {EQUAL_WEIGHT}. The hidden units of a layer are then the same, "
        "get the same gradient and stay the same: together they are one unit.",
        _unchanged,
        no_gradient_error="This is not a gradient error: every operation and every gradient is "
        "right; only the start is bad.",
    ),
}
