"""What each dial does, against a world that differs in it alone: exactly, or by shares.

Both worlds have the same chances, so that who is drawn alike may be looked up by key. Where only a share can
be told, it is off by less than four standard errors: a false alarm in 16,000 runs of such a test.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

import scenarios
from sim.compile import Model, compile_scenario
from sim.contacts import BACK, CUSTOMER, SIDE
from sim.log import ARRIVED, DEFLECTED, GATE, HANDLED, LEG, PREVENTED
from tests.sim.test_case_worlds import arrivals, attributes, durations, tags, world
from tests.sim.turned import Dials, Followed, Once

Raw = dict[str, Any]
Z: Final = 4.0
MILLION: Final = 1_000_000
SECOND: Final = 1_000_000
CAUSES: Final = ("billing", "how_to", "outage")  # of the world, in the order of their rows


def assert_share(count: int, of: int, share: float) -> None:
    """So many of so many are this share, but for chance."""
    off = math.sqrt(of * share * (1.0 - share))
    assert of >= 200
    assert abs(count - of * share) < Z * off


@cache
def model_of(change: Callable[[Raw], Any] | None = None) -> Model:
    raw = world()
    if change is not None:
        change(raw)
    return compile_scenario(scenarios.from_dict(raw))


def turned(
    dials: Dials, change: Callable[[Raw], Any] | None = None, at: int = 0, **course: float
) -> Followed:
    """The world with dials turned at a tick."""
    model = model_of(change)
    return Followed(model, Once(model, dials, at, **course))


@cache
def usual(change: Callable[[Raw], Any] | None = None) -> Followed:
    """The world in which nobody turns anything."""
    return Followed(model_of(change))


def by_key(found: Followed) -> dict[int, np.void]:
    return {int(case["key"]): case for case in found.cases}


def gate(found: Followed, outcome: int) -> np.ndarray:
    rows = found.contacts
    found_rows: np.ndarray = rows[(rows["row"] == GATE) & (rows["outcome"] == outcome)]
    return found_rows


def done(found: Followed) -> dict[tuple[int, int], np.void]:
    """The legs that were done, by key of the contact and number."""
    legs = found.log.legs()
    return {(int(leg["key"]), int(leg["legs"])): leg for leg in legs[legs["outcome"] == HANDLED]}


def step_of(found: Followed, leg: np.void) -> str:
    return str(found.model.names.steps[leg["step"]])


# Contacts that never come.

FEWER: Final[Dials] = {
    "all": {"contacts": 0.95},
    "streams.calls": {"contacts": 0.9},
    "causes.billing": {"contacts": 0.7},
}


def share_left(stream: str, cause: str) -> float:
    """Worked out from FEWER."""
    return 0.95 * (0.9 if stream == "calls" else 1.0) * (0.7 if cause == "billing" else 1.0)


def test_contacts_that_never_come_are_those_of_the_lowest_chances() -> None:
    """Of all that come without the dial, exactly those stay away whose chance is below what is taken away."""
    before, after = by_key(usual()), by_key(turned(FEWER))
    names = usual().model.names
    come = set()
    for key, case in before.items():
        left = share_left(names.streams[case["stream"]], CAUSES[case["cause"]])
        if case["chance"] >= (1.0 - left) * MILLION:
            come.add(key)
    assert come == set(after)
    assert len(before) > 500


def test_as_many_never_come_as_the_dials_say() -> None:
    """Also of those whom self-service would have kept away: they are not asked at its gate any more."""
    before, found = usual(), turned(FEWER)
    fresh = {int(row["key"]) for row in (*before.cases, *before.contacts[before.contacts["row"] == GATE])}
    spared = gate(found, PREVENTED)
    assert set(spared["key"].tolist()) <= fresh
    shares = {"calls": {"billing": 0.5}, "mails": {"billing": 0.5}}
    for stream in shares:
        mine = [row for row in spared if found.model.names.streams[row["stream"]] == stream]
        at_all = sum(int(row["stream"]) == found.model.names.streams.index(stream) for row in _first(before))
        mixed = sum(
            share * share_left(stream, cause)
            for cause, share in (("billing", 0.5), ("how_to", 0.3), ("outage", 0.2))
        )
        assert_share(len(mine), at_all, 1.0 - mixed)
    assert found.topics["prevented"].sum() == len(spared)


def _first(found: Followed) -> list[np.void]:
    """A row of every contact that was drawn: at the gate, or else as it came."""
    rows = found.contacts
    at_gate = rows[rows["row"] == GATE]
    came = rows[(rows["row"] == ARRIVED) & (rows["role"] == CUSTOMER) & (rows["attempt"] == 0)]
    bounced = set(at_gate["key"].tolist())
    return [*at_gate, *(row for row in came if int(row["key"]) not in bounced)]


def test_what_is_avoidable_goes_first() -> None:
    """60% of billing are avoidable and 20% of it never come: of the rest, half are."""

    def avoidable(raw: Raw) -> None:
        raw["causes"]["billing"]["avoidable"] = "60%"

    before, found = Followed(model_of(avoidable)), turned({"causes.billing": {"contacts": 0.8}}, avoidable)
    share = found.model.tables.causes["avoidable"]
    assert share.tolist() == [600_000, 0, 0]
    for world_, left in ((before, 0.6), (found, 0.5)):
        billing = world_.cases[world_.cases["cause"] == 0]
        assert_share(int((billing["chance"] < share[0]).sum()), len(billing), left)
    assert (found.cases[found.cases["cause"] == 0]["chance"] >= 200_000).all()


def test_a_dial_of_one_cause_leaves_all_others_alone() -> None:
    """Common chances: cases of other causes are the same, tagged alike, and their work takes as long."""
    before, after = usual(), turned({"causes.billing": {"contacts": 0.5, "longer": 1.4, "deflects": 0.2}})
    mine = {int(case["key"]) for case in before.cases if case["cause"] != 0}
    assert mine == {int(case["key"]) for case in after.cases if case["cause"] != 0}
    for seen in (attributes, arrivals, tags):
        one, other = seen(before.model, before.log), seen(after.model, after.log)
        assert [key for key in mine if one.get(key) != other.get(key)] == []
    owners = {int(row["key"]): int(row["case"]) for found in (before, after) for row in found.contacts}
    one, other = durations(before.model, before.log), durations(after.model, after.log)
    legs = [leg for leg in one.keys() & other.keys() if owners[leg[0]] in mine]
    assert len(legs) > 500
    assert [leg for leg in legs if one[leg] != other[leg]] == []


def test_a_backlog_and_what_an_incident_brings_come_all_the_same() -> None:
    def crowd(raw: Raw) -> None:
        raw["streams"]["calls"]["backlog"] = 40
        raw["incidents"] = {
            "down": {
                "cause": "outage",
                "starts": {"at": ["2026-03-02 10:00"]},
                "lasts": {"deterministic": "6 h"},
                "surge": {"calls": "30 per h"},
                "detection": {"contacts": 20, "within": "1 h"},
                "mitigation": {"deterministic": "20 h"},
            }
        }

    found = turned({"all": {"contacts": 0.0}}, crowd)
    arrived = found.contacts[(found.contacts["row"] == ARRIVED) & (found.contacts["attempt"] == 0)]
    first = arrived[arrived["role"] == CUSTOMER]
    assert int(first["backlog"].sum()) == 40
    assert (found.cases["incident"] >= 0).sum() > 100
    assert len(found.cases) == 40 + (found.cases["incident"] >= 0).sum()


# Contacts that an article answers.


def test_articles_answer_their_share_after_the_gate_of_self_service() -> None:
    """Those for all, for the stream and for the cause as if each were read by itself."""
    of_parts = {"streams.calls": {"deflects": 0.2}, "causes.billing": {"deflects": 0.3}}
    before, found = usual(), turned({"all": {"deflects": 0.1}, **of_parts})
    assert set(by_key(found)) <= set(by_key(before))
    # Who has tried self-service in vain comes; the article is for those who come without having tried.
    straight = set(arrivals(before.model, before.log))
    kept = {key: case for key, case in by_key(before).items() if key in straight}
    for stream, factor in (("calls", 0.8), ("mails", 1.0)):
        for cause, own in (("billing", 0.7), ("how_to", 1.0)):
            mine = [
                key
                for key, case in kept.items()
                if (before.model.names.streams[case["stream"]], CAUSES[case["cause"]]) == (stream, cause)
            ]
            assert_share(sum(key not in by_key(found) for key in mine), len(mine), 1.0 - 0.9 * factor * own)
    tried = set(by_key(before)) - straight
    assert tried <= set(by_key(found))
    read = set(by_key(before)) - set(by_key(found))
    assert set(gate(found, DEFLECTED)["key"].tolist()) == read | set(gate(before, DEFLECTED)["key"].tolist())
    assert found.topics["deflected"].sum() == len(read)


# Work.

LONGER: Final[Dials] = {
    "all": {"longer": 0.9},
    "streams.mails": {"longer": 1.5},
    "causes.how_to": {"longer": 0.5},
    "groups.twos": {"longer": 1.2},
}
SORTING: Final = ("triage", "misrouted")


def test_work_takes_as_much_longer_as_the_dials_say() -> None:
    """All work for customers, and by a group all; sorting and work beside are not about the matter."""
    before, found = usual(), turned(LONGER, triage=0.25)
    names, cases = found.model.names, {int(case["key"]): case for case in before.cases}
    looked = dict.fromkeys((*SORTING, "side", "twice", "handling"), 0)
    one, other = done(before), done(found)
    for key in one.keys() & other.keys():
        a, b = one[key], other[key]
        if a["step"] != b["step"]:
            continue
        step, cause = step_of(found, a), CAUSES[cases[int(a["case"])]["cause"]]
        wanted = 0.9 * (1.5 if names.streams[a["stream"]] == "mails" else 1.0)
        wanted *= 0.5 if cause == "how_to" else 1.0
        kind = step if step in SORTING else "handling"
        if step == "triage":
            wanted = 0.25
        elif step == "misrouted":
            wanted = 1.0
        elif step == "worked twice":
            kind = "twice"
        elif a["role"] == SIDE:
            kind, wanted = "side", 1.0
        own = {"ones": 1.0, "twos": 1.2}
        by = wanted * own[names.groups[b["group"]]]
        assert abs(int(b["agent_time"]) - by * int(a["agent_time"])) <= 1 + by, (step, key)
        looked[kind] += 1
    assert all(count > 20 for count in looked.values()), looked


def test_mandatory_fields_take_their_time_on_the_first_leg_of_each_contact() -> None:
    before, found = usual(), turned({}, tag_ticks=7 * SECOND)
    one, other = done(before), done(found)
    common = [key for key in one.keys() & other.keys() if one[key]["step"] == other[key]["step"]]
    seen = {True: 0, False: 0}
    for key in common:
        first = one[key]["legs"] == 0 and one[key]["role"] != SIDE
        more = int(other[key]["agent_time"]) - int(one[key]["agent_time"])
        assert more == (7 * SECOND if first else 0), key
        seen[first] += 1
    assert min(seen.values()) > 300


# Tags.


def test_accuracy_moves_by_points() -> None:
    """80% become 55%, and no more than all are right."""
    for added, right in ((-0.25, 0.55), (0.5, 1.0)):
        tagged = turned({}, accuracy=added).cases
        tagged = tagged[tagged["tag"] >= 0]
        hits = int((tagged["tag"] == tagged["cause"]).sum())
        if right == 1.0:
            assert hits == len(tagged)
        else:
            assert_share(hits, len(tagged), right)


@pytest.mark.parametrize(("factor", "share"), [(0.0, 0.0), (0.5, 0.05), (3.0, 0.3)])
def test_the_untagged_become_fewer(factor: float, share: float) -> None:
    found = turned({}, untagged=factor)
    first = found.cases["tag"] < 0
    if share:
        assert_share(int(first.sum()), len(first), share)
    else:
        assert not first.any()


@pytest.mark.parametrize(("factor", "share"), [(0.0, 0.0), (4.0, 0.2)])
def test_fewer_are_worked_on_twice(factor: float, share: float) -> None:
    """Of contacts that open a case, or come back about one."""
    found = turned({}, collisions=factor)
    rows = found.contacts
    come = rows[(rows["row"] == ARRIVED) & (rows["attempt"] == 0) & np.isin(rows["role"], (CUSTOMER, BACK))]
    twice = {
        int(row["key"])
        for row in rows[rows["row"] == LEG]
        if row["role"] == SIDE and step_of(found, row) == "worked twice"
    }
    if share:
        assert_share(len(twice), len(come), share)
    else:
        assert not twice


def test_routing_holds_from_its_day_on() -> None:
    """Before, contacts join their stream's queue, whatever their tag; not those that are there already."""
    day = 86_400 * SECOND
    model = model_of()
    found = Followed(model, _Twice(model, day))
    tech = model.names.queues.index("tech")
    arrived = found.contacts[(found.contacts["row"] == ARRIVED) & (found.contacts["role"] == CUSTOMER)]
    early = arrived[arrived["born"] < day]
    assert len(early) > 300
    assert not (early["queue"] == tech).any()
    cases = by_key(found)
    late = [cases[int(row["case"])] for row in arrived[(arrived["born"] >= day) & (arrived["queue"] == tech)]]
    assert sum(case["tag"] == CAUSES.index("outage") for case in late) > 100


