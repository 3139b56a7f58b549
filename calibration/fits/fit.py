"""What every fit hands on: parameters with intervals, how well it fits, what to beware of, a plot, a law."""

from typing import Any, Literal, NamedTuple

from calibration.fits.wording import in_unit, interval_words

CautionKind = Literal[
    "small_sample",  # intervals are rough
    "few_events",  # hardly anybody gave up
    "nobody_gave_up",
    "nothing_seen",
    "no_variation",  # all durations are the same
    "no_family",  # quantiles as observed instead
    "spike",  # very short ones, far more than the law of the rest explains
    "zeros",
    "rounded",  # coarse steps in the records
    "far_out",  # a few absurdly long ones
    "heavy_censoring",  # most were answered before they would have given up
    "tail_guessed",  # longer than anything that was seen
    "naive_mean",  # the mean wait of who gave up is not patience
    "uneven",  # one category or agent has nearly everything
]


class Parameter(NamedTuple):
    """A number with its standard error and its 95 % interval; NaN where there is none."""

    name: str
    value: float
    low: float
    high: float
    se: float
    unit: str  # "s", or "" for a pure number


class Caution(NamedTuple):
    """What a reader must know before using a fit: a code for programs, words for people."""

    kind: CautionKind
    text: str


class Trace(NamedTuple):
    """A line of a plot, with a band where `low` and `high` are given."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    style: Literal["line", "step", "points"] = "line"


class Plot(NamedTuple):
    """A plot as data."""

    title: str
    x_label: str
    y_label: str
    traces: tuple[Trace, ...]
    log_x: bool = False


class Fit(NamedTuple):
    """An estimate from `n` observations; `distribution` is what a scenario takes (empty: leave it out)."""

    what: str
    family: str
    n: int
    parameters: tuple[Parameter, ...]
    goodness: tuple[tuple[str, float], ...]
    cautions: tuple[Caution, ...]
    distribution: dict[str, Any]
    plot: Plot

    def parameter(self, name: str) -> Parameter:
        """A parameter by its name. Raises ``KeyError`` with the names there are."""
        for each in self.parameters:
            if each.name == name:
                return each
        raise KeyError(f"{name!r} is none of {', '.join(each.name for each in self.parameters)}")

    def summary(self) -> str:
        """Lines for people: the law, its numbers with their intervals, how well it fits, and cautions."""
        lines = [f"{self.what}: {self.family}, n = {self.n:,}"]
        lines += [f"  {each.name}: {_told(each)}" for each in self.parameters]
        if self.goodness:
            lines.append("  fit: " + ", ".join(_figure(name, value) for name, value in self.goodness))
        lines += [f"  beware: {each.text}" for each in self.cautions]
        return "\n".join(lines)


def _told(given: Parameter) -> str:
    return interval_words(given.value, given.low, given.high, given.unit)


def _figure(name: str, value: float) -> str:
    """A figure of goodness: what ends in _s is a time."""
    return f"{name.removesuffix('_s')} {in_unit(value, 's' if name.endswith('_s') else '')}"
