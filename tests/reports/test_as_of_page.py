"""The leaders' page of a plan as of a day: what has happened, what it moved, what is still to be decided."""

import datetime

import numpy as np
import pytest

from reports.plan_advice import recommendation
from reports.plan_ask import ask
from reports.plan_brief import Brief
from reports.plan_decisions import decisions, still_needed
from reports.plan_nothing import nothing_done
from reports.plan_page import plan_page
from reports.plan_scorecard import by_day
from reports.plan_sheet import plan_svg
from sim.asof.learned import Factor, Volume
from sim.asof.result import PASSED, VOLUMES, AsOf, Source, certain, moved
from sim.checkpoints import Figures, Window
from sim.roadmap.follow import Followed
from sim.roadmap.plan import PlanResult
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Standing, Status, standing
from tests.reports.plans import brief, found, planned
from tests.reports.plans import standing as standing_of
from tests.reports.test_page import text_of
from tests.reports.test_plan_page import HOPES
from tests.reports.test_plan_sheet import texts

START = datetime.date(2026, 1, 20)
NAN = float("nan")


def stands(*values: float) -> Standing:
    return standing(np.array(values), ">=", 0.8, 0.8, 0.5)


def as_of(days: int = 14) -> PlanResult:
    """The plan of the tests as of 3 February: one target has moved, the other is not told."""
    made = found()
    level, avoidable = made.targets
    date = START + datetime.timedelta(days=days)
    source = Source(("<b>.csv",), "canonical", 812, START, date - datetime.timedelta(days=1))
    steps = [(PASSED, stands(0.9, 0.8, 0.7, 0.6)), (VOLUMES, stands(0.9, 0.7, 0.7, 0.6))]
    lost = stands(NAN, NAN, NAN, NAN)
    moves = (
        moved(level.standing, steps, ""),
        moved(avoidable.standing, [(PASSED, lost), (VOLUMES, lost)], "no column tells it"),
    )
    targets = tuple(each._replace(standing=move.now) for each, move in zip(made.targets, moves, strict=True))
    volumes = (Volume("calls", days, 412, 350.2, 310.0, 395.0, Factor(1.12, 1.02, 1.21)),)
    told = AsOf(date, days, source, made, moves, volumes, 3, 1, ("calls came oftener than planned.",))
    return made._replace(targets=targets, as_of=told)


def paged(days: int = 14) -> Brief:
    return brief(found=as_of(days))


