"""xortui learn: lessons as worksheets, with the numbers of a seed, and their keys."""

import random
from typing import TYPE_CHECKING

from xortui.commands.command import (
    Command,
    Options,
    Parser,
    add_format,
    add_output,
    format_of,
    parse_whole,
    writing,
)
from xortui.core.model.recipe_fields import MAX_SEED
from xortui.exit_codes import FileError, Signals, UsageError, say

if TYPE_CHECKING:
    from xortui.core.lessons.lesson import Lesson

FORMATS = ("text", "markdown", "json")
ALL = "all"


def add_options(parser: Parser) -> None:
    """LESSON, --bug, --level, --list, --seed, --answers, --format, -o."""
    parser.add_argument(
        "lesson",
        metavar="LESSON",
        nargs="?",
        help=f"the number of a lesson, {ALL} for the whole course, or a file of your own; "
        "without it the lessons are listed",
    )
    parser.add_argument(
        "--bug", action="store_true", help="a network with a hidden mistake: find the line"
    )
    parser.add_argument(
        "--level",
        metavar="LEVEL",
        help="with --bug: how much is said: check | numbers | lines (default lines)",
    )
    parser.add_argument("--list", action="store_true", help="list the lessons")
    parser.add_argument(
        "--seed", metavar="S", help="with the numbers of seed S, where the lesson allows it"
    )
    parser.add_argument("--answers", action="store_true", help="the key: with the answers")
    add_format(parser, FORMATS)
    add_output(parser)


def run(options: Options) -> int:
    """Print the lesson that is asked for, or all of them, or their list."""
    format_ = format_of(options, FORMATS)
    seed = None if options.seed is None else parse_whole("--seed", options.seed, 0, MAX_SEED)
    if options.list and options.lesson is not None:
        raise UsageError("--list is of all lessons: leave the lesson out")
    if options.bug and (options.list or options.lesson is not None):
        raise UsageError("--bug is a lesson of its own: leave the lesson and --list out")
    if options.level is not None and not options.bug:
        raise UsageError("--level is about --bug")
    is_list = options.list or (options.lesson is None and not options.bug)
    if is_list and (options.answers or seed is not None):
        raise UsageError("--answers and --seed are about a lesson: say which, such as learn 1")
    from xortui.core.lessons.course import lesson, lesson_names
    from xortui.core.lessons.lesson_file import LessonError
    from xortui.reports import learn

    course = [lesson(number) for number in range(1, len(lesson_names()) + 1)]
    if is_list:
        list_of = {
            "text": learn.list_text,
            "markdown": learn.list_markdown,
            "json": learn.list_json,
        }[format_]
        text, source = list_of(course), None
    else:
        write = {
            "text": learn.learn_text,
            "markdown": learn.learn_markdown,
            "json": learn.learn_json,
        }[format_]
        chosen, source = _chosen(options, seed, course)
        seed = None if options.bug else seed  # the bug has a seed of its own
        try:
            text = write(chosen, seed, options.answers)
        except LessonError as error:
            name = source or f"lesson {options.lesson} with seed {seed}"
            raise FileError(f"cannot use {name}: {error}") from None
    with Signals() as signals, writing(options.file, signals, (source,)) as file:
        file.write(text)
    return 0


def _bug(seed: int | None, level: str | None) -> "Lesson":
    """The bug of a seed; of any where none is given, and that is then said. Raises UsageError."""
    from xortui.core.lessons.bug import LEVELS, LINES, bug_lesson

    level = LINES if level is None else level
    if level not in LEVELS:
        raise UsageError(f"--level cannot be {level!r}; allowed: {', '.join(LEVELS)}")
    if seed is None:
        seed = random.randrange(10_000)
        say(f"the key: xortui learn --bug --seed {seed} --level {level} --answers")
    return bug_lesson(seed, level)


def _chosen(
    options: Options, seed: int | None, course: "list[Lesson]"
) -> "tuple[list[tuple[int | None, Lesson]], str | None]":
    """The lessons that are meant, with their numbers, and the file that one comes from.

    Raises UsageError or FileError.
    """
    from xortui.core.lessons.lesson_file import MAX_BYTES, LessonError, read_lesson

    if options.bug:
        return [(None, _bug(seed, options.level))], None
    text = options.lesson
    if text == ALL:
        return list(enumerate(course, start=1)), None
    if text.isascii() and text.isdigit():
        number = parse_whole("the lesson", text, 1, len(course))
        return [(number, course[number - 1])], None
    try:
        with open(text, "rb") as file:
            return [(None, read_lesson(file.read(MAX_BYTES + 1)))], text
    except LessonError as error:
        raise FileError(f"cannot use {text}: {error}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"cannot read {text}: {reason}") from None


COMMAND = Command("print a lesson as a worksheet", add_options, run, has_recipe=False)
