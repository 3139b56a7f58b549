"""A plan as of a day in words: what moved a probability, how volumes came beside what was planned."""

import math
from typing import Final

from reports.day_targets import percent_text
from reports.wording import MISSING, signed_text
from sim.asof.learned import Volume
from sim.asof.result import BACKLOG, DECISIONS, INPUTS, PASSED, VOLUMES, AsOf

STEPS: Final = {
    INPUTS: "what has changed in the file",
    PASSED: "what happened on the days passed, in the place of what was simulated",
    BACKLOG: "the cases and contacts that were open then, and who may come back about those solved",
    DECISIONS: "what the loop has decided on what was seen",
    VOLUMES: "the volumes to come, as the days passed suggest them",
}
"""Each step from the plan as it was made to now, in the order in which they are taken."""


def step_words(name: str) -> str:
    """What a step puts in the place of what was simulated."""
    return STEPS[name]


def change_text(change: float) -> str:
    """By how much a probability moves, in points: +12, −3, 0."""
    return MISSING if math.isnan(change) else signed_text(change * 100.0, 0)


def probability_or_missing(probability: float) -> str:
    """82 %."""
    return MISSING if math.isnan(probability) else f"{percent_text(probability)} %"


def source_words(as_of: AsOf) -> str:
    """Which days are known, and from where."""
    if not as_of.days:
        return "No day is passed: all of it is simulated."
    one = as_of.days == 1
    rows = f"{as_of.source.rows:,} rows of {', '.join(as_of.source.files)}"
    known = f"The day before {as_of.date} is" if one else f"The {as_of.days} days before {as_of.date} are"
    return f"{known} what happened, as {rows} tell; the rest is simulated from what was open then."


def volume_words(volume: Volume) -> str:
    """How many contacts a stream had: 613, planned 631 (473–881)."""
    planned = f"{volume.expected:,.0f} ({volume.low:,.0f}–{volume.high:,.0f})"
    return f"{volume.seen:,}, planned {planned}"


def learned_words(volume: Volume) -> str:
    """What its volume to come is multiplied with: × 0.98 (0.88–1.09)."""
    found = volume.learned
    return MISSING if found is None else f"× {found.mean:.2f} ({found.low:.2f}–{found.high:.2f})"
