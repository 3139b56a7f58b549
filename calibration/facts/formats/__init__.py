"""The formats of exports by name. A new one is a file beside this one, a row here, and its test."""

from typing import Final

from calibration.facts.formats import anonymous_bank, canonical, intervals, uci_incidents, vanad
from calibration.facts.formats.format import Format

FORMATS: Final[dict[str, Format]] = {
    each.name: each
    for each in (
        canonical.FORMAT,
        intervals.FORMAT,
        anonymous_bank.FORMAT,
        vanad.FORMAT,
        uci_incidents.FORMAT,
    )
}
