"""Cases of our own, with outputs from formulas short enough to be checked by eye.

They cover rules that the other cases do not reach: work that is interrupted, overflow after a
time, agents in a fixed order.
"""

from typing import Any, Final

from .language import SERVICE, Formulas, Kind, Parts, Unit, Values, queue, ratios, relaxation, single
from .several_lines import LOW_WAITS, Class, by_priority
from .single_line import by_moments, general_patience

INTERRUPTED_1: Final = "M/G/1 preemptive-resume priority"
INTERRUPTED_C: Final = "M/M/c preemptive-resume priority, equal service rate"
HUNT: Final = "M/M/n/n, agents in a fixed order"


def erlang_b(load: float, servers: int) -> float:
    """Blocking of M/M/n/n, by the recursion."""
    blocking = 1.0
    for n in range(1, servers + 1):
        blocking = load * blocking / (n + load * blocking)
    return blocking


def erlang_c(load: float, servers: int) -> float:
    """Probability of waiting of M/M/n."""
    blocking = erlang_b(load, servers)
    return blocking / (1.0 - load / servers * (1.0 - blocking))


def preemptive_mg1(rates: list[float], means: list[float], scvs: list[float]) -> dict[str, Any]:
    """Waits until first served, and mean numbers waiting (first or again), of two classes.

    Who arrives with work W ahead starts after W stretched by the urgent who come meanwhile; its own
    work is stretched too, and that is spent waiting again (Kleinrock 1976, vol. 2, section 3.4).
    """
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    moments = [rate * mean**2 * (1.0 + scv) for rate, mean, scv in zip(rates, means, scvs, strict=True)]
    urgent = moments[0] / 2.0 / (1.0 - loads[0])
    first = sum(moments) / 2.0 / (1.0 - sum(loads)) / (1.0 - loads[0])
    again = means[1] * loads[0] / (1.0 - loads[0])
    queues = [rates[0] * urgent, rates[1] * (first + again)]
    return {"mean_waits": [urgent, first], "mean_queues": queues, "occupancy": sum(loads)}


def preemptive_mmc(rates: list[float], servers: int) -> dict[str, Any]:
    """The urgent see M/M/c without the others; together they are M/M/c, whoever works when."""
    urgent, both = rates[0], sum(rates)
    wait = erlang_c(urgent, servers)
    return {
        "prob_wait_urgent": wait,
        "mean_wait_urgent": wait / (servers - urgent),
        "total_mean_queue": erlang_c(both, servers) * both / (servers - both),
        "prob_wait_other": erlang_c(both, servers),
        "occupancy": both / servers,
    }


def interrupted_mg1(p: Values, unit: Unit) -> Parts:
    """Two classes; the first interrupts the second, which goes on later where it stopped."""
    rows = zip(p["rates"], p["means"], p["scvs"], strict=True)
    classes = [
        Class(str(i), rate, by_moments({"mean_service": mean, "service_scv": scv}, unit))
        for i, (rate, mean, scv) in enumerate(rows)
    ]
    streams, queues, groups = by_priority(unit, classes, 1, None)
    queues["1"] |= {"interruptible": True, "channel": "email"}
    formulas = ratios({"occupancy": SERVICE["occupancy"]})
    for i in (0, 1):
        formulas |= ratios({f"mean_waits[{i}]": SERVICE["mean_wait"]}, str(i))
        formulas |= ratios({f"mean_queues[{i}]": SERVICE["mean_queue"]}, str(i))
    scv = max(p["scvs"])
    forgets = LOW_WAITS * max(p["means"]) * relaxation(p["occupancy"], 1.0, 1, scv)
    return Parts(streams, queues, groups, sum(p["rates"]), forgets, formulas)


