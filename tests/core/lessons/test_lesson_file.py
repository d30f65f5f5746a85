"""Lesson files: what one can hold, and one sentence, with the place, for whatever is wrong."""

from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.core.lessons.expression import read
from xortui.core.lessons.functions import FUNCTIONS
from xortui.core.lessons.lesson import (
    KEYS,
    VIEWS,
    Choice,
    Find,
    NumberTask,
    Press,
    Reach,
    Sign,
    Text,
)
from xortui.core.lessons.lesson_file import MAX_BYTES, LessonError, read_lesson
from xortui.core.lessons.scope import KNOWN
from xortui.core.lessons.staged import staged
from xortui.core.training.edit import Edit

HEAD = """
title = "A lesson of my own"
aim = "You can write one."
"""
CARD = """
[[card]]
say = "The loss is {loss}."
ask = "Is it small?"
task = "sign"
answer = "loss"
"""
WHOLE = (
    HEAD
    + """
minutes = 3
[stage]
recipe = { hidden = [3], bias = true, seed = 5 }
view = "truth"

[[card]]
say = "After {step} steps."
ask = "Press n."
task = "press"
key = "operation"
stage = { step = 4, operation = "dW2", view = "operations", hide = ["dW1", "mistake"] }

[[card]]
say = "Unit h₁."
ask = "Find the greatest gradient."
task = "find"
among = "dW1"
right = "abs(it) == max(abs(dW1))"
hints = [{ when = "it_is_large", say = "x" }]

[[card]]
say = "A number."
ask = "How much?"
task = "number"
answer = "b1[0] + 1"
tolerance = 1
show = "new_W1[0,0]"
hints = [{ when = "answer < 0", say = "It is {answer}, and {loss} is above 0." }]
after = "So it is {b1[0]}."

[[card]]
say = "A choice."
ask = "Which?"
task = "choice"
options = [
    { say = "small {loss}", right = "loss < 1" },
    { say = "large", right = "loss >= 1", hint = "No." },
]

[[card]]
say = "Edits."
ask = "Get there."
task = "reach"
until = "step > 10"
stage = { edits = [{ step = 2, kind = "weight", where = "W1[0,0]", value = -1 }], step = 3 }
example = { step = 11 }
"""
)


