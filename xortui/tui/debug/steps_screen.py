"""StepsScreen: a screen over a DebugFrame, whose keys walk through lines and recorded steps."""

from dataclasses import replace

from textual.reactive import Initialize, var
from textual.screen import Screen

from xortui.core.text.whole_number import whole
from xortui.tui.debug.bars import StepsBar
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.source_pane import SourcePane, first_wrong


def first_known(shown: DebugFrame) -> int:
    """Where the cursor stands where nothing is wrong: on the first line of a step that is known."""
    known = (stop.line for stop in shown.stops if stop.what and stop.name not in ("", "returned"))
    return next(known, min(shown.line, len(shown.source.split("\n"))))


class StepsScreen(Screen[None]):
    """Where in their run we stand, and what keys and clicks change of that."""

    def _first_shown(self) -> DebugFrame:
        return self._first

    # No reactive: a reactive of a screen would repaint all of it, and not only the panes.
    shown: var[DebugFrame] = var(Initialize(_first_shown))

    def __init__(self, first: DebugFrame) -> None:
        super().__init__()
        self._first = first

    @property
    def count(self) -> int:
        """How many steps were recorded."""
        return 0 if self.shown.examination is None else self.shown.examination.count

    # -- lines ---------------------------------------------------------------------------------

    def on_source_pane_line_chosen(self, message: SourcePane.LineChosen) -> None:
        """The cursor moves; where the line gave a value in this step, that is looked at."""
        stops = self.shown.stops
        at = next((n for n, stop in enumerate(stops) if stop.line == message.line), None)
        self.shown = replace(self.shown, line=message.line, at=at)

    def action_walk(self, by: int) -> None:
        """To their next line, over the end of a step into the next one that was recorded."""
        shown = self.shown
        if not self.count:
            self.notify("There are no lines of a step to walk through.")
            return
        stops = shown.stops
        at = self._place_after(by) if shown.at is None else shown.at + by
        position = shown.position
        if at >= len(stops) and position + 1 < self.count:
            position, at = position + 1, 0
        elif at < 0 and position > 0:
            position -= 1
            at = len(replace(shown, position=position).stops) - 1
        stops = replace(shown, position=position).stops
        if stops:
            at = min(max(0, at), len(stops) - 1)
            self.shown = replace(shown, position=position, at=at, line=stops[at].line)

    def _place_after(self, by: int) -> int:
        """Where a walk begins: at the value of the line under the cursor, or at either end."""
        stops = self.shown.stops
        here = [n for n, stop in enumerate(stops) if stop.line == self.shown.line]
        if here:
            return here[0]
        return 0 if by > 0 else len(stops) - 1

    def action_first_wrong(self) -> None:
        wrong = first_wrong(self.shown)
        if wrong is None:
            self.notify("No line was found to be wrong.")
            return
        stops = self.shown.stops
        at = next((n for n, stop in enumerate(stops) if stop.line == wrong), None)
        self.shown = replace(self.shown, line=wrong, at=at)

    # -- steps ---------------------------------------------------------------------------------

    def _go(self, position: int) -> None:
        """To another recorded step, at the same value in it."""
        if not self.count:
            return
        shown = replace(self.shown, position=min(max(0, position), self.count - 1))
        if shown.at is not None:
            shown = replace(shown, at=min(shown.at, len(shown.stops) - 1) if shown.stops else None)
        stop = shown.stop
        self.shown = shown if stop is None else replace(shown, line=stop.line)

    def action_move(self, steps: int) -> None:
        self._go(self.shown.position + steps)

    def action_along(self, hundredths: int) -> None:
        self._go(self.shown.position + hundredths * max(1, self.count // 100))

    def action_goto_start(self) -> None:
        self._go(0)

    def action_goto_end(self) -> None:
        self._go(self.count - 1)

    async def action_goto(self) -> None:
        from xortui.tui.screens.ask import Ask

        found = self.shown.examination
        if found is None or found.recording is None:
            return
        numbers = found.recording.numbers

        def understand(text: str) -> int:
            try:
                return whole(text.replace(",", ""), 0)
            except ValueError:
                raise ValueError(f"{text!r:.30} is not the number of a step") from None

        def take(step: int | None) -> None:
            if step is not None:
                self.go_to_step(step)

        hint = f"{len(numbers):,} steps of 0 to {numbers[-1]:,} were recorded: the nearest is shown"
        await self.app.push_screen(Ask("Go to step", hint, "", understand), take)

    def go_to_step(self, step: int) -> None:
        """To the recorded step that is nearest to this one."""
        found = self.shown.examination
        if found is not None and found.recording is not None:
            numbers = found.recording.numbers
            self._go(min(range(len(numbers)), key=lambda at: abs(numbers[at] - step)))

    def on_steps_bar_chosen(self, message: StepsBar.Chosen) -> None:
        self._go(round(message.share * (self.count - 1)))
