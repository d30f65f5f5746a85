"""The command xortui, and python -m xortui."""

import os
import sys

TYPE_CHECKING = False  # as of typing, whose import takes as long as the rest of --version
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

VERSION = "--version"


def _end_at_once(number: int, frame: "FrameType | None") -> None:
    os._exit(128 + number)


# ctrl+c is prompt and quiet from here on, also in the processes of a sweep, which import this. A
# KeyboardInterrupt among imports is not: some swallow it, others print pages. Commands that have
# something to finish put handlers of their own in place.
if sys.argv[1:] != [VERSION]:
    # The built-in part of `signal`, whose own import can itself be interrupted.
    import _signal  # type: ignore[import-not-found]

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _end_at_once)


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run xortui with these arguments (default: the process's own); returns the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given == [VERSION] and _has_printed_version():
        return 0
    from xortui.cli import main as run

    return run(given)


def _has_printed_version() -> bool:
    """Print the version, with nothing imported for it; not where stdout does not take it."""
    from xortui import __version__

    try:
        return os.write(1, f"xortui {__version__}{os.linesep}".encode()) > 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
