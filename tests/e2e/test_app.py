"""The app in a pseudo-terminal: started, driven by keys, resized, stopped by signals, left."""

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.color import Color

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.e2e.terminal import ALTERNATE_SCREEN, CURSOR, XORTUI, Terminal, is_gone
from tests.sample import some_pairs
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.theme import LIGHT
from xortui.tui.keys import KEYS

# As terminals with the newer keyboard protocol send it: not to be taken for half of another key.
ESCAPE = "\x1b[27u"
CTRL_C, CTRL_Q = "\x03", "\x11"
# What the terminal sends for keys that are more than a character.
SENT = {
    "space": " ",
    "escape": ESCAPE,
    "home": "\x1b[H",
    "end": "\x1b[F",
    "left": "\x1b[D",
    "right": "\x1b[C",
    "F1": "\x1bOP",
    "F8": "\x1b[19~",
    "ctrl+s": "\x13",
    "ctrl+z": "\x1a",
}
READY = "quit"  # the end of the footer, which is painted last


@contextlib.contextmanager
def app(
    folder: Path, *arguments: str, columns: int = 80, lines: int = 24, state: str = "state"
) -> Iterator[Terminal]:
    """The app in a terminal, when it has painted itself; what it keeps goes into the folder."""
    variables = {"XDG_STATE_HOME": str(folder / state), "HOME": str(folder)}
    command = [*XORTUI, *arguments]
    with Terminal(command, columns, lines, cwd=folder, variables=variables) as terminal:
        terminal.wait_for(READY)
        yield terminal


def step_of(screen: str) -> int | None:
    """The step in the title line, None where there is none."""
    found = re.search(r"step ([\d,]+)", screen.split("\n")[0])
    return int(found[1].replace(",", "")) if found else None


def shows_step(step: int) -> Callable[[str], bool]:
    """Whether the title line shows that step."""
    return lambda screen: step_of(screen) == step


def shows_step_past(step: int) -> Callable[[str], bool]:
    """Whether the title line shows a later step."""
    return lambda screen: (step_of(screen) or 0) > step


def run_at_full_speed(terminal: Terminal) -> None:
    """Start training (again) and see it go on."""
    before = step_of(terminal.text) or 0
    terminal.send(" " if "max" in terminal.text else "M ")
    terminal.wait_for(shows_step_past(before))


def leave_and_reset(terminal: Terminal) -> None:
    """Out of whatever is open, one thing at a time, and back to step 0."""
    for _ in range(5):
        terminal.send(ESCAPE)
        terminal.read(0.1)
        terminal.send("r")
        with contextlib.suppress(AssertionError):
            terminal.wait_for(shows_step(0), seconds=1)
            return
    terminal.wait_for(shows_step(0))


class TestScreen:
    @pytest.mark.parametrize("name", ["xortui-light", "nord"])
    def test_textuals_variable_chooses_the_theme(self, tmp_path: Path, name: str) -> None:
        surface = Color.parse({"xortui-light": LIGHT.surface, "nord": "#3b4252"}[name]).rgb
        variables = {"XDG_STATE_HOME": str(tmp_path), "TEXTUAL_THEME": name}
        with Terminal(XORTUI, 80, 24, cwd=tmp_path, variables=variables) as terminal:
            terminal.wait_for(READY)
            assert b"48;2;%d;%d;%d" % surface in terminal.output

    @pytest.mark.parametrize(("columns", "lines"), [(120, 36), (80, 24)])
    def test_the_first_screen_has_title_table_loss_and_keys(
        self, tmp_path: Path, columns: int, lines: int
    ) -> None:
        with app(tmp_path, columns=columns, lines=lines) as terminal:
            screen = terminal.wait_for("Loss")
            title = screen.split("\n")[0]
            assert "xortui" in title
            assert "XOR 2-2-1" in title
            assert "step 0" in title
            assert "loss 1.45e-01" in title
            assert "Loss" in screen
            assert "run/pause" in terminal.lines[-1]
            assert terminal.modes >= {ALTERNATE_SCREEN}
            assert CURSOR not in terminal.modes
            terminal.send(".")
            terminal.wait_for(shows_step(1))
            terminal.send(">")
            terminal.wait_for(shows_step(101))
            terminal.send("g250\r.")  # all at once: each key goes to what the one before opened
            terminal.wait_for(shows_step(251))
            terminal.send("q")
            assert terminal.wait() == 0
            assert terminal.is_as_found

    def test_a_window_too_small_says_so_and_comes_back(self, tmp_path: Path) -> None:
        with app(tmp_path, columns=120, lines=36) as terminal:
            run_at_full_speed(terminal)
            terminal.resize(20, 5)
            terminal.wait_for(lambda screen: "20x5" in screen and "60x18" in screen)
            terminal.resize(120, 36)
            terminal.wait_for("Loss")
            terminal.resize(59, 18)
            terminal.wait_for("59x18")
            terminal.resize(60, 18)
            terminal.wait_for("Loss")
            terminal.resize(20, 5)
            terminal.wait_for("20x5")
            terminal.send("q")
            assert terminal.wait() == 0
            assert terminal.is_as_found

    def test_every_key_works_while_training_at_full_speed(self, tmp_path: Path) -> None:
        with app(tmp_path) as terminal:
            for key in KEYS:
                if key.id in ("quit", "suspend"):
                    continue
                for shown in key.shown.split():
                    run_at_full_speed(terminal)
                    terminal.send(SENT.get(shown, shown))
                    leave_and_reset(terminal)
            terminal.send("P.")  # P asked before each step; now it is off again
            terminal.wait_for(shows_step(1))
            terminal.send("q")
            assert terminal.wait() == 0
            assert terminal.is_as_found
            assert b"Traceback" not in terminal.output
        assert list(tmp_path.glob("*.svg")), "F8 saved no picture"

    def test_ctrl_z_goes_back_to_the_shell_and_fg_returns(self, tmp_path: Path) -> None:
        variables = {"XDG_STATE_HOME": str(tmp_path), "PS1": "shell> ", "ENV": ""}
        with Terminal(["/bin/sh", "-i"], cwd=tmp_path, variables=variables) as shell:
            shell.wait_for("shell>")
            shell.send(" ".join(XORTUI) + "\r")
            shell.wait_for(READY)
            run_at_full_speed(shell)
            shell.send("\x1a")
            shell.wait_for(lambda screen: "topped" in screen or "uspended" in screen)
            assert shell.modes == {CURSOR} | (shell.modes - {ALTERNATE_SCREEN})
            shell.send("echo in the she''ll\r")
            shell.wait_for("in the shell")
            shell.send("fg\r")
            screen = shell.wait_for(READY)
            assert ALTERNATE_SCREEN in shell.modes
            shell.wait_for(shows_step_past(step_of(screen) or 0))
            shell.send("q")
            shell.wait_for("To return to it")
            shell.send("echo code $?\r")
            shell.wait_for("code 0")
            shell.send("exit\r")
            assert shell.wait() == 0
            assert shell.is_as_found


