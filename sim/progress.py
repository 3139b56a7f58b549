"""Progress: what long work tells while it goes on."""

from collections.abc import Callable

Progress = Callable[[int, int | None], None]
"""Called with how much is done, and of how much, if that is known."""
Tell = Callable[[], None]
"""Called after each replication."""


def counting(progress: Progress | None, total: int | None) -> Tell:
    """What counts the replications of several runs that are one piece of work, and tells each."""
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    return tell
