"""Lessons in the app: played through with right answers and wrong ones, and the run given back."""

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.sample import some, some_pairs
from tests.tui.driving import answer, press, said, settle, shown, until
from tests.tui.test_keys import WIDE, opened
from xortui.core.lessons.course import lesson
from xortui.core.lessons.lesson import KEYS as LESSON_KEYS
from xortui.core.lessons.lesson import VIEWS as LESSON_VIEWS
from xortui.core.lessons.lesson import Press, Reach
from xortui.core.lessons.stage import prepare
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.keys import KEYS
from xortui.tui.lessons.card import LessonCard
from xortui.tui.lessons.play import LessonPlay
from xortui.tui.lessons.progress import is_first_time, keep_progress, read_progress
from xortui.tui.lessons.screens import AnswerScreen, LessonsScreen
from xortui.tui.screens.ask import Ask
from xortui.tui.views.views import PANES, VIEWS

SIZES = [(80, 24), (120, 36)]
# One of these is wrong for any card that is answered with words.
WRONG = ("a", "b", "+", "-", "123456", "dyhat[0]", "dyhat[1]", "losses[0]", "losses[1]")


def play_of(app: XorApp) -> LessonPlay:
    play = app.main_screen.lessons.play
    assert play is not None
    return play


def card_text(app: XorApp) -> str:
    return " ".join(app.main_screen.query_one(LessonCard).as_text().split())


async def back_on_the_main_screen(app: XorApp, pilot: Pilot[None]) -> None:
    while app.screen is not app.main_screen:
        app.pop_screen()
    app.screen.set_focus(None)
    await settle(pilot)


async def solve(app: XorApp, pilot: Pilot[None], with_mistakes: bool) -> None:
    """Do what the card wants: typed, pressed or reached; before it something wrong."""
    play, number = play_of(app), play_of(app).place
    card, task = play.card, play.card.task
    if isinstance(task, Press):
        if with_mistakes:
            await press(pilot, "y")
        name = next(key.keys.split(",")[0] for key in KEYS if key.id == task.key)
        await press(pilot, name)
        await back_on_the_main_screen(app, pilot)
    elif isinstance(task, Reach):
        await press(pilot, "A")
        assert "wants something done" in said(app)
        app.session.lend(prepare(task.example))
        app.training.publish()
        await settle(pilot)
    else:
        await press(pilot, "A")
        assert isinstance(app.screen, AnswerScreen)
        if with_mistakes:
            await answer(pilot, "")
            assert isinstance(app.screen, Ask), "what cannot be understood is asked again"
            wrong = next(text for text in WRONG if is_wrong(play, text))
            before = play.state.wrong
            await answer(pilot, wrong)
            assert play.state.wrong == before + 1
            assert " ".join(play.state.said.split()[:3]) in "\n".join(shown(app))
            assert play.state.said in card_text(app) or " more" in card_text(app)
        await answer(pilot, card.answer)
    assert app.screen is app.main_screen
    assert play.place == number
    assert play.state.is_done, card.card.ask
    assert play.state.said.split()[0] in card_text(app)


def is_wrong(play: LessonPlay, text: str) -> bool:
    return play.card.mark(text).is_right is False


@pytest.mark.slow
@pytest.mark.parametrize(("number", "size"), some_pairs(range(1, 14), SIZES, 5))
async def test_a_lesson_is_played_through(number: int, size: tuple[int, int]) -> None:
    with_mistakes = size == (80, 24)
    async with opened(7, size=size, hidden=(3,)) as (app, pilot):
        before = app.session.trainer
        app.main_screen.lessons.begin(number)
        await settle(pilot)
        play = play_of(app)
        for place in range(len(play.cards)):
            assert play.place == place
            assert f"Lesson {number}, {place + 1} of {len(play.cards)}" in card_text(app)
            await solve(app, pilot, with_mistakes)
            await press(pilot, "A")
        assert play.is_over
        typed = sum(not isinstance(card.task, Press | Reach) for card in play.cards)
        assert play.first_tries == len(play.cards) - (typed if with_mistakes else 0)
        assert f"{play.first_tries} " in card_text(app)
        app.main_screen.lessons.leave()
        await settle(pilot)
        assert app.session.trainer is before
        assert app.frame.snapshot.step == 7
        assert not app.main_screen.query(LessonCard)


