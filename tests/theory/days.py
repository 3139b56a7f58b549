"""Cases that vary with the time of day: a replication is a day, or some weeks of a wave.

A day is put at the end of the calendar's day. So the horizon ends when the last interval does, and
what is drained after it is counted with the interval in which it arrived. Times are real here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil, pi
from typing import Any, Final, NamedTuple

import scenarios

from .figures import Figure, Setup
from .language import SPARE, START, Spec, Values, seed_of

WEEK_S: Final = 604_800.0
SETTLED_WEEKS: Final = 3
PROFILE_FROM_WEEKS: Final = 11  # with those before, more than 13: the horizon has a profile of the week
MANY_A_WEEK: Final = 5_000  # contacts
REPLICATIONS_AT_LEAST: Final = 40
SKEWED: Final = 400  # replications at least, where busy days are rare and weigh much


def day_setup(
    name: str,
    spec: Spec,
    figures: list[Figure],
    contacts: float,
    a_day: float,
    *,
    unit_s: float = 60.0,
    at_least: int = REPLICATIONS_AT_LEAST,
    overtime: bool = False,
) -> Setup:
    """A day, as often as it takes to see so many contacts."""
    replications = max(ceil(SPARE * contacts / a_day), at_least)
    scenario = scenarios.from_dict({"careloop": 1, "name": name, **spec})
    seed = seed_of(name, contacts)
    return Setup(scenario, replications, seed, unit_s, tuple(figures), overtime=overtime)


def clock(minutes: float) -> str:
    """Minutes after midnight as 08:00."""
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def label(minutes: float) -> str:
    """The label of the interval that starts so many minutes after midnight."""
    return f"{START}T{clock(minutes)}:00+00:00"


def profile(start: float, step: float, values: list[float], **more: str) -> Spec:
    """A daily profile from `start`, in steps, both in minutes."""
    return {"from": clock(start), "step": f"{step:g} min", "daily": values, **more}


def one_line(calendar: Spec, arrivals: Spec, agents: Any, handle_time: Spec, line: Spec) -> Spec:
    """One stream, one queue, one group."""
    return {
        "calendar": {"start": START, "days": 1, **calendar},
        "streams": {"calls": {"queue": "line", "arrivals": arrivals, "handle_time": handle_time}},
        "queues": {"line": line},
        "groups": {"team": {"skills": ["line"], "agents": agents}},
    }


class Per(NamedTuple):
    """A measure of every interval, and the output that says what it should be."""

    output: str
    measure: str
    of: str
    scale: float = 1.0
    rests_on: str | None = None  # the output that is a share of contacts


def by_interval(per: Per, outputs: Values, labels: list[str]) -> list[Figure]:
    """One figure an interval."""
    shares = outputs[per.rests_on] if per.rests_on else [1.0] * len(labels)
    if per.rests_on == per.output:  # a share rests on those who make it up, or keep it from being 1
        shares = [min(share, 1.0 - share) for share in shares]
    return [
        Figure(f"{per.output}[{i}]", outputs[per.output][i], per.measure, per.of, when, per.scale, shares[i])
        for i, when in enumerate(labels)
    ]


def piecewise(name: str, p: Values, outputs: Values, contacts: float) -> list[Setup]:
    """M(t)/M/c(t)+M: rates and staff change every interval; the day starts empty."""
    step, rates = p["interval_min"], p["arrival_rates_per_min"]
    first = 1440 - step * len(rates)
    line: Spec = {"target": f"80% in {p['threshold_min'] * 60.0:.9f} s", "service_level": "offered"}
    if p["patience_rate_per_min"]:
        line["patience"] = {"exponential": f"{60.0 / p['patience_rate_per_min']:.9f} s"}
    spec = one_line(
        {"interval": f"{step} min"},
        {"by_interval": profile(first, step, [60.0 * rate for rate in rates], per="hour")},
        profile(first, step, p["staff"]),
        {"exponential": f"{60.0 / p['service_rate_per_min']:.9f} s"},
        line,
    )
    labels = [label(first + i * step) for i in range(len(rates))]
    figures = [
        Figure("day_offered", outputs["day_offered"], "offered / days"),
        Figure("day_service_level", outputs["day_service_level"], "answered_within / offered"),
        Figure("day_abandon_fraction", outputs["day_abandon_fraction"], "abandoned / offered"),
        *[
            figure
            for per in (
                Per("mean_queue", "mean_queue", "line", 1.0, "prob_wait_arrivals"),
                Per("mean_busy", "time_working", "team", 60.0 / step),
                Per("service_level", "service_level", "line", 1.0, "service_level"),
                Per("prob_wait_arrivals", "delayed", "line", 1.0, "prob_wait_arrivals"),
            )
            for figure in by_interval(per, outputs, labels)
        ],
    ]
    in_system = [Figure("in_system_end", outputs["in_system_end"], "open / days")]
    cut = {**spec, "run": {"end": "cut"}}
    a_day = outputs["day_offered"]
    return [
        day_setup(f"{name}/drain", spec, figures, contacts, a_day),
        day_setup(f"{name}/cut", cut, in_system, 0.25 * contacts, a_day),
    ]


def thirteen_hours(p: Values, busyness: float = 1.0, cv: float = 0.0) -> Spec:
    """The centre of `CallCC`: 13 hours, of which a whole day may be busier than another."""
    first = 1440 - 60 * len(p["staff"])
    return one_line(
        {"interval": "60 min"},
        {
            "by_interval": profile(first, 60, p["arrival_rate_per_hour"]),
            "multiply": busyness,
            "busyness": {"day": {"cv": cv}},
        },
        profile(first, 60, p["staff"]),
        {"exponential": f"{p['service_mean_s']} s"},
        {
            "patience": {"exponential": f"{p['patience_mean_s']} s", "balk": p["balk_prob_if_delayed"]},
            "target": f"80% in {p['threshold_s']} s",
            "service_level": "exclude_abandoned_within",
        },
    )


OVER_1660: Final = {
    "wait": "wait_answered + wait_abandoned / 1660*days",
    "within": "answered_within + abandoned_within / 1660*days",
    "lost": "abandoned / 1660*days",
}


def fixed_busyness(name: str, p: Values, outputs: Values, contacts: float) -> list[Setup]:
    """Everything over the 1660 calls of a usual day."""
    expected = outputs["expected_arrivals"]
    figures = [
        Figure("expected_arrivals", expected, "offered / days"),
        Figure("mean_wait_s_over_1660", outputs["mean_wait_s_over_1660"], OVER_1660["wait"]),
        Figure("fraction_within_T_over_1660", outputs["fraction_within_T_over_1660"], OVER_1660["within"]),
        Figure("fraction_lost_over_1660", outputs["fraction_lost_over_1660"], OVER_1660["lost"]),
    ]
    return [day_setup(name, thirteen_hours(p, p["busyness"]), figures, contacts, expected, unit_s=1.0)]


def gamma_busyness(name: str, p: Values, outputs: Values, contacts: float) -> list[Setup]:
    """The same with a busyness of the day that is Gamma of shape 10."""
    figures = [
        Figure("expected_arrivals", outputs["expected_arrivals"], "offered / days"),
        Figure("mean_wait_s", outputs["mean_wait_s"], OVER_1660["wait"]),
        Figure("fraction_within_T", outputs["fraction_within_T"], OVER_1660["within"]),
        Figure("fraction_lost", outputs["fraction_lost"], OVER_1660["lost"]),
    ]
    spec = thirteen_hours(p, cv=10.0**-0.5)
    return [day_setup(name, spec, figures, contacts, 1660.0, unit_s=1.0, at_least=SKEWED)]


def wave(name: str, p: Values, outputs: Values, contacts: float) -> list[Setup]:
    """A sinusoidal rate whose period is a week, settled after three of them.

    The rate is constant within an interval, here a 168th of the period, centred on the phase asked
    for; its curvature there costs less than a thousandth of any figure. Many weeks are read off
    the profile of a week; with many contacts a week the fourth one will do. Few contacts are in an
    interval, so there must be more of them than in other cases.
    """
    contacts = 4.0 * contacts
    period = 2.0 * pi / p["angular_frequency"]
    a_week, unit_s = p["mean_rate"] * period, WEEK_S / period
    weeks = 1 if a_week > MANY_A_WEEK else max(ceil(contacts / (20 * a_week)), PROFILE_FROM_WEEKS)
    agents = p.get("agents", ceil(2.0 * (p["mean_rate"] + p["amplitude"]) / p["service_rate"]))
    line: Spec = {}
    if "patience_rate" in p:
        line = {"patience": {"exponential": f"{unit_s / p['patience_rate']:.9f} s"}}
    spec = one_line(
        {"days": 7 * (SETTLED_WEEKS + weeks), "interval": "60 min"},
        {"sinusoid": _sinusoid(p, unit_s)},
        agents,
        {"exponential": f"{unit_s / p['service_rate']:.9f} s"},
        line,
    )
    spec["run"] = {"warm_up": f"{7 * SETTLED_WEEKS} days"}
    figures = _wave_figures(outputs, agents, _fourth_week if weeks == 1 else _any_week)
    setup = day_setup(name, spec, figures, contacts, a_week * weeks, at_least=20)
    return [setup._replace(weeks=weeks)]


def _sinusoid(p: Values, unit_s: float) -> Spec:
    """The wave, half an interval late."""
    return {
        "mean": f"{p['mean_rate'] * 3600.0 / unit_s:.9f} per hour",
        "amplitude": f"{p['amplitude'] * 3600.0 / unit_s:.9f} per hour",
        "period": f"{WEEK_S:g} s",
        "phase": f"{WEEK_S - 1800.0:g} s",
    }


def _any_week(hour: int) -> str:
    return f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[hour // 24]} {hour % 24:02d}:00"


def _fourth_week(hour: int) -> str:
    day = datetime.fromisoformat(START).replace(tzinfo=UTC) + timedelta(weeks=SETTLED_WEEKS, hours=hour)
    return day.isoformat()


def _wave_figures(outputs: Values, agents: int, when: Callable[[int], str]) -> list[Figure]:
    """The outputs at each phase; of the number in the system, those busy."""
    phases = outputs.get("phases") or outputs["phase_fraction_of_period"]
    labels = [when(round(phase * 168)) for phase in phases]
    if "offered_load" in outputs:
        return by_interval(Per("offered_load", "occupancy", "team", agents), outputs, labels)
    busy = [n - q for n, q in zip(outputs["mean_number"], outputs["mean_queue"], strict=True)]
    return [
        *by_interval(Per("mean_busy", "occupancy", "team", agents), {"mean_busy": busy}, labels),
        *by_interval(Per("prob_delay", "delayed", "line", 1.0, "prob_delay"), outputs, labels),
        *by_interval(Per("mean_queue", "mean_queue", "line", 1.0, "prob_delay"), outputs, labels),
    ]


Days = Callable[[str, Values, Values, float], list[Setup]]
DAYS: Final[dict[str, Days]] = {
    "M(t)/M/c(t)+M, piecewise constant, FCFS, starts empty": piecewise,
    "M(t)/M/s+M, sinusoidal arrivals, constant staff, started empty": wave,
    "M(t)/M/infinity offered load": wave,
    "M(t)/M/c(t)+M with balking, 13 hours, fixed busyness": fixed_busyness,
    "M(t)/M/c(t)+M with balking, 13 hours, Gamma(10,10) busyness": gamma_busyness,
}
