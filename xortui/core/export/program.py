"""The pieces of an exported program, as lines of Python: what scripts and notebooks are made of.

The lines of a step are `Network(recipe).operations`, word for word, so that no exported program can
compute anything but what the network does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xortui.core.export.lines import WIDTH, Lines, comment, spaced
from xortui.core.export.table import is_long
from xortui.core.export.templates import (
    COMMENTS,
    LOSS_OF_BATCH,
    NUMPY,
    OVERFLOW,
    TORCH,
    Library,
    definition,
)
from xortui.core.model.batches import IN_BATCH, batches_in_epoch
from xortui.core.model.mistakes import EQUAL_START, EQUAL_WEIGHT
from xortui.core.model.names import parameter_name
from xortui.core.model.network import Network
from xortui.core.model.operation import LOSS, UPDATE, Operation
from xortui.core.model.optimisers import COUNT
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.core.model.schedules import CONSTANT, RATE
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES
from xortui.core.text.ascii import to_ascii
from xortui.core.training.edit import Edit, EditError

Edits = Sequence[tuple[int, Edit]]


@dataclass(frozen=True)
class Program:
    """A recipe with edits (step, edit) and a number of steps, ready to be written as lines.

    Edits past the last step are left out. Raises ValueError for a negative number of steps and
    EditError for an edit that the run cannot take.
    """

    recipe: Recipe
    edits: tuple[tuple[int, Edit], ...] = ()
    steps: int = REFERENCE_STEPS
    library: Library = NUMPY

    def __post_init__(self) -> None:
        if self.steps < 0:
            raise ValueError(f"a run cannot have {self.steps} steps")
        kept = sorted((item for item in self.edits if item[0] <= self.steps), key=lambda at: at[0])
        object.__setattr__(self, "edits", tuple(kept))
        recipe, parameters = self.recipe, Network(self.recipe).initial_parameters()
        for _, edit in kept:
            if edit.kind == "optimiser":
                raise EditError(
                    "a script has the same operations from start to end, so an optimiser chosen in "
                    "the middle of a run cannot be exported; start with it, by --optimiser"
                )
            if edit.kind in ("batch", "shuffle", "schedule"):
                raise EditError(
                    "a script has the same batches and the same schedule from start to end, so a "
                    f"change of them cannot be exported: {edit.describe()}; start with it"
                )
            if edit.kind == "mistake":
                raise EditError(
                    "a script has the same operations from start to end, so a mistake made or "
                    "undone in the middle of a run cannot be exported; start with it, by --break"
                )
            before = _lines(recipe)
            recipe, parameters = edit.apply(recipe, parameters)
            if _lines(recipe) != before:
                raise EditError(
                    "a script has the same operations from start to end, so what adds one in the "
                    f"middle of a run cannot be exported: {edit.describe()}; start with it"
                )

    @cached_property
    def network(self) -> Network:
        """The network whose operations the program consists of.

        It masks the gradient of every matrix in which something is frozen at any time.
        """
        changed = [str(edit.where) for _, edit in self.edits if edit.kind in ("freeze", "free")]
        frozen = dict.fromkeys([*self.recipe.frozen, *changed])
        return Network(replace(self.recipe, frozen=tuple(frozen)))

    @cached_property
    def masked(self) -> Lines:
        """The parameters that have a mask, free_W1 for W1."""
        read = {name for item in self.network.operations for name in item.operands}
        return [name for name in self.network.shapes if f"free_{name}" in read]

    @property
    def functions(self) -> Lines:
        """The activation functions that the operations call."""
        called = {name for item in self.network.operations for name in item.code.co_names}
        return [name for name in ACTIVATIONS if name in called]

    def function_lines(self) -> Lines:
        """The definitions of `functions`, for the lines after the imports."""
        lines: Lines = []
        overflows = False
        for name in self.functions:
            entry = ACTIVATIONS[name]
            if self.library is TORCH and entry.torch:
                continue  # PyTorch has it
            lines += ["", "", *definition(name, self.library)]
            overflows |= "np.exp(-x)" in lines[-1]
        return [*lines, "", "", OVERFLOW] if overflows else [*lines, ""]

    @property
    def command(self) -> str | None:
        """The command line of the same run; None where there is none, or none short enough."""
        words = ["xortui", "train", *self.recipe.to_arguments(), "--steps", str(self.steps)]
        command = " ".join(words)
        has_one = not (self.edits or self.recipe.frozen or self.recipe.flipped)
        data = self.recipe.data
        has_one &= data is None or data.path == data.name
        return command if has_one and len(command) <= WIDTH else None

    @property
    def imports(self) -> Lines:
        """The import lines, sorted."""
        lines = ["import numpy as np"]
        if self.library is TORCH:
            lines += ["import torch"]
            known = sorted(name for name in self.functions if ACTIVATIONS[name].torch)
            if known:
                lines += [f"from torch import {', '.join(map(_imported, known))}"]
            if line := LOSSES[self.recipe.loss].torch_import:
                lines += [line]
        return ["from itertools import product", "", *lines] if is_long(self.recipe) else lines

    def start(self) -> Lines:
        """The parameters at step 0, and the masks of those that are frozen at some time."""
        lines = []
        initialiser = INITIALISERS[self.recipe.init]
        if self.recipe.mistake == EQUAL_START:
            lines += comment("A mistake, on purpose. All weights start equal.")
            initialiser = (f"np.full(({{i}}, {{o}}), {EQUAL_WEIGHT})",)
        if "random." in initialiser[-1]:
            lines.append(f"random = np.random.RandomState({self.recipe.seed})")
        for name, shape in self.network.shapes.items():
            *before, drawn = initialiser if name.startswith("W") else ("np.zeros({i})",)
            inputs, outputs = shape[0], shape[-1]
            lines += [line.format(i=inputs, o=outputs) for line in before]
            value = self.library.parameter.format(drawn.format(i=inputs, o=outputs))
            lines.append(f"{name} = {value}")
        for name in self.masked:
            ones = self.library.constant.format(f"np.ones({self.network.shapes[name]})")
            lines.append(f"free_{name} = {ones}  # 0 where frozen")
        return lines + [
            f"free_{spaced(name)} = 0  # {self.called(name)}" for name in self.recipe.frozen
        ]

    def penalty_numbers(self) -> Lines:
        """The numbers that penalties and the schedule read."""
        fields = [penalty.field for penalty in self.recipe.penalties]
        fields += ["learning_rate"] if self.recipe.schedule != CONSTANT else []
        return [f"{field} = {self.recipe.number(field)!r}" for field in fields]

    def numbers(self) -> Lines:
        """The numbers that the optimiser reads, and what it keeps, which is 0 at the start."""
        network, optimiser = self.network, self.network.optimiser
        lines = [f"{name} = {float(value)!r}" for name, value in network.numbers.items()]
        if optimiser.kept:
            lines += ["", f"# what {self.recipe.optimiser} keeps"]
            lines += [f"{COUNT} = 0"] * optimiser.counts
            lines += [
                f"{letter}{name} = np.zeros({shape})"
                for letter in optimiser.kept
                for name, shape in network.shapes.items()
            ]
        return lines

    @property
    def decays_by_torch(self) -> bool:
        """Whether PyTorch's own weight decay stands for the L2 penalty.

        It cannot where the update goes up: then PyTorch would go up the losses alone.
        """
        has_penalty = any(penalty.field == "weight_decay" for penalty in self.recipe.penalties)
        return has_penalty and self.recipe.mistake != "wrong-sign"

    def called(self, name: str) -> str:
        """A parameter by its ends, in plain letters: x2->h1."""
        return to_ascii(parameter_name(self.recipe, name).partition(" ")[2])

    def operations(self, *phases: str) -> Lines:
        """The operations of these phases under a comment each, with the shapes of their results."""
        lines: Lines = []
        before, has_points = None, self.recipe.is_points
        for operation in self.network.operations:
            if operation.phase not in phases:
                continue
            if operation.phase != before:
                has_parts = operation.phase == LOSS and self.recipe.batch is not None
                words = LOSS_OF_BATCH if has_parts else COMMENTS[operation.phase]
                words = words.replace("the bits", "the inputs") if has_points else words
                lines += [""] * bool(lines) + [words]
            before = operation.phase
            if operation.fault:
                lines += comment(f"A mistake, on purpose. {operation.fault}")
            line = f"{operation.target} = {self.expression(operation)}"
            shape = self._result_shapes[operation.target]
            has_shape = shape and operation.phase != UPDATE
            lines.append(f"{line}  # {list(shape)}" if has_shape else line)
        return lines

    @cached_property
    def _result_shapes(self) -> dict[str, tuple[int, ...]]:
        network = self.network
        results = network.evaluate(network.initial_parameters()).results
        return {result.operation.target: result.value.shape for result in results}

    def expression(self, operation: Operation) -> str:
        """What an operation computes, as the library has it."""
        if self.library is TORCH and operation.target == "L" and self.decays_by_torch:
            # The derivative of the L2 penalty is the optimiser's own to add.
            return operation.expression.replace("R2", "R2.detach()")
        text = LOSSES[self.recipe.loss].torch
        if self.library is TORCH and operation.target == "losses" and text:
            return text.format(z=f"z{len(self.recipe.hidden) + 1}")
        if operation.target == RATE:  # a number, for NumPy and PyTorch alike
            return operation.expression
        return self.library.text(operation.expression)

    def batch_lines(self) -> Lines:
        """What chooses the rows of the step's batch; nothing where every step takes all."""
        recipe = self.recipe
        if recipe.batch is None:
            return []
        rows, size = len(recipe.table.labels), recipe.batch
        order = f"np.arange({rows})"
        if recipe.shuffle:
            order = f"np.random.RandomState([{recipe.seed}, epoch % 2**32]).permutation({rows})"
        mask = f"np.isin(np.arange({rows}), batch).astype(float)[:, None]"
        return [
            "# the rows in the batch",
            f"epoch, place = divmod(step, {batches_in_epoch(recipe)})",
            f"batch = {order}[place * {size} : (place + 1) * {size}]",
            f"{IN_BATCH} = {self.library.constant.format(mask)}",
            "",
        ]

    @property
    def for_line(self) -> str:
        """The head of the loop. At its last turn nothing is updated any more."""
        return f"for step in range({self.steps + 1}):"


def _lines(recipe: Recipe) -> list[tuple[str, str]]:
    """The lines of a step, whatever is frozen."""
    network = Network(replace(recipe, frozen=(), mistake=None))
    return [(item.target, item.expression) for item in network.operations]


def _imported(activation: str) -> str:
    """How an activation is imported from PyTorch."""
    name = ACTIVATIONS[activation].torch
    return name if name == activation else f"{name} as {activation}"
