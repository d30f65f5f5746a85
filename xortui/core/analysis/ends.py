"""How a run stands: one name and one definition for each kind of end.

The sweep, the status line, the help and `sweep --help` all read this table. Imports no NumPy, so
that the command line can print it at once. `verdict.py` decides which of them is so.
"""

from textwrap import fill

SOLVED, LOST, DIVERGED = "solved", "was solved, then lost", "diverged"
PLATEAU, SADDLE, LOCAL_MINIMUM = "plateau", "saddle", "local minimum"
OSCILLATES, GOT_WORSE, STILL_LEARNING = "oscillates", "got worse", "still learning"

# The first that is so counts: of those below "diverged" at most one of the three at rest.
ENDS: dict[str, str] = {
    SOLVED: "at its last step every row is right, of points 98%, and the mean loss is below 0.01",
    LOST: "it was solved at an earlier step, and at its last step it is not",
    PLATEAU: "at rest, and all rows get about the same answer, or the loss is flat on all sides, "
    "or its curvature cannot be measured",
    SADDLE: "at rest, but in some direction the loss curves down: there is a way down",
    LOCAL_MINIMUM: "at rest, and the loss curves up in every direction",
    OSCILLATES: "its steps jump back and forth across a valley, and the loss does not fall",
    GOT_WORSE: "its loss is above that at the start, or far too high and not falling",
    DIVERGED: "a weight or the loss is not finite",
    STILL_LEARNING: "not at rest yet, and none of the other kinds",
}
AT_REST = (
    "At rest means: the gradient of the mean loss has a norm of at most 0.0025, and 1,000 more "
    "steps along it would take less than 1% off the loss. Curvature is measured for up to 64 "
    "weights, and not for ReLU. Far too high means: more than twice the loss of the best constant "
    "answer, the same for every row."
)
KINDS = tuple(ENDS)
HELP_WIDTH = 79


def ends_text() -> str:
    """The table as text: every kind with its definition."""
    first = max(map(len, ENDS)) + 4
    lines = [
        fill(f"  {kind:<{first - 2}}{words}", HELP_WIDTH, subsequent_indent=" " * first)
        for kind, words in ENDS.items()
    ]
    return "\n".join(["how networks end:", *lines, "", fill(AT_REST, HELP_WIDTH)])
