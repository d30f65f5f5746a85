"""Reading a script: any encoding that Python reads, and nothing that is no Python."""

import ast
import io
import tokenize

from xortui.core.debug.crash import python_2

MOST_BYTES = 2_000_000


class SourceError(ValueError):
    """A file that cannot be read, or is no Python. The message is one sentence."""


def read_source(path: str) -> str:
    """The text of a script. Raises SourceError."""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"cannot read {path}: {reason}") from None
    if len(data) > MOST_BYTES:
        raise SourceError(f"cannot read {path}: it is larger than any script")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        source = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeDecodeError, LookupError):
        raise SourceError(f"cannot read {path}: it is no Python script") from None
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if python_2(source) is None:
            line = getattr(error, "lineno", None)
            where = f" (line {line})" if line else ""
            raise SourceError(f"{path} is no Python: {_reason(error)}{where}") from None
    return source


def _reason(error: BaseException) -> str:
    return str(getattr(error, "msg", "") or error or type(error).__name__)
