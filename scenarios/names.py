"""Names of parts: they appear in paths, tables and file names."""

from typing import Final

from scenarios.problems import Finding

_CHARACTERS: Final = "_- "
_LONGEST: Final = 60


def name_findings(section: str, name: str) -> list[Finding]:
    """Return what is wrong with the name of a part."""
    good = all(c.isalnum() or c in _CHARACTERS for c in name) and name == name.strip()
    if good and len(name) <= _LONGEST:
        return []
    return [Finding((section, name), "is no usable name; use letters, digits, '_' and '-', at most 60")]
