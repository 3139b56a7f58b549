"""What a staffing shows: its folder, its tables and its words."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import careloop
from careloop.staffing import roster_of
from reports.staffing_against import against_blocks, gap_blocks, where_all_gaps_are, worst_block
from reports.staffing_card import blocks, headline, notes
from reports.staffing_folder import block_text, staffing_json, write_staffing
from reports.staffing_page import staffing_page
from reports.staffing_tables import staffing_table
from reports.wording import Words
from scenarios import from_dict, resolved
from scenarios.resolved import plain_data
from scenarios.week import week_total
from sim.staffing.answer import Asked, Staffing, planned_scenario, staffing_of
from tests.staffing.conftest import Build, usual

FORMULA_ALONE = Asked(repair=False, workers=1)


@pytest.fixture
def staffing() -> Staffing:
    return usual(FORMULA_ALONE)


def test_a_group_of_nobody_can_be_read_back(phone_team: Build, staffing: Staffing, tmp_path: Path) -> None:
    plans = {name: plan._replace(heads=np.zeros_like(plan.heads)) for name, plan in staffing.plans.items()}
    empty = staffing._replace(plans=plans)
    folder = write_staffing(tmp_path / "out", empty)
    again = careloop.load(folder / "scenario.yaml")
    assert week_total(again.groups["team"].agents or ()) == 0.0
    assert resolved(again) == resolved(from_dict(plain_data(again)))
    assert "agents: {daily: 0}" in block_text(empty)


FILE = """careloop: 1
name: Two
service_level: answered_plus_abandoned_within
calendar: {start: 2026-03-02, days: 14, interval: 60 min, hours: {desk: {mon-fri: "09:00-12:00"}}}
streams:
  calls: {queue: phone, arrivals: {rate: 20 per hour, hours: desk}, handle_time: {exponential: 4 min}}
  chats: {queue: chat, arrivals: {rate: 10 per hour, hours: desk}, handle_time: {exponential: 4 min}}
queues:
  phone: {hours: desk, target: 80% in 20 s, patience: {exponential: 3 min}}
  chat: {channel: chat, hours: desk, target: 80% in 60 s, patience: {exponential: 5 min}}
"""
GROUPS = """groups:
  team:
    skills: [phone]
    shifts: [{agents: 4, days: mon-fri, hours: "09:00-12:00"}]
    pay: 20 EUR/h
    shrinkage: {leave: 10%, ill: 20%, combine: multiply}
  chatters:
    {skills: [chat], agents: 2, hours: desk, pay: 22 EUR/h, concurrency: {chats: 2, slowdown: [1.0, 1.2]}}
