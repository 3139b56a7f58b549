"""Targets against what was found: the verdict on each queue, and all of them in one sentence."""

from enum import Enum
from typing import Final, NamedTuple

from reports.figures import Figure, Figures
from reports.wording import duration_text, plain, say, share_text
from scenarios.model import Scenario, Target

_LEFT_OUT: Final = {"overflowed": "passed on", "blocked": "refused", "closed": "came while closed"}
_HINT: Final = "; more replications would tell"


class Verdict(Enum):
    """Whether a target is met, by the interval of the figure where it has one."""

    MET = "met"
    MISSED = "missed"
    OPEN = "too close to call"


class Attainment(NamedTuple):
    """A queue's service level over the horizon, against its target."""

    queue: str
    figure: Figure
    target: Target
    verdict: Verdict
    left_out: tuple[str, ...]  # of its contacts that no definition of service level counts: 67 % passed on


def target_text(target: Target) -> str:
    """80 % in 20 s; up to two minutes in seconds, as the field speaks of 90 % in 60 s."""
    short = target.within_s <= 120
    within = f"{plain(target.within_s)} s" if short else duration_text(target.within_s)
    return f"{share_text(target.share)} in {within}"


def verdict(figure: Figure, target: Target) -> Verdict:
    """Met if all of the interval is at the target or above, missed if all of it is below."""
    if not figure.has_interval:
        return Verdict.MET if figure.mean >= target.share else Verdict.MISSED
    if figure.low >= target.share:
        return Verdict.MET
    return Verdict.MISSED if figure.high < target.share else Verdict.OPEN


def attainments(scenario: Scenario, figures: Figures) -> list[Attainment]:
    """All queues with a target and contacts to judge it by, in the order of the file."""
    found = [
        (name, figures.get("service_level", "queue", name), queue.target)
        for name, queue in scenario.queues.items()
        if queue.target is not None
    ]
    return [
        Attainment(name, figure, target, verdict(figure, target), _left_out(figures, name))
        for name, figure, target in found
        if figure.exists and target is not None
    ]


def _left_out(figures: Figures, queue: str) -> tuple[str, ...]:
    """What a service level is silent about, where that is a hundredth of the contacts or more."""
    offered = figures.get("offered", "queue", queue)
    counted = ((figures.get(measure, "queue", queue), words) for measure, words in _LEFT_OUT.items())
    shares = ((each.mean / offered.mean, words) for each, words in counted if each.exists and offered.mean)
    return tuple(f"{share_text(round(share, 2))} {words}" for share, words in shares if share >= 0.01)


def standing(found: list[Attainment]) -> Verdict | None:
    """The verdict on all targets together: the worst of them."""
    worst_first = (Verdict.MISSED, Verdict.OPEN, Verdict.MET)
    return next((v for v in worst_first if any(each.verdict is v for each in found)), None)


def answer(found: list[Attainment]) -> str:
    """The one sentence that a reader who reads no further should have read."""
    if not found:
        return "No queue has a service-level target and contacts to judge it by."
    missed, close, met = (
        [each for each in found if each.verdict is verdict]
        for verdict in (Verdict.MISSED, Verdict.OPEN, Verdict.MET)
    )
    if len(found) == 1:
        hint = _HINT if close else ""
        return f"The service-level target is {found[0].verdict.value}: {_listed(found)}{hint}."
    if len(met) == len(found):
        return f"{_all(len(found))} are met: {_listed(met)}."
    parts = [f"{_how_many(len(missed), len(found))} missed: {_listed(missed)}."] if missed else []
    parts += [] if missed else ["No target is missed for sure."]
    parts += [f"Too close to call: {_listed(close)}{_HINT}."] if close else []
    parts += [f"Met: {_listed(met)}."] if met else []
    return " ".join(parts)


def _how_many(some: int, total: int) -> str:
    """All 3 targets are, 1 of 3 targets is, 2 of 3 targets are."""
    if some == total:
        return f"{_all(total)} are"
    return f"{some} of {total} targets {'is' if some == 1 else 'are'}"


def _all(total: int) -> str:
    return "Both targets" if total == 2 else f"All {total} targets"


def _listed(each: list[Attainment]) -> str:
    return "; ".join(f"{a.queue} {say(a.figure, False)} (target {_aside(a)})" for a in each)


def _aside(attainment: Attainment) -> str:
    left_out = f"; not counted: {', '.join(attainment.left_out)}" if attainment.left_out else ""
    return target_text(attainment.target) + left_out
