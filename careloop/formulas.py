"""The Python side of the Erlang formulas."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

USUAL_DEFINITION = "answered_plus_abandoned_within"


def erlang(
    model: str,
    *,
    calls_per_hour: float,
    aht_s: float,
    agents: "ArrayLike" = (),
    target: float | None = None,
    threshold_s: float = 20.0,
    definition: str = USUAL_DEFINITION,
    short_abandon_s: float = 5.0,
    max_asa_s: float | None = None,
    max_occupancy: float | None = None,
    max_abandonment: float | None = None,
    patience_s: float | None = None,
    retry: float | None = None,
    places: float | None = None,
) -> "pd.DataFrame":
    """What Erlang's formula `model` (b, c, a or x) says: one row for each number of `agents`.

    Without `agents`, the rows are about the fewest agents that reach `target` (a share; of b the share
    blocked) and whatever else is limited. Columns: agents, service_level, asa_s, wait_p90_s, delayed,
    blocked, abandonment, occupancy, queue, retries_per_hour, beta, overloaded; missing where the model has no
    such thing, inf where a line grows without end. `frame.attrs` has the load in Erlangs, the `required`
    agents and those by the square-root rule. Raises `ValueError` for what is not allowed. Whole arrays at
    once: `sim.erlang`.
    """
    import numpy as np
    import pandas as pd

    from sim.erlang.arguments import NOT_NEGATIVE, checked
    from sim.erlang.questions import Question, answer

    many = tuple(np.atleast_1d(checked("agents", agents, NOT_NEGATIVE)).tolist())
    limits = target, threshold_s, definition, short_abandon_s, max_asa_s, max_occupancy, max_abandonment
    found = answer(Question(model, calls_per_hour, aht_s, many, *limits, patience_s, retry, places))
    frame = pd.DataFrame(found.rows)
    measured = frame.columns.drop(["overloaded"])
    frame[measured] = frame[measured].astype(float)
    frame.attrs = {name: value for name, value in found._asdict().items() if name != "rows"}
    return frame
