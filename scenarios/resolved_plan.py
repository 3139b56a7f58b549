"""How a team learns and what it plans as plain data of a resolved scenario; what is absent is not written."""

from typing import Any

from scenarios.changes import Change, Lever, Remedy
from scenarios.day_targets import day_goal_text
from scenarios.learning import Articles, Detection, Loop, Quarterly, Validation, WeeklyReview
from scenarios.model import Scenario
from scenarios.moves import OF_LOOP, Move, amounts_written, moves_written
from scenarios.owners import Owner
from scenarios.resolved_values import Written, bare, money_written, without_absent
from scenarios.roadmap import Phase, Roadmap
from scenarios.spans import days_text, hours_text
from scenarios.units import duration_text, share_text
from scenarios.week import day_name


def plan_written(scenario: Scenario) -> Written:
    """Return the sections of how a team learns and plans; None for those that are not there."""
    return {
        "owners": {name: _owner(each) for name, each in scenario.owners.items()} or None,
        "remedies": {name: _remedy(each) for name, each in scenario.remedies.items()} or None,
        "loop": None if scenario.loop is None else _loop(scenario.loop),
        "roadmap": scenario.roadmap and _roadmap(scenario.roadmap),
    }


def _owner(owner: Owner) -> Written:
    capacity = f"{hours_text(owner.capacity_h_per_week)}/week"
    return {"capacity": capacity, "prevention": share_text(owner.prevention)}


def _change(change: Change) -> Written:
    return {
        "owner": change.owner,
        "moves": moves_written(change.moves) or None,
        "works": share_text(change.works),
        "cost": money_written(change.cost, change.currency),
        "ramp": duration_text(change.ramp_s),
        "halves_in": None if change.halves_in_s is None else duration_text(change.halves_in_s),
    }


def _remedy(remedy: Remedy) -> Written:
    return without_absent(
        {
            "cause": remedy.cause,
            "kind": remedy.kind,
            **_change(remedy),
            "effort": hours_text(remedy.effort_h),
            "lead": duration_text(remedy.lead_s),
        }
    )


def _lever(lever: Lever) -> Written:
    return without_absent(
        {
            "phase": lever.phase,
            "start": lever.start and lever.start.isoformat(),
            "due": lever.due and lever.due.isoformat(),
            **_change(lever),
            "lead": duration_text(lever.lead_s),
            "hours": f"{hours_text(lever.hours_per_week)}/week" if lever.hours_per_week else None,
        }
    )


def _loop(loop: Loop) -> Written:
    return without_absent(
        {
            "owner": loop.owner,
            "from": loop.start and loop.start.isoformat(),
            "information_delay": duration_text(loop.information_delay_s),
            "daily": loop.daily and without_absent(loop.daily.model_dump()),
            "detection": loop.detection and _detection(loop.detection),
            "weekly_review": loop.weekly_review and _weekly(loop.weekly_review),
            "validation": loop.validation and _validation(loop.validation),
            "monthly_review": loop.monthly_review and loop.monthly_review.model_dump(),
            "quarterly": loop.quarterly and _quarterly(loop.quarterly),
            "articles": loop.articles and _articles(loop.articles),
            "bonus": loop.bonus
            and {
                "weight": share_text(loop.bonus.weight),
                "prevention": _amounts("prevention", loop.bonus.prevention),
            },
            "balanced": loop.balanced and {"hurry": _amounts("hurry", loop.balanced.hurry)},
        }
    )


def _amounts(key: str, move: Move) -> Any:
    return amounts_written(OF_LOOP[key], move)


def _detection(detection: Detection) -> Written:
    cusum, threshold = detection.cusum, detection.threshold
    return without_absent(
        {
            "cusum": cusum
            and {
                "slack": bare(cusum.slack),
                "alarm": bare(cusum.alarm),
                "reference": days_text(cusum.reference_days),
            },
            "threshold": threshold
            and {"contacts": threshold.contacts, "within": days_text(threshold.within_days)},
        }
    )


def _weekly(review: WeeklyReview) -> Written:
    return {**review.model_dump(), "on": day_name(review.on)}


def _validation(validation: Validation) -> Written:
    return {
        "after": [days_text(days) for days in validation.after_days],
        "confidence": share_text(validation.confidence),
        "on_failure": validation.on_failure,
        "attempts": validation.attempts,
    }


def _quarterly(quarterly: Quarterly) -> Written:
    return {**quarterly.model_dump(), "share": share_text(quarterly.share)}


def _articles(articles: Articles) -> Written:
    return {
        "owner": articles.owner,
        "contacts": articles.contacts,
        "publish": duration_text(articles.publish_s),
        "effort": hours_text(articles.effort_h),
        "deflection": _amounts("deflection", articles.deflection),
        "handle_time": _amounts("handle_time", articles.handle_time),
        "ramp": duration_text(articles.ramp_s),
        "review_every": days_text(articles.review_every_days),
        "review_effort": hours_text(articles.review_effort_h),
        "stale": share_text(articles.stale),
    }


def _roadmap(roadmap: Roadmap) -> Written:
    return without_absent(
        {
            "phases": {name: _phase(each) for name, each in roadmap.phases.items()} or None,
            "levers": {name: _lever(each) for name, each in roadmap.levers.items()} or None,
            "targets": [day_goal_text(goal) for goal in roadmap.targets] or None,
            "window": days_text(roadmap.window_days),
            "status": {
                "green": share_text(roadmap.status.green),
                "amber": share_text(roadmap.status.amber),
            },
        }
    )


def _phase(phase: Phase) -> Written:
    return {"from": phase.start.isoformat(), "to": phase.end.isoformat()}
