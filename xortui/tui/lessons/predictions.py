"""Predict first: before a step or an operation one is asked what it will make."""

from collections.abc import Callable

from xortui.core.lessons.predict import Prediction, before_operation, before_step
from xortui.tui.lessons.screens import AnswerScreen
from xortui.tui.run_screen import RunScreen


class Predictions:
    """Asks while it is on, and counts what was right."""

    def __init__(self, screen: RunScreen) -> None:
        self._screen = screen
        self.is_on = False
        self.asked = self.right = 0

    def switch(self) -> None:
        """On, with nothing counted yet, or off."""
        self.is_on = not self.is_on
        if self.is_on:
            self.asked = self.right = 0
            words = "Predict first: n and . ask what they will make. P ends that."
        else:
            words = f"Predicted: {self.right} of {self.asked} right."
        self._screen.notify(words)

    def before_operation(self, go_on: Callable[[], object]) -> bool:
        """Ask about the next operation, then go on; False where there is nothing to ask."""
        session = self._screen.session
        index = 0 if session.operation is None else session.operation + 1
        snapshot = session.trainer.snapshot()
        if not self.is_on or snapshot.diverged or index >= len(snapshot.results):
            return False
        return self._ask(before_operation(snapshot, index), go_on)

    def before_step(self, go_on: Callable[[], object]) -> bool:
        """Ask about the next step, then go on; False where there is nothing to ask."""
        snapshot = self._screen.session.trainer.snapshot()
        if not self.is_on or snapshot.diverged:
            return False
        return self._ask(before_step(snapshot), go_on)

    def _ask(self, prediction: Prediction, go_on: Callable[[], object]) -> bool:
        self._screen.training.pause()
        self._screen.training.publish()

        def take(answer: str | None) -> None:
            if answer is None:
                return
            is_right = answer in prediction.right
            self.asked += 1
            self.right += is_right
            go_on()
            words = "Right" if is_right else f"No, {' or '.join(prediction.right[:4])}"
            score = f"{self.right} of {self.asked} so far."
            self._screen.notify(f"{words}. {prediction.after}. {score}")

        hint = f"one of {', '.join(prediction.allowed[:8])}; escape does without"
        question = AnswerScreen(prediction.ask, hint, prediction.understand)
        self._screen.app.push_screen(question, take)
        return True
