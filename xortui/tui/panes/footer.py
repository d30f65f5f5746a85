"""The footer: the keys that work now, of the focused pane first, then of the screen, in groups."""

from dataclasses import dataclass
from itertools import groupby, pairwise

from textual import events
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widgets import Input

from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import Line, fitted
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.keys import KEYS, PROGRAM

PALETTE = "ctrl+p", "palette"
LEAVES = "q"  # closes what is on top, or the app
ALWAYS = 3  # palette, help and quit are never left out
# What stands on each key, where one of several is wanted.
SHOWN = {
    name: shown
    for key in KEYS
    for name, shown in zip(key.keys.split(","), key.shown.split(), strict=False)
}
GROUPS = {key.id: key.group for key in KEYS}
PANE, SCREEN = "", "screen"  # the groups of what is bound by the focused pane, or only on a screen
ORDER = [PANE, SCREEN, *dict.fromkeys(GROUPS.values())]


@dataclass(frozen=True)
class FooterKey:
    """One entry: what is printed on the key, what it does, the key as Textual names it, and the
    group in which it stands."""

    shown: str
    words: str
    key: str
    group: str

    @property
    def width(self) -> int:
        """Its cells."""
        return len(self.shown) + len(self.words) + 2


def footer_keys(screen: Screen[object]) -> list[FooterKey]:
    """All keys that are to be shown on a screen: the focused pane's, then as in the table of keys,
    then those that are always there."""
    if isinstance(screen.focused, Input):
        return _while_typing(screen, screen.focused)
    here: list[FooterKey] = []
    everywhere: list[FooterKey] = []
    seen: set[tuple[DOMNode, str]] = set()
    for key, active in screen.active_bindings.items():
        binding, node = active.binding, active.node
        if not (binding.show and active.enabled) or (node, binding.action) in seen:
            continue
        seen.add((node, binding.action))
        shown = binding.key_display or binding.key
        group = PANE if node is screen.focused else GROUPS.get(str(binding.id), SCREEN)
        entries = everywhere if node is screen.app else here
        entries.append(FooterKey(shown, binding.description, key, group))
    # tab is on every screen, and gives way first.
    here.sort(key=lambda entry: (entry.group != PANE, entry.key == "tab"))
    palette = FooterKey(*PALETTE, PALETTE[0], "")
    last = screen.active_bindings.get(LEAVES)  # which is the app's, or the screen's
    if last is not None:
        leave = FooterKey(LEAVES, last.binding.description, LEAVES, PROGRAM)
        here = [entry for entry in here if entry.words != leave.words]
        everywhere = [*(entry for entry in everywhere if entry.key != LEAVES), leave]
    return [*here, palette, *everywhere]


def _while_typing(screen: Screen[object], field: Input) -> list[FooterKey]:
    """What works while a field takes letters and signs: other keys only."""
    found = {
        active.binding.action: FooterKey(
            SHOWN.get(key, active.binding.key_display or key),
            active.binding.description,
            key,
            GROUPS.get(str(active.binding.id), SCREEN),
        )
        for key, active in screen.active_bindings.items()
        if active.binding.show
        and active.enabled
        and not field.check_consume_key(key, key_to_character(key))
    }
    everywhere = [
        FooterKey(*PALETTE, PALETTE[0], ""),
        FooterKey("ctrl+q", "quit", "ctrl+q", PROGRAM),
    ]
    if helped := found.pop("help", None):
        everywhere.insert(1, helped)
    keys = list(found.values())
    if all(entry.key != "escape" for entry in keys):
        keys.insert(0, FooterKey("escape", "leave the field", "escape", PANE))
    return [FooterKey("enter", "take it", "enter", PANE), *keys, *everywhere]


def fitting(keys: list[FooterKey], width: int) -> list[FooterKey]:
    """As many as fit, none cut, in their groups. The last ones are always there."""
    always, shown = keys[-ALWAYS:], keys[:-ALWAYS]
    while shown and _width([*_grouped(shown), *always]) > width:
        shown.pop()
    return [*_grouped(shown), *always]


def _grouped(keys: list[FooterKey]) -> list[FooterKey]:
    return sorted(keys, key=lambda entry: ORDER.index(entry.group))


def _width(keys: list[FooterKey]) -> int:
    """The cells of entries, with two more between groups."""
    groups = [key.group for key in keys]
    turns = sum(a != b for a, b in pairwise(groups))
    return sum(key.width for key in keys) + 2 * turns


class KeyLine(LineWidget):
    """The footer, one line: a click on an entry presses its key.

    Textual's own is a widget for each key, made anew whenever the focus moves, and shows nothing
    until the screen tells it of its bindings.
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show_anew)
        self.watch(self.screen, "focused", self._show_anew, init=False)

    def _show_anew(self, _: object) -> None:
        self.refresh()

    @property
    def entries(self) -> list[FooterKey]:
        """What is shown, from left to right."""
        return fitting(footer_keys(self.screen), self.outer_size.width)

    def paint_lines(self, width: int, height: int) -> list[Line]:
        line: Line = []
        for _, group in groupby(self.entries, key=lambda entry: entry.group):
            line += [("│ ", "grid")] if line else []
            for entry in group:
                words = drawn(self.app, entry.words)
                line += [(drawn(self.app, entry.shown), "accent"), (f" {words} ", "label")]
        return [fitted(line, width)]

    def on_click(self, event: events.Click) -> None:
        end = 0
        before: str | None = None
        for entry in self.entries:
            end += entry.width + 2 * (before is not None and entry.group != before)
            before = entry.group
            if event.x < end:
                self.app.simulate_key(entry.key)
                return
