"""Stationary cases: how a queueing model is said in the scenario language.

Each `Kind` turns the parameters of a case into `Parts`: streams, queues and groups with their times
in the case's unit, the formulas of its outputs, and how slowly the system forgets how it started.
`setup` then stretches the unit so that the contacts asked for fill a few days.
"""

from collections.abc import Callable, Mapping
from math import ceil, pi, sqrt
from typing import Any, Final, NamedTuple
from zlib import crc32

import scenarios

from .figures import Figure, Setup

Values = Mapping[str, Any]  # parameters or outputs of a case
Spec = dict[str, Any]  # a part of a scenario as a file would have it
Formulas = dict[str, str | tuple[str, str]]  # output -> formula, or formula and the name it is for

REPLICATIONS: Final = (20, 50)  # at least, at most
MEASURED: Final = 25  # relaxation times that a replication covers at least
WARM_UP: Final = 12  # relaxation times: what is left of the start is e**-12
CONTACTS_A_DAY: Final = 30_000
START: Final = "2026-01-05"  # a Monday

IN_LINE: Final = "answered + abandoned"
SERVICE: Final = {
    "prob_wait": f"delayed / {IN_LINE}",
    "mean_wait": f"wait_answered + wait_abandoned / {IN_LINE}",
    "mean_queue": "waiting / horizon",
    "occupancy": "working / idle + working",
}
IMPATIENT: Final = {
    **SERVICE,
    "prob_abandon": "abandoned / offered",
    "mean_wait_served": "wait_answered / answered",
    "mean_wait_abandoned": "wait_abandoned / abandoned",
    "prob_served_within_T": "answered_within / offered",
    "prob_abandon_within_T": "abandoned_within / offered",
    "sl_served_excl_short_abandons": "answered_within / offered - abandoned_within",
}
PROBED: Final[Formulas] = {
    "prob_virtual_wait_le_T": ("answered_within / answered", "probe"),
    "mean_offered_wait": ("wait_answered / answered", "probe"),
}


class Unit(NamedTuple):
    """The case's unit of time in seconds; writes times and rates of the case with real units."""

    seconds: float = 1.0

    def time(self, units: float) -> str:
        return f"{units * self.seconds:.9f} s"

    def rate(self, per_unit: float) -> str:
        return f"{per_unit * 3600.0 / self.seconds:.9f} per hour"

    def exponential(self, rate: float) -> Spec:
        return {"exponential": self.time(1.0 / rate)}


class Parts(NamedTuple):
    """A model in the scenario language, and what is read off it."""

    streams: Spec
    queues: Spec
    groups: Spec
    rate: float  # contacts per unit
    relaxation: float  # units
    formulas: Formulas
    expected: Values = {}  # outputs, where they are not those of the case
    legs: bool = False


Kind = Callable[[Values, Unit], Parts]


def stream(unit: Unit, queue: str, rate: float, handle_time: Spec) -> Spec:
    return {"queue": queue, "arrivals": {"rate": unit.rate(rate)}, "handle_time": handle_time}


def queue(unit: Unit, threshold: float | None = None, **more: Any) -> Spec:
    """A queue; those of its settings that are None are left out."""
    given = {name: value for name, value in more.items() if value is not None}
    if threshold is None:
        return given
    return given | {"target": f"80% in {unit.time(threshold)}", "service_level": "offered"}


def patience(unit: Unit, rate: float | None) -> Spec | None:
    return unit.exponential(rate) if rate else None


def relaxation(rate: float, service_rate: float, servers: int, scv: float = 1.0) -> float:
    """Relaxation time of M/G/c: that of M/M/c in heavy traffic (Cohen 1982), stretched by variation."""
    load = rate / (service_rate * servers)
    heavy = 1.0 / (servers * service_rate * (1.0 - sqrt(load)) ** 2)
    return max(1.0 / service_rate, 0.5 * (1.0 + scv) * heavy)


def single(unit: Unit, rate: float, handle_time: Spec, agents: int, line: Spec) -> tuple[Spec, Spec, Spec]:
    """One stream, one queue, one group."""
    calls = {"calls": stream(unit, "line", rate, handle_time)}
    return calls, {"line": line}, {"team": {"skills": ["line"], "agents": agents}}


