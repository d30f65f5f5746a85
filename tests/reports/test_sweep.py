"""What a sweep prints."""

import csv
import io
import json
import math
from collections.abc import Callable, Sequence
from contextlib import closing

import pytest

from xortui.core.analysis.ends import KINDS
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import POINT_NUMBERS
from xortui.core.sweep.plan import VARIED, Plan, grid
from xortui.core.sweep.results import GridCell
from xortui.core.sweep.runner import Sweep
from xortui.reports.sweep import LATER, all_solved, sweep_csv, sweep_json, sweep_text

Report = Callable[[Plan, Sequence[GridCell], Callable[[str], object]], None]


@pytest.fixture(scope="module")
def varied() -> tuple[Plan, tuple[GridCell, ...]]:
    recipes = grid(Recipe(), {"hidden": [(2,), (3, 2)], "learning_rate": [0.1, 10.0]})
    return swept(Plan(recipes, range(50, 70), 2500))


def swept(plan: Plan) -> tuple[Plan, tuple[GridCell, ...]]:
    sweep = Sweep(plan)
    for _ in sweep.run():
        pass
    return plan, sweep.cells()


def printed(report: Report, plan: Plan, cells: Sequence[GridCell]) -> str:
    out = io.StringIO()
    report(plan, cells, out.write)
    return out.getvalue()


@pytest.mark.slow
def test_text_is_a_table_and_the_unsolved_seeds_by_kind() -> None:
    plan, cells = swept(Plan((Recipe(),), range(150, 170), 10_000))
    assert printed(sweep_text, plan, cells) == (
        "XOR, 2-2-1, sigmoid, no bias, squared-error, uniform initialisation, learning rate 0.1, "
        "seeds 150 to 169, 10,000 steps\n"
        "\n"
        "seeds  solved  share    95% interval  median steps\n"
        "   20      18  90.0%  69.9% to 97.2%         2,698\n"
        "\n"
        "not solved: 2\n"
        "  plateau (2): 156 158\n"
    )


def test_text_has_a_line_for_each_recipe_with_what_varies(
    varied: tuple[Plan, tuple[GridCell, ...]],
) -> None:
    text = printed(sweep_text, *varied)
    lines = text.splitlines()
    assert lines[0].startswith("XOR, sigmoid, no bias")
    assert lines[2].split()[:4] == ["hidden", "learning", "rate", "seeds"]
    assert [line.split()[:2] for line in lines[3:7]] == [
        ["2", "0.1"], ["2", "10.0"], ["3,2", "0.1"], ["3,2", "10.0"],
    ]  # fmt: skip
    assert "not solved with hidden 2, learning rate 10.0: 20" in text
    assert "diverged (20, at steps " in text
    assert "\x1b" not in text
    assert max(map(len, lines)) <= 120


def test_json_reads_back_to_the_same_bits(varied: tuple[Plan, tuple[GridCell, ...]]) -> None:
    plan, cells = varied
    data = json.loads(printed(sweep_json, plan, cells), parse_constant=pytest.fail)
    assert data["steps"] == 2500
    assert data["seeds"] == [50, 70]
    assert "learning_rate" not in data["recipe"]
    assert "seed" not in data["recipe"]
    for cell, found in zip(cells, data["cells"], strict=True):
        assert found["lr"] == cell.recipe.learning_rate
        assert tuple(found["hidden"]) == cell.recipe.hidden
        assert found["seeds"] == found["finished"] == 20
        assert found["solved"] == cell.solved
        assert tuple(found["interval"]) == cell.interval
        assert found["unsolved"] == cell.unsolved == [end["seed"] for end in found["ends"]]
        assert sum(found["kinds"].values()) == 20 - cell.solved
        assert list(found["kinds"]) == [kind for kind in KINDS if kind != "solved"]
        assert found["median_steps"] == cell.median_steps
        for end in found["ends"]:
            loss = cell.losses[cell.seeds.tolist().index(end["seed"])]
            assert end["loss"] == (loss if math.isfinite(loss) else None)
            assert (end["kind"] == "diverged") == (end["loss"] is None)


def test_csv_has_a_line_for_each_network(varied: tuple[Plan, tuple[GridCell, ...]]) -> None:
    plan, cells = varied
    rows = list(csv.DictReader(io.StringIO(printed(sweep_csv, plan, cells))))
    assert len(rows) == plan.networks
    for index, row in enumerate(rows):
        cell, at = cells[index // 20], index % 20
        later = {*LATER, *POINT_NUMBERS}  # nothing of them is used here
        assert set(VARIED) - later < set(row)
        assert not later & set(row)
        assert row["hidden"] == ",".join(map(str, cell.recipe.hidden))
        assert int(row["seed"]) == cell.seeds[at]
        assert (row["solved_at"] or "-1") == str(cell.solved_at[at])
        assert (row["diverged_at"] or "-1") == str(cell.diverged_at[at])
        if row["kind"] != "diverged":
            assert float(row["loss"]) == cell.losses[at]


def test_an_interrupted_sweep_says_what_is_missing() -> None:
    plan = Plan(grid(Recipe(), {"learning_rate": [0.1, 0.2]}), range(30), 10**8)
    sweep = Sweep(plan)
    with closing(sweep.run()) as turns:
        for progress in turns:
            if progress.share > 0:
                break
    text = printed(sweep_text, plan, sweep.cells())
    assert "% so far" in text
    assert text.endswith(
        "stopped early: 0 of 60 networks finished; 30 are counted at the step they had reached; "
        "30 were not begun\n"
    )
    data = json.loads(printed(sweep_json, plan, sweep.cells()))
    assert [cell["seeds"] for cell in data["cells"]] == [30, 0]
    assert not all_solved(plan, sweep.cells())


def test_whether_all_were_solved() -> None:
    assert all_solved(*swept(Plan((Recipe(hidden=(4,), bias=True),), range(5), 3000)))
    assert not all_solved(*swept(Plan((Recipe(),), range(57, 59), 3000)))
