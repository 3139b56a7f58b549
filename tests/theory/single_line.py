"""Kinds of case with one stream of customers, one line and one group of agents."""

from collections.abc import Callable
from math import pi, sqrt
from typing import Final

from .language import (
    BEYOND,
    IMPATIENT,
    IN_LINE,
    SERVICE,
    Formulas,
    Kind,
    Parts,
    Spec,
    Unit,
    Values,
    patience,
    queue,
    ratios,
    relaxation,
    single,
    stream,
)

PROBED: Final = {
    "prob_virtual_wait_le_T": "answered_within / answered",
    "mean_offered_wait": "wait_answered / answered",
}


def erlang_b(blocking: str = "blocking", fewer: int = 0) -> Kind:
    """Nobody may wait; with the servers of the case or some fewer."""

    def kind(p: Values, unit: Unit) -> Parts:
        load, servers = p["offered_load_erlangs"], p["servers"] - fewer
        formulas = {blocking: "blocked / offered"}
        if not fewer:
            formulas |= {"carried_load": "working / horizon", "occupancy": SERVICE["occupancy"]}
        parts = single(unit, load, unit.exponential(1.0), servers, queue(unit, capacity=0))
        return Parts(*parts, load, 1.0, ratios(formulas))

    return kind


def erlang_c(p: Values, unit: Unit) -> Parts:
    """M/M/n, in seconds."""
    return _erlang_c(p, unit, p["agents"], p["threshold_s"], "service_level")


def erlang_c_quantile(p: Values, unit: Unit) -> Parts:
    """The 90 % quantile of the wait as a threshold: 90 % must be answered within it (more, if it is 0)."""
    parts = _erlang_c(p, unit, p["agents"], p["wait_quantile_90_s"], "wait_quantile_90_s")
    only = {"wait_quantile_90_s": parts.formulas["wait_quantile_90_s"]}
    return parts._replace(formulas=only, expected={"wait_quantile_90_s": max(0.9, 1.0 - p["prob_wait"])})


def erlang_c_inverse(fewer: int) -> Kind:
    """The number of agents found, or one fewer."""
    name = "service_level_one_fewer" if fewer else "service_level"

    def kind(p: Values, unit: Unit) -> Parts:
        parts = _erlang_c(p, unit, p["agents"] - fewer, p["threshold_s"], name)
        return parts._replace(formulas={name: parts.formulas[name]}) if fewer else parts

    return kind


def _erlang_c(p: Values, unit: Unit, agents: int, threshold: float, level: str) -> Parts:
    rate, service = p["calls"] / p["interval_s"], 1.0 / p["aht_s"]
    parts = single(unit, rate, unit.exponential(service), agents, queue(unit, threshold))
    formulas = {
        "prob_wait": SERVICE["prob_wait"],
        "asa_s": "wait_answered / answered",
        "mean_wait_delayed_s": "wait_answered / delayed",
        "mean_queue": SERVICE["mean_queue"],
        "occupancy": SERVICE["occupancy"],
        "offered_load_erlangs": "working / horizon",
        level: "answered_within / answered",
    }
    return Parts(*parts, rate, relaxation(rate, service, agents), ratios(formulas))


def probed(p: Values, unit: Unit, line: Spec, forgets: float) -> Parts:
    """M/M/n with a patience, and contacts of endless patience and next to no work among the others.

    They wait in the same order in a queue of their own, and 1 µs of an agent's time is all that they
    take: so their wait is the virtual wait.
    """
    rate = p["arrival_rate"]
    streams, queues, groups = single(unit, rate, unit.exponential(p["service_rate"]), p["agents"], line)
    streams["probes"] = stream(unit, "probe", 0.1 * rate, {"deterministic": "0.000001 s"})
    queues["probe"] = queue(unit, p["threshold"])
    groups["team"] |= {"skills": [["line", "probe"]], "takes": "longest_wait"}
    formulas = ratios(IMPATIENT, "line") | ratios(PROBED, "probe")
    formulas |= ratios({"occupancy": SERVICE["occupancy"]})
    return Parts(streams, queues, groups, 1.1 * rate, forgets, formulas)


def erlang_a(p: Values, unit: Unit) -> Parts:
    """M/M/n+M."""
    line = queue(unit, p["threshold"], patience=patience(unit, p["patience_rate"]))
    return probed(p, unit, line, _forgets(p))


def _forgets(p: Values) -> float:
    return 2.0 / min(float(p["service_rate"]), float(p["patience_rate"]))


def general_patience(p: Values, unit: Unit) -> Parts:
    """M/M/n+G: patience by name, of mean 1 or less."""
    return probed(p, unit, queue(unit, p["threshold"], patience=_patience(p["patience"], unit)), 3.0)


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
    return {"exponential": mean, "balk": "10%"}


