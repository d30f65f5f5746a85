"""Some of many cases are tried each time; all of them by `-m "thorough or not thorough"`."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")


def some(cases: Sequence[Case], every: int, name: Callable[[Case], str]) -> list[Any]:
    """The cases as parameters of a test: all but every so many-th are thorough."""
    return [
        pytest.param(case, id=name(case), marks=[pytest.mark.thorough] if place % every else [])
        for place, case in enumerate(cases)
    ]
