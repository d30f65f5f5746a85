"""The operations of one training step, in order: forward pass, loss, backward pass, update.

An operation *is* its NumPy expression, and what is particular to an activation or a loss comes from
its entry in `tables.py`, what is particular to an optimiser from `optimisers.py`.
"""

from collections.abc import Iterable

from xortui.core.model.layout import ParameterLayout
from xortui.core.model.names import SUBSCRIPTS, notation
from xortui.core.model.operation import BACKWARD, FORWARD, LOSS, UPDATE, Operation
from xortui.core.model.optimisers import OPTIMISERS, UpdateLine
from xortui.core.model.penalties import gradient_line
from xortui.core.model.recipe import Recipe
from xortui.core.model.schedules import rate_line, with_rate
from xortui.core.model.tables import ACTIVATIONS, LOSSES, symbol_of


def output_delta(recipe: Recipe) -> str:
    """The name of the loss's derivative with which the backward pass begins."""
    return "dyhat" if recipe.output == "linear" else f"dz{len(recipe.hidden) + 1}"


def operations_of(recipe: Recipe) -> Iterable[Operation]:
    """The operations of one step, in order; no mistake is made in them."""
    yield from _forward(recipe)
    yield from _loss(recipe)
    yield from _backward(recipe)
    yield from _update(recipe)


def _activations(recipe: Recipe) -> list[str]:
    """What each layer of weights reads: X, a1, a2, ..."""
    return ["X", *(f"a{layer}" for layer in range(1, len(recipe.hidden) + 1))]


def _forward(recipe: Recipe) -> Iterable[Operation]:
    last = len(recipe.hidden) + 1
    for layer, source in enumerate(_activations(recipe), start=1):
        plus = f" + b{layer}" if recipe.bias else ""
        target = "yhat" if layer == last and recipe.output == "linear" else f"z{layer}"
        unit = "the output" if layer == last else "each hidden unit"
        each = "input" if layer == 1 else "activation of the layer before"
        bias_words = ", plus its bias" if recipe.bias else ""
        yield Operation(
            target,
            f"{source} @ W{layer}{plus}",
            f"{notation(target)} = {notation(source)}·W{layer}{plus}".translate(SUBSCRIPTS),
            f"The weighted sum of {unit}: each {each} times its weight{bias_words}.",
            FORWARD,
        )
        if layer < last:
            yield Operation(
                f"a{layer}",
                f"{recipe.activation}(z{layer})",
                f"a{layer} = {symbol_of(recipe.activation)}(z{layer})".translate(SUBSCRIPTS),
                "The activation: the weighted sum bent by "
                f"{recipe.activation}, which lets layers do more than one line can.",
                FORWARD,
            )
        elif target != "yhat":
            yield Operation(
                "yhat",
                f"{recipe.output}(z{layer})",
                f"ŷ = {symbol_of(recipe.output)}(z{layer})".translate(SUBSCRIPTS),
                "The output as a probability between 0 and 1.",
                FORWARD,
            )


def _loss(recipe: Recipe) -> Iterable[Operation]:
    loss, z = LOSSES[recipe.loss], f"z{len(recipe.hidden) + 1}"
    rows = len(recipe.table.labels)
    yield Operation(
        "losses",
        loss.expression.format(z=z),
        f"ℓ = {loss.notation}",
        f"The loss of every row: {loss.words.format(z=notation(z))}.",
        LOSS,
    )
    total, is_part = "E" if recipe.penalties else "L", recipe.batch is not None
    descends = "What gradient descent descends"
    below = "Every ∂L/∂… below is of this L."
    words = "The error" if recipe.penalties else descends
    yield Operation(
        total,
        "(losses * in_batch).sum()" if is_part else "losses.sum()",
        f"{total} = Σ batch⊙ℓ" if is_part else f"{total} = Σℓ",
        f"{words}: the sum over the rows{' in the batch' if is_part else ''}."
        + ("" if recipe.penalties else f" {below}"),
        LOSS,
    )
    if recipe.penalties:
        arrays = list(ParameterLayout(recipe.sizes, recipe.bias).shapes)
        for penalty in recipe.penalties:
            yield Operation(
                penalty.target,
                penalty.expression(arrays),
                f"{notation(penalty.target)} = {penalty.formula([*map(notation, arrays)])}",
                penalty.words,
                LOSS,
            )
        parts = ["E", *(penalty.target for penalty in recipe.penalties)]
        yield Operation(
            "L",
            " + ".join(parts),
            f"L = {' + '.join(map(notation, parts))}",
            f"{descends}: the error and what large parameters cost. {below}",
            LOSS,
        )
    yield Operation(
        "loss",
        f"losses.sum() / {rows}" if is_part else f"{total} / {rows}",
        f"loss = Σℓ/{rows}" if is_part else f"loss = {total}/{rows}",
        f"The loss that is shown: the mean over {'all' if is_part else 'the'} {rows} rows. "
        "Nothing below is computed from it.",
        LOSS,
    )


