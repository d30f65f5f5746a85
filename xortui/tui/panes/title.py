"""The title line: recipe, step, loss, steps per second and state; the least important go first."""

from xortui.core.model.recipe_words import training_in_words
from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line, line_width, spread
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame


def state_of(
    snapshot: Snapshot,
    running: bool,
    seeking: int | None,
    replayed: float | None = None,
    goal: Breakpoint | None = None,
) -> tuple[str, str]:
    """The state of the run in a word or two, and its style."""
    if seeking is not None:
        share = 100 * snapshot.step // max(1, seeking)
        return f"▶ going to {seeking:,}: {share}%, escape stops", "accent"
    if replayed is not None:
        return f"▶ replaying branches: {replayed:.0%}, escape stops", "accent"
    if running and goal is not None:
        return f"▶ on to {goal}, escape stops", "accent"
    if snapshot.diverged:
        return f"✗ diverged at {snapshot.step:,}", "bad"
    if snapshot.rewound:
        return f"◆ rewound from {snapshot.last_step:,}", "accent"
    if snapshot.solved:
        return f"✓ solved at {snapshot.solved_at:,}", "good"
    return ("▶ running", "good") if running else ("○ paused", "label")


def format_count(value: float) -> str:
    """A count in at most five characters: 950, 1.2k, 146k, 2.5M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            scaled = value / limit
            return f"{scaled:.1f}{unit}" if scaled < 10 else f"{scaled:.0f}{unit}"
    return f"{value:.0f}"


def paint_title(
    snapshot: Snapshot,
    width: int,
    running: bool = False,
    rate: float = 0.0,
    seeking: int | None = None,
    replayed: float | None = None,
    goal: Breakpoint | None = None,
) -> list[Line]:
    """One line; parts are left out from the least important on until it fits."""
    recipe = snapshot.recipe
    state, state_style = state_of(snapshot, running, seeking, replayed, goal)
    run = f"▶ {format_count(rate)}/s" if running and goal is None else ""
    # In order of importance: what stands first goes last.
    right: Line = [(state, state_style)]
    epoch = f"epoch {snapshot.epoch:,}" if recipe.batch else ""
    facts = [f"step {snapshot.step:,}", epoch, f"loss {figure(snapshot.loss, '.2e')}", run]
    words = [
        f"{recipe.table.title} {recipe.architecture}",
        "✗ BROKEN ON PURPOSE" if recipe.mistake else "",
        f"seed {recipe.seed}",
        f"η {recipe.learning_rate:g}",
        *training_in_words(recipe),
        recipe.activation,
        "bias" if recipe.bias else "no bias",
        "" if recipe.loss == "squared-error" else recipe.loss,
        "" if recipe.init == "uniform" else recipe.init,
    ]
    facts, words = [fact for fact in facts if fact], [word for word in words if word]
    if running and state_style == "good" and not snapshot.solved:
        right = []  # the rate says that it runs
    brand: Line = [(" xortui ", "brand"), ("  ", "text")]
    while True:
        left: Line = [*brand, ("  ".join(words), "heading")]
        facts_line: Line = [(f"{fact}   ", "text") for fact in facts]
        line = [*facts_line, *right, (" ", "text")]
        gap = 2 if words else 0  # what is left of the brand has one
        if line_width(left) + line_width(line) + gap <= width or not (words or facts):
            return [spread(left, line, width)]
        (words or facts).pop()


class Title(Pane, can_focus=False):
    """The title line."""

    SHOWS_PACE = True

    async def on_click(self) -> None:
        """The recipe is changed by a click on it."""
        await self.screen.run_action("recipe")

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        frame = self.frame or Frame(snapshot)
        return paint_title(
            snapshot,
            width,
            frame.running,
            frame.rate,
            frame.seeking,
            frame.replayed,
            frame.goal,
        )
