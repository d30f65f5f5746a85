"""What the garbage collector is told about the app: that most of it stays."""

import gc


def settle() -> None:
    """What is there by now stays: the collector need not look at it again.

    The longest frame falls from about 30 ms to 10. What little of it is garbage stays, too: to look
    for it would take longer than a frame, at a moment when a person waits for the screen.
    """
    gc.freeze()
    gc.enable()


def give_back() -> None:
    """What was settled with an app may go with it: a process may open several."""
    gc.unfreeze()
