"""The operation cursor: through a whole step forwards and backwards, with the other panes."""

import numpy as np
import pytest

from tests.tui.driving import pause, press, until
from tests.tui.painting import snapshot_at
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.training.trainer import Trainer
from xortui.tui import training_loop
from xortui.tui.drawing.lines import plain_text
from xortui.tui.frame import Frame
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.pacing import BY_OPERATION
from xortui.tui.panes.truth_table import paint_truth_table
from xortui.tui.panes.weights_table import paint_weights
from xortui.tui.views.operations import paint_operations

RECIPES = [
    Recipe(),
    Recipe(bias=True, loss="cross-entropy"),
    Recipe(problem="parity3", hidden=(4, 3), activation="tanh", bias=True, init="xavier"),
    Recipe(hidden=(64,), activation="relu", init="he"),
    Recipe(mistake="early-update"),
]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: in_words(recipe))
async def test_after_the_last_operation_stands_what_a_plain_step_gives(recipe: Recipe) -> None:
    plain = Trainer(recipe)
    plain.step(6)
    expected = plain.snapshot()
    async with opened(5, **recipe.to_json()) as (app, _):
        count = len(app.session.trainer.snapshot().results)
        for operation in range(count):
            app.main_screen.action_operation(1)
            assert (app.session.trainer.step_number, app.session.operation) == (5, operation)
        app.main_screen.action_operation(1)
        assert (app.session.trainer.step_number, app.session.operation) == (6, 0)
        assert np.array_equal(app.frame.snapshot.parameters, expected.parameters)
        assert app.frame.snapshot.loss == expected.loss


async def test_back_goes_over_the_beginning_of_a_step_and_stops_at_the_very_start() -> None:
    async with opened(1) as (app, pilot):
        await pilot.press("n", "n", "b", "b")
        assert (app.session.trainer.step_number, app.session.operation) == (0, 12)
        for _ in range(13):
            app.main_screen.action_operation(-1)
        assert (app.session.trainer.step_number, app.session.operation) == (0, None)
        app.main_screen.action_operation(-1)
        assert (app.session.trainer.step_number, app.session.operation) == (0, None)


async def test_escape_leaves_the_run_where_the_step_began() -> None:
    async with opened(7) as (app, pilot):
        before = app.session.trainer.snapshot().parameters
        await pilot.press("n", "n", "n", "escape")
        assert app.session.operation is None
        assert app.frame.cursor is None
        assert app.session.trainer.step_number == 7
        assert np.array_equal(app.session.trainer.snapshot().parameters, before)


def texts_at(index: int, width: int = 80) -> tuple[str, str, str]:
    """Truth table, weights and operations as text, after operation number `index` of step 2."""
    trainer = Trainer(Recipe())
    trainer.step(2)
    snapshot = trainer.snapshot()
    cursor = OperationCursor(snapshot, index)
    return (
        plain_text(paint_truth_table(snapshot, width, 10, cursor=cursor)),
        plain_text(paint_weights(snapshot, width, 12, cursor=cursor)),
        plain_text(paint_operations(snapshot, width, 30, cursor)),
    )


def test_what_is_not_computed_yet_is_a_dot() -> None:
    table, weights, _ = texts_at(0)
    assert "right" not in table.split("\n", 1)[1]
    assert weights.count("·") == 12  # six gradients and six changes
    assert "+0.5434" in weights  # the weights themselves are known throughout
    table, weights, _ = texts_at(2)
    assert "+0.4510" in table
    _, weights, _ = texts_at(12)
    assert "·" not in weights


def test_what_an_operation_reads_and_makes_is_marked_beside_its_name() -> None:
    table, weights, operations = texts_at(0)  # z1 = X @ W1
    assert "›x₁ x₂" in table
    assert "W₁ 2×2  ›" in weights.splitlines()[1]
    assert "operation 1 of 13" in operations
    table, weights, operations = texts_at(7)  # dW2 = a1.T @ dyhat
    assert "›ŷ − y" in table
    assert "●∂L/∂W₂" in weights
    assert "› read  ● made" in operations
    assert "dW2 = a1.T @ dyhat" in operations
    assert "= +0.2184" in operations


async def test_arrows_choose_the_number_that_is_written_out() -> None:
    async with opened(2) as (app, pilot):
        await pilot.press("n", "down", "right")
        assert app.frame.cursor is not None
        assert app.frame.cursor.explanation.index == (1, 1)
        await pilot.press("up")
        assert app.frame.cursor is not None
        assert app.frame.cursor.explanation.index == (0, 1)


