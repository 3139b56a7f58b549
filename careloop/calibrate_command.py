"""`careloop calibrate`: an export in, a scenario file and a report out."""

import datetime
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from careloop import export_options
from careloop.calibrating import Calibration, calibrate, open_facts
from careloop.cli import RefusedError, printable
from careloop.opening import tell
from careloop.periods import read_period

if TYPE_CHECKING:
    from calibration.facts.facts import Facts

Say = Callable[[str], None]


class Asked(NamedTuple):
    """The options as they were written."""

    export: export_options.Asked
    period: str | None
    out: Path
    report: Path | None
    force: bool
    png: bool


def calibrate_and_tell(asked: Asked) -> None:
    """Read, fit, write both or neither, and say where they are."""
    from calibration.observed import Period

    started = time.perf_counter()
    since, until = _checked(asked)
    export = export_options.export_of(asked.export)
    with refusing(), saying() as say, open_facts(export, since, until, say) as facts:
        found = calibrate(facts, export, Period(facts.first_day, facts.last_day), say)
        _write(asked, found, facts, started)
    tell(*found.notes)
    _say_what_was_written(asked, found)


def _checked(asked: Asked) -> "tuple[datetime.date, datetime.date] | tuple[None, None]":
    """The days that are asked for; all that is wrong with the options is told together."""
    from careloop import options

    read = options.Reading()
    if asked.report is not None:
        read(lambda folder: _report_folder(asked, folder), asked.report)
    problems = [*export_options.wrong_with(asked.export), *read.problems, *_wrong_out(asked)]
    if asked.png and asked.report is None:
        problems.append("error: --png: the pictures go with a report; add --report DIR")
    days: tuple[datetime.date, datetime.date] | tuple[None, None] = (None, None)
    if asked.period is not None:
        try:
            days = read_period(asked.period)
        except ValueError as error:
            problems.append(f"error: --period: {error}")
    if problems:
        raise RefusedError(*problems)
    return days


def _report_folder(asked: Asked, folder: object) -> Path:
    """The folder of the report, which replaces all that an earlier one has."""
    from careloop import options

    try:
        found = options.out(folder)
    except ValueError as error:
        raise ValueError(f"report: {str(error).removeprefix('out: ')}") from None
    if asked.out.absolute().resolve().is_relative_to(found):
        raise ValueError(f"report: {folder} would hold --out; name another folder")
    return found


def _wrong_out(asked: Asked) -> Iterator[str]:
    """Why the scenario cannot be written where it is to be."""
    out = asked.out
    folder = out.absolute().parent
    if out.is_dir():
        yield f"error: --out: {out} is a folder; name a file, such as scenario.yaml"
    elif any(each.exists() and out.exists() and out.samefile(each) for each in asked.export.exports):
        yield f"error: --out: {out} is the export itself; name another file"
    elif out.exists() and not asked.force:
        yield f"error: --out: {out} exists; name another file, or replace it with --force"
    elif not folder.is_dir():
        yield f"error: --out: there is no folder {out.parent}"
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield f"error: --out: nothing may be written in {out.parent}"


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what is wrong with an export into one message a finding."""
    from scenarios.problems import Problem, ReadingError, ScenarioError

    try:
        yield
    except ReadingError as error:
        raise RefusedError(
            *(str(Problem("error", each.file, each.line, "", each.message)) for each in error.found)
        ) from None
    except ScenarioError as error:
        raise RefusedError(*(str(each) for each in error.problems)) from None
    except ValueError as error:
        raise RefusedError(f"error: {error}") from None
    except Exception as error:
        from calibration.facts.database import was_interrupted

        if was_interrupted(error):
            raise KeyboardInterrupt from None
        raise


@contextmanager
def saying() -> Iterator[Say]:
    """Say on stderr what is being done: on one line of a terminal, else nothing of it."""
    is_terminal = sys.stderr.isatty()

    def say(what: str) -> None:
        if is_terminal:
            sys.stderr.write(f"\r\x1b[K{printable(what)[:78]} ...")
            sys.stderr.flush()

    try:
        yield say
    finally:
        if is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _write(asked: Asked, found: Calibration, facts: "Facts", started: float) -> None:
    """Both or neither: the text of the scenario lies ready before the report is written."""
    with ready_text(asked.out, found.text):
        if asked.report is not None:
            _write_report(asked, asked.report, found, facts, started)


def _write_report(asked: Asked, report: Path, found: Calibration, facts: "Facts", started: float) -> None:
    from careloop.calibration_shown import calibration_shown
    from reports.calibration_folder import write_calibration
    from reports.run_folder import FolderError

    try:
        write_calibration(
            report,
            calibration_shown(found, facts, asked.out.name),
            with_png=asked.png,
            wall_time_s=time.perf_counter() - started,
            beside=rejected_rows(facts),
        )
    except FolderError as error:
        raise RefusedError(f"error: --report: {error}") from None


def rejected_rows(facts: "Facts") -> dict[str, bytes]:
    """The rows that were set aside, as a file beside the report."""
    if not sum(facts.rejected.values()):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejected.csv"
        facts.write_rejected(path)
        return {path.name: path.read_bytes()}


@contextmanager
def ready_text(path: Path, text: str) -> Iterator[None]:
    """A text beside its place, put there when all that is done meanwhile has succeeded.

    Where anything fails, what was there before is still there, and nothing else is.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise RefusedError(f"error: --out: {path} cannot be written: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(name, 0o666 & ~_umask())
        yield
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _say_what_was_written(asked: Asked, found: Calibration) -> None:
    streams = len(found.fitted.streams)
    contacts = sum(each.stream.contacts for each in found.fitted.streams)
    told = f"{contacts:,} contacts of {found.fitted.observed.period}, {streams} stream{'s' * (streams != 1)}"
    print(printable(f"{asked.out}: {told}"))
    if found.rejected and asked.report is None:
        tell(f"{found.rejected:,} rows were set aside; with --report DIR they are in rejected.csv")
    if asked.report is not None:
        print(printable(f"The report is {asked.report / 'report.html'}"))
    print(printable(f"Next: careloop run {asked.out} --out out/calibrated"))
