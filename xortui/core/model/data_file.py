"""Rows of numbers with labels, read from a CSV file: one clear sentence for whatever is wrong."""

import math
import os
import re
from collections.abc import Iterable, Sequence
from typing import Any

from xortui.core.text.shortened import shortened

MAX_INPUTS, MAX_DATA_ROWS, MIN_DATA_ROWS = 8, 2000, 4
MAX_DATA_BYTES = 2**20
MAX_VALUE = 1e6
MAX_NAME = 80
_OTHERS = re.compile(r"[^\w.+-]", re.ASCII)


class DataError(Exception):
    """A file that cannot be used as data. The message is one sentence without the file's name."""


class DataFile:
    """The rows of a data file: `inputs` [N, D] and `labels` [N], each 0 or 1, in the file's order.

    `path` is where they came from, as it was given. Two are equal where all their numbers are, and
    `digest` is of these: that keeps recipes, which are compared and hashed all the time, cheap.
    """

    def __init__(
        self, path: str, inputs: tuple[tuple[float, ...], ...], labels: tuple[int, ...]
    ) -> None:
        import hashlib  # which start-up does not wait for, as csv below

        self.path, self.inputs, self.labels = path, inputs, labels
        self.digest = hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DataFile) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"DataFile({self.name!r}, {len(self.labels)} rows, {self.digest})"

    def __str__(self) -> str:
        return self.path

    @property
    def name(self) -> str:
        """The file's name without its folders, and with nothing in it that means anything in a
        program, a terminal or a shell: it comes from outside, and is written into all of these."""
        return _OTHERS.sub("_", os.path.basename(self.path))[:MAX_NAME] or "data"

    def lines(self) -> list[str]:
        """The rows as lines of CSV; every number keeps its bits."""
        return [
            ",".join([*map(repr, row), str(label)])
            for row, label in zip(self.inputs, self.labels, strict=True)
        ]

    def to_json(self) -> dict[str, Any]:
        """The rows themselves, so that a saved run opens anywhere."""
        return {"name": self.name, "rows": self.lines()}

    @classmethod
    def from_json(cls, data: object) -> "DataFile":
        """The rows that a JSON object holds. Raises ValueError."""
        if not isinstance(data, dict) or set(data) != {"name", "rows"}:
            raise ValueError("data is a JSON object with the keys name and rows")
        name, rows = data["name"], data["rows"]
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
            raise ValueError("the name of the data is not a short text")
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            raise ValueError("the rows of the data are not a list of texts")
        try:
            return cls(name, *_rows(rows, has_header=False))
        except DataError as error:
            raise ValueError(f"the data cannot be used: {error}") from None

    @classmethod
    def read(cls, path: str) -> "DataFile":
        """The rows of a CSV file. Raises DataError, and OSError where it cannot be read."""
        with open(path, "rb") as file:
            content = file.read(MAX_DATA_BYTES + 1)
        if len(content) > MAX_DATA_BYTES:
            raise DataError(f"it is larger than {MAX_DATA_BYTES // 1024} KiB")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise DataError(f"line {line} is not text in UTF-8") from None
        return cls(path, *_rows(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _rows(
    lines: Iterable[str], has_header: bool = True
) -> tuple[tuple[tuple[float, ...], ...], tuple[int, ...]]:
    """Inputs and labels of lines of CSV; the first line may be a header. Raises DataError."""
    inputs: list[tuple[float, ...]] = []
    labels: list[int] = []
    is_first = has_header
    for number, line in enumerate(lines, start=1):
        cells = _cells(line, number)
        if not cells:
            continue
        if is_first:
            is_first = False
            if not any(_is_number(cell) for cell in cells):
                continue
        row, label = _row(cells, number)
        if inputs and len(row) != len(inputs[0]):
            raise DataError(
                f"line {number} has {len(cells)} columns, where the rows before have "
                f"{len(inputs[0]) + 1}"
            )
        if len(inputs) == MAX_DATA_ROWS:
            raise DataError(f"line {number} is one too many: there may be {MAX_DATA_ROWS:,} rows")
        inputs.append(row)
        labels.append(label)
    if len(inputs) < MIN_DATA_ROWS:
        raise DataError(
            f"it has {len(inputs)} rows of numbers: at least {MIN_DATA_ROWS} are needed"
        )
    return tuple(inputs), tuple(labels)


def _cells(line: str, number: int) -> list[str]:
    """The cells of a line, without the blanks around them; none of an empty line."""
    import csv

    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error:
        raise DataError(f"line {number} is not valid CSV: {shortened(line)}") from None
    cells = [cell.strip() for cell in cells]
    return cells if any(cells) else []


def _row(cells: Sequence[str], number: int) -> tuple[tuple[float, ...], int]:
    *texts, last = cells
    if not texts:
        raise DataError(
            f"line {number} has one column: inputs and a label, with commas between, are needed"
        )
    if len(texts) < 2:
        raise DataError(f"line {number} has one input: two to {MAX_INPUTS} are needed")
    if len(texts) > MAX_INPUTS:
        raise DataError(f"line {number} has {len(texts)} inputs: two to {MAX_INPUTS} are needed")
    row = []
    for column, text in enumerate(texts, start=1):
        if not _is_number(text):
            what = (
                f"{shortened(text)} in column {column}" if text else f"nothing in column {column}"
            )
            raise DataError(f"line {number} has {what}: a number is needed")
        value = float(text)
        if not math.isfinite(value) or abs(value) > MAX_VALUE:
            raise DataError(
                f"line {number} has {shortened(text)} in column {column}: numbers go from "
                f"-{MAX_VALUE:,.0f} to {MAX_VALUE:,.0f}"
            )
        row.append(value)
    if not _is_number(last) or float(last) not in (0, 1):
        what = shortened(last) if last else "nothing"
        raise DataError(f"line {number} has {what} as its label, the last column: 0 or 1 is needed")
    return tuple(row), int(float(last))


def _is_number(text: str) -> bool:
    """Whether it is a number in plain digits; float() alone would take 1_000, too."""
    if "_" in text or not text.isascii():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
