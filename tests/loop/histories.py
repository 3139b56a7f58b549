"""Daily numbers of a cause and of a control in many worlds, drawn plainly; how often a verdict is given."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.loop import power, validation
from sim.loop.validation import Finding

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FLAT: Final = (1.0,) * 7
WEEK: Final = (1.2, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3)
OTHER_WEEK: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.7)
WORKING: Final = (1.2, 1.0, 1.0, 1.0, 0.9, 0.0, 0.0)


class Setting(NamedTuple):
    """A world: means a day, cv of gamma day factors, growth a week on the logarithm."""

    name: str
    volume: float
    control: float  # 0: none
    before: int
    after: int
    own_cv: float = 0.0  # of cause and control, each for itself
    shared_cv: float = 0.0
    week: tuple[float, ...] = FLAT
    control_week: tuple[float, ...] = FLAT
    common: float = 0.0
    own: float = 0.0
    first: int = 0  # weekday of the first day


class History(NamedTuple):
    """[change, day]; the control may be missing."""

    cause: Ints
    control: Ints | None


def histories(setting: Setting, n: int, seed: int, effect: float = 0.0) -> History:
    """What happened around n changes with a relative effect."""
    rng = np.random.default_rng(seed)
    days = np.arange(setting.before + setting.after)
    weeks = (days - setting.before) / 7.0
    weekday = (days + setting.first) % 7
    shared = factors(rng, setting.shared_cv, (n, len(days)))

    def drawn(volume: float, week: tuple[float, ...], growth: float, change: float) -> Ints:
        mean = volume * np.array(week)[weekday] * np.exp(growth * weeks)
        mean = mean * np.where(days < setting.before, 1.0, 1.0 + change)
        return rng.poisson(mean * shared * factors(rng, setting.own_cv, shared.shape))

    cause = drawn(setting.volume, setting.week, setting.common + setting.own, effect)
    if not setting.control:
        return History(cause, None)
    return History(cause, drawn(setting.control, setting.control_week, setting.common, 0.0))


def factors(rng: np.random.Generator, cv: float, shape: tuple[int, ...]) -> Floats:
    """Gamma factors with mean 1."""
    return rng.gamma(cv**-2, cv**2, shape) if cv else np.ones(shape)


def judged(setting: Setting, history: History, expected: float) -> list[Finding]:
    """The finding on each change."""
    return [
        validation.contacts(cause, control, setting.before, expected=expected)
        for cause, control in each(history)
    ]


def predicted(setting: Setting, history: History, expected: float) -> list[power.Outlook]:
    """What was said before each change."""
    days = setting.before
    return [
        power.contacts(
            cause[:days],
            None if control is None else control[:days],
            expected=expected,
            after_days=(setting.after,),
        )[0]
        for cause, control in each(history)
    ]


def each(history: History) -> list[tuple[Ints, Ints | None]]:
    """Change by change."""
    n = len(history.cause)
    return [(history.cause[i], None if history.control is None else history.control[i]) for i in range(n)]


def share(findings: list[Finding]) -> float:
    """How many are validated."""
    return sum(each.verdict == validation.VALIDATED for each in findings) / len(findings)


class Times(NamedTuple):
    """Handle times of one world: lognormal (cv 1), days that differ for the cause alone and for all."""

    name: str
    volume: float
    control: float
    before: int
    after: int
    cv: float = 1.0
    own_cv: float = 0.0
    shared_cv: float = 0.0
    own: float = 0.0


def times(world: Times, n: int, seed: int, effect: float = 0.0) -> tuple[Ints, Ints, Ints, Ints]:
    """Time (ticks) and contacts by [change, day], of the cause and of the control; 300 s each on average."""
    rng = np.random.default_rng(seed)
    days = np.arange(world.before + world.after)
    shape = (n, len(days))
    busy, shared = factors(rng, 0.2, shape), factors(rng, world.shared_cv, shape)
    handled, others = rng.poisson(world.volume * busy), rng.poisson(world.control * busy)
    spread = np.sqrt(np.log1p(world.cv**2))
    single = np.concatenate(([0.0], np.cumsum(rng.lognormal(-(spread**2) / 2.0, spread, handled.sum()))))
    last = np.cumsum(handled)
    summed = (single[last] - single[last - handled.ravel()]).reshape(shape)
    # of the many contacts of the control, sums are gamma
    rest = np.where(others > 0, rng.gamma(np.maximum(others, 1)), 0.0)
    change = np.exp(world.own * (days - world.before) / 7.0) * np.where(
        days < world.before, 1.0, 1.0 + effect
    )
    mine = summed * change * shared * factors(rng, world.own_cv, shape)
    return tuple(
        np.rint(3e8 * x).astype(np.int64) if x.dtype == float else x
        for x in (mine, handled, rest * shared, others)
    )  # type: ignore[return-value]


def many(judge: Callable[..., Finding], rows: tuple[Ints, ...]) -> list[Finding]:
    """A verdict on each change, from rows [change, day]."""
    return [judge(*row) for row in zip(*rows, strict=True)]
