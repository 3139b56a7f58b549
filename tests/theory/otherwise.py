"""Known models said otherwise: what waiting, cases and weights must not change, and priorities that grow.

Lines for those waiting and in hand are as good as waiting places; cases with a path of one step are contacts;
priorities that grow by nothing are priorities; and who is called back in turn waits as if in line.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from .language import SERVICE, Kind, Parts, Spec, Unit, Values, ratios, relaxation
from .several_lines import (
    LOW_WAITS,
    Class,
    by_priority,
    n_model,
    overflow_loss,
    priority_mg1,
    three_classes,
    two_classes,
    two_impatient_classes,
)
from .single_line import by_moments, chat, erlang_b, erlang_c, finite_line

ACCUMULATED: Final = "M/G/1, priorities that grow in proportion to the wait"
_BUSY: Final = 0.4  # of the calls wait: where a call back has something to change


def otherwise(name: str, change: Callable[[Parts], Parts], kind: Kind) -> Kind:
    """The kind with its parts changed; its outputs stay, and bear a name of their own."""

    def other(p: Values, unit: Unit) -> Parts:
        parts = change(kind(p, unit))
        known = {**_flat(p), **(parts.expected or {})}
        outputs = [output for output in parts.formulas if output in known]
        return parts._replace(
            formulas={f"{name} {output}": parts.formulas[output] for output in outputs},
            expected={f"{name} {output}": known[output] for output in outputs},
        )

    return other


def _flat(values: Values) -> Mapping[str, Any]:
    """The values, members of lists as `name[i]` too."""
    lists = {name: value for name, value in values.items() if isinstance(value, list)}
    return {**values, **{f"{name}[{i}]": v for name, each in lists.items() for i, v in enumerate(each)}}


def _lines(parts: Parts) -> Parts:
    """As many lines as agents and waiting places together."""
    (name,), (team,) = parts.queues, parts.groups.values()
    line = dict(parts.queues[name])
    return parts._replace(queues={name: line | {"lines": line.pop("capacity") + team["agents"]}})


def _cases(parts: Parts) -> Parts:
    """Every contact opens a case, which one step solves."""
    streams = {
        name: {**stream, "path": "short", "severities": {"usual": 1}, "causes": {"any": 1}}
        for name, stream in parts.streams.items()
    }
    more = {
        "paths": {"short": {"only": {"then": "solved"}}},
        "severities": {"usual": {"resolution": "4 h"}},
        "causes": {"any": {}},
        "closing": {"confirms": {"share": "60%", "after": {"exponential": "1 h"}}},
    }
    return parts._replace(streams=streams, more={**(parts.more or {}), **more})


def _ageing(parts: Parts) -> Parts:
    """Groups that go by priorities that grow; here by nothing."""
    return parts._replace(groups={name: {**group, "takes": "ageing"} for name, group in parts.groups.items()})


def _called_back(parts: Parts) -> Parts:
    """Whoever hears of a wait wants to be called, and answers."""
    call_back = {"over": "0.001 s", "accepts": "100%"}
    return parts._replace(
        queues={name: {**line, "call_back": call_back} for name, line in parts.queues.items()}
    )


def _busy_only(kind: Kind) -> Kind:
    """The kind, with no figures where few wait."""

    def busy(p: Values, unit: Unit) -> Parts:
        parts = kind(p, unit)
        return parts if p["prob_wait"] > _BUSY else parts._replace(formulas={}, expected={})

    return busy


# Priorities that grow.


def accumulated(rates: list[float], means: list[float], scvs: list[float], gains: list[float]) -> Spec:
    """Mean waits where each class gains priority in proportion to its wait, the slowest first.

    Kleinrock (1964), "A delay dependent queue discipline", Naval Res. Logist. 11; Queueing Systems vol. 2,
    section 3.7: equation (3.47), for any service times of M/G/1.
    """
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    residual = sum(r * m**2 * (1.0 + scv) for r, m, scv in zip(rates, means, scvs, strict=True)) / 2.0
    in_line = residual / (1.0 - sum(loads))
    waits: list[float] = []
    for p, gain in enumerate(gains):
        slower = sum(loads[i] * waits[i] * (1.0 - gains[i] / gain) for i in range(p))
        faster = sum(loads[i] * (1.0 - gain / gains[i]) for i in range(p + 1, len(gains)))
        waits.append((in_line - slower) / (1.0 - faster))
    return {"mean_waits": waits, "weighted mean_waits": waits, "occupancy": sum(loads)}


def growing(takes: str) -> Kind:
    """By priorities that grow, or by weighted waits: both order those who wait alike."""

    def kind(p: Values, unit: Unit) -> Parts:
        rows = zip(p["rates"], p["means"], p["scvs"], strict=True)
        classes = [
            Class(str(i), rate, by_moments({"mean_service": mean, "service_scv": scv}, unit))
            for i, (rate, mean, scv) in enumerate(rows)
        ]
        streams, queues, groups = by_priority(unit, classes, 1, None)
        for name, gain in zip(queues, p["gains"], strict=True):
            how = {"gains": unit.rate(gain)} if takes == "ageing" else {"weight": gain}
            queues[name] = {**queues[name], "priority": 0, **how}
        groups["team"]["takes"] = takes
        output = "mean_waits" if takes == "ageing" else "weighted mean_waits"
        formulas = ratios({"occupancy": SERVICE["occupancy"]})
        for i in range(len(classes)):
            formulas |= ratios({f"{output}[{i}]": SERVICE["mean_wait"]}, str(i))
        forgets = LOW_WAITS * max(p["means"]) * relaxation(p["occupancy"], 1.0, 1, max(p["scvs"]))
        return Parts(streams, queues, groups, sum(p["rates"]), forgets, formulas)

    return kind


_GROWING: Final[list[dict[str, Any]]] = [
    {"rates": [0.3, 0.3, 0.2], "means": [1.0, 1.0, 1.0], "scvs": [1.0, 1.0, 1.0], "gains": [1.0, 3.0, 10.0]},
    {"rates": [0.5, 0.2], "means": [1.0, 1.0], "scvs": [1.0, 1.0], "gains": [1.0, 2.0]},
    {"rates": [0.4, 0.3], "means": [1.2, 0.6], "scvs": [0.5, 2.0], "gains": [1.0, 4.0]},
]
GROWING: Final[list[dict[str, Any]]] = [
    {"id": f"growing-{i}", "model": ACCUMULATED, "params": p, "outputs": accumulated(**p)}
    for i, p in enumerate(_GROWING)
]

# Kinds of case that are simulated once more in other words.
OTHERWISE: Final[dict[str, tuple[Kind, ...]]] = {
    "Erlang B (M/M/n/n)": (otherwise("lines:", _lines, erlang_b()),),
    "M/M/c/K": (otherwise("lines:", _lines, finite_line),),
    "Erlang C (M/M/n)": (_busy_only(otherwise("called back:", _called_back, erlang_c)),),
    "M/M/c two classes, non-preemptive priority, equal service rate": (
        otherwise("ageing:", _ageing, two_classes),
    ),
    "M/M/c three classes, non-preemptive priority, equal service rate": (
        otherwise("ageing:", _ageing, three_classes),
    ),
    "M/G/1 non-preemptive priority": (otherwise("ageing:", _ageing, priority_mg1),),
    "M/M/n+M two classes, non-preemptive priority": (otherwise("ageing:", _ageing, two_impatient_classes),),
    "N-model, static priority, exponential patience": (otherwise("cases:", _cases, n_model),),
    "Two dedicated pools with shared overflow pool, loss": (otherwise("cases:", _cases, overflow_loss),),
    "Chat concurrency CTMC with exponential patience": (otherwise("cases:", _cases, chat),),
    ACCUMULATED: (growing("ageing"), growing("weighted_wait")),
}
