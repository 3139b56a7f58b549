"""M/M/n+G by the integrals of Zeltyn and Mandelbaum 2005, section 4, in 20 digits, for whole n."""

from collections.abc import Callable
from typing import NamedTuple

import mpmath as mp

from scenarios.distributions import Distribution

DIGITS = 20


class Told(NamedTuple):
    """Per contact that comes; times in the unit of the rates."""

    delayed: mp.mpf
    abandoned: mp.mpf
    asa_s: mp.mpf
    mean_wait_s: mp.mpf
    offered_wait_s: mp.mpf
    answered_within: mp.mpf
    abandoned_within: mp.mpf


def survival(patience: Distribution) -> tuple[Callable[[mp.mpf], mp.mpf], Callable[[mp.mpf], mp.mpf]]:
    """1 - G, and its integral from 0, of lognormal, gamma, Weibull and hyperexponential patience."""
    mean = mp.mpf(patience.mean_s)
    if patience.kind == "hyperexponential":
        parts = [(mp.mpf(p), mp.mpf(m)) for p, m in patience.phases]
        return (
            lambda t: mp.fsum(p * mp.e ** (-t / m) for p, m in parts),
            lambda t: mp.fsum(p * m * -mp.expm1(-t / m) for p, m in parts),
        )
    if patience.kind == "lognormal":
        s = mp.sqrt(mp.log(1 + mp.mpf(patience.cv or 0) ** 2))
        m = mp.log(mean) - s**2 / 2

        def late(t: mp.mpf) -> mp.mpf:
            return mp.ncdf(-(mp.log(t) - m) / s) if t > 0 else mp.mpf(1)

        return late, lambda t: t * late(t) + mean * mp.ncdf((mp.log(t) - m - s**2) / s) if t > 0 else t
    k = mp.mpf(patience.shape or 1)
    if patience.kind == "gamma":
        scale = mean / k

        def still(t: mp.mpf) -> mp.mpf:
            return mp.gammainc(k, t / scale, mp.inf, regularized=True)

        return still, lambda t: t * still(t) + mean * mp.gammainc(k + 1, 0, t / scale, regularized=True)
    scale = mean / mp.gamma(1 + 1 / k)
    return (
        lambda t: mp.e ** (-((t / scale) ** k)),
        lambda t: scale / k * mp.gammainc(1 / k, 0, (t / scale) ** k),
    )


def solve(rate: float, service: float, agents: int, patience: Distribution, t: float) -> Told:
    """`rate` and `service` by the second, `t` a threshold in seconds."""
    with mp.workdps(DIGITS):
        lam, away, split = mp.mpf(rate), agents * mp.mpf(service), mp.mpf(t)
        late, integral = survival(patience)
        ready = 1 - mp.mpf(patience.balk)

        def density(x: mp.mpf) -> mp.mpf:
            return mp.e ** (lam * ready * integral(x) - away * x)

        low = [mp.mpf(0), *(split * mp.mpf(2) ** -k for k in range(36, 0, -6)), split]
        high = [split * mp.mpf(2) ** k for k in range(9)]

        def both(f: Callable[[mp.mpf], mp.mpf]) -> tuple[mp.mpf, mp.mpf]:
            return (
                mp.quad(lambda x: f(x) * density(x), low),
                mp.quad(lambda x: f(x) * density(x), [*high, mp.inf]),
            )

        one, gone = both(lambda x: mp.mpf(1)), both(lambda x: 1 - late(x))
        ahead = mp.fsum((lam / service) ** (j - agents + 1) * mp.factorial(agents - 1) / mp.factorial(j)
                        for j in range(agents))  # fmt: skip
        scale = lam / (ahead + lam * sum(one))
        delayed = scale * sum(one)
        abandoned = scale * (sum(one) - ready * (sum(one) - sum(gone)))
        gone_within = 1 - late(split)
        return Told(
            delayed,
            abandoned,
            scale * ready * sum(both(lambda x: x * late(x))) / (1 - abandoned),
            scale * ready * sum(both(integral)),
            scale * sum(both(lambda x: x)),
            1 - delayed + scale * ready * (one[0] - gone[0]),
            scale * ((1 - ready) * sum(one) + ready * (gone[0] + gone_within * one[1])),
        )
