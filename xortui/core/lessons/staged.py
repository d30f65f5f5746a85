"""A card with its stage set: its numbers, its texts, what is right, and how answers are marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xortui.core.explain.arithmetic import format_number
from xortui.core.explain.places import (
    UPDATED,
    Place,
    PlaceError,
    arrays_of,
    parse_place,
    place_text,
)
from xortui.core.explain.why import why
from xortui.core.lessons.lesson import (
    KEYS,
    Card,
    Choice,
    Find,
    Lesson,
    NumberTask,
    Press,
    Reach,
    Sign,
    Text,
)
from xortui.core.lessons.lesson_file import LessonError
from xortui.core.lessons.scope import ExpressionError, Scope
from xortui.core.lessons.stage import scope_of, snapshot_of, stage_words
from xortui.core.model.operation import UPDATE, Operation
from xortui.core.text.shortened import shortened
from xortui.core.training.snapshot import Snapshot

SHARE = 0.01  # how far off a number may be where its task does not say: a hundredth of it
MISTAKE = "mistake"  # hides where a mistake was made
SIGNS = {1: "+", -1: "-", 0: "0"}
LETTERS = "abcdefghi"


@dataclass(frozen=True)
class Marking:
    """What is said to an answer. `is_right` is None where it could not be understood."""

    is_right: bool | None
    words: str


class StagedCard:
    """A card and a run of its own, from which all its numbers come.

    The methods raise ExpressionError or PlaceError where the lesson asks for what the run has not.
    """

    def __init__(self, card: Card, seed: int | None = None) -> None:
        self.card = card
        self.stage = card.stage.seeded(seed)
        self.seed = seed
        self.task = card.task

    @cached_property
    def snapshot(self) -> Snapshot:
        """The numbers of the stage."""
        return snapshot_of(self.stage)

    @cached_property
    def scope(self) -> Scope:
        """What the card's expressions are about."""
        return scope_of(self.stage, self.snapshot)

    @property
    def operation(self) -> int | None:
        """Which operation of the step was carried out last, from 0; None between steps.

        Raises ExpressionError where there is no such operation.
        """
        name = self.stage.operation
        if not name:
            return None
        for index, item in enumerate(self.snapshot.network.operations):
            if name == _made(item):
                return index
        raise ExpressionError(f"there is no operation that makes {shortened(name)}")

    @property
    def cursor(self) -> int | None:
        """The operation at which the run stands until the task is answered: the one that the stage
        names, or before the first that makes what is hidden. None stands before all of them."""
        here = [place - 1 for place in self._hidden]
        here += [] if self.operation is None else [self.operation]
        place = min(here, default=-1)
        return place if place >= 0 else None

    @property
    def revealed(self) -> int | None:
        """The operation after which nothing is hidden any more; None where nothing was."""
        return max(self._hidden, default=None)

    @property
    def _hidden(self) -> list[int]:
        """The operations that make what is hidden."""
        made = [_made(item) for item in self.snapshot.network.operations]
        return [made.index(name) for name in self.stage.hide if name in made]

    # -- texts ---------------------------------------------------------------------------------

    def words(self, text: Text | None, extra: Mapping[str, float] | None = None) -> str:
        """A text with its numbers filled in."""
        if text is None:
            return ""
        scope = Scope(self.snapshot, self.scope.at, extra or {})
        numbers = iter([_figure(item.number(scope)) for item in text.numbers])
        return Text.HOLE.sub(lambda _: next(numbers), text.text)

    @property
    def shown_sum(self) -> str:
        """The number that the card is about, written out; empty where it is about none."""
        if not self.card.show:
            return ""
        name = self.card.show
        name = f"{name[4:].replace('[', '+[', 1)}" if name.startswith("new_") else name
        link = why(parse_place(self.snapshot, name), self.scope.at)
        if link.explanation is not None:
            return link.explanation.text
        return f"{link.title} = {format_number(link.value, signed=True)}. {link.words}"

    # -- what is right -------------------------------------------------------------------------

    @property
    def answer(self) -> str:
        """The right answer, as a learner would give it; of several all, with commas."""
        match self.task:
            case Press(key=key):
                return KEYS[key]
            case Find():
                return ", ".join(place_text(place) for place in self._found())
            case Sign(answer=answer):
                return SIGNS[int(np.sign(_finite(answer.number(self.scope))))]
            case NumberTask(answer=answer):
                return format_number(answer.number(self.scope), signed=True)
            case Choice():
                return ", ".join(LETTERS[index] for index in self._right_options())
            case Reach(example=example):
                return f"for example: {stage_words(example.seeded(self.seed))}"

    def _found(self) -> list[Place]:
        """All numbers that a task to find one accepts."""
        task = self.task
        assert isinstance(task, Find)
        arrays = arrays_of(self.snapshot)
        if task.among not in arrays:
            raise ExpressionError(f"there is nothing called {shortened(task.among)} here")
        array = arrays[task.among]
        return [
            Place(task.among, index, self.snapshot.step)
            for index in np.ndindex(*array.shape)
            if task.right.truth(Scope(self.snapshot, self.scope.at, {"it": float(array[index])}))
        ]

    def _right_options(self) -> list[int]:
        task = self.task
        assert isinstance(task, Choice)
        scope = self.scope
        return [at for at, option in enumerate(task.options) if option.right.truth(scope)]

    def is_reached(self, snapshot: Snapshot) -> bool:
        """Whether a run stands where the task wants it, by its numbers alone.

        A run that lacks what is asked for, as another network may, does not.
        """
        assert isinstance(self.task, Reach)
        try:
            return self.task.until.truth(Scope(snapshot, self.scope.at))
        except ExpressionError:
            return False

    def check(self) -> None:
        """Raise LessonError where the card cannot be played: something in it has no value, no
        answer is right, or the example does not reach what it should."""
        try:
            for text in (self.card.say, self.card.ask, self.card.after):
                self.words(text)
            for hint in self.card.hints:
                hint.when.truth(Scope(self.snapshot, self.scope.at, {"answer": 0.0}))
                self.words(hint.say, {"answer": 0.0})
            _ = self.operation, self.shown_sum
            arrays = arrays_of(self.snapshot)
            for name in self.stage.hide:
                if name != MISTAKE and name not in arrays:
                    raise LessonError(f"there is nothing called {shortened(name)} to hide")
            if not self.answer:
                raise LessonError("no answer is right")
            if isinstance(self.task, Choice):
                for option in self.task.options:
                    self.words(option.say)
                    self.words(option.hint)
            if isinstance(self.task, Reach):
                there = snapshot_of(self.task.example.seeded(self.seed))
                if not self.is_reached(there):
                    raise LessonError("the example does not reach what is to be reached")
        except (ExpressionError, PlaceError) as error:
            raise LessonError(str(error)) from None

    # -- answers -------------------------------------------------------------------------------

    def mark(self, given: str) -> Marking:
        """What is to be said to an answer as typed; for tasks that are answered with words."""
        match self.task:
            case NumberTask(answer=answer, tolerance=tolerance):
                return self._mark_number(given, answer.number(self.scope), tolerance)
            case Sign():
                return self._mark_sign(given)
            case Choice(options=options):
                if len(given.strip()) != 1 or given.strip().lower() not in LETTERS[: len(options)]:
                    return Marking(None, f"Choose one of {', '.join(LETTERS[: len(options)])}.")
                chosen = LETTERS.index(given.strip().lower())
                if chosen in self._right_options():
                    return self._right()
                return Marking(False, self.words(options[chosen].hint) or "That is not it.")
            case Find():
                return self._mark_place(given)
            case Press(key=key):
                return self._right() if given == key else Marking(False, f"Press {KEYS[key]}.")
            case Reach():
                return Marking(None, "Bring the run there; it is noticed.")

    def _right(self) -> Marking:
        return Marking(True, self.words(self.card.after) or "Right.")

    def _mark_number(self, given: str, right: float, tolerance: float | None) -> Marking:
        number = _typed_number(given)
        if number is None:
            return Marking(None, "Type a number, such as 0.25 or -1.5e-3.")
        allowed = max(abs(right) * SHARE, 1e-12) if tolerance is None else tolerance
        if abs(number - right) <= allowed:
            return self._right()
        if hint := self._hint(number):
            return Marking(False, hint)
        rows = len(self.snapshot.labels)
        for other, words in (
            (-right, "The size is right, the sign is not."),
            (right / rows, f"That is the mean over the {rows} rows; here the sum is asked for."),
            (right * rows, f"That is {rows} times too much: a sum where a mean is asked for?"),
        ):
            if right and abs(number - other) <= abs(other) * SHARE:
                return Marking(False, words)
        is_more = number > right
        return Marking(False, f"That is too {'large' if is_more else 'small'}. Look at each term.")

    def _mark_sign(self, given: str) -> Marking:
        text = given.strip().replace("−", "-")
        if text not in SIGNS.values():
            return Marking(None, "Answer with +, - or 0.")
        if text == self.answer:
            return self._right()
        value = {"+": 1.0, "-": -1.0, "0": 0.0}[text]
        return Marking(False, self._hint(value) or "That is not its sign.")

    def _mark_place(self, given: str) -> Marking:
        try:
            place = parse_place(self.snapshot, given)
        except PlaceError as error:
            return Marking(None, f"{str(error)[0].upper()}{str(error)[1:]}.")
        if place in self._found():
            return self._right()
        value = float(arrays_of(self.snapshot)[place.name][place.index])
        return Marking(False, self._hint(value) or f"{place_text(place)} is {_figure(value)}.")

    def _hint(self, given: float) -> str:
        extra = {"answer": given}
        for hint in self.card.hints:
            if hint.when.truth(Scope(self.snapshot, self.scope.at, extra)):
                return self.words(hint.say, extra)
        return ""


def staged(lesson: Lesson, seed: int | None = None) -> Iterator[StagedCard]:
    """The cards of a lesson, checked one by one. Raises LessonError with the place."""
    for number, card in enumerate(lesson.cards, start=1):
        found = StagedCard(card, seed)
        try:
            found.check()
        except LessonError as error:
            raise LessonError(f"card {number}: {error}") from None
        yield found


def _made(operation: Operation) -> str:
    """What an operation makes, W1+ where it updates W1."""
    return operation.target + UPDATED * (operation.phase == UPDATE)


def _figure(value: float) -> str:
    """A number in a sentence: as short as it is, or in four significant digits."""
    if not np.isfinite(value):
        return format_number(value)
    text = str(int(value)) if value == round(value) and abs(value) < 1e6 else repr(value)
    return text if len(text) <= 6 else format_number(value)


def _finite(value: float) -> float:
    if not np.isfinite(value):
        raise ExpressionError("a number that is not finite has no sign to predict")
    return value


def _typed_number(text: str) -> float | None:
    plain = text.strip().replace("−", "-").replace(",", ".")
    if not plain.isascii() or len(plain) > 40 or "_" in plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
