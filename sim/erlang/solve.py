"""One waiting line solved exactly: M/M/n/(n+K)+M, of which Erlang B, C and A are special cases.

Here time is counted in handle times, so that four numbers say all: a, the load in Erlangs; n, the
agents; r, one over the mean patience (0: nobody gives up); K, the waiting places (inf: no limit).
Contacts come at rate a; with i waiting they leave at rate n + i r.

With w(i) the probability of i waiting (all agents busy) relative to that of none waiting, and `e` that
of an agent free, w(i) = a^i / ((n + r) ... (n + i r)) and e = Q(n, a) / D(n, a) (see gamma.py). Sums
over i start at the largest w and go both ways until nothing is added: all terms are positive, none
overflows, and their number grows with the root of a / r only. Nothing requires n to be whole: e is
then what Erlang B's continuation (Jagerman 1974, Bell System Technical Journal 53, p. 525) says.

Palm 1957 (Tele 2); Riordan 1962, "Stochastic Service Systems", section 6.4; Mandelbaum and Zeltyn 2007
("Service engineering in action: the Palm/Erlang-A queue").
"""

import math
from typing import Final, NamedTuple

from sim.erlang.gamma import digamma, digamma_difference, exp, log_term, lower, rest_above, rest_below, upper
from sim.jit import compiled, routine

_EXACT: Final = 1e-19
_TINY: Final = 1e-280
_FEW: Final = 1000.0
_MANY: Final = 1e4  # contacts in a mean patience; fewer are summed
_DIGAMMA_STEPS: Final = 40.0


class Solved(NamedTuple):
    """Shares of the offered; `found` is for waits: the scale of w, so that P(i waiting) = w(i) found."""

    blocked: float
    delayed: float
    at_once: float  # answered without a wait
    after_wait: float  # answered, having waited
    abandoned: float
    queue: float  # mean number waiting
    waited_answered: float  # handle times waited by those answered, per contact offered
    waited_abandoned: float
    found: float  # P(as many waiting as is likeliest, all busy)


@compiled
def answered_of(one: Solved) -> float:
    """The share of the offered that is answered."""
    return one.at_once + one.after_wait


@compiled
def admitted_of(one: Solved) -> float:
    """The share of the offered that is not blocked, with all its digits also where it is small."""
    return 1.0 - one.blocked if one.blocked < 0.5 else one.delayed + one.at_once


