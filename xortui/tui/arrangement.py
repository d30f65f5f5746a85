"""Pure: how the main screen is divided between the numbers and the views."""

from dataclasses import dataclass

from xortui.tui.panes.size_notice import MIN_HEIGHT, MIN_WIDTH

BESIDE_FROM = 100  # columns from which on a view stands beside the numbers
HIGH_FROM = 30  # lines
FRAMES_FROM = BESIDE_FROM, HIGH_FROM  # the least size at which panes have frames
TWO_VIEWS_FROM, FOUR_VIEWS_FROM = (160, 45), (200, 60)
TWO_STATUS_LINES_FROM = 24
NUMBERS_SHARE = 0.5, 0.42  # of the width, beside one view and beside more
MIN_NUMBERS = 56  # columns: the weights of two hidden units beside their gradients
MIN_LOSS, MIN_LOSS_LOW = 6, 3  # lines of the loss, without a frame: from 24 lines on, and below
MIN_ROWS = 3  # lines of another pane


@dataclass(frozen=True)
class Arrangement:
    """What there is room for on a screen of `width` columns and `height` lines."""

    width: int
    height: int

    def _is_at_least(self, size: tuple[int, int]) -> bool:
        return self.width >= size[0] and self.height >= size[1]

    @property
    def is_possible(self) -> bool:
        """Whether there is room for anything."""
        return self._is_at_least((MIN_WIDTH, MIN_HEIGHT))

    @property
    def is_framed(self) -> bool:
        """Whether panes have frames."""
        return self._is_at_least(FRAMES_FROM)

    @property
    def is_beside(self) -> bool:
        """Whether views stand beside the numbers; otherwise one takes their place."""
        return self.width >= BESIDE_FROM

    @property
    def views(self) -> int:
        """How many views are seen at once."""
        if self._is_at_least(FOUR_VIEWS_FROM):
            return 4
        return 2 if self._is_at_least(TWO_VIEWS_FROM) else 1

    @property
    def status_lines(self) -> int:
        """How many lines the words on the run have."""
        return 2 if self.height >= TWO_STATUS_LINES_FROM else 1

    def numbers_width(self, wanted: tuple[int, ...]) -> int:
        """The columns of the numbers: the largest of the widths wanted that leaves room for views,
        or else the room there is."""
        most = max(MIN_NUMBERS, int(NUMBERS_SHARE[self.views > 1] * self.width))
        return max((width for width in wanted if width <= most), default=most)

    def heights(self, wanted: tuple[int, int], room: int) -> tuple[int, int]:
        """The lines of truth table and weights in a column of `room` lines, so that enough are left
        for the loss. Where not all fits, the table has up to a little more than half, and what one
        does not need the other has."""
        loss = MIN_LOSS if self.height >= TWO_STATUS_LINES_FROM else MIN_LOSS_LOW
        loss += self.is_framed  # its title stands in the frame
        room = max(2 * MIN_ROWS, room - loss)
        truth, weights = wanted
        if truth + weights <= room:
            return truth, weights
        half = (room + 1) // 2
        if truth <= half:
            return truth, room - truth
        if weights <= room - half:
            return room - weights, weights
        return half, room - half
