"""A plan on a terminal: its targets by day, how they stand, and what each lever contributes."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from reports.as_of_card import as_of_blocks, as_of_terms
from reports.blocks import NO_CELL, Block, Cell, Row
from reports.day_targets import (
    VERDICTS,
    asked_words,
    effect_words,
    probability_text,
    range_text,
    value_text,
)
from reports.difference_wording import MARK
from reports.plan_movers import is_beyond_chance, is_change, without_effect_told
from reports.plan_tables import JOINT, OVERLAP, SEPARATE
from reports.plan_words import assumption_words, part_words
from reports.scorecard import Scorecard
from reports.targets import Verdict
from reports.wording import MINUS, Words, share_text
from scenarios.model import Scenario
from scenarios.targets import SUBJECTS
from scenarios.uncertain_numbers import drawn_errors
from sim.attainment import FEW
from sim.case_measure import Key
from sim.checkpoints import Window
from sim.roadmap.contributions import Contribution
from sim.roadmap.plan import DayTarget, PlanResult
from sim.roadmap.sensitivity import Swing
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, WITHOUT_AT_MOST, Effect

_NOT_YET: Final = "not yet"
_DECISIVE: Final = 3  # assumptions that are shown for a measure, if they tell anything
SHARP: Final = 100  # replications, of which a probability is known to some 10 points at best


def plan_card(found: PlanResult) -> Scorecard:
    """The plan as the terminal shows it."""
    moved = (_contribution(found, each) for each in found.contributions if each.parts and each.joint.n)
    blocks = (_targets(found), nothing_done(found), *as_of_blocks(found), *decided(found), *moved)
    day = f" as of {found.as_of.date}" if found.as_of else ""
    title, judged = f"Plan of {found.scenario.name}{day}", standing(found.targets)
    return Scorecard(title, judged, verdict(found), blocks, _terms(found), _sure(found))


def standing(targets: Sequence[DayTarget]) -> Verdict | None:
    """The worst of all targets that can be measured."""
    seen = {VERDICTS[each.standing.status] for each in targets}
    return next((each for each in (Verdict.MISSED, Verdict.OPEN, Verdict.MET) if each in seen), None)


def missed(found: PlanResult) -> bool:
    """Whether a target is red."""
    return standing(found.targets) is Verdict.MISSED


def verdict(found: PlanResult) -> str:
    """The one line that a reader who reads no further should have read."""
    green, amber, red, open_ = (
        [each for each in found.targets if each.standing.status == status]
        for status in (GREEN, AMBER, RED, NOT_YET)
    )
    judged = len(found.targets) - len(open_)
    parts = [_how_many(len(green), judged)] if judged else ["No target can be measured yet."]
    parts += [f"At risk: {_listed(found, amber)}."] if amber else []
    parts += [f"Unlikely: {_listed(found, red)}."] if red else []
    parts += [f"Not measurable yet: {_listed(found, open_)}."] if open_ and judged else []
    return " ".join(parts)


def _how_many(green: int, judged: int) -> str:
    if judged == 1:
        return "The plan is likely to meet its target." if green else "The plan may well miss its target."
    if green == judged:
        return f"The plan is likely to meet {'both' if judged == 2 else f'all {judged}'} targets."
    return f"The plan is likely to meet {green or 'none'} of {judged} targets."


def _listed(found: PlanResult, targets: Sequence[DayTarget]) -> str:
    return "; ".join(_said(found, each) for each in targets)


def _said(found: PlanResult, each: DayTarget) -> str:
    """phone service level ≥ 80 % in 20 s by day 30 (62 %)."""
    probability = each.standing.probability
    sure = "" if math.isnan(probability) else f" ({probability_text(each.standing, brief=True)})"
    return f"{asked_words(each, found.scenario)} by day {each.goal.day}{sure}"


def _targets(found: PlanResult) -> Block:
    """Where the plan stands."""
    rows = tuple(Row(asked_words(each, found.scenario), tuple(_stands(each))) for each in found.targets)
    return Block("Target", ("by day", "status", "probability", "median", "P10–P90"), rows)


def _stands(each: DayTarget) -> Iterator[Cell]:
    stands, judged = each.standing, VERDICTS[each.standing.status]
    yield Cell(Words(f"{each.goal.day:,}"))
    yield Cell(Words(_NOT_YET if stands.status == NOT_YET else stands.status), judged)
    yield Cell(Words(probability_text(stands)), judged)
    yield Cell(Words(value_text(each, stands.spread.median)))
    yield Cell(Words(range_text(each, stands.spread)))


def nothing_done(found: PlanResult) -> Block:
    """What the scenario comes to without the plan."""
    rows = tuple(Row(asked_words(each, found.scenario), tuple(_gains(each))) for each in found.targets)
    return Block("Without the plan", ("by day", "mean", "probability", "the plan changes it by"), rows)


def _gains(each: DayTarget) -> Iterator[Cell]:
    yield Cell(Words(f"{each.goal.day:,}"))
    yield Cell(Words(value_text(each, each.baseline.mean)))
    yield Cell(Words(probability_text(each.without)), VERDICTS[each.without.status])
    yield Cell(effect_words(each.goal.measure, each.unit, each.effect))


def decided(found: PlanResult) -> Iterator[Block]:
    """Which assumptions decide, of those whose swing is more than chance."""
    rows = []
    for each in found.sensitivities:
        unit = next(target.unit for target in found.targets if target.goal[:3] == each.key)
        telling = [s for s in each.swings if is_beyond_chance(s.effect)][:_DECISIVE]
        for n, one in enumerate(telling):
            effect = from_least(found.scenario, one)
            cells = (effect_words(each.key[0], unit, effect), Words(f"{one.explained * 100.0:.0f} %"))
            name = assumption_words(found.scenario, one.assumption)
            whose = f"{_measured(each.key, each.window)}: {name}" if n == 0 else name
            rows.append(Row(whose, tuple(Cell(words) for words in cells), is_part=n > 0))
    if rows:
        yield Block("What decides", ("from its least to its most", "of what differs"), tuple(rows))


def from_least(scenario: Scenario, one: Swing) -> Effect:
    """The effect of an assumption from its least to its most: a change of −35 % is more than one of −5 %."""
    turned = is_change(scenario, one.assumption) and abs(one.low) > abs(one.high)
    return one.effect._replace(mean=-one.effect.mean) if turned else one.effect


def _measured(key: Key, window: Window) -> str:
    """Phone service level, days 3 to 30."""
    measure, scope, name = key
    whose = "" if scope == "all" else f"{name} "
    return f"{whose}{SUBJECTS[measure].words[0]}, days {window.first} to {window.last}"


def no_parts(found: PlanResult) -> str:
    """That there is nothing to tell apart, where that was asked for."""
    asked = found.contributions and not any(each.parts for each in found.contributions)
    return "The plan has no levers and no loop: there is nothing that could contribute." if asked else ""


def _contribution(found: PlanResult, each: Contribution) -> Block:
    """What each part brings to a measure, alone and on top; and how that adds up."""
    measure = each.key[0]
    unit = next(target.unit for target in found.targets if target.goal[:3] == each.key)

    def cell(effect: Effect) -> Cell:
        return Cell(effect_words(measure, unit, effect))

    rows = [Row(part_words(part.name), (cell(part.alone), cell(part.on_top))) for part in each.parts]
    sums = ((SEPARATE, each.separate), (OVERLAP, each.overlap), (JOINT, each.joint))
    rows += [Row(label, (cell(effect), Cell(NO_CELL)), is_part=True) for label, effect in sums]
    return Block(_measured(each.key, each.window), ("alone", "on top of the others"), tuple(rows))


def _terms(found: PlanResult) -> tuple[str, ...]:
    """What the words of the tables mean."""
    roadmap = found.scenario.roadmap
    assert roadmap is not None
    status = roadmap.status
    told = [
        *as_of_terms(found),
        f"By day N = {_window_words(roadmap.window_days)}; a case counts on the day on which it begins.",
        "P10 to P90 = eight of ten replications lie between; probability = the share of replications that "
        "meet the target, with its 95 % interval (Wilson; of Clopper and Pearson where fewer than "
        f"{FEW} meet or miss it). Green from {share_text(status.green)} on, amber from "
        f"{share_text(status.amber)} on, else red.",
        "Without the plan = the same replications without roadmap and loop, to which changes in brackets are "
        "relative; differences are paired, ± is half of their 95 % interval (Student's t), and "
        f"{MARK} marks those that leave out 0.",
    ]
    if any(each.standing.status == NOT_YET for each in found.targets):
        told.append(
            f"{_NOT_YET.capitalize()} = {NOT_YET}, since more than {share_text(WITHOUT_AT_MOST)} of the "
            "replications have no value: the day lies beyond the horizon, or nothing came to be measured"
            f"{', or facts do not tell it' if found.as_of else ''}."
        )
    if any(decided(found)):
        told.append(
            "What decides = by how much a measure differs from where an assumption is at its least to where "
            "it is at its most: of a change from its smallest size to its largest, which is the hopeful end; "
            "of an uncertain number from low to high. Eight of ten replications lie between (P10 to P90); on "
            "a straight line through them, with the share of their variance that goes with it."
        )
    if no_parts(found):
        told.append(no_parts(found))
    elif found.contributions:
        told.append(
            "Alone = added to the scenario without the plan; on top of the others = the plan less the plan "
            f"without it. {SEPARATE.capitalize()} {MINUS} {OVERLAP} = {JOINT}: an overlap with the sign of "
            "the effect would be counted twice; with the other sign, the levers help each other."
        )
    if without_effect_told(found):
        told.append(without_effect_told(found))
    return tuple(told)


def _window_words(days: int) -> str:
    if days == 1:
        return "on day N of the horizon alone"
    return f"over the {days} days that end with day N of the horizon, fewer at its start"


def _sure(found: PlanResult) -> str:
    n = found.replications
    more = "" if n >= SHARP else "; 200 would tell probabilities more sharply"
    unsure = ["the ranges of changes"] if found.followed.extra and any(found.followed.extra) else []
    unsure += ["uncertain numbers"] if drawn_errors(found.scenario) else []
    also = f", {' and '.join(unsure)}" if unsure else " alone"
    return (
        f"{n:,} replications of the plan and as many without it, on the same chances{more}. "
        f"Chance{also}: not how well the scenario describes your team."
    )
