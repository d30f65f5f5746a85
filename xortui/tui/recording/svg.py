"""A film as one animated SVG, which plays by itself wherever a picture is shown.

No script and no font from elsewhere. Two layers keep it small:

- Grounds and half blocks: each picture paints only the cells that changed over those before it.
  Their edges are crisp, so that nothing shines through.
- Letters and lines cannot be painted over. Each is there once for every time that it is on the
  screen, and what comes and goes together is in one group.

Where nothing moves, or a person has asked for less motion, the last picture is seen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

from rich.cells import cell_len

from xortui.tui.recording.film import Film, FilmRow
from xortui.tui.recording.glyphs import HALVES, HEIGHT, STROKES, WIDTH, shapes

MARGIN = 8
FONT = "13.3px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
MOST_BLANKS = 3  # between words that are written as one text

FilmPicture = tuple[FilmRow, ...]
Grid = list[list[str]]
Interval = tuple[int, int]  # the picture in which something appears, and that in which it is gone


class PlacedText(NamedTuple):
    """A word, with the column where it starts, and its style."""

    row: int
    column: int
    letters: str
    style: str


class PlacedStroke(NamedTuple):
    """A shape at its place, and its style."""

    y: int
    x: int
    path: str
    style: str


class ShortStyles:
    """Short names for styles, in the order in which they are first asked for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, style: str) -> str:
        """The class that has this style."""
        return self._names.setdefault(style, f"s{len(self._names)}")

    def sheet(self) -> str:
        """All of them as CSS."""
        return "".join(f".{name}{{{style}}}" for style, name in self._names.items())


def film_svg(film: Film) -> str:
    """The film as the text of an SVG file; the same film gives the same bytes."""
    styles, end = ShortStyles(), len(film.pictures)
    grids = [_grid(picture) for picture in film.pictures]
    ground = Counter(colour for line in grids[0] for colour in line).most_common(1)[0][0]
    cells = {
        (index, end): _paths(strokes, styles)
        for index, strokes in enumerate(_changes(grids, ground))
        if strokes
    }
    marks = {span: _marks(things, styles) for span, things in _spans(film.pictures).items()}
    names = {span: f"t{index}" for index, span in enumerate(sorted({*cells, *marks} - {(0, end)}))}
    columns, rows = film.size
    width, height = columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN
    half = HEIGHT // 2
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">',
            f"<title>{escape(film.title)}</title>",
            f"<style>text{{font:{FONT}}}path{{fill:none}}.p path{{stroke-width:1;"
            f"shape-rendering:crispEdges}}{styles.sheet()}{_timing(film, names)}</style>",
            f'<rect width="{width}" height="{height}" rx="6" fill="{ground}"/>',
            f'<g class="p" transform="translate({MARGIN} {MARGIN + half // 2})scale({half})">',
            *_groups(cells, names),
            "</g>",
            f'<g transform="translate({MARGIN} {MARGIN})">',
            *_groups(marks, names),
            "</g>",
            "</svg>\n",
        ]
    )


def _timing(film: Film, names: dict[Interval, str]) -> str:
    """When each group is seen. All share one clock, so that one goes when the next comes."""
    edges = [f"{100 * time / film.seconds:.4g}%" for time in film.times]
    hidden, visible = "{visibility:hidden}", "{visibility:visible}"
    rules = [f"[class^=t]{{animation:{film.seconds:g}s step-end infinite}}"]
    for (start, end), name in names.items():
        is_at_end = end == len(film.pictures)
        frames = ("" if start == 0 else f"0%{hidden}") + f"{edges[start]}{visible}"
        frames += "" if is_at_end else f"{edges[end]}{hidden}"
        resting = "" if is_at_end else ";visibility:hidden"
        rules.append(f".{name}{{animation-name:{name}{resting}}}@keyframes {name}{{{frames}}}")
    rules.append("@media(prefers-reduced-motion:reduce){g{animation:none!important}}")
    return "".join(rules)


def _groups(parts: dict[Interval, str], names: dict[Interval, str]) -> Iterator[str]:
    for span, part in sorted(parts.items()):
        yield f'<g class="{names[span]}">{part}</g>' if span in names else part


# -- grounds and half blocks ---------------------------------------------------------------------


def _grid(picture: FilmPicture) -> Grid:
    """The colour of each half of each cell, two lines for a row."""
    lines: Grid = []
    for row in picture:
        upper: list[str] = []
        lower: list[str] = []
        for letters, look in row:
            for letter in letters:
                halves = HALVES.get(letter, (False, False))
                for line, is_ink in zip((upper, lower), halves, strict=True):
                    line.extend([look.ink if is_ink else look.ground] * cell_len(letter))
        lines += [upper, lower]
    return lines


