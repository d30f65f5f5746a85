"""Argument lists of all kinds: exit codes mean something, and one line says what is wrong."""

import contextlib
import io
import os
import random
from pathlib import Path

from tests.hardening.attack import Attack
from xortui.cli import COMMANDS, main

FLAGS = (
    "--problem", "--hidden", "--activation", "--bias", "--no-bias", "--loss", "--init", "--seed",
    "--lr", "--optimiser", "--break", "--steps", "--every", "--format", "--goto", "--size",
    "--seeds", "--as", "--row", "--view", "--theme", "--glyphs", "--run", "--help", "--version",
    "--history", "--hide", "--operation", "-o", "-h", "--", "-", "--nosuch",
)  # fmt: skip
VALUES = (
    "xor", "and", "parity3", "0110", "2", "3", "0", "-1", "1e9", "0.1", "5", "nan", "inf", "-0",
    "none", "sigmoid", "tanh", "relu", "cross-entropy", "squared-error", "json", "csv", "text",
    "numpy", "1:9", "9:1", ":", "80x24", "0x0", "99999x99999", "surface", "a" * 400, "9" * 4301,
    "0" * 4301 + "5", "", " ", "\x1b[31m", "\u202e", "\udcff", "é", "[/]", "1_0", "٣", "+5", "./",
    "/dev/full", "/nosuch/x", "nosuch.json", "2,2", "64,64,64,64,64", "%s", "{}", "\n",
)  # fmt: skip
CODES = {0, 1, 2, 3}


def arguments_of(chance: random.Random) -> list[str]:
    """A command, perhaps, and up to six words."""
    words = [chance.choice(list(COMMANDS))] if chance.random() < 0.9 else []
    for _ in range(chance.randint(0, 6)):
        words.append(chance.choice(FLAGS if chance.random() < 0.55 else VALUES))
    if words and words[0] == "sweep" and "--seeds" not in words:
        words += ["--seeds", "0:3", "--steps", "50"]
    return words


def one(chance: random.Random, folder: Path) -> str | None:
    words, here = arguments_of(chance), Path.cwd()
    out, err = io.StringIO(), io.StringIO()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code: object = main(words)
    except SystemExit as leave:
        code = leave.code or 0
    finally:
        os.chdir(here)
    said = err.getvalue()
    if code not in CODES:
        return f"{words!r:.600} ends with {code}: {said[-1500:]}"
    if code in (2, 3) and (said.count("\n") != 1 or not said[:-1].isprintable()):
        return f"{words!r:.600} says {said!r:.600}"
    return None


ATTACK = Attack("arguments", "argument lists", 200, 10_000, one)
