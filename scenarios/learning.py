"""How a team learns: what is looked at each day, week, month and quarter, and what is done about it.

Everything here decides on what the team would have seen: contacts by their tags, some time later.
"""

import datetime
from typing import Annotated, Final, Literal

from pydantic import model_validator

from scenarios.fields import (
    DATE,
    SHARE,
    Model,
    Seconds,
    Share,
    Text,
    number,
    one_of,
    reader,
    said,
    value,
    whole,
)
from scenarios.moves import Move, amounts_of_loop
from scenarios.problems import nearest, refuse, shown
from scenarios.spans import HoursOfWork, SeveralDays, WholeDays
from scenarios.units import date, share, share_text
from scenarios.week import DAY_NAMES, DAY_S, weekdays

CRITERIA: Final = (
    "volume",
    "hours",
    "refunds",
    "escalations",
    "cost_to_serve",
    "customer_risk",
    "feedback",
)
"""By what root causes are ranked: contacts, agents' hours, refunds, ... as tagged."""
BONUS: Final = "bonus"
BALANCED: Final = "balanced incentives"
ARTICLE_ON: Final = "article on "
"""Names of what the loop itself does, in the register; an article's is followed by its cause."""
ON_FAILURE: Final = ("iterate", "stop", "keep")
_MOST_CASES: Final = 10_000_000
_CRITERION: Final = one_of(*CRITERIA, title="criterion")


def _nothing(key: str) -> Move:
    return Move(key, 0.0, 0.0, 0.0)


def _needs_one(model: Model, keys: tuple[str, ...], what: str) -> None:
    """Refuse a part that asks for nothing, or for two things of which only one can hold."""
    given = [key for key in keys if getattr(model, key) is not None]
    if not given:
        refuse(f"{what}; add {' or '.join(keys)}")


class Daily(Model):
    """The daily check: an alarm where more cases are open than this, or past what was promised."""

    backlog: (
        Annotated[
            int, whole(0, _MOST_CASES), said("open cases above which a day is an alarm", 400, absent="any")
        ]
        | None
    ) = None
    overdue: (
        Annotated[
            int,
            whole(0, _MOST_CASES),
            said("cases past their promise above which a day is an alarm", 20, absent="any"),
        ]
        | None
    ) = None

    @model_validator(mode="after")
    def _asks_something(self) -> "Daily":
        _needs_one(self, ("backlog", "overdue"), "looks at nothing")
        return self


class Cusum(Model):
    """Sums of what days have more than usual (Page, 1954): in standard deviations of a day's count."""

    slack: Annotated[
        float, number(0.0, 10.0), said("how much more than usual does not count, in standard deviations", 0.5)
    ] = 0.5
    alarm: Annotated[
        float,
        number(0.1, 100.0),
        said("from which sum on it is an alarm, in standard deviations", 5),
    ] = 5.0
    reference_days: WholeDays = said(
        "how many days say what is usual", "28 days", default=28, validation_alias="reference"
    )


class Threshold(Model):
    """So many contacts within some days are a cluster."""

    contacts: Annotated[int, whole(1, _MOST_CASES), said("how many contacts with one tag", 40)]
    within_days: WholeDays = said("within how many days", "7 days", default=7, validation_alias="within")


class Detection(Model):
    """How a new cluster of contacts with one tag is noticed; one of two methods."""

    cusum: Annotated[
        Cusum | None,
        said(
            "by sums of what is more than usual",
            "{slack: 0.5, alarm: 5, reference: 28 days}",
            absent="this or `threshold`",
        ),
    ] = None
    threshold: Annotated[
        Threshold | None,
        said("by a number of contacts", "{contacts: 40, within: 7 days}", absent="this or `cusum`"),
    ] = None

    @model_validator(mode="after")
    def _one_method(self) -> "Detection":
        _needs_one(self, ("cusum", "threshold"), "has no method")
        if self.cusum is not None and self.threshold is not None:
            refuse("is said beside cusum; keep one of the two", "threshold")
        return self

    @property
    def method(self) -> Literal["cusum", "threshold"]:
        """Which of the two it is."""
        return "threshold" if self.cusum is None else "cusum"

    @property
    def slack(self) -> float:
        """Of a cusum: how much more than usual does not count, in standard deviations."""
        return (self.cusum or Cusum()).slack

    @property
    def alarm(self) -> float:
        """Of a cusum: from which sum on it is an alarm, in standard deviations."""
        return (self.cusum or Cusum()).alarm

    @property
    def reference_days(self) -> int:
        """Of a cusum: how many days say what is usual."""
        return (self.cusum or Cusum()).reference_days

    @property
    def contacts(self) -> int:
        """Of a threshold: how many contacts with one tag are a cluster; else 0."""
        return 0 if self.threshold is None else self.threshold.contacts

    @property
    def within_days(self) -> int:
        """Of a threshold: within how many days; else 0."""
        return 0 if self.threshold is None else self.threshold.within_days


