"""Scenarios without one thing that a queue meets: pure functions, None where there is nothing of it."""

from scenarios.arrivals import Busyness, Level
from scenarios.model import Scenario
from scenarios.related import passing_on, serving, skills
from scenarios.uncertain_numbers import drawn_errors
from sim.explain.changes import with_arrivals, with_queues, with_streams


def without_other_work(scenario: Scenario, queue: str) -> Scenario | None:
    """The people who serve a queue have no contacts of other queues, but for those passed on to it."""
    of_them = {other for group in serving(scenario, queue) for other in skills(scenario, group)}
    others = of_them - {queue, *passing_on(scenario, queue)}
    kept = {name: each for name, each in scenario.streams.items() if each.queue not in others}
    if len(kept) == len(scenario.streams):
        return None
    return scenario.model_copy(update={"streams": kept})


def without_passed_on(scenario: Scenario, queue: str) -> Scenario | None:
    """No other queue passes contacts on to it."""
    sources = passing_on(scenario, queue)
    return with_queues(scenario, sources, overflow=None) if sources else None


def without_retries(scenario: Scenario, queue: str) -> Scenario | None:
    """Nobody tries again; nothing to do where neither its contacts would, nor those passed on to it."""
    trying = [name for name, each in scenario.queues.items() if each.retry]
    if not {queue, *passing_on(scenario, queue)} & set(trying):
        return None
    return with_queues(scenario, trying, retry=None)


def without_busyness(scenario: Scenario) -> Scenario | None:
    """All days, and all intervals, are as busy as expected, but for the chance of single contacts."""
    streams = scenario.streams
    if not any(s.arrivals.busyness.day.cv or s.arrivals.busyness.interval.cv for s in streams.values()):
        return None
    return with_arrivals(scenario, streams, busyness=Busyness())


def without_long_days(scenario: Scenario) -> Scenario | None:
    """Contacts take as long on all days, but for the chance of single ones."""
    varying = [name for name, each in scenario.streams.items() if each.handle_time_by_day.cv]
    return with_streams(scenario, varying, handle_time_by_day=Level()) if varying else None


def without_uncertainty(scenario: Scenario) -> Scenario | None:
    """All numbers are as they are written."""
    if not drawn_errors(scenario):
        return None
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"uncertainty": False})})


def without_backlog(scenario: Scenario) -> Scenario | None:
    """Nobody is waiting when the horizon begins."""
    waiting = [name for name, each in scenario.streams.items() if each.backlog]
    return with_streams(scenario, waiting, backlog=0) if waiting else None
