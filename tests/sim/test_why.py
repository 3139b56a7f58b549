"""Intervals whose cause is known by construction: it is the first that is named."""

from datetime import date
from typing import Any

import numpy as np
import pytest

import scenarios
from scenarios import Scenario
from scenarios.week import ALL_DAY, SUNDAY, window_text
from sim.explain.causes import CAUSES, contacts_here, usual_contacts
from sim.explain.changes import mean_heads
from sim.explain.people import one_more_window
from sim.explain.spot import find_spot, read_when, shown_twice
from sim.explain.understaffing import shortages
from sim.explain.watch import Chances, Estimate, gap, interval_bins, observe
from sim.explain.why import Why, target_of, why

CHANCES = Chances(3, 40)
Raw = dict[str, Any]


def team(**changes: Any) -> Scenario:
    """Twelve contacts in half an hour of 5 min each (2 Erlangs), five people, from 08:00 to 18:00."""
    raw: Raw = {
        "careloop": 1,
        "name": "a day whose cause is known",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": 2, "hours": {"desk": {"daily": "08:00-18:00"}}},
        "streams.calls": {
            "queue": "phone",
            "arrivals": {"by_interval": by_interval(12)},
            "handle_time": {"exponential": "5 min"},
        },
        "queues.phone": {"hours": "desk", "target": "80% in 20 s", "patience": {"exponential": "5 min"}},
        "groups.team": {"skills": ["phone"], "agents": {"daily": {"08:00-18:00": 4}}},
    }
    nested: Raw = {}
    for path, value in {**raw, **{key.replace("__", "."): each for key, each in changes.items()}}.items():
        *above, last = path.split(".")
        place = nested
        for key in above:
            place = place.setdefault(key, {})
        place[last] = value
    return scenarios.from_dict(nested)


def by_interval(each: float, **peaks: float) -> Raw:
    """Contacts by half hour from 08:00 to 18:00; a peak is such as at_1030=40."""
    clocks = [f"at_{h:02d}{m:02d}" for h in range(8, 18) for m in (0, 30)]
    return {"from": "08:00", "daily": [peaks.get(clock, each) for clock in clocks]}


def calls(arrivals: Raw, handle_time: str | Raw = "5 min", **more: Any) -> Raw:
    times = {"exponential": handle_time} if isinstance(handle_time, str) else handle_time
    return {"queue": "phone", "arrivals": arrivals, "handle_time": times, **more}


def shifts() -> list[Raw]:
    """One person all day long, and four who all have lunch at noon."""
    return [
        {"agents": 1, "days": "daily", "hours": "08:00-18:00"},
        {"agents": 4, "days": "daily", "hours": "08:00-18:00", "breaks": ["12:00-12:30"]},
    ]


def heavy_mails() -> Scenario:
    """Mails of a quarter of an hour keep the callers' people busy."""
    return team(
        streams__mails={
            "queue": "mail",
            "arrivals": {"by_interval": by_interval(3)},
            "handle_time": {"exponential": "15 min"},
        },
        queues__mail={"channel": "email", "hours": "desk", "priority": "high"},
        groups__team={"skills": ["phone", "mail"], "agents": {"daily": {"08:00-18:00": 4}}},
    )


def two_queues(sellers: int = 1) -> Scenario:
    """Two Erlangs each; the two people for calls take those for sales first, as far as the sellers cannot."""
    return team(
        streams__sales={
            "queue": "sales",
            "arrivals": {"by_interval": by_interval(12)},
            "handle_time": {"exponential": "5 min"},
        },
        queues__sales={"hours": "desk", "priority": "high", "target": "80% in 20 s"},
        groups__sellers={"skills": ["sales"], "agents": {"daily": {"08:00-18:00": sellers}}},
        groups__team={"skills": ["phone", "sales"], "agents": {"daily": {"08:00-18:00": 2}}},
    )


