"""Numbers that are changed in mid-run, as a script for PyTorch changes them in its optimiser."""

import pytest

from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit

GROUP = "optimiser.param_groups[0]"


def changed(source: str) -> list[str]:
    """The lines that a script does at step 10."""
    lines = source.splitlines()
    start = lines.index("    if step == 10:") + 1
    end = next(at for at in range(start, len(lines)) if not lines[at].startswith(" " * 8))
    return [line.strip() for line in lines[start:end]]


@pytest.mark.parametrize(
    ("recipe", "field", "torch", "numpy"),
    [
        (Recipe(optimiser="momentum"), "momentum", [f'{GROUP}["momentum"] = 0.5'], "momentum"),
        (Recipe(optimiser="rmsprop"), "beta2", [f'{GROUP}["alpha"] = 0.5'], "beta2"),
        (Recipe(optimiser="rmsprop"), "epsilon", [f'{GROUP}["eps"] = 0.5'], "epsilon"),
        (Recipe(optimiser="adam"), "momentum",
         [f'{GROUP}["betas"] = (0.5, {GROUP}["betas"][1])'], "beta1"),
        (Recipe(optimiser="adam"), "beta2",
         [f'{GROUP}["betas"] = ({GROUP}["betas"][0], 0.5)'], "beta2"),
        (Recipe(weight_decay=0.1), "weight_decay",
         ["weight_decay = 0.5", f'{GROUP}["weight_decay"] = 0.5'], "weight_decay"),
        (Recipe(optimiser="adamw", weight_decay=0.1), "weight_decay",
         [f'{GROUP}["weight_decay"] = 0.5'], "weight_decay"),
        (Recipe(l1=0.1), "l1", ["l1 = 0.5"], "l1"),
    ],
)  # fmt: skip
def test_a_number_is_changed_where_its_optimiser_keeps_it(
    recipe: Recipe, field: str, torch: list[str], numpy: str
) -> None:
    edits = ((10, Edit(field, value=0.5)),)
    assert changed(export_torch(recipe, edits, 20)) == torch
    assert changed(export_numpy(recipe, edits, 20)) == [f"{numpy} = 0.5"]


def test_a_schedule_gives_the_optimiser_its_rate_at_every_step() -> None:
    recipe = Recipe(schedule="step:5000")
    lines = [line.strip() for line in export_torch(recipe, (), 20).splitlines()]
    given = lines.index(f'{GROUP}["lr"] = rate')
    assert lines[given - 1].startswith("rate = ")
    assert given < lines.index("optimiser.step()")
    edited = export_torch(recipe, ((10, Edit("learning_rate", value=0.3)),), 20)
    assert "0.3" in changed(edited)[0]
    assert GROUP not in changed(edited)[0], "the schedule's own line hands it over"
