"""Whether it has learnt in the end. Where the end was not recorded, the script is run again."""

from xortui.core.debug import outcome
from xortui.core.debug.build import find_network
from xortui.core.debug.network import TheirNetwork
from xortui.core.debug.runner import ChildDiedError
from xortui.core.debug.script import Script
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Trace

LAST = 3  # passes of a loop that are its end


def learns_in_the_end(script: Script, trace: Trace, network: TheirNetwork) -> bool | None:
    """Whether every row ends near its label; None where that cannot be seen.

    A loop that is left by a break ends where nobody foresaw. The same script does the same again.
    """
    learnt = outcome.learns(network)
    passes = unseen_end(trace, network)
    if learnt or learnt is None or passes is None:
        return learnt
    if 2 * trace.seconds > script.seconds:
        return None
    try:
        again = script.run(marks=[max(passes - LAST, 1)])
    except ChildDiedError:
        return None
    same, _ = find_network(Tape(again))
    if same is None:
        return None
    if unseen_end(again, same) is None:
        return outcome.learns(same)
    # What was recorded at the end and cannot be read are no numbers any more: it diverged.
    recorded = any(turn >= passes - LAST for _, _, turn in again.ticks)
    return learnt if recorded else None


def unseen_end(trace: Trace, network: TheirNetwork) -> int | None:
    """After how many passes a loop was left whose end was not recorded; None where all was."""
    last = network.steps[-1].place
    for loop, place, passes in trace.ends:
        seen = max((turn for at, one, turn in trace.ticks if one == loop and at <= last), default=0)
        if place > last and passes - seen > LAST:
            return passes
    return None