def _backward(recipe: Recipe) -> Iterable[Operation]:
    last, loss, delta = len(recipe.hidden) + 1, LOSSES[recipe.loss], output_delta(recipe)
    yield Operation(
        delta,
        loss.delta if recipe.batch is None else f"({loss.delta}) * in_batch",
        f"{notation(delta)} = {_delta_notation(recipe)}",
        _delta_words(recipe),
        BACKWARD,
    )
    sources = _activations(recipe)
    for layer in range(last, 0, -1):
        source, of = sources[layer - 1], "e" if recipe.penalties else "d"
        yield Operation(
            f"{of}W{layer}",
            f"{source}.T @ {delta}",
            f"{notation(f'{of}W{layer}')} = {notation(source)}ᵀ·{notation(delta)}",
            f"Chain rule: what the weight multiplied ({notation(source)}) times what comes back "
            f"({notation(delta)}), summed over the rows.",
            BACKWARD,
        )
        if recipe.penalties:
            yield _with_penalties(recipe, f"W{layer}")
        if recipe.bias:
            yield Operation(
                f"{of}b{layer}",
                f"{delta}.sum(axis=0)",
                f"{notation(f'{of}b{layer}')} = Σ {notation(delta)}",
                "A bias multiplies 1, so its gradient is what comes back, summed over the rows.",
                BACKWARD,
            )
            if recipe.penalties:
                yield _with_penalties(recipe, f"b{layer}")
        if layer == 1:
            return
        da, a, dz = f"da{layer - 1}", f"a{layer - 1}", f"dz{layer - 1}"
        yield Operation(
            da,
            f"{delta} @ W{layer}.T",
            f"{notation(da)} = {notation(delta)}·{notation(f'W{layer}')}ᵀ",
            f"Chain rule: what comes back ({notation(delta)}) times the weight it came through "
            f"({notation(f'W{layer}')}).",
            BACKWARD,
        )
        activation = ACTIVATIONS[recipe.activation]
        yield Operation(
            dz,
            f"{da} * {activation.derivative.format(a=a)}",
            f"{notation(dz)} = {notation(da)} ⊙ {activation.notation.format(a=notation(a))}",
            f"Chain rule: what comes back ({notation(da)}) times the slope of {recipe.activation} "
            f"at {notation(f'z{layer - 1}')}, {activation.words.format(a=notation(a))}.",
            BACKWARD,
        )
        delta = dz


def _delta_notation(recipe: Recipe) -> str:
    text = LOSSES[recipe.loss].delta_notation
    return text if recipe.batch is None else f"({text}) ⊙ batch"


def _delta_words(recipe: Recipe) -> str:
    words = LOSSES[recipe.loss].delta_words
    if recipe.penalties:
        words = words.replace("L is", "E is")
    if recipe.batch is None:
        return words
    words = words.replace("the sum of all ℓ", "the sum of the ℓ in the batch")
    return f"{words} Rows that are not in the batch count 0."


def _with_penalties(recipe: Recipe, array: str) -> Operation:
    line = gradient_line(recipe.penalties)
    target, expression, formula = line.of(array, notation(array), has_frozen=True)
    return Operation(target, expression, formula, line.why, BACKWARD)


def update_lines(recipe: Recipe) -> tuple[UpdateLine, ...]:
    """The lines of an update in order: the optimiser's, and before them what makes η(k)."""
    lines, rate = OPTIMISERS[recipe.optimiser].lines, rate_line(recipe.schedule)
    return lines if rate is None else (rate, *map(with_rate, lines))


def _update(recipe: Recipe) -> Iterable[Operation]:
    optimiser, lines = OPTIMISERS[recipe.optimiser], update_lines(recipe)
    for line in (line for line in lines if line.is_single):
        yield Operation(line.target, line.expression, line.formula, line.why, UPDATE)
    for name in ParameterLayout(recipe.sizes, recipe.bias).shapes:
        has_frozen = any(frozen.startswith(f"{name}[") for frozen in recipe.frozen)
        for line in (line for line in lines if not line.is_single):
            target, expression, formula = line.of(name, notation(name), has_frozen)
            is_cited = target == name and optimiser.kept
            why = f"{line.why} {optimiser.definition}" if is_cited else line.why
            yield Operation(target, expression, formula, why, UPDATE)
