"""The one table of keys: bindings, footer, help, palette and README are made from it."""

from dataclasses import dataclass

from textual.binding import Binding, BindingType

RUNNING, INSIDE, MOVING, EDITING = "Running", "Inside a step", "Moving in time", "Changing the run"
LOOKING, PROGRAM = "Looking", "The program"


@dataclass(frozen=True)
class Key:
    """One binding. `keys` are Textual's names, `shown` is what is printed on a keyboard.

    `footer` is the word in the footer (empty: not there) and `footer_shown` what stands before it
    where that is not the first key; `words` is the sentence in the help.
    """

    id: str
    keys: str
    shown: str
    action: str
    footer: str
    words: str
    group: str
    footer_shown: str = ""

    def binding(self) -> Binding:
        """The key as Textual wants it."""
        return Binding(
            self.keys,
            self.action,
            self.footer or self.words,
            show=bool(self.footer),
            key_display=self.footer_shown or self.shown.split()[0],
            id=self.id,
        )


KEYS: tuple[Key, ...] = (
    Key("run", "space,p", "space p", "toggle_run", "run/pause", "Run or pause", RUNNING),
    Key("step", "full_stop", ".", "step(1)", "step", "One step forward", RUNNING),
    Key("steps", "greater_than_sign", ">", "step(100)", "", "A hundred steps forward", RUNNING),
    Key("operation", "n", "n", "operation(1)", "operation", "The next operation", INSIDE),
    Key("operation-back", "b", "b", "operation(-1)", "", "The previous operation", INSIDE),
    Key("check", "c", "c", "gradient_check", "check", "The gradient check, live", INSIDE),
    Key("why", "i", "i", "why", "why?", "Why this number? Where it comes from", INSIDE),
    Key(
        "predict",
        "P",
        "P",
        "predict",
        "",
        "Predict first: be asked before a step or operation",
        LOOKING,
    ),
    Key("mistake", "m", "m", "mistakes", "", "Break it on purpose", INSIDE),
    Key("show-fault", "H", "H", "show_fault", "", "Hide or show the broken operation", INSIDE),
    Key("back", "comma", ",", "step(-1)", "back", "One step back", MOVING),
    Key("backs", "less_than_sign", "<", "step(-100)", "", "A hundred steps back", MOVING),
    Key("home", "home", "home", "goto_start", "", "To step 0", MOVING),
    Key("end", "end", "end", "goto_end", "", "To the last step reached", MOVING),
    Key(
        "left",
        "left,shift+left",
        "left",
        "along(-1)",
        "",
        "Back 1% of the timeline",
        MOVING,
    ),
    Key("right", "right,shift+right", "right", "along(1)", "", "Forward 1%", MOVING),
    Key(
        "goto",
        "g",
        "g",
        "goto",
        "go to",
        "Go to a step (2500, 50%), or run on to solved, loss<0.01",
        MOVING,
    ),
    Key("reset", "r", "r", "reset", "reset", "Start again with what is set now, paused", RUNNING),
    Key(
        "seed",
        "N",
        "N",
        "new_seed",
        "new seed",
        "Start again with the next seed; a run goes on running",
        RUNNING,
    ),
    Key(
        "recipe",
        "e",
        "e",
        "recipe",
        "recipe",
        "The recipe: layers, bias, η, ...; start again with it",
        RUNNING,
    ),
    Key(
        "original",
        "R",
        "R",
        "start_over",
        "",
        "Start again with the original recipe, paused",
        RUNNING,
    ),
    Key(
        "slower",
        "left_square_bracket,minus",
        "[ -",
        "speed(-1)",
        "speed",
        "Train slower",
        RUNNING,
        "[ ]",
    ),
    Key("faster", "right_square_bracket,plus", "] +", "speed(1)", "", "Train faster", RUNNING),
    Key("full-speed", "M", "M", "full_speed", "", "Full speed, and back", RUNNING),
    Key("breakpoints", "k", "k", "breakpoints", "", "Breakpoints: what a run pauses at", RUNNING),
    Key("undo", "z", "z", "undo", "", "Undo the last edit of this branch", EDITING),
    Key("redo", "Z", "Z", "redo", "", "Redo the edit that was undone", EDITING),
    Key(
        "tenth",
        "d",
        "d",
        "lower_rate",
        "",
        "Back to before the loss blew up, with a tenth of η",
        EDITING,
    ),
    Key("rate", "E", "E", "rate", "", "Set the learning rate η", EDITING),
    Key("optimiser", "O", "O", "optimiser", "", "Optimiser, decay, batch, schedule of η", EDITING),
    Key("nudge", "u", "u", "nudge", "", "Add noise to all weights", EDITING),
    Key("branches", "B", "B", "branches", "", "Branches: list, switch, delete", EDITING),
    Key("save", "ctrl+s", "ctrl+s", "save", "", "Save the run to a file", EDITING),
    Key("continue", "o", "o", "continue_kept", "", "Resume a run that was not saved", EDITING),
    Key(
        "truth",
        "1",
        "1",
        "focus_pane('#truth')",
        "",
        "The truth table: enter flips a label",
        LOOKING,
    ),
    Key("weights", "2", "2", "focus_pane('#weights')", "", "The weights: enter edits one", LOOKING),
    Key("loss", "3", "3", "focus_pane('#loss')", "", "The loss: arrows read the curve", LOOKING),
    Key("operations", "4", "4", "view('operations')", "", "The operations of a step", LOOKING),
    Key("surface", "5", "5", "view('surface')", "", "The decision surface", LOOKING),
    Key("network", "6", "6", "view('diagram')", "", "The network, drawn", LOOKING),
    Key("units", "7", "7", "view('units')", "", "The hidden units", LOOKING),
    Key("space", "8", "8", "view('space')", "", "The hidden space", LOOKING),
    Key("landscape", "9", "9", "view('landscape')", "", "The loss landscape", LOOKING),
    Key("norms", "0", "0", "view('norms')", "", "Norms of weights, gradients, updates", LOOKING),
    Key("sweep", "w", "w", "sweep", "", "Sweep many seeds", LOOKING),
    Key("lessons", "L", "L", "lessons", "", "Lessons: learn by doing", LOOKING),
    Key("answer", "A", "A", "answer", "", "In a lesson: answer the card, or go on", LOOKING),
    Key("show-answer", "S", "S", "show_answer", "", "In a lesson: show the answer", LOOKING),
    Key(
        "leave",
        "escape",
        "escape",
        "leave",
        "",
        "Stop going to a place; leave a step, a field or a view",
        LOOKING,
    ),
    Key("maximise", "f", "f", "maximise", "", "Maximise a pane, or restore it", LOOKING),
    Key("copy", "y", "y", "copy_pane", "", "Copy a pane as text", LOOKING),
    Key("help", "question_mark,f1", "? F1", "help", "help", "This help", PROGRAM),
    Key("picture", "f8", "F8", "picture", "", "Save a picture of the screen", PROGRAM),
    Key("suspend", "ctrl+z", "ctrl+z", "suspend_process", "", "Suspend", PROGRAM),
    Key("quit", "q", "q", "quit", "quit", "Quit (ctrl+q does, too)", PROGRAM),
)


def bindings(*names: str, without: str = "") -> list[BindingType]:
    """The bindings of groups, or of keys by their ids, in the order of the table."""
    chosen = [key for key in KEYS if key.group in names or key.id in names]
    return [key.binding() for key in chosen if key.id != without]
