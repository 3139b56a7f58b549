"""The parts of a scenario while it is read: what could be read so far, and every name that the file gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scenarios.life_parts import LifeParts
from scenarios.model import CHANNELS, Calendar, Group, Queue, Run, Stream
from scenarios.money_parts import MoneyParts
from scenarios.plan_parts import PlanParts

Names = tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """``header_read``, ``calendar`` and ``run`` tell what failed; the ``..._named`` hold also what failed.

    ``joins`` gives the queue that each stream names, of those that failed too.
    """

    header_read: bool = True
    service_level: str | None = None
    calendar: Calendar | None = None
    run: Run | None = None
    streams: Mapping[str, Stream] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    streams_named: Names = ()
    queues_named: Names = ()
    groups_named: Names = ()
    joins: Mapping[str, str] = field(default_factory=dict)
    life: LifeParts = field(default_factory=LifeParts)
    plan: PlanParts = field(default_factory=PlanParts)
    money: MoneyParts = field(default_factory=MoneyParts)

    def is_whole(self) -> bool:
        """Tell whether every part could be read, so that what is absent is absent indeed; plans aside."""
        return (
            self.header_read
            and self.calendar is not None
            and self.run is not None
            and len(self.streams) == len(self.streams_named)
            and len(self.queues) == len(self.queues_named)
            and len(self.groups) == len(self.groups_named)
            and self.life.whole
        )

    def all_work_is_of_streams(self) -> bool:
        """Tell whether the work of a queue is that of its streams, so that it can be added up."""
        streams = self.streams.values()
        updates = any(each.update is not None for each in self.life.severities.values())
        return not (self.life.moves_work() or updates or any(each.self_service for each in streams))

    def with_service_levels(self) -> "Parts":
        """Return the parts with the definition in force written on every queue that has a target."""
        queues = {
            name: queue.model_copy(update={"service_level": self.service_level})
            if queue.target is not None and queue.service_level is None
            else queue
            for name, queue in self.queues.items()
        }
        return replace(self, queues=queues)

    def groups_of(self, queue: str) -> Names:
        """Return the groups with a queue among their skills."""
        return tuple(name for name, group in self.groups.items() if queue in skills_of(group))

    def channels_of(self, queue: str) -> Names:
        """Return the channel of a queue; where it is in the file and could not be read, that may be any."""
        if queue in self.queues:
            return (self.queues[queue].channel,)
        return CHANNELS if queue in self.queues_named else ()

    def reachable(self, queue: str) -> Names:
        """Return a queue and those that its contacts may overflow to, in order."""
        chain = [queue]
        while (overflow := self.queues[chain[-1]].overflow) and overflow.to in self.queues:
            if overflow.to in chain:
                break
            chain.append(overflow.to)
        return tuple(chain)


def skills_of(group: Group) -> Names:
    """Return the queues that a group serves, the preferred first."""
    return flat(group.skills)


def flat(ranked: Iterable[Iterable[str]]) -> Names:
    """Return names in order of preference without their ties."""
    return tuple(name for tie in ranked for name in tie)
