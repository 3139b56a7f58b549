"""The benchmark's own part: what it divides its time by."""

import pytest

from benchmarks import ours


def test_a_contact_is_counted_once() -> None:
    """Over days, counts stand in the bins of intervals and of days as well."""
    assert ours.run(100_000, 1).contacts == pytest.approx(100_000, rel=0.1)  # whole days
