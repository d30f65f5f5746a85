"""Lessons on the main screen: sets the stage of each card, and takes answers."""

import random
from collections.abc import Callable

from xortui.core.lessons.bug import bug_lesson
from xortui.core.lessons.course import lesson, lesson_names
from xortui.core.lessons.lesson import Choice, Find, Sign
from xortui.core.lessons.stage import prepare
from xortui.core.lessons.staged import LETTERS, MISTAKE
from xortui.tui.arrangement import Arrangement
from xortui.tui.frame import Frame
from xortui.tui.keys import KEYS
from xortui.tui.lessons.card import MIN_LINES, LessonCard
from xortui.tui.lessons.play import LessonPlay
from xortui.tui.lessons.progress import keep_progress, read_progress
from xortui.tui.lessons.screens import BUG, LEAVE, AnswerScreen, LessonsScreen
from xortui.tui.run_screen import RunScreen

AROUND = 5  # lines of the screen besides panes and card: title, tabs, timeline, controls, footer
MIN_PANES = 6  # lines that stay for the panes
LOW_PANES = 17  # with fewer lines the pane that a card is about has them alone
KEY_IDS = {name: key.id for key in KEYS for name in key.keys.split(",")}


class Lessons:
    """The lesson that is played on a screen."""

    def __init__(
        self,
        screen: RunScreen,
        divide: Callable[[], object],
        look_at: Callable[[str, bool], object],
    ) -> None:
        """`divide` gives all that is on the screen its room. `look_at` brings a view or pane there,
        alone where that is wanted; empty stands for all as usual."""
        self._screen, self._divide, self._look_at = screen, divide, look_at
        self._play: LessonPlay | None = None
        self._card: LessonCard | None = None

    @property
    def play(self) -> LessonPlay | None:
        """The lesson that is played, if one is."""
        return self._play

    # -- what keys ask for ---------------------------------------------------------------------

    async def choose(self) -> None:
        """The list of all lessons."""
        screen = LessonsScreen(read_progress(), self._play is not None)

        def take(chosen: str | None) -> None:
            if chosen == LEAVE:
                self.leave()
            elif chosen is not None and chosen.startswith(BUG):
                self.begin_bug(chosen.removeprefix(f"{BUG}-"))
            elif chosen is not None:
                self.begin(int(chosen))

        self._screen.training.pause()
        self._screen.training.publish()
        await self._screen.app.push_screen(screen, take)

    def begin(self, number: int) -> None:
        """Play a lesson from its first card on; the person's own run waits."""
        self._begin(LessonPlay(lesson(number), number))

    def begin_bug(self, level: str, seed: int | None = None) -> None:
        """A mistake that is drawn at random, or that of a seed, is to be found."""
        seed = random.randrange(10_000) if seed is None else seed
        self._begin(LessonPlay(bug_lesson(seed, level), level=level))

    def _begin(self, play: LessonPlay) -> None:
        self._screen.app.clear_notifications()
        self._play = play
        if self._card is None:
            self._card = LessonCard(play)
            self._screen.mount(self._card, before="TimelineBar")
        self._card.play = play
        self._set_stage()

    def leave(self) -> None:
        """Back to the person's own run, as it was."""
        if self._play is None:
            return
        self._play = None
        if self._card is not None:
            self._card.remove()
            self._card = None
        screen = self._screen
        screen.training.pause()
        screen.session.give_back()
        self._look_at("", False)
        screen.training.publish()

    async def answer(self) -> None:
        """Ask for the answer of the card; where it is known go on."""
        play = self._play
        if play is None:
            self._screen.notify("A answers the card of a lesson; L lists the lessons.")
        elif play.is_over:
            self._next_lesson(play)
        elif play.is_typed:
            await self._ask(play)
        elif play.state.is_done:
            play.go_on()
            self._set_stage()
        else:
            self._screen.notify("This card wants something done; S skips it.")

    def show_answer(self) -> None:
        """Show the answer of the card."""
        if self._play is not None and not self._play.is_over:
            self._play.show_answer()
            self._reveal()

    def pressed(self, key: str) -> None:
        """A key, as Textual calls it, was pressed on the screen."""
        if self._play is not None and self._play.pressed(KEY_IDS.get(key, "")):
            self._repaint()

    def seen(self, frame: Frame) -> None:
        """There is another frame."""
        if self._play is not None and self._play.seen(frame.snapshot):
            self._repaint()

    # -- where the card stands -----------------------------------------------------------------

    def lines(self, room: Arrangement) -> int:
        """The lines of the card, for which it makes room; 0 where no lesson is played."""
        if self._card is None:
            return 0
        most = max(MIN_LINES, min(room.height - AROUND - MIN_PANES, room.height // 2))
        lines = min(most, max(MIN_LINES, self._card.wanted_height(room.width)))
        self._card.styles.height = lines
        return lines

    def _repaint(self) -> None:
        if self._card is not None:
            self._card.first = 0
            self._card.refresh()
            self._screen.call_later(self._divide)

    # -- a card --------------------------------------------------------------------------------

    def _set_stage(self) -> None:
        """Bring the run to where the card wants it, and what it is about into view."""
        play, screen = self._play, self._screen
        assert play is not None
        screen.training.pause()
        if play.is_over:
            is_own = not (screen.app.is_headless or screen.app.is_web)  # in a browser it is not
            if play.number and is_own:
                keep_progress(play.number, play.first_tries, len(play.cards))
            self._repaint()
            return
        card = play.card
        screen.session.lend(prepare(card.stage), MISTAKE not in card.stage.hide)
        if card.cursor is not None:
            screen.session.move_cursor(card.cursor + 1)
        screen.training.publish()
        room = Arrangement(*screen.app.size)
        is_low = room.height - AROUND - self.lines(room) < LOW_PANES and not room.is_beside
        self._look_at(card.stage.view, is_low)
        self._repaint()

    def _reveal(self) -> None:
        """The task is answered: what was hidden is carried out now, if we still stand there."""
        play, session = self._play, self._screen.session
        assert play is not None
        card, here = play.card, session.operation
        is_there = (session.trainer.step_number, session.trainer.current_recipe) == (
            card.snapshot.step,
            card.snapshot.recipe,
        )
        last = card.revealed
        if is_there and last is not None and (here is None or here < last):
            session.move_cursor(last - (-1 if here is None else here))
        session.show_fault = True
        self._screen.training.publish()
        self._repaint()

    async def _ask(self, play: LessonPlay) -> None:
        task = play.card.task
        hint = "a number, such as 0.25"
        if isinstance(task, Sign):
            hint = "+, - or 0"
        elif isinstance(task, Choice):
            hint = f"one of {', '.join(LETTERS[: len(task.options)])}"
        elif isinstance(task, Find):
            hint = "the name of a number"

        def understand(text: str) -> str:
            mark = play.give(text)
            self._repaint()
            if not mark.is_right:
                raise ValueError(mark.words)
            return text

        def take(given: str | None) -> None:
            if given is not None and play is self._play:
                self._reveal()

        ask = play.card.words(play.card.card.ask)
        await self._screen.app.push_screen(AnswerScreen(ask, hint, understand), take)

    def _next_lesson(self, play: LessonPlay) -> None:
        if play.is_bug:
            self.begin_bug(play.level)
        elif play.number < len(lesson_names()):
            self.begin(play.number + 1)
        else:
            self._screen.notify("That was the last lesson. L lists them all.")
