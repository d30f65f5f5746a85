"""Find the bug: drawn by its seed, never named, and always to be found."""

import pytest

from xortui.core.lessons.bug import LEVELS, LINES, bug_lesson
from xortui.core.lessons.lesson import Choice
from xortui.core.lessons.staged import LETTERS, StagedCard, staged
from xortui.core.model.mistakes import EQUAL_START, MISTAKES

SEEDS = range(40)


def card_of(seed: int, level: str = LINES) -> StagedCard:
    [card] = staged(bug_lesson(seed, level))
    return card


@pytest.mark.slow
def test_every_mistake_but_the_equal_start_is_drawn() -> None:
    drawn = {card_of(seed).stage.recipe.mistake for seed in range(80)}
    assert drawn == set(MISTAKES) - {EQUAL_START}


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_the_right_line_is_that_of_the_mistake_and_nothing_names_it(level: str) -> None:
    for seed in SEEDS:
        card = card_of(seed, level)
        task, recipe = card.task, card.stage.recipe
        assert isinstance(task, Choice)
        assert recipe.mistake is not None
        said = card.words(card.card.say) + "".join(card.words(item.say) for item in task.options)
        assert recipe.mistake not in said
        assert MISTAKES[recipe.mistake].title not in said
        wrong = [item for item in card.snapshot.network.operations if item.fault]
        right = [task.options[LETTERS.index(letter)] for letter in card.answer.split(", ")]
        assert right
        for option in right:
            words = card.words(option.say)
            assert level != LINES or any(item.expression in words for item in wrong)
        assert MISTAKES[recipe.mistake].title[1:] in card.mark(card.answer[0]).words
        assert len(right) < len(task.options)


@pytest.mark.slow
def test_a_seed_has_the_same_bug_at_every_level() -> None:
    for seed in SEEDS:
        assert len({card_of(seed, level).stage.recipe for level in LEVELS}) == 1
