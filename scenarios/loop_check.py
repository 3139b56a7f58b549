"""Checks across the parts of how a team learns and plans: names of nothing, and what does not run."""

from collections.abc import Callable, Iterator
from typing import Final

from scenarios.idle_check import idle_findings
from scenarios.learning import Loop
from scenarios.loop_days_check import loop_days_findings
from scenarios.moves_check import moves_findings
from scenarios.parts import Parts
from scenarios.plan_names import owners_named, unknown_names
from scenarios.problems import Finding, Place
from scenarios.roadmap_check import roadmap_findings
from scenarios.together_check import lever_hours, together_findings
from scenarios.units import plain_number

_RUNS_NOT: Final = "does not run"
_RANKING: Final = ("weekly_review", "monthly_review", "quarterly")
_OF_CAUSES: Final = ("detection", *_RANKING, "articles")
_PLAIN: Final = ("owner", "information_delay_s")
_CHOOSING: Final = ("detection", "weekly_review", "quarterly")


def plan_findings(parts: Parts) -> list[Finding]:
    """Return what is wrong with how the team learns and plans; with a name unknown or a part unread, less."""
    found = [*unknown_names(parts), *roadmap_findings(parts), *_currencies(parts), *moves_findings(parts)]
    found += [*_levers(parts), *_loop(parts)]
    wrong = any(finding.severity == "error" for finding in found)
    if wrong or not (parts.plan.whole and parts.life.whole):
        return found
    found += [*_remedies(parts), *_unused(parts), *_overtaxed(parts)]
    return [*found, *loop_days_findings(parts), *together_findings(parts), *idle_findings(parts)]


def _levers(parts: Parts) -> Iterator[Finding]:
    """Warn of levers that nobody pulls, or on no day."""
    for name, lever in parts.plan.levers.items():
        lacking = [key for key, said in (("owner", lever.owner), ("due", lever.due)) if said is None]
        if lacking:
            words = {"owner": "no owner", "due": "no day from which on it holds"}
            message = f"{_RUNS_NOT}: it has {' and '.join(words[key] for key in lacking)}"
            yield Finding(("roadmap", "levers", name), f"{message}; add {' and '.join(lacking)}", "warning")


def _remedies(parts: Parts) -> Iterator[Finding]:
    """Warn of remedies that nobody does, or that nobody chooses."""
    for name, remedy in parts.plan.remedies.items():
        if remedy.owner is None and parts.life.causes[remedy.cause].owner is None:
            message = f"{_RUNS_NOT}: it has no owner, and nor has cause {remedy.cause!r}; add owner"
            yield Finding(("remedies", name), message, "warning")
    loop = parts.plan.loop
    if not parts.plan.remedies or (loop is not None and any(getattr(loop, key) for key in _CHOOSING)):
        return
    lacks = "the loop has no weekly_review, quarterly or detection"
    why = "there is no loop" if loop is None else lacks
    example = "loop: {owner: ..., weekly_review: {by: volume}}"
    message = f"{_RUNS_NOT}: {why}, so nobody chooses a remedy; write '{example}'"
    yield Finding(("remedies",), message, "warning")


def _loop(parts: Parts) -> Iterator[Finding]:
    loop = parts.plan.loop
    if loop is None:
        return
    if loop.owner is None and parts.plan.whole:
        message = f"{_RUNS_NOT}: nobody answers for it; add owner, a name from 'owners'"
        yield Finding(("loop",), message, "warning")
    if parts.plan.whole and not any(getattr(loop, key) for key in Loop.model_fields if key not in _PLAIN):
        message = "does nothing: no review, no check and no test is named; add one, such as weekly_review"
        yield Finding(("loop",), message, "warning")
    if parts.life.whole:
        yield from _of_what_is_not_there(parts, loop)