@routine
def solve(a: float, n: float, r: float, places: float) -> Solved:
    """The steady state, or what a line tends to that has none; a, n, r, places >= 0."""
    if a == 0.0:  # nobody comes, and nobody waits
        return Solved(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if places == math.inf and r == 0.0:
        return _endless(a, n)
    if n == 0.0 and r == 0.0:  # full for ever
        return Solved(1.0, 0.0, 0.0, 0.0, 0.0, places, 0.0, 0.0, 0.0)
    if places == math.inf and a > _MANY * r and a > 2.0 * n:
        return _flooded(a, n, r)
    return _summed(a, n, r, places)


@compiled
def _flooded(a: float, n: float, r: float) -> Solved:
    """Erlang A with so long a queue that no agent is ever free (less often than any float can say).

    The virtual wait V is then that of `_moment_impatient` with γ(c, x) = Γ(c), whence the mean of V of the
    answered is (log x - ψ(c + 1)) / r, with x = a / r and c = n / r. The work does not grow with the queue.
    """
    c = n / r
    high = c + 1.0 + _DIGAMMA_STEPS
    wait = math.log(a / r) - digamma(high) + digamma_difference(c, _DIGAMMA_STEPS)
    answered, queue = n / a, (a - n) / r
    waited = answered * wait / r
    return Solved(0.0, 1.0, 0.0, answered, (a - n) / a, queue, waited, max(queue / a - waited, 0.0), 0.0)


@compiled
def _endless(a: float, n: float) -> Solved:
    """Erlang C (Erlang 1917; Kleinrock 1975, vol. 1, section 3.5); with too much work the line only grows."""
    if a < n:
        ahead = rest_below(n, a) * (1.0 - a / n)
        delayed, waited = 1.0 / (1.0 + ahead), 1.0 / (1.0 + ahead) / (n - a)
        at_once = 1.0 / (1.0 + 1.0 / ahead) if ahead > 0.0 else 0.0
        return Solved(0.0, delayed, at_once, delayed, 0.0, a * waited, waited, 0.0, delayed * (1.0 - a / n))
    return Solved(0.0, 1.0, 0.0, 1.0 if n > 0.0 else 0.0, 0.0, math.inf, math.inf, 0.0, 0.0)


class _Sums(NamedTuple):
    """Sums over numbers waiting, relative to the likeliest; `last` is the weight behind the last of them."""

    total: float
    lost: float
    answered: float
    waited: float
    waited_lost: float
    last: float


@compiled
def _summed(a: float, n: float, r: float, places: float) -> Solved:
    """The steady state as sums over the numbers waiting, from the likeliest both ways.

    Who finds i waiting is answered with probability n / (n + (i+1) r), and has then waited through
    i + 1 stages of mean 1 / (n + j r); who gives up has spent j r / (n + (i+1) r) of each of them
    (`stages` and `losing` are these sums over j = 1, ..., i + 1).
    """
    likeliest = likeliest_waiting(a, n, r, places)
    stages = _stages(n, r, likeliest + 1.0)
    losing = _losing(n, r, likeliest + 1.0, stages)
    up = _upwards(a, n, r, places, likeliest, stages, losing)
    down = _downwards(a, n, r, likeliest, stages, losing, up.total + up.last)
    total = up.total + down.total
    lost = up.lost + down.lost if n > 0.0 else total
    free = rest_below(n, a) * exp(-log_weight(a, n, r, likeliest))
    whole = free + total + up.last
    if whole == math.inf:  # all busy is less likely than any float can say
        return Solved(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    waited, waited_lost = (up.waited + down.waited) / whole, (up.waited_lost + down.waited_lost) / whole
    return Solved(
        up.last / whole,
        total / whole,
        free / whole,
        (up.answered + down.answered) / whole,
        min(lost / whole, 1.0),
        a * (waited + waited_lost),  # Little's law
        waited,
        waited_lost,
        1.0 / whole,
    )


@compiled
def _upwards(
    a: float, n: float, r: float, places: float, likeliest: float, stages: float, losing: float
) -> _Sums:
    """From the likeliest number upwards; `last` is that of the full line."""
    total = lost = answered = waited = waited_lost = last = 0.0
    i, weight = likeliest, 1.0
    while i < places and weight * (i - likeliest + 1.0) > _EXACT * total:
        passed = n + (i + 1.0) * r
        total += weight
        lost += weight * (i + 1.0) * r / passed
        answered += weight * n / passed
        waited += weight * n / passed * stages
        waited_lost += weight * r / passed * losing
        i += 1.0
        weight *= a / passed
        stages += 1.0 / (passed + r)
        losing += (i + 1.0) / (passed + r)
    if places < math.inf:
        last = weight if i == places else exp(log_weight(a, n, r, places) - log_weight(a, n, r, likeliest))
    return _Sums(total, lost, answered, waited, waited_lost, last)


@compiled
def _downwards(
    a: float, n: float, r: float, likeliest: float, stages: float, losing: float, so_far: float
) -> _Sums:
    """Below the likeliest number, until nothing is added to what there is so far."""
    total = lost = answered = waited = waited_lost = 0.0
    i, weight = likeliest, 1.0
    while i > 0.0 and weight * (likeliest - i + 1.0) > _EXACT * (total + so_far):
        passed = n + i * r
        stages -= 1.0 / (passed + r)
        losing -= (i + 1.0) / (passed + r)
        weight *= passed / a
        i -= 1.0
        total += weight
        lost += weight * (i + 1.0) * r / passed
        answered += weight * n / passed
        waited += weight * n / passed * stages
        waited_lost += weight * r / passed * losing
    return _Sums(total, lost, answered, waited, waited_lost, weight)


@compiled
def likeliest_waiting(a: float, n: float, r: float, places: float) -> float:
    """The number waiting, while all are busy, that is likeliest."""
    if a <= n:
        return 0.0
    if r == 0.0:
        return places
    return float(math.floor(min((a - n) / r, places)))  # compiled, floor is an integer of 64 bits


@compiled
def log_weight(a: float, n: float, r: float, i: float) -> float:
    """log w(i)."""
    if i == 0.0:
        return 0.0
    if r == 0.0:
        return i * math.log(a / n)
    both = n / r + i
    if a > 2.0 * r * both:  # both terms would be as large as a / r, and their difference without digits
        return log_term(both, both) - log_term(n / r, both) + i * math.log(a / r / both)
    return log_term(n / r + i, a / r) - log_term(n / r, a / r)


@compiled
def _stages(n: float, r: float, count: float) -> float:
    """The sum of 1 / (n + j r) over j = 1, ..., count."""
    if r == 0.0:
        return count / n
    if count > _FEW:
        return digamma_difference(n / r, count) / r
    total = 0.0
    for j in range(1, int(count) + 1):
        total += 1.0 / (n + j * r)
    return total


@compiled
def _losing(n: float, r: float, count: float, stages: float) -> float:
    """The sum of j / (n + j r) over j = 1, ..., count."""
    if r == 0.0:
        return count * (count + 1.0) / (2.0 * n)
    if count > _FEW:
        return (count - n * stages) / r
    total = 0.0
    for j in range(1, int(count) + 1):
        total += j / (n + j * r)
    return total


class Moment(NamedTuple):
    """What has become of the contacts some time after their arrival, as shares of the offered."""

    waiting_virtual: float  # would still wait if they never gave up
    answered_later: float
    answered: float
    abandoned: float


@routine
def moment(a: float, n: float, r: float, places: float, solved: Solved, time: float) -> Moment:
    """Where contacts are `time` >= 0 (in handle times, below inf) after they have come."""
    if solved.delayed == 0.0 or time == 0.0:
        return Moment(solved.delayed, solved.after_wait, solved.at_once, 0.0)
    if n == 0.0:
        return Moment(solved.delayed, 0.0, 0.0, -math.expm1(-r * time) * solved.delayed)
    if places < math.inf:
        return _moment_of_few(a, n, r, places, solved, time)
    if r > 0.0:
        return _moment_impatient(n / r, a / r, r * time, solved)
    if a >= n:
        return Moment(1.0, 1.0, 0.0, 0.0)
    share = solved.delayed * math.exp((a - n) * time)
    return Moment(share, share, solved.at_once - solved.delayed * math.expm1((a - n) * time), 0.0)


@compiled
def _moment_impatient(c: float, x: float, time: float, solved: Solved) -> Moment:
    """Erlang A, `time` in mean patiences; with y = x exp(-time), by substitution,

    P(V > t | V > 0) = γ(c, y) / γ(c, x) and E(exp(-θV); V > t | V > 0) = γ(c + 1, y) / (x γ(c, x)).
    """
    y, delayed = x * math.exp(-time), solved.delayed
    ever = solved.after_wait
    if y == 0.0:
        return Moment(0.0, 0.0, answered_of(solved), solved.abandoned)
    if x <= c + 1.0:
        fall = math.exp(-c * time - x * math.expm1(-time)) / rest_above(c, x)
        virtual = delayed * fall * rest_above(c, y)
        late = delayed * fall * rest_above(c + 1.0, y) * math.exp(-time) * c / (c + 1.0)
        soon = max(ever - late, 0.0)
    else:
        scale = delayed / lower(c, x)
        virtual, late = scale * lower(c, y), scale * c / x * lower(c + 1.0, y)
        soon = scale * c / x * max(upper(c + 1.0, y) - upper(c + 1.0, x), 0.0)
    virtual, late = min(virtual, delayed), min(late, ever)
    gone = -math.expm1(-time) * virtual + (delayed - virtual) - soon
    return Moment(virtual, late, solved.at_once + soon, min(max(gone, 0.0), solved.abandoned))


class _Leaving(NamedTuple):
    """How many leave an endless line in some time: P(just i), P(at most i), P(more than i)."""

    just: float
    most: float
    more: float


@compiled
def _moment_of_few(a: float, n: float, r: float, places: float, solved: Solved, time: float) -> Moment:
    """A limited line: who finds i waiting waits longer if at most i of them leave in that time.

    Were the line endless, so many would leave as a negative binomial with exp(-rt) has it (`others`; of
    those who are answered only for n + r more, as the tagged one does not give up: `own`), a Poisson
    number if r = 0. From the likeliest i up and down, as in `_summed`.
    """
    likeliest = likeliest_waiting(a, n, r, places)
    first = min(likeliest, places - 1.0)
    weight = solved.found * ((n + places * r) / a if first < likeliest else 1.0)
    still = math.exp(-r * time)
    others, own = _leaving(n, r, time, first), _leaving(n + r, r, time, first)
    virtual = late = soon = gone = 0.0
    i, mass, now, mine = first, weight, others, own
    while i < places and mass > _EXACT * weight:
        stay = n / (n + (i + 1.0) * r)
        virtual += mass * now.most
        late += mass * stay * mine.most
        soon += mass * stay * mine.more
        gone += mass * max((1.0 - still) * now.most + now.more - stay * mine.more, 0.0)
        mass *= a / (n + (i + 1.0) * r)
        now, mine = _one_more(n, r, time, i, now), _one_more(n + r, r, time, i, mine)
        i += 1.0
    i, mass, now, mine = first, weight, others, own
    while i > 0.0 and mass > _EXACT * weight:
        mass *= (n + i * r) / a
        i -= 1.0
        now, mine = _one_fewer(n, r, time, i, now), _one_fewer(n + r, r, time, i, mine)
        stay = n / (n + (i + 1.0) * r)
        virtual += mass * now.most
        late += mass * stay * mine.most
        soon += mass * stay * mine.more
        gone += mass * max((1.0 - still) * now.most + now.more - stay * mine.more, 0.0)
    return Moment(virtual, late, solved.at_once + soon, min(gone, solved.abandoned))


@compiled
def _leaving_ratio(n: float, r: float, time: float, i: float) -> float:
    """P(i + 1 leave) / P(i leave), in `time` from an endless line."""
    if r == 0.0:
        return n * time / (i + 1.0)
    return (n / r + i) * -math.expm1(-r * time) / (i + 1.0)


@compiled
def _one_more(n: float, r: float, time: float, i: float, now: _Leaving) -> _Leaving:
    """`_leaving` for i + 1, from that for i; by itself where that was hardly a number."""
    just = (
        now.just * _leaving_ratio(n, r, time, i) if now.just > _TINY else exp(_log_left(n, r, time, i + 1.0))
    )
    return _Leaving(just, min(now.most + just, 1.0), max(now.more - just, 0.0))


@compiled
def _one_fewer(n: float, r: float, time: float, i: float, now: _Leaving) -> _Leaving:
    """`_leaving` for i, from that for i + 1."""
    tiny = now.just <= _TINY
    just = exp(_log_left(n, r, time, i)) if tiny else now.just / _leaving_ratio(n, r, time, i)
    return _Leaving(just, max(now.most - now.just, 0.0), min(now.more + now.just, 1.0))


@routine
def _leaving(n: float, r: float, time: float, i: float) -> _Leaving:
    """How many leave, summed downwards; and upwards, if these are the fewer and end soon."""
    just = exp(_log_left(n, r, time, i))
    if just == 0.0:  # far from what is likely: all leave fewer, or all leave more
        fewer = _leaving_ratio(n, r, time, i) < 1.0
        return _Leaving(0.0, 1.0 if fewer else 0.0, 0.0 if fewer else 1.0)
    term, k, most = just, i, just
    while k > 0.0 and term > _EXACT * most:
        k -= 1.0
        term /= _leaving_ratio(n, r, time, k)
        most += term
    term, k, more = just * _leaving_ratio(n, r, time, i), i, 0.0
    while term > _EXACT * more and k - i < _FEW * 10.0:
        more += term
        k += 1.0
        term *= _leaving_ratio(n, r, time, k)
    if most < 0.5 or term > _EXACT * more:
        return _Leaving(just, most, max(1.0 - most, 0.0))
    return _Leaving(just, min(most, 1.0), more)


@compiled
def _log_left(n: float, r: float, time: float, i: float) -> float:
    """log P(just i leave): as a binomial made of three Poisson terms (Loader 2000), times c / (c + i)."""
    if r == 0.0:
        return log_term(i, n * time)
    c, stay, go = n / r, math.exp(-r * time), -math.expm1(-r * time)
    if stay == 0.0:
        return -math.inf
    both = c + i
    return (
        log_term(c, both * stay)
        + log_term(i, both * go)
        - log_term(both, both)
        + math.log(c)
        - math.log(both)
    )
