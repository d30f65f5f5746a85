"""Why this number? Any number of a step, the operation that made it, and the numbers it came from.

Asked again and again, this leads from a gradient or the loss down to bits, labels and the weights
that a run started with.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from xortui.core.explain.cell import Explanation, explain_cell
from xortui.core.explain.places import UPDATED, Place, arrays_of, place_text, value_at
from xortui.core.model.batches import IN_BATCH, batches_in_epoch
from xortui.core.model.mistakes import EQUAL_START, EQUAL_WEIGHT
from xortui.core.model.names import cell_name, notation
from xortui.core.model.network import Result
from xortui.core.model.operation import UPDATE, Operation
from xortui.core.model.penalties import PENALTIES
from xortui.core.model.schedules import STEP
from xortui.core.model.step import output_delta
from xortui.core.training.edit import Edit
from xortui.core.training.snapshot import Snapshot

# Gives the snapshot of a step of the run that was reached.
SnapshotAt = Callable[[int], Snapshot]

MOST_LINKS = 5_000  # of one chain: more than anybody reads


@dataclass(frozen=True)
class Part:
    """One term of the sum: how it is written, what it adds, and the numbers it is made of.

    Of a long sum the last part stands for `more` terms.
    """

    text: str
    value: float
    places: tuple[Place, ...]
    more: int = 0


@dataclass(frozen=True, eq=False)
class Why:
    """Where one number comes from.

    `title` is what a person calls it. `explanation` is its operation written out, and `number` says
    which operation of the step that is, from 1; both are None for what no operation made: bits,
    labels, start weights, what was set by hand. `words` is a sentence that says where it comes
    from. `parts` are the terms of its sum, empty where it can't be followed further.
    """

    place: Place
    title: str
    value: float
    words: str
    explanation: Explanation | None = None
    number: int | None = None
    parts: tuple[Part, ...] = ()

    @property
    def operation(self) -> Operation | None:
        """The operation that made the number, if one did."""
        return None if self.explanation is None else self.explanation.operation

    @property
    def places(self) -> tuple[Place, ...]:
        """The numbers it is made of, each once, in the order written."""
        return tuple(dict.fromkeys(place for part in self.parts for place in part.places))


def why(place: Place, at: SnapshotAt) -> Why:
    """Where the number at a place of the run comes from. `place` is one of `find_place`, or a part.

    The parameters of a step were made by the update of the step before it, so what follows from
    them is found in that one.
    """
    snapshot = at(place.step)
    if place.name in snapshot.network.shapes:
        return _of_parameter(place, snapshot, at)
    if place.name in snapshot.network.kept_views(snapshot.kept):
        return _of_kept(place, snapshot, at)
    made = _makers(snapshot.results)
    if place.name in made:
        return _of_operation(place, snapshot, made[place.name])
    return _given(place, snapshot)


def chain(place: Place, at: SnapshotAt, most: int = MOST_LINKS) -> tuple[Why, ...]:
    """The number and all that it comes from within its step, each once, from the result back.

    Parameters are followed no further than to what made them: that was the step before. Of very
    long chains only the first `most` links are given.
    """
    waiting, links = [place], dict[Place, Why]()
    while waiting and len(links) < most:
        here = waiting.pop(0)
        if here in links:
            continue
        links[here] = why(here, at)
        if here.step == place.step and not _leads_back(links[here]):
            waiting += links[here].places
    return tuple(links.values())


def _leads_back(link: Why) -> bool:
    """Whether a number was made in an earlier step than the one it belongs to."""
    return any(part.step != link.place.step for part in link.places)


def _makers(results: Iterable[Result]) -> dict[str, tuple[int, Result]]:
    """Which operation, from 1, makes what: dW1, and W1+ for parameters after their update."""
    makers = {}
    for number, result in enumerate(results, start=1):
        operation = result.operation
        suffix = UPDATED if operation.phase == UPDATE else ""
        makers[operation.target + suffix] = number, result
    return makers


def _of_operation(place: Place, snapshot: Snapshot, made: tuple[int, Result]) -> Why:
    number, result = made
    explanation = explain_cell(result, place.index)
    # Where a weight is updated before the gradient below is taken, that reads the updated one.
    early = {
        item.operation.target
        for item in snapshot.results[: number - 1]
        if item.operation.phase == UPDATE
    }

    def place_of(name: str, index: tuple[int, ...]) -> Place:
        return Place(name + UPDATED * (name in early), index, place.step)

    parts = tuple(
        Part(
            term.text,
            term.value,
            tuple(dict.fromkeys(place_of(cell.name, cell.index) for cell in term.reads)),
            term.more,
        )
        for term in explanation.terms
    )
    words = result.operation.why
    return Why(place, explanation.left, explanation.result, words, explanation, number, parts)


# -- parameters ------------------------------------------------------------------------------------


def _of_parameter(place: Place, snapshot: Snapshot, at: SnapshotAt) -> Why:
    """A parameter at a step: set by hand there, made by the update before it, or the start."""
    title, value = title_of(place, snapshot), float(snapshot.values[place.name][place.index])
    edits = _edits_of(place, snapshot)
    by_hand = " and ".join(edit.describe(snapshot.recipe) for edit in edits)
    if edits and (place.step == 0 or any(edit.kind == "weight" for edit in edits)):
        return Why(place, title, value, f"Changed by hand at step {place.step:,}: {by_hand}.")
    if place.step == 0:
        return Why(place, title, value, _start_words(place, snapshot))
    before = Place(place.name + UPDATED, place.index, place.step - 1)
    link = why(before, at)
    if edits:
        part = Part(place_text(before), link.value, (before,))
        words = f"Noise was added at step {place.step:,}: {by_hand}. This is what it was added to."
        return Why(place, title, value, words, parts=(part,))
    words = f"The update of step {place.step - 1:,} made it. {link.words}"
    return Why(place, title, value, words, link.explanation, link.number, link.parts)


def _of_kept(place: Place, snapshot: Snapshot, at: SnapshotAt) -> Why:
    """What the optimiser keeps at a step: made by the update before it, or 0 where it begins."""
    title, value = title_of(place, snapshot), value_at(place, snapshot)
    chosen = [step for step, edit in snapshot.edits if edit.kind == "optimiser"]
    if place.step == 0 or place.step in chosen:
        words = f"What {snapshot.recipe.optimiser} keeps starts at 0."
        return Why(place, title, value, words)
    link = why(Place(place.name + UPDATED, place.index, place.step - 1), at)
    words = f"The update of step {place.step - 1:,} made it. {link.words}"
    return Why(place, title, value, words, link.explanation, link.number, link.parts)


def _edits_of(place: Place, snapshot: Snapshot) -> list[Edit]:
    """What was done by hand to a parameter at its step."""
    name = place_text(place)
    frozen = snapshot.recipe.frozen
    return [
        edit
        for step, edit in snapshot.edits
        if step == place.step
        and (
            (edit.kind == "weight" and edit.where == name)
            or (edit.kind == "noise" and name not in frozen)
        )
    ]


def _start_words(place: Place, snapshot: Snapshot) -> str:
    recipe = snapshot.recipe
    if place.name.startswith("b"):
        return "The start: every bias starts at 0."
    if recipe.mistake == EQUAL_START:
        return f"The start: every weight starts at {EQUAL_WEIGHT}, a mistake made on purpose."
    if recipe.init == "zeros":
        return "The start: every weight starts at 0 in this recipe."
    how = f"drawn at random ({recipe.init})"
    return f"The start: {how}, the same for every run with seed {recipe.seed}."


# -- what is given ---------------------------------------------------------------------------------


def _given(place: Place, snapshot: Snapshot) -> Why:
    words = _given_words(place, snapshot)
    return Why(place, title_of(place, snapshot), value_at(place, snapshot), words)


def _given_words(place: Place, snapshot: Snapshot) -> str:
    if place.name == "X":
        return "A bit of the truth table."
    if place.name == "learning_rate":
        words = "The learning rate η, a choice of the recipe."
        return words + _by_hand(place, snapshot, "learning_rate", None)
    if place.name in snapshot.network.optimiser.numbers:
        words = f"{notation(place.name)} of {snapshot.recipe.optimiser}, a choice of the recipe."
        return words + _by_hand(place, snapshot, place.name, None)
    if place.name in PENALTIES:
        words = f"{notation(place.name)}, {PENALTIES[place.name].title}, a choice of the recipe."
        return words + _by_hand(place, snapshot, place.name, None)
    if place.name == IN_BATCH:
        batches = batches_in_epoch(snapshot.recipe)
        epoch, batch = divmod(place.step, batches)
        return (
            "1 where the row is in the batch of this step, 0 where it is not: "
            f"batch {batch + 1} of {batches} in epoch {epoch + 1:,}."
        )
    if place.name == STEP:
        return "The step: the updates since the run began."
    if place.name == "Y":
        words = "A label of the truth table."
        return words + _by_hand(place, snapshot, "label", place.index[0])
    return "1 where updates change the weight, 0 where it is frozen."


def _by_hand(place: Place, snapshot: Snapshot, kind: str, where: int | None) -> str:
    steps = [
        step
        for step, edit in snapshot.edits
        if step <= place.step and edit.kind == kind and edit.where == where
    ]
    return f" Changed by hand at step {steps[-1]:,}." if steps else ""


def title_of(place: Place, snapshot: Snapshot) -> str:
    """What a person calls the number: ∂L/∂W₁[x₁→h₂], ŷ[row 01]."""
    name = place.name.removesuffix(UPDATED)
    called = cell_name(snapshot.recipe, name, place.index)
    return notation(name) + (f"[{called}]" if called else "")


def related(place: Place, snapshot: Snapshot) -> tuple[Place, ...]:
    """Numbers of the same step that one looks at together with this one: a weight's gradient and
    its value after the update, an output's loss and derivative."""
    name, arrays = place.name.removesuffix(UPDATED), arrays_of(snapshot)
    if name in snapshot.network.shapes:
        names = [name, f"d{name}", name + UPDATED]
    elif name[1:] in snapshot.network.shapes:
        names = [name[1:], name[1:] + UPDATED]
    elif name in ("yhat", "Y", "losses"):
        names = ["yhat", "losses", output_delta(snapshot.recipe)]
    elif name in ("L", "loss"):
        names = ["L", "loss"]
    else:
        names = [f"d{name}"]
    return tuple(
        Place(other, place.index, place.step)
        for other in names
        if other != place.name and other in arrays
    )