def finite_line(p: Values, unit: Unit) -> Parts:
    """M/M/c/K: K - c waiting places."""
    rate, service, n = p["arrival_rate"], p["service_rate"], p["servers"]
    places = p["capacity_total"] - n
    formulas = {
        "prob_block": "blocked / offered",
        "prob_wait_admitted": SERVICE["prob_wait"],
        "mean_queue": SERVICE["mean_queue"],
        "mean_wait_admitted": SERVICE["mean_wait"],
        "occupancy": SERVICE["occupancy"],
        "prob_wait_gt_T_admitted": BEYOND,
        **({"prob_empty": "idle / horizon"} if n == 1 else {}),
    }
    gap = (1.0 - sqrt(rate / (n * service))) ** 2 + (pi / (places + 1)) ** 2
    parts = single(unit, rate, unit.exponential(service), n, queue(unit, p["threshold"], capacity=places))
    return Parts(*parts, rate, max(1.0, 1.0 / (n * gap)) / service, ratios(formulas))


def finite_line_impatient(p: Values, unit: Unit) -> Parts:
    """M/M/n/K+M; measures are over admitted calls, except for blocking."""
    places = p["capacity_total"] - p["agents"]
    line = queue(unit, p["threshold"], capacity=places, patience=patience(unit, p["patience_rate"]))
    parts = single(unit, p["arrival_rate"], unit.exponential(p["service_rate"]), p["agents"], line)
    formulas = {
        **IMPATIENT,
        "prob_abandon": f"abandoned / {IN_LINE}",
        "prob_served_within_T": f"answered_within / {IN_LINE}",
        "prob_block": "blocked / offered",
    }
    return Parts(*parts, p["arrival_rate"], _forgets(p), ratios(formulas))


def general_service(handle_time: Callable[[Values, Unit], Spec]) -> Kind:
    """M/G/c."""

    def kind(p: Values, unit: Unit) -> Parts:
        rate, n = p["arrival_rate"], p.get("servers", 1)
        parts = single(unit, rate, handle_time(p, unit), n, queue(unit, p.get("threshold")))
        formulas = {**SERVICE, "prob_wait_gt_T": BEYOND}
        if n == 1:
            formulas["prob_empty"] = "idle / horizon"
        forgets = relaxation(rate, 1.0 / p["mean_service"], n, p["service_scv"])
        return Parts(*parts, rate, forgets, ratios(formulas))

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


def deterministic(threshold: str, *, alone: bool) -> Kind:
    """M/D/c with a threshold as in the name of the output, "0_5"; `alone`: no other output."""

    def kind(p: Values, unit: Unit) -> Parts:
        rate, n = p["arrival_rate"], p["servers"]
        line = queue(unit, float(threshold.replace("_", ".")))
        parts = single(unit, rate, {"deterministic": unit.time(p["service_time"])}, n, line)
        formulas = {**({} if alone else SERVICE), f"prob_wait_gt_{threshold}": BEYOND}
        return Parts(*parts, rate, relaxation(rate, 1.0, n), ratios(formulas))

    return kind


def retrial(p: Values, unit: Unit) -> Parts:
    """Who finds all servers busy tries again later, always or with the probability `persistence`."""
    rate, service, n = p["arrival_rate"], p["service_rate"], p["servers"]
    share = p.get("persistence", 1.0)
    again = {"share": share, "after": unit.exponential(p["retrial_rate"]), "of": ["blocked"]}
    parts = single(unit, rate, unit.exponential(service), n, queue(unit, capacity=0, retry=again))
    formulas = {
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
    attempts = rate + p["retrial_rate"] * p["mean_orbit"]
    return Parts(*parts, attempts, forgets, ratios(formulas), legs=True)


def redial(p: Values, unit: Unit) -> Parts:
    """Erlang A, and who has given up tries again with some probability."""
    again = {"share": p["redial_prob"], "after": unit.exponential(p["redial_rate"]), "of": ["abandoned"]}
    line = queue(unit, patience=patience(unit, p["patience_rate"]), retry=again)
    parts = single(unit, p["arrival_rate"], unit.exponential(p["service_rate"]), p["agents"], line)
    formulas = {
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
    forgets = _forgets(p) + 2.0 / p["redial_rate"]
    return Parts(*parts, p["arrival_rate"], forgets, ratios(formulas), legs=True)


def chat(p: Values, unit: Unit) -> Parts:
    """Agents with several chats at once; each chat is slowed down by its neighbours."""
    rates = p["per_chat_rate_by_concurrency"]
    line = queue(unit, channel="chat", patience=patience(unit, p["patience_rate"]))
    streams, queues, groups = single(unit, p["arrival_rate"], unit.exponential(rates[0]), p["agents"], line)
    groups["team"]["concurrency"] = {
        "chats": len(rates),
        "slowdown": [rates[0] / rate for rate in rates],
        "route": p["routing"].split("-")[0] + "_loaded",
    }
    formulas: Formulas = ratios(
        {
            **{name: IMPATIENT[name] for name in ("prob_wait", "mean_queue", "mean_wait", "prob_abandon")},
            "mean_chats_in_service": "chats / horizon",
            "mean_active_agents": "sharing / horizon",
            "mean_concurrency_when_active": "chats / sharing",
            "throughput": "answered / horizon",
            "mean_chat_duration": "handled / answered",
            "agent_utilisation": "sharing / idle + sharing",
            "slot_utilisation": f"chats / {len(rates)}*idle + {len(rates)}*sharing",
        }
    )
    forgets = 2.0 / rates[-1] + 1.0 / p["patience_rate"]
    return Parts(streams, queues, groups, p["arrival_rate"], forgets, formulas)
