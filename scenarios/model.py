"""The scenario that a file describes, with every quantity in one unit: seconds, shares 0-1, per hour.

All parts are frozen. ``scenarios.load`` builds them from a file; ``scenarios.from_dict`` from a mapping.
"""

from pydantic import Field

from scenarios.arrivals import Arrivals, Busyness, Level, Sinusoid
from scenarios.business_case import BusinessCase
from scenarios.calendars import Calendar
from scenarios.case_paths import Path
from scenarios.causes import Cause
from scenarios.changes import Remedy
from scenarios.closing import Closing
from scenarios.costs import Costs
from scenarios.distributions import Distribution, Phase, Quantile
from scenarios.fields import (
    Model,
)
from scenarios.groups import Concurrency, Group
from scenarios.incidents import Incident
from scenarios.learning import Loop
from scenarios.outcomes import Outcomes
from scenarios.owners import Owner
from scenarios.pay import Pay
from scenarios.queues import AT_CLOSING, CHANNELS, PRIORITIES, Overflow, Queue, Retry, Target
from scenarios.roadmap import Roadmap
from scenarios.routing import Rule
from scenarios.runs import Run
from scenarios.severities import Severity
from scenarios.shifts import Break, Shift
from scenarios.shrinkage import Shrinkage
from scenarios.side_work import SideWork
from scenarios.streams import Stream
from scenarios.tagging import Tagging
from scenarios.targets import Goal
from scenarios.tiers import Tier
from scenarios.week import (
    DAY_NAMES,
    DAY_S,
    Step,
    WeekSteps,
)

__all__ = [
    "AT_CLOSING",
    "CHANNELS",
    "DAY_NAMES",
    "DAY_S",
    "PRIORITIES",
    "Arrivals",
    "Break",
    "Busyness",
    "Calendar",
    "Concurrency",
    "Distribution",
    "Group",
    "Level",
    "Overflow",
    "Pay",
    "Phase",
    "Quantile",
    "Queue",
    "Retry",
    "Run",
    "Scenario",
    "Shift",
    "Shrinkage",
    "Sinusoid",
    "Step",
    "Stream",
    "Target",
    "WeekSteps",
]


class Scenario(Model):
    """One care organisation over one horizon: who asks for help, who waits where, who helps.

    ``uncertainty`` has relative standard errors of some of its numbers, by path (``uncertain_numbers.py``).
    From ``severities`` on it is the life of a case; ``severities`` go from the worst to the mildest. From
    ``owners`` on it is how the team learns and what it plans; ``costs`` and ``business_case`` are money.
    """

    name: str
    description: str = ""
    service_level: str | None = None
    calendar: Calendar
    streams: dict[str, Stream]
    queues: dict[str, Queue]
    groups: dict[str, Group]
    targets: tuple[Goal, ...] = ()
    uncertainty: dict[str, float] = Field(default_factory=dict)
    run: Run = Run()
    severities: dict[str, Severity] = Field(default_factory=dict)
    causes: dict[str, Cause] = Field(default_factory=dict)
    tiers: dict[str, Tier] = Field(default_factory=dict)
    flags: dict[str, str] = Field(default_factory=dict)
    tagging: Tagging | None = None
    routing: tuple[Rule, ...] = ()
    paths: dict[str, Path] = Field(default_factory=dict)
    closing: Closing | None = None
    side_work: dict[str, SideWork] = Field(default_factory=dict)
    incidents: dict[str, Incident] = Field(default_factory=dict)
    outcomes: Outcomes | None = None
    owners: dict[str, Owner] = Field(default_factory=dict)
    remedies: dict[str, Remedy] = Field(default_factory=dict)
    loop: Loop | None = None
    roadmap: Roadmap | None = None
    costs: Costs | None = None
    business_case: BusinessCase | None = None