def error_of(text: str) -> str:
    """What is wrong with a lesson, once its cards are played, too."""
    with pytest.raises(LessonError) as error:
        list(staged(read_lesson(text.encode())))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_all_that_a_lesson_can_hold() -> None:
    lesson = read_lesson(
        WHOLE.replace('hints = [{ when = "it_is_large", say = "x" }]', "").encode()
    )
    assert (lesson.title, lesson.minutes) == ("A lesson of my own", 3)
    tasks = [type(card.task) for card in lesson.cards]
    assert tasks == [Press, Find, NumberTask, Choice, Reach]
    first, _, number, _, last = lesson.cards
    assert first.stage.recipe.hidden == (3,)
    assert (first.stage.step, first.stage.operation, first.stage.view) == (4, "dW2", "operations")
    assert lesson.cards[1].stage.view == "truth", "what a card leaves out is as in the lesson"
    assert (number.task.tolerance, number.show) == (1.0, "new_W1[0,0]")  # type: ignore[union-attr]
    assert last.stage.edits == ((2, Edit("weight", "W1[0,0]", -1.0)),)
    assert last.task.example.step == 11  # type: ignore[union-attr]
    played = list(staged(lesson))
    loss = Text("{loss}", (read("loss"),))
    assert played[0].operation is not None
    assert played[2].mark("-7").words == f"It is -7, and {played[2].words(loss)} is above 0."
    assert played[4].snapshot.parameters[0] != 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "this is no TOML"),
        ("a = " + "[" * 5000, "this is no TOML"),
        ("", "title: is missing"),
        ("title = 3", "title: cannot be 3; it is a text"),
        (HEAD, "card: is missing"),
        (HEAD + "card = []", "at least one card"),
        (HEAD + "card = [1]", "card 1: is a table"),
        (HEAD + "card = 1", "card: cannot be 1"),
        (HEAD + "colour = 1\n" + CARD, 'there is no key "colour" here; there are aim, card'),
        (HEAD + "minutes = 0\n" + CARD, "minutes: cannot be 0; it is a whole number from 1 to 60"),
        (HEAD + "minutes = true\n" + CARD, "minutes: cannot be True"),
        (HEAD + CARD * 41, "card: there are more than 40"),
        (HEAD + CARD + CARD.replace('say = "The', 'said = "The'), "card 2 say: is missing"),
        (HEAD + CARD + 'colour = "red"', 'card 1: there is no key "colour" here'),
        (HEAD + CARD.replace("{loss}", "{los}"), 'card 1: there is nothing called "los" here'),
        (HEAD + CARD.replace("{loss}", "{loss"), "card 1 say: has a brace without"),
        (HEAD + CARD.replace("{loss}", "{1 +}"), 'card 1 say: "1 +" is no expression'),
        (
            HEAD + CARD.replace('"sign"', '"sing"'),
            'card 1 task: cannot be "sing"; it is one of press',
        ),
        (HEAD + CARD.replace('"loss"', '"W1[9,9]"'), 'card 1: W1 has no number "9,9"; name one'),
        (HEAD + CARD.replace('"loss"', '"open(1)"'), 'card 1 answer: there is no function "open"'),
        (HEAD + CARD.replace('"loss"', "3"), "card 1 answer: cannot be 3; it is an expression"),
        (HEAD + CARD.replace("The loss", "x" * 1300), "card 1 say: has more than 1,200 characters"),
        (HEAD + CARD + "stage = 1", "card 1 stage: cannot be 1; it is a table"),
        (HEAD + CARD + "stage = { step = -1 }", "card 1 stage step: cannot be -1"),
        (HEAD + CARD + 'stage = { view = "x" }', 'card 1 stage view: cannot be "x"; it is one of'),
        (
            HEAD + CARD + "stage = { recipe = { seed = -1 } }",
            "card 1 stage recipe: seed cannot be -1",
        ),
        (
            HEAD + CARD + "stage = { recipe = { sed = 1 } }",
            "card 1 stage recipe: a recipe has no key",
        ),
        (HEAD + CARD + "stage = { hide = [1] }", "card 1 stage hide: is a list of names"),
        (HEAD + CARD + 'stage = { hide = ["W7"] }', 'card 1: there is nothing called "W7" to hide'),
        (HEAD + CARD + 'stage = { operation = "W7" }', "card 1: there is no operation that makes"),
        (
            HEAD
            + CARD
            + 'stage = { edits = [{ step = 1, kind = "weight", where = "W7[0,0]", value = 1 }] }',
            "card 1 stage edits 1: this network has no parameter W7[0,0]",
        ),
        (
            HEAD + CARD + 'stage = { edits = [{ kind = "x" }] }',
            "card 1 stage edits 1 step: is missing",
        ),
        (
            HEAD + CARD + 'stage = { edits = [{ step = 1, kind = "x" }] }',
            "card 1 stage edits 1: there is no edit called 'x'",
        ),
        (HEAD + CARD + 'show = "W7"', 'card 1: there is no number called "W7"'),
        (HEAD + CARD + "hints = 1", "card 1 hints: cannot be 1; it is a list of tables"),
        (HEAD + CARD + 'hints = [{ say = "x" }]', "card 1 hints 1 when: is missing"),
        (
            HEAD + CARD + 'hints = [{ when = "answer", say = "x" }]',
            'card 1: "answer" is neither true nor false',
        ),
        (WHOLE, 'card 2: there is nothing called "it_is_large" here'),
        (
            HEAD + CARD.replace('"sign"', '"number"') + "tolerance = 0",
            "card 1 tolerance: is a number above 0",
        ),
        (
            HEAD + CARD.replace('"sign"\nanswer = "loss"', '"press"\nkey = "q"'),
            'card 1 key: cannot be "q"',
        ),
        (
            HEAD + CARD.replace('"sign"\nanswer = "loss"', '"find"\namong = "q"\nright = "it > 0"'),
            'card 1: there is nothing called "q" here',
        ),
        (
            HEAD + CARD.replace('"sign"\nanswer = "loss"', '"find"\namong = "X"\nright = "it > 1"'),
            "card 1: no answer is right",
        ),
        (
            HEAD + CARD.replace('"sign"\nanswer = "loss"', '"reach"\nuntil = "step > 5"\n'),
            "card 1: the example does not reach what is to be reached",
        ),
        (
            HEAD
            + CARD.replace(
                '"sign"\nanswer = "loss"',
                '"choice"\noptions = [{ say = "a", right = "1>2" }, { say = "b", right = "1>2" }]',
            ),
            "card 1: no answer is right",
        ),
        (
            HEAD
            + CARD.replace(
                '"sign"\nanswer = "loss"', '"choice"\noptions = [{ say = "a", right = "True" }]'
            ),
            "card 1 options: there are at least 2 to choose from",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, words: str) -> None:
    assert error_of(text).startswith(words) or words in error_of(text), error_of(text)


def test_what_is_no_text_or_too_long_is_refused() -> None:
    with pytest.raises(LessonError, match="UTF-8"):
        read_lesson(b"\xff\xfe")
    with pytest.raises(LessonError, match="at most 200,000 bytes"):
        read_lesson(b" " * (MAX_BYTES + 1))


def test_a_sentence_of_a_file_can_do_a_terminal_no_harm() -> None:
    text = (HEAD + CARD).replace("The loss", "The \\u001b[31mloss")
    assert "\x1b" not in read_lesson(text.encode()).cards[0].say.text


def test_a_sign_that_is_none_is_refused() -> None:
    stage = "stage = { recipe = { learning_rate = 100.0 }, step = 200 }"
    assert "not finite" in error_of(HEAD + CARD + stage)
    assert isinstance(read_lesson((HEAD + CARD).encode()).cards[0].task, Sign)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_file_does_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(LessonError):
        read_lesson(data)


@given(st.data())
def test_a_file_with_a_part_lost_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    end = data.draw(st.integers(start, min(len(WHOLE), start + 40)))
    with suppress(LessonError):
        read_lesson((WHOLE[:start] + WHOLE[end:]).encode())


def test_the_example_of_the_readme_is_a_lesson_and_its_lists_are_whole() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## In a classroom") : readme.index("## How it is built")]
    block = section[section.index('    title = "') : section.index("\n\n| key of a stage")]
    [card] = staged(read_lesson(dedent(block).encode()))
    assert card.answer == "+"
    words = " ".join(section.split())
    assert ", ".join(VIEWS) in words
    assert ", ".join(KEYS) in words
    for name in (*FUNCTIONS, *KNOWN):
        assert name in section
