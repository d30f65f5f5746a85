"""A film as an asciicast (version 2), which `asciinema play` and web players show.

https://docs.asciinema.org/manual/asciicast/v2/
"""

import json
from collections.abc import Iterator

from rich.cells import cell_len

from xortui.tui.recording.film import Film, FilmRow, Look

START, END = "\x1b[?25l\x1b[2J", "\x1b[0m\x1b[?25h\r\n"
MOST_GAP = 3  # cells that did not change and are written all the same: no longer than a move

CastCell = tuple[str, Look]


def film_cast(film: Film) -> str:
    """The film as the text of a .cast file; the same film gives the same bytes."""
    columns, rows = film.size
    header = {
        "version": 2,
        "width": columns,
        "height": rows,
        "duration": round(film.seconds, 6),
        "title": film.title,
    }
    lines = [json.dumps(header, ensure_ascii=False)]
    before: tuple[FilmRow, ...] = ((),) * rows
    for time, picture in zip(film.times, film.pictures, strict=True):
        changes = "".join(
            _change(y, old, new)
            for y, (old, new) in enumerate(zip(before, picture, strict=True), start=1)
            if old != new
        )
        lines.append(_event(time, changes if before[0] else START + changes))
        before = picture
    lines.append(_event(film.seconds, f"\x1b[{rows};1H{END}"))
    return "\n".join(lines) + "\n"


def _event(time: float, text: str) -> str:
    return json.dumps([round(time, 6), "o", text], ensure_ascii=False)


def _change(y: int, old: FilmRow, new: FilmRow) -> str:
    """What makes line `y` (from 1) the new row: the cells that changed, and short gaps."""
    was, cells = list(_cells(old)), list(_cells(new))
    if len(was) != len(cells):
        was = [("", cells[0][1])] * len(cells)
    changed = [at for at, (before, now) in enumerate(zip(was, cells, strict=True)) if before != now]
    parts: list[str] = []
    look, last = None, -MOST_GAP - 2
    for at in changed:
        start = last + 1
        if at - start > MOST_GAP:
            start = at
            parts.append(f"\x1b[{y};{1 + sum(cell_len(letter) for letter, _ in cells[:at])}H")
        for letter, its in cells[start : at + 1]:
            if its != look:
                parts.append(_colours(its, look))
                look = its
            parts.append(letter)
        last = at
    return "".join(parts)


def _cells(row: FilmRow) -> Iterator[CastCell]:
    return ((letter, look) for letters, look in row for letter in letters)


def _colours(look: Look, before: Look | None) -> str:
    """SGR from one look to another; from anything where none is given."""
    codes = []
    if before is None or look[2:] != before[2:]:
        before = None
        marks = (("1", look.bold), ("3", look.italic), ("4", look.underline))
        codes = ["0", *(code for code, is_set in marks if is_set)]
    if before is None or look.ink != before.ink:
        codes.append(f"38;2;{_numbers(look.ink)}")
    if before is None or look.ground != before.ground:
        codes.append(f"48;2;{_numbers(look.ground)}")
    return f"\x1b[{';'.join(codes)}m"


def _numbers(colour: str) -> str:
    return ";".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
