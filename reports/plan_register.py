"""The register of improvements, the clocks of root causes, and what does not run: as words and as CSV."""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reports.plan_brief import Brief
from reports.plan_words import (
    amount_words,
    change_words,
    cost_text,
    currency_of,
    day_of,
    expected_words,
    hours_text,
    listed,
    path_words,
    spoken,
    week_words,
    when_text,
    whole_percent,
)
from reports.wording import MISSING, plain
from scenarios.changes import Lever, Remedy
from scenarios.model import Scenario
from scenarios.moves import Move
from sim.loop.agreed import owner_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.loop.summary import Clocks, Entry

_LEVER: Final = "lever"
_ARTICLE: Final = "article"
NOBODY_OWNS: Final = "no owner"
NO_DATE: Final = "no date"
NO_LOOP: Final = "nobody runs the loop"
LABELS: Final = ("id", "kind", "owner", "cause", "runs", "why_not", "currency", "measure", "verdict")
MEANS: Final = (
    "Dates are those of the last attempt, medians over the replications in which there is one: opened = the "
    "ticket is there, begun = the first hour of work on it. A week = of what bears the cause's tag, as "
    "reviews have set it last. Power = how likely the last look is to see what is expected, and the least "
    "that it can see: said before the change. Observed = the estimate of the last look, by tags, median and "
    "P10–P90, relative to causes that nothing has touched. Verdicts = of all attempts that were judged; no "
    "test = it claims nothing about one root cause. The simulator knows the truth: falsely validated = of "
    "those validated, the share that did nothing; missed = of those that worked and could be measured, the "
    "share that was not validated."
)


class Improvement(NamedTuple):
    """A row of the register, in words."""

    name: str
    about: str  # its name in the file, and what it is
    owner: str
    opened: str
    begun: str
    due: str
    force: str
    cost: str
    effort: str
    expected: str
    target: str
    power: str
    least: str
    observed: str
    verdict: str
    truth: str


class Clock(NamedTuple):
    """A root cause: when it is noticed, mended, and known to be mended."""

    cause: str
    detection: str
    correction: str
    prevention: str


class Idle(NamedTuple):
    """A change that does not run, by its name in the file, and why."""

    name: str
    kind: str
    why: str


def improvements(brief: Brief) -> tuple[Improvement, ...]:
    """All that is opened in any replication, in the order of the summary."""
    scenario = brief.found.scenario
    return tuple(_improvement(each, scenario) for each in _entries(brief) if each.runs)


def _entries(brief: Brief) -> "tuple[Entry, ...]":
    return brief.summary.entries if brief.summary else ()


def _improvement(each: "Entry", scenario: Scenario) -> Improvement:
    return Improvement(
        spoken(each.name),
        _about(each),
        spoken(each.owner) or MISSING,
        _opened(each, scenario),
        _begun(each, scenario),
        *_due(each, scenario),
        cost_text(scenario, each.cost),
        hours_text(each.effort_h) if each.effort_h else "",
        _expected(each, scenario),
        _target(each),
        whole_percent(each.power),
        "" if math.isnan(each.detectable) else f"sees {change_words(1.0 + each.detectable)} or more",
        _observed(each),
        _verdict(each),
        _truth(each),
    )


def _target(each: "Entry") -> str:
    """What it is to change a week, as the reviews have set it, and how often such a change works."""
    parts = []
    if each.claim is not None and not math.isnan(each.target):
        parts.append(week_words(each.target, each.claim.measure))
    parts += [f"works with {whole_percent(each.works)}"] if each.works < 1.0 else []
    return ", ".join(parts)


def _about(each: "Entry") -> str:
    """Its name in the file where that is another, what it is, and about which cause."""
    kind = f"{spoken(each.kind)}, {spoken(each.cause)}" if each.cause else spoken(each.kind)
    return kind if each.kind == _ARTICLE or spoken(each.name) == each.name else f"{each.name}: {kind}"


def _opened(each: "Entry", scenario: Scenario) -> str:
    """The day, and in how many replications where these are not all."""
    share = "" if each.kind == _LEVER or each.share >= 1.0 else f", in {whole_percent(each.share)}"
    return f"{when_text(scenario, each.days.opened)}{share}"


