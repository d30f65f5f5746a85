"""Pure: the table of points, of which only the lines that are seen are made, under a summary."""

from xortui.core.model.names import SUBSCRIPTS
from xortui.core.model.step import output_delta
from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import RIGHT, UNDECIDED, WRONG, Snapshot
from xortui.core.training.solved import enough_right
from xortui.tui.drawing.lines import (
    ANSWERS,
    NOT_YET,
    NUMBER_WIDTH,
    Line,
    fitted,
    marked_head,
    sign_style,
    signed,
    signed_span,
    title,
)
from xortui.tui.operation_cursor import OperationCursor, is_known, mark

HEADER = 3  # title, what is right of the points set aside, heads of the columns
NAME_WIDTH, INPUT_WIDTH, LABEL_WIDTH = 7, 9, 4
OTHERS = 2 + NAME_WIDTH + LABEL_WIDTH + 2 * NUMBER_WIDTH + 4 + len("  ≈")
IN_BATCH = "•"  # before a row that is in the batch of the step
VERDICT = len(" undecided")  # in a word, where there is room for it
MOST_WANTED = 16  # lines of points; the rest is reached by scrolling


def count_points(snapshot: Snapshot) -> int:
    """How many points there are, those set aside included."""
    return len(snapshot.outputs) + (
        0 if snapshot.held_out is None else len(snapshot.held_out.right)
    )


def inputs_shown(inputs: int, width: int) -> int:
    """How many inputs of a point there is room for; the others are in the row written out."""
    return max(0, min(inputs, (width - OTHERS) // INPUT_WIDTH))


def paint_points_table(
    snapshot: Snapshot,
    width: int,
    height: int,
    first: int = 0,
    chosen: int | None = None,
    cursor: OperationCursor | None = None,
) -> list[Line]:
    """The table from point `first` on: those trained on, then those set aside, called test.

    `chosen` is the point the cursor is on. Inside a step, what is not computed yet is a dot. Where
    there are batches, the points in that of the step have a mark before them.
    """
    delta = output_delta(snapshot.recipe)
    shown = inputs_shown(snapshot.recipe.inputs, width)
    has_word = width >= OTHERS + INPUT_WIDTH * shown + VERDICT
    has_output, has_error = is_known(cursor, "yhat"), is_known(cursor, delta)
    tests = count_points(snapshot) - len(snapshot.outputs)
    tally: Line = [
        *batch_words(snapshot),
        (f"{len(snapshot.outputs)} trained on, {tests} set aside ", "label"),
    ]
    in_batch = batch_marks(snapshot)
    lines: list[Line] = [
        title("Points", tally, width),
        fitted(_summary(snapshot), width),
        fitted(_heads(shown, snapshot.recipe.inputs, delta, cursor), width),
    ]
    for place in range(first, min(count_points(snapshot), first + max(1, height - HEADER))):
        mark_of_batch = in_batch[place] if place < len(in_batch) else " "
        head: Line = [("›" if place == chosen else " ", "accent"), (mark_of_batch, "accent")]
        point = _point(snapshot, place, shown, has_output, has_error)
        if not has_word and has_output:
            point[-1] = point[-1][0][:3], point[-1][1]
        lines.append(fitted([*head, *point], width))
    return lines


def batch_marks(snapshot: Snapshot) -> list[str]:
    """What stands before each row that is trained on: a mark where it is in a batch, or a blank."""
    has_batches = snapshot.recipe.batch is not None
    return [IN_BATCH if has_batches and is_in else " " for is_in in snapshot.in_batch]


def batch_words(snapshot: Snapshot) -> Line:
    """What the mark before rows says, where there are batches."""
    return [] if snapshot.recipe.batch is None else [(f"{IN_BATCH} in the batch   ", "accent")]


def _summary(snapshot: Snapshot) -> Line:
    """How those trained on do, and how the points set aside do: beside it, never mixed."""
    right, count, held_out = int(snapshot.right.sum()), len(snapshot.right), snapshot.held_out
    is_enough = enough_right(snapshot.right, snapshot.recipe.table.share_to_solve)
    words: Line = [
        (f" right {right} of {count}", "good" if is_enough else "heading"),
        (f", loss {figure(snapshot.loss, '.3g')}", "text"),
    ]
    if held_out is None:
        return words
    right, count = int(held_out.right.sum()), len(held_out.right)
    return [*words, (f"   test {right} of {count}, {figure(held_out.loss, '.3g')}", "text")]


def _heads(shown: int, inputs: int, delta: str, cursor: OperationCursor | None) -> Line:
    """The heads of the columns, with what the operation does to each."""
    line: Line = [("  point  ", "label")]
    names = [f"x{i}".translate(SUBSCRIPTS) for i in range(1, shown + 1)]
    if shown < inputs and names:
        names[-1] += " …"
    for number, name in enumerate(names):
        line += marked_head(name, mark(cursor, "X") if number == 0 else "", INPUT_WIDTH)
    for words, name, width in (("y", "Y", LABEL_WIDTH), ("ŷ", "yhat", 10), ("ŷ − y", delta, 11)):
        line += marked_head(words, mark(cursor, name), width)
    return line


def _point(snapshot: Snapshot, place: int, shown: int, has_output: bool, has_error: bool) -> Line:
    """One point: its number, inputs, label, and what the network makes of it."""
    count = len(snapshot.outputs)
    if place < count:
        name, inputs = str(place + 1), snapshot.values["X"][place]
        label, output = float(snapshot.labels[place]), float(snapshot.outputs[place])
        is_right = bool(snapshot.right[place])
    else:
        row, network, held_out = place - count, snapshot.network, snapshot.held_out
        assert held_out is not None
        name, inputs = f"test {row + 1}", network.test_bits[row]
        label, output = float(network.test_labels[row, 0]), float(held_out.outputs[row])
        is_right = bool(held_out.right[row])
    spans: Line = [
        (f"{name:>{NAME_WIDTH}}", "label" if place >= count else "text"),
        *((f" {signed(float(value), INPUT_WIDTH - 1):>8}", "text") for value in inputs[:shown]),
        (f"{label:{LABEL_WIDTH - 1}.0f} ", "heading"),
    ]
    if not has_output:
        return [*spans, NOT_YET]
    error = output - label
    answer = RIGHT if is_right else UNDECIDED if output == 0.5 else WRONG
    glyph, style = ANSWERS[answer]
    spans += [signed_span(output), ("  ", "text")]
    shown_error = (signed(error), sign_style(error)) if has_error else NOT_YET
    return [*spans, shown_error, ("  ", "text"), (f"  {glyph} {answer}", style)]
