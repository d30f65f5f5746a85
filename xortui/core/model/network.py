"""The network said once, readably: parameters, and the operations of one training step.

An operation *is* its NumPy expression: evaluating a step evaluates that very text, one operation
after the other, in a namespace of arrays. Screen, reports and tests all read this one list, so none
of them can show anything but what is computed.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xortui.core.model.batches import IN_BATCH, masks
from xortui.core.model.functions import Array, initialiser, namespace
from xortui.core.model.layout import ParameterLayout
from xortui.core.model.mistakes import EQUAL_START, EQUAL_WEIGHT, broken
from xortui.core.model.operation import BACKWARD, FORWARD, PHASES, UPDATE, Operation
from xortui.core.model.optimisers import COUNT, OPTIMISERS, Optimiser, UpdateLine
from xortui.core.model.recipe import Recipe
from xortui.core.model.schedules import CONSTANT, STEP
from xortui.core.model.step import operations_of, update_lines


@dataclass(frozen=True, eq=False)
class Result:
    """An operation carried out: what it read and what it made. Arrays are read-only.

    `recipe` is that of the network.
    """

    recipe: Recipe
    operation: Operation
    operands: Mapping[str, Array]
    value: Array


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One step carried out.

    `values` holds, by name, everything as it is *at* the step: parameters, inputs, activations,
    gradients. The parameters after the update are only in the results of the update operations.
    """

    results: tuple[Result, ...]
    values: Mapping[str, Array]