def _weekday(seen: object) -> int:
    if isinstance(seen, int) and not isinstance(seen, bool) and 0 <= seen < len(DAY_NAMES):
        return seen
    try:
        found = weekdays(seen)
    except ValueError:
        found = ()
    if len(found) != 1 or found[0] >= len(DAY_NAMES):
        raise ValueError(f"{shown(seen)} is not one day of the week{nearest(str(seen), DAY_NAMES)}")
    return found[0]


class WeeklyReview(Model):
    """Root causes are ranked by the last ``weeks``; of the first ``top`` some get a ticket.

    ``on`` is the weekday on whose morning it meets (0 = Monday).
    """

    on: Annotated[
        int,
        reader(_weekday, {"title": "weekday", "enum": list(DAY_NAMES)}),
        said("on which day of the week it meets", "tue", absent="`mon`"),
    ] = 0
    by: Annotated[str, _CRITERION, said("by what root causes are ranked", "volume")]
    top: Annotated[int, whole(1, 100), said("how many of the first are looked at", 3)] = 5
    weeks: Annotated[int, whole(1, 52), said("how many weeks back count", 8)] = 4
    opens: Annotated[int, whole(0, 100), said("how many new tickets it opens at most", 1)] = 2


def _confidence(seen: object) -> float:
    found = share(seen, 0.5, 1.0)
    if not 0.5 < found < 1.0:
        raise ValueError(f"{share_text(found)} is nothing that a test can have; write one such as 95%")
    return found


class Validation(Model):
    """After a change it is tested whether less comes, at each of ``after_days``, at this ``confidence``."""

    after_days: SeveralDays = said(
        "how long after it is in force each test is made",
        "[14 days, 30 days]",
        default=(14, 30),
        validation_alias="after",
    )
    confidence: Annotated[
        float, value(_confidence, SHARE), said("how sure a test is before it says that a change works", "90%")
    ] = 0.95
    on_failure: Annotated[
        str,
        one_of(*ON_FAILURE),
        said("what is done where the last test has not shown it: try again, stop, or keep it", "stop"),
    ] = "iterate"
    attempts: Annotated[int, whole(1, 20), said("how often it is tried altogether", 3)] = 2


class MonthlyReview(Model):
    """Open tickets are ranked anew; what failed ``stops_after`` tests is stopped."""

    by: Annotated[str, _CRITERION, said("by what open tickets are ranked", "cost_to_serve")] = "cost_to_serve"
    stops_after: Annotated[int, whole(1, 20), said("after how many failed tests one is stopped", 1)] = 2


class Quarterly(Model):
    """A share of an owner's capacity is committed to the top root causes, quarter by quarter."""

    owner: Annotated[Text, said("whose capacity", "product")]
    share: Annotated[Share, said("which share of it is committed", "40%")]
    top: Annotated[int, whole(1, 100), said("to how many root causes", 3)] = 2
    by: Annotated[str, _CRITERION, said("by what these are ranked", "cost_to_serve")] = "cost_to_serve"


