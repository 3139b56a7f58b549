"""What a scenario says of its learning, compiled: owners, changes, policies, and the days of the horizon."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scenarios.changes import Change, Lever
from scenarios.learning import ARTICLE_ON, BALANCED, BONUS, Loop
from scenarios.model import Scenario
from scenarios.moves import Move, whose
from scenarios.tagging import Tagging
from sim.clock import to_ticks
from sim.loop.changes import DAY_S, Made, made_of
from sim.loop.knobs import SWITCH, Knob, Panel, Rows, knob_of, panel_of, rows_of
from sim.loop.ranking import Prices
from sim.loop.tickets import ARTICLE

if TYPE_CHECKING:
    from sim.compile import Model

_WORKDAYS: Final = 5  # a week


class Dated(NamedTuple):
    """A lever, and its days: when its owner begins, and from when it is in force."""

    made: Made
    start: int
    due: int
    hours: float = 0.0  # of its owner's, a working day
    busy_from: int = 0  # the day from which on it takes these


class Agreed(NamedTuple):
    """All that is agreed on before the first day."""

    scenario: Scenario
    rows: Rows
    panel: Panel
    ticks: tuple[int, ...]  # of the midnights at which the loop decides; at the last it only looks
    dates: tuple[date, ...]
    workday: tuple[bool, ...]
    capacity: tuple[float, ...]  # hours of each owner, a working day
    prevention: tuple[float, ...]  # the share of them for improvements
    dated: tuple[Dated, ...]
    remedies: tuple[tuple[Made, ...], ...]  # of each cause, the best for an hour's work first
    articles: tuple[Made, ...]  # of each cause; none without a policy
    loop: Loop | None  # None: nobody runs it
    prices: Prices
    accuracy: float  # of tags, before changes
    begins: tuple[int, ...]  # of each cause: the day on which it begins to bring contacts
    surging: frozenset[int]  # causes whose contacts come in incidents too
    not_run: tuple[str, ...]  # levers and remedies without an owner or a date

    @property
    def days(self) -> int:
        return len(self.dates)


def agree(model: "Model") -> Agreed:
    """Compile what a scenario says of its learning."""
    scenario, almanac, rows = model.scenario, model.almanac, rows_of(model)
    loop = scenario.loop if scenario.loop is not None and scenario.loop.owner else None
    dated = (*_levers(scenario, rows, almanac.dates), *_incentives(loop, rows, scenario, almanac.dates[0]))
    remedies = _remedies(scenario, rows) if loop else ()
    articles = _articles(loop, rows)
    moved = [*(each.made for each in dated), *(m for of in remedies for m in of), *articles]
    idle = [name for name, lever in _all_levers(scenario) if not runs(lever, scenario)]
    if loop:
        idle += [name for name, remedy in scenario.remedies.items() if not runs(remedy, scenario)]
    owners = [scenario.owners[name] for name in rows.owners]
    tagging = scenario.tagging or Tagging()
    return Agreed(
        scenario,
        rows,
        panel_of([*_switches(scenario, rows), *(part.knob for made in moved for part in made.parts)]),
        tuple(to_ticks(second) for second in almanac.midnights),
        almanac.dates,
        tuple(kind < _WORKDAYS for kind in almanac.kinds),
        tuple(owner.capacity_h_per_week / _WORKDAYS for owner in owners),
        tuple(owner.prevention for owner in owners),
        dated,
        remedies or tuple(() for _ in rows.causes),
        articles,
        loop,
        _prices(scenario, rows),
        tagging.accuracy,
        tuple(_begins(scenario.causes[name].since, almanac.dates[0]) for name in rows.causes),
        frozenset(rows.causes.index(each.cause) for each in scenario.incidents.values()),
        tuple(sorted(idle)),
    )


def _begins(since: date | None, first: date) -> int:
    return 0 if since is None else max((since - first).days, 0)


def owner_of(change: Change, scenario: Scenario) -> str | None:
    """Who is to make a change: its own owner, or that of its cause."""
    cause = getattr(change, "cause", None)
    return change.owner or (scenario.causes[cause].owner if cause in scenario.causes else None)


def runs(change: Change, scenario: Scenario) -> bool:
    """Whether a change can run at all: somebody owns it, and a lever has a date."""
    return owner_of(change, scenario) is not None and (
        not isinstance(change, Lever) or change.due is not None
    )


def _switches(scenario: Scenario, rows: Rows) -> list[Knob]:
    """What is off until a lever switches it on, whether that lever runs or not."""
    moves = (move for _, lever in _all_levers(scenario) for move in lever.moves)
    return [knob for knob in (knob_of(m.parameter, rows) for m in moves) if knob.how == SWITCH]


def _all_levers(scenario: Scenario) -> Iterable[tuple[str, Lever]]:
    return sorted(scenario.roadmap.levers.items()) if scenario.roadmap else ()


def _levers(scenario: Scenario, rows: Rows, dates: tuple[date, ...]) -> tuple[Dated, ...]:
    """Levers that run, by name."""
    found = []
    for name, lever in _all_levers(scenario):
        if runs(lever, scenario) and lever.due is not None:
            made = made_of(name, lever, rows, lever.owner, _only_cause(lever.moves))
            due = (lever.due - dates[0]).days
            start = (lever.start - dates[0]).days if lever.start else due - round(lever.lead_s / DAY_S)
            busy_from = start if lever.start else due
            found.append(Dated(made, start, due, lever.hours_per_week / _WORKDAYS, busy_from))
    return tuple(found)


def _only_cause(moves: tuple[Move, ...]) -> str | None:
    """The one cause that moves are about, if there is just one."""
    about = [whose(move.parameter) for move in moves]
    names = {each.name for each in about if each.section == "causes"}
    return names.pop() if len(names) == 1 else None


def _incentives(loop: Loop | None, rows: Rows, scenario: Scenario, first: date) -> tuple[Dated, ...]:
    """What moves people from the loop's first day on: a bonus for prevention, balanced incentives."""
    found = []
    day = _begins(loop.start if loop else None, first)
    if loop and loop.bonus:
        moves: tuple[Move, ...] = (_named("loop.bonus", loop.bonus.prevention),)
        found.append(Dated(made_of(BONUS, Change(moves=moves), rows, None, None), day, day))
    if loop and loop.balanced:
        hurried = [name for name in rows.groups if scenario.groups[name].hurry]
        moves = tuple(_named(f"groups.{name}.hurry", loop.balanced.hurry) for name in hurried)
        found.append(Dated(made_of(BALANCED, Change(moves=moves), rows, None, None), day, day))
    return tuple(found)


