"""What the headless commands print: text, json, csv. Numbers read back to the same bits."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from xortui.core.analysis.gradcheck import (
    RIGHT,
    WRONG,
    DerivativeCheck,
    ParameterCheck,
    check_sigmoid,
    has_sigmoid,
    passed,
    summary,
)
from xortui.core.model.functions import Array
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.names import parameter_name
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.training.edit import Edit, apply_all
from xortui.core.training.held_out import test_losses
from xortui.core.training.kernel import Chunk
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer

Write = Callable[[str], object]


class Training:
    """Trains a run while giving the losses that are to be reported.

    `stopped` is asked between chunks, and `record`, where it is set, is given each.
    `last_forward` is the step of the last forward pass before an update, and its outputs [N].
    """

    def __init__(
        self,
        trainer: Trainer,
        steps: int,
        every: int,
        stopped: Callable[[], bool],
    ) -> None:
        self.trainer = trainer
        self.steps = steps
        self.every = every
        self.last_forward: tuple[int, Array] | None = None
        self.record: Callable[[Chunk], object] | None = None
        self._stopped = stopped

    @property
    def edits(self) -> tuple[tuple[int, Edit], ...]:
        """The edits (step, edit) that are made on the way."""
        return tuple(item for item in self.trainer.snapshot().edits if item[0] <= self.steps)

    def labels(self, step: int) -> tuple[int, ...]:
        """The labels in force at a step, [N]."""
        edits = [edit for at, edit in self.edits if at <= step and edit.kind == "label"]
        recipe, _ = apply_all(edits, self.trainer.recipe, np.zeros(0))
        return recipe.table.labels

    def losses(self) -> Iterator[tuple[int, float, float | None]]:
        """Train; (step, mean loss, test loss) at every `every`th step before the last.

        The test loss is None where no points are set aside.
        """
        network = Network(self.trainer.recipe)
        has_test = len(network.test_labels) > 0
        for chunk in self.trainer.run(self.steps):
            start = chunk.first + -chunk.first % self.every
            for step in range(start, chunk.last, self.every):
                at = step - chunk.first
                test = None
                if has_test:
                    test = float(test_losses(network, chunk.parameters[at : at + 1])[0])
                yield step, float(chunk.losses[at]), test
            self.last_forward = chunk.last - 1, chunk.outputs[-2].copy()
            if self.record is not None:
                self.record(chunk)
            if self._stopped():
                return


def train_text(training: Training, write: Write) -> Snapshot:
    """Train and print as the reference does; returns the end of the run."""
    trainer = training.trainer
    recipe = trainer.recipe
    table = recipe.table
    word = "parity" if table.name == "xor" or table.name.startswith("parity") else "label"
    edits = training.edits
    write(f"{in_words(recipe)}, {training.steps} steps\n\n")
    if edits:
        write("These settings are those of the start. Changed during the run:\n")
        for at, edit in edits:
            write(f"  step {at}: {edit.describe(recipe)}\n")
        write("\n")
    if table.is_points:
        write(f"{len(table.labels)} training points, {len(table.test_labels)} test points\n")
    else:
        for bits, label in zip(table.bits, table.labels, strict=True):
            write(f"bits {_row(bits)} --> {word} [{label}]\n")
    write("".join(f"\n{text}\n" for text in _sigmoid_texts(recipe)) or "\n")
    width = len(str(training.steps))
    for step, loss, test in training.losses():
        beside = "" if test is None else f"  test loss {test!r}"
        write(f"step {step:{width}}  loss {loss!r}{beside}\n")
    if training.last_forward is not None and not table.is_points:
        step, outputs = training.last_forward
        write(f"\nlast forward pass, step {step}:\n")
        for bits, output, label in zip(table.bits, outputs, training.labels(step), strict=True):
            digits = f"{output:11.8f}" if abs(output) < 1e6 else f"{output:.8e}"
            write(f"bits {_row(bits)} --> output {digits}  label {label}\n")
    end = trainer.snapshot()
    if edits:
        frozen = ", ".join(end.recipe.frozen)
        write(f"\nin force at the end: {in_words(end.recipe)}")
        write(f", frozen: {frozen}\n" if frozen else "\n")
    if table.is_points:
        write(f"\n{points_tally(end)}\n")
    write(f"\n{how_it_ended(end)}\n")
    return end


def train_json(training: Training, write: Write) -> Snapshot:
    """Train and print one JSON object, written as the run goes; returns the end of the run.

    `recipe` is the run's at step 0, `edits` are what changes it on the way, as [step, edit], and
    `final.recipe` is what is in force at the end.
    """
    trainer = training.trainer
    head = {
        "recipe": trainer.recipe.to_json(),
        "edits": [[step, edit.to_json()] for step, edit in training.edits],
        "steps": training.steps,
    }
    write(json.dumps(head, allow_nan=False)[:-1] + ', "losses": [')
    comma = ""
    for step, loss, test in training.losses():
        item = {"step": step, "loss": _json_number(loss)}
        item |= {} if test is None else {"test_loss": _json_number(test)}
        write(f"{comma}{json.dumps(item, allow_nan=False)}")
        comma = ", "
    end = trainer.snapshot()
    last = training.last_forward
    tail = {
        "last_forward": last and {"step": last[0], "outputs": json_numbers(last[1].reshape(-1, 1))},
        "final": {
            "step": end.step,
            "recipe": end.recipe.to_json(),
            "loss": _json_number(end.loss),
            "outputs": json_numbers(end.values["yhat"]),
            "weights": {name: json_numbers(end.values[name]) for name in end.network.shapes},
        },
        **({"test": _held_out_data(end)} if end.held_out is not None else {}),
        "solved": end.solved,
        "solved_at": end.solved_at,
        "diverged_at": end.diverged_at,
    }
    write("], " + json.dumps(tail, allow_nan=False)[1:] + "\n")
    return end


def train_csv(training: Training, write: Write) -> Snapshot:
    """Train and print step,loss; returns the end of the run."""
    has_test = bool(training.trainer.recipe.table.test_labels)
    write("step,loss,test_loss\n" if has_test else "step,loss\n")
    for step, loss, test in training.losses():
        write(f"{step},{loss!r}\n" if test is None else f"{step},{loss!r},{test!r}\n")
    return training.trainer.snapshot()


def points_tally(end: Snapshot) -> str:
    """How many points are right at a step, those trained on and those set aside, in one line."""
    right, held_out = int(end.right.sum()), end.held_out
    words = f"right: {right} of {len(end.right)} training points"
    if held_out is None:
        return words
    test = int(held_out.right.sum())
    return f"{words}; {test} of {len(held_out.right)} test points, test loss {held_out.loss!r}"


def _held_out_data(end: Snapshot) -> dict[str, Any] | None:
    """The points set aside, for JSON; null where there are none."""
    if end.held_out is None:
        return None
    held_out = end.held_out
    return {
        "loss": _json_number(held_out.loss),
        "right": int(held_out.right.sum()),
        "points": len(held_out.right),
        "outputs": json_numbers(held_out.outputs.reshape(-1, 1)),
    }


def check_text(snapshot: Snapshot, checks: Sequence[ParameterCheck]) -> str:
    """The gradient check as a table."""
    names = [parameter_name(snapshot.recipe, check.name) for check in checks]
    width = max(map(len, names))
    lines = [
        f"{in_words(snapshot.recipe)}, step {snapshot.step}",
        "",
        *_sigmoid_texts(snapshot.recipe),
        f"{'':{width}}  {'analytic ∂L/∂w':>15}  {'numerical':>15}  relative error",
    ]
    lines += [
        f"{name:{width}}  {check.analytic:+15.8e}  {check.numerical:+15.8e}  "
        f"{check.relative_error:14.1e}  {check.verdict}"
        for name, check in zip(names, checks, strict=True)
    ]
    verdict = f"gradients: {summary(checks)}"
    mistake = snapshot.recipe.mistake
    if mistake is not None and (words := MISTAKES[mistake].no_gradient_error):
        verdict += f"\n{words}"
    return "\n".join([*lines, "", verdict, ""])


def check_json(snapshot: Snapshot, checks: Sequence[ParameterCheck]) -> str:
    """The gradient check as one JSON object; `ok` is null where there is no verdict."""
    data = {
        "step": snapshot.step,
        "sigmoid": [
            {"at": check.at, "analytic": check.analytic, "numerical": check.numerical}
            for check in check_sigmoid()
            if has_sigmoid(snapshot.recipe)
        ],
        "parameters": [
            {
                "name": check.name,
                "ends": parameter_name(snapshot.recipe, check.name),
                "analytic": _json_number(check.analytic),
                "numerical": _json_number(check.numerical),
                "relative_error": _json_number(check.relative_error),
                "uncertainty": _json_number(check.uncertainty),
                "verdict": check.verdict,
                "ok": {RIGHT: True, WRONG: False}.get(check.verdict),
            }
            for check in checks
        ],
        "summary": summary(checks),
        "ok": passed(checks),
    }
    return json.dumps(data, allow_nan=False) + "\n"


def how_it_ended(end: Snapshot) -> str:
    """How a run stands, in one line: solved or not, or where it diverged."""
    if end.diverged_at is not None:
        what = end.broke.sentence if end.broke else f"at step {end.diverged_at}"
        return f"diverged: {what}; try a smaller learning rate"
    here = f"step {end.step}, loss {end.loss!r}"
    if end.solved:
        return f"solved: {here}; first solved at step {end.solved_at}"
    if end.solved_at is not None:
        return f"not solved: {here}; it was solved at step {end.solved_at}"
    return f"not solved: {here}"


def json_numbers(array: Array) -> Any:
    """An array as nested lists that JSON can hold: null where a number is not finite."""
    if np.isfinite(array).all():
        return array.tolist()
    return [json_numbers(part) if np.ndim(part) else _json_number(float(part)) for part in array]


def _json_number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _row(bits: Sequence[float]) -> str:
    return f"[{' '.join(map(str, bits))}]"


def _sigmoid_texts(recipe: Recipe) -> list[str]:
    """The check of the sigmoid's derivative, where the network has a sigmoid."""
    if not has_sigmoid(recipe):
        return []
    checks: Sequence[DerivativeCheck] = check_sigmoid()

    def row(values: Iterable[float]) -> str:
        return "  ".join(f"{value:.8f}" for value in values)

    word, places = ("at", "0 and 1") if recipe.is_points else ("bit", "the values of a bit")
    heads = "  ".join(f"{f'{word} {check.at:g}':10}" for check in checks).rstrip()
    return [
        f"derivative of the sigmoid, at {places}\n"
        f"             {heads}\n"
        f"  analytic   {row(check.analytic for check in checks)}\n"
        f"  numerical  {row(check.numerical for check in checks)}\n"
    ]
