"""Disks that are full, folders that are none: nothing half-written, and one line that says so."""

import random
import subprocess
import sys
from pathlib import Path

from tests.e2e.terminal import ROOT, environment
from tests.hardening.attack import Attack

COMMANDS = (
    "train --steps 300 --every 1 -o", "explain -o", "sweep --seeds 0:9 --steps 50 -o",
    "export --as numpy -o", "snapshot -o",
)  # fmt: skip
# As on a full disk: no file may grow past so many bytes. (Python ignores the signal for it.) Files
# with compiled modules must not be written then: they would stay, cut off.
LIMITED = (
    "import resource, sys; sys.dont_write_bytecode = True; "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); "
    "from xortui.cli import main; sys.exit(main(sys.argv[1:]))"
)


def one(chance: random.Random, folder: Path) -> str | None:
    command = chance.choice(COMMANDS).split()
    (folder / "file").write_text("as it was")
    places = ["out.svg", "file/out.svg", "nosuch/out.svg", ".", "a" * 300 + ".svg", "/dev/full"]
    place = chance.choice(places)
    is_full = place == "out.svg"
    program = ["-c", LIMITED] if is_full else ["-m", "xortui"]
    done = subprocess.run(
        [sys.executable, *program, *command, place],
        cwd=folder, env=environment(PYTHONPATH=str(ROOT), XDG_STATE_HOME=str(folder / "state")),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    words = f"{command} {place:.40}"
    if done.returncode not in (2, 3):
        return f"{words} ends with {done.returncode}: {done.stderr[-1500:]}"
    if done.stderr.count("\n") != 1:
        return f"{words} says {done.stderr!r:.1500}"
    left = sorted(path.name for path in folder.iterdir() if path.name not in ("file", "state"))
    if left:
        return f"{words} leaves {left}"
    return None


ATTACK = Attack("disks", "full disks and folders that are none", 6, 200, one)
