"""A small team that learns: one stream of contacts about three causes, worked on at once by many agents."""

from collections.abc import Iterable
from typing import Any

from scenarios import from_dict
from scenarios.model import Scenario
from sim import drive
from sim.compile import begin, compile_scenario
from sim.fast import advance
from sim.loop.controller import Learned

RATE = 240  # contacts a day, spread evenly
CAUSES = {"copy": 0.5, "form": 0.3, "parcel": 0.2}
CUT = 0.4  # by each remedy

Mapping = dict[str, Any]


def written(days: int = 30, rate: int = RATE, **changed: Any) -> Mapping:
    """The scenario as plain data; sections of the life of a case may be given, or replaced."""
    remedies = {
        f"fix_{cause}": {
            "cause": cause,
            "kind": "product_fix",
            "effort": "1 h",
            "moves": {f"causes.{cause}.contacts": f"-{CUT:.0%}"},
        }
        for cause in CAUSES
    }
    usual: Mapping = {
        "careloop": 1,
        "name": "A small team",
        "calendar": {"start": "2026-01-05", "days": days},  # a Monday
        "streams": {
            "letters": {
                "queue": "desk",
                "arrivals": {"rate": f"{rate} per day"},
                "handle_time": {"exponential": "6 min"},
                "causes": {cause: f"{share:.0%}" for cause, share in CAUSES.items()},
            }
        },
        "queues": {"desk": {"channel": "email"}},
        "groups": {"team": {"skills": ["desk"], "agents": 6}},
        "causes": {cause: {"avoidable": True, "owner": "product"} for cause in CAUSES},
        "owners": {"product": {"capacity": "1000 h/week"}},
        "remedies": remedies,
        "loop": {
            "owner": "product",
            "information_delay": "0 s",
            "weekly_review": {"on": "mon", "by": "volume", "top": 3, "opens": 3, "weeks": 1},
        },
        "run": {"seed": 1, "replications": 1},
    }
    return usual | changed


def scenario(days: int = 30, rate: int = RATE, **changed: Any) -> Scenario:
    """The scenario, with sections replaced."""
    return from_dict(written(days, rate, **changed))


def learn(scenario: Scenario, replication: int = 0, seed: int = 1) -> Learned:
    """What one replication learns."""
    return learn_all(scenario, [replication], seed)[0]


def learn_all(scenario: Scenario, replications: Iterable[int], seed: int = 1) -> list[Learned]:
    """What each of some replications learns."""
    model, found = compile_scenario(scenario), []
    for replication in replications:
        state = begin(model, seed, replication)
        course = drive.course_of(model, state)
        assert course is not None
        drive.run(model, state, lambda _contacts, _agents, _cases: None, None, advance, course)
        found.append(course.learned())
    return found
