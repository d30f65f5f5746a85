"""The keys of the debug screen: bindings, footer and help are made from this table."""

from textual.binding import BindingType

from xortui.tui.keys import INSIDE, LOOKING, MOVING, RUNNING, Key

DEBUG_KEYS: tuple[Key, ...] = (
    Key("operation", "n", "n", "walk(1)", "next line", "Your next line, with its values", INSIDE),
    Key("operation-back", "b", "b", "walk(-1)", "line before", "The line before", INSIDE, "b"),
    Key("first-wrong", "x", "x", "first_wrong", "", "To the first wrong line", INSIDE),
    Key("rerun", "r", "r", "run_again", "run again", "Run the script again", RUNNING),
    Key(
        "done-right",
        "o",
        "o",
        "app.done_right",
        "done right",
        "The same network done right, as a run of its own: everything of xortui works on it",
        RUNNING,
    ),
    Key(
        "sweep", "w", "w", "app.sweep", "sweep", "How many starts of this network solve it", RUNNING
    ),
    Key("step", "full_stop", ".", "move(1)", "", "The next recorded step", MOVING),
    Key("back", "comma", ",", "move(-1)", "", "The recorded step before", MOVING),
    Key("steps", "greater_than_sign", ">", "move(100)", "", "A hundred on", MOVING),
    Key("backs", "less_than_sign", "<", "move(-100)", "", "A hundred back", MOVING),
    Key("left", "left,shift+left", "left", "along(-1)", "", "Back 1% of what is recorded", MOVING),
    Key("right", "right,shift+right", "right", "along(1)", "", "Forward 1%", MOVING),
    Key("home", "home", "home", "goto_start", "", "To the first recorded step", MOVING),
    Key("end", "end", "end", "goto_end", "", "To the last recorded step", MOVING),
    Key("goto", "g", "g", "goto", "go to", "Go to a step: the nearest recorded one", MOVING),
    Key("script", "1", "1", "open_pane('script')", "", "Your script", LOOKING),
    Key("updates", "2", "2", "open_pane('updates')", "", "Your updates", LOOKING),
    Key("loss", "3", "3", "open_pane('loss')", "", "The loss: yours, and done right", LOOKING),
    Key("truth", "4", "4", "open_pane('truth')", "", "The truth table of your network", LOOKING),
    Key("weights", "5", "5", "open_pane('weights')", "", "Your weights, by their names", LOOKING),
    Key("surface", "6", "6", "open_pane('surface')", "", "Its decision surface", LOOKING),
    Key("network", "7", "7", "open_pane('network')", "", "The network, drawn", LOOKING),
    Key("maximise", "f", "f", "maximise", "", "Maximise a pane, or restore it", LOOKING),
    Key("leave", "escape", "escape", "leave", "", "Stop the script; leave the step", LOOKING),
    Key("copy", "y", "y", "copy_pane", "copy", "Copy a pane, or the report, as text", LOOKING),
    Key("help", "question_mark,f1", "? F1", "debug_help", "help", "This help", LOOKING),
)


def debug_bindings() -> list[BindingType]:
    """All of them, as Textual wants them."""
    return [key.binding() for key in DEBUG_KEYS]
