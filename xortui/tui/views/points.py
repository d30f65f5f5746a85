"""Points on pictures: a filled or hollow mark for the label, another shape for the test points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.analysis.decision_surface import Surface
from xortui.core.model.functions import Array, Flags
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import Cells, Codes, look
from xortui.tui.drawing.heatmap import WRONG_CHIP, Ramp
from xortui.tui.drawing.lines import Line

# By label; those trained on are round, those set aside are not.
TRAINING, TEST = "○●", "◇◆"
# So that the picture below is seen, points take at most this share of its cells.
MOST_COVERED = 0.4
# How points are told apart where there is room for a few words only.
POINTS_WORDS = f"{TRAINING[1]}1 {TRAINING[0]}0 trained on"
TESTS_WORDS = f"{TEST[1]}1 {TEST[0]}0 test"

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class PointMarks:
    """All points of a snapshot, those set aside first, so that the others are drawn over them:
    inputs [M, D], glyphs [M] as code points, and which are `right` [M]."""

    inputs: Array
    glyphs: Codes
    right: Flags

    @classmethod
    def of(cls, snapshot: Snapshot) -> "PointMarks":
        """The marks of the points as the network answers them at this step."""
        network, held_out = snapshot.network, snapshot.held_out
        tested = np.zeros(0, dtype=np.bool_) if held_out is None else held_out.right
        tests = _glyphs(network.test_labels, TEST) if len(tested) else np.zeros(0, dtype=np.intp)
        inputs = snapshot.values["X"]
        return cls(
            np.vstack([network.test_bits, inputs]) if len(tested) else inputs,
            np.concatenate([tests, _glyphs(snapshot.values["Y"], TRAINING)]),
            np.concatenate([tested, snapshot.right]),
        )

    def shown(self, cells: int) -> slice:
        """Which of them are drawn on a picture of so many cells: each, every second, third, ..."""
        most = max(1, int(MOST_COVERED * cells))
        return slice(None, None, max(1, -(-len(self.right) // most)))

    def draw_on(
        self,
        cells: Cells,
        lines: Places,
        columns: Places,
        pairs: Codes | None = None,
        ramp: Ramp | None = None,
        line: int = 0,
        column: int = 0,
    ) -> None:
        """Draw them at these cells [M] of a picture that begins at a (line, column).

        `pairs` and `ramp` are those of the half blocks below, where there are some. What is wrong
        has a ground of its own, and is drawn last.
        """
        shape = (cells.height, cells.width) if pairs is None else pairs.shape
        which = self.shown(shape[0] * shape[1])
        lines, columns = lines[which], columns[which]
        glyphs, right = self.glyphs[which], self.right[which]
        inside = (lines < shape[0]) & (columns < shape[1])
        order = np.flatnonzero(inside)[np.argsort(~right[inside], kind="stable")]
        lines, columns, glyphs, right = lines[order], columns[order], glyphs[order], right[order]
        cells.glyphs[line + lines, column + columns] = glyphs
        looks = np.full(len(lines), look("heading"))
        if pairs is not None and ramp is not None and len(lines):
            looks = ramp.marks(pairs[lines, columns])
        cells.looks[line + lines, column + columns] = np.where(right, looks, look(WRONG_CHIP))


def _glyphs(labels: Array, marks: str) -> Codes:
    codes: Codes = np.array([*map(ord, marks)])[labels[:, 0].astype(np.intp)]
    return codes


def draw_points_on_surface(
    cells: Cells,
    field: Surface,
    snapshot: Snapshot,
    pairs: Codes,
    ramp: Ramp,
    line: int = 0,
    column: int = 0,
) -> None:
    """The points over half blocks of a surface that begins at a (line, column)."""
    marks = PointMarks.of(snapshot)
    plane = field.plane
    rows, columns = field.cells(marks.inputs[:, plane.across], marks.inputs[:, plane.up])
    marks.draw_on(cells, rows // 2, columns, pairs, ramp, line, column)


def points_legend(snapshot: Snapshot, cells: int) -> Line:
    """What the marks mean, in one line, and how many of the points are drawn on so many cells."""
    words = f"{POINTS_WORDS}  {TESTS_WORDS}" if snapshot.held_out else POINTS_WORDS
    every = PointMarks.of(snapshot).shown(cells).step
    thinned = f"  every {ordinal(every)} drawn" if every > 1 else ""
    return [
        (words, "text"),
        (thinned, "label"),
        ("  ", "text"),
        (" ", WRONG_CHIP),
        (" wrong", "label"),
    ]


def points_summary(snapshot: Snapshot, cells: int) -> list[Line]:
    """The same and how many are right, in lines of at most 21 cells to stand beside a picture."""
    right, held_out = int(snapshot.right.sum()), snapshot.held_out
    every = PointMarks.of(snapshot).shown(cells).step
    lines: list[Line] = [
        [(" trained on", "heading")],
        [(f"  {TRAINING[1]} label 1  {TRAINING[0]} label 0", "text")],
        [(f"  {right} of {len(snapshot.right)} right", tally_style(right, len(snapshot.right)))],
        [(f"  loss {snapshot.loss:.4g}", "text")],
    ]
    if held_out is not None:
        good = int(held_out.right.sum())
        lines += [
            [],
            [(" set aside: test", "heading")],
            [(f"  {TEST[1]} label 1  {TEST[0]} label 0", "text")],
            [(f"  {good} of {len(held_out.right)} right", tally_style(good, len(held_out.right)))],
            [(f"  loss {held_out.loss:.4g}", "text")],
        ]
    lines += [[], [("  ", "text"), (f" {TRAINING[1]} ", WRONG_CHIP), (" is wrong", "label")]]
    if every > 1:
        lines += [[(f"  every {ordinal(every)} is drawn", "label")]]
    return lines


def tally_style(right: int, count: int) -> str:
    """The ink of how many of `count` are right."""
    return "good" if right == count else "label"


def ordinal(number: int) -> str:
    """2nd, 3rd, 4th, 21st."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    end = "th" if number % 100 in (11, 12, 13) else ends.get(number % 10, "th")
    return f"{number}{end}"
