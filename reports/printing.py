"""A page printed to PDF, by a browser of the machine if there is one: Chromium, Chrome or Edge.

Only a browser lays out HTML as on paper, and one is too heavy to depend on. The page needs no network, and
none is used. The dates that browsers write into a PDF are set to one day, so that the same page gives the
same bytes with the same browser.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAMES: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
MISSING: Final = (
    "needs a browser to lay out the page, and none was found: install Chromium, Chrome or Edge "
    "(looked for on the PATH: " + ", ".join(NAMES) + "), or leave this out and print report.html "
    "from any browser; a PNG needs none"
)
_PATIENCE_S: Final = 120.0
_DATES: Final = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})")
_ONE_DAY: Final = b"20000101000000"
_ELSEWHERE: Final = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"Google\Chrome\Application\chrome.exe",
        r"Microsoft\Edge\Application\msedge.exe",
    ),
}


class PrintError(ValueError):
    """A page that could not be printed, and why."""


def browser() -> str | None:
    """The first browser that can print, or None."""
    found = (path for name in NAMES if (path := shutil.which(name)))
    return next(found, None) or next((str(each) for each in _installed() if each.is_file()), None)


def _installed() -> Iterator[Path]:
    """Where browsers are installed that are not on the PATH."""
    places = _ELSEWHERE.get(sys.platform, ())
    if sys.platform != "win32":
        yield from map(Path, places)
        return
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        folder = os.environ.get(variable)
        yield from (Path(folder) / place for place in places if folder)


def print_pdf(page: Path, pdf: Path) -> None:
    """Print a page. Raises `PrintError` where there is no browser, or it prints nothing."""
    program = browser()
    if program is None:
        raise PrintError(MISSING)
    with tempfile.TemporaryDirectory() as profile:  # of its own: a browser that is open is left alone
        command = [program, *_options(profile), f"--print-to-pdf={pdf}", page.resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            raise PrintError(f"{program} did not print within {_PATIENCE_S:g} s") from None
        except OSError as error:
            raise PrintError(f"{program} cannot be started: {error.strerror or error}") from None
    if not pdf.is_file() or not pdf.read_bytes().startswith(b"%PDF"):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise PrintError(f"{program} printed nothing{f': {said[-1][:200]}' if said else ''}")
    pdf.write_bytes(without_dates(pdf.read_bytes()))


def _options(profile: str) -> list[str]:
    options = [
        *("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"),
        *("--disable-extensions", "--disable-background-networking", f"--user-data-dir={profile}"),
    ]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*options, "--no-sandbox"] if is_root else options  # as root it starts in no other way


def without_dates(pdf: bytes) -> bytes:
    """A PDF whose dates are all the same day; its length, and so what points into it, stays."""
    return _DATES.sub(rb"/\1 (D:" + _ONE_DAY, pdf)
