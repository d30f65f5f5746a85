"""The app's screen as a picture or as text, of every view and screen."""

from functools import cache

import pytest

from tests.sample import some
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.recovering import recovering
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer
from xortui.tui.screenshot import SCREENS, ScreenshotOptions, screenshot
from xortui.tui.views.views import VIEWS


@cache
def of_the_surface() -> str:
    trainer = Trainer(Recipe())
    trainer.step(5)
    return screenshot(trainer, (120, 36), as_text=True)


@pytest.mark.slow
@pytest.mark.parametrize("view", some([*VIEWS, *(name for name in SCREENS if name != "sweep")], 3))
def test_every_view_can_be_a_picture(view: str) -> None:
    trainer = Trainer(Recipe())
    trainer.step(5)
    text = screenshot(trainer, (120, 36), as_text=True, how=ScreenshotOptions(view=view))
    assert len(text.splitlines()) == 36
    assert text != of_the_surface() or view == "surface"


@pytest.mark.slow
def test_a_run_from_a_file_is_drawn_where_it_stands() -> None:
    saved = Trainer(Recipe())
    saved.step(30)
    saved.edit(Edit("label", 0))
    saved.step(30)
    saved.seek(40)
    trainer = RunFile.of(saved).trainer()
    assert list(recovering(trainer, 1.0))[-1] == 1
    trainer.seek(40)
    assert "step 40 " in screenshot(trainer, (120, 36), as_text=True)
