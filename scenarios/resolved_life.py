"""The life of a case as plain data of a resolved scenario; what is absent is not written."""

from typing import Any

from scenarios.case_paths import SOLVED, Handover, Path, PathStep
from scenarios.causes import Cause
from scenarios.closing import Closing
from scenarios.incidents import Incident
from scenarios.limits import Limit, limit_text
from scenarios.model import Group, Queue, Scenario, Stream
from scenarios.outcomes import outcomes_written
from scenarios.people import Hurry, OnCall, Ramp
from scenarios.resolved_values import (
    Written,
    bare,
    distribution_written,
    hours_written,
    money_written,
    pay_written,
    without_absent,
)
from scenarios.routing import CONDITIONS, Rule
from scenarios.self_service import Deflection, SelfService
from scenarios.severities import Severity, Update
from scenarios.side_work import SideWork, When
from scenarios.tagging import Tagging, Work
from scenarios.tiers import Tier
from scenarios.units import duration_text, plain_number, rate_text, share_text
from scenarios.waiting import Announces, CallBack, Silent


def life_written(scenario: Scenario) -> Written:
    """Return the sections of the life of a case; None for those that are not there."""
    return {
        "severities": {name: _severity(each) for name, each in scenario.severities.items()} or None,
        "causes": {name: _cause(each) for name, each in scenario.causes.items()} or None,
        "tiers": {name: _tier(each) for name, each in scenario.tiers.items()} or None,
        "flags": dict(scenario.flags) or None,
        "tagging": scenario.tagging and _tagging(scenario.tagging),
        "routing": [_rule(rule) for rule in scenario.routing] or None,
        "paths": {name: _path(each) for name, each in scenario.paths.items()} or None,
        "closing": scenario.closing and _closing(scenario.closing),
        "side_work": {name: _side_work(each) for name, each in scenario.side_work.items()} or None,
        "incidents": {name: _incident(each) for name, each in scenario.incidents.items()} or None,
        "outcomes": scenario.outcomes and outcomes_written(scenario.outcomes),
    }


def life_of_stream(stream: Stream) -> Written:
    """Return what a stream says of the life of its cases."""
    return {
        "causes": _shares(stream.causes),
        "severities": _shares(stream.severities),
        "tiers": _shares(stream.tiers),
        "flags": _shares(stream.flags),
        "path": stream.path,
        "self_service": stream.self_service and _self_service(stream.self_service),
    }


def life_of_queue(queue: Queue) -> Written:
    """Return what a queue does beyond lines and patience."""
    return {
        "lines": queue.lines,
        "announces": queue.announces and _announces(queue.announces),
        "call_back": queue.call_back and _call_back(queue.call_back),
        "silent": queue.silent and _silent(queue.silent),
        "weight": bare(queue.weight) if queue.weight != 1 else None,
        "gains": rate_text(queue.gains_per_hour) if queue.gains_per_hour else None,
    }


def life_of_group(group: Group) -> Written:
    """Return how the people of a group work beside plain shifts."""
    factors = {queue: share_text(each) for queue, each in group.handle_time_by_queue.items()}
    return {
        "on_call": group.on_call and _on_call(group.on_call),
        "handle_times": factors or None,
        "ramp": group.ramp and _ramp(group.ramp),
        "hurry": group.hurry and _hurry(group.hurry),
    }


def _shares(shares: dict[str, float]) -> dict[str, str] | None:
    return {name: share_text(each) for name, each in shares.items()} or None


def _limit(limit: Limit | None) -> str | None:
    return None if limit is None else limit_text(limit)


def _clock(steps: Any) -> Any:
    """Write a clock; one that runs always is absent."""
    return None if steps is None else hours_written(steps)


def _severity(severity: Severity) -> Written:
    return without_absent(
        {
            "clock": _clock(severity.clock),
            "first_response": _limit(severity.first_response),
            "resolution": _limit(severity.resolution),
            "update": severity.update and _update(severity.update),
        }
    )


def _update(update: Update) -> Written:
    times = distribution_written(update.handle_time)
    return {"every": duration_text(update.every_s), "queue": update.queue, "handle_time": times}


def _cause(cause: Cause) -> Written:
    return without_absent(
        {
            "avoidable": {1.0: True, 0.0: False}.get(cause.avoidable, share_text(cause.avoidable)),
            "handle_time": share_text(cause.handle_time_factor),
            "severities": _shares(cause.severities),
            "path": cause.path,
            "from": cause.since and cause.since.isoformat(),
            "owner": cause.owner,
            "refund": money_written(cause.refund, cause.currency),
        }
    )


def _tier(tier: Tier) -> Written:
    return {"accounts": tier.accounts, "arr": f"{plain_number(tier.arr)} {tier.currency}", "vip": tier.vip}


def _tagging(tagging: Tagging) -> Written:
    return without_absent(
        {
            "accuracy": share_text(tagging.accuracy),
            "untagged": share_text(tagging.untagged),
            "collisions": share_text(tagging.collisions),
            "triage": tagging.triage and _work(tagging.triage),
            "misrouted": distribution_written(tagging.misrouted),
        }
    )


def _work(work: Work) -> Written:
    return {"queue": work.queue, "handle_time": distribution_written(work.handle_time)}


def _rule(rule: Rule) -> Written:
    asked = {key: _names(getattr(rule, attribute)) for attribute, key in CONDITIONS.items()}
    return without_absent({**asked, "vip": rule.vip, "to": rule.to})


