"""The command line's door: runs a command and turns whatever happens into an exit code.

0 done; 2 invalid input; 3 a target is missed (if that is asked for); 130 interrupted.
Problems go to stderr, one a line, never as a traceback.
"""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

DONE: Final = 0
INVALID: Final = 2
MISSED: Final = 3
INTERRUPTED: Final = 130
_THREADS: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class RefusedError(Exception):
    """Input that cannot be used; `lines` say everything that is wrong with it."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def main() -> None:
    """Run what the command line asks for, and exit."""
    gc.disable()  # a command is over before a collector pays for itself; arrays are freed without one
    one_thread_of_algebra()
    code = run_command(sys.argv[1:])
    # Not sys.exit: it would wait for threads in the middle of a replication that was interrupted, and
    # take half a second to free one by one what the system frees at once.
    _flush()
    os._exit(code)


def one_thread_of_algebra() -> None:
    """Keep numpy's libraries to one thread, before it is imported.

    How they add up depends on their threads, and these on the machine's cores: figures must not. Matrices
    here are small, so that threads cost more than they save.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")


def run_command(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit code."""
    try:
        _never_fail_on_a_character()
        return _run(list(arguments))
    except KeyboardInterrupt:
        _tell("Interrupted.")
        return INTERRUPTED
    except RefusedError as error:
        _tell(*error.lines)
    except BrokenPipeError:
        return DONE  # whoever reads has had enough
    except MemoryError:
        _tell("error: out of memory; try fewer replications, fewer workers or no --contacts")
    except OSError as error:
        _tell(f"error: {error.filename or 'output'}: {error.strerror or error}")
    return INVALID


def _run(arguments: list[str]) -> int:
    """Hand the arguments to typer and return the exit code that it asks for."""
    import typer

    from careloop.commands import app

    usage_error: type[Exception] = typer.BadParameter.__mro__[1]  # it has no public name
    try:
        command = typer.main.get_command(app)
        code = command.main(arguments, prog_name="careloop", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit:  # typer leaves by itself only when nobody reads its output any more
        raise BrokenPipeError from None
    except usage_error as error:
        message = " ".join(error.format_message().split())  # type: ignore[attr-defined]
        raise RefusedError(f"error: {message} (careloop --help says what there is)") from None
    if code == INTERRUPTED:  # some versions of typer turn an interruption into this
        raise KeyboardInterrupt
    sys.stdout.flush()
    return code if isinstance(code, int) else DONE


def _never_fail_on_a_character() -> None:
    """Where the terminal has no ± or –, show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _tell(*lines: str) -> None:
    with suppress(OSError):
        for line in lines:
            print(printable(line), file=sys.stderr)
        sys.stderr.flush()


def printable(text: str) -> str:
    """Text without characters that would steer a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
