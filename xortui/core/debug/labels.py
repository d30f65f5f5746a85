"""What the outputs are compared with."""

import numpy as np

from xortui.core.debug.network import Step, TheirNetwork
from xortui.core.debug.passes import MOST_ROWS, is_difference
from xortui.core.debug.tape import CHANGING
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array


def find_labels(network: TheirNetwork) -> None:
    """Give every step its labels, and the network what is known of every pattern."""
    _Labels(network).find()


class _Labels:
    def __init__(self, network: TheirNetwork) -> None:
        self.network = network
        self.tape = network.tape

    def find(self) -> None:
        """Find what the outputs are compared with, for every pattern."""
        tape, network = self.tape, self.network
        own: list[Array | None] = []
        places = [step.place for step in network.steps]
        differences = [
            event
            for event in tape.events
            if is_difference(tape, event) or tape.nodes[event.node].kind == "Change"
        ]
        number = 0
        for at, step in enumerate(network.steps):
            end = places[at + 1] if at + 1 < len(places) else len(tape.events)
            while number < len(differences) and differences[number].place < step.place:
                number += 1
            found = None
            for event in differences[number:]:
                if event.place >= end or found is not None:
                    break
                found = self._compared(event, step.a[-1])
            if found is None:
                found = self._compared_later(network.steps, at, differences[number:])
            own.append(found)
            if found is not None:  # the last ones hold: labels may change between trainings
                for row, label in zip(step.x, found, strict=True):
                    network.patterns[tuple(row.tolist())] = tuple(label.tolist())
        if not network.patterns and len(network.layers) > 1:
            self._other_labels(network)
        for step, labels in zip(network.steps, own, strict=True):
            known = [network.patterns.get(tuple(row.tolist())) for row in step.x]
            if labels is not None:
                step.y = labels.astype(float)
            elif all(label is not None for label in known):
                step.y = np.array(known, dtype=float)

    def _compared_later(self, steps: list[Step], at: int, differences: list[Event]) -> Array | None:
        """The labels, where several rows go forward before the first is compared with any."""
        step = steps[at]
        others = steps[at + 1 : at + MOST_ROWS]
        same = [one for one in others if np.array_equal(one.theta, step.theta)]
        if not same or any(np.array_equal(one.a[-1], step.a[-1]) for one in same):
            return None
        later = [one.place for one in others if one not in same]
        for event in differences:
            if later and event.place >= later[0]:
                return None
            found = self._compared(event, step.a[-1])
            if found is not None:
                return found
        return None

    def _compared(self, event: Event, output: Array) -> Array | None:
        """The labels [N, K], where this difference is between the outputs and them."""
        operands = [operand for operand in self.tape.operands(event) if operand is not None]
        if self.tape.nodes[event.node].kind == "Change":
            return (
                _taken_off(operands[0].value.array, event.value.array, output) if operands else None
            )
        if len(operands) != 2:
            return None
        for mine, other in (operands, operands[::-1]):
            values, labels = mine.value.array, other.value.array
            if values is None or labels is None or labels.size != output.size:
                continue
            if values.size != output.size or self.tape.class_of(other.node) == CHANGING:
                continue
            flat = values.ravel()
            if np.array_equal(flat, output.ravel()):
                order = output.shape
                result = labels.reshape(order)
            elif np.array_equal(flat, output.T.ravel()):
                result = labels.reshape(output.T.shape).T
            else:
                continue
            made = event.value.array
            if made is not None and made.size > output.size:
                self.network.broadcasts.setdefault(event.node, event)
            return result
        return None

    def _other_labels(self, network: TheirNetwork) -> None:
        """Labels that meet the outputs in another way: in the terms of a cross-entropy, say."""
        tape = self.tape
        size = network.layers[-1].units
        for step in network.steps[:20]:
            for event in tape.events[step.place : step.place + 80]:
                array = event.value.array
                if array is None or array.size != step.a[-1].size:
                    continue
                if tape.class_of(event.node) == CHANGING or tape.nodes[event.node].kind != "Name":
                    continue
                if not set(array.ravel().tolist()) <= {0.0, 1.0, -1.0}:
                    continue
                if array.size == step.x.size and np.array_equal(array.ravel(), step.x.ravel()):
                    continue
                for row, label in zip(step.x, array.reshape(-1, size), strict=True):
                    network.patterns.setdefault(tuple(row.tolist()), tuple(label.tolist()))
                break


def _taken_off(before: Array | None, after: Array | None, output: Array) -> Array | None:
    """The labels, where 1 was taken off the outputs in place: `p[range(n), y] -= 1`."""
    if before is None or after is None or before.shape != output.shape != ():
        return None
    if not np.array_equal(before, output) or before.shape != after.shape:
        return None
    labels: Array = np.round(before - after)
    exact = np.allclose(labels, before - after, atol=1e-12)
    return (
        labels if exact and np.any(labels) and set(labels.ravel().tolist()) <= {0.0, 1.0} else None
    )
