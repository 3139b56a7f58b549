"""Small scenarios as text, and their figures by formula."""

from scenarios import Scenario, loads
from sim.experiment import Result
from sim.formula import run_formula

LINE = """\
careloop: 1
name: A line
service_level: answered_plus_abandoned_within
calendar: {start: 2026-03-02, days: 2, interval: 30 min, hours: {desk: {daily: "08:00-12:00"}}}
streams:
  calls: {queue: phone, arrivals: {rate: 60 per 30 min}, handle_time: {exponential: 3 min}}
queues:
  phone: {target: 80% in 20 s, patience: {exponential: 4 min}}
groups:
  team: {skills: [phone], agents: 8}
"""


def changed(*pairs: tuple[str, str], text: str = LINE) -> Scenario:
    """The line with some of its text replaced."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return loads(text)


def figure(result: Result, measure: str, name: str = "phone", scope: str = "queue") -> float:
    """A measure over the horizon; NaN where it is missing."""
    table = result.measures
    rows = table[(table.measure == measure) & (table.scope == scope) & (table.name == name)]
    return float(rows["mean"].iloc[0]) if len(rows) else float("nan")


def by_formula(*pairs: tuple[str, str], text: str = LINE) -> Result:
    return run_formula(changed(*pairs, text=text))
