"""Customers who come back about a solved case: where all of them would, a case would never end."""

from collections.abc import Iterator
from typing import NamedTuple, Self

from scenarios.closing import Closing
from scenarios.model import Group
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.units import duration_text, share_text

_CLOSE = 1e-9  # of a sum of shares to 1


def returns_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with the section ``closing``, by itself and with the people of groups."""
    closing = parts.life.closing
    if closing is None:
        return
    reopens, repeats = _shares(closing)
    if reopens + repeats >= 1 - _CLOSE:
        yield _all_of_them(closing)
    else:
        steps = max((len(path.steps) for path in parts.life.paths.values()), default=1)
        for name, group in parts.groups.items():
            yield from _worked_badly(_Badly.of(name, group), reopens, repeats, steps)
    if closing.confirms is not None and closing.confirms.after.mean_s > closing.closes_after_s:
        mean, closes = map(duration_text, (closing.confirms.after.mean_s, closing.closes_after_s))
        message = f"come after {mean} on average, and cases are closed after {closes} already"
        yield Finding(("closing", "confirms", "after"), message, "warning")


def _shares(closing: Closing) -> tuple[float, float]:
    """Return the shares (0-1) of solved cases that are reopened, and that are repeated."""
    reopens, repeats = closing.reopens, closing.repeats
    return reopens.share if reopens is not None else 0.0, repeats.share if repeats is not None else 0.0


def _all_of_them(closing: Closing) -> Finding:
    """Say that no case would stay solved, where one share says so, or both together."""
    reopens, repeats = _shares(closing)
    why = "no case would ever stay solved; write less than 100%"
    for key, share in (("reopens", reopens), ("repeats", repeats)):
        if share >= 1 - _CLOSE:
            return Finding(("closing", key, "share"), f"is 100% of solved cases: {why}")
    both = share_text(round(reopens + repeats, 6))
    return Finding(("closing",), f"reopens and repeats sum to {both} of solved cases: {why} in all")


class _Badly(NamedTuple):
    """How often more than usual the work of a group comes back: of the new, in a hurry; and who says so."""

    new: float
    hurried: float
    place: Place

    @classmethod
    def of(cls, name: str, group: Group) -> Self:
        weeks = group.ramp.weeks if group.ramp is not None else ()
        new, first = max(((week.reopens, -i) for i, week in enumerate(weeks)), default=(1.0, 0))
        if group.hurry is not None and group.hurry.reopens > 0:
            return cls(new, 1 + group.hurry.reopens, ("groups", name, "hurry", "reopens"))
        return cls(new, 1.0, ("groups", name, "ramp", "weeks", -first, "reopens"))


def _worked_badly(badly: _Badly, reopens: float, repeats: float, steps: int) -> Iterator[Finding]:
    """Find groups whose new or hurried agents would have all cases, or more than all, come back."""
    by = badly.new * badly.hurried
    once, often = by * reopens, by**steps * reopens
    if once + repeats >= 1 - _CLOSE:
        times = " times ".join(share_text(each) for each in (reopens, badly.new, badly.hurried) if each != 1)
        message = (
            f"has {share_text(round(once, 6))} of this group's cases reopened ({times}), and "
            f"{share_text(repeats)} repeated; less than 100% can be in all; lower it, or shares in closing"
        )
        yield Finding(badly.place, message)
    elif often + repeats >= 1 - _CLOSE:
        message = (
            f"brings every case back that has had {steps} steps with such agents: each multiplies the share "
            f"reopened by {share_text(round(by, 6))}; lower it, or the shares in closing"
        )
        yield Finding(badly.place, message, "warning")
