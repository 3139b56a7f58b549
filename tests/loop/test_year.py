"""A year of improvement: care_loop_year.yaml."""

from datetime import date
from pathlib import Path
from typing import Final

import scenarios
from sim.compile import compile_scenario
from sim.loop.controller import Learned
from sim.loop.observed import COLUMNS
from tests.loop.small import learn_all

LIBRARY: Final = Path(scenarios.__file__).parent / "library"
CAME: Final = COLUMNS.index("came")
QUARTERS: Final = [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]


def commitments(learned: Learned, dates: tuple[date, ...]) -> dict[date, set[str]]:
    """The causes committed to, by the day of the commitment."""
    found: dict[date, set[str]] = {}
    for event in learned.events:
        if event.what == "committed":
            found.setdefault(dates[event.day], set()).add(event.name)
    return found


def test_each_quarter_commits_to_what_weighs_most_then() -> None:
    """Not the first: on the 1st of January there are no four weeks of figures. Causes of a commitment have
    remedies of engineering; the new shop is none before it opens, in May. (On the 1st of January of the next
    year there may be another commitment, if anything is left to do.)"""
    ours = scenarios.load(LIBRARY / "care_loop_year.yaml")
    agreed = compile_scenario(ours).agreed
    assert agreed is not None
    assert ours.roadmap is not None
    assert ours.roadmap.phases.keys() == {"days 0-30", "days 31-60", "days 61-90", "Q2", "Q3", "Q4"}
    shop, opens = agreed.rows.causes.index("new_shop"), agreed.dates.index(date(2026, 5, 18))
    engineering = agreed.rows.owners.index("engineering")
    for learned in learn_all(ours, range(2)):
        chosen = commitments(learned, agreed.dates)
        assert list(chosen)[:3] == QUARTERS
        spring, summer, autumn = (chosen[day] for day in QUARTERS)
        assert {len(spring), len(summer), len(autumn)} == {2}
        assert spring != summer
        assert summer != autumn
        assert "new_shop" not in spring
        assert "new_shop" in summer | autumn
        for cause in spring | summer | autumn:
            of_cause = agreed.remedies[agreed.rows.causes.index(cause)]
            assert engineering in {made.owner for made in of_cause}
        assert learned.seen[:opens, shop, CAME].sum() == 0
        assert learned.noticed[shop] > opens
        in_force = [t.in_force for t in learned.tickets if t.change.kind == "product_fix"]
        quarters = {(agreed.dates[day].month - 1) // 3 for day in in_force if day < agreed.days}
        assert len(quarters) >= 3  # improvements come into force all through the year
