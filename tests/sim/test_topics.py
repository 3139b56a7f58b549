"""Counters by tag against a recount from the log: a contact counts once, when its tag is known."""

from collections import Counter
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

from sim.compile import compile_scenario
from sim.contacts import SIDE
from sim.log import ARRIVED, BOUNCED, GATE, HANDLED, LEG, OPEN, PREVENTED
from tests.sim.case_team import TEAM, team
from tests.sim.logs import COARSE, random_model
from tests.sim.turned import AtRandom, Followed, Once

UNTAGGED: Final = -1
DAYS: Final = {**TEAM["calendar"], "days": 20}
CAUSES: Final = {"billing": {"avoidable": "60%"}, "outage": {}, "how_to": {"avoidable": True}}
ARR: Final = {"small": 100, "vip": 60_000}


@cache
def followed(**tagging: Any) -> Followed:
    """Twenty days of the team, where mails have causes too, with other words on tags."""
    streams = {name: dict(stream) for name, stream in TEAM["streams"].items()}
    for stream in streams.values():
        stream["causes"] = {"billing": "50%", "outage": "30%", "how_to": "20%"}
        stream["tiers"] = {"small": "95%", "vip": "5%"}
    said = {**TEAM["tagging"], **tagging}
    return Followed(compile_scenario(team(streams=streams, causes=CAUSES, tagging=said, calendar=DAYS)))


def by_tag(found: Followed, counter: str) -> list[int]:
    return [int(n) for n in found.topics[counter]]


def sums(found: Followed, field: str, tag: str = "topic") -> list[int]:
    """A field of all cases, added up by the tag that they bear; the last is of those without one."""
    rows = [*range(len(found.model.names.causes)), UNTAGGED]
    return [int(found.cases[field][found.cases[tag] == row].sum()) for row in rows]


def test_where_machines_tag_all_everything_is_counted_by_their_tags() -> None:
    """Half of the tags are wrong, and nobody puts them right."""
    found = followed(accuracy="50%", untagged=0)
    cases, names = found.cases, found.model.names
    assert (cases["tag"] == cases["topic"]).all()
    assert 0.4 < (cases["tag"] == cases["cause"]).mean() < 0.6
    tags = range(len(names.causes))
    share = [1_000_000 if c == "how_to" else 600_000 if c == "billing" else 0 for c in names.causes]
    assert by_tag(found, "contacts") == sums(found, "contacts")
    assert by_tag(found, "cases") == [*(int((cases["tag"] == tag).sum()) for tag in tags), 0]
    assert by_tag(found, "avoidable") == [
        *(int(cases["contacts"][(cases["tag"] == t) & (cases["chance"] < share[t])].sum()) for t in tags),
        0,
    ]
    assert by_tag(found, "agent_ticks") == sums(found, "touched")
    assert by_tag(found, "escalated") == sums(found, "escalated")
    returned = np.array(sums(found, "reopened")) + sums(found, "repeated")
    assert by_tag(found, "returned") == returned.tolist()
    solved = [int((cases["solved"][cases["tag"] == tag] >= 0).sum()) for tag in (*tags, UNTAGGED)]
    assert by_tag(found, "solved") == (returned + solved).tolist()  # before each return it had been solved
    rated = [int((cases["csat"][cases["tag"] == tag] > 0).sum()) for tag in (*tags, UNTAGGED)]
    assert by_tag(found, "rated") == rated
    unhappy = [int((cases["sentiment"][cases["tag"] == tag] < 0).sum()) for tag in (*tags, UNTAGGED)]
    assert by_tag(found, "unhappy") == unhappy
    paid = [ARR[names.tiers[tier]] for tier in cases["tier"]]
    arr = [sum(pay for pay, tag in zip(paid, cases["tag"], strict=True) if tag == t) for t in tags]
    assert by_tag(found, "arr") == [*arr, 0]
    for counter in ("contacts", "avoidable", "escalated", "returned", "rated", "unhappy"):
        assert min(sum(by_tag(found, counter)), *by_tag(found, "contacts")[:-1]) > 10, counter


