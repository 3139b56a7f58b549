"""A plan as of a day, step by step from the plan as it was made.

One thing after the other is put in the place of what was simulated, on the same chances, so that what each
moves adds up: the inputs, where the file has changed; the days passed; the work that was open when they ended;
what the team has decided on what it saw; and the volumes learned from them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.roadmap import DayGoal
from sim.asof.cases import PUT_OFF, WAITS
from sim.asof.counters import Midnights
from sim.asof.follow import Asked, Planned, follow_on, follow_plan
from sim.asof.learned import Learned, learn, volumes
from sim.asof.named import Columns, seen_of
from sim.asof.passed import Passed, first_contacts, passed
from sim.asof.result import BACKLOG, DECISIONS, INPUTS, PASSED, VOLUMES, AsOf, Moved, Source, moved
from sim.asof.seen import Ints, Seen
from sim.asof.told import told_otherwise, untold
from sim.case_measure import Key
from sim.experiment import Progress
from sim.explain.watch import Chances
from sim.loop.controller import Learned as Decided
from sim.loop.observed import AGENT_TICKS
from sim.measure import Plan
from sim.roadmap.follow import Followed, follow, plan_by_day
from sim.roadmap.plan import (
    PlanResult,
    judged,
    key_of,
    keys_of,
    plan_result,
    refuse_without_targets,
    window_for,
    windows_of,
)
from sim.roadmap.standing import Standing, standing
from sim.roadmap.versions import baseline_of


class Facts(NamedTuple):
    """What has happened: an export, and where it is from."""

    columns: Columns
    source: Source
    notes: tuple[str, ...]


def refuse_facts(scenario: Scenario, day: date, facts: Facts) -> None:
    """Raise ValueError, with what to do, where an export cannot tell of the days before a day."""
    raise NotImplementedError
