"""Causes that lie in the people at work: a gap, too few for hours, one short; and the scenarios without."""

from collections.abc import Collection

from scenarios.model import Scenario
from scenarios.week import Window
from sim.explain.changes import mean_heads, with_groups, with_people, worked_as
from sim.explain.spot import Spot, beside, open_windows
from sim.explain.understaffing import Shortage, shortages


def _neighbours(spot: Spot) -> tuple[Window, ...]:
    """The intervals before and after this one, within the day."""
    near = (beside(spot, -spot.length_s), beside(spot, spot.length_s))
    return tuple(window for window in near if window)


def people_missing(spot: Spot) -> dict[tuple[str, int], float]:
    """By group and kind of day: as many people as the better of the neighbouring intervals has, if more."""
    found = {}
    for name in spot.groups:
        group = spot.scenario.groups[name]
        for kind in spot.kinds:
            near = [mean_heads(group, kind, w) for w in _neighbours(spot) if open_windows(spot, kind, w)]
            level = round(max(near, default=0.0))
            if level >= mean_heads(group, kind, spot.window) + 0.5:
                found[name, kind] = float(level)
    return found


def without_gap(spot: Spot) -> Scenario | None:
    """As many people as in the better of the neighbouring intervals."""
    found = dict(spot.scenario.groups)
    missing = people_missing(spot)
    for (name, kind), level in missing.items():
        found[name] = with_people(found[name], (kind,), spot.window, least=level)
    return with_groups(spot.scenario, found) if missing else None


def helping_group(spot: Spot) -> str:
    """The group that would get more people: of those at work then, the one that ranks the queue best."""
    at_work = [
        g for g in spot.groups if any(mean_heads(spot.scenario.groups[g], k, spot.window) for k in spot.kinds)
    ]
    return next(iter((*at_work, *spot.groups)))


def lacking(spot: Spot) -> dict[int, Shortage]:
    """By kind of day that is changed: the hours of too few people that the re-run has not."""
    found = shortages(spot)
    return {kind: found[kind] for kind in _changed(spot, found)}


def without_understaffing(spot: Spot) -> Scenario | None:
    """As many people more as are missing of what the usual work requires, in all of the hours of too few."""
    pieces = [
        (kind, piece, missing)
        for kind, short in lacking(spot).items()
        for window, missing in zip(short.windows, short.missing, strict=True)
        for piece in open_windows(spot, kind, window)
    ]
    return _with_more(spot, pieces) if pieces else None


def one_more_window(spot: Spot) -> Window:
    """From the start of the interval before, to the end of this one, as far as the queue is open then."""
    pieces = [piece for _, piece, _ in _one_more(spot, spot.kinds)]
    return Window(min(p.start_s for p in pieces), max(p.end_s for p in pieces))


def without_one_short(spot: Spot) -> Scenario | None:
    """One person more, from the interval before on."""
    return _with_more(spot, _one_more(spot, _changed(spot, spot.kinds)))


def _one_more(spot: Spot, kinds: Collection[int]) -> list[tuple[int, Window, int]]:
    window = Window((beside(spot, -spot.length_s) or spot.window).start_s, spot.window.end_s)
    return [(kind, piece, 1) for kind in kinds for piece in open_windows(spot, kind, window)]


def _changed(spot: Spot, kinds: Collection[int]) -> list[int]:
    """The kinds of day to change, but for holidays that are worked as the Sundays among them."""
    group = spot.scenario.groups[helping_group(spot)]
    return sorted({worked_as(group, kind): kind for kind in sorted(kinds, reverse=True)}.values())


def _with_more(spot: Spot, pieces: Collection[tuple[int, Window, int]]) -> Scenario:
    """So many people more in pieces of kinds of day."""
    name = helping_group(spot)
    group = spot.scenario.groups[name]
    for kind, piece, more in pieces:
        group = with_people(group, (kind,), piece, least=0.0, more=more)
    return with_groups(spot.scenario, {name: group})