def _changes(grids: list[Grid], ground: str) -> Iterator[list[PlacedStroke]]:
    """What each picture paints over those before it: runs of cells of one colour."""
    before = [[ground] * len(line) for line in grids[0]]
    for grid in grids:
        strokes = []
        for y, (line, old) in enumerate(zip(grid, before, strict=True)):
            x = 0
            while x < len(line):
                start, colour = x, line[x]
                while x < len(line) and line[x] == colour:
                    x += 1
                changed = [at for at in range(start, x) if old[at] != colour]
                if changed:
                    first, last = changed[0], changed[-1]
                    strokes.append(
                        PlacedStroke(y, first, f"h{last - first + 1}", f"stroke:{colour}")
                    )
        before = grid
        yield strokes


def _paths(strokes: Iterable[PlacedStroke], styles: ShortStyles) -> str:
    """One path for each style."""
    paths: dict[str, list[str]] = defaultdict(list)
    for stroke in sorted(strokes):
        paths[stroke.style].append(f"M{stroke.x} {stroke.y}{stroke.path}")
    return "".join(
        f'<path class="{styles.name(style)}" d="{"".join(parts)}"/>'
        for style, parts in paths.items()
    )


# -- letters and lines ---------------------------------------------------------------------------


def _spans(pictures: tuple[FilmPicture, ...]) -> dict[Interval, list[PlacedText | PlacedStroke]]:
    """All that is written and drawn, by the pictures in which it is seen."""
    spans: dict[Interval, list[PlacedText | PlacedStroke]] = defaultdict(list)
    since: dict[PlacedText | PlacedStroke, int] = {}
    for index, picture in enumerate(pictures):
        things = dict.fromkeys(_things(picture))
        for thing in [thing for thing in since if thing not in things]:
            spans[since.pop(thing), index].append(thing)
        for thing in things:
            since.setdefault(thing, index)
    for thing, start in since.items():
        spans[start, len(pictures)].append(thing)
    return spans


def _things(picture: FilmPicture) -> Iterator[PlacedText | PlacedStroke]:
    for y, row in enumerate(picture):
        column = 0
        for letters, look in row:
            style = f"fill:{look.ink}"
            style += ";font-weight:700" if look.bold else ""
            style += ";font-style:italic" if look.italic else ""
            style += ";text-decoration:underline" if look.underline else ""
            word, start = "", column
            for letter in letters:
                drawn = shapes(letter)
                if drawn or letter in HALVES:
                    if word:
                        yield PlacedText(y, start, word, style)
                    word, start = "", column + 1
                else:
                    word += letter
                for kind, dx, dy, path in drawn:
                    x = column * WIDTH + dx
                    yield PlacedStroke(
                        y * HEIGHT + dy, x, path, f"stroke:{look.ink};{STROKES[kind]}"
                    )
                column += cell_len(letter)
            if word:
                yield PlacedText(y, start, word, style)


def _marks(things: Iterable[PlacedText | PlacedStroke], styles: ShortStyles) -> str:
    strokes = [thing for thing in things if isinstance(thing, PlacedStroke)]
    texts = _joined(sorted(thing for thing in things if isinstance(thing, PlacedText)))
    return _paths(strokes, styles) + "".join(_text(text, styles) for text in texts)


def _joined(texts: Iterable[PlacedText]) -> list[PlacedText]:
    """Words that stand beside one another and look the same, as one text."""
    joined: list[PlacedText] = []
    for text in texts:
        if joined and (joined[-1].row, joined[-1].style) == (text.row, text.style):
            row, column, letters, style = joined[-1]
            blanks = text.column - column - cell_len(letters)
            if blanks <= MOST_BLANKS:
                joined[-1] = PlacedText(row, column, letters + " " * blanks + text.letters, style)
                continue
        joined.append(text)
    return joined


def _text(text: PlacedText, styles: ShortStyles) -> str:
    """A text, as wide as its cells whatever font there is. Its blanks are such as no reader of
    XML takes away."""
    x, y = text.column * WIDTH, text.row * HEIGHT + 12
    letters = escape(text.letters).replace(" ", "&#160;")
    return (
        f'<text x="{x}" y="{y}" class="{styles.name(text.style)}" '
        f'textLength="{cell_len(text.letters) * WIDTH}" lengthAdjust="spacingAndGlyphs">'
        f"{letters}</text>"
    )
