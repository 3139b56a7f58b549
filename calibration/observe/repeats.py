"""Who gets in touch again: linked by the customer's id, within a window; and after how long."""

from typing import Any, Final, NamedTuple

from calibration.facts.sql import HOUR_US, SECOND_US
from calibration.fits.cells import Cells
from calibration.observe.streams import Rows

WINDOW_US: Final = 7 * 24 * HOUR_US
RETRY_US: Final = HOUR_US


class Again(NamedTuple):
    """Of contacts with a customer's id, those after which the customer came again within the window."""

    contacts: int
    again: int
    after: Cells  # seconds from the end of one to the beginning of the next


class Repeats(NamedTuple):
    """Retries of those who gave up, and repeat contacts of those who were handled; None without any ids."""

    retries: Again
    repeats: Again


def repeats_of(rows: Rows) -> Repeats | None:
    """Link the contacts of each customer, whatever their stream; None where no customer is named.

    Contacts so close to the end of the export that their window is not over are left out.
    """
    import ibis

    t = rows.table.filter(rows.table["user_id"].notnull() & (rows.table["leg"].coalesce(1) == 1))
    if not int(t.count().to_pyarrow().as_py()):
        return None
    left = t["arrived_us"] + t["wait_us"].coalesce(0) + t["handle_us"].coalesce(0)
    t = t.select(user="user_id", start="arrived_us", lost=t["outcome"] == "abandoned", end=left)
    last = t["start"].max().to_pyarrow().as_py()
    following = ibis.window(group_by="user", order_by=["start", "end"])
    t = t.mutate(gap=t["start"].lead().over(following) - t["end"])
    retries = t.filter(t["lost"] & (t["end"] <= last - RETRY_US))
    repeats = t.filter(~t["lost"] & (t["end"] <= last - WINDOW_US))
    return Repeats(_again(retries, RETRY_US), _again(repeats, WINDOW_US))


def _again(table: Any, window_us: int) -> Again:
    contacts = int(table.count().to_pyarrow().as_py())
    near = table.filter((table["gap"] >= 0) & (table["gap"] <= window_us))
    seconds = near.mutate(seconds=(near["gap"] // SECOND_US).cast("int64"))
    found = seconds.group_by("seconds").agg(n=seconds.count()).order_by("seconds").to_pyarrow()
    values, counts = found["seconds"].to_numpy().astype(float), found["n"].to_numpy()
    return Again(contacts, int(counts.sum()), Cells(values, counts))
