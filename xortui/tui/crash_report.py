"""What is said when the app has crashed: what to send, and in which file the traceback is.

What is sent holds no paths, no names of files and nothing of what is in them.
"""

import contextlib
import os
import platform
import re
import shlex
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from xortui import __version__
from xortui.autosave import state_folder
from xortui.core.files import write_whole
from xortui.core.text.harmless import harmless
from xortui.core.training.trainer import Trainer

MAX_REPORTS = 5  # files; older ones are removed
MAX_LETTERS = 60  # of what the environment says about the terminal
PACKAGES = re.compile(r".*[/\\](?=(?:xortui|textual|rich|numpy|asyncio)[/\\])")
QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`")
PATH = re.compile(r"(?<![\w.])(?:~|[A-Za-z]:)?[/\\][^\s,;)]*")


def facts(
    error: BaseException, trainer: Trainer, size: Sequence[int], keys: Iterable[str]
) -> list[str]:
    """What there is to know of a crash, five lines; `keys` are the last ones, in order."""
    edits = sum(len(branch.timeline.edits) for branch in trainer.branches)
    recipe = shlex.join(trainer.recipe.to_arguments()) or "the default"
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "textual"))
    return [
        f"version   xortui {__version__}, Python {platform.python_version()}, {packages}, "
        f"{sys.platform}",
        f"terminal  {_terminal(size)}",
        f"recipe    {recipe}; step {trainer.step_number:,}, edits {edits:,}",
        f"keys      {' '.join(keys) or 'none'}",
        f"error     {_error(error)}",
    ]


def _terminal(size: Sequence[int]) -> str:
    names = ("TERM", "COLORTERM", "TERM_PROGRAM")
    said = [harmless(os.environ[name])[:MAX_LETTERS] for name in names if os.environ.get(name)]
    inside = [
        words
        for name, words in (("TMUX", "in tmux"), ("SSH_TTY", "over ssh"))
        if os.environ.get(name)
    ]
    encoding = getattr(sys.__stdout__, "encoding", None) or "no encoding"
    return ", ".join([*map(_without_names, said), "x".join(map(str, size)), encoding, *inside])


def _chain(error: BaseException) -> list[BaseException]:
    """What led to an error, the first first, and the error itself."""
    chain: list[BaseException] = []
    before: BaseException | None = error
    while before is not None and before not in chain:
        chain.insert(0, before)
        context = None if before.__suppress_context__ else before.__context__
        before = before.__cause__ or context
    return chain


def _error(error: BaseException) -> str:
    """Its kind, with what led to it, and where that began: in xortui, or at all."""
    chain = _chain(error)
    frames = traceback.extract_tb(chain[0].__traceback__)
    own = [frame for frame in frames if _place(frame.filename).startswith("xortui")]
    where = (own or list(frames))[-1:]
    place = f" in {_place(where[0].filename)}, line {where[0].lineno}" if where else ""
    return ", then ".join(type(item).__name__ for item in chain) + place


def _place(filename: str) -> str:
    """A file of source code, from its package on."""
    shorter = PACKAGES.sub("", filename)
    return shorter if shorter != filename else Path(filename).name


def _without_names(words: str) -> str:
    """A message without what is in quotation marks or looks like a path."""
    return PATH.sub("…", QUOTED.sub("'…'", words))


def traceback_text(error: BaseException) -> str:
    """The traceback, after those of the errors that led to this one."""
    return "\n".join(line for item in _chain(error) for line in _traceback(item)) + "\n"


def _traceback(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_place(frame.filename)}, line {frame.lineno}, in {frame.name}"
        yield f"    {frame.line}"
    message = str(error)
    if isinstance(error, OSError):  # it may name a file without quotation marks
        message = error.strerror or ""
    yield harmless(f"{type(error).__name__}: {_without_names(message)}")


def write_report(lines: Sequence[str], error: BaseException) -> str | None:
    """Write the facts and the traceback to a file of their own; its path, None where none can be
    written."""
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    text = "\n".join([*lines, "", traceback_text(error)])
    for folder in (state_folder(), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(str(folder / name), text.encode("utf-8", "backslashreplace"))
            if folder == state_folder():
                for old in sorted(folder.glob("crash-*.txt"))[:-MAX_REPORTS]:
                    old.unlink()
            return str(folder / name)
    return None


def report(lines: Sequence[str], path: str | None, kept: str | None) -> list[str]:
    """What the terminal shows, ten lines; `kept` is the command that brings the run back."""
    back = f"The run is kept: {kept}" if kept else "There was nothing of the run to keep."
    show = "type" if sys.platform == "win32" else "cat"
    return [
        "xortui crashed. This is a bug in xortui, not a mistake of yours.",
        back,
        "To report it, send these five lines and the traceback:",
        *(f"  {line}" for line in lines),
        "Both are in one file, with no paths or file names of yours in it:",
        f"  {show} {shlex.quote(path)}" if path else "  no file could be written",
    ]
