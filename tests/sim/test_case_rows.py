"""The log of cases against a naive recount from the log of contacts, one row after the other.

The engines keep what a case has been through as it goes on; here it is all added up afterwards. What was
drawn for a case cannot be recounted, and is seen elsewhere.
"""

from collections import Counter, defaultdict
from typing import Final, NamedTuple

import numpy as np
import pytest

from scenarios.case_definitions import MISROUTED, TRIAGE, UPDATES
from sim.compile import Model
from sim.contacts import BACK, CUSTOMER, SIDE
from sim.log import (
    ARRIVED,
    BOUNCED,
    CASE_OPEN,
    CASE_SOLVED,
    CLEARED,
    GATE,
    HANDLED,
    HELD,
    LEG,
    OPEN,
    OVERFLOWED,
    SHARING,
    STRUCK_OFF,
    WORKING,
)
from tests.seeds import seeds
from tests.sim.logs import COARSE, MICROSECONDS, Log, random_model, run

_SEEN: Final = ("contacts", "legs", "transfers", "touched", "waited", "replied", "solved", "updates", "late")


class Told(NamedTuple):
    """What the rows of one case say of it, by the fields of a case row."""

    facts: Counter[str]
    solutions: list[int]  # moments
    returns: list[int]


class Recount:
    """Case rows once more, from contact rows."""

    def __init__(self, model: Model, log: Log) -> None:
        self.steps = model.names.steps
        self.live = model.tables.streams["live"]
        self.calls = model.start.queues["live"]
        rows = log.contacts[log.contacts["case"] != 0]
        self.of_case = defaultdict[int, list[np.void]](list)
        for row in rows:
            self.of_case[int(row["case"])].append(row)
        self.last = Counter[int]()  # number of the last leg that each contact has begun
        for row in rows[rows["row"] == LEG]:
            self.last[int(row["key"])] = max(self.last[int(row["key"])], int(row["legs"]))

    def of(self, case: int) -> Told:
        told = Told(Counter(replied=-1), [], [])
        queues: dict[tuple[int, int], int] = {}  # where each leg of each contact was at last
        for row in self.of_case[case]:
            if row["row"] == ARRIVED:
                told.facts["contacts"] += 1
                if row["role"] == BACK and row["attempt"] == 0:
                    told.returns.append(int(row["born"]))
            elif row["row"] in (LEG, HELD) and row["outcome"] != OPEN:
                told.facts["touched"] += int(row["agent_time"])
                if row["row"] == HELD:
                    continue  # an agent who stays with a contact until somebody else has answered it
                if row["role"] == SIDE:
                    self.side(told, row)
                else:
                    self.leg(told, row, queues)
        told.facts["solved"] = max([-1, *told.solutions])
        return told

    def leg(self, told: Told, row: np.void, queues: dict[tuple[int, int], int]) -> None:
        """A leg of a contact by the customer."""
        key, legs, handled = int(row["key"]), int(row["legs"]), row["outcome"] == HANDLED
        if (key, legs) not in queues and (key, legs - 1) in queues:
            told.facts["transfers"] += queues[key, legs - 1] != row["queue"]
        queues[key, legs] = int(row["queue"])
        if legs == 0 and row["outcome"] != OVERFLOWED:
            left = row["left"] if row["left"] >= 0 else row["ended"]  # unseen, or as all can see
            told.facts["waited"] += int((row["started"] if handled else left) - row["born"])
        if handled:
            told.facts["legs"] += 1
            if legs == self.last[key]:
                told.solutions.append(int(row["ended"]))
            self.reply(told, row)

    def reply(self, told: Told, row: np.void) -> None:
        """Who is on the line, or is called, is answered at once; a letter is when it is not only sent on."""
        if told.facts["replied"] < 0:
            if self.live[row["stream"]]:
                told.facts["replied"] = int(row["started"])
            elif self.steps[row["step"]] not in (TRIAGE, MISROUTED):
                told.facts["replied"] = int(row["started" if self.calls[row["queue"]] else "ended"])

    def side(self, told: Told, row: np.void) -> None:
        """Of side work, only updates are counted: done, or not done in time and then needless."""
        if self.steps[row["step"]] != UPDATES:
            return
        if row["outcome"] == HANDLED:
            told.facts["updates"] += 1
            told.facts["late"] += int(row["ended"] > row["due"])
        elif row["outcome"] == STRUCK_OFF and len(told.solutions) > len(told.returns):
            missed = told.solutions[-1] > row["due"]
            told.facts["updates"] += missed
            told.facts["late"] += missed


def logs(seed: int) -> list[tuple[Model, Log]]:
    models = (random_model(seed, grain) for grain in (MICROSECONDS, COARSE))
    return [(model, run(model)) for model in models]


@pytest.mark.parametrize("seed", seeds(24, 60))
def test_case_rows_are_what_contact_rows_say(seed: int) -> None:
    for model, log in logs(seed):
        recount = Recount(model, log)
        for case in log.cases:
            key = int(case["key"])
            if case["outcome"] == CASE_OPEN or _cleared_an_update(recount, key):
                continue  # of a leg that is still to begin, no row tells; of a cleared update, not for what
            told = recount.of(key)
            if case["outcome"] != CASE_SOLVED:
                told.facts["solved"] = -1
            for field in _SEEN:
                assert case[field] == told.facts[field], (field, key)
            assert case["reopened"] + case["repeated"] == len(told.returns)
            assert case["first_solved"] == min(told.solutions, default=-1)


def _cleared_an_update(recount: Recount, case: int) -> bool:
    rows = recount.of_case[case]
    return any(row["outcome"] == CLEARED and recount.steps[row["step"]] == UPDATES for row in rows)


@pytest.mark.parametrize("seed", seeds(24, 60))
def test_every_case_is_logged_once(seed: int) -> None:
    """One row for every contact that came first, at its moment: who bounced comes, who is kept does not."""
    for _, log in logs(seed):
        rows = log.contacts
        if not len(log.cases):
            assert not rows["case"].any()
            continue
        first = rows[(rows["row"] == ARRIVED) & (rows["role"] == CUSTOMER) & (rows["attempt"] == 0)]
        born = dict(zip(log.cases["key"].tolist(), log.cases["born"].tolist(), strict=True))
        assert len(born) == len(log.cases)
        assert born == dict(zip(first["key"].tolist(), first["born"].tolist(), strict=True))
        gate = rows[rows["row"] == GATE]
        bounced = set(gate["key"][gate["outcome"] == BOUNCED].tolist())
        assert set(first["key"][first["orbit"] > 0].tolist()) <= bounced <= set(born)
        assert not (set(gate["key"].tolist()) - bounced) & set(born)


@pytest.mark.parametrize("seed", seeds(24, 60))
def test_time_of_agents_is_time_of_contacts(seed: int) -> None:
    """Whatever an agent does is done on some leg, to the tick: added up by agents and by contacts.

    But for those on call, who are at work from the moment of the call, and with the contact only later.
    """
    for model, log in logs(seed):
        if any(group.on_call for group in model.scenario.groups.values()):
            continue
        spans = log.agents["end"] - log.agents["start"]
        working, chats = (log.agents["state"] == state for state in (WORKING, SHARING))
        legs = log.contacts[np.isin(log.contacts["row"], (LEG, HELD))]
        in_hand = (spans[chats] * log.agents["load"][chats]).sum()
        assert spans[working | chats].sum() == legs["agent_time"].sum()
        assert spans[working].sum() + in_hand == legs["touched"].sum()
        assert (legs["agent_time"] <= legs["touched"]).all()
