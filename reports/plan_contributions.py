"""What each lever contributes to each measure: alone, and on top of the others; and how that adds up."""

from collections.abc import Iterator, Sequence

from reports.day_targets import effect_words
from reports.page import COLUMNS_AT_MOST
from reports.plan_listings import Cell, Listing
from reports.plan_movers import NO_TARGET, without_effect
from reports.plan_scorecard import label_of
from reports.plan_tables import JOINT, OVERLAP, SEPARATE
from reports.plan_words import part_words
from reports.wording import MISSING
from sim.roadmap.contributions import Contribution
from sim.roadmap.plan import PlanResult
from sim.roadmap.standing import Effect


def contributed(found: PlanResult) -> tuple[Listing, ...]:
    """A row a lever, a column a measure; as many tables as its columns need, none where it was not asked."""
    parts = [each for each in found.contributions if each.parts and each.joint.n]
    some = (parts[n : n + COLUMNS_AT_MOST] for n in range(0, len(parts), COLUMNS_AT_MOST))
    return tuple(_table(found, each) for each in some)


def _table(found: PlanResult, measures: Sequence[Contribution]) -> Listing:
    units = [_unit(found, each) for each in measures]
    heads = ("Lever", *(_head(found, each) for each in measures))
    names = [part.name for part in measures[0].parts]
    idle = without_effect(found)
    heads_of = [Cell(part_words(name), NO_TARGET if name in idle else "") for name in names]
    rows = [(head, *_part(n, measures, units)) for n, head in enumerate(heads_of)]
    sums = (
        (SEPARATE, [each.separate for each in measures]),
        (OVERLAP, [each.overlap for each in measures]),
        (JOINT, [each.joint for each in measures]),
    )
    return Listing(heads, (*rows, *(_sum(label, effects, measures, units) for label, effects in sums)))


def _unit(found: PlanResult, each: Contribution) -> str:
    return next(target.unit for target in found.targets if target.goal[:3] == each.key)


def _head(found: PlanResult, each: Contribution) -> str:
    target = next(target for target in found.targets if target.goal[:3] == each.key)
    points = ", points" if target.unit == "share" else ""
    return f"{label_of(target, found.scenario)}, day {each.window.last:,}{points}"


def _part(n: int, measures: Sequence[Contribution], units: Sequence[str]) -> tuple[Cell, ...]:
    cells = (
        Cell(_words(each, unit, each.parts[n].alone), _words(each, unit, each.parts[n].on_top))
        for each, unit in zip(measures, units, strict=True)
    )
    return tuple(map(_plainly, cells))


def _plainly(cell: Cell) -> Cell:
    """A dash where a lever moves nothing, neither alone nor on top of the others."""
    return Cell(MISSING) if cell.text == cell.below == MISSING else cell


def _sum(
    label: str, effects: Sequence[Effect], measures: Sequence[Contribution], units: Sequence[str]
) -> tuple[Cell, ...]:
    return (Cell(label, "", "sum"), *_sums(effects, measures, units))


def _sums(
    effects: Sequence[Effect], measures: Sequence[Contribution], units: Sequence[str]
) -> Iterator[Cell]:
    for effect, each, unit in zip(effects, measures, units, strict=True):
        yield Cell(_words(each, unit, effect), "", "sum")


def _words(each: Contribution, unit: str, effect: Effect) -> str:
    """A difference with its margin, points without their name; of exactly nothing, a dash."""
    if effect.mean == effect.half == 0.0:
        return MISSING
    words = str(effect_words(each.key[0], unit, effect))
    return words.replace(" points", "") if unit == "share" else words
