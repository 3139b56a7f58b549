"""Which measures cannot be asked for by a day, and what can be asked instead.

A figure by day N is made of what is counted on the days up to it. What is only known when the run is over,
or holds at its start alone, has no such figure.
"""

from typing import Final

_AT_THE_END: Final = "is counted when the run ends, whatever the day"
_AT_THE_START: Final = "is there before the first day, and on no other"

NOT_BY_DAY: Final[dict[str, tuple[str, str]]] = {  # why, and what to ask instead
    "open_cases": (_AT_THE_END, "backlog"),
    "overdue_cases": (_AT_THE_END, "resolution attainment, or backlog age"),
    "open_at_end": (_AT_THE_END, "average queue"),
    "backlog_at_start": (_AT_THE_START, "average queue"),
}


def not_by_day(measure: str) -> str:
    """What is wrong with asking for a measure by a day; nothing if that can be asked."""
    from scenarios.targets import SUBJECTS

    if measure not in NOT_BY_DAY:
        return ""
    why, instead = NOT_BY_DAY[measure]
    return f"'{SUBJECTS[measure].words[0]}' {why}; ask for {instead} by that day"
