"""The app while a long sweep runs in it: how long it takes from a key press to its action.

What is typed goes into the field for the steps of the next sweep. Once with one processor
for the sweep, and once with two, so that processes share it.

python -m tests.bench.sweep_screen [--quick]
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.app import MAX_LATENCY, lateness, p95, press_at_odd_moments, watch
from tests.bench.figures import Figure, report_in_terminal
from tests.e2e.terminal import Terminal

DRIVER = """
import json, sys, time
from textual.widgets import Input
from xortui.cli import main
from xortui.core.sweep import estimate
from xortui.tui.sweep import form as sweep_form

acted = []

def insert(self, *given, _original=Input.insert_text_at_cursor):
    acted.append(time.monotonic())
    return _original(self, *given)

def delete(self, *given, _original=Input.action_delete_left):
    acted.append(time.monotonic())
    return _original(self, *given)

if __name__ == "__main__":
    Input.insert_text_at_cursor, Input.action_delete_left = insert, delete
    path, processors = sys.argv.pop(1), int(sys.argv.pop(1))
    estimate.processors = lambda: processors
    sweep_form.SEEDS, sweep_form.STEPS = "0:20000", "1000000"
    code = main([])
    with open(path, "w") as file:
        json.dump(acted, file)
    sys.exit(code)
"""
PROCESSORS = {"one process": 1, "several processes": 2}
FIELD_BEFORE = "\x1b[Z"  # shift+tab, from the button
TYPED = "\x7f1"  # backspace, and a digit


def late_keys(processors: int, seconds: float) -> list[float]:
    """Seconds from each key to its action, in order, while so many processors train a sweep."""
    with tempfile.TemporaryDirectory() as folder:
        log, driver = Path(folder) / "log.json", Path(folder) / "driver.py"
        driver.write_text(DRIVER)
        command = [sys.executable, str(driver), str(log), str(processors)]
        variables = {"XDG_STATE_HOME": folder, "PYTHONPATH": os.getcwd()}
        with Terminal(
            command, 120, 36, folder, is_controlling=False, is_drawn=False, variables=variables
        ) as terminal:
            for key, words in (("", b"quit"), ("w", b"Many seeds"), ("s", b"solved")):
                terminal.send(key)
                while words not in terminal.output:
                    if not terminal.read(10):
                        raise RuntimeError(
                            f"{words!r} did not come: {bytes(terminal.output)!r:.800}"
                        )
            terminal.send(FIELD_BEFORE + "1")  # instead of what is in the field, which is selected
            watch(terminal, min(1, seconds / 5))
            pressed = press_at_odd_moments(terminal, TYPED, seconds)
            watch(terminal, min(1, seconds / 5))
            terminal.process.terminate()
            terminal.wait()
        return lateness(pressed, json.loads(log.read_text()))


def measure(is_quick: bool) -> list[Figure]:
    """Both sweeps, one after the other."""
    figures = []
    for words, processors in PROCESSORS.items():
        late = late_keys(processors, 0.2 if is_quick else 12)
        median, most = statistics.median(late), p95(late)
        figures += [
            Figure(f"{words}, median", f"{median * 1e3:.1f} ms"),
            Figure(f"{words}, p95", f"{most * 1e3:.1f} ms", "at most 16 ms", most <= MAX_LATENCY),
            Figure(f"{words}, longest", f"{late[-1] * 1e3:.1f} ms"),
        ]
    return figures


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where keys wait too long."""
    return report_in_terminal(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
