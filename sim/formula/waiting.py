"""What becomes of each contact of a line in steady state, for several rates at once."""

import math
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Distribution
from sim.formula.bursts import peakedness
from sim.formula.columns import PER_CONTACT
from sim.formula.demand import Limits
from sim.formula.given_up import Behind, behind, stays
from sim.formula.grid import Floats

_HOUR_S: Final = 3600.0
_MOST_WAITING: Final = 500  # more of them tell nothing new
_SELDOM: Final = 1e-3  # of the contacts that find a line full: patience tells more than its limit does


class Asked(NamedTuple):
    """What is asked of a line; `slowdown` has more than one number for agents who take several at a time."""

    patience: Distribution | None
    places: float
    limits: Limits
    slowdown: tuple[float, ...] = (1.0,)
    packed: bool = False  # contacts go to whoever has the most in hand already
    moves_after_s: float = math.inf  # who has waited so long goes on to another queue
    given_busy: bool = False  # only of those who find all busy

    @property
    def is_limited(self) -> bool:
        """Whether its places are counted: not those of chats, nor where who waits for long goes on."""
        stays = math.isinf(self.moves_after_s) or not self.places
        return math.isfinite(self.places) and len(self.slowdown) == 1 and stays

    @property
    def ends(self) -> bool:
        """Whether all contacts stop waiting some time: then no line grows for ever."""
        return self.patience is not None or math.isfinite(self.moves_after_s)


class Config(NamedTuple):
    """A line but for its rate."""

    handle_s: float
    people: int


def solved(asked: Asked, config: Config, rates: Floats) -> Floats:
    """Per contact that is offered: [PER_CONTACT and other limits, rate]; rates above 0, an hour.

    Waits without end are inf.
    """
    if not config.people:
        return _nobody(asked, config.handle_s, len(rates))
    if asked.is_limited:
        limited = _limited(asked, config, rates)
        if asked.patience is None or asked.patience == _exponential(asked.patience):
            return limited
        seldom_full = limited[PER_CONTACT.index("blocked")] < _SELDOM
        return np.where(seldom_full, _unlimited(asked, config, rates), limited)
    return _unlimited(asked, config, rates)


def _exponential(patience: Distribution) -> Distribution:
    """Who gives up after as long on average, and is ready to wait, by an exponential law."""
    return Distribution(kind="exponential", mean_s=patience.mean_s)


def _nobody(asked: Asked, handle_s: float, count: int) -> Floats:
    """Nobody is at work: who may not wait is blocked, who can moves or gives up, the others wait for long."""
    shares = dict.fromkeys(PER_CONTACT, 0.0)
    balk = asked.patience.balk if asked.patience else 0.0
    if not asked.places:
        shares["blocked"] = 1.0
    elif not asked.ends:
        shares |= {"delayed": 1.0, "answered": 1.0, "wait_answered": math.inf, "handled": handle_s}
    else:
        ready = stays(asked.patience)
        ends = np.minimum(
            [asked.limits.within_s, asked.limits.short_s, asked.moves_after_s], asked.moves_after_s
        )
        within_s, short_s, ever = (balk + (1.0 - balk) * (1.0 - ready(ends))).tolist()
        shares |= {"delayed": ever, "abandoned": ever, "overflowed": 1.0 - ever}
        shares["overflowed_squared"] = shares["overflowed"] ** 2
        shares |= {"abandoned_within": within_s, "abandoned_short": short_s}
        shares["wait_abandoned"] = (1.0 - balk) * _waited_until(asked)
    column = np.array([*shares.values(), *(0.0 for _ in asked.limits.others)])
    return np.repeat(column[:, None], count, axis=1)


def _waited_until(asked: Asked) -> float:
    """The wait (s) of those who give up where nobody answers, over all; none of those who move."""
    if math.isinf(asked.moves_after_s):
        return asked.patience.mean_s if asked.patience else 0.0
    times = np.linspace(0.0, asked.moves_after_s, 1025)
    ready = stays(asked.patience)(times)
    return float(np.trapezoid(ready, times) - asked.moves_after_s * ready[-1])


def _limited(asked: Asked, config: Config, rates: Floats) -> Floats:
    """A line with so many places: M/M/n/K+M, or Erlang B where there are none; patience as exponential."""
    from sim.erlang import Line, steady, within  # compiled: loaded by those alone who need it

    patience_s = asked.patience.mean_s if asked.patience else math.inf
    people = float(config.people)
    if asked.given_busy:  # behind one who is as fast as all the line is the same, seldom too short to see
        line = Line(rates, config.handle_s / people, 1.0, patience_s, asked.places)
    else:
        line = Line(rates, config.handle_s, people, patience_s, asked.places)
    found = steady(line)
    free = np.zeros(len(rates))
    if asked.given_busy:
        free = np.clip(1.0 - found.blocked - found.delayed, 0.0, 1.0 - 1e-12)

    def of_those(shares: Floats, at_once: float = 0.0) -> Floats:
        """Shares of those who find all busy, of whom the others are no part."""
        part: Floats = (shares - at_once * free) / (1.0 - free)
        return np.maximum(part, 0.0)

    soon, short = within(line, asked.limits.within_s), within(line, asked.limits.short_s)
    others = [of_those(within(line, limit).answered, 1.0) for limit in asked.limits.others]
    with np.errstate(invalid="ignore"):
        waited = np.where(found.asa_s > 0.0, found.asa_s * np.maximum(found.answered, 1e-300), 0.0)
    answered, none = of_those(found.answered, 1.0), np.zeros(len(rates))
    return np.array(
        [
            of_those(found.blocked), of_those(found.delayed), answered, of_those(soon.answered, 1.0),
            of_those(found.abandoned), of_those(soon.abandoned), of_those(short.abandoned),
            none, of_those(waited), of_those(found.wait_abandoned_s * found.abandoned),
            answered * config.handle_s, answered * config.handle_s, none, none, *others,
        ]
    )  # fmt: skip


