"""The command xortui, and python -m xortui."""

import os
import signal
import sys
from types import FrameType


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)


# ctrl+c is prompt and quiet from here on. A KeyboardInterrupt among imports is not: some swallow
# it, others print pages. Commands that have something to finish put handlers of their own in place.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _end_at_once)

from xortui.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
