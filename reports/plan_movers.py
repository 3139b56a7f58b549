"""Who moves which target: changes, by owner, that move its measure beyond chance; what moves none."""

from collections.abc import Iterator
from typing import Final

from reports.plan_words import listed, part_words, spoken
from scenarios.learning import ARTICLE_ON
from scenarios.model import Scenario
from sim.case_measure import Key
from sim.loop.agreed import owner_of
from sim.roadmap.plan import PlanResult
from sim.roadmap.standing import Effect
from sim.roadmap.versions import LOOP

MOST: Final = 2  # changes that are named for a measure: its row has no room for more
NO_TARGET: Final = "moves no target of this plan"
_TELLING: Final = 1.5  # times half an interval, that is three standard errors: many are looked at


def moved_by(found: PlanResult, key: Key) -> str:
    """Whose measure it is, and who moves it with what: moved by care: macros; product: new_forms."""
    scenario = found.scenario
    names = _movers(found, key)
    owners: dict[str, list[str]] = {}
    for name in names[:MOST]:
        owners.setdefault(spoken(_owner(scenario, name) or "nobody"), []).append(
            part_words(name) if name == LOOP else name
        )
    told = "; ".join(f"{owner}: {', '.join(of)}" for owner, of in owners.items())
    more = f"; {len(names) - MOST} more" if len(names) > MOST else ""
    whose = _answers_for(scenario, key)
    parts = ([f"owner {spoken(whose)}"] if whose else []) + ([f"moved by {told}{more}"] if told else [])
    return "; ".join(parts)


def _answers_for(scenario: Scenario, key: Key) -> str | None:
    """The owner of the root cause that a measure is of."""
    _, scope, name = key
    return scenario.causes[name].owner if scope == "root_cause" and name in scenario.causes else None


def _movers(found: PlanResult, key: Key) -> tuple[str, ...]:
    """By what each brings, where that was asked for; and by what hangs on its size. The largest first."""
    sizes: dict[str, float] = {}
    for name, each in _effects(found, key):
        if is_beyond_chance(each):
            sizes[name] = max(abs(each.mean), sizes.get(name, 0.0))
    return tuple(sorted(sizes, key=lambda name: -sizes[name]))


def _effects(found: PlanResult, key: Key) -> Iterator[tuple[str, Effect]]:
    for part in (part for each in found.contributions if each.key == key for part in each.parts):
        yield part.name, part.alone
        yield part.name, part.on_top
    for one in (one for each in found.sensitivities if each.key == key for one in each.swings):
        if is_change(found.scenario, one.assumption):
            yield one.assumption, one.effect


def is_beyond_chance(each: Effect) -> bool:
    """Whether an effect is three standard errors or more."""
    return abs(each.mean) > _TELLING * each.half


def is_change(scenario: Scenario, name: str) -> bool:
    """Whether an assumption is the size of a change, not an uncertain number."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    return name in levers or name in scenario.remedies or name.startswith(ARTICLE_ON)


def _owner(scenario: Scenario, name: str) -> str | None:
    change = (scenario.roadmap.levers if scenario.roadmap else {}).get(name) or scenario.remedies.get(name)
    if change is not None:
        return owner_of(change, scenario)
    loop = scenario.loop
    if name == LOOP:
        return loop.owner if loop else None
    return loop.articles.owner if loop and loop.articles else None


def without_effect(found: PlanResult) -> tuple[str, ...]:
    """Parts that change nothing in any replication, alone or on top of the others; none if not asked for."""
    measured = [each for each in found.contributions if each.joint.n]
    names = [part.name for part in measured[0].parts] if measured else []
    return tuple(
        name
        for n, name in enumerate(names)
        if not any(any((*each.parts[n].alone[:2], *each.parts[n].on_top[:2])) for each in measured)
    )


def without_effect_told(found: PlanResult) -> str:
    """Moves no target of this plan: tag audit and warehouse."""
    names = [part_words(name) for name in without_effect(found)]
    return f"{NO_TARGET.capitalize()}: {listed(names)}." if names else ""
