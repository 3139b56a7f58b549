"""What a keyed draw costs: three counter-based generators, each held to published answers first.

A draw is a pure function of (run key, entity, counter), so one call makes one uniform: the other
half of a Philox block is thrown away, as it would be in the simulator.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple, cast

import numba
import numpy as np

from sim.draws import GOLDEN, mix, uniform
from sim.jit import compiled

U64 = np.uint64
LOW = U64(0xFFFFFFFF)
HALF = U64(32)
TO_UNIT = 2.0**-52
SQUARES_KEY = 0x548C9DECBCE65297
"""The sample key of Widynski's own code; a good key for Squares has to be looked for."""

Bits = Callable[[np.uint64, np.uint64, np.uint64], np.uint64]
Loop = Callable[[int, np.uint64], float]


@compiled
def philox_block(
    key: np.uint64, low: np.uint64, high: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) of the 128-bit counter (low, high)."""
    k0, k1 = key & LOW, key >> HALF
    a, b, c, d = low & LOW, low >> HALF, high & LOW, high >> HALF
    for _ in range(10):
        left, right = U64(0xD2511F53) * a, U64(0xCD9E8D57) * c
        a, b, c, d = (right >> HALF) ^ b ^ k0, right & LOW, (left >> HALF) ^ d ^ k1, left & LOW
        k0, k1 = (k0 + U64(0x9E3779B9)) & LOW, (k1 + U64(0xBB67AE85)) & LOW
    return a, b, c, d


@compiled
def philox(run: np.uint64, entity: np.uint64, counter: np.uint64) -> np.uint64:
    a, b, _, _ = philox_block(run, entity, counter)
    return U64((a << HALF) | b)


@compiled
def squares(run: np.uint64, entity: np.uint64, counter: np.uint64) -> np.uint64:
    """Squares64 (Widynski 2020, section 5), its 64-bit counter made of entity and counter."""
    y = (entity + counter) * run
    z = y + run
    x = y * y + y
    x = (x >> HALF) | (x << HALF)
    x = x * x + z
    x = (x >> HALF) | (x << HALF)
    x = x * x + y
    x = (x >> HALF) | (x << HALF)
    t = x * x + z
    x = (t >> HALF) | (t << HALF)
    return U64(t ^ ((x * x + y) >> HALF))


@compiled
def splitmix(run: np.uint64, entity: np.uint64, counter: np.uint64) -> np.uint64:
    """The bits of `sim.draws.uniform`: SplitMix64's output function, once to bind the entity, once more."""
    return mix(mix(run ^ entity) + counter * GOLDEN)


def philox_answers() -> bool:
    """The three vectors of Random123's `kat_vectors`: zeros, ones, digits of pi."""
    ones = 2**64 - 1
    answers = {
        (0, 0, 0): (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        (ones, ones, ones): (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        (0x299F31D0A4093822, 0x85A308D3243F6A88, 0x0370734413198A2E): (
            0xD16CFE09,
            0x94FDCCEB,
            0x5001E420,
            0x24126EA1,
        ),
    }
    return all(
        tuple(map(int, philox_block(U64(k), U64(lo), U64(hi)))) == answer
        for (k, lo, hi), answer in answers.items()
    )


def squares_answers() -> bool:
    """The first outputs of Widynski's reference code (squaresrng v7) under its sample key."""
    answers = (
        0x36D88366CEE633A5,
        0x944716E00E60DFAA,
        0xC8A8F4E0678654BF,
        0x35CC666AAB11C80D,
        0x7094EAB1CBAE8747,
    )
    return all(squares(U64(SQUARES_KEY), U64(0), U64(i)) == answer for i, answer in enumerate(answers))


def splitmix_answers() -> bool:
    """SplitMix64 from seed 1234567, and that the simulator's uniform is made of these bits."""
    answers = (
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    )
    seed, golden = 1234567, int(GOLDEN)
    published = all(mix(U64((seed + i * golden) % 2**64)) == answer for i, answer in enumerate(answers))
    bits = splitmix(U64(seed), U64(7), U64(3))
    return published and uniform(U64(seed), U64(7), 3) == (float(bits >> U64(12)) + 0.5) * TO_UNIT


def in_a_row(bits: Bits) -> Loop:
    """Draws that do not wait for each other: the processor overlaps them."""

    def loop(n: int, run: np.uint64) -> float:
        total = 0.0
        for i in range(n):
            total += (float(bits(run, U64(i), U64(64)) >> U64(12)) + 0.5) * TO_UNIT
        return total

    return cast(Loop, numba.njit(loop))


def chained(bits: Bits) -> Loop:
    """Each draw is keyed by the last: the whole time from key to uniform."""

    def loop(n: int, run: np.uint64) -> float:
        total = 0.0
        entity = U64(1)
        for _ in range(n):
            entity = bits(run, entity, U64(64))
            total += (float(entity >> U64(12)) + 0.5) * TO_UNIT
        return total

    return cast(Loop, numba.njit(loop))


class Cost(NamedTuple):
    """One generator's row."""

    name: str
    answers: bool
    in_a_row_ns: float
    chained_ns: float


GENERATORS: dict[str, tuple[Bits, Callable[[], bool]]] = {
    "Philox4x32-10": (philox, philox_answers),
    "Squares64": (squares, squares_answers),
    "SplitMix64, mixed twice (`sim/draws.py`)": (splitmix, splitmix_answers),
}


def _ns(loop: Loop, n: int) -> float:
    start = time.process_time_ns()
    loop(n, U64(SQUARES_KEY))
    return (time.process_time_ns() - start) / n


def measure(rounds: int = 7, n: int = 2_000_000) -> list[Cost]:
    """Medians of interleaved rounds, after the known answers have been checked."""
    loops = {name: (in_a_row(bits), chained(bits)) for name, (bits, _) in GENERATORS.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in loops}
    for pair in loops.values():
        for loop in pair:
            loop(1, U64(SQUARES_KEY))
    for _ in range(rounds):
        for name, (row, chain) in loops.items():
            times[name].append((_ns(row, n), _ns(chain, n)))
    return [
        Cost(name, GENERATORS[name][1](), median(r for r, _ in taken), median(c for _, c in taken))
        for name, taken in times.items()
    ]


def table(costs: list[Cost]) -> str:
    """The rows as Markdown."""
    head = "| generator | known answers | ns a draw, in a row | ns a draw, chained |\n|---|---|---:|---:|\n"
    rows = (
        (c.name, "as published" if c.answers else "**WRONG**", f"{c.in_a_row_ns:.1f}", f"{c.chained_ns:.1f}")
        for c in costs
    )
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)
