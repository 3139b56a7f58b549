"""Values of a resolved scenario that several of its parts write: times, opening hours, pay."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from scenarios.distributions import Distribution
from scenarios.fields import ALWAYS
from scenarios.pay import Pay, pay_text
from scenarios.units import duration_text, plain_number, share_text
from scenarios.week import CLOSED, DAY_NAMES, HOLIDAY, HOLIDAYS, Step, WeekSteps, Window, window_text

Written = dict[str, Any]


def without_absent(written: Written) -> Written:
    return {key: each for key, each in written.items() if each is not None}


def hours_written(steps: WeekSteps | None) -> Any:
    """Write opening hours by day; None is always, and no hour on holidays closed."""
    if steps is None:
        return ALWAYS
    windows = (
        (day, [window_text(window_of(step)) for step in each if step.value]) for day, each in by_day(steps)
    )
    return {day: each or CLOSED for day, each in windows}


def by_day(steps: WeekSteps) -> Iterator[tuple[str, list[Step]]]:
    """Yield the steps of each run of days that are alike, named as in ``mon-fri``."""
    per_day = [[step for step in steps if step.weekday == weekday] for weekday in range(7)]
    plain = [[step[1:] for step in of_day] for of_day in per_day]
    for _, run in groupby(range(7), key=plain.__getitem__):
        alike = list(run)
        if per_day[alike[0]]:
            ends = DAY_NAMES[alike[0]], DAY_NAMES[alike[-1]]
            yield "-".join(dict.fromkeys(ends)), per_day[alike[0]]
    on_holidays = [step for step in steps if step.weekday == HOLIDAY]
    if on_holidays:
        yield HOLIDAYS, on_holidays


def window_of(step: Step) -> Window:
    return Window(step.start_s, step.end_s)


def bare(value: float) -> int | float:
    """Write a whole number without a point, as heads and counts are."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def distribution_written(distribution: Distribution | None) -> Written | None:
    if distribution is None:
        return None
    written: Written = {distribution.kind: _parameters(distribution)}
    return {**written, "balk": share_text(distribution.balk)} if distribution.balk else written


def _parameters(given: Distribution) -> Any:
    """Write what makes a distribution; the mean of phases and quantiles follows from them."""
    if given.phases:
        return [{"share": share_text(p), "mean": duration_text(m)} for p, m in given.phases]
    if given.quantiles:
        return {share_text(p): duration_text(s) for p, s in given.quantiles}
    return {"mean": duration_text(given.mean_s), **_second_parameter(given)}


def _second_parameter(given: Distribution) -> Written:
    """Write what a kind takes beside its mean: of a gamma, whichever of cv and shape gives back both."""
    if given.k is not None:
        return {"k": given.k}
    if given.cv is not None and (given.shape is None or 1 / given.cv**2 == given.shape):
        return {"cv": bare(given.cv)}
    return {"shape": bare(given.shape)} if given.shape is not None else {}


def money_written(amount: float, currency: str) -> str | None:
    """Write an amount of money; one of nothing, in no currency, is absent."""
    return f"{plain_number(amount)} {currency}" if currency else None


def pay_written(pay: Pay | None) -> str | None:
    return pay_text(pay) if pay else None
