"""Values of causes, changes, loop and roadmap that are allowed, and do nothing where they stand."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from scenarios.learning import ARTICLE_ON, BALANCED, BONUS, Loop
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.roadmap import USUAL_WINDOW_DAYS
from scenarios.spans import days_text, simulated_text
from scenarios.units import duration_text, share_text
from scenarios.week import DAY_S

ROWS_OF_EFFECTS: Final = (
    "the learning loop", "(the loop)", "sum of separate effects", "overlap", "all together",
)  # fmt: skip
"""Names that the table of what levers contribute has for rows of its own."""
_WEEK: Final = 7
_FEWEST_AFTER: Final = 3  # days of a change in force, before which no test says anything


class _Idle(NamedTuple):
    """A value of the loop that does nothing: where it is, when, and why."""

    place: Place
    is_so: Callable[[Loop], object]
    why: Callable[[Loop], str]


def _first_test(loop: Loop) -> int:
    return loop.validation.after_days[0] if loop.validation is not None else _FEWEST_AFTER


_IDLE: Final = (
    _Idle(
        ("weekly_review", "opens"),
        lambda loop: loop.weekly_review and loop.weekly_review.opens == 0,
        lambda _: "is 0, so the review opens no ticket, whatever it finds; write 1 or more",
    ),
    _Idle(
        ("quarterly", "share"),
        lambda loop: loop.quarterly and loop.quarterly.share == 0,
        lambda _: "is 0%, so no hour is committed; write more, or remove quarterly",
    ),
    _Idle(
        ("validation", "after", 0),
        lambda loop: _first_test(loop) < _FEWEST_AFTER,
        lambda loop: (
            f"is {days_text(_first_test(loop))}, and before {days_text(_FEWEST_AFTER)} no test says "
            "anything; write more"
        ),
    ),
    _Idle(
        ("detection", "cusum", "reference"),
        lambda loop: loop.detection and loop.detection.cusum and loop.detection.reference_days < _WEEK,
        lambda loop: (
            f"is {days_text(loop.detection.reference_days if loop.detection else 0)}, so of some weekdays "
            "nothing is usual and all that comes is an alarm; write 7 days or more"
        ),
    ),
)
"""What is said of the loop, and does nothing."""


def idle_findings(parts: Parts) -> Iterator[Finding]:
    """Warn of values that do nothing; all names are known."""
    loop = parts.plan.loop
    if loop is not None:
        told = (each for each in _IDLE if each.is_so(loop))
        yield from (Finding(("loop", *each.place), each.why(loop), "warning") for each in told)
    yield from _committed_twice(parts)
    yield from _of_changes(parts)
    yield from _of_horizon(parts)


def _committed_twice(parts: Parts) -> Iterator[Finding]:
    """Warn of a commitment of hours that are given to improvements anyhow."""
    loop = parts.plan.loop
    quarterly = loop.quarterly if loop is not None else None
    if quarterly is None:
        return
    given = parts.plan.owners[quarterly.owner].prevention
    if quarterly.share > 0 and round(quarterly.share + given, 9) > 1:
        message = (
            f"is {share_text(quarterly.share)}, and {quarterly.owner!r} gives {share_text(given)} to "
            f"improvements already (prevention): only {share_text(round(1 - given, 9))} can be committed; "
            "lower one of the two"
        )
        yield Finding(("loop", "quarterly", "share"), message, "warning")


def _of_changes(parts: Parts) -> Iterator[Finding]:
    for place, change in parts.plan.changes():
        if change.works == 0 and change.moves:
            message = "is 0%, so it never does anything; write how probably it does"
            yield Finding((*place, "works"), message, "warning")
        if parts.calendar is not None and change.ramp_s > parts.calendar.days * DAY_S:
            message = (
                f"is {duration_text(change.ramp_s)}, longer than "
                f"{simulated_text(parts.calendar.days)}, so its full effect is never seen; shorten it, or "
                "simulate more days"
            )
            yield Finding((*place, "ramp"), message, "warning")
    for name in parts.plan.levers:
        if name in parts.plan.remedies:
            message = (
                "has the name of a remedy too: both turn out alike, and no table tells them apart; rename one"
            )
            yield Finding(("roadmap", "levers", name), message, "warning")
    for place, _ in parts.plan.changes():
        name = str(place[-1])
        if name in (BONUS, BALANCED) or name.startswith(ARTICLE_ON):
            yield Finding(place, "has the name of something that the loop itself does; give it another")
        if " ".join(name.replace("_", " ").split()).lower() in ROWS_OF_EFFECTS:
            yield Finding(
                place, "has the name of a row in the table of what levers contribute; give it another"
            )


def _of_horizon(parts: Parts) -> Iterator[Finding]:
    """Warn of causes that begin after the last day, and of a window over more days than there are."""
    calendar, roadmap = parts.calendar, parts.plan.roadmap
    if calendar is None:
        return
    for name, cause in parts.life.causes.items():
        if cause.since is not None and (cause.since - calendar.start).days >= calendar.days:
            message = f"is {cause.since}, after the last day that is simulated; it brings nothing"
            yield Finding(("causes", name, "from"), message, "warning")
    if roadmap is not None and roadmap.window_days > max(calendar.days, USUAL_WINDOW_DAYS):
        message = (
            f"is {days_text(roadmap.window_days)}, more than {simulated_text(calendar.days)}, so "
            "each target is of all days up to its own; shorten it"
        )
        yield Finding(("roadmap", "window"), message, "warning")
