"""The chain of a number on paper: from the result back, within 100 columns, to the bit in JSON."""

import json
import re
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given

from tests.core.recipes import recipes
from tests.core.written import evaluated, half_a_unit
from tests.sample import examples
from xortui.core.explain.places import parse_place
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.reports.why import why_json, why_markdown, why_text


def report(render: Any, text: str, recipe: Recipe = Recipe(), step: int = 0, **how: Any) -> str:  # noqa: B008
    trainer = Trainer(recipe)
    trainer.seek(step)
    place = parse_place(trainer.snapshot(), text)
    return str(render(place, lru_cache(trainer.snapshot_at), **how))


def test_the_chain_goes_from_the_result_back_to_what_is_given() -> None:
    text = report(why_text, "dW1[0,1]", step=3)
    assert text.startswith("Why is dW1[0,1] +0.009648 at step 3?\n")
    heads = [line.partition(".")[0] for line in text.splitlines() if re.match(r"\d+\. ", line)]
    assert heads == ["11", "10", "9", "7", "3", "2", "1", "13", "12"]
    assert "(W1 = W1 - learning_rate * dW1, in step 2)" in text
    assert text.index("\nGiven\n") > text.index("\n12. ")
    assert text.rstrip().endswith("--goto 2")


def test_the_written_sums_add_up() -> None:
    text = re.sub(r"\n {6,}", " ", report(why_text, "loss", Recipe(bias=True), step=10))
    sums = re.findall(r"^ +[\w+]+(?:\[\S+\])?: .* [=←] (.*) = (\S+)$", text, re.MULTILINE)
    assert len(sums) > 20
    for calculation, result in sums:
        assert abs(evaluated(calculation) - float(result)) <= half_a_unit(result) + 1e-14


@examples(15)
@given(recipes(most_bits=3, most_units=12, with_mistakes=True))
def test_text_has_at_most_100_columns(recipe: Recipe) -> None:
    assert max(map(len, report(why_text, "loss", recipe, 2).splitlines())) <= 100


def test_markdown_has_the_same_numbers() -> None:
    text = report(why_markdown, "z1[1,0]")
    assert text.startswith("# Why is z1[1,0] ")
    assert "z1[1,0]: z₁[row 01, h₁] = 0·(+0.5488) + 1·(+0.6028) = +0.6028" in text
    assert text.count("```text\n") * 2 == text.count("```")


def test_json_has_every_link_with_names_that_can_be_asked() -> None:
    data = json.loads(report(why_json, "dW1[0,1]", step=3))
    assert (data["name"], data["step"], data["is_whole"]) == ("dW1[0,1]", 3, True)
    links = {(link["name"], link["step"]): link for link in data["links"]}
    first = links["dW1[0,1]", 3]
    assert first["operation"] == "dW1 = X.T @ dz1"
    assert sum(part["value"] for part in first["parts"]) == pytest.approx(first["value"])
    trainer = Trainer(Recipe())
    trainer.seek(3)
    for link in data["links"]:
        for part in link["parts"]:
            for place in part["places"]:
                parse_place(trainer.snapshot_at(place["step"]), place["name"])


@pytest.mark.parametrize("render", [why_text, why_markdown, why_json])
def test_a_mistake_is_pointed_out_unless_it_is_an_exercise(render: Any) -> None:
    recipe = Recipe(mistake="no-derivative")
    title = MISTAKES["no-derivative"].title
    shown = " ".join(report(render, "dW1[0,1]", recipe).split())
    hidden = " ".join(report(render, "dW1[0,1]", recipe, show_fault=False).split())
    assert "The slope of sigmoid is missing" in shown
    assert "The slope of sigmoid is missing" not in hidden
    assert title not in hidden
