"""Pure: which panes of the debug screen are seen, where, and how many lines each has."""

from collections.abc import Mapping
from dataclasses import dataclass

from xortui.tui.arrangement import Arrangement

VIEWS = ("surface", "network")
# What stands together where there is room for one column only.
PAIRS = {"updates": "loss", "loss": "updates", "truth": "weights", "weights": "truth"}
THREE_FROM = 180, 44  # the least size for the views beside everything else
MIN_LOSS, LOW_LOSS, MIN_OTHER, MIN_SOURCE = 8, 6, 4, 5  # lines
SHARES = 0.56, 0.42, 0.32  # of the width: the script beside one column, and beside two; the middle


@dataclass(frozen=True)
class Places:
    """The columns that are seen, with their widths (None: what is left), and in each the panes with
    their lines (None: what is left)."""

    columns: tuple[tuple[int | None, dict[str, int | None]], ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """All panes that are seen."""
        return tuple(name for _, panes in self.columns for name in panes)


def arrange(
    room: Arrangement,
    lines: int,
    wanted: Mapping[str, int],
    opened: str = "script",
    *,
    has_steps: bool = True,
    has_views: bool = True,
    is_alone: bool = False,
) -> Places:
    """Divide `lines` of the screen; `wanted` are the lines that panes want, `opened` is the one
    that was asked for last, and `is_alone` says that it has all the room. Without recorded steps
    there are the script and what was found, and nothing else to see."""
    if not has_steps:
        return Places(((None, _script(lines, wanted)),))
    if opened in VIEWS and not has_views:
        opened = "script"  # of a script that was changed since
    if is_alone:
        return Places(((None, {opened: None}),))
    if not (room.is_beside and room.is_framed):
        return Places(((None, _one_column(lines, wanted, opened)),))
    left = _script(lines, wanted)
    is_three = has_views and room.width >= THREE_FROM[0] and room.height >= THREE_FROM[1]
    if is_three:
        widths = int(SHARES[1] * room.width), int(SHARES[2] * room.width)
        views: dict[str, int | None] = {"surface": lines // 2, "network": None}
        middle = _middle(lines, wanted, opened)
        return Places(((widths[0], left), (widths[1], middle), (None, views)))
    width = int(SHARES[0] * room.width)
    if opened in VIEWS:
        return Places(((width, left), (None, {opened: None})))
    return Places(((width, left), (None, _middle(lines, wanted, opened))))


def _script(lines: int, wanted: Mapping[str, int]) -> dict[str, int | None]:
    """The script, and below it the value that is looked at."""
    value = min(wanted["value"], max(MIN_OTHER, int(0.45 * lines)))
    return {"script": None, "value": value}


def _one_column(lines: int, wanted: Mapping[str, int], opened: str) -> dict[str, int | None]:
    if opened in VIEWS:
        return {opened: None}
    if opened not in PAIRS:
        value = min(wanted["value"], max(MIN_OTHER, lines // 2), lines - MIN_SOURCE)
        return {"script": None, "value": value}
    first = "updates" if "updates" in (opened, PAIRS[opened]) else "truth"
    most = lines - (LOW_LOSS if first == "updates" else MIN_OTHER)
    second = PAIRS[first]
    if most < MIN_OTHER:
        return {opened: None}
    return {first: min(wanted[first], most), second: None}


def _middle(lines: int, wanted: Mapping[str, int], opened: str) -> dict[str, int | None]:
    """Updates, loss, truth table and weights, as many of them as fit; what was opened is there."""
    order = ["updates", "loss", "truth", "weights"]
    least = {
        "updates": min(wanted["updates"], max(MIN_OTHER, lines // 3)),
        "loss": MIN_LOSS,
        "truth": min(wanted["truth"], max(MIN_OTHER, lines // 3)),
        "weights": min(wanted["weights"], max(MIN_OTHER, lines // 4)),
    }
    first = [opened] if opened in order else []
    kept: list[str] = []
    left = lines
    for name in [*first, *(name for name in order if name not in first)]:
        if least[name] <= left:
            kept.append(name)
            left -= least[name]
    panes: dict[str, int | None] = {name: least[name] for name in order if name in kept}
    for name in ("weights", "updates", "truth"):  # what they want beyond the least
        if name in panes:
            more = min(wanted[name] - least[name], left)
            panes[name] = least[name] + more
            left -= more
    rest = "loss" if "loss" in panes else kept[0]
    panes[rest] = None
    return panes
