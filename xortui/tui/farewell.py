"""How to get back to a step: the command line that does, and what stays on the terminal."""

import shlex

from xortui.core.model.recipe_words import in_words
from xortui.core.text.harmless import harmless
from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import Snapshot


def command_to(snapshot: Snapshot, path: str | None) -> str | None:
    """The command line that brings a step back; None for edits that no file holds."""
    if path is not None:
        return harmless(shlex.join(["xortui", path]))
    if snapshot.edits or snapshot.branches:
        return None
    goto = ["--goto", str(snapshot.step)] if snapshot.step else []
    return shlex.join(["xortui", *snapshot.recipe.to_arguments(), *goto])


def farewell(snapshot: Snapshot, path: str | None = None, kept: str | None = None) -> str:
    """What stays on the terminal after quitting: where the run stood, and how to get back there.

    `kept` is the command line that opens the run where only a recovery file holds it.
    """
    state = "diverged" if snapshot.diverged else "solved" if snapshot.solved else "not solved"
    loss = figure(snapshot.loss, ".6g")
    words = f"{in_words(snapshot.recipe)}: step {snapshot.step:,}, loss {loss}, {state}."
    command = command_to(snapshot, None if kept else path) or kept
    return harmless(f"{words} To return to it: {command}" if command else words)
