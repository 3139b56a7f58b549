"""How much narrower the same chances make a difference: measured with chances of its own beside it."""

import os
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
import pytest

import careloop
from careloop import Result
from sim.pairing import independent, paired, samples_of

ROOT: Final = Path(__file__).parents[2]
BASELINE: Final = ROOT / "scenarios" / "library" / "plain_year.yaml"
SEEDS: Final = range(1, 7)
APART: Final = 1000  # what is added to the seed for chances of one's own
AT_LEAST: Final = 5.0
DEMANDED: Final = (("offered", "all", "all"), ("handled", "all", "all"), ("occupancy", "all", "all"))
SHOWN: Final = (
    *DEMANDED,
    *((measure, "queue", queue) for queue in ("phone", "chat", "mail") for measure in (
        "offered", "handled", "abandoned", "abandonment", "service_level", "asa", "aht", "mean_queue",
    )),
    ("occupancy", "group", "generalists"),
    ("occupancy", "group", "chatters"),
)  # fmt: skip


def halves(base: Result, other: Result, same: bool) -> dict[tuple[str, str, str], float]:
    """Half of the interval of each difference: paired, or of independent versions."""
    one, two = samples_of(base.samples), samples_of(other.samples)
    assert one.keys == two.keys
    gap = paired(one, two) if same else independent(one, two)
    return dict(zip(one.keys, gap.half.tolist(), strict=True))


@pytest.mark.verify
def test_the_same_chances_make_differences_narrower() -> None:
    """The same team, 20 % deflected: medians of six seeds, 30 replications each."""
    gains: dict[tuple[str, str, str], list[float]] = {key: [] for key in SHOWN}
    scenario, deflected = careloop.load(BASELINE), careloop.load(BASELINE, ["deflect_20"])
    for seed in SEEDS:
        base, same, apart = (
            careloop.simulate(each, seed=s)
            for each, s in ((scenario, seed), (deflected, seed), (deflected, seed + APART))
        )
        narrow, wide = halves(base, same, True), halves(base, apart, False)
        for key in SHOWN:
            if narrow.get(key, 0.0) > 0.0 and np.isfinite(wide.get(key, np.nan)):
                gains[key].append(wide[key] / narrow[key])
    found = {key: median(each) for key, each in gains.items() if each}
    assert all(found[key] >= AT_LEAST for key in DEMANDED), found
    assert all(each > 1.0 for each in found.values()), found
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1":
        write(found)


def write(found: dict[tuple[str, str, str], float]) -> None:
    lines = [
        f"| {measure} | {name if scope == 'all' else f'{scope} {name}'} | {gain:.1f} |"
        for (measure, scope, name), gain in found.items()
    ]
    text = (
        "# What the same chances are worth\n\n"
        "Written by `make verify` (`tests/careloop/test_pairing_gain.py`). The baseline against the same\n"
        "team with a fifth of all contacts deflected, 30 replications each: how many times wider the\n"
        "interval of a difference is when the second version has a seed of its own. Medians of six seeds.\n"
        "What is drawn per contact cancels; who met a full house, and for how long, does not.\n\n"
        "| measure | of | narrower |\n|---|---|--:|\n"
    )
    (ROOT / "docs" / "pairing.md").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
