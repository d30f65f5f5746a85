"""Names of single numbers, of the code or as a person writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.sample import examples
from xortui.core.explain.places import (
    Place,
    PlaceError,
    arrays_of,
    parse_place,
    place_text,
    value_at,
)
from xortui.core.model.names import cell_name, notation
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer


def snapshot_of(recipe: Recipe, step: int = 0) -> Snapshot:
    trainer = Trainer(recipe)
    trainer.seek(step)
    return trainer.snapshot()


@pytest.mark.parametrize(
    ("text", "name", "index"),
    [
        ("dW1[0,1]", "dW1", (0, 1)),
        (" dW1[ 0 , 1 ] ", "dW1", (0, 1)),
        ("∂L/∂W₁[x₁→h₂]", "dW1", (0, 1)),
        ("∂L/∂W1[x1->h2]", "dW1", (0, 1)),
        ("z₁[row 10, h₂]", "z1", (2, 1)),
        ("h1[2,1]", "a1", (2, 1)),
        ("yhat[2]", "yhat", (2, 0)),
        ("ŷ[row 10]", "yhat", (2, 0)),
        ("y[1]", "Y", (1, 0)),
        ("x[1,1]", "X", (1, 1)),
        ("delta[3]", "dyhat", (3, 0)),
        ("δ1[3,0]", "dz1", (3, 0)),
        ("W2[1,0]", "W2", (1, 0)),
        ("W₂+[1,0]", "W2+", (1, 0)),
        ("ℓ[row 00]", "losses", (0, 0)),
        ("loss", "loss", ()),
        ("L", "L", ()),
        ("η", "learning_rate", ()),
    ],
)
def test_a_number_has_the_names_that_people_use(
    text: str, name: str, index: tuple[int, ...]
) -> None:
    assert parse_place(snapshot_of(Recipe(), 3), text) == Place(name, index, 3)


def test_biases_and_the_delta_of_cross_entropy() -> None:
    snapshot = snapshot_of(Recipe(hidden=(3, 2), bias=True, loss="cross-entropy"))
    assert parse_place(snapshot, "b1[0]") == Place("b1", (0,), 0)
    assert parse_place(snapshot, "db₂[h₂.₁]") == Place("db2", (0,), 0)
    assert parse_place(snapshot, "delta[0]") == Place("dz3", (0, 0), 0)
    assert parse_place(snapshot, "delta3[0]") == Place("dz3", (0, 0), 0)


@examples(20)
@given(recipes(most_bits=3, most_units=6, with_mistakes=True), st.data())
def test_every_number_is_found_by_both_its_names(recipe: Recipe, data: st.DataObject) -> None:
    snapshot = snapshot_of(recipe)
    arrays = arrays_of(snapshot)
    name = data.draw(st.sampled_from(sorted(arrays)))
    index = tuple(data.draw(st.integers(0, n - 1)) for n in arrays[name].shape)
    place = Place(name, index, 0)
    assert parse_place(snapshot, place_text(place)) == place
    assert value_at(place, snapshot) == pytest.approx(float(arrays[name][index]), nan_ok=True)
    if index and not name.startswith("free"):
        plain = name.removesuffix("+")
        spoken = notation(plain) + name[len(plain) :] + f"[{cell_name(recipe, plain, index)}]"
        assert parse_place(snapshot, spoken) == place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("foo", 'there is no number called "foo"; allowed: L, loss'),
        ("", 'there is no number called ""'),
        ("W1[0,1", 'there is no number called "W1[0,1"'),
        ("W9[0,0]", 'there is no number called "W9[0,0]"'),
        ("dW1", "dW1 has 2 by 2 numbers; name one, from dW1[0,0] to dW1[1,1]"),
        ("W1[2,0]", 'W1 has no number "2,0"; name one, from W1[0,0] to W1[1,1]'),
        ("W1[-1,0]", 'W1 has no number "-1,0"'),
        ("W1[0]", 'W1 has no number "0"'),
        ("W1[]", 'W1 has no number ""'),
        ("W1[x1->h9]", 'W1 has no number "x1->h9"'),
        ("loss[0]", 'loss has no number "0"; it is one number, without [ ]'),
        ("W1" * 5000, "there is no number called"),
        ("W1[٠,1]", "W1 has no number"),
    ],
)
def test_a_name_that_is_nothing_gets_one_sentence_with_what_is_allowed(
    text: str, words: str
) -> None:
    with pytest.raises(PlaceError) as error:
        parse_place(snapshot_of(Recipe()), text)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
