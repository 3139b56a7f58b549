"""Versions of a scenario side by side: the first is the one that all others are held against."""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.figures import figures_of
from reports.formula import BY_FORMULA
from scenarios.difference import difference
from scenarios.model import Scenario

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.experiment import Result

LABELS: Final = ("measure", "scope", "name", "version", "against", "pairing", "unit")
COLUMNS: Final = (
    *("measure", "scope", "name", "version", "against", "value", "value_against", "difference"),
    *("se", "low", "high", "narrower", "pairing", "unit"),
)
PAIRED: Final = "paired"
INDEPENDENT: Final = "independent"
Key = tuple[str, str, str]  # measure, scope, name


class Version(NamedTuple):
    """One version as it was simulated; tables as in `sim.experiment.Result`."""

    label: str
    scenario: Scenario
    seed: int
    replications: int
    engine: str
    version: str
    measures: "pd.DataFrame"
    intervals: "pd.DataFrame"
    samples: "pd.DataFrame"
    attainment: "pd.DataFrame"
    days: "pd.DataFrame | None" = None


class Change(NamedTuple):
    """A figure in a version and in the first one; `low` and `high` are of the difference, NaN without."""

    key: Key
    value: float  # NaN where the version has no such figure
    value_against: float
    difference: float
    se: float
    low: float
    high: float
    narrower: float  # than with chances of their own: se of independent versions / se; NaN if unknown
    pairing: str  # paired, independent, or nothing where the two cannot be held against each other
    unit: str

    @property
    def has_interval(self) -> bool:
        return not math.isnan(self.low)

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.has_interval and not self.low <= 0 <= self.high


class Against(NamedTuple):
    """A version held against the first one."""

    version: Version
    changes: dict[Key, Change]
    inputs: tuple[str, ...]  # what differs in the scenarios
    unpaired: str  # why figures are not paired; nothing if they are
    replications: int  # that both have, if paired
    two_things: dict[Key, str]  # figures of one name that cannot be compared, and why


class Comparison(NamedTuple):
    """What a comparison found."""

    versions: tuple[Version, ...]
    others: tuple[Against, ...]  # all versions but the first
    differences: "pd.DataFrame"  # COLUMNS, one row a figure and version
    verdict: str

    @property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """What differs in the scenario of each version from that of the first, as lines."""
        return {each.version.label: each.inputs for each in self.others}


def version_of(label: str, result: "Result") -> Version:
    """A result as a version."""
    return Version(
        label,
        result.scenario,
        result.seed,
        result.replications,
        result.engine,
        result.version,
        result.measures,
        result.intervals,
        result.samples,
        result.attainment,
        result.days,
    )


def compare_versions(versions: Sequence[Version]) -> Comparison:
    """Hold every version against the first one."""
    from reports.comparison_verdict import verdict

    first, *rest = versions
    others = tuple(_against(first, each) for each in rest)
    return Comparison(
        tuple(versions), others, _frame(first, others), " ".join(verdict(first, each) for each in others)
    )


def _against(first: Version, other: Version) -> Against:
    reason = why_not_paired(first, other)
    common = min(first.replications, other.replications)
    apart = _two_things(first, other)
    changes = {change.key: change for change in _changes(first, other, not reason, common, apart)}
    lines = tuple(difference(first.scenario, other.scenario))
    return Against(other, changes, lines, reason, common, apart)


def why_not_paired(first: Version, other: Version) -> str:
    """What two versions do not share that pairs need, in words; nothing if they are paired."""
    if computed := by_formula(first, other):
        return f"{' and '.join(computed)} {'are' if len(computed) > 1 else 'is'} by formulas, without chance"
    for what, one, its in (
        ("seed", first.seed, other.seed),
        ("version of careloop", first.version, other.version),
        ("engine", first.engine, other.engine),
    ):
        if one != its:
            return f"{first.label} and {other.label} have not the same {what} ({one} and {its})"
    return ""


def by_formula(*versions: Version) -> tuple[str, ...]:
    """The labels of those that are computed: without chance, and so without an interval of any difference."""
    return tuple(each.label for each in versions if each.engine == BY_FORMULA)