def test_the_page_says_what_has_happened_and_what_it_moved() -> None:
    text = text_of(plan_page(paged()))
    order = [
        "20 Jan to 28 Feb 2026, as of 3 Feb · ",
        "Scorecard",
        "as made 75 %, −50 points",
        "○ not measurable yet as made 25 % target",
        "Before 3 Feb: what happened.",
        "What has happened, and what it moved",
        "by day as made now passed volumes",
        "phone service level ≥ 80 % in 20 s 30 75 % 25 % −25 −25",
        "seen planned 95 % of replications to come",
        "calls 412 350 310–395 × 1.12 (1.02–1.21)",
        "The 14 days before 2026-02-03 are what happened, as 812 rows of <b>.csv tell",
        "Mind: calls came oftener than planned.",
        "What doing nothing costs",
        "By the plan as it was made: what has happened is no effect of the plan.",
        "Decisions needed",
        "Passed = before today (3 Feb 2026).",
        "How sure, and how counted",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert text.count("Mind: calls came oftener than planned.") == 1
    assert "<b>.csv" not in plan_page(paged())


def test_a_plan_as_it_was_made_says_nothing_of_it() -> None:
    text = text_of(plan_page(brief(hopes=HOPES)))
    for words in ("as of", "as made", "what happened", "What has happened", "today"):
        assert words not in text


def test_as_of_the_first_day_nothing_has_moved() -> None:
    text = text_of(plan_page(paged(0)))
    assert "No day is passed: all of it is simulated." in text
    assert "what happened." not in text
    cell = by_day(as_of(0))[0].rows[0].cells[0]
    assert cell is not None
    assert cell.made == ""


def test_the_sheet_says_it_too() -> None:
    told = " ".join(texts(plan_svg(paged())))
    for words in ("as of 3 Feb", "as made 75 %, −50 points", "Before 3 Feb: what happened."):
        assert words in told, words


def test_the_ask_tells_what_is_spent() -> None:
    """New forms of $1,500 came on 2 February; macros of $4,000 are due on the 9th."""
    told = {fact.term: fact.words for fact in ask(paged()).facts}
    assert told["So far"] == (
        "Before 3 Feb: 1 of 2 levers in force; $1,500 spent on levers in force and tickets begun; "
        "$4,000 still to decide, or to come."
    )
    assert "So far" not in {fact.term for fact in ask(brief()).facts}
    plan = planned(loop=None, remedies=None)
    late, early = (as_of(days)._replace(scenario=plan) for days in (30, 14))
    assert ask(brief(found=late)).sentence == "Nothing is asked any more: all levers are in force."
    assert ask(brief(found=early)).sentence.startswith("We ask for $5,500")


def judged(*statuses: Status, days: int = 35) -> PlanResult:
    """The same as of a later day, on which the days of the first target (24 to 30) are passed."""
    now = as_of(days)
    stands_now = [standing_of(status) for status in statuses]
    if days >= now.targets[0].window.last:
        certainly = float(statuses[0] == GREEN)
        stands_now[0] = certain(stands_now[0]._replace(probability=certainly))
    pairs = zip(now.targets, stands_now, strict=True)
    return now._replace(targets=tuple(each._replace(standing=stands) for each, stands in pairs))


FIRST = "phone service level (day 30)"
SECOND = "avoidable share (day 40)"


@pytest.mark.parametrize(
    ("found_", "headline", "reasons"),
    [
        (
            judged(RED, GREEN),
            "Go on as planned: the 1 target still open is likely to be met.",
            (f"Passed before 24 Feb and missed: {FIRST}.", f"Likely to be met: {SECOND}."),
        ),
        (
            judged(GREEN, RED),
            "Do not promise the 1 target still open: it is not likely enough.",
            (
                f"Passed before 24 Feb and met: {FIRST}.",
                f"Unlikely to be met; ask less, or add levers: {SECOND}.",
            ),
        ),
        (
            judged(GREEN, AMBER, days=14),
            "Go on, and promise 1 of 2 targets still open.",
            (f"Likely to be met: {FIRST}.", f"At risk: {SECOND}."),
        ),
        (
            judged(GREEN, NOT_YET),
            "Measure longer: no target that is still open can be judged yet.",
            (f"Passed before 24 Feb and met: {FIRST}.", f"Not measurable yet: {SECOND}."),
        ),
    ],
)
def test_the_recommendation_is_by_what_has_happened(
    found_: PlanResult, headline: str, reasons: tuple[str, ...]
) -> None:
    """Not by low, expected and high, which know nothing of it; and what is over is over."""
    one = recommendation(brief(found=found_))
    assert (one.headline, one.reasons[: len(reasons)], one.cases) == (headline, reasons, ())
    assert not any("Out of reach" in each for each in one.reasons)


def test_what_is_in_force_needs_no_decision_any_more() -> None:
    """The loop began on 27 January, new forms came on 2 February; macros, due on 9 February, take 10 days."""
    made = found()
    assert still_needed(made) == decisions(made.scenario)
    assert [each.what for each in still_needed(as_of())] == ["Go ahead with macros"]
    assert still_needed(as_of())[0].is_past
    assert [each.is_past for each in still_needed(as_of(9))] == [True, False]
    assert still_needed(as_of(39)) == ()
    assert "None any more." in text_of(plan_page(paged(39)))


def test_volumes_over_the_horizon_are_those_of_the_plan() -> None:
    """400 contacts without the plan and 380 with it, whatever has happened since."""
    made, now = found(), as_of()
    contacts = made._replace(baseline=contacts_of(made, 400.0), followed=contacts_of(made, 380.0))
    assert now.as_of is not None
    told = now._replace(followed=contacts_of(made, 290.0), as_of=now.as_of._replace(then=contacts))
    (volume,) = nothing_done(brief(found=told)).volumes
    assert volume == ("contacts", "400", "380", "−20 ± 0 *")


def contacts_of(made: PlanResult, number: float) -> Followed:
    """Two replications with so many contacts over the horizon."""
    values = np.full((2, 1, 1), number)
    keys, windows = (("case_contacts", "all", "all"),), (Window(1, made.scenario.calendar.days),)
    return Followed(made.scenario, keys, windows, Figures(values, np.ones_like(values)), (None, None))


@pytest.mark.parametrize("met", [True, False])
def test_what_is_over_is_certain(met: bool) -> None:
    known = stands(*[0.9 if met else 0.1] * 4)
    assert known.high - known.low > 0.3
    over = certain(known)
    assert (over.probability, over.low, over.high) == (known.probability,) * 3
