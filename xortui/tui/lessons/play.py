"""LessonPlay: a lesson that is being played, card by card. No Textual in it."""

from dataclasses import dataclass

from xortui.core.lessons.lesson import Lesson, Press, Reach
from xortui.core.lessons.staged import Marking, StagedCard
from xortui.core.training.snapshot import Snapshot


@dataclass
class CardState:
    """How far a card is: wrong answers so far, whether it is done, and whether it was shown."""

    wrong: int = 0
    is_done: bool = False
    was_shown: bool = False
    said: str = ""

    @property
    def is_first_try(self) -> bool:
        """Whether it was answered rightly at once, by oneself."""
        return self.is_done and not self.wrong and not self.was_shown


class LessonPlay:
    """A lesson, the card that it is at, and how the cards went."""

    def __init__(self, lesson: Lesson, number: int = 0, level: str = "") -> None:
        """`number` is that in the course; `level` that of a bug to be found, else empty."""
        self.lesson, self.number, self.level = lesson, number, level
        self.place = 0
        self.cards = [StagedCard(card) for card in lesson.cards]
        self.states = [CardState() for _ in lesson.cards]

    @property
    def is_bug(self) -> bool:
        """Whether it is a bug to be found, and no lesson of the course."""
        return bool(self.level)

    @property
    def is_over(self) -> bool:
        """Whether all cards are behind us, and there is only the summary."""
        return self.place >= len(self.cards)

    @property
    def card(self) -> StagedCard:
        """The card that it is at."""
        return self.cards[self.place]

    @property
    def state(self) -> CardState:
        """How far that card is."""
        return self.states[self.place]

    @property
    def is_typed(self) -> bool:
        """Whether the card waits for an answer that is typed."""
        is_watched = self.is_over or isinstance(self.card.task, Press | Reach)
        return not is_watched and not self.state.is_done

    def give(self, text: str) -> Marking:
        """An answer to the card, as typed."""
        mark = self.card.mark(text)
        if mark.is_right:
            self._done(mark.words)
        elif mark.is_right is False:
            self.state.wrong += 1
            self.state.said = mark.words
        return mark

    def pressed(self, key: str) -> bool:
        """Whether a key, by its id, is what the card asks for."""
        if self.is_over or self.state.is_done or not isinstance(self.card.task, Press):
            return False
        if self.card.task.key != key:
            return False
        self.give(key)
        return True

    def seen(self, snapshot: Snapshot) -> bool:
        """Whether the run has now come to where the card wants it."""
        if self.is_over or self.state.is_done or not isinstance(self.card.task, Reach):
            return False
        if not self.card.is_reached(snapshot):
            return False
        self._done(self.card.words(self.card.card.after) or "There it is.")
        return True

    def show_answer(self) -> None:
        """Give up: the answer is shown, and the card does not count as answered."""
        if not self.is_over and not self.state.is_done:
            self.state.was_shown = True
            after = self.card.words(self.card.card.after)
            self._done(f"It is {self.card.answer}. {after}".strip())

    def _done(self, words: str) -> None:
        self.state.is_done, self.state.said = True, words

    def go_on(self) -> None:
        """The next card, or the summary."""
        if not self.is_over:
            self.place += 1

    @property
    def first_tries(self) -> int:
        """How many cards were right at the first try."""
        return sum(state.is_first_try for state in self.states)
