"""The app itself: what it takes and gives back."""

import asyncio
import gc
import weakref

import pytest

from tests.tui.driving import press
from tests.tui.test_keys import opened
from xortui.tui import memory

SETTLE, GIVE_BACK = memory.settle, memory.give_back  # as they are outside tests


async def test_an_app_that_is_closed_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept from the garbage collector for the sake of speed, too."""
    monkeypatch.setattr(memory, "settle", SETTLE)
    monkeypatch.setattr(memory, "give_back", GIVE_BACK)
    apps = []
    for _ in range(2):
        async with opened(5) as (app, pilot):
            await press(pilot, "4")
            apps.append(weakref.ref(app))
            del app, pilot
    await asyncio.sleep(0)
    gc.collect()
    assert apps[0]() is None
