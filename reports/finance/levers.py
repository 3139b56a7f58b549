"""What several changes are worth together: volume first, then repeats and handle time of what remains.

Each takes a share of what those before have left, so together they are never worth more than the contacts
there are, and the order of those of a kind changes nothing. In exact fractions.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

from scenarios.problems import nearest

KINDS: Final = ("volume", "repeats", "handle_time")
"""What a lever lowers, in the order in which levers are applied."""
Number = Decimal | Fraction | int
Exact = TypeVar("Exact", Decimal, Fraction)


class Lever(NamedTuple):
    """A change that takes ``share`` (0 to 1) away, of what is there: contacts, repeats or handle time.

    Contacts that a lever of volume takes away have ``handle_time`` of the mean handle time.
    """

    name: str
    kind: str
    share: Number
    handle_time: Number = 1


class Part(NamedTuple):
    """What one lever takes of what those before have left: contacts, and work in the unit of handle time."""

    name: str
    kind: str
    contacts: Fraction
    work: Fraction


class Together(NamedTuple):
    """What remains after all levers, and what each has taken: both add up to what was there."""

    contacts: Fraction
    work: Fraction
    parts: tuple[Part, ...]

    @property
    def handle_time(self) -> Fraction:
        """Mean handle time of what remains; 0 if nothing does."""
        return self.work / self.contacts if self.contacts else Fraction(0)

    @property
    def saved_contacts(self) -> Fraction:
        return sum((each.contacts for each in self.parts), Fraction(0))

    @property
    def saved_work(self) -> Fraction:
        return sum((each.work for each in self.parts), Fraction(0))


class _Left(NamedTuple):
    """What is left so far; ``repeats`` is the share of contacts that come because of an earlier one."""

    contacts: Fraction
    work: Fraction
    repeats: Fraction


def residual_handle_time(mean: Exact, deflected: Exact, ratio: Exact) -> Exact:
    """Mean handle time of those who stay: mean × (1 - d r) / (1 - d), if share d goes at r times the mean.

    ValueError unless 0 <= d < 1 and 0 <= d r <= 1.
    """
    if not (0 <= deflected < 1 and 0 <= deflected * ratio <= 1):
        raise ValueError(
            f"a share of {deflected} at {ratio} times the mean cannot go away: the share is from 0 to "
            "below 1, and the work of it at most all"
        )
    return mean * (1 - deflected * ratio) / (1 - deflected)


def workload_saved(deflected: Exact, ratio: Exact) -> Exact:
    """The share of work that goes with share d of contacts at r times the mean handle time: d r."""
    return deflected * ratio


def levers_together(
    contacts: Number, handle_time: Number, levers: Sequence[Lever], repeats: Number = 0
) -> Together:
    """Levers of all kinds on contacts of a mean handle time, of which ``repeats`` (0 to 1) are repeats.

    A problem brings 1 / (1 - r) contacts if each of them is followed by another with chance r (the sum of a
    geometric series), so less repeats mean fewer contacts by that. ValueError for shares beyond 0 to 1.
    """
    if contacts < 0 or handle_time < 0 or not 0 <= repeats < 1:
        raise ValueError(
            f"{contacts} contacts of {handle_time}, of which a share of {repeats} repeats, cannot be: "
            "contacts and handle time are 0 or more, the share is from 0 to below 1"
        )
    for each in levers:
        _check(each)
    left = _Left(Fraction(contacts), Fraction(contacts) * Fraction(handle_time), Fraction(repeats))
    parts = []
    for lever in sorted(levers, key=lambda each: KINDS.index(each.kind)):
        after = _after(left, lever)
        parts.append(
            Part(lever.name, lever.kind, left.contacts - after.contacts, left.work - after.work),
        )
        left = after
    return Together(left.contacts, left.work, tuple(parts))


def _after(left: _Left, lever: Lever) -> _Left:
    stays = 1 - Fraction(lever.share)
    if lever.kind == "handle_time":
        return left._replace(work=left.work * stays)
    if lever.kind == "volume":
        work = left.work * (1 - Fraction(lever.share) * Fraction(lever.handle_time))
        return left._replace(contacts=left.contacts * stays, work=work)
    fewer = (1 - left.repeats) / (1 - left.repeats * stays)
    return _Left(left.contacts * fewer, left.work * fewer, left.repeats * stays)


def _check(lever: Lever) -> None:
    """Raise ValueError where a lever cannot be."""
    name, kind, share, ratio = lever
    if kind not in KINDS:
        raise ValueError(f"{name}: {kind!r} is none of {', '.join(KINDS)}{nearest(kind, KINDS)}")
    if not (_finite(share) and _finite(ratio) and 0 <= share <= 1):
        raise ValueError(f"{name}: a share of {share} is outside 0 to 1, or {ratio} no number; check both")
    if kind != "volume" and ratio != 1:
        raise ValueError(f"{name}: only a lever of volume takes contacts with a handle time of their own")
    if not 0 <= Fraction(share) * Fraction(ratio) <= 1 or (share == 1 and ratio != 1):
        raise ValueError(
            f"{name}: a share of {share} at {ratio} times the mean handle time is not there; check both"
        )


def _finite(number: Number) -> bool:
    return not isinstance(number, Decimal) or number.is_finite()
