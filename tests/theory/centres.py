"""The examples of ContactCenters in the scenario language: cases 1 to 6, 8, 13 and 15."""

from collections.abc import Callable
from typing import Final

from . import contactcenters as theirs
from .contactcenters import Seen, Table, seen
from .days import (
    OVER_1660,
    REPLICATIONS_AT_LEAST,
    SKEWED,
    Per,
    by_interval,
    day_setup,
    label,
    thirteen_hours,
)
from .figures import Figure, Setup
from .language import START, Formulas, Parts, Spec, Unit, Values, queue, ratios, setup, stream

DAY: Final = "day"
CALLS_A_DAY: Final = 4.2 * theirs.DAY_MIN
GOOD: Final = "answered_within / answered + abandoned - abandoned_within"
TELEPHONY: Final = {
    "in target": "answered_within / days",
    "service level": "answered_within / answered",
    "speed of answer": "wait_answered / answered",
    "occupancy": "working / idle + working",
    "abandoned": "abandoned / days",
    "blocked": "blocked / days",
    "disconnected": "cleared / days",
    "service level with abandonment": GOOD,
    "service level with blocked": "answered_within / answered + blocked",
    "service level with disconnected": "answered_within / answered + abandoned",
}


def figures(table: Table, formulas: Formulas) -> list[Figure]:
    """The figures of a table that have a formula."""
    out = []
    for name, formula in formulas.items():
        if name in table.figures:
            mean, se = seen(table.figures[name], table.observations)
            out.append(Figure(name, mean, formula.text, formula.of, expected_se=se))
    return out


def telephone(table: Table, **line: object) -> Callable[[str, float], list[Setup]]:
    """Cases 1 to 4: twelve agents, eight hours, 4.2 calls a minute of two minutes each.

    Once the horizon ends at closing, so that occupancy leaves out the overtime; once closing comes
    in the middle of the horizon.
    """
    found = figures(table, ratios(TELEPHONY))
    at_least = SKEWED // 2 if "disconnected" in table.figures else REPLICATIONS_AT_LEAST
    early = [figure for figure in found if figure.name != "occupancy"]

    def case(name: str, contacts: float) -> list[Setup]:
        evening, daytime = (telephone_day(window, line) for window in ("16:00-24:00", "08:00-16:00"))
        return [
            day_setup(f"{name}/{when}", spec, chosen, contacts, CALLS_A_DAY, at_least=at_least)
            for when, spec, chosen in (("at the end", evening, found), ("before the end", daytime, early))
        ]

    return case


def telephone_day(window: str, line: Spec) -> Spec:
    """One day, open in this window."""
    return {
        "calendar": {"start": START, "days": 1, "hours": {DAY: {"daily": window}}},
        "streams": {
            "calls": {
                "queue": "line",
                "arrivals": {"rate": "4.2 per min", "hours": DAY},
                "handle_time": {"exponential": "2 min"},
            }
        },
        "queues": {
            "line": {"hours": DAY, "target": "80% in 20 s", "service_level": "offered", **line},
        },
        "groups": {"team": {"skills": ["line"], "agents": 12, "hours": DAY}},
    }


