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
    t = rows.table.filter(rows.table["user_id"].notnull() & (rows.table["leg"].coalesce(1) == 1))
    if not int(t.count().to_pyarrow().as_py()):
        return None
    left = t["arrived_us"] + t["wait_us"].coalesce(0) + t["handle_us"].coalesce(0)
    t = t.select(user="user_id", start="arrived_us", lost=t["outcome"] == "abandoned", end=left)
    last = int(t["start"].max().to_pyarrow().as_py())
    t = t.mutate(in_time=t["end"] <= last - _window_us(t))
    counted = t.filter(t["in_time"])
    counts = counted.group_by("lost").agg(n=counted.count()).to_pyarrow().to_pylist()
    contacts = {row["lost"]: int(row["n"]) for row in counts}
    after = _after(t)
    return Repeats(
        *(Again(contacts.get(lost, 0), int(after[lost].counts.sum()), after[lost]) for lost in (True, False))
    )


def _window_us(table: Any) -> Any:
    import ibis

    return ibis.ifelse(table["lost"], RETRY_US, WINDOW_US)


def _after(table: Any) -> dict[bool, Cells]:
    """By whether the contact was lost, the seconds until the same customer's next one, within the window."""
    import ibis

    several = _of_several(table)
    following = ibis.window(group_by="user", order_by=["start", "end"])
    gaps = several.mutate(gap=several["start"].lead().over(following) - several["end"])
    near = gaps.filter(gaps["in_time"] & (gaps["gap"] >= 0) & (gaps["gap"] <= _window_us(gaps)))
    seconds = near.select("lost", seconds=(near["gap"] // SECOND_US).cast("int64"))
    found = (
        seconds.group_by("lost", "seconds").agg(n=seconds.count()).order_by("lost", "seconds").to_pyarrow()
    )
    lost = found["lost"].to_numpy()
    values, counts = found["seconds"].to_numpy().astype(float), found["n"].to_numpy()
    return {which: Cells(values[lost == which], counts[lost == which]) for which in (True, False)}


def _of_several(table: Any) -> Any:
    """The contacts of customers with more than one, and perhaps a few others.

    Customers are told apart by a hash, which takes less memory than sorting all by name; two who share one
    are told apart later.
    """
    keyed = table.mutate(key=table["user"].hash())
    sizes = keyed.group_by("key").agg(n=keyed.count())
    return keyed.semi_join(sizes.filter(sizes["n"] > 1), "key")
