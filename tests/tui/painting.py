"""What the tests of view panes share: runs of every kind, and what any painting must be like."""

from dataclasses import replace
from functools import cache

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.solved import right_rows
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.lines import Line, line_width, plain_text
from xortui.tui.drawing.theme import is_style

SIZES = [(30, 8), (30, 50), (52, 30), (80, 18), (100, 50)]

# Runs by name: the recipe and the step they are looked at.
RUNS: dict[str, tuple[Recipe, int]] = {
    "start": (Recipe(), 0),
    "solved": (Recipe(), 3000),
    "one unit": (Recipe(hidden=(1,)), 500),
    "eight units": (Recipe(hidden=(8,)), 500),
    "relu": (Recipe(activation="relu", bias=True), 300),
    "two layers": (Recipe("parity3", hidden=(3, 2), loss="cross-entropy", bias=True), 300),
    "zeros": (Recipe(init="zeros"), 5),
    "eight bits": (Recipe("parity8", hidden=(8,)), 2),
    "largest": (Recipe("parity8", hidden=(64, 64, 64, 64), init="xavier"), 2),
    "diverged": (Recipe(learning_rate=100.0), 10_000),
    "dead": (Recipe(learning_rate=1e6, activation="relu", hidden=(3, 3)), 100),
    "NaN": (Recipe(), 100),
    "infinite": (Recipe(hidden=(3, 3), bias=True), 100),
}
# No run goes on past the first number that is not finite; panes must bear the worst all the same.
FILLED_WITH = {"NaN": np.nan, "infinite": np.inf}


@cache
def snapshot_of(name: str) -> Snapshot:
    """The run of that name at its step, or where it diverged before."""
    recipe, step = RUNS[name]
    snapshot = snapshot_at(recipe, step)
    if name not in FILLED_WITH:
        return snapshot
    return with_parameters(snapshot, np.full(snapshot.network.size, FILLED_WITH[name]))


def with_parameters(snapshot: Snapshot, parameters: Array) -> Snapshot:
    """The snapshot with other parameters [P], and all that follows from them at its step."""
    evaluation = snapshot.network.evaluate(parameters)
    outputs = evaluation.values["yhat"][:, 0]
    return replace(
        snapshot,
        parameters=parameters,
        values=evaluation.values,
        results=evaluation.results,
        right=right_rows(outputs, snapshot.labels),
        diverged_at=None if np.isfinite(parameters).all() else snapshot.step,
    )


@cache
def snapshot_at(recipe: Recipe, step: int) -> Snapshot:
    """A recipe's run at a step."""
    trainer = Trainer(recipe)
    trainer.seek(step)
    return trainer.snapshot()


def assert_well_painted(lines: list[Line], width: int, height: int) -> None:
    """It fits, its styles have names or are colours, and every glyph has one in ASCII."""
    assert 1 <= len(lines) <= height
    for line in lines:
        assert line_width(line) <= width, plain_text([line])
        for text, style in line:
            assert not isinstance(style, str) or is_style(style)
            assert to_ascii(text).isascii(), text


def text_of(lines: list[Line]) -> str:
    """What is left of a painting that is copied: no colour at all."""
    return plain_text(lines)


def is_braille(glyph: str) -> bool:
    """Whether a glyph is a cell of fine dots, of which lines over pictures are made."""
    return 0x2800 < ord(glyph) < 0x2900


def line_columns(text: str) -> list[int]:
    """The columns of a line of text in which a fine line is drawn."""
    return [column for column, glyph in enumerate(text) if is_braille(glyph)]
