"""Why a queue's formula and its simulation differ: each assumption's share, computed and in words."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from reports.blocks import Block, Cell, Row
from reports.comparison import PAIRED, Change
from reports.difference_wording import say_difference
from reports.formula import MEASURED
from reports.wording import Words

if TYPE_CHECKING:
    from scenarios.model import Scenario
    from sim.experiment import Result
    from sim.explain.shares import Figures, Shares
    from sim.explain.watch import Estimate

WORDS: Final = {
    "uncertainty": "uncertain numbers",
    "others": "other work of its people",
    "passed_on": "contacts passed on to it",
    "passing_on": "contacts passed on from it",
    "backlog": "a backlog at the start",
    "closing": "what happens at closing",
    "places": "a limited line",
    "retries": "retries",
    "busyness": "busyness",
    "long_days": "handle time by day",
    "handle_time": "handle times",
    "alike": "streams that are not alike",
    "patience": "patience",
    "balking": "balking",
}
REST: Final = "no interval lasts; chance"
SUM: Final = "simulated less formula"
HOW: Final = (
    "Each row tells how far the difference shrinks when the formula is right in this too, and in all above: "
    "another simulation on the same chances. The rows add up; ± is half of a 95 % interval."
)
_UNITS: Final = {"service_level": "share", "asa": "s", "abandonment": "share"}


def shares_of(
    result: "Result", workers: int | None = None, progress: Callable[[int, int | None], None] | None = None
) -> "tuple[Shares, ...]":
    """The shares of every queue that has a formula; each costs a re-run of a part of the scenario."""
    from sim.explain.shares import MEASURES, shares
    from sim.explain.watch import Chances
    from sim.pairing import samples_of
    from sim.progress import counting

    samples = samples_of(result.samples)
    chances, tell = Chances(result.seed, result.replications, workers), counting(progress, None)
    return tuple(
        shares(
            result.scenario,
            queue,
            samples.of([(measure, "queue", queue) for measure in MEASURES], result.replications),
            partial(formula_figures, queue=queue),
            chances,
            tell,
        )
        for queue in explained_queues(result.scenario)
    )


def explained_queues(scenario: "Scenario") -> Iterator[str]:
    """The queues with a formula and with a service level to hold it against."""
    from sim.formula import horizon_of, over_horizon, remarks_of

    found = horizon_of(scenario)
    for each in remarks_of(scenario):
        if each.formula and not math.isnan(over_horizon(found, each.queue, "service_level")):
            yield each.queue


def formula_figures(scenario: "Scenario", queue: str) -> "Figures":
    """What the formula says of a queue."""
    from sim.formula import horizon_of, over_horizon

    found = horizon_of(scenario)
    return {measure: over_horizon(found, queue, measure) for measure in _UNITS}


def shares_block(each: "Shares") -> Block:
    """A table of one queue: a row for each assumption, the rest, and what they add up to."""
    rows = [_row(WORDS[share.assumption], share.effects) for share in each.shares]
    rows += [_row(REST, each.rest), _row(SUM, each.gap)]
    return Block(f"Queue {each.queue}: because of", tuple(MEASURED.values()), tuple(rows))


def _row(label: str, effects: "dict[str, Estimate]") -> Row:
    return Row(label, tuple(Cell(_words(effects[measure], unit)) for measure, unit in _UNITS.items()))


def _words(effect: "Estimate", unit: str) -> Words:
    nan = math.nan
    change = Change(("", "", ""), nan, nan, effect.mean, nan, effect.low, effect.high, nan, PAIRED, unit)
    return say_difference(change, tell_missing=False, mark=False)


def shares_rows(found: "tuple[Shares, ...]") -> list[dict[str, Any]]:
    """The shares as rows for machines; the rest is `stationary`, what all add up to `gap`."""
    return [
        {
            "queue": each.queue,
            "assumption": name,
            "measure": measure,
            **_numbers(effect),
            "unit": _UNITS[measure],
        }
        for each in found
        for name, effects in (
            *((share.assumption, share.effects) for share in each.shares),
            ("stationary", each.rest),
            ("gap", each.gap),
        )
        for measure, effect in effects.items()
    ]


def _numbers(effect: "Estimate") -> dict[str, float | None]:
    values = {"mean": effect.mean, "low": effect.low, "high": effect.high}
    return {name: None if math.isnan(value) else value for name, value in values.items()}
