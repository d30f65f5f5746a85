"""Pure: upright bars in eighths of a line, as glyphs."""

from collections.abc import Sequence

EIGHTHS = " ▁▂▃▄▅▆▇█"


def upright_bars(sizes: Sequence[int], height: int) -> list[str]:
    """Bars side by side, one a column, as `height` lines from the top down.

    `sizes` are in eighths of a line, from 0 to 8 * height.
    """
    # By how far a bar reaches over the foot of a line, from -8 * height to 8 * height.
    fills = " " * (8 * height) + EIGHTHS + "█" * (8 * height)
    return [
        "".join([fills[size + nearer] for size in sizes]) for nearer in range(8, 8 * height + 1, 8)
    ]
