"""Erlang A, M/M/n+M: who waits gives up after an exponential time.

Garnett, Mandelbaum and Reiman 2002 (Manufacturing & Service Operations Management 4, p. 208);
Mandelbaum and Zeltyn 2007 ("Service engineering in action: the Palm/Erlang-A queue"). With arrivals
λ, service μ, patience θ, let c = nμ/θ and x = λ/θ. The time V that a contact of endless patience would
wait has above 0 a density proportional to exp(x (1 - exp(-θt)) - nμt), so that with y = x exp(-θt),
by substitution,

    P(V > t | V > 0) = γ(c, y) / γ(c, x),    E(exp(-θV); V > t | V > 0) = γ(c + 1, y) / (x γ(c, x)),

γ being the lower incomplete gamma function. These are exact, and finite in any overload.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from sim.erlang.line import Line, Steady, Within, inverse_erlang_b

_TINY: Final = 1e-280  # below, scipy's regularised γ loses digits and then is 0: a series takes over
_EXACT: Final = 1e-17
_WIDTHS: Final = 12.0  # standard deviations of the queue's length beyond which it weighs nothing


class ErlangA(NamedTuple):
    """A solved line; `patience_s` is the mean patience."""

    line: Line
    patience_s: float
    steady: Steady

    def within(self, seconds: float) -> Within:
        """Shares answered and abandoned within `seconds`, exact (see the top of this file)."""
        still = math.exp(-seconds / self.patience_s)  # patient enough for so long
        if self.line.agents == 0:
            return Within(0.0, 1.0 - still)
        c, x = _shape(self.line, self.patience_s)
        longer = _share(c, x, c, x * still)
        answered_ever = _share(c, x, c + 1.0, x) / x
        answered_later = _share(c, x, c + 1.0, x * still) / x
        delayed = self.steady.delayed
        answered = 1.0 - delayed + delayed * (answered_ever - answered_later)
        abandoned = delayed * (1.0 - still * longer - answered_ever + answered_later)
        return Within(answered, max(abandoned, 0.0))


def erlang_a(line: Line, patience_s: float) -> ErlangA:
    """Solve a line whose contacts wait for `patience_s` on average, exponentially distributed."""
    if line.agents == 0:
        return ErlangA(line, patience_s, Steady(1.0, 0.0, math.nan))
    c, x = _shape(line, patience_s)
    ahead = inverse_erlang_b(line.load, line.agents - 1)
    # P(wait) = x g / (1/B(n-1) + x g), where g is γ without its leading factor; logarithms never overflow.
    delayed = float(special.expit(math.log(x) + _log_rest(c, x) - math.log(ahead)))
    answered = 1.0 - delayed + delayed * _share(c, x, c + 1.0, x) / x
    asa_s = _waited_by_answered(line, patience_s) * delayed / answered
    return ErlangA(line, patience_s, Steady(delayed, answered, asa_s))


def _shape(line: Line, patience_s: float) -> tuple[float, float]:
    """c = nμ/θ and x = λ/θ."""
    return line.agents * patience_s / line.handle_s, line.per_hour / 3600.0 * patience_s


def _share(c: float, x: float, d: float, y: float) -> float:
    """γ(d, y) / γ(c, x), for y up to x and d = c or c + 1."""
    if y == 0.0:  # so late that no float is small enough
        return 0.0
    below, above = float(special.gammainc(c, x)), float(special.gammainc(d, y))
    if below > _TINY and above > _TINY:
        return above / below * (c if d > c else 1.0)
    power = d * math.log(y) - c * math.log(x) + x - y
    return math.exp(power + _log_rest(d, y) - _log_rest(c, x))


def _log_rest(c: float, x: float) -> float:
    """The logarithm of γ(c, x) x^-c exp(x) = 1/c + x/(c (c+1)) + ... (Abramowitz and Stegun 1964, 6.5.29)."""
    regularised = float(special.gammainc(c, x))
    if regularised > _TINY:
        return float(special.gammaln(c)) + math.log(regularised) - c * math.log(x) + x
    term = total = 1.0 / c  # so small only for x well below c: the terms fall geometrically
    while term > _EXACT * total:
        c += 1.0
        term *= x / c
        total += term
    return math.log(total)


def _waited_by_answered(line: Line, patience_s: float) -> float:
    """Mean of the wait (s) over those who wait, counting 0 for those who give up.

    Who finds j waiting is answered with probability nμ / (nμ + (j+1) θ), and then has waited through
    j + 1 stages of mean 1 / (nμ + (i+1) θ), i = j, ..., 0 (Mandelbaum and Zeltyn 2007, section 4);
    that many wait with probabilities proportional to the products of λ / (nμ + iθ), i = 1, ..., j.
    """
    away, leave = line.agents / line.handle_s, 1.0 / patience_s
    arrive = line.per_hour / 3600.0
    first, last = _lengths(arrive, away, leave)
    rates = away + leave * np.arange(first + 1.0, last + 1.0)
    logs = np.concatenate([[0.0], np.cumsum(np.log(arrive / rates[:-1]))])
    found = np.exp(logs - logs.max())
    stages_s = np.cumsum(1.0 / rates)
    if first:  # the stages left out are a harmonic sum: differences of the digamma function
        c = away / leave
        stages_s += float(special.digamma(c + 1.0 + first) - special.digamma(c + 1.0)) / leave
    return float(found @ (away / rates * stages_s) / found.sum())


def _lengths(arrive: float, away: float, leave: float) -> tuple[int, int]:
    """The lengths of the queue that ever occur while all agents are busy, to all digits of a float."""
    usual = max(0.0, (arrive - away) / leave)
    reach = _WIDTHS * math.sqrt(arrive / leave) + 64.0
    if arrive < away:
        reach = min(reach, 48.0 / math.log(away / arrive) + 64.0)
    return max(0, math.floor(usual - reach)), math.ceil(usual + reach)
