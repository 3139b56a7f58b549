"""What each part of a plan contributes to its targets, so that no contact is counted twice.

Every part, a lever or the loop, is tried alone (added to the scenario without a plan) and left out of the
whole plan, on the same chances. What all parts bring alone, added up, is more than what they bring together
where several would have removed the same contact: the difference is the overlap. Where it has the other
sign, they help each other.
"""

from typing import NamedTuple

import numpy as np

from sim.case_measure import Key
from sim.checkpoints import Window
from sim.explain.watch import Chances
from sim.measure import Floats
from sim.progress import Progress
from sim.roadmap.follow import Followed, follow_each
from sim.roadmap.standing import Effect, mean_effect
from sim.roadmap.versions import only, parts_of, without


class Part(NamedTuple):
    """A part of a plan, and by how much it moves a measure."""

    name: str
    alone: Effect  # it alone, against nothing
    on_top: Effect  # the whole plan, against the plan without it


class Contribution(NamedTuple):
    """A measure by the last day of its targets, and what moves it.

    All effects are over the replications in which every version has a value: `separate` is the sum of what
    the parts bring alone, `joint` what the plan brings, and the mean of `overlap` the first less the second.
    """

    key: Key
    window: Window
    parts: tuple[Part, ...]
    separate: Effect
    joint: Effect
    overlap: Effect


class Tried(NamedTuple):
    """The versions of a plan that tell its parts apart, each with all its replications."""

    whole: Followed
    nothing: Followed
    alone: dict[str, Followed]  # by part
    left_out: dict[str, Followed]


def try_parts(
    whole: Followed, nothing: Followed, chances: Chances, progress: Progress | None = None
) -> Tried:
    """Simulate a plan, already followed as a whole and not at all, without each part and with each alone.

    `progress(done, total)` counts replications; versions that are alike are simulated once.
    """
    scenario = whole.scenario
    parts = parts_of(scenario)
    wanted = [change(scenario, part) for change in (only, without) for part in parts]
    found = follow_each(wanted, whole, chances, progress, (nothing,))
    n = len(parts)
    return Tried(
        whole,
        nothing,
        dict(zip(parts, found[:n], strict=True)),
        dict(zip(parts, found[n:], strict=True)),
    )


def contribution(tried: Tried, key: Key, window: Window) -> Contribution:
    """What the parts of a plan bring to a measure over a window."""
    whole, nothing = (each.values(key, window) for each in (tried.whole, tried.nothing))
    alone = {part: each.values(key, window) for part, each in tried.alone.items()}
    left_out = {part: each.values(key, window) for part, each in tried.left_out.items()}
    has = ~np.isnan(np.array([whole, nothing, *alone.values(), *left_out.values()])).any(axis=0)
    brought = {part: (values - nothing)[has] for part, values in alone.items()}
    together: Floats = (whole - nothing)[has]
    summed: Floats = np.sum([np.zeros(int(has.sum())), *brought.values()], axis=0)
    separate, joint = mean_effect(summed), mean_effect(together)
    overlap = mean_effect(summed - together)._replace(mean=separate.mean - joint.mean)
    parts = tuple(
        Part(part, mean_effect(brought[part]), mean_effect((whole - left_out[part])[has])) for part in alone
    )
    return Contribution(key, window, parts, separate, joint, overlap)
