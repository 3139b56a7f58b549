"""What cases take of the whole: shares of causes and of kinds of work."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from reports.figures import NONE, Figure, Figures
from reports.sample_sums import SampleSums, ratio
from scenarios.case_definitions import TOP_CAUSES
from scenarios.model import Scenario


class TopCauses(NamedTuple):
    """The causes with most contacts, the share of all contacts that each has, and theirs together."""

    names: tuple[str, ...]
    share: dict[str, Figure]
    together: Figure


def top_causes(scenario: Scenario, figures: Figures, sums: SampleSums) -> TopCauses:
    """The five causes with most contacts; of contacts that have a cause or none."""
    contacts = {name: figures.get("case_contacts", "root_cause", name).mean for name in scenario.causes}
    some = [name for name, count in contacts.items() if count > 0]
    names = tuple(sorted(some, key=lambda name: -contacts[name])[:TOP_CAUSES])
    whole = sums.above("case_contacts")
    parts = {name: sums.above("case_contacts", "root_cause", name) for name in names}
    share = {name: ratio(part, whole, "share") for name, part in parts.items()}
    known = [part for part in parts.values() if len(part)]
    together = ratio(np.sum(known, axis=0), whole, "share") if known else NONE
    return TopCauses(names, share, together)


def work_shares(figures: Figures, sums: SampleSums) -> Iterator[tuple[str, Figure]]:
    """The kinds of work that took any time, the longest first, each with its share of all of it."""
    times = {name: f.mean for (m, s, name), f in figures.by_key.items() if (m, s) == ("work_time", "work")}
    parts = {name: sums.above("work_time", "work", name) for name in times}
    known = [part for part in parts.values() if len(part)]
    whole = np.sum(known, axis=0) if known else np.zeros(0)
    for name in sorted(times, key=lambda name: -times[name]):
        if times[name] > 0:
            yield name, ratio(parts[name], whole, "share")