def _of_what_is_not_there(parts: Parts, loop: Loop) -> Iterator[Finding]:
    """Find parts of the loop that look at what this file does not have."""
    life = parts.life
    if not life.names("causes"):
        for key in _OF_CAUSES:
            if getattr(loop, key) is not None:
                message = "is of root causes, and this file has none; add them, as in 'causes: {billing: {}}'"
                yield Finding(("loop", key), message)
    promises = any(each.first_response or each.resolution for each in life.severities.values())
    if loop.daily is not None and loop.daily.overdue is not None and not promises:
        message = "is of cases past their promise, and nothing is promised; add it to 'severities'"
        yield Finding(("loop", "daily", "overdue"), message)
    if loop.balanced is not None and not any(each.hurry for each in parts.groups.values()):
        message = (
            "is of hurry, and no group ever does; add 'hurry: {from_waiting: 10, speeds_up: 10%}' to one"
        )
        yield Finding(("loop", "balanced", "hurry"), message)
    for key in _RANKING:
        part = getattr(loop, key)
        missing = _WITHOUT[part.by](parts) if part is not None and part.by in _WITHOUT else ""
        if missing:
            message = f"is {part.by}, and {missing}: to it all causes are alike"
            yield Finding(("loop", key, "by"), message, "warning")


def _no_escalations(parts: Parts) -> str:
    urgent = any(each.when is not None for each in parts.life.side_work.values())
    return "" if urgent else "nothing is ever escalated (no side_work has a 'when')"


def _no_refunds(parts: Parts) -> str:
    return "" if any(each.refund for each in parts.life.causes.values()) else "no cause has a refund"


def _no_money(parts: Parts) -> str:
    is_paid = any(group.pay is not None for group in parts.groups.values())
    return "" if is_paid or not _no_refunds(parts) else "no group has pay, and no cause a refund"


def _no_accounts(parts: Parts) -> str:
    return "" if any(stream.tiers for stream in parts.streams.values()) else "no stream has tiers"


def _no_feedback(parts: Parts) -> str:
    return "" if parts.life.outcomes is not None else "nobody is asked (there are no outcomes)"


_WITHOUT: Final[dict[str, Callable[[Parts], str]]] = {
    "escalations": _no_escalations,
    "refunds": _no_refunds,
    "cost_to_serve": _no_money,
    "customer_risk": _no_accounts,
    "feedback": _no_feedback,
}
"""What a ranking cannot do without, by its criterion: a reason why it ranks nothing, or no text."""


def _unused(parts: Parts) -> Iterator[Finding]:
    """Warn of owners that nothing names."""
    used = {name for _, _, name in owners_named(parts)}
    for name in parts.plan.owners:
        if name not in used:
            message = "owns nothing; name it as owner of a cause, a remedy, a lever or the loop, or remove it"
            yield Finding(("owners", name), message, "warning")


def _overtaxed(parts: Parts) -> Iterator[Finding]:
    """Warn of owners whose levers take more hours a week than they have."""
    for name, owner in parts.plan.owners.items():
        hours = lever_hours(parts, name)
        if hours > owner.capacity_h_per_week * (1 + 1e-9):
            taken = f"{plain_number(hours)} h/week"
            message = f"is less than the {taken} that levers take of it; raise it, or take less"
            yield Finding(("owners", name, "capacity"), message, "warning")


def _currencies(parts: Parts) -> Iterator[Finding]:
    """Find a second currency: costs, refunds and pay are added up."""
    paid = [group.pay.currency for group in parts.groups.values() if group.pay is not None]
    said: list[tuple[Place, str]] = [
        (("causes", name, "refund"), cause.currency) for name, cause in parts.life.causes.items()
    ]
    said += [((*place, "cost"), change.currency) for place, change in parts.plan.changes()]
    said = [(place, currency) for place, currency in said if currency]
    first = next(iter(paid), said[0][1] if said else "")
    of = "the pay" if paid else "another amount"
    for place, currency in said:
        if currency != first:
            message = f"is in {currency}, and {of} in {first}; write all money in one currency"
            yield Finding(place, message)
