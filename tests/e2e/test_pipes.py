"""The headless commands as a shell has them: pipes, files, signals, exit codes, no terminal."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from tests.sample import some, some_pairs
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

ROOT = Path(__file__).parents[2]
XORTUI = (sys.executable, "-m", "xortui")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and pipes")

# Prints the exit code and which of the heavy packages were imported on the way.
WITNESS = """
import sys
from xortui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
sys.stdout = sys.__stdout__
heavy = [name for name in ("numpy", "textual", "rich") if name in sys.modules]
print("imported:", *heavy, file=sys.stderr)
sys.exit(code)
"""


def environment() -> dict[str, str]:
    """This one's, without what changes how Python buffers and warns."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def words(line: str) -> list[str]:
    """The words of a command line without quotes."""
    return line.split()


def run(line: str = "", command: tuple[str, ...] = XORTUI, **how: Any) -> Any:
    """Run to the end; stdout and stderr are pipes and stdin is nothing, unless said otherwise."""
    pipes = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "env": environment(),
        "timeout": 60,
    }
    return subprocess.run([*command, *words(line)], check=False, **{**pipes, **how})


class TestOutput:
    @pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
    def test_where_only_ascii_can_be_written_mathematics_survives(self, encoding: str) -> None:
        done = run("explain", env=environment() | {"PYTHONIOENCODING": encoding})
        text = done.stdout.decode(encoding)
        assert done.returncode == 0
        assert "?" not in text
        for formula in ("dL/dW2 = a1^T", "W2 <- W2 ", "L = sum l", "([4,2]) -> [4,2]"):
            assert formula in text
        if encoding == "ascii":
            assert "l = 0.5*(p - y)^2" in text

    @pytest.mark.parametrize(
        "arguments",
        some(
            [
                "train",
                "train --format json",
                "train --format csv",
                "check",
                "check --format json",
                "explain",
                "export --as numpy",
                "sweep --seeds 0:20 --steps 100",
                "snapshot -o screen.svg",
                "snapshot -o screen.txt",
                "--help",
                "--version",
            ],
            2,
        ),
    )
    def test_is_plain_text(self, arguments: str, tmp_path: Path) -> None:
        done = run(arguments, cwd=tmp_path)
        assert done.returncode in (0, 1)
        assert done.stderr == b""
        for written in (done.stdout, *(file.read_bytes() for file in tmp_path.iterdir())):
            assert b"\x1b" not in written
            assert b"\r" not in written.replace(os.linesep.encode(), b"\n")
            assert not written or written.endswith(b"\n")

    def test_json_reads_back_to_the_same_bits(self) -> None:
        recipe = Recipe(hidden=(3,), bias=True, seed=5)
        done = run("train --hidden 3 --bias --seed 5 --steps 700 --every 100 --format json")
        data = json.loads(done.stdout)
        trainer = Trainer(recipe)
        losses = []
        for step in range(0, 700, 100):
            trainer.seek(step)
            losses.append({"step": step, "loss": trainer.snapshot().loss})
        trainer.seek(699)
        last_outputs = trainer.snapshot().values["yhat"]
        trainer.seek(700)
        end = trainer.snapshot()
        assert Recipe.from_json(data["recipe"]) == recipe
        assert data["steps"] == 700
        assert data["losses"] == losses
        assert data["last_forward"] == {"step": 699, "outputs": last_outputs.tolist()}
        final = data["final"]
        assert (final["step"], final["loss"]) == (700, end.loss)
        assert final["outputs"] == end.values["yhat"].tolist()
        assert list(final["weights"]) == ["W1", "b1", "W2", "b2"]
        for name, weights in final["weights"].items():
            assert np.array(weights).tobytes() == end.values[name].tobytes(), name
        assert data["solved"] == end.solved
        assert data["solved_at"] == end.solved_at
        assert data["diverged_at"] is None
        assert done.returncode == (0 if end.solved else 1)

    def test_json_of_a_diverged_run_has_null_where_a_number_is_not_finite(self) -> None:
        done = run("train --lr 10 --format json")
        data = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"has {name}"))
        assert data["diverged_at"] == 255
        assert data["solved"] is False
        assert data["final"]["loss"] is None
        assert data["final"]["step"] == 255
        assert done.returncode == 1

    def test_csv_reads_back_to_the_same_bits(self) -> None:
        done = run("train --steps 60 --every 7 --format csv")
        rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
        trainer = Trainer(Recipe())
        for row, step in zip(rows, range(0, 60, 7), strict=True):
            trainer.seek(step)
            assert int(row["step"]) == step
            assert float(row["loss"]) == trainer.snapshot().loss

    def test_every_1_gives_every_loss(self) -> None:
        done = run("train --steps 2500 --every 1 --format csv")
        steps = [int(line.split(b",")[0]) for line in done.stdout.splitlines()[1:]]
        assert steps == list(range(2500))

    @pytest.mark.parametrize("format_", ["text", "json", "csv"])
    def test_into_a_file_is_the_same_as_to_stdout(self, tmp_path: Path, format_: str) -> None:
        arguments = f"train --steps 300 --format {format_}"
        to_file = run(f"{arguments} -o out", cwd=tmp_path)
        assert to_file.stdout == to_file.stderr == b""
        to_stdout = run(arguments).stdout.replace(os.linesep.encode(), b"\n")
        assert (tmp_path / "out").read_bytes() == to_stdout

    def test_without_stdin_at_all(self) -> None:
        code = (
            "import os, sys; os.close(0); "
            "os.execv(sys.executable, [sys.executable, '-m', 'xortui', *sys.argv[1:]])"
        )
        closed = run("train --steps 50", command=(sys.executable, "-c", code))
        assert closed.stderr == b""
        assert closed.stdout == run("train --steps 50").stdout


