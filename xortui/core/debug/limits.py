"""How long and how large a run of somebody's script may be."""

SECONDS, LEAST_SECONDS, MOST_SECONDS = 20.0, 1.0, 3600.0
MEMORY = 2 * 2**30  # bytes of address space
GRACE = 5.0  # seconds that the child has beyond its time, to write what it recorded


def check_seconds(seconds: float) -> float:
    """The time limit, where it is one. Raises ValueError: the message says what is allowed."""
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:  # false for nan, too
        allowed = f"from {LEAST_SECONDS:g} to {MOST_SECONDS:g}"
        raise ValueError(f"seconds cannot be {seconds!r}; allowed: {allowed}")
    return seconds