def erlang_b(servers: str = "servers", blocking: str = "blocking", fewer: int = 0) -> Kind:
    """Nobody may wait."""

    def kind(p: Values, unit: Unit, n: int) -> Parts:
        load = p["offered_load_erlangs"]
        parts = single(unit, load, unit.exponential(1.0), n, queue(unit, capacity=0))
        formulas: Formulas = {
            blocking: "blocked / offered",
            "carried_load": "working / horizon",
            "occupancy": "working / idle + working",
        }
        return Parts(*parts, load, 1.0, formulas)

    return lambda p, unit: kind(p, unit, p[servers] - fewer)


def erlang_c(p: Values, unit: Unit) -> Parts:
    return _erlang_c(p, unit, p["agents"], p["threshold_s"], "service_level")


def erlang_c_quantile(p: Values, unit: Unit) -> Parts:
    """The 90 % quantile of the wait as a threshold: 90 % must be answered within it (more, if it is 0)."""
    parts = _erlang_c(p, unit, p["agents"], p["wait_quantile_90_s"], "wait_quantile_90_s")
    only = {"wait_quantile_90_s": parts.formulas["wait_quantile_90_s"]}
    return parts._replace(formulas=only, expected={"wait_quantile_90_s": max(0.9, 1.0 - p["prob_wait"])})


def erlang_c_inverse(fewer: int) -> Kind:
    """The number of agents found, and one fewer."""
    name = "service_level_one_fewer" if fewer else "service_level"

    def kind(p: Values, unit: Unit) -> Parts:
        parts = _erlang_c(p, unit, p["agents"] - fewer, p["threshold_s"], name)
        return parts._replace(formulas={name: parts.formulas[name]}) if fewer else parts

    return kind


def _erlang_c(p: Values, unit: Unit, agents: int, threshold: float, level: str) -> Parts:
    rate, service = p["calls"] / p["interval_s"], 1.0 / p["aht_s"]
    parts = single(unit, rate, unit.exponential(service), agents, queue(unit, threshold))
    formulas: Formulas = {
        "prob_wait": SERVICE["prob_wait"],
        "asa_s": "wait_answered / answered",
        "mean_wait_delayed_s": "wait_answered / delayed",
        "mean_queue": SERVICE["mean_queue"],
        "occupancy": SERVICE["occupancy"],
        "offered_load_erlangs": "working / horizon",
        level: "answered_within / answered",
    }
    return Parts(*parts, rate, relaxation(rate, service, agents), formulas)


def probed(parts: Parts, unit: Unit, threshold: float) -> Parts:
    """Add contacts of endless patience and next to no work: their wait is the virtual wait.

    They wait in the same order as the others, in a queue of their own, and 1 µs of an agent's time is
    all that they take.
    """
    rate = 0.1 * parts.rate
    probe = stream(unit, "probe", rate, {"deterministic": "0.000001 s"})
    group = {**parts.groups["team"], "skills": [["line", "probe"]], "takes": "longest_wait"}
    formulas = {name: f if isinstance(f, tuple) else (f, "line") for name, f in parts.formulas.items()}
    formulas["occupancy"] = SERVICE["occupancy"]
    return parts._replace(
        streams=parts.streams | {"probes": probe},
        queues=parts.queues | {"probe": queue(unit, threshold)},
        groups={"team": group},
        formulas=formulas | PROBED,
        rate=parts.rate + rate,
    )


def erlang_a(p: Values, unit: Unit) -> Parts:
    line = queue(unit, p["threshold"], patience=patience(unit, p["patience_rate"]))
    parts = single(unit, p["arrival_rate"], unit.exponential(p["service_rate"]), p["agents"], line)
    forgets = 2.0 * max(1.0 / p["service_rate"], 1.0 / p["patience_rate"])
    return probed(Parts(*parts, p["arrival_rate"], forgets, dict(IMPATIENT)), unit, p["threshold"])


def general_patience(p: Values, unit: Unit) -> Parts:
    """M/M/n+G: patience by name."""
    line = queue(unit, p["threshold"], patience=_patience(p["patience"], unit))
    parts = single(unit, p["arrival_rate"], unit.exponential(p["service_rate"]), p["agents"], line)
    return probed(Parts(*parts, p["arrival_rate"], 3.0, dict(IMPATIENT)), unit, p["threshold"])


