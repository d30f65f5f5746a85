"""What is repainted is what changed, wherever a border moves the content to."""

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import Line


class Numbered(LineWidget):
    """A line each with its number, and in one of them how often it was painted."""

    count = 0

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [[(f"{y} {self.count if y == 2 else ''}", "text")] for y in range(height)]


class Small(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbered()


@pytest.mark.parametrize("border", ["none", "round"])
async def test_only_the_line_that_changed_is_repainted_with_and_without_a_border(
    border: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Small()
    monkeypatch.setattr(
        "xortui.tui.drawing.theme.styles", lambda variables, style, focused: {"text": style}
    )
    async with app.run_test(size=(20, 6)) as pilot:
        widget = app.query_one(Numbered)
        widget.set_styles(f"border: {border} white;")
        await pilot.pause()
        widget.lines()
        widget._exchange_repaint_regions()
        widget.count += 1
        widget.refresh()
        assert [*widget._exchange_repaint_regions()] == [Region(0, 2, 20, 1)]