def overflowing() -> Scenario:
    """Another queue with nobody of its own at work sends all its contacts here."""
    return team(
        streams__sales={
            "queue": "sales",
            "arrivals": {"by_interval": by_interval(10)},
            "handle_time": {"exponential": "5 min"},
        },
        queues__sales={"hours": "desk", "overflow": {"to": "phone", "after": "30 s"}},
        groups__sellers={"skills": ["sales"], "agents": {"daily": {"17:00-18:00": 1}}},
    )


def hole() -> Scenario:
    """One person of five is left at noon."""
    people = {"08:00-12:00": 5, "12:00-12:30": 1, "12:30-18:00": 5}
    return team(groups__team={"skills": ["phone"], "agents": people})


def staffed(*people: int, **more: Any) -> Scenario:
    """People by half hour from 08:00 on, the last number until the end of the day."""
    at = [8 * 60 + 30 * n for n in range(len(people))]
    ends = [*at[1:], 18 * 60]
    day = {f"{_clock(a)}-{_clock(b)}": n for a, b, n in zip(at, ends, people, strict=True)}
    return team(groups__team={"skills": ["phone"], "agents": {"daily": day}}, **more)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def patient(arrivals: Raw, **more: Any) -> Scenario:
    """Nobody gives up: whatever is not done stays in line."""
    return team(
        streams__calls=calls(arrivals, **more), queues__phone={"hours": "desk", "target": "80% in 20 s"}
    )


def held() -> Scenario:
    """Mails come round the clock, and are answered by day."""
    return team(
        streams__calls=calls({"rate": "6 per 30 min"}),
        queues__phone={"hours": "desk", "target": "80% in 20 min", "at_closing": "hold", "channel": "email"},
        groups__team={"skills": ["phone"], "agents": {"daily": {"08:00-18:00": 2}}},
    )


def backlog() -> Scenario:
    """Forty contacts wait when the first day begins, at midnight."""
    return team(
        calendar={"start": "2026-03-02", "days": 1},
        streams__calls=calls({"rate": "12 per 30 min"}, backlog=40),
        queues__phone={"target": "80% in 20 s"},
        groups__team={"skills": ["phone"], "agents": 4},
    )


def with_usual(**arrivals: Any) -> Scenario:
    """The usual contacts, and something beside."""
    return team(streams__calls=calls({"by_interval": by_interval(12), **arrivals}))


def lunch(at_1030: float) -> Scenario:
    """One of four is missing all day, two more at noon; contacts may have a peak in the morning."""
    return staffed(*[3] * 8, 1, 3, streams__calls=calls({"by_interval": by_interval(12, at_1030=at_1030)}))


