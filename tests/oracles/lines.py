"""One waiting line, state by state, in 50 digits: M/M/n/(n+places)+M with whole n."""

from functools import lru_cache
from typing import NamedTuple

import mpmath as mp

mp.mp.dps = 50
_NOTHING = mp.mpf(10) ** -60


class Told(NamedTuple):
    """What the states say, per offered contact; times as the rates have them."""

    blocked: mp.mpf
    delayed: mp.mpf
    answered: mp.mpf
    abandoned: mp.mpf
    asa: mp.mpf
    queue: mp.mpf
    answered_within: mp.mpf
    abandoned_within: mp.mpf


class _States(NamedTuple):
    """What no time is needed for: who finds others waiting, and the figures of all."""

    found: list[mp.mpf]
    full: mp.mpf
    answered: mp.mpf
    asa: mp.mpf
    queue: mp.mpf


def line(load: float, agents: int, impatience: float, places: int | None, time: float) -> Told:
    """Mean handle time 1, arrivals `load`, impatience per mean handle time; `places` None: no limit."""
    r, t = mp.mpf(impatience), mp.mpf(time)
    found, full, answered, asa, queue = _states(load, agents, impatience, places)
    late_virtual, late_answered = _late(found, agents, r, t)
    gone_later = mp.e ** (-r * t) * late_virtual - late_answered
    return Told(
        full,
        mp.fsum(found),
        answered,
        1 - full - answered,
        asa,
        queue,
        answered - late_answered,
        1 - full - answered - gone_later,
    )


@lru_cache(maxsize=1)
def _states(load: float, agents: int, impatience: float, places: int | None) -> _States:
    a, r = mp.mpf(load), mp.mpf(impatience)
    free = [a**k / mp.factorial(k) for k in range(agents)]
    states = _waiting(a, agents, r, places)
    whole = mp.fsum(free) + mp.fsum(states)
    full = states[-1] / whole if places is not None else mp.mpf(0)
    found = [each / whole for each in (states[:-1] if places is not None else states)]
    at_once = mp.fsum(free) / whole
    stay = [mp.mpf(agents) / (agents + (i + 1) * r) for i in range(len(found))]
    stages = [mp.mpf(0)]
    for i in range(len(found)):
        stages.append(stages[-1] + 1 / (agents + (i + 1) * r) if agents or r else mp.inf)
    answered = at_once + mp.fsum(p * s for p, s in zip(found, stay, strict=True))
    waited = mp.fsum(p * s * w for p, s, w in zip(found, stay, stages[1:], strict=True))
    queue = mp.fsum(i * p for i, p in enumerate([*found, full] if places is not None else found))
    return _States(found, full, answered, waited / answered, queue)


def _waiting(a: mp.mpf, agents: int, r: mp.mpf, places: int | None) -> list[mp.mpf]:
    """Weights of 0, 1, ... waiting with all busy."""
    weights = [a**agents / mp.factorial(agents)]
    heaviest = weights[0]
    while places is None or len(weights) <= places:
        weights.append(weights[-1] * a / (agents + len(weights) * r))
        heaviest = max(heaviest, weights[-1])
        falling = weights[-1] < weights[-2]
        if places is None and falling and weights[-1] < _NOTHING * heaviest:
            break
    return weights


def _late(found: list[mp.mpf], agents: int, r: mp.mpf, t: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
    """Who would wait longer than t if patient, and who waits longer and is answered.

    Counted by departures: of c = agents / r stages in parallel with the others' patience, at most i.
    """
    virtual = answered = mp.mpf(0)
    if r == 0:
        term = at_most = mp.e ** (-agents * t)
        for i, p in enumerate(found):
            virtual += p * at_most
            term *= agents * t / (i + 1)
            at_most += term
        return virtual, virtual
    c, stay = agents / r, mp.e ** (-r * t)
    term = at_most = stay**c
    own = own_at_most = stay ** (c + 1)
    for i, p in enumerate(found):
        virtual += p * at_most
        answered += p * own_at_most * c / (c + i + 1)
        term *= (c + i) / (i + 1) * (1 - stay)
        own *= (c + 1 + i) / (i + 1) * (1 - stay)
        at_most += term
        own_at_most += own
    return virtual, answered
