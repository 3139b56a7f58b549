"""Why an interval misses its target, as a card for a terminal and as data for machines."""

import json
import math
from typing import Any, Final

from reports.blocks import Block, Cell, Row
from reports.comparison import PAIRED, Change
from reports.difference_wording import say_difference
from reports.figures import Figure
from reports.glossary import service_levels
from reports.scorecard import Scorecard
from reports.targets import Verdict, target_text
from reports.why_words import WORDS
from reports.wording import number_text, say
from scenarios.uncertain_numbers import drawn_errors
from scenarios.week import clock_text
from sim.explain.spot import shown_twice, when_text
from sim.explain.watch import Estimate
from sim.explain.why import LEVEL, MEASURES, Tried, Why, target_of
from sim.version import __version__

_LABELS: Final = {
    "offered": ("Contacts", "contacts"),
    "on_duty": ("Agents at work", "agents"),
    "occupancy": ("Occupancy", "share"),
    "mean_queue": ("Waiting, mean", "contacts"),
    LEVEL: ("Service level", "share"),
    "mean_wait": ("Wait, mean", "s"),
    "abandonment": ("Abandonment", "share"),
}
_ALL: Final = {1: "it", 2: "both (their effects overlap)", 3: "all three (their effects overlap)"}


def why_card(why: Why) -> Scorecard:
    """The interval, those before it, and every cause that was tried."""
    spot = why.spot
    title = f"{spot.scenario.name}: queue {spot.queue}, {when_text(why.when, why.windows[-1])}{_mean(why)}"
    one = spot.scenario.model_copy(update={"queues": {spot.queue: spot.scenario.queues[spot.queue]}})
    definitions = [f"{each.term} = {each.meaning}" for each in service_levels(one)]
    blocks = (_intervals(why), _causes(why)) if why.tried else (_intervals(why),)
    return Scorecard(title, standing(why), _answer(why), blocks, tuple(definitions), _precision(why))


def _mean(why: Why) -> str:
    """Of how many days the figures are the mean, and of which of them twice: the clocks go back then."""
    days, twice = len(why.spot.days), shown_twice(why.spot)
    if why.when.date is not None:
        return ", mean of both: the clocks go back and show it twice" if twice else ""
    of_days = f", mean of {days} day{'s' * (days != 1)}"
    return of_days + (f" (twice on {', '.join(map(str, twice))}: the clocks go back)" if twice else "")


def standing(why: Why) -> Verdict:
    """Whether the interval meets the target of its queue; OPEN where chance may have decided."""
    target = target_of(why.spot)
    if why.level.high < target:
        return Verdict.MISSED
    return Verdict.MET if why.level.low >= target else Verdict.OPEN


def _answer(why: Why) -> str:
    target = why.spot.scenario.queues[why.spot.queue].target
    away = _points(abs(why.level.mean - target_of(why.spot)))
    words = {
        Verdict.MISSED: f"it misses the target by {away}",
        Verdict.MET: f"it meets the target, with {away} to spare",
        Verdict.OPEN: "too close to the target to call",
    }[standing(why)]
    asked = f" ({target_text(target)})" if target else ""
    return f"Service level {say(_figure(why.level, 'share'))}: {words}{asked}."


def _points(share: float) -> str:
    return f"{number_text(share * 100.0, 1)} points"


def _figure(each: Estimate, unit: str) -> Figure:
    """An estimate as a figure; no share is below 0 or above 1, and nothing else below 0."""
    high = min(each.high, 1.0) if unit == "share" else each.high
    return Figure(each.mean, max(each.low, 0.0) if not math.isnan(each.half) else math.nan, high, unit)


def _intervals(why: Why) -> Block:
    columns = tuple(clock_text(window.start_s) for window in why.windows)
    rows = []
    for measure, estimates in why.measures.items():
        label, unit = _LABELS[measure]
        rows.append(Row(label, tuple(Cell(say(_figure(each, unit))) for each in estimates)))
    return Block("Interval from", columns, tuple(rows))