def interrupted_mmc(p: Values, unit: Unit) -> Parts:
    """The same with more agents and exponential work."""
    classes = [
        Class(name, rate, unit.exponential(1.0))
        for name, rate in zip(("urgent", "other"), p["rates"], strict=True)
    ]
    streams, queues, groups = by_priority(unit, classes, p["servers"], None)
    queues["other"] |= {"interruptible": True}
    formulas = ratios({"total_mean_queue": SERVICE["mean_queue"], "occupancy": SERVICE["occupancy"]})
    formulas |= ratios({f"{name}_urgent": SERVICE[name] for name in ("prob_wait", "mean_wait")}, "urgent")
    formulas |= ratios({"prob_wait_other": SERVICE["prob_wait"]}, "other")
    total = sum(p["rates"])
    forgets = LOW_WAITS * relaxation(total, 1.0, p["servers"])
    return Parts(streams, queues, groups, total, forgets, formulas)


def passed_on(p: Values, unit: Unit) -> Parts:
    """M/M/n+D, where patience that ends is an overflow to a team so large that nobody waits there."""
    rate, after = p["arrival_rate"], p["patience"].get("value")
    if after is None:  # of another patience, there is nothing to see here
        return general_patience(p, unit)._replace(formulas={})
    line = queue(unit, p["threshold"], overflow={"to": "backup", "after": unit.time(after)})
    streams, queues, groups = single(unit, rate, unit.exponential(p["service_rate"]), p["agents"], line)
    queues["backup"] = {}
    groups["spare"] = {"skills": ["backup"], "agents": 40 + 2 * p["agents"]}
    line_only = {
        "prob_abandon": "overflowed / offered",
        "prob_wait": "delayed + overflowed / offered",
        "mean_queue": SERVICE["mean_queue"],
        "mean_wait_served": "wait_answered / answered",
        "prob_served_within_T": "answered_within / offered",
    }
    formulas = ratios(line_only, "line") | ratios({"occupancy": SERVICE["occupancy"]}, "team")
    renamed = {f"overflow {output}": formula for output, formula in formulas.items()}
    expected = {f"overflow {output}": p[output] for output in formulas}
    return Parts(streams, queues, groups, rate, 3.0, renamed, expected)


def hunt(p: Values, unit: Unit) -> Parts:
    """Each call goes to the first idle agent: what agent k handles is what overflows from k - 1 less k's."""
    load, n = p["offered_load_erlangs"], p["servers"]
    streams, queues, groups = single(unit, load, unit.exponential(1.0), n, queue(unit, capacity=0))
    groups["team"]["idle"] = "fixed_order"
    formulas: Formulas = ratios({f"handled_by[{k}]": f"by_{k} / offered" for k in range(n)})
    return Parts(streams, queues, groups, load, 1.0, formulas, legs=True)


def hunted(load: float, servers: int) -> dict[str, Any]:
    """Share of the calls that each agent handles."""
    lost = [erlang_b(load, n) for n in range(servers + 1)]
    return {"handled_by": [lost[n] - lost[n + 1] for n in range(servers)]}


def own_cases() -> list[dict[str, Any]]:
    """The cases, in the form of `exact_cases.json`."""
    mg1: list[dict[str, Any]] = [
        {"rates": [0.3, 0.4], "means": [1.0, 1.2], "scvs": [1.0, 0.5]},
        {"rates": [0.5, 0.1], "means": [0.8, 3.0], "scvs": [0.0, 2.0]},
    ]
    mmc: list[dict[str, Any]] = [
        {"rates": [3.0, 4.0], "servers": 9},
        {"rates": [16.0, 2.5], "servers": 20},
    ]
    return [
        *[_case(f"interrupted-mg1-{i}", INTERRUPTED_1, p, preemptive_mg1(**p)) for i, p in enumerate(mg1)],
        *[_case(f"interrupted-mmc-{i}", INTERRUPTED_C, p, preemptive_mmc(**p)) for i, p in enumerate(mmc)],
        _case("hunt-A3-n5", HUNT, {"offered_load_erlangs": 3.0, "servers": 5}, hunted(3.0, 5)),
    ]


def _case(name: str, model: str, params: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "model": model, "params": params, "outputs": outputs}


OWN_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    INTERRUPTED_1: (interrupted_mg1,),
    INTERRUPTED_C: (interrupted_mmc,),
    HUNT: (hunt,),
}