def _patience(dist: Values, unit: Unit) -> Spec:
    kind = dist["kind"].split()[0]
    mean = unit.time(dist.get("mean", 1.0))
    if kind == "deterministic":
        return {"deterministic": unit.time(dist["value"])}
    if kind == "erlang":
        return {"erlang": {"mean": mean, "k": dist["shape"]}}
    if kind == "hyperexp2":
        return {"hyperexponential": {"mean": mean, "cv": sqrt(dist["scv"])}}
    if kind == "uniform":
        return {"empirical": {"0%": unit.time(dist["low"]), "100%": unit.time(dist["high"])}}
    if kind == "weibull":
        return {"weibull": {"scale": unit.time(dist["scale"]), "shape": dist["shape"]}}
    return {"exponential": unit.time(1.0), "balk": "10%"}


def finite_line(p: Values, unit: Unit) -> Parts:
    """M/M/c/K: K - c waiting places."""
    rate, service, n = p["arrival_rate"], p["service_rate"], p["servers"]
    line = queue(unit, p["threshold"], capacity=p["capacity_total"] - n)
    formulas: Formulas = {
        "prob_block": "blocked / offered",
        "prob_wait_admitted": SERVICE["prob_wait"],
        "mean_queue": SERVICE["mean_queue"],
        "mean_wait_admitted": SERVICE["mean_wait"],
        "occupancy": SERVICE["occupancy"],
        "prob_wait_gt_T_admitted": "answered - answered_within / answered",
    }
    if n == 1:
        formulas["prob_empty"] = "idle / horizon"
    gap = (1.0 - sqrt(rate / (n * service))) ** 2 + (pi / (p["capacity_total"] - n + 1)) ** 2
    forgets = max(1.0, 1.0 / (n * gap)) / service
    return Parts(*single(unit, rate, unit.exponential(service), n, line), rate, forgets, formulas)


def finite_line_impatient(p: Values, unit: Unit) -> Parts:
    """M/M/n/K+M; measures are over admitted calls, except for blocking."""
    n = p["agents"]
    line = queue(
        unit,
        p["threshold"],
        capacity=p["capacity_total"] - n,
        patience=patience(unit, p["patience_rate"]),
    )
    parts = single(unit, p["arrival_rate"], unit.exponential(p["service_rate"]), n, line)
    admitted = {
        "prob_abandon": f"abandoned / {IN_LINE}",
        "prob_served_within_T": f"answered_within / {IN_LINE}",
        "prob_block": "blocked / offered",
    }
    forgets = 2.0 * max(1.0 / p["service_rate"], 1.0 / p["patience_rate"])
    return Parts(*parts, p["arrival_rate"], forgets, {**IMPATIENT, **admitted})


def general_service(handle_time: Callable[[Values, Unit], Spec]) -> Kind:
    """M/G/c with the threshold of the case."""

    def kind(p: Values, unit: Unit) -> Parts:
        rate, n = p["arrival_rate"], p.get("servers", 1)
        mean, scv = p["mean_service"], p["service_scv"]
        parts = single(unit, rate, handle_time(p, unit), n, queue(unit, p.get("threshold")))
        formulas: Formulas = {**SERVICE, "prob_wait_gt_T": "answered - answered_within / answered"}
        if n == 1:
            formulas["prob_empty"] = "idle / horizon"
        return Parts(*parts, rate, relaxation(rate, 1.0 / mean, n, scv), formulas)

    return kind


def erlang_k(p: Values, unit: Unit) -> Spec:
    return {"erlang": {"mean": unit.time(p["mean_service"]), "k": round(1.0 / p["service_scv"])}}


def hyperexponential(p: Values, unit: Unit) -> Spec:
    return {"hyperexponential": {"mean": unit.time(p["mean_service"]), "cv": sqrt(p["service_scv"])}}


def by_moments(p: Values, unit: Unit) -> Spec:
    """Some distribution with this mean and variance: M/G/1 asks for no more."""
    mean, scv = unit.time(p["mean_service"]), p["service_scv"]
    if scv == 0.0:
        return {"deterministic": mean}
    return {"lognormal" if scv > 1 else "gamma": {"mean": mean, "cv": sqrt(scv)}}