async def test_leaving_gives_back_the_run_with_its_edits_and_where_it_stood() -> None:
    async with opened(20) as (app, pilot):
        app.main_screen.editing.make(Edit("weight", "W1[0,0]", -1.0))
        await press(pilot, ".", "n", "n")
        before = app.session.trainer
        edits, parameters = app.session.edits, before.snapshot().parameters.copy()
        await press(pilot, "L", "enter")
        assert app.session.is_lent
        assert app.frame.snapshot.step == 0
        await press(pilot, "n", ".", "r")
        app.main_screen.editing.make(Edit("weight", "W1[0,0]", 5.0))
        await press(pilot, "N", "L")
        assert isinstance(app.screen, LessonsScreen)
        await press(pilot, "home", "enter")
        assert app.session.trainer is before
        assert not app.session.is_lent
        assert app.session.edits == edits
        assert (app.frame.snapshot.parameters == parameters).all()
        assert (app.frame.snapshot.step, app.session.operation) == (21, 1)
        assert not app.session.recovery.offered(), "what was done in the lesson is not kept"


async def test_what_is_kept_at_the_end_is_the_own_run() -> None:
    async with opened(30) as (app, pilot):
        own = app.session.trainer
        await press(pilot, "L", "enter")
        await press(pilot, ">")
        app.session.keep_at_end(even_without_edits=False)
        assert app.session.trainer is own


async def test_a_run_cannot_be_opened_in_a_lesson() -> None:
    from xortui.core.training.run_file import RunFile
    from xortui.tui.recovery import Offered

    async with opened(0) as (app, pilot):
        await press(pilot, "L", "enter")
        run = RunFile.of(Trainer(Recipe(seed=3)))
        app.main_screen.starting.resume(Offered("x", run))
        await settle(pilot)
        assert "Leave the lesson first" in said(app)
        assert app.session.trainer.recipe.seed == 0


async def test_what_is_hidden_is_not_made_yet_and_is_shown_once_it_is_answered() -> None:
    async with opened(0, size=(120, 36)) as (app, pilot):
        app.main_screen.lessons.begin(4)
        await settle(pilot)
        play = play_of(app)
        play.place = 2
        app.main_screen.lessons._set_stage()
        await settle(pilot)
        cursor = app.frame.cursor
        assert cursor is not None
        assert "dW2" not in cursor.known
        number = f"{play.card.snapshot.values['dW2'][0, 0]:+.4f}"
        panes = "\n".join(shown(app)[2:-12])
        assert number not in panes
        await press(pilot, "A")
        await answer(pilot, play.card.answer)
        assert number in "\n".join(shown(app))


async def test_answering_elsewhere_in_the_run_moves_nothing() -> None:
    async with opened(0) as (app, pilot):
        app.main_screen.lessons.begin(3)
        await settle(pilot)
        await press(pilot, ".", ".", "S")
        assert (app.session.trainer.step_number, app.session.operation) == (2, None)


async def test_s_shows_the_answer_and_that_does_not_count() -> None:
    async with opened(0) as (app, pilot):
        app.main_screen.lessons.begin(3)
        await settle(pilot)
        await press(pilot, "S")
        assert "It is -0.3174" in card_text(app)
        play = play_of(app)
        assert (play.state.is_done, play.first_tries) == (True, 0)
        await press(pilot, "S", "A")
        assert play.place == 1
        play.place = len(play.cards) - 1
        await press(pilot, "S", "A")
        assert "0 of 6 were right at the first try" in card_text(app)
        await press(pilot, "A")
        assert play_of(app).number == 4


async def test_the_mistake_that_is_to_be_found_is_hidden() -> None:
    async with opened(0) as (app, pilot):
        app.main_screen.lessons.begin(12)
        await settle(pilot)
        await press(pilot, *["n"] * 10)
        assert "broken" not in "\n".join(shown(app)[1:])
        await press(pilot, "A")
        await answer(pilot, "b")
        assert app.session.show_fault
        await press(pilot, "A")
        assert not app.session.show_fault


