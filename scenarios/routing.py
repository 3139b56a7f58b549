"""Routing rules: which queue a contact joins; the first rule that matches decides."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, NamedTuple

from pydantic import model_validator

from scenarios.fields import Model, Text, YesNo, said
from scenarios.mixes import SomeNames
from scenarios.problems import refuse

CONDITIONS: Final = {
    "streams": "stream",
    "channels": "channel",
    "severities": "severity",
    "causes": "cause",
    "tiers": "tier",
    "flags": "flag",
}
"""The conditions of a rule with their keys in a file."""


class Attributes(NamedTuple):
    """What a rule may ask about a contact; None where it has no such attribute."""

    stream: str
    channel: str
    severity: str | None = None
    cause: str | None = None
    tier: str | None = None
    flags: frozenset[str] = frozenset()
    vip: bool = False


class Rule(Model):
    """Contacts for which every condition holds join the queue ``to``; of several names any will do."""

    also_read: ClassVar[tuple[str, ...]] = ("flags",)

    to: Annotated[Text, said("the queue that they join", "backup")]
    streams: SomeNames = said(
        "of these streams", "calls", default=(), validation_alias="stream", absent="any"
    )
    channels: SomeNames = said(
        "whose stream's queue has this channel",
        "[phone, chat]",
        default=(),
        validation_alias="channel",
        absent="any",
    )
    severities: SomeNames = said(
        "of these severities", "S1", default=(), validation_alias="severity", absent="any"
    )
    causes: SomeNames = said(
        "tagged with these causes", "billing", default=(), validation_alias="cause", absent="any"
    )
    tiers: SomeNames = said("of these tiers", "vip", default=(), validation_alias="tier", absent="any")
    flags: SomeNames = said(
        "that bear any of these flags", "[fraud]", default=(), validation_alias="flag", absent="any, or none"
    )
    vip: Annotated[YesNo | None, said("whose tier is for VIPs, or is not", True, absent="any")] = None

    @model_validator(mode="before")
    @classmethod
    def _one_word_for_flags(cls, raw: Any) -> Any:
        """Read ``flags`` as ``flag``, as people write it who name several."""
        if not isinstance(raw, Mapping) or "flags" not in raw or not isinstance(raw.get("to"), str | int):
            return raw
        if "flag" in raw:
            refuse("says the same as flag; write one of the two", "flags")
        return {("flag" if key == "flags" else key): each for key, each in raw.items()}

    def matches(self, contact: Attributes) -> bool:
        """Tell whether every condition holds; one about what the contact does not have does not."""
        return (
            (not self.streams or contact.stream in self.streams)
            and (not self.channels or contact.channel in self.channels)
            and (not self.severities or contact.severity in self.severities)
            and (not self.causes or contact.cause in self.causes)
            and (not self.tiers or contact.tier in self.tiers)
            and (not self.flags or not contact.flags.isdisjoint(self.flags))
            and (self.vip is None or contact.vip == self.vip)
        )


def first_match(rules: Iterable[Rule], contact: Attributes) -> Rule | None:
    """Return the first rule that matches a contact; None where it stays with its stream's queue."""
    return next((rule for rule in rules if rule.matches(contact)), None)
