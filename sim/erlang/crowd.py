"""The contacts of a line as probabilities: through a time without change, and at a change of staff."""

import math
from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import Floats
from sim.erlang.uniformised import DOWN, LEAVE, STAY, TINY, UP, Moving, fill_poisson, poisson_room, run

_SPARE: Final = 6  # columns beyond the last with mass
_FIRST_ROOM: Final = 32  # waiting contacts


class Rates(NamedTuple):
    """What holds between two changes, all a second."""

    servers: int
    arrive: float
    join: float  # of those who must wait
    serve: float  # of each busy agent
    give_up: float  # of each who waits
    places: float


class Crowd(NamedTuple):
    """Mass by [excess, number] (see uniformised.py) about so many servers.

    For a whole line it is the distribution of its state. For contacts that are followed from their arrival
    it is how many of them wait, servers + 1 being the head of the line; those already answered are in [0,
    servers].
    """

    mass: Floats
    servers: int

    @property
    def busy(self) -> float:
        """Expected busy agents of a line."""
        excess, number = np.indices(self.mass.shape)
        return float((self.mass * (np.minimum(number, self.servers) + excess)).sum())

    @property
    def queue(self) -> float:
        """Expected number waiting in a line."""
        held = np.arange(self.mass.shape[1]) - self.servers
        return float((self.mass.sum(axis=0) * np.maximum(held, 0)).sum())

    def held(self, at_least: float) -> float:
        """Mass of the states in which so many wait."""
        return float(self.mass[:, self.servers + int(at_least) :].sum()) if math.isfinite(at_least) else 0.0

    @property
    def waiting(self) -> float:
        """Of contacts that are followed: those not yet answered."""
        return float(self.mass[:, self.servers + 1 :].sum())

    @property
    def answered(self) -> float:
        """Of contacts that are followed."""
        return float(self.mass[0, self.servers]) if self.mass.shape[1] > self.servers else 0.0

    def unanswered(self) -> "Crowd":
        """Of contacts that are followed: those who still wait."""
        mass = self.mass.copy()
        mass[0, : self.servers + 1] = 0.0
        return Crowd(mass, self.servers)

    def cut(self, least: float) -> "Crowd":
        """Without the last rows and columns that hold less than `least` each."""
        rows = np.flatnonzero(self.mass.sum(axis=1) > least)
        columns = np.flatnonzero(self.mass.sum(axis=0) > least)
        if not (len(rows) and len(columns)):
            return nobody(self.servers)
        last = max(int(columns[-1]), self.servers)
        return Crowd(self.mass[: rows[-1] + 1, : last + 1], self.servers)

    def plus(self, other: "Crowd") -> "Crowd":
        """The sum of two with the same servers."""
        rows = max(len(self.mass), len(other.mass))
        columns = max(self.mass.shape[1], other.mass.shape[1])
        mass = np.zeros((rows, columns))
        for each in (self.mass, other.mass):
            mass[: len(each), : each.shape[1]] += each
        return Crowd(mass, self.servers)


class Moved(NamedTuple):
    """A line and contacts that are followed after some time, and the integrals of both over it (s)."""

    line: Crowd
    followed: Crowd
    line_s: Crowd
    followed_s: Crowd


def nobody(servers: int) -> Crowd:
    """No mass at all."""
    return Crowd(np.zeros((1, servers + 1)), servers)


def moved(line: Crowd, followed: Crowd, rates: Rates, seconds: float) -> Moved:
    """Both after `seconds`; who comes to the line meanwhile and waits is followed too."""
    held = max(_held(line), _held(followed))
    most = _most(line, held, rates, seconds)
    room = most if rates.give_up == 0.0 else min(most, 2 * held + _FIRST_ROOM)
    while True:
        found = _moved_within(line, followed, rates, seconds, room)
        if found is not None:
            return found
        room = min(2 * room, most) if room < most else 2 * room


def _held(crowd: Crowd) -> int:
    """The longest queue with any mass, or a little more."""
    return int(crowd.mass.shape[1]) - 1 - crowd.servers


def _most(line: Crowd, held: int, rates: Rates, seconds: float) -> int:
    """A queue that is never longer: with places, or with all who may come."""
    if not line.mass.any():
        return held
    if math.isfinite(rates.places):
        return max(held, int(rates.places))
    return held + poisson_room(rates.arrive * seconds)


