"""The first line of a sweep's report: all that its recipes share and is not as by default."""

import io
import signal
import sys
from collections.abc import Callable

import pytest

import xortui.commands.sweep as command
from xortui.cli import main
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import points_in_words
from xortui.core.sweep.plan import Plan, grid
from xortui.core.sweep.runner import Progress, Sweep
from xortui.reports.sweep import sweep_text


def first_line(*recipes: Recipe) -> str:
    plan = Plan(recipes, range(2), 2)
    sweep, out = Sweep(plan), io.StringIO()
    for _ in sweep.run():
        pass
    sweep_text(plan, sweep.cells(), out.write)
    return out.getvalue().partition("\n\n")[0].replace("\n", " ")


def test_an_optimiser_its_numbers_and_what_changes_the_rate_are_named() -> None:
    recipe = Recipe(optimiser="momentum", momentum=0.5, schedule="step:5000", weight_decay=0.01)
    words = first_line(recipe)
    for word in ("momentum, ", "momentum 0.5", "schedule step:5000", "0.01"):
        assert word in words
    plain = first_line(Recipe())
    for word in ("momentum", "schedule", "0.01", "shuffled", "batch"):
        assert word not in plain


def test_batches_and_points_are_named() -> None:
    words = first_line(Recipe(batch=2, shuffle=True))
    assert "batch 2, shuffled" in words
    recipe = Recipe(problem="moons", points=20)
    assert ", ".join(points_in_words(recipe)) in first_line(recipe)


def test_what_varies_is_not_said_to_be_shared() -> None:
    recipes = grid(Recipe(), {"optimiser": ["sgd", "momentum"]})
    words = first_line(*recipes)
    assert "sgd" not in words
    assert "momentum" not in words


# -- the command -----------------------------------------------------------------------------------

COMMAND = ["sweep", "--seeds", "0:3", "--steps", "20"]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is_and_the_line_is_cleared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(COMMAND) == 1
    *shown, cleared = screen.getvalue().split("\r")[1:]
    assert cleared == "\x1b[K"
    assert shown
    assert "100%  0 solved" in shown[-1]
    assert shown[-1].startswith("#" * command.BAR_WIDTH + " ")
    assert "\x1b" not in capsys.readouterr().out


def test_a_sweep_that_is_interrupted_prints_what_it_has_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real: Callable[[Progress], None] = command._show

    def show(progress: Progress) -> None:
        real(progress)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(command, "_show", show)
    assert main(["sweep", "--seeds", "0:3", "--steps", "300000"]) == 130
    captured = capsys.readouterr()
    assert captured.out.startswith("XOR, ")
    assert "stopped" in captured.err
