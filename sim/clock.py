"""The clock: int64 microseconds since the start of the horizon.

Sums of ticks are exact and equality is `==`. A run may use a coarser `grain` (ticks are then
multiples of it), which makes a day full of simultaneous events: a test of the order of events.
"""

from typing import Final

TICKS_PER_SECOND: Final = 1_000_000
NEVER: Final = 2**62  # later than any horizon, and far from overflow


def to_ticks(seconds: float) -> int:
    """Seconds to the nearest tick."""
    return round(seconds * TICKS_PER_SECOND)


def to_seconds(ticks: float) -> float:
    """Ticks to seconds."""
    return ticks / TICKS_PER_SECOND
