"""The leaders' page of a plan: one file, no network, no time stamps; the same bytes for the same plan."""

from typing import Any, Final

from reports import assumptions
from reports.as_of_card import as_of_blocks, as_of_terms
from reports.plan_advice import CASES, recommendation
from reports.plan_against import digest_of, inputs_told, short, since
from reports.plan_ask import ask
from reports.plan_assumptions import told
from reports.plan_brief import Brief
from reports.plan_card import decided, no_parts, plan_card, verdict
from reports.plan_causes import CLOCKS, root_causes
from reports.plan_causes import MEANS as MEANS_OF_CAUSES
from reports.plan_charts import legend, marks_told, not_drawn_told, trend_pictures, weeks_told
from reports.plan_contributions import contributed
from reports.plan_definitions import defined
from reports.plan_listings import assumed, moved, needed, not_running, register
from reports.plan_nothing import nothing_done
from reports.plan_register import MEANS, clocks, never_opened
from reports.plan_scorecard import by_day, movers_told, signs_told
from reports.plan_words import counted, day_text, kicker
from reports.template import rendered
from scenarios.model import Scenario

CHARTS_ON_TOP: Final = 6  # as many as fit on the first sheet


def plan_page(brief: Brief) -> str:
    """The page as HTML. Every name and text from a scenario is escaped."""
    return rendered("plan.html.j2", _content(brief))


def _content(brief: Brief) -> dict[str, Any]:
    found, scenario, as_of = brief.found, brief.found.scenario, brief.found.as_of
    card = plan_card(found)
    drawn = trend_pictures(found)
    return {
        "scenario": scenario,
        "found": found,
        "kicker": kicker(scenario, found.replications, short(digest_of(scenario)), as_of and as_of.date),
        "replications": counted(found.replications, "replication"),
        "ask": ask(brief),
        "advice": recommendation(brief),
        "cases_are": CASES,
        "verdict": verdict(found),
        "tables": by_day(found),
        "signs": signs_told(found),
        "movers": movers_told(found),
        "window_days": scenario.roadmap.window_days if scenario.roadmap else 0,
        "drawn": drawn[:CHARTS_ON_TOP],
        "more_drawn": drawn[CHARTS_ON_TOP:],
        "legend": legend(found),
        "not_drawn": not_drawn_told(found),
        "weeks": weeks_told(found),
        "marks": marks_told(scenario),
        "as_of": as_of,
        "as_of_tables": list(as_of_blocks(found)),
        "as_of_terms": as_of_terms(found),
        "nothing": nothing_done(brief),
        "contributions": contributed(found),
        "no_parts": no_parts(found),
        "deciding": list(decided(found)),
        "since": since(found, brief.earlier) if brief.earlier else None,
        "inputs_told": inputs_told,
        "moved": moved(since(found, brief.earlier)) if brief.earlier else None,
        "decisions": needed(found),
        "first_day": day_text(as_of.date if as_of else scenario.calendar.start, True),
        "register": register(brief),
        "register_means": MEANS,
        "never_opened": never_opened(brief),
        "causes": root_causes(brief),
        "causes_mean": f"{MEANS_OF_CAUSES} {CLOCKS}" if clocks(brief) else MEANS_OF_CAUSES,
        "idle": not_running(scenario),
        "no_loop": _no_loop(scenario),
        "ranges": assumed(scenario),
        "told": list(told(scenario)),
        "horizon": assumptions.horizon(scenario),
        "definitions": defined(found),
        "precision": card.precision,
        "terms": [each for each in card.definitions if each not in (*as_of_terms(found), no_parts(found))],
        "digest": digest_of(scenario),
    }


def _no_loop(scenario: Scenario) -> str:
    """Why nothing is learned, where that is so."""
    if scenario.loop is None:
        return "There is no loop: nobody looks at what contacts are about, and nothing is learned."
    return "" if scenario.loop.owner else "Nobody owns the loop, so it does not run: nothing is learned."
