"""Proposals for wrong lines, tried out: only what makes the gradients right is suggested."""

from xortui.core.debug.build import find_network
from xortui.core.debug.edits import LineEdit, apply
from xortui.core.debug.judge import judge
from xortui.core.debug.locate import Locator
from xortui.core.debug.mistakes import LayerFault
from xortui.core.debug.runner import ChildDiedError, run_script
from xortui.core.debug.script import Script
from xortui.core.debug.suggest import Proposer
from xortui.core.debug.tape import Tape

MOST_TRIES, SECONDS = 10, 5.0


def mend(script: Script, locator: Locator, changes: list[LayerFault]) -> list[LineEdit] | None:
    """Edits with which all gradients are right; None where none were found. Raises StoppedError.

    One change after the other gets the proposal that leaves the fewest parameters wrong.
    """
    proposer = Proposer(locator, script.source)
    chosen: list[LineEdit] = []
    tries = 0
    best = len(locator.network.parameters) + 1
    for change in changes:
        for edit in proposer.proposals(change):
            if any(edit.first <= other.last and other.first <= edit.last for other in chosen):
                break  # the line is mended already
            tries += 1
            if tries > MOST_TRIES:
                return None
            wrong = wrong_parameters(script, apply(script.source, [*chosen, edit]))
            if wrong is not None and wrong < best:
                best = wrong
                chosen.append(edit)
                if wrong == 0:
                    return chosen
                break
    return None


def wrong_parameters(script: Script, source: str) -> int | None:
    """How many parameters are not right with another source; None where that cannot be said."""
    try:
        trace = run_script(
            script.path, source, SECONDS, script.arguments, script.stopped, windows=2
        )
        network, _ = find_network(Tape(trace))
    except (ChildDiedError, SyntaxError, ValueError):
        return None
    judgement = None if network is None else judge(network)
    if judgement is None or len(judgement.updates) < 3:
        return None
    return len(judgement.verdicts) - judgement.right