def test_where_people_tag_a_contact_counts_when_they_have() -> None:
    """All tags are right, some come from people; who leaves before that is counted without one."""
    found = followed(accuracy=1, untagged="40%")
    causes = {int(case["key"]): int(case["cause"]) for case in found.cases}
    wanted, known = Counter[int](), set[int]()
    for contact in _contacts(found):
        case, sorting = int(contact[0]["case"]), [leg for leg in contact if _is_triage(found, leg)]
        ended = sorting[-1]["outcome"] if sorting else HANDLED
        if ended == HANDLED:
            known.add(case)
        if case in known:
            wanted[causes[case]] += 1
        elif ended != OPEN:
            wanted[UNTAGGED] += 1
    assert by_tag(found, "contacts") == [*(wanted[cause] for cause in range(3)), wanted[UNTAGGED]]
    assert wanted[UNTAGGED] > 10
    assert sum(by_tag(found, "cases")) == len(found.cases)
    assert (found.cases["topic"][found.cases["first_solved"] >= 0] >= 0).all()


def _contacts(found: Followed) -> list[list[np.void]]:
    """The legs of each contact of a customer, contacts in the order in which they came."""
    rows = found.contacts[found.contacts["role"] < SIDE]
    legs: dict[int, list[np.void]] = {int(row["key"]): [] for row in rows[rows["row"] == ARRIVED]}
    for leg in rows[rows["row"] == LEG]:
        legs[int(leg["key"])].append(leg)
    return [each for each in legs.values() if each]


def _is_triage(found: Followed, leg: np.void) -> bool:
    return bool(found.model.names.steps[leg["step"]] == "triage")


def test_a_wrong_tag_is_put_right_by_who_sorts_a_later_contact() -> None:
    """A case that comes back untagged bears its cause from then on."""
    found = followed(accuracy="50%", untagged="30%")
    cases = found.cases[found.cases["tag"] >= 0]
    righted = cases[(cases["tag"] != cases["cause"]) & (cases["topic"] == cases["cause"])]
    rows = found.contacts
    sorted_ = rows[(rows["row"] == LEG) & (rows["outcome"] == HANDLED) & (rows["role"] < SIDE)]
    sorted_keys = {int(row["case"]) for row in sorted_ if _is_triage(found, row)}
    assert len(righted) > 10
    assert set(righted["key"].tolist()) <= sorted_keys
    others = cases[~np.isin(cases["key"], list(sorted_keys))]
    assert (others["topic"] == others["tag"]).all()


@pytest.mark.parametrize("seed", range(40))
def test_sums_are_those_of_the_log(seed: int) -> None:
    """Whatever a scenario has, and whatever is turned on the way."""
    model = random_model(seed, COARSE)
    found = Followed(model, AtRandom(model, seed))
    cases, topics, rows = found.cases, found.topics, found.contacts
    assert len(topics) == len(model.names.causes) + 1
    for counter, fields in (
        ("agent_ticks", ("touched",)),
        ("escalated", ("escalated",)),
        ("returned", ("reopened", "repeated")),
    ):
        assert topics[counter].sum() == sum(cases[field].sum() for field in fields)
    assert topics["rated"].sum() == (cases["csat"] > 0).sum()
    assert topics["contacts"].sum() <= topics["came"].sum() == cases["contacts"].sum()
    assert topics["cases"].sum() <= len(cases)
    came = [cases["contacts"][cases["cause"] == cause].sum() for cause in (*range(len(topics) - 1), UNTAGGED)]
    assert topics["came"].tolist() == came
    assert topics["prevented"].sum() == ((rows["row"] == GATE) & (rows["outcome"] == PREVENTED)).sum()
    open_legs = rows[(rows["row"] == LEG) & (rows["outcome"] == OPEN) & (rows["role"] < SIDE)]
    pending = sum(_is_triage(found, leg) for leg in open_legs)
    assert topics["came"].sum() - topics["contacts"].sum() <= pending


def test_true_causes_of_what_is_prevented_and_answered() -> None:
    """By the causes that the contacts would have had."""
    model = followed(accuracy="50%", untagged=0).model
    dials = {"causes.billing": {"contacts": 0.0}, "causes.how_to": {"deflects": 1.0}}
    found = Followed(model, Once(model, dials))
    billing, how_to, outage, none = range(4)
    bounced = found.contacts[(found.contacts["row"] == GATE) & (found.contacts["outcome"] == BOUNCED)]
    straight = found.cases[~np.isin(found.cases["key"], bounced["key"])]
    assert (straight["cause"] == outage).all()
    assert not (found.cases["cause"] == billing).any()  # they do not even try self-service
    assert found.topics["prevented"][billing] > 200
    assert found.topics["deflected"][how_to] > 100
    for row in (how_to, outage, none):
        assert found.topics["prevented"][row] == 0
    for row in (billing, outage, none):
        assert found.topics["deflected"][row] == 0
