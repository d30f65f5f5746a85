"""xortui: a debugger for backpropagation, in any terminal."""

TYPE_CHECKING = False  # as of typing, which takes long to import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from xortui.core.debug.report import DebugReport

__version__ = "0.1.0"


def debug(
    path: "str | PathLike[str]", *, seconds: float = 20.0, arguments: "Sequence[str]" = ()
) -> "DebugReport":
    """What is wrong with the backpropagation in the script at `path`, as `xortui debug` finds it.

    The script runs in a child process for at most `seconds` (from 1 to 3600), with `arguments` as
    its own; nothing of it runs in this process. `report.passed` says whether its gradients are
    right and it learns, `report.to_json()` is what `xortui debug --format json` prints. In a test:

        assert xortui.debug("my_network.py").verdict == "right gradients"

    Raises `xortui.core.debug.source.SourceError`, a ValueError, where the file cannot be read or is
    no Python, and ValueError where `seconds` is no such number.
    """
    from os import fspath

    from xortui.core.debug.examine import examine
    from xortui.core.debug.limits import check_seconds
    from xortui.core.debug.source import read_source

    limit, name = check_seconds(seconds), fspath(path)
    return examine(name, read_source(name), limit, arguments)