class TestLeaving:
    @pytest.mark.parametrize(("keys", "code"), [("q", 0), (CTRL_Q, 0)])
    def test_by_key_while_training(self, tmp_path: Path, keys: str, code: int) -> None:
        with app(tmp_path) as terminal:
            run_at_full_speed(terminal)
            terminal.send(keys)
            assert terminal.wait() == code
            assert terminal.is_as_found

    def test_ctrl_c_hints_and_twice_is_interrupted(self, tmp_path: Path) -> None:
        with app(tmp_path) as terminal:
            run_at_full_speed(terminal)
            terminal.send(CTRL_C)
            terminal.wait_for("Press q, or ctrl+c again")
            assert terminal.process.poll() is None
            terminal.send(CTRL_C + CTRL_C)
            assert terminal.wait() == 130
            assert terminal.is_as_found

    @pytest.mark.parametrize(
        ("number", "is_training"), some_pairs([signal.SIGTERM, signal.SIGHUP], [True, False], 2)
    )
    def test_by_signal(self, tmp_path: Path, number: int, is_training: bool) -> None:
        with app(tmp_path) as terminal:
            if is_training:
                run_at_full_speed(terminal)
            os.kill(terminal.process.pid, number)
            assert terminal.wait() == 128 + number
            assert terminal.is_as_found
            assert "To return to it" in terminal.text

    def test_a_closed_window_leaves_nothing_behind(self, tmp_path: Path) -> None:
        with app(tmp_path) as terminal:
            run_at_full_speed(terminal)
            terminal.hang_up()
            assert terminal.wait() == 129
            assert is_gone(terminal.process.pid)

    def test_a_closed_window_leaves_nothing_behind_when_hang_ups_are_ignored(
        self, tmp_path: Path
    ) -> None:
        command = ["/bin/sh", "-c", f"trap '' HUP; exec {' '.join(XORTUI)}"]
        with Terminal(command, cwd=tmp_path, variables={"XDG_STATE_HOME": str(tmp_path)}) as it:
            it.wait_for(READY)
            run_at_full_speed(it)
            it.hang_up()
            it.wait()
            assert is_gone(it.process.pid)


class TestSummary:
    def test_one_line_tells_where_the_run_stood_and_brings_it_back(self, tmp_path: Path) -> None:
        recipe = ["--hidden", "3", "--seed", "7", "--lr", "0.25"]
        with app(tmp_path, *recipe) as terminal:
            run_at_full_speed(terminal)
            terminal.send(" ")
            terminal.wait_for(lambda screen: "paused" in screen or "solved" in screen)
            terminal.send("q")
            assert terminal.wait() == 0
            summary = after_the_app(terminal)
        words = re.fullmatch(
            r"XOR 2-3-1 .*: step ([\d,]+), loss (\S+), (solved|not solved)\. "
            r"To return to it: xortui (.*)\n",
            summary,
        )
        assert words, summary
        step, loss = int(words[1].replace(",", "")), float(words[2])
        trainer = Trainer(Recipe(hidden=(3,), seed=7, learning_rate=0.25))
        trainer.seek(step)
        assert loss == float(f"{trainer.snapshot().loss:.6g}")
        assert (words[3] == "solved") == trainer.snapshot().solved

        with app(tmp_path, *words[4].split(), state="another state") as terminal:
            terminal.wait_for(shows_step(step))
            terminal.send("q")
            assert terminal.wait() == 0
            assert after_the_app(terminal) == summary

    def test_a_diverged_run_says_so(self, tmp_path: Path) -> None:
        with app(tmp_path, "--lr", "10", "--run") as terminal:
            terminal.wait_for("diverged at 255")
            terminal.send("q")
            assert terminal.wait() == 0
            assert re.search("step 255, loss (nan|inf), diverged", after_the_app(terminal))


def after_the_app(terminal: Terminal) -> str:
    """What was written on the normal screen, without the codes that the app ended with."""
    text = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2].decode()
    return re.sub(r"\x1b\[[0-9;?<>]*[a-zA-Z]", "", text).replace("\r\n", "\n")


def test_nothing_is_written_while_nothing_happens(tmp_path: Path) -> None:
    with app(tmp_path) as terminal:
        end = time.monotonic() + 10
        while terminal.read(0.5):  # as long as it paints
            assert time.monotonic() < end, "a paused app goes on painting"