class _Twice(Once):
    """Routing is off at first, and on from a tick."""

    def __init__(self, model: Model, at: int) -> None:
        super().__init__(model, {}, 0, routed=0)
        self.ticks = (0, at)

    def decide(self, n: int, state: Any) -> None:
        super().decide(n, state)
        state.course[0]["routed"] = n


# What comes after, and beside.


def returning(raw: Raw) -> None:
    """Returns come within minutes to a line that is always open, and nobody hangs up."""
    soon = {"deterministic": "2 min"}
    raw["closing"] = {
        "reopens": {"share": "20%", "after": soon},
        "repeats": {"share": "10%", "after": soon, "streams": {"mails": 1}},
    }
    raw["queues"]["phone"] = {}
    raw["calendar"]["days"] = 20


RETURNS: Final[Dials] = {
    "all": {"returns": 0.5},
    "streams.mails": {"returns": 1.6},
    "causes.outage": {"returns": 0.25},
}


@pytest.mark.parametrize("quality", [1.0, 2.0])
def test_customers_come_back_as_often_as_the_dials_say(quality: float) -> None:
    """Reopens and repeats alike; good work leads to fewer reopens, and not to fewer repeats."""
    found = turned(RETURNS, returning, quality=quality)
    end = 20 * 86_400 * SECOND - 600 * SECOND
    for cause in ("billing", "outage"):
        mine = found.cases[(found.cases["cause"] == CAUSES.index(cause)) & (found.cases["first_solved"] >= 0)]
        mine = mine[(mine["first_solved"] < end) & (mine["stream"] == 0)]
        by = 0.5 * (0.25 if cause == "outage" else 1.0)
        once = _first_returns(found, mine)
        assert_share(int((once == 0).sum()), len(mine), by * 0.2 / quality)
        assert_share(int((once == 1).sum()), len(mine), by * 0.1)


