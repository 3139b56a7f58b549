"""Randomness from outside: every draw is a pure function of what it is for.

A draw is keyed by (seed, replication, entity, leg, purpose). Entities are keyed by hashes of
names, never by positions in a file, so adding a stream, an agent or a contact changes nobody
else's draws, and two scenarios are compared on common random numbers by construction.

The generator is the finaliser of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable
pseudorandom number generators", OOPSLA, section 3.3, with Stafford's variant 13), applied twice:
once to bind the entity to the run, once to bind the counter. `benchmarks/draws.py` measures it
beside Philox and Squares; `tests/sim/test_draws.py` holds its known answers and statistical tests.
"""

import hashlib
from typing import Final

import numpy as np

from sim.jit import U64, code, compiled

GOLDEN: Final = U64(0x9E3779B97F4A7C15)
_MIX_1: Final = U64(0xBF58476D1CE4E5B9)
_MIX_2: Final = U64(0x94D049BB133111EB)
_S30: Final = U64(30)
_S27: Final = U64(27)
_S31: Final = U64(31)
_S12: Final = U64(12)
_TO_UNIT: Final = 2.0**-52  # 52 bits and a half: neither 0 nor 1 can come out

# Purposes: what a draw is for. A purpose may use further counters of its own (see PURPOSES_APART).
POSITION: Final = code(0)
HANDLE: Final = code(1)
PATIENCE: Final = code(2)
BALK: Final = code(3)
RETRY: Final = code(4)
RETRY_DELAY: Final = code(5)
VOLUME: Final = code(6)
BUSYNESS: Final = code(7)
IGNORANCE: Final = code(8)
SELF_SERVICE: Final = code(9)  # of a case, by the key of its first contact
BOUNCE: Final = code(10)
BOUNCE_DELAY: Final = code(11)
CAUSE: Final = code(12)
SEVERITY: Final = code(13)
TIER: Final = code(14)
ACCOUNT: Final = code(15)
FLAG: Final = code(16)  # of a case and a flag
TAG: Final = code(17)  # of a contact
TAG_AS: Final = code(18)
UNTAGGED: Final = code(19)
COLLISION: Final = code(20)
EXIT: Final = code(21)  # of a contact and a leg
STEP_DELAY: Final = code(22)
CONFIRM: Final = code(23)  # of a contact that has solved a case
CONFIRM_DELAY: Final = code(24)
COMES_BACK: Final = code(25)
BACK_DELAY: Final = code(26)
BACK_BY: Final = code(27)
SIDE_WORK: Final = code(28)  # of a case and a kind of side work
SIDE_DELAY: Final = code(29)
DIVERT: Final = code(30)  # of a contact
CALL_BACK: Final = code(31)
REACHED: Final = code(32)
CALL_ATTEMPT: Final = code(33)
SILENT: Final = code(34)  # of a contact and a leg
ANSWER_DELAY: Final = code(35)
SWITCH: Final = code(36)
WHICH_AGENT: Final = code(37)
PREVENTED: Final = code(38)  # of a contact: whether it never comes; of its case: whether that is avoidable
ARTICLE: Final = code(39)  # of a contact
INCIDENT: Final = code(48)  # of an incident and an interval
INCIDENT_DELAY: Final = code(49)  # of an incident: how long it lasts, and then how long it takes to mend
MITIGATION: Final = code(50)
SURGE: Final = code(51)  # of a contact that an incident may bring
AVERTED: Final = code(52)  # of an incident that would start
SURVEY: Final = code(40)  # outcomes of a closed case: sim/outcomes.py
CSAT: Final = code(41)
NPS: Final = code(42)
EFFORT: Final = code(43)
SENTIMENT: Final = code(44)
ACCURACY: Final = code(45)
EMPATHY: Final = code(46)
POLICY: Final = code(47)
CHANGE: Final = code(64)  # of a change and an attempt: whether it works, and how large it is
AUDIT_RESULT: Final = code(65)  # of a day

PURPOSES_APART: Final = 2**20  # counters set aside for one purpose of one leg (phases of a distribution)
LEGS_APART: Final = 2**30  # counters set aside for one leg


def name_key(kind: str, name: str) -> np.uint64:
    """The 64-bit key of a named entity, the same in every file and on every machine."""
    digest = hashlib.blake2b(f"{kind}:{name}".encode(), digest_size=8).digest()
    return U64(int.from_bytes(digest, "little"))


@compiled
def mix(z: np.uint64) -> np.uint64:
    """SplitMix64's output function: a bijection of 64 bits with full avalanche."""
    z = U64(U64(z) + GOLDEN)
    z = U64(U64(z ^ (z >> _S30)) * _MIX_1)
    z = U64(U64(z ^ (z >> _S27)) * _MIX_2)
    return U64(z ^ (z >> _S31))


@compiled
def child_key(parent: np.uint64, n: int) -> np.uint64:
    """The key of the n-th thing that belongs to `parent` (a contact of an interval, a retry)."""
    return mix(U64(mix(U64(parent)) ^ U64(U64(n) * GOLDEN)))


@compiled
def uniform(run: np.uint64, entity: np.uint64, counter: int) -> float:
    """A uniform in the open interval (0, 1): draw number `counter` of `entity` in this run."""
    bits = mix(U64(mix(U64(run) ^ U64(entity)) + U64(U64(counter) * GOLDEN)))
    return (float(bits >> _S12) + 0.5) * _TO_UNIT


@compiled
def counter(leg: int, purpose: int) -> int:
    """The first counter of a purpose in a leg."""
    return leg * LEGS_APART + purpose * PURPOSES_APART
