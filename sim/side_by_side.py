"""Replications side by side: on several threads, their results in the order of the replications."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TypeVar

T = TypeVar("T")


def in_order(
    work: Callable[[int, threading.Event], T],
    replications: Sequence[int],
    workers: int | None,
    tell: Callable[[], None],
) -> list[T]:
    """What each replication gives, in their order; `tell` is called in this thread after each of them.

    The event is set when the rest is to be given up, which is when anything fails, or is interrupted.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=workers or cpu_count() or 1) as pool:
        flying = [pool.submit(work, n, stop) for n in replications]
        try:
            found = []
            for each in flying:
                found.append(each.result())
                tell()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found
