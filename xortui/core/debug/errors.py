"""What an error of Python or NumPy says of a script, in one sentence."""

import re
from dataclasses import dataclass

from xortui.core.debug.limits import MEMORY

MOST_LETTERS = 200  # of a message

_ALIASES = {
    "float": "float", "int": "int", "bool": "bool", "object": "object", "str": "str",
    "float_": "np.float64", "Inf": "np.inf", "Infinity": "np.inf", "NaN": "np.nan",
    "infty": "np.inf", "product": "np.prod", "asscalar": "the array's .item()", "mat": "np.array",
}  # fmt: skip
_OLD_NAMES = {
    "xrange": "range", "raw_input": "input", "unicode": "str", "long": "int",
    "reduce": "functools.reduce", "unichr": "chr",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """One sentence, the line as it could be, and more."""

    sentence: str
    suggestion: str | None = None
    why: str = ""


def words_for(kind: str, message: str, line: int | None, text: str) -> Words:
    """What to say of an error: its class, its message, and the line where it was raised."""
    where = f"Line {line}" if line else "It"
    for meaning in (_missing, _asking, _old, _of_shapes, _of_limits):
        words = meaning(kind, message, where, text)
        if words is not None:
            return words
    if len(message) > MOST_LETTERS:
        message = f"{message[:MOST_LETTERS]} …"
    end = f"{kind}: {message.rstrip('.')}" if message else kind
    return Words(f"{where} ends with {end}.")


def _missing(kind: str, message: str, where: str, text: str) -> Words | None:
    """Something that is not there: a module, a file."""
    quoted = re.search(r"'([^']*)'", message)
    name = quoted[1] if quoted else message
    if kind == "ModuleNotFoundError":
        return Words(f"{where} needs {name}, which is not installed here.")
    if kind == "FileNotFoundError":
        return Words(
            f"{where} opens {name}, and there is no such file.",
            why="A file is looked for from the folder in which xortui was started.",
        )
    return None


def _asking(kind: str, message: str, where: str, text: str) -> Words | None:
    """Something that nobody answers, or that is not allowed here."""
    if kind == "EOFError" and "input" in message:
        return Words(
            f"{where} asks for input(), and there is no keyboard here.",
            why="Put the value into the script, and it can be looked at.",
        )
    if kind == "PermissionError" and "xortui" in message:
        return Words(f"{where}: {message}.")
    return None


def _old(kind: str, message: str, where: str, text: str) -> Words | None:
    """What older versions of Python or NumPy had."""
    alias = re.search(r"module 'numpy' has no attribute '(\w+)'", message)
    if alias is not None:
        name = alias[1]
        instead = _ALIASES.get(name)
        if instead is None:
            return Words(f"{where} uses np.{name}, which this NumPy does not have.")
        return Words(
            f"{where} uses np.{name}, which NumPy no longer has: write {instead}.",
            re.sub(rf"\b(np|numpy)\.{name}\b", instead, text),
        )
    old = re.search(r"name '(\w+)' is not defined", message)
    if kind == "NameError" and old is not None and old[1] in _OLD_NAMES:
        new = _OLD_NAMES[old[1]]
        return Words(
            f"{where} uses {old[1]}, which only Python 2 has: it is {new} now.",
            re.sub(rf"\b{old[1]}\b", new, text),
        )
    if "array" in message and "scalar" in message:
        return Words(
            f"{where} uses an array where one number is needed.",
            why="Since NumPy 2 an array with one element no longer passes for a number: take the "
            "number out with .item().",
        )
    return None


def _of_shapes(kind: str, message: str, where: str, text: str) -> Words | None:
    """An array that cannot be changed in place into what it should become."""
    target = re.match(r"([^=]+?)\s*[-+*/]?=[^=]", text)
    name = target[1] if target is not None else "the array"
    grown = re.search(r"output operand with shape (\([^)]*\)) .* shape (\([^)]*\))", message)
    if kind == "ValueError" and grown is not None:
        mine, its = (shape.replace(",", ", ").replace(", )", ",)") for shape in grown.groups())
        return Words(
            f"{where} changes {name} of shape {mine} by something of shape {its}.",
            why="An array that is changed in place keeps its shape. The gradient of a bias is "
            "summed over the patterns.",
        )
    if kind == "UFuncTypeError" and "Cannot cast" in message and "int" in message:
        return Words(
            f"{where} changes {name}, which holds whole numbers, by a fraction.",
            why="An array that is made of whole numbers stays so: write them as 1.0, or add "
            "dtype=float where it is made.",
        )
    return None


def _of_limits(kind: str, message: str, where: str, text: str) -> Words | None:
    """Too much memory, and what is nested too deeply for xortui."""
    nowhere = where == "It"
    if nowhere and (kind == "RecursionError" or (kind == "MemoryError" and "s_push" in message)):
        return Words("It is nested too deeply for xortui to follow.")
    if kind == "MemoryError":
        limit = f"{MEMORY / 2**30:g} GiB"
        return Words(f"{where} needs more memory than the {limit} that a script has here.")
    return None
