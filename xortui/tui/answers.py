"""What is made of an answer that was typed: each function raises ValueError with one sentence."""

import math

from xortui.core.text.harmless import harmless
from xortui.core.training.edit import MAX_VALUE
from xortui.core.training.run_file import RunFile, RunFileError, read_run


def parse_number(text: str) -> float:
    """A finite number that a parameter can have."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise ValueError(f"{text!r:.30} is not a number")
    if abs(value) > MAX_VALUE:
        raise ValueError(f"{text!r:.30} is too large: at most {MAX_VALUE:g}, with either sign")
    return value


def positive(text: str) -> float:
    """A number above 0 and at most 100."""
    value = parse_number(text)
    if not 0 < value <= 100:
        raise ValueError(f"{text!r:.30} is not a number above 0 and at most 100")
    return value


def file_name(text: str) -> str:
    """The name of a file."""
    if not text:
        raise ValueError("give a file name")
    return text


def run_in_file(path: str) -> tuple[str, RunFile]:
    """A file's name, and the run that is saved in it."""
    try:
        return path, read_run(path)
    except OSError as error:
        raise ValueError(f"{harmless(path)} cannot be read: {error.strerror}") from None
    except RunFileError as error:
        raise ValueError(f"{harmless(path)} cannot be opened: {error}") from None
