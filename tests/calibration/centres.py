"""Random centres for the round trip: realistic weeks as a scenario, of which every number is known."""

from datetime import date
from random import Random
from typing import Any, Final

import numpy as np

from scenarios.week import DAY_NAMES

START: Final = date(2025, 1, 6)  # a Monday
FIRST_HOUR: Final = 8
STEPS: Final = 20  # half hours of arrivals, 08:00 to 18:00; people stay half an hour longer
_NAMES: Final = ("service", "sales", "claims", "technics")
_SKILLS: Final[dict[int, tuple[tuple[tuple[int, ...], ...], ...]]] = {
    1: (((0,),),),
    2: (((0, 1),), ((0,), (0, 1)), ((0,), (1,))),
    3: (((0, 1, 2),), ((0, 1), (1, 2)), ((0,), (0, 1, 2))),
    4: (((0, 1), (2, 3)), ((0, 1, 2, 3),)),
}
"""By number of streams, the streams that each team takes."""
_OF_WEEKDAY: Final = (1.25, 1.05, 0.95, 0.95, 0.9, 0.5)


def centre(seed: int) -> dict[str, Any]:
    """A centre with 10 to 16 weeks of 1 to 4 streams, as it would stand in a file."""
    rng = Random(f"centre {seed}")
    number = 1 + seed % 4
    weeks, weekdays = rng.randint(10, 16), rng.choice((5, 5, 6))
    skills = rng.choice(_SKILLS[number])
    ranked = rng.random() < 0.4 and any(len(team) > 1 for team in skills)
    streams = {_NAMES[i]: _stream(rng, i, number, weekdays) for i in range(number)}
    queues = {
        _NAMES[i]: {
            "target": "80% in 20 s",
            "patience": _patience(rng),
            **({"priority": -1} if ranked and i == 1 else {}),
        }
        for i in range(number)
    }
    return {
        "careloop": 1,
        "name": f"Centre {seed}",
        "service_level": "offered",
        "calendar": {
            "start": START.isoformat(),
            "days": 7 * weeks,
            "time_zone": rng.choice(("UTC", "Europe/Amsterdam", "America/New_York")),
        },
        "streams": streams,
        "queues": queues,
        "groups": _groups(rng, streams, skills, ranked),
        "run": {"replications": 1, "seed": seed},
    }


def _stream(rng: Random, i: int, number: int, weekdays: int) -> dict[str, Any]:
    a_day = rng.uniform(500, 900) / number * (1.3 if i == 0 else 1.0)
    hump = np.sin(np.linspace(0.4, 2.6, STEPS) + rng.uniform(-0.2, 0.2)) + 0.3
    profile = {
        DAY_NAMES[day]: [round(float(n), 2) for n in a_day * _OF_WEEKDAY[day] * hump / hump.sum()]
        for day in range(weekdays)
    }
    shared = {"correlation": "50%"} if number > 1 else {}
    busyness = {"day": {"cv": f"{rng.uniform(4, 14):.1f}%", **shared}}
    if rng.random() < 0.7:
        busyness["interval"] = {"cv": f"{rng.uniform(6, 18):.1f}%"}
    long_days = {"handle_time_by_day": {"cv": f"{rng.uniform(3, 8):.1f}%"}} if rng.random() < 0.5 else {}
    return {
        "queue": _NAMES[i],
        "arrivals": {
            "by_interval": {"from": f"{FIRST_HOUR:02d}:00", "step": "30 min", **profile},
            "busyness": busyness,
        },
        "handle_time": _handle_time(rng),
        **long_days,
    }


def _handle_time(rng: Random) -> dict[str, Any]:
    mean = f"{rng.randint(150, 420)} s"
    kind = rng.choice(("lognormal", "gamma", "weibull", "exponential", "erlang"))
    shapes: dict[str, dict[str, Any]] = {
        "lognormal": {"cv": round(rng.uniform(0.6, 1.2), 2)},
        "gamma": {"cv": round(rng.uniform(0.5, 0.9), 2)},
        "weibull": {"shape": round(rng.uniform(1.2, 1.8), 2)},
        "exponential": {},
        "erlang": {"k": rng.randint(2, 4)},
    }
    return {kind: {"mean": mean, **shapes[kind]}}


def _patience(rng: Random) -> dict[str, Any]:
    mean = f"{rng.randint(90, 300)} s"
    if rng.random() < 0.5:
        return {"exponential": {"mean": mean}}
    return {"weibull": {"mean": mean, "shape": round(rng.uniform(0.8, 1.6), 2)}}


def _groups(
    rng: Random, streams: dict[str, Any], skills: tuple[tuple[int, ...], ...], ranked: bool
) -> dict[str, Any]:
    """As many people by half hour as the load asks for, with one or two to spare; each stream's load is
    split evenly over the teams that take it."""
    days = {name: streams[_NAMES[0]]["arrivals"]["by_interval"].get(name) for name in DAY_NAMES}
    found = dict[str, Any]()
    for n, team in enumerate(skills):
        spare = rng.uniform(0.3, 0.7)
        profile = dict[str, list[int]]()
        for day in [name for name, there in days.items() if there]:
            load = np.zeros(STEPS)
            for i in team:
                stream = streams[_NAMES[i]]
                (law,) = stream["handle_time"].values()
                mean_s = float(law["mean"].split()[0])
                among = sum(i in other for other in skills)
                load += np.array(stream["arrivals"]["by_interval"][day]) * mean_s / 1800.0 / among
            heads = np.ceil(load + spare * np.sqrt(load)).astype(int)
            profile[day] = [int(each) for each in np.append(heads, heads[-1])]
        takes: dict[str, Any] = {"takes": "longest_wait"} if len(team) > 1 and not ranked else {}
        found[f"team {n + 1}"] = {
            "skills": [[_NAMES[i] for i in team]],
            **takes,
            "agents": {"from": f"{FIRST_HOUR:02d}:00", "step": "30 min", **profile},
        }
    return found
