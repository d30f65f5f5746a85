"""What views over a plane of two inputs have in common: which two, and what the others stay at."""

from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.network import SUBSCRIPTS
from xortui.core.snapshot import Snapshot
from xortui.core.surface import InputPlane, input_plane
from xortui.tui.pane import Pane


def input_name(index: int) -> str:
    """x₁ for input 0."""
    return f"x{index + 1}".translate(SUBSCRIPTS)


def axes_words(plane: InputPlane) -> str:
    """The two axes with their directions, and what the other inputs stay at."""
    others = [i for i in range(len(plane.fixed)) if i not in (plane.across, plane.up)]
    words = f"{input_name(plane.across)} →  {input_name(plane.up)} ↑ "
    values = [f"{plane.fixed[i]:g}" for i in others]
    if len(others) > 2:
        return f"{words} others {''.join(values)} "
    named = [f" {input_name(i)}={value}" for i, value in zip(others, values, strict=True)]
    return "".join([words, *named, " " * bool(named)])


class PlanePane(Pane):
    """`a` turns the plane to the next pair of inputs, `v` changes what the others are held at."""

    BINDINGS = [  # noqa: RUF012
        Binding("a", "axes", "Other axes", show=False),
        Binding("v", "fixed", "Other values of the fixed inputs", show=False),
    ]

    # Which pair of inputs are the axes, and which values the others have, both counted through.
    pair = reactive(0)
    held = reactive(0)

    def plane(self, snapshot: Snapshot) -> InputPlane:
        """The plane that is shown."""
        inputs = snapshot.recipe.sizes[0]
        pairs = [(a, b) for a in range(inputs) for b in range(a + 1, inputs)]
        across, up = pairs[self.pair % len(pairs)]
        fixed = [float(self.held >> place & 1) for place in range(inputs - 2)]
        for index in (across, up):
            fixed.insert(index, 0.0)
        return input_plane(snapshot.network, across, up, tuple(fixed))

    def action_axes(self) -> None:
        self.pair += 1

    def action_fixed(self) -> None:
        if self.snapshot is not None:
            self.held = (self.held + 1) % 2 ** (self.snapshot.recipe.sizes[0] - 2)
