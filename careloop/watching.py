"""What a person sees on stderr while a simulation runs."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress

Tell = Callable[[int, int | None], None]

COMPILING: Final = "Compiling the engine: once, about 20 s ..."


@contextmanager
def watching(cold: bool) -> Iterator[Tell]:
    """Give the function to tell progress to; `cold` says that the engine is to be compiled first."""
    if cold:
        print(COMPILING, file=sys.stderr, flush=True)
    if not sys.stderr.isatty():
        with _prompt_interruption(cold) as compiled:
            yield lambda done, total: compiled()
        return
    with _bar() as bar, _prompt_interruption(cold, bar.stop) as compiled:
        task = bar.add_task("Compiling" if cold else "Simulating", total=None)

        def tell(done: int, total: int | None) -> None:
            compiled()
            bar.update(task, description="Simulating", completed=done, total=total)

        yield tell


def _bar() -> "Progress":
    """A bar that disappears when it is done; a spinner while nothing is known yet."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def _prompt_interruption(cold: bool, tidy: Callable[[], None] = lambda: None) -> Iterator[Callable[[], None]]:
    """Until the engine is compiled, let Ctrl-C end the program at once.

    A thread that compiles cannot be stopped, and waiting for it would look like a program that does
    not listen. Nothing is on disk yet, so nothing is left half-written.
    """
    before = signal.getsignal(signal.SIGINT)
    watched = cold and before is signal.default_int_handler

    def leave(*_: object) -> None:
        tidy()
        print("Interrupted.", file=sys.stderr, flush=True)
        os._exit(130)

    def restore() -> None:
        nonlocal watched
        if watched:
            watched = False
            signal.signal(signal.SIGINT, before)

    if watched:
        signal.signal(signal.SIGINT, leave)
    try:
        yield restore
    finally:
        restore()
