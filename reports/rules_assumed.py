"""What went in, in words: what queues do with those who wait; how people work beside shifts and skills."""

from collections.abc import Iterable, Iterator

from reports.life_assumptions import mix_text, times
from reports.wording import duration_text, money_text, plain, share_text
from scenarios.model import Group, Queue


def queue_rules(queue: Queue) -> Iterator[str]:
    """What a queue does with those who wait beyond lines and patience."""
    if queue.lines is not None:
        yield f"{queue.lines:,} lines"
    if queue.announces is not None:
        yield "; ".join(_announced(queue))
    if queue.call_back is not None:
        over, accepts = duration_text(queue.call_back.over_s), share_text(queue.call_back.accepts)
        answers = share_text(queue.call_back.answers)
        yield f"Beyond {over} of waiting {accepts} are called back, of whom {answers} answer"
    if queue.silent is not None:
        share, lost = share_text(queue.silent.share), times(queue.silent.handle_time)
        yield f"{share} of those who give up are not seen to; that costs {lost}"
    if queue.retry is not None and queue.retry.switch:
        yield f"Of those who try again: {mix_text(queue.retry.switch)}"
    if queue.overflow is not None and queue.overflow.leaves_message:
        yield "Who is passed on leaves a message"
    if queue.weight != 1:
        yield f"A wait counts {plain(queue.weight)} times"
    if queue.gains_per_hour:
        yield f"Priority grows by {plain(queue.gains_per_hour)} an hour"


def _announced(queue: Queue) -> Iterable[str]:
    """What callers hear, and do then."""
    assert queue.announces is not None  # the caller has looked
    points = [f"{share_text(share)} leave at {duration_text(wait)}" for wait, share in queue.announces.balk]
    diverts = queue.announces.diverts
    if diverts is not None:
        over = duration_text(diverts.over_s)
        points.append(f"beyond {over} {share_text(diverts.share)} come by {diverts.to}")
    return ["Announces the wait", *points]


def group_rules(group: Group) -> Iterator[str]:
    """How the people of a group work beside shifts and skills."""
    if group.on_call is not None:
        paid = group.on_call.standby_pay
        pay = f", paid {money_text(paid.amount_per_hour, paid.currency)}/h meanwhile" if paid else ""
        yield f"On call, there after {times(group.on_call.answers)}{pay}"
    if group.handle_time_by_queue:
        factors = group.handle_time_by_queue.items()
        yield "Takes " + ", ".join(f"× {plain(each)} for {queue}" for queue, each in factors)
    if group.ramp is not None:
        hires = ", ".join(f"{each.agents} from {each.day.isoformat()}" for each in group.ramp.hires)
        weeks = ", ".join(
            f"week {each.week} speed × {plain(each.speed)}, reopened × {plain(each.reopens)}"
            for each in group.ramp.weeks
        )
        yield f"New: {hires} ({weeks})"
    if group.hurry is not None:
        faster, more = share_text(group.hurry.speeds_up), share_text(group.hurry.reopens)
        yield f"From {group.hurry.from_waiting} waiting on {faster} faster, {more} more reopened"
