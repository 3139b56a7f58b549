"""What doing nothing costs: the baseline's figures beside the plan's, and how much more there is to do."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from reports.blocks import Block
from reports.day_targets import effect_words
from reports.figures import Figure
from reports.plan_brief import PEOPLE_COST, Brief, over_horizon
from reports.plan_card import nothing_done as targets_without
from reports.plan_money import currency_of_money, has_refunds, price_of_hour, priced_words
from reports.wording import MISSING, say
from sim.measure import Floats
from sim.roadmap.standing import Effect, effect

_CONTACTS: Final = ("case_contacts", "offered")
_BUSY: Final = ("time_working", "time_sharing")
_ALL: Final = ("all", "all")
_CAPACITY: Final = "capacity, not cash unless people leave"


class Volume(NamedTuple):
    """How much there is to do over the horizon: without the plan, with it, and the paired difference."""

    what: str
    without: str
    plan: str
    change: str


class Nothing(NamedTuple):
    """The table of targets without the plan, volumes, and how to read them."""

    targets: Block
    volumes: tuple[Volume, ...]
    note: str


def nothing_done(brief: Brief) -> Nothing:
    """What comes of the team as it is."""
    contacts, hours = _contacts(brief), _busy(brief)
    found = [_volume("contacts", "contacts", *contacts)] if contacts else []
    found += [_volume("hours of agents at work on them", "h", *hours)] if hours else []
    found += _money(brief, hours)
    note = (
        "Hours are capacity, not cash: people cost, which is of all hours paid, falls only as far as hours "
        "are not paid any more. "
        f"{priced_words(brief.found.scenario)}"
        if found
        else ""
    )
    return Nothing(targets_without(brief.found), tuple(found), note)


def gain_told(brief: Brief) -> str:
    """What the plan changes in its days in hours and money; nothing where neither is known."""
    scenario, hours = brief.found.scenario, _busy(brief)
    unit, price = currency_of_money(scenario), price_of_hour(scenario)
    parts = []
    if hours:
        worth = "" if price is None else f"{_change(effect(hours[0] * price, hours[1] * price), unit)}: "
        parts.append(f"agents' hours {_change(effect(*hours), 'h')} ({worth}{_CAPACITY})")
    cash = [("refunds", _refunds(brief) if has_refunds(scenario) else None)]
    cash += [("people cost", over_horizon(brief, PEOPLE_COST) if unit else None)]
    for what, both in cash:
        if both and (change := effect(*both)).mean:
            parts.append(f"{what} {_change(change, unit)}")
    return ", ".join(parts)


def _money(brief: Brief, hours: "tuple[Floats, Floats] | None") -> Iterator[Volume]:
    """What these hours cost, what is paid back, and both together; nothing that has no price."""
    scenario = brief.found.scenario
    unit, price = currency_of_money(scenario), price_of_hour(scenario)
    work = (hours[0] * price, hours[1] * price) if hours and price is not None else None
    back = _refunds(brief) if has_refunds(scenario) else None
    if work:
        yield _volume("cost of these hours", unit, *work)
    people = over_horizon(brief, PEOPLE_COST)
    if people and unit:
        yield _volume("people cost", unit, *people)
    if back:
        yield _volume("refunds", unit, *back)
    if work and back:
        yield _volume("cost and refunds together", unit, work[0] + back[0], work[1] + back[1])


def _refunds(brief: Brief) -> "tuple[Floats, Floats] | None":
    import numpy as np

    causes = brief.found.scenario.causes.items()
    known = [(each.refund, over_horizon(brief, ("cases", "root_cause", name))) for name, each in causes]
    if not known or any(both is None for _, both in known):
        return None
    without, plan = (np.sum([refund * both[n] for refund, both in known if both], axis=0) for n in (0, 1))
    return without, plan


def _contacts(brief: Brief) -> tuple[Floats, Floats] | None:
    return next(
        (both for name in _CONTACTS if (both := over_horizon(brief, (name, *_ALL))) is not None), None
    )


def _busy(brief: Brief) -> tuple[Floats, Floats] | None:
    """Hours on single contacts and on chats, together."""
    parts = [both for name in _BUSY if (both := over_horizon(brief, (name, *_ALL))) is not None]
    if len(parts) < len(_BUSY):
        return None
    (alone, alone_plan), (chats, chats_plan) = parts
    return alone + chats, alone_plan + chats_plan


def _volume(what: str, unit: str, without: Floats, plan: Floats) -> Volume:
    return Volume(what, _mean(without, unit), _mean(plan, unit), _change(effect(without, plan), unit))


def _mean(values: Floats, unit: str) -> str:
    mean = float(values.mean())
    return say(Figure(mean, math.nan, math.nan, unit), False).value if not math.isnan(mean) else MISSING


def _change(each: Effect, unit: str) -> str:
    return str(effect_words("", unit, each))
