"""What the processes of a sweep do, and how they are waited for."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from xortui.core.sweep.block import Block

# How long a turn works. A key waits for the rest of one turn at most.
TURN_SECONDS = 0.004
# A process hands its block back so often: cancelling waits no longer, and counts fill in.
TASK_SECONDS = 0.2

Turns = Generator[None, None, None]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def wait_in_turns(function: Callable[..., object], *arguments: object, seconds: float) -> Turns:
    """Call the function in a thread, and give a turn every `seconds` until it has returned."""
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(seconds)
            yield
    finally:
        thread.join()


# -- in the processes --------------------------------------------------------------------------

_cancelled: Event | None = None


def start_process(cancelled: Event) -> None:
    """Ctrl+C is the parent's to handle; when the parent is gone, however it went, so is this."""
    global _cancelled
    _cancelled = cancelled
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(10)  # a screen that shows the sweep answers keys first
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def nothing() -> None:
    """What a pool is given to do so that its processes start."""


def advanced(block: Block, steps: int) -> Block:
    """The block after about `TASK_SECONDS` more of work, or less when the sweep is cancelled."""
    end = time.perf_counter() + TASK_SECONDS
    while not block.finished and time.perf_counter() < end:
        if _cancelled is not None and _cancelled.is_set():
            break
        block.advance(steps, TURN_SECONDS)
    return block
