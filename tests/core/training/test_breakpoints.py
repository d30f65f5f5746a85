"""Breakpoints: a run pauses at the very step at which a plain loop would say that it is so."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.recipes import edits, recipes
from tests.core.slow_run import SlowRun
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.core.training import kernel as kernel_module
from xortui.core.training.breakpoints import (
    KINDS,
    LIMITS,
    Breakpoint,
    BreakpointError,
    first_hits,
)
from xortui.core.training.edit import Edit
from xortui.core.training.kernel import Chunk
from xortui.core.training.solved import FAR_OFF, GOAL
from xortui.core.training.timeline import MAX_PAUSES
from xortui.core.training.trainer import Trainer

SOLVED_AT = 2198  # of the reference run
STEPS = 60  # of the runs that are told slowly

limits = st.sampled_from([1e-6, 1e-4, 0.01, 0.1, 0.12, 0.125, 0.2, 0.5, 1.0, 3.0])
breakpoints = st.sampled_from([kind for kind in KINDS if kind not in LIMITS]).map(
    Breakpoint
) | st.builds(Breakpoint, st.sampled_from(sorted(LIMITS)), limits)


def paused(trainer: Trainer, *until: Breakpoint, at_most: int = REFERENCE_STEPS) -> int:
    """Run on until one of the breakpoints comes true; the step at which the run stands then."""
    last = trainer.step_number + at_most
    while not trainer.at_end and trainer.step_number < last:
        trainer.run_for(1.0, last - trainer.step_number, until)
        if trainer.hits:
            break
    return trainer.step_number


# -- the plain loop --------------------------------------------------------------------------------


def _right(values: Mapping[str, Array]) -> list[bool]:
    pairs = zip(values["yhat"][:, 0].tolist(), values["Y"][:, 0].tolist(), strict=True)
    return [
        (output > 0.5 if label else output < 0.5) and abs(output - label) <= FAR_OFF
        for output, label in pairs
    ]


def _flat(recipe: Recipe, values: Mapping[str, Array]) -> list[bool]:
    flat = []
    for layer in range(1, len(recipe.hidden) + 1):
        for a in values[f"a{layer}"].ravel().tolist():
            match recipe.activation:
                case "sigmoid":
                    flat.append(4 * a * (1 - a) < 0.01)
                case "tanh":
                    flat.append(1 - a * a < 0.01)
                case _:
                    flat.append(a <= 0)
    return flat


def _norm(network: Network, values: Mapping[str, Array]) -> float:
    return math.sqrt(
        sum(number**2 for name in network.shapes for number in values[f"d{name}"].ravel().tolist())
    )


@dataclass(frozen=True, eq=False)
class Update:
    """One update of a run: the recipe, the parameters, and all values before and after it."""

    recipe: Recipe
    network: Network
    parameters: tuple[Array, Array]
    values: tuple[Mapping[str, Array], Mapping[str, Array]]

    @property
    def rises(self) -> bool:
        before, now = self.values
        return bool(now["loss"] > before["loss"])


def updates(slow: SlowRun) -> Iterator[Update]:
    """The run's updates, one after the other; an edit comes before the update of its step."""
    for step in range(slow.last):
        network = Network(slow.recipes[step])
        first = network.evaluate(slow.parameters[step], kept=slow.kept[step], step=step)
        after = network.updated(first)
        values = first.values, network.evaluate(after, step=step + 1).values
        yield Update(slow.recipes[step], network, (slow.parameters[step], after), values)


def is_so(item: Breakpoint, update: Update, step: int, rose: bool) -> bool:
    """Whether a breakpoint comes true with the update from `step` to the next one."""
    recipe, network, (before, now) = update.recipe, update.network, update.values
    fell: dict[str, Any] = {
        "loss": lambda values: values["loss"] < (item.limit or 0),
        "solved": lambda values: values["loss"] < GOAL and all(_right(values)),
        "gradient": lambda values: _norm(network, values) < (item.limit or 0),
    }
    if item.kind in fell:
        return bool(fell[item.kind](now) and not fell[item.kind](before))
    match item.kind:
        case "flip":
            return _right(now) != _right(before)
        case "sign":
            pairs = zip(*(some.tolist() for some in update.parameters), strict=True)
            return any(one < 0 < other or other < 0 < one for one, other in pairs)
        case "rise":
            return update.rises and not rose
        case "saturates":
            pairs = zip(_flat(recipe, now), _flat(recipe, before), strict=True)
            return any(is_flat and not was_flat for is_flat, was_flat in pairs)
        case _:
            return step + 1 == REFERENCE_STEPS


