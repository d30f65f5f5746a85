"""What `xortui sweep` prints: text, json, csv. Numbers read back to the same bits."""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill
from typing import Any

from xortui.core.analysis.ends import DIVERGED, KINDS, LOCAL_MINIMUM, SOLVED
from xortui.core.analysis.statistics import interval_words, percent
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import DECAY_FIELDS, OPTIMISER_FIELDS, POINT_NUMBERS
from xortui.core.model.recipe_words import points_in_words
from xortui.core.sweep.block import NEVER
from xortui.core.sweep.plan import VARIED, Plan, varying_fields
from xortui.core.sweep.results import GridCell
from xortui.reports.train import Write

WIDTH = 96
# Seeds written out for each kind; the json and the csv have them all.
MAX_LISTED = 100

# What a person calls a recipe's field at the head of a column, and in the json.
HEADS = {
    "learning_rate": "learning rate",
    "init": "initialisation",
    "beta2": "β₂",
    "epsilon": "ε",
    "weight_decay": "weight decay",
    "l1": "L1",
}
# Fields that have a column in the csv only where a recipe of the sweep uses them.
LATER = (*DECAY_FIELDS, "batch", "shuffle", "schedule")
JSON_KEYS = {"learning_rate": "lr"}


def sweep_text(plan: Plan, cells: Sequence[GridCell], write: Write) -> None:
    """A table with a line for each recipe, and the seeds that are not solved by kind."""
    varying = varying_fields(plan.recipes)
    write(f"{_common(plan)}\n\n")
    heads = [HEADS.get(field, field) for field in varying]
    rows = [[*heads, "seeds", "solved", "share", "95% interval", "median steps"]]
    for cell in cells:
        rows.append(
            [
                *(_format_field(cell.recipe, field) for field in varying),
                f"{cell.trials:,}",
                f"{cell.solved:,}",
                percent(cell.solved / cell.trials, 1) + _so_far(cell) if cell.trials else "-",
                interval_words(cell.interval) if cell.trials else "-",
                "-" if cell.median_steps is None else f"{cell.median_steps:,.0f}",
            ]
        )
    for line in _aligned(rows):
        write(f"{line}\n")
    for cell in cells:
        if cell.unsolved:
            write(f"\n{_unsolved(cell, varying)}")
    if stopped := stopped_early(plan, cells):
        write(f"\n{stopped}\n")


def sweep_json(plan: Plan, cells: Sequence[GridCell], write: Write) -> None:
    """One JSON object.

    `recipe` is what the cells share, without a seed. A cell has its own varying fields (and `lr`
    and `hidden` even where they do not vary), `seeds` (the number begun), `finished`, `solved`,
    `interval`, `unsolved` (seeds), `kinds` (how many), `ends` (every unsolved network: its seed,
    kind, the step that it reached or diverged at, and its loss, null where that is not finite) and
    `median_steps`.
    """
    varying = varying_fields(plan.recipes)
    shared = plan.recipes[0].to_json()
    for field in ("seed", *varying):
        shared.pop(field, None)
    head = {"recipe": shared, "steps": plan.steps, "seeds": [plan.seeds.start, plan.seeds.stop]}
    write(json.dumps(head, allow_nan=False)[:-1] + ', "cells": [')
    for index, cell in enumerate(cells):
        own = cell.recipe.to_json()
        shown = [field for field in VARIED if field in ("learning_rate", "hidden", *varying)]
        data = {
            JSON_KEYS.get(field, field): own.get(field, cell.recipe.given(field)) for field in shown
        } | {
            "seeds": cell.trials,
            "finished": cell.finished,
            "solved": cell.solved,
            "interval": list(cell.interval),
            "unsolved": cell.unsolved,
            "kinds": {kind: count for kind, count in cell.counts.items() if kind != SOLVED},
            "ends": list(_ends(cell)),
            "median_steps": cell.median_steps,
        }
        write(f"{', ' if index else ''}{json.dumps(data, allow_nan=False)}")
    write("]}\n")


def sweep_csv(plan: Plan, cells: Sequence[GridCell], write: Write) -> None:
    """A line for each network: its recipe, seed, and how it ended; empty where there is nothing.

    What is as it is by default in the whole sweep, such as decay, has no column; and what only
    points have is there only where there are points.
    """
    has_points = any(recipe.is_points for recipe in plan.recipes)
    absent = {field for field in LATER if not _is_used(plan, field)}
    absent |= set() if has_points else set(POINT_NUMBERS)
    fields = [field for field in VARIED if field not in absent]
    write(_csv([*fields, "seed", "kind", "solved_at", "diverged_at", "steps", "loss"]))
    for cell in cells:
        recipe = [
            "" if cell.recipe.given(field) is None else _format_field(cell.recipe, field)
            for field in fields
        ]
        columns = (cell.seeds, cell.kinds, cell.solved_at, cell.diverged_at, cell.stopped_at)
        for index in range(cell.trials):
            seed, kind, solved_at, diverged_at, step = (int(array[index]) for array in columns)
            loss = float(cell.losses[index])
            write(
                _csv(
                    [
                        *recipe,
                        seed,
                        KINDS[kind],
                        "" if solved_at == NEVER else solved_at,
                        "" if diverged_at == NEVER else diverged_at,
                        step,
                        repr(loss) if math.isfinite(loss) else "",
                    ]
                )
            )


