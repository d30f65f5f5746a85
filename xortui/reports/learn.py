"""What `xortui learn` prints: a list of lessons, a lesson as a worksheet, and its key."""

import json
import shlex
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from xortui.core.lessons.lesson import Choice, Lesson, Press, Reach
from xortui.core.lessons.staged import LETTERS, StagedCard, staged
from xortui.core.model.recipe_words import in_words

WIDTH = 80
BLANK = "_" * 20

Numbered = tuple[int | None, Lesson]  # a lesson, and its number where it has one


def list_text(lessons: Sequence[Lesson]) -> str:
    """One line a lesson, and below it its aim."""
    lines = ["Lessons: xortui learn N prints one, --format markdown as a worksheet.", ""]
    for number, lesson in enumerate(lessons, start=1):
        lines.append(f"{number:3}  {lesson.title} ({lesson.minutes} minutes)")
        lines += textwrap.wrap(lesson.aim, WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 5)
    return "\n".join(lines) + "\n"


def list_markdown(lessons: Sequence[Lesson]) -> str:
    """The same as a numbered list."""
    lines = [
        f"{number}. **{lesson.title}** ({lesson.minutes} minutes). {lesson.aim}"
        for number, lesson in enumerate(lessons, start=1)
    ]
    return "\n".join(["# Lessons", "", *lines]) + "\n"


def list_json(lessons: Sequence[Lesson]) -> str:
    """The same as one JSON object."""
    data = [
        {
            "number": number,
            "title": lesson.title,
            "aim": lesson.aim,
            "minutes": lesson.minutes,
            "cards": len(lesson.cards),
        }
        for number, lesson in enumerate(lessons, start=1)
    ]
    return json.dumps({"lessons": data}, ensure_ascii=False) + "\n"


def learn_markdown(lessons: Sequence[Numbered], seed: int | None, answers: bool) -> str:
    """Lessons as a worksheet in Markdown, or as its key. Raises LessonError."""
    blocks: list[str] = []
    for number, lesson in lessons:
        blocks += [f"# {_title(number, lesson)}", _about(lesson, seed)]
        for place, card, is_new in _cards(lesson, seed):
            blocks.append(f"## {place}")
            if is_new:
                blocks.append(_setting(card, code="`"))
            blocks += [card.words(card.card.say), f"**{card.words(card.card.ask)}**"]
            if isinstance(card.task, Choice):
                blocks.append("\n".join(f"- {option}" for option in _options(card)))
            blocks += [f"**{_key(card)}**", *_why(card)] if answers else [_room(card)]
    return "\n\n".join(blocks) + "\n"


def learn_text(lessons: Sequence[Numbered], seed: int | None, answers: bool) -> str:
    """The same as plain text of at most 80 columns. Raises LessonError."""
    lines: list[str] = []
    for number, lesson in lessons:
        title = _title(number, lesson)
        lines += [title, "=" * len(title), "", *_wrapped(_about(lesson, seed)), ""]
        for place, card, is_new in _cards(lesson, seed):
            if is_new:
                lines += [*_wrapped(_setting(card)), ""]
            lines += _wrapped(f"{place}. {card.words(card.card.say)}", "   ")
            lines += ["", *_wrapped(f"   {card.words(card.card.ask)}", "   ")]
            if isinstance(card.task, Choice):
                lines += [
                    line for item in _options(card) for line in _wrapped(f"   {item}", " " * 6)
                ]
            said = [_key(card), *_why(card)] if answers else [_room(card)]
            lines += [line for item in said for line in _wrapped(f"   {item}", " " * 6)]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def learn_json(lessons: Sequence[Numbered], seed: int | None, answers: bool) -> str:
    """The same as one JSON object. Raises LessonError."""
    data = [
        {
            "number": number,
            "title": lesson.title,
            "aim": lesson.aim,
            "minutes": lesson.minutes,
            "seed": seed,
            "cards": [_card_data(card, answers) for _, card, _ in _cards(lesson, seed)],
        }
        for number, lesson in lessons
    ]
    return json.dumps({"lessons": data}, ensure_ascii=False) + "\n"


def _cards(lesson: Lesson, seed: int | None) -> Iterator[tuple[int, StagedCard, bool]]:
    """The cards with their numbers, and whether each has another setting than the one before."""
    before: tuple[object, ...] = ()
    for place, card in enumerate(staged(lesson, seed), start=1):
        stage = card.stage
        here = stage.recipe, stage.edits, stage.step
        yield place, card, here != before
        before = here


def _title(number: int | None, lesson: Lesson) -> str:
    return lesson.title if number is None else f"Lesson {number}: {lesson.title}"


def _about(lesson: Lesson, seed: int | None) -> str:
    numbers = "" if seed is None else f" The numbers are those of seed {seed}."
    return f"{lesson.aim} It takes about {lesson.minutes} minutes.{numbers}"


def _setting(card: StagedCard, code: str = "") -> str:
    """The run that a card is about, and the command that brings it up."""
    stage, step = card.stage, card.snapshot.step
    recipe = stage.recipe
    is_broken = recipe.mistake is not None and "mistake" in stage.hide
    changes = "".join(f", {edit.describe(recipe)} at step {step:,}" for step, edit in stage.edits)
    words = in_words(recipe) if not is_broken else in_words(recipe).partition(", broken")[0]
    words = f"The run: {words}{changes}, step {step:,}."
    command = _command(card)
    return f"{words} In the app: {code}{command}{code}" if command and not is_broken else words


def _command(card: StagedCard) -> str:
    """The command line for a stage; empty where its edits have none."""
    stage, step = card.stage, card.snapshot.step
    if stage.edits:
        return ""
    goto = ["--goto", str(step)] if step else []
    return shlex.join(["xortui", *stage.recipe.to_arguments(), *goto])


def _options(card: StagedCard) -> list[str]:
    task = card.task
    assert isinstance(task, Choice)
    return [
        f"{letter}) {card.words(option.say)}"
        for letter, option in zip(LETTERS, task.options, strict=False)
    ]


def _room(card: StagedCard) -> str:
    """Where the answer is written."""
    return "Done: ( )" if isinstance(card.task, Press | Reach) else f"Answer: {BLANK}"


def _key(card: StagedCard) -> str:
    return f"Answer: {card.answer}"


def _why(card: StagedCard) -> list[str]:
    """The sum, and what is said when the answer is known."""
    return [words for words in (card.shown_sum, card.words(card.card.after)) if words]


def _card_data(card: StagedCard, answers: bool) -> dict[str, Any]:
    stage = card.stage
    data: dict[str, Any] = {
        "recipe": stage.recipe.to_json(),
        "edits": [{"step": step, **edit.to_json()} for step, edit in stage.edits],
        "step": card.snapshot.step,
        "operation": stage.operation or None,
        "view": stage.view or None,
        "command": _command(card) or None,
        "say": card.words(card.card.say),
        "ask": card.words(card.card.ask),
        "task": type(card.task).__name__.lower(),
        "options": _options(card) if isinstance(card.task, Choice) else [],
    }
    if answers:
        data |= {
            "answer": card.answer,
            "sum": card.shown_sum or None,
            "after": card.words(card.card.after) or None,
        }
    return data


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