def events(item: Breakpoint, slow: SlowRun) -> list[int]:
    """All steps at which a breakpoint comes true, by a plain loop over the steps."""
    found, rose = [], False
    for step, update in enumerate(updates(slow)):
        if is_so(item, update, step, rose):
            found.append(step + 1)
        rose = update.rises
    return found


small_recipes = recipes(
    most_bits=3, most_units=4, greatest_rate=2.0, with_frozen=False, with_mistakes=True
)


@pytest.mark.slow
@given(st.data(), small_recipes, breakpoints, st.sampled_from([2, 7, 200]))
@settings(max_examples=50)
def test_it_pauses_at_every_step_of_the_plain_loop_and_at_no_other(
    data: st.DataObject, recipe: Recipe, item: Breakpoint, rows: int
) -> None:
    """Whatever the chunks that the run is made of, and through edits."""
    edit = [(step, data.draw(edits(recipe))) for step in sorted(data.draw(_edit_steps))]
    slow = SlowRun(recipe, STEPS, edit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_module, "MAX_ROWS", rows)
        trainer = _with_edits(recipe, edit)
        found = []
        while trainer.step_number < slow.last:
            trainer.run_for(1.0, slow.last - trainer.step_number, (item,))
            found += [hit.step for hit in trainer.hits]
    assert found == events(item, slow)
    assert trainer.snapshot().pauses == tuple(found)


_edit_steps = st.lists(st.integers(1, STEPS - 2), max_size=2, unique=True)


def _with_edits(recipe: Recipe, made: list[tuple[int, Edit]]) -> Trainer:
    trainer = Trainer(recipe)
    for step, edit in made:
        trainer.seek(step)
        if trainer.at_end:
            break
        trainer.edit(edit)
    trainer.seek(0)
    return trainer


@pytest.mark.slow
@given(small_recipes, breakpoints, st.integers(0, STEPS))
@settings(max_examples=25)
def test_where_one_comes_from_makes_no_difference(
    recipe: Recipe, item: Breakpoint, start: int
) -> None:
    """A run that is rewound pauses at the same steps again, and trains the same bits."""
    plain, watched = Trainer(recipe), Trainer(recipe)
    plain.step(STEPS)
    expected = [step for step in events(item, SlowRun(recipe, STEPS, [])) if step > start]
    watched.seek(STEPS)
    watched.seek(start)
    found = []
    while watched.step_number < plain.step_number:
        watched.run_for(1.0, plain.step_number - watched.step_number, (item,))
        found += [hit.step for hit in watched.hits]
    assert found == expected
    assert watched.snapshot().parameters.tobytes() == plain.snapshot().parameters.tobytes()


# -- the reference run -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "step", "what"),
    [
        ("solved", SOLVED_AT, "solved: every row is right, and the loss is below 0.01"),
        ("loss<0.01", SOLVED_AT, "the loss fell below 0.01"),
        ("flip", 1, "row 00 is right now"),
        ("reference-end", 10_000, "10,000 steps are done, as many as the reference run has"),
    ],
)
def test_what_happened_is_said(text: str, step: int, what: str) -> None:
    trainer = Trainer(Recipe())
    assert paused(trainer, Breakpoint.parse(text)) == step
    assert [(hit.step, hit.what) for hit in trainer.hits] == [(step, what)]


def test_rows_weights_and_units_are_called_by_their_names() -> None:
    trainer, told = Trainer(Recipe()), []
    for kind in ("sign", "saturates"):
        trainer.seek(0)
        paused(trainer, Breakpoint(kind))
        told += [hit.what for hit in trainer.hits]
    assert told == ["W₂ h₁→ŷ changed its sign to −", "h₂ saturates for row 11"]


def test_of_many_that_come_true_at_once_two_are_named() -> None:
    trainer = Trainer(Recipe(problem="parity4", hidden=(4,), learning_rate=5.0))
    paused(trainer, Breakpoint("flip"), at_most=50)
    (hit,) = trainer.hits
    assert hit.what.count("row ") == 2
    assert hit.what.endswith(" more")


def test_the_run_goes_on_from_a_breakpoint_and_does_not_pause_there_again() -> None:
    trainer = Trainer(Recipe())
    until = Breakpoint("solved"), Breakpoint("loss", 0.01)
    assert paused(trainer, *until) == SOLVED_AT
    assert [str(hit.item) for hit in trainer.hits] == ["solved", "loss<0.01"]
    assert paused(trainer, *until) == SOLVED_AT + REFERENCE_STEPS
    assert trainer.hits == ()


