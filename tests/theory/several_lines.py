"""Kinds of case with several classes of customers, or several groups of agents."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from .language import (
    BEYOND,
    IMPATIENT,
    SERVICE,
    Formulas,
    Parts,
    Spec,
    Unit,
    Values,
    patience,
    queue,
    ratios,
    relaxation,
    stream,
)
from .single_line import by_moments

LOW_WAITS: Final = 1.5  # how much longer the lowest class remembers


class Class(NamedTuple):
    """A class of customers, with a name that its outputs end in."""

    name: str
    rate: float
    handle_time: Spec
    patience: Spec | None = None


def by_priority(
    unit: Unit, classes: list[Class], agents: int, threshold: float | None
) -> tuple[Spec, Spec, Spec]:
    """Classes served by one group, the first of the list first."""
    streams = {f"{c.name} calls": stream(unit, c.name, c.rate, c.handle_time) for c in classes}
    queues = {c.name: queue(unit, threshold, patience=c.patience, priority=-i) for i, c in enumerate(classes)}
    return streams, queues, {"team": {"skills": [c.name for c in classes], "agents": agents}}


def each(texts: Mapping[str, str], classes: list[Class]) -> Formulas:
    """The same formulas for every class: `mean_wait` becomes `mean_wait_high` of queue `high`."""
    found: Formulas = {}
    for c in classes:
        found |= ratios({f"{output}_{c.name}": text for output, text in texts.items()}, c.name)
    return found


def listed(output: str, text: str, classes: list[Class]) -> Formulas:
    """The same formula for every class, where the output is a list."""
    found: Formulas = {}
    for i, c in enumerate(classes):
        found |= ratios({f"{output}[{i}]": text}, c.name)
    return found


def two_classes(p: Values, unit: Unit) -> Parts:
    """M/M/c, non-preemptive priority."""
    service, n = p["service_rate"], p["servers"]
    rates = {name: p[f"arrival_rate_{name}"] for name in ("high", "low")}
    classes = [Class(name, rate, unit.exponential(service)) for name, rate in rates.items()]
    formulas = each({name: SERVICE[name] for name in ("mean_wait", "mean_queue")}, classes)
    for name in rates:
        formulas |= ratios({f"prob_wait_{name}_gt_T": BEYOND}, name)
    formulas |= ratios({"prob_wait": SERVICE["prob_wait"]})
    total = sum(rates.values())
    forgets = LOW_WAITS * relaxation(total, service, n)
    return Parts(*by_priority(unit, classes, n, p["threshold"]), total, forgets, formulas)


def three_classes(p: Values, unit: Unit) -> Parts:
    """M/M/c, non-preemptive priority, without a threshold."""
    service, n, rates = p["service_rate"], p["servers"], p["arrival_rates"]
    classes = [Class(f"class {i}", rate, unit.exponential(service)) for i, rate in enumerate(rates)]
    formulas = listed("mean_waits", SERVICE["mean_wait"], classes)
    formulas |= ratios({"prob_wait": SERVICE["prob_wait"], "total_mean_queue": SERVICE["mean_queue"]})
    forgets = LOW_WAITS * relaxation(sum(rates), service, n)
    return Parts(*by_priority(unit, classes, n, None), sum(rates), forgets, formulas)


def priority_mg1(p: Values, unit: Unit) -> Parts:
    """M/G/1 with priorities: mean waits depend on two moments only."""
    classes, load = [], 0.0
    rows = zip(p["arrival_rates"], p["mean_service"], p["second_moments"], strict=True)
    for i, (rate, mean, second) in enumerate(rows):
        moments = {"mean_service": mean, "service_scv": second / mean**2 - 1.0}
        classes.append(Class(f"class {i}", rate, by_moments(moments, unit)))
        load += rate * mean
    formulas = listed("mean_waits", SERVICE["mean_wait"], classes)
    forgets = LOW_WAITS * max(p["mean_service"]) * relaxation(load, 1.0, 1)
    return Parts(*by_priority(unit, classes, 1, None), sum(p["arrival_rates"]), forgets, formulas)


def two_impatient_classes(p: Values, unit: Unit) -> Parts:
    """M/M/n+M, non-preemptive priority."""
    service = unit.exponential(p["service_rate"])
    classes = [
        Class(name, p[f"arrival_rate_{name}"], service, patience(unit, p[f"patience_rate_{name}"]))
        for name in ("high", "low")
    ]
    wanted = ("mean_queue", "mean_wait", "prob_abandon", "prob_served_within_T")
    formulas = each({name: IMPATIENT[name] for name in wanted}, classes)
    formulas |= ratios({name: SERVICE[name] for name in ("prob_wait", "occupancy")})
    forgets = 2.0 * LOW_WAITS / min(p["patience_rate_high"], p["patience_rate_low"])
    parts = by_priority(unit, classes, p["agents"], p["threshold"])
    return Parts(*parts, sum(c.rate for c in classes), forgets, formulas)


def n_model(p: Values, unit: Unit) -> Parts:
    """Class 1 goes to pool 1, then pool 2; class 2 to pool 2 only. Service rates are the pools'."""
    work = unit.exponential(1.0)
    classes = [
        Class(str(i + 1), p["arrival_rates"][i], work, patience(unit, p["patience_rates"][i])) for i in (0, 1)
    ]
    streams, queues, _ = by_priority(unit, classes, 0, None)
    for name in ("1", "2"):
        queues[name] |= {"priority": 0}
    queues["1"]["prefers"] = ["pool 1", "pool 2"]
    order = ["1", "2"] if "takes class 1 first" in p["routing"] else ["2", "1"]
    groups = {
        f"pool {i + 1}": {"skills": order if i else ["1"], "agents": p["pool_sizes"][i], "speed": speed}
        for i, speed in enumerate(p["service_rate_pool"])
    }
    wanted = ("prob_wait", "mean_queue", "mean_wait", "prob_abandon")
    formulas = each({name: IMPATIENT[name] for name in wanted}, classes)
    for i in (1, 2):
        formulas |= ratios({f"occupancy_pool{i}": SERVICE["occupancy"]}, f"pool {i}")
    forgets = 2.0 * LOW_WAITS / min(p["patience_rates"])
    return Parts(streams, queues, groups, sum(p["arrival_rates"]), forgets, formulas)


