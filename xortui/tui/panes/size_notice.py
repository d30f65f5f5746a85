"""What there is to see where the terminal is too small for anything else."""

from textual.widget import Widget

MIN_WIDTH, MIN_HEIGHT = 60, 18


class SizeNotice(Widget):
    """The size that the terminal has and the one that is needed. The style sheet shows it then."""

    def render(self) -> str:
        width, height = self.app.size
        return f"The size is {width}x{height},\nneeded is {MIN_WIDTH}x{MIN_HEIGHT}.\nq quits."