def _unlimited(asked: Asked, config: Config, rates: Floats) -> Floats:
    """P(all are busy) by the chain of those in hand, and who waits behind it by `given_up.behind`."""
    balk = asked.patience.balk if asked.patience else 0.0
    servers = config.people * len(asked.slowdown)
    away_per_s = servers / (config.handle_s * asked.slowdown[-1])
    limits = np.array([asked.limits.within_s, asked.limits.short_s, *asked.limits.others])
    per_s = rates / _HOUR_S
    found = _behind(asked, per_s * (1.0 - balk), away_per_s, limits)
    hands = hands_of(config.people, asked.slowdown, asked.packed)
    below = _below(per_s, hands, config.handle_s)
    odds = np.exp(np.minimum(np.log(per_s) + found.log_span - np.log(below[0]), 700.0))
    busy = np.where(np.isfinite(odds) & (not asked.given_busy), odds / (1.0 + odds), 1.0)
    in_hand = (1.0 - busy) * below[1] + busy * servers
    active = (1.0 - busy) * below[2] + busy * config.people
    stay = busy * (1.0 - balk)
    within_s = 1.0 - busy + stay * found.answered_within
    gone = busy * balk + stay * found.abandoned_within
    moved = stay * found.moved
    answered = 1.0 - busy + stay * found.answered
    abandoned = np.maximum(1.0 - answered - moved, 0.0)  # where nobody does, rounding may
    bursts = none = np.zeros(len(rates))
    if math.isfinite(asked.moves_after_s):
        bursts = moved * _more_than_by_chance(asked, config.handle_s, away_per_s, per_s, hands)
    return np.array(
        [
            none, busy - moved, answered, within_s[0], abandoned, gone[0], gone[1], moved,
            stay * found.waited_answered_s, stay * found.waited_abandoned_s,
            in_hand / per_s, active / per_s, bursts, moved**2, *within_s[2:],
        ]
    )  # fmt: skip


def _more_than_by_chance(
    asked: Asked, handle_s: float, away_per_s: float, per_s: Floats, hands: "Hands"
) -> Floats:
    """The peakedness, less 1, of what overflows: as if it did when so many wait as can be served by then."""
    patience, after_s = asked.patience, asked.moves_after_s
    waiting = np.arange(min(round(away_per_s * after_s), _MOST_WAITING) + 1)
    hurry_per_s, balk = (1.0 / patience.mean_s, patience.balk) if patience else (0.0, 0.0)
    leave = [0.0, *(hands.end / handle_s), *(away_per_s + waiting * hurry_per_s)]
    join = [per_s] * (len(hands.end) + 1) + [per_s * (1.0 - balk)] * len(waiting)
    left = float(stays(patience)(np.array(after_s)))
    return left * (peakedness(join, leave, 1.0 / handle_s) - 1.0)


def _behind(asked: Asked, per_s: Floats, away_per_s: float, limits: Floats) -> Behind:
    if asked.ends:
        return behind(asked.patience, asked.moves_after_s, per_s, away_per_s, limits)
    spare = away_per_s - per_s  # nobody gives up: exponential, and without end in overload
    grows = spare <= 0.0
    spare = np.where(grows, 1.0, spare)
    in_time = np.where(grows, 0.0, -np.expm1(-np.multiply.outer(limits, spare)))
    wait_s = np.where(grows, math.inf, 1.0 / spare)
    log_span = np.where(grows, math.inf, -np.log(spare))
    none = np.zeros(len(per_s))
    return Behind(log_span, none + 1.0, none, in_time, 0.0 * in_time[:2], wait_s, none)


class Hands(NamedTuple):
    """With 1, 2, ... contacts in hand, but not all places taken: [number in hand]."""

    end: Floats  # that end in a handle time
    active: Floats  # agents who have at least one


def hands_of(people: int, slowdown: tuple[float, ...], packed: bool) -> Hands:
    """Contacts spread over the people as evenly, or on as few of them, as can be."""
    slots = len(slowdown)
    in_hand = np.arange(1, people * slots)
    ends = np.concatenate([[0.0], np.arange(1, slots + 1) / np.array(slowdown), [0.0]])
    if packed:
        full, rest = in_hand // slots, in_hand % slots
        return Hands(full * ends[slots] + ends[rest], (full + (rest > 0)).astype(float))
    each, more = in_hand // people, in_hand % people
    return Hands(
        (people - more) * ends[each] + more * ends[each + 1], np.minimum(in_hand, people).astype(float)
    )


def _below(per_s: Floats, hands: Hands, handle_s: float) -> tuple[Floats, Floats, Floats]:
    """While there is room: 1 / P(one place is free), and the mean numbers in hand and of active agents.

    s(k) = 1 + r(k) / λ s(k - 1), r(k) being the rate at which one of k ends; it may overflow to inf.
    """
    total, held, busy = np.ones(len(per_s)), np.zeros(len(per_s)), np.zeros(len(per_s))
    every_s = 1.0 / (per_s * handle_s)
    with np.errstate(over="ignore"):
        for k, (end, active) in enumerate(zip(hands.end.tolist(), hands.active.tolist(), strict=True)):
            total = 1.0 + end * every_s * total
            held += (k + 1.0 - held) / total
            busy += (active - busy) / total
    return total, held, busy
