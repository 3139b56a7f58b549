"""Work beside the path of a case: escalations, summaries, articles, checks of quality."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import model_validator

from scenarios.distributions import Time
from scenarios.fields import Hours, Model, Share, Text, one_of, said
from scenarios.limits import TimeLimit, without_business_time
from scenarios.mixes import SomeNames
from scenarios.problems import refuse
from scenarios.tiers import MoneyAmount, with_currency

_LIMITS: Final = ("due", "answered")


class When(Model):
    """For which cases: yearly revenue of at least ``arr`` (in ``currency``), or any of the ``flags``.

    The revenue is that of the accounts touched, of an incident of all its accounts together.
    """

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    arr: (
        Annotated[
            MoneyAmount, said("accounts touched pay at least this a year", "$50000", absent="not asked")
        ]
        | None
    ) = None
    currency: Text = ""
    flags: Annotated[
        SomeNames, said("or the case bears one of these flags", "[fraud]", absent="not asked")
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _arr_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw)

    @model_validator(mode="after")
    def _asks_something(self) -> "When":
        if self.arr is None and not self.flags:
            refuse("asks for nothing; add arr or flags, or remove it")
        return self


class SideWork(Model):
    """A leg of work that cases bring beside their path: where, how long, when, and for which cases.

    ``due`` and ``answered`` run on ``clock`` (None: round the clock). Empty ``severities``, ``causes`` and
    ``tiers`` are any.
    """

    queue: Annotated[Text, said("the queue in which it waits", "backup")]
    handle_time: Annotated[Time, said("how long it keeps an agent", "{exponential: 8 min}")]
    on: Annotated[
        str,
        one_of("opened", "solved", "incident"),
        said("what brings it: a case is opened, a case is solved, an incident is over", "solved"),
    ]
    share: Annotated[Share, said("which share of these cases brings it", "3%")] = 1.0
    after: Annotated[
        Time | None, said("after how long it joins its queue", "{exponential: 1 h}", absent="at once")
    ] = None
    due: Annotated[
        TimeLimit | None,
        said("within which time it is to be done", "90% in 5 business days", absent="no limit"),
    ] = None
    answered: Annotated[
        TimeLimit | None,
        said("or within which time somebody is to begin it", "95% in 10 min", absent="no limit"),
    ] = None
    clock: Annotated[Hours, said("opening hours in which that time runs", "desk", absent="always")] = None
    when: Annotated[
        When | None,
        said("only where one of these holds", "{arr: $50000, flags: [fraud]}", absent="always"),
    ] = None
    severities: Annotated[SomeNames, said("only of these severities", "[S1]", absent="any")] = ()
    causes: Annotated[SomeNames, said("only of these causes", "[billing]", absent="any")] = ()
    tiers: Annotated[SomeNames, said("only of these tiers", "[vip]", absent="any")] = ()
    once: Annotated[
        str,
        one_of("case", "incident"),
        said("whether each case brings it, or an incident once", "incident"),
    ] = "case"

    @model_validator(mode="before")
    @classmethod
    def _business_hours_need_hours(cls, raw: Any) -> Any:
        for limit in _LIMITS:
            if isinstance(raw, Mapping) and without_business_time(raw, "clock", (limit,)):
                refuse("is in business hours, and the clock has none; name it, as in clock: desk", limit)
        return raw

    @model_validator(mode="after")
    def _business_days_need_hours(self) -> "SideWork":
        for limit in _LIMITS:
            promised = getattr(self, limit)
            if promised is not None and promised.kind == "days" and self.clock is None:
                refuse("is in business days, and the clock has none; name it, as in clock: desk", limit)
        return self

    @model_validator(mode="after")
    def _one_limit(self) -> "SideWork":
        if self.due is not None and self.answered is not None:
            refuse("is said beside due; keep the one that is promised: begun by then, or done", "answered")
        return self
