"""What a person or a file gave, as an error says it: quoted, and not longer than it need be."""

import json

LONGEST = 60  # characters


def shortened(value: object) -> str:
    """A value in quotes or as it is typed; of a long one the beginning: "0110011…"."""
    if isinstance(value, tuple) and value and all(type(item) is int for item in value):
        text = ",".join(map(str, value))  # as it is typed
    elif isinstance(value, str | list | dict):
        text = json.dumps(value, default=repr)
    else:
        text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