def _named(parameter: str, move: Move) -> Move:
    return move._replace(parameter=parameter)


def _remedies(scenario: Scenario, rows: Rows) -> tuple[tuple[Made, ...], ...]:
    """What can be done about each cause, most contacts and work saved for an hour of its owner's first."""
    found: dict[str, list[Made]] = {cause: [] for cause in rows.causes}
    for name, remedy in sorted(scenario.remedies.items()):
        owner = owner_of(remedy, scenario)
        if owner is not None:
            found[remedy.cause].append(made_of(name, remedy, rows, owner, remedy.cause))
    return tuple(tuple(sorted(found[cause], key=lambda made: -_gain(made))) for cause in rows.causes)


def _gain(made: Made) -> float:
    """The share of contacts, or of their work, that an hour of work is expected to save."""
    saved = 0.0
    for part in made.parts:
        mean = (part.low + part.expected + part.high) / 3.0
        saved += mean if part.knob.field == "deflects" else -mean
    return made.works * saved / made.effort


def _articles(loop: Loop | None, rows: Rows) -> tuple[Made, ...]:
    """An article for each cause: it answers some contacts, and shortens the others."""
    if loop is None or loop.articles is None:
        return ()
    policy, found = loop.articles, []
    for cause in rows.causes:
        moves = (
            _named(f"causes.{cause}.deflection", policy.deflection),
            _named(f"causes.{cause}.handle_time", policy.handle_time),
        )
        made = made_of(
            f"{ARTICLE_ON}{cause}", Change(moves=moves, ramp_s=policy.ramp_s), rows, policy.owner, cause
        )
        # One article alone does too little to be tested: what they do together is deflection.
        found.append(made._replace(kind=ARTICLE, effort=policy.effort_h, claim=None))
    return tuple(found)


def _prices(scenario: Scenario, rows: Rows) -> Prices:
    """What an hour costs (the mean pay of groups that are not on call), and refunds by cause."""
    paid = [g.pay.amount_per_hour for g in scenario.groups.values() if g.pay and not g.on_call]
    refunds = np.array([scenario.causes[cause].refund for cause in rows.causes])
    return Prices(float(np.mean(paid)) if paid else 1.0, refunds)
