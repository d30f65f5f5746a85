"""Edits: what each does, and what is refused."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import edits, recipes
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import KINDS, Edit, EditError

START = Network(Recipe()).initial_parameters()


def test_learning_rate_changes_only_the_learning_rate() -> None:
    recipe, parameters = Edit("learning_rate", value=0.5).apply(Recipe(), START)
    assert recipe == Recipe(learning_rate=0.5)
    assert parameters.tolist() == START.tolist()


def test_weight_changes_only_that_weight() -> None:
    recipe, parameters = Edit("weight", "W1[0,1]", -2).apply(Recipe(), START)
    assert recipe == Recipe()
    assert Network(recipe).views(parameters)["W1"][0, 1] == -2
    assert np.flatnonzero(parameters != START).tolist() == [1]


@pytest.mark.parametrize(("row", "labels"), [(0, "1110"), (1, "0010"), (2, "0100"), (3, "0111")])
def test_label_is_flipped(row: int, labels: str) -> None:
    recipe, parameters = Edit("label", row).apply(Recipe(), START)
    assert recipe == Recipe(problem=labels)
    assert parameters.tolist() == START.tolist()


def test_flipping_a_label_twice_gives_the_same_table() -> None:
    flip = Edit("label", 5)
    once, _ = flip.apply(Recipe(problem="parity3"), START)
    twice, _ = flip.apply(once, START)
    assert once.table.labels != twice.table.labels == Recipe(problem="parity3").table.labels


def test_frozen_weight_gets_no_update_and_a_freed_one_does() -> None:
    recipe, parameters = Edit("freeze", "W2[1,0]").apply(Recipe(), START)
    after = Network(recipe).updated(Network(recipe).evaluate(parameters))
    assert np.flatnonzero(after == parameters).tolist() == [5]
    recipe, parameters = Edit("free", "W2[1,0]").apply(recipe, after)
    assert recipe == Recipe()
    assert (Network(recipe).updated(Network(recipe).evaluate(parameters)) != parameters).all()


def test_freezing_twice_and_freeing_what_is_free_change_nothing() -> None:
    frozen = replace(Recipe(), frozen=("W1[0,0]",))
    assert Edit("freeze", "W1[0,0]").apply(frozen, START)[0] == frozen
    assert Edit("free", "W1[0,1]").apply(frozen, START)[0] == frozen


def test_noise_is_normal_of_its_deviation_and_the_same_each_time() -> None:
    recipe = Recipe(problem="parity8", hidden=(64, 64))
    parameters = Network(recipe).initial_parameters()
    noise = Edit("noise", 7, 0.25)
    added = noise.apply(recipe, parameters)[1] - parameters
    assert added.std() == pytest.approx(0.25, rel=0.05)
    assert added.mean() == pytest.approx(0, abs=0.02)
    assert (noise.apply(recipe, parameters)[1] - parameters).tolist() == added.tolist()
    assert (Edit("noise", 8, 0.25).apply(recipe, parameters)[1] - parameters != added).all()


def test_noise_leaves_frozen_parameters_alone() -> None:
    recipe = replace(Recipe(), frozen=("W1[1,0]",))
    _, parameters = Edit("noise", 0, 1.0).apply(recipe, START)
    assert np.flatnonzero(parameters == START).tolist() == [2]


def test_mistake_is_made_and_mended() -> None:
    broken, parameters = Edit("mistake", "wrong-sign").apply(Recipe(), START)
    assert broken == Recipe(mistake="wrong-sign")
    assert Edit("mistake").apply(broken, parameters)[0] == Recipe()


@pytest.mark.slow
@given(st.data())
def test_edits_change_neither_of_their_arguments(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=4))
    edit = data.draw(edits(recipe))
    parameters = Network(recipe).initial_parameters()
    before, parameters_before = replace(recipe), parameters.copy()
    after, after_parameters = edit.apply(recipe, parameters)
    assert recipe == before
    assert parameters.tolist() == parameters_before.tolist()
    assert after_parameters.shape == parameters.shape
    assert after.sizes == recipe.sizes


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "where", "value"),
    [
        ("", None, None),
        ("bend", None, None),
        ("Weight", "W1[0,0]", 1.0),
        ("learning_rate", None, None),
        ("learning_rate", "W1[0,0]", 0.5),
        ("learning_rate", 0, 0.5),
        ("learning_rate", 1.5, 0.5),
        ("learning_rate", [], 0.5),
        ("learning_rate", None, "0.5"),
        ("learning_rate", None, float("nan")),
        ("learning_rate", None, float("inf")),
        ("learning_rate", None, 10**400),
        ("learning_rate", None, True),
        ("weight", None, 1.0),
        ("weight", 0, 1.0),
        ("weight", "W1[0,0]", None),
        ("weight", "W1[0,0]", "1"),
        ("weight", "W1[0,0]", float("nan")),
        ("weight", "W1[0,0]", float("-inf")),
        ("weight", "W1[0,0]", 1e10),
        ("label", None, None),
        ("label", -1, None),
        ("label", 0.0, None),
        ("label", True, None),
        ("label", "0", None),
        ("label", 0, 1.0),
        ("label", 0, float("nan")),
        ("label", 0, "up"),
        ("freeze", None, None),
        ("freeze", 3, None),
        ("freeze", "W1[0,0]", 1.0),
        ("free", None, None),
        ("free", "W1[0,0]", "now"),
        ("noise", None, 0.1),
        ("noise", -1, 0.1),
        ("noise", 2**32, 0.1),
        ("noise", "0", 0.1),
        ("noise", 0, None),
        ("noise", 0, float("nan")),
        ("mistake", "nonsense", None),
        ("mistake", 0, None),
        ("mistake", ["wrong-sign"], None),
        ("mistake", "wrong-sign", 1.0),
    ],
)
def test_malformed_edit_is_refused_in_one_line(kind: str, where: Any, value: Any) -> None:
    with pytest.raises(EditError) as caught:
        Edit(kind, where, value)
    assert kind in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(EditError):
        Edit.from_json({"kind": kind, "where": where, "value": value})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Edit("weight", "W1[2,0]", 1.0), "this network has no parameter W1[2,0]"),
        (Edit("weight", "W1[00,0]", 1.0), "this network has no parameter W1[00,0]"),
        (Edit("weight", "b1[0]", 1.0), "this network has no parameter b1[0]"),
        (Edit("freeze", "W3[0,0]"), "this network has no parameter W3[0,0]"),
        (Edit("free", ""), "this network has no parameter "),
        (Edit("label", 4), "there is no label Y[4]; the last one is Y[3]"),
        (
            Edit("mistake", "equal-start"),
            "weights can start equal only at the start: begin a new run",
        ),
        (
            Edit("learning_rate", value=0.0),
            "learning_rate cannot be 0.0; allowed: a number above 0 and at most 1,000,000",
        ),
        (
            Edit("learning_rate", value=-1.0),
            "learning_rate cannot be -1.0; allowed: a number above 0 and at most 1,000,000",
        ),
    ],
)
def test_edit_that_this_run_cannot_take_is_refused(edit: Edit, message: str) -> None:
    with pytest.raises(EditError) as caught:
        edit.apply(Recipe(), START)
    assert str(caught.value) == message


# -- text --------------------------------------------------------------------------------------


IN_WORDS = [
    (Edit("learning_rate", value=0.5), "η = 0.5", "η = 0.5"),
    (Edit("momentum", value=0.5), "μ = 0.5", "μ = 0.5"),
    (Edit("beta2", value=0.5), "β₂ = 0.5", "β₂ = 0.5"),
    (Edit("epsilon", value=1e-4), "ε = 0.0001", "ε = 0.0001"),
    (Edit("weight_decay", value=0.01), "λ = 0.01", "λ = 0.01"),
    (Edit("l1", value=0.01), "λ₁ = 0.01", "λ₁ = 0.01"),
    (Edit("optimiser", "adam"), "optimiser adam", "optimiser adam"),
    (Edit("batch", 2), "batch 2", "batch 2"),
    (Edit("batch"), "batch full", "batch full"),
    (Edit("shuffle", True), "batches shuffled", "batches shuffled"),
    (Edit("shuffle", False), "batches in order", "batches in order"),
    (Edit("schedule", "cosine:500"), "schedule cosine:500", "schedule cosine:500"),
    (Edit("weight", "W1[0,1]", -2.0), "W₁ x₁→h₂ = -2", "W1[0,1] = -2"),
    (Edit("label", 2), "label of row 10 flipped", "label of Y[2] flipped"),
    (Edit("freeze", "b1[0]"), "b₁ h₁ frozen", "b1[0] frozen"),
    (Edit("free", "b1[0]"), "b₁ h₁ unfrozen", "b1[0] unfrozen"),
    (Edit("noise", 3, 0.1), "noise of 0.1", "noise of 0.1"),
    (Edit("mistake", "wrong-sign"), "broken: wrong-sign", "broken: wrong-sign"),
    (Edit("mistake"), "the mistake undone", "the mistake undone"),
]


@pytest.mark.parametrize(("edit", "words", "code"), IN_WORDS)
def test_described_in_a_few_words(edit: Edit, words: str, code: str) -> None:
    assert edit.describe(Recipe(bias=True)) == words
    assert edit.describe() == code


def test_every_kind_is_described() -> None:
    assert {edit.kind for edit, _, _ in IN_WORDS} == set(KINDS)


@pytest.mark.slow
@given(st.data())
def test_json_reads_back_to_the_same_edit(data: st.DataObject) -> None:
    edit = data.draw(edits(Recipe(bias=True)))
    assert Edit.from_json(json.loads(json.dumps(edit.to_json()))) == edit


def test_json_leaves_out_what_is_absent() -> None:
    assert Edit("label", 0).to_json() == {"kind": "label", "where": 0}
    assert Edit("learning_rate", value=0.5).to_json() == {"kind": "learning_rate", "value": 0.5}


def test_whole_values_in_json_become_numbers() -> None:
    edit = Edit.from_json({"kind": "weight", "where": "W1[0,0]", "value": 3})
    assert type(edit.value) is float


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "label",
        {},
        {"where": 0},
        {"kind": None},
        {"kind": 3},
        {"kind": ["label"], "where": 0},
        {"kind": "label", "where": 0, "at": 3},
        {"kind": "label", "where": 0, "value": [1]},
        {"kind": "weight", "where": {"row": 0}, "value": 1.0},
    ],
)
def test_json_that_is_no_edit_is_refused(data: object) -> None:
    with pytest.raises(EditError):
        Edit.from_json(data)