def stopped_early(plan: Plan, cells: Sequence[GridCell]) -> str:
    """What is missing of a sweep that was interrupted, in one sentence; empty for a whole one."""
    begun = sum(cell.trials for cell in cells)
    finished = sum(cell.finished for cell in cells)
    if finished == plan.networks:
        return ""
    parts = [f"stopped early: {finished:,} of {plan.networks:,} networks finished"]
    if begun > finished:
        parts.append(f"{begun - finished:,} are counted at the step they had reached")
    if plan.networks > begun:
        parts.append(f"{plan.networks - begun:,} were not begun")
    return "; ".join(parts)


def steps_done(cells: Iterable[GridCell]) -> int:
    """How many steps all networks together have been trained."""
    return sum(int(cell.stopped_at.sum()) for cell in cells)


def all_solved(plan: Plan, cells: Iterable[GridCell]) -> bool:
    """Whether every network of the plan was solved."""
    return sum(cell.solved for cell in cells) == plan.networks


def _is_used(plan: Plan, field: str) -> bool:
    return any(getattr(recipe, field) != getattr(Recipe, field) for recipe in plan.recipes)


def _so_far(cell: GridCell) -> str:
    """What stands beside a share that is not that of networks trained to their end."""
    return "" if cell.finished == cell.trials else " so far"


def _common(plan: Plan) -> str:
    """What all recipes of the plan share, in a few words."""
    varying, recipe = varying_fields(plan.recipes), plan.recipes[0]
    hidden = f"hidden {_format_field(recipe, 'hidden')}"
    words = {
        "problem": recipe.table.title,
        "hidden": hidden if "problem" in varying else recipe.architecture,
        "activation": recipe.activation,
        "bias": "bias" if recipe.bias else "no bias",
        "loss": recipe.loss,
        "init": f"{recipe.init} initialisation",
        "learning_rate": f"learning rate {recipe.learning_rate:g}",
    }
    if recipe.optimiser != Recipe.optimiser:
        words["optimiser"] = recipe.optimiser
    for field in OPTIMISER_FIELDS:
        if getattr(recipe, field) == getattr(Recipe, field):
            continue  # the default goes without saying
        words[field] = f"{HEADS.get(field, field)} {getattr(recipe, field):g}"
    if recipe.is_points and not {*POINT_NUMBERS, "problem"} & set(varying):
        words["points"] = ", ".join(points_in_words(recipe))
    for field in LATER:
        if getattr(recipe, field) != getattr(Recipe, field):
            words[field] = f"{HEADS.get(field, field)} {_format_field(recipe, field)}"
    if recipe.shuffle:
        words["shuffle"] = "shuffled"
    shared = [word for field, word in words.items() if field not in varying]
    seeds = f"seeds {plan.seeds.start} to {plan.seeds.stop - 1}"
    return ", ".join([*shared, seeds, f"{plan.steps:,} steps"])


def _format_field(recipe: Recipe, field: str) -> str:
    """A field as a person types it after its flag; a dash where it means nothing."""
    value = recipe.given(field)
    if value is None:
        return "-"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))


def _unsolved(cell: GridCell, varying: Sequence[str]) -> str:
    name = ", ".join(f"{HEADS.get(f, f)} {_format_field(cell.recipe, f)}" for f in varying)
    lines = [f"not solved{f' with {name}' if name else ''}: {len(cell.unsolved):,}"]
    for kind in KINDS:
        seeds = cell.seeds_of(kind)
        if kind != SOLVED and seeds:
            more = len(seeds) - MAX_LISTED
            listed = " ".join(map(str, seeds[:MAX_LISTED])) + (f" and {more:,} more" * (more > 0))
            text = f"{kind} ({len(seeds):,}{_detail(cell, kind)}): {listed}"
            lines.append(fill(text, WIDTH, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(lines) + "\n"


def _detail(cell: GridCell, kind: str) -> str:
    """The losses of the local minima, or the steps of divergence: what tells one from another."""
    chosen = cell.kinds == KINDS.index(kind)
    if kind == LOCAL_MINIMUM:
        low, high = (
            f"{bound:.4f}" for bound in (cell.losses[chosen].min(), cell.losses[chosen].max())
        )
        return f", loss {low}" if low == high else f", loss {low} to {high}"
    if kind == DIVERGED:
        steps = cell.diverged_at[chosen]
        low, high = f"{steps.min():,}", f"{steps.max():,}"
        return f", at step {low}" if low == high else f", at steps {low} to {high}"
    return ""


def _ends(cell: GridCell) -> Iterator[dict[str, Any]]:
    for index in (cell.kinds != KINDS.index(SOLVED)).nonzero()[0].tolist():
        loss = float(cell.losses[index])
        yield {
            "seed": int(cell.seeds[index]),
            "kind": KINDS[int(cell.kinds[index])],
            "step": int(cell.stopped_at[index]),
            "loss": loss if math.isfinite(loss) else None,
        }


def _csv(values: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()
