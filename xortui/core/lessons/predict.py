"""Predict first: a question about what the next operation or step will make, and its answer."""

from dataclasses import dataclass

import numpy as np

from xortui.core.explain.cell import explain_cell
from xortui.core.model.functions import Array
from xortui.core.model.names import cell_name, notation, row_name
from xortui.core.model.network import Evaluation, Result
from xortui.core.model.operation import FORWARD, LOSS, UPDATE
from xortui.core.training.snapshot import Snapshot

SIGNS = ("+", "-", "0")


@dataclass(frozen=True)
class Prediction:
    """A question, the answers that can be given, and the right ones among them.

    `after` is what is said once it is known: the sum, or the numbers.
    """

    ask: str
    allowed: tuple[str, ...]
    right: tuple[str, ...]
    after: str

    def understand(self, text: str) -> str:
        """The answer that was typed. Raises ValueError with one sentence."""
        answer = text.strip().replace("−", "-")
        if answer not in self.allowed:
            raise ValueError(f"Answer with one of {', '.join(self.allowed[:8])}.")
        return answer


def before_operation(snapshot: Snapshot, index: int) -> Prediction:
    """About the operation number `index`, from 0, of the snapshot's step.

    Which of its numbers is asked for goes round with the step, so that it is not always the first.
    """
    result = snapshot.results[index]
    target, value = result.operation.target, result.value
    if target == "losses" and not snapshot.recipe.is_points:
        rows = _bits(snapshot)
        worst = float(value.max())
        right = tuple(bits for bits, loss in zip(rows, value[:, 0], strict=True) if loss == worst)
        return Prediction("Which row has the greatest loss?", rows, right, _numbers(rows, value))
    place = _place(value.shape, snapshot.step)
    called = f"{notation(target)}{_in_brackets(result, place)}"
    after = explain_cell(result, place).text
    if result.operation.phase == UPDATE and target in result.operands:  # it had a value before
        change = float(value[place] - result.operands[target][place])
        return Prediction(f"Does {called} rise (+) or fall (-)?", SIGNS, (_sign(change),), after)
    if target.startswith("a") and result.operation.phase == FORWARD:
        answer = "y" if float(value[place]) > 0.5 else "n"
        return Prediction(f"Is {called} above 0.5?", ("y", "n"), (answer,), after)
    ask = f"What is the sign of {called}?"
    return Prediction(ask, SIGNS, (_sign(float(value[place])),), after)


def before_step(snapshot: Snapshot) -> Prediction:
    """About the next step: which row comes closest to its label, compared with now.

    There are too many points to choose one; of them it is asked whether the loss falls.
    """
    network = snapshot.network
    parameters = network.updated(Evaluation(snapshot.results, snapshot.values))
    if snapshot.recipe.is_points:
        loss = float(network.evaluate(parameters, (FORWARD, LOSS)).values["loss"])
        answer = "y" if loss < snapshot.loss else "n"
        told = f"The loss goes from {snapshot.loss:.4g} to {loss:.4g}"
        return Prediction("Does the loss fall with the next step?", ("y", "n"), (answer,), told)
    after = network.evaluate(parameters, (FORWARD,)).values["yhat"][:, 0]
    labels, rows = snapshot.labels, _bits(snapshot)
    with np.errstate(all="ignore"):
        gained = np.abs(snapshot.outputs - labels) - np.abs(after - labels)
    best = float(np.nanmax(gained)) if np.isfinite(gained).any() else np.nan
    right = tuple(bits for bits, gain in zip(rows, gained, strict=True) if gain == best)
    ask = "Which row improves most with the next step?"
    return Prediction(ask, rows, right or rows, f"Error less by: {_numbers(rows, gained)}")


def _bits(snapshot: Snapshot) -> tuple[str, ...]:
    count = len(snapshot.labels)
    return tuple(row_name(snapshot.recipe, row).removeprefix("row ") for row in range(count))


def _numbers(rows: tuple[str, ...], values: Array) -> str:
    shown = list(zip(rows, np.ravel(values), strict=True))[:8]
    return ", ".join(f"{bits} {value:+.4g}" for bits, value in shown)


def _place(shape: tuple[int, ...], step: int) -> tuple[int, ...]:
    if not shape:
        return ()
    flat = step % int(np.prod(shape))
    return tuple(int(at) for at in np.unravel_index(flat, shape))


def _in_brackets(result: Result, place: tuple[int, ...]) -> str:
    called = cell_name(result.recipe, result.operation.target, place)
    return f"[{called}]" if called else ""


def _sign(value: float) -> str:
    return "+" if value > 0 else "-" if value < 0 else "0"
