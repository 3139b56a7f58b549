"""A backlog in small parcels, each answered in turn: slow, and near the fluid as parcels get small."""

from collections.abc import Sequence
from typing import NamedTuple


class Parcel(NamedTuple):
    interval: int  # of its arrival
    came: float  # intervals from the beginning
    done: float  # likewise; inf if still there at the end


def parcels(arrivals: Sequence[float], capacity: Sequence[float], start: float, size: float) -> list[Parcel]:
    """What comes in an interval, evenly, and what waits at the beginning (interval -1), the oldest first."""
    came = [(-1, 0.0)] * round(start / size)
    for i, amount in enumerate(arrivals):
        number = round(amount / size)
        came += [(i, i + (k + 0.5) / number) for k in range(number)]
    found, free = list[Parcel](), 0.0
    for interval, time in came:
        free = max(free, time)
        left = size
        while left > 0.0 and free < len(capacity):
            i = int(free)
            can = capacity[i] * (i + 1 - free)
            if can >= left:
                free, left = free + left / capacity[i], 0.0
            else:
                free, left = i + 1.0, left - can
        found.append(Parcel(interval, time, free if left <= 0.0 else float("inf")))
    return found
