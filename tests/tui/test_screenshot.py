"""The app's screen as a picture or as text, of every view and screen."""

import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.screenshot import SCREENS, ScreenshotOptions, screenshot
from xortui.tui.views.views import VIEWS


@pytest.mark.slow
@pytest.mark.parametrize("view", [*VIEWS, *(name for name in SCREENS if name != "sweep")])
def test_every_view_can_be_a_picture(view: str) -> None:
    trainer = Trainer(Recipe())
    trainer.step(5)
    text = screenshot(trainer, (120, 36), as_text=True, how=ScreenshotOptions(view=view))
    assert len(text.splitlines()) == 36
    assert text != screenshot(trainer, (120, 36), as_text=True) or view == "surface"
