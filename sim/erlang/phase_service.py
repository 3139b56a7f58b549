"""M/PH/c, exact: handle times of exponential phases one after another (Erlang), or mixed (hyperexponential).

A state says how many agents are in which phase, a level how many contacts there are. From c contacts on,
levels are alike, and what is there is a matrix-geometric vector π(c) R^m (Neuts 1981, "Matrix-geometric
solutions in stochastic models", chapter 3). Its matrices come from the logarithmic reduction of Latouche and
Ramaswami 1993 (Journal of Applied Probability 30, p. 650), levels below c by elimination from above.
"""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scenarios.distributions import Distribution
from sim.erlang.arguments import NOT_NEGATIVE, Floats, checked
from sim.erlang.log_erlang_b import log_poisson

_MOST_STATES: Final = 300
_WORK: Final = 4e9  # numbers that the law of a wait may take
_DOUBLINGS: Final = 64
_NOTHING: Final = (np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)))


class Phases(NamedTuple):
    """A handle time as phases."""

    start: Floats  # the share that starts in each
    rates: Floats  # how fast each ends (1/s)
    follows: Floats  # shares, phase by phase, of what comes next; what is missing to 1 is the end


class PhaseService(NamedTuple):
    """A solved line, `longer` being P(wait > seconds); in overload delayed is 1 and the mean wait inf."""

    delayed: float
    mean_wait_s: float
    empty: float  # share of the time at which nobody is there
    decay: float  # by which each further contact that waits is rarer
    rate: float  # contacts (1/s)
    found: Floats  # chances of the states when all agents are busy and nobody waits, as one finds them
    more: Floats  # R: as many again for each further one who waits
    stay: Floats  # rates (1/s) between states while all agents are busy, without an end of service
    serve: Floats  # with one

    def longer(self, seconds: ArrayLike) -> Floats:
        """P(wait > seconds), of an array; ValueError where so long a time has too many steps."""
        times = checked("seconds", seconds, NOT_NEGATIVE)
        if self.delayed in (0.0, 1.0):
            return np.full(times.shape, self.delayed)
        fastest = float(-self.stay.diagonal().min())
        waiting = self._still_waiting(fastest, float(times.max(initial=0.0)))
        steps = np.arange(float(waiting.size))
        chances = [np.exp(log_poisson(steps, np.full(steps.size, fastest * t))) for t in times.flat]
        longer = np.array([min(float(p @ waiting), 1.0) for p in chances])
        return longer.reshape(times.shape)

    def _still_waiting(self, fastest: float, seconds: float) -> Floats:
        """P(not yet answered) after 0, 1, ... steps of a chain uniformised with `fastest` (1/s).

        Columns of `ahead` are the numbers who must be answered first, as many as so late can matter.
        """
        from scipy import sparse

        steps = fastest * seconds + 12.0 * math.sqrt(fastest * seconds) + 40.0
        lost = self.rate * (1.0 / self.decay - 1.0) * seconds
        columns = 2.0 + (40.0 + lost) / -math.log(self.decay)
        if steps * columns * self.found.size > _WORK:
            raise ValueError(f"seconds: {seconds:g} is too long for the exact law of so many handle times")
        ahead = np.empty((math.ceil(columns), self.found.size))
        ahead[0] = self.found
        for m in range(1, len(ahead)):
            ahead[m] = ahead[m - 1] @ self.more
        ahead = np.ascontiguousarray(ahead.T)
        stay = sparse.csr_array(np.eye(len(self.stay)) + self.stay.T / fastest)
        serve = sparse.csr_array(self.serve.T / fastest)
        waiting = np.empty(math.ceil(steps))
        for k in range(waiting.size):
            waiting[k] = ahead.sum()
            served = serve @ ahead[:, 1:]
            ahead = stay @ ahead
            ahead[:, :-1] += served
        return waiting


def phases_of(handle_time: Distribution) -> Phases:
    """The phases of an exponential, Erlang or hyperexponential handle time; ValueError for another kind."""
    if handle_time.kind == "hyperexponential":
        shares, means = np.array(handle_time.phases).T
        return Phases(shares, 1.0 / means, np.zeros((shares.size, shares.size)))
    if handle_time.kind not in ("exponential", "erlang"):
        raise ValueError(
            f"handle_time: {handle_time.kind!r} has no phases; give exponential, erlang or hyperexponential"
        )
    k = handle_time.k or 1
    return Phases(np.eye(k)[0], np.full(k, k / handle_time.mean_s), np.eye(k, k=1))


def phase_service(per_hour: float, handle_time: Distribution, agents: int) -> PhaseService:
    """Solve one line; ValueError where its states are too many (`agents` in k phases: 300 at most)."""
    rate = float(checked("per_hour", per_hour, NOT_NEGATIVE)) / 3600.0
    phases = phases_of(handle_time)
    if agents < 1 or agents != int(agents):
        raise ValueError(f"agents: {agents} is not allowed; give a whole number of at least 1")
    states = math.comb(agents + phases.rates.size - 1, agents)
    if states > _MOST_STATES:
        raise ValueError(
            f"agents: {agents} agents in {phases.rates.size} phases have {states} states; "
            f"take fewer of either, so that there are at most {_MOST_STATES}"
        )
    if rate == 0.0:
        return PhaseService(0.0, 0.0, 1.0, 0.0, rate, np.zeros(1), *_NOTHING)
    if rate * handle_time.mean_s >= agents:
        return PhaseService(1.0, math.inf, 0.0, 1.0, rate, np.ones(1), *_NOTHING)
    return _solve(rate, phases, agents)