class TestExitCodes:
    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ("train", 0),  # solved
            ("train --steps 100", 1),  # not yet
            ("train --seed 57", 1),  # on a plateau
            ("train --lr 10", 1),  # diverged
            ("check", 0),
            ("check --goto 100 --format json", 0),
            ("check --lr 10 --goto 300", 1),  # there is no such step
            ("--version", 0),
            ("train --help", 0),
            ("train --stepz 5", 2),
            ("train missing.json", 3),
            ("train -o no/such/folder/out", 3),
            ("snapshot -o no/such/folder/screen.svg", 3),
        ],
    )
    def test_say_how_it_ended(self, tmp_path: Path, arguments: str, code: int) -> None:
        done = run(arguments, cwd=tmp_path)
        assert done.returncode == code
        assert b"Traceback" not in done.stderr

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
    @pytest.mark.parametrize(
        "arguments",
        [
            "train",
            "train --format json",
            "train --every 1 --format csv",
            "check",
            "export --as numpy",
            "--version",
            "--man",
            "--completion bash",
        ],
    )
    def test_a_full_disk_is_3_and_one_line(self, arguments: str) -> None:
        with open("/dev/full", "wb") as full:
            done = run(arguments, stdout=full)
        assert done.returncode == 3
        assert done.stderr == b"xortui: cannot write to stdout: No space left on device\n"

    @POSIX
    @pytest.mark.parametrize(
        "arguments",
        [
            "train --steps 1000000 --every 1 --format csv",
            "train --steps 1000000 --every 1 --format json",
            "train --steps 1000000 --every 1",
            "train --steps 10",  # little enough to fail at the very end only
            "check",
            "--help",
        ],
    )
    def test_a_closed_pipe_ends_it_quietly(self, arguments: str) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            done = run(arguments, stdout=pipe)
        assert done.stderr == b""
        assert done.returncode == 141


@POSIX
class TestClosedStreams:
    """A stream that the caller has closed counts as /dev/null: the exit code stays."""

    @staticmethod
    def shell(words: str, cwd: Path) -> Any:
        """A command line with redirections, as a shell runs it."""
        command = " ".join(XORTUI)
        return subprocess.run(
            ["/bin/sh", "-c", words.replace("xortui", command)],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment(),
            cwd=cwd,
            timeout=60,
        )

    CODES: ClassVar[dict[str, int]] = {
        "train": 0,
        "train --steps 10": 1,
        "train --format json --steps 10": 1,
        "check": 0,
        "sweep --seeds 0:20 --steps 50": 1,
        "train -o out --steps 10": 1,
        "train --lr x": 2,
        "train missing.json": 3,
        "": 2,
        "--help": 0,
        "--version": 0,
        "recover": 0,
    }
    REDIRECTIONS = (">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-", "<&- >&-", "2>/dev/full")

    @pytest.mark.parametrize(("arguments", "redirection"), some_pairs(CODES, REDIRECTIONS, 7))
    def test_the_exit_code_stays(self, arguments: str, redirection: str, tmp_path: Path) -> None:
        if redirection == "2>/dev/full" and not os.path.exists("/dev/full"):
            pytest.skip("only Linux has it")
        done = self.shell(f"xortui {arguments} {redirection}", tmp_path)
        assert done.returncode == self.CODES[arguments]
        assert b"Traceback" not in done.stderr
        if ">&-" in redirection.replace("2>&-", ""):
            assert done.stdout == b""
        assert not done.stdout.startswith(b"xortui: "), "an error on stdout"

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
    def test_nowhere_to_write_and_nowhere_to_say_so(self, tmp_path: Path) -> None:
        assert self.shell("xortui train >/dev/full 2>/dev/full", tmp_path).returncode == 3
        assert self.shell("xortui train >/dev/full 2>&-", tmp_path).returncode == 3

    def test_a_file_that_is_opened_does_not_become_stdout(self, tmp_path: Path) -> None:
        self.shell("xortui train --steps 10 -o out --history h.csv >&-", tmp_path)
        assert (tmp_path / "h.csv").read_text().startswith("step,loss")
        assert (tmp_path / "out").read_text().startswith("XOR 2-2-1")

    def test_stdout_that_is_appended_to_is_not_replaced(self, tmp_path: Path) -> None:
        for target in ("/dev/stdout", "log"):
            (tmp_path / "log").write_text("before\n")
            self.shell(f"xortui train --steps 10 -o {target} >> log", tmp_path)
            text = (tmp_path / "log").read_text()
            assert text.startswith("before\nXOR 2-2-1"), target
            assert text.count("XOR 2-2-1") == 1


