"""How often a scenario is simulated, and from which chances."""

from typing import Annotated, Literal

from scenarios.fields import (
    POINTS,
    Model,
    Seconds,
    YesNo,
    one_of,
    quantity,
    reader,
    said,
    whole,
)
from scenarios.units import points
from scenarios.units import whole as whole_number


def _replications(seen: object) -> int | str:
    """Return a number of replications, or the word auto."""
    if isinstance(seen, str) and seen != "auto":
        raise ValueError(f"{seen!r} is neither a whole number nor auto")
    return "auto" if seen == "auto" else whole_number(seen, 1, 1_000_000)


class Run(Model):
    """How often and from which seed to simulate; ``half_width`` (a share) is the stopping rule of auto."""

    replications: Annotated[
        int | Literal["auto"],
        reader(
            _replications,
            {
                "title": "whole number or `auto`",
                "anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": 1_000_000}],
            },
        ),
        said("how often to simulate; `auto` stops when the service level is known well enough", "auto"),
    ] = 30
    seed: Annotated[int, whole(0, 2**63 - 1), said("which chances; another seed, other chances", 7)] = 1
    warm_up_s: Seconds = said(
        "what comes before this is not counted; whole intervals",
        "1 day",
        default=0.0,
        validation_alias="warm_up",
    )
    end: Annotated[
        str,
        one_of("drain", "cut"),
        said("what is in hand and in line at the end is finished, or cut off", "cut"),
    ] = "drain"
    half_width: Annotated[
        float,
        quantity(points, POINTS),
        said("of `auto`: how well to know the service level of every queue with a target", "0.5 points"),
    ] = 0.005
    max_replications: Annotated[int, whole(1, 1_000_000), said("of `auto`: how often at most", 400)] = 1000
    uncertainty: Annotated[
        YesNo,
        said("whether each replication draws the numbers that are uncertain anew, within their errors", "on"),
    ] = False