def deterministic(threshold: str) -> Kind:
    """M/D/c; `threshold` as in the name of the output, "0_5"."""

    def kind(p: Values, unit: Unit) -> Parts:
        rate, n = p["arrival_rate"], p["servers"]
        line = queue(unit, float(threshold.replace("_", ".")))
        parts = single(unit, rate, {"deterministic": unit.time(p["service_time"])}, n, line)
        beyond = {f"prob_wait_gt_{threshold}": "answered - answered_within / answered"}
        formulas: Formulas = {**SERVICE, **beyond} if threshold == "0_5" else {**beyond}
        return Parts(*parts, rate, relaxation(rate, 1.0, n), formulas)

    return kind


class Class(NamedTuple):
    """A class of customers with a name that its outputs end in."""

    name: str
    rate: float
    handle_time: Spec
    patience: Spec | None = None


def by_priority(unit: Unit, classes: list[Class], agents: int, threshold: float | None) -> tuple[Spec, Spec, Spec]:
    """Classes served by one group, the first of the list first."""
    streams = {f"{c.name} calls": stream(unit, c.name, c.rate, c.handle_time) for c in classes}
    queues = {
        c.name: queue(unit, threshold, patience=c.patience, priority=-i) for i, c in enumerate(classes)
    }
    return streams, queues, {"team": {"skills": [c.name for c in classes], "agents": agents}}


def _each(formulas: Mapping[str, str], classes: list[Class]) -> Formulas:
    """The same formulas for every class: `mean_wait` becomes `mean_wait_high` of queue `high`."""
    return {f"{name}_{c.name}": (formula, c.name) for name, formula in formulas.items() for c in classes}


LOW_WAITS: Final = 1.5  # how much longer the lowest class remembers


def two_classes(p: Values, unit: Unit) -> Parts:
    """M/M/c, non-preemptive priority."""
    service, n = p["service_rate"], p["servers"]
    rates = {name: p[f"arrival_rate_{name}"] for name in ("high", "low")}
    classes = [Class(name, rate, unit.exponential(service)) for name, rate in rates.items()]
    beyond = "answered - answered_within / answered"
    formulas = _each({"mean_wait": SERVICE["mean_wait"], "mean_queue": SERVICE["mean_queue"]}, classes)
    formulas |= {f"prob_wait_{c.name}_gt_T": (beyond, c.name) for c in classes}
    formulas["prob_wait"] = SERVICE["prob_wait"]
    total = sum(rates.values())
    forgets = LOW_WAITS * relaxation(total, service, n)
    return Parts(*by_priority(unit, classes, n, p["threshold"]), total, forgets, formulas)


def three_classes(p: Values, unit: Unit) -> Parts:
    service, n, rates = p["service_rate"], p["servers"], p["arrival_rates"]
    classes = [Class(f"class {i}", rate, unit.exponential(service)) for i, rate in enumerate(rates)]
    formulas: Formulas = {f"mean_waits[{i}]": (SERVICE["mean_wait"], c.name) for i, c in enumerate(classes)}
    formulas |= {"prob_wait": SERVICE["prob_wait"], "total_mean_queue": SERVICE["mean_queue"]}
    forgets = LOW_WAITS * relaxation(sum(rates), service, n)
    return Parts(*by_priority(unit, classes, n, None), sum(rates), forgets, formulas)


def priority_mg1(p: Values, unit: Unit) -> Parts:
    """M/G/1 with priorities: mean waits depend on two moments only."""
    rates = p["arrival_rates"]
    classes, load = [], 0.0
    for i, (rate, mean, second) in enumerate(zip(rates, p["mean_service"], p["second_moments"], strict=True)):
        moments = {"mean_service": mean, "service_scv": second / mean**2 - 1.0}
        classes.append(Class(f"class {i}", rate, by_moments(moments, unit)))
        load += rate * mean
    formulas: Formulas = {f"mean_waits[{i}]": (SERVICE["mean_wait"], c.name) for i, c in enumerate(classes)}
    forgets = LOW_WAITS * max(p["mean_service"]) * relaxation(load, 1.0, 1)
    return Parts(*by_priority(unit, classes, 1, None), sum(rates), forgets, formulas)


