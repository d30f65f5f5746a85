"""Reading a script: any encoding that Python reads, and nothing that is no Python."""

import ast
import io
import tokenize
import warnings
from pathlib import Path

from xortui.core.debug.crash import python_2

MOST_BYTES = 2_000_000
MOST_MODULES = 3


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
    reason = why_not_python(source)
    if reason is not None and python_2(source) is None:
        raise SourceError(f"{path} is no Python: {reason}")
    return source


def why_not_python(source: str) -> str | None:
    """A clause that says why Python cannot run a source; None where it can."""
    if "\0" in source:
        return "it has null bytes"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the script, and its own affair
            compile(source, "script", "exec")
    except (RecursionError, MemoryError):  # so the parser says that its stack is full
        return "it is nested too deeply"
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        reason = str(getattr(error, "msg", "") or error)
        return f"{reason} (line {line})" if line else reason
    return None


def own_modules(path: str, source: str) -> tuple[str, ...]:
    """The first few files beside a script that it imports."""
    folder = Path(path).resolve().parent
    names: list[str] = []
    for statement in ast.walk(ast.parse(source)):
        if isinstance(statement, ast.Import):
            names += [one.name for one in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            names += [statement.module or one.name for one in statement.names]
    found = []
    for name in dict.fromkeys(name.partition(".")[0] for name in names):
        for file in (f"{name}.py", f"{name}/__init__.py"):
            if (folder / file).is_file():
                found.append(file)
    return tuple(found[:MOST_MODULES])
