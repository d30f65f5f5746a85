"""Random keys, mouse, paste and sizes in the app, without a terminal: nothing raises."""

import asyncio
import os
import random
from contextlib import suppress
from pathlib import Path

from textual import events
from textual.geometry import Size

from tests.hardening import storm
from tests.hardening.attack import Attack
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp

RECIPES = (Recipe(), Recipe(hidden=(3,), bias=True), Recipe(learning_rate=10.0))


def one(chance: random.Random, folder: Path) -> str | None:
    here, state = Path.cwd(), os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    os.chdir(folder)  # what ctrl+s and F8 write
    try:
        asyncio.run(drive(chance))
    finally:
        os.chdir(here)
        if state is None:
            del os.environ["XDG_STATE_HOME"]
        else:
            os.environ["XDG_STATE_HOME"] = state
    return None


async def drive(chance: random.Random) -> None:
    from xortui.tui.terminal.driver import SturdyParser

    app = XorApp(Trainer(chance.choice(RECIPES)), running=chance.random() < 0.3)
    columns, lines = storm.size(chance)
    async with app.run_test(size=(columns, lines)) as pilot:
        parser = SturdyParser()
        for _ in range(chance.randint(3, 12)):
            if chance.random() < 0.15:
                columns, lines = storm.size(chance)
                app.post_message(events.Resize(Size(columns, lines), Size(columns, lines)))
            text = storm.burst(chance, columns, lines).decode("utf-8", "replace")
            for message in [*parser.take(text), *parser.look()]:
                if not isinstance(message, events.Resize):
                    app.post_message(message)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(pilot.pause(chance.choice((0, 0.001, 0.02))), 5)
        await asyncio.sleep(0.2)
        app.exit()  # as q does; the pilot would close the app under the keys that still wait


ATTACK = Attack("pilot", "keys, mouse, paste and sizes by pilot", 8, 10_000, one)
