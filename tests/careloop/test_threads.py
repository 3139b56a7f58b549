"""Numpy's libraries keep to one thread: sums must not depend on how many cores a machine has."""

import os

import pytest

from careloop.cli import one_thread_of_algebra

NAMES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def test_one_thread_unless_somebody_asks_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "x")  # put back afterwards, whatever is set meanwhile
        monkeypatch.delenv(name)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    one_thread_of_algebra()
    assert [os.environ[name] for name in NAMES] == ["1", "3", "1"]
