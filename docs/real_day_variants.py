"""A day of the bank simulated and held against itself, and other ways to make a scenario of the same day."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

import careloop
import scenarios
from calibration.bank_day import INTERVAL_S, Day, waits_seen
from calibration.bank_export import Call
from calibration.bank_scenario import patience_data, scenario_data
from calibration.bank_seen import OPEN_S, Choices
from calibration.fits.waiting_curve import patience
from calibration.presence import Rule
from reports import actuals
from reports.actuals import Fit, Floats, Grid, Judged

Data = dict[str, Any]
Columns = Mapping[str, Floats]


class Compared(NamedTuple):
    """A day and its replications, each measure by interval, and of the whole day."""

    day: Day
    observed: Columns  # [interval]
    simulated: Columns  # [replication, interval]
    totals: Mapping[str, Judged]

    def fit(self, measure: str) -> Fit:
        return actuals.fit(self.observed[measure], self.simulated[measure], self.observed["offered"])


class Variant(NamedTuple):
    """Another way to make a scenario of the same day."""

    label: str
    choices: Choices = Choices()
    change: Callable[[Data, Sequence[Call]], Data] | None = None


def compared(found: Day, replications: int, data: Data | None = None) -> Compared:
    """Simulate a day, or a changed scenario of it, and hold what happened against it."""
    scenario = scenarios.from_dict(data or scenario_data(found))
    result = careloop.simulate(scenario, replications=replications, contacts=True)
    assert result.contacts is not None
    grid = Grid(OPEN_S, INTERVAL_S, tuple(each.interval for each in found.intervals))
    simulated = actuals.simulated(result.contacts, grid, found.after_call_s, replications)
    observed = {name: _column(found, name) for name in actuals.MEASURES}
    hours = sum(each.agents_seen for each in found.intervals) * INTERVAL_S / 3600
    seen, drawn = (actuals.day_totals(each, hours) for each in (observed, simulated))
    totals = {name: actuals.judge(float(seen[name]), drawn[name]) for name in seen}
    return Compared(found, observed, simulated, totals)


def _column(found: Day, name: str) -> Floats:
    values = [getattr(each, name) for each in found.intervals]
    return np.array([np.nan if value is None else value for value in values], float)


def more_agents(by: int) -> Callable[[Data, Sequence[Call]], Data]:
    """A change of a scenario: so many people more in every window, but at least one."""

    def change(data: Data, _: Sequence[Call]) -> Data:
        team = data["groups"]["team"]
        heads = [max(1, n + by) for n in team["agents"]["daily"]]
        return {**data, "groups": {"team": {**team, "agents": {**team["agents"], "daily": heads}}}}

    return change


def priority_first(data: Data, calls: Sequence[Call]) -> Data:
    """High-priority callers (2) go before all others, which is more than the 90 s that the bank gives them.

    Who did not queue has no priority in the export; the share among those who queued is taken for all.
    """
    queued = [call for call in calls if call.queued and call.reached_queue]
    share = sum(call.priority == 2 for call in queued) / len(queued)
    streams = {}
    for name, stream in data["streams"].items():
        for suffix, queue, part in (("", "phone", 1 - share), ("_first", "phone_first", share)):
            arrivals = {**stream["arrivals"], "multiply": part}
            streams[name + suffix] = {**stream, "queue": queue, "arrivals": arrivals}
    phone = data["queues"]["phone"]
    queues = {"phone": phone, "phone_first": {**phone, "priority": "high"}}
    team = {**data["groups"]["team"], "skills": [["phone_first", "phone"]]}
    return {**data, "streams": streams, "queues": queues, "groups": {"team": team}}


def exponential_patience(data: Data, calls: Sequence[Call]) -> Data:
    """Patience as a plain exponential: all time waited over all who gave up."""
    waits = [call for call in calls if call.queued and call.reached_queue]
    mean = sum(call.wait_s for call in waits) / sum(not call.answered for call in waits)
    patience = {"exponential": f"{mean:.1f} s"}
    return {**data, "queues": {"phone": {**data["queues"]["phone"], "patience": patience}}}


def patience_by_kind(data: Data, calls: Sequence[Call]) -> Data:
    """Callers for information have their own patience, all others another."""
    used = [call for call in calls if call.queued and call.reached_queue]
    found = {
        which: patience_data(patience(waits_seen(call for call in used if (call.kind == "NW") == which)))
        for which in (True, False)
    }
    streams = {
        name: {**stream, "patience": found[name == "information"]} for name, stream in data["streams"].items()
    }
    return {**data, "streams": streams}


VARIANTS: Final = (
    Variant("as in scenario.yaml"),
    Variant("one agent more in every quarter of an hour", change=more_agents(1)),
    Variant("one agent fewer", change=more_agents(-1)),
    Variant("absent if callers waited for more than 1 min", Choices(rule=Rule(60, 900))),
    Variant("absent only after 15 min without a call", Choices(rule=Rule(86_400, 900))),
    Variant("absent only after 30 min without a call", Choices(rule=Rule(86_400, 1800))),
    Variant("arrivals and staffing by 5 min", Choices(window_s=300)),
    Variant("arrivals and staffing by 30 min", Choices(window_s=1800)),
    Variant("no after-call time", Choices(after_call=False)),
    Variant("one handle time for all calls", Choices(streams="one")),
    Variant("handle time by part of the day", Choices(streams="part of the day")),
    Variant("agents take only what they were seen taking", Choices(skills=True)),
    Variant("the same, absent only after 15 min without a call", Choices(Rule(86_400, 900), skills=True)),
    Variant("priority customers always first", change=priority_first),
    Variant("callers for information with their own patience", change=patience_by_kind),
    Variant("patience exponential", change=exponential_patience),
)
