"""Lessons as files: TOML, read with care. Whatever is wrong with one is said in one sentence."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xortui.core.lessons.expression import Expression, read
from xortui.core.lessons.lesson import (
    KEYS,
    VIEWS,
    Card,
    Choice,
    Find,
    Hint,
    Lesson,
    NumberTask,
    Option,
    Press,
    Reach,
    Sign,
    Stage,
    Task,
    Text,
)
from xortui.core.lessons.scope import ExpressionError
from xortui.core.model.recipe import Recipe
from xortui.core.text.harmless import harmless
from xortui.core.text.shortened import shortened
from xortui.core.training.edit import Edit

MAX_BYTES = 200_000
MAX_CARDS, MAX_OPTIONS, MAX_TEXT = 40, 9, 1_200
MAX_STEP, MAX_EDITS = 100_000, 50


class LessonError(ValueError):
    """A lesson that cannot be used. The message is one sentence, and begins with the place."""


def read_lesson(data: bytes) -> Lesson:
    """The lesson that a file holds. Raises LessonError."""
    if len(data) > MAX_BYTES:
        raise LessonError(f"a lesson has at most {MAX_BYTES:,} bytes")
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise LessonError("a lesson is a text file in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LessonError(f"this is no TOML: {_one_line(error)}") from None
    return _lesson(_Table(table, ""))


def _one_line(error: Exception) -> str:
    return harmless(str(error) or "nested too deeply")[:200]


class _Table:
    """A table of the file, and what stands where in it; keys that nobody asks for are errors."""

    def __init__(self, data: Mapping[str, Any], place: str) -> None:
        self._data, self._place = data, place
        self._asked: set[str] = set()

    def fail(self, key: str, words: str) -> LessonError:
        """An error about what stands at a key, or about the table."""
        path = " ".join(part for part in (self._place, key) if part)
        return LessonError(f"{path}: {words}" if path else words)

    def has(self, key: str) -> bool:
        return key in self._data

    def get(self, key: str, kind: type, words: str, default: Any = None) -> Any:
        """What stands at a key. It must be of the type, which `words` name."""
        self._asked.add(key)
        if key not in self._data:
            if default is None:
                raise self.fail(key, f"is missing; it is {words}")
            return default
        value = self._data[key]
        is_kind = isinstance(value, kind) or (kind is float and type(value) is int)
        if not is_kind or (kind is not bool and isinstance(value, bool)):
            raise self.fail(key, f"cannot be {shortened(value)}; it is {words}")
        return value

    def words(self, key: str, default: str | None = None) -> str:
        """A text of some length."""
        text: str = self.get(key, str, "a text", default)
        if len(text) > MAX_TEXT:
            raise self.fail(key, f"has more than {MAX_TEXT:,} characters")
        return harmless(" ".join(text.split()))

    def text(self, key: str) -> Text:
        """A text with numbers in braces."""
        words = self.words(key)
        rest = Text.HOLE.sub("", words)
        if "{" in rest or "}" in rest:
            raise self.fail(key, "has a brace without its other half")
        numbers = [self._read(key, hole) for hole in Text.HOLE.findall(words)]
        return Text(words, tuple(numbers))

    def text_or_none(self, key: str) -> Text | None:
        return self.text(key) if self.has(key) else None

    def expression(self, key: str) -> Expression:
        text: str = self.get(key, str, 'an expression as a text, such as "dW1[0,1]"')
        return self._read(key, text)

    def _read(self, key: str, text: str) -> Expression:
        try:
            return read(text)
        except ExpressionError as error:
            raise self.fail(key, str(error)) from None

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        words = f"a whole number from {least} to {most:,}"
        value: int = self.get(key, int, words, default)
        if not least <= value <= most:
            raise self.fail(key, f"cannot be {shortened(value)}; it is {words}")
        return value

    def one_of(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        words = f"one of {', '.join(allowed)}"
        value: str = self.get(key, str, words, default)
        if value not in allowed and value != default:
            raise self.fail(key, f"cannot be {shortened(value)}; it is {words}")
        return value

    def tables(self, key: str, most: int, is_needed: bool = False) -> "list[_Table]":
        """A list of tables, counted from 1 in errors."""
        items = self.get(key, list, "a list of tables", None if is_needed else [])
        if len(items) > most:
            raise self.fail(key, f"there are more than {most}")
        name = " ".join(part for part in (self._place, key) if part)
        found = []
        for number, item in enumerate(items, start=1):
            if not isinstance(item, dict):
                raise self.fail(f"{key} {number}", "is a table")
            found.append(_Table(item, f"{name} {number}"))
        return found

    def table(self, key: str) -> "_Table":
        data = self.get(key, dict, "a table", {})
        name = " ".join(part for part in (self._place, key) if part)
        return _Table(data, name)

    def data(self, key: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.get(key, dict, "a table", {})
        return found

    def finish(self) -> None:
        """Raise LessonError for a key that nobody has asked for."""
        for key in self._data:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.fail("", f"there is no key {shortened(key)} here; there are {known}")


def _lesson(table: _Table) -> Lesson:
    title, aim = table.words("title"), table.words("aim")
    minutes = table.whole("minutes", 1, 60, 5)
    shared = table.table("stage")
    stage = _stage(shared, Stage())
    cards = tuple(_card(item, stage) for item in table.tables("card", MAX_CARDS, is_needed=True))
    if not cards:
        raise LessonError("a lesson has at least one card")
    table.finish()
    return Lesson(title, aim, minutes, cards)


def _stage(table: _Table, shared: Stage) -> Stage:
    """A stage; what it leaves out is as in the shared one."""
    recipe = shared.recipe
    try:
        given = shared.recipe.to_json() | dict(table.data("recipe"))
        if "mistake" in table.data("recipe") and given["mistake"] == "none":
            del given["mistake"]
        recipe = Recipe.from_json(given)
    except (ValueError, TypeError) as error:
        raise table.fail("recipe", str(error)) from None
    edits = tuple(_edit(item, recipe) for item in table.tables("edits", MAX_EDITS))
    hide = table.get("hide", list, "a list of names", list(shared.hide))
    if not all(isinstance(name, str) for name in hide):
        raise table.fail("hide", "is a list of names")
    stage = replace(
        shared,
        recipe=recipe,
        edits=edits or shared.edits,
        step=table.whole("step", 0, MAX_STEP, shared.step),
        operation=table.words("operation", shared.operation),
        view=table.one_of("view", VIEWS, shared.view),
        hide=tuple(map(harmless, hide)),
        fixed_seed=table.get("fixed_seed", bool, "true or false", shared.fixed_seed),
    )
    table.finish()
    return stage


def _edit(table: _Table, recipe: Recipe) -> tuple[int, Edit]:
    step = table.whole("step", 0, MAX_STEP)
    data = {key: table.get(key, object, "") for key in ("kind", "where", "value") if table.has(key)}
    table.finish()
    try:
        edit = Edit.from_json(data)
        edit.check(recipe)
    except ValueError as error:
        raise table.fail("", str(error)) from None
    return step, edit


def _card(table: _Table, shared: Stage) -> Card:
    stage = _stage(table.table("stage"), shared)
    say, ask = table.text("say"), table.text("ask")
    task = _TASKS[table.one_of("task", tuple(_TASKS))](table, stage)
    hints = tuple(_hint(item) for item in table.tables("hints", MAX_OPTIONS))
    after = table.text_or_none("after")
    show = table.words("show", _own_number(task))
    table.finish()
    return Card(stage, say, ask, task, hints, after, show)


def _own_number(task: Task) -> str:
    """The number that the task is about, where it is about one."""
    if isinstance(task, NumberTask | Sign) and task.answer.place is not None:
        return task.answer.text.strip()
    return ""


def _hint(table: _Table) -> Hint:
    hint = Hint(table.expression("when"), table.text("say"))
    table.finish()
    return hint


def _press(table: _Table, stage: Stage) -> Task:
    return Press(table.one_of("key", tuple(KEYS)))


def _find(table: _Table, stage: Stage) -> Task:
    return Find(table.words("among"), table.expression("right"))


def _sign(table: _Table, stage: Stage) -> Task:
    return Sign(table.expression("answer"))


def _number(table: _Table, stage: Stage) -> Task:
    tolerance = None
    if table.has("tolerance"):
        tolerance = float(table.get("tolerance", float, "a number above 0"))
        if not 0 < tolerance < 1e12:
            raise table.fail("tolerance", "is a number above 0")
    return NumberTask(table.expression("answer"), tolerance)


def _choice(table: _Table, stage: Stage) -> Task:
    options = []
    for item in table.tables("options", MAX_OPTIONS, is_needed=True):
        options.append(
            Option(item.text("say"), item.expression("right"), item.text_or_none("hint"))
        )
        item.finish()
    if len(options) < 2:
        raise table.fail("options", "there are at least 2 to choose from")
    return Choice(tuple(options))


def _reach(table: _Table, stage: Stage) -> Task:
    return Reach(table.expression("until"), _stage(table.table("example"), stage))


_TASKS: dict[str, Callable[[_Table, Stage], Task]] = {
    "press": _press,
    "find": _find,
    "sign": _sign,
    "number": _number,
    "choice": _choice,
    "reach": _reach,
}