def two_impatient_classes(p: Values, unit: Unit) -> Parts:
    service = unit.exponential(p["service_rate"])
    classes = [
        Class(name, p[f"arrival_rate_{name}"], service, patience(unit, p[f"patience_rate_{name}"]))
        for name in ("high", "low")
    ]
    wanted = ("mean_queue", "mean_wait", "prob_abandon", "prob_served_within_T")
    formulas = _each({name: IMPATIENT[name] for name in wanted}, classes)
    formulas |= {name: SERVICE[name] for name in ("prob_wait", "occupancy")}
    total = sum(c.rate for c in classes)
    forgets = 2.0 * LOW_WAITS / min(p["patience_rate_high"], p["patience_rate_low"])
    return Parts(*by_priority(unit, classes, p["agents"], p["threshold"]), total, forgets, formulas)


def n_model(p: Values, unit: Unit) -> Parts:
    """Class 1 goes to pool 1, then pool 2; class 2 to pool 2 only. Service rates are the pools'."""
    rates, sizes = p["arrival_rates"], p["pool_sizes"]
    work = unit.exponential(1.0)
    streams = {f"calls {i + 1}": stream(unit, f"class {i + 1}", rates[i], work) for i in (0, 1)}
    queues = {
        f"class {i + 1}": queue(unit, patience=patience(unit, p["patience_rates"][i])) for i in (0, 1)
    }
    queues["class 1"]["prefers"] = ["pool 1", "pool 2"]
    order = ["class 1", "class 2"] if "takes class 1 first" in p["routing"] else ["class 2", "class 1"]
    groups = {
        f"pool {i + 1}": {"skills": order if i else ["class 1"], "agents": sizes[i], "speed": speed}
        for i, speed in enumerate(p["service_rate_pool"])
    }
    wanted = ("prob_wait", "mean_queue", "mean_wait", "prob_abandon")
    formulas: Formulas = {f"{name}_{i}": (IMPATIENT[name], f"class {i}") for name in wanted for i in (1, 2)}
    formulas |= {f"occupancy_pool{i}": (SERVICE["occupancy"], f"pool {i}") for i in (1, 2)}
    forgets = 2.0 * LOW_WAITS / min(p["patience_rates"])
    return Parts(streams, queues, groups, sum(rates), forgets, formulas)


def overflow_loss(p: Values, unit: Unit) -> Parts:
    """Two classes, each with a pool of its own, and a third pool for whom their own cannot take."""
    rates, sizes, work = p["arrival_rates"], p["pool_sizes"], unit.exponential(p["service_rate"])
    streams = {f"calls {i + 1}": stream(unit, f"class {i + 1}", rates[i], work) for i in (0, 1)}
    queues = {
        f"class {i}": queue(unit, capacity=0, prefers=[f"pool {i}", "shared"]) for i in (1, 2)
    }
    groups: Spec = {f"pool {i}": {"skills": [f"class {i}"], "agents": sizes[i - 1]} for i in (1, 2)}
    groups["shared"] = {"skills": [["class 1", "class 2"]], "agents": sizes[2]}
    formulas: Formulas = {f"loss_{i}": ("blocked / offered", f"class {i}") for i in (1, 2)}
    formulas |= {f"busy_pool{i}": ("working / horizon", f"pool {i}") for i in (1, 2)}
    formulas["busy_overflow"] = ("working / horizon", "shared")
    return Parts(streams, queues, groups, sum(rates), 3.0, formulas)


def pooling(p: Values, unit: Unit) -> Parts:
    """Two groups apart, and both loads with all agents together, in one scenario."""
    loads, agents = [*p["loads"], sum(p["loads"])], [*p["agents"], sum(p["agents"])]
    work = unit.exponential(p["service_rate"])
    streams = {f"calls {i}": stream(unit, f"line {i}", loads[i], work) for i in range(3)}
    queues: Spec = {f"line {i}": {} for i in range(3)}
    groups = {f"team {i}": {"skills": [f"line {i}"], "agents": agents[i]} for i in range(3)}
    formulas: Formulas = {}
    for name in ("mean_wait", "prob_wait"):
        formulas |= {f"{name}_separate[{i}]": (SERVICE[name], f"line {i}") for i in (0, 1)}
        formulas[f"{name}_pooled"] = (SERVICE[name], "line 2")
    forgets = max(relaxation(load, p["service_rate"], n) for load, n in zip(loads, agents, strict=True))
    return Parts(streams, queues, groups, sum(loads), forgets, formulas)


