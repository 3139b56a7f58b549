"""Exact Erlang-A figures from the birth-death chain: the judge of every peer, and no part of any."""

from typing import NamedTuple

import numpy as np
from scipy.special import betainc

from benchmarks.model import Model

TAIL_STATES = 5000
"""States above `agents` that are summed; for the loads used here the rest is below 1e-300."""


class Exact(NamedTuple):
    """The steady state, in the units and definitions of `PeerResult`."""

    sl20: float
    abandon_share: float
    mean_wait_s: float


def exact(model: Model) -> Exact:
    """Steady state of M/M/n+M (Palm 1957; Mandelbaum and Zeltyn 2007, section 3).

    A contact that finds k in line waits (if it stays) for k + 1 departures at rates
    n mu, n mu + theta, ..., n mu + k theta: exp(-theta W) is Beta(n mu / theta, k + 1), and it
    is still there with probability exp(-theta W). Both halves of the service level follow.
    """
    n, mu, theta = model.agents, 1 / model.service_s, 1 / model.patience_s
    arrival_rate = 1 / model.gap_s
    states = np.arange(n + TAIL_STATES + 1)
    leaving = np.minimum(states, n) * mu + np.maximum(states - n, 0) * theta
    log_p = np.concatenate([[0.0], np.cumsum(np.log(arrival_rate / leaving[1:]))])
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    in_line = float(p @ np.maximum(states - n, 0))
    ahead = np.arange(TAIL_STATES + 1)
    a = n * mu / theta
    too_late = betainc(a + 1, ahead + 1, np.exp(-theta * model.threshold_s))
    answered_in_time = a / (a + ahead + 1) * (1 - too_late)
    return Exact(
        sl20=float(p[:n].sum() + p[n:] @ answered_in_time),
        abandon_share=theta * in_line / arrival_rate,
        mean_wait_s=in_line / arrival_rate,
    )