@dataclass(frozen=True)
class Network:
    """The network of a recipe: shapes, parameters and operations.

    All parameters live in one flat vector [P]; `layout` says where. What the optimiser keeps lives
    in another beside it [K]: for each of its letters a vector laid out as the parameters are, then
    the number of updates so far, if it counts them. At the start all of it is 0; plain SGD keeps
    nothing.
    """

    recipe: Recipe
    layout: ParameterLayout = field(init=False)
    operations: tuple[Operation, ...] = field(init=False)

    def __post_init__(self) -> None:
        recipe = self.recipe
        operations = broken(operations_of(recipe), recipe.mistake, recipe.setting)
        object.__setattr__(self, "layout", ParameterLayout(recipe.sizes, recipe.bias))
        object.__setattr__(self, "operations", operations)

    @property
    def is_broken(self) -> bool:
        """Whether its operations are not those of a right network: a mistake made on purpose."""
        return any(operation.fault for operation in self.operations)

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of every array of parameters, by its name."""
        return self.layout.shapes

    @cached_property
    def bits(self) -> Array:
        """The patterns, [N, D]."""
        return np.array(self.recipe.table.bits, dtype=np.float64)

    @cached_property
    def labels(self) -> Array:
        """The labels, [N, 1]."""
        return np.array(self.recipe.table.labels, dtype=np.float64).reshape(-1, 1)

    @cached_property
    def test_bits(self) -> Array:
        """The inputs of the points that are set aside, [T, D]."""
        return np.array(self.recipe.table.test_bits, dtype=np.float64)

    @cached_property
    def test_labels(self) -> Array:
        """The labels of the points that are set aside, [T, 1]."""
        return np.array(self.recipe.table.test_labels, dtype=np.float64).reshape(-1, 1)

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.layout.size

    @property
    def optimiser(self) -> Optimiser:
        """What makes the update."""
        return OPTIMISERS[self.recipe.optimiser]

    @property
    def kept_size(self) -> int:
        """How many numbers the optimiser keeps."""
        return len(self.optimiser.kept) * self.size + self.optimiser.counts

    def initial_kept(self) -> Array:
        """What the optimiser keeps at its start: zeros."""
        return np.zeros(self.kept_size)

    def kept_vectors(self, kept: Array) -> dict[str, Array]:
        """Views [..., P] into what is kept [..., K], one for each letter of the optimiser."""
        return {
            letter: kept[..., place * self.size : (place + 1) * self.size]
            for place, letter in enumerate(self.optimiser.kept)
        }

    def kept_views(self, kept: Array) -> dict[str, Array]:
        """Views into what is kept [K] by name: mW1, ..., vW1, ..., and the count, t."""
        views = {
            f"{letter}{name}": view
            for letter, vector in self.kept_vectors(kept).items()
            for name, view in self.views(vector).items()
        }
        return views | ({COUNT: kept[-1:].reshape(())} if self.optimiser.counts else {})

    @cached_property
    def numbers(self) -> Mapping[str, Array]:
        """The numbers that penalties and optimiser read, by the names they have for them."""
        recipe = self.recipe
        return {"learning_rate": np.array(recipe.learning_rate)} | {
            name: np.array(recipe.number(field))
            for name, field in {
                **self.optimiser.numbers,
                **{penalty.field: penalty.field for penalty in recipe.penalties},
            }.items()
        }

    @cached_property
    def update_lines(self) -> tuple[UpdateLine, ...]:
        """The lines of an update, in order."""
        return update_lines(self.recipe)

    @property
    def single_lines(self) -> list[UpdateLine]:
        """The lines that make single numbers, but for the count of updates."""
        return [line for line in self.update_lines if line.is_single and line.target != COUNT]

    def given_at(self, step: int | None) -> dict[str, Array]:
        """What the operations read that differs from step to step: batch, and k for η(k).

        None is for no step of the run: then all rows are in the batch, and k is 0.
        """
        return {name: np.array(array[0]) for name, array in self.given_over([step]).items()}

    def given_over(self, steps: Sequence[int | None]) -> dict[str, Array]:
        """As `given_at`, for each of these steps; there is an axis more, in front."""
        given: dict[str, Array] = {}
        if self.recipe.batch is not None:
            given[IN_BATCH] = np.ones((len(steps), *self.labels.shape))
            known = [at for at, step in enumerate(steps) if step is not None]
            given[IN_BATCH][known] = masks(self.recipe, [steps[at] or 0 for at in known])
        if self.recipe.schedule != CONSTANT:
            given[STEP] = np.array([step or 0 for step in steps], dtype=np.float64)
        return given

    def initial_parameters(self) -> Array:
        """The flat parameter vector at step 0.

        Weights come from NumPy's legacy generator, layer by layer; biases start at 0.
        """
        vector: Array = self.draw([self.recipe.seed])[:, 0].copy()
        return vector

    def draw(self, seeds: Iterable[int]) -> Array:
        """The parameter vectors [P, seeds] at step 0 for each of these seeds.

        Seeding one generator anew gives the numbers of a new one in a fiftieth of the time.
        """
        random, seeds = np.random.RandomState(0), list(seeds)
        draw = initialiser(self.recipe.init)
        vectors = np.zeros((len(seeds), self.size))
        weights = [view for name, view in self.views(vectors).items() if name.startswith("W")]
        shapes = [view.shape[1:] for view in weights]
        for place, seed in enumerate(seeds):
            random.seed(seed)
            for view, shape in zip(weights, shapes, strict=True):
                view[place] = draw(random, *shape)
        if self.recipe.mistake == EQUAL_START:
            for view in weights:
                view[...] = EQUAL_WEIGHT
        return vectors.T

    @cached_property
    def free(self) -> Array:
        """For each parameter 1, or 0 where it is frozen."""
        free = np.ones(self.size)
        free[[self.places[name] for name in self.recipe.frozen]] = 0
        return free

    @cached_property
    def names(self) -> list[str]:
        """The name of each number of the flat vector: W1[0,0], W1[0,1], ..., b1[0], ..."""
        return list(self.places)

    @property
    def places(self) -> Mapping[str, int]:
        """Where in the flat vector each number is, by its name."""
        return self.layout.places

    def views(self, parameters: Array) -> dict[str, Array]:
        """Views into the flat vector by name. Writing to a view writes to the vector."""
        return self.layout.split(parameters)

    def evaluate(
        self,
        parameters: Array,
        phases: Container[str] = PHASES,
        bits: Array | None = None,
        kept: Array | None = None,
        step: int | None = None,
    ) -> Evaluation:
        """Carry out the operations of the step that starts at these parameters.

        `kept` [K] is what the optimiser keeps, zeros if it is left out. `phases` leaves out what is
        not wanted. `bits` [M, D] replaces the truth table's patterns, which makes sense for the
        forward pass only: the labels stay. `step` says which batch it is, and what η(k) is; without
        it all rows are in the batch, and k is 0.
        """
        at_step = {name: view.copy() for name, view in self.views(parameters).items()}
        at_step["X"] = self.bits if bits is None else bits.copy()
        at_step["Y"] = self.labels
        at_step |= {name: number.copy() for name, number in self.numbers.items()}
        at_step |= self.given_at(step)
        kept = self.initial_kept() if kept is None else kept.copy()
        at_step |= self.kept_views(kept)
        at_step |= {f"free_{name}": mask for name, mask in self.views(self.free).items()}
        for value in at_step.values():
            value.flags.writeable = False
        names = namespace()
        now, results = dict(at_step), []
        with np.errstate(all="ignore"):
            for operation in self.operations:
                if operation.phase not in phases:
                    continue
                value = np.asarray(eval(operation.code, names, now))
                value.flags.writeable = False
                operands = {name: now[name] for name in operation.operands}
                results.append(Result(self.recipe, operation, operands, value))
                now[operation.target] = value
                at_step.setdefault(operation.target, value)
        return Evaluation(tuple(results), at_step)

    @cached_property
    def gradient_phases(self) -> tuple[str, ...]:
        """The phases that the gradients are made in: with the update, where it comes too early."""
        phases = [operation.phase for operation in self.operations]
        last = max(at for at, phase in enumerate(phases) if phase == BACKWARD)
        early = (UPDATE,) if UPDATE in phases[:last] else ()
        return (FORWARD, BACKWARD, *early)

    def updated(self, evaluation: Evaluation) -> Array:
        """The flat parameter vector after the update of an evaluated step."""
        return self.layout.joined(_after(evaluation))

    def updated_kept(self, evaluation: Evaluation) -> Array:
        """What the optimiser keeps after the update of an evaluated step."""
        after, kept = _after(evaluation), self.initial_kept()
        for name, view in self.kept_views(kept).items():
            view[...] = after[name]
        return kept


def _after(evaluation: Evaluation) -> dict[str, Array]:
    return {result.operation.target: result.value for result in evaluation.results}
