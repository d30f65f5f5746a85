"""Output that is never waited for: bytes in order, none lost, and known how many are left."""

import asyncio
import os
import pty
import select
import sys
import threading
import time
import tty
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from xortui.tui.terminal.modes import RESET, clamped
from xortui.tui.terminal.output import TerminalOutput

LOTS = "".join(f"{number:07}\n" for number in range(20_000))  # more than any terminal holds


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, slave
    for end in (master, slave):
        os.close(end)


async def read_all(master: int, count: int) -> bytes:
    """As a terminal that reads, in a thread of its own."""

    def read() -> bytes:
        got = b""
        while len(got) < count:
            got += os.read(master, 4096)
        return got

    return await asyncio.wait_for(asyncio.to_thread(read), 20)


async def test_a_terminal_that_reads_gets_all_in_order(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    told: list[bool] = []
    output = TerminalOutput(slave, asyncio.get_running_loop(), told.append)
    for start in range(0, len(LOTS), 1000):
        output.write(LOTS[start : start + 1000])
    assert await read_all(master, len(LOTS)) == LOTS.encode()
    while output.is_behind:
        await asyncio.sleep(0.001)
    assert output.pending == 0
    assert told == [True, False]
    output.stop()


async def test_nobody_reading_costs_no_time_and_is_known(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    told: list[bool] = []
    output = TerminalOutput(slave, asyncio.get_running_loop(), told.append)
    began = time.monotonic()
    output.write(LOTS)
    output.flush()
    assert time.monotonic() - began < 1
    assert told == [True]
    assert 0 < output.pending < len(LOTS)
    began = time.monotonic()
    output.stop(seconds=0.2)
    assert time.monotonic() - began < 1


async def test_the_last_word_gets_through_where_nobody_reads(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    output = TerminalOutput(slave, asyncio.get_running_loop(), lambda is_behind: None)
    output.write(LOTS)
    output.flush()
    output.abandon()
    output.stop(0.5, RESET)
    got = b""
    while select.select([master], [], [], 0.1)[0]:
        got += os.read(master, 65536)
    assert got.endswith(RESET.encode())
    assert len(got) < 20_000


async def test_what_comes_after_the_end_goes_nowhere(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    output = TerminalOutput(slave, asyncio.get_running_loop(), lambda is_behind: None)
    output.write("before")
    other = threading.Thread(target=output.stop, args=(1.0, "last"))
    other.start()
    other.join()
    output.write("after")
    output.flush()
    output.stop()
    assert os.read(master, 100) == b"beforelast"


async def test_a_terminal_that_is_gone_is_no_error() -> None:
    master, slave = pty.openpty()
    output = TerminalOutput(slave, asyncio.get_running_loop(), lambda is_behind: None)
    os.close(master)
    output.write(LOTS)
    output.flush()
    assert output.pending == 0
    output.stop()
    os.close(slave)


@pytest.mark.parametrize(
    ("told", "believed"),
    [((120, 36), (120, 36)), ((0, 0), (1, 1)), ((-5, 3), (1, 3)), ((99_999, 99_999), (640, 200))],
)
def test_sizes_are_clamped(told: tuple[int, int], believed: tuple[int, int]) -> None:
    assert clamped(*told) == believed
