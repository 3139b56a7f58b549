"""The sum on the back of an envelope, and what it leaves out: step by step from the claim to what is left.

The claim is contacts × share deflected × cost of a contact. It is wrong where the share is of fewer contacts
than are counted, where some of those deflected come after all, where they are shorter than the others, and
where a contact that goes away saves less than the average one costs.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from reports.finance.money import CONTEXT, cents_text, to_cents
from reports.wording import number_text, share_text
from scenarios.business_case import COUNTED

UNITS: Final = dict(
    zip(COUNTED, ("contacts", "contacts offered", "attempts", "page views"), strict=True),
)
"""What a claim counts, in words."""
CLAIMED: Final = "claimed"
BASE: Final = "deflection base"
BOUNCES: Final = "bounce-back"
MIX: Final = "mix"
AVERAGE: Final = "average cost used as marginal"
EQUIVALENTS: Final = "average-contact equivalents"
_NONE, _ALL = Decimal(0), Decimal(1)


class Envelope(NamedTuple):
    """A claim for a year, and what is known of what it leaves out; shares are 0 to 1.

    ``contacts`` is how many of ``counts`` there are, ``deflects`` the share of them said to go away, each for
    ``cost_per_contact``. The change is about ``share`` of them; ``bounces`` of these come after all; the
    others take ``handle_time`` of the mean handle time; one that goes away saves ``marginal_cost``.
    ``reinvested`` is what is spent of it.
    """

    contacts: Decimal
    deflects: Decimal
    cost_per_contact: Decimal
    marginal_cost: Decimal
    currency: str
    counts: str = "contacts"
    share: Decimal = _ALL
    bounces: Decimal = _NONE
    handle_time: Decimal = _ALL
    reinvested: Decimal = _NONE


class Step(NamedTuple):
    """A step of a bridge: ``amount`` is what is left after it, to the cent, ``difference`` what that changes.

    ``quantity`` in ``unit`` is what the amount is for, unrounded. The first step changes nothing.
    """

    name: str
    quantity: Decimal
    unit: str
    amount: Decimal
    difference: Decimal
    why: str


class Bridge(NamedTuple):
    """From what is claimed to what is left; the differences of its steps add up to that exactly."""

    steps: tuple[Step, ...]
    currency: str
    reinvested: Decimal

    @property
    def claimed(self) -> Decimal:
        """The claim, before anything is spent of it."""
        return self.steps[0].amount

    @property
    def honest(self) -> Decimal:
        """What is left of it: worth of people's time (capacity), not yet money that can be cashed."""
        return self.steps[-1].amount

    @property
    def claimed_net(self) -> Decimal:
        """The claim less what is reinvested."""
        return self.claimed - self.reinvested

    @property
    def honest_net(self) -> Decimal:
        """What is left, less what is reinvested."""
        return self.honest - self.reinvested


def bridge(envelope: Envelope) -> Bridge:
    """The steps from the claim of an envelope; ValueError for shares beyond 0 to 1, and below nothing."""
    _check(envelope)
    with localcontext(CONTEXT):
        return Bridge(_steps(envelope), envelope.currency, to_cents(envelope.reinvested, envelope.currency))


def _steps(e: Envelope) -> tuple[Step, ...]:
    claimed = e.contacts * e.deflects
    about = claimed * e.share
    net = about * (1 - e.bounces)
    equal = net * e.handle_time
    rows = (
        (CLAIMED, claimed, UNITS[e.counts], e.cost_per_contact, _why_claimed),
        (BASE, about, "contacts attempted", e.cost_per_contact, _why_base),
        (BOUNCES, net, "contacts net", e.cost_per_contact, _why_bounces),
        (MIX, equal, EQUIVALENTS, e.cost_per_contact, _why_mix),
        (AVERAGE, equal, EQUIVALENTS, e.marginal_cost, _why_average),
    )
    amounts = [to_cents(quantity * cost, e.currency) for _, quantity, _, cost, _ in rows]
    before = [amounts[0], *amounts]
    return tuple(
        Step(name, quantity, unit, amount, amount - last, why(e))
        for (name, quantity, unit, _, why), amount, last in zip(rows, amounts, before, strict=False)
    )


def _why_claimed(e: Envelope) -> str:
    count = f"{number_text(e.contacts, 0)} {UNITS[e.counts]}"
    return f"{count} × {_percent(e.deflects)} × {cents_text(e.cost_per_contact, e.currency)}"


def _why_base(e: Envelope) -> str:
    counted = UNITS[e.counts]
    told = f"the change is about {_percent(e.share)} of all {counted}"
    if e.share == 1:
        told = f"the change is about all {counted}"
    return told if e.counts == "contacts" else f"{told}; {counted} are not contacts handled by people"


def _why_bounces(e: Envelope) -> str:
    return (
        f"{_percent(e.bounces)} of those deflected come after all" if e.bounces else "nobody comes after all"
    )


def _why_mix(e: Envelope) -> str:
    if e.handle_time == 1:
        return "those who stay away take as long as the mean"
    return f"those who stay away take {_percent(e.handle_time)} of the mean handle time"


def _why_average(e: Envelope) -> str:
    less = f"a contact that goes away saves {cents_text(e.marginal_cost, e.currency)}"
    return f"{less}; the rest of {cents_text(e.cost_per_contact, e.currency)} is paid all the same"


def _percent(share: Decimal) -> str:
    return share_text(float(share))


_SHARES: Final = ("deflects", "share", "bounces")
_AMOUNTS: Final = ("contacts", "cost_per_contact", "marginal_cost", "handle_time", "reinvested")


def _check(envelope: Envelope) -> None:
    """Raise ValueError where a number cannot be."""
    given = envelope._asdict()
    _allow(given, _SHARES, lambda x: 0 <= x <= 1, "outside 0 to 1")
    _allow(given, _AMOUNTS, lambda x: x >= 0, "below 0")
    if envelope.counts not in UNITS:
        raise ValueError(f"counts: {envelope.counts!r} is none of {', '.join(UNITS)}")


def _allow(
    given: dict[str, Decimal], names: tuple[str, ...], fits: Callable[[Decimal], bool], told: str
) -> None:
    for name in names:
        if not given[name].is_finite() or not fits(given[name]):
            raise ValueError(f"{name}: {given[name]} is {told}; check the number")
