"""People cost a contact, as a figure and as sums of replications: for scorecards and comparisons alike.

No measure of the simulation: it is made from cost, agents' time and contacts of each replication, by
`COST_RULE`.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from reports.figures import NONE, Figure, Figures, Key
from reports.sample_sums import Floats, SampleSums, ratio

if TYPE_CHECKING:
    from sim.pairing import Samples

COST: Final = "cost_per_contact"
SCOPES: Final = ("all", "channel")
COST_RULE: Final = (
    "the people cost of the whole team, split by the agents' time that the cases which began in a channel "
    "took (side work for them included), over the contacts of these cases; time without work, and work for "
    "no case, is spread in the same proportion"
)


def cost_sums(sums: SampleSums, scope: str, name: str) -> tuple[Floats, Floats]:
    """Cost of the contacts of a scope, and their number, by replication; nothing where nobody is paid."""
    cost, contacts = sums.above("people_cost"), sums.above("case_contacts", scope, name)
    mine, whole = sums.above("agent_time_per_case", scope, name), sums.above("agent_time_per_case")
    if not len(cost) or not cost.any() or not len(mine) or not whole.all():
        return np.zeros(0), np.zeros(0)
    return cost * mine / whole, contacts


def cost_per_contact(sums: SampleSums, scope: str, name: str, currency: str) -> Figure:
    """What a contact costs, by `COST_RULE`; none where nobody is paid."""
    return ratio(*cost_sums(sums, scope, name), currency)


def cost_figures(sums: SampleSums, figures: Figures) -> dict[Key, Figure]:
    """What a contact costs, of all and by channel, where that is known."""
    currency = figures.get("people_cost", "all", "all").unit
    names = [(s, n) for m, s, n in figures.by_key if m == "case_contacts" and s in SCOPES]
    found = {(COST, s, n): cost_per_contact(sums, s, n, currency) for s, n in names}
    return {key: figure for key, figure in found.items() if figure is not NONE}


def with_costs(samples: "Samples", sums: SampleSums, keys: list[Key]) -> "Samples":
    """Samples of measures with those of these costs beside them."""
    if not keys:
        return samples
    above, below = (
        np.stack(part, axis=1) for part in zip(*(cost_sums(sums, *k[1:]) for k in keys), strict=True)
    )
    return samples._replace(
        keys=(*samples.keys, *keys),
        above=np.concatenate([samples.above, above], axis=1),
        below=np.concatenate([samples.below, below], axis=1),
    )