async def test_t_follows_one_row_after_the_other_and_then_all() -> None:
    async with opened(2) as (app, pilot):
        await pilot.press(*"nnnnnnnn")
        for row in range(4):
            await pilot.press("t")
            assert app.frame.cursor is not None
            assert app.frame.cursor.row == row
            assert app.frame.cursor.row_step is not None
            assert app.frame.cursor.row_step.is_share
        await pilot.press("t")
        assert app.frame.cursor is not None
        assert app.frame.cursor.row is None


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: in_words(recipe))
def test_every_operation_of_every_recipe_fits(recipe: Recipe, size: tuple[int, int]) -> None:
    trainer = Trainer(recipe)
    trainer.step(3)
    snapshot = trainer.snapshot()
    width, height = size
    for index in range(len(snapshot.results)):
        cursor = OperationCursor(snapshot, index, cell=1)
        lines = paint_operations(snapshot, width, height - 6, cursor)
        assert len(lines) <= height - 6
        assert all(len("".join(text for text, _ in line)) <= width for line in lines)
        assert any("›" in text for line in lines for text, _ in line)


async def test_at_the_slowest_speed_the_cursor_walks_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_loop, "OPERATION_SECONDS", 0.02)
    async with opened(2) as (app, pilot):
        app.training.speed = BY_OPERATION
        app.training.start()
        await until(pilot, lambda: app.session.trainer.step_number > 2)
        pause(app)
        await pilot.pause()
        assert app.session.operation is not None


async def test_the_title_says_that_it_is_broken_and_h_hides_where() -> None:
    async with opened(2, mistake="wrong-sign") as (app, pilot):
        await pilot.press(*"nnnnnnnnnnnn")
        assert "✗ broken" in operations_of(app.frame)
        await pilot.press("H")
        assert "broken" not in operations_of(app.frame)


def operations_of(frame: Frame) -> str:
    return plain_text(paint_operations(frame.snapshot, 60, 30, frame.cursor, frame.show_fault))


def test_each_product_of_a_sum_is_named_by_its_row_and_what_adds_nothing_says_so() -> None:
    _, _, operations = texts_at(10)  # dW1 = X.T @ dz1
    lines = [" ".join(line.split()) for line in operations.splitlines()]
    [first] = [line for line in lines if line.startswith("00: ")]
    assert first.count("no share") == 2, "x₁ is 0 in the rows 00 and 01"
    [second] = [line for line in lines if line.startswith("10: ")]
    assert "11: " in second
    assert "no share" not in second


@pytest.mark.parametrize("index", range(13))
def test_the_sentence_and_the_matrix_with_its_names_are_there_at_80x24(index: int) -> None:
    snapshot = snapshot_at(Recipe(), 2)
    lines = plain_text(paint_operations(snapshot, 80, 17, OperationCursor(snapshot, index)))
    text = " ".join(lines.split())
    operation = snapshot.results[index].operation
    assert " ".join(operation.why.split()) in text
    assert len(lines.splitlines()) <= 17
    if operation.target in ("a1", "dz1", "W1"):
        assert any(line.split() == ["h₁", "h₂"] for line in lines.splitlines())


@pytest.mark.parametrize("size", [(42, 26), (60, 18), (62, 40), (120, 30)])
@pytest.mark.parametrize("recipe", [Recipe(), Recipe(bias=True), Recipe(activation="tanh")])
def test_no_formula_is_cut(recipe: Recipe, size: tuple[int, int]) -> None:
    trainer = Trainer(recipe)
    snapshot = trainer.snapshot()
    for index, result in enumerate(snapshot.results):
        text = plain_text(paint_operations(snapshot, *size, OperationCursor(snapshot, index)))
        assert f"› {result.operation.formula}" in text


def test_a_formula_that_is_too_long_for_its_line_is_whole_below_the_list() -> None:
    snapshot = Trainer(Recipe(loss="cross-entropy")).snapshot()
    index = next(i for i, r in enumerate(snapshot.results) if r.operation.target == "losses")
    text = plain_text(paint_operations(snapshot, 42, 30, OperationCursor(snapshot, index)))
    assert "ℓ = −[y log ŷ + (1 − y) log(1 − ŷ)]" in " ".join(text.split())


async def test_t_begins_with_the_row_that_is_chosen_in_the_truth_table() -> None:
    async with opened(5, size=(160, 45)) as (app, pilot):
        await press(pilot, "1", "down", "down", "n", "4")
        for row in (2, 3, 0, 1, None):
            await press(pilot, "t")
            assert app.frame.cursor is not None
            assert app.frame.cursor.row == row


def test_what_is_one_for_all_rows_says_so_where_a_row_is_followed() -> None:
    snapshot = Trainer(Recipe()).snapshot()
    index = next(i for i, r in enumerate(snapshot.results) if r.operation.target == "L")
    text = plain_text(paint_operations(snapshot, 80, 30, OperationCursor(snapshot, index, row=1)))
    assert "L is one for all rows: row 01 has none of its own" in text


@pytest.mark.parametrize("width", range(42, 60))
def test_the_title_is_never_cut_in_the_middle(width: int) -> None:
    snapshot = Trainer(Recipe()).snapshot()
    head = plain_text(paint_operations(snapshot, width, 20, OperationCursor(snapshot, 8))[:1])
    assert head.split("operation")[0].strip() in ("One step, from 0 to 1", "Step 0")