def telethon(name: str, contacts: float) -> list[Setup]:
    """Case 8: a week of four hours from Monday to Friday; after two minutes customers leave a message.

    Occupancy is of the time on duty, and counts what is finished after closing.
    """
    formulas = ratios(
        {
            "arrived": "offered / days",
            "served": "answered / days",
            "blocked": "blocked / days",
            "abandoned": "abandoned / days",
            "messages": "overflowed / days",
            "disconnected": "cleared / days",
            "in target": "answered_within / days",
            "speed of answer": "wait_answered / answered",
        },
        "line",
    )
    formulas |= ratios({"occupancy": f"working / {12 * 240 * 5}*days"}, "team")
    spec = {
        "calendar": {"start": START, "days": 7, "hours": {DAY: {"mon-fri": "06:00-10:00"}}},
        "streams": {
            "calls": {
                "queue": "line",
                "arrivals": {"rate": "50 per hour", "hours": DAY},
                "handle_time": {"exponential": "10 min"},
            }
        },
        "queues": {
            "line": {
                "hours": DAY,
                "target": "80% in 1 min",
                "service_level": "offered",
                "lines": 24,
                "patience": {"exponential": "2 min"},
                "overflow": {"to": "messages", "after": "2 min", "leaves_message": True},
                "at_closing": "clear",
            },
            "messages": {"channel": "email"},
        },
        "groups": {
            "team": {"skills": ["line"], "agents": 12, "hours": DAY},
            "listeners": {"skills": ["messages"], "agents": 1},
        },
    }
    found = figures(theirs.TELETHON, formulas)
    return [day_setup(name, spec, found, contacts, 1000.0, at_least=SKEWED // 2)]


CENTRE: Final = {
    "arrival_rate_per_hour": list(theirs.CALLS),
    "staff": list(theirs.STAFF),
    "service_mean_s": 100,
    "patience_mean_s": 1000,
    "balk_prob_if_delayed": 0.1,
}


def callcc(table: Table, shape: float) -> Callable[[str, float], list[Setup]]:
    """Case 5: what a day brings, over the calls that may be expected."""
    spec = thirteen_hours({**CENTRE, "threshold_s": 20}, cv=shape**-0.5)
    found = figures(table, ratios({"arrivals": "offered / days", **OVER_1660}))
    at_least = SKEWED if shape < 100 else REPLICATIONS_AT_LEAST

    def case(name: str, contacts: float) -> list[Setup]:
        return [day_setup(name, spec, found, contacts, 1660.0, unit_s=1.0, at_least=at_least)]

    return case


RATES: Final = ((4.2, 5.3, 3.2), (5.1, 4.3, 4.8), (6.3, 5.2, 4.8))  # per minute: type, period
PERIODS: Final = ("18:00-20:00", "20:00-22:00", "22:00-24:00")


def simple_msk(name: str, contacts: float) -> list[Setup]:
    """Case 6: three types and two groups; service and patience change with the period of arrival."""
    formulas = ratios({"served": "answered / days", "abandoned": "abandoned / days", "service level": GOOD})
    formulas |= ratios({"occupancy of group 0": "working / idle + working"}, "group 0")
    types_periods = [(t, p) for t in range(3) for p in range(3)]
    for t, p in types_periods:
        formulas |= ratios({f"in target {t} {p}": "answered_within / days"}, f"type {t} period {p}")
    line = {"target": "80% in 20 s", "service_level": "offered"}
    hours = {f"period {p}": {"daily": window} for p, window in enumerate(PERIODS)}
    spec = {
        "calendar": {"start": START, "days": 1, "hours": hours},
        "streams": {f"type {t} period {p}": _msk_stream(t, p) for t, p in types_periods},
        "queues": {"type 0": line, "type 1": {**line, "prefers": ["group 0", "group 1"]}, "type 2": line},
        "groups": {
            "group 0": _msk_group(["type 1", "type 0"], (12, 18, 9)),
            "group 1": _msk_group(["type 2", "type 1"], (15, 20, 11)),
        },
    }
    found = figures(theirs.SIMPLE_MSK, formulas)
    return [day_setup(name, spec, found, contacts, 5183.0, at_least=SKEWED // 2, overtime=True)]


def _msk_stream(kind: int, period: int) -> Spec:
    return {
        "queue": f"type {kind}",
        "arrivals": {
            "rate": f"{RATES[kind][period]} per min",
            "hours": f"period {period}",
            "busyness": {"day": {"cv": 28.7**-0.5, "correlation": 1.0}},
        },
        "handle_time": {"exponential": f"{60.0 / (0.5, 0.6, 0.4)[period]:.9f} s"},
        "patience": {"exponential": f"{60.0 / (0.3, 0.4, 0.2)[period]:.9f} s"},
    }


def _msk_group(skills: list[str], agents: tuple[int, int, int]) -> Spec:
    return {"skills": [skills], "takes": "longest_wait", "agents": dict(zip(PERIODS, agents, strict=True))}


def single_queue(name: str, contacts: float) -> list[Setup]:
    """Case 13: the centre of case 5 on usual days, hour by hour, with two thresholds."""
    table = theirs.SINGLE_QUEUE
    formulas = {
        "arrivals": "offered / days",
        "served": "answered / days",
        "lost": "abandoned / days",
        "occupancy": "working / idle + working",
        "abandonment": "abandoned / offered",
        "wait": "wait_answered + wait_abandoned / offered",
        "speed of answer": "wait_answered / answered",
        "queue": f"waiting / {theirs.HOURS * 3600}*days",
        "busy": f"working / {theirs.HOURS * 3600}*days",
        "delay": "delayed / offered",
    }
    found = figures(table, ratios(formulas)) + [f for per in HOURLY for f in hourly(per)]
    level = [f"service level {threshold}" for threshold in (20, 30)]
    within = [
        figures(table, ratios({name: BY_TYPE["service level"]}))
        + hourly(Per(name, "service_level", "line", 1.0, name))
        for name in level
    ]
    specs = [thirteen_hours({**CENTRE, "threshold_s": threshold}) for threshold in (20, 30)]
    return [
        day_setup(f"{name}/{20 + 10 * i} s", spec, chosen, contacts, 1660.0, unit_s=1.0, at_least=SKEWED // 2)
        for i, (spec, chosen) in enumerate(zip(specs, (found + within[0], within[1]), strict=True))
    ]


HOURLY: Final = (
    Per("occupancy", "occupancy", "team"),
    Per("abandonment", "abandonment", "line", 1.0, "abandonment"),
    Per("wait", "mean_wait", "line", 1.0, "waits"),
    Per("speed of answer", "asa", "line", 1.0, "waits"),
    Per("queue", "mean_queue", "line", 1.0, "waits"),
)


def hourly(per: Per) -> list[Figure]:
    """The figures of the thirteen hours of a measure."""
    table = _hours(per.output)
    outputs = {
        per.output: [mean for mean, _ in table],
        "waits": [1.0 - mean for mean, _ in _hours("service level 20")],
    }
    labels = [label(1440 - 60 * (theirs.HOURS - i)) for i in range(theirs.HOURS)]
    found = by_interval(per, outputs, labels)
    return [f._replace(expected_se=se) for f, (_, se) in zip(found, table, strict=True)]


def _hours(output: str) -> list[Seen]:
    hours = theirs.SINGLE_QUEUE_HOURS[output]
    percent = "%" if hours.percent else ""
    pairs = zip(hours.means.split(), hours.deviations.split(), strict=True)
    return [seen(f"{mean}{percent} {sd}", theirs.SINGLE_QUEUE.observations) for mean, sd in pairs]


def three_types(thresholds_s: tuple[float, float, float]) -> Callable[[Values, Unit], Parts]:
    """Case 15, in hours: three types, a group of one and a group of two, both for type 1 first."""

    def kind(_: Values, unit: Unit) -> Parts:
        work = unit.exponential(60.0)
        rates = (60.0, 120.0, 60.0)
        streams = {f"calls {i}": stream(unit, f"type {i}", rate, work) for i, rate in enumerate(rates)}
        queues = {
            f"type {i}": queue(
                unit,
                thresholds_s[i] / 3600.0,
                patience={**unit.exponential((12.0, 6.0, 12.0)[i]), "balk": (0.08, 0.06, 0.08)[i]},
            )
            for i in range(3)
        }
        queues["type 1"]["prefers"] = ["group 0", "group 1"]
        groups = {
            "group 0": {"skills": ["type 1", "type 0"], "agents": 1},
            "group 1": {"skills": ["type 1", "type 2"], "agents": 2},
        }
        return Parts(streams, queues, groups, 240.0, 0.5, {})

    return kind


BY_TYPE: Final = {
    "service level": "answered_within / offered - abandoned_within",
    "abandonment": "abandoned / offered",
    "wait": "wait_answered + wait_abandoned / offered",
    "speed of answer": "wait_answered / answered",
    "queue": "waiting / horizon",
    "delay": "delayed / offered",
}


def three_types_case(name: str, contacts: float) -> list[Setup]:
    """Each type within its own threshold; once more with the one of the aggregate row."""
    formulas = ratios({**BY_TYPE, "arrivals": "offered / horizon", "occupancy": "working / idle + working"})
    for i in range(3):
        formulas |= ratios({f"{output} {i}": text for output, text in BY_TYPE.items()}, f"type {i}")
    for i in range(2):
        formulas |= ratios({f"occupancy {i}": "working / idle + working"}, f"group {i}")
    level = ratios({"service level, all within 20 s": BY_TYPE["service level"]})
    table = theirs.THREE_TYPES
    apart = setup(f"{name}/apart", three_types((20.0, 30.0, 15.0)), {}, {}, contacts)
    alike = setup(f"{name}/alike", three_types((20.0, 20.0, 20.0)), {}, {}, contacts)
    return [
        apart._replace(figures=tuple(figures(table, formulas))),
        alike._replace(figures=tuple(figures(table, level))),
    ]


Centre = Callable[[str, float], list[Setup]]
CENTRES: Final[dict[str, Centre]] = {
    "1 MMC": telephone(theirs.MMC),
    "2 MMCAb": telephone(theirs.MMC_ABANDON, patience={"exponential": "1 min"}),
    "3 MMCBlocked": telephone(theirs.MMC_BLOCKED, capacity=5),
    "4 MMCClrQ": telephone(theirs.MMC_CLEARED, at_closing="clear"),
    "5 CallCC": callcc(theirs.CALLCC, 10.0),
    "5 CallCC, weak busyness": callcc(theirs.CALLCC_WEAK, 400.0),
    "6 SimpleMSK": simple_msk,
    "8 Telethon": telethon,
    "13 singleQueue": single_queue,
    "15 three types": three_types_case,
}