class Articles(Model):
    """What recurs gets a public article: it answers some contacts, and shortens the others.

    A cause recurs from ``contacts`` tagged with it in a week on. Every ``review_every_days`` an article is to
    be reviewed; where that is overdue, ``stale`` (0-1) of its effect is left.
    """

    owner: Annotated[Text, said("who writes them", "enablement")]
    contacts: Annotated[
        int, whole(1, _MOST_CASES), said("from how many contacts of a cause a week on it recurs", 30)
    ]
    publish_s: Seconds = said(
        "within which time one is published", "48 h", default=48 * 3600.0, validation_alias="publish"
    )
    effort_h: HoursOfWork = said("hours of work to write one", "3 h", validation_alias="effort")
    deflection: Annotated[
        Move,
        amounts_of_loop("deflection"),
        said(
            "contacts of the cause that it answers instead",
            "{low: 0 points, expected: 5 points, high: 12 points}",
            absent="`0 points`",
        ),
    ] = _nothing("deflection")
    handle_time: Annotated[
        Move,
        amounts_of_loop("handle_time"),
        said("change of the handle time of the others", "-5%", absent="`0%`"),
    ] = _nothing("handle_time")
    ramp_s: Seconds = said(
        "how long it takes until it is found by all", "30 days", default=0.0, validation_alias="ramp"
    )
    review_every_days: WholeDays = said(
        "how often one is to be reviewed", "60 days", default=90, validation_alias="review_every"
    )
    review_effort_h: HoursOfWork = said(
        "hours of work to review one", "30 min", default=1.0, validation_alias="review_effort"
    )
    stale: Annotated[Share, said("which share of its effect is left while a review is overdue", "30%")] = 0.5


class Bonus(Model):
    """A part of managers' bonus that weighs avoidable contacts moves what owners give to prevention.

    In proportion to its ``weight`` (0-1): ``prevention`` is for each ten points of it. There is no evidence
    of how much, so it moves nothing unless that is said.
    """

    weight: Annotated[Share, said("which share of the bonus it is", "20%")]
    prevention: Annotated[
        Move,
        amounts_of_loop("prevention"),
        said(
            "how much more of their hours owners give to improvements, for each 10 points of its weight",
            "+5 points",
            absent="`0 points`",
        ),
    ] = _nothing("prevention")


class Balanced(Model):
    """Incentives that weigh speed with quality: less hurry."""

    hurry: Annotated[Move, amounts_of_loop("hurry"), said("change of haste and harm of a hurry", "-50%")]


class Loop(Model):
    """How a team learns. What is not named does not happen; without an ``owner`` nothing does."""

    owner: Annotated[
        Text | None, said("who answers for the loop", "care", absent="nobody: it does not run")
    ] = None
    start: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said(
            "the first day on which it decides anything",
            "2026-02-04",
            absent="the first day",
            validation_alias="from",
        ),
    ] = None
    information_delay_s: Seconds = said(
        "how long after a day the team knows its figures",
        "12 h",
        default=float(DAY_S),
        validation_alias="information_delay",
    )
    daily: Annotated[Daily | None, said("the daily check", "{backlog: 400, overdue: 20}", absent="none")] = (
        None
    )
    detection: Annotated[
        Detection | None,
        said(
            "how a new cluster is noticed", "{cusum: {}}", "{threshold: {contacts: 40}}", absent="not at all"
        ),
    ] = None
    weekly_review: Annotated[
        WeeklyReview | None,
        said("the weekly review of root causes", "{on: mon, by: volume}", absent="none"),
    ] = None
    validation: Annotated[
        Validation | None,
        said(
            "whether changes are tested", "{after: [14 days, 30 days]}", absent="what is done counts as done"
        ),
    ] = None
    monthly_review: Annotated[
        MonthlyReview | None, said("the monthly review of tickets", "{stops_after: 2}", absent="none")
    ] = None
    quarterly: Annotated[
        Quarterly | None,
        said("the quarterly commitment", "{owner: product, share: 40%}", absent="none"),
    ] = None
    articles: Annotated[
        Articles | None,
        said("articles about what recurs", "{owner: enablement, contacts: 30, effort: 3 h}", absent="none"),
    ] = None
    bonus: Annotated[Bonus | None, said("a bonus for prevention", "{weight: 20%}", absent="none")] = None
    balanced: Annotated[Balanced | None, said("balanced incentives", "{hurry: -50%}", absent="none")] = None
