"""Streams of contacts: where they come from, how long they take, what they bear."""

from typing import Annotated

from pydantic import Field

from scenarios.arrivals import Level, ReadArrivals
from scenarios.distributions import HandleTime, Patience
from scenarios.fields import (
    Model,
    Share,
    Text,
    built,
    said,
    whole,
)
from scenarios.mixes import Mix, Shares
from scenarios.self_service import SelfService
from scenarios.weekday_factors import ALIKE, read_weekday_factors
from scenarios.weekday_factors import FORM as WEEKDAY_FACTORS


class Stream(Model):
    """A source of contacts for one queue; ``backlog`` of them are waiting when the horizon starts."""

    queue: Annotated[Text, said("the queue that its contacts join", "phone")]
    arrivals: Annotated[ReadArrivals, said("when they come", "{rate: 120 per 30 min}")]
    handle_time: Annotated[
        HandleTime,
        said(
            "how long a contact keeps an agent, talk and wrap-up in one; of a chat, as if it were alone",
            "{lognormal: {mean: 6 min, cv: 0.9}}",
        ),
    ]
    wrap_up: Share = said(
        "the last part of it, when the customer has gone and the agent is still busy", "15%", default=0.0
    )
    handle_time_by_day: Annotated[
        Level,
        said(
            "how much longer or shorter contacts are on some days: a gamma factor of mean 1 for each day",
            "{cv: 6%, correlation: 80%}",
            absent="none",
        ),
    ] = Level()
    handle_time_by_weekday: Annotated[
        tuple[float, ...],
        built(tuple, read_weekday_factors, WEEKDAY_FACTORS),
        said(
            "how much longer or shorter they are on some weekdays, as factors; 1 for those not named",
            "{mon: 102%, sat: 0.85}",
            absent="none",
        ),
    ] = ALIKE
    patience: Annotated[
        Patience | None,
        said("how long they wait, instead of the queue's", "{exponential: 4 min}", absent="the queue's"),
    ] = None
    backlog: Annotated[int, whole(0, 10_000_000), said("contacts that wait when the horizon begins", 20)] = 0
    causes: Annotated[
        Mix,
        said(
            "why they come, as shares that add up to 100%", "{billing: 30%, outage: 70%}", absent="no cause"
        ),
    ] = Field(default_factory=dict)
    severities: Annotated[
        Mix,
        said("how severe they are, where the cause does not say", "{S1: 1%, S3: 99%}", absent="no severity"),
    ] = Field(default_factory=dict)
    tiers: Annotated[
        Mix, said("whose accounts they concern", "{small: 90%, vip: 10%}", absent="no account")
    ] = Field(default_factory=dict)
    flags: Annotated[
        Shares, said("which flags they bear, each with its own probability", "{fraud: 0.5%}", absent="none")
    ] = Field(default_factory=dict)
    path: Annotated[
        Text | None,
        said("which path their cases take, where the cause does not say", "standard", absent="one contact"),
    ] = None
    self_service: Annotated[
        SelfService | None,
        said("who finds help alone before", "{deflects: 20%, ease: 60%}", absent="nobody"),
    ] = None

    @property
    def longest_s(self) -> float:
        """The mean handle time on the weekday on which it is longest."""
        return self.handle_time.mean_s * max(self.handle_time_by_weekday)