def _causes(why: Why) -> Block:
    rows = [
        Row(
            WORDS[each.cause].label,
            (Cell(say(_figure(each.level, "share"))), Cell(say_difference(_change(why, each)))),
        )
        for each in why.tried
    ]
    return Block("Without", ("service level", "change"), tuple(rows))


def _change(why: Why, tried: Tried) -> Change:
    effect, nan = tried.effect, math.nan
    key = (LEVEL, "queue", why.spot.queue)
    values = tried.level.mean, why.level.mean, effect.mean
    return Change(key, *values, nan, effect.low, effect.high, nan, PAIRED, "share")


def reasons(why: Why) -> tuple[str, ...]:
    """The causes that take most, a sentence each, and what they leave unexplained."""
    told = [_reason(why, n, each) for n, each in enumerate(why.told, 1)]
    met = told and standing(why) is Verdict.MET
    return (*(["What takes most from it all the same:"] if met else []), *told, _summary(why))


def _reason(why: Why, n: int, tried: Tried) -> str:
    words = WORDS[tried.cause]
    because = words.because(why)
    change = say_difference(_change(why, tried), mark=False)
    advice = "" if standing(why) is Verdict.MET else f" {words.advice(why)}"
    return (
        f"{n}. {because[0].upper()}{because[1:]}: {words.without(why)}, {change} "
        f"(to {say(_figure(tried.level, 'share')).value}).{advice}"
    )


def _summary(why: Why) -> str:
    """What the causes told of amount to together, and what of the miss they leave."""
    told = why.told
    if not told:
        more = "" if standing(why) is Verdict.MET else "; more replications may tell"
        return f"Nothing that was tried ({len(why.tried)} causes) takes anything from it beyond chance{more}."
    last = why.together or told[0]
    level = say(_figure(last.level, "share"))
    return f"Without {_ALL[len(told)]}: {level}{_left(why, last)}."


def _left(why: Why, last: Tried) -> str:
    if standing(why) is not Verdict.MISSED:
        return ""
    missed, left = target_of(why.spot) - why.level.mean, target_of(why.spot) - last.level.mean
    if left <= 0:
        return f", which accounts for all of the {_points(missed)} that are missing"
    return f"; of the {_points(missed)} that are missing, {_points(left)} are left unexplained"


def _precision(why: Why) -> str:
    drawn = ", with uncertain numbers drawn anew in each" if drawn_errors(why.spot.scenario) else ""
    return (
        f"{why.replications:,} replications{drawn}; each cause is a re-run on the same chances. "
        "± is half of a 95 % interval, of a change for the mean of the paired differences (Student's t); "
        "* leaves out 0."
    )


def why_json(why: Why) -> str:
    """All of it as one JSON object; shares 0-1, seconds, a figure that does not exist is null."""
    scopes = dict(MEASURES)
    content = {
        "scenario": why.spot.scenario.name,
        "seed": why.seed,
        "replications": why.replications,
        "version": __version__,
        "queue": why.spot.queue,
        "groups": list(why.spot.groups),
        "interval": when_text(why.when, why.windows[-1]),
        "days": len(why.spot.days),
        "shown_twice_on": [day.isoformat() for day in shown_twice(why.spot)],
        "target": target_of(why.spot),
        "standing": standing(why).name.lower(),
        "expected_contacts": why.expected,
        "usual_contacts": why.usual,
        "measures": [
            {
                "measure": measure,
                "scope": scopes[measure],
                "interval": clock_text(window.start_s),
                **_numbers(each),
                "unit": _LABELS[measure][1],
            }
            for measure, estimates in why.measures.items()
            for window, each in zip(why.windows, estimates, strict=True)
        ],
        "causes": [_tried(each) for each in why.tried],
        "told": [each.cause for each in why.told],
        "together": _tried(why.together) if why.together else None,
        "reasons": list(reasons(why)),
    }
    return json.dumps(content, allow_nan=False)


def _tried(each: Tried) -> dict[str, Any]:
    return {"cause": each.cause, "service_level": _numbers(each.level), "effect": _numbers(each.effect)}


def _numbers(each: Estimate) -> dict[str, float | None]:
    values = {"mean": each.mean, "low": each.low, "high": each.high}
    return {name: None if math.isnan(value) else value for name, value in values.items()}
