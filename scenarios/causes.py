"""Root causes of cases, and the kinds of flags that contacts may bear."""

from typing import Annotated, Final

from pydantic import Field

from scenarios.fields import Door, Model, Text, YesNo, said
from scenarios.mixes import Factor, Mix
from scenarios.problems import nearest, shown

FLAG_KINDS: Final = ("compliance", "fraud", "other")


def read_flag(seen: object, _door: Door) -> str:
    """Return the kind of a flag."""
    if not isinstance(seen, str) or seen not in FLAG_KINDS:
        raise ValueError(f"{shown(seen)} is not a kind of flag{nearest(str(seen), FLAG_KINDS)}")
    return seen


class Cause(Model):
    """A root cause; its severities and its path go before those of the stream."""

    avoidable: Annotated[
        YesNo, said("whether such cases could be avoided, by the product or by better help", True)
    ] = False
    handle_time_factor: Annotated[
        Factor, said("how much longer such contacts take", "110%", validation_alias="handle_time")
    ] = 1.0
    severities: Annotated[
        Mix,
        said("how severe such cases are", "{S1: 1%, S2: 9%, S3: 90%}", absent="as the stream says"),
    ] = Field(default_factory=dict)
    path: Annotated[Text | None, said("the path that they take", "standard", absent="the stream's")] = None