def retrial(p: Values, unit: Unit) -> Parts:
    """Who finds all servers busy tries again later, always or with the probability `persistence`."""
    rate, service, n = p["arrival_rate"], p["service_rate"], p["servers"]
    share = p.get("persistence", 1.0)
    again = {"share": share, "after": unit.exponential(p["retrial_rate"]), "of": ["blocked"]}
    parts = single(unit, rate, unit.exponential(service), n, queue(unit, capacity=0, retry=again))
    formulas: Formulas = {
        "mean_busy": "working / horizon",
        "mean_orbit": "orbit / horizon",
        "prob_all_busy": "fresh_blocked / fresh",
        "prob_block_fresh": "fresh_blocked / fresh",
        "prob_block_retry": "again_blocked / again",
        "mean_time_in_orbit": "orbit / fresh",
        "mean_retrials_per_call": "retried / offered - retried",
        "prob_never_served": "blocked - retried / fresh",
        "retry_rate": "again / horizon",
    }
    spare = max(1.0 - rate / (service * n), 1.0 - share)
    forgets = 2.0 / (p["retrial_rate"] * spare) + 2.0 / service
    if share == 1.0:
        forgets += relaxation(rate, service, n)
    return Parts(*parts, rate + p["retrial_rate"] * p["mean_orbit"], forgets, formulas, legs=True)


def redial(p: Values, unit: Unit) -> Parts:
    """Erlang A, and who has given up tries again with some probability."""
    again = {
        "share": p["redial_prob"],
        "after": unit.exponential(p["redial_rate"]),
        "of": ["abandoned"],
    }
    line = queue(unit, patience=patience(unit, p["patience_rate"]), retry=again)
    parts = single(unit, p["arrival_rate"], unit.exponential(p["service_rate"]), p["agents"], line)
    formulas: Formulas = {
        "mean_queue": SERVICE["mean_queue"],
        "mean_orbit": "orbit / horizon",
        "busy_agents": "working / horizon",
        "total_attempt_rate": "offered / horizon",
        "prob_all_busy": "fresh_delayed / fresh",
        "prob_wait_redial_attempt": "again_delayed / again",
        "prob_abandon_per_attempt": "abandoned / offered",
        "prob_lost_per_fresh_call": "abandoned - retried / fresh",
        "mean_wait_per_attempt": SERVICE["mean_wait"],
    }
    forgets = 2.0 / p["redial_rate"] + 2.0 / p["patience_rate"] + 2.0 / p["service_rate"]
    return Parts(*parts, p["arrival_rate"], forgets, formulas, legs=True)


def chat(p: Values, unit: Unit) -> Parts:
    """Agents with several chats at once; each chat is slowed down by its neighbours."""
    rates, n = p["per_chat_rate_by_concurrency"], p["agents"]
    line = queue(unit, channel="chat", patience=patience(unit, p["patience_rate"]))
    parts = single(unit, p["arrival_rate"], unit.exponential(rates[0]), n, line)
    parts[2]["team"]["concurrency"] = {
        "chats": len(rates),
        "slowdown": [rates[0] / rate for rate in rates],
        "route": p["routing"].split("-")[0] + "_loaded",
    }
    formulas: Formulas = {
        **{name: IMPATIENT[name] for name in ("prob_wait", "mean_queue", "mean_wait", "prob_abandon")},
        "mean_chats_in_service": "chats / horizon",
        "mean_active_agents": "sharing / horizon",
        "mean_concurrency_when_active": "chats / sharing",
        "throughput": "answered / horizon",
        "mean_chat_duration": "handled / answered",
        "agent_utilisation": "sharing / idle + sharing",
        "slot_utilisation": f"chats / {len(rates)}*idle + {len(rates)}*sharing",
    }
    forgets = 2.0 / rates[-1] + 1.0 / p["patience_rate"]
    return Parts(*parts, p["arrival_rate"], forgets, formulas)


def blending(p: Values, unit: Unit) -> Parts:
    """Calls first, mail without end beside them; a share of the mail comes fast enough to never run out."""
    rate, service, n = p["arrival_rate_voice"], p["service_rate"], p["agents"]
    work = unit.exponential(service)
    mails = 1.2 * (n * service - rate)
    streams = {"calls": stream(unit, "voice", rate, work), "mails": stream(unit, "mail", mails, work)}
    queues = {"voice": queue(unit, priority=1), "mail": queue(unit, channel="email")}
    groups = {"team": {"skills": ["voice", "mail"], "agents": n}}
    formulas: Formulas = {
        "prob_wait_voice": (SERVICE["prob_wait"], "voice"),
        "mean_wait_voice": (SERVICE["mean_wait"], "voice"),
        "occupancy": SERVICE["occupancy"],
    }
    forgets = 10.0 * relaxation(rate, service, n)  # until there is a stock of mail
    return Parts(streams, queues, groups, rate + mails, forgets, formulas)


KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "Erlang B (M/M/n/n)": (erlang_b(),),
    "Erlang B inverse": (erlang_b(), erlang_b(blocking="blocking_one_fewer", fewer=1)),
    "Erlang C (M/M/n)": (erlang_c, erlang_c_quantile),
    "Erlang C inverse": (erlang_c_inverse(0), erlang_c_inverse(1)),
    "Erlang A (M/M/n+M)": (erlang_a,),
    "M/M/n+G": (general_patience,),
    "M/M/c/K": (finite_line,),
    "M/M/n/K+M (Erlang A, finite lines)": (finite_line_impatient,),
    "M/D/c": tuple(deterministic(threshold) for threshold in ("0_5", "0_2", "1_5")),
    "M/E2/c": (general_service(erlang_k),),
    "M/E4/c": (general_service(erlang_k),),
    "M/H2/c": (general_service(hyperexponential),),
    "M/G/1": (general_service(by_moments),),
    "M/M/c two classes, non-preemptive priority, equal service rate": (two_classes,),
    "M/M/c three classes, non-preemptive priority, equal service rate": (three_classes,),
    "M/G/1 non-preemptive priority": (priority_mg1,),
    "M/M/n+M two classes, non-preemptive priority": (two_impatient_classes,),
    "N-model, static priority, exponential patience": (n_model,),
    "Two dedicated pools with shared overflow pool, loss": (overflow_loss,),
    "Pooling of two Erlang C groups": (pooling,),
    "M/M/c retrial (classical, infinite persistence)": (retrial,),
    "M/M/c/c retrial with non-persistent callers": (retrial,),
    "Erlang A with redial after abandonment": (redial,),
    "Chat concurrency CTMC with exponential patience": (chat,),
    "Voice/e-mail blending, threshold policy, unlimited e-mail, equal service rate": (blending,),
}


def setup(name: str, kind: Kind, params: Values, outputs: Values, contacts: int) -> Setup:
    """Say a case in the scenario language, long enough for so many contacts."""
    values = {**params, **outputs}
    parts = kind(values, Unit())
    a_relaxation = parts.rate * parts.relaxation
    total = max(float(contacts), REPLICATIONS[0] * MEASURED * a_relaxation)
    replications = min(max(int(total / (MEASURED * a_relaxation)), REPLICATIONS[0]), REPLICATIONS[1])
    measured = total / replications / parts.rate
    horizon = measured + WARM_UP * parts.relaxation
    days = ceil(horizon * parts.rate / CONTACTS_A_DAY)
    unit = Unit(days * 86_400 / horizon)
    warm_up = ceil(WARM_UP * parts.relaxation * unit.seconds / 3600.0)
    return Setup(
        scenarios.from_dict(as_file(name, kind(values, unit), days, f"{warm_up} h")),
        replications,
        crc32(name.encode()),
        unit.seconds,
        tuple(_figures(parts, outputs)),
        legs=parts.legs,
    )


def as_file(name: str, parts: Parts, days: int, warm_up: str) -> Spec:
    """A scenario as its file would have it."""
    return {
        "careloop": 1,
        "name": name,
        "calendar": {"start": START, "days": days, "interval": "60 min"},
        "streams": parts.streams,
        "queues": parts.queues,
        "groups": parts.groups,
        "run": {"warm_up": warm_up},
    }


def _figures(parts: Parts, outputs: Values) -> list[Figure]:
    """The outputs of the case that have a formula."""
    expected = {**outputs, **{f"{k}[{i}]": v for k, vs in outputs.items() if isinstance(vs, list) for i, v in enumerate(vs)}}
    expected |= parts.expected
    out = []
    for name, formula in parts.formulas.items():
        if name in expected:
            text, of = formula if isinstance(formula, tuple) else (formula, "all")
            out.append(Figure(name, float(expected[name]), text, of))
    return out