KNOWN: dict[str, tuple[Scenario, str]] = {
    "peak": (team(streams__calls=calls({"by_interval": by_interval(12, at_1030=36)})), "10:30"),
    "gap_in_staff": (hole(), "12:00"),
    "gap_in_staff (a break)": (team(groups__team={"skills": ["phone"], "shifts": shifts()}), "12:10"),
    "understaffing": (staffed(2), "12:00"),
    "understaffing (one is missing)": (staffed(3), "10:30"),
    "understaffing (and it piles up)": (patient({"by_interval": by_interval(22)}), "12:00"),
    "understaffing (two queues)": (two_queues(), "10:30"),
    "gap_in_staff (in a day of too few)": (staffed(3, 3, 3, 3, 3, 3, 3, 3, 1, 3), "12:00"),
    "gap_in_staff (in a day of too few, after a peak)": (lunch(30), "12:00"),
    "peak (in a day of too few)": (
        staffed(3, streams__calls=calls({"by_interval": by_interval(12, at_1030=50)})),
        "10:30",
    ),
    "one_more": (team(groups__team={"skills": ["phone"], "agents": 2}), "08:00"),
    "waiting": (patient({"by_interval": by_interval(12, at_1000=70)}), "10:30"),
    "others": (heavy_mails(), "10:30"),
    "passed_on": (overflowing(), "10:30"),
    "busyness": (with_usual(busyness={"day": {"cv": 1.5}}), "10:30"),
    "special_day": (with_usual(special_days={"2026-03-02": "250%"}), "2026-03-02T10:30"),
    "backlog": (backlog(), "00:00"),
    "held": (held(), "2026-03-03T08:30"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_cause_known_by_construction_is_named_first(name: str) -> None:
    scenario, when = KNOWN[name]
    found = why(scenario, read_when(when), "phone", CHANCES)
    assert found.level.high < target_of(found.spot)
    assert [each.cause for each in found.told][:1] == [name.partition(" ")[0]]


@pytest.mark.parametrize(
    "life",
    [
        {"severities": {"S1": {"resolution": "4 h"}}},
        {"side_work.article": {"queue": "phone", "handle_time": {"exponential": "5 min"}, "on": "solved"}},
        {"paths": {"two": {"first": {"then": "second"}, "second": {"then": "solved"}}}},
        {"routing": [{"channel": "phone", "to": "phone"}]},
    ],
)
def test_cases_are_refused(life: Raw) -> None:
    """What comes to a queue is then decided elsewhere too, as no cause says."""
    with pytest.raises(
        ValueError, match="become cases, which go from queue to queue; write what you suspect"
    ):
        why(team(**life), read_when("10:30"), "phone", CHANCES)


@pytest.mark.parametrize("name", KNOWN)
def test_effects_are_differences_of_levels(name: str) -> None:
    """Sorted; those told of are beyond chance; all of them together reach further than the first alone."""
    scenario, when = KNOWN[name]
    found = why(scenario, read_when(when), "phone", Chances(4, 8))
    effects = [each.effect.mean for each in found.tried]
    assert effects == sorted(effects, reverse=True)
    for each in found.tried:
        assert each.effect.mean == pytest.approx(each.level.mean - found.level.mean)
    counting = [each for each in found.tried if each.effect.low > 0]
    twice = [each for each in counting if each.cause in ("understaffing", "one_more")][1:]
    assert list(found.told) == [each for each in counting if each not in twice][:3]
    if found.together:
        assert found.together.level.mean >= found.told[0].level.mean - found.told[0].level.half


def test_understaffing_is_what_is_missing_by_construction() -> None:
    """Two Erlangs take four people for 80 % in 20 s, two are there: with four all is explained, once."""
    spot = find_spot(staffed(2), "phone", read_when("12:00"))
    for each in shortages(spot).values():
        assert (each.windows[0].start_s, each.windows[-1]) == (8 * 3600, spot.window)
        assert (each.at_work, each.required, each.missing) == ((2.0,) * 9, (4.0,) * 9, (2,) * 9)
    found = why(staffed(2), read_when("12:00"), "phone", CHANCES)
    first = found.told[0]
    assert first.level.high > target_of(found.spot)
    # The re-run is that of a day with four people until the interval ends.
    four = why(staffed(*[4] * 9, 2), read_when("12:00"), "phone", CHANCES)
    assert first.level == four.level
    assert "one_more" not in [each.cause for each in found.told]
    if found.together:
        assert found.together.level.mean <= first.level.mean + sum(t.effect.mean for t in found.told[1:])


def test_what_the_interval_alone_lacks_is_not_understaffing() -> None:
    """With a gap, or a peak, in a day of too few: of the interval as many are missing as of those before."""
    for name in ("gap_in_staff (in a day of too few)", "peak (in a day of too few)"):
        scenario, when = KNOWN[name]
        spot = find_spot(scenario, "phone", read_when(when))
        assert {each.missing[-1] for each in shortages(spot).values()} == {1}
        found = why(scenario, read_when(when), "phone", CHANCES)
        assert [each.cause for each in found.told][1] == "understaffing"
        assert found.together is not None
        assert found.together.level.high > target_of(found.spot) > found.told[0].level.high


def test_a_peak_before_makes_no_understaffing_of_a_gap() -> None:
    """What is missing for hours is the same, whatever single intervals before lack beyond it."""
    for at_1030 in (12, 20, 30, 60):
        found = shortages(find_spot(lunch(at_1030), "phone", read_when("12:00")))
        assert [each.missing for each in found.values()] == [(1,) * 9] * 2


@pytest.mark.parametrize(
    ("people", "missing"),
    [
        ([3, 3, 3, 1, 3, 3], (1,) * 6),  # half an hour of its own
        ([3, 3, 1, 1, 1, 3], (1,) * 6),  # still less than hours
        ([3, 3, 1, 1, 1, 1], (1, 1, 3, 3, 3, 3)),
        ([1, 1, 1, 1, 3, 3], (3, 3, 3, 3, 1, 1)),
        ([3, 1, 1, 2], (1,) * 4),
        ([2, 1, 1, 1], (2,) * 4),
    ],
)
def test_missing_for_hours_is_what_hours_share(people: list[int], missing: tuple[int, ...]) -> None:
    when = _clock(8 * 60 + 30 * (len(people) - 1))
    found = shortages(find_spot(staffed(*people), "phone", read_when(when)))
    assert [each.missing for each in found.values()] == [missing] * 2


@pytest.mark.parametrize("name", [name for name in KNOWN if "understaffing" not in name])
def test_who_is_missing_for_less_than_hours_is_no_understaffing(name: str) -> None:
    scenario, when = KNOWN[name]
    found = shortages(find_spot(scenario, "phone", read_when(when)))
    assert bool(found) == ("too few" in name)


@pytest.mark.parametrize(
    ("people", "when", "since"),
    [
        ([4, 4, 2], "10:00", None),  # an hour and a half
        ([4, 4, 2], "10:30", "09:00"),
        ([2, 2, 4, 2], "10:30", None),  # the hours are interrupted
        ([2, 2, 4, 2], "11:00", "09:30"),
        ([2, 2, 2, 2, 2, 4], "10:30", None),  # and over
    ],
)
def test_hours_of_too_few_are_those_that_end_with_the_interval(
    people: list[int], when: str, since: str | None
) -> None:
    found = shortages(find_spot(staffed(*people), "phone", read_when(when)))
    begins = {_clock(each.windows[0].start_s // 60) for each in found.values()}
    assert begins == ({since} if since else set())


def test_understaffing_is_a_matter_of_the_usual_work() -> None:
    """Neither a special day nor mails that can wait require people."""
    special = with_usual(special_days={"2026-03-02": "250%"})
    assert not shortages(find_spot(special, "phone", read_when("2026-03-02T12:00")))
    assert not shortages(find_spot(heavy_mails(), "phone", read_when("12:00")))


@pytest.mark.parametrize(("sellers", "missing"), [(1, 3), (2, 2)])
def test_calls_of_another_queue_require_people_if_they_come_first(sellers: int, missing: int) -> None:
    """Four for its own calls, and for sales calls that are more than the sellers can do."""
    found = shortages(find_spot(two_queues(sellers), "phone", read_when("12:00")))
    assert [set(each.missing) for each in found.values()] == [{missing}] * 2
    assert not shortages(find_spot(two_queues(2), "sales", read_when("12:00")))


def test_a_cause_that_goes_with_another_leaves_the_others_together() -> None:
    """With the usual people there is no gap left to the next interval, which has as many."""
    scenario = staffed(*[2] * 9, 4)
    found = why(scenario, read_when("12:00"), "phone", CHANCES)
    levels = {each.cause: each.level for each in found.tried}
    assert {"understaffing", "gap_in_staff"} <= {each.cause for each in found.told}
    assert found.together is not None
    assert found.together.level.mean >= levels["understaffing"].mean


@pytest.mark.parametrize(
    ("when", "window", "hours"),
    [
        ("08:00", "08:15-08:30", (0.25, 0.0)),
        ("09:00", "08:30-09:30", (1.0, 0.5)),
        ("12:00", "11:30-12:30", (1.0, 1.0)),
        ("17:30", "17:00-17:45", (0.75, 0.0)),
    ],
)
def test_one_more_comes_only_while_the_queue_is_open(
    when: str, window: str, hours: tuple[float, float]
) -> None:
    """Hours of one person on weekdays, and on Sundays and holidays; the shifts of these two are the same."""
    days = {"hours": {"desk": {"mon-sat": "08:15-17:45", "sun": "09:00-17:00"}}}
    scenario = team(
        calendar={"start": "2026-03-02", "days": 7, "holidays": ["2026-03-05"], **days},
        streams__calls=calls({"rate": "12 per 30 min"}),
        groups__team={
            "skills": ["phone"],
            "shifts": [{"agents": 4, "days": "daily", "hours": "08:00-18:00"}],
        },
    )
    spot = find_spot(scenario, "phone", read_when(when))
    (cause,) = [each for each in CAUSES if each.name == "one_more"]
    changed = cause.without(spot)
    assert changed is not None
    assert window_text(one_more_window(spot)) == window
    for kind in spot.kinds:
        before, after = (mean_heads(each.groups["team"], kind, ALL_DAY) for each in (scenario, changed))
        assert (after - before) * 24 == pytest.approx(hours[kind >= SUNDAY])


def effect_of(cause: str, scenario: Scenario, chances: Chances = CHANCES) -> Estimate:
    found = why(scenario, read_when("16:00"), "phone", chances)
    return next(each.effect for each in found.tried if each.cause == cause)


def test_who_tries_again_is_in_the_way() -> None:
    queue = {
        "hours": "desk",
        "target": "80% in 60 s",
        "patience": {"exponential": "2 min"},
        "retry": {"share": "90%", "after": {"exponential": "3 min"}},
    }
    again = team(queues__phone=queue, streams__calls=calls({"by_interval": by_interval(24)}))
    assert effect_of("retries", again).low > 0


def test_contacts_of_different_length_make_others_wait() -> None:
    queue = {"hours": "desk", "target": "80% in 60 s", "patience": {"exponential": "1 h"}}
    varied = calls({"by_interval": by_interval(18)}, {"hyperexponential": {"mean": "5 min", "cv": 4}})
    assert effect_of("variation", team(queues__phone=queue, streams__calls=varied), Chances(3, 300)).low > 0


def test_work_that_can_be_interrupted_takes_nothing() -> None:
    """Calls interrupt mails: without these every call waits exactly as long."""
    mails = {
        "queue": "mail",
        "arrivals": {"by_interval": by_interval(3)},
        "handle_time": {"exponential": "15 min"},
    }
    scenario = team(
        streams__mails=mails,
        queues__mail={"channel": "email", "hours": "desk", "priority": "low", "interruptible": True},
        groups__team={"skills": ["phone", "mail"], "agents": {"daily": {"08:00-18:00": 3}}},
    )
    found = why(scenario, read_when("10:30"), "phone", Chances(3, 10))
    (others,) = [each for each in found.tried if each.cause == "others"]
    assert others.effect == (0.0, 0.0)


@pytest.mark.parametrize("name", KNOWN)
def test_counterfactuals_change_nothing_in_place(name: str) -> None:
    scenario, when = KNOWN[name]
    spot = find_spot(scenario, "phone", read_when(when))
    before = scenario.model_dump_json()
    for cause in CAUSES:
        changed = cause.without(spot)
        assert changed is None or changed != scenario
    assert scenario.model_dump_json() == before


@pytest.mark.parametrize("kind", ["agents", "shifts"])
def test_nobody_is_left_waiting_and_the_people_are_as_before(kind: str) -> None:
    """The team that relieves the line works for it alone, and is gone when the interval begins."""
    staff: Raw = {"agents": {"daily": {"08:00-18:00": 4}}} if kind == "agents" else {"shifts": shifts()}
    queue = {"hours": "desk", "target": "80% in 20 s"}
    plain, scenario = (
        team(
            streams__calls=calls({"by_interval": contacts}),
            queues__phone=queue,
            groups__team={"skills": ["phone"], **staff},
        )
        for contacts in (by_interval(12), by_interval(12, at_1000=70))
    )
    spot = find_spot(scenario, "phone", read_when("10:30"))
    (cause,) = [each for each in CAUSES if each.name == "waiting"]
    changed = cause.without(spot)
    assert changed is not None
    before, after = (observe(each, interval_bins(spot, 1), CHANCES) for each in (scenario, changed))
    for at in (0, 1):
        people = [each.estimate("on_duty", "group", ("team",), at).mean for each in (before, after)]
        assert people[0] == people[1]
    assert before.estimate("mean_queue", "queue", ("phone",), 1).mean > 20
    assert after.estimate("service_level", "queue", ("phone",), 0).mean == 1
    # The usual people begin with their hands full: more than idle ones would be, they are at work.
    alone = observe(plain, interval_bins(spot, 1), CHANCES)
    usual, busy = (each.samples("occupancy", "group", ("team",), 1) for each in (alone, after))
    assert gap(usual, busy).low > 0


def test_a_date_is_one_day_and_a_time_all_days() -> None:
    scenario = with_usual(special_days={"2026-03-03": "150%"})
    both = find_spot(scenario, "phone", read_when("10:40"))
    assert (both.days, both.window) == ((0, 1), (37_800, 39_600))
    assert find_spot(scenario, "phone", read_when("tue 10:30")).days == (1,)
    one = find_spot(scenario, "phone", read_when("2026-03-03 10:30"))
    assert (contacts_here(both), contacts_here(one)) == pytest.approx((15, 18))
    assert usual_contacts(one) == pytest.approx(15)


def test_the_queue_furthest_below_its_target_is_chosen() -> None:
    scenario = heavy_mails()
    queues = {
        "phone": scenario.queues["phone"],
        "mail": scenario.queues["mail"].model_copy(update={"target": scenario.queues["phone"].target}),
    }
    both = scenario.model_copy(update={"queues": queues})
    assert why(both, read_when("10:30"), None, Chances(3, 20)).spot.queue == "phone"


def test_the_same_chances_give_the_same_answer_on_any_number_of_threads() -> None:
    scenario, when = KNOWN["others"]
    found: list[Why] = [
        why(scenario, read_when(when), "phone", Chances(9, 6, workers)) for workers in (1, 2, 5)
    ]
    assert found[0] == found[1] == found[2]


def test_progress_ends_at_its_total() -> None:
    told = list[tuple[int, int | None]]()
    scenario, when = KNOWN["peak"]
    why(scenario, read_when(when), "phone", Chances(3, 4), lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] >= (told[-1][1] or 0)


def around_the_clock(start: str, **more: Any) -> Scenario:
    """A weekend in Amsterdam, on which the clocks may change; contacts by hour, thirty from 03:00."""
    by_hour = [10, 11, 12, 30, *range(14, 34)]
    return team(
        calendar={"start": start, "days": 2, "time_zone": "Europe/Amsterdam", "interval": "60 min"},
        streams__calls=calls({"by_interval": {"from": "00:00", "step": "60 min", "daily": by_hour}}),
        queues__phone={"target": "80% in 20 s", "patience": {"exponential": "5 min"}},
        groups__team={"skills": ["phone"], "agents": 2},
        **more,
    )


SPRING, AUTUMN = "2026-03-28", "2026-10-24"


@pytest.mark.parametrize(
    ("start", "when", "days", "intervals", "contacts"),
    [
        (SPRING, "2026-03-29T03:00", (1,), [26], 30),
        (SPRING, "2026-03-29T04:30", (1,), [27], 14),
        (SPRING, "02:00", (0,), [2], 12),
        (SPRING, "03:00", (0, 1), [3, 26], 30),
        (AUTUMN, "2026-10-25T01:00", (1,), [25], 11),
        (AUTUMN, "2026-10-25T02:00", (1,), [26, 27], 12),
        (AUTUMN, "2026-10-25T03:00", (1,), [28], 30),
        (AUTUMN, "02:00", (0, 1), [2, 26, 27], 12),
    ],
)
def test_times_are_what_the_local_clocks_show(
    start: str, when: str, days: tuple[int, ...], intervals: list[int], contacts: int
) -> None:
    spot = find_spot(around_the_clock(start), "phone", read_when(when))
    assert spot.days == days
    assert np.flatnonzero(interval_bins(spot, 4).spots["bin"] == 4).tolist() == intervals
    assert contacts_here(spot) == pytest.approx(contacts)
    assert shown_twice(spot) == ((date(2026, 10, 25),) if 27 in intervals and start == AUTUMN else ())


def test_an_hour_that_the_clocks_leave_out_is_nowhere() -> None:
    """Not among the intervals before, nor next to it; and what is counted is there."""
    found = why(around_the_clock(SPRING), read_when("2026-03-29T03:00"), "phone", Chances(3, 20))
    assert [window.start_s // 3600 for window in found.windows] == [0, 1, 3]
    assert all(each.mean > 5 for each in found.measures["offered"])
    assert found.measures["offered"][-1].mean == pytest.approx(30, abs=5)  # four standard errors
    assert window_text(one_more_window(found.spot)) == "01:00-04:00"
    assert found.told[0].effect.mean > 0.1
    both = why(around_the_clock(SPRING), read_when("03:00"), "phone", Chances(3, 20))
    assert [window.start_s // 3600 for window in both.windows] == [0, 1, 2, 3]
    assert both.measures["offered"][2].mean == pytest.approx(12, abs=3)  # of the day that has it


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("2026-03-29T02:00", "2026-03-29 has no 02:00-03:00: the clocks of Europe/Amsterdam go forward then"),
        ("2026-03-29T02:59", "2026-03-29 has no 02:00-03:00"),
        ("sun 02:00", "no day that is asked for has 02:00-03:00: the clocks of Europe/Amsterdam go forward"),
    ],
)
def test_a_time_that_no_day_has_is_refused(when: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        why(around_the_clock(SPRING), read_when(when), "phone", CHANCES)


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("10.30", "is not a time"),
        ("25:00", "not a time of day"),
        ("24:00", "begins no interval"),
        ("noon", "is not a time"),
        ("someday 10:30", "is not a day"),
        ("daily 10:30", "not one day of the week"),
        ("holidays 10:30", "not one day of the week"),
        ("2026-02-30T10:30", "is not a date"),
    ],
)
def test_times_that_are_none(when: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_when(when)


@pytest.mark.parametrize(
    ("when", "queue", "says"),
    [
        ("19:00", "phone", "closed at 19:00-19:30"),
        ("wed 10:30", "phone", "no wed is simulated; the days are 2026-03-02 to 2026-03-03"),
        ("2026-03-05T10:30", "phone", "2026-03-05 is not simulated"),
        ("2026-03-02T08:00", "phone", "within the time with which the run warms up"),
        ("10:30", "fone", "there is no queue 'fone'"),
        ("10:30", "mail", "queue mail has no target"),
        ("17:00", "phone", "nobody is expected to come to queue phone"),
    ],
)
def test_intervals_with_nothing_to_explain(when: str, queue: str, says: str) -> None:
    scenario = team(
        streams__calls=calls({"by_interval": {"from": "08:00", "daily": [12.0] * 18}}),
        queues__mail={"channel": "email"},
        groups__team={"skills": ["phone", "mail"], "agents": 4},
        run={"warm_up": "9 h"},
    )
    with pytest.raises(ValueError, match=says):
        why(scenario, read_when(when), queue, CHANCES)
