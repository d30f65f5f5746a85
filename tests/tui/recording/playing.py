"""Plays an animated SVG as a browser would, as far as `film_svg` goes: what is seen at a time."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from xortui.tui.recording.glyphs import HEIGHT, WIDTH
from xortui.tui.recording.svg import MARGIN

NAMESPACE = "{http://www.w3.org/2000/svg}"


class Player:
    """An SVG. Everything is asked for at a share of its duration, 0 to 1."""

    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)
        self.sheet = self.root.findtext(f"{NAMESPACE}style") or ""
        self.ground = self.root.find(f"{NAMESPACE}rect")
        self._cells, self._marks = self.root.findall(f"{NAMESPACE}g")

    def is_seen(self, name: str, share: float) -> bool:
        """Whether the group of this class is visible."""
        frames = re.search(rf"@keyframes {name}{{(.*?}})}}", self.sheet)
        assert frames
        seen: str = ""
        for at, visibility in re.findall(r"([\d.]+)%{visibility:(\w+)}", frames[1]):
            if float(at) <= 100 * share:
                seen = visibility
        return seen == "visible"

    def _seen(self, layer: ElementTree.Element, share: float) -> Iterator[ElementTree.Element]:
        for item in layer:
            if item.tag != f"{NAMESPACE}g":
                yield item
            elif self.is_seen(item.attrib["class"], share):
                yield from item

    def style(self, item: ElementTree.Element) -> str:
        found = re.search(rf"\.{item.attrib['class']}{{(.*?)}}", self.sheet)
        assert found
        return found[1]

    def text(self, size: tuple[int, int], share: float) -> list[str]:
        """What is written, row by row. Raises where two letters stand in the same cell."""
        columns, rows = size
        cells = [[" "] * columns for _ in range(rows)]
        for item in self._seen(self._marks, share):
            if item.tag != f"{NAMESPACE}text":
                continue
            letters = (item.text or "").replace("\xa0", " ")
            assert int(item.attrib["textLength"]) == WIDTH * len(letters)
            x, y = int(item.attrib["x"]) // WIDTH, int(item.attrib["y"]) // HEIGHT
            for column, letter in enumerate(letters, start=x):
                assert cells[y][column] == " "
                cells[y][column] = letter
        return ["".join(row) for row in cells]

    def colours(self, size: tuple[int, int], share: float) -> list[list[str]]:
        """The colour of each half of each cell, two lines for a row."""
        columns, rows = size
        assert self.ground is not None
        lines = [[self.ground.attrib["fill"]] * columns for _ in range(2 * rows)]
        for path in self._seen(self._cells, share):
            colour = self.style(path).removeprefix("stroke:")
            for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", path.attrib["d"]):
                start = int(x)
                lines[int(y)][start : start + int(width)] = [colour] * int(width)
        return lines

    @property
    def box(self) -> tuple[int, int]:
        """Columns and rows that there is room for."""
        _, _, width, height = map(int, self.root.attrib["viewBox"].split())
        return (width - 2 * MARGIN) // WIDTH, (height - 2 * MARGIN) // HEIGHT
