"""Root causes of cases, and the kinds of flags that contacts may bear."""

import datetime
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, model_validator

from scenarios.fields import DATE, SHARE, Door, Model, Text, reader, said, value
from scenarios.mixes import Factor, Mix
from scenarios.problems import nearest, shown
from scenarios.tiers import MoneyAmount, with_currency
from scenarios.units import date, share, share_text

_WORDS: Final = {"true": 1.0, "yes": 1.0, "on": 1.0, "false": 0.0, "no": 0.0, "off": 0.0}
AVOIDABLE: Final = {
    "title": "yes, no or a share",
    "anyOf": [{"enum": [True, False, "yes", "no", "on", "off"]}, SHARE],
}
FLAG_KINDS: Final = ("compliance", "fraud", "other")


def read_flag(seen: object, _door: Door) -> str:
    """Return the kind of a flag."""
    if not isinstance(seen, str) or seen not in FLAG_KINDS:
        raise ValueError(f"{shown(seen)} is not a kind of flag{nearest(str(seen), FLAG_KINDS)}")
    return seen


def _avoidable(seen: object) -> float:
    """Return a share (0-1), also from the words yes (all) and no (none)."""
    word = str(seen).lower()
    if word in _WORDS:
        return _WORDS[word]
    try:
        return share(seen)
    except ValueError as error:
        if isinstance(seen, str) and not any(c.isdigit() for c in seen):
            raise ValueError(f"{shown(seen)} is neither yes nor no, nor a share such as 60%") from None
        raise error


def avoidable_text(avoidable: float) -> str:
    """Write which share is avoidable, as in files: yes, no, or a share."""
    return {1.0: "yes", 0.0: "no"}.get(avoidable) or share_text(avoidable)


class Cause(Model):
    """A root cause; its severities and its path go before those of the stream.

    ``avoidable`` (0-1) of its contacts could be avoided; ``refund`` (in ``currency``) is the mean of a case.
    Its contacts come from the local day ``since`` on; until then its streams have that much less.
    """

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    avoidable: Annotated[
        float,
        value(_avoidable, AVOIDABLE),
        said("which share of its contacts could be avoided, by the product or by better help", True, "60%"),
    ] = 0.0
    handle_time_factor: Annotated[
        Factor, said("how much longer such contacts take", "110%", validation_alias="handle_time")
    ] = 1.0
    severities: Annotated[
        Mix,
        said("how severe such cases are", "{S1: 1%, S2: 9%, S3: 90%}", absent="as the stream says"),
    ] = Field(default_factory=dict)
    path: Annotated[Text | None, said("the path that they take", "standard", absent="the stream's")] = None
    since: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said(
            "from which day on it brings contacts; before it, streams have that much less",
            "2026-03-02",
            absent="always",
            validation_alias="from",
        ),
    ] = None
    owner: Annotated[
        Text | None, said("who answers for it, by name of owner", "product", absent="nobody")
    ] = None
    refund: Annotated[
        MoneyAmount, said("what is paid back for a case, on average", "$1.50", absent="nothing")
    ] = 0.0
    currency: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _refund_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw, "refund")