def _changes(
    first: Version, other: Version, pairs: bool, common: int, apart: Collection[Key]
) -> Iterator[Change]:
    """All figures of both versions: those of the first in its order, then those that only the other has."""
    one, two = figures_of(first.measures).by_key, figures_of(other.measures).by_key
    shared = _of_both(first, other, pairs, common, apart)
    nan = math.nan
    for key in (*one, *(key for key in two if key not in one)):
        value, against = (figures[key].mean if key in figures else nan for figures in (two, one))
        units = dict.fromkeys(figures[key].unit for figures in (one, two) if key in figures)
        alone = Change(key, value, against, nan, nan, nan, nan, nan, "", " and ".join(units))
        yield shared.get(key, alone)


def _two_things(first: Version, other: Version) -> dict[Key, str]:
    """The figures of one name that are two different things, and what makes them so, in words."""
    one, two = figures_of(first.measures).by_key, figures_of(other.measures).by_key
    found = {}
    for key in (key for key in one if key in two):
        units = one[key].unit, two[key].unit
        if units[0] != units[1]:
            found[key] = " and ".join(f"in {unit or 'no currency'}" for unit in units)
        elif key[0] == "service_level" and _formulas(first.scenario, key) != _formulas(other.scenario, key):
            found[key] = "by other definitions"
    return found


def _formulas(scenario: Scenario, key: Key) -> set[tuple[object, ...]]:
    """By which formulas, and within which times, a service level counts: that of its queue, or of all."""
    of_stream = {name: stream.queue for name, stream in scenario.streams.items()}
    one = {"queue": key[2], "stream": of_stream.get(key[2], "")}.get(key[1])
    return {
        (queue.service_level, queue.target.within_s, queue.short_abandon_s)
        for name, queue in scenario.queues.items()
        if queue.target is not None and one in (None, name)
    }


def _of_both(
    first: Version, other: Version, pairs: bool, common: int, apart: Collection[Key]
) -> dict[Key, Change]:
    """The figures that both versions have, but those `apart`, with the interval of their difference.

    Over all replications of a version its value is that of its own tables; over fewer, a ratio of means,
    and for a quantile of the waits the mean of the replications' quantiles.
    """
    from sim.pairing import independent, paired, samples_of

    one, two = figures_of(first.measures).by_key, figures_of(other.measures).by_key
    samples = samples_of(first.samples), samples_of(other.samples)
    known = set(samples[0].keys) & set(samples[1].keys)
    both = [key for key in one if key in two and key in known and key not in apart]
    sizes = (common, common) if pairs else (first.replications, other.replications)
    gap = (paired if pairs else independent)(*(s.of(both, n) for s, n in zip(samples, sizes, strict=True)))
    is_whole = first.replications == sizes[0], other.replications == sizes[1]
    found = {}
    for key, ratio_first, ratio_other, *spread in zip(both, *(_finite(each) for each in gap), strict=True):
        against = one[key].mean if is_whole[0] else ratio_first
        value = two[key].mean if is_whole[1] else ratio_other
        found[key] = _change(key, value, against, spread, pairs, one[key].unit)
    return found


def _change(
    key: Key, value: float, against: float, spread: Sequence[float], pairs: bool, unit: str
) -> Change:
    """A change with its interval; `spread` is standard error, half an interval, and how much narrower."""
    se, half, narrower = spread
    gap = value - against
    if se == 0 and math.isclose(value, against, rel_tol=1e-12):
        gap = 0.0  # the same, but for the order in which replications were added up
    pairing = PAIRED if pairs else INDEPENDENT
    return Change(key, value, against, gap, se, gap - half, gap + half, narrower, pairing, unit)


def _finite(values: "NDArray[np.float64]") -> list[float]:
    """Values with NaN for what is beyond all numbers, as a saved run may have it."""
    return [value if math.isfinite(value) else math.nan for value in values.tolist()]


def _frame(first: Version, others: Sequence[Against]) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (*c.key, each.version.label, first.label, *c[1:8], c.pairing, c.unit)
        for each in others
        for c in each.changes.values()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
