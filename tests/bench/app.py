"""The app at full speed in a real pseudo-terminal of 120x36 whose output is drained.

How much of the time is training, how many frames a second are painted, and how long it takes from
a key press to its action. The app itself is as it is: a driver wraps three methods and writes down
when they are called.

python -m tests.bench.app [--quick] [KEYS]    KEYS are pressed first, such as 4 to open a view
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from tests.bench.figures import Figure, report_in_terminal
from tests.e2e.terminal import Terminal

MIN_SHARE, MIN_FRAMES, MAX_LATENCY = 0.75, 25, 0.016

# Times are of the clock that all processes share.
DRIVER = """
import json, sys, time
from xortui.cli import main
from xortui.core.training.trainer import Trainer
from xortui.tui.run_screen import RunScreen
from xortui.tui.training_loop import TrainingLoop

trained, published, acted = [], [], []

def run_for(self, *given, _original=Trainer.run_for, **named):
    began = time.monotonic()
    done = _original(self, *given, **named)
    trained.append((began, time.monotonic(), done))
    return done

def publish(self, _original=TrainingLoop.publish):
    published.append(time.monotonic())
    return _original(self)

def action_speed(self, change, _original=RunScreen.action_speed):
    acted.append(time.monotonic())
    return _original(self, change)

Trainer.run_for, TrainingLoop.publish, RunScreen.action_speed = run_for, publish, action_speed
path = sys.argv.pop(1)
code = main(["--run", *sys.argv[1:]])
with open(path, "w") as file:
    json.dump({"trained": trained, "published": published, "acted": acted}, file)
sys.exit(code)
"""
FASTER = "]"  # which does nothing at full speed but be carried out


def watch(terminal: Terminal, seconds: float) -> None:
    """Drain what the app writes for so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)


def press_at_odd_moments(terminal: Terminal, keys: str, seconds: float) -> list[float]:
    """Press the keys in turn, about ten a second; the times at which it was."""
    choose, pressed = random.Random(0), []
    end = time.monotonic() + seconds
    for key in cycle(keys):
        if time.monotonic() >= end:
            break
        watch(terminal, choose.uniform(0.05, 0.15))
        pressed.append(time.monotonic())
        terminal.send(key)
    watch(terminal, 0.1)
    return pressed


def lateness(pressed: Sequence[float], acted: Sequence[float]) -> list[float]:
    """Seconds from each key to its action, in order."""
    if len(acted) != len(pressed):
        raise RuntimeError(f"{len(pressed)} keys were pressed, {len(acted)} were acted on")
    return sorted(act - press for act, press in zip(acted, pressed, strict=True))


def p95(late: Sequence[float]) -> float:
    """What 19 of 20 keep to, of numbers in order."""
    return late[int(0.95 * len(late))]


@dataclass(frozen=True)
class Watched:
    """What was seen of the app: steps, snapshots and frames a second, the share of the time in
    which it trained, bytes written a frame, and the seconds from each key to its action, in order.
    """

    steps: float
    share: float
    snapshots: float
    frames: float
    bytes_a_frame: float
    late: Sequence[float]

    @property
    def keeps_promises(self) -> bool:
        """Whether it trained long enough, painted often enough, and answered soon enough."""
        is_soon = p95(self.late) <= MAX_LATENCY
        return self.share >= MIN_SHARE and self.frames >= MIN_FRAMES and is_soon


def watch_training(
    keys: str, warm_up: float, seconds: float, recipe: Sequence[str] = ()
) -> Watched:
    """Let it train for some seconds while keys are pressed at odd moments; `keys` first.

    `recipe` are flags of what is trained.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        command = [sys.executable, "-c", DRIVER, str(log), *recipe]
        # As `main` sets it, which here comes after NumPy was loaded.
        variables = {"XDG_STATE_HOME": folder, "OPENBLAS_NUM_THREADS": "1"}
        with Terminal(
            command, 120, 36, folder, is_controlling=False, is_drawn=False, variables=variables
        ) as terminal:
            while b"Table" not in terminal.output:
                if not terminal.read(10):
                    raise RuntimeError(f"no frame came: {bytes(terminal.output)!r:.500}")
            for key in keys:
                terminal.send(key)
                watch(terminal, 0.3)
            watch(terminal, warm_up)
            began = time.monotonic()
            start_of_output = len(terminal.output)
            pressed = press_at_odd_moments(terminal, FASTER, seconds)
            ended = time.monotonic()
            output = bytes(terminal.output[start_of_output:])
            terminal.send("q")
            if code := terminal.wait():
                raise RuntimeError(f"the app ended with {code}: {bytes(terminal.output)!r:.2000}")
        told = json.loads(log.read_text())

    wall = ended - began
    inside = [(since, until, done) for since, until, done in told["trained"] if since > began]
    inside = [(since, until, done) for since, until, done in inside if until < ended]
    if not inside:
        raise RuntimeError(f"the keys {keys!r} have stopped the training")
    # The title line begins so, and changes with every snapshot.
    frames = output.count(b" xortui ")
    return Watched(
        steps=sum(done for *_, done in inside) / wall,
        share=sum(until - since for since, until, _ in inside) / wall,
        snapshots=sum(began < at < ended for at in told["published"]) / wall,
        frames=frames / wall,
        bytes_a_frame=len(output) / max(1, frames),
        late=lateness(pressed, told["acted"]),
    )


def measure(is_quick: bool, keys: str = "") -> list[Figure]:
    """The figures of the app as it starts, or after some keys."""
    seen = watch_training(keys, *((0.3, 1) if is_quick else (2, 20)))
    enough, often = seen.share >= MIN_SHARE, seen.frames >= MIN_FRAMES
    most = p95(seen.late)
    return [
        Figure("steps a second", f"{seen.steps:,.0f}"),
        Figure("share of time in training", f"{seen.share:.0%}", "at least 75%", enough),
        Figure("snapshots a second", f"{seen.snapshots:.1f}"),
        Figure("frames a second", f"{seen.frames:.1f}", f"at least {MIN_FRAMES}", often),
        Figure("bytes a frame", f"{seen.bytes_a_frame:,.0f}"),
        Figure("key to action, median", f"{statistics.median(seen.late) * 1e3:.1f} ms"),
        Figure("key to action, p95", f"{most * 1e3:.1f} ms", "at most 16 ms", most <= MAX_LATENCY),
        Figure("key to action, longest", f"{seen.late[-1] * 1e3:.1f} ms"),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where a promise is broken."""
    keys = "".join(word for word in arguments if not word.startswith("--"))
    options = [word for word in arguments if word.startswith("--")]
    return report_in_terminal(partial(measure, keys=keys), options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