def _begun(each: "Entry", scenario: Scenario) -> str:
    """The day of the first hour of work, where that is another; and how often it was tried."""
    begun = when_text(scenario, each.days.begun)
    never = begun == MISSING
    other = begun != when_text(scenario, each.days.opened)
    parts = ["not begun" if never else f"begun {begun}"] if never or other else []
    attempts = round(each.attempts, 1)
    parts += [f"{plain(attempts)} attempts"] if attempts > 1.0 else []
    return ", ".join(parts)


def _due(each: "Entry", scenario: Scenario) -> tuple[str, str]:
    """The day that was planned; and the day on which it is in force, where that is another one."""
    due, force = when_text(scenario, each.days.due), when_text(scenario, each.days.in_force)
    if due == MISSING:
        return force, ""
    return due, "" if force in (due, MISSING) else f"in force {force}"


def _expected(each: "Entry", scenario: Scenario) -> str:
    """What is claimed and will be tested; else what it is expected to move."""
    if each.claim is not None:
        return expected_words(each.claim.expected, each.claim.measure)
    moves = _moves(each, scenario)
    return (
        ", ".join(f"{path_words(move.parameter)} {amount_words(move, move.expected)}" for move in moves)
        or MISSING
    )


def _moves(each: "Entry", scenario: Scenario) -> tuple[Move, ...]:
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    change = levers.get(each.name) or scenario.remedies.get(each.name)
    if change is not None:
        return change.moves
    articles = scenario.loop.articles if scenario.loop else None
    if each.kind != _ARTICLE or articles is None:
        return ()
    return tuple(move for move in (articles.deflection, articles.handle_time) if any(move[1:]))


def _observed(each: "Entry") -> str:
    low, middle, high = each.observed
    if math.isnan(middle):
        return MISSING
    ends = f"{change_words(low)} to {change_words(high)}"
    return f"{change_words(middle)} ({ends})"


def _verdict(each: "Entry") -> str:
    """The verdicts that there were, the most frequent first."""
    shares = sorted(each.verdicts.items(), key=lambda one: -one[1])
    return ", ".join(f"{what} {whole_percent(share)}" for what, share in shares if share) or (
        "not judged" if each.claim else "no test"
    )


def _truth(each: "Entry") -> str:
    parts = [("falsely validated", each.false_validated), ("missed", each.missed)]
    return ", ".join(f"{what} {whole_percent(share)}" for what, share in parts if not math.isnan(share))


def never_opened(brief: Brief) -> str:
    """The remedies of which no replication has opened a ticket."""
    scenario = brief.found.scenario
    seen = {each.name for each in _entries(brief)}
    names = [spoken(name) for name in scenario.remedies if name not in seen] if brief.summary else []
    return f"Opened in no replication: {listed(names)}." if names else ""


