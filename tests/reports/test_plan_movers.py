"""Who moves which target, and what moves none, from effects that are given."""

from typing import Final

from reports.plan_card import plan_card
from reports.plan_contributions import contributed
from reports.plan_movers import moved_by, without_effect
from reports.plan_page import plan_page
from reports.plan_scorecard import by_day, movers_told
from reports.plan_sheet import plan_svg
from sim.roadmap.contributions import Contribution, Part
from sim.roadmap.plan import PlanResult
from sim.roadmap.sensitivity import Sensitivity, Swing
from sim.roadmap.standing import Effect
from sim.roadmap.versions import LOOP
from tests.reports.plans import AVOIDABLE, FIRST, LAST, LEVEL, TARGETS, brief, found, planned
from tests.reports.test_page import text_of

NOTHING: Final = Effect(0.0, 0.0, 4)
SURE, UNSURE, SOME = Effect(0.05, 0.02, 4), Effect(0.01, 0.02, 4), Effect(-0.08, 0.01, 4)


def contribution(key: tuple[str, str, str], *parts: Part) -> Contribution:
    return Contribution(key, FIRST if key == LEVEL else LAST, parts, SURE, SURE, NOTHING)


def told_apart() -> PlanResult:
    """Macros move the level alone and forms on top of them, surely; the loop alone moves the share too."""
    level = (Part("macros", SURE, UNSURE), Part("new_forms", UNSURE, SOME), Part(LOOP, SOME, SOME))
    share = (Part("macros", UNSURE, NOTHING), Part("new_forms", UNSURE, UNSURE), Part(LOOP, SURE, SURE))
    return found()._replace(contributions=(contribution(LEVEL, *level), contribution(AVOIDABLE, *share)))


def test_movers_are_named_with_their_owner() -> None:
    result = told_apart()
    assert moved_by(result, LEVEL) == "moved by product: new_forms, the learning loop; 1 more"
    assert moved_by(result, AVOIDABLE) == "moved by product: the learning loop"
    (table,) = by_day(result)
    assert [row.moved_by for row in table.rows] == [moved_by(result, key) for key in (LEVEL, AVOIDABLE)]
    assert movers_told(result) == (
        "Moved by = changes, with their owners, whose presence or size moves the measure by three standard "
        "errors."
    )
    assert movers_told(found()) == ""
    page = text_of(plan_page(brief(found=result)))
    assert "phone service level moved by product: new_forms, the learning loop; 1 more" in page
    assert "Moved by = changes" in page
    assert "moved by product:" in plan_svg(brief(found=result))


def test_what_hangs_on_the_size_of_a_change_is_moved_by_it() -> None:
    """Numbers of the scenario are nobody's, an article is its author's; what may be chance is not told."""
    names = {"form": SOME, "article on billing": SURE, "streams.calls.arrivals": SURE, "macros": UNSURE}
    swings = tuple(Swing(name, 0.0, 1.0, effect, 0.3) for name, effect in names.items())
    result = found()._replace(sensitivities=(Sensitivity(LEVEL, FIRST, swings),))
    assert moved_by(result, LEVEL) == "moved by product: form, article on billing"
    assert "with --levers" in movers_told(result)


def test_many_are_counted_and_a_root_cause_has_its_owner() -> None:
    alike = (Part(name, SURE, SURE) for name in ("macros", "new_forms", "form", "b"))
    parts = (*alike, Part("article on login", SOME, UNSURE))
    cause = ("avoidable_share", "root_cause", "billing")
    plan = planned(targets=[TARGETS[0], "billing avoidable share <= 40% by day 40"])
    result = found(plan)._replace(contributions=(contribution(cause, *parts),))
    assert moved_by(result, cause) == ("owner product; moved by product: article on login, macros; 3 more")
    assert moved_by(result, ("avoidable_share", "root_cause", "login")) == ""


def test_a_lever_that_moves_no_target_is_remarked() -> None:
    idle = Part("new_forms", NOTHING, NOTHING)
    level = (Part("macros", SURE, UNSURE), idle, Part(LOOP, SOME, SOME))
    share = (Part("macros", UNSURE, NOTHING), idle, Part(LOOP, SURE, SURE))
    result = found()._replace(contributions=(contribution(LEVEL, *level), contribution(AVOIDABLE, *share)))
    assert without_effect(result) == ("new_forms",)
    (listing,) = contributed(result)
    assert [row[0].below for row in listing.rows[:3]] == ["", "moves no target of this plan", ""]
    words = "Moves no target of this plan: new forms."
    assert words in plan_card(result).definitions
    assert text_of(plan_page(brief(found=result))).count(words) >= 1
    assert without_effect(told_apart()) == without_effect(found()) == ()
