"""Apps by the hundred: none of them settles all memory that the tests take."""

import gc
from collections.abc import Iterator

import pytest

from xortui.tui import memory


@pytest.fixture(autouse=True, scope="session")
def _memory_is_left_alone() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "settle", gc.enable)
        patch.setattr(memory, "give_back", lambda: None)
        yield
