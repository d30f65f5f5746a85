"""Their recorded steps, to be looked at: lines with their values, weights, outputs and losses."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

import numpy as np

from xortui.core.debug import outcome
from xortui.core.debug.findings import Findings
from xortui.core.debug.judge import STILL
from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.ordinary import start_at
from xortui.core.debug.recorded import LineNote, ParameterThen, RecordedStep, Stop, differs
from xortui.core.debug.report import Start
from xortui.core.debug.roles import (
    FOLLOWS,
    OK,
    WRONG,
    Role,
    Roles,
    describe,
    find_roles,
    in_shape_of,
    true_of,
)
from xortui.core.debug.trace import Event
from xortui.core.debug.trouble import steps_made
from xortui.core.debug.updates import Update
from xortui.core.model.functions import Array

MOST_STOPS = 500  # of one step


class Recording:
    """All updates that were recorded of a run in which a network was found."""

    def __init__(self, network: TheirNetwork, findings: Findings) -> None:
        self.network, self.judgement = network, findings.judgement
        self.locator, self._verdicts = findings.locator, list(findings.verdicts)
        wrong = any(verdict in (WRONG, STILL) for verdict in findings.verdicts)
        found = findings.found if wrong else []
        self._changes = [one.change for one in found]
        self._wrong_lines = {one.line for one in found if one.change.kind != "still"}
        self.updates: list[Update] = findings.judgement.updates
        # Nothing is worked out before it is asked for: a report needs none of it.
        self.step = lru_cache(maxsize=32)(self._step)

    def __len__(self) -> int:
        return len(self.updates)

    @cached_property
    def _patterns(self) -> tuple[Array, Array]:
        return outcome.patterns(self.network)

    # -- when it was ---------------------------------------------------------------------------

    @cached_property
    def total(self) -> int | None:
        """How many updates the whole run made; None where the loops do not tell."""
        return steps_made(self.network.tape.trace, self.judgement)

    @cached_property
    def numbers(self) -> list[int]:
        """How many updates came before each one that was recorded, as far as the loops tell."""
        trace = self.network.tape.trace
        places = [update.passes[-1].place for update in self.updates]
        loop = self._loop()
        if loop is None:
            return list(range(len(places)))
        ticks = [(place, turn) for place, number, turn in trace.ticks if number == loop]
        starts = [place for place, _ in ticks]
        inside: list[tuple[int, int]] = []  # the pass of the loop, and the how-manieth in it
        for place in places:
            at = bisect_right(starts, place) - 1
            before = inside[-1] if inside else (-2, 0)
            turn = ticks[at][1] if at >= 0 else -1
            inside.append((turn, before[1] + 1 if turn == before[0] else 0))
        counts: dict[int, int] = {}
        for turn, within in inside:
            counts[turn] = max(counts.get(turn, 0), within + 1)
        each = max(1, round(float(np.median(list(counts.values())))))
        return [max(0, turn) * each + within for turn, within in inside]

    def _loop(self) -> int | None:
        """The number of the loop that trains: the one with the most passes that hold updates."""
        ticks = self.network.tape.trace.ticks
        last: dict[int, int] = {}
        for _, loop, turn in ticks:
            last[loop] = max(turn, last.get(loop, 0))
        return max(last, key=lambda loop: last[loop]) if last else None

    # -- the lines -----------------------------------------------------------------------------

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        """The events of every update: from where the loop begins it to where it is done."""
        tape = self.network.tape
        ticks = [place for place, _, _ in tape.trace.ticks]
        nodes = set()
        if self.locator is not None:
            for parameter in self.network.parameters:
                event = self.locator.update_event(parameter)
                if event is not None:
                    nodes.add(event.node)
        places = sorted(place for node in nodes for place in tape.of_node[node])
        ranges: list[tuple[int, int]] = []
        for update in self.updates:
            begin = update.passes[0].one.start
            at = bisect_right(ticks, begin) - 1
            window = tape.trace.windows[update.passes[0].window]
            floor = max(ticks[at] if at >= 0 else begin, window.start)
            if ranges and ranges[-1][1] <= begin:
                floor = max(floor, ranges[-1][1])
            following = update.following.one.start
            last = bisect_right(places, following) - 1
            done = places[last] + 1 if last >= 0 and places[last] > begin else following
            tick = bisect_right(ticks, following) - 1
            if tick >= 0 and ticks[tick] >= done:
                done = ticks[tick]
            ranges.append((min(floor, begin), max(done, update.passes[-1].place + 1)))
        return ranges

    @cached_property
    def roles(self) -> Roles:
        """What every value of a step is; found once, where most can be seen."""
        if self.locator is None:
            return {}
        base = self.updates.index(self.locator.context.updates[self.locator.base])
        return find_roles(self.locator, self._changes, self._verdicts, *self._ranges[base])

    @property
    def base(self) -> int:
        """The position of the update in which most can be seen."""
        if self.locator is None:
            return 0
        return self.updates.index(self.locator.context.updates[self.locator.base])

    @cached_property
    def notes(self) -> dict[int, LineNote]:
        """What each recognised line is."""
        words: dict[int, list[str]] = {}
        verdicts: dict[int, list[str]] = {}
        stops = self.step(self.base).stops if len(self) else ()
        named = {stop.line for stop in stops if stop.name}  # a part does not say what all is
        for stop in stops:
            if stop.what and (stop.name or stop.line not in named):
                words.setdefault(stop.line, []).append(stop.what)
                verdicts.setdefault(stop.line, []).append(stop.verdict)
        found = {}
        for line, all_words in words.items():
            shown = _joined(list(dict.fromkeys(all_words)))
            worst = next((one for one in (WRONG, FOLLOWS) if one in verdicts[line]), "")
            found[line] = LineNote(shown, worst or verdicts[line][-1])
        return found

    # -- a step --------------------------------------------------------------------------------

    def _step(self, position: int) -> RecordedStep:
        update, (x, labels) = self.updates[position], self._patterns
        with np.errstate(all="ignore"):
            outputs = self.network.forward(update.theta, x)[2][-1]
            loss = self.loss_of(update.theta)
        return RecordedStep(
            position, self.numbers[position], x, labels, outputs, loss,
            tuple(self._parameters(position)), tuple(self._stops(position)),
        )  # fmt: skip

    def loss_of(self, theta: Array) -> float:
        """The mean over the patterns of half the squared error."""
        x, labels = self._patterns
        with np.errstate(all="ignore"):
            outputs = self.network.forward(theta, x)[2][-1]
            return float((0.5 * np.square(outputs - labels)).sum(axis=1).mean())

    def cross_entropy_of(self, theta: Array) -> float:
        """The mean over the patterns of the cross-entropy, with outputs kept off 0 and 1."""
        x, y = self._patterns
        with np.errstate(all="ignore"):
            a = np.clip(self.network.forward(theta, x)[2][-1], 1e-15, 1 - 1e-15)
            return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=1).mean())

    @cached_property
    def losses(self) -> tuple[tuple[int, float], ...]:
        """Steps and their losses, wherever one was recorded; the last is after the last update."""
        return self._losses(self.loss_of)

    @cached_property
    def losses_of_cross_entropy(self) -> tuple[tuple[int, float], ...]:
        """The same with the cross-entropy as the loss."""
        return self._losses(self.cross_entropy_of)

    def _losses(self, loss_of: Callable[[Array], float]) -> tuple[tuple[int, float], ...]:
        found = [
            (number, loss_of(update.theta))
            for number, update in zip(self.numbers, self.updates, strict=True)
        ]
        if found:
            found.append((found[-1][0] + 1, loss_of(self.updates[-1].following.theta)))
        return tuple(found)

    def start(self, position: int) -> Start | None:
        """Their weights before an update, as a network starts from them."""
        return start_at(self.network, self.updates[position].theta)

    def _true_change(self, position: int) -> Array | None:
        """What a right update adds to all parameters; None where that is not known."""
        judgement = self.judgement
        varies = any(fit.kind == "varying" for fit in judgement.fits)
        if judgement.rate is None or varies or judgement.momentum or judgement.decay:
            return None
        return -judgement.rate * judgement.truths[position].theta

    def _parameters(self, position: int) -> Iterator[ParameterThen]:
        update, true = self.updates[position], self._true_change(position)
        for one in self.network.parameters:
            slots = list(one.slots)
            yield ParameterThen(
                one.name,
                one.role,
                update.theta[slots].reshape(one.shape),
                update.delta[slots].reshape(one.shape),
                None if true is None else true[slots].reshape(one.shape),
            )

    def _stops(self, position: int) -> Iterator[Stop]:
        count = 0
        for events in self._statements(*self._ranges[position]):
            for stop in self._of_statement(position, events):
                count += 1
                if count > MOST_STOPS:
                    return
                yield stop

    def _statements(self, begin: int, end: int) -> Iterator[list[Event]]:
        """The events of each statement; a statement that calls another goes on after it."""
        tape = self.network.tape
        group: list[Event] = []
        seen: set[int] = set()
        for event in tape.events[begin:end]:
            node = tape.nodes[event.node]
            if group and (
                tape.nodes[group[-1].node].statement != node.statement or event.node in seen
            ):
                yield group
                group, seen = [], set()
            group.append(event)
            seen.add(event.node)
        if group:
            yield group

    def _of_statement(self, position: int, events: list[Event]) -> Iterator[Stop]:
        """What a statement has given, and before it the part that is known, where only that is."""
        tape, begin = self.network.tape, self._ranges[position][0]
        part: tuple[Event, Role] | None = None
        whole: tuple[Event, Role | None] | None = None
        is_wrong = False
        for event in events:
            array, node = event.value.array, tape.nodes[event.node]
            if array is None or not array.size:
                continue
            places = tape.of_node[event.node]
            nth = bisect_left(places, event.place) - bisect_left(places, begin)
            role = self.roles.get((event.node, nth))
            is_count = event.value.kind in "ibIB" and array.size == 1
            is_wrong = is_wrong or (role is not None and role.verdict == WRONG)
            if role is not None:
                part = event, role
            if node.target and (role is not None or not is_count):
                whole = event, role
        if part is not None and (whole is None or whole[1] is None):
            yield self._stop(position, *part, is_wrong)
        if whole is not None:
            yield self._stop(position, *whole, is_wrong)

    def _stop(self, position: int, event: Event, role: Role | None, is_wrong: bool) -> Stop:
        node, theirs = self.network.tape.nodes[event.node], event.value.array
        assert theirs is not None
        name = node.target if node.target != "return" else "returned"
        verdict = WRONG if is_wrong or node.line in self._wrong_lines else ""
        if role is None:
            return Stop(node.line, name, node.text, "", theirs, None, verdict)
        with np.errstate(all="ignore"):
            true = self._true(position, role, theirs)
        verdict = verdict or role.verdict
        if verdict == OK and true is not None and differs(theirs, true).any():
            true = None  # what is judged right as a whole is not accused by one number
        what = describe(role, self.network)
        return Stop(node.line, name, node.text, what, theirs, true, verdict)

    def _true(self, position: int, role: Role, theirs: Array) -> Array | None:
        if role.kind != "update":
            return true_of(role, self.judgement.truths[position], theirs)
        change = self._true_change(position)
        parameter: Parameter | None = role.parameter
        if change is None or parameter is None:
            return None
        update, slots = self.updates[position], list(parameter.slots)
        if theirs.size != len(slots):
            return None
        now = update.following.theta[slots]
        for sign in (1.0, -1.0):  # some keep a threshold, which is taken off
            mine = in_shape_of(theirs, sign * now.reshape(parameter.shape))
            if mine is not None and np.allclose(mine, theirs, rtol=1e-9, atol=1e-12):
                then = sign * (update.theta[slots] + change[slots])
                return in_shape_of(theirs, then.reshape(parameter.shape))
        return None


def _joined(words: list[str]) -> str:
    """What a line is that is several things, one after the other: a helper, or a loop's body."""
    if len(words) == 1:
        return words[0]
    signs = [sign for sign in (" = ", " ← ") if all(sign in one for one in words)]
    names = [one.partition(signs[0])[0] for one in words] if signs else words
    said = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"updates {said}" if signs == [" ← "] else said
