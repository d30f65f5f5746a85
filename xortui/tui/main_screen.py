"""MainScreen: what is on the main screen, and what keys do that concern its panes."""

import gc

from textual.app import ComposeResult

from xortui.core.training.edit import Edit
from xortui.tui.drawing.line_widget import Panel
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
from xortui.tui.views.views import Views


class MainScreen(RunScreen):
    """All panes at once, or one below the other."""

    BINDINGS = bindings(RUNNING, INSIDE, MOVING, EDITING, LOOKING)
    COPIED_UNFOCUSED = TruthTable

    def compose(self) -> ComposeResult:
        yield Title().data_bind(MainScreen.frame)
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
        self.call_after_refresh(self._mount_bottom)

    async def _mount_bottom(self) -> None:
        """Controls and footer come after the first frame, which is there about a seventh sooner."""
        from xortui.tui.panes.controls import Controls, FieldProblem
        from xortui.tui.panes.footer import WholeFooter

        await self.query_one("#bottom").mount(
            FieldProblem(markup=False),
            Controls().data_bind(MainScreen.frame),
            WholeFooter(show_command_palette=False, compact=True),
        )
        self.refresh_bindings()  # which the footer waits for
        self.call_after_refresh(settle_memory)

    # -- what panes ask for --------------------------------------------------------------------

    def on_field_entered(self, message: FieldEntered) -> None:
        from xortui.tui.panes.controls import Controls

        problem = self.enter_field(message.field, message.text)
        self.query_one(Controls).tell(problem)
        if not problem:
            self.set_focus(None)

    def on_label_flipped(self, message: LabelFlipped) -> None:
        self.edit(Edit("label", message.row))

    async def on_weight_chosen(self, message: WeightChosen) -> None:
        if message.toggle_frozen:
            self.toggle_frozen(message.name)
        else:
            await self.ask_weight(message.name, message.value)

    def on_step_chosen(self, message: StepChosen) -> None:
        self.training.go_to(message.step)

    def on_view_chosen(self, message: ViewChosen) -> None:
        self.action_view(message.view)

    def on_cell_moved(self, message: CellMoved) -> None:
        self.session.move_cell(message.by)
        self.training.publish()

    def on_row_followed(self, message: RowFollowed) -> None:
        self.session.follow(message.row)
        self.training.publish()

    # -- what keys do --------------------------------------------------------------------------

    def action_focus_pane(self, selector: str) -> None:
        self.minimize()
        self.remove_class("-looking")
        self.set_focus(self.query_one(selector))

    def action_view(self, name: str) -> None:
        """Show a view of the right-hand column; on a narrow screen it takes the whole width."""
        self.minimize()
        self.add_class("-looking")
        self.set_focus(self.query_one(Views).show(name))

    def action_next_view(self) -> None:
        self.action_view(self.query_one(Views).next_name())

    def action_operation(self, by: int) -> None:
        super().action_operation(by)
        views = self.query_one(Views)
        if not (views.chosen == "operations" and self.maximized is views.pane):
            self.action_view("operations")

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
        self.call_after_refresh(settle_memory)

    def action_leave(self) -> None:
        """escape: one thing at a time, from the innermost out."""
        if self.training.seeking is not None or self.training.replayed is not None:
            self.training.stop_seeking()
            self.training.publish()
        elif self.session.operation is not None and not self.training.running:
            self.session.leave_step()
            self.training.publish()
        elif self.focused is not None:
            self.set_focus(None)
        elif self.has_class("-looking"):
            self.remove_class("-looking")

    def action_maximise(self) -> None:
        if self.maximized is not None:
            self.minimize()
            return
        pane = self.focused
        if pane is None or not pane.allow_maximize:
            pane = self.query_one(LossPane)
        self.maximize(pane, container=False)


def settle_memory() -> None:
    """What is there by now stays: the collector need not look at it again.

    The longest frame falls from about 30 ms to 10.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
