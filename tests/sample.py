"""Some of many cases are tried each time; all of them by `-m "thorough or not thorough"`."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest
from hypothesis import settings

ALL_EXAMPLES = 100  # of a property test, where it asks for no other number

Case = TypeVar("Case")


def examples(number: int) -> settings:
    """How many examples a property test tries by the profile "thorough"; else a sixth of them."""
    is_thorough = settings.default is not None and settings.default.max_examples >= ALL_EXAMPLES
    return settings(max_examples=number if is_thorough else max(3, number // 6))


def some(cases: Iterable[Case], every: int, name: Callable[[Case], str] = str) -> list[Any]:
    """The cases as parameters of a test: all but every so many-th are thorough."""
    return [_case(case, name=name(case), is_tried=place % every == 0)
            for place, case in enumerate(cases)]  # fmt: skip


def some_rows(rows: Iterable[tuple[Any, ...]], every: int) -> list[Any]:
    """As `some`, of cases that are several parameters each."""
    return [
        _case(*row, name="-".join(map(str, row)), is_tried=place % every == 0)
        for place, row in enumerate(rows)
    ]


def some_pairs(
    rows: Iterable[Any], columns: Iterable[Any], every: int, name: Callable[[Any], str] = str
) -> list[Any]:
    """All pairs as parameters of a test, and all but every so many-th of a row are thorough.

    It is another one in each row, so that every row and every column is tried.
    """
    columns = list(columns)
    return [
        _case(row, column, name=f"{name(row)}-{name(column)}", is_tried=not (i + j) % every)
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]


def _case(*values: Any, name: str, is_tried: bool) -> Any:
    return pytest.param(*values, id=name, marks=() if is_tried else (pytest.mark.thorough,))