def _moved_within(line: Crowd, followed: Crowd, rates: Rates, seconds: float, room: int) -> Moved | None:
    """The same, with queues of up to `room`; None if they get longer."""
    columns = rates.servers + room + _SPARE
    top = max(len(line.mass), len(followed.mass)) - 1
    arrive = max(rates.arrive, rates.join) if line.mass.any() else 0.0
    pace = arrive + (rates.servers + top) * rates.serve + (room + _SPARE) * rates.give_up
    pace = max(pace, 0.1 / seconds)
    found, met = np.zeros((2, top + 1, columns)), np.zeros((2, top + 1, columns))
    moving = Moving(*_laid_out(line, columns, top), _line_rates(rates, pace, columns), found)
    tagged = Moving(*_laid_out(followed, columns, top), _waiting_rates(rates, pace, columns), met)
    if not run(_steps(pace, seconds), rates.servers, rates.serve / pace, moving, tagged):
        return None
    crowds = (Crowd(mass, rates.servers).cut(TINY) for mass in (found[0], met[0], found[1], met[1]))
    return Moved(*crowds)


def _laid_out(crowd: Crowd, columns: int, top: int) -> tuple[Floats, Floats]:
    """The mass in an array of that size, and where there is any."""
    mass = np.zeros((top + 1, columns))
    width = min(columns, crowd.mass.shape[1])
    mass[: len(crowd.mass), :width] = crowd.mass[:, :width]
    numbers = np.flatnonzero(crowd.mass.any(axis=0))
    if not len(numbers):
        return mass, np.array([1.0, 0.0, 0.0])
    return mass, np.array([numbers[0], numbers[-1], len(crowd.mass) - 1], float)


def _steps(pace: float, seconds: float) -> Floats:
    """Weights of the distributions after each step, at the end and in the integral."""
    steps = np.zeros((2, poisson_room(pace * seconds)))
    last = fill_poisson(pace * seconds, steps[0], steps[1])
    steps[1] /= pace
    return np.ascontiguousarray(steps[:, : last + 1])


def _line_rates(rates: Rates, pace: float, columns: int) -> Floats:
    """Probabilities of a step of the line."""
    number = np.arange(columns)
    held = number - rates.servers
    found = np.zeros((4, columns))
    found[UP] = np.where(held < 0, rates.arrive, np.where(held < rates.places, rates.join, 0.0)) / pace
    found[LEAVE] = np.maximum(held, 0) * rates.give_up / pace
    found[DOWN] = np.minimum(number, rates.servers) * rates.serve / pace + found[LEAVE]
    found[STAY] = 1.0 - found[UP] - found[DOWN]
    return found


def _waiting_rates(rates: Rates, pace: float, columns: int) -> Floats:
    """Probabilities of a step of those who wait: they go on as those before them are answered or give up."""
    ahead = np.maximum(np.arange(columns) - rates.servers - 1, 0)
    waits = np.arange(columns) > rates.servers
    found = np.zeros((4, columns))
    found[LEAVE] = waits * ahead * rates.give_up / pace
    found[DOWN] = waits * rates.servers * rates.serve / pace + found[LEAVE]
    found[STAY] = 1.0 - found[DOWN] - waits * rates.give_up / pace
    return found


def restaffed(crowd: Crowd, servers: int, *, followed: bool) -> Crowd:
    """The crowd once there are so many servers: new ones take who waits, excess ones finish what they do."""
    old, mass = crowd.servers, crowd.mass
    if servers == old:
        return crowd
    waiting = crowd.unanswered().mass if followed else mass
    columns = max(mass.shape[1] + len(mass) + max(servers - old, 0), servers + 1)
    new = np.zeros((max(old + len(mass) - servers, 1), columns))
    if not followed:
        stay = min(old, servers)
        new[0, :stay] = mass[0, :stay]
        for number in range(servers, old):
            new[number - servers, servers] += mass[0, number]
    for excess, row in enumerate(waiting[:, old:]):
        busy = old + excess
        new[max(busy - servers, 0), min(busy, servers) : min(busy, servers) + len(row)] += row
    if followed:
        new[0, servers] = crowd.answered + new[0, : servers + 1].sum()
        new[0, :servers] = 0.0
    return Crowd(new, servers).cut(TINY)
