"""What doing nothing costs: the baseline's figures beside the plan's, and how much more there is to do."""

import math
from typing import Final, NamedTuple

from reports.blocks import Block
from reports.day_targets import effect_words
from reports.figures import Figure
from reports.plan_brief import Brief
from reports.plan_card import nothing_done as targets_without
from reports.wording import MISSING, say
from sim.case_measure import Key
from sim.checkpoints import Window
from sim.measure import Floats
from sim.roadmap.standing import Effect, effect

_CONTACTS: Final = ("case_contacts", "offered")
_BUSY: Final = ("time_working", "time_sharing")
_ALL: Final = ("all", "all")


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
    found = [
        (what, *values)
        for what, values in (
            ("contacts", _contacts(brief)),
            ("hours of agents at work on them", _busy(brief)),
        )
        if values is not None
    ]
    volumes = tuple(_volume(what, *pair) for what, *pair in found)
    note = (
        "Hours are capacity, not cash: people cost falls only as far as hours are not paid any more."
        if volumes
        else ""
    )
    return Nothing(targets_without(brief.found), volumes, note)


def _contacts(brief: Brief) -> tuple[Floats, Floats] | None:
    return next((both for name in _CONTACTS if (both := _values(brief, (name, *_ALL))) is not None), None)


def _busy(brief: Brief) -> tuple[Floats, Floats] | None:
    """Hours on single contacts and on chats, together."""
    parts = [both for name in _BUSY if (both := _values(brief, (name, *_ALL))) is not None]
    if len(parts) < len(_BUSY):
        return None
    (alone, alone_plan), (chats, chats_plan) = parts
    return alone + chats, alone_plan + chats_plan


def _values(brief: Brief, key: Key) -> tuple[Floats, Floats] | None:
    """A measure over the horizon by replication: without the plan, and with it."""
    as_of, whole = brief.found.as_of, Window(1, brief.found.scenario.calendar.days)
    found = as_of.then if as_of else brief.found  # what has happened is no effect of the plan
    if key not in found.followed.keys or whole not in found.followed.windows:
        return None
    return found.baseline.values(key, whole), found.followed.values(key, whole)


def _volume(what: str, without: Floats, plan: Floats) -> Volume:
    unit = "h" if what.startswith("hours") else "contacts"
    return Volume(what, _mean(without, unit), _mean(plan, unit), _change(effect(without, plan), unit))


def _mean(values: Floats, unit: str) -> str:
    mean = float(values.mean())
    return say(Figure(mean, math.nan, math.nan, unit), False).value if not math.isnan(mean) else MISSING


def _change(each: Effect, unit: str) -> str:
    return str(effect_words("", unit, each))