def idle(scenario: Scenario) -> tuple[Idle, ...]:
    """What does not run, for want of an owner or a date, or since nobody runs the loop."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    found = [_idle_lever(name, each) for name, each in levers.items()]
    found += [_idle_remedy(name, each, scenario) for name, each in scenario.remedies.items()]
    if scenario.loop is not None and not scenario.loop.owner:
        found.append(Idle("the loop", "loop", NOBODY_OWNS))
    return tuple(each for each in found if each is not None)


def _idle_lever(name: str, lever: Lever) -> Idle | None:
    why = [NOBODY_OWNS] if not lever.owner else []
    why += [NO_DATE] if lever.due is None else []
    return Idle(name, _LEVER, listed(why)) if why else None


def _idle_remedy(name: str, remedy: Remedy, scenario: Scenario) -> Idle | None:
    """A remedy needs somebody for it, or for its cause; and a loop that chooses it."""
    cause = scenario.causes.get(remedy.cause)
    why = [NOBODY_OWNS] if not remedy.owner and not (cause and cause.owner) else []
    why += [NO_LOOP] if scenario.loop is None or not scenario.loop.owner else []
    return Idle(name, remedy.kind, listed(why)) if why else None


def clocks(brief: Brief) -> tuple[Clock, ...]:
    """The clocks of the root causes that are noticed in any replication."""
    found = brief.summary.clocks if brief.summary else ()
    return tuple(_clock(each) for each in found if any(each.shares))


def _clock(each: "Clocks") -> Clock:
    days = (each.detection, each.correction, each.prevention)
    return Clock(spoken(each.cause), *(_days(*pair) for pair in zip(days, each.shares, strict=True)))


def _days(days: float, share: float) -> str:
    """12 days, in 87 %."""
    if math.isnan(days) or not share:
        return "never"
    n = plain(round(days, 1))
    return f"{n} day{'' if n == '1' else 's'}, in {whole_percent(share)}"


def register_frame(brief: Brief) -> "pd.DataFrame":
    """The register as a table: a row a change, those that do not run last, with dates and plain numbers."""
    import pandas as pd

    scenario = brief.found.scenario
    known = _entries(brief)
    rows = [_row(each, scenario) for each in known]
    return pd.DataFrame([*rows, *_rows_of_idle(scenario, known)], columns=list(COLUMNS), dtype=object)


COLUMNS: Final = (
    *("id", "kind", "owner", "cause", "runs", "why_not"),
    *("share", "attempts", "opened", "begun", "due", "in_force"),
    *("cost", "currency", "effort_h", "measure", "expected", "target_week", "works"),
    *("power", "detectable"),
    *("observed_p10", "observed", "observed_p90", "verdict"),
    *("validated", "not_validated", "not_measurable", "false_validated", "missed"),
)


def _row(each: "Entry", scenario: Scenario) -> dict[str, Any]:
    low, middle, high = each.observed
    shares = each.verdicts if each.runs else {}
    named = ("validated", "not validated", "not measurable yet")
    verdicts = {key.replace(" yet", "").replace(" ", "_"): shares.get(key, math.nan) for key in named}
    dates = {key: _iso(scenario, day) for key, day in each.days._asdict().items()}
    return {
        "id": each.name,
        "kind": each.kind,
        "owner": each.owner or None,
        "cause": each.cause or None,
        "runs": "yes" if each.runs else "no",
        "why_not": None if each.runs else _why_not(each.name, scenario),
        "share": each.share,
        "attempts": each.attempts,
        **dates,
        "cost": each.cost,
        "currency": currency_of(scenario) or None,
        "effort_h": each.effort_h,
        "measure": each.claim.measure if each.claim else None,
        "expected": each.claim.expected if each.claim else math.nan,
        "target_week": each.target,
        "works": each.works,
        "power": each.power,
        "detectable": each.detectable,
        "observed_p10": low - 1.0,
        "observed": middle - 1.0,
        "observed_p90": high - 1.0,
        "verdict": max(shares, key=lambda one: shares[one]) if shares else None,
        **verdicts,
        "false_validated": each.false_validated,
        "missed": each.missed,
    }


def _iso(scenario: Scenario, day: float) -> str | None:
    found = day_of(scenario, day)
    return None if found is None else found.isoformat()


def _why_not(name: str, scenario: Scenario) -> str | None:
    return next((each.why for each in idle(scenario) if each.name == name), None)


def _rows_of_idle(scenario: Scenario, known: "Iterable[Entry]") -> Iterator[dict[str, Any]]:
    """What does not run and is not in the summary, as where there is no loop at all."""
    seen = {each.name for each in known}
    for each in idle(scenario):
        if each.name not in seen:
            empty = dict.fromkeys(COLUMNS)
            row = {**empty, "id": each.name, "kind": each.kind, "runs": "no", "why_not": each.why}
            yield {**row, **_planned_of(each.name, scenario)}


def _planned_of(name: str, scenario: Scenario) -> dict[str, Any]:
    """Whose it is and what it would take, which is so whether it runs or not."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    change = levers.get(name) or scenario.remedies.get(name)
    if change is None:
        return {}
    about = change if isinstance(change, Remedy) else None
    return {
        "owner": owner_of(change, scenario),
        "cause": about.cause if about else None,
        "cost": change.cost,
        "currency": currency_of(scenario) or None,
        "effort_h": about.effort_h if about else 0.0,
    }
