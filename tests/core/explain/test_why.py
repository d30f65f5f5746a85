"""Why this number: every link computes to the number shown, down to bits, labels and the start."""

from contextlib import suppress
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import edits, recipes
from tests.core.written import evaluated, half_a_unit
from tests.sample import examples
from xortui.core.explain.places import Place, arrays_of, parse_place, place_text, value_at
from xortui.core.explain.why import SnapshotAt, Why, chain, why
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.trainer import Trainer


def run_of(recipe: Recipe, step: int) -> tuple[Trainer, SnapshotAt]:
    trainer = Trainer(recipe)
    trainer.seek(step)
    return trainer, lru_cache(trainer.snapshot_at)


def ask(text: str, recipe: Recipe = Recipe(), step: int = 0) -> Why:  # noqa: B008
    trainer, at = run_of(recipe, step)
    return why(parse_place(trainer.snapshot(), text), at)


def assert_holds(link: Why, at: SnapshotAt) -> None:
    """The number is the snapshot's, what is written gives it, and the parts are numbers there."""
    shown = value_at(link.place, at(link.place.step))
    assert np.array_equal(link.value, shown, equal_nan=True)
    for place in link.places:
        value_at(place, at(place.step))
    if link.explanation is None:
        return
    assert np.array_equal(link.explanation.result, shown, equal_nan=True)
    if not np.isfinite(shown):
        return
    found = evaluated(link.explanation.calculation)
    rounding = 1e-14 * sum(abs(part.value) for part in link.parts) + 1e-320
    text = link.explanation.result_text
    assert abs(found - float(text)) <= half_a_unit(text) + rounding, link.explanation.text


@pytest.mark.slow
@examples(60)
@given(st.data())
def test_every_link_of_a_chain_computes_to_the_number_shown(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=4, greatest_rate=1.0, with_mistakes=True))
    trainer, at = run_of(recipe, data.draw(st.integers(0, 4)))
    snapshot = trainer.snapshot()
    arrays = arrays_of(snapshot)
    name = data.draw(st.sampled_from(sorted(arrays)))
    index = tuple(data.draw(st.integers(0, n - 1)) for n in arrays[name].shape)
    links = chain(Place(name, index, snapshot.step), at, most=60)
    for link in links:
        assert_holds(link, at)
    assert len({link.place for link in links}) == len(links)


@examples(20)
@given(st.data())
def test_whatever_was_edited_a_weight_is_followed_to_its_start(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=2, most_units=3, greatest_rate=1.0))
    trainer = Trainer(recipe)
    for _ in range(data.draw(st.integers(1, 4))):
        for _ in range(data.draw(st.integers(0, 2))):
            with suppress(EditError):
                trainer.edit(data.draw(edits(recipe)))
        trainer.step()
    at = lru_cache(trainer.snapshot_at)
    name = data.draw(st.sampled_from(trainer.snapshot().network.names))
    link = why(parse_place(trainer.snapshot(), name), at)
    while link.parts:
        assert_holds(link, at)
        earlier = [place for place in link.places if place.name[0] in "Wb"]
        assert all(place.step < link.place.step for place in earlier) or "+" in link.place.name
        link = why(earlier[0], at)
    assert "start" in link.words or "by hand" in link.words


def test_a_gradient_leads_down_to_bits_labels_and_start_weights() -> None:
    trainer, at = run_of(Recipe(), 0)
    links = chain(parse_place(trainer.snapshot(), "dW1[0,1]"), at)
    first = links[0]
    assert first.title == "∂L/∂W₁[x₁→h₂]"
    assert [place_text(place) for place in first.places[:2]] == ["X[0,0]", "dz1[0,1]"]
    assert first.number == 11
    ends = {link.place.name for link in links if not link.parts}
    assert ends == {"X", "Y", "W1", "W2"}
    weight = next(link for link in links if link.place.name == "W1")
    assert "drawn at random (uniform)" in weight.words
    assert "seed 0" in weight.words


def test_a_weight_was_made_by_the_step_before() -> None:
    link = ask("W1[0,1]", step=3)
    assert link.words.startswith("The update of step 2 made it.")
    assert [(place_text(place), place.step) for place in link.places] == [
        ("W1[0,1]", 2),
        ("learning_rate", 2),
        ("dW1[0,1]", 2),
    ]


def test_a_weight_updated_too_early_is_read_as_updated() -> None:
    names = {place_text(place) for place in ask("da1[0,0]", Recipe(mistake="early-update")).places}
    assert "W2+[0,0]" in names
    assert "W2[0,0]" not in names
    assert "W2[0,0]" in {place_text(place) for place in ask("da1[0,0]").places}


def test_what_was_set_by_hand_says_so() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(2)
    trainer.edit(Edit("weight", "W1[0,1]", -2.0))
    trainer.edit(Edit("label", 1))
    trainer.edit(Edit("learning_rate", value=0.5))
    at = trainer.snapshot_at
    here = trainer.snapshot()
    weight = why(parse_place(here, "W1[0,1]"), at)
    assert (weight.value, weight.parts) == (-2.0, ())
    assert weight.words == "Changed by hand at step 2: W₁ x₁→h₂ = -2."
    assert why(parse_place(here, "W1[0,0]"), at).words.startswith("The update of step 1")
    label = why(parse_place(here, "Y[1]"), at)
    assert label.words == "A label of the truth table. Changed by hand at step 2."
    assert "Changed" not in why(parse_place(here, "Y[2]"), at).words
    assert "Changed by hand at step 2" in why(parse_place(here, "learning_rate"), at).words


def test_noise_was_added_to_what_the_update_made() -> None:
    trainer = Trainer(Recipe())
    trainer.step()
    trainer.edit(Edit("noise", 0, 0.1))
    link = why(parse_place(trainer.snapshot(), "W1[0,0]"), trainer.snapshot_at)
    assert link.words.startswith("Noise was added at step 1")
    assert [(place_text(place), place.step) for place in link.places] == [("W1+[0,0]", 0)]
    assert link.parts[0].value == Trainer(Recipe()).snapshot().results[-2].value[0, 0]


@pytest.mark.parametrize(
    ("recipe", "name", "words"),
    [
        (Recipe(bias=True), "b1[0]", "every bias starts at 0"),
        (Recipe(init="zeros"), "W1[0,0]", "every weight starts at 0"),
        (Recipe(mistake="equal-start"), "W1[0,0]", "every weight starts at 0.5"),
        (Recipe(frozen=("W1[0,0]",)), "free_W1[0,0]", "0 where it is frozen"),
    ],
)
def test_every_start_says_what_it_is(recipe: Recipe, name: str, words: str) -> None:
    assert words in ask(name, recipe).words


def test_looking_back_leaves_the_run_where_it_stood() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(500)
    before = trainer.snapshot()
    earlier = trainer.snapshot_at(123)
    assert (earlier.step, trainer.step_number, trainer.last_step) == (123, 500, 500)
    fresh = Trainer(Recipe())
    fresh.seek(123)
    assert np.array_equal(earlier.parameters, fresh.snapshot().parameters)
    assert np.array_equal(before.parameters, trainer.snapshot().parameters)


def test_a_long_chain_is_cut_off() -> None:
    trainer, at = run_of(Recipe(hidden=(8, 8)), 0)
    assert len(chain(parse_place(trainer.snapshot(), "loss"), at, most=50)) == 50
