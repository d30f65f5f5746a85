"""MainScreen: what is on the main screen, and what keys do that concern its panes."""

from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from xortui.core.training.edit import Edit
from xortui.tui import memory
from xortui.tui.arrangement import Arrangement
from xortui.tui.drawing.edges import EDGE
from xortui.tui.drawing.line_widget import Panel
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.keys import EDITING, INSIDE, LOOKING, MOVING, RUNNING, bindings
from xortui.tui.messages import (
    CellMoved,
    FieldEntered,
    LabelFlipped,
    RowFollowed,
    StepChosen,
    ViewChosen,
    WeightChosen,
)
from xortui.tui.panes.loss import LossPane
from xortui.tui.panes.size_notice import SizeNotice
from xortui.tui.panes.status import Status
from xortui.tui.panes.timeline_bar import TimelineBar
from xortui.tui.panes.title import Title
from xortui.tui.panes.truth_table import TruthTable
from xortui.tui.panes.weights import Weights
from xortui.tui.run_screen import RunScreen
from xortui.tui.views.views import NUMBERS, PANES, VIEWS, TabLine, Views

if TYPE_CHECKING:
    from xortui.tui.lessons.lessons import Lessons
    from xortui.tui.lessons.predictions import Predictions


class MainScreen(RunScreen):
    """All panes at once, or one below the other."""

    BINDINGS = bindings(RUNNING, INSIDE, MOVING, EDITING, LOOKING)
    COPIED_UNFOCUSED = TruthTable

    _is_composed = _has_views = False
    # The pane that has the room of all of them, if one does.
    maximised_pane: Pane | None = None
    # What asks for predictions, and what plays lessons, once that was asked for.
    _predictions: "Predictions | None" = None
    _lessons: "Lessons | None" = None

    def compose(self) -> ComposeResult:
        yield Title().data_bind(MainScreen.frame)
        yield TabLine()
        with Panel(id="main"):
            with Panel(id="left"):
                yield TruthTable(id="truth").data_bind(MainScreen.frame)
                yield Weights(id="weights").data_bind(MainScreen.frame)
                yield LossPane(id="loss").data_bind(MainScreen.frame)
            yield Views(id="views").data_bind(MainScreen.frame)
        yield SizeNotice()
        yield Status().data_bind(MainScreen.frame)
        yield TimelineBar().data_bind(MainScreen.frame)
        # Below all that changes in every frame: what lies between changes is looked at, too.
        yield Panel(id="bottom")

    def on_mount(self) -> None:
        for digit, (name, _) in PANES.items():
            self.query_one(f"#{name}", Pane).digit = digit
        self._is_composed = True
        self.divide()
        self.watch(self, "focused", self._mark_tabs, init=False)
        self.call_after_refresh(self._mount_bottom)

    def on_resize(self) -> None:
        self.divide()

    def watch_frame(self, before: Frame, after: Frame) -> None:
        """A network or problem of another size needs other room."""
        if self._lessons is not None:
            self._lessons.seen(after)
        if before.snapshot.recipe.sizes != after.snapshot.recipe.sizes or (
            before.snapshot.recipe.bias != after.snapshot.recipe.bias
            or len(before.snapshot.outputs) != len(after.snapshot.outputs)
        ):
            self.call_later(self.divide)

    # -- where everything stands ---------------------------------------------------------------

    def divide(self) -> None:
        """Give every pane the room that its content needs, as far as there is room."""
        room = Arrangement(*self.app.size)
        if not (self._is_composed and room.is_possible):
            return
        self.set_class(room.is_framed, "-framed")
        self.set_class(room.is_beside, "-beside")
        card = 0 if self._lessons is None else self._lessons.lines(room)
        self.set_class(card > 0, "-lesson")  # the card stands in the place of the status line
        self.query_one(Status).styles.height = room.status_lines
        views, left = self.query_one(Views), self.query_one("#left")
        only = self.maximised_pane
        is_looking = self.has_class("-looking") and not room.is_beside
        if self._has_views:
            views.show_places(room.views if only is None else 1)
        is_view = only is not None and only.parent is views
        left.display = not is_looking if only is None else not is_view
        views.display = (room.is_beside or is_looking) if only is None else is_view
        panes = [self.query_one(f"#{name}", Pane) for name, _ in PANES.values()]
        for pane in panes:
            pane.display = only in (None, pane)
        truth, weights, _ = panes
        wide: list[int] = []
        if only is None and room.is_beside:
            edges = 2 * EDGE * room.is_framed
            wide = [width + edges for pane in panes for width in pane.wanted_widths()]
        left.styles.width = room.numbers_width(tuple(wide)) if wide else "1fr"
        if only is None:
            around = 5 + (card or room.status_lines)  # title, tabs, timeline, controls and footer
            wanted = truth.outer_height(), weights.outer_height()
            truth.styles.height, weights.styles.height = room.heights(wanted, room.height - around)
        else:
            only.styles.height = "1fr"
        self._mark_tabs()

    def _mark_tabs(self) -> None:
        """Say on the line of tabs what is seen and what is focused."""
        line, views = self.query_one(TabLine), self.query_one(Views)
        numbers = (NUMBERS, *(name for name, _ in PANES.values()))
        shown = views.shown if views.display else ()
        line.shown = (*shown, *(numbers if self.query_one("#left").display else ()))
        focused = self.focused
        line.focused = None if focused is None else focused.id

    async def _mount_bottom(self) -> None:
        """Controls, footer and views come after the first frame, which is there the sooner."""
        from xortui.tui.panes.controls import Controls, FieldProblem
        from xortui.tui.panes.footer import KeyLine

        await self.query_one("#bottom").mount(
            FieldProblem(markup=False), Controls().data_bind(MainScreen.frame), KeyLine()
        )
        self._has_views = True
        self.divide()
        self.call_after_refresh(memory.settle)

    # -- what panes ask for --------------------------------------------------------------------

    def on_field_entered(self, message: FieldEntered) -> None:
        from xortui.tui.panes.controls import Controls

        problem = self.enter_field(message.field, message.text)
        self.query_one(Controls).tell(problem)
        if not problem:
            self.set_focus(None)

    def on_label_flipped(self, message: LabelFlipped) -> None:
        self.editing.make(Edit("label", message.row))

    async def on_weight_chosen(self, message: WeightChosen) -> None:
        if message.toggle_frozen:
            self.editing.toggle_frozen(message.name)
        else:
            await self.editing.ask_weight(message.name, message.value)

    def on_step_chosen(self, message: StepChosen) -> None:
        self.training.go_to(message.step)

    def on_view_chosen(self, message: ViewChosen) -> None:
        if message.view in VIEWS:
            self.action_view(message.view)
        else:
            self.action_focus_pane("#truth" if message.view == NUMBERS else f"#{message.view}")

    def on_cell_moved(self, message: CellMoved) -> None:
        self.session.move_cell(message.by)
        self.training.publish()

    def on_row_followed(self, message: RowFollowed) -> None:
        self.session.follow(message.row)
        self.training.publish()

    def on_next_row_followed(self) -> None:
        chosen = self.query_one(TruthTable).row
        before = None if self.frame.cursor is None else self.frame.cursor.row
        row = chosen if before is None else (before + 1) % len(self.frame.snapshot.outputs)
        is_round = before is not None and row == chosen
        self.session.follow(None if is_round else row)
        self.training.publish()

    # -- what keys do --------------------------------------------------------------------------

    def action_focus_pane(self, selector: str) -> None:
        self.maximised_pane = None
        self.remove_class("-looking")
        self.divide()
        self.set_focus(self.query_one(selector))

    def action_view(self, name: str) -> None:
        """Open a view; on a narrow screen it takes the place of the numbers."""
        self._has_views = True
        self.maximised_pane = None
        self.add_class("-looking")
        self.divide()
        pane = self.query_one(Views).show(name)
        self.set_focus(pane)
        self._mark_tabs()

    def action_operation(self, by: int) -> None:
        go_on = partial(self._go_to_operation, by)
        asks = self._predictions
        if by != 1 or asks is None or not asks.before_operation(go_on):
            go_on()

    def _go_to_operation(self, by: int) -> None:
        super().action_operation(by)
        if self.maximised_pane is None or self.maximised_pane.id != "operations":
            self.action_view("operations")

    @property
    def lessons(self) -> "Lessons":
        """What plays lessons."""
        from xortui.tui.lessons.lessons import Lessons

        if self._lessons is None:
            self._lessons = Lessons(self, self.divide, self._look_at)
        return self._lessons

    def _look_at(self, view: str, is_alone: bool) -> None:
        """Bring what a lesson is about into view: a view or pane by its id; empty: all as usual."""
        if view in VIEWS:
            self.action_view(view)
        elif view:
            self.action_focus_pane(f"#{view}")
            self.maximised_pane = self.query_one(f"#{view}", Pane) if is_alone else None
        else:
            self.maximised_pane = None
            self.remove_class("-looking")
            self.set_focus(None)
        self.divide()

    async def action_lessons(self) -> None:
        self.app.clear_notifications()  # such as the one that says this key
        await self.lessons.choose()

    async def action_answer(self) -> None:
        await self.lessons.answer()

    def action_show_answer(self) -> None:
        self.lessons.show_answer()

    @property
    def predictions(self) -> "Predictions":
        """What asks before a step or an operation, while that is wanted."""
        from xortui.tui.lessons.predictions import Predictions

        if self._predictions is None:
            self._predictions = Predictions(self)
        return self._predictions

    def action_predict(self) -> None:
        self.predictions.switch()

    def action_step(self, steps: int) -> None:
        go_on = partial(super().action_step, steps)
        asks = self._predictions
        if steps != 1 or asks is None or not asks.before_step(go_on):
            go_on()

    def action_find_bug(self) -> None:
        self.lessons.begin_bug("lines")

    def on_key(self, event: events.Key) -> None:
        if self._lessons is not None:
            self._lessons.pressed(event.key)

    async def action_gradient_check(self) -> None:
        from xortui.tui.screens.gradient_check import GradientCheckScreen

        await self.app.push_screen(GradientCheckScreen(self.session, self.training))

    async def action_sweep(self) -> None:
        """Many seeds; the screen is kept as it was left. Training is paused meanwhile."""
        from xortui.tui.sweep.screen import SweepScreen

        self.training.pause()
        self.training.publish()
        if not self.app.is_screen_installed("sweep"):
            self.app.install_screen(SweepScreen(), "sweep")
        screen = self.app.get_screen("sweep", SweepScreen)
        screen.recipe = self.session.trainer.current_recipe
        await self.app.push_screen(screen)
        self.call_after_refresh(memory.settle)

    def action_leave(self) -> None:
        """escape: one thing at a time, from the innermost out."""
        if self.training.seeking is not None or self.training.replayed is not None:
            self.training.stop_seeking()
            self.training.publish()
        elif self.training.goal is not None:
            self._pause()
        elif self.session.operation is not None and not self.training.running:
            self.session.leave_step()
            self.training.publish()
        elif self.focused is not None:
            self.set_focus(None)
        elif self.maximised_pane is not None:
            self.action_maximise()
        elif self.has_class("-looking"):
            self.remove_class("-looking")
            self.divide()

    def action_maximise(self) -> None:
        """Give the focused pane the room of all of them, or each its own again."""
        if self.maximised_pane is None:
            pane = self.focused
            self.maximised_pane = pane if isinstance(pane, Pane) else self.query_one(LossPane)
        else:
            self.maximised_pane = None
        self.divide()
