"""The sections of a file by what they are about, and those maps whose keys are names of parts."""

from typing import Final

from scenarios.problems import Place

SECTIONS: Final = ("streams", "queues", "groups")
LIFE: Final = (
    *("severities", "causes", "tiers", "flags", "tagging", "routing", "paths", "closing", "side_work"),
    *("incidents", "outcomes"),
)
"""The sections of the life of a case, each of which may be left out."""
PLAN: Final = ("owners", "remedies", "loop", "roadmap")
"""The sections of how a team learns and plans, each of which may be left out."""
MONEY: Final = ("costs", "business_case")
"""The sections of money, each of which may be left out."""
KIND_OF: Final = {
    "streams": "stream",
    "queues": "queue",
    "groups": "group",
    "severities": "severity",
    "causes": "cause",
    "tiers": "tier",
    "paths": "path",
    "side_work": "side work",
    "incidents": "incident",
    "owners": "owner",
    "remedies": "remedy",
}
"""Sections whose keys are names of parts, and what each of these is."""
KIND_BELOW: Final[dict[Place, str]] = {
    ("roadmap", "phases"): "phase",
    ("roadmap", "levers"): "lever",
    ("costs", "people"): "group among people",
    ("costs", "lines"): "cost line",
    ("costs", "vendors"): "vendor",
    ("business_case", "once"): "cost paid once",
    ("business_case", "running"): "running cost",
}
"""The same of maps of parts below a section."""
PARTS_BELOW: Final = tuple(".".join(map(str, place)) for place in KIND_BELOW)
"""The paths of these maps."""
