"""Why a formula and a simulation differ: each assumption's share, found by making it hold in both.

The gap is the simulated figure less the formula's. Where an assumption that the formula makes is made to
hold, the simulation comes nearer to it: what the gap loses is the assumption's share. An assumption that the
formula does not make moves both alike, and has none. One assumption more is made to hold at a time, on the
same chances, so that the shares and the rest add up to the gap.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from scenarios.model import Scenario
from sim.explain.assumptions import switched
from sim.explain.watch import Chances, Estimate, estimate_of, gap, horizon_bins, observe
from sim.pairing import Samples
from sim.progress import Tell

MEASURES: Final = ("service_level", "asa", "abandonment")

Figures = Mapping[str, float]
Formula = Callable[[Scenario], Figures]  # the measures of the queue; NaN or infinite where there is none


class Share(NamedTuple):
    """What an assumption of the formula does to the gap, by measure."""

    assumption: str
    effects: dict[str, Estimate]


class Shares(NamedTuple):
    """The gap of a queue, simulated less formula, by measure: NaN where the formula has no finite figure."""

    queue: str
    gap: dict[str, Estimate]
    shares: tuple[Share, ...]  # in the order in which the assumptions were made to hold
    rest: dict[str, Estimate]  # each interval as if it lasted for ever, and chance


class _Seen(NamedTuple):
    """A version: what was simulated, and what the formula says."""

    samples: dict[str, Samples]
    formula: Figures

    def gap(self, measure: str) -> Estimate:
        found = estimate_of(self.samples[measure])
        return Estimate(found.mean - _finite(self.formula[measure]), found.half)


def shares(
    scenario: Scenario,
    queue: str,
    base: Samples,
    formula: Formula,
    chances: Chances,
    tell: Tell = lambda: None,
) -> Shares:
    """The shares of a queue's assumptions, where `base` is what was simulated, by `MEASURES` in their order.

    It must come from the same chances as those given.
    """
    first = last = _Seen(
        {m: base.of([base.keys[n]], chances.replications) for n, m in enumerate(MEASURES)}, formula(scenario)
    )
    found = []
    for assumption, changed in switched(scenario, queue):
        seen = observe(changed, horizon_bins(changed), chances, tell)
        measured = {m: seen.samples(m, "queue", (queue,), 0) for m in MEASURES}
        now = _Seen(measured, formula(changed))
        found.append(Share(assumption, {m: _lost(last, now, m) for m in MEASURES}))
        last = now
    gaps, rest = ({m: each.gap(m) for m in MEASURES} for each in (first, last))
    return Shares(queue, gaps, tuple(found), rest)


def _lost(before: _Seen, after: _Seen, measure: str) -> Estimate:
    """What the gap loses from one version to the next."""
    simulated = gap(after.samples[measure], before.samples[measure])
    formula = _finite(before.formula[measure]) - _finite(after.formula[measure])
    return Estimate(simulated.mean - formula, simulated.half)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.nan
