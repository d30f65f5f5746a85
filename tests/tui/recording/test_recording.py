"""Films of the app: what is in them, and that both kinds of file show just that."""

import json

import pyte
import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.recording.cast import film_cast
from xortui.tui.recording.film import Film, Look, record
from xortui.tui.recording.glyphs import HALVES, shapes
from xortui.tui.recording.svg import film_svg
from xortui.tui.screenshot import ScreenshotOptions

from .playing import Player

SIZE = (100, 30)


def film(steps: list[int], **how: str) -> Film:
    return record(Trainer(Recipe()), steps, 4, 5, SIZE, ScreenshotOptions(**how))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def learning() -> Film:
    return film([0, 0, 5, 700, 1500, 2198, 2300])


def words(film: Film, index: int) -> list[str]:
    """The letters of a picture, row by row."""
    return ["".join(letters for letters, _ in row) for row in film.pictures[index]]


def middles(film: Film) -> list[float]:
    """The middle of the time of each picture, as a share of the film."""
    ends = [*film.times[1:], film.seconds]
    return [(a + b) / 2 / film.seconds for a, b in zip(film.times, ends, strict=True)]


class TestFilm:
    @pytest.mark.slow
    def test_each_picture_is_the_app_at_its_step(self, learning: Film) -> None:
        titles = [words(learning, index)[0] for index in range(len(learning.pictures))]
        steps = ("step 0 ", "step 5 ", "step 700 ", "step 1,500 ", "step 2,198 ", "step 2,300 ")
        found = iter(titles)
        assert all(any(step in title for title in found) for step in steps)
        assert [len(line) for line in words(learning, 0)] == 30 * [100]

    def test_it_runs_at_the_films_own_pace_and_ends_solved_and_paused(self, learning: Film) -> None:
        assert "▶ 20/s" in words(learning, 0)[0] or "▶ 20/s" in words(learning, 1)[0]
        assert "▶ 2.8k/s" in "".join(words(learning, index)[0] for index in range(4))
        last = words(learning, -1)
        assert "✓ solved at 2,198" in last[0]
        assert any("▶ Run" in line for line in last)

    def test_what_was_shown_before_leaves_nothing_behind(self, learning: Film) -> None:
        assert learning.pictures[-1] == film([2300]).pictures[-1]

    def test_pictures_appear_on_time(self, learning: Film) -> None:
        assert learning.times[0] == 0
        assert all(time * 4 == int(time * 4) for time in learning.times)
        assert learning.times[-1] == 6 / 4 < learning.seconds == 5

    def test_a_view_can_be_watched(self) -> None:
        shown = "\n".join(words(film([0, 100], view="space"), -1))
        assert "Hidden space" in shown
        assert "Decision surface" not in shown

    def test_what_a_picture_tells_ends_it(self) -> None:
        def stop(done: int) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            record(Trainer(Recipe()), [0, 1], 4, 1, SIZE, ScreenshotOptions(), stop)


class TestSvg:
    def test_letters_are_those_of_the_picture_of_that_time(self, learning: Film) -> None:
        player = Player(film_svg(learning))
        for index, share in enumerate(middles(learning)):
            wanted = [
                "".join(" " if shapes(x) or x in HALVES else x for x in row)
                for row in words(learning, index)
            ]
            assert player.text(SIZE, share) == wanted

    def test_so_are_the_colours_of_half_blocks_and_grounds(self, learning: Film) -> None:
        player = Player(film_svg(learning))
        for index, share in enumerate(middles(learning)):
            wanted = []
            for row in learning.pictures[index]:
                cells = [(letter, look) for letters, look in row for letter in letters]
                for half in (0, 1):
                    wanted.append(
                        [
                            look.ink if HALVES.get(letter, (False, False))[half] else look.ground
                            for letter, look in cells
                        ]
                    )
            assert player.colours(SIZE, share) == wanted

    def test_who_wants_no_motion_sees_the_end(self, learning: Film) -> None:
        svg = film_svg(learning)
        assert "@media(prefers-reduced-motion:reduce){g{animation:none!important}}" in svg
        player = Player(svg)
        for group in player.root.iter("{http://www.w3.org/2000/svg}g"):
            name = group.get("class", "")
            if name.startswith("t"):
                is_hidden = f".{name}{{animation-name:{name};visibility:hidden}}" in svg
                assert is_hidden != player.is_seen(name, 0.9999)

    def test_it_asks_for_nothing_from_elsewhere_and_runs_nothing(self, learning: Film) -> None:
        svg = film_svg(learning)
        for word in ("<script", "href", "url(", "@import", "@font-face", " on", "<foreignObject"):
            assert word not in svg.split("</style>")[1].replace(" on ", "")
            assert word == " on" or word not in svg
        assert svg.count("http") == 1  # the name of SVG

    def test_what_is_special_in_xml_is_letters(self) -> None:
        look = Look("#ffffff", "#000000")
        row = (("<b>&\"'x", look), (" " * 92, look))
        odd = Film((100, 1), 1.0, (0.0,), ((row,),), "<&>")
        player = Player(film_svg(odd))
        assert player.text((100, 1), 0.5)[0].startswith("<b>&\"'x ")
        assert player.root.findtext("{http://www.w3.org/2000/svg}title") == "<&>"
        assert player.box == (100, 1)


class TestCast:
    def test_a_terminal_shows_each_picture_at_its_time(self, learning: Film) -> None:
        header, *events = map(json.loads, film_cast(learning).splitlines())
        assert (header["version"], header["width"], header["height"]) == (2, 100, 30)
        screen = pyte.Screen(100, 30)
        stream = pyte.Stream(screen)
        for index, (time, kind, text) in enumerate(events[:-1]):
            assert (time, kind) == (learning.times[index], "o")
            stream.feed(text)
            assert screen.display == words(learning, index)
            for y, row in enumerate(learning.pictures[index]):
                cells = [look for letters, look in row for _ in letters]
                assert [f"#{screen.buffer[y][x].fg}" for x in range(100)] == [c.ink for c in cells]
                assert [screen.buffer[y][x].bold for x in range(100)] == [c.bold for c in cells]
        assert events[-1][0] == learning.seconds
        stream.feed(events[-1][2])
        assert not screen.cursor.hidden

    def test_only_what_changed_is_written(self, learning: Film) -> None:
        _, *events = map(json.loads, film_cast(learning).splitlines())
        assert len(events[1][2]) < len(events[0][2]) / 2


@pytest.mark.slow
def test_the_same_film_is_the_same_bytes() -> None:
    first, second = film([0, 300, 2000, 2400]), film([0, 300, 2000, 2400])
    assert film_svg(first) == film_svg(second)
    assert film_cast(first) == film_cast(second)
