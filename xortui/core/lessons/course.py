"""The lessons that come with the program, in their order."""

from functools import cache
from importlib.resources import files

from xortui.core.lessons.lesson import Lesson
from xortui.core.lessons.lesson_file import read_lesson


@cache
def lesson_names() -> tuple[str, ...]:
    """The files of the lessons: lesson 1 first."""
    found = (files("xortui") / "lessons").iterdir()
    return tuple(sorted(item.name for item in found if item.name.endswith(".toml")))


@cache
def lesson(number: int) -> Lesson:
    """A lesson by its number, from 1. Raises IndexError where there is none."""
    if not 1 <= number <= len(lesson_names()):
        raise IndexError(f"there is no lesson {number}")
    return read_lesson((files("xortui") / "lessons" / lesson_names()[number - 1]).read_bytes())