async def test_without_a_lesson_its_keys_say_what_they_are_for() -> None:
    async with opened(0) as (app, pilot):
        await press(pilot, "A", "S")
        assert "L lists the lessons" in said(app)
        assert not app.session.is_lent
        await press(pilot, "L", "escape")
        assert not app.session.is_lent


@pytest.mark.slow
@pytest.mark.parametrize("number", some(range(1, 14), 7))
async def test_every_card_can_be_read_to_its_end_on_a_small_screen(number: int) -> None:
    async with opened(0, size=(60, 18)) as (app, pilot):
        app.main_screen.lessons.begin(number)
        play = play_of(app)
        for _ in play.cards:
            await settle(pilot)
            card = app.main_screen.query_one(LessonCard)
            assert card.outer_size.height >= 5
            seen: list[str] = []
            card.first = 0
            for _ in range(card.wanted_height(60)):
                seen += card.as_text().splitlines()
                card.action_scroll_by(1)
            text = " ".join(" ".join(seen).split())
            asked = play.card.words(play.card.card.ask)
            assert all(word in text for word in asked.split())
            assert play.card.words(play.card.card.say).split()[-1] in text
            await press(pilot, "S", "A")
        await pilot.resize_terminal(50, 12)
        await settle(pilot)
        assert "needed is 60x18" in "\n".join(shown(app))


def test_lessons_name_keys_and_views_that_there_are() -> None:
    shown_on = {key.id: key.shown.split()[0] for key in KEYS}
    assert all(shown_on[name] == text for name, text in LESSON_KEYS.items())
    assert set(LESSON_VIEWS) == {*VIEWS, *(name for name, _ in PANES.values())}


def test_progress_is_kept_and_the_best_time_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert read_progress() == {}
    keep_progress(3, 4, 6)
    keep_progress(3, 2, 6)
    keep_progress(1, 6, 6)
    assert read_progress() == {1: (6, 6), 3: (4, 6)}
    file = tmp_path / "xortui" / "lessons.json"
    for text in ("", "[", "[1]", '{"a": 1}', '{"1": [1]}', '{"1": "ab"}', "[" * 9000, "null"):
        file.write_text(text)
        assert read_progress() == {}
    file.write_text(json.dumps({"2": [1, 6]}))
    assert read_progress() == {2: (1, 6)}


async def test_the_list_shows_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    keep_progress(1, 4, 6)
    async with opened(0) as (app, pilot):
        await press(pilot, "L")
        await until(pilot, lambda: "4 of 6 at first try" in "\n".join(shown(app)))
        await press(pilot, "enter")
        assert play_of(app).lesson is lesson(2)


async def test_a_bug_is_found_and_the_tries_are_counted() -> None:
    async with opened(5, size=WIDE) as (app, pilot):
        app.main_screen.lessons.begin_bug("lines", seed=5)
        await settle(pilot)
        assert "Find the bug" in card_text(app)
        assert "broken" not in "\n".join(shown(app))
        await press(pilot, "A")
        await answer(pilot, "a")
        await answer(pilot, "h")
        assert "The sign is flipped" in card_text(app)
        await press(pilot, "A")
        assert "Found at try 2." in card_text(app)
        await press(pilot, "A")
        assert play_of(app).is_bug
        await press(pilot, "S", "A")
        assert "It was shown." in card_text(app)
        await press(pilot, "L", "home", "enter")
        assert app.frame.snapshot.step == 5


async def test_the_list_offers_the_levels_of_a_bug() -> None:
    async with opened(0) as (app, pilot):
        await press(pilot, "L", "end", "enter")
        assert play_of(app).level == "lines"


async def test_lessons_are_offered_once_and_never_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for is_offered in (True, False):
        async with opened(0) as (app, pilot):
            app.offer_lessons()
            await settle(pilot)
            assert ("L lists lessons" in said(app)) is is_offered
    keep_progress(1, 6, 6)
    assert not is_first_time()
