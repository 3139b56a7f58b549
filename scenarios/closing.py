"""What happens after a case is solved: it is confirmed, closed, reopened, or comes back another way."""

from typing import Annotated, Final

from scenarios.distributions import Time
from scenarios.fields import Model, PositiveSeconds, Share, said
from scenarios.mixes import Mix
from scenarios.week import DAY_S

USUAL_CLOSING_S: Final = 7.0 * DAY_S


class Confirms(Model):
    """Customers who say that it is solved: their share (0-1), and after how long."""

    share: Annotated[Share, said("which share of customers says that it is solved", "60%")]
    after: Annotated[Time, said("after how long", "{exponential: 1 day}")]


class Reopens(Model):
    """Cases that were not solved after all: their share (0-1), and after how long they come back."""

    share: Annotated[Share, said("which share of solved cases comes back the same way", "5%")]
    after: Annotated[Time, said("after how long", "{exponential: 2 days}")]


class Repeats(Model):
    """Customers who ask again another way: their share (0-1), after how long, and by which streams."""

    share: Annotated[Share, said("which share of solved cases comes back another way", "8%")]
    after: Annotated[Time, said("after how long", "{exponential: 3 days}")]
    streams: Annotated[Mix, said("as contacts of which streams", "{chats: 70%, calls: 30%}")]


class Closing(Model):
    """What follows the solution of a case; ``closes_after_s`` is when it is closed without a word."""

    confirms: Annotated[
        Confirms | None,
        said("who confirms", "{share: 60%, after: {exponential: 1 day}}", absent="nobody"),
    ] = None
    closes_after_s: PositiveSeconds = said(
        "when a case is closed where nobody says a word",
        "5 days",
        default=USUAL_CLOSING_S,
        validation_alias="closes_after",
    )
    reopens: Annotated[
        Reopens | None,
        said(
            "who comes back by the same channel", "{share: 5%, after: {exponential: 2 days}}", absent="nobody"
        ),
    ] = None
    repeats: Annotated[
        Repeats | None,
        said(
            "who comes back by another channel",
            "{share: 8%, after: {exponential: 3 days}, streams: {chats: 100%}}",
            absent="nobody",
        ),
    ] = None