def _solve(rate: float, phases: Phases, agents: int) -> PhaseService:
    """Levels from above, then from 0 upward, with sums of positive terms only."""
    spread = [list(_configurations(n, phases.rates.size)) for n in range(agents + 1)]
    stay = _inner(spread[agents], phases)
    start = _moves(spread[agents - 1], spread[agents], phases.start)
    serve = _ends(spread[agents], spread[agents - 1], phases) @ start
    same = np.eye(len(stay))
    below = stay - rate * same + rate * _first_passage(rate * same, stay - rate * same, serve)
    more = _times_inverse(rate * same, -_balanced(below, serve))
    level: Floats = np.ones(1)
    total = 0.0
    for ratio in reversed(_ratios(rate, phases, spread, below)):
        total += float(level.sum())
        level = level @ ratio
    waiting = _times_inverse(level, same - more)
    total += float(waiting.sum())
    queue = float(_times_inverse(waiting @ more, same - more).sum()) / total
    decay = float(np.abs(np.linalg.eigvals(more)).max())
    delayed = float(waiting.sum()) / total
    return PhaseService(delayed, queue / rate, 1.0 / total, decay, rate, level / total, more, stay, serve)


def _ratios(rate: float, phases: Phases, spread: list[list[tuple[int, ...]]], below: Floats) -> list[Floats]:
    """For each level from below the last down to 0, what takes its chances to those of the next."""
    ratios = []
    for n in range(len(spread) - 2, -1, -1):
        ends = _ends(spread[n + 1], spread[n], phases)
        up = rate * _moves(spread[n], spread[n + 1], phases.start)
        ratios.append(_times_inverse(up, -_balanced(below, ends)))
        below = _inner(spread[n], phases) - rate * np.eye(len(spread[n])) + ratios[-1] @ ends
    return ratios


def _times_inverse(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(right.T, left.T).T, np.float64)


def _balanced(rates: Floats, down: Floats) -> Floats:
    """The same rates, the diagonal from all that leaves a row: a sum of positive terms, with all digits."""
    result = rates.copy()
    np.fill_diagonal(result, 0.0)
    np.fill_diagonal(result, -result.sum(axis=1) - down.sum(axis=1))
    return result


def _first_passage(up: Floats, local: Floats, down: Floats) -> Floats:
    """G: the states in which the line is one shorter for the first time, by logarithmic reduction."""
    same = np.eye(len(up))
    high, low = _inverse_times(-local, up), _inverse_times(-local, down)
    passage, through = low, high
    for _ in range(_DOUBLINGS):
        middle = same - high @ low - low @ high
        high, low = _inverse_times(middle, high @ high), _inverse_times(middle, low @ low)
        added = through @ low
        passage = passage + added
        through = through @ high
        if np.abs(added).max() < 1e-16:
            break
    return passage


def _inverse_times(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(left, right), np.float64)


def _configurations(agents: int, phases: int) -> Iterator[tuple[int, ...]]:
    """All ways in which agents can be spread over phases."""
    if phases == 1:
        yield (agents,)
        return
    for first in range(agents, -1, -1):
        for rest in _configurations(agents - first, phases - 1):
            yield (first, *rest)


def _one(state: tuple[int, ...], phase: int, change: int) -> tuple[int, ...]:
    return (*state[:phase], state[phase] + change, *state[phase + 1 :])


def _moves(states: list[tuple[int, ...]], to: list[tuple[int, ...]], start: Floats) -> Floats:
    """The chances of each state after one more agent has started."""
    row = {state: i for i, state in enumerate(to)}
    result = np.zeros((len(states), len(to)))
    for i, state in enumerate(states):
        for phase, chance in enumerate(start):
            result[i, row[_one(state, phase, 1)]] += chance
    return result


def _ends(states: list[tuple[int, ...]], to: list[tuple[int, ...]], phases: Phases) -> Floats:
    """The rates at which one agent finishes."""
    row = {state: i for i, state in enumerate(to)}
    ends = phases.rates * (1.0 - phases.follows.sum(axis=1))
    result = np.zeros((len(states), len(to)))
    for i, state in enumerate(states):
        for phase, n in enumerate(state):
            if n:
                result[i, row[_one(state, phase, -1)]] += n * ends[phase]
    return result


def _inner(states: list[tuple[int, ...]], phases: Phases) -> Floats:
    """The rates between states of as many agents; on the diagonal what leaves, ends of service included."""
    row = {state: i for i, state in enumerate(states)}
    result = np.zeros((len(states), len(states)))
    for i, state in enumerate(states):
        for phase, n in enumerate(state):
            result[i, i] -= n * phases.rates[phase]
            for after in np.flatnonzero(phases.follows[phase]) if n else ():
                to = row[_one(_one(state, phase, -1), int(after), 1)]
                result[i, to] += n * phases.rates[phase] * phases.follows[phase, after]
    return result