def _first_returns(found: Followed, cases: np.ndarray) -> np.ndarray:
    """How each customer came back first: by calls 0, by mails 1, or not at all -1."""
    rows = found.contacts
    back = rows[(rows["row"] == ARRIVED) & (rows["role"] == BACK) & (rows["attempt"] == 0)]
    first: dict[int, np.void] = {}
    for row in np.sort(back, order="born"):
        first.setdefault(int(row["case"]), row)
    return np.array([int(first[key]["stream"]) if key in first else -1 for key in cases["key"].tolist()])


@pytest.mark.parametrize("quality", [0.5, 0.9, 1.5])
def test_quality_is_that_of_the_usual_times_the_factor(quality: float) -> None:
    cases = turned({}, quality=quality).cases
    assert (cases["quality"] == round(1000 * quality)).all()


def test_work_is_scored_by_its_quality() -> None:
    """By the model of docs/outcomes.md, half the quality takes `follows` / 2 of the mean score."""

    def scored(raw: Raw) -> None:
        raw["outcomes"] = {"response": "60%", "qa": {"accuracy": "80%", "follows": 1}}

    before, found = Followed(model_of(scored)), turned({}, scored, quality=0.75)
    for one, mean in ((before, 800.0), (found, 600.0)):
        scores = one.cases["accuracy"][one.cases["outcome"] == 1]
        assert abs(scores.mean() - mean) < Z * scores.std() / math.sqrt(len(scores))


