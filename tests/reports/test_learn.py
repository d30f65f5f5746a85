"""Worksheets and their keys, on paper and as data."""

import json
from typing import Any

import pytest

from xortui.core.lessons.course import lesson
from xortui.core.lessons.staged import StagedCard, staged
from xortui.reports.learn import (
    learn_json,
    learn_markdown,
    learn_text,
    list_json,
    list_markdown,
    list_text,
)

COURSE = [lesson(number) for number in range(1, 14)]
QUICK = (1, 2, 3, 4, 6, 12)


@pytest.mark.parametrize("render", [list_text, list_markdown, list_json])
def test_the_list_has_every_title_and_aim(render: Any) -> None:
    text = " ".join(render(COURSE).split())
    for item in COURSE:
        assert item.title in text
        assert item.aim in text


@pytest.mark.parametrize("render", [learn_text, learn_markdown, learn_json])
@pytest.mark.parametrize("number", QUICK)
def test_a_worksheet_has_all_questions_and_no_answers(render: Any, number: int) -> None:
    text = " ".join(render([(number, lesson(number))], 7, False).split())
    for card in staged(lesson(number), 7):
        ask = card.words(card.card.ask)
        assert (json.dumps(ask, ensure_ascii=False)[1:-1] if render is learn_json else ask) in text
        if card.shown_sum:
            assert card.shown_sum not in text
        if card.card.after:
            assert card.words(card.card.after) not in text


@pytest.mark.parametrize("render", [learn_text, learn_markdown, learn_json])
@pytest.mark.parametrize("number", QUICK)
def test_the_key_has_every_answer_with_its_sum(render: Any, number: int) -> None:
    text = " ".join(render([(number, lesson(number))], None, True).split())
    for card in staged(lesson(number)):
        assert card.answer in text
        assert card.shown_sum in text
        assert json.dumps(card.words(card.card.after), ensure_ascii=False)[1:-1] in text.replace(
            "\\\\", "\\"
        )


def test_every_pupil_has_other_numbers_and_the_same_key_is_right_for_them() -> None:
    sheets = {learn_markdown([(4, lesson(4))], seed, False) for seed in range(5)}
    assert len(sheets) == 5
    data = json.loads(learn_json([(4, lesson(4))], 3, True))
    [found] = data["lessons"]
    assert found["seed"] == 3
    assert [card["answer"] for card in found["cards"]] == [
        StagedCard(card, 3).answer for card in lesson(4).cards
    ]


@pytest.mark.parametrize("answers", [False, True])
def test_text_has_at_most_80_columns(answers: bool) -> None:
    for number in QUICK:
        text = learn_text([(number, lesson(number))], 7, answers)
        assert max(map(len, text.splitlines())) <= 80


def test_a_mistake_that_is_to_be_found_is_not_named() -> None:
    for render in (learn_text, learn_markdown):
        text = render([(12, lesson(12))], None, False)
        assert "broken" not in text
        assert "--break" not in text
        assert "double-activation" not in text
    assert "--break no-derivative" in learn_text([(6, lesson(6))], None, False).replace("\n", " ")


def test_the_command_brings_the_stage_up() -> None:
    [found] = json.loads(learn_json([(5, lesson(5))], 7, False))["lessons"]
    commands = [card["command"] for card in found["cards"]]
    assert commands[0] == "xortui --seed 7"
    assert commands[3] == "xortui --seed 7 --lr 0.001"
    assert commands[5] == "xortui --lr 10.0 --goto 255"