def overflow_loss(p: Values, unit: Unit) -> Parts:
    """Two classes, each with a pool of its own, and a third pool for whom their own cannot take."""
    rates, sizes, work = p["arrival_rates"], p["pool_sizes"], unit.exponential(p["service_rate"])
    streams = {f"calls {i}": stream(unit, f"class {i}", rates[i - 1], work) for i in (1, 2)}
    queues = {f"class {i}": queue(unit, capacity=0, prefers=[f"pool {i}", "shared"]) for i in (1, 2)}
    groups: Spec = {f"pool {i}": {"skills": [f"class {i}"], "agents": sizes[i - 1]} for i in (1, 2)}
    groups["shared"] = {"skills": [["class 1", "class 2"]], "agents": sizes[2]}
    formulas = ratios({"busy_overflow": "working / horizon"}, "shared")
    for i in (1, 2):
        formulas |= ratios({f"loss_{i}": "blocked / offered"}, f"class {i}")
        formulas |= ratios({f"busy_pool{i}": "working / horizon"}, f"pool {i}")
    return Parts(streams, queues, groups, sum(rates), 3.0, formulas)


def pooling(p: Values, unit: Unit) -> Parts:
    """Two groups apart, and both loads with all agents together, in one scenario."""
    loads, agents = [*p["loads"], sum(p["loads"])], [*p["agents"], sum(p["agents"])]
    work = unit.exponential(p["service_rate"])
    streams = {f"calls {i}": stream(unit, f"line {i}", loads[i], work) for i in range(3)}
    queues: Spec = {f"line {i}": {} for i in range(3)}
    groups = {f"team {i}": {"skills": [f"line {i}"], "agents": agents[i]} for i in range(3)}
    formulas: Formulas = {}
    for i, end in enumerate(("separate[0]", "separate[1]", "pooled")):
        formulas |= ratios(
            {f"{name}_{end}": SERVICE[name] for name in ("mean_wait", "prob_wait")}, f"line {i}"
        )
    forgets = max(relaxation(load, p["service_rate"], n) for load, n in zip(loads, agents, strict=True))
    return Parts(streams, queues, groups, sum(loads), forgets, formulas)


def blending(p: Values, unit: Unit) -> Parts:
    """Calls first, and mail for whoever is free: it comes faster than it can be done, so never runs out."""
    rate, service, n = p["arrival_rate_voice"], p["service_rate"], p["agents"]
    work, mails = unit.exponential(service), 1.2 * (n * service - rate)
    streams = {"calls": stream(unit, "voice", rate, work), "mails": stream(unit, "mail", mails, work)}
    queues = {"voice": queue(unit, priority=1), "mail": queue(unit, channel="email")}
    groups = {"team": {"skills": ["voice", "mail"], "agents": n}}
    voice = {"prob_wait_voice": SERVICE["prob_wait"], "mean_wait_voice": SERVICE["mean_wait"]}
    formulas = ratios(voice, "voice") | ratios({"occupancy": SERVICE["occupancy"]})
    forgets = 10.0 * relaxation(rate, service, n)  # until there is a stock of mail
    return Parts(streams, queues, groups, rate + mails, forgets, formulas)
