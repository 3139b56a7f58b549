"""How many chats agents have at once, where the legs of an agent overlap."""

from typing import Any, Final, NamedTuple

import numpy as np

from calibration.fits.count_grid import Floats
from calibration.observe.streams import Rows
from calibration.observe.teams import worked

CHAT: Final = "chat"
_RARELY: Final = 0.01  # of the time with chats: more at once than this are a moment of handing over


class Concurrency(NamedTuple):
    """`hours` [n] that agents had n + 1 chats at once."""

    hours: Floats

    @property
    def mean(self) -> float:
        """Chats at once, while there was any."""
        return float(np.arange(1, len(self.hours) + 1) @ self.hours / self.hours.sum())

    @property
    def most(self) -> int:
        """How many at once agents have but for a hundredth of the time."""
        beyond = 1.0 - np.cumsum(self.hours) / self.hours.sum()
        return int(np.argmax(beyond <= _RARELY)) + 1


def concurrency_of(rows: Rows) -> Concurrency | None:
    """Count the chats of each agent at each moment; None where there are no chats with times of work."""
    import ibis

    chats = [stream.name for stream in rows.streams if stream.channel == CHAT]
    table = worked(rows)
    table = table.filter(table["stream"].isin(chats) & (table["handle_us"] > 0)) if chats else None
    if table is None:
        return None
    begins = table.select(agent="agent_id", at="answered_us", step=ibis.literal(1, "int64"))
    ends = table.select(
        agent="agent_id", at=table["answered_us"] + table["handle_us"], step=ibis.literal(-1, "int64")
    )
    moments = begins.union(ends)
    moments = moments.group_by("agent", "at").agg(step=moments["step"].sum().cast("int64"))
    so_far = ibis.window(group_by="agent", order_by="at", preceding=(None, 0))
    following = ibis.window(group_by="agent", order_by="at")
    levels = moments.mutate(
        level=moments["step"].sum().over(so_far), us=moments["at"].lead().over(following) - moments["at"]
    )
    levels = levels.filter((levels["level"] > 0) & levels["us"].notnull())
    found = levels.group_by("level").agg(us=levels["us"].sum().cast("int64")).order_by("level")
    return _concurrency(found.to_pyarrow())


def _concurrency(table: Any) -> Concurrency | None:
    if not len(table):
        return None
    hours = np.zeros(int(table["level"].to_numpy().max()))
    hours[table["level"].to_numpy().astype(int) - 1] = table["us"].to_numpy() / 3.6e9
    return Concurrency(hours)