class TestGlyphs:
    @pytest.mark.parametrize(
        "variables",
        [
            {"LC_ALL": "C"},
            {"LC_ALL": "POSIX"},
            {"PYTHONIOENCODING": "ascii"},
            {"PYTHONIOENCODING": "latin-1"},
            {"PYTHONIOENCODING": "cp1252"},
        ],
        ids=lambda variables: "=".join(*variables.items()),
    )
    def test_are_ascii_where_the_locale_has_no_others(self, variables: dict[str, str]) -> None:
        done = run("explain", env=environment() | variables)
        assert done.stderr == b""
        assert done.stdout.isascii()
        assert b"?" not in done.stdout

    def test_are_others_where_it_has(self) -> None:
        done = run("explain", env=environment() | {"LC_ALL": "C.UTF-8"})
        assert "σ" in done.stdout.decode("utf-8")


@POSIX
class TestSignals:
    SIGNALS = ((signal.SIGINT, 130), (signal.SIGTERM, 143), (getattr(signal, "SIGHUP", 1), 129))

    @staticmethod
    def stopped(format_: str, number: int) -> tuple[int, bytes, bytes]:
        """Training without end that a signal stops: exit code, stdout, stderr."""
        process = subprocess.Popen(
            [*XORTUI, *words(f"train --steps 100000000 --every 500 --format {format_}")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment(),
        )
        assert process.stdout is not None
        first = process.stdout.read(2000)  # it is training
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
        return process.returncode, first + stdout, stderr

    @pytest.mark.parametrize(("format_", "ends"), some_pairs(["text", "json", "csv"], SIGNALS, 3))
    def test_what_was_trained_is_written(self, format_: str, ends: tuple[int, int]) -> None:
        number, code = ends
        returned, stdout, stderr = self.stopped(format_, number)
        assert returned == code
        assert stderr.startswith(b"xortui: stopped at step ")
        assert stderr.count(b"\n") == 1
        assert stdout.endswith(b"\n")
        reached = int(stderr.split()[4])
        last = (reached - 1) // 500 * 500
        match format_:
            case "json":
                data = json.loads(stdout)
                assert data["final"]["step"] == reached
                assert data["losses"][-1]["step"] == last
            case "csv":
                assert stdout.splitlines()[-1].startswith(f"{last},".encode())
            case "text":
                assert f"step {reached}, loss ".encode() in stdout.splitlines()[-1]

    def test_a_second_one_ends_it_even_when_nobody_reads(self) -> None:
        process = subprocess.Popen(
            [*XORTUI, *words("train --steps 100000000 --every 1 --format csv")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        assert process.stdout is not None
        with process.stdout:
            process.stdout.read(1)
            end = time.monotonic() + 30
            while process.poll() is None and time.monotonic() < end:
                process.terminate()
                time.sleep(0.1)
            # One that comes after the last line of Python is a shell's 143, too.
            assert process.poll() in (143, -signal.SIGTERM)

    def test_those_that_the_caller_ignores_stay_ignored(self) -> None:
        command = ("/bin/sh", "-c", f"trap '' HUP; exec {' '.join(XORTUI)} \"$@\"", "sh")
        process = subprocess.Popen(
            [*command, *words("train --steps 200000 --every 500 --format csv")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment(),
        )
        assert process.stdout is not None
        process.stdout.read(100)
        process.send_signal(signal.SIGHUP)
        stdout, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert stdout.splitlines()[-1].startswith(b"199500,")


@POSIX
class TestSignalsAndFiles:
    """A signal ends a wait, and never leaves half a file."""

    @staticmethod
    def interrupted(line: str, cwd: Path, when: Any = None) -> tuple[int, bytes]:
        """Interrupt a command when something is so (or after a second): exit code and stderr."""
        process = subprocess.Popen(
            [*XORTUI, *words(line)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=cwd,
        )
        end = time.monotonic() + (30 if when else 1.5)
        while not (when and when()) and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
        return process.returncode, stderr

    def test_waiting_for_the_reader_of_a_fifo(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        assert self.interrupted("train -o fifo", tmp_path) == (130, b"")

    def test_a_reader_of_a_fifo_that_does_not_read(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        reader = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
        try:
            line = "train --steps 1000000 --every 1 --format csv -o fifo"
            assert self.interrupted(line, tmp_path) == (130, b"")
        finally:
            os.close(reader)

    def test_work_that_is_not_done_leaves_what_was_there(self, tmp_path: Path) -> None:
        (tmp_path / "out.md").write_text("old")
        started = lambda: len(list(tmp_path.iterdir())) == 2  # noqa: E731
        line = "explain --goto 900000000 -o out.md"
        assert self.interrupted(line, tmp_path, started) == (130, b"")
        assert [path.name for path in tmp_path.iterdir()] == ["out.md"]
        assert (tmp_path / "out.md").read_text() == "old"

    def test_a_history_of_millions_of_rows_stops_at_once(self, tmp_path: Path) -> None:
        def grown() -> bool:
            return any(path.stat().st_size > 1_000_000 for path in tmp_path.glob(".h.csv.*"))

        line = "train --steps 1500000 --every 1 --history h.csv"
        code, stderr = self.interrupted(line, tmp_path, grown)
        assert code == 130
        assert stderr.startswith(b"xortui: stopped at step ")
        reached = int(stderr.split()[4])
        rows = (tmp_path / "h.csv").read_text().splitlines()
        assert rows[-1].startswith(f"{reached},")
        assert len(rows) == reached + 2
        assert [path.name for path in tmp_path.iterdir()] == ["h.csv"]


class TestWhatIsImported:
    @staticmethod
    def imported(line: str) -> tuple[Any, list[str], list[str]]:
        """What ended, the lines on stderr, and the heavy packages that were imported."""
        done = run(line, command=(sys.executable, "-c", WITNESS))
        *lines, last = done.stderr.decode().splitlines()
        assert last.startswith("imported:")
        return done, lines, last.split()[1:]

    @pytest.mark.parametrize(
        "arguments",
        ["--version", "--help", "app --help", "train --help", "train --lr x"],
    )
    def test_nothing_heavy_for_version_help_and_bad_usage(self, arguments: str) -> None:
        _, _, heavy = self.imported(arguments)
        assert heavy == []

    def test_the_version_takes_hardly_more_than_an_empty_python(self) -> None:
        count = "import sys; {}; print(len(sys.modules))"
        empty, version = (
            int(run("--version", (sys.executable, "-c", count.format(what))).stdout.split()[-1])
            for what in ("pass", "import xortui.__main__ as it; it.main()")
        )
        assert version <= empty + 2

    def test_an_interrupt_is_quiet_wherever_the_command_is_imported(self) -> None:
        kill = "import xortui.__main__, os, signal; os.kill(os.getpid(), signal.SIGINT)"
        done = run(command=(sys.executable, "-c", kill))
        assert (done.returncode, done.stderr) == (130, b"")

    @pytest.mark.parametrize("command", ["train --steps 10", "check", "explain"])
    def test_no_textual_for_what_prints(self, command: str) -> None:
        _, _, heavy = self.imported(command)
        assert heavy == ["numpy"]

    @pytest.mark.parametrize("arguments", ["", "--seed 3", "--run", "app"])
    def test_without_a_terminal_the_app_is_one_line_and_no_textual(self, arguments: str) -> None:
        done, lines, heavy = self.imported(arguments)
        assert done.returncode == 2
        assert done.stdout == b""
        assert len(lines) == 1
        assert "needs a terminal" in lines[0]
        assert heavy == []

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
    @pytest.mark.parametrize("missing", ["stdin", "stdout", "stderr"])
    def test_a_terminal_is_needed_on_all_three(self, missing: str) -> None:
        import pty

        master, slave = pty.openpty()
        try:
            streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), slave)
            streams[missing] = subprocess.DEVNULL
            assert run(**streams).returncode == 2
        finally:
            os.close(slave)
            os.close(master)
