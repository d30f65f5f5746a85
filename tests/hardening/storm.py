"""Keys, mouse, paste, sizes and noise, as a terminal sends them."""

import random

KEYS = (
    *"p.,><nb[]-+rNgzZciewmBLPftlsxohkvauy1234567890?*~/ ",
    "\t", "\r", "\x1b[27u", "\x1b[H", "\x1b[F", "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B",
    "\x1b[5~", "\x1b[6~", "\x1b[3~", "\x1bOP", "\x1b[Z", "\x10", "\x13", "\x7f",
)  # fmt: skip
NOISE: tuple[bytes, ...] = (
    b"\xe9", b"\xff\xfe", b"\xf0\x9f", b"\x00", b"\x1b[", b"\x1b[<0;0;0M", b"\x1b[<99;9;9m",
    b"\x1b[<0;99999;99999M", b"\x1b[M\x20\x21\x21", b"\x1b[48;99999;99999;0;0t",
    b"\x1b[48;0;0;0;0t", b"\x1b[48;36;120;0;0t", b"\x1b[?2048;2$y", b"\x1b[?2026;2$y",
    b"\x1b[?2048;0$y", b"\x1b[I", b"\x1b[O", b"\x1b[999999999;5u", b"\x1b[1114112u",
    b"\x1b[55296u", b"\x1b[0;0;0u", b"\x1b[97;99;97u", b"\x1b[200~", b"\x1b[201~",
    b"\x1b[1;1R", b"\x1b]52;c;eA==\x07", b"\x1bP1$r\x1b\\", b"\x9b31m",
)  # fmt: skip
PASTES = ("0.1", "[/]", "[a='b", "x" * 3000, "\x1b[31m", "r.json", "\n\n", "q", "99999999", "nan")


def mouse(chance: random.Random, columns: int, lines: int) -> str:
    """Pressed, moved, let go, clicked or turned, anywhere on the screen and beside it."""
    x, y = chance.randint(0, columns + 1), chance.randint(0, lines + 1)
    button = chance.choice((0, 0, 0, 1, 2, 32, 35, 64, 65))
    press, release = f"\x1b[<{button};{x};{y}M", f"\x1b[<{button};{x};{y}m"
    return chance.choice((press, release, press + release, (press + release) * 2))


def burst(chance: random.Random, columns: int, lines: int) -> bytes:
    """A few events with nothing in between."""
    parts: list[bytes] = []
    for _ in range(chance.randint(1, 12)):
        match chance.randrange(8):
            case 0 | 1:
                parts.append(mouse(chance, columns, lines).encode())
            case 2:
                parts.append(chance.choice(NOISE))
            case 3:
                text = chance.choice(PASTES)
                parts.append(f"\x1b[200~{text}\x1b[201~".encode())
            case _:
                parts.append(chance.choice(KEYS).encode())
    return b"".join(parts)


def size(chance: random.Random) -> tuple[int, int]:
    """Columns and lines, from 1x1 to 300x100; usual ones often."""
    if chance.random() < 0.5:
        return chance.choice(((80, 24), (120, 36), (60, 18), (59, 17), (200, 60)))
    return chance.choice((1, 2, chance.randint(1, 300))), chance.choice((1, chance.randint(1, 100)))