@pytest.mark.parametrize(("added", "share"), [(-0.2, 0.1), (0.4, 0.7), (0.9, 1.0), (-0.5, 0.0)])
def test_side_work_comes_with_more_or_fewer_cases(added: float, share: float) -> None:
    """30% and so many points, of all cases that were solved."""
    found = turned({"side_work.article": {"share": added}})
    rows = found.contacts[(found.contacts["row"] == LEG) & (found.contacts["role"] == SIDE)]
    cases = {int(row["case"]) for row in rows if step_of(found, row) == "article"}
    solved = int((found.cases["first_solved"] >= 0).sum())
    if 0.0 < share < 1.0:
        assert_share(len(cases), solved, share)
    else:
        assert len(cases) == solved * share


# Hurry.


@pytest.mark.parametrize("left", [0.5, 0.0])
def test_haste_and_harm_shrink_together(left: float) -> None:
    """Who hurries works 1.5 times as fast, and reopens are 1.4 times as likely: of both a part is left."""

    def hurry(raw: Raw) -> None:
        raw["groups"]["ones"]["hurry"] = {"from_waiting": 2, "speeds_up": "50%", "reopens": "40%"}

    before, found = Followed(model_of(hurry)), turned({"groups.ones": {"hurry": left}}, hurry)
    plain = done(usual())
    seen = set()
    for world_, part in ((before, 1.0), (found, left)):
        faster, worse = 1.0 - (1.0 - 1.0 / 1.5) * part, 1.0 + 0.4 * part
        legs = done(world_)
        quality = {int(case["key"]): int(case["quality"]) for case in world_.cases}
        for key in legs.keys() & plain.keys():
            leg, same = legs[key], plain[key]
            if leg["step"] != same["step"] or world_.model.names.groups[leg["group"]] != "ones":
                continue
            ratio = int(leg["agent_time"]) / max(int(same["agent_time"]), 1)
            if int(same["agent_time"]) > SECOND:
                assert min(abs(ratio - faster), abs(ratio - 1.0)) < 1e-5
                seen.add((part, abs(ratio - faster) < 1e-5))
        hurried = {0: 1000, 1: int(1000 / worse)}
        assert set(quality.values()) >= set(hurried.values())
        assert max(quality.values()) == 1000
    assert seen >= {(1.0, True), (1.0, False), (left, True)}