"""


def test_the_block_replaces_the_groups_or_is_laid_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(FILE + GROUPS, encoding="utf-8")
    staffing = careloop.staff(tmp_path / "two.yaml", repair=False, workers=1)
    planned = planned_scenario(staffing)
    assert planned.groups != staffing.scenario.groups
    block = block_text(staffing)
    (tmp_path / "pasted.yaml").write_text(FILE + block, encoding="utf-8")
    (tmp_path / "over.yaml").write_text("extends: two.yaml\n" + block, encoding="utf-8")
    for name in ("pasted.yaml", "over.yaml"):
        assert resolved(careloop.load(tmp_path / name)) == resolved(planned)


def test_a_standard_week_is_of_the_kinds_of_day_that_there_are(phone_team: Build) -> None:
    always = {"team": {"skills": ["phone"], "agents": 2}}
    calendar = {
        "start": "2026-03-02",
        "days": 5,
        "interval": "60 min",
        "hours": {"desk": {"mon-fri": "09:00-12:00"}},
    }
    staffing = staffing_of(phone_team({"groups": always, "calendar": calendar}), FORMULA_ALONE)
    groups = next(block for block in blocks(staffing) if block.title == "Groups")
    at = groups.columns.index("planned")
    assert groups.rows[0].cells[at].words.value == "240.0 h"  # 2 people on five days, not on seven


def test_targets_that_nothing_is_known_of(tmp_path: Path) -> None:
    staffing = usual(Asked(workers=2))
    assert staffing.solved is not None
    of_nothing = tuple(c._replace(share=math.nan, se=math.nan) for c in staffing.solved.on_fresh)
    part = staffing.solved.parts[0]._replace(on_sample=of_nothing, on_fresh=of_nothing)
    staffing = staffing._replace(solved=staffing.solved._replace(parts=(part,)))
    (fresh,) = json.loads(staffing_json(staffing))["fresh"]["targets"]
    assert fresh["attained"] is None
    manifest = (write_staffing(tmp_path / "out", staffing) / "manifest.json").read_text(encoding="utf-8")
    assert "NaN" not in manifest
    targets = blocks(staffing)[0]
    assert {cell.words for cell in targets.rows[0].cells[1:3]} == {Words("–")}
    assert targets.columns[:3] == ("wanted", "repaired, fresh", "repaired, on its sample")
    said = headline(staffing)
    assert "nothing came that could be judged: phone service level" in said
    assert "holds" not in said


def _on_fresh(staffing: Staffing, *shares: tuple[float, float]) -> str:
    """What is said if targets alike came to these shares (and errors); those beyond them were not checked."""
    solved = staffing.solved
    assert solved is not None
    checked = tuple(solved.on_fresh[0]._replace(share=share, se=se) for share, se in shares)
    parts = (solved.parts[0]._replace(on_fresh=checked),)
    return headline(staffing._replace(solved=solved._replace(parts=parts)))


def test_nothing_is_said_to_hold_that_was_not_verified() -> None:
    staffing = usual(Asked(workers=2))
    assert "Every target holds on fresh chances" in _on_fresh(staffing, (0.81, 0.01))
    assert "Every target holds on fresh chances" in _on_fresh(staffing, (0.785, 0.01))
    for shares in ((0.77, 0.01), (0.77, math.nan)):
        assert "it misses: phone service level" in _on_fresh(staffing, shares)
    assert "not verified" in _on_fresh(staffing)
    for said in (
        _on_fresh(staffing),
        _on_fresh(staffing, (0.77, 0.01)),
        headline(staffing._replace(solved=None)),
    ):
        assert "holds" not in said


@pytest.fixture
def against(tmp_path: Path, phone_team: Build) -> Staffing:
    roster = tmp_path / "roster.csv"
    roster.write_text("time,mon,tue-thu\n09:00,9,2\n10:00,1.5,3\n11:00,,3\n", encoding="utf-8")
    return careloop.staff(phone_team(), repair=False, workers=1, against=roster)


def test_the_gap_by_interval_is_on_the_page(against: Staffing) -> None:
    (block,) = gap_blocks(against)
    assert block.columns == ("mon", "tue", "wed", "thu", "fri")
    required = against.best.heads[0, 0, 9:12]
    assert [row.label for row in block.rows] == ["09:00–10:00", "10:00–11:00", "11:00–12:00"]
    first, _, last = (row.cells[0].words for row in block.rows)
    assert first == (f"+{9 - required[0]:g}", f"9 of {required[0]:g}")
    assert last == (f"−{required[2]:g}", f"0 of {required[2]:g}")
    page = staffing_page(against)
    assert block.title in page
    assert 'class="key third"' in page  # the line of what is planned
    assert "Fractions of people in the roster are rounded" in page


def test_the_largest_gaps_are_on_the_terminal(against: Staffing) -> None:
    block = worst_block(against)
    assert block.columns == ("required", "planned", "gap")
    assert block.title == "Gap by interval, at work (6 of 6)"
    gaps = [float(str(row.cells[2].words).replace("−", "-")) for row in block.rows]
    assert [abs(gap) for gap in gaps] == sorted((abs(gap) for gap in gaps), reverse=True)
    required = against.best.heads[0, 0, 9]
    texts = [str(cell.words) for cell in block.rows[0].cells]
    assert (block.rows[0].label, texts) == (
        "team, mon 09:00–10:00",
        [f"{required:g}", "9", f"+{9 - required:g}"],
    )
    assert where_all_gaps_are(against, None) == ()
    assert against.against is not None
    more = against._replace(against=against.against._replace(at_work=against.against.at_work + 1))
    assert worst_block(more).title == "Gap by interval, at work (the largest, 12 of 168)"
    assert where_all_gaps_are(more, None)[0].endswith("--out FOLDER writes against.csv and steps.csv.")
    assert where_all_gaps_are(more, "out/x")[0].endswith("against.csv and steps.csv in out/x.")


def _notes(phone_team: Build, file: Path) -> tuple[str, ...]:
    roster = roster_of(phone_team(), [str(file)], False)
    assert roster is not None
    return roster.notes


def test_the_answer_carries_what_a_roster_does_not_say(against: Staffing) -> None:
    assert against.against is not None
    (missing,) = [note for note in against.against.roster.notes if "no number of people" in note]
    assert "mon 11:00" in missing
    assert missing in json.loads(staffing_json(against))["notes"]
    assert missing in staffing_page(against)


def test_what_a_roster_does_not_say_is_told(tmp_path: Path, phone_team: Build) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("time,mon,tue-thu\n09:00,4,2\n10:00,0,3\n11:00,,3\n", encoding="utf-8")
    *_, note = _notes(phone_team, roster)
    assert note.endswith(
        "no number of people of team for mon 11:00; fri 09:00 and 2 more; nobody is taken to be there"
    )
    roster.write_text("time,mon-fri\n09:00,4\n10:00,0\n11:00,0\n", encoding="utf-8")
    assert not any("no number" in note for note in _notes(phone_team, roster))
    roster.write_text("time,mon-fri\n09:00,-4\n10:00,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'-4' is negative; write a number that is zero or more"):
        roster_of(phone_team(), [str(roster)], False)


def test_people_out_of_the_horizon_or_of_the_hours_are_told(tmp_path: Path, phone_team: Build) -> None:
    calendar = {
        "start": "2026-03-02",
        "days": 5,
        "interval": "60 min",
        "hours": {"desk": {"mon-fri": "09:00-12:00"}},
    }
    file = tmp_path / "roster.csv"
    file.write_text("time,mon-fri,sat\n09:00,3,4\n10:00,3,4\n11:00,3,0\n12:00,1,0\n", encoding="utf-8")
    roster = roster_of(phone_team({"calendar": calendar}), [str(file)], False)
    assert roster is not None
    _, left_out, extra = roster.notes
    assert left_out.endswith("people of team on sat 09:00 and 1 more: not in the horizon, left out")
    assert "people of team on mon 12:00; tue 12:00" in extra
    assert "outside its hours" in extra


def test_a_roster_may_be_one_interval(tmp_path: Path, phone_team: Build) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("time,mon\n09:00,2\n", encoding="utf-8")
    roster = roster_of(phone_team(), [str(file)], False)
    assert roster is not None
    assert roster.heads[0, 0, 8:11].tolist() == [0.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "group,time,mon\nghost,09:00,3\nghost,10:00,3\n",
            "names ghost, and the file is read as the people of team",
        ),
        ("group,day,from,until,required_net\nteam,mon,09:00,10:00,3\n", "a table that careloop staff writes"),
        ("time,mon\n", "no row of counts"),
    ],
)
def test_what_is_no_roster_of_a_group_is_refused(
    tmp_path: Path, phone_team: Build, text: str, says: str
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        roster_of(phone_team(), [str(file)], False)


def test_the_effect_is_that_of_one(against: Staffing) -> None:
    assert against_blocks(against)[1].columns[-1] == "effect of one of them"


def test_losses_have_a_minus(against: Staffing) -> None:
    texts = [str(cell.words) for block in against_blocks(against) for row in block.rows for cell in row.cells]
    assert any("−€" in text for text in texts)
    assert not any("-" in text for text in texts)


def test_margins_are_explained(staffing: Staffing) -> None:
    said = " ".join(notes(staffing))
    assert "± of formula and planned are the longer arm of a 95 % interval" in said
    assert "Cost is that of the hours planned" in said


def test_what_holds_people_up_is_named() -> None:
    staffing = usual(Asked(workers=2, most_busy=0.3))
    assert staffing.solved is not None
    assert staffing.solved.parts[0].at_minimum > 0
    assert "held up by the minimum or the largest occupancy allowed." in " ".join(notes(staffing))
    alone = staffing._replace(asked=staffing.asked._replace(minimum=0))
    assert "held up by the largest occupancy allowed." in " ".join(notes(alone))


def test_days_that_the_horizon_has_not_are_in_no_table(phone_team: Build) -> None:
    always = {"team": {"skills": ["phone"], "agents": {"daily": {"09:00-12:00": 2}}}}
    calendar = {"start": "2026-03-02", "days": 1, "interval": "60 min"}
    queues = {"phone": {"target": "80% in 20 s each day", "patience": {"exponential": "3 min"}}}
    scenario = phone_team({"groups": always, "calendar": calendar, "queues": queues})
    staffing = staffing_of(scenario, FORMULA_ALONE)
    assert staffing_table(staffing)["day"].unique().tolist() == ["mon"]
    kept = [s for s in planned_scenario(staffing).groups["team"].agents or () if s.weekday == 1]
    assert [(s.start_s, s.end_s, s.value) for s in kept] == [(9 * 3600, 12 * 3600, 2.0)]


def test_a_target_that_cannot_be_steered_by_is_named(phone_team: Build) -> None:
    scenario = phone_team(
        {"queues": {"phone": {"hours": "desk"}}, "targets": ["people cost <= 900 EUR each week"]}
    )
    with pytest.raises(ValueError, match="more people do not surely help people cost <= 900 EUR"):
        careloop.staff(scenario)