def test_a_run_ends_at_divergence_before_what_it_is_to_pause_at() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    assert paused(trainer, Breakpoint("solved")) == trainer.diverged_at == 255
    assert trainer.hits == ()


def test_without_being_asked_for_nothing_pauses() -> None:
    trainer = Trainer(Recipe())
    trainer.breakpoints = (Breakpoint("flip"),)
    trainer.seek(300)
    assert trainer.step_number == 300
    assert trainer.snapshot().pauses == ()


def test_the_newest_pauses_are_kept_and_a_branch_has_those_before_it() -> None:
    trainer = Trainer(Recipe(hidden=(3,), activation="tanh", learning_rate=2.0))
    until = Breakpoint("sign"), Breakpoint("flip"), Breakpoint("rise")
    while len(trainer.snapshot().pauses) < MAX_PAUSES:
        paused(trainer, *until, at_most=50_000)
        assert trainer.hits
    first = trainer.snapshot().pauses[0]
    paused(trainer, *until)
    pauses = trainer.snapshot().pauses
    assert len(pauses) == MAX_PAUSES
    assert first not in pauses
    middle = pauses[30]
    trainer.seek(middle)
    trainer.edit(Edit("learning_rate", value=0.5))
    assert trainer.snapshot().pauses == pauses[:31]


# -- as text ---------------------------------------------------------------------------------------


@given(breakpoints | st.builds(Breakpoint, st.sampled_from(sorted(LIMITS)), st.floats(1e-300, 1e9)))
def test_what_is_written_reads_back(item: Breakpoint) -> None:
    assert Breakpoint.parse(str(item)) == item


@pytest.mark.parametrize("text", ["Loss < 1e-3", " loss<.001", "loss<0.001"])
def test_a_limit_is_typed_as_people_type_it(text: str) -> None:
    assert Breakpoint.parse(text) == Breakpoint("loss", 0.001)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "loss", "loss<", "loss<0", "loss<-1", "loss<nan", "loss<inf", "loss<1e999"),
        *("loss<٣", "loss>1", "flip<1", "solved<0.1", "gradient", "loss<1_0", "loss<" + "9" * 400),
    ],
)
def test_what_is_no_breakpoint_gets_one_sentence(text: str) -> None:
    with pytest.raises(BreakpointError) as error:
        Breakpoint.parse(text)
    assert len(str(error.value)) < 200
    assert "\n" not in str(error.value)


def test_every_kind_has_words_and_those_with_a_limit_say_it() -> None:
    for kind in KINDS:
        words = Breakpoint(kind, LIMITS.get(kind)).words
        assert "{" not in words
        assert (kind not in LIMITS) or f"{LIMITS[kind]:g}" in words


@pytest.mark.parametrize("kind", sorted(LIMITS))
def test_a_limit_is_needed_where_there_is_one_and_only_there(kind: str) -> None:
    for bad in (None, 0.0, -1.0, math.nan, math.inf):
        with pytest.raises(BreakpointError):
            Breakpoint(kind, bad)
    with pytest.raises(BreakpointError):
        replace(Breakpoint("flip"), limit=1.0)


# -- what is told is true --------------------------------------------------------------------------


def test_a_relu_that_goes_off_is_called_off_and_not_saturated() -> None:
    trainer = Trainer(Recipe(activation="relu", hidden=(4,), learning_rate=0.3, init="symmetric"))
    paused(trainer, Breakpoint("saturates"), at_most=2000)
    (hit,) = trainer.hits
    assert "is off for row" in hit.what
    assert "saturate" not in hit.what


def test_a_sign_that_changes_between_tiny_numbers_is_seen() -> None:
    network = Network(Recipe())
    parameters = np.full((2, network.size), 0.5)
    parameters[:, 0] = 1e-200, -1e-200
    outputs = np.zeros((2, 4))
    chunk = Chunk(7, parameters, outputs, np.array([0.2, 0.1]), np.empty((2, 0)))
    (hit,) = first_hits([Breakpoint("sign")], chunk, network)
    assert (hit.step, hit.what) == (8, "W₁ x₁→h₁ changed its sign to −")


def test_what_was_typed_is_told_in_whole_quotes() -> None:
    with pytest.raises(BreakpointError, match=r'cannot pause at "x+\.\.\.; allowed'):
        Breakpoint.parse("x" * 200)
    with pytest.raises(BreakpointError, match='cannot pause at "loss<0,01"; allowed'):
        Breakpoint.parse("loss<0,01")
