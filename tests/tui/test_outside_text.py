"""What people type and what files are called: never markup, never a command to the terminal."""

import ast
from itertools import chain
from pathlib import Path

import pytest
from textual.widgets import Input, Label

import xortui.tui
from tests.hostile import HOSTILE
from tests.sample import some
from tests.tui.driving import answer, click, press, shown, until
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp

MARKUP = ("[/]", "[a='b", "[red]r", "[link='http", "[@click=app.quit]x[/]", "[[", "\\[", "[b]")
FILES = sorted(Path(xortui.tui.__file__).parent.rglob("*.py"))
# Widgets that take their first argument for markup unless they are told not to.
TAKE_MARKUP = {"Label", "Static", "OptionList", "Button", "Checkbox", "RadioButton", "Select"}


def is_constant(node: ast.expr) -> bool:
    """A text of the program's own: a literal, or one of its constants."""
    if isinstance(node, ast.Call):  # drawn("…"): with the glyphs that are wanted
        return all(is_constant(argument) for argument in node.args[-1:])
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def takes_markup(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in TAKE_MARKUP or any(word.arg == "markup" for word in call.keywords):
        return False
    return name == "OptionList" or not all(is_constant(node) for node in call.args[:1])


@pytest.mark.slow
def test_a_widget_whose_text_is_not_a_constant_takes_no_markup() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in FILES]
    for node in chain.from_iterable(map(ast.walk, trees)):
        if isinstance(node, ast.Call):
            assert not takes_markup(node) or is_of_the_programs_tables(node), ast.unparse(node)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr.startswith("border_"):
                    assert is_constant(node.value), ast.unparse(node)


def is_of_the_programs_tables(call: ast.Call) -> bool:
    """The help's own tables, the words of a control and its name from a table of ours."""
    return ast.unparse(call.args[0]) in {
        "_keys(words)",
        "_keys(words, self._of_screen)",
        "_pane_keys(words, self._is_sweep)",
        "_table(WORDS, words)",
        "_table(ENDS, words)",
        "words(AT_REST)",
        "words",
        "self._drawn(words)",
        "options",
        "[('nothing', NOTHING), *((head_of(field), field) for field in PROPOSED)]",
    }


@pytest.mark.slow
@pytest.mark.parametrize("text", some(MARKUP, 4))
async def test_markup_in_every_field_is_just_text(text: str) -> None:
    async with opened(20) as (app, pilot):
        for field in ("learning_rate", "seed"):
            await click(pilot, f"#{field}")
            await answer(pilot, text)
            assert app.screen.focused is app.query_one(f"#{field}", Input)
            await press(pilot, "escape")
        for keys in (["g"], ["u"], ["2", "enter"]):
            await press(pilot, *keys)
            await answer(pilot, text)
            words = str(app.screen.query_one("#hint", Label).content)
            assert text in words, "what was typed is told as it was typed"
            await press(pilot, "escape")
            await press(pilot, "escape")
        assert app.session.trainer.snapshot().edits == ()


@pytest.mark.parametrize("name", some([*MARKUP, *HOSTILE], 3, ascii))
async def test_a_notice_says_any_name_as_text(name: str) -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        app.notify(f"Saved as {name}", title="A file")
        await until(pilot, lambda: "Saved as" in "".join(shown(app)))
        assert_printable(app)
        if name in MARKUP:
            assert f"Saved as {name}" in "".join(shown(app))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", some([name for name in (*MARKUP, *HOSTILE) if "\0" not in name], 12, ascii)
)
async def test_a_run_from_a_file_of_any_name(name: str, tmp_path: Path) -> None:
    trainer = Trainer(Recipe())
    trainer.step(20)
    app = XorApp(trainer, path=str(tmp_path / f"{name.replace('/', '')}.json"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        for keys in (["ctrl+s"], ["escape"], ["B"], ["escape"], ["r"], ["o"], ["escape"], ["?"]):
            await press(pilot, *keys)
            assert_printable(app)


@pytest.mark.parametrize("name", ["[b].json", "[red]r.json", "[link='http"])
async def test_a_name_with_brackets_is_saved_and_told_as_it_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(5) as (app, pilot):
        app.session.edit(Edit("label", 0))
        await press(pilot, "ctrl+s")
        await answer(pilot, name)
        assert (tmp_path / name).exists()
        assert name in " ".join(note.message for note in app._notifications)


async def test_a_folder_with_brackets_that_is_not_there_is_told_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(5) as (app, pilot):
        app.session.edit(Edit("label", 0))
        await press(pilot, "ctrl+s")
        await answer(pilot, "[/].json")
        assert "[/].json" in "".join(shown(app)), "the question stays, with the sentence"
        assert not [*tmp_path.iterdir()]


def assert_printable(app: XorApp) -> None:
    assert all(row.isprintable() for row in shown(app))
