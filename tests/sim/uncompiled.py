"""What `test_uncompiled.py` runs in a process of its own: prints the digests of scenarios as JSON.

NUMBA_DISABLE_JIT=1 python -m tests.sim.uncompiled FIRST LAST
"""

import datetime
import hashlib
import json
import sys
import threading

import numpy as np

from scenarios.model import Calendar
from scenarios.week import opening_hours
from sim import experiment, jit
from sim.case_measure import plan_cases
from sim.curves import gamma_table
from sim.draws import uniform
from sim.jit import U64
from sim.measure import plan_measures, wait_quantiles
from sim.poisson import log_factorial, poisson
from sim.quantiles import gamma_at, normal
from sim.service_clock import DAYS, SAME_DAY, TIME, due_after, open_ticks
from sim.service_hours import service_hours
from sim.tally import FINE
from tests.sim.logs import COARSE, MICROSECONDS, random_model, run, tiny
from tests.sim.turned import AtRandom

CONTACTS = 40  # uncompiled, an event costs about a millisecond
CHUNK = 7_200_000_000


def digests(seed: int) -> list[str]:
    """Digests of the log, of the sums of its measures, and of quantiles of waits."""
    grain = COARSE if seed % 2 else MICROSECONDS
    model = random_model(seed, grain, CONTACTS)
    plan = plan_measures(model)._replace(cases=plan_cases(model))
    tool = experiment.Tool(plan, 1, "fast", None, None, ())
    found = experiment.replicate(tool, 0, threading.Event()).sums
    sums = hashlib.blake2b(
        b"".join(
            np.ascontiguousarray(part).tobytes()
            for part in (*found, *(found.cases or ()))
            if isinstance(part, np.ndarray)
        ),
        digest_size=16,
    )
    waits = wait_quantiles(found.waits, FINE).tobytes()
    logs = [run(tiny(model), chunk=CHUNK).digest(), run(model, course=AtRandom(model, seed)).digest()]
    return [*logs, sums.hexdigest(), hashlib.blake2b(waits).hexdigest()]


def values() -> list[str]:
    """Functions of numbers where small scenarios do not go: exact, as hexadecimal."""
    shares = [10.0**-k for k in range(1, 15)] + [1.0 - 10.0**-k for k in range(1, 15)] + [0.25, 0.5, 0.6]
    found = [normal(u) for u in shares]
    found += [poisson(mean, u) for mean in (0.01, 3.3, 40.0, 900.0, 12_345.6) for u in shares]
    found += [log_factorial(n) for n in (0, 3, 15, 16, 100, 10_000)]
    found += [
        gamma_at(np.append(gamma_table(shape), 0.0), 0, normal(u)) for shape in (0.3, 7.0) for u in shares
    ]
    found += [uniform(U64(n), U64(2**64 - 1 - n), n) for n in range(20)]
    return [float(x).hex() for x in found + promises()]


def promises() -> list[int]:
    """Moments, in ticks, at which promises are due, and how long their clocks have run by then.

    One clock stands at lunch, one runs through the night in which clocks change, one never stops.
    """
    calendar = Calendar(start=datetime.date(2026, 3, 27), days=4, time_zone="Europe/Amsterdam")
    lunches = opening_hours({"mon-fri": ["09:00-12:00", "13:00-17:00"]})
    hours = service_hours(calendar, [lunches, opening_hours("18:00-06:00")])
    starts = [third * 1_200_000_000 for third in range(3 * 96)]
    asked = [(TIME, 1), (TIME, 9_000_000_000), (TIME, 2**50), (SAME_DAY, 0), (DAYS, 1), (DAYS, 3)]
    found = [
        (clock, start, due_after(hours.spans, *clock, kind, start, amount))
        for clock in ((-1, -1), hours.clock(0), hours.clock(1))
        for start in starts
        for kind, amount in asked
    ]
    first, last = hours.clock(1)
    ran = [open_ticks(hours.spans, first, last, start, end) for _, start, end in found]
    return [end for *_, end in found] + ran


def main(first: int, last: int) -> None:
    with np.errstate(over="ignore"):  # numpy warns of what unsigned arithmetic is meant to do
        found = {seed: digests(seed) for seed in range(first, last)}
        exact = values()
    json.dump({"uncompiled": jit.UNCOMPILED, "digests": found, "values": exact}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