def _names(names: tuple[str, ...]) -> str | list[str] | None:
    return None if not names else names[0] if len(names) == 1 else list(names)


def _path(path: Path) -> Written:
    return {name: _step(step) for name, step in path.steps.items()}


def _step(step: PathStep) -> Written:
    return without_absent(
        {
            "queue": step.queue,
            "handle_time": distribution_written(step.handle_time),
            "wrap_up": None if step.wrap_up is None else share_text(step.wrap_up),
            "after": distribution_written(step.after),
            "handover": _handover(step.handover),
            "conference": duration_text(step.conference_s),
            "due": None if step.due_s is None else duration_text(step.due_s),
            "patient": step.patient,
            "then": SOLVED if step.then == {SOLVED: 1.0} else _shares(step.then),
        }
    )


def _handover(handover: Handover) -> Written | str:
    if handover.most_s is None:
        return "warm" if handover.warm else "cold"
    return {"warm": duration_text(handover.most_s)}


def _closing(closing: Closing) -> Written:
    confirms, reopens, repeats = closing.confirms, closing.reopens, closing.repeats
    return without_absent(
        {
            "confirms": confirms
            and {"share": share_text(confirms.share), "after": distribution_written(confirms.after)},
            "closes_after": duration_text(closing.closes_after_s),
            "reopens": reopens
            and {"share": share_text(reopens.share), "after": distribution_written(reopens.after)},
            "repeats": repeats
            and {
                "share": share_text(repeats.share),
                "after": distribution_written(repeats.after),
                "streams": _shares(repeats.streams),
            },
        }
    )


def _side_work(work: SideWork) -> Written:
    return without_absent(
        {
            "queue": work.queue,
            "handle_time": distribution_written(work.handle_time),
            "on": work.on,
            "share": share_text(work.share),
            "after": distribution_written(work.after),
            "due": _limit(work.due),
            "answered": _limit(work.answered),
            "clock": _clock(work.clock),
            "when": work.when and _when(work.when),
            "severities": _names(work.severities),
            "causes": _names(work.causes),
            "tiers": _names(work.tiers),
            "once": work.once,
        }
    )


def _when(when: When) -> Written:
    arr = None if when.arr is None else f"{plain_number(when.arr)} {when.currency}"
    return without_absent({"arr": arr, "flags": _names(when.flags)})


def _incident(incident: Incident) -> Written:
    detection, page = incident.detection, incident.status_page
    starts = {
        "every": None if incident.every_s is None else duration_text(incident.every_s),
        "at": [each.isoformat(" ") for each in incident.at] or None,
    }
    return without_absent(
        {
            "cause": incident.cause,
            "severity": incident.severity,
            "starts": without_absent(starts),
            "lasts": distribution_written(incident.lasts),
            "surge": {stream: rate_text(each) for stream, each in incident.surge.items()},
            "detection": {
                "contacts": detection.contacts,
                "within": duration_text(detection.within_s),
                "delay": duration_text(detection.delay_s),
            },
            "mitigation": distribution_written(incident.mitigation),
            "fades": duration_text(incident.fades_s),
            "status_page": page and {"after": duration_text(page.after_s), "cuts": share_text(page.cuts)},
        }
    )


def _self_service(given: SelfService) -> Written:
    bounces = given.bounces
    return without_absent(
        {
            "deflects": _deflects(given.deflects),
            "bounces": bounces
            and {
                "share": share_text(bounces.share),
                "after": distribution_written(bounces.after),
                "handle_time": share_text(bounces.handle_time_factor),
            },
            "ease": share_text(given.ease),
            "views": bare(given.views),
        }
    )


def _deflects(steps: tuple[Deflection, ...]) -> str | list[Written]:
    if len(steps) == 1 and steps[0].since is None:
        return share_text(steps[0].share)
    return [
        without_absent({"from": each.since and each.since.isoformat(), "share": share_text(each.share)})
        for each in steps
    ]


def _announces(announces: Announces) -> Written:
    diverts = announces.diverts
    balk = {duration_text(wait): share_text(share) for wait, share in announces.balk}
    return without_absent(
        {
            "balk": balk or None,
            "diverts": diverts
            and {
                "over": duration_text(diverts.over_s),
                "share": share_text(diverts.share),
                "to": diverts.to,
            },
        }
    )


def _call_back(call_back: CallBack) -> Written:
    return without_absent(
        {
            "over": duration_text(call_back.over_s),
            "accepts": share_text(call_back.accepts),
            "answers": share_text(call_back.answers),
            "attempt": distribution_written(call_back.attempt),
        }
    )


def _silent(silent: Silent) -> Written:
    return {"share": share_text(silent.share), "handle_time": distribution_written(silent.handle_time)}


def _on_call(on_call: OnCall) -> Written:
    pay = pay_written(on_call.standby_pay)
    return without_absent({"answers": distribution_written(on_call.answers), "standby_pay": pay})


def _ramp(ramp: Ramp) -> Written:
    weeks = [
        {"week": each.week, "speed": share_text(each.speed), "reopens": share_text(each.reopens)}
        for each in ramp.weeks
    ]
    return {"hires": {each.day.isoformat(): each.agents for each in ramp.hires}, "weeks": weeks}


def _hurry(hurry: Hurry) -> Written:
    return {
        "from_waiting": hurry.from_waiting,
        "speeds_up": share_text(hurry.speeds_up),
        "reopens": share_text(hurry.reopens),
    }
